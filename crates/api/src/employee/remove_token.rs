//! `DELETE /employee/{id}/token/{token}`: ends a machine token.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::IdAnd;
use crate::schema::Success;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::EmployeeId;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    IdAnd(employee, token): IdAnd<EmployeeId>,
) -> Result<Response, Problem> {
    admin.end_token(&who, employee, &token).await?;
    Ok(reply::success())
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("removeToken")
        .tag("employee")
        .summary("Revoke a machine token")
        .description(
            "It is named by its id, or by itself.\n\nAccess: the employee itself, MANAGER and OWNER of \
             the customer, its RESELLER, ADMIN, for nobody above their own level.",
        )
        .response::<200, Json<Success>>()
}
