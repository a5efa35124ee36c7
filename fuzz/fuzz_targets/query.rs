//! Any query, to what reads one: nothing fails.

#![no_main]

mod world;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;
use world::{ID, World};

static WORLD: LazyLock<World> = LazyLock::new(World::new);

const ENDS: &[&str] = &[
    "/pbx/extension",
    "/pbx/extension/ID",
    "/pbx/extension/ID/redirect",
    "/pbx/extension/ID/dnd",
    "/pbx/extension/directnumbers",
    "/pbx/extension/calleridnumbers",
    "/pbx/sipphone",
    "/pbx/dialplan",
    "/pbx/dialplan/lookup",
    "/pbx/dialplan/numberStatus",
    "/pbx/dialplan/ID/references",
    "/pbx/phonebook/local",
    "/pbx/cdr/latest",
    "/auth/validateToken",
];

fuzz_target!(|input: (u8, &str)| {
    let (end, query) = input;
    let path = ENDS[usize::from(end) % ENDS.len()].replace("ID", ID);
    let uri = format!("{path}?{query}");
    // What isn't a URI doesn't come this far.
    if uri.parse::<axum::http::Uri>().is_ok() {
        WORLD.send("GET", &uri, b"");
    }
});
