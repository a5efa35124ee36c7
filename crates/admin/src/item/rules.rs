//! What a member of a dialplan item has to agree with among the customer's other things (docs/API.md
//! section 3), whatever kind of item it is. Knows neither who asks nor what changed.

use model::country;
use model::directory::Directory;
use model::id::ItemId;
use model::item::Item;
use model::number::{E164, LocalNumber, Number};
use std::collections::BTreeSet;

/// Feature codes that stand alone, kept free for them.
const FEATURE_CODES: [&str; 12] =
    ["*97", "*98", "#21#", "*78", "*79", "*51", "*52", "*53", "*54", "*43", "*60", "*8"];
/// Feature codes that a number follows.
const FEATURE_PREFIXES: [&str; 4] = ["*21*", "*31", "#31#", "*8"];

/// What is wrong with the local number of an item. Whether another item has it shows in the store.
pub(crate) fn local_number_fault(directory: &Directory, text: &str) -> Option<&'static str> {
    let number = LocalNumber::parse(text).ok()?;
    if country::is_emergency(&number, &directory.customer.country) {
        return Some("is an emergency number");
    }
    let code = FEATURE_CODES.contains(&text)
        || FEATURE_PREFIXES.iter().any(|prefix| text.starts_with(prefix));
    code.then_some("is a feature code")
}

/// What is wrong with a goto of the item `this`.
pub(crate) fn goto_fault(directory: &Directory, this: ItemId, text: &str) -> Option<&'static str> {
    let id: ItemId = text.parse().ok()?;
    if id == this {
        return Some("can't be the item itself");
    }
    missing_item_fault(directory, text)
}

/// What is wrong with something else's pointing at an item.
pub(crate) fn missing_item_fault(directory: &Directory, text: &str) -> Option<&'static str> {
    let item = text.parse().ok().and_then(|id| directory.item(id));
    item.is_none().then_some("no such dialplan item")
}

/// What is wrong with a music class that an item names.
pub(crate) fn music_fault(directory: &Directory, text: &str) -> Option<&'static str> {
    let class = text.parse().ok().and_then(|id| directory.music(id));
    class.is_none().then_some("no such music class")
}

/// What is wrong with a sound that an item names: there are none yet.
pub(crate) const fn audio_fault() -> Option<&'static str> {
    Some("no such sound")
}

/// What is wrong with a public number that an item is to use. Whether another thing uses it shows in
/// the store.
pub(crate) fn held_fault(directory: &Directory, text: &str) -> Option<&'static str> {
    let held = E164::parse(text).ok().and_then(|number| directory.held(&number));
    (!held.is_some_and(|held| held.pbx)).then_some("not a number that the customer holds for this")
}

/// What is wrong with a number that calls are sent to: a local one has to reach an item.
pub(crate) fn target_fault(directory: &Directory, number: &Number) -> Option<&'static str> {
    match number {
        Number::Local(number) => {
            directory.item_by_number(number).is_none().then_some("no such local number")
        }
        Number::Public(_) => None,
    }
}

/// Follows `redirect` from item to item, beginning with what `this` is to have: coming by one again is
/// a loop.
pub(crate) fn loop_fault(
    directory: &Directory,
    this: ItemId,
    redirect: Option<&Number>,
) -> Option<&'static str> {
    let mut seen = BTreeSet::from([this]);
    let mut next = redirect;
    while let Some(item) = next.and_then(|number| reached_by(directory, number)) {
        if !seen.insert(item.id()) {
            return Some("leads back to where a call has been: a loop");
        }
        next = item.kind.redirect();
    }
    None
}

fn reached_by<'a>(directory: &'a Directory, number: &Number) -> Option<&'a Item> {
    let item = match number {
        Number::Local(number) => directory.item_by_number(number),
        Number::Public(number) => directory.item_by_public(number),
    };
    item.map(AsRef::as_ref)
}
