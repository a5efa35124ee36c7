//! A customer as one file: out of one installation and into another. By whoever has the data folder; no
//! request leads here. Out and in and out again comes to the same bytes.

mod check;
mod file;
mod names;
mod read;

use crate::error::Fault;
use crate::{Admin, AdminError, permit, refused};
use check::Checked;
use file::{Secrets, document};
use model::access::{Level, Noun, Operation, Permit, Principal, Target};
use model::audit::{Author, Origin};
use model::change::Changed;
use model::id::{CustomerId, EmployeeId};
use model::pii::Name;
use store::{Claim, Logins, NewCustomer, Subject, WriteError};

/// Whether an export has what people, phones and machines prove themselves with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithSecrets {
    /// Password hashes, hashes of machine tokens, digest hashes of SIP phones.
    Yes,
    /// None: nobody and nothing gets in with what is imported.
    No,
}

/// What an import does with the digest hashes of SIP phones, which are of one installation's realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// They are kept: the realm has to be this installation's, or this one has no SIP credentials yet.
    Kept,
    /// They are left out, and each phone gets others by `resetcredentials`.
    New,
}

/// What an import made.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The customer.
    pub customer: CustomerId,
    /// Its name.
    pub name: Name,
    /// How many things it has: what they are called, and how many.
    pub counts: Vec<(&'static str, usize)>,
}

impl Admin {
    /// The customer as a file, or `NotFound`.
    pub async fn export_customer(
        &self,
        customer: CustomerId,
        with: WithSecrets,
    ) -> Result<String, AdminError> {
        let target = self.0.store.customer_target(customer).await?;
        let leave = offline(Operation::Read(Noun::Customer), target.as_ref(), customer)?;
        let (directory, proofs) = self.0.store.whole(&leave).await?.ok_or(AdminError::NotFound)?;
        let realm = &self.0.store.installation().realm;
        let secrets = (with == WithSecrets::Yes).then(|| Secrets::of(realm, proofs));
        Ok(document(&directory, secrets))
    }

    /// Makes a customer of a file, in one transaction; or says all that is wrong with it, and what of it is
    /// there already: `Invalid`.
    pub async fn import_customer(
        &self,
        text: &str,
        credentials: Credentials,
    ) -> Result<Imported, AdminError> {
        let mut read = read::read(text).map_err(AdminError::Invalid)?;
        if credentials == Credentials::New {
            read.accounts.clear();
        }
        let realm = read.realm.take().filter(|_| !read.accounts.is_empty());
        let mut checked = check::check(read);
        let elsewhere = self.elsewhere(&checked, realm.as_deref()).await?;
        checked.faults.extend(elsewhere);
        if !checked.faults.is_empty() {
            return Err(AdminError::Invalid(checked.faults));
        }
        let Checked { customer, changed, accounts, passwords, tokens, .. } = checked;
        let counts = counts(&changed);
        let (id, name) = (customer.id, customer.name.clone());
        let (by, tokens_of_new) = (Author::CommandLine, Vec::new());
        let new = NewCustomer { by, customer, changed, accounts, tokens: tokens_of_new };
        let logins = Logins { passwords, issued: tokens, realm, ..Logins::default() };
        match self.0.store.create_customer_with(new, logins).await {
            Ok(_) => Ok(Imported { customer: id, name, counts }),
            Err(WriteError::Missing { member }) => {
                Err(AdminError::Invalid(vec![Fault::of(member, "points at nothing")]))
            }
            Err(error) => Err(refused(error)),
        }
    }

    /// What of it is somebody's already, and what it points at elsewhere that isn't there.
    async fn elsewhere(
        &self,
        checked: &Checked,
        realm: Option<&str>,
    ) -> Result<Vec<Fault>, AdminError> {
        let mut claims = checked.claims();
        claims.extend(realm.map(|realm| Claim::Realm(realm.to_owned())));
        let taken = self.0.store.taken(claims).await?;
        let mut faults: Vec<Fault> = taken.iter().map(there_already).collect();
        if let Some(reseller) = checked.customer.reseller
            && self.0.store.customer_target(reseller).await?.is_none()
        {
            let detail = format!("the customer {reseller} isn't there: import it first");
            faults.push(Fault::of("customer.reseller", detail));
        }
        Ok(faults)
    }
}

const OTHER_REALM: &str = "the phones' passwords hold for another installation than this one, whose \
                           phones have others: import with --new-credentials, and give each phone new ones";

fn there_already(claim: &Claim) -> Fault {
    let (member, what) = match claim {
        Claim::Thing(Subject::Customer(id)) => ("customer._id", id.to_string()),
        Claim::Thing(Subject::Employee(id)) => ("employees._id", id.to_string()),
        Claim::Thing(Subject::Item(id)) => ("items._id", id.to_string()),
        Claim::Thing(Subject::Phone(id)) => ("phones._id", id.to_string()),
        Claim::Thing(Subject::Number(id)) => ("numbers._id", id.to_string()),
        Claim::Music(id) => ("music._id", id.to_string()),
        Claim::Token(id) => ("secrets.tokens._id", id.to_string()),
        Claim::TokenHash(_) => ("secrets.tokens.hash", "a token".to_owned()),
        Claim::Username(name) => ("secrets.accounts.username", name.clone()),
        Claim::Login(name) => ("employees.emailAddress", name.clone()),
        Claim::SipDomain(domain) => ("customer.sipDomain", domain.clone()),
        Claim::Number(number) => ("numbers.number", number.as_str().to_owned()),
        Claim::Realm(_) => return Fault::of("secrets.realm", OTHER_REALM),
    };
    Fault::of(member, format!("{what} is there already"))
}

fn counts(changed: &[Changed]) -> Vec<(&'static str, usize)> {
    let count = |is: fn(&Changed) -> bool| changed.iter().filter(|one| is(one)).count();
    vec![
        ("employees", count(|one| matches!(one, Changed::Employee(_)))),
        ("dialplan items", count(|one| matches!(one, Changed::Item(_)))),
        ("phones", count(|one| matches!(one, Changed::Phone(_)))),
        ("numbers", count(|one| matches!(one, Changed::Number(_)))),
    ]
}

/// Leave for whoever has the data folder: nobody can be asked for it.
fn offline(
    operation: Operation<'_>,
    target: Option<&Target>,
    customer: CustomerId,
) -> Result<Permit, AdminError> {
    let employee = EmployeeId::from_bytes([0; 12]);
    let (level, origin) = (Level::Admin, Origin::CommandLine);
    permit(&Principal { employee, customer, level, origin }, operation, target)
}
