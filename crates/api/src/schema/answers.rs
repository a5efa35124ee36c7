//! What operations answer beside what they are asked for: one description a status, to which each
//! operation refers. Extractors say what they refuse, `docs` functions what the use case does.

use aide::openapi::{Operation, ReferenceOr, StatusCode};
use aide::transform::TransformOperation;
use serde_json::{Map, Value, json};

/// Status, name in the document, and when it comes.
const ANSWERS: &[(u16, &str, &str)] = &[
    (304, "NotModified", "One of the ETags of `If-None-Match` is current."),
    (400, "BadRequest", "No valid id in the path, an unreadable body, a malformed parameter."),
    (401, "Unauthorized", "No token, or one that isn't known."),
    (403, "Forbidden", "The access level is too low, or it is another customer's."),
    (404, "NotFound", "There is no such thing."),
    (406, "NotAcceptable", "`Accept` leaves no room for JSON."),
    (408, "RequestTimeout", "The body didn't arrive in time."),
    (409, "Conflict", "Somebody else has it, or something points at it."),
    (412, "PreconditionFailed", "It isn't what `If-Match` says any more."),
    (413, "PayloadTooLarge", "The body is too large."),
    (414, "UriTooLong", "Path and query are too long."),
    (415, "UnsupportedMediaType", "The body isn't JSON."),
    (422, "UnprocessableContent", "Values that can't be taken: `errors` has every one."),
    (429, "TooManyRequests", "Too many logins failed."),
    (431, "HeadersTooLarge", "The head is too large. Without a document."),
    (500, "InternalError", "A fault of the server; `requestId` finds it in its log."),
    (503, "Unavailable", "The store or the calls can't be reached."),
];

/// What every operation may come to, whatever it takes.
const ALWAYS: &[u16] = &[406, 414, 431, 500, 503];

/// Says of an operation that it answers these as well.
pub(crate) fn add(operation: &mut Operation, statuses: &[u16]) {
    let responses = &mut operation.responses.get_or_insert_default().responses;
    for (status, name, _) in ANSWERS.iter().filter(|(status, ..)| statuses.contains(status)) {
        let reference = ReferenceOr::ref_(&format!("#/components/responses/{name}"));
        responses.entry(StatusCode::Code(*status)).or_insert(reference);
    }
}

/// The same, for a `docs` function.
pub(crate) fn answering<'t>(
    statuses: &'static [u16],
) -> impl FnOnce(TransformOperation<'t>) -> TransformOperation<'t> {
    move |mut operation| {
        add(operation.inner_mut(), statuses);
        operation
    }
}

/// What every operation answers, and its answers in order.
pub(crate) fn complete(operation: &mut Operation) {
    add(operation, ALWAYS);
    if let Some(responses) = &mut operation.responses {
        responses.responses.sort_unstable_keys();
    }
}

/// The descriptions that operations refer to.
pub(crate) fn components() -> Value {
    let one = |(status, name, about): &(u16, &str, &str)| ((*name).to_owned(), one(*status, about));
    Value::Object(ANSWERS.iter().map(one).collect())
}

fn one(status: u16, about: &str) -> Value {
    let mut answer = Map::new();
    answer.insert("description".to_owned(), json!(about));
    if let Some((name, about)) = header(status) {
        let header = json!({
            "description": about, "required": true, "schema": { "type": "string" },
        });
        answer.insert("headers".to_owned(), json!({ name: header }));
    }
    if status != 304 && status != 431 {
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let content = json!({ "application/problem+json": { "schema": schema } });
        answer.insert("content".to_owned(), content);
    }
    Value::Object(answer)
}

/// The header that comes with a status, always.
fn header(status: u16) -> Option<(&'static str, &'static str)> {
    match status {
        304 => Some(("ETag", "The current one.")),
        401 => Some(("WWW-Authenticate", "`Bearer`.")),
        429 | 503 => Some(("Retry-After", "Seconds after which to try again.")),
        _ => None,
    }
}
