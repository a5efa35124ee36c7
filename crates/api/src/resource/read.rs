//! `GET /…/{id}`: one resource, as much of it as the caller may see.

use super::{Documented, described, operation_id};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{ExpandGoto, Id, IfNoneMatch};
use crate::schema::resource::Shown;
use admin::Admin;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(crate) async fn handle<R: Documented>(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<R::Id>,
    ExpandGoto { expand, .. }: ExpandGoto<R>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let seen = admin.read_resource::<R>(&who, id, expand).await?;
    Ok(reply::read(seen, &has))
}

pub(crate) fn docs<R: Documented>(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id(&operation_id::<R>("read"))
        .tag(R::TAG)
        .summary(&format!("Read {}", R::NAME))
        .description(&described::<R>("", R::READERS))
        .response::<200, Json<Shown<R>>>()
}
