//! Several stores on one PostgreSQL: what one writes, the others have.

use crate::access::issued;
use crate::place::{On, run};
use crate::wait::until;
use crate::world::*;
use cluster::Cluster;
use model::audit::Author;
use model::change::Changed;
use model::directory::Directory;
use model::id::{CustomerId, EmployeeId, PhoneId};
use model::item::Revision;
use model::limits;
use model::phone::SipAccount;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use model::time::Wall;
use model::token::{TokenHash, TokenKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use store::{Bearer, Clock, Ended, Logins, NewCustomer, NewToken, Store, Subject, WriteError};
use tokio::time::timeout;

/// The others have it at once; this is for machines that have more to do. That nothing is older than
/// two seconds unnoticed is `outage`'s.
pub const SOON: Duration = Duration::from_secs(30);

/// Two stores on one database, with both customers in it.
async fn two() -> ([Place; 2], [Store; 2]) {
    let (place, one) = world().await;
    let beside = place.beside();
    let other = beside.open().await;
    ([place, beside], [one, other])
}

/// Runs a case on PostgreSQL.
fn on_postgres(case: impl Future<Output = ()>) {
    run(On::Postgres, case);
}

/// The customer's directory once it is at this revision.
pub async fn at(store: &Store, customer: CustomerId, revision: Revision) -> Arc<Directory> {
    until(SOON, async || {
        let now = store.directories().snapshot(customer).await.unwrap();
        now.filter(|now| now.revision >= revision)
    })
    .await
}

#[test]
fn a_write_through_one_is_seen_through_the_other() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        other.directory(&duckburg).await.unwrap();
        let mut published = other.directories().subscribe();
        let mut changed = donalds();
        changed.notes = Some("The boss".into());
        let revision = one.write(&duckburg, write(vec![put(changed)])).await.unwrap();
        let seen = timeout(SOON, published.recv()).await.unwrap().unwrap();
        assert_eq!(seen, one.directory(&duckburg).await.unwrap());
        assert_eq!(seen.item(DONALDS).unwrap().revision, revision);
        // And the other way round, on top of it.
        let next = other.write(&duckburg, write(vec![put(extension(item_id(10), "593"))])).await;
        assert_eq!(next.unwrap(), Revision(revision.0 + 1));
        let seen = at(&one, DUCKBURG, Revision(revision.0 + 1)).await;
        assert_eq!(seen, other.directory(&duckburg).await.unwrap());
    });
}

#[test]
fn a_new_customer_comes_with_its_tokens_accounts_and_ids() {
    on_postgres(async {
        let place = Place::new().await;
        let one = place.open().await;
        let beside = place.beside();
        let other = beside.open().await;
        assert!(other.is_empty().await.unwrap());
        // Asked for too early: that nobody is there is remembered.
        assert_eq!(other.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Unknown);
        assert!(other.target(Subject::Item(DONALDS)).await.unwrap().is_none());
        assert!(other.target(Subject::Employee(DONALD)).await.unwrap().is_none());
        one.create_customer(mouseton()).await.unwrap();
        let revision = one.create_customer(duckburg()).await.unwrap();
        let seen = at(&other, DUCKBURG, revision).await;
        assert_eq!(seen, one.directory(&permit(DUCKBURG)).await.unwrap());
        let principal = other.bearer(TokenHash::of("donald")).await.unwrap();
        assert_eq!(principal, one.bearer(TokenHash::of("donald")).await.unwrap());
        assert!(matches!(principal, Bearer::Known(_)), "{principal:?}");
        assert_eq!(other.account("donald").as_deref(), Some(&account("donald")));
        let target = other.target(Subject::Item(DONALDS)).await.unwrap();
        assert_eq!(target, one.target(Subject::Item(DONALDS)).await.unwrap());
        assert_eq!(target.unwrap().resellers, [MOUSETON]);
        assert!(other.target(Subject::Employee(DONALD)).await.unwrap().is_some());
        assert_eq!(other.directories().customers(), [DUCKBURG, MOUSETON]);
    });
}

