//! The cookie that holds a token (RFC 6265bis). Scripts can't read it, and other sites can't make a
//! browser send it.

use crate::caller::COOKIE_NAME;
use axum::http::{HeaderMap, HeaderValue};

/// Browsers keep a cookie no longer.
const LONGEST_SECONDS: u32 = 400 * 24 * 3600;

/// `Set-Cookie` for a token; one that persists outlives the browser's window.
pub(super) fn set(token: &str, persist: bool, request: &HeaderMap) -> Option<HeaderValue> {
    let age = if persist { format!("; Max-Age={LONGEST_SECONDS}") } else { String::new() };
    print(token, &age, request)
}

/// `Set-Cookie` that takes it away.
pub(super) fn clear(request: &HeaderMap) -> Option<HeaderValue> {
    print("", "; Max-Age=0", request)
}

fn print(token: &str, age: &str, request: &HeaderMap) -> Option<HeaderValue> {
    let secure = if came_by_tls(request) { "; Secure" } else { "" };
    let text = format!("{COOKIE_NAME}={token}; Path=/; HttpOnly; SameSite=Strict{age}{secure}");
    let mut value = HeaderValue::try_from(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Whether a proxy in front says that it was asked by TLS. Whoever says so without one only makes its
/// own cookie stricter, so nobody has to be trusted for this.
fn came_by_tls(request: &HeaderMap) -> bool {
    let said = request.get("x-forwarded-proto").and_then(|proto| proto.to_str().ok());
    let nearest_client = said.and_then(|protos| protos.split(',').next());
    nearest_client.is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https"))
}
