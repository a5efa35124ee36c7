//! `/customer`: what differs from other resources, since a list goes beyond one customer and a new one
//! belongs to none.

use crate::caller::Caller;
use crate::problem::Problem;
use crate::reply;
use crate::request::{Collection, Id, JsonBody, ListOf};
use crate::resource::{Documented, described, removable, singular};
use crate::schema::answers::answering;
use crate::schema::customer::Security;
use crate::schema::resource::{New, PageOf, Shown};
use admin::Admin;
use admin::customer::Customer;
use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use aide::transform::TransformOperation;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use model::id::CustomerId;

pub(crate) fn routes() -> ApiRouter<Admin> {
    let collection = get_with(list, docs_of_list).post_with(create, docs_of_create);
    ApiRouter::new()
        .api_route("/customer", collection)
        .api_route("/customer/{id}/security", get_with(security, docs_of_security))
        .merge(removable::<Customer>("/customer/{id}"))
        .merge(singular::<Customer>("/customer/{id}"))
}

async fn list(
    State(admin): State<Admin>,
    Caller(who): Caller,
    ListOf { query, .. }: ListOf<Customer>,
) -> Result<Response, Problem> {
    Ok(reply::json(&admin.list_customers(&who, &query).await?))
}

fn docs_of_list(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let who = "VIEWER and up see their own, RESELLER those that it or its resellers resell to, ADMIN \
               all";
    operation
        .id("listCustomer")
        .tag(Customer::TAG)
        .summary("List the customers that the caller may see")
        .description(&described::<Customer>("`customer` has no effect.", who))
        .response::<200, Json<PageOf<Customer>>>()
}

async fn create(
    State(admin): State<Admin>,
    Collection(path): Collection,
    Caller(who): Caller,
    JsonBody { body, .. }: JsonBody<New<Customer>>,
) -> Result<Response, Problem> {
    Ok(reply::created(&path, admin.create_customer(&who, &body).await?))
}

fn docs_of_create(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    let text = "`reseller` is the caller's own customer; only ADMIN may send another, or null.";
    operation
        .id("createCustomer")
        .tag(Customer::TAG)
        .summary("Create a customer")
        .description(&described::<Customer>(text, "RESELLER, ADMIN"))
        .with(answering(&[409]))
        .response::<201, Json<Shown<Customer>>>()
}

async fn security(
    State(admin): State<Admin>,
    Caller(who): Caller,
    Id(id): Id<CustomerId>,
) -> Result<Response, Problem> {
    let security = admin.customer_security(&who, id).await?;
    Ok(reply::json(&serde_json::json!({ "authenticationSecurity": security })))
}

fn docs_of_security(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    operation
        .id("readCustomerSecurity")
        .tag(Customer::TAG)
        .summary("Read how people of a customer log in")
        .description("Access: PERSONAL and up of the customer, its RESELLER, ADMIN.")
        .response::<200, Json<Security>>()
}
