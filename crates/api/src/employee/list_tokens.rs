//! `GET /employee/{id}/token`: which machine tokens an employee has, without the tokens.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::Id;
use crate::schema::auth::Tokens;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::EmployeeId;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(employee): Id<EmployeeId>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.list_tokens(&who, employee).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("listTokens")
        .tag("employee")
        .summary("List the machine tokens of an employee")
        .description(
            "What each is for, when it was made and last used; never the token itself.\n\nAccess: the \
             employee itself, MANAGER and OWNER of the customer, its RESELLER, ADMIN, for nobody above \
             their own level.",
        )
        .response::<200, Json<Tokens>>()
}
