//! Phones that we call.

use crate::phone::{branch_of, sdp};
use crate::rig::Rig;
use model::cause::Cause;
use sip::boundary::{SipCommand, SipFact};

#[tokio::test]
async fn a_phone_rings_answers_and_hangs_up() {
    let mut rig = Rig::start().await;
    let mut bob = rig.registered("bob").await;
    let leg = rig.call_bob().await;
    let invite = bob.request("INVITE").await;
    assert!(invite.start().starts_with(&format!("INVITE {} ", bob.contact())));
    let us = rig.sip.local_address();
    assert!(invite.header("From").starts_with(&format!("\"Alice A.\" <sip:593@{us}>;tag=")));
    assert_eq!(invite.header("Max-Forwards"), "69");
    assert_eq!(invite.target(), format!("sip:{us}"));
    assert_eq!(invite.body(), sdp("pbx"));

    bob.respond(&invite, "180 Ringing", "").await;
    bob.respond(&invite, "180 Ringing", "").await;
    assert!(matches!(rig.fact().await, SipFact::Ringing { leg: ringing } if ringing == leg));
    bob.respond(&invite, "183 Session Progress", &sdp("early")).await;
    assert!(
        matches!(rig.fact().await, SipFact::EarlyMedia { answer, .. } if answer == sdp("early"))
    );
    bob.respond(&invite, "200 OK", &sdp("bob")).await;
    assert!(matches!(rig.fact().await, SipFact::Answered { answer, .. } if answer == sdp("bob")));
    let ack = bob.request("ACK").await;
    assert!(ack.start().starts_with(&format!("ACK {} ", bob.contact())));

    // The 200 again, as if the ACK had been lost.
    bob.respond(&invite, "200 OK", &sdp("bob")).await;
    assert_eq!(bob.request("ACK").await.text, ack.text);

    let mut dialog = bob.dialog(invite.target());
    invite.header("Call-ID").clone_into(&mut dialog.call_id);
    dialog.from = format!("{};tag=tag-bob", invite.header("To"));
    invite.header("From").clone_into(&mut dialog.to);
    let bye = bob.print("BYE", &mut dialog, "", "");
    bob.send(bye).await;
    bob.status(200).await;
    assert!(matches!(rig.fact().await, SipFact::Ended { cause: Cause::HungUp, .. }));
}

#[tokio::test]
async fn refusals_are_acknowledged_and_told() {
    let mut rig = Rig::start().await;
    let mut bob = rig.registered("bob").await;
    for (status, cause) in [
        ("486 Busy Here", Cause::Busy),
        ("603 Decline", Cause::Declined),
        ("480 Temporarily Unavailable", Cause::NoAnswer),
        ("407 Proxy Authentication Required", Cause::Failed),
    ] {
        let leg = rig.call_bob().await;
        let invite = bob.request("INVITE").await;
        bob.respond(&invite, status, "").await;
        let ack = bob.request("ACK").await;
        assert_eq!(branch_of(&ack), branch_of(&invite), "{status}");
        assert!(
            matches!(rig.fact().await, SipFact::Failed { leg: of, cause: why } if of == leg && why == cause),
            "{status}"
        );
        bob.respond(&invite, status, "").await;
        assert_eq!(branch_of(&bob.request("ACK").await), branch_of(&invite), "{status} again");
    }
}

#[tokio::test]
async fn a_phone_nobody_can_reach_fails_at_once() {
    let mut rig = Rig::start().await;
    rig.call_bob().await;
    assert!(matches!(rig.fact().await, SipFact::Failed { cause: Cause::Unreachable, .. }));
}

#[tokio::test]
async fn cancelling_waits_for_a_provisional_and_says_why() {
    let mut rig = Rig::start().await;
    let mut bob = rig.registered("bob").await;
    let leg = rig.call_bob().await;
    let invite = bob.request("INVITE").await;
    let cause = Cause::CompletedElsewhere;
    rig.command(SipCommand::Cancel { leg, cause }).await;
    assert!(matches!(rig.fact().await, SipFact::Failed { cause: Cause::CompletedElsewhere, .. }));
    bob.respond(&invite, "180 Ringing", "").await;
    let cancel = bob.request("CANCEL").await;
    assert_eq!(branch_of(&cancel), branch_of(&invite));
    assert_eq!(cancel.header("CSeq"), "1 CANCEL");
    assert_eq!(cancel.header("Reason"), "SIP;cause=200;text=\"Call completed elsewhere\"");
    bob.respond(&cancel, "200 OK", "").await;
    bob.respond(&invite, "487 Request Terminated", "").await;
    bob.request("ACK").await;
}

