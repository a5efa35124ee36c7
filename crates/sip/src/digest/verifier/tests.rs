//! A client that answers challenges, honestly and otherwise.

use super::*;
use crate::digest::algorithm::Algorithm;
use model::id::{CustomerId, PhoneId};
use model::phone::{ha1_md5, ha1_sha256};
use model::pii::Secret;

const NOW: Wall = Wall(1_800_000_000_000);
const URI: &str = "sip:592@pbx.example.com";
const REALM: &str = "lokal";
const PASSWORD: &str = "Circle of Life";

struct OneAccount(Arc<SipAccount>);

impl OneAccount {
    fn new() -> Self {
        Self(Arc::new(SipAccount {
            username: "donald".to_owned(),
            customer: CustomerId::from_bytes([1; 12]),
            phone: PhoneId::from_bytes([2; 12]),
            ha1_md5: Secret::new(ha1_md5(REALM, "donald", PASSWORD)),
            ha1_sha256: Secret::new(ha1_sha256(REALM, "donald", PASSWORD)),
        }))
    }
}

impl Accounts for OneAccount {
    fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        (username == self.0.username).then(|| Arc::clone(&self.0))
    }
}

fn realm() -> Realm {
    Realm::new(REALM.to_owned(), [9; 32])
}

/// The nonce of a challenge sent at this time.
fn nonce_of(realm: &Realm, at: Wall, salt: u64) -> String {
    let challenge = realm.challenges(at, false, salt).remove(0);
    challenge.split("nonce=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// What a client answers a challenge with.
#[derive(Clone)]
struct Client {
    user: &'static str,
    password: &'static str,
    realm: &'static str,
    algorithm: Algorithm,
    nonce: String,
    uri: &'static str,
    method: &'static str,
    count: u32,
}

impl Client {
    fn honest() -> Self {
        Self {
            user: "donald",
            password: PASSWORD,
            realm: REALM,
            algorithm: Algorithm::Md5,
            nonce: nonce_of(&realm(), NOW, 1),
            uri: URI,
            method: "INVITE",
            count: 1,
        }
    }

    fn authorization(&self) -> String {
        let Self { user, realm, nonce, uri, algorithm, .. } = self;
        let count = format!("{:08x}", self.count);
        let ha1 = algorithm.hash(&[user, realm, self.password]);
        let ha2 = algorithm.hash(&[self.method, uri]);
        let response = algorithm.hash(&[&ha1, nonce, &count, "0a4f113b", "auth", &ha2]);
        format!(
            "Digest username=\"{user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", \
             response=\"{response}\", cnonce=\"0a4f113b\", nc={count}, qop=auth, algorithm={}",
            algorithm.name()
        )
    }

    fn verdict(&self, verifier: &mut Verifier, now: Wall) -> Verdict {
        let accounts = OneAccount::new();
        verifier.verify(&realm(), &accounts, "INVITE", URI, &self.authorization(), now)
    }
}

fn proven() -> Verdict {
    Verdict::Proven(OneAccount::new().0)
}

const ANEW: Verdict = Verdict::Challenge { stale: false };
const STALE: Verdict = Verdict::Challenge { stale: true };

#[test]
fn only_the_right_answer_to_a_fresh_challenge_proves_anyone() {
    let honest = Client::honest();
    let old = nonce_of(&realm(), Wall(NOW.0 - 300_001), 1);
    let foreign = nonce_of(&Realm::new(REALM.to_owned(), [8; 32]), NOW, 1);
    let cases = [
        ("right", honest.clone(), proven()),
        ("SHA-256", Client { algorithm: Algorithm::Sha256, ..honest.clone() }, proven()),
        ("wrong password", Client { password: "x", ..honest.clone() }, Verdict::Refused),
        ("unknown user", Client { user: "gus", ..honest.clone() }, Verdict::Refused),
        ("wrong method", Client { method: "BYE", ..honest.clone() }, Verdict::Refused),
        (
            "wrong URI",
            Client { uri: "sip:593@pbx.example.com", ..honest.clone() },
            Verdict::Refused,
        ),
        ("wrong realm", Client { realm: "elsewhere", ..honest.clone() }, ANEW),
        ("old nonce", Client { nonce: old.clone(), ..honest.clone() }, STALE),
        ("old nonce, wrong", Client { nonce: old, password: "x", ..honest.clone() }, ANEW),
        ("foreign nonce", Client { nonce: foreign.clone(), ..honest.clone() }, STALE),
        ("foreign nonce, unknown", Client { nonce: foreign, user: "gus", ..honest }, ANEW),
    ];
    for (case, client, verdict) in cases {
        assert_eq!(client.verdict(&mut Verifier::new(), NOW), verdict, "{case}");
    }
}

#[test]
fn what_is_no_digest_is_challenged_and_what_is_broken_refused() {
    let cases = [
        ("Bearer abc", ANEW),
        ("Digest username=\"donald\"", ANEW),
        ("Digest username=\"donald\", qop=auth", Verdict::Refused),
    ];
    for (authorization, verdict) in cases {
        let judged =
            Verifier::new().verify(&realm(), &OneAccount::new(), "INVITE", URI, authorization, NOW);
        assert_eq!(judged, verdict, "{authorization}");
    }
}

#[test]
fn a_count_proves_once_and_the_next_goes_on() {
    let mut verifier = Verifier::new();
    let client = Client::honest();
    assert_eq!(client.verdict(&mut verifier, NOW), proven());
    assert_eq!(client.verdict(&mut verifier, NOW), STALE, "replayed");
    for count in 2..=17 {
        let next = Client { count, ..client.clone() };
        assert_eq!(next.verdict(&mut verifier, NOW), proven(), "{count}");
    }
    let anew = Client { nonce: nonce_of(&realm(), NOW, 2), ..client };
    assert_eq!(anew.verdict(&mut verifier, NOW), proven(), "another nonce");
}

#[test]
fn wrong_answers_use_no_count_up() {
    let mut verifier = Verifier::new();
    let wrong = Client { password: "x", ..Client::honest() };
    assert_eq!(wrong.verdict(&mut verifier, NOW), Verdict::Refused);
    assert_eq!(Client::honest().verdict(&mut verifier, NOW), proven());
}

#[test]
fn the_hash_of_a_response_may_be_in_upper_case() {
    let authorization = Client::honest().authorization();
    let (head, tail) = authorization.split_once("response=\"").unwrap();
    let (response, tail) = tail.split_once('"').unwrap();
    let upper = format!("{head}response=\"{}\"{tail}", response.to_uppercase());
    let verdict = Verifier::new().verify(&realm(), &OneAccount::new(), "INVITE", URI, &upper, NOW);
    assert_eq!(verdict, proven());
}

#[test]
fn uris_match_but_for_scheme_case_default_port_and_a_bare_server() {
    let cases = [
        ("sip:1@h", "sip:1@h", true),
        ("SIP:1@h:5060", "sip:1@h", true),
        ("sip:1@h;transport=udp", "sip:1@h:5060;transport=udp", true),
        ("sip:h:5070", "sip:1@h:5070", true),
        ("sip:h", "sip:h;transport=udp", true),
        ("tel:+4570305051", "tel:+4570305051", true),
        ("sip:1@h;transport=udp", "sip:1@h", false),
        ("sip:2@h", "sip:1@h", false),
        ("sip:h", "sip:1@g", false),
        ("sip:h", "sip:1@h:5070", false),
        ("sips:h", "sip:1@h", false),
        ("tel:1", "tel:2", false),
        ("", "sip:1@h", false),
    ];
    for (said, asked, covered) in cases {
        assert_eq!(covers(said, asked), covered, "{said} for {asked}");
    }
}

/// The examples of RFC 7616 §3.9.1, whose nonces aren't ours.
#[test]
fn the_published_examples_are_right() {
    let (user, realm) = ("Mufasa", "http-auth@example.org");
    let cases = [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ];
    let account = SipAccount {
        username: user.to_owned(),
        customer: CustomerId::from_bytes([1; 12]),
        phone: PhoneId::from_bytes([2; 12]),
        ha1_md5: Secret::new(ha1_md5(realm, user, PASSWORD)),
        ha1_sha256: Secret::new(ha1_sha256(realm, user, PASSWORD)),
    };
    for (algorithm, response) in cases {
        let authorization = format!(
            "Digest username=\"{user}\", realm=\"{realm}\", uri=\"/dir/index.html\", \
             algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
             nc=00000001, cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, \
             response=\"{response}\""
        );
        let Parsed::Digest(credentials) = Parsed::of(&authorization) else {
            panic!("{authorization}");
        };
        assert!(is_right(&credentials, Some(&account), "GET"), "{algorithm}");
        assert!(!is_right(&credentials, Some(&account), "PUT"), "{algorithm}");
        assert!(!is_right(&credentials, None, "GET"), "{algorithm}");
    }
}
