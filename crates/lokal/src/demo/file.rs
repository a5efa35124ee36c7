//! `demo.json`: what the demo is, with its secrets, readable by its owner alone.

use super::Addresses;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The whole file.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct DemoFile {
    /// Base address of the HTTP API.
    pub http: String,
    /// For phones.
    pub sip: SipEntry,
    /// The customers.
    pub customers: Vec<CustomerEntry>,
    /// A machine token by role.
    pub tokens: BTreeMap<String, String>,
    /// A login by role.
    #[serde(default)]
    pub logins: BTreeMap<String, Login>,
    /// The extensions.
    pub extensions: Vec<ExtensionEntry>,
}

/// Where and as whom phones register.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SipEntry {
    /// The registrar, UDP.
    pub address: String,
    /// One for each SIP phone.
    pub accounts: Vec<Account>,
}

/// What an employee logs in with.
#[derive(Debug, Serialize, Deserialize)]
pub struct Login {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// The credentials of one SIP phone.
#[derive(Debug, Serialize, Deserialize)]
pub struct Account {
    /// Name of its customer.
    pub customer: String,
    /// Number of its extension.
    pub extension: String,
    /// Digest user name.
    pub username: String,
    /// Digest password.
    pub password: String,
}

/// A customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct CustomerEntry {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// An extension.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExtensionEntry {
    /// Its id.
    pub id: String,
    /// Name of its customer.
    pub customer: String,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
}

fn path(folder: &Path) -> PathBuf {
    folder.join("demo.json")
}

/// The file of a data folder; None if there is none.
pub fn read(folder: &Path) -> anyhow::Result<Option<DemoFile>> {
    let path = path(folder);
    match fs::read(&path) {
        Ok(json) => {
            let file = serde_json::from_slice(&json);
            Ok(Some(file.with_context(|| format!("{} isn't as it was written", path.display()))?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("can't read {}", path.display())),
    }
}

impl DemoFile {
    /// Where clients and phones find this server.
    pub fn set_addresses(&mut self, addresses: Addresses) {
        self.http = format!("http://{}", addresses.http);
        self.sip.address = addresses.sip.to_string();
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let path = path(folder);
        let draft = folder.join("demo.json.new");
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        let write = || {
            let mut options = fs::OpenOptions::new();
            let mut file =
                options.write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
            file.write_all(&json)?;
            fs::rename(&draft, &path)
        };
        write().with_context(|| format!("can't write {}", path.display()))
    }

    /// What the terminal shows once.
    pub fn welcome(&self, folder: &Path) -> String {
        let donald = self.extensions.iter().find(|e| e.name == "Donald Duck");
        let account =
            self.sip.accounts.iter().find(|a| a.customer == "Duckburg" && a.extension == "593");
        let (Some(donald), Some(account), Some(token)) =
            (donald, account, self.tokens.get("donald"))
        else {
            return String::new();
        };
        format!(
            "Made a demo: customer Duckburg with Donald Duck (592) and colleagues 100, 593 and 594,\n\
             and customer Mouseton, which has a 592 of its own. Everything is in {file}.\n\n\
             Donald's extension:\n  \
             curl -s '{http}/pbx/extension/{id}?includePhones=true' -H 'Authorization: Bearer {token}'\n\n\
             Register a phone as his colleague 593, then dial 592:\n  \
             server {sip} (UDP), user {user}, password {password}\n\n",
            file = path(folder).display(),
            http = self.http,
            id = donald.id,
            sip = self.sip.address,
            user = account.username,
            password = account.password,
        )
    }
}
