//! What finds a request in the log and in the audit log: no other request of this process has it.

use axum::http::HeaderValue;
use model::audit::RequestId;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where this process starts counting: random, so that two processes hardly meet.
static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| {
    let start = getrandom::u64().unwrap_or(u64::from(std::process::id()));
    AtomicU64::new(start)
});

/// The next one. It identifies and protects nothing, so a mixed counter does; asking the system for
/// randomness would cost more than the rest of the frame.
pub(crate) fn next() -> RequestId {
    RequestId(mix(NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// The value of `X-Request-Id`.
pub(crate) fn header(id: RequestId) -> Option<HeaderValue> {
    HeaderValue::from_str(&id.to_string()).ok()
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): one to one, so ids stay distinct.
const fn mix(counter: u64) -> u64 {
    let mixed = (counter ^ (counter >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_16_hex_digits_and_differ() {
        let (one, other) = (next().to_string(), next().to_string());
        assert!(one.len() == 16 && one.bytes().all(|digit| digit.is_ascii_hexdigit()));
        assert_ne!(one, other);
    }
}
