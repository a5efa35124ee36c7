//! What one phone says, the other hears.

use crate::world::{Packet, Phone, address, bridged, call, leg, media, offer_of};
use media::negotiate;
use std::net::IpAddr;

#[test]
fn two_legs_hear_each_other() {
    let address = address(1);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    let (first, heard) = (legs.a.say(1), legs.b.hear());
    assert_ne!(heard.ssrc, first.ssrc, "each leg has an SSRC of its own");
    assert_eq!(Packet { payload_type: 0, payload: first.payload, ..heard.clone() }, heard);
    for mark in 2..20 {
        let step = u16::from(mark - 1);
        let (said, next) = (legs.a.say(mark), legs.b.hear());
        assert_eq!(
            next,
            Packet {
                sequence: heard.sequence.wrapping_add(step),
                timestamp: heard.timestamp.wrapping_add(160 * u32::from(step)),
                payload: said.payload,
                ..heard.clone()
            }
        );
        assert_eq!(legs.b.say(mark).payload, legs.a.hear().payload);
    }
    media.stop();
}

#[test]
fn dtmf_keeps_its_meaning_and_its_marker() {
    let address = address(2);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    legs.a.say_as(5, 101, true);
    let heard = legs.b.hear();
    assert_eq!((heard.payload_type, heard.marker, heard.payload[0]), (96, true, 5));
    legs.b.say_as(6, 96, false);
    let heard = legs.a.hear();
    assert_eq!((heard.payload_type, heard.marker, heard.payload[0]), (101, false, 6));
    media.stop();
}

#[test]
fn a_phone_is_followed_to_the_port_that_it_sends_from() {
    let address = address(3);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    let mut elsewhere = legs.a.remote(101);
    elsewhere.address.set_port(9);
    media.set_remote(legs.call, legs.leg_a, elsewhere);
    legs.a.say(1);
    legs.b.hear();
    legs.b.say(2);
    assert_eq!(legs.a.hear().payload[0], 2);
    media.stop();
}

#[test]
fn a_stranger_neither_speaks_nor_hears() {
    let address = address(4);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    legs.a.say(1);
    legs.b.hear();
    let IpAddr::V4(phones) = address else { unreachable!() };
    let [a, b, c, d] = phones.octets();
    let somewhere_else = IpAddr::from([a, b ^ 0x80, c, d]);
    let ears_of_a = media.open(legs.call, legs.leg_a).unwrap().address;
    for stranger in [somewhere_else, address] {
        let mut stranger = Phone::new(stranger, ears_of_a, 66);
        stranger.say(66);
        stranger.say(67);
        legs.a.say(2);
        assert_eq!(legs.b.hear().payload[0], 2, "only its own phone is heard on a leg");
        legs.b.say(3);
        assert_eq!(legs.a.hear().payload[0], 3);
        assert!(stranger.heard_nothing());
    }
    media.stop();
}

#[test]
fn another_phone_on_a_leg_continues_the_numbers() {
    let address = address(5);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    let (_, before) = legs.greet();
    let ears_of_a = media.open(legs.call, legs.leg_a).unwrap().address;
    let mut other = Phone::new(address, ears_of_a, 4_711);
    media.set_remote(legs.call, legs.leg_a, other.remote(101));
    other.say(2);
    let after = legs.b.hear();
    assert_eq!((after.ssrc, after.payload[0]), (before.ssrc, 2));
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    let passed = after.timestamp.wrapping_sub(before.timestamp);
    assert!((160..80_000).contains(&passed), "{passed} samples");
    legs.b.say(3);
    assert_eq!(other.hear().payload[0], 3);
    media.stop();
}

