//! `/pbx/extension/{id}/whitelist` and `…/blocklist`: one file, since they are alike.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::request::{Id, IfNoneMatch, JsonBody};
use crate::schema::Success;
use crate::schema::actions::{ScreenEntry, ScreenQuestion, ScreenedNumbers};
use crate::{query, reply, schema};
use admin::Admin;
use aide::OperationInput;
use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::id::ItemId;
use model::screen::ScreenList;

/// `number`.
pub(crate) struct OfNumber(String);

impl<S: Sync> FromRequestParts<S> for OfNumber {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let number = query::number(&parts.uri, "number");
        number.map(Self).ok_or_else(|| Problem::bad_request("number is needed"))
    }
}

impl OperationInput for OfNumber {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let about = "The entry to take off, as it stands there.";
        schema::parameters::query(context, operation, ("number", true, "string", about));
    }
}

/// The endpoints of one of the lists.
pub(crate) fn routes(list: ScreenList) -> ApiRouter<Admin> {
    let name = name(list);
    let endpoints = get_with(
        move |admin, who, id, has| read(list, admin, who, id, has),
        move |operation| docs_of_read(name, operation),
    )
    .post_with(
        move |admin, who, id, body| add(list, admin, who, id, body),
        move |operation| docs_of_add(name, operation),
    )
    .delete_with(
        move |admin, who, id, number| remove(list, admin, who, id, number),
        move |operation| docs_of_remove(name, operation),
    );
    ApiRouter::new().api_route(&format!("/pbx/extension/{{id}}/{name}"), endpoints)
}

const fn name(list: ScreenList) -> &'static str {
    match list {
        ScreenList::Whitelist => "whitelist",
        ScreenList::Blocklist => "blocklist",
    }
}

async fn read(
    list: ScreenList,
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    Ok(reply::read(admin.read_screen(&who, id, list).await?, &has))
}

async fn add(
    list: ScreenList,
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    JsonBody { body, .. }: JsonBody<ScreenQuestion>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.screen(&who, id, list, &body).await?))
}

async fn remove(
    list: ScreenList,
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    OfNumber(number): OfNumber,
) -> Result<Response, Problem> {
    admin.unscreen(&who, id, list, &number).await?;
    Ok(reply::success())
}

fn operation_id(verb: &str, name: &str) -> String {
    let (first, rest) = name.split_at(1);
    format!("{verb}{}{rest}", first.to_uppercase())
}

const ACCESS: &str =
    "Access: the employee itself, MANAGER and OWNER of the customer, its RESELLER, ADMIN.";

fn docs_of_read<'t>(name: &str, operation: TransformOperation<'t>) -> TransformOperation<'t> {
    operation
        .id(&operation_id("read", name))
        .tag("extension")
        .summary(&format!("Read an extension's {name}"))
        .description(&format!("By number. Calls don't depend on it yet.\n\n{ACCESS}"))
        .response::<200, Json<ScreenedNumbers>>()
}

fn docs_of_add<'t>(name: &str, operation: TransformOperation<'t>) -> TransformOperation<'t> {
    let text = "A number is public, local, or the beginning of either and `*`. One that is there \
                already is renamed.";
    operation
        .id(&operation_id("addTo", name))
        .tag("extension")
        .summary(&format!("Put a number on an extension's {name}"))
        .description(&format!("{text}\n\n{ACCESS}"))
        .response::<200, Json<ScreenEntry>>()
}

fn docs_of_remove<'t>(name: &str, operation: TransformOperation<'t>) -> TransformOperation<'t> {
    operation
        .id(&operation_id("removeFrom", name))
        .tag("extension")
        .summary(&format!("Take a number off an extension's {name}"))
        .description(&format!("404 if it isn't there.\n\n{ACCESS}"))
        .response::<200, Json<Success>>()
}
