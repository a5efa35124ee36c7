//! `/customer`: the tenants. Who resells to whom is what goes beyond one customer here.

use crate::error::Fault;
use crate::once::Created;
use crate::page::{Limits, ListQuery, Order, Page, page};
use crate::patch::MemberChange;
use crate::resource::{Made, Resource, plan_customer, shown};
use crate::sent::Body;
use crate::{Admin, AdminError, drawn, permit, refused};
use model::access::{Level, Noun, Operation, Permit, Principal, Target};
use model::audit::Author;
use model::change::Changed;
use model::customer;
use model::customer::members::MEMBERS;
use model::directory::Directory;
use model::id::CustomerId;
use model::member::Member;
use model::pii::Name;
use model::settings::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{NewCustomer, Subject};

/// A customer. Its settings are a resource of their own, and blank here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Customer(customer::Customer);

impl Customer {
    fn of(customer: &customer::Customer) -> Self {
        Self(customer::Customer { settings: Settings::default(), ..customer.clone() })
    }
}

impl Resource for Customer {
    type Id = CustomerId;

    const NOUN: Noun = Noun::Customer;
    const MEMBERS: &'static [Member] = MEMBERS;
    const SORTS: &'static [&'static str] = &["name"];
    const LIMITS: Limits = Limits { default: 100, most: 500 };
    const PLURAL: &'static str = "customers";
    const SCHEMA: &'static str = "Customer";

    fn subject(id: CustomerId) -> Subject {
        Subject::Customer(id)
    }
    fn lookup(directory: &Directory, id: CustomerId) -> Option<Self> {
        (directory.customer.id == id).then(|| Self::of(&directory.customer))
    }
    fn all(directory: &Directory) -> Vec<Self> {
        vec![Self::of(&directory.customer)]
    }
    fn put(self, directory: &Directory) -> Changed {
        let settings = directory.customer.settings.clone();
        Changed::Customer(customer::Customer { settings, ..self.0 })
    }
    async fn outside_faults(
        admin: &Admin,
        who: &Principal,
        before: &Self,
        changes: &[MemberChange],
    ) -> Result<Vec<Fault>, AdminError> {
        let Some(change) = changes.iter().find(|change| change.member.path == "reseller") else {
            return Ok(Vec::new());
        };
        let Some(text) = change.value.as_str() else {
            // It would be the platform's own: no reseller's any more.
            return if who.level < Level::ResellerAdmin {
                Err(AdminError::Denied(vec!["reseller".to_owned()]))
            } else {
                Ok(Vec::new())
            };
        };
        let detail = match admin.reseller(who, text).await? {
            None => Some("no such customer"),
            Some(reseller) => {
                let circle =
                    reseller.customer == before.0.id || reseller.resellers.contains(&before.0.id);
                circle.then_some("is below the customer itself")
            }
        };
        Ok(detail.map(|detail| Fault::of("reseller", detail)).into_iter().collect())
    }
}

impl Made for Customer {
    const NEEDED: &'static [&'static str] = &["name"];

    fn draw(id: [u8; 12], reseller: CustomerId) -> Self {
        let new = customer::Customer::new(CustomerId::from_bytes(id), Name::new(""));
        Self(customer::Customer { reseller: Some(reseller), ..new })
    }
    fn id(&self) -> CustomerId {
        self.0.id
    }
    fn gone(id: CustomerId) -> Changed {
        Changed::CustomerGone(id)
    }
}

impl Admin {
    /// A page of the customers that this principal may see.
    pub async fn list_customers(
        &self,
        who: &Principal,
        query: &ListQuery,
    ) -> Result<Page, AdminError> {
        let order = Order::of(query, Customer::SORTS)?;
        let read = Operation::Read(Noun::Customer);
        let mut permits: Vec<Permit> = Vec::new();
        for id in self.0.store.directories().customers() {
            let target = self.0.store.customer_target(id).await?;
            permits.extend(permit(who, read, target.as_ref()).ok());
        }
        let Some(view) = permits.first().map(Permit::view) else {
            return Err(AdminError::Denied(Vec::new()));
        };
        let customers = self.0.store.customers(&permits).await?;
        let entries = customers.into_iter().map(|customer| {
            let directory = Directory::empty(customer);
            shown(&Customer::of(&directory.customer), &directory, view)
        });
        Ok(page(entries.collect(), query, &order, Customer::LIMITS, Customer::PLURAL))
    }

    /// Makes a customer; the caller's own resells to it, unless the platform says otherwise.
    pub async fn create_customer(
        &self,
        who: &Principal,
        body: &Body,
    ) -> Result<Created, AdminError> {
        let own = self.0.store.customer_target(who.customer).await?;
        permit(who, Operation::Create(Noun::Customer), own.as_ref())?;
        let reseller = self.new_reseller(who, body).await?;
        let mut before = Customer::draw(drawn()?, who.customer);
        before.0.reseller = reseller.as_ref().map(|reseller| reseller.customer);
        let mut body = body.clone();
        body.shift_remove("reseller");
        let above = reseller
            .into_iter()
            .flat_map(|reseller| std::iter::once(reseller.customer).chain(reseller.resellers));
        let id = before.0.id;
        let target = Target { customer: id, resellers: above.collect(), owners: Vec::new() };
        let directory = Directory::empty(before.0.clone());
        let planned = plan_customer(who, &target, &directory, &before, &body)?;
        let new = NewCustomer {
            by: Author::of(who),
            customer: planned.after.0,
            changed: Vec::new(),
            accounts: Vec::new(),
            tokens: Vec::new(),
        };
        self.0.store.create_customer(new).await.map_err(refused)?;
        let seen = self.read_resource::<Customer>(who, id, false).await?;
        let warnings = planned.warnings.iter().map(ToString::to_string).collect();
        Ok(Created { id: id.to_string(), seen, warnings })
    }

    /// Who is to resell to a new customer.
    async fn new_reseller(
        &self,
        who: &Principal,
        body: &Body,
    ) -> Result<Option<Target>, AdminError> {
        let fault = |detail| AdminError::Invalid(vec![Fault::of("reseller", detail)]);
        let own = who.customer.to_string();
        let wanted = match body.get("reseller") {
            None => own.as_str(),
            Some(Value::String(text)) => text,
            Some(Value::Null) if who.level >= Level::ResellerAdmin => return Ok(None),
            Some(Value::Null) => "",
            Some(_) => return Err(fault("a string")),
        };
        if !wanted.eq_ignore_ascii_case(&own) && who.level < Level::ResellerAdmin {
            return Err(AdminError::Denied(vec!["reseller".to_owned()]));
        }
        let reseller = self.reseller(who, wanted).await?;
        reseller.map(Some).ok_or_else(|| fault("no such customer"))
    }

    /// The customer that is to resell, if this principal may have customers made below it.
    async fn reseller(&self, who: &Principal, text: &str) -> Result<Option<Target>, AdminError> {
        let Ok(id) = text.parse() else { return Ok(None) };
        let target = self.0.store.customer_target(id).await?;
        let may = permit(who, Operation::Create(Noun::Customer), target.as_ref()).is_ok();
        Ok(target.filter(|_| may))
    }

    /// How people of the customer prove themselves beside their password. Nothing else is known yet.
    pub async fn customer_security(
        &self,
        who: &Principal,
        id: CustomerId,
    ) -> Result<&'static str, AdminError> {
        let target = self.0.store.customer_target(id).await?;
        permit(who, Operation::Read(Noun::Settings), target.as_ref())?;
        Ok("NONE")
    }
}
