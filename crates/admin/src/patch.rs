//! Which members a body really changes: a member that is sent with the value it has changes nothing,
//! whoever may write it, so that what was read can be sent back.

use crate::error::Fault;
use crate::sent::{self, Body};
use crate::value;
use model::limits::EXTRA_BYTES;
use model::member::Member;
use serde_json::Value;

/// A member and the value that it is to have.
#[derive(Clone, Debug)]
pub struct MemberChange {
    pub(crate) member: &'static Member,
    pub(crate) value: Value,
}

/// What a body comes to. The changes beside a fault are still looked at, so that everything that is
/// wrong is told at once.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    /// In the order of the members.
    pub(crate) changes: Vec<MemberChange>,
    /// Values that no such member can have, and members that there aren't.
    pub(crate) faults: Vec<Fault>,
}

/// What the body changes of the thing that is `current` as JSON. Members in `ignored` don't count,
/// whatever is sent.
pub(crate) fn changes(
    members: &'static [Member],
    body: &Body,
    current: &Body,
    ignored: &[&str],
) -> Patch {
    let mut faults = sent::unknown(body, &paths(members));
    let mut changes = Vec::new();
    for member in members.iter().filter(|member| !ignored.contains(&member.path)) {
        let Some(given) = sent::lookup(body, member.path) else { continue };
        match value::read(member, given) {
            Ok(value) if value == *kept(current, member) => {}
            Ok(value) => changes.push(MemberChange { member, value }),
            Err(detail) => faults.push(Fault::of(member.path, detail)),
        }
    }
    Patch { changes, faults }
}

/// Takes what isn't a member out of a body, and keeps it beside what was kept before: stored as it was
/// sent, without effect. Null forgets one.
pub(crate) fn take_extra(
    members: &'static [Member],
    body: &mut Body,
    before: &Body,
) -> Result<Body, Fault> {
    let known = |name: &str| {
        let of = |member: &Member| member.path.split('.').next() == Some(name);
        members.iter().any(of)
    };
    let mut extra = before.clone();
    let (kept, unknown): (Body, Body) =
        std::mem::take(body).into_iter().partition(|(name, _)| known(name));
    *body = kept;
    for (name, value) in unknown {
        match value {
            Value::Null => extra.shift_remove(&name),
            value => extra.insert(name, value),
        };
    }
    let bytes = serde_json::to_vec(&extra).map_or(0, |json| json.len());
    if bytes > EXTRA_BYTES {
        let detail = format!("members that aren't known here come to at most {EXTRA_BYTES} bytes");
        return Err(Fault::of("extra", detail));
    }
    Ok(extra)
}

/// The paths of the members, in their order.
pub(crate) fn paths(members: &[Member]) -> Vec<&'static str> {
    members.iter().map(|member| member.path).collect()
}

/// The members that a body sends, whatever their values.
pub(crate) fn members_sent(members: &[Member], body: &Body) -> Vec<String> {
    let sent = members.iter().filter(|member| sent::lookup(body, member.path).is_some());
    sent.map(|member| member.path.to_owned()).collect()
}

/// The value that a member has; one that isn't shown is null.
fn kept<'a>(current: &'a Body, member: &Member) -> &'a Value {
    sent::lookup(current, member.path).unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::extension::Extension;
    use model::extension::members::MEMBERS;
    use model::id::{CustomerId, EmployeeId, ItemId};
    use model::pii::Name;
    use serde_json::json;

    fn object(value: Value) -> Body {
        value.as_object().unwrap().clone()
    }

    fn current(employee: Option<EmployeeId>) -> Body {
        let (id, customer) = (ItemId::from_bytes([1; 12]), CustomerId::from_bytes([2; 12]));
        let mut extension = Extension::new(id, customer, Name::new("Donald Duck"));
        extension.employee = employee;
        object(serde_json::to_value(extension).unwrap())
    }

    fn changed(body: Value) -> Vec<(&'static str, Value)> {
        let patch = changes(MEMBERS, &object(body), &current(None), &[]);
        assert!(patch.faults.is_empty(), "{patch:?}");
        patch.changes.into_iter().map(|change| (change.member.path, change.value)).collect()
    }

    #[test]
    fn what_was_read_sent_back_changes_nothing() {
        let read = current(Some(EmployeeId::from_bytes([3; 12])));
        assert!(changes(MEMBERS, &read, &read, &[]).changes.is_empty());
        let date_unset = object(json!({"employeeDeleteDate": null}));
        assert!(changes(MEMBERS, &date_unset, &read, &[]).changes.is_empty());
    }

    #[test]
    fn only_members_sent_with_another_value_change_in_the_seeds_order() {
        let body = json!({
            "busy": {"intAction": "NUMBER", "extAction": "BUSY", "intNumber": "100"},
            "redirect": "593",
            "callWaiting": true,
            "noAnswer": {},
        });
        let expected = vec![
            ("redirect", json!("593")),
            ("busy.intAction", json!("NUMBER")),
            ("busy.intNumber", json!("100")),
        ];
        assert_eq!(changed(body), expected);
    }

    #[test]
    fn members_that_are_ignored_change_nothing_whatever_is_sent() {
        let read = current(None);
        let body = object(json!({"name": 5}));
        let patch = changes(MEMBERS, &body, &read, &["name"]);
        assert!(patch.changes.is_empty() && patch.faults.is_empty());
    }

    #[test]
    fn what_is_not_a_member_is_kept_as_sent_until_null_forgets_it() {
        let mut body = object(json!({"name": "x", "sidePanel": 2, "busy": {"extAction": "BUSY"}}));
        let extra = take_extra(MEMBERS, &mut body, &object(json!({"old": 1}))).unwrap();
        assert_eq!(Value::Object(extra.clone()), json!({"old": 1, "sidePanel": 2}));
        assert!(body.contains_key("name") && body.contains_key("busy"));
        let mut body = object(json!({"old": null}));
        let extra = take_extra(MEMBERS, &mut body, &extra).unwrap();
        assert_eq!(Value::Object(extra), json!({"sidePanel": 2}));
        let mut body = object(json!({"large": "x".repeat(EXTRA_BYTES)}));
        assert!(take_extra(MEMBERS, &mut body, &Body::new()).is_err());
    }

    #[test]
    fn every_value_that_is_wrong_is_a_fault() {
        let body = json!({
            "zzz": 1,
            "outbound": {"destinations": "MARS", "callerId": {"colour": 1}},
            "noAnswer": 5,
            "mobileDelay": 4,
            "redirect": "no number",
            "customer": null,
        });
        let mut faults = changes(MEMBERS, &object(body), &current(None), &[]).faults;
        sent::sort(&mut faults, &paths(MEMBERS));
        let members: Vec<_> = faults.iter().map(|fault| fault.member.as_str()).collect();
        let expected = [
            "customer",
            "redirect",
            "mobileDelay",
            "noAnswer",
            "outbound.destinations",
            "zzz",
            "outbound.callerId.colour",
        ];
        assert_eq!(members, expected);
    }
}
