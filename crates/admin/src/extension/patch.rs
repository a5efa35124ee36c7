//! Which members a body really changes: a member that is sent with the value it has changes nothing,
//! whoever may write it, so that what was read can be sent back.

use super::{PATHS, value};
use crate::error::Fault;
use crate::sent::{self, Body};
use model::extension::members::{MEMBERS, Member};
use serde_json::Value;

/// A member and the value that it is to have.
#[derive(Clone, Debug)]
pub(super) struct MemberChange {
    pub(super) member: &'static Member,
    pub(super) value: Value,
}

/// What a body comes to. The changes beside a fault are still looked at, so that everything that is
/// wrong is told at once.
#[derive(Debug)]
pub(super) struct Patch {
    /// In the seed's order.
    pub(super) changes: Vec<MemberChange>,
    /// Values that no such member can have, and members that there aren't.
    pub(super) faults: Vec<Fault>,
}

/// What the body changes of the extension that is `current` as JSON.
pub(super) fn changes(body: &Body, current: &Body) -> Patch {
    let mut faults = sent::unknown(body, &PATHS);
    let mut changes = Vec::new();
    let follows_employee = has_employee(body, current);
    for member in MEMBERS {
        let Some(given) = sent::lookup(body, member.path) else { continue };
        if member.path == "name" && follows_employee {
            continue;
        }
        match value::read(member, given) {
            Ok(value) if value == *kept(current, member) => {}
            Ok(value) => changes.push(MemberChange { member, value }),
            Err(detail) => faults.push(Fault::of(member.path, detail)),
        }
    }
    Patch { changes, faults }
}

/// The members that a body sends, whatever their values.
pub(super) fn members_sent(body: &Body) -> Vec<String> {
    let sent = PATHS.iter().filter(|path| sent::lookup(body, path).is_some());
    sent.map(|path| (*path).to_owned()).collect()
}

/// The value that a member has; one that isn't shown is null.
fn kept<'a>(current: &'a Body, member: &Member) -> &'a Value {
    sent::lookup(current, member.path).unwrap_or(&Value::Null)
}

/// Whether the extension has an employee after the change: its name is the employee's then.
fn has_employee(body: &Body, current: &Body) -> bool {
    let employee = body.get("employee").or_else(|| current.get("employee"));
    employee.is_some_and(|employee| !employee.is_null())
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::extension::Extension;
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

    fn changed(body: Value, employee: Option<EmployeeId>) -> Vec<(&'static str, Value)> {
        let patch = changes(&object(body), &current(employee));
        assert!(patch.faults.is_empty(), "{patch:?}");
        patch.changes.into_iter().map(|change| (change.member.path, change.value)).collect()
    }

    #[test]
    fn what_was_read_sent_back_changes_nothing() {
        let read = current(Some(EmployeeId::from_bytes([3; 12])));
        assert!(changes(&read, &read).changes.is_empty());
        let date_unset = object(json!({"employeeDeleteDate": null}));
        assert!(changes(&date_unset, &read).changes.is_empty());
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
        assert_eq!(changed(body, None), expected);
    }

    #[test]
    fn a_name_sent_with_an_employee_is_ignored() {
        let employee = EmployeeId::from_bytes([3; 12]);
        assert_eq!(changed(json!({"name": "Daisy"}), Some(employee)), vec![]);
        assert_eq!(changed(json!({"name": 5}), Some(employee)), vec![]);
        assert_eq!(changed(json!({"name": "Daisy"}), None), vec![("name", json!("Daisy"))]);
        let leaves = json!({"name": "Daisy", "employee": null});
        let expected = vec![("name", json!("Daisy")), ("employee", json!(null))];
        assert_eq!(changed(leaves, Some(employee)), expected);
        let joins = json!({"name": "Daisy", "employee": employee.to_string()});
        assert_eq!(changed(joins, None), vec![("employee", json!(employee.to_string()))]);
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
        let mut faults = changes(&object(body), &current(None)).faults;
        sent::sort(&mut faults, &PATHS);
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
