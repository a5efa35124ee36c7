//! The lists of numbers that an extension has: whether the caller stands on one. What follows is decided
//! where a list counts.

use crate::facts::{Facts, Origin};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::call::Provenance;
use model::cause::Cause;
use model::screen::{ScreenList, ScreenNumber};
use model::trace::{Outcome, Rule};
use std::ops::ControlFlow;

/// Step 0: refuses a caller on the blocklist.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan> {
    let Some(number) = lookup(facts, ScreenList::Blocklist) else {
        return ControlFlow::Continue(());
    };
    let item = Some(facts.extension.id);
    trace.fact(item, Rule::Blocklist, text(number.as_str()), Outcome::Refused);
    ControlFlow::Break(Plan::End(Cause::Blocked))
}

/// Whether the caller is one that the extension expects: its number is on the whitelist, and isn't only what
/// a From header says.
pub(crate) fn is_expected(facts: &Facts<'_>) -> bool {
    let known = facts.call.caller.presented.provenance <= Provenance::TrunkAsserted;
    known && lookup(facts, ScreenList::Whitelist).is_some()
}

/// The entry of a list that covers the caller.
fn lookup(facts: &Facts<'_>, list: ScreenList) -> Option<ScreenNumber> {
    let mut entries = facts.directory.screen(facts.extension.id, list).peekable();
    entries.peek()?;
    let numbers = numbers(facts);
    let covers = |entry: &ScreenNumber| numbers.iter().any(|number| entry.covers(number));
    entries.map(|entry| entry.number).find(covers)
}

/// The numbers that the caller is known by: a colleague has several.
fn numbers(facts: &Facts<'_>) -> Vec<String> {
    let caller = &facts.call.caller;
    let extension = match caller.origin {
        Origin::External => None,
        Origin::Local => caller.extension.and_then(|id| facts.directory.extension(id)),
    };
    let Some(extension) = extension else {
        return caller.presented.number.clone().into_iter().collect();
    };
    let local = extension.number.iter().map(|number| number.as_str());
    let direct = extension.direct.iter().map(|number| number.as_str());
    let phones = facts.directory.phones_of(extension.id);
    let mobiles = phones.filter_map(|phone| phone.own_number()).map(|number| number.as_str());
    local.chain(direct).chain(mobiles).map(str::to_owned).collect()
}
