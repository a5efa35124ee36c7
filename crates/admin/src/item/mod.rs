//! Dialplan items: what all kinds have in common, and one file for each kind but the extension.

pub(crate) mod rules;

use crate::sent::{self, Body};
use model::directory::Directory;
use model::item::Item;
use model::member::{Kind, Member};
use serde_json::Value;

/// Shows each goto as `{_id, type, number, name}`; one whose item is gone stays an id.
pub(crate) fn expand_gotos(members: &[Member], document: &mut Body, directory: &Directory) {
    for member in members.iter().filter(|member| member.kind == Kind::Goto) {
        let id = sent::lookup(document, member.path).and_then(Value::as_str);
        let item = id.and_then(|id| id.parse().ok()).and_then(|id| directory.item(id));
        if let Some(summary) = item.map(|item| Item::summary(item)) {
            // Plain structs with string keys: serde_json has no way to fail on them.
            sent::set(document, member.path, serde_json::to_value(summary).unwrap_or_default());
        }
    }
}
