//! `POST` and `GET /pbx/extension/{id}/redirect`: send calls elsewhere, or no longer.

use crate::caller::{Caller, CallerByToken};
use crate::problem::Problem;
use crate::request::{Id, JsonBody};
use crate::schema::actions::{BY_GET, RedirectQuestion, Redirected};
use crate::schema::answers::answering;
use crate::{query, reply, schema};
use admin::{Admin, Body};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::id::ItemId;

/// The question as it stands in a query.
pub(crate) struct InQuery(Body);

impl<S: Sync> FromRequestParts<S> for InQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let enable = query::optional_flag(&parts.uri, "enable")?;
        let enable = enable.ok_or_else(|| Problem::bad_request("enable is needed"))?;
        let number = query::number(&parts.uri, "number").filter(|number| !number.is_empty());
        let number = number.map(|number| ("number".to_owned(), number.into()));
        let enable = ("enable".to_owned(), enable.into());
        Ok(Self([enable].into_iter().chain(number).collect()))
    }
}

impl OperationInput for InQuery {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "Whether calls are to go elsewhere.";
        schema::parameters::query(context, operation, ("enable", true, "boolean", about));
        let about = "Where to; left out when enabling, the number that is stored.";
        schema::parameters::query(context, operation, ("number", false, "string", about));
    }
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    JsonBody { body, .. }: JsonBody<RedirectQuestion>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.redirect_extension(&who, id, &body).await?))
}

pub(crate) async fn handle_get(
    State(admin): State<Admin>,
    CallerByToken(who): CallerByToken,
    Id(id): Id<ItemId>,
    InQuery(body): InQuery,
) -> Response {
    let done = admin.redirect_extension(&who, id, &body).await;
    reply::of_action(done.map(|done| reply::json(&done)))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation.id("redirectExtension"), "")
}

pub(crate) fn docs_of_get(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation.id("redirectExtensionByGet"), BY_GET)
}

fn described<'t>(operation: TransformOperation<'t>, about: &str) -> TransformOperation<'t> {
    let text = "Sets or clears the member `redirect`, by its rules.\n\nAccess: the employee itself, \
                MANAGER and OWNER of the customer, its RESELLER, ADMIN.";
    operation
        .tag("extension")
        .summary("Send an extension's calls elsewhere, or no longer")
        .description(&format!("{about}{text}"))
        .with(answering(&[422]))
        .response::<200, Json<Redirected>>()
}
