//! Writes: what they refuse, and that they are whole or not at all.

use crate::world::*;
use model::change::{Change, Changed};
use model::employee::{Employee, Presence};
use model::id::{EmployeeId, ItemId, PhoneId};
use model::item::{BareItem, ItemKind, ItemType, Revision};
use model::limits;
use model::number::{E164, LocalNumber};
use model::pii::Name;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use std::sync::Arc;
use std::time::Duration;
use store::{Basis, Logins, Once, Store, Write, WriteError};

async fn try_write(store: &Store, changed: Vec<Changed>) -> Result<Revision, WriteError> {
    store.write(&permit(DUCKBURG), write(changed)).await
}

async fn extension_now(store: &Store, id: ItemId) -> Arc<model::item::Item> {
    store.directory(&permit(DUCKBURG)).await.unwrap().item(id).unwrap().clone()
}

both!(a_write_is_there_afterwards_and_after_opening_again);
async fn a_write_is_there_afterwards_and_after_opening_again() {
    let (folder, store) = world().await;
    let mut changed = donalds();
    changed.notes = Some("The boss".into());
    let revision = try_write(&store, vec![put(changed)]).await.unwrap();
    assert_eq!(revision, Revision(2));
    let before = store.directory(&permit(DUCKBURG)).await.unwrap();
    let item = before.item(DONALDS).unwrap();
    assert_eq!(item.revision, Revision(2));
    assert_eq!(item.extension().unwrap().name.as_str(), "Donald Duck", "follows the employee");

    let store = reopened(&folder, store).await;
    let after = store.directory(&permit(DUCKBURG)).await.unwrap();
    assert_eq!(before, after);
}

both!(if_match_is_checked_in_the_transaction);
async fn if_match_is_checked_in_the_transaction() {
    let (_folder, store) = world().await;
    let based_on = |revision| Write {
        based_on: Some(Basis::Item(DONALDS, Revision(revision))),
        changed: vec![put(donalds())],
    };
    let duckburg = permit(DUCKBURG);
    // Both read revision 1 and are queued before either commits.
    let (first, second) =
        tokio::join!(store.write(&duckburg, based_on(1)), store.write(&duckburg, based_on(1)));
    assert_eq!(first.unwrap(), Revision(2));
    assert!(matches!(second, Err(WriteError::Stale)), "{second:?}");
    let gone = Basis::Item(item_id(99), Revision(1));
    let gone = Write { based_on: Some(gone), changed: Vec::new() };
    assert!(matches!(store.write(&duckburg, gone).await, Err(WriteError::Stale)));
}

