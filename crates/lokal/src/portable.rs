//! `lokal export` and `lokal import`: a customer as one file, on a data folder or database that no server
//! of this folder uses.

use crate::config::Config;
use crate::offline::Offline;
use crate::options::{Export, Import};
use admin::portable::{Credentials, WithSecrets};
use admin::{Admin, AdminError};
use anyhow::{Context, anyhow, bail};
use model::id::CustomerId;
use model::limits::EXPORT_BYTES;
use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use store::Store;

/// Problems that are printed; whoever has more has something else than an export.
const PROBLEMS: usize = 100;

/// Writes the file. One that is there already stays.
pub fn export(config: &Config, asked: &Export) -> anyhow::Result<()> {
    let customer: CustomerId =
        asked.customer.parse().map_err(|_| anyhow!("a customer's id is 24 hex digits"))?;
    let with = if asked.without_secrets { WithSecrets::No } else { WithSecrets::Yes };
    let text = with_admin(config, async |admin| {
        admin.export_customer(customer, with).await.map_err(|error| match error {
            AdminError::NotFound => anyhow!("there is no customer {customer}"),
            error => error.into(),
        })
    })?;
    write(&asked.file, &text).with_context(|| format!("can't write {}", asked.file.display()))?;
    println!("Wrote {}, readable for you alone (0600).", asked.file.display());
    if !asked.without_secrets {
        println!(
            "Whoever has it can get in: it has the hashes of passwords, machine tokens and SIP \
             credentials. Keep it as you would keep those."
        );
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half of one is none.
        std::fs::remove_file(path).ok();
    }
    written
}

/// Makes a customer of the file, or says what is wrong with it and makes nothing.
pub fn import(config: &Config, asked: &Import) -> anyhow::Result<()> {
    let path = asked.file.display();
    let text = read(&asked.file).with_context(|| format!("can't read {path}"))?;
    let credentials = if asked.new_credentials { Credentials::New } else { Credentials::Kept };
    let imported = with_admin(config, async |admin| {
        admin.import_customer(&text, credentials).await.map_err(in_words)
    });
    let imported = imported.with_context(|| format!("nothing of {path} was imported"))?;
    let counts = imported.counts.iter().map(|(what, count)| format!("{count} {what}"));
    let counts = counts.collect::<Vec<_>>().join(", ");
    println!("Imported {} ({}): {counts}.", imported.name.as_str(), imported.customer);
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let most = EXPORT_BYTES as u64;
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        bail!("it is larger than {} MiB, and no customer is", most >> 20);
    }
    String::from_utf8(bytes).context("it isn't text (UTF-8)")
}

/// Every problem, a line each.
fn in_words(error: AdminError) -> anyhow::Error {
    match error {
        AdminError::Invalid(faults) => {
            let lines = faults.iter().take(PROBLEMS);
            let lines = lines.map(|fault| format!("\n  {}: {}", fault.member, fault.detail));
            let more = faults.len().saturating_sub(PROBLEMS);
            let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
            anyhow!("{}{more}", lines.collect::<String>())
        }
        error => error.into(),
    }
}

fn with_admin<T>(
    config: &Config,
    ask: impl AsyncFnOnce(&Admin) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&config.data, &config.database).await?;
        let admin = Admin::new(store.clone(), Arc::new(Offline(store.clone())));
        let done = ask(&admin).await;
        store.close().await;
        done
    })
}
