//! `GET /audit`: who wrote what to a customer, when and from where.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::schema::audit::AuditPage;
use crate::{query, reply, schema};
use admin::Admin;
use admin::audit::LIMITS;
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::audit::AuditQuery;
use model::id::{CustomerId, ItemId};

/// Whose entries, and which.
pub(crate) struct Asked {
    customer: Option<CustomerId>,
    query: AuditQuery,
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let uri = &parts.uri;
        let (offset, limit) = query::page(uri, LIMITS)?;
        // All ids are written alike, so any typed one reads them.
        let subject = query::id::<ItemId>(uri, "subject")?.map(|id| id.to_string());
        let (since, until) = (query::instant(uri, "since")?, query::instant(uri, "until")?);
        let query = AuditQuery { since, until, subject, offset, limit };
        Ok(Self { customer: query::id(uri, "customer")?, query })
    }
}

impl OperationInput for Asked {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        use schema::parameters::{instant, optional_id, page};
        optional_id(context, operation, "customer", "Whose; your own unless said.");
        instant(context, operation, "since", "Not before this instant.");
        instant(context, operation, "until", "Before this instant.");
        optional_id(context, operation, "subject", "About the thing with this id alone.");
        page(context, operation, LIMITS);
    }
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Asked { customer, query }: Asked,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.audit(&who, customer, &query).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readAudit")
        .tag("customer")
        .summary("Who wrote what to a customer")
        .description(
            "An entry for each thing that a write made, changed or removed, newest first; committed \
             with it, and kept for 400 days and 50,000 entries. `members` tells before and after, of \
             what was made and removed those that weren't null; of secrets and of members that \
             aren't known here only that they changed. Logging in isn't in it. That a customer was \
             removed is in the log of its reseller, else of the customer of who did it.\n\nAccess: \
             OWNER and up of the customer, its RESELLER, ADMIN.",
        )
        .response::<200, Json<AuditPage>>()
}
