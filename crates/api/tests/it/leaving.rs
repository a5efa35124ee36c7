//! Employees that go: now or on a day, with their extensions or without.

use crate::client::Reply;
use crate::world::*;
use axum::http::StatusCode;
use model::time::{Wall, day_begins};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use store::Clock;
use tokio::time::timeout;

const ZONE: &str = "Europe/Copenhagen";

fn employee(number: u8) -> String {
    format!("/employee/{}", employee_id(number))
}

fn begins(date: &str) -> i64 {
    day_begins(date, ZONE).unwrap().0
}

/// A clock that the test sets.
struct Time(Arc<AtomicI64>);

impl Time {
    fn at(wall: i64) -> Self {
        Self(Arc::new(AtomicI64::new(wall)))
    }
    fn set(&self, wall: i64) {
        self.0.store(wall, Relaxed);
    }
    fn clock(&self) -> Clock {
        let time = self.0.clone();
        Clock::of(move || Wall(time.load(Relaxed)))
    }
}

async fn delete(world: &World, role: &str, number: u8, query: &str) -> Reply {
    world.as_(role).delete(&format!("{}{query}", employee(number))).await
}

async fn read(world: &World, path: &str) -> Result<Value, String> {
    let reply = world.as_("owner").get(path).await;
    if reply.status == StatusCode::OK { Ok(reply.json()) } else { Err(reply.problem()) }
}

fn not_found<T>() -> Result<T, String> {
    Err("404 not_found".to_owned())
}

/// Reception's no-answer goto.
async fn point_at_donald(world: &World) {
    let body = json!({"noAnswer": {"extAction": "GOTO", "extGoto": DONALD}});
    let pointed = world.as_("owner").patch(&path(RECEPTION), &body).await;
    assert_eq!(pointed.status, StatusCode::OK);
}

#[tokio::test]
async fn extensions_stay_under_their_name_with_their_phones() {
    let world = World::new().await;
    let tag = read(&world, &path(DONALD)).await.unwrap();
    let reply = delete(&world, "owner", 92, "").await;
    assert_eq!(reply.json(), json!({"success": true}));
    assert_eq!(read(&world, &employee(92)).await, not_found());
    let after = read(&world, &format!("{}?includePhones=1", path(DONALD))).await.unwrap();
    assert_eq!((&after["employee"], &after["primary"]), (&json!(null), &json!(false)));
    assert_eq!((&after["name"], &after["number"]), (&tag["name"], &tag["number"]));
    assert_eq!(after["phones"].as_array().unwrap().len(), 3);
    let world = world.restarted(Clock::system()).await;
    assert_eq!(read(&world, &path(DONALD)).await.unwrap()["name"], "Donald Duck");
    assert_eq!(world.as_("donald").get(&employee(92)).await.problem(), "401 invalid_token");
    let login = json!({"username": DONALDS_NAME, "password": "Quack1234"});
    let login = world.as_nobody().post("/auth/login", &login).await;
    assert_eq!(login.problem(), "401 credentials_invalid");
}

#[tokio::test]
async fn mobiles_go_where_that_is_asked_for() {
    for (query, extension_goes, mobile_goes) in [
        ("", false, false),
        ("?deleteMvnoAccounts=true", false, true),
        ("?deleteExtensions=true", true, false),
        ("?deleteExtensions=true&deleteMvnoAccounts=true", true, true),
    ] {
        let world = World::new().await;
        assert_eq!(delete(&world, "manager", 92, query).await.status, StatusCode::OK);
        let extension = read(&world, &path(DONALD)).await;
        assert_eq!(extension.is_err(), extension_goes, "{query}");
        let target = |byte| world.store.target(store::Subject::Phone(phone(byte)));
        assert_eq!(target(0xc1).await.unwrap().is_none(), mobile_goes, "{query}");
        let external = read(&world, &format!("/pbx/externalphone/{}", phone(0xc2))).await.unwrap();
        assert_eq!(external["extension"].is_null(), extension_goes, "{query}");
        let world = world.restarted(Clock::system()).await;
        assert_eq!(read(&world, &path(DONALD)).await.is_err(), extension_goes, "{query}");
    }
}

