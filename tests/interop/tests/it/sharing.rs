//! Two servers on one PostgreSQL: what is written through either, the other shows, and it never answers with
//! something that is older than two seconds.

use cluster::Cluster;
use interop::{Api, Server};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What the other may not know yet.
const FRESH: Duration = Duration::from_secs(2);

#[test]
fn a_write_through_one_server_is_seen_through_the_other() {
    let cluster = Cluster::shared();
    let database = cluster.url(&cluster.database());
    let server = Server::start_with(&["--database", &database]);
    let beside = server.beside();
    let (one, other) = (server.api("owner"), beside.api(server.demo().token("owner")));
    let path = format!("/pbx/extension/{}", server.extension("592").id);
    // From here on both have it in memory.
    assert_eq!(one.get(&path).ok(), other.get(&path).ok());
    for n in 0..10 {
        let (writer, reader) = if n % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let notes = json!(format!("Note {n}"));
        writer.patch(&path, &json!({ "notes": notes })).ok();
        seen(reader, &path, &notes);
    }
}

/// Reads until it is there. An answer to a question asked later than `FRESH` may not be an old one.
#[track_caller]
fn seen(reader: &Api, path: &str, notes: &Value) {
    let acknowledged = Instant::now();
    interop::wait::until("what the other wrote", || {
        let asked = acknowledged.elapsed();
        let reply = reader.get(path);
        let fresh = reply.status == 200 && reply.body["notes"] == *notes;
        assert!(fresh || reply.status == 503 || asked < FRESH, "old after {asked:?}");
        fresh.then_some(())
    });
}
