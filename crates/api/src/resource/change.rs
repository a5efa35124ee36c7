//! `POST` and `PATCH /…/{id}`: the same thing under two names. Changes the members sent.

use super::{Documented, described, operation_id};
use crate::caller::CallerAndToken;
use crate::problem::Problem;
use crate::reply;
use crate::request::{ExpandGoto, Id, JsonBody, Unchanged};
use crate::schema::answers::answering;
use crate::schema::resource::{Change, Shown};
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(super) async fn handle<R: Documented>(
    State(admin): State<Admin>,
    CallerAndToken { who, token }: CallerAndToken,
    Id(id): Id<R::Id>,
    ExpandGoto { expand, .. }: ExpandGoto<R>,
    Unchanged(if_match): Unchanged,
    JsonBody { body, .. }: JsonBody<Change<R>>,
) -> Result<Response, Problem> {
    let who = (&who, Some(token));
    let written = admin.change_resource::<R>(who, id, &body, &if_match, expand).await?;
    Ok(reply::written(written.seen, &written.warnings))
}

pub(super) fn docs_of_post<R: Documented>(
    operation: TransformOperation<'_>,
) -> TransformOperation<'_> {
    docs::<R>(operation).id(&operation_id::<R>("change"))
}

pub(super) fn docs_of_patch<R: Documented>(
    operation: TransformOperation<'_>,
) -> TransformOperation<'_> {
    docs::<R>(operation).id(&operation_id::<R>("patch"))
}

fn docs<R: Documented>(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "Changes the members sent and no other: nested objects merge, null clears. Answers as \
                GET would.";
    operation
        .tag(R::TAG)
        .summary(&format!("Change {}", R::NAME))
        .description(&described::<R>(text, R::WRITERS))
        .with(answering(&[409]))
        .response::<200, Json<Shown<R>>>()
}
