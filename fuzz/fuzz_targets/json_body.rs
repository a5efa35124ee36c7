//! Any body, to what takes one: nothing fails, and what was taken is what is read back, and can be sent
//! again.

#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use world::{ID, World};

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// What takes a body and makes nothing, so that the world doesn't grow; what starts with PATCH can be read.
const ENDS: &[(&str, &str)] = &[
    ("PATCH", "/pbx/extension/ID"),
    ("PATCH", "/pbx/sipphone/ID"),
    ("PATCH", "/pbx/settings/ID"),
    ("PATCH", "/customer/ID"),
    ("POST", "/pbx/extension/ID/redirect"),
    ("POST", "/pbx/extension/ID/dnd"),
    ("POST", "/pbx/extension/ID/explain"),
    ("POST", "/pbx/explain"),
    ("POST", "/pbx/dialplan/lookup"),
];

fuzz_target!(|input: (u8, &[u8])| {
    let (end, body) = input;
    let (method, path) = ENDS[usize::from(end) % ENDS.len()];
    let path = path.replace("ID", ID);
    let answer = WORLD.send(method, &path, body);
    if method != "PATCH" {
        return;
    }
    let read = WORLD.send("GET", &path, b"");
    assert_eq!(read.status, 200);
    if answer.status == 200 {
        assert_eq!(answer.body, read.body);
        let again = WORLD.send("POST", &path, &read.body);
        assert_eq!((again.status, again.body), (200, read.body));
    }
});
