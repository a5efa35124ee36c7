//! What the OpenAPI document says of each kind of resource, and where each is.

use super::{Documented, collection, own_settings, routes, singular};
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
}

impl Documented for Number {
    const NAME: &'static str = "a public number";
    const TAG: &'static str = "number";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = RESELLERS;
    const ABOUT: &'static str = "A number is unique on the platform, and used by one extension's \
                                 `direct`, one TRUNK item or one mobile.";
}

impl Documented for ExternalPhone {
    const NAME: &'static str = "an external phone";
    const TAG: &'static str = "phone";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "Its number isn't its extension's own, and no other phone of the \
                                 extension has it.";
}

impl Documented for Trunk {
    const NAME: &'static str = "a TRUNK item";
    const TAG: &'static str = "dialplan";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "Its `numbers` are held by the customer for the PBX and used by \
                                 nothing else; its local number is unique among all items.";
}

impl Documented for Settings {
    const NAME: &'static str = "the PBX settings of a customer";
    const TAG: &'static str = "customer";
    const READERS: &'static str = "PERSONAL and up of the customer, its RESELLER, ADMIN; PERSONAL doesn't see `masterPinCode`";
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "`{id}` is the customer's. An item that is the `voicemailBreakout` \
                                 can't be deleted.";
}

impl Documented for Customer {
    const NAME: &'static str = "a customer";
    const TAG: &'static str = "customer";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = "RESELLER of the customer, ADMIN; MANAGER and OWNER change its \
                                   `name` and `language`";
    const ABOUT: &'static str = "`sipDomain` is unique on the platform. A customer is deleted once it \
                                 has no employees, items, phones, numbers and customers below it.";
}

impl Documented for SipPhone {
    const NAME: &'static str = "a SIP phone";
    const TAG: &'static str = "phone";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = MANAGERS;
    const ABOUT: &'static str = "User name and password are generated; the password is shown where it \
                                 is made and never again.";
}

impl Documented for Mvno {
    const NAME: &'static str = "a mobile";
    const TAG: &'static str = "phone";
    const READERS: &'static str = VIEWERS;
    const WRITERS: &'static str = "RESELLER of the customer, ADMIN; MANAGER and OWNER change \
                                   `extension`, `dnd` and `notes`";
    const ABOUT: &'static str = "Its number is held by the customer and used by nothing else.";
}
