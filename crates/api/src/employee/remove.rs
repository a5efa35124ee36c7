//! `DELETE /employee/{id}`: now, or on a day; with its extensions and mobiles, or without.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::query;
use crate::reply;
use crate::request::{Flag, FlagName, Id, Unchanged};
use crate::schema::answers::answering;
use crate::schema::employee::Removed;
use crate::schema::parameters;
use admin::{Admin, Removal};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::id::EmployeeId;
use serde_json::json;
use std::convert::Infallible;

pub(crate) struct Extensions;
pub(crate) struct MvnoAccounts;

impl FlagName for Extensions {
    const NAME: &'static str = "deleteExtensions";
    const ABOUT: &'static str = "Its extensions go too; else they stay, without an employee.";
}

impl FlagName for MvnoAccounts {
    const NAME: &'static str = "deleteMvnoAccounts";
    const ABOUT: &'static str = "The mobiles on its extensions go too.";
}

/// The day.
pub(crate) struct DeleteDate(Option<String>);

impl<S: Sync> FromRequestParts<S> for DeleteDate {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(query::lookup(&parts.uri, "deleteDate").filter(|text| !text.is_empty())))
    }
}

impl OperationInput for DeleteDate {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "The day that begins without it, where the customer is; now, if left out.";
        parameters::date(context, operation, "deleteDate", about);
    }
}

pub(crate) async fn handle(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<EmployeeId>,
    (extensions, mvno_accounts): (Flag<Extensions>, Flag<MvnoAccounts>),
    DeleteDate(date): DeleteDate,
    Unchanged(if_match): Unchanged,
) -> Result<Response, Problem> {
    let removal = Removal { extensions: extensions.0, mvno_accounts: mvno_accounts.0, date };
    Ok(match admin.remove_employee(&who, id, &removal, &if_match).await? {
        None => reply::success(),
        Some(at) => reply::json(&json!({ "success": true, "deleteDate": at })),
    })
}

pub(crate) fn docs(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("removeEmployee")
        .tag("employee")
        .summary("Delete an employee")
        .description(
            "Its login and tokens go with it. Its extensions stay under the name they had, with their \
             phones, unless `deleteExtensions`: then they go, and phones that don't are nobody's. 409 \
             `id` with `references` while something points at what would go.\n\nWith `deleteDate` it \
             goes at 00:00 of that day in the customer's time zone, at most 366 days ahead, and what \
             has come to point at it by then points nowhere. Another DELETE takes another day; \
             `deleteDate` null cancels.\n\nAccess: MANAGER and OWNER of the customer, its RESELLER, \
             ADMIN, for nobody above their own level; the last OWNER only by RESELLER and up.",
        )
        .with(answering(&[409, 422]))
        .response::<200, Json<Removed>>()
}
