//! `POST /employee/{id}/clearTokens`: ends an employee's logins. As a GET only for who shows its token.

use crate::caller::{Caller, CallerByToken};
use crate::problem::Problem;
use crate::reply;
use crate::request::{Flag, FlagName, Id};
use crate::schema::Success;
use crate::schema::answers::answering;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::access::Principal;
use model::id::EmployeeId;

pub(crate) struct All;

impl FlagName for All {
    const NAME: &'static str = "all";
    const ABOUT: &'static str = "Machine tokens too.";
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(employee): Id<EmployeeId>,
    all: Flag<All>,
) -> Result<Response, Problem> {
    clear(&admin, &who, employee, all.0).await
}

pub(crate) async fn handle_get(
    State(admin): State<Admin>,
    CallerByToken(who): CallerByToken,
    Id(employee): Id<EmployeeId>,
    all: Flag<All>,
) -> Result<Response, Problem> {
    clear(&admin, &who, employee, all.0).await
}

async fn clear(
    admin: &Admin,
    who: &Principal,
    employee: EmployeeId,
    all: bool,
) -> Result<Response, Problem> {
    admin.clear_tokens(who, employee, all).await?;
    Ok(reply::unkept(reply::success()))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation).id("clearTokens")
}

pub(crate) fn docs_of_get(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation).id("clearTokensByGet")
}

fn described(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .tag("employee")
        .summary("End the logins of an employee")
        .description(
            "Ends all its logins, with `all` its machine tokens too. A GET does the same, but never by \
             cookie.\n\nAccess: the employee itself, MANAGER and OWNER of the customer, its RESELLER, \
             ADMIN, for nobody above their own level.",
        )
        .with(answering(&[409]))
        .response::<200, Json<Success>>()
}
