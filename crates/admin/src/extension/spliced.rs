//! The expanded view of an extension, made of its JSON: gotos and phones are put in as text, and nothing
//! else is read again. Says the same as `read::expanded`.

use bytes::Bytes;
use model::directory::Directory;
use model::phone::PhoneView;
use serde::Serialize;

/// Ends the key of every goto, and of nothing else, and begins its id. Not to be found inside a text, where
/// a quote has a backslash before it.
const GOTO: &str = "oto\":\"";
/// Digits of an id.
const ID: usize = 24;
/// What an expansion adds at most, mostly.
const ROOM: usize = 1024;

/// The extension of this JSON with its gotos as `{_id, type, number, name}`, if wanted, and these phones.
pub(super) fn expanded(
    whole: &[u8],
    directory: &Directory,
    gotos: bool,
    phones: Option<&[PhoneView]>,
) -> Bytes {
    // Our own serialiser's: it is UTF-8.
    let mut rest = str::from_utf8(whole).unwrap_or_default();
    let mut body = Vec::with_capacity(rest.len() + ROOM);
    while gotos && let Some(place) = rest.find(GOTO) {
        // The quote that begins the id may have to go.
        let (before, after) = rest.split_at(place + GOTO.len() - 1);
        body.extend_from_slice(before.as_bytes());
        let id = after.get(1..=ID).and_then(|id| id.parse().ok());
        rest = match id.and_then(|id| directory.item(id)) {
            Some(item) => {
                append(&mut body, &item.summary());
                after.get(ID + 2..).unwrap_or_default()
            }
            // One whose item is gone stays an id.
            None => after,
        };
    }
    body.extend_from_slice(rest.as_bytes());
    if let Some(phones) = phones {
        body.pop();
        body.extend_from_slice(b",\"phones\":");
        append(&mut body, &phones);
        body.push(b'}');
    }
    body.into()
}

fn append(body: &mut Vec<u8>, shown: &impl Serialize) {
    // Plain structs with string keys: serde_json has no way to fail on them.
    serde_json::to_writer(body, shown).ok();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etag::json;
    use crate::extension::Expand;
    use crate::extension::read;
    use model::change::{Change, Changed};
    use model::customer::Customer;
    use model::extension::Extension;
    use model::extension::members::MEMBERS;
    use model::id::{CustomerId, ItemId, PhoneId};
    use model::item::{ItemKind, Revision};
    use model::member::Kind;
    use model::number::E164;
    use model::phone::{Line, Phone};
    use model::pii::Name;

    #[test]
    fn the_key_of_a_goto_ends_as_no_other_does() {
        for member in MEMBERS {
            assert_eq!(member.path.ends_with("oto"), member.kind == Kind::Goto, "{}", member.path);
        }
    }

    #[test]
    fn text_put_in_says_what_a_new_document_says() {
        let (customer, item) = (CustomerId::from_bytes([1; 12]), |n| ItemId::from_bytes([n; 12]));
        let mut extension = Extension::new(item(1), customer, Name::new("A \"goto\":\"b\" \\"));
        extension.notes = Some(format!("{{\"extGoto\":\"{}\"}}", item(2)));
        extension.inbound_goto = Some(item(2));
        extension.no_answer.int_goto = Some(item(1));
        // One that isn't there.
        extension.busy.mobile_goto = Some(item(9));
        extension.outbound.goto = Some(item(2));
        let other = Extension::new(item(2), customer, Name::new("Øther"));
        let number = E164::parse("+4570305051").unwrap();
        let line = Line::External { number, confirm_answer: true };
        let phone = Phone {
            extension: Some(item(1)),
            ..Phone::new(PhoneId::from_bytes([3; 12]), customer, line)
        };
        let views = [phone.view(false)];
        let items = [extension.clone(), other].map(|one| Changed::Item(ItemKind::Extension(one)));
        let change = Change { customer, revision: Revision(1), changed: items.into() };
        let directory = Directory::empty(Customer::new(customer, Name::new("C"))).apply(&change);
        let whole = directory.item(item(1)).unwrap().whole();
        for (goto, phones) in [(true, true), (true, false), (false, true), (false, false)] {
            let views = phones.then_some(&views[..]);
            let expand = Expand { goto, phones };
            let made = read::expanded(&extension, &directory, expand, views.map(<[_]>::to_vec));
            assert_eq!(expanded(&whole, &directory, goto, views), json(&made), "{expand:?}");
        }
    }
}
