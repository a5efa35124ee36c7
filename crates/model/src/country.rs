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

/// The public number that people of a country mean by this text: `+` or `00` and the whole number, else
/// a national one, with or without what is dialled before those (`prefix`; a 0 unless it is known, which
/// in Italy belongs to the number). Blanks, dots, dashes and brackets are how people write.
pub fn public_number(text: &str, country: &str, prefix: Option<&str>) -> Option<E164> {
    let digits: String =
        text.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect();
    if let Some(whole) = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00")) {
        return E164::parse(&format!("+{whole}")).ok();
    }
    let (_, calling_code, _) = lookup(country)?;
    let usual = if country == "IT" { "" } else { "0" };
    let prefix = prefix.filter(|prefix| !prefix.is_empty()).unwrap_or(usual);
    let national = digits.strip_prefix(prefix).unwrap_or(&digits);
    E164::parse(&format!("+{calling_code}{national}")).ok()
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
    fn numbers_are_read_as_people_of_a_country_write_them() {
        for (text, country, prefix, number) in [
            ("70 30 50 51", "DK", None, Some("+4570305051")),
            ("+45 70305051", "SE", None, Some("+4570305051")),
            ("0045-7030.5051", "SE", None, Some("+4570305051")),
            ("(08) 123 456 78", "SE", None, Some("+46812345678")),
            ("06 1234567", "IT", None, Some("+39061234567")),
            ("06 1 234 5678", "HU", Some("06"), Some("+3612345678")),
            ("70305051", "XX", None, None),
            ("duck", "DK", None, None),
            ("", "DK", None, None),
            ("70305051703050517", "DK", None, None),
        ] {
            let read = public_number(text, country, prefix);
            assert_eq!(read.as_ref().map(E164::as_str), number, "{text} {country}");
        }
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
