//! Snapshots: indices follow changes, and old changes don't come back.

use model::access::Level;
use model::change::{Change, Changed};
use model::customer::Customer;
use model::directory::Directory;
use model::employee::{Employee, Presence};
use model::extension::Extension;
use model::id::{CustomerId, EmployeeId, ItemId};
use model::item::{ItemKind, Revision};
use model::number::LocalNumber;
use model::pii::Name;

const CUSTOMER: CustomerId = CustomerId::from_bytes([1; 12]);
const EMPLOYEE: EmployeeId = EmployeeId::from_bytes([2; 12]);
pub const A: ItemId = ItemId::from_bytes([3; 12]);
const B: ItemId = ItemId::from_bytes([4; 12]);

pub fn empty() -> Directory {
    Directory::empty(Customer::new(CUSTOMER, Name::new("Duckburg")))
}

fn change(revision: u64, changed: Vec<Changed>) -> Change {
    Change { customer: CUSTOMER, revision: Revision(revision), changed }
}

pub fn extension(id: ItemId, number: &str) -> Extension {
    let mut extension = Extension::new(id, CUSTOMER, Name::new("Reception"));
    extension.number = Some(LocalNumber::parse(number).unwrap());
    extension
}

pub fn item(extension: Extension) -> Changed {
    Changed::Item(ItemKind::Extension(extension))
}

fn employee(name: &str, presence: Presence) -> Changed {
    Changed::Employee(Employee {
        access_level: Level::Personal,
        presence,
        ..Employee::new(EMPLOYEE, CUSTOMER, Name::new(name))
    })
}

fn by_number(directory: &Directory, number: &str) -> Option<ItemId> {
    directory.item_by_number(&LocalNumber::parse(number).unwrap()).map(|item| item.id())
}

#[test]
fn numbers_can_be_swapped_in_one_change() {
    let before = empty().apply(&change(1, vec![item(extension(A, "1")), item(extension(B, "2"))]));
    let after = before.apply(&change(2, vec![item(extension(A, "2")), item(extension(B, "1"))]));
    assert_eq!((by_number(&after, "1"), by_number(&after, "2")), (Some(B), Some(A)));
    assert_eq!((by_number(&before, "1"), by_number(&before, "2")), (Some(A), Some(B)));
}

#[test]
fn a_number_is_free_again_once_its_item_is_gone() {
    let directory = empty()
        .apply(&change(1, vec![item(extension(A, "1"))]))
        .apply(&change(2, vec![Changed::ItemGone(A)]));
    assert_eq!(by_number(&directory, "1"), None);
}

#[test]
fn a_change_that_is_not_newer_changes_nothing() {
    let directory = empty().apply(&change(5, vec![item(extension(A, "1"))]));
    for revision in [4, 5] {
        assert_eq!(directory.apply(&change(revision, vec![item(extension(A, "2"))])), directory);
    }
}

#[test]
fn a_change_of_another_customer_changes_nothing() {
    let anothers = Change {
        customer: CustomerId::from_bytes([9; 12]),
        ..change(1, vec![item(extension(A, "592"))])
    };
    assert_eq!(empty().apply(&anothers), empty());
}

#[test]
fn the_name_follows_the_employee_and_presence_alone_keeps_the_revision() {
    let mut owned = extension(A, "1");
    owned.employee = Some(EMPLOYEE);
    let first = empty().apply(&change(1, vec![employee("Donald", Presence::Work), item(owned)]));
    assert_eq!(first.extension(A).unwrap().name.as_str(), "Donald");

    let away = first.apply(&change(2, vec![employee("Donald", Presence::OffWork)]));
    assert_eq!(away.item(A).unwrap().revision, Revision(1));

    let renamed = away.apply(&change(3, vec![employee("Donald Duck", Presence::OffWork)]));
    assert_eq!(renamed.extension(A).unwrap().name.as_str(), "Donald Duck");
    assert_eq!(renamed.item(A).unwrap().revision, Revision(3));
}
