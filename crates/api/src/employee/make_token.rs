//! `POST /employee/{id}/token`: a token for a machine that acts as this employee.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Id, JsonBody};
use crate::schema::answers::answering;
use crate::schema::auth::{MadeToken, NewToken};
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::EmployeeId;
use serde_json::Value;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(employee): Id<EmployeeId>,
    JsonBody { body, .. }: JsonBody<NewToken>,
) -> Result<Response, Problem> {
    let name = match body.get("name") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.as_str()),
        Some(_) => return Err(Problem::bad_request("name has to be a string")),
    };
    let made = admin.make_token(&who, employee, name).await?;
    Ok(reply::unkept(reply::json(&made)))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("makeToken")
        .tag("employee")
        .summary("Make a machine token")
        .description(
            "A token that lasts until it is revoked, and acts as the employee. It is shown in this \
             answer and never again. At most 50 an employee, then 409 `token`.\n\nAccess: MANAGER and \
             OWNER of the customer, its RESELLER, ADMIN, for nobody above their own level; for an ADMIN \
             or RESELLER_ADMIN only that one itself.",
        )
        .with(answering(&[409, 422]))
        .response::<200, Json<MadeToken>>()
}
