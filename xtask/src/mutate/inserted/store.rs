//! Put into the copy of `store` by `cargo xtask mutate`: its checks, each left out where a mutant says so.

use crate::error::WriteError;
use model::change::Changed;
use model::id::CustomerId;
use model::mutant::is;

pub(crate) fn check_owner(
    mutant: &str,
    customer: CustomerId,
    changed: &[Changed],
) -> Result<(), WriteError> {
    if is(mutant) { Ok(()) } else { crate::write::check_owner(customer, changed) }
}

pub(crate) fn ours<T>(mutant: &str, row: Option<T>) -> Result<(), WriteError> {
    if is(mutant) { Ok(()) } else { crate::perform::ours(row) }
}

pub(crate) fn there<T>(mutant: &str, row: Option<T>) -> Result<(), WriteError> {
    if is(mutant) { Ok(()) } else { crate::perform::there(row) }
}