both!(an_employee_must_be_as_it_was_seen);
async fn an_employee_must_be_as_it_was_seen() {
    let (_folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let seen = store.directory(&duckburg).await.unwrap().employee(DONALD).unwrap().clone();
    let to = |presence| Write {
        based_on: Some(Basis::Unchanged(Box::new(Changed::Employee(seen.as_ref().clone())))),
        changed: vec![Changed::Employee(Employee { presence, ..seen.as_ref().clone() })],
    };
    let (first, second) = tokio::join!(
        store.write(&duckburg, to(Presence::Busy)),
        store.write(&duckburg, to(Presence::Holiday)),
    );
    assert!(first.is_ok(), "{first:?}");
    assert!(matches!(second, Err(WriteError::Stale)), "{second:?}");
}

both!(numbers_are_unique_where_they_must_be);
async fn numbers_are_unique_where_they_must_be() {
    let (_folder, store) = world().await;
    let mut other = extension(item_id(10), "593");
    other.direct = Some(E164::parse("+4570305001").unwrap());
    try_write(&store, vec![put(other)]).await.unwrap();

    let taken = try_write(&store, vec![put(extension(item_id(11), "592"))]).await.unwrap_err();
    assert!(
        matches!(&taken, WriteError::Taken { member: "number", by: Some(by) } if *by == DONALDS.to_string()),
        "{taken:?}"
    );

    let mut rival = extension(item_id(11), "594");
    rival.direct = Some(E164::parse("+4570305001").unwrap());
    let taken = try_write(&store, vec![put(rival.clone())]).await.unwrap_err();
    assert!(
        matches!(&taken, WriteError::Taken { member: "direct", by: Some(by) } if *by == item_id(10).to_string())
    );

    // The same local number is free elsewhere; a direct number isn't, and who has it isn't said.
    rival.customer = MOUSETON;
    rival.number = Some(LocalNumber::parse("592").unwrap());
    let mouseton = permit(MOUSETON);
    let taken = store.write(&mouseton, write(vec![put(rival.clone())])).await.unwrap_err();
    assert!(matches!(taken, WriteError::Taken { member: "direct", by: None }), "{taken:?}");
    rival.direct = None;
    store.write(&mouseton, write(vec![put(rival)])).await.unwrap();
}

both!(numbers_can_be_swapped_in_one_write);
async fn numbers_can_be_swapped_in_one_write() {
    let (folder, store) = world().await;
    try_write(&store, vec![put(extension(item_id(10), "593"))]).await.unwrap();
    let mut donalds = donalds();
    donalds.number = Some(LocalNumber::parse("593").unwrap());
    let swap = vec![put(donalds), put(extension(item_id(10), "592"))];
    try_write(&store, swap).await.unwrap();
    let before = store.directory(&permit(DUCKBURG)).await.unwrap();
    let store = reopened(&folder, store).await;
    assert_eq!(store.directory(&permit(DUCKBURG)).await.unwrap(), before);
}

both!(the_primary_moves_and_its_owner_has_only_one);
async fn the_primary_moves_and_its_owner_has_only_one() {
    let (folder, store) = world().await;
    let mut second = extension(item_id(10), "593");
    second.employee = Some(DONALD);
    second.primary = true;
    let revision = try_write(&store, vec![put(second.clone())]).await.unwrap();
    let before = extension_now(&store, DONALDS).await;
    assert!(!before.extension().unwrap().primary);
    assert_eq!(before.revision, revision, "it changed as well");
    assert!(extension_now(&store, item_id(10)).await.extension().unwrap().primary);
    let snapshot = store.directory(&permit(DUCKBURG)).await.unwrap();
    let store = reopened(&folder, store).await;
    assert_eq!(store.directory(&permit(DUCKBURG)).await.unwrap(), snapshot);

    let both = try_write(&store, vec![put(second), put(donalds())]).await.unwrap_err();
    assert!(matches!(both, WriteError::Taken { member: "primary", .. }), "{both:?}");
}

both!(nothing_crosses_to_another_customer);
async fn nothing_crosses_to_another_customer() {
    let (_folder, store) = world().await;
    let mouseton = permit(MOUSETON);
    let mut stolen = donalds();
    let foreign = store.write(&mouseton, write(vec![put(stolen.clone())])).await;
    assert!(matches!(foreign, Err(WriteError::WrongCustomer)), "says so itself: {foreign:?}");

    let planted = store.write(&mouseton, write(vec![put(extension(item_id(10), "1"))])).await;
    assert!(matches!(planted, Err(WriteError::WrongCustomer)), "a new one as well: {planted:?}");

    stolen.customer = MOUSETON;
    stolen.employee = None;
    let foreign = store.write(&mouseton, write(vec![put(stolen)])).await;
    assert!(matches!(foreign, Err(WriteError::WrongCustomer)), "the id is theirs: {foreign:?}");

    for gone in [
        Changed::ItemGone(DONALDS),
        Changed::EmployeeGone(DONALD),
        Changed::PhoneGone(DONALDS_PHONE),
    ] {
        let foreign = store.write(&mouseton, write(vec![gone])).await;
        assert!(matches!(foreign, Err(WriteError::Missing { member: "_id" })), "{foreign:?}");
    }
    let mut pointing = extension(item_id(10), "1");
    pointing.customer = MOUSETON;
    pointing.inbound_goto = Some(DONALDS);
    let foreign = store.write(&mouseton, write(vec![put(pointing)])).await;
    assert!(matches!(foreign, Err(WriteError::Missing { member: "inboundGoto" })), "{foreign:?}");
    assert_eq!(store.directory(&mouseton).await.unwrap().revision, Revision(1));
}

both!(whatever_is_pointed_at_must_be_there_and_stay);
async fn whatever_is_pointed_at_must_be_there_and_stay() {
    let (_folder, store) = world().await;
    let mut pointing = extension(item_id(10), "593");
    pointing.busy.int_goto = Some(item_id(11));
    let missing = try_write(&store, vec![put(pointing.clone())]).await.unwrap_err();
    assert!(matches!(missing, WriteError::Missing { member: "busy.intGoto" }), "{missing:?}");

    let target = Changed::Item(ItemKind::Bare(Box::new(BareItem {
        id: item_id(11),
        kind: ItemType::Queue,
        customer: DUCKBURG,
        name: Name::new("Queue"),
        number: None,
    })));
    try_write(&store, vec![put(pointing.clone()), target]).await.unwrap();
    let kept = try_write(&store, vec![Changed::ItemGone(item_id(11))]).await.unwrap_err();
    assert!(matches!(kept, WriteError::Referenced { kind: "item" }), "{kept:?}");
    pointing.busy.int_goto = None;
    let both = vec![Changed::ItemGone(item_id(11)), put(pointing)];
    try_write(&store, both).await.unwrap();

    let mut unowned = extension(item_id(12), "594");
    unowned.employee = Some(EmployeeId::from_bytes([99; 12]));
    let missing = try_write(&store, vec![put(unowned)]).await.unwrap_err();
    assert!(matches!(missing, WriteError::Missing { member: "employee" }), "{missing:?}");
    let stray = phone(PhoneId::from_bytes([98; 12]), Some(item_id(99)));
    let missing = try_write(&store, vec![Changed::Phone(stray)]).await.unwrap_err();
    assert!(matches!(missing, WriteError::Missing { member: "extension" }), "{missing:?}");
    let owner = try_write(&store, vec![Changed::EmployeeGone(DONALD)]).await.unwrap_err();
    assert!(matches!(owner, WriteError::Referenced { kind: "employee" }), "{owner:?}");
}

both!(a_write_that_fails_leaves_nothing_and_its_neighbours_alone);
async fn a_write_that_fails_leaves_nothing_and_its_neighbours_alone() {
    let (folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let good = |number: u8| write(vec![put(extension(item_id(number), &number.to_string()))]);
    // Its first half could be made.
    let bad = write(vec![put(extension(item_id(30), "30")), put(extension(item_id(31), "592"))]);
    // All three are queued before the writer runs, and share its commit.
    let (first, failed, second) = tokio::join!(
        store.write(&duckburg, good(10)),
        store.write(&duckburg, bad),
        store.write(&duckburg, good(11))
    );
    assert_eq!(first.unwrap(), Revision(2));
    assert!(matches!(failed, Err(WriteError::Taken { .. })), "{failed:?}");
    assert_eq!(second.unwrap(), Revision(3), "the failed one counts for nothing");
    let before = store.directory(&duckburg).await.unwrap();
    assert!(before.item(item_id(10)).is_some() && before.item(item_id(11)).is_some());
    assert!(before.item(item_id(30)).is_none());
    let store = reopened(&folder, store).await;
    assert_eq!(store.directory(&duckburg).await.unwrap(), before);
}

both!(a_customer_is_made_whole_or_not_at_all);
async fn a_customer_is_made_whole_or_not_at_all() {
    let (_folder, store) = world().await;
    let mut again = duckburg();
    let taken = store.create_customer(again.clone()).await.unwrap_err();
    assert!(matches!(taken, WriteError::Taken { member: "_id", .. }), "{taken:?}");

    let third = model::id::CustomerId::from_bytes([9; 12]);
    let phone_id = PhoneId::from_bytes([9; 12]);
    let mut phone = phone(phone_id, None);
    phone.customer = third;
    again.customer = customer(third, None);
    again.changed = vec![Changed::Phone(phone)];
    again.accounts[0].customer = third;
    again.accounts[0].phone = phone_id;
    again.tokens.clear();
    let taken = store.create_customer(again).await.unwrap_err();
    assert!(matches!(taken, WriteError::Taken { member: "username", .. }), "{taken:?}");
    assert!(store.customer_target(third).await.unwrap().is_none());
    assert_eq!(store.directories().customers(), [DUCKBURG, MOUSETON]);
}

fn once(key: &str, kept: Duration) -> Once {
    Once {
        employee: DONALD,
        key: key.to_owned(),
        request: "this".to_owned(),
        asked: store::Clock::system().now(),
        kept,
    }
}

/// Makes an extension with this number.
async fn make_once(store: &Store, number: &str, once: Once) -> Result<String, WriteError> {
    let write = write(vec![put(extension(item_id(10), number))]);
    let told = number.to_owned();
    let answer = move |change: &Change| format!("{told} at {}", change.revision.0);
    store.make(&permit(DUCKBURG), (write, Logins::default()), Some(once), answer).await
}

both!(an_answer_is_kept_with_what_it_tells_of);
async fn an_answer_is_kept_with_what_it_tells_of() {
    let (folder, store) = world().await;
    let day = limits::ANSWER_KEPT;
    assert_eq!(make_once(&store, "10", once("a", day)).await.unwrap(), "10 at 2");
    let again = make_once(&store, "11", once("a", day)).await.unwrap_err();
    assert!(matches!(again, WriteError::Taken { member: store::KEY, .. }), "{again:?}");
    let failed = make_once(&store, "592", once("c", day)).await;
    assert!(matches!(failed, Err(WriteError::Taken { member: "number", .. })), "{failed:?}");

    let store = reopened(&folder, store).await;
    let kept = store.answer(DONALD, "a").await.unwrap().unwrap();
    assert_eq!((kept.request.as_str(), kept.document.as_str()), ("this", "10 at 2"));
    assert_eq!(store.answer(DONALD, "c").await.unwrap(), None, "it was taken back");
    assert_eq!(store.answer(EmployeeId::from_bytes([9; 12]), "a").await.unwrap(), None);
}

both!(an_answer_is_kept_for_its_time);
async fn an_answer_is_kept_for_its_time() {
    let (_folder, store) = world().await;
    make_once(&store, "10", once("d", Duration::ZERO)).await.unwrap();
    assert_eq!(store.answer(DONALD, "d").await.unwrap(), None, "it has expired");
    make_once(&store, "11", once("d", limits::ANSWER_KEPT)).await.unwrap();
}

both!(a_list_of_numbers_has_its_limit_and_goes_with_its_extension);
async fn a_list_of_numbers_has_its_limit_and_goes_with_its_extension() {
    let (folder, store) = world().await;
    let screened = |number: String| {
        let number = ScreenNumber::parse(&number).unwrap();
        let entry = ScreenEntry { number, name: Some(Name::new("Huey")) };
        let list = ScreenList::Whitelist;
        Changed::Screened(Screened { customer: DUCKBURG, extension: DONALDS, list, entry })
    };
    let full = (0..limits::SCREEN_ENTRIES).map(|n| screened(n.to_string())).collect();
    try_write(&store, full).await.unwrap();
    try_write(&store, vec![screened("7".into())]).await.unwrap();
    let more = try_write(&store, vec![screened("5*".into())]).await.unwrap_err();
    assert!(matches!(more, WriteError::Full { member: "number" }), "{more:?}");
    let number = ScreenNumber::parse("5*").unwrap();
    let gone = vec![Changed::ScreenedGone(DONALDS, ScreenList::Whitelist, number)];
    let gone = try_write(&store, gone).await.unwrap_err();
    assert!(matches!(gone, WriteError::Missing { member: "_id" }), "{gone:?}");

    try_write(&store, vec![Changed::ItemGone(DONALDS)]).await.unwrap();
    let store = reopened(&folder, store).await;
    let after = store.directory(&permit(DUCKBURG)).await.unwrap();
    assert_eq!(after.screen(DONALDS, ScreenList::Whitelist).count(), 0);
}

both!(what_an_item_leaves_behind_is_settled_with_it);
async fn what_an_item_leaves_behind_is_settled_with_it() {
    let (folder, store) = world().await;
    let mut second = extension(item_id(10), "593");
    second.employee = Some(DONALD);
    try_write(&store, vec![put(second)]).await.unwrap();
    try_write(&store, vec![Changed::ItemGone(DONALDS)]).await.unwrap();
    let before = store.directory(&permit(DUCKBURG)).await.unwrap();
    assert!(before.extension(item_id(10)).unwrap().primary);
    assert_eq!(before.phone(DONALDS_PHONE).unwrap().extension, None);
    let store = reopened(&folder, store).await;
    assert_eq!(store.directory(&permit(DUCKBURG)).await.unwrap(), before);
}

both!(the_item_that_voicemail_breaks_out_to_must_be_there_and_stay);
async fn the_item_that_voicemail_breaks_out_to_must_be_there_and_stay() {
    let (_folder, store) = world().await;
    let breakout = |to: Option<ItemId>| {
        let mut customer = customer(DUCKBURG, Some(MOUSETON));
        customer.settings.voicemail_breakout = to;
        Changed::Customer(customer)
    };
    let missing = try_write(&store, vec![breakout(Some(item_id(10)))]).await.unwrap_err();
    assert!(matches!(missing, WriteError::Missing { member: "voicemailBreakout" }), "{missing:?}");
    try_write(&store, vec![breakout(Some(DONALDS))]).await.unwrap();
    let kept = try_write(&store, vec![Changed::ItemGone(DONALDS)]).await.unwrap_err();
    assert!(matches!(kept, WriteError::Referenced { kind: "item" }), "{kept:?}");
    try_write(&store, vec![Changed::ItemGone(DONALDS), breakout(None)]).await.unwrap();
}

both!(a_write_based_on_the_whole_customer_fails_once_anything_changed);
async fn a_write_based_on_the_whole_customer_fails_once_anything_changed() {
    let (_folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let seen = store.directory(&duckburg).await.unwrap().revision;
    let on = |revision| Write {
        based_on: Some(Basis::Customer(revision)),
        changed: vec![Changed::Employee(employee(DONALD, "Donald"))],
    };
    let after = store.write(&duckburg, on(seen)).await.unwrap();
    let refused = store.write(&duckburg, on(seen)).await.unwrap_err();
    assert!(matches!(refused, WriteError::Stale), "{refused:?}");
    assert!(store.write(&duckburg, on(after)).await.is_ok());
}
