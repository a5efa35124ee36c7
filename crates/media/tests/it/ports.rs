//! Which ports a leg gets, and when they are free again.

use crate::world::{address, call, leg, media};
use media::{Media, MediaConfig, OpenError, StartError};
use std::collections::BTreeSet;
use std::net::UdpSocket;

#[test]
fn closed_ports_can_be_opened_again() {
    let address = address(20);
    let media = media(address, 22_000..=22_007);
    for round in 0..20 {
        let ports: BTreeSet<_> = (0..4)
            .map(|number| media.open(call(number / 2), leg(round, number)).unwrap().address.port())
            .collect();
        assert_eq!(ports, BTreeSet::from([22_000, 22_002, 22_004, 22_006]));
        let refused = media.open(call(9), leg(round, 9));
        assert!(matches!(refused, Err(OpenError::NoPort)), "{refused:?}");
        media.close(call(0), leg(round, 0));
        let again = media.open(call(9), leg(round, 9)).unwrap();
        assert!(ports.contains(&again.address.port()));
        media.close_session(call(9));
        media.close(call(0), leg(round, 1));
        media.close_session(call(1));
    }
    media.stop();
}

#[test]
fn a_leg_that_is_open_keeps_its_ports() {
    let address = address(21);
    let media = media(address, 22_000..=22_099);
    let first = media.open(call(1), leg(1, 1)).unwrap();
    assert_eq!(media.open(call(1), leg(1, 1)).unwrap(), first);
    let port = first.address.port();
    assert!(port.is_multiple_of(2));
    assert!(UdpSocket::bind((address, port)).is_err(), "RTP is bound");
    assert!(UdpSocket::bind((address, port + 1)).is_err(), "RTCP is bound");
    media.stop();
    UdpSocket::bind((address, port)).unwrap();
}

#[test]
fn a_range_that_does_not_fit_is_refused_at_start() {
    let start =
        |ports| Media::start(MediaConfig { address: address(22), ports, threads: Some(1) }).err();
    assert!(matches!(start(22_001..=22_002), Some(StartError::NoPortPair(_))));
    assert!(start(22_000..=22_001).is_none());
}

#[test]
fn after_the_end_nothing_opens_and_nothing_hangs() {
    let media = media(address(23), 22_000..=22_099);
    let other = media.clone();
    other.open(call(1), leg(1, 1)).unwrap();
    media.stop();
    other.bridge(call(1), leg(1, 1), leg(1, 2));
    other.close_session(call(1));
    let refused = other.open(call(2), leg(2, 1));
    assert!(matches!(refused, Err(OpenError::Stopped)), "{refused:?}");
    other.stop();
}
