//! What the OpenAPI document says of bodies. Types of their own, since the wire types are the model's
//! and know nothing of OpenAPI; tests hold the two together.

pub(crate) mod actions;
pub(crate) mod answers;
pub(crate) mod audit;
pub(crate) mod auth;
pub(crate) mod customer;
pub(crate) mod dialplan;
pub(crate) mod employee;
pub(crate) mod explain;
pub(crate) mod extension;
mod members;
pub(crate) mod parameters;
pub(crate) mod problem;
pub(crate) mod record;
pub(crate) mod resource;

use model::limits;
use schemars::Schema;
use serde_json::{Value, json};

/// The pattern of an id.
pub(crate) const ID: &str = "^[0-9a-fA-F]{24}$";

/// A schema from its JSON, which has to be an object.
fn schema(document: Value) -> Schema {
    Schema::try_from(document).unwrap_or_default()
}

/// A page of a list: `plural` is the array.
fn page(plural: &str, array: Value) -> Value {
    let count = || json!({ "type": "integer", "minimum": 0 });
    json!({
        "type": "object",
        "properties": { "offset": count(), "limit": count(), "total": count(), plural: array },
        "required": ["offset", "limit", "total", plural],
    })
}

fn id() -> Value {
    json!({ "type": "string", "pattern": ID })
}

/// Text on one line.
const LINE: &str = r"^[^\u0000-\u001f\u007f-\u009f]*$";

/// Text on one line that isn't blank.
const NAME: &str = concat!(
    r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f]",
    r"[^\u0000-\u001f\u007f-\u009f]*$"
);

fn name() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": limits::NAME_CHARACTERS, "pattern": NAME,
    })
}

fn nullable(kind: &str) -> Value {
    json!({ "type": [kind, "null"] })
}

fn date() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

/// A type that stands for a body in the document and nowhere else.
macro_rules! documented {
    ($(#[$meta:meta])* $name:ident, $generator:ident => $document:expr) => {
        $(#[$meta])*
        pub(crate) struct $name;

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema($generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::schema::schema($document)
            }
        }
    };
}
pub(crate) use documented;

documented! {
    /// It is done.
    Success, _generator => json!({
        "type": "object",
        "properties": { "success": { "type": "boolean", "const": true } },
        "required": ["success"],
    })
}
