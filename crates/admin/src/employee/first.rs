//! The first ADMIN of an installation, made by whoever has the data folder: nobody can be asked for
//! leave yet.

use crate::error::Fault;
use crate::{Admin, AdminError, drawn, permit, refused, value};
use model::access::{Level, Noun, Operation, Principal};
use model::audit::Origin;
use model::change::Changed;
use model::employee::{self, members};
use model::id::{CustomerId, EmployeeId};
use model::pii::{Name, Secret};
use store::{Logins, Write};

impl Admin {
    /// Makes an ADMIN of this customer who logs in with this name and password.
    pub async fn make_admin(
        &self,
        customer: CustomerId,
        name: &str,
        username: &str,
        password: &Secret<String>,
    ) -> Result<EmployeeId, AdminError> {
        let read = [("name", name), ("emailAddress", username), ("password", password.reveal())];
        let faults: Vec<Fault> =
            read.into_iter().filter_map(|(path, text)| fault(path, text)).collect();
        if !faults.is_empty() {
            return Err(AdminError::Invalid(faults));
        }
        let id = EmployeeId::from_bytes(drawn()?);
        let (level, origin) = (Level::Admin, Origin::CommandLine);
        let who = Principal { employee: id, customer, level, origin };
        let target = self.0.store.customer_target(customer).await?;
        let leave = permit(&who, Operation::Create(Noun::Employee), target.as_ref())?;
        let employee = employee::Employee {
            access_level: Level::Admin,
            email_address: Some(username.to_owned()),
            no_email: !username.contains('@'),
            ..employee::Employee::new(id, customer, Name::new(name))
        };
        let hash = self.0.passwords.hash(password.reveal()).await?;
        let logins = Logins { passwords: vec![(id, hash)], ..Logins::default() };
        let write = Write { based_on: None, changed: vec![Changed::Employee(employee)] };
        self.0.store.write_with(&leave, write, logins).await.map_err(refused)?;
        Ok(id)
    }
}

fn fault(path: &str, text: &str) -> Option<Fault> {
    let member = members::MEMBERS.iter().find(|member| member.path == path)?;
    value::read(member, &text.into()).err().map(|detail| Fault::of(path, detail))
}
