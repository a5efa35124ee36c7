//! The extension: every member of the seed, in the seed's order. Serialised, it is the wire.

pub mod members;

use crate::id::{AudioId, CustomerId, EmployeeId, ItemId, MusicId};
use crate::number::{CallerIdChoice, E164, LocalNumber, Number};
use crate::pii::Name;
use crate::time::Wall;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// What an extension does with calls while its employee isn't simply at work (`onPresence*`).
    PresencePolicy {
        /// Accept the call.
        Available = "AVAILABLE",
        /// Busy handling.
        Busy = "BUSY",
        /// Busy handling, unless the call is for the mobile number directly or from local.
        BusyNotMobile = "BUSY_NOT_MOBILE",
        /// Busy handling, unless the call is for the mobile number directly.
        BusyNotMobileDirect = "BUSY_NOT_MOBILE_DIRECT",
        /// Only numbers on the whitelist.
        Whitelist = "WHITELIST",
        /// Only numbers on the whitelist and local callers.
        WhitelistInt = "WHITELIST_INT",
    }
}

wire_enum! {
    /// `noAnswer.extAction` and `noAnswer.intAction`.
    NoAnswerAction {
        /// Keep ringing.
        Nothing = "NOTHING",
        /// The employee's mailbox.
        Voicemail = "VOICEMAIL",
        /// Divert to the number.
        Number = "NUMBER",
        /// Jump to the item.
        Goto = "GOTO",
    }
}

wire_enum! {
    /// `noAnswer.mobileAction`.
    MobileNoAnswerAction {
        /// As the external column says.
        External = "EXTERNAL",
        /// Keep ringing.
        Nothing = "NOTHING",
        /// The employee's mailbox.
        Voicemail = "VOICEMAIL",
        /// Divert to the number.
        Number = "NUMBER",
        /// Jump to the item.
        Goto = "GOTO",
    }
}

wire_enum! {
    /// `busy.extAction`.
    BusyAction {
        /// Signal busy.
        Busy = "BUSY",
        /// The employee's mailbox.
        Voicemail = "VOICEMAIL",
        /// Divert to the number.
        Number = "NUMBER",
        /// Jump to the item.
        Goto = "GOTO",
        /// The personal queue.
        Queue = "QUEUE",
    }
}

wire_enum! {
    /// `busy.intAction`.
    LocalBusyAction {
        /// Signal busy.
        Busy = "BUSY",
        /// The employee's mailbox.
        Voicemail = "VOICEMAIL",
        /// Divert to the number.
        Number = "NUMBER",
        /// Jump to the item.
        Goto = "GOTO",
        /// The personal queue.
        Queue = "QUEUE",
        /// Offer to ring through with key 1.
        Barge = "BARGE",
    }
}

wire_enum! {
    /// `busy.mobileAction`.
    MobileBusyAction {
        /// As the external column says.
        External = "EXTERNAL",
        /// Signal busy.
        Busy = "BUSY",
        /// The employee's mailbox.
        Voicemail = "VOICEMAIL",
        /// Divert to the number.
        Number = "NUMBER",
        /// Jump to the item.
        Goto = "GOTO",
        /// The personal queue.
        Queue = "QUEUE",
    }
}

wire_enum! {
    /// `outbound.destinations`: what an extension may dial.
    Destinations {
        /// Any number.
        Any = "ANY",
        /// Nothing.
        None = "NONE",
        /// Local extensions.
        Local = "LOCAL",
        /// Local extensions and numbers of the customer's country.
        National = "NATIONAL",
    }
}

wire_enum! {
    /// The `type` of an extension: always the same word.
    ExtensionType {
        /// The only one.
        Extension = "EXTENSION",
    }
}

/// An extension. `name` and `employee_delete_date` follow the employee where there is one; the
/// store doesn't keep them then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct Extension {
    #[serde(rename = "_id")]
    pub id: ItemId,
    #[serde(rename = "type")]
    pub kind: ExtensionType,
    pub customer: CustomerId,
    pub name: Name,
    pub number: Option<LocalNumber>,
    pub start_audio: Option<AudioId>,
    pub redirect: Option<Number>,
    pub notes: Option<String>,
    pub employee: Option<EmployeeId>,
    pub direct: Option<E164>,
    pub primary: bool,
    pub phonebook: bool,
    pub call_waiting: bool,
    pub block_secret: bool,
    pub auto_master: bool,
    pub mobile_use_own_number: bool,
    pub billing_customer: Option<CustomerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_delete_date: Option<Wall>,
    pub inbound_goto: Option<ItemId>,
    pub ringtone: Option<MusicId>,
    pub music_on_hold: Option<MusicId>,
    pub mobile_delay: u32,
    pub on_presence_off_work: PresencePolicy,
    pub on_presence_holiday: PresencePolicy,
    pub on_presence_busy: PresencePolicy,
    pub no_answer: NoAnswer,
    pub busy: Busy,
    pub outbound: Outbound,
}

/// `noAnswer`: what happens when nobody answers in time, by kind of caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct NoAnswer {
    pub timeout: u32,
    pub ext_action: NoAnswerAction,
    pub ext_number: Option<Number>,
    pub ext_goto: Option<ItemId>,
    pub int_action: NoAnswerAction,
    pub int_number: Option<Number>,
    pub int_goto: Option<ItemId>,
    pub mobile_action: MobileNoAnswerAction,
    pub mobile_number: Option<Number>,
    pub mobile_goto: Option<ItemId>,
}

