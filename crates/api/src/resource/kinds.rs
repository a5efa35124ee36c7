//! What the OpenAPI document says of each kind of resource, and where each is.

use super::{Documented, DocumentedMade, routes, routes_removed_by};
use crate::employee::remove;
use admin::Admin;
use admin::customer::Number;
use admin::employee::Employee;
use admin::phone::ExternalPhone;
use aide::axum::ApiRouter;
use aide::axum::routing::delete_with;

const VIEWERS: &str = "VIEWER and up of the customer, its RESELLER, ADMIN";
const MANAGERS: &str = "MANAGER and OWNER of the customer, its RESELLER, ADMIN";
const RESELLERS: &str = "RESELLER of the customer, ADMIN";

/// Every resource at its path.
pub(crate) fn resources() -> ApiRouter<Admin> {
    routes_removed_by::<Employee>("/employee", delete_with(remove::handle, remove::docs))
        .merge(routes::<Number>("/pbx/number"))
        .merge(routes::<ExternalPhone>("/pbx/externalphone"))
}

impl Documented for Employee {
    const NAME: &'static str = "an employee";
    const TAG: &'static str = "employee";
    const READERS: &'static str =
        "the employee itself, VIEWER and up of the customer, its RESELLER, ADMIN";
    const WRITERS: &'static str = "MANAGER and OWNER of the customer, its RESELLER, ADMIN; the \
                                   employee itself `presence`, `title`, `language` and `password`";
    const ABOUT: &'static str =
        "`presence` acts on the next call. `deleteDate` null cancels a deletion.";
    const CHANGE: &'static str = r#"{"presence": "OFF_WORK"}"#;
}

impl DocumentedMade for Employee {
    const CREATE: &'static str = r#"{"name": "Huey Duck", "title": "Nephew"}"#;
}

impl Documented for Number {
    const NAME: &'static str = "a public number";
    const TAG: &'static str = "number";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = RESELLERS;
    const ABOUT: &'static str = "A number is unique on the platform, and used by one extension's \
                                 `direct`, one TRUNK item or one mobile.";
    const CHANGE: &'static str = r#"{"pbx": true}"#;
}

impl DocumentedMade for Number {
    const CREATE: &'static str = r#"{"number": "+4570305059"}"#;
}

impl Documented for ExternalPhone {
    const NAME: &'static str = "an external phone";
    const TAG: &'static str = "phone";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = MANAGERS;
    const CHANGE: &'static str = r#"{"notes": "At home", "confirmAnswer": true}"#;
}

impl DocumentedMade for ExternalPhone {
    const CREATE: &'static str = r#"{"number": "+4571919990"}"#;
}
