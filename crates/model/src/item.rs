//! Dialplan items: an extension is one of thirteen kinds. The other twelve are bare records until
//! their kinds exist: enough to point a goto at.

use crate::extension::Extension;
use crate::id::{CustomerId, ItemId};
use crate::number::LocalNumber;
use crate::pii::Name;
use crate::wire_enum::wire_enum;
use bytes::Bytes;
use std::sync::OnceLock;

wire_enum! {
    /// The kinds of dialplan item, in the seed's order.
    ItemType {
        /// A local extension.
        Extension = "EXTENSION",
        /// Entry point for inbound calls.
        Trunk = "TRUNK",
        /// A conference room.
        Conference = "CONFERENCE",
        /// Dials a destination.
        Dial = "DIAL",
        /// Callback or dial tone.
        Disa = "DISA",
        /// Plays audio.
        Playback = "PLAYBACK",
        /// A queue.
        Queue = "QUEUE",
        /// Sets a value.
        SetValue = "SET_VALUE",
        /// Routes on menu selection.
        MenuRouter = "MENU_ROUTER",
        /// Routes on date and time.
        TimeRouter = "TIME_ROUTER",
        /// Routes on the reply of a URL.
        UrlRouter = "URL_ROUTER",
        /// Routes on a value.
        ValueRouter = "VALUE_ROUTER",
        /// A group of extensions.
        Group = "GROUP",
    }
}

/// The version of something stored: the customer's revision at which it last changed.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

/// An item that can be pointed at and shown, and does nothing yet.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct BareItem {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ItemId,
    /// Its kind; never EXTENSION.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// The customer it belongs to.
    pub customer: CustomerId,
    /// Its name.
    pub name: Name,
    /// The local number that reaches it, if any.
    pub number: Option<LocalNumber>,
}

/// What an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// An extension.
    Extension(Box<Extension>),
    /// One of the other kinds.
    Bare(BareItem),
}

impl ItemKind {
    /// Its id.
    pub fn id(&self) -> ItemId {
        match self {
            Self::Extension(extension) => extension.id,
            Self::Bare(bare) => bare.id,
        }
    }
    /// The customer it belongs to.
    pub fn customer(&self) -> CustomerId {
        match self {
            Self::Extension(extension) => extension.customer,
            Self::Bare(bare) => bare.customer,
        }
    }
    /// The local number that reaches it.
    pub fn number(&self) -> Option<&LocalNumber> {
        match self {
            Self::Extension(extension) => extension.number.as_ref(),
            Self::Bare(bare) => bare.number.as_ref(),
        }
    }
}

/// A dialplan item at one revision.
#[derive(Clone, Debug)]
pub struct Item {
    /// The revision at which it last changed.
    pub revision: Revision,
    /// What it is.
    pub kind: ItemKind,
    whole: OnceLock<Bytes>,
}

/// An item as an expanded goto shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ItemSummary {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: ItemId,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ItemType,
    /// The local number that reaches it, if any.
    pub number: Option<LocalNumber>,
    /// Its name.
    pub name: Name,
}

impl Item {
    /// An item as of this revision.
    pub fn new(revision: Revision, kind: ItemKind) -> Self {
        Self { revision, kind, whole: OnceLock::new() }
    }
    /// Its id.
    pub fn id(&self) -> ItemId {
        self.kind.id()
    }
    /// The customer it belongs to.
    pub fn customer(&self) -> CustomerId {
        self.kind.customer()
    }
    /// The local number that reaches it.
    pub fn number(&self) -> Option<&LocalNumber> {
        self.kind.number()
    }
    /// The extension, if it is one.
    pub fn extension(&self) -> Option<&Extension> {
        match &self.kind {
            ItemKind::Extension(extension) => Some(extension),
            ItemKind::Bare(_) => None,
        }
    }
    /// As an expanded goto shows it.
    pub fn summary(&self) -> ItemSummary {
        let (kind, name) = match &self.kind {
            ItemKind::Extension(extension) => (ItemType::Extension, extension.name.clone()),
            ItemKind::Bare(bare) => (bare.kind, bare.name.clone()),
        };
        ItemSummary { id: self.id(), kind, number: self.number().cloned(), name }
    }
    /// The whole view as JSON, made once and kept.
    pub fn whole(&self) -> &Bytes {
        self.whole.get_or_init(|| {
            let json = match &self.kind {
                ItemKind::Extension(extension) => serde_json::to_vec(extension),
                ItemKind::Bare(bare) => serde_json::to_vec(bare),
            };
            // Plain structs with string keys: serde_json has no way to fail on them.
            Bytes::from(json.unwrap_or_default())
        })
    }
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        self.revision == other.revision && self.kind == other.kind
    }
}
