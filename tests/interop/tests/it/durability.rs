//! kill -9 under write load: every write that was acknowledged is there afterwards, and nothing is half
//! written.

use cluster::{Cluster, Durable};
use interop::{Api, Server};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const KILLS: u32 = 20;
/// Writes that are acknowledged before the server dies: enough that some are under way then.
const ACKNOWLEDGED: usize = 60;
/// The extensions that are written to, one writer each.
const NUMBERS: [&str; 3] = ["592", "593", "594"];

/// What one writer knows of its extension: the last value acknowledged; the next may be there or not.
#[derive(Clone, Copy, Default)]
struct Known(u32);

#[test]
fn what_was_acknowledged_survives_twenty_kills_and_nothing_is_half_written() {
    survives(Server::start(), |_| ());
}

/// Every fourth time PostgreSQL dies with the server.
#[test]
fn the_same_holds_on_postgresql_though_that_is_killed_as_well() {
    let cluster = Cluster::start(Durable::Yes);
    let database = cluster.url(&cluster.database());
    let server = Server::start_with(&["--database", &database]);
    survives(server, |kill| {
        if kill % 4 == 3 {
            cluster.stop();
            cluster.restart();
        }
    });
}

fn survives(mut server: Server, after_kill: impl Fn(u32)) {
    let customer = server.demo().customer("Duckburg").to_owned();
    let mut known = [Known::default(); NUMBERS.len()];
    let mut made: Vec<String> = Vec::new();
    for kill in 0..KILLS {
        let (after, new) = write_until_killed(&mut server, known, &customer);
        after_kill(kill);
        server.start_again();
        let owner = server.api("owner");
        for (place, number) in NUMBERS.iter().enumerate() {
            known[place] = check(&owner, &server.extension(number).id, after[place], kill);
        }
        made.extend(new);
        for id in &made {
            let phone = owner.get(&format!("/pbx/externalphone/{id}")).ok();
            assert_eq!(phone["notes"], "kept", "after kill {kill}");
        }
    }
}

/// Writes from several threads, and kills the server under them.
fn write_until_killed(
    server: &mut Server,
    known: [Known; NUMBERS.len()],
    customer: &str,
) -> ([Known; NUMBERS.len()], Vec<String>) {
    let dead = AtomicBool::new(false);
    let (sender, acknowledged) = std::sync::mpsc::sync_channel(1);
    let writers = NUMBERS.map(|number| (server.api("owner"), server.extension(number).id));
    let maker = server.api("owner");
    thread::scope(|scope| {
        let mut running = Vec::new();
        for ((api, id), known) in writers.into_iter().zip(known) {
            let (dead, sender) = (&dead, sender.clone());
            running.push(scope.spawn(move || write(&api, &id, known, dead, &sender)));
        }
        let making = scope.spawn(|| make(&maker, customer, &dead));
        for _ in 0..ACKNOWLEDGED {
            acknowledged.recv().expect("a writer that writes");
        }
        server.kill();
        dead.store(true, Ordering::SeqCst);
        // Writers that wait to tell of one more.
        drop(acknowledged);
        let mut after = known;
        for (place, writer) in running.into_iter().enumerate() {
            after[place] = writer.join().expect("a writer");
        }
        (after, making.join().expect("the maker"))
    })
}

/// Counts up: two members that always say the same, so that a half-written one would show.
fn write(
    api: &Api,
    id: &str,
    mut known: Known,
    dead: &AtomicBool,
    sender: &std::sync::mpsc::SyncSender<()>,
) -> Known {
    while !dead.load(Ordering::SeqCst) {
        let body = document(known.0 + 1);
        match api.try_patch(&format!("/pbx/extension/{id}"), &body) {
            Some(reply) if reply.status == 200 => known.0 += 1,
            Some(reply) => panic!("{} {:#}", reply.status, reply.body),
            None => break,
        }
        if sender.send(()).is_err() {
            break;
        }
    }
    known
}

fn make(api: &Api, customer: &str, dead: &AtomicBool) -> Vec<String> {
    let mut made = Vec::new();
    let body = json!({"customer": customer, "number": "+4571919990", "notes": "kept"});
    while !dead.load(Ordering::SeqCst) {
        let Some(reply) = api.try_post("/pbx/externalphone", &body) else { break };
        assert_eq!(reply.status, 201, "{:#}", reply.body);
        made.push(reply.body["_id"].as_str().expect("an id").to_owned());
    }
    made
}

fn document(n: u32) -> Value {
    json!({"notes": n.to_string(), "noAnswer": {"timeout": 5 + n % 50}})
}

/// The extension says the last acknowledged value, or the one that was under way, and all of it.
fn check(api: &Api, id: &str, known: Known, kill: u32) -> Known {
    let extension = api.get(&format!("/pbx/extension/{id}")).ok();
    let Some(n) = extension["notes"].as_str().and_then(|notes| notes.parse().ok()) else {
        assert_eq!(known.0, 0, "after kill {kill} everything is lost");
        return known;
    };
    assert!(n == known.0 || n == known.0 + 1, "after kill {kill}: {n} instead of {}", known.0);
    assert_eq!(extension["noAnswer"]["timeout"], 5 + n % 50, "after kill {kill}: half of it");
    Known(n)
}