#[tokio::test]
async fn what_is_pointed_at_does_not_go_nor_is_that_scheduled() {
    let time = Time::at(begins("2026-11-25"));
    let world = World::at(time.clock()).await;
    point_at_donald(&world).await;
    for query in ["?deleteExtensions=1", "?deleteExtensions=1&deleteDate=2026-11-27"] {
        let reply = delete(&world, "owner", 92, query).await;
        assert_eq!(reply.problem(), "409 id");
        let expected = json!([{
            "_id": RECEPTION, "type": "EXTENSION", "name": "Reception", "number": "100",
            "member": "noAnswer.extGoto",
        }]);
        assert_eq!(reply.json()["references"], expected);
    }
    assert_eq!(delete(&world, "owner", 92, "").await.status, StatusCode::OK, "it stays");
}

#[tokio::test]
async fn which_days_are_taken() {
    let time = Time::at(begins("2026-03-28") + 12 * 3_600_000);
    let world = World::at(time.clock()).await;
    for (date, came_to) in [
        ("2026-03-28", "422 deleteDate deleteDate"),
        ("2026-03-27", "422 deleteDate deleteDate"),
        ("2027-03-30", "422 deleteDate deleteDate"),
        ("2026-02-30", "400 bad_request"),
        ("tomorrow", "400 bad_request"),
        ("2026-03-29T00:00:00Z", "400 bad_request"),
    ] {
        let reply = delete(&world, "owner", 92, &format!("?deleteDate={date}")).await;
        assert_eq!(reply.problem(), came_to, "{date}");
    }
    time.set(begins("2026-03-28"));
    let begins_now = delete(&world, "owner", 92, "?deleteDate=2026-03-28").await;
    assert_eq!(begins_now.problem(), "422 deleteDate deleteDate");
    for (date, at) in [
        ("2027-03-29", "2027-03-28T22:00:00.000Z"),
        ("2026-03-29", "2026-03-28T23:00:00.000Z"),
        ("2026-03-30", "2026-03-29T22:00:00.000Z"),
    ] {
        let reply = delete(&world, "owner", 92, &format!("?deleteDate={date}")).await;
        assert_eq!(reply.json(), json!({"success": true, "deleteDate": at}));
        assert_eq!(read(&world, &employee(92)).await.unwrap()["deleteDate"], at);
        assert_eq!(read(&world, &path(DONALD)).await.unwrap().get("employeeDeleteDate"), None);
    }
    let query = "?deleteDate=2026-10-26&deleteExtensions=true";
    assert_eq!(delete(&world, "owner", 92, query).await.status, StatusCode::OK);
    let shown = read(&world, &path(DONALD)).await.unwrap();
    assert_eq!(shown["employeeDeleteDate"], "2026-10-25T23:00:00.000Z");
}

#[tokio::test]
async fn null_cancels_and_nothing_else_is_a_date() {
    let time = Time::at(begins("2026-11-25"));
    let world = World::at(time.clock()).await;
    let query = "?deleteDate=2026-11-27&deleteExtensions=true";
    assert_eq!(delete(&world, "manager", 92, query).await.status, StatusCode::OK);
    let other = json!({"deleteDate": "2026-12-01T00:00:00.000Z"});
    let refused = world.as_("manager").patch(&employee(92), &other).await;
    assert_eq!(refused.problem(), "422 deleteDate deleteDate");
    let null = json!({"deleteDate": null});
    let refused = world.as_("donald").patch(&employee(92), &null).await;
    assert_eq!(refused.problem(), "403 access_denied deleteDate");
    assert_eq!(world.as_("manager").patch(&employee(92), &null).await.status, StatusCode::OK);
    assert_eq!(read(&world, &path(DONALD)).await.unwrap().get("employeeDeleteDate"), None);
    assert_eq!(world.admin.depart(Wall(begins("2026-12-01"))).await.unwrap(), None);
    assert!(read(&world, &employee(92)).await.is_ok());
}

#[tokio::test]
async fn the_day_acts_at_its_first_instant_and_later_references_point_nowhere() {
    let time = Time::at(begins("2026-03-28"));
    let world = World::at(time.clock()).await;
    // Clocks go forward on that day; the next begins after 23 hours.
    for (number, date) in [(92, "2026-03-30"), (2, "2026-04-01")] {
        let query = format!("?deleteExtensions=true&deleteDate={date}");
        assert_eq!(delete(&world, "owner", number, &query).await.status, StatusCode::OK);
    }
    point_at_donald(&world).await;
    let due = begins("2026-03-29") + 23 * 3_600_000;
    assert_eq!(world.admin.depart(Wall(due - 1)).await.unwrap(), Some(Wall(due)));
    assert!(read(&world, &employee(92)).await.is_ok());
    let next = world.admin.depart(Wall(due)).await.unwrap();
    assert_eq!(next, Some(Wall(begins("2026-04-01"))));
    assert_eq!(read(&world, &employee(92)).await, not_found());
    assert_eq!(read(&world, &path(DONALD)).await, not_found());
    let reception = read(&world, &path(RECEPTION)).await.unwrap();
    assert_eq!(reception["noAnswer"]["extGoto"], json!(null));
    assert_eq!(reception["number"], "100");
    let world = world.restarted(time.clock()).await;
    assert_eq!(read(&world, &path(RECEPTION)).await.unwrap(), reception);
}

