//! `POST /auth/logout`: ends every login of whoever asks. As a GET only for who shows its token, since
//! any page can make a browser send a GET with its cookies.

use super::cookie;
use crate::caller::{Caller, CallerByToken};
use crate::problem::Problem;
use crate::reply;
use crate::schema::Success;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use model::access::Principal;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    log_out(&admin, &who, &headers).await
}

pub(crate) async fn handle_get(
    State(admin): State<Admin>,
    CallerByToken(who): CallerByToken,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    log_out(&admin, &who, &headers).await
}

async fn log_out(admin: &Admin, who: &Principal, headers: &HeaderMap) -> Result<Response, Problem> {
    admin.log_out(who).await?;
    let mut response = reply::success();
    if let Some(cookie) = cookie::clear(headers) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(reply::unkept(response))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation).id("logout")
}

pub(crate) fn docs_of_get(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation).id("logoutByGet")
}

fn described(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .tag("auth")
        .summary("Log out")
        .description(
            "Ends all logins of the caller, persistent ones too; machine tokens stay. A GET does the \
             same, but never by cookie.\n\nAccess: everyone who may log in.",
        )
        .response::<200, Json<Success>>()
}