#[tokio::test]
async fn an_answer_that_crosses_the_cancel_is_hung_up() {
    let mut rig = Rig::start().await;
    let mut bob = rig.registered("bob").await;
    let leg = rig.call_bob().await;
    let invite = bob.request("INVITE").await;
    bob.respond(&invite, "180 Ringing", "").await;
    assert!(matches!(rig.fact().await, SipFact::Ringing { .. }));
    rig.command(SipCommand::Cancel { leg, cause: Cause::Cancelled }).await;
    let cancel = bob.request("CANCEL").await;
    bob.respond(&invite, "200 OK", &sdp("bob")).await;
    bob.respond(&cancel, "200 OK", "").await;
    bob.request("ACK").await;
    let bye = bob.request("BYE").await;
    assert!(bye.header("Reason").contains("cause=487"));
    bob.respond(&bye, "200 OK", "").await;
    assert!(matches!(rig.fact().await, SipFact::Failed { cause: Cause::Cancelled, .. }));
    // Nothing was told of the answer: the next fact is of the next call.
    let next = rig.call_bob().await;
    let invite = bob.next(|message| {
        message.start().starts_with("INVITE") && message.header("Call-ID") != bye.header("Call-ID")
    });
    let invite = invite.await;
    bob.respond(&invite, "486 Busy Here", "").await;
    assert!(matches!(rig.fact().await, SipFact::Failed { leg, .. } if leg == next));
}

#[tokio::test]
async fn the_first_of_several_bindings_wins() {
    let mut rig = Rig::start().await;
    let mut desk = rig.registered("bob").await;
    let mut soft = rig.phone("bob").await;
    assert!(soft.register(600).await.is(200));
    assert!(matches!(rig.fact().await, SipFact::BindingKept(_)));

    rig.call_bob().await;
    let (to_desk, to_soft) = (desk.request("INVITE").await, soft.request("INVITE").await);
    assert_eq!(to_desk.header("Call-ID"), to_soft.header("Call-ID"));
    assert_ne!(branch_of(&to_desk), branch_of(&to_soft));
    desk.respond(&to_desk, "180 Ringing", "").await;
    assert!(matches!(rig.fact().await, SipFact::Ringing { .. }));
    soft.send(to_soft.response("200 OK", "tag-soft", &soft.contact(), &sdp("soft"))).await;
    assert!(matches!(rig.fact().await, SipFact::Answered { answer, .. } if answer == sdp("soft")));
    soft.request("ACK").await;
    assert!(desk.request("CANCEL").await.header("Reason").contains("completed elsewhere"));

    // The desk phone answered in the same moment.
    desk.respond(&to_desk, "200 OK", &sdp("desk")).await;
    desk.request("ACK").await;
    desk.request("BYE").await;
}

#[tokio::test]
async fn one_binding_may_fail_while_another_rings() {
    let mut rig = Rig::start().await;
    let mut desk = rig.registered("bob").await;
    let mut soft = rig.phone("bob").await;
    assert!(soft.register(600).await.is(200));
    assert!(matches!(rig.fact().await, SipFact::BindingKept(_)));
    rig.call_bob().await;
    let (to_desk, to_soft) = (desk.request("INVITE").await, soft.request("INVITE").await);
    desk.respond(&to_desk, "486 Busy Here", "").await;
    desk.request("ACK").await;
    soft.respond(&to_soft, "404 Not Found", "").await;
    soft.request("ACK").await;
    assert!(matches!(rig.fact().await, SipFact::Failed { cause: Cause::Busy, .. }));
}

#[tokio::test]
async fn requests_follow_the_record_route() {
    let mut rig = Rig::start().await;
    let mut bob = rig.registered("bob").await;
    let leg = rig.call_bob().await;
    let invite = bob.request("INVITE").await;
    let ok = invite.response("200 OK", "tag-bob", &bob.contact(), &sdp("bob"));
    let routed =
        ok.replacen("\r\nContact", "\r\nRecord-Route: <sip:p1;lr>, <sip:p2;lr>\r\nContact", 1);
    bob.send(routed).await;
    let ack = bob.request("ACK").await;
    assert_eq!(ack.headers("Route").collect::<Vec<_>>(), ["<sip:p2;lr>", "<sip:p1;lr>"]);
    assert!(matches!(rig.fact().await, SipFact::Answered { .. }));
    rig.command(SipCommand::HangUp { leg, cause: Cause::HungUp }).await;
    assert_eq!(bob.request("BYE").await.headers("Route").count(), 2);
}
