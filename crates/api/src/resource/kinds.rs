//! What the OpenAPI document says of each kind of resource, and where each is.

use super::{Documented, DocumentedMade, collection, own_settings, routes, singular};
use crate::employee::remove;
use admin::Admin;
use admin::customer::{Customer, Number, Settings};
use admin::employee::Employee;
use admin::phone::{ExternalPhone, Mvno, SipPhone};
use aide::axum::ApiRouter;
use aide::axum::routing::delete_with;
use model::trunk::Trunk;

const VIEWERS: &str = "VIEWER and up of the customer, its RESELLER, ADMIN";
const MANAGERS: &str = "MANAGER and OWNER of the customer, its RESELLER, ADMIN";
const RESELLERS: &str = "RESELLER of the customer, ADMIN";

/// Every resource at its path.
pub(crate) fn resources() -> ApiRouter<Admin> {
    let employee_gone = delete_with(remove::handle, remove::docs);
    collection::<Employee>("/employee")
        .merge(singular::<Employee>("/employee/{id}"))
        .api_route("/employee/{id}", employee_gone)
        .merge(routes::<Number>("/pbx/number"))
        .merge(routes::<ExternalPhone>("/pbx/externalphone"))
        .merge(routes::<Trunk>("/pbx/trunk"))
        .merge(singular::<Settings>("/pbx/settings/{id}"))
        .merge(own_settings::routes("/pbx/settings"))
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
    const ABOUT: &'static str = "Its number isn't its extension's own, and no other phone of the \
                                 extension has it.";
    const CHANGE: &'static str = r#"{"notes": "At home", "confirmAnswer": true}"#;
}

impl DocumentedMade for ExternalPhone {
    const CREATE: &'static str = r#"{"number": "+4571919990"}"#;
}

impl Documented for Trunk {
    const NAME: &'static str = "a TRUNK item";
    const TAG: &'static str = "dialplan";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "Its `numbers` are held by the customer for the PBX and used by \
                                 nothing else; its local number is unique among all items.";
    const CHANGE: &'static str = r#"{"notes": "Everybody may show these", "selectable": true}"#;
}

impl DocumentedMade for Trunk {
    const CREATE: &'static str = r#"{"name": "Main numbers", "number": "70", "selectable": true}"#;
}

impl Documented for Settings {
    const NAME: &'static str = "the PBX settings of a customer";
    const TAG: &'static str = "customer";
    const READERS: &'static str = "PERSONAL and up of the customer, its RESELLER, ADMIN; PERSONAL doesn't see `masterPinCode`";
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "`{id}` is the customer's. An item that is the `voicemailBreakout` \
                                 can't be deleted.";
    const CHANGE: &'static str = r#"{"maxRing": 120, "recording": {"mode": "DEMAND"}}"#;
}

impl Documented for Customer {
    const NAME: &'static str = "a customer";
    const TAG: &'static str = "customer";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = "RESELLER of the customer, ADMIN; MANAGER and OWNER change its \
                                   `name` and `language`";
    const ABOUT: &'static str = "`sipDomain` is unique on the platform. A customer is deleted once it \
                                 has no employees, items, phones, numbers and customers below it.";
    const CHANGE: &'static str = r#"{"language": "da"}"#;
}

impl DocumentedMade for Customer {
    const CREATE: &'static str = r#"{"name": "Duckburg Harbour", "sipDomain": "harbour.example"}"#;
}

impl Documented for SipPhone {
    const NAME: &'static str = "a SIP phone";
    const TAG: &'static str = "phone";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "User name and password are generated; the password is shown where it \
                                 is made and never again.";
    const CHANGE: &'static str = r#"{"notes": "In the hall", "macAddress": "00:11:22:aa:bb:cc"}"#;
}

impl DocumentedMade for SipPhone {
    const CREATE: &'static str = r#"{"notes": "In the hall", "model": "Desk"}"#;
}

impl Documented for Mvno {
    const NAME: &'static str = "a mobile";
    const TAG: &'static str = "phone";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = "RESELLER of the customer, ADMIN; MANAGER and OWNER change \
                                   `extension`, `dnd` and `notes`";
    const ABOUT: &'static str = "Its number is held by the customer and used by nothing else.";
    const CHANGE: &'static str = r#"{"notes": "On the road"}"#;
}

impl DocumentedMade for Mvno {
    const CREATE: &'static str = r#"{"number": "+4570305052"}"#;
}
