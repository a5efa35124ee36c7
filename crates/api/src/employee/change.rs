//! `POST` and `PATCH /employee/{id}`: the same thing under two names. Changes the presence.

use crate::problem::Problem;
use crate::reply;
use crate::request::{Caller, Id, JsonBody, Unchanged};
use crate::schema::employee::{Employee, EmployeeChange};
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::EmployeeId;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<EmployeeId>,
    Unchanged(if_match): Unchanged,
    JsonBody { body, .. }: JsonBody<EmployeeChange>,
) -> Result<Response, Problem> {
    let seen = admin.change_employee(&who, id, &body, &if_match).await?;
    Ok(reply::written(seen, &[]))
}

pub(crate) fn docs_of_post(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    docs(operation).id("changeEmployee")
}

pub(crate) fn docs_of_patch(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    docs(operation).id("patchEmployee")
}

fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .tag("employee")
        .summary("Change an employee's presence")
        .description(
            "`presence` acts on the next call; the other members can't be changed here yet.\n\nAccess: \
             the employee itself, MANAGER and OWNER of the customer, its RESELLER, ADMIN.",
        )
        .response::<200, Json<Employee>>()
}
