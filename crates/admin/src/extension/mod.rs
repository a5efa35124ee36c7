//! Extensions: list them, make, read, change and remove one.

mod change;
mod create;
mod list;
mod phones;
mod primary;
mod read;
mod remove;
mod rules;
#[cfg(test)]
mod tests;

pub use change::Changed;
pub use list::{ExtensionsQuery, LIMITS, ListedExtension, SORTS};
pub use read::Expand;

use model::extension::members::MEMBERS;
use std::sync::LazyLock;

/// The paths of all members, in the seed's order.
static PATHS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| MEMBERS.iter().map(|member| member.path).collect());
