//! `GET /pbx/extension/directnumbers` and `…/calleridnumbers`: the numbers to choose from.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::schema::actions::{CallerIdNumbers, DirectNumbers};
use crate::schema::answers::answering;
use crate::{query, reply, schema};
use admin::Admin;
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::id::{CustomerId, ItemId};

const CUSTOMER: &str = "Whose; your own unless said.";

/// `customer` and `extension`.
pub(crate) struct ForDirect {
    customer: Option<CustomerId>,
    extension: Option<ItemId>,
}

impl<S: Sync> FromRequestParts<S> for ForDirect {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let customer = query::id(&parts.uri, "customer")?;
        Ok(Self { customer, extension: query::id(&parts.uri, "extension")? })
    }
}

impl OperationInput for ForDirect {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::optional_id(context, operation, "customer", CUSTOMER);
        let about = "Adds the direct that this extension has.";
        schema::parameters::optional_id(context, operation, "extension", about);
    }
}

/// `customer` and `v2`.
pub(crate) struct ForCallerId {
    customer: Option<CustomerId>,
    named: bool,
}

impl<S: Sync> FromRequestParts<S> for ForCallerId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let customer = query::id(&parts.uri, "customer")?;
        Ok(Self { customer, named: query::flag(&parts.uri, "v2")? })
    }
}

impl OperationInput for ForCallerId {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        schema::parameters::optional_id(context, operation, "customer", CUSTOMER);
        schema::parameters::flag(context, operation, "v2", "Numbers with names.");
    }
}

pub(crate) async fn direct(
    State(admin): State<Admin>,
    Caller(who): Caller,
    ForDirect { customer, extension }: ForDirect,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.direct_numbers(&who, customer, extension).await?))
}

pub(crate) async fn caller_id(
    State(admin): State<Admin>,
    Caller(who): Caller,
    ForCallerId { customer, named }: ForCallerId,
) -> Result<Response, Problem> {
    let numbers = admin.caller_id_numbers(&who, customer).await?;
    if named {
        return Ok(reply::json(&numbers));
    }
    let bare: Vec<_> = numbers.into_iter().map(|shared| shared.number).collect();
    Ok(reply::json(&bare))
}

pub(crate) fn docs_of_direct(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("listDirectNumbers")
        .tag("extension")
        .summary("Numbers that an extension's direct can be")
        .description(
            "The numbers that the customer holds for the PBX and that nothing uses, lowest first; with \
             `extension` its own as well, if the caller sees that one whole.\n\nAccess: PERSONAL and \
             up of the customer, its RESELLER, ADMIN.",
        )
        .with(answering(&[404]))
        .response::<200, Json<DirectNumbers>>()
}

pub(crate) fn docs_of_caller_id(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("listCallerIdNumbers")
        .tag("extension")
        .summary("Numbers that every extension may show outside")
        .description(
            "The numbers of `selectable` TRUNK items, lowest first.\n\nAccess: PERSONAL and up of the \
             customer, its RESELLER, ADMIN.",
        )
        .response::<200, Json<CallerIdNumbers>>()
}
