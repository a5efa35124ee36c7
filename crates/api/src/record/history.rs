//! `GET /pbx/cdrhistory/{id}`: what happened to a call, and why.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::Id;
use crate::schema::record::CallHistory;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::CallId;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<CallId>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.call_history(&who, id).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readCallHistory")
        .tag("record")
        .summary("What happened to a call")
        .description(
            "`history` in the family's shape, `steps` as explain gives them.\n\nAccess: the employees \
             who called and were called, VIEWER and up of the customer, its RESELLER, ADMIN. A step \
             inside an item that the caller sees masked shows `rule` and `outcome` only.",
        )
        .response::<200, Json<CallHistory>>()
}
