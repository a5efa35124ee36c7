//! Phones: what they have beside what every resource has. SIP phones get new credentials, mobiles are
//! found by their number.

use crate::caller::{Caller, CallerByToken};
use crate::problem::Problem;
use crate::reply;
use crate::request::{ExpandGoto, Id, IfNoneMatch};
use crate::resource::{
    Documented, alias, collection, described, docs_of_read, read_one, removable, routes, writable,
};
use crate::schema::actions::BY_GET;
use crate::schema::resource::Shown;
use admin::Admin;
use admin::phone::{Mvno, SipPhone};
use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::Response;
use model::id::PhoneId;
use model::number::E164;

pub(crate) fn routes_of_phones() -> ApiRouter<Admin> {
    let path = "/pbx/sipphone/{id}/resetcredentials";
    ApiRouter::new()
        .merge(routes::<SipPhone>("/pbx/sipphone"))
        .api_route(
            path,
            post_with(reset, docs_of_reset).get_with(reset_by_get, docs_of_reset_by_get),
        )
        .merge(alias::<SipPhone>("/pbx/sipphones"))
        .merge(collection::<Mvno>("/mvno"))
        .merge(removable::<Mvno>("/mvno/{id}"))
        .merge(writable::<Mvno>("/mvno/{id}"))
        .api_route("/mvno/{id}", get_with(read_mvno, docs_of_read::<Mvno>))
}

async fn reset(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<PhoneId>,
) -> Result<Response, Problem> {
    Ok(reply::secret(admin.reset_sip_phone(&who, id).await?))
}

async fn reset_by_get(
    State(admin): State<Admin>,
    CallerByToken(who): CallerByToken,
    Id(id): Id<PhoneId>,
) -> Response {
    let done = admin.reset_sip_phone(&who, id).await;
    reply::of_action(done.map(reply::secret))
}

fn docs_of_reset(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described_reset(operation.id("resetSipPhoneCredentials"), "")
}

fn docs_of_reset_by_get(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    described_reset(operation.id("resetSipPhoneCredentialsByGet"), BY_GET)
}

fn described_reset<'t>(operation: TransformOperation<'t>, about: &str) -> TransformOperation<'t> {
    let text = "Answers with the phone and its new `username` and `password`. The password is never \
                shown again, and what the phone registered before ends.";
    let who = "VIEWER and up of the customer, its RESELLER, ADMIN";
    operation
        .tag(SipPhone::TAG)
        .summary("Give a SIP phone another user name and password")
        .description(&described::<SipPhone>(&format!("{about}{text}"), who))
        .response::<200, Json<Shown<SipPhone>>>()
}

/// A mobile, by id or by its number.
struct MobileId(PhoneId);

impl FromRequestParts<Admin> for MobileId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, admin: &Admin) -> Result<Self, Problem> {
        let wrong = || Problem::bad_request("the path has to end in 24 hex digits or a number");
        let path = Path::<String>::from_request_parts(parts, admin).await;
        let Path(text) = path.map_err(|_| wrong())?;
        if let Ok(id) = text.parse() {
            return Ok(Self(id));
        }
        let number = E164::parse(&text).map_err(|_| wrong())?;
        Ok(Self(admin.mobile(&number).await?))
    }
}

impl aide::OperationInput for MobileId {
    fn operation_input(
        context: &mut aide::generate::GenContext,
        operation: &mut aide::openapi::Operation,
    ) {
        let about = "24 hex digits, or the number with its `+`.";
        let pattern = r"^([0-9a-fA-F]{24}|\+[1-9][0-9]{7,14})$";
        crate::schema::parameters::path_text(context, operation, "id", (pattern, about));
    }
}

async fn read_mvno(
    admin: State<Admin>,
    caller: Caller,
    MobileId(id): MobileId,
    expand: ExpandGoto<Mvno>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    read_one::<Mvno>(admin, caller, Id(id), expand, has).await
}
