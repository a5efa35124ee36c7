//! `GET /auth/validateToken`: whom does this token stand for?

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Flag, FlagName};
use crate::schema::auth::Validated;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(crate) struct Simple;
pub(crate) struct Extend;

impl FlagName for Simple {
    const NAME: &'static str = "simple";
    const ABOUT: &'static str = "Answer by status alone: 200 or 403.";
}

impl FlagName for Extend {
    const NAME: &'static str = "extend";
    const ABOUT: &'static str = "Tell names and language too.";
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    simple: Flag<Simple>,
    extend: Flag<Extend>,
    caller: Result<Caller, Problem>,
) -> Result<Response, Problem> {
    let Caller(who) = match caller {
        Err(problem) if simple.0 => return Err(problem.into_denied()),
        caller => caller?,
    };
    let response = match simple.0 {
        true => reply::success(),
        false => reply::json(&admin.validate(&who, extend.0).await?),
    };
    Ok(reply::unkept(response))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("validateToken")
        .tag("auth")
        .summary("Ask whom a token stands for")
        .description(
            "Counts as a use of the token. `simple` answers 403 where 401 would say more.\n\nAccess: \
             everyone who may log in.",
        )
        .response_with::<200, Json<Validated>, _>(|response| {
            response.description("With `simple`, `success` alone.")
        })
}