#[test]
fn what_is_gone_through_one_is_gone_through_the_other() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        assert_ne!(other.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Unknown);
        let mut unowned = donalds();
        unowned.employee = None;
        let gone =
            vec![put(unowned), Changed::EmployeeGone(DONALD), Changed::PhoneGone(DONALDS_PHONE)];
        one.write(&duckburg, write(gone)).await.unwrap();
        let revision = one.write(&duckburg, write(vec![Changed::ItemGone(DONALDS)])).await.unwrap();
        let seen = at(&other, DUCKBURG, revision).await;
        assert_eq!(seen, one.directory(&duckburg).await.unwrap());
        assert_eq!(other.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Unknown);
        assert_eq!(other.account("donald"), None);
        assert!(other.target(Subject::Item(DONALDS)).await.unwrap().is_none());
    });
}

/// A customer with one phone that has this user name.
fn small(id: u8, username: &str) -> NewCustomer {
    let customer_id = CustomerId::from_bytes([id; 12]);
    let phone_id = PhoneId::from_bytes([id; 12]);
    let mut phone = phone(phone_id, None);
    phone.customer = customer_id;
    let account = SipAccount { customer: customer_id, phone: phone_id, ..account(username) };
    let employee_id = EmployeeId::from_bytes([id; 12]);
    let mut employee = employee(employee_id, "Daisy");
    employee.customer = customer_id;
    NewCustomer {
        by: Author::System,
        customer: customer(customer_id, None),
        changed: vec![Changed::Phone(phone), Changed::Employee(employee)],
        accounts: vec![account],
        tokens: vec![NewToken {
            hash: TokenHash::of(username),
            employee: employee_id,
            expires: None,
        }],
    }
}

#[test]
fn a_user_name_that_moves_to_another_customer_is_that_ones() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        one.create_customer(small(90, "daisy")).await.unwrap();
        let (first, second) = (CustomerId::from_bytes([90; 12]), CustomerId::from_bytes([20; 12]));
        at(&other, first, Revision(1)).await;
        let gone = write(vec![Changed::PhoneGone(PhoneId::from_bytes([90; 12]))]);
        let (here, there) = (permit(first), small(20, "daisy"));
        // Followed at once: the name is gone where it was and made where it is, in either order.
        let (dropped, made) = tokio::join!(
            one.write(&here, gone),
            one.create_customer(NewCustomer { tokens: Vec::new(), ..there }),
        );
        let revision = dropped.unwrap();
        made.unwrap();
        at(&other, first, revision).await;
        at(&other, second, Revision(1)).await;
        assert_eq!(other.account("daisy").unwrap().customer, second);
    });
}

#[test]
fn checks_hold_across_stores() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        for round in 10..20u8 {
            let number = round.to_string();
            let claim = |id| write(vec![put(extension(item_id(id), &number))]);
            let (first, second) = tokio::join!(
                one.write(&duckburg, claim(round)),
                other.write(&duckburg, claim(round + 100))
            );
            let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
            assert!(won.is_ok(), "{won:?}");
            assert!(matches!(lost, Err(WriteError::Taken { member: "number", .. })), "{lost:?}");
        }
        let last = one.directory(&duckburg).await.unwrap().revision;
        let last = last.max(other.directory(&duckburg).await.unwrap().revision);
        assert_eq!(at(&one, DUCKBURG, last).await, at(&other, DUCKBURG, last).await);
        assert_eq!(last, Revision(11), "ten writes were made");
    });
}

#[test]
fn what_others_have_committed_is_in_memory_before_ones_own_write_is() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        other.directory(&duckburg).await.unwrap();
        for round in 20..30u8 {
            let make = |id: u8| write(vec![put(extension(item_id(id), &id.to_string()))]);
            one.write(&duckburg, make(round)).await.unwrap();
            // Nobody waits until it was followed: the write itself has to.
            other.write(&duckburg, make(round + 100)).await.unwrap();
            let seen = other.directory(&duckburg).await.unwrap();
            assert!(seen.item(item_id(round)).is_some(), "{round}");
        }
    });
}

#[test]
fn revisions_that_are_followed_at_once_leave_each_item_its_own() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        other.directory(&duckburg).await.unwrap();
        let renamed = write(vec![Changed::Employee(employee(DONALD, "Fauntleroy"))]);
        let made = |id: u8| write(vec![put(extension(item_id(id), &id.to_string()))]);
        // They share a commit, so nobody sees one without the other.
        let (first, second, third) = tokio::join!(
            one.write(&duckburg, made(20)),
            one.write(&duckburg, renamed),
            one.write(&duckburg, made(21))
        );
        let (first, second, third) = (first.unwrap(), second.unwrap(), third.unwrap());
        let seen = at(&other, DUCKBURG, third).await;
        for (id, revision) in [(item_id(20), first), (DONALDS, second), (item_id(21), third)] {
            assert_eq!(seen.item(id).unwrap().revision, revision);
        }
        assert_eq!(seen, one.directory(&duckburg).await.unwrap());
    });
}

