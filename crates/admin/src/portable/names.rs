//! What the file calls its parts.

/// What says that it is such a file.
pub(super) const FORMAT: (&str, &str) = ("format", "lokal customer");
/// The version of the format, and the one that is written. A step leads here from each older one.
pub(super) const VERSION: (&str, u64) = ("version", 1);
pub(super) const CUSTOMER: &str = "customer";
pub(super) const EMPLOYEES: &str = "employees";
pub(super) const NUMBERS: &str = "numbers";
pub(super) const MUSIC: &str = "music";
pub(super) const ITEMS: &str = "items";
pub(super) const SCREENS: &str = "screens";
pub(super) const PHONES: &str = "phones";
pub(super) const SECRETS: &str = "secrets";