/// Waits until an employee is gone, as everybody who follows the store hears of it.
async fn until_gone(world: &World, number: u8) {
    let mut published = world.store.directories().subscribe();
    let deadline = Duration::from_secs(30);
    timeout(deadline, async {
        while read(world, &employee(number)).await.is_ok() {
            published.recv().await.unwrap();
        }
    })
    .await
    .expect("the day came");
}

#[tokio::test]
async fn a_day_that_came_while_nothing_ran_acts_at_the_start() {
    let time = Time::at(begins("2026-11-25"));
    let world = World::at(time.clock()).await;
    assert_eq!(delete(&world, "owner", 92, "?deleteDate=2026-11-27").await.status, StatusCode::OK);
    time.set(begins("2026-11-30"));
    let world = world.restarted(time.clock()).await;
    assert!(read(&world, &employee(92)).await.is_ok());
    let following = tokio::spawn(world.admin.clone().follow_departures());
    until_gone(&world, 92).await;
    assert_eq!(read(&world, &path(DONALD)).await.unwrap()["employee"], json!(null));
    following.abort();
}

#[tokio::test]
async fn a_day_acts_while_the_server_runs() {
    let (started, midnight) = (Instant::now(), begins("2026-11-27"));
    // Midnight is half a second away.
    let clock = Clock::of(move || Wall(midnight - 500).after(started.elapsed()));
    let world = World::at(clock).await;
    let following = tokio::spawn(world.admin.clone().follow_departures());
    let reply = delete(&world, "owner", 92, "?deleteDate=2026-11-28").await;
    assert_eq!(reply.status, StatusCode::OK);
    let reply = delete(&world, "owner", 2, "?deleteDate=2026-11-27").await;
    // On a machine so slow that midnight has passed there is nothing to wait for.
    if reply.status == StatusCode::OK {
        until_gone(&world, 2).await;
    }
    assert!(read(&world, &employee(92)).await.is_ok());
    following.abort();
}

#[tokio::test]
async fn the_last_owner_stays_unless_the_reseller_lets_it_go() {
    let world = World::new().await;
    assert_eq!(delete(&world, "owner", 5, "").await.problem(), "409 accessLevel");
    for (body, came_to) in [
        (json!({"accessLevel": "MANAGER"}), "422 accessLevel accessLevel"),
        (json!({"state": "DISABLED"}), "422 state state"),
    ] {
        assert_eq!(world.as_("owner").patch(&employee(5), &body).await.problem(), came_to);
    }
    assert_eq!(delete(&world, "manager", 5, "").await.problem(), "403 access_denied");
    let second = json!({
        "customer": DUCKBURG, "name": "Second", "accessLevel": "OWNER",
        "emailAddress": "second@duckburg.example",
    });
    let made = world.as_("owner").post("/employee", &second).await.json();
    let demoted = world.as_("owner").patch(&employee(5), &json!({"accessLevel": "MANAGER"})).await;
    assert_eq!(demoted.status, StatusCode::OK);
    let last = format!("/employee/{}", made["_id"].as_str().unwrap());
    assert_eq!(world.as_("reseller").delete(&last).await.status, StatusCode::OK);
}

#[tokio::test]
async fn deleting_many_at_once_loses_no_change_of_a_neighbour() {
    let world = World::new().await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..20 {
        let owner = world.as_("owner");
        tasks.spawn(async move {
            owner.patch(&path(RECEPTION), &json!({"notes": format!("{n}")})).await.status
        });
    }
    for number in [2, 3, 92] {
        let owner = world.as_("owner");
        tasks.spawn(async move { owner.delete(&employee(number)).await.status });
    }
    while let Some(status) = tasks.join_next().await {
        assert_eq!(status.unwrap(), StatusCode::OK);
    }
}
