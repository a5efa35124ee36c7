//! Dialplan items: an extension is one of thirteen kinds, TRUNK another. The others are bare records
//! until their kinds exist: enough to point a goto at.

use crate::extension::Extension;
use crate::held::NumberUser;
use crate::id::{CustomerId, ItemId};
use crate::number::{E164, LocalNumber, Number};
use crate::pii::Name;
use crate::trunk::Trunk;
use crate::wire_enum::wire_enum;
use bytes::Bytes;

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

/// What an item is. Most are extensions, and behind a pointer one would be one more wait for memory in each
/// read.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "the large one is the common one")]
pub enum ItemKind {
    /// An extension.
    Extension(Extension),
    /// A TRUNK item.
    Trunk(Box<Trunk>),
    /// One of the other kinds.
    Bare(Box<BareItem>),
}

impl ItemKind {
    /// Its id.
    pub fn id(&self) -> ItemId {
        match self {
            Self::Extension(extension) => extension.id,
            Self::Trunk(trunk) => trunk.id,
            Self::Bare(bare) => bare.id,
        }
    }
    /// The customer it belongs to.
    pub fn customer(&self) -> CustomerId {
        match self {
            Self::Extension(extension) => extension.customer,
            Self::Trunk(trunk) => trunk.customer,
            Self::Bare(bare) => bare.customer,
        }
    }
    /// Its name.
    pub fn name(&self) -> &Name {
        match self {
            Self::Extension(extension) => &extension.name,
            Self::Trunk(trunk) => &trunk.name,
            Self::Bare(bare) => &bare.name,
        }
    }
    /// The local number that reaches it.
    pub fn number(&self) -> Option<&LocalNumber> {
        match self {
            Self::Extension(extension) => extension.number.as_ref(),
            Self::Trunk(trunk) => trunk.number.as_ref(),
            Self::Bare(bare) => bare.number.as_ref(),
        }
    }
    /// Its kind, as a word.
    pub fn item_type(&self) -> ItemType {
        match self {
            Self::Extension(_) => ItemType::Extension,
            Self::Trunk(_) => ItemType::Trunk,
            Self::Bare(bare) => bare.kind,
        }
    }
    /// Where every call goes instead of entering it.
    pub fn redirect(&self) -> Option<&Number> {
        match self {
            Self::Extension(extension) => extension.redirect.as_ref(),
            Self::Trunk(trunk) => trunk.redirect.as_ref(),
            Self::Bare(_) => None,
        }
    }
    /// What it points at, by member.
    pub fn gotos(&self) -> Vec<(&'static str, ItemId)> {
        match self {
            Self::Extension(extension) => extension.gotos(),
            Self::Trunk(trunk) => trunk.goto.map(|to| ("goto", to)).into_iter().collect(),
            Self::Bare(_) => Vec::new(),
        }
    }
    /// Points at none of these any more.
    pub fn clear_gotos(&mut self, gone: &[ItemId]) {
        let clear = |goto: &mut Option<ItemId>| {
            goto.take_if(|to| gone.contains(to));
        };
        match self {
            Self::Extension(extension) => extension.gotos_mut().into_iter().for_each(clear),
            Self::Trunk(trunk) => clear(&mut trunk.goto),
            Self::Bare(_) => {}
        }
    }
    /// The public numbers that it uses, and as what.
    pub fn used_numbers(&self) -> Option<(&[E164], NumberUser)> {
        match self {
            Self::Extension(extension) => {
                Some((extension.direct.as_slice(), NumberUser::Extension(extension.id)))
            }
            Self::Trunk(trunk) => Some((&trunk.numbers, NumberUser::Trunk(trunk.id))),
            Self::Bare(_) => None,
        }
    }
}

/// What an extension's JSON mostly has room in.
const WHOLE_BYTES: usize = 1536;

/// A dialplan item at one revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The revision at which it last changed.
    pub revision: Revision,
    /// What it is.
    pub kind: ItemKind,
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
        Self { revision, kind }
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
            ItemKind::Trunk(_) | ItemKind::Bare(_) => None,
        }
    }
    /// The TRUNK item, if it is one.
    pub fn trunk(&self) -> Option<&Trunk> {
        match &self.kind {
            ItemKind::Trunk(trunk) => Some(trunk),
            ItemKind::Extension(_) | ItemKind::Bare(_) => None,
        }
    }
    /// As an expanded goto shows it.
    pub fn summary(&self) -> ItemSummary {
        let (kind, name) = (self.kind.item_type(), self.kind.name().clone());
        ItemSummary { id: self.id(), kind, number: self.number().cloned(), name }
    }
    /// The whole view as JSON. Made anew each time: that takes less than a microsecond, and kept it would
    /// be half of all memory.
    pub fn whole(&self) -> Bytes {
        let mut json = Vec::with_capacity(WHOLE_BYTES);
        // Plain structs with string keys: serde_json has no way to fail on them.
        let _ = match &self.kind {
            ItemKind::Extension(extension) => serde_json::to_writer(&mut json, extension),
            ItemKind::Trunk(trunk) => serde_json::to_writer(&mut json, trunk),
            ItemKind::Bare(bare) => serde_json::to_writer(&mut json, bare),
        };
        Bytes::from(json)
    }
}
