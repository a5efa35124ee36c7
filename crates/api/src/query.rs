//! Query parameters: known ones are read strictly, unknown ones are ignored (docs/API.md section 1).

use crate::problem::Problem;
use admin::{Limits, ListQuery};
use axum::extract::Query;
use axum::http::Uri;
use model::time::Wall;
use std::num::IntErrorKind;
use std::str::FromStr;

/// The last value of a parameter.
pub(crate) fn lookup(uri: &Uri, name: &str) -> Option<String> {
    uri.query()?;
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.into_iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Every value of a parameter, repeated as `name` or `name[]`.
pub(crate) fn all(uri: &Uri, name: &str) -> Vec<String> {
    let pairs = uri.query().and_then(|_| Query::<Vec<(String, String)>>::try_from_uri(uri).ok());
    let pairs = pairs.map(|Query(pairs)| pairs).unwrap_or_default();
    let is_it = |key: &str| key.strip_suffix("[]").unwrap_or(key) == name;
    pairs.into_iter().filter(|(key, _)| is_it(key)).map(|(_, value)| value).collect()
}

/// A boolean parameter; left out, false.
pub(crate) fn flag(uri: &Uri, name: &str) -> Result<bool, Problem> {
    Ok(optional_flag(uri, name)?.unwrap_or_default())
}

/// A boolean parameter; left out, none.
pub(crate) fn optional_flag(uri: &Uri, name: &str) -> Result<Option<bool>, Problem> {
    let Some(value) = lookup(uri, name) else { return Ok(None) };
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(Some(true)),
        "false" | "0" => Ok(Some(false)),
        _ => Err(Problem::bad_request(format!("{name} has to be true, false, 1 or 0"))),
    }
}

/// A number. Its `+`, sent as it is, arrives as a space.
pub(crate) fn number(uri: &Uri, name: &str) -> Option<String> {
    let text = lookup(uri, name)?;
    let plus = text.strip_prefix(' ').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    Some(plus.map_or(text.clone(), |digits| format!("+{digits}")))
}

/// Entries to pass over, and at most how many to show; cut to the maximum.
pub(crate) fn page(uri: &Uri, limits: Limits) -> Result<(u32, u32), Problem> {
    let (offset, limit) = paging(uri)?;
    let limit = limit.unwrap_or(limits.default).min(limits.most);
    let [offset, limit] = [offset, limit].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
    Ok((offset, limit))
}

/// An instant (RFC 3339); left out, none. Its `+`, sent as it is, arrives as a space.
pub(crate) fn instant(uri: &Uri, name: &str) -> Result<Option<Wall>, Problem> {
    let Some(text) = lookup(uri, name) else { return Ok(None) };
    let instant = serde_json::from_value(text.replace(' ', "+").into());
    instant.map(Some).map_err(|_| {
        Problem::bad_request(format!("{name} has to be a date like 2019-01-01T00:00:00Z"))
    })
}

/// The parameters of a list (docs/API.md section 1).
pub(crate) fn list(uri: &Uri) -> Result<ListQuery, Problem> {
    let (offset, limit) = paging(uri)?;
    Ok(ListQuery {
        offset,
        limit,
        filter: lookup(uri, "filter").filter(|text| !text.is_empty()),
        sort: lookup(uri, "sort").filter(|text| !text.is_empty()),
        full: flag(uri, "full")?,
        available: flag(uri, "available")?,
        expand_goto: flag(uri, "expandGoto")?,
        customer: id(uri, "customer")?,
    })
}

fn paging(uri: &Uri) -> Result<(usize, Option<usize>), Problem> {
    let limit = count(uri, "limit")?;
    if limit == Some(0) {
        return Err(Problem::bad_request("limit has to be at least 1"));
    }
    Ok((count(uri, "offset")?.unwrap_or_default(), limit))
}

/// A whole number, 0 or more; left out, none. One that is too large to be told counts as the largest.
pub(crate) fn count(uri: &Uri, name: &str) -> Result<Option<usize>, Problem> {
    let Some(text) = lookup(uri, name) else { return Ok(None) };
    match text.parse() {
        Ok(count) => Ok(Some(count)),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => Ok(Some(usize::MAX)),
        Err(_) => Err(Problem::bad_request(format!("{name} has to be a whole number"))),
    }
}

/// An id; left out, none.
pub(crate) fn id<T: FromStr>(uri: &Uri, name: &str) -> Result<Option<T>, Problem> {
    let wrong = |_| Problem::bad_request(format!("{name} has to be 24 hex digits"));
    lookup(uri, name).map(|text| text.parse().map_err(wrong)).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_is_read_whole_or_as_the_space_that_it_became() {
        for (query, value) in [
            ("/?n=%2B4570305051", Some("+4570305051")),
            ("/?n=+4570305051", Some("+4570305051")),
            ("/?n=+45*", Some("+45*")),
            ("/?n=592", Some("592")),
            ("/?n=+", Some(" ")),
            ("/?m=592", None),
        ] {
            assert_eq!(number(&query.parse().unwrap(), "n").as_deref(), value, "{query}");
        }
    }

    #[test]
    fn a_count_has_no_upper_end() {
        for (query, value) in [
            ("/", Some(None)),
            ("/?n=7", Some(Some(7))),
            ("/?n=2364984434016997360009216", Some(Some(usize::MAX))),
            ("/?n=-1", None),
            ("/?n=-2364984434016997360009216", None),
            ("/?n=1.5", None),
            ("/?n=", None),
        ] {
            assert_eq!(count(&query.parse().unwrap(), "n").ok(), value, "{query}");
        }
    }

    #[test]
    fn flags_are_read_in_any_case_and_nothing_else_is_taken() {
        for (query, value) in [
            ("/", Some(false)),
            ("/?f=true", Some(true)),
            ("/?f=TRUE&g=yes", Some(true)),
            ("/?f=1", Some(true)),
            ("/?f=False", Some(false)),
            ("/?f=0", Some(false)),
            ("/?f=%31", Some(true)),
            ("/?f=", None),
            ("/?f", None),
            ("/?f=yes", None),
        ] {
            assert_eq!(flag(&query.parse().unwrap(), "f").ok(), value, "{query}");
        }
    }
}
