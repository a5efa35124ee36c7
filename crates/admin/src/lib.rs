//! The use cases behind the API and the command line, one file per noun: find out whose the thing
//! is, obtain a permit, validate, read or write.
//!
//! The only place that obtains permits. Knows no HTTP, no SQL and no call in progress: settings come
//! from `store`, live state through the port in `ports`.

pub mod audit;
mod authenticate;
pub mod customer;
pub mod employee;
mod error;
mod etag;
mod explain;
pub mod extension;
pub mod item;
mod login;
mod once;
mod page;
mod password;
mod patch;
pub mod phone;
pub mod phonebook;
mod planned;
pub mod portable;
pub mod ports;
mod question;
pub mod record;
mod reference;
pub mod resource;
mod sent;
mod shown;
mod token;
mod turns;
mod value;

pub use authenticate::AuthError;
pub use employee::Removal;
pub use error::{AdminError, Fault, Unavailable, Warning};
pub use etag::{IfMatch, Seen};
pub use explain::{ExplainView, NumberQuestion};
pub use login::{Credentials, LoggedIn, LoginError, Validated};
pub use once::{Created, OnceKey};
pub use page::{Limits, ListQuery, Page};
pub use reference::Reference;
pub use sent::Body;
pub use shown::{MaskedStep, ShownStep};
pub use token::{MadeToken, TokenView};

use login::Attempts;
use model::access::{Denied, Operation, Permit, Principal, Target, decide};
use model::id::CustomerId;
use model::time::Mono;
pub use password::Passwords;
use ports::Switch;
use std::sync::{Arc, Mutex};
use store::{Store, WriteError};
use tokio::sync::Notify;
use tokio::time::Instant;
use turns::Turns;

/// The use cases. Clones are handles to the same ones.
#[derive(Clone)]
pub struct Admin(Arc<Inner>);

struct Inner {
    store: Store,
    switch: Arc<dyn Switch>,
    turns: Turns,
    passwords: Passwords,
    attempts: Mutex<Attempts>,
    started: Instant,
    departures: Notify,
}

impl Admin {
    /// The use cases over this store; live state is asked of `switch`.
    pub fn new(store: Store, switch: Arc<dyn Switch>) -> Self {
        Self(Arc::new(Inner {
            store,
            switch,
            turns: Turns::new(),
            passwords: Passwords::new(),
            attempts: Mutex::new(Attempts::new()),
            started: Instant::now(),
            departures: Notify::new(),
        }))
    }
}

impl Admin {
    /// The customer that a request names, or the caller's own. Another one answers exactly as one that
    /// doesn't exist.
    async fn customer_asked(
        &self,
        who: &Principal,
        named: Option<CustomerId>,
    ) -> Result<Target, AdminError> {
        let target = self.0.store.customer_target(named.unwrap_or(who.customer)).await?;
        target.ok_or(AdminError::Denied(Vec::new()))
    }

    fn mono(&self) -> Mono {
        Mono(self.0.started.elapsed())
    }
}

/// The bytes of a new id: random, not counted.
fn drawn() -> Result<[u8; 12], AdminError> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).map_err(|_| AdminError::Unavailable(Unavailable::Random))?;
    Ok(bytes)
}

/// What a write that wasn't made means to whoever asked for it.
fn refused(error: WriteError) -> AdminError {
    match error {
        WriteError::Stale | WriteError::Missing { .. } => AdminError::Precondition,
        WriteError::WrongCustomer => AdminError::Denied(Vec::new()),
        WriteError::Taken { member, by } => AdminError::Conflict { member, by },
        WriteError::Referenced { .. } => AdminError::Referenced(Vec::new()),
        WriteError::Full { member } => {
            AdminError::Invalid(vec![Fault::of(member, "no more fit on this list")])
        }
        WriteError::Store(error) => error.into(),
    }
}

/// A permit for one operation on something that may not exist.
fn permit(
    who: &Principal,
    operation: Operation<'_>,
    target: Option<&Target>,
) -> Result<Permit, AdminError> {
    let target = target.ok_or(AdminError::NotFound)?;
    decide(who, operation, target).map_err(|denied| match denied {
        Denied::Access => AdminError::Denied(Vec::new()),
        Denied::Members(members) => {
            AdminError::Denied(members.into_iter().map(str::to_owned).collect())
        }
    })
}
