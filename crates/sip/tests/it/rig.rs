//! The edge under test with a few accounts, and its facts one by one.

use crate::phone::{DEADLINE, Dialog, Message, Phone, sdp};
use bytes::Bytes;
use model::binding::Binding;
use model::call::{LegRef, PhoneRef, Presented, Privacy, Provenance};
use model::id::{CallId, CustomerId, LegId, PhoneId};
use model::phone::SipAccount;
use model::phone::{ha1_md5, ha1_sha256};
use model::pii::{Name, Secret};
use sip::boundary::{Accounts, SipCommand, SipFact};
use sip::{Sip, SipConfig};
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;
use tokio::time::timeout;

const REALM: &str = "lokal";
const USERS: &[&str] = &["alice", "bob"];

/// The customer that both belong to.
pub const CUSTOMER: CustomerId = CustomerId::from_bytes([1; 12]);

/// A user whose account can't be looked up without a panic.
pub const FAULT: &str = "fault";

/// Alice and Bob.
pub struct TwoAccounts;

impl Accounts for TwoAccounts {
    fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        assert_ne!(username, FAULT, "a fault of ours");
        USERS.contains(&username).then(|| {
            let password = format!("pw-{username}");
            Arc::new(SipAccount {
                username: username.to_owned(),
                customer: CUSTOMER,
                phone: phone(username).phone,
                ha1_md5: Secret::new(ha1_md5(REALM, username, &password)),
                ha1_sha256: Secret::new(ha1_sha256(REALM, username, &password)),
            })
        })
    }
}

/// The phone of a user.
pub fn phone(username: &str) -> PhoneRef {
    let phone = PhoneId::from_bytes([username.as_bytes()[0]; 12]);
    PhoneRef { customer: CUSTOMER, phone }
}

/// The edge.
pub struct Rig {
    /// Its handle.
    pub sip: Sip,
    /// Its facts.
    pub facts: Receiver<SipFact>,
    /// Its end.
    pub running: JoinHandle<()>,
    legs: u8,
}

impl Rig {
    /// Starts it without bindings.
    pub async fn start() -> Self {
        Self::start_with(Vec::new(), 64).await
    }

    /// Starts it with these bindings and room for so many facts.
    pub async fn start_with(bindings: Vec<Binding>, room: usize) -> Self {
        let config = SipConfig {
            bind: "127.0.0.1:0".parse().unwrap(),
            advertised: "127.0.0.1:0".parse().unwrap(),
            realm: REALM.to_owned(),
            nonce_key: [7; 32],
            product: "lokal/test".to_owned(),
        };
        let (sender, facts) = channel(room);
        let (sip, running) =
            Sip::start(config, Arc::new(TwoAccounts), bindings, sender).await.unwrap();
        Self { sip, facts, running, legs: 0 }
    }

    /// A phone that isn't registered.
    pub async fn phone(&self, username: &str) -> Phone {
        Phone::new(self.sip.local_address(), username).await
    }

    /// A phone that is; its facts are taken.
    pub async fn registered(&mut self, username: &str) -> Phone {
        let mut registered = self.phone(username).await;
        assert!(registered.register(600).await.is(200));
        assert!(matches!(self.fact().await, SipFact::BindingKept(_)));
        assert!(matches!(self.fact().await, SipFact::PhoneReachable(_)));
        registered
    }

    /// The next fact.
    pub async fn fact(&mut self) -> SipFact {
        timeout(DEADLINE, self.facts.recv()).await.expect("no fact in time").unwrap()
    }

    /// Has a command carried out.
    pub async fn command(&self, command: SipCommand) {
        timeout(DEADLINE, self.sip.command(command)).await.expect("command not taken");
    }

    /// Has Bob called.
    pub async fn call_bob(&mut self) -> LegRef {
        self.legs += 1;
        let leg = LegRef {
            customer: CUSTOMER,
            call: CallId::from_bytes([9; 12]),
            leg: LegId::from_bytes([self.legs; 12]),
        };
        let presented = Presented {
            number: Some("593".to_owned()),
            name: Some(Name::new("Alice A.")),
            provenance: Provenance::AuthenticatedPhone,
            privacy: Privacy::Open,
        };
        let offer = Bytes::from(sdp("pbx"));
        let phone = phone("bob");
        self.command(SipCommand::CallPhone { leg, phone, presented, hops_left: 69, offer }).await;
        leg
    }

    /// Alice's call to 592 as it arrives.
    pub async fn call_from(&mut self, alice: &mut Phone) -> (LegRef, Dialog, String) {
        let (dialog, invite) = alice.dial("592", &sdp("alice")).await;
        assert!(alice.status(100).await.tag("To").is_empty());
        match self.fact().await {
            SipFact::CallArrived { leg, from, dialled, hops_left, offer, presented } => {
                assert_eq!(from, phone("alice"));
                assert_eq!(dialled, "592");
                assert_eq!(hops_left, 69);
                assert_eq!(offer.unwrap(), sdp("alice"));
                assert_eq!(presented.name.unwrap().as_str(), "alice");
                (leg, dialog, invite)
            }
            other => panic!("{other:?}"),
        }
    }

    /// Alice's call, answered and acknowledged.
    pub async fn answered_from(&mut self, alice: &mut Phone) -> (LegRef, Dialog) {
        let (leg, mut dialog, _) = self.call_from(alice).await;
        self.command(SipCommand::Answer { leg, body: Bytes::from(sdp("pbx")) }).await;
        let ok = alice.status(200).await;
        assert_eq!(ok.body(), sdp("pbx"));
        Phone::join(&mut dialog, &ok);
        alice.acknowledge(&dialog, "").await;
        (leg, dialog)
    }

    /// Bob's phone, called and answered; gives its INVITE too.
    pub async fn answered_by(&mut self, bob: &mut Phone) -> (LegRef, Message) {
        let leg = self.call_bob().await;
        let invite = bob.request("INVITE").await;
        bob.respond(&invite, "200 OK", &sdp("bob")).await;
        assert_eq!(bob.request("ACK").await.header("CSeq"), "1 ACK");
        assert!(matches!(self.fact().await, SipFact::Answered { .. }));
        (leg, invite)
    }
}
