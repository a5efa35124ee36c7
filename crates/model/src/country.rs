//! What a customer's country means for numbers: its calling code (ITU-T E.164) and the numbers that
//! reach help there.
//!
//! A country that isn't in the table has no national numbers: only on-net and `ANY` reach anything.

use crate::number::{E164, LocalNumber};

/// ISO 3166 country, calling code, emergency numbers beside 112.
const COUNTRIES: &[(&str, &str, &[&str])] = &[
    ("AT", "43", &["122", "133", "144"]),
    ("BE", "32", &["100", "101"]),
    ("BG", "359", &[]),
    ("CA", "1", &["911"]),
    ("CH", "41", &["117", "118", "144"]),
    ("CY", "357", &["199"]),
    ("CZ", "420", &["150", "155", "158"]),
    ("DE", "49", &["110"]),
    ("DK", "45", &[]),
    ("EE", "372", &[]),
    ("ES", "34", &["061", "080", "091"]),
    ("FI", "358", &[]),
    ("FO", "298", &[]),
    ("FR", "33", &["15", "17", "18"]),
    ("GB", "44", &["999"]),
    ("GL", "299", &[]),
    ("GR", "30", &["100", "166", "199"]),
    ("HR", "385", &["192", "193", "194"]),
    ("HU", "36", &["104", "105", "107"]),
    ("IE", "353", &["999"]),
    ("IS", "354", &[]),
    ("IT", "39", &["113", "115", "118"]),
    ("LI", "423", &["117", "118", "144"]),
    ("LT", "370", &[]),
    ("LU", "352", &["113"]),
    ("LV", "371", &["110", "113"]),
    ("MT", "356", &[]),
    ("NL", "31", &[]),
    ("NO", "47", &["110", "113"]),
    ("PL", "48", &["997", "998", "999"]),
    ("PT", "351", &[]),
    ("RO", "40", &[]),
    ("SE", "46", &[]),
    ("SI", "386", &["113"]),
    ("SK", "421", &["150", "155", "158"]),
    ("US", "1", &["911"]),
];

fn lookup(country: &str) -> Option<&'static (&'static str, &'static str, &'static [&'static str])> {
    COUNTRIES.iter().find(|(code, _, _)| *code == country)
}

/// How many countries are known here.
pub const COUNT: usize = COUNTRIES.len();

/// Whether a country is known here (ISO 3166, two capital letters).
pub fn is_known(country: &str) -> bool {
    lookup(country).is_some()
}

/// Whether a public number is one of the country's own.
pub fn is_national(number: &E164, country: &str) -> bool {
    let digits = number.as_str().trim_start_matches('+');
    lookup(country).is_some_and(|(_, calling_code, _)| digits.starts_with(calling_code))
}

/// Whether the digits reach help: 112 everywhere, and what the country adds.
pub fn is_emergency(number: &LocalNumber, country: &str) -> bool {
    let digits = number.as_str();
    digits == "112" || lookup(country).is_some_and(|(_, _, numbers)| numbers.contains(&digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_belongs_to_the_country_of_its_calling_code() {
        let danish = E164::parse("+4570305051").unwrap();
        assert!(is_national(&danish, "DK"));
        assert!(!is_national(&danish, "SE"));
        assert!(!is_national(&danish, "XX"));
    }

    #[test]
    fn help_is_112_everywhere_and_what_the_country_adds() {
        for (digits, country, help) in
            [("112", "XX", true), ("999", "GB", true), ("999", "DK", false), ("592", "DK", false)]
        {
            assert_eq!(is_emergency(&LocalNumber::parse(digits).unwrap(), country), help);
        }
    }
}
