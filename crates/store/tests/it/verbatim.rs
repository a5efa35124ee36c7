//! Whatever an extension holds is read back as it was written, to the byte, on both databases.

use crate::place::{On, run};
use crate::world::*;
use model::change::Changed;
use model::extension::Extension;
use model::extension::members::MEMBERS;
use model::item::ItemKind;
use model::member::{Kind, Member, Writer};
use model::pii::Name;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use store::Store;

/// The members that point at something that has to be there, and so are set apart or not at all.
const POINTING: [&str; 5] = ["customer", "employee", "primary", "direct", "number"];

/// Any value that the type of the member holds.
fn value(member: &'static Member) -> BoxedStrategy<Value> {
    let e164 = "\\+[1-9][0-9]{7,14}";
    match member.kind {
        Kind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Enum(words) => select(words).prop_map(Value::from).boxed(),
        Kind::Choice(choices) => select(choices).prop_map(Value::from).boxed(),
        Kind::Range(least, most) => (least..=most).prop_map(Value::from).boxed(),
        Kind::Name => text(1..100).prop_map(Value::from).boxed(),
        Kind::Text(most) => option::of(text(0..most)).prop_map(Value::from).boxed(),
        Kind::Id => option::of("[0-9a-f]{24}").prop_map(Value::from).boxed(),
        Kind::Number => prop_oneof![e164, "[0-9*#]{1,7}"].prop_map(Value::from).boxed(),
        Kind::CallerId => prop_oneof![e164, Just("SECRET".into())].prop_map(Value::from).boxed(),
        Kind::Goto => select(vec![Value::Null, json!(DONALDS)]).boxed(),
        kind => panic!("{}: no value for {kind:?}", member.path),
    }
}

/// Any characters, also those that databases and JSON have their own ideas of.
fn text(length: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let special =
        select(vec!['\0', '"', '\\', '\'', '\u{7f}', '\u{2028}', '\u{fffd}', '\u{10ffff}']);
    vec(prop_oneof![4 => any::<char>(), 1 => special], length).prop_map(String::from_iter)
}

fn changed_extension() -> impl Strategy<Value = Extension> {
    let free = MEMBERS
        .iter()
        .filter(|member| member.writer != Writer::Never && !POINTING.contains(&member.path));
    let free: Vec<_> = free.map(|member| value(member).prop_map(|v| (member.path, v))).collect();
    (free, option::of("[0-9*#]{2,7}")).prop_map(|(values, number)| {
        let mut document = serde_json::to_value(extension(item_id(10), "9")).unwrap();
        document["number"] = json!(number);
        for (path, value) in values {
            let pointer = format!("/{}", path.replace('.', "/"));
            *document.pointer_mut(&pointer).unwrap() = value;
        }
        serde_json::from_value(document).unwrap()
    })
}

fn changed_list() -> impl Strategy<Value = Vec<ScreenEntry>> {
    let number = prop_oneof!["\\+[1-9][0-9]{1,12}\\*", "[0-9][0-9*#]{0,5}", "\\+[1-9][0-9]{7,14}"];
    let entry = (number, option::of("\\PC{1,100}")).prop_map(|(number, name)| ScreenEntry {
        number: ScreenNumber::parse(&number).unwrap(),
        name: name.map(Name::new),
    });
    vec(entry, 0..4)
}

async fn survives(written: Extension, list: Vec<ScreenEntry>) {
    let (folder, store) = world().await;
    let mut changed = vec![put(written.clone())];
    changed.extend(list.into_iter().map(|entry| {
        let (extension, list) = (written.id, ScreenList::Blocklist);
        Changed::Screened(Screened { customer: DUCKBURG, extension, list, entry })
    }));
    store.write(&permit(DUCKBURG), write(changed)).await.unwrap();
    let before = store.directory(&permit(DUCKBURG)).await.unwrap();
    let store = reopened(&folder, store).await;
    assert_eq!(store.directory(&permit(DUCKBURG)).await.unwrap(), before);
    let read = stored(&store, &written).await;
    assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&written).unwrap());
}

async fn stored(store: &Store, written: &Extension) -> Extension {
    let directory = store.directory(&permit(DUCKBURG)).await.unwrap();
    match &directory.item(written.id).unwrap().kind {
        ItemKind::Extension(extension) => extension.clone(),
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn an_extension_survives_verbatim(written in changed_extension(), list in changed_list()) {
        run(On::Sqlite, survives(written.clone(), list.clone()));
        run(On::Postgres, survives(written, list));
    }
}
