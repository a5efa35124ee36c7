//! `/pbx/cdr` and `/pbx/cdrhistory`.

pub(crate) mod history;
pub(crate) mod latest;
