//! How a customer is written as a file: everything by id, things as the store keeps them.

use super::names::{
    CUSTOMER, EMPLOYEES, FORMAT, ITEMS, MUSIC, NUMBERS, PHONES, SCREENS, SECRETS, VERSION,
};
use model::directory::Directory;
use model::id::{EmployeeId, ItemId, PhoneId, TokenId};
use model::item::{Item, ItemKind};
use model::pii::Name;
use model::screen::{ScreenList, ScreenNumber};
use model::time::Wall;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::Write as _;
use store::Proofs;

/// A number on a list of an extension.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Screen {
    pub(super) extension: ItemId,
    pub(super) list: ScreenList,
    pub(super) number: ScreenNumber,
    pub(super) name: Option<Name>,
}

/// What a SIP phone proves itself with.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub(super) username: String,
    pub(super) phone: PhoneId,
    pub(super) ha1_md5: String,
    pub(super) ha1_sha256: String,
}

/// What an employee proves itself with.
#[derive(Serialize, Deserialize)]
pub(super) struct Password {
    pub(super) employee: EmployeeId,
    pub(super) hash: String,
}

/// A machine token.
#[derive(Serialize, Deserialize)]
pub(super) struct Token {
    #[serde(rename = "_id")]
    pub(super) id: TokenId,
    pub(super) employee: EmployeeId,
    pub(super) name: Option<Name>,
    pub(super) created: Wall,
    pub(super) expires: Option<Wall>,
    /// SHA-256 of it, in hex.
    pub(super) hash: String,
}

/// All that somebody or something gets in with.
#[derive(Serialize)]
pub(super) struct Secrets {
    realm: String,
    passwords: Vec<Password>,
    tokens: Vec<Token>,
    accounts: Vec<Account>,
}

impl Secrets {
    pub(super) fn of(realm: &str, proofs: Proofs) -> Self {
        let password = |(employee, hash): (_, model::pii::Secret<String>)| Password {
            employee,
            hash: hash.reveal().clone(),
        };
        let account = |account: model::phone::SipAccount| Account {
            ha1_md5: account.ha1_md5.reveal().clone(),
            ha1_sha256: account.ha1_sha256.reveal().clone(),
            username: account.username,
            phone: account.phone,
        };
        let token = |token: store::IssuedToken| Token {
            id: token.id,
            employee: token.employee,
            name: token.name,
            created: token.created,
            expires: token.expires,
            hash: hex(token.hash.bytes()),
        };
        Self {
            realm: realm.to_owned(),
            passwords: proofs.passwords.into_iter().map(password).collect(),
            tokens: proofs.tokens.into_iter().map(token).collect(),
            accounts: proofs.accounts.into_iter().map(account).collect(),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String has no way to fail.
        write!(text, "{byte:02x}").ok();
        text
    })
}

/// The file of a customer: JSON for people and programs, with a line feed at its end.
pub(super) fn document(directory: &Directory, secrets: Option<Secrets>) -> String {
    let mut numbers: Vec<_> = directory.numbers().map(AsRef::as_ref).collect();
    numbers.sort_by_key(|held| held.id);
    let employees: Vec<_> = directory.employees().map(AsRef::as_ref).collect();
    let items: Vec<_> = directory.items().map(|item| item_document(item)).collect();
    let phones: Vec<_> = directory.phones().map(AsRef::as_ref).collect();
    let music: Vec<_> = directory.music_classes().map(AsRef::as_ref).collect();
    let mut file = json!({
        FORMAT.0: FORMAT.1,
        VERSION.0: VERSION.1,
        CUSTOMER: directory.customer.as_ref(),
        EMPLOYEES: employees,
        NUMBERS: numbers,
        MUSIC: music,
        ITEMS: items,
        SCREENS: screens(directory),
        PHONES: phones,
    });
    if let (Some(secrets), Some(file)) = (secrets, file.as_object_mut()) {
        file.insert(SECRETS.to_owned(), json!(secrets));
    }
    // Plain JSON with string keys: serde_json has no way to fail on it.
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

fn item_document(item: &Item) -> Value {
    match &item.kind {
        ItemKind::Extension(extension) => json!(extension),
        ItemKind::Trunk(trunk) => json!(trunk),
        ItemKind::Bare(bare) => json!(bare),
    }
}

fn screens(directory: &Directory) -> Vec<Screen> {
    let mut screens = Vec::new();
    for item in directory.items() {
        for list in ScreenList::ALL {
            let entries = directory.screen(item.id(), *list);
            screens.extend(entries.map(|entry| Screen {
                extension: item.id(),
                list: *list,
                number: entry.number,
                name: entry.name,
            }));
        }
    }
    screens
}
