//! Bodies of the resources that have a table of members.

use super::members::object;
use super::{page, schema};
use crate::resource::Documented;
use admin::resource::{Made, Resource};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A resource as it is shown.
pub(crate) struct Shown<R>(PhantomData<R>);
/// The members of one to change.
pub(crate) struct Change<R>(PhantomData<R>);
/// The members of one to make.
pub(crate) struct New<R>(PhantomData<R>);
/// A page of them.
pub(crate) struct PageOf<R>(PhantomData<R>);

impl<R: Resource> JsonSchema for Shown<R> {
    fn schema_name() -> Cow<'static, str> {
        R::SCHEMA.into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut document = object(R::MEMBERS.iter(), true);
        forget(&mut document, R::MASKED);
        schema(open(document))
    }
}

impl<R: Documented> JsonSchema for Change<R> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Change", R::SCHEMA).into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schema(open(object(R::MEMBERS.iter(), false)))
    }
}

impl<R: Documented + Made> JsonSchema for New<R> {
    fn schema_name() -> Cow<'static, str> {
        format!("New{}", R::SCHEMA).into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut document = object(R::MEMBERS.iter(), false);
        let customer =
            R::MEMBERS.iter().map(|member| member.path).filter(|path| *path == "customer");
        let needed: Vec<&str> = customer.chain(R::NEEDED.iter().copied()).collect();
        if let Value::Object(document) = &mut document {
            document.insert("required".to_owned(), json!(needed));
        }
        schema(open(document))
    }
}

impl<R: Resource> JsonSchema for PageOf<R> {
    fn schema_name() -> Cow<'static, str> {
        format!("PageOf{}", R::SCHEMA).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut entry = generator.subschema_for::<Shown<R>>();
        if !R::CONDENSED.is_empty() {
            // Not `full`: some members only.
            entry = schema(json!({ "type": "object" }));
        }
        let array = json!({ "type": "array", "maxItems": R::LIMITS.most, "items": entry });
        schema(page(R::PLURAL, array))
    }
}

/// Members that aren't known here are kept, or refused by name: the document leaves both open.
fn open(mut document: Value) -> Value {
    if let Value::Object(document) = &mut document {
        document.insert("additionalProperties".to_owned(), json!(true));
    }
    document
}

/// Members that not everybody is shown can't be promised.
fn forget(document: &mut Value, members: &[&str]) {
    if let Some(Value::Array(required)) = document.get_mut("required") {
        required.retain(|name| name.as_str().is_none_or(|name| !members.contains(&name)));
    }
}
