//! The wall clock, read in one place: expiries of tokens and bindings need it.

use model::time::Wall;
use std::time::{SystemTime, UNIX_EPOCH};

/// Now. A clock before 1970 counts as 1970.
pub(crate) fn wall() -> Wall {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall::default().after(since)
}
