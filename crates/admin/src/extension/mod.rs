//! Extensions: list them, make, read, change and remove one; its redirect, the DND of
//! its phones, and the numbers that it may choose from; its whitelist
//! and blocklist.

mod change;
mod create;
mod dnd;
mod list;
mod moving;
mod numbers;
mod phones;
mod primary;
mod read;
mod redirect;
mod remove;
pub(crate) mod rules;
mod screen;
mod spliced;
#[cfg(test)]
mod tests;

pub use change::Changed;
pub use dnd::Dnd;
pub use list::{ExtensionsQuery, LIMITS, ListedExtension, SORTS};
pub use numbers::SharedNumber;
pub use read::Expand;
pub use redirect::Redirected;

use model::extension::members::MEMBERS;
use std::sync::LazyLock;

/// The paths of all members, in the seed's order.
static PATHS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| MEMBERS.iter().map(|member| member.path).collect());
