//! Any Authorization header: nothing panics, and nobody is proven by accident.

#![no_main]

use libfuzzer_sys::fuzz_target;
use model::id::{CustomerId, PhoneId};
use model::phone::{SipAccount, ha1_md5, ha1_sha256};
use model::pii::Secret;
use model::time::Wall;
use sip::boundary::Accounts;
use sip::digest::{Realm, Verdict, Verifier};
use std::sync::Arc;

struct Everyone;

impl Accounts for Everyone {
    fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        Some(Arc::new(SipAccount {
            username: username.to_owned(),
            customer: CustomerId::from_bytes([1; 12]),
            phone: PhoneId::from_bytes([2; 12]),
            ha1_md5: Secret::new(ha1_md5("lokal", username, "password")),
            ha1_sha256: Secret::new(ha1_sha256("lokal", username, "password")),
        }))
    }
}

fuzz_target!(|authorization: &str| {
    let realm = Realm::new("lokal".to_owned(), [7; 32]);
    let (uri, now) = ("sip:592@pbx.example.com", Wall(0));
    let verdict = Verifier::new().verify(&realm, &Everyone, "INVITE", uri, authorization, now);
    assert!(!matches!(verdict, Verdict::Proven(_)));
});
