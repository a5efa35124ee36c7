//! `GET /pbx/extension`: a page of a customer's extensions.

use super::ExpandQuery;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::schema::extension::ExtensionPage;
use crate::{query, reply, schema};
use admin::Admin;
use admin::extension::{ExtensionsQuery, LIMITS, SORTS};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;

/// Which extensions, in which order, how much of each.
pub(crate) struct Asked(ExtensionsQuery);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let ExpandQuery(expand) = ExpandQuery::from_request_parts(parts, state).await?;
        let (list, employee) = (query::list(&parts.uri)?, query::id(&parts.uri, "employee")?);
        Ok(Self(ExtensionsQuery { list, employee, expand }))
    }
}

impl OperationInput for Asked {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::list(context, operation, LIMITS, SORTS);
        let about = "The extensions of this employee alone.";
        schema::parameters::optional_id(context, operation, "employee", about);
        ExpandQuery::operation_input(context, operation);
    }
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Asked(query): Asked,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.list_extensions(&who, &query).await?))
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("listExtensions")
        .tag("extension")
        .summary("List a customer's extensions")
        .description(
            "Without `full`: `_id type customer name number employee direct primary redirect`; \
             `expandGoto` and `includePhones` imply `full`. The filter looks into `name number direct \
             redirect notes`. Filter and order see only what the caller may read; `_id` breaks ties, \
             null comes last.\n\nAccess: VIEWER and up of the customer, its RESELLER, ADMIN; PERSONAL \
             with `employee` being itself.",
        )
        .response::<200, Json<ExtensionPage>>()
}
