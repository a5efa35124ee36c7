//! `POST` and `GET /pbx/extension/{id}/dnd`: never call one of its phones, or call it again.

use crate::caller::{Caller, CallerByToken};
use crate::problem::Problem;
use crate::request::{Id, JsonBody};
use crate::schema::actions::{BY_GET, Dnd, DndQuestion};
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
use model::id::{ItemId, PhoneId};

/// The parameters that name a phone.
const PHONES: [&str; 3] = ["sip", "mvno", "external"];

/// The question as it stands in a query.
pub(crate) struct InQuery(Body);

impl<S: Sync> FromRequestParts<S> for InQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut body = Body::new();
        for name in PHONES {
            let phone: Option<PhoneId> = query::id(&parts.uri, name)?;
            body.extend(phone.map(|id| (name.to_owned(), id.to_string().into())));
        }
        let state = query::optional_flag(&parts.uri, "state")?;
        body.extend(state.map(|state| ("state".to_owned(), state.into())));
        Ok(Self(body))
    }
}

impl OperationInput for InQuery {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        for name in PHONES {
            let about = "The phone; exactly one of `sip`, `mvno` and `external`.";
            schema::parameters::optional_id(context, operation, name, about);
        }
        let about = "Left out, DND is toggled.";
        schema::parameters::query(context, operation, ("state", false, "boolean", about));
    }
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    JsonBody { body, .. }: JsonBody<DndQuestion>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.set_dnd(&who, id, &body).await?))
}

pub(crate) async fn handle_get(
    State(admin): State<Admin>,
    CallerByToken(who): CallerByToken,
    Id(id): Id<ItemId>,
    InQuery(body): InQuery,
) -> Response {
    let done = admin.set_dnd(&who, id, &body).await;
    reply::of_action(done.map(|done| reply::json(&done)))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation.id("setDnd"), "")
}

pub(crate) fn docs_of_get(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described(operation.id("setDndByGet"), BY_GET)
}

fn described<'t>(operation: TransformOperation<'t>, about: &str) -> TransformOperation<'t> {
    let text = "A phone with DND set is never called. 404 for a phone that isn't one of the \
                extension's.\n\nAccess: the employee itself, VIEWER and up of the customer, its \
                RESELLER, ADMIN.";
    operation
        .tag("extension")
        .summary("Set, clear or toggle DND of one of an extension's phones")
        .description(&format!("{about}{text}"))
        .response::<200, Json<Dnd>>()
}
