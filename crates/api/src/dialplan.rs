//! `/pbx/dialplan`: the items of all kinds together. And the local phone book, which lists some of them.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::request::{Id, JsonBody};
use crate::schema::answers::answering;
use crate::schema::dialplan::{
    DialplanPage, LookupAnswer, LookupQuestion, NumberStatus, PhonebookPage, References,
};
use crate::schema::{self, parameters};
use crate::{query, reply};
use admin::item::{DialplanQuery, LookupQuery};
use admin::{Admin, Limits};
use aide::OperationInput;
use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use model::id::ItemId;
use model::item::ItemType;
use serde_json::json;

const TAG: &str = "dialplan";
const READERS: &str = "Access: VIEWER and up of the customer, its RESELLER, ADMIN.";

pub(crate) fn routes() -> ApiRouter<Admin> {
    ApiRouter::new()
        .api_route("/pbx/dialplan", get_with(list, docs_of_list))
        .api_route("/pbx/dialplan/numberStatus", get_with(status, docs_of_status))
        .api_route(
            "/pbx/dialplan/lookup",
            get_with(look_up, |operation| docs_of_lookup(operation).id("lookUpNumbers"))
                .post_with(look_up_body, |operation| docs_of_lookup(operation).id("askForNumbers")),
        )
        .api_route("/pbx/dialplan/{id}/references", get_with(references, docs_of_references))
        .api_route("/pbx/phonebook/local", get_with(phonebook, docs_of_phonebook))
}

/// Query parameters that the handler reads itself; `D` says them in the document.
struct Asked<D>(Uri, std::marker::PhantomData<D>);

impl<D, S: Sync> axum::extract::FromRequestParts<S> for Asked<D> {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> Result<Self, Problem> {
        Ok(Self(parts.uri.clone(), std::marker::PhantomData))
    }
}

/// Says which parameters are read.
trait Parameters {
    fn describe(context: &mut GenContext, operation: &mut Operation);
}

impl<D: Parameters> OperationInput for Asked<D> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        D::describe(context, operation);
    }
}

struct OfList;

impl Parameters for OfList {
    fn describe(context: &mut GenContext, operation: &mut Operation) {
        let limits = Limits { default: 50, most: 100 };
        parameters::list(context, operation, limits, &["number", "name", "redirect", "type"]);
        let about = "Gotos as `{_id, type, number, name}`; makes it full.";
        parameters::flag(context, operation, "expandGoto", about);
        let kind =
            json!({ "type": "string", "enum": ItemType::WORDS, "description": "Of this kind." });
        parameters::anything(context, operation, "type", kind);
        let about = "Only items with a local number.";
        parameters::flag(context, operation, "excludeNoNumber", about);
    }
}

async fn list(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Asked(uri, _): Asked<OfList>,
) -> Result<Response, Problem> {
    let wrong =
        || Problem::bad_request(format!("type has to be one of {}", ItemType::WORDS.join(", ")));
    let kind = query::lookup(&uri, "type").filter(|text| !text.is_empty());
    let kind = kind.map(|text| ItemType::parse(&text).ok_or_else(wrong)).transpose()?;
    let exclude_no_number = query::flag(&uri, "excludeNoNumber")?;
    let query = DialplanQuery { list: query::list(&uri)?, kind, exclude_no_number };
    Ok(reply::json(&admin.list_dialplan(&who, &query).await?))
}

fn docs_of_list(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("listDialplan")
        .tag(TAG)
        .summary("List a customer's dialplan items of all kinds")
        .description(&format!("With `full` each as its own kind shows it.\n\n{READERS}"))
        .response::<200, Json<DialplanPage>>()
}

struct OfStatus;

impl Parameters for OfStatus {
    fn describe(context: &mut GenContext, operation: &mut Operation) {
        let number = json!({ "type": "string", "description": "1-7 of 0-9 * #." });
        parameters::anything(context, operation, "number", number);
        customer(context, operation);
    }
}

