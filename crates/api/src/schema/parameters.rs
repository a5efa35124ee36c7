//! Parameters, as the extractors in `request` put them into the document.

use super::{ID, answers, schema};
use admin::Limits;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema};
use serde_json::{Value, json};

fn add(
    context: &mut GenContext,
    operation: &mut Operation,
    place: ParamLocation,
    (name, required, described): (&str, bool, Value),
) {
    match place {
        ParamLocation::Query => answers::add(operation, &[400]),
        ParamLocation::Path => answers::add(operation, &[400, 404]),
        ParamLocation::Header | ParamLocation::Cookie => {}
    }
    let required: &[&str] = if required { &[name] } else { &[] };
    let holder =
        json!({ "type": "object", "properties": { name: described }, "required": required });
    let parameters = parameters_from_schema(context, schema(holder), place);
    add_parameters(context, operation, parameters);
}

/// `{id}` in the path.
pub(crate) fn path_id(context: &mut GenContext, operation: &mut Operation) {
    let described = json!({ "type": "string", "pattern": ID, "description": "24 hex digits." });
    add(context, operation, ParamLocation::Path, ("id", true, described));
}

/// Something else in the path.
pub(crate) fn path_text(
    context: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    (pattern, about): (&str, &str),
) {
    let described = json!({ "type": "string", "pattern": pattern, "description": about });
    add(context, operation, ParamLocation::Path, (name, true, described));
}

/// A required id in the query.
pub(crate) fn query_id(
    context: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    about: &str,
) {
    let described = json!({ "type": "string", "pattern": ID, "description": about });
    add(context, operation, ParamLocation::Query, (name, true, described));
}

/// An id in the query that may be left out.
pub(crate) fn optional_id(
    context: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    about: &str,
) {
    let described = json!({ "type": "string", "pattern": ID, "description": about });
    add(context, operation, ParamLocation::Query, (name, false, described));
}

/// Anything else in the query.
pub(crate) fn anything(
    context: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    described: Value,
) {
    add(context, operation, ParamLocation::Query, (name, false, described));
}

/// A boolean in the query.
pub(crate) fn flag(context: &mut GenContext, operation: &mut Operation, name: &str, about: &str) {
    let described = json!({ "type": "boolean", "default": false, "description": about });
    add(context, operation, ParamLocation::Query, (name, false, described));
}

/// A parameter that may have to be there, described by the type of its member.
pub(crate) fn query(
    context: &mut GenContext,
    operation: &mut Operation,
    (name, required, kind, about): (&str, bool, &str, &str),
) {
    let described = json!({ "type": kind, "description": about });
    add(context, operation, ParamLocation::Query, (name, required, described));
}

/// A day in the query.
pub(crate) fn date(context: &mut GenContext, operation: &mut Operation, name: &str, about: &str) {
    let described = json!({ "type": "string", "format": "date", "description": about });
    add(context, operation, ParamLocation::Query, (name, false, described));
}

/// An instant in the query.
pub(crate) fn instant(
    context: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    about: &str,
) {
    let described = json!({ "type": "string", "format": "date-time", "description": about });
    add(context, operation, ParamLocation::Query, (name, false, described));
}

/// A header.
pub(crate) fn header(
    context: &mut GenContext,
    operation: &mut Operation,
    name: &str,
    (pattern, about): (Option<&str>, &str),
) {
    let described = match pattern {
        Some(pattern) => json!({ "type": "string", "pattern": pattern, "description": about }),
        None => json!({ "type": "string", "description": about }),
    };
    add(context, operation, ParamLocation::Header, (name, false, described));
}

/// Which page of a list.
pub(crate) fn page(context: &mut GenContext, operation: &mut Operation, limits: Limits) {
    let about = "At most so many; more are cut to the maximum, as `limit` of the reply says.";
    for (name, described) in [
        ("offset", json!({ "type": "integer", "minimum": 0, "default": 0 })),
        (
            "limit",
            json!({
                "type": "integer", "minimum": 1, "default": limits.default,
                "description": format!("{about} Maximum {}.", limits.most),
            }),
        ),
    ] {
        add(context, operation, ParamLocation::Query, (name, false, described));
    }
}

/// The parameters of a list.
pub(crate) fn list(
    context: &mut GenContext,
    operation: &mut Operation,
    limits: Limits,
    sorts: &[&str],
) {
    let words: Vec<String> =
        sorts.iter().flat_map(|sort| [(*sort).to_owned(), format!("-{sort}")]).collect();
    page(context, operation, limits);
    for (name, described) in [
        ("filter", json!({ "type": "string", "description": "Text that a value has in it." })),
        ("sort", json!({ "type": "string", "enum": words })),
        ("full", json!({ "type": "boolean", "default": false, "description": "Every member." })),
        (
            "customer",
            json!({ "type": "string", "pattern": ID, "description": "Whose; your own unless said." }),
        ),
    ] {
        add(context, operation, ParamLocation::Query, (name, false, described));
    }
}
