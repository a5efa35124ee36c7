//! What may not be in Cargo.lock, and that `deny.toml` says the same.

use crate::workspace::text;

/// One provider of cryptography (`ring`), and nothing that needs a system library or cmake.
const BANNED: &[&str] =
    &["aws-lc-fips-sys", "aws-lc-rs", "aws-lc-sys", "native-tls", "openssl", "openssl-sys"];

#[test]
fn banned_packages_are_not_locked() {
    let lock = text("Cargo.lock");
    for package in BANNED {
        assert!(!lock.contains(&format!("name = \"{package}\"\n")), "{package} is in Cargo.lock");
    }
}

#[test]
fn deny_toml_bans_them_too() {
    let deny = text("deny.toml");
    for package in BANNED {
        assert!(deny.contains(&format!("\"{package}\"")), "{package} isn't in deny.toml");
    }
}

/// rsipstack's inner hooks are used, so a new version is a decision.
#[test]
fn rsipstack_is_pinned() {
    assert!(text("Cargo.toml").contains("rsipstack = { version = \"=0.7.14\""));
}
