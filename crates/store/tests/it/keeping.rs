//! What stays: the folder's lock, the installation's values, records and bindings.

use crate::world::*;
use model::binding::Binding;
use model::call::PhoneRef;
use model::id::{CallId, PhoneId};
use model::record::CallRecord;
use model::time::Wall;
use std::os::unix::fs::PermissionsExt;
use store::{Database, OpenError, Store, StoreError, WriteError};

both!(a_folder_belongs_to_one_process_at_a_time);
async fn a_folder_belongs_to_one_process_at_a_time() {
    let place = Place::new().await;
    let store = place.open().await;
    let refused = place.try_open().await.unwrap_err();
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused:?}");
    let said = refused.to_string();
    assert!(said.contains(&*place.path().to_string_lossy()), "{said}");
    assert!(said.contains(&format!("process {}", std::process::id())), "{said}");
    store.close().await;
    place.open().await;
}

#[tokio::test]
async fn nobody_else_can_read_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/100% var?#ø");
    let _store = Store::open(&path, &Database::Folder).await.unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    for file in path.read_dir().unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

both!(the_installation_is_drawn_once);
async fn the_installation_is_drawn_once() {
    let folder = Place::new().await;
    let store = folder.open().await;
    assert!(store.is_empty().await.unwrap());
    let first = store.installation().clone();
    assert!(first.realm.starts_with("lokal-") && first.realm.len() == 22, "{}", first.realm);
    let store = reopened(&folder, store).await;
    assert_eq!(store.installation().realm, first.realm);
    assert_eq!(store.installation().nonce_key, first.nonce_key);
    store.create_customer(mouseton()).await.unwrap();
    assert!(!store.is_empty().await.unwrap());
}

both!(a_closed_store_says_that_it_is_unavailable);
async fn a_closed_store_says_that_it_is_unavailable() {
    let (_folder, store) = world().await;
    store.close().await;
    store.close().await;
    let refused = store.write(&permit(DUCKBURG), write(Vec::new())).await.unwrap_err();
    assert!(matches!(refused, WriteError::Store(StoreError::Unavailable(_))), "{refused:?}");
    let refused = store.record_target(CallId::from_bytes([1; 12])).await.unwrap_err();
    assert!(matches!(refused, StoreError::Unavailable(_)), "{refused:?}");
    store.keep_record(record(1, 1, DONALDS, item_id(10))).await;
}

both!(records_are_there_after_a_flush_and_after_opening_again);
async fn records_are_there_after_a_flush_and_after_opening_again() {
    let (folder, store) = world().await;
    let (other, third) = (item_id(10), item_id(11));
    let records = [
        record(1, 100, DONALDS, other),
        record(2, 300, other, DONALDS),
        record(3, 200, DONALDS, DONALDS),
        record(4, 400, other, third),
    ];
    for record in &records {
        store.keep_record(record.clone()).await;
    }
    store.flush().await;
    let duckburg = permit(DUCKBURG);
    let latest = |most| store.latest_records(&duckburg, DONALDS, most);
    assert_eq!(latest(10).await.unwrap(), [1, 2, 0].map(|at| records[at].clone()));
    assert_eq!(latest(1).await.unwrap(), [records[1].clone()]);

    whose_it_is(&reopened(&folder, store).await, &records[0]).await;
}

async fn whose_it_is(store: &Store, record: &CallRecord) {
    let found = store.record(&permit(DUCKBURG), record.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(record));
    assert_eq!(store.record(&permit(MOUSETON), record.id).await.unwrap(), None);
    assert!(store.latest_records(&permit(MOUSETON), DONALDS, 10).await.unwrap().is_empty());
    let target = store.record_target(record.id).await.unwrap().unwrap();
    assert_eq!((target.customer, target.owners), (DUCKBURG, vec![DONALD]));
    assert_eq!(target.resellers, [MOUSETON]);
    assert!(store.record_target(CallId::from_bytes([99; 12])).await.unwrap().is_none());
}

both!(closing_writes_every_record_that_was_taken);
async fn closing_writes_every_record_that_was_taken() {
    let (folder, store) = world().await;
    let count = u8::MAX;
    for call in 0..count {
        store.keep_record(record(call, i64::from(call), DONALDS, item_id(10))).await;
    }
    let store = reopened(&folder, store).await;
    let kept = store.latest_records(&permit(DUCKBURG), DONALDS, 1000).await.unwrap();
    assert_eq!(kept.len(), usize::from(count));
}

both!(bindings_come_back_until_they_expire_or_are_dropped);
async fn bindings_come_back_until_they_expire_or_are_dropped() {
    let (folder, store) = world().await;
    let of = |phone| PhoneRef { customer: DUCKBURG, phone };
    let binding = |key: &str, expires| Binding {
        phone: of(DONALDS_PHONE),
        key: key.into(),
        expires: Wall(expires),
        state: format!("state of {key}"),
    };
    let far = i64::MAX / 2;
    let gone = of(PhoneId::from_bytes([42; 12]));
    store.keep_binding(binding("a", far));
    store.keep_binding(binding("b", far));
    store.keep_binding(binding("expired", 1));
    store.keep_binding(Binding { phone: gone, ..binding("a", far) });
    store.flush().await;
    store.drop_binding(gone, "a");
    let store = reopened(&folder, store).await;
    let mut found = store.bindings().await.unwrap();
    found.sort_by(|x, y| x.key.cmp(&y.key));
    assert_eq!(found, [binding("a", far), binding("b", far)]);

    store.drop_binding(of(DONALDS_PHONE), "a");
    let store = reopened(&folder, store).await;
    assert_eq!(store.bindings().await.unwrap(), [binding("b", far)]);
}
