//! `/employee`.

pub(crate) mod change;
pub(crate) mod get;
