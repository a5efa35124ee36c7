//! The members of a customer's settings.

use super::{CallerIdName, Premium, RecordingMode, RecordingQuality, SecretHandling};
use crate::language::Language;
use crate::member::{Acts, Kind, Member, Writer, member};

/// Days that recordings are kept.
pub const RETENSIONS: &[u32] = &[1, 3, 7, 14, 30, 60, 90, 180, 365];

/// Members that PERSONAL doesn't see, and that no log tells.
pub const SECRET: &[&str] = &["masterPinCode"];

/// All members, in the order of the wire.
#[rustfmt::skip]
pub const MEMBERS: &[Member] = {
    use self::Acts::Stored;
    use Kind::{Bool, Countries, Digits, E164, Enum, Goto, Id, Range, Choice};
    use Writer::Manager;
    &[
        member("defaultMusicOnHold", Id, true, Manager, Stored, "Music where nothing else says."),
        member("masterPinCode", Digits(4, 10), true, Manager, Stored, "PIN of restricted actions; PERSONAL doesn't see it."),
        member("defaultLanguage", Enum(Language::WORDS), false, Manager, Stored, "Language of prompts where nothing else says."),
        member("defaultNumber", E164, true, Manager, Stored, "The number shown outside when nothing else says."),
        member("nationalPrefix", Digits(0, 4), true, Manager, Stored, "What is dialled before national numbers."),
        member("callerIdNameOutbound", Enum(CallerIdName::WORDS), false, Manager, Stored, "The name shown with the number."),
        member("voicemailBreakout", Goto, true, Manager, Stored, "Item that a caller reaches with 0 in voicemail."),
        member("recording.mode", Enum(RecordingMode::WORDS), false, Manager, Stored, "When calls are recorded."),
        member("recording.quality", Enum(RecordingQuality::WORDS), false, Manager, Stored, "How well recordings sound."),
        member("recording.retension", Choice(RETENSIONS), false, Manager, Stored, "Days that recordings are kept."),
        member("secretHandling", Enum(SecretHandling::WORDS), false, Manager, Stored, "What callers with a secret number meet where blockSecret is set."),
        member("maxRing", Range(60, 3600), true, Manager, Stored, "Seconds after which a call that nothing else ends stops ringing."),
        member("allowPhoneRedirect", Bool, false, Manager, Stored, "Whether a phone may divert calls by itself (302)."),
        member("personalQueueMax", Range(1, 100), false, Manager, Stored, "Callers that one personal queue holds."),
        member("personalQueueTimeout", Range(10, 3600), false, Manager, Stored, "Seconds that a caller waits in a personal queue."),
        member("premium", Enum(Premium::WORDS), false, Manager, Stored, "Whether premium numbers may be called."),
        member("countries", Countries, false, Manager, Stored, "Countries whose numbers may be called."),
    ]
};
