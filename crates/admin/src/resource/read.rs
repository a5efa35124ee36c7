//! Showing a resource: its members in the order of their table, then what else was sent with it.

use super::Resource;
use crate::etag::{Seen, json};
use crate::item::expand_gotos;
use crate::sent::{self, Body};
use crate::{Admin, AdminError, permit};
use model::access::{Operation, Permit, Principal, View};
use model::directory::Directory;
use model::member::Kind;
use serde_json::{Map, Value};

/// Where members that aren't known here are stored.
pub(super) const EXTRA: &str = "extra";

impl Admin {
    /// The resource as this principal may see it.
    pub async fn read_resource<R: Resource>(
        &self,
        who: &Principal,
        id: R::Id,
        expand_goto: bool,
    ) -> Result<Seen, AdminError> {
        let target = self.0.store.target(R::subject(id)).await?;
        let permit = permit(who, Operation::Read(R::NOUN), target.as_ref())?;
        self.read_permitted::<R>(&permit, id, expand_goto).await
    }

    /// The same, once it is known who may.
    pub(crate) async fn read_permitted<R: Resource>(
        &self,
        permit: &Permit,
        id: R::Id,
        expand_goto: bool,
    ) -> Result<Seen, AdminError> {
        let directory = self.0.store.directory(permit).await?;
        let resource = R::lookup(&directory, id).ok_or(AdminError::NotFound)?;
        let seen = seen(&resource, &directory, permit);
        Ok(if expand_goto { expanded(&resource, &directory, permit, seen) } else { seen })
    }
}

/// The resource as the permit lets see it, with its version.
pub(crate) fn seen<R: Resource>(resource: &R, directory: &Directory, permit: &Permit) -> Seen {
    resource.seen(directory, json(&shown(resource, directory, permit.view())))
}

/// The same with its gotos as what they point at.
fn expanded<R: Resource>(
    resource: &R,
    directory: &Directory,
    permit: &Permit,
    plain: Seen,
) -> Seen {
    if !R::has_gotos() {
        return plain;
    }
    let mut document = shown(resource, directory, permit.view());
    expand_gotos(R::MEMBERS, &mut document, directory);
    plain.with_more(json(&document))
}

/// The resource as JSON, as far as it may be seen.
pub(crate) fn shown<R: Resource>(resource: &R, directory: &Directory, view: View) -> Body {
    let (mut document, extra) = document(resource);
    resource.show(directory, &mut document);
    if view == View::Masked {
        R::MASKED.iter().for_each(|member| {
            document.shift_remove(*member);
        });
    } else {
        document.extend(extra);
    }
    document
}

/// The members of a resource that are stored, in the order of their table, and what else was sent
/// with it.
pub(super) fn document<R: Resource>(resource: &R) -> (Body, Body) {
    let mut stored = match serde_json::to_value(resource) {
        Ok(Value::Object(members)) => members,
        // Plain structs with string keys: serde_json has no way to fail on them.
        _ => Map::new(),
    };
    let extra = match stored.shift_remove(EXTRA) {
        Some(Value::Object(extra)) => extra,
        _ => Map::new(),
    };
    let mut document = Map::new();
    for member in R::MEMBERS.iter().filter(|member| member.kind != Kind::Password) {
        let value = sent::lookup(&stored, member.path).cloned().unwrap_or(Value::Null);
        sent::place(&mut document, member.path, value);
    }
    (document, extra)
}
