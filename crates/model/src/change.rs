//! Changes to one customer's settings: what a write transaction commits, what the change feed
//! carries and what `Directory::apply` takes.

use crate::customer::Customer;
use crate::employee::Employee;
use crate::held::HeldNumber;
use crate::id::{CustomerId, EmployeeId, ItemId, NumberId, PhoneId};
use crate::item::{ItemKind, Revision};
use crate::music::MusicClass;
use crate::phone::Phone;
use crate::screen::{ScreenList, ScreenNumber, Screened};

/// One thing as it is after the change.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// The customer itself.
    Customer(Customer),
    /// The customer is gone; it had nothing any more.
    CustomerGone(CustomerId),
    /// An item was made or changed.
    Item(ItemKind),
    /// An item is gone.
    ItemGone(ItemId),
    /// An employee was made or changed.
    Employee(Employee),
    /// An employee is gone.
    EmployeeGone(EmployeeId),
    /// A phone was made or changed.
    Phone(Phone),
    /// A phone is gone.
    PhoneGone(PhoneId),
    /// A number was taken on or changed.
    Number(HeldNumber),
    /// A number was given back.
    NumberGone(NumberId),
    /// A number was put on an extension's whitelist or blocklist, or renamed there.
    Screened(Screened),
    /// A number was taken off.
    ScreenedGone(ItemId, ScreenList, ScreenNumber),
    /// A music on hold class was made or changed.
    Music(MusicClass),
}

/// Everything that one transaction changed in one customer.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The customer.
    pub customer: CustomerId,
    /// The customer's revision after it.
    pub revision: Revision,
    /// What changed, in order.
    pub changed: Vec<Changed>,
}
