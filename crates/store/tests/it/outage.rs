//! A PostgreSQL that stops, restarts, loses connections or falls silent: nothing old is served as if it
//! were new, nothing acknowledged is lost, and everything goes on by itself.

use crate::place::{On, Place, postgres, run};
use crate::proxy::Proxy;
use crate::wait::until;
use crate::world::*;
use cluster::{Cluster, Durable};
use model::change::Changed;
use model::item::Revision;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use model::token::TokenHash;
use std::time::Duration;
use store::{Store, StoreError, WriteError};
use tokio::time::{Instant, sleep_until};

/// The budget, and what a busy machine may add.
const IN_TIME: Duration = Duration::from_millis(3500);
/// How long everything may take to be well again.
const RECOVERY: Duration = Duration::from_secs(10);

fn rename(name: &str) -> store::Write {
    write(vec![Changed::Employee(employee(DONALD, name))])
}

fn is_unavailable<T>(result: &Result<T, WriteError>) -> bool {
    matches!(result, Err(WriteError::Store(StoreError::Unavailable(_))))
}

/// A store beside this one, whose connections can be silenced.
async fn behind_proxy(place: &Place) -> (Proxy, Place, Store) {
    let proxy = Proxy::start(Cluster::shared().port()).await;
    let url = format!("postgres://lokal@{}/{}", proxy.address(), place.database_name());
    let beside = Place::at(postgres(&url));
    let other = beside.open().await;
    (proxy, beside, other)
}

/// Repeats until it succeeds.
async fn at_last<T, E>(mut ask: impl AsyncFnMut() -> Result<T, E>) -> T {
    until(RECOVERY, async || ask().await.ok()).await
}

/// Waits until memory is too old to answer from.
async fn until_refused(store: &Store) {
    until(2 * IN_TIME, async || store.directories().snapshot(DUCKBURG).await.err()).await;
}

#[test]
fn a_stopped_database_is_unavailable_and_comes_back_by_itself() {
    run(On::Postgres, async {
        let cluster = Cluster::start(Durable::Yes);
        let place = Place::at(postgres(&cluster.url(&cluster.database())));
        let store = place.open().await;
        store.create_customer(mouseton()).await.unwrap();
        store.create_customer(duckburg()).await.unwrap();
        let duckburg = permit(DUCKBURG);
        let acknowledged = store.write(&duckburg, rename("Donald 1")).await.unwrap();
        cluster.stop();
        let asked = Instant::now();
        let refused = store.write(&duckburg, rename("nobody")).await;
        assert!(is_unavailable(&refused), "{refused:?}");
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        until_refused(&store).await;
        let token = store.bearer(TokenHash::of("donald")).await;
        assert!(matches!(token, Err(StoreError::Unavailable(_))), "{token:?}");
        cluster.restart();
        let seen = at_last(async || store.directory(&duckburg).await).await;
        assert_eq!(seen.revision, acknowledged, "what was acknowledged, and nothing else");
        let next = at_last(async || store.write(&duckburg, rename("Donald 2")).await).await;
        let seen = store.directory(&duckburg).await.unwrap();
        assert_eq!(seen.revision, next);
        assert_eq!(seen.employee(DONALD).unwrap().name.as_str(), "Donald 2");
        store.close().await;
    });
}

#[test]
fn a_connection_that_is_cut_in_the_middle_of_writes_loses_nothing_that_was_acknowledged() {
    run(On::Postgres, async {
        let (place, store) = world().await;
        let cutting = format!(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = '{}' AND pid <> pg_backend_pid()",
            place.database_name()
        );
        let duckburg = permit(DUCKBURG);
        let (mut made, mut refused) = (Vec::new(), 0);
        for round in 0..5u8 {
            let cut = cutting.clone();
            let cut = tokio::task::spawn_blocking(move || Cluster::shared().sql("postgres", &cut));
            let (mut number, before) = (0, made.len());
            while !cut.is_finished() || made.len() < before + 5 {
                let id = item_id_of(round, number);
                let local = (10_000 * (u32::from(round) + 1) + u32::from(number)).to_string();
                let changed = write(vec![put(extension(id, &local))]);
                match store.write(&duckburg, changed).await {
                    Ok(_) => made.push(id),
                    Err(_) => refused += 1,
                }
                number += 1;
            }
            cut.await.unwrap();
        }
        assert!(refused <= 5, "each cut refuses one: {refused}");
        let last = at_last(async || store.write(&duckburg, rename("Donald")).await).await;
        let seen = store.directory(&duckburg).await.unwrap();
        assert_eq!(seen.revision, last);
        assert!(made.iter().all(|id| seen.item(*id).is_some()));
        let store = reopened(&place, store).await;
        assert_eq!(store.directory(&duckburg).await.unwrap(), seen);
    });
}