/// `busy`: what happens when the extension is busy, by kind of caller.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct Busy {
    pub ext_action: BusyAction,
    pub ext_number: Option<Number>,
    pub ext_goto: Option<ItemId>,
    pub int_action: LocalBusyAction,
    pub int_number: Option<Number>,
    pub int_goto: Option<ItemId>,
    pub mobile_action: MobileBusyAction,
    pub mobile_number: Option<Number>,
    pub mobile_goto: Option<ItemId>,
}

/// `outbound`: what the extension may dial, and what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct Outbound {
    pub destinations: Destinations,
    pub caller_id: OutboundCallerId,
    pub goto: Option<ItemId>,
}

/// `outbound.callerId`: the number shown outside, by presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct OutboundCallerId {
    pub on_presence_work: Option<CallerIdChoice>,
    pub on_presence_work_ask: bool,
    pub on_presence_off_work: Option<CallerIdChoice>,
    pub on_presence_off_work_ask: bool,
    pub on_next_call: Option<CallerIdChoice>,
}

impl Extension {
    /// A new extension: every member has its default.
    pub fn new(id: ItemId, customer: CustomerId, name: Name) -> Self {
        Self {
            id,
            kind: ExtensionType::Extension,
            customer,
            name,
            number: None,
            start_audio: None,
            redirect: None,
            notes: None,
            employee: None,
            direct: None,
            primary: false,
            phonebook: true,
            call_waiting: true,
            block_secret: false,
            auto_master: false,
            mobile_use_own_number: false,
            billing_customer: None,
            employee_delete_date: None,
            inbound_goto: None,
            ringtone: None,
            music_on_hold: None,
            mobile_delay: 0,
            on_presence_off_work: PresencePolicy::Available,
            on_presence_holiday: PresencePolicy::Available,
            on_presence_busy: PresencePolicy::Available,
            no_answer: NoAnswer::default(),
            busy: Busy::default(),
            outbound: Outbound::default(),
        }
    }
}

impl Extension {
    /// The items that it points at, by member, in the seed's order.
    pub fn gotos(&self) -> Vec<(&'static str, ItemId)> {
        let Self { no_answer, busy, outbound, .. } = self;
        let all = [
            ("inboundGoto", self.inbound_goto),
            ("noAnswer.extGoto", no_answer.ext_goto),
            ("noAnswer.intGoto", no_answer.int_goto),
            ("noAnswer.mobileGoto", no_answer.mobile_goto),
            ("busy.extGoto", busy.ext_goto),
            ("busy.intGoto", busy.int_goto),
            ("busy.mobileGoto", busy.mobile_goto),
            ("outbound.goto", outbound.goto),
        ];
        all.into_iter().filter_map(|(member, to)| Some((member, to?))).collect()
    }

    /// What `gotos` tells of, to be changed.
    pub(crate) fn gotos_mut(&mut self) -> [&mut Option<ItemId>; 8] {
        let Self { no_answer, busy, outbound, .. } = self;
        [
            &mut self.inbound_goto,
            &mut no_answer.ext_goto,
            &mut no_answer.int_goto,
            &mut no_answer.mobile_goto,
            &mut busy.ext_goto,
            &mut busy.int_goto,
            &mut busy.mobile_goto,
            &mut outbound.goto,
        ]
    }
}

impl Default for NoAnswer {
    fn default() -> Self {
        Self {
            timeout: 30,
            ext_action: NoAnswerAction::Nothing,
            ext_number: None,
            ext_goto: None,
            int_action: NoAnswerAction::Nothing,
            int_number: None,
            int_goto: None,
            mobile_action: MobileNoAnswerAction::Nothing,
            mobile_number: None,
            mobile_goto: None,
        }
    }
}

impl Default for Busy {
    fn default() -> Self {
        Self {
            ext_action: BusyAction::Busy,
            ext_number: None,
            ext_goto: None,
            int_action: LocalBusyAction::Busy,
            int_number: None,
            int_goto: None,
            mobile_action: MobileBusyAction::External,
            mobile_number: None,
            mobile_goto: None,
        }
    }
}

impl Default for Outbound {
    fn default() -> Self {
        Self {
            destinations: Destinations::National,
            caller_id: OutboundCallerId {
                on_presence_work: None,
                on_presence_work_ask: false,
                on_presence_off_work: None,
                on_presence_off_work_ask: false,
                on_next_call: None,
            },
            goto: None,
        }
    }
}

/// An extension as someone sees it who may not see it whole. A struct of its own: a member that is
/// added to `Extension` can't appear here by mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct MaskedExtension {
    #[serde(rename = "_id")]
    pub id: ItemId,
    #[serde(rename = "type")]
    pub kind: ExtensionType,
    pub customer: CustomerId,
    pub name: Name,
    pub number: Option<LocalNumber>,
}

impl From<&Extension> for MaskedExtension {
    fn from(extension: &Extension) -> Self {
        Self {
            id: extension.id,
            kind: extension.kind,
            customer: extension.customer,
            name: extension.name.clone(),
            number: extension.number.clone(),
        }
    }
}

/// An extension as a list shows it, unless every member is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(
    missing_docs,
    reason = "each field is a member of the seed, documented in `members::MEMBERS`"
)]
pub struct CondensedExtension {
    #[serde(flatten)]
    pub masked: MaskedExtension,
    pub employee: Option<EmployeeId>,
    pub direct: Option<E164>,
    pub primary: bool,
    pub redirect: Option<Number>,
}

impl From<&Extension> for CondensedExtension {
    fn from(extension: &Extension) -> Self {
        Self {
            masked: extension.into(),
            employee: extension.employee,
            direct: extension.direct.clone(),
            primary: extension.primary,
            redirect: extension.redirect.clone(),
        }
    }
}
