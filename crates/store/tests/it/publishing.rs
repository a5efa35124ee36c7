//! Commit and publication are one unit: nobody who hangs up can part them.

use crate::world::*;
use model::change::Changed;
use model::item::Revision;
use std::pin::pin;
use std::task::{Context, Waker};
use tokio::sync::broadcast::error::RecvError;

both!(a_write_whose_caller_hung_up_is_committed_and_published);
async fn a_write_whose_caller_hung_up_is_committed_and_published() {
    let (folder, store) = world().await;
    let mut published = store.directories().subscribe();
    let duckburg = permit(DUCKBURG);
    {
        let changed = vec![put(extension(item_id(10), "593"))];
        let mut asking = pin!(store.write(&duckburg, write(changed)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(asking.as_mut().poll(&mut context).is_pending());
    }
    // Queued behind it: the write is over, whatever became of it.
    store.flush().await;
    let seen = published.try_recv().unwrap();
    assert_eq!(seen.revision, Revision(2));
    assert_eq!(store.directory(&duckburg).await.unwrap(), seen);
    let store = reopened(&folder, store).await;
    assert!(store.directory(&duckburg).await.unwrap().item(item_id(10)).is_some());
}

both!(every_commit_is_published_in_order_before_it_is_acknowledged);
async fn every_commit_is_published_in_order_before_it_is_acknowledged() {
    let (_folder, store) = world().await;
    let mut published = store.directories().subscribe();
    for number in 2..20u8 {
        let changed = vec![put(extension(item_id(number + 10), &number.to_string()))];
        let revision = store.write(&permit(DUCKBURG), write(changed)).await.unwrap();
        assert_eq!(published.try_recv().unwrap().revision, revision);
    }
}

both!(a_listener_that_falls_behind_is_told_and_can_catch_up);
async fn a_listener_that_falls_behind_is_told_and_can_catch_up() {
    let (_folder, store) = world().await;
    let mut published = store.directories().subscribe();
    let duckburg = permit(DUCKBURG);
    let mut last = Revision(0);
    for _ in 0..=model::limits::PUBLISHED_QUEUE {
        last = store.write(&duckburg, write(Vec::new())).await.unwrap();
    }
    assert!(matches!(published.recv().await, Err(RecvError::Lagged(_))));
    let now = store.directories().snapshot(DUCKBURG).await.unwrap().unwrap();
    assert_eq!(now.revision, last);
}

both!(loading_while_writes_go_on_ends_at_the_last_one);
async fn loading_while_writes_go_on_ends_at_the_last_one() {
    let (folder, mut store) = world().await;
    for round in 0..8u8 {
        store = reopened(&folder, store).await;
        let writing = store.clone();
        let writes = tokio::spawn(async move {
            let mut last = Revision(0);
            for step in 0..4u8 {
                let name = format!("Donald {round} {step}");
                let changed = vec![Changed::Employee(employee(DONALD, &name))];
                last = writing.write(&permit(DUCKBURG), write(changed)).await.unwrap();
            }
            last
        });
        let directories = store.directories();
        let mut seen = Revision(0);
        while !writes.is_finished() {
            let now = directories.snapshot(DUCKBURG).await.unwrap().unwrap().revision;
            assert!(now >= seen, "never backwards");
            seen = now;
            tokio::task::yield_now().await;
        }
        let now = directories.snapshot(DUCKBURG).await.unwrap().unwrap();
        assert_eq!(now.revision, writes.await.unwrap());
        assert_eq!(now.extension(DONALDS).unwrap().name.as_str(), format!("Donald {round} 3"));
    }
}
