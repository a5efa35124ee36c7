//! REGISTER over the wire: challenge, binding, facts.

use crate::rig::{Rig, phone};
use sip::boundary::SipFact;

#[tokio::test]
async fn a_phone_registers_and_leaves() {
    let mut rig = Rig::start().await;
    let mut bob = rig.phone("bob").await;
    let ok = bob.register(600).await;
    assert!(ok.is(200), "{}", ok.text);
    assert_eq!(ok.header("Contact"), format!("<{}>;expires=600", bob.contact()));
    let SipFact::BindingKept(binding) = rig.fact().await else { panic!() };
    assert_eq!(binding.phone, phone("bob"));
    assert!(matches!(rig.fact().await, SipFact::PhoneReachable(who) if who == phone("bob")));

    assert!(bob.register(0).await.is(200));
    assert!(matches!(rig.fact().await, SipFact::BindingDropped { key, .. } if key == binding.key));
    assert!(matches!(rig.fact().await, SipFact::PhoneUnreachable(who) if who == phone("bob")));
}

#[tokio::test]
async fn a_wrong_password_and_a_short_time_are_refused() {
    let rig = Rig::start().await;
    let mut stranger = rig.phone("mallory").await;
    assert!(stranger.register(600).await.is(403));
    let mut bob = rig.phone("bob").await;
    let brief = bob.register(5).await;
    assert!(brief.is(423), "{}", brief.text);
    assert_eq!(brief.header("Min-Expires"), "30");
}

#[tokio::test]
async fn a_repeated_register_has_the_same_answer() {
    let rig = Rig::start().await;
    let mut bob = rig.phone("bob").await;
    let mut dialog = bob.dialog("sip:pbx");
    let first = bob.print("REGISTER", &mut dialog, "", "");
    bob.send(first).await;
    let challenge = bob.status(401).await;
    let authorization = bob.authorize(&challenge, "REGISTER", "sip:pbx");
    let second = bob.print("REGISTER", &mut dialog, &authorization, "");
    bob.send(&second).await;
    let answer = bob.status(200).await;
    bob.send(&second).await;
    assert_eq!(bob.status(200).await.text, answer.text);
}

#[tokio::test]
async fn stored_bindings_can_be_called_after_a_restart() {
    let mut rig = Rig::start().await;
    let mut bob = rig.phone("bob").await;
    bob.register(600).await;
    let SipFact::BindingKept(binding) = rig.fact().await else { panic!() };
    rig.sip.stop().await;

    let mut rig = Rig::start_with(vec![binding], 64).await;
    assert!(matches!(rig.fact().await, SipFact::PhoneReachable(who) if who == phone("bob")));
    rig.call_bob().await;
    bob.request("INVITE").await;
}
