//! The OpenAPI 3.1 document: what the routes say of themselves, and what holds for all of them. Made
//! once, when the router is.

use crate::schema::answers;
use crate::schema::problem::Problem;
use crate::{examples, links};
use admin::Admin;
use aide::axum::ApiRouter;
use aide::generate::in_context;
use aide::openapi::{OpenApi, PathItem, ReferenceOr, SecurityRequirement, SecurityScheme};
use aide::swagger::Swagger;
use aide::transform::{TransformOpenApi, TransformOperation};
use axum::Router;
use axum::http::HeaderName;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::routing::get;
use bytes::Bytes;
use serde_json::Value;

/// The page asks nobody but us, whatever is in its script: it loads the document and tries requests. Its
/// script and style are in it, and nothing that a user wrote.
const PAGE_POLICY: (HeaderName, &str) = (
    CONTENT_SECURITY_POLICY,
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// To be called before the routes are made: bodies are named in the document, and an operation answers
/// what it says and nothing guessed from its types.
pub(crate) fn start() {
    aide::generate::extract_schemas(true);
    aide::generate::infer_responses(false);
}

/// The routes, with the document that they make at `/openapi.json` and a page that shows it
/// at `/docs`.
pub(crate) fn finish(documented: ApiRouter<Admin>) -> Router<Admin> {
    let mut document = OpenApi::default();
    let router = documented.finish_api_with(&mut document, describe);
    // Our own types print; a document that doesn't is seen by the first test that reads it.
    let mut document = serde_json::to_value(&document).unwrap_or_default();
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.insert("responses".to_owned(), answers::components());
    }
    examples::add(&mut document);
    links::add(&mut document);
    let printed = Bytes::from(serde_json::to_vec_pretty(&document).unwrap_or_default());
    let page = Bytes::from(Swagger::new("/openapi.json").with_title("lokal").html());
    let page =
        move || async move { ([(CONTENT_TYPE, "text/html; charset=utf-8"), PAGE_POLICY], page) };
    let answer = move || async move { ([(CONTENT_TYPE, "application/json")], printed) };
    router.route("/openapi.json", get(answer)).route("/docs", get(page))
}

/// Of an operation that anybody may ask for.
pub(crate) fn without_token(mut operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation.inner_mut().security = vec![SecurityRequirement::new()];
    operation
}

fn describe(mut document: TransformOpenApi<'_>) -> TransformOpenApi<'_> {
    // Answers refer to it by name.
    in_context(|context| context.schema.subschema_for::<Problem>());
    for path in document.inner_mut().paths.iter_mut().flat_map(|paths| paths.paths.values_mut()) {
        let ReferenceOr::Item(PathItem { get, post, patch, delete, .. }) = path else { continue };
        [get, post, patch, delete].into_iter().flatten().for_each(answers::complete);
    }
    let bearer = SecurityScheme::Http {
        scheme: "bearer".to_owned(),
        bearer_format: None,
        description: Some("Also taken as the query parameter `token`, and as the cookie that a login sets on request.".to_owned()),
        extensions: Default::default(),
    };
    document
        .title("lokal")
        .version(env!("CARGO_PKG_VERSION"))
        .description("A hosted telephone exchange for many customers.")
        .security_scheme("token", bearer)
        .security_requirement("token")
}