#[test]
fn every_revision_is_published_once_and_in_order_while_both_write() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        one.directory(&duckburg).await.unwrap();
        other.directory(&duckburg).await.unwrap();
        let mut heard = [one.directories().subscribe(), other.directories().subscribe()];
        let mut last = Revision(0);
        for round in 0..20u8 {
            let employees = |name: &str| write(vec![Changed::Employee(employee(DONALD, name))]);
            let names = [format!("Donald {round}"), format!("Fauntleroy {round}")];
            let (first, second) = tokio::join!(
                one.write(&duckburg, employees(&names[0])),
                other.write(&duckburg, employees(&names[1]))
            );
            last = last.max(first.unwrap()).max(second.unwrap());
        }
        let (first, second) = (at(&one, DUCKBURG, last).await, at(&other, DUCKBURG, last).await);
        assert_eq!(first, second);
        for receiver in &mut heard {
            let mut before = Revision(0);
            while let Ok(directory) = receiver.try_recv() {
                assert!(directory.revision > before, "{:?} after {before:?}", directory.revision);
                before = directory.revision;
            }
            assert_eq!(before, last);
        }
    });
}

#[test]
fn an_entry_of_a_list_is_followed_alone() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        let before = other.directory(&duckburg).await.unwrap();
        let number = ScreenNumber::parse("+45*").unwrap();
        let (list, entry) =
            (ScreenList::Whitelist, ScreenEntry { number: number.clone(), name: None });
        let screened = Screened { customer: DUCKBURG, extension: DONALDS, list, entry };
        let put = write(vec![Changed::Screened(screened)]);
        let revision = one.write(&duckburg, put).await.unwrap();
        let with = at(&other, DUCKBURG, revision).await;
        assert_eq!(with.screen(DONALDS, list).count(), 1);
        assert!(
            Arc::ptr_eq(with.item(DONALDS).unwrap(), before.item(DONALDS).unwrap()),
            "what didn't change isn't read again"
        );
        let gone = write(vec![Changed::ScreenedGone(DONALDS, list, number)]);
        let revision = one.write(&duckburg, gone).await.unwrap();
        assert_eq!(at(&other, DUCKBURG, revision).await.screen(DONALDS, list).count(), 0);
    });
}

#[test]
fn what_moves_to_another_customer_is_found_there_by_everybody() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        // In either order of the customers' ids, and so of their news.
        let (mut from, mut to) = (DUCKBURG, MOUSETON);
        let mut moving = extension(item_id(10), "593");
        one.write(&permit(from), write(vec![put(moving.clone())])).await.unwrap();
        let mut before = Revision::default();
        for _ in 0..2 {
            for customer in [from, to] {
                other.directory(&permit(customer)).await.unwrap();
            }
            moving.customer = to;
            let leaves = write(vec![Changed::ItemGone(moving.id)]);
            let arrives = write(vec![put(moving.clone())]);
            let moved =
                one.write_moving((&permit(from), leaves), (&permit(to), arrives)).await.unwrap();
            assert!(moved > before, "no version of it is like an older one");
            before = moved;
            assert!(at(&other, to, moved).await.item(moving.id).is_some());
            for store in [&one, &other] {
                until(SOON, async || {
                    let left = store.directory(&permit(from)).await.unwrap();
                    left.item(moving.id).is_none().then_some(())
                })
                .await;
                let target = store.target(Subject::Item(moving.id)).await.unwrap().unwrap();
                assert_eq!(target.customer, to);
            }
            std::mem::swap(&mut from, &mut to);
        }
    });
}

#[test]
fn a_login_is_known_everywhere_and_ends_everywhere() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let (duckburg, token) = (permit(DUCKBURG), TokenHash::of("a"));
        other.directory(&duckburg).await.unwrap();
        assert_eq!(other.bearer(token).await.unwrap(), Bearer::Unknown);
        let made = issued("a", TokenKind::Persist, None);
        let revision = one.write_with(&duckburg, write(Vec::new()), made).await.unwrap();
        at(&other, DUCKBURG, revision).await;
        assert!(matches!(other.bearer(token).await.unwrap(), Bearer::Known(_)));
        let ended = vec![Ended::Logins(DONALD, None)];
        let logout = Logins { ended, ..Logins::default() };
        one.directory(&duckburg).await.unwrap();
        let revision = other.write_with(&duckburg, write(Vec::new()), logout).await.unwrap();
        at(&one, DUCKBURG, revision).await;
        assert_eq!(one.bearer(token).await.unwrap(), Bearer::Unknown);
    });
}

