//! Strangers, nonsense and a core that doesn't listen.

use crate::phone::{DEADLINE, sdp};
use crate::rig::{FAULT, Rig};
use model::cause::Cause;
use sip::boundary::{SipCommand, SipFact};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use tokio::time::timeout;

#[tokio::test]
async fn requests_outside_of_dialogs_are_answered_without_state() {
    let rig = Rig::start().await;
    let mut stranger = rig.phone("mallory").await;
    for (method, status) in [
        ("OPTIONS", 200),
        ("REFER", 405),
        ("SUBSCRIBE", 405),
        ("BYE", 481),
        ("INFO", 481),
        ("NONSENSE", 501),
    ] {
        let mut dialog = stranger.dialog("sip:592@pbx");
        let request = stranger.print(method, &mut dialog, "", "");
        stranger.send(&request).await;
        let first = stranger.status(status).await;
        assert_eq!(first.header("Allow").is_empty(), !matches!(status, 200 | 405), "{method}");
        stranger.send(&request).await;
        assert_eq!(stranger.status(status).await.header("To"), first.header("To"), "{method}");
    }
}

#[tokio::test]
async fn a_stranger_cannot_touch_a_dialog() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let (_, dialog) = rig.answered_from(&mut alice).await;
    let mut stranger = rig.phone("mallory").await;
    let mut forged = dialog.clone();
    forged.from = "<sip:alice@pbx>;tag=guess".to_owned();
    let bye = stranger.print("BYE", &mut forged, "", "");
    stranger.send(bye).await;
    stranger.next(|message| message.header("CSeq").ends_with("BYE")).await;
    let mut dialog = dialog;
    let info = alice.print("INFO", &mut dialog, "", "");
    alice.send(info).await;
    alice.status(200).await;
    let bye = alice.print("BYE", &mut dialog, "", "");
    alice.send(bye).await;
    assert!(matches!(rig.fact().await, SipFact::Ended { cause: Cause::HungUp, .. }));
    assert!(rig.facts.try_recv().is_err(), "one end only");
}

#[tokio::test]
async fn an_extension_we_lack_is_refused() {
    let rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    let mut dialog = alice.dialog("sip:592@pbx");
    let first = alice.print("INVITE", &mut dialog, "", &sdp("alice"));
    alice.send(&first).await;
    let challenge = alice.status(401).await;
    let extra = alice.authorize(&challenge, "INVITE", "sip:592@pbx") + "Require: 100rel\r\n";
    let second = alice.print("INVITE", &mut dialog, &extra, &sdp("alice"));
    alice.send(second).await;
    assert_eq!(alice.status(420).await.header("Unsupported"), "100rel");
}

#[tokio::test]
async fn nonsense_between_messages_disturbs_nobody() {
    let mut rig = Rig::start().await;
    let mut alice = rig.phone("alice").await;
    for noise in
        [&b"\0\xff"[..], b"INVITE", b"SIP/2.0 200 OK\r\n\r\n", b"\r\n\r\n", &[b'x'; 60_000]]
    {
        alice.send(noise).await;
    }
    rig.call_from(&mut alice).await;
}

#[tokio::test]
async fn commands_pass_while_nobody_takes_facts() {
    let mut rig = Rig::start_with(Vec::new(), 1).await;
    for _ in 0..50 {
        // Each fails at once, with a fact; far more than there is room for.
        rig.call_bob().await;
    }
    for _ in 0..50 {
        assert!(matches!(rig.fact().await, SipFact::Failed { .. }));
    }
}

#[tokio::test]
async fn stopping_ends_the_task_and_commands_do_nothing_then() {
    let mut rig = Rig::start().await;
    let leg = rig.call_bob().await;
    rig.sip.stop().await;
    timeout(DEADLINE, rig.running).await.unwrap().unwrap();
    rig.sip.command(SipCommand::HangUp { leg, cause: Cause::HungUp }).await;
}

/// Dead, but with HTTP still answering, it would look alive to whoever watches it.
#[tokio::test]
async fn a_fault_in_the_loop_ends_the_process() {
    const IN_CHILD: &str = "LOKAL_TEST_IN_CHILD";
    if std::env::var_os(IN_CHILD).is_some() {
        let rig = Rig::start().await;
        let mut phone = rig.phone(FAULT).await;
        tokio::spawn(async move { phone.register(600).await });
        rig.running.await.unwrap();
        return;
    }
    let itself = std::env::current_exe().unwrap();
    let status = Command::new(itself)
        .args(["--exact", "hostile::a_fault_in_the_loop_ends_the_process"])
        .env(IN_CHILD, "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert_eq!(status.unwrap().signal(), Some(6), "SIGABRT");
}
