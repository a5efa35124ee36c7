//! What the resources beside the extension have in common: a table of members, a place in the
//! customer's directory, rules of their own. From that come reading, listing, making, changing and
//! removing, each once.

mod change;
mod create;
mod list;
mod read;
mod remove;

pub(crate) use create::plan_customer;
pub(crate) use read::{seen, shown};

use crate::error::{Fault, Warning};
use crate::etag::Seen;
use crate::page::Limits;
use crate::patch::MemberChange;
use crate::phone::Issued;
use crate::sent::Body;
use crate::{Admin, AdminError};
use bytes::Bytes;
use model::access::{Noun, Principal};
use model::change::Changed;
use model::directory::Directory;
use model::id::CustomerId;
use model::member::{Kind, Member};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Display;
use std::str::FromStr;
use store::{Basis, Subject};

/// A kind of thing that is read and written by its table of members.
pub trait Resource:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What names one in a path.
    type Id: Copy + Send + Sync + Display + FromStr + DeserializeOwned + 'static;

    /// What access knows it as.
    const NOUN: Noun;
    /// Its members, in the order of the wire.
    const MEMBERS: &'static [Member];
    /// Members that are shown when it is listed without `full`; none: all of them.
    const CONDENSED: &'static [&'static str] = &[];
    /// Members that somebody who sees it masked doesn't see.
    const MASKED: &'static [&'static str] = &[];
    /// Members that a list may be sorted by, the default first; null comes last.
    const SORTS: &'static [&'static str];
    /// How many a list shows.
    const LIMITS: Limits;
    /// Whether a list can be of those that are `available`.
    const HAS_AVAILABLE: bool = false;
    /// What the array of a list is called.
    const PLURAL: &'static str;
    /// What it is called in the OpenAPI document.
    const SCHEMA: &'static str;

    /// What the store finds it by.
    fn subject(id: Self::Id) -> Subject;
    /// The one with this id.
    fn lookup(directory: &Directory, id: Self::Id) -> Option<Self>;
    /// All that the customer has.
    fn all(directory: &Directory) -> Vec<Self>;
    /// The change that makes it what it is here.
    fn put(self, directory: &Directory) -> Changed;
    /// What a write that changes this one is based on.
    fn basis(&self, directory: &Directory) -> Basis {
        Basis::Unchanged(Box::new(self.clone().put(directory)))
    }
    /// Whether it has gotos, which can be shown as what they point at.
    fn has_gotos() -> bool {
        Self::MEMBERS.iter().any(|member| member.kind == Kind::Goto)
    }
    /// Whether it is free for use.
    fn is_available(&self) -> bool {
        true
    }
    /// What the filter of a list finds it by, beside what it shows.
    fn also_found_by<'a>(&self, _directory: &'a Directory) -> Vec<&'a str> {
        Vec::new()
    }
    /// This view of it, with its version.
    fn seen(&self, _directory: &Directory, body: Bytes) -> Seen {
        Seen::hashed(body)
    }
    /// Adds what is shown and not stored.
    fn show(&self, _directory: &Directory, _document: &mut Body) {}
    /// Which of the members that change this principal may not, beside what access says.
    fn denied(_who: &Principal, _before: &Self, _members: &[&'static Member]) -> Vec<String> {
        Vec::new()
    }
    /// What is wrong with it as it is to be, in any order.
    fn faults(_proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        Vec::new()
    }
    /// What is wrong with members that point out of the customer, as far as that is known before it is
    /// written.
    fn outside_faults(
        _admin: &Admin,
        _who: &Principal,
        _before: &Self,
        _changes: &[MemberChange],
    ) -> impl Future<Output = Result<Vec<Fault>, AdminError>> + Send {
        std::future::ready(Ok(Vec::new()))
    }
    /// What is taken all the same, and probably not meant.
    fn warnings(_proposal: &Proposal<'_, Self>) -> Vec<Warning> {
        Vec::new()
    }
}

/// A resource that is made and removed by itself.
pub trait Made: Resource {
    /// Members that a new one can't do without, beside `customer`.
    const NEEDED: &'static [&'static str];

    /// A new one with defaults; what is needed is blank.
    fn draw(id: [u8; 12], customer: CustomerId) -> Self;
    /// Its id.
    fn id(&self) -> Self::Id;
    /// Gives it credentials, if it has any; `realm` is the installation's.
    fn issue(&mut self, _realm: &str) -> Result<Option<Issued>, AdminError> {
        Ok(None)
    }
    /// The change that removes it.
    fn gone(id: Self::Id) -> Changed;
}

/// A thing as it is to be, and what it is held against.
pub struct Proposal<'a, R> {
    /// Who asks for it.
    pub who: &'a Principal,
    /// The customer's other things.
    pub directory: &'a Directory,
    /// As it was; of a new one, as it is by default.
    pub before: &'a R,
    /// As it is to be.
    pub after: &'a R,
    /// The members that change.
    pub(crate) changes: &'a [MemberChange],
}

impl<R> Proposal<'_, R> {
    /// Whether this member changes.
    pub fn changes(&self, path: &str) -> bool {
        self.changes.iter().any(|change| change.member.path == path)
    }

    /// A fault of a member that changes, unless `holds`.
    pub fn fault(&self, path: &str, holds: bool, detail: &str) -> Option<Fault> {
        (self.changes(path) && !holds).then(|| Fault::of(path, detail))
    }
}

/// A changed resource, as its writer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The resource.
    pub seen: Seen,
    /// What was stored and probably isn't meant.
    pub warnings: Vec<Warning>,
}
