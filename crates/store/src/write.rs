//! What can be asked of the writer, and what of it is decided without SQL: whose it is, and in which
//! order it is made.

use crate::error::WriteError;
use crate::token::NewToken;
use model::audit::Author;
use model::change::Changed;
use model::customer::Customer;
use model::id::{CustomerId, ItemId};
use model::item::Revision;
use model::phone::SipAccount;
use model::screen::{ScreenList, ScreenNumber, Screened};

/// One transaction on one customer's settings.
#[derive(Clone, Debug)]
pub struct Write {
    /// What must not have changed meanwhile (If-Match), else `WriteError::Stale`.
    pub based_on: Option<Basis>,
    /// What everything is to be. Things to be removed go last, whatever their place here.
    pub changed: Vec<Changed>,
}

/// What a writer saw.
#[derive(Clone, Debug)]
pub enum Basis {
    /// The item at this revision.
    Item(ItemId, Revision),
    /// All that the customer has, at this revision.
    Customer(Revision),
    /// This thing like this.
    Unchanged(Box<Changed>),
}

/// A customer to be made with everything it starts with.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Who makes it.
    pub by: Author,
    /// The customer.
    pub customer: Customer,
    /// Its employees, items, phones and music.
    pub changed: Vec<Changed>,
    /// What its phones prove themselves with.
    pub accounts: Vec<SipAccount>,
    /// Tokens of its employees.
    pub tokens: Vec<NewToken>,
}

/// Checks that everything belongs to the customer. What is to be removed shows in SQL.
pub(crate) fn check_owner(customer: CustomerId, changed: &[Changed]) -> Result<(), WriteError> {
    let foreign = |changed: &Changed| owner(changed).is_some_and(|owner| owner != customer);
    if changed.iter().any(foreign) { Err(WriteError::WrongCustomer) } else { Ok(()) }
}

fn owner(changed: &Changed) -> Option<CustomerId> {
    match changed {
        Changed::Customer(customer) => Some(customer.id),
        Changed::CustomerGone(id) => Some(*id),
        Changed::Item(kind) => Some(kind.customer()),
        Changed::Employee(employee) => Some(employee.customer),
        Changed::Phone(phone) => Some(phone.customer),
        Changed::Music(music) => Some(music.customer),
        Changed::Number(held) => Some(held.customer),
        Changed::Screened(screened) => Some(screened.customer),
        Changed::ItemGone(_)
        | Changed::ScreenedGone(..)
        | Changed::EmployeeGone(_)
        | Changed::PhoneGone(_)
        | Changed::NumberGone(_) => None,
    }
}

/// Sorts so that nothing comes before what it points at; removals go last, the other way round. The
/// published change has the same order, so that memory and rows come to the same.
pub(crate) fn order(changed: &mut [Changed]) {
    changed.sort_by_key(|changed| match changed {
        Changed::Customer(_) => 0,
        Changed::Music(_) => 1,
        Changed::Number(_) => 2,
        Changed::Employee(_) => 3,
        Changed::Item(_) => 4,
        Changed::Phone(_) => 5,
        Changed::Screened(_) => 5,
        Changed::ScreenedGone(..) => 6,
        Changed::PhoneGone(_) => 6,
        Changed::ItemGone(_) => 7,
        Changed::EmployeeGone(_) => 8,
        Changed::NumberGone(_) => 9,
        Changed::CustomerGone(_) => 10,
    });
}

/// How the change feed names an entry of a list.
pub(crate) fn screen_entry(extension: &str, list: &str, number: &str) -> String {
    format!("{extension} {list} {number}")
}

/// What `screen_entry` wrote.
pub(crate) fn parse_screen_entry(name: &str) -> Option<(ItemId, ScreenList, ScreenNumber)> {
    let mut parts = name.split(' ');
    let extension = parts.next()?.parse().ok()?;
    let list = ScreenList::parse(parts.next()?)?;
    Some((extension, list, ScreenNumber::parse(parts.next()?).ok()?))
}

/// How the change feed names a thing: its kind and its id.
pub(crate) fn feed_entry(changed: &Changed) -> (&'static str, String) {
    match changed {
        Changed::Customer(customer) => ("customer", customer.id.to_string()),
        Changed::CustomerGone(id) => ("customer", id.to_string()),
        Changed::Music(music) => ("music", music.id.to_string()),
        Changed::Employee(employee) => ("employee", employee.id.to_string()),
        Changed::Item(kind) => ("item", kind.id().to_string()),
        Changed::Phone(phone) => ("phone", phone.id.to_string()),
        Changed::PhoneGone(id) => ("phone", id.to_string()),
        Changed::Number(held) => ("number", held.id.to_string()),
        Changed::NumberGone(id) => ("number", id.to_string()),
        Changed::Screened(Screened { extension, list, entry, .. }) => {
            let extension = extension.to_string();
            ("screen", screen_entry(&extension, list.as_str(), entry.number.as_str()))
        }
        Changed::ScreenedGone(id, list, number) => {
            ("screen", screen_entry(&id.to_string(), list.as_str(), number.as_str()))
        }
        Changed::ItemGone(id) => ("item", id.to_string()),
        Changed::EmployeeGone(id) => ("employee", id.to_string()),
    }
}
