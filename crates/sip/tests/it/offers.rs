//! Offers within a call, and late ones.

use crate::phone::{Phone, sdp};
use crate::rig::Rig;
use bytes::Bytes;
use model::cause::Cause;
use sip::boundary::{SipCommand, SipFact};

#[tokio::test]
async fn a_phone_holds_and_resumes() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, mut dialog) = rig.answered_from(&mut alice).await;
    for (method, round) in [("INVITE", "hold"), ("UPDATE", "resume")] {
        let request = alice.print(method, &mut dialog, "", &sdp(round));
        alice.send(request).await;
        let SipFact::OfferReceived { offer, body, .. } = rig.fact().await else { panic!() };
        assert_eq!(body, sdp(round));
        let body = Some(Bytes::from(sdp("pbx2")));
        rig.command(SipCommand::AnswerOffer { leg, offer, body: body.clone() }).await;
        rig.command(SipCommand::AnswerOffer { leg, offer, body }).await;
        let ok = alice.next(|message| message.header("CSeq").ends_with(method) && message.is(200));
        assert_eq!(ok.await.body(), sdp("pbx2"));
        if method == "INVITE" {
            alice.acknowledge(&dialog, "").await;
        }
    }
}

#[tokio::test]
async fn a_refused_offer_changes_nothing() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (leg, mut dialog) = rig.answered_from(&mut alice).await;
    let offer = alice.print("INVITE", &mut dialog, "", &sdp("hold"));
    alice.send(&offer).await;
    let SipFact::OfferReceived { offer: id, .. } = rig.fact().await else { panic!() };
    // A second one before the answer to the first.
    let second = alice.print("UPDATE", &mut dialog, "", &sdp("again"));
    alice.send(second).await;
    assert!(!alice.status(500).await.header("Retry-After").is_empty());
    rig.command(SipCommand::AnswerOffer { leg, offer: id, body: None }).await;
    let refusal = alice.status(488).await;
    alice.acknowledge_refusal(&offer, &refusal).await;
    rig.command(SipCommand::HangUp { leg, cause: Cause::HungUp }).await;
    alice.request("BYE").await;
}

#[tokio::test]
async fn a_call_without_an_offer_gets_ours() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (mut dialog, _) = alice.dial("592", "").await;
    let SipFact::CallArrived { leg, offer: None, .. } = rig.fact().await else { panic!() };
    rig.command(SipCommand::Answer { leg, body: Bytes::from(sdp("pbx")) }).await;
    let ok = alice.status(200).await;
    assert_eq!(ok.body(), sdp("pbx"));
    Phone::join(&mut dialog, &ok);
    // Our offer is open: theirs has to wait.
    let glare = alice.print("UPDATE", &mut dialog, "", &sdp("glare"));
    alice.send(glare).await;
    alice.status(491).await;
    dialog.cseq -= 1;
    alice.acknowledge(&dialog, &sdp("late")).await;
    assert!(matches!(rig.fact().await, SipFact::OfferReceived { body, .. } if body == sdp("late")));
}

#[tokio::test]
async fn a_called_phone_holds_too() {
    let mut rig = Rig::start().await;
    let mut bob = rig.registered("bob").await;
    let (leg, invite) = rig.answered_by(&mut bob).await;
    let mut dialog = bob.dialog(invite.target());
    invite.header("Call-ID").clone_into(&mut dialog.call_id);
    dialog.from = format!("{};tag=tag-bob", invite.header("To"));
    invite.header("From").clone_into(&mut dialog.to);
    // Without an offer: our last description comes back.
    let refresh = bob.print("INVITE", &mut dialog, "", "");
    bob.send(refresh).await;
    assert_eq!(bob.status(200).await.body(), sdp("pbx"));
    bob.acknowledge(&dialog, &sdp("hold")).await;
    assert!(
        matches!(rig.fact().await, SipFact::OfferReceived { leg: of, body, .. } if of == leg && body == sdp("hold"))
    );
}
