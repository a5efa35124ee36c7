//! `GET /employee/{id}`: one employee.

use crate::problem::Problem;
use crate::reply;
use crate::request::{Caller, Id, IfNoneMatch};
use crate::schema::employee::Employee;
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
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let seen = admin.read_employee(&who, id).await?;
    Ok(reply::read(seen, &has))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readEmployee")
        .tag("employee")
        .summary("Read an employee")
        .description(
            "Access: the employee itself, VIEWER and up of the customer, its RESELLER, ADMIN.",
        )
        .response::<200, Json<Employee>>()
}
