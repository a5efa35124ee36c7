//! `POST /pbx/extension/{id}/explain`: what would happen to a call of this extension?

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Id, JsonBody};
use crate::schema::explain::{ExplainRequest, Explanation};
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::ItemId;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    JsonBody { body, .. }: JsonBody<ExplainRequest>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.explain_extension(&who, id, &body).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("explainExtension")
        .tag("explain")
        .summary("What would happen to a call of this extension")
        .description(
            "Answers without any effect what a live call would do now; what the body leaves out comes \
             from the live state.\n\nAccess: who sees the extension whole. A step inside an item that \
             the caller sees masked shows `rule` and `outcome` only.",
        )
        .response::<200, Json<Explanation>>()
}
