//! `GET /…`: a page of what a customer has of a kind.

use super::{Documented, described, operation_id};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::ListOf;
use crate::schema::resource::PageOf;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(super) async fn handle<R: Documented>(
    State(admin): State<Admin>,
    Caller(who): Caller,
    ListOf { query, .. }: ListOf<R>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.list_resources::<R>(&who, &query).await?))
}

pub(super) fn docs<R: Documented>(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "Filter and order see only what the caller may read; ties are broken by `_id`.";
    operation
        .id(&operation_id::<R>("list"))
        .tag(R::TAG)
        .summary(&format!("List what a customer has of this: {}", R::NAME))
        .description(&described::<R>(text, R::READERS))
        .response::<200, Json<PageOf<R>>>()
}
