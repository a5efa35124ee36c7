//! The caller's identity: read from what a phone says of itself, written as a called phone sees it
//! (RFC 3261 §8.1.1.3, RFC 3323).
//!
//! Doesn't judge: who may show which number is the core's business.

use crate::header::{NameAddress, escape_user, quote, user_of};
use crate::message::Request;
use crate::uri::SipUri;
use model::call::{Presented, Privacy, Provenance};
use model::pii::Name;

/// What From and Privacy say.
pub fn read(request: &Request) -> Presented {
    let from = NameAddress::parse(&request.from);
    let uri = from.map_or("", |from| from.uri);
    let user = user_of(uri).filter(|user| !user.is_empty());
    let secret = is_private(request.privacy.as_deref())
        || SipUri::parse(uri).is_some_and(|uri| uri.host.eq_ignore_ascii_case("anonymous.invalid"))
        || user.as_deref().is_some_and(|user| user.eq_ignore_ascii_case("anonymous"));
    let number = user.filter(|user| is_number(user));
    Presented {
        provenance: if number.is_some() { Provenance::FromOnly } else { Provenance::None },
        number,
        name: from.and_then(|from| from.display()).map(Name::new),
        privacy: if secret { Privacy::Secret } else { Privacy::Open },
    }
}

/// Whether a Privacy header asks to hide the caller (RFC 3323 §4.2, RFC 3325 §9.3).
fn is_private(privacy: Option<&str>) -> bool {
    let hides = |word: &str| {
        ["id", "user", "header"].iter().any(|known| word.trim().eq_ignore_ascii_case(known))
    };
    privacy.is_some_and(|value| value.split([';', ',']).any(hides))
}

fn is_number(user: &str) -> bool {
    let digits = user.strip_prefix('+').unwrap_or(user);
    !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'*' | b'#'))
}

/// The From value that shows the caller to a phone, without a tag. A secret caller has neither name
/// nor number (RFC 3323 §4.1.1.3).
pub fn write(presented: &Presented, host: &str) -> String {
    let number = presented.number.as_deref().filter(|_| presented.privacy == Privacy::Open);
    let Some(number) = number else {
        return "\"Anonymous\" <sip:anonymous@anonymous.invalid>".to_owned();
    };
    let address = format!("<sip:{}@{host}>", escape_user(number));
    match &presented.name {
        Some(name) => format!("{} {address}", quote(name.as_str())),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leg::sample;

    fn presented(number: &str, name: Option<&str>, privacy: Privacy) -> Presented {
        Presented {
            number: Some(number.to_owned()),
            name: name.map(Name::new),
            provenance: Provenance::AuthenticatedPhone,
            privacy,
        }
    }

    #[test]
    fn a_phone_sees_name_and_number() {
        let cases = [
            (
                presented("593", Some("Do \"na\" ld"), Privacy::Open),
                "\"Do \\\"na\\\" ld\" <sip:593@h>",
            ),
            (presented("+4570305051", None, Privacy::Open), "<sip:+4570305051@h>"),
            (presented("1#", None, Privacy::Open), "<sip:1%23@h>"),
            (
                presented("593", Some("Donald"), Privacy::Secret),
                "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
            ),
        ];
        for (presented, from) in cases {
            assert_eq!(write(&presented, "h"), from);
        }
    }

    #[test]
    fn from_and_privacy_are_read() {
        let cases = [
            ("\"Al\" <sip:593@h>;tag=1", None, Some("593"), Some("Al"), Privacy::Open),
            ("<sip:alice@h>;tag=1", None, None, None, Privacy::Open),
            ("<sip:593@h>;tag=1", Some("user;id"), Some("593"), None, Privacy::Secret),
            ("<sip:593@h>;tag=1", Some("none"), Some("593"), None, Privacy::Open),
            ("<sip:anonymous@anonymous.invalid>;tag=1", None, None, None, Privacy::Secret),
        ];
        for (from, privacy, number, name, shown) in cases {
            let mut request = sample::invite();
            request.from = from.to_owned();
            request.privacy = privacy.map(str::to_owned);
            let presented = read(&request);
            assert_eq!(presented.number.as_deref(), number, "{from}");
            assert_eq!(presented.name.as_ref().map(Name::as_str), name, "{from}");
            assert_eq!(presented.privacy, shown, "{from}");
        }
    }
}
