//! The wall clock, read in one place: expiries of tokens and bindings need it.

use model::time::Wall;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time is read. Tests bring their own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Wall + Send + Sync>);

impl Clock {
    /// The system's.
    pub fn system() -> Self {
        Self::of(wall)
    }

    /// One that this tells.
    pub fn of(tell: impl Fn() -> Wall + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Now.
    pub fn now(&self) -> Wall {
        (self.0)()
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<clock>")
    }
}

/// Now. A clock before 1970 counts as 1970.
pub(crate) fn wall() -> Wall {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Wall::default().after(since)
}