#[test]
fn a_leg_can_be_bridged_with_another() {
    let address = address(6);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    let (_, before) = legs.greet();
    let third = leg(1, 3);
    // The same SSRC as the first leg's phone: only we know that it is another.
    let mut c = Phone::new(address, media.open(legs.call, third).unwrap().address, 1);
    media.set_remote(legs.call, third, c.remote(101));
    media.bridge(legs.call, legs.leg_b, third);
    legs.a.say(9);
    c.say(2);
    let after = legs.b.hear();
    assert_eq!(
        (after.payload[0], after.ssrc),
        (2, before.ssrc),
        "the first leg is no longer heard"
    );
    assert_eq!(after.sequence, before.sequence.wrapping_add(1));
    legs.b.say(3);
    assert_eq!(c.hear().payload[0], 3);
    assert!(legs.a.heard_nothing());
    media.stop();
}

#[test]
fn a_party_on_hold_hears_nothing() {
    let address = address(7);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    let offer = String::from_utf8(offer_of(legs.b.address(), "0 96\r\n")).unwrap();
    let local = media.open(legs.call, legs.leg_b).unwrap();
    let held =
        negotiate::answer(offer.replace("sendrecv", "sendonly").as_bytes(), &local, 1).unwrap();
    media.set_remote(legs.call, legs.leg_b, held.remote);
    legs.a.say(1);
    legs.b.say(2);
    assert_eq!(legs.a.hear().payload[0], 2, "who holds is still heard");
    let resumed = negotiate::answer(offer.as_bytes(), &local, 2).unwrap();
    media.set_remote(legs.call, legs.leg_b, resumed.remote);
    legs.b.say(3);
    assert_eq!(legs.a.hear().payload[0], 3);
    legs.a.say(4);
    assert_eq!(legs.b.hear().payload[0], 4, "what was said during hold is gone");
    media.stop();
}

#[test]
fn what_is_not_rtp_is_dropped_and_rtcp_is_consumed() {
    let address = address(8);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    legs.a.say(1);
    legs.b.hear();
    let rtp = media.open(legs.call, legs.leg_a).unwrap().address;
    let mut rtcp = rtp;
    rtcp.set_port(rtp.port() + 1);
    for junk in [&[0x80, 200, 0, 6][..], &[0; 2048], &[], &[0x80; 12]] {
        legs.a.send_raw(junk, rtp);
        legs.a.send_raw(junk, rtcp);
    }
    legs.a.say(2);
    assert_eq!(legs.b.hear().payload[0], 2);
    let statistics = media.clone();
    media.stop();
    let threads = statistics.statistics();
    let sum = |count: fn(&media::ThreadStatistics) -> u64| threads.iter().map(count).sum::<u64>();
    assert_eq!(sum(|thread| thread.packets_relayed), 2);
    assert_eq!(sum(|thread| thread.packets_dropped), 4);
    assert_eq!(sum(|thread| thread.rtcp_consumed), 4);
}

#[test]
fn an_address_of_our_own_is_not_sent_to() {
    let address = address(9);
    let media = media(address, 22_000..=22_099);
    let mut legs = bridged(&media, address, 1);
    let mut circle = legs.b.remote(96);
    circle.address = media.open(legs.call, legs.leg_a).unwrap().address;
    media.set_remote(legs.call, legs.leg_b, circle);
    legs.a.say(1);
    assert_eq!(legs.b.hear().payload[0], 1, "what was agreed before still holds");
    media.stop();
}

#[test]
fn a_hundred_calls_are_spread_and_all_heard() {
    let address = address(10);
    let media = media(address, 22_000..=22_399);
    let mut calls: Vec<_> = (0..100).map(|number| bridged(&media, address, number)).collect();
    let sessions: Vec<_> = media.statistics().iter().map(|thread| thread.sessions).collect();
    assert_eq!(sessions, [50, 50]);
    for round in 0..20 {
        for legs in &mut calls {
            legs.a.say(round);
            legs.b.say(round);
        }
        for legs in &calls {
            assert_eq!((legs.a.hear().payload[0], legs.b.hear().payload[0]), (round, round));
        }
    }
    for legs in &calls {
        media.close_session(legs.call);
    }
    assert!(media.statistics().iter().all(|thread| thread.sessions == 0));
    media.close_session(call(1));
    media.stop();
}
