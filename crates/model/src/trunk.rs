//! The TRUNK item: where calls to public numbers enter the dialplan.

use crate::id::{AudioId, CustomerId, ItemId, MusicId};
use crate::language::Language;
use crate::member::{Acts, Extra, Kind, Member, Writer, member};
use crate::number::{E164, LocalNumber, Number};
use crate::pii::Name;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// The `type` of a TRUNK item: always the same word.
    TrunkType {
        /// The only one.
        Trunk = "TRUNK",
    }
}

wire_enum! {
    /// Whether faxes are received and sent.
    FaxMode {
        /// Neither.
        Off = "OFF",
        /// Received.
        Receive = "RECEIVE",
        /// Sent.
        Send = "SEND",
        /// Both.
        Both = "BOTH",
    }
}

/// Numbers of one TRUNK item.
const NUMBERS: usize = 1000;

/// A TRUNK item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is documented in `MEMBERS`")]
pub struct Trunk {
    #[serde(rename = "_id")]
    pub id: ItemId,
    #[serde(rename = "type")]
    pub kind: TrunkType,
    pub customer: CustomerId,
    pub name: Name,
    pub number: Option<LocalNumber>,
    pub start_audio: Option<AudioId>,
    pub redirect: Option<Number>,
    pub notes: Option<String>,
    pub numbers: Vec<E164>,
    pub selectable: bool,
    pub language: Option<Language>,
    pub ringtone: i32,
    pub music_on_hold: Option<MusicId>,
    pub goto: Option<ItemId>,
    pub fax: Fax,
    #[serde(default)]
    pub extra: Extra,
}

/// `fax`: what the numbers do with faxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is documented in `MEMBERS`")]
pub struct Fax {
    pub mode: FaxMode,
    pub retension: u32,
}

impl Trunk {
    /// A new TRUNK item: every member has its default.
    pub fn new(id: ItemId, customer: CustomerId, name: Name) -> Self {
        Self {
            id,
            kind: TrunkType::Trunk,
            customer,
            name,
            number: None,
            start_audio: None,
            redirect: None,
            notes: None,
            numbers: Vec::new(),
            selectable: false,
            language: None,
            ringtone: -1,
            music_on_hold: None,
            goto: None,
            fax: Fax { mode: FaxMode::Off, retension: 30 },
            extra: Extra::default(),
        }
    }
}

/// All members, in the order of the wire.
#[rustfmt::skip]
pub const MEMBERS: &[Member] = {
    use self::Acts::{Decides, Is, Stored};
    use Kind::{Bool, Enum, Goto, Id, LocalNumber, Name, Number, Numbers, Range, Text};
    use Writer::{Manager, Never, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the item."),
        member("type", Enum(TrunkType::WORDS), false, Never, Is, "Always TRUNK."),
        member("customer", Id, false, Reseller, Is, "The customer it belongs to."),
        member("name", Name, false, Manager, Is, "What it is for."),
        member("number", LocalNumber, true, Manager, Decides, "The local number that reaches it."),
        member("startAudio", Id, true, Manager, Stored, "Sound played when it is entered."),
        member("redirect", Number, true, Manager, Stored, "Calls go here instead."),
        member("notes", Text(1000), true, Manager, Is, "Free text."),
        member("numbers", Numbers(NUMBERS), false, Manager, Decides, "The public numbers whose calls enter here."),
        member("selectable", Bool, false, Manager, Is, "Whether employees may show these numbers outside."),
        member("language", Enum(Language::WORDS), true, Manager, Stored, "Language of the prompts; null leaves it."),
        member("ringtone", Range(-1, 19), false, Manager, Stored, "Ring tone 1-19 of the phones, 0 silent, -1 as it is."),
        member("musicOnHold", Id, true, Manager, Stored, "Music class of the call from here on."),
        member("goto", Goto, true, Manager, Decides, "The item that calls go to."),
        member("fax.mode", Enum(FaxMode::WORDS), false, Manager, Stored, "Whether faxes are received and sent."),
        member("fax.retension", Range(0, 90), false, Manager, Stored, "Days that faxes are kept; 0 sends them by mail only."),
    ]
};
