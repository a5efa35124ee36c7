//! `GET /pbx/extension/{id}`: one extension, as much of it as the caller may see.

use super::ExpandQuery;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Id, IfNoneMatch};
use crate::schema::extension::ExtensionSeen;
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
    ExpandQuery(expand): ExpandQuery,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let seen = admin.read_extension(&who, id, expand).await?;
    Ok(reply::read(seen, &has))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readExtension")
        .tag("extension")
        .summary("Read an extension")
        .description(
            "Access: whole for its own employee at any level, VIEWER and up of the customer, its \
             RESELLER, ADMIN; PERSONAL of the customer sees `_id type customer name number`.",
        )
        .response::<200, Json<ExtensionSeen>>()
}
