//! `POST /pbx/explain`: what would happen to a call to this number?

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::JsonBody;
use crate::schema::explain::{Explanation, NumberQuestion};
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    JsonBody { body, .. }: JsonBody<NumberQuestion>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.explain_number(&who, body).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("explainNumber")
        .tag("explain")
        .summary("What would happen to a call to this number")
        .description(
            "As explaining the extension that has the number: a local number, a direct, or a phone's \
             own. Without `customer` the caller's own is meant.\n\nAccess: who sees that extension \
             whole.",
        )
        .response::<200, Json<Explanation>>()
}
