//! `POST /auth/login`: a token for who has the right password. Never a GET: what is in a URL is kept by
//! proxies and browsers.

use super::cookie;
use crate::caller::Sent;
use crate::problem::Problem;
use crate::request::JsonBody;
use crate::schema::answers::answering;
use crate::schema::auth::{LoggedIn, LoginRequest};
use crate::{openapi, reply};
use admin::{Admin, Body, Credentials};
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use model::pii::Secret;
use serde_json::Value;

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Ok(Sent(source)): Result<Sent, std::convert::Infallible>,
    headers: HeaderMap,
    JsonBody { body, .. }: JsonBody<LoginRequest>,
) -> Result<Response, Problem> {
    let (username, password) = (text(&body, "username")?, text(&body, "password")?);
    let (wants_cookie, persist) = (flag(&body, "cookie")?, flag(&body, "persist")?);
    let credentials = Credentials { username, password: Secret::new(password), persist };
    let logged_in = admin.log_in(credentials, source).await?;
    let mut response = reply::json(&logged_in);
    if wants_cookie && let Some(cookie) = cookie::set(&logged_in.token, persist, &headers) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    Ok(reply::unkept(response))
}

fn text(body: &Body, member: &str) -> Result<String, Problem> {
    let text = body.get(member).and_then(Value::as_str);
    text.map(str::to_owned)
        .ok_or_else(|| Problem::bad_request(format!("{member} has to be a string")))
}

fn flag(body: &Body, member: &str) -> Result<bool, Problem> {
    match body.get(member) {
        None | Some(Value::Null) => Ok(false),
        Some(value) => value
            .as_bool()
            .ok_or_else(|| Problem::bad_request(format!("{member} has to be true or false"))),
    }
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("login")
        .tag("auth")
        .summary("Log in")
        .description(
            "A token for an employee. It ends 15 minutes after its last use, with `persist` at logout. \
             With `cookie` it is set as a cookie too, which scripts can't read. 401 \
             `credentials_invalid` doesn't say what was wrong; 429 after 10 failures for one user name \
             or 30 from one address within 5 minutes.\n\nAccess: everybody.",
        )
        .with(answering(&[401, 429]))
        .response::<200, Json<LoggedIn>>()
        .with(openapi::without_token)
}
