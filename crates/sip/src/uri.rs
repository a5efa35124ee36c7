//! Takes SIP URIs apart, borrowed (RFC 3261 §19.1): what the gate checks, what digest compares and
//! what tells bindings apart.
//!
//! Judges no parameter and unescapes nothing.

/// The parts of a `sip:` or `sips:` URI as they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SipUri<'a> {
    /// `sip` or `sips` in any case.
    pub(crate) scheme: &'a str,
    /// User and password.
    pub(crate) user: Option<&'a str>,
    /// Host; an IPv6 address with its brackets.
    pub(crate) host: &'a str,
    /// The port's digits.
    pub(crate) port: Option<&'a str>,
    /// Parameters and headers, from their `;` or `?` on.
    pub(crate) rest: &'a str,
}

impl<'a> SipUri<'a> {
    /// Reads one; None for other schemes and for what has no host.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        if !scheme.eq_ignore_ascii_case("sip") && !scheme.eq_ignore_ascii_case("sips") {
            return None;
        }
        let (user, rest) = match rest.split_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let (host, rest) = rest.split_at_checked(host_end(rest)?)?;
        let (port, rest) = match rest.strip_prefix(':') {
            Some(rest) => {
                let end = rest.find([';', '?']).unwrap_or(rest.len());
                let (port, rest) = rest.split_at_checked(end)?;
                (Some(port), rest)
            }
            None => (None, rest),
        };
        let sane = !host.is_empty() && (rest.is_empty() || rest.starts_with([';', '?']));
        sane.then_some(Self { scheme, user, host, port, rest })
    }

    /// Whether both name the same server: scheme in any case, the default port said or not
    /// (§19.1.2).
    pub(crate) fn same_server(&self, other: &Self) -> bool {
        self.scheme.eq_ignore_ascii_case(other.scheme)
            && self.host == other.host
            && self.port_number() == other.port_number()
    }

    /// The port, by default that of the scheme; None if it isn't one.
    pub(crate) fn port_number(&self) -> Option<u16> {
        match self.port {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            Some(_) => None,
            None if self.scheme.eq_ignore_ascii_case("sips") => Some(5061),
            None => Some(5060),
        }
    }
}

/// Where the host ends: at the bracket of an IPv6 address, else before port, parameters, headers.
fn host_end(text: &str) -> Option<usize> {
    if text.starts_with('[') {
        return text.find(']').map(|bracket| bracket + 1);
    }
    Some(text.find([':', ';', '?']).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_as_they_are() {
        let cases = [
            ("sip:h", Some((None, "h", None, ""))),
            ("SIP:a:pw@h:5070;x=y?z=1", Some((Some("a:pw"), "h", Some("5070"), ";x=y?z=1"))),
            ("sips:a@[::1]:1", Some((Some("a"), "[::1]", Some("1"), ""))),
            ("sip:a@[::1];lr", Some((Some("a"), "[::1]", None, ";lr"))),
            ("sip:", None),
            ("sip:a@", None),
            ("sip:a@[::1", None),
            ("sip:a@[::1]x", None),
            ("tel:1", None),
            ("nonsense", None),
        ];
        for (text, parts) in cases {
            let parsed = SipUri::parse(text).map(|uri| (uri.user, uri.host, uri.port, uri.rest));
            assert_eq!(parsed, parts, "{text}");
        }
    }

    #[test]
    fn default_ports_and_scheme_case_make_no_difference() {
        let same =
            |one, other| SipUri::parse(one).unwrap().same_server(&SipUri::parse(other).unwrap());
        assert!(same("sip:a@h", "SIP:b@h:5060"));
        assert!(same("sips:h", "sips:h:5061"));
        assert!(!same("sip:h", "sip:h:5061"));
        assert!(!same("sip:h", "sips:h"));
        assert!(!same("sip:h", "sip:H2"));
        assert_eq!(SipUri::parse("sip:h:+5060").unwrap().port_number(), None);
    }
}
