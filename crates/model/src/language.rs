//! The languages of prompts and mails.

use crate::wire_enum::wire_enum;

wire_enum! {
    /// A language (ISO 639).
    #[derive(Default)]
    Language {
        /// Danish.
        Danish = "da",
        /// English.
        #[default]
        English = "en",
    }
}
