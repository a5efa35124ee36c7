//! Why a use case didn't do what was asked, sorted by whose fault it is. Status codes are the API's.

use crate::ports::SwitchError;
use crate::reference::Reference;
use std::fmt;
use store::StoreError;

/// A value that can't be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The path of the member: `noAnswer.timeout`.
    pub member: String,
    /// The same as a JSON pointer (RFC 6901): `/noAnswer/timeout`.
    pub pointer: String,
    /// What is wrong, for a person.
    pub detail: String,
}

impl Fault {
    /// A fault of a member whose names hold no dots, tildes or slashes of their own.
    pub fn of(member: &str, detail: impl Into<String>) -> Self {
        let pointer = format!("/{}", member.replace('.', "/"));
        Self { member: member.to_owned(), pointer, detail: detail.into() }
    }

    /// A member that isn't one: its names can hold anything.
    pub(crate) fn unknown(path: &[&str]) -> Self {
        let escaped = path.iter().map(|name| name.replace('~', "~0").replace('/', "~1"));
        let pointer = escaped.fold(String::new(), |pointer, name| pointer + "/" + &name);
        Self { member: path.join("."), pointer, detail: "no such member".to_owned() }
    }
}

/// Something that was written and is probably not what was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The path of the member.
    pub member: &'static str,
    /// What about it, as a word for programs.
    pub code: &'static str,
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.member, self.code)
    }
}

/// What couldn't be reached.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// The store.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The live calls.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// The system's randomness.
    #[error("no random bytes")]
    Random,
    /// Too many passwords are being proved.
    #[error("too many passwords wait to be proved")]
    Passwords,
    /// The system's memory.
    #[error("no memory")]
    Memory,
    /// Others kept writing the same thing.
    #[error("the same thing was written by others too often")]
    Contended,
}

/// Why a use case didn't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// There is no such thing as this member or parameter says.
    #[error("no such {0}")]
    NoSuch(&'static str),
    /// Not allowed; on a write, the members that were the reason.
    #[error("denied")]
    Denied(Vec<String>),
    /// Values that can't be taken: every one, in the seed's order.
    #[error("invalid values")]
    Invalid(Vec<Fault>),
    /// A parameter of the request that can't be taken.
    #[error("invalid parameter")]
    Parameter(Fault),
    /// Someone else has it, or the state forbids it.
    #[error("{member} is in conflict")]
    Conflict {
        /// The member.
        member: &'static str,
        /// Who has it, where the caller may know.
        by: Option<String>,
    },
    /// It can't go while these point at it, or at what would go with it.
    #[error("still pointed at")]
    Referenced(Vec<Reference>),
    /// It isn't what If-Match says any more.
    #[error("changed meanwhile")]
    Precondition,
    /// Something stored can't be read: asking again doesn't help.
    #[error("unreadable")]
    Corrupt(#[source] StoreError),
    /// Something behind failed; asking again later may help.
    #[error("unavailable")]
    Unavailable(#[source] Unavailable),
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Corrupt(_) => Self::Corrupt(error),
            StoreError::Unavailable(_) => Self::Unavailable(error.into()),
        }
    }
}

impl From<SwitchError> for AdminError {
    fn from(error: SwitchError) -> Self {
        Self::Unavailable(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_escape_what_rfc_6901_says() {
        assert_eq!(Fault::of("noAnswer.timeout", "").pointer, "/noAnswer/timeout");
        assert_eq!(Fault::unknown(&["noAnswer", "a/b~c"]).pointer, "/noAnswer/a~1b~0c");
    }
}
