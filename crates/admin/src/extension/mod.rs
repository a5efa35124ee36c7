//! Extensions: read one, change one.

mod change;
mod patch;
mod phones;
mod primary;
mod read;
mod rules;
#[cfg(test)]
mod tests;
mod value;

pub use change::Changed;
pub use read::Expand;

use model::extension::members::{Kind, MEMBERS, Member};
use std::sync::LazyLock;

/// The paths of all members, in the seed's order.
static PATHS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| MEMBERS.iter().map(|member| member.path).collect());

/// Whether a member points at a dialplan item.
fn is_goto(member: &Member) -> bool {
    member.kind == Kind::Id && (member.path.ends_with("Goto") || member.path == "outbound.goto")
}
