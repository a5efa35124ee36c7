//! Phones that call us.

use crate::phone::{Message, Phone, branch_of, sdp};
use crate::rig::Rig;
use bytes::Bytes;
use model::cause::Cause;
use sip::boundary::{SipCommand, SipFact};

#[tokio::test]
async fn a_call_rings_is_answered_and_hung_up() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, mut dialog, _) = rig.call_from(&mut alice).await;

    rig.command(SipCommand::SignalRinging { leg }).await;
    rig.command(SipCommand::SignalRinging { leg }).await;
    let ringing = alice.status(180).await;
    assert!(!ringing.tag("To").is_empty());
    rig.command(SipCommand::SignalDiverted { leg }).await;
    assert_eq!(alice.status(181).await.header("To"), ringing.header("To"));

    rig.command(SipCommand::Answer { leg, body: Bytes::from(sdp("pbx")) }).await;
    let ok = alice.status(200).await;
    assert_eq!(ok.header("To"), ringing.header("To"));
    assert_eq!(ok.header("Content-Type"), "application/sdp");
    assert_eq!(ok.body(), sdp("pbx"));
    assert_eq!(ok.target(), format!("sip:{}", rig.sip.local_address()));
    Phone::join(&mut dialog, &ok);
    alice.acknowledge(&dialog, "").await;

    let bye = alice.print("BYE", &mut dialog, "", "");
    alice.send(&bye).await;
    alice.status(200).await;
    assert!(
        matches!(rig.fact().await, SipFact::Ended { leg: ended, cause: Cause::HungUp } if ended == leg)
    );
    // Again, as if our answer had been lost.
    alice.send(&bye).await;
    alice.status(200).await;
}

#[tokio::test]
async fn we_hang_up_with_a_reason() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, _) = rig.answered_from(&mut alice).await;
    rig.command(SipCommand::HangUp { leg, cause: Cause::HungUp }).await;
    let bye = alice.request("BYE").await;
    assert!(bye.start().starts_with(&format!("BYE {} ", alice.contact())));
    assert!(bye.header("Reason").contains("cause=16"));
    alice.respond(&bye, "200 OK", "").await;
    assert!(matches!(rig.fact().await, SipFact::Ended { cause: Cause::HungUp, .. }));
}

#[tokio::test]
async fn causes_become_statuses() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    for (cause, status) in [
        (Cause::Busy, 486),
        (Cause::Declined, 603),
        (Cause::NotFound, 404),
        (Cause::Unavailable, 503),
    ] {
        let (leg, _, invite) = rig.call_from(&mut alice).await;
        rig.command(SipCommand::Refuse { leg, cause }).await;
        let refusal = alice.status(status).await;
        alice.acknowledge_refusal(&invite, &refusal).await;
        assert_eq!(refusal.header("Retry-After").is_empty(), status != 503);
        assert!(
            matches!(rig.fact().await, SipFact::Failed { cause: failed, .. } if failed == cause)
        );
    }
}

#[tokio::test]
async fn the_caller_gives_up() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, dialog, invite) = rig.call_from(&mut alice).await;
    let branch = branch_of(&Message { text: invite.clone() });
    let cancel = alice.print_with("CANCEL", &dialog, &branch, "", "");
    alice.send(&cancel).await;
    let cseq =
        |method: &'static str| move |message: &Message| message.header("CSeq").ends_with(method);
    assert!(alice.next(cseq("CANCEL")).await.is(200));
    let refusal = alice.status(487).await;
    alice.acknowledge_refusal(&invite, &refusal).await;
    assert!(matches!(rig.fact().await, SipFact::Failed { cause: Cause::Cancelled, .. }));
    // Too late for these; nothing happens.
    rig.command(SipCommand::Answer { leg, body: Bytes::from(sdp("pbx")) }).await;
    rig.command(SipCommand::HangUp { leg, cause: Cause::HungUp }).await;
    let (next, ..) = rig.call_from(&mut alice).await;
    assert_ne!(next, leg);
}

#[tokio::test]
async fn a_cancel_that_crosses_the_answer_changes_nothing() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, mut dialog, invite) = rig.call_from(&mut alice).await;
    rig.command(SipCommand::Answer { leg, body: Bytes::from(sdp("pbx")) }).await;
    let ok = alice.status(200).await;
    let branch = branch_of(&Message { text: invite });
    alice.send(alice.print_with("CANCEL", &dialog, &branch, "", "")).await;
    alice.next(|message| message.is(200) && message.header("CSeq").ends_with("CANCEL")).await;
    Phone::join(&mut dialog, &ok);
    alice.acknowledge(&dialog, "").await;
    let bye = alice.print("BYE", &mut dialog, "", "");
    alice.send(bye).await;
    assert!(matches!(rig.fact().await, SipFact::Ended { cause: Cause::HungUp, .. }));
}

#[tokio::test]
async fn repeated_invites_make_one_call() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, _, invite) = rig.call_from(&mut alice).await;
    alice.send(&invite).await;
    alice.status(100).await;
    rig.command(SipCommand::SignalRinging { leg }).await;
    alice.status(180).await;
    alice.send(&invite).await;
    alice.status(180).await;
    rig.command(SipCommand::Refuse { leg, cause: Cause::Busy }).await;
    alice.status(486).await;
    alice.send(&invite).await;
    alice.status(486).await;
    assert!(matches!(rig.fact().await, SipFact::Failed { .. }), "no second arrival before it");
}

#[tokio::test]
async fn the_answer_is_repeated_until_its_ack() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, mut dialog, _) = rig.call_from(&mut alice).await;
    rig.command(SipCommand::Answer { leg, body: Bytes::from(sdp("pbx")) }).await;
    let ok = alice.status(200).await;
    assert_eq!(alice.status(200).await.text, ok.text, "after T1");
    // Hanging up now has to wait for the ACK (RFC 3261 §15).
    rig.command(SipCommand::HangUp { leg, cause: Cause::HungUp }).await;
    assert!(matches!(rig.fact().await, SipFact::Ended { .. }));
    assert_eq!(alice.status(200).await.text, ok.text, "after 2*T1");
    Phone::join(&mut dialog, &ok);
    alice.acknowledge(&dialog, "").await;
    alice.request("BYE").await;
}

#[tokio::test]
async fn draining_refuses_new_calls_and_keeps_the_others() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (_, mut dialog) = rig.answered_from(&mut alice).await;
    rig.sip.drain().await;
    alice.dial("592", &sdp("alice")).await;
    assert!(!alice.status(503).await.header("Retry-After").is_empty());
    let bye = alice.print("BYE", &mut dialog, "", "");
    alice.send(bye).await;
    assert!(matches!(rig.fact().await, SipFact::Ended { .. }));
}
