//! Every member of an extension, in the seed's order, with its rule: one table that validation, the
//! write rights, the OpenAPI document and docs/ACTING.md all read.

use super::{
    BusyAction, Destinations, ExtensionType, LocalBusyAction, MobileBusyAction,
    MobileNoAnswerAction, NoAnswerAction, PresencePolicy,
};
use crate::member::{Acts, Kind, Member, Writer, member};

/// The permitted values of `mobileDelay`, in seconds.
pub const MOBILE_DELAYS: &[u32] = &[0, 3, 5, 8, 10, 15, 20, 25, 30];

/// The member with this path.
pub fn lookup(path: &str) -> Option<&'static Member> {
    MEMBERS.iter().find(|member| member.path == path)
}

/// All members, in the seed's order.
#[rustfmt::skip]
pub const MEMBERS: &[Member] = {
    use self::Acts::{Acts, Decides, Is, Stored};
    use Kind::{Bool, CallerId, Date, E164, Enum, Goto, Id, LocalNumber, Name, Number, Range, Choice, Text};
    use Writer::{Manager, Never, Own, Reseller};
    &[
        member("_id", Id, false, Never, Is, "Unique id of the extension."),
        member("type", Enum(ExtensionType::WORDS), false, Never, Is, "Always EXTENSION."),
        member("customer", Id, false, Reseller, Is, "The customer it belongs to."),
        member("name", Name, false, Own, Is, "Name of the employee who uses it, or its function."),
        member("number", LocalNumber, true, Manager, Acts, "The local number that reaches it."),
        member("startAudio", Id, true, Own, Stored, "Sound played when it is entered."),
        member("redirect", Number, true, Own, Acts, "Calls go here instead."),
        member("notes", Text(1000), true, Manager, Is, "Free text."),
        member("employee", Id, true, Manager, Acts, "The employee who uses it; its presence acts."),
        member("direct", E164, true, Manager, Decides, "Direct number it can be called with from outside."),
        member("primary", Bool, false, Manager, Is, "The primary extension of the employee."),
        member("phonebook", Bool, false, Manager, Stored, "Listed in the local phone book."),
        member("callWaiting", Bool, false, Own, Acts, "Calls reach it even while it is in a call."),
        member("blockSecret", Bool, false, Own, Decides, "Callers with a secret number are refused or asked to reveal it."),
        member("autoMaster", Bool, false, Manager, Stored, "Needs no master PIN for restricted actions."),
        member("mobileUseOwnNumber", Bool, false, Own, Stored, "Its mobiles always show their own number."),
        member("billingCustomer", Id, true, Reseller, Stored, "Another customer to bill."),
        member("employeeDeleteDate", Date, true, Never, Is, "When the employee, and this extension with it, will be deleted."),
        member("inboundGoto", Goto, true, Manager, Acts, "Inbound calls go to this item instead, once per call."),
        member("ringtone", Id, true, Own, Stored, "What the caller hears instead of ring-back."),
        member("musicOnHold", Id, true, Own, Stored, "Music in the personal queue and on hold."),
        member("mobileDelay", Choice(MOBILE_DELAYS), false, Own, Stored, "Seconds that SIP phones ring before mobiles are added."),
        member("onPresenceOffWork", Enum(PresencePolicy::WORDS), false, Own, Acts, "What to do while the employee's presence is OFF_WORK."),
        member("onPresenceHoliday", Enum(PresencePolicy::WORDS), false, Own, Acts, "What to do while the employee's presence is HOLIDAY."),
        member("onPresenceBusy", Enum(PresencePolicy::WORDS), false, Own, Acts, "What to do while the employee's presence is BUSY."),
        member("noAnswer.timeout", Range(5, 60), false, Manager, Acts, "Seconds to ring before no answer."),
        member("noAnswer.extAction", Enum(NoAnswerAction::WORDS), false, Manager, Decides, "What to do when an external caller gets no answer."),
        member("noAnswer.extNumber", Number, true, Manager, Decides, "Where NUMBER diverts to."),
        member("noAnswer.extGoto", Goto, true, Manager, Decides, "Where GOTO jumps to."),
        member("noAnswer.intAction", Enum(NoAnswerAction::WORDS), false, Manager, Acts, "What to do when a local caller gets no answer."),
        member("noAnswer.intNumber", Number, true, Manager, Acts, "Where NUMBER diverts to."),
        member("noAnswer.intGoto", Goto, true, Manager, Acts, "Where GOTO jumps to."),
        member("noAnswer.mobileAction", Enum(MobileNoAnswerAction::WORDS), false, Manager, Decides, "What to do when a direct-to-mobile caller gets no answer."),
        member("noAnswer.mobileNumber", Number, true, Manager, Decides, "Where NUMBER diverts to."),
        member("noAnswer.mobileGoto", Goto, true, Manager, Decides, "Where GOTO jumps to."),
        member("busy.extAction", Enum(BusyAction::WORDS), false, Manager, Decides, "What to do when an external caller finds it busy."),
        member("busy.extNumber", Number, true, Manager, Decides, "Where NUMBER diverts to."),
        member("busy.extGoto", Goto, true, Manager, Decides, "Where GOTO jumps to."),
        member("busy.intAction", Enum(LocalBusyAction::WORDS), false, Manager, Acts, "What to do when a local caller finds it busy."),
        member("busy.intNumber", Number, true, Manager, Acts, "Where NUMBER diverts to."),
        member("busy.intGoto", Goto, true, Manager, Acts, "Where GOTO jumps to."),
        member("busy.mobileAction", Enum(MobileBusyAction::WORDS), false, Manager, Decides, "What to do when a direct-to-mobile caller finds it busy."),
        member("busy.mobileNumber", Number, true, Manager, Decides, "Where NUMBER diverts to."),
        member("busy.mobileGoto", Goto, true, Manager, Decides, "Where GOTO jumps to."),
        member("outbound.destinations", Enum(Destinations::WORDS), false, Manager, Acts, "What it may dial."),
        member("outbound.callerId.onPresenceWork", CallerId, true, Own, Stored, "The number shown outside while at work."),
        member("outbound.callerId.onPresenceWorkAsk", Bool, false, Own, Stored, "Whether a key pressed after a beep swaps to the other number."),
        member("outbound.callerId.onPresenceOffWork", CallerId, true, Own, Stored, "The number shown outside while off work."),
        member("outbound.callerId.onPresenceOffWorkAsk", Bool, false, Own, Stored, "Whether a key pressed after a beep swaps to the other number."),
        member("outbound.callerId.onNextCall", CallerId, true, Own, Stored, "The number shown on the next outbound call only."),
        member("outbound.goto", Goto, true, Manager, Stored, "Item that outbound calls go through."),
    ]
};
