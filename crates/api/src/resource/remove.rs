//! `DELETE /…/{id}`: removes a resource that nothing points at.

use super::{Documented, described, operation_id};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Id, Unchanged};
use crate::schema::Success;
use crate::schema::answers::answering;
use admin::Admin;
use admin::resource::Made;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(super) async fn handle<R: Made>(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<R::Id>,
    Unchanged(if_match): Unchanged,
) -> Result<Response, Problem> {
    admin.remove_resource::<R>(&who, id, &if_match).await?;
    Ok(reply::success())
}

pub(super) fn docs<R: Documented>(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "Refused with 409 `id` and `references` while something points at it.";
    operation
        .id(&operation_id::<R>("remove"))
        .tag(R::TAG)
        .summary(&format!("Delete {}", R::NAME))
        .description(&described::<R>(text, R::WRITERS))
        .with(answering(&[409]))
        .response::<200, Json<Success>>()
}
