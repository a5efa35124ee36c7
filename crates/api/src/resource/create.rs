//! `POST /…`: makes a resource.

use super::{Documented, described, operation_id};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Collection, JsonBody, Once};
use crate::schema::answers::answering;
use crate::schema::resource::{New, Shown};
use admin::Admin;
use admin::resource::Made;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(super) async fn handle<R: Documented + Made>(
    State(admin): State<Admin>,
    Collection(path): Collection,
    Caller(who): Caller,
    once: Once,
    JsonBody { body, .. }: JsonBody<New<R>>,
) -> Result<Response, Problem> {
    let once = once.key(&path, &body);
    let created = admin.create_resource::<R>(&who, &body, once.as_ref()).await?;
    Ok(reply::created(&path, created))
}

pub(super) fn docs<R: Documented + Made>(
    operation: TransformOperation<'_>,
) -> TransformOperation<'_> {
    let text = "Members that aren't sent have their defaults. Answers as GET would.";
    operation
        .id(&operation_id::<R>("create"))
        .tag(R::TAG)
        .summary(&format!("Create {}", R::NAME))
        .description(&described::<R>(text, R::WRITERS))
        .with(answering(&[409]))
        .response::<201, Json<Shown<R>>>()
}
