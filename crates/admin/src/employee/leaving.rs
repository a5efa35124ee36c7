//! What an employee's deletion changes: its extensions stay without it, or go. Pure; knows neither who
//! asks nor when.

use crate::reference::{Reference, to_item};
use model::change::Changed;
use model::directory::Directory;
use model::extension::Extension;
use model::id::{EmployeeId, ItemId};
use model::item::ItemKind;
use model::limits::REFERENCES_SHOWN;
use model::phone::{Line, Phone};

/// What goes with an employee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Taking {
    /// Its extensions.
    pub(super) extensions: bool,
    /// Its mobiles of the platform's network.
    pub(super) mvno_accounts: bool,
}

/// Everything that the deletion changes. What still points at what goes points nowhere afterwards.
pub(super) fn changes(directory: &Directory, employee: EmployeeId, taking: Taking) -> Vec<Changed> {
    let mut changed = vec![Changed::EmployeeGone(employee)];
    for extension in directory.extensions_of(employee) {
        for phone in directory.phones_of(extension.id) {
            changed.extend(of_phone(phone, taking));
        }
        changed.push(if taking.extensions {
            Changed::ItemGone(extension.id)
        } else {
            Changed::Item(ItemKind::Extension(unlinked(extension)))
        });
    }
    let gone = going(directory, employee, taking);
    changed.extend(pointing(directory, &gone).map(|kind| {
        let mut kind = kind.clone();
        kind.clear_gotos(&gone);
        Changed::Item(kind)
    }));
    let customer = &directory.customer;
    if customer.settings.voicemail_breakout.is_some_and(|to| gone.contains(&to)) {
        let mut customer = customer.as_ref().clone();
        customer.settings.voicemail_breakout = None;
        changed.push(Changed::Customer(customer));
    }
    changed
}

/// What points at what would go, from what stays.
pub(super) fn references(
    directory: &Directory,
    employee: EmployeeId,
    taking: Taking,
) -> Vec<Reference> {
    let gone = going(directory, employee, taking);
    let goes = |reference: &Reference| gone.iter().any(|id| reference.id == id.to_string());
    let references = gone.iter().flat_map(|id| to_item(directory, *id));
    references.filter(|reference| !goes(reference)).take(REFERENCES_SHOWN).collect()
}

fn going(directory: &Directory, employee: EmployeeId, taking: Taking) -> Vec<ItemId> {
    let extensions = directory.extensions_of(employee).filter(|_| taking.extensions);
    extensions.map(|extension| extension.id).collect()
}

/// The items that stay and point at one that goes.
fn pointing<'a>(
    directory: &'a Directory,
    gone: &'a [ItemId],
) -> impl Iterator<Item = &'a ItemKind> {
    let kinds = directory.items().map(|item| &item.kind).filter(|kind| !gone.contains(&kind.id()));
    kinds.filter(|kind| kind.gotos().iter().any(|(_, to)| gone.contains(to)))
}

/// A phone stays with its extension, goes, or is nobody's any more.
fn of_phone(phone: &Phone, taking: Taking) -> Option<Changed> {
    match phone.line {
        Line::Mvno { .. } if taking.mvno_accounts => Some(Changed::PhoneGone(phone.id)),
        _ if taking.extensions => Some(Changed::Phone(Phone { extension: None, ..phone.clone() })),
        _ => None,
    }
}

/// The extension keeps the name that it had from its employee.
fn unlinked(extension: &Extension) -> Extension {
    Extension { employee: None, primary: false, employee_delete_date: None, ..extension.clone() }
}