async fn status(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Asked(uri, _): Asked<OfStatus>,
) -> Result<Response, Problem> {
    let number = query::lookup(&uri, "number").unwrap_or_default();
    let customer = query::id(&uri, "customer")?;
    Ok(reply::json(&admin.number_status(&who, customer, &number).await?))
}

fn docs_of_status(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "`nextAvailableNumber` is the next free one of as many digits. 404 `number` for what \
                can't be a local number.";
    operation
        .id("readNumberStatus")
        .tag(TAG)
        .summary("Whether a local number is taken")
        .description(&format!("{text}\n\n{READERS}"))
        .with(answering(&[404]))
        .response::<200, Json<NumberStatus>>()
}

struct OfLookup;

impl Parameters for OfLookup {
    fn describe(context: &mut GenContext, operation: &mut Operation) {
        let numbers = json!({ "type": "array", "items": { "type": "string" } });
        parameters::anything(context, operation, "numbers", numbers);
        customer(context, operation);
        parameters::flag(context, operation, "unique", "Each number once.");
    }
}

async fn look_up(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Asked(uri, _): Asked<OfLookup>,
) -> Result<Response, Problem> {
    let numbers = query::all(&uri, "numbers");
    let (customer, unique) = (query::id(&uri, "customer")?, query::flag(&uri, "unique")?);
    let query = LookupQuery { customer, numbers, unique };
    Ok(reply::json(&admin.look_up(&who, query).await?))
}

async fn look_up_body(
    State(admin): State<Admin>,
    Caller(who): Caller,
    JsonBody { body, .. }: JsonBody<LookupQuestion>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.look_up_body(&who, &body).await?))
}

fn docs_of_lookup(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "Numbers are read as people of the customer's country write them and answered in E.164. \
                A public number that nothing here uses is EXTERNAL; what is no number, or a local one \
                that nothing has, INVALID.";
    operation
        .tag(TAG)
        .summary("What numbers reach")
        .description(&format!("{text}\n\n{READERS}"))
        .with(answering(&[422]))
        .response::<200, Json<LookupAnswer>>()
}

struct OfReferences;

impl Parameters for OfReferences {
    fn describe(context: &mut GenContext, operation: &mut Operation) {
        let about = "`{_id, type, name, number, redirect, notes}` instead of ids.";
        parameters::flag(context, operation, "expand", about);
    }
}

async fn references(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<ItemId>,
    Asked(uri, _): Asked<OfReferences>,
) -> Result<Response, Problem> {
    let expand = query::flag(&uri, "expand")?;
    Ok(reply::json(&admin.references(&who, id, expand).await?))
}

fn docs_of_references(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readReferences")
        .tag(TAG)
        .summary("Which items point at this one")
        .description(&format!("By their gotos; while there are any it isn't deleted.\n\n{READERS}"))
        .response::<200, Json<References>>()
}

struct OfPhonebook;

impl Parameters for OfPhonebook {
    fn describe(context: &mut GenContext, operation: &mut Operation) {
        let limits = Limits { default: 50, most: 50_000 };
        parameters::list(context, operation, limits, &["name", "number", "direct"]);
    }
}

async fn phonebook(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Asked(uri, _): Asked<OfPhonebook>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.local_phonebook(&who, &query::list(&uri)?).await?))
}

fn docs_of_phonebook(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "The extensions whose `phonebook` is true.\n\nAccess: PERSONAL and up of the customer, \
                its RESELLER, ADMIN.";
    operation
        .id("listLocalPhonebook")
        .tag("phonebook")
        .summary("The local phone book")
        .description(text)
        .response::<200, Json<PhonebookPage>>()
}

fn customer(context: &mut GenContext, operation: &mut Operation) {
    let whose = json!({
        "type": "string", "pattern": schema::ID, "description": "Whose; your own unless said.",
    });
    parameters::anything(context, operation, "customer", whose);
}
