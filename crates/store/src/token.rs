//! Tokens: whom one stands for, and until when. The level isn't kept here: it is the employee's, as of
//! now.

use crate::uses::LastUse;
use model::access::Level;
use model::id::{CustomerId, EmployeeId, TokenId};
use model::limits::LOGIN_LIFE;
use model::pii::{Name, Secret};
use model::time::Wall;
use model::token::{TokenHash, TokenKind};
use std::sync::Arc;

/// A machine token to be made with a customer.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its hash.
    pub hash: TokenHash,
    /// The employee that it stands for.
    pub employee: EmployeeId,
    /// When it ends; never, if none.
    pub expires: Option<Wall>,
}

/// A token to be made for an employee that is there.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// Its hash.
    pub hash: TokenHash,
    /// What paths name it by.
    pub id: TokenId,
    /// The employee that it stands for.
    pub employee: EmployeeId,
    /// How long it lasts.
    pub kind: TokenKind,
    /// What it is for.
    pub name: Option<Name>,
    /// When it is made.
    pub created: Wall,
    /// When a machine's ends; never, if none.
    pub expires: Option<Wall>,
    /// The hash of the password that was proved for it: if that is another by now, the write is stale.
    pub proved: Option<Secret<String>>,
}

/// Tokens to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Everything that came from logins of the employee, but this one.
    Logins(EmployeeId, Option<TokenHash>),
    /// All of the employee's.
    All(EmployeeId),
    /// One machine token of the employee.
    Machine(EmployeeId, MachineToken),
}

/// What names a machine token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MachineToken {
    /// Its id.
    Id(TokenId),
    /// Itself.
    Hash(TokenHash),
}

/// A machine token, as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedToken {
    /// What paths name it by.
    pub id: TokenId,
    /// What it is for.
    pub name: Option<Name>,
    /// When it was made.
    pub created: Wall,
    /// When it was last used.
    pub used: Option<Wall>,
}

/// Whom a token stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The employee.
    pub employee: EmployeeId,
    /// The customer that it works for.
    pub customer: CustomerId,
    /// The level that it has now.
    pub level: Level,
    /// The kind of the token.
    pub kind: TokenKind,
}

/// What a token comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// It stands for this one.
    Known(Holder),
    /// It did, until its time was over.
    Expired,
    /// It was never one, was revoked, or its employee may not log in.
    Unknown,
}

/// Whom a token stands for, and until when.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) customer: CustomerId,
    pub(crate) employee: EmployeeId,
    pub(crate) kind: TokenKind,
    pub(crate) ends: Ends,
    pub(crate) last_use: Arc<LastUse>,
}

/// When a token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// When it is told to.
    Never,
    /// Then.
    At(Wall),
    /// `LOGIN_LIFE` after its last use.
    Unused,
}

impl Ends {
    pub(crate) fn of(kind: TokenKind, expires: Option<Wall>) -> Self {
        match kind {
            TokenKind::Login => Self::Unused,
            TokenKind::Persist | TokenKind::Machine => expires.map_or(Self::Never, Self::At),
        }
    }
}

impl Grant {
    /// Whether it holds at this instant.
    pub(crate) fn holds(&self, now: Wall) -> bool {
        match self.ends {
            Ends::Never => true,
            Ends::At(end) => now < end,
            Ends::Unused => self.last_use.latest().is_some_and(|used| now < used.after(LOGIN_LIFE)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_at_its_instant() {
        let life = i64::try_from(LOGIN_LIFE.as_millis()).unwrap();
        for (ends, now, holds) in [
            (Ends::Never, i64::MAX, true),
            (Ends::At(Wall(5)), 4, true),
            (Ends::At(Wall(5)), 5, false),
            (Ends::Unused, 99 + life, true),
            (Ends::Unused, 100 + life, false),
        ] {
            let grant = Grant {
                customer: CustomerId::from_bytes([1; 12]),
                employee: EmployeeId::from_bytes([2; 12]),
                kind: TokenKind::Login,
                ends,
                last_use: Arc::new(LastUse::stored(Some(Wall(100)))),
            };
            assert_eq!(grant.holds(Wall(now)), holds, "{ends:?} {now}");
        }
    }
}