fn item_id_of(round: u8, number: u16) -> model::id::ItemId {
    let mut id = [88; 12];
    id[0] = round;
    id[1..3].copy_from_slice(&number.to_be_bytes());
    model::id::ItemId::from_bytes(id)
}

#[test]
fn a_silent_feed_serves_nothing_old_as_new_unless_the_database_can_be_asked_directly() {
    run(On::Postgres, async {
        let (place, one) = world().await;
        let (proxy, _beside, other) = behind_proxy(&place).await;
        let duckburg = permit(DUCKBURG);
        other.directory(&duckburg).await.unwrap();

        // What is connected is silent, what connects anew isn't: the other asks directly.
        proxy.silence_connected();
        let revision = one.write(&duckburg, rename("Fauntleroy")).await.unwrap();
        until(IN_TIME, async || {
            let seen = other.directory(&duckburg).await.unwrap();
            (seen.revision == revision).then_some(())
        })
        .await;

        // Now everything is.
        proxy.silence_all();
        until_refused(&other).await;
        let asked = Instant::now();
        let refused = other.write(&duckburg, rename("nobody")).await;
        assert!(is_unavailable(&refused), "{refused:?}");
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        let revision = one.write(&duckburg, rename("Donald")).await.unwrap();
        for _ in 0..3 {
            let refused = other.bearer(TokenHash::of("donald")).await;
            assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        }

        proxy.speak();
        let seen = at_last(async || other.directory(&duckburg).await).await;
        assert!(seen.revision >= revision, "the first answer is a fresh one");
        let next = at_last(async || other.write(&duckburg, rename("Fethry")).await).await;
        assert_eq!(other.directory(&duckburg).await.unwrap().revision, next);
        assert_eq!(crate::sharing::at(&one, DUCKBURG, next).await.revision, next);
    });
}

#[test]
fn what_is_made_again_between_two_looks_has_none_of_what_it_had() {
    run(On::Postgres, async {
        let (place, one) = world().await;
        let (proxy, _beside, other) = behind_proxy(&place).await;
        let duckburg = permit(DUCKBURG);
        let (id, list) = (item_id(10), ScreenList::Whitelist);
        let entry = ScreenEntry { number: ScreenNumber::parse("5*").unwrap(), name: None };
        let screened = Screened { customer: DUCKBURG, extension: id, list, entry };
        let made = || put(extension(id, "593"));
        let first = write(vec![made(), Changed::Screened(screened)]);
        let revision = one.write(&duckburg, first).await.unwrap();
        crate::sharing::at(&other, DUCKBURG, revision).await;

        proxy.silence_all();
        until_refused(&other).await;
        one.write(&duckburg, write(vec![Changed::ItemGone(id)])).await.unwrap();
        let revision = one.write(&duckburg, write(vec![made()])).await.unwrap();
        proxy.speak();
        let seen = at_last(async || other.directory(&duckburg).await).await;
        assert_eq!(seen.revision, revision);
        assert_eq!(seen, one.directory(&duckburg).await.unwrap());
        assert_eq!(seen.screen(id, list).count(), 0);
    });
}

#[test]
fn jobs_that_queue_up_behind_a_silent_database_are_refused_with_the_first() {
    run(On::Postgres, async {
        let (place, one) = world().await;
        let (proxy, _beside, other) = behind_proxy(&place).await;
        let duckburg = permit(DUCKBURG);
        proxy.silence_all();
        let asked = Instant::now();
        let later = async {
            sleep_until(asked + Duration::from_secs(1)).await;
            other.write(&duckburg, rename("later")).await
        };
        let (first, second) = tokio::join!(other.write(&duckburg, rename("first")), later);
        assert!(is_unavailable(&first) && is_unavailable(&second), "{first:?} {second:?}");
        assert!(asked.elapsed() < IN_TIME, "{:?}", asked.elapsed());
        let untouched = one.directory(&duckburg).await.unwrap();
        assert_eq!(untouched.revision, Revision(1));
    });
}

#[test]
fn no_error_tells_the_password() {
    run(On::Postgres, async {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let url = format!("postgres://donald:quack@{free}/lokal");
        let place = Place::at(postgres(&url));
        let error = place.try_open().await.unwrap_err();
        let mut told = format!("{error} {error:?} {place:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(error) = source {
            told += &format!(" {error} {error:?}");
            source = error.source();
        }
        assert!(!told.contains("quack"), "{told}");
    });
}
