//! `POST /pbx/extension`: makes an extension.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Collection, JsonBody, Once};
use crate::schema::answers::answering;
use crate::schema::extension::{Extension, NewExtension};
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Collection(path): Collection,
    Caller(who): Caller,
    once: Once,
    JsonBody { body, .. }: JsonBody<NewExtension>,
) -> Result<Response, Problem> {
    let once = once.key(&path, &body);
    let created = admin.create_extension(&who, &body, once.as_ref()).await?;
    Ok(reply::created(&path, created))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("createExtension")
        .tag("extension")
        .summary("Create an extension")
        .description(
            "`customer` is needed, and `name` unless there is an `employee`, whose name it has then. \
             Members that aren't sent have their defaults; the first extension of an employee is its \
             primary one. Answers as GET would, with `Location`.\n\nAccess: MANAGER and OWNER of the \
             customer, its RESELLER, ADMIN; `billingCustomer` is the RESELLER's and ADMIN's.",
        )
        .with(answering(&[409]))
        .response::<201, Json<Extension>>()
}
