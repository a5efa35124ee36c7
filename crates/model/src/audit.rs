//! Who writes, and from where: what a principal asks by, what a permit therefore says of its writes, and
//! the entries of the audit log.

use crate::access::{Level, Principal};
use crate::id::{CustomerId, EmployeeId};
use crate::time::Wall;
use crate::token::TokenKind;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::net::IpAddr;

/// The id of one request to the API, as the log and `X-Request-Id` have it: 16 hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub u64);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The other end of the connection; behind a proxy that is the proxy.
    pub address: IpAddr,
    /// The request.
    pub request: RequestId,
}

/// What a principal asks by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A request to the API, with a token of this kind.
    Request(TokenKind, Source),
    /// Nobody's request: what was scheduled, and the demo.
    System,
    /// The command line, by whoever has the data folder.
    CommandLine,
}

/// Who makes a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// An employee, by a request to the API.
    Employee(By, Source),
    /// lokal itself.
    System,
    /// Whoever has the data folder.
    CommandLine,
}

impl Author {
    /// The author of what this principal writes.
    pub fn of(who: &Principal) -> Self {
        let Principal { employee, customer, level, origin } = *who;
        match origin {
            Origin::Request(token, source) => {
                Self::Employee(By { employee, customer, access_level: level, token }, source)
            }
            Origin::System => Self::System,
            Origin::CommandLine => Self::CommandLine,
        }
    }

    /// The customer that the author works for, if it is an employee.
    pub const fn customer(&self) -> Option<CustomerId> {
        match self {
            Self::Employee(by, _) => Some(by.customer),
            Self::System | Self::CommandLine => None,
        }
    }
}

/// An employee who wrote something, as it was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct By {
    /// The employee.
    pub employee: EmployeeId,
    /// The customer that it works for.
    pub customer: CustomerId,
    /// Its level.
    pub access_level: Level,
    /// The kind of token that it asked with.
    pub token: TokenKind,
}

wire_enum! {
    /// How a write came about.
    Via {
        /// By a request.
        Api = "API",
        /// By itself: a deletion whose day came, the demo.
        System = "SYSTEM",
        /// By a command on the data folder.
        CommandLine = "COMMAND_LINE",
    }
}

wire_enum! {
    /// What was done.
    Action {
        /// Made.
        Made = "MADE",
        /// Changed.
        Changed = "CHANGED",
        /// Removed.
        Removed = "REMOVED",
        /// An employee has another password.
        PasswordSet = "PASSWORD_SET",
        /// A SIP phone has other credentials.
        CredentialsSet = "CREDENTIALS_SET",
        /// An employee has another machine token.
        TokenMade = "TOKEN_MADE",
        /// A machine token was revoked.
        TokenEnded = "TOKEN_ENDED",
        /// Logins of an employee were ended.
        LoginsEnded = "LOGINS_ENDED",
    }
}

wire_enum! {
    /// The kinds of thing that are written.
    ThingKind {
        /// A customer; its settings are its.
        Customer = "CUSTOMER",
        /// An employee.
        Employee = "EMPLOYEE",
        /// A dialplan item.
        Item = "ITEM",
        /// A phone.
        Phone = "PHONE",
        /// A public number.
        Number = "NUMBER",
        /// A music on hold class.
        Music = "MUSIC",
    }
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ThingKind,
    /// Its id.
    #[serde(rename = "_id")]
    pub id: String,
}

/// A member that became another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MemberChange {
    /// From this to that.
    Told {
        /// Its path.
        member: String,
        /// As it was; null of what was made.
        before: Value,
        /// As it is; null of what was removed.
        after: Value,
    },
    /// A secret, or nothing that is known here: that it changed is all that is told.
    Hidden {
        /// Its path.
        member: String,
        /// Always true.
        hidden: bool,
    },
}

/// One thing that one write did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Counts the entries of one customer.
    pub number: u64,
    /// When.
    pub date: Wall,
    /// How it came about.
    pub via: Via,
    /// Who it was; null where nobody asked.
    pub by: Option<By>,
    /// The customer written to, where `by` works for another.
    pub on_behalf_of: Option<CustomerId>,
    /// The other end of the connection.
    pub address: Option<IpAddr>,
    /// `X-Request-Id` of the answer.
    pub request_id: Option<String>,
    /// Whose the thing is.
    pub customer: CustomerId,
    /// The thing.
    pub thing: Thing,
    /// What was done to it.
    pub action: Action,
    /// What changed in it; of what was made and removed, the members that weren't null.
    pub members: Vec<MemberChange>,
}

/// Which entries of a customer to read, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Not before.
    pub since: Option<Wall>,
    /// Before.
    pub until: Option<Wall>,
    /// About the thing with this id alone.
    pub subject: Option<String>,
    /// Entries to pass over.
    pub offset: u32,
    /// Entries at most.
    pub limit: u32,
}
