//! `lokal admin create`: the first ADMIN of an installation, on a data folder that no server uses.

use crate::config::Config;
use crate::offline::Offline;
use crate::options::NewAdmin;
use crate::random;
use admin::{Admin, AdminError};
use anyhow::{Context, bail};
use model::audit::Author;
use model::customer::Customer;
use model::id::CustomerId;
use model::pii::{Name, Secret};
use std::io::BufRead;
use std::sync::Arc;
use store::{NewCustomer, Store};

/// The customer that operates the installation.
const PLATFORM: &str = "Platform";

/// Makes it, and prints its password if that was drawn.
pub fn run(config: &Config, new: &NewAdmin) -> anyhow::Result<()> {
    let password = Secret::new(match new.password_stdin {
        true => read_line()?,
        false => random::password()?,
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&config.data, &config.database).await?;
        let made = make(&store, new, &password).await;
        store.close().await;
        made
    })?;
    println!("Made {} an ADMIN of {PLATFORM}.", new.username);
    if !new.password_stdin {
        println!("Password, shown only now: {}", password.reveal());
    }
    Ok(())
}

fn read_line() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("can't read the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn make(store: &Store, new: &NewAdmin, password: &Secret<String>) -> anyhow::Result<()> {
    let customer = platform(store).await?;
    let admin = Admin::new(store.clone(), Arc::new(Offline(store.clone())));
    match admin.make_admin(customer, &new.name, &new.username, password).await {
        Ok(_) => Ok(()),
        Err(AdminError::Invalid(faults)) => {
            let faults: Vec<_> =
                faults.iter().map(|fault| format!("{}: {}", fault.member, fault.detail)).collect();
            bail!("{}", faults.join("; "))
        }
        Err(AdminError::Conflict { .. }) => bail!("somebody has that user name already"),
        Err(error) => Err(error.into()),
    }
}

/// The customer of that name; made if there is none.
async fn platform(store: &Store) -> anyhow::Result<CustomerId> {
    for id in store.directories().customers() {
        let directory = store.directories().snapshot(id).await?;
        if directory.is_some_and(|directory| directory.customer.name.as_str() == PLATFORM) {
            return Ok(id);
        }
    }
    let id = CustomerId::from_bytes(random::bytes()?);
    let customer = Customer::new(id, Name::new(PLATFORM));
    let (changed, accounts, tokens) = (Vec::new(), Vec::new(), Vec::new());
    let by = Author::CommandLine;
    store.create_customer(NewCustomer { by, customer, changed, accounts, tokens }).await?;
    Ok(id)
}
