//! `DELETE /pbx/extension/{id}`: removes an extension that nothing points at.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Id, Unchanged};
use crate::schema::Success;
use crate::schema::answers::answering;
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
    Unchanged(if_match): Unchanged,
) -> Result<Response, Problem> {
    admin.remove_extension(&who, id, &if_match).await?;
    Ok(reply::success())
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("removeExtension")
        .tag("extension")
        .summary("Delete an extension")
        .description(
            "Refused with 409 `id` and `references` while a goto or `voicemailBreakout` points at it; \
             a redirect or NUMBER that dials its number doesn't keep it. Its phones stay, without an \
             extension; its whitelist and blocklist go; if it was the primary of its employee, another \
             one becomes it.\n\nAccess: MANAGER and OWNER of the customer, its RESELLER, ADMIN.",
        )
        .with(answering(&[409]))
        .response::<200, Json<Success>>()
}
