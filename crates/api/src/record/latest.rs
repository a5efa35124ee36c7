//! `GET /pbx/cdr/latest?extension=`: the latest calls of an extension.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::request::id_parameter;
use crate::schema::answers::answering;
use crate::schema::record::LatestCalls;
use crate::{reply, schema};
use admin::Admin;
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::id::ItemId;

/// `extension`.
pub(crate) struct OfExtension(ItemId);

impl<S: Sync> FromRequestParts<S> for OfExtension {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        id_parameter(parts, "extension").map(Self)
    }
}

impl OperationInput for OfExtension {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::query_id(context, operation, "extension", "Whose calls.");
    }
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    OfExtension(extension): OfExtension,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.latest_calls(&who, extension).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readLatestCalls")
        .tag("record")
        .summary("The latest calls of an extension")
        .description(
            "At most ten outbound, inbound and missed calls each, newest first.\n\nAccess: who sees the \
             extension whole.",
        )
        .with(answering(&[404]))
        .response::<200, Json<LatestCalls>>()
}
