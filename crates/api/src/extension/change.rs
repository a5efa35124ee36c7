//! `POST` and `PATCH /pbx/extension/{id}`: the same thing under two names. Changes the members sent.

use super::ExpandQuery;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Id, JsonBody, Unchanged};
use crate::schema::answers::answering;
use crate::schema::extension::{ExtensionChange, ExtensionSeen};
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
    Unchanged(if_match): Unchanged,
    JsonBody { body, .. }: JsonBody<ExtensionChange>,
) -> Result<Response, Problem> {
    let changed = admin.change_extension(&who, id, &body, &if_match, expand).await?;
    Ok(reply::written(changed.seen, &changed.warnings))
}

pub(crate) fn docs_of_post(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    docs(operation).id("changeExtension")
}

pub(crate) fn docs_of_patch(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    docs(operation).id("patchExtension")
}

fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .tag("extension")
        .summary("Change an extension")
        .description(
            "Changes the members sent and no other: nested objects merge, null clears, a member sent \
             with the value it has is no change. Answers as GET would, with `Lokal-Warning: \
             <member>; <code>` for what was stored and is probably not meant.\n\nAccess: MANAGER and \
             OWNER of the customer, its RESELLER, ADMIN; PERSONAL and VIEWER on their own, except \
             `customer number employee direct primary phonebook noAnswer busy notes autoMaster \
             inboundGoto outbound.destinations outbound.goto billingCustomer`. Only RESELLER and up \
             change `customer` and `billingCustomer`.",
        )
        .with(answering(&[409]))
        .response::<200, Json<ExtensionSeen>>()
}
