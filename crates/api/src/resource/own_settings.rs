//! `/pbx/settings` without an id: those of the caller's own customer.

use super::{Documented, change, described, read};
use crate::caller::{Caller, CallerAndToken};
use crate::problem::Problem;
use crate::request::{ExpandGoto, Id, IfNoneMatch, JsonBody, Unchanged};
use crate::schema::answers::answering;
use crate::schema::resource::{Change, Shown};
use admin::Admin;
use admin::customer::Settings;
use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;

pub(super) fn routes(path: &str) -> ApiRouter<Admin> {
    let own = get_with(read_own, docs_of_read)
        .post_with(change_own, |operation| docs_of_change(operation).id("changeOwnSettings"))
        .patch_with(change_own, |operation| docs_of_change(operation).id("patchOwnSettings"));
    ApiRouter::new().api_route(path, own)
}

async fn read_own(
    admin: State<Admin>,
    Caller(who): Caller,
    expand: ExpandGoto<Settings>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let id = Id(who.customer);
    read::handle::<Settings>(admin, Caller(who), id, expand, has).await
}

async fn change_own(
    admin: State<Admin>,
    caller: CallerAndToken,
    expand: ExpandGoto<Settings>,
    if_match: Unchanged,
    body: JsonBody<Change<Settings>>,
) -> Result<Response, Problem> {
    let id = Id(caller.who.customer);
    change::handle::<Settings>(admin, caller, id, expand, if_match, body).await
}

fn docs_of_read(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readOwnSettings")
        .tag(Settings::TAG)
        .summary("Read the PBX settings of your own customer")
        .description(&described::<Settings>("", Settings::READERS))
        .response::<200, Json<Shown<Settings>>>()
}

fn docs_of_change(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "Changes the members sent and no other.";
    operation
        .tag(Settings::TAG)
        .summary("Change the PBX settings of your own customer")
        .description(&described::<Settings>(text, Settings::WRITERS))
        .with(answering(&[409]))
        .response::<200, Json<Shown<Settings>>>()
}
