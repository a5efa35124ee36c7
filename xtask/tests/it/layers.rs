//! Who may use whom. Arrows point toward `model`; `call` and `sip` never see each other, only `switch`
//! speaks both; `api` never sees SQL.

use crate::workspace::{edges, packages, text};

/// Each package and the packages of the workspace that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("call", &["model"]),
    ("store", &["model"]),
    ("admin", &["model", "store"]),
    ("sip", &["model"]),
    ("media", &["model"]),
    // `admin` for its port `Switch`, which the switch implements.
    ("switch", &["admin", "call", "media", "model", "sip", "store"]),
    ("api", &["admin", "model"]),
    ("testkit", &["call", "model"]),
    ("lokal", &["admin", "api", "call", "media", "model", "sip", "store", "switch"]),
    ("cluster", &[]),
    ("interop", &[]),
    ("xtask", &["cluster"]),
];

/// What a package's tests may use beyond that.
const TESTS_MAY_USE: &[(&str, &[&str])] = &[
    ("api", &["cluster", "store"]),
    ("call", &["testkit"]),
    ("interop", &["cluster"]),
    ("lokal", &["cluster"]),
    ("store", &["cluster"]),
];

/// The only packages that may name a library that shapes everything around it.
const OWNERS: &[(&str, &[&str])] = &[
    ("aide", &["api"]),
    ("audio-codec", &["media"]),
    ("axum", &["api", "lokal"]),
    ("clap", &["lokal"]),
    ("hyper", &["lokal"]),
    ("mio", &["media"]),
    ("prometheus-client", &["lokal"]),
    ("rsipstack", &["sip"]),
    ("sqlx", &["store"]),
    ("thread-priority", &["media"]),
];

/// Pure packages, and what would make them impure.
const PURE: &[&str] = &["call", "model", "testkit"];
const IMPURE: &[&str] = &[
    "async-trait",
    "getrandom",
    "hyper",
    "metrics",
    "mio",
    "prometheus-client",
    "rand",
    "reqwest",
    "rsipstack",
    "rustix",
    "socket2",
    "sqlx",
    "tokio",
    "tracing",
    "ureq",
];

#[test]
fn every_package_has_a_row() {
    let mut known: Vec<&str> = MAY_USE.iter().map(|(package, _)| *package).collect();
    let mut found = packages();
    known.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, known, "the layer table and the workspace differ");
}

#[test]
fn dependencies_point_toward_model() {
    for edge in edges() {
        if row(MAY_USE, &edge.to).is_none() {
            continue;
        }
        let allowed = row(MAY_USE, &edge.from).unwrap_or_default();
        let in_tests = row(TESTS_MAY_USE, &edge.from).unwrap_or_default();
        let may = allowed.contains(&&*edge.to) || edge.test_only && in_tests.contains(&&*edge.to);
        assert!(may, "{} may not use {} (test only: {})", edge.from, edge.to, edge.test_only);
    }
}

#[test]
fn libraries_stay_with_their_owners() {
    for edge in edges() {
        let Some(owners) = row(OWNERS, &edge.to) else { continue };
        assert!(owners.contains(&&*edge.from), "{} names {}", edge.from, edge.to);
    }
}

#[test]
fn pure_packages_know_no_clock_socket_or_runtime() {
    for edge in edges() {
        let impure = PURE.contains(&&*edge.from) && IMPURE.contains(&&*edge.to);
        assert!(!impure, "{} is pure and may not use {}", edge.from, edge.to);
    }
}

/// Absent dependencies don't keep the standard library's clock and sockets out; clippy does.
#[test]
fn the_pure_heart_bans_the_outside() {
    let banned = text("crates/call/clippy.toml");
    for path in [
        "std::time::Instant",
        "std::time::SystemTime",
        "std::thread::sleep",
        "std::thread::spawn",
        "std::collections::HashMap",
        "std::collections::HashSet",
        "std::hash::RandomState",
        "std::net::TcpStream",
        "std::net::UdpSocket",
        "std::fs::File",
    ] {
        let line = banned.lines().find(|line| line.contains(&format!("\"{path}\"")));
        let line = line.unwrap_or_else(|| panic!("crates/call/clippy.toml doesn't ban {path}"));
        assert!(line.contains("reason"), "the ban of {path} has no reason");
    }
}

fn row(
    table: &[(&str, &'static [&'static str])],
    package: &str,
) -> Option<&'static [&'static str]> {
    table.iter().find(|(name, _)| *name == package).map(|(_, row)| *row)
}
