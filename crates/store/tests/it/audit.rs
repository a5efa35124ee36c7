//! The audit log: an entry is there with its write or not at all, whoever wrote it.

use crate::place::{On, run};
use crate::world::*;
use model::audit::{Action, AuditQuery, Entry, MemberChange, ThingKind, Via};
use model::change::Changed;
use model::id::{CustomerId, NumberId};
use model::music::MusicClass;
use model::pii::Name;
use serde_json::Value;
use store::{Clock, Store, WriteError};

async fn entries(store: &Store, customer: CustomerId) -> Vec<Entry> {
    let query = AuditQuery { limit: 500, ..AuditQuery::default() };
    let (total, entries) = store.audit(&permit(customer), &query).await.unwrap();
    assert_eq!(total, entries.len() as u64);
    entries
}

fn deeds(entries: &[Entry]) -> Vec<(ThingKind, Action, Vec<&str>)> {
    fn path(change: &MemberChange) -> &str {
        match change {
            MemberChange::Told { member, .. } | MemberChange::Hidden { member, .. } => member,
        }
    }
    let deed = |entry: &'_ Entry| (entry.thing.kind, entry.action);
    entries
        .iter()
        .map(|entry| (deed(entry).0, deed(entry).1, entry.members.iter().map(path).collect()))
        .collect()
}

both!(a_write_and_its_entries_are_there_together);
async fn a_write_and_its_entries_are_there_together() {
    let (folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let made = entries(&store, DUCKBURG).await;
    let [customer] = &made[..] else { panic!("a customer is one entry: {made:?}") };
    assert_eq!((customer.action, customer.via), (Action::Made, Via::System));
    for (member, count) in [("employees", 1), ("items", 1), ("numbers", 3), ("phones", 1)] {
        let (member, before, after) = (member.to_owned(), 0.into(), Value::from(count));
        assert!(customer.members.contains(&MemberChange::Told { member, before, after }));
    }
    let good = |number: u8| write(vec![put(extension(item_id(number), &number.to_string()))]);
    let bad = write(vec![put(extension(item_id(30), "30")), put(extension(item_id(31), "592"))]);
    let (first, failed, second) = tokio::join!(
        store.write(&duckburg, good(10)),
        store.write(&duckburg, bad),
        store.write(&duckburg, good(11))
    );
    assert!(first.is_ok() && second.is_ok());
    assert!(matches!(failed, Err(WriteError::Taken { .. })), "{failed:?}");
    let after = entries(&store, DUCKBURG).await;
    let things: Vec<_> = after.iter().map(|entry| entry.thing.id.clone()).collect();
    let expected = [item_id(11).to_string(), item_id(10).to_string(), DUCKBURG.to_string()];
    assert_eq!(things, expected);
    assert_eq!(after.iter().map(|entry| entry.number).collect::<Vec<_>>(), [3, 2, 1]);
    let store = reopened(&folder, store).await;
    assert_eq!(entries(&store, DUCKBURG).await, after);
    assert_eq!(entries(&store, MOUSETON).await.len(), 1);
}

both!(what_changes_besides_is_told_and_what_stays_the_same_is_not);
async fn what_changes_besides_is_told_and_what_stays_the_same_is_not() {
    let (_folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let before = entries(&store, DUCKBURG).await.len();
    let same = vec![put(donalds()), number(0), Changed::Phone(phone(DONALDS_PHONE, Some(DONALDS)))];
    store.write(&duckburg, write(same)).await.unwrap();
    assert_eq!(entries(&store, DUCKBURG).await.len(), before);
    store.write(&duckburg, write(vec![Changed::ItemGone(DONALDS)])).await.unwrap();
    let after = entries(&store, DUCKBURG).await;
    let [(item, removed, members), (phone, changed, besides)] = &deeds(&after[..2])[..] else {
        panic!("{after:?}")
    };
    assert_eq!((*item, *removed), (ThingKind::Item, Action::Removed));
    assert!(members.contains(&"number") && !members.contains(&"redirect"), "{members:?}");
    // Its employee has the truth of that.
    assert!(!members.contains(&"name"), "{members:?}");
    assert_eq!((*phone, *changed), (ThingKind::Phone, Action::Changed));
    assert_eq!(besides, &["extension"]);
}

both!(every_kind_of_thing_is_told_of);
async fn every_kind_of_thing_is_told_of() {
    let (_folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let id = model::id::MusicId::from_bytes([9; 12]);
    let music =
        |name: &str| Changed::Music(MusicClass { id, customer: DUCKBURG, name: Name::new(name) });
    let customer = model::customer::Customer {
        country: "SE".to_owned(),
        ..customer(DUCKBURG, Some(MOUSETON))
    };
    store.write(&duckburg, write(vec![music("Jazz")])).await.unwrap();
    let second = vec![
        music("Blues"),
        Changed::Customer(customer),
        Changed::NumberGone(NumberId::from_bytes([60; 12])),
        Changed::Employee(employee(DONALD, "Donald")),
        number(7),
    ];
    store.write(&duckburg, write(second)).await.unwrap();
    let told = entries(&store, DUCKBURG).await;
    let told = deeds(&told[..6]);
    let number = vec!["_id", "customer", "number", "pbx"];
    let expected = [
        (ThingKind::Number, Action::Removed, number.clone()),
        (ThingKind::Employee, Action::Changed, vec!["name"]),
        (ThingKind::Number, Action::Made, number),
        (ThingKind::Music, Action::Changed, vec!["name"]),
        (ThingKind::Customer, Action::Changed, vec!["country"]),
        (ThingKind::Music, Action::Made, vec!["_id", "customer", "name"]),
    ];
    assert_eq!(told, expected);
}

both!(what_is_too_old_is_not_shown);
async fn what_is_too_old_is_not_shown() {
    let (folder, store) = world().await;
    store.close().await;
    let kept = i64::try_from(model::limits::AUDIT_KEPT.as_millis()).unwrap();
    let later = model::time::Wall(Clock::system().now().0 + kept);
    let store = folder.open_at(Clock::of(move || later)).await;
    assert!(entries(&store, DUCKBURG).await.is_empty());
}

#[test]
fn two_stores_on_one_database_write_one_log() {
    run(On::Postgres, async {
        let (place, one) = world().await;
        let beside = place.beside();
        let other = beside.open().await;
        let duckburg = permit(DUCKBURG);
        for (store, number) in [(&one, 10), (&other, 11), (&one, 12), (&other, 13)] {
            let made = put(extension(item_id(number), &number.to_string()));
            store.write(&duckburg, write(vec![made])).await.unwrap();
        }
        let told = entries(&one, DUCKBURG).await;
        assert_eq!(told, entries(&other, DUCKBURG).await);
        let numbers: Vec<_> = told.iter().map(|entry| entry.number).collect();
        assert_eq!(numbers, [5, 4, 3, 2, 1]);
    });
}
