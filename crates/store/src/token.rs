//! Tokens: whom one stands for. The level isn't kept here: it is the employee's, as of now.

use model::id::{CustomerId, EmployeeId};
use model::time::Wall;
use model::token::TokenHash;

/// A token to be made with a customer.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its hash.
    pub hash: TokenHash,
    /// The employee that it stands for.
    pub employee: EmployeeId,
    /// When it ends; never, if none.
    pub expires: Option<Wall>,
}

/// Whom a token stands for, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    pub(crate) customer: CustomerId,
    pub(crate) employee: EmployeeId,
    pub(crate) expires: Option<Wall>,
}

impl Grant {
    /// Whether it holds at this instant.
    pub(crate) fn holds(&self, now: Wall) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_at_its_instant() {
        let grant = |expires| Grant {
            customer: CustomerId::from_bytes([1; 12]),
            employee: EmployeeId::from_bytes([2; 12]),
            expires,
        };
        assert!(grant(None).holds(Wall(i64::MAX)));
        assert!(grant(Some(Wall(5))).holds(Wall(4)));
        assert!(!grant(Some(Wall(5))).holds(Wall(5)));
    }
}
