//! Parameters, as the extractors in `request` put them into the document.

use super::{ID, schema};
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

/// A boolean in the query.
pub(crate) fn flag(context: &mut GenContext, operation: &mut Operation, name: &str, about: &str) {
    let described = json!({ "type": "boolean", "default": false, "description": about });
    add(context, operation, ParamLocation::Query, (name, false, described));
}

/// A header.
pub(crate) fn header(context: &mut GenContext, operation: &mut Operation, name: &str, about: &str) {
    let described = json!({ "type": "string", "description": about });
    add(context, operation, ParamLocation::Header, (name, false, described));
}