#[test]
fn a_login_that_is_used_on_one_server_has_not_ended_on_the_other() {
    on_postgres(async {
        let now = Arc::new(AtomicI64::new(1));
        let told = now.clone();
        let clock = Clock::of(move || Wall(told.load(Ordering::SeqCst)));
        let place = Place::new().await;
        let beside = place.beside();
        let (one, other) = (place.open_at(clock.clone()).await, beside.open_at(clock).await);
        one.create_customer(mouseton()).await.unwrap();
        one.create_customer(duckburg()).await.unwrap();
        let (permit, token) = (permit(DUCKBURG), TokenHash::of("a"));
        let made = issued("a", TokenKind::Login, None);
        let revision = one.write_with(&permit, write(Vec::new()), made).await.unwrap();
        at(&other, DUCKBURG, revision).await;
        assert!(matches!(other.bearer(token).await.unwrap(), Bearer::Known(_)));
        let most = i64::try_from(limits::LOGIN_LIFE.as_millis()).unwrap();
        now.fetch_add(most - 1, Ordering::SeqCst);
        assert!(matches!(one.bearer(token).await.unwrap(), Bearer::Known(_)));
        one.flush().await;
        now.fetch_add(most - 1, Ordering::SeqCst);
        assert!(matches!(other.bearer(token).await.unwrap(), Bearer::Known(_)));
        now.fetch_add(most, Ordering::SeqCst);
        assert_eq!(other.bearer(token).await.unwrap(), Bearer::Expired);
    });
}

#[test]
fn whoever_missed_more_than_the_feed_keeps_reads_everything_again() {
    on_postgres(async {
        let (places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        other.directory(&duckburg).await.unwrap();
        let mut published = other.directories().subscribe();
        // Committed as by a third store, with the feed's tail already cut.
        let statement = format!(
            "BEGIN; UPDATE customer SET revision = 9 WHERE id = '{DUCKBURG}';
            UPDATE sip_account SET ha1_md5 = 'other';
            UPDATE token SET expires = 1;
            INSERT INTO change (customer, revision, kind, id)
                VALUES ('{DUCKBURG}', 9, 'customer', '{DUCKBURG}'); COMMIT"
        );
        assert_ne!(other.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Unknown);
        Cluster::shared().sql(places[0].database_name(), &statement);
        let seen = timeout(SOON, published.recv()).await.unwrap().unwrap();
        assert_eq!(seen.revision, Revision(9));
        assert_eq!(other.account("donald").unwrap().ha1_md5.reveal(), "other");
        assert_eq!(other.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Expired);
        // A kind of thing that a newer version writes is read as a whole, too.
        let newer = statement.replace('9', "10").replace("'customer'", "'lamp'");
        Cluster::shared().sql(places[0].database_name(), &newer);
        assert_eq!(
            at(&one, DUCKBURG, Revision(10)).await,
            at(&other, DUCKBURG, Revision(10)).await
        );
    });
}

#[test]
fn more_than_can_be_followed_one_by_one_is_read_as_a_whole() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        other.directory(&duckburg).await.unwrap();
        let many = (0..=u32::try_from(limits::CHANGES_FOLLOWED).unwrap()).map(|number| {
            let mut id = [77; 12];
            id[..4].copy_from_slice(&number.to_be_bytes());
            put(extension(model::id::ItemId::from_bytes(id), &(10_000 + number).to_string()))
        });
        let revision = one.write(&duckburg, write(many.collect())).await.unwrap();
        assert_eq!(at(&other, DUCKBURG, revision).await, one.directory(&duckburg).await.unwrap());
    });
}

#[test]
fn a_write_that_changes_nothing_is_followed_as_well() {
    on_postgres(async {
        let (_places, [one, other]) = two().await;
        let duckburg = permit(DUCKBURG);
        let empty = one.write(&duckburg, write(Vec::new())).await.unwrap();
        assert_eq!(at(&other, DUCKBURG, empty).await.revision, empty);
    });
}
