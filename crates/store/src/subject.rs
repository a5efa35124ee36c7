//! What an id in a request may name.

use model::change::Changed;
use model::id::{CustomerId, EmployeeId, ItemId, NumberId, PhoneId};

/// Something that belongs to one customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A dialplan item; an extension is one.
    Item(ItemId),
    /// An employee.
    Employee(EmployeeId),
    /// A phone.
    Phone(PhoneId),
    /// A number.
    Number(NumberId),
    /// A customer, itself.
    Customer(CustomerId),
}

/// What a change is about, and whether it is there afterwards. Nothing that is looked up by id: none.
pub(crate) fn of(changed: &Changed) -> Option<(Subject, bool)> {
    match changed {
        Changed::Item(kind) => Some((Subject::Item(kind.id()), true)),
        Changed::ItemGone(id) => Some((Subject::Item(*id), false)),
        Changed::Employee(employee) => Some((Subject::Employee(employee.id), true)),
        Changed::EmployeeGone(id) => Some((Subject::Employee(*id), false)),
        Changed::Phone(phone) => Some((Subject::Phone(phone.id), true)),
        Changed::PhoneGone(id) => Some((Subject::Phone(*id), false)),
        Changed::Number(held) => Some((Subject::Number(held.id), true)),
        Changed::NumberGone(id) => Some((Subject::Number(*id), false)),
        Changed::Customer(customer) => Some((Subject::Customer(customer.id), true)),
        Changed::CustomerGone(id) => Some((Subject::Customer(*id), false)),
        Changed::Music(_) | Changed::Screened(_) | Changed::ScreenedGone(..) => None,
    }
}
