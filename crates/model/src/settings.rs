//! What holds for all calls of a customer (`/pbx/settings`).

pub mod members;

use crate::id::{ItemId, MusicId};
use crate::language::Language;
use crate::member::Extra;
use crate::number::E164;
use crate::wire_enum::wire_enum;
use serde::{Deserialize, Serialize};

wire_enum! {
    /// What a caller with a secret number meets where `blockSecret` is set.
    #[derive(Default)]
    SecretHandling {
        /// The call is refused (433).
        Reject = "REJECT",
        /// The caller is asked for the number.
        #[default]
        Prompt = "PROMPT",
    }
}

wire_enum! {
    /// Whether premium numbers may be called.
    #[derive(Default)]
    Premium {
        /// Never.
        #[default]
        Block = "BLOCK",
        /// With the master PIN.
        Pin = "PIN",
        /// Always.
        Allow = "ALLOW",
    }
}

wire_enum! {
    /// The name shown with the number on outbound calls.
    #[derive(Default)]
    CallerIdName {
        /// The extension's.
        AsIs = "AS_IS",
        /// The customer's.
        #[default]
        Customer = "CUSTOMER",
        /// Both.
        Prefix = "PREFIX",
    }
}

wire_enum! {
    /// When calls are recorded.
    #[derive(Default)]
    RecordingMode {
        /// All of them.
        Always = "ALWAYS",
        /// When somebody asks for it.
        Demand = "DEMAND",
        /// None.
        #[default]
        Never = "NEVER",
    }
}

wire_enum! {
    /// How well recordings sound, and how large they are.
    #[derive(Default)]
    RecordingQuality {
        /// As heard.
        #[default]
        Normal = "NORMAL",
        /// Smaller.
        Compact = "COMPACT",
        /// Larger.
        High = "HIGH",
    }
}

/// The countries that may be called unless a customer says otherwise: the EEA and the United Kingdom.
pub const DEFAULT_COUNTRIES: [&str; 31] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// The settings, each documented in `members::MEMBERS`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is documented in `members::MEMBERS`")]
pub struct Settings {
    pub default_music_on_hold: Option<MusicId>,
    pub master_pin_code: Option<String>,
    pub default_language: Language,
    pub default_number: Option<E164>,
    pub national_prefix: Option<String>,
    pub caller_id_name_outbound: CallerIdName,
    pub voicemail_breakout: Option<ItemId>,
    pub recording: Recording,
    pub secret_handling: SecretHandling,
    pub max_ring: Option<u32>,
    pub allow_phone_redirect: bool,
    pub personal_queue_max: u32,
    pub personal_queue_timeout: u32,
    pub premium: Premium,
    pub countries: Vec<String>,
    pub extra: Extra,
}

/// `recording`: which calls are kept as sound, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "each field is documented in `members::MEMBERS`")]
pub struct Recording {
    pub mode: RecordingMode,
    pub quality: RecordingQuality,
    pub retension: u32,
}

impl Default for Recording {
    fn default() -> Self {
        Self { mode: RecordingMode::default(), quality: RecordingQuality::default(), retension: 30 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            default_music_on_hold: None,
            master_pin_code: None,
            default_language: Language::default(),
            default_number: None,
            national_prefix: None,
            caller_id_name_outbound: CallerIdName::default(),
            voicemail_breakout: None,
            recording: Recording::default(),
            secret_handling: SecretHandling::default(),
            max_ring: None,
            allow_phone_redirect: false,
            personal_queue_max: 10,
            personal_queue_timeout: 900,
            premium: Premium::default(),
            countries: DEFAULT_COUNTRIES.map(str::to_owned).to_vec(),
            extra: Extra::default(),
        }
    }
}
