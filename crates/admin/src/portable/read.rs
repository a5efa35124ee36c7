//! Reading the file of a customer: each thing by its type, and every one that isn't what it should be
//! with its place. Whether they hold together is `check`'s.

use super::file::{Account, Password, Screen, Token};
use super::names::{
    CUSTOMER, EMPLOYEES, FORMAT, ITEMS, MUSIC, NUMBERS, PHONES, SCREENS, SECRETS, VERSION,
};
use crate::error::Fault;
use crate::sent::Body;
use model::customer::Customer;
use model::employee::Employee;
use model::extension::Extension;
use model::held::HeldNumber;
use model::item::{BareItem, ItemKind, ItemType};
use model::music::MusicClass;
use model::phone::Phone;
use model::trunk::Trunk;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// All that a file has.
pub(super) struct Parts {
    pub(super) customer: Customer,
    pub(super) employees: Vec<Employee>,
    pub(super) numbers: Vec<HeldNumber>,
    pub(super) music: Vec<MusicClass>,
    pub(super) items: Vec<ItemKind>,
    pub(super) screens: Vec<Screen>,
    pub(super) phones: Vec<Phone>,
    pub(super) realm: Option<String>,
    pub(super) accounts: Vec<Account>,
    pub(super) passwords: Vec<Password>,
    pub(super) tokens: Vec<Token>,
}

/// What is in the text, or all that isn't as it should be.
pub(super) fn read(text: &str) -> Result<Parts, Vec<Fault>> {
    let whole = |detail: String| vec![Fault::of("file", detail)];
    let file: Value = serde_json::from_str(text)
        .map_err(|error| whole(format!("isn't whole, or isn't JSON: {error}")))?;
    let Value::Object(mut file) = file else {
        return Err(whole("isn't a customer's: no JSON object".to_owned()));
    };
    let format = file.shift_remove(FORMAT.0);
    if format.as_ref().and_then(Value::as_str) != Some(FORMAT.1) {
        return Err(whole(format!("isn't a customer's: `{}` isn't {:?}", FORMAT.0, FORMAT.1)));
    }
    match file.shift_remove(VERSION.0).as_ref().and_then(Value::as_u64) {
        Some(version) if version == VERSION.1 => {}
        Some(version) if version > VERSION.1 => {
            let detail = format!("is of version {version}: written by a newer lokal than this one");
            return Err(vec![Fault::of(VERSION.0, detail)]);
        }
        _ => return Err(vec![Fault::of(VERSION.0, format!("has to be {}", VERSION.1))]),
    }
    Reader { faults: Vec::new() }.parts(file)
}

struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn parts(mut self, mut file: Body) -> Result<Parts, Vec<Fault>> {
        let customer = file.shift_remove(CUSTOMER).unwrap_or_default();
        let customer: Option<Customer> = self.one(CUSTOMER, customer);
        let employees = self.list("", &mut file, EMPLOYEES);
        let numbers = self.list("", &mut file, NUMBERS);
        let music = self.list("", &mut file, MUSIC);
        let items = self.items(&mut file);
        let screens = self.list("", &mut file, SCREENS);
        let phones = self.list("", &mut file, PHONES);
        let (mut realm, mut accounts, mut passwords, mut tokens) = Default::default();
        match file.shift_remove(SECRETS) {
            None => {}
            Some(Value::Object(mut secrets)) => {
                let told = secrets.shift_remove("realm").unwrap_or_default();
                realm = self.one("secrets.realm", told);
                accounts = self.list("secrets.", &mut secrets, "accounts");
                passwords = self.list("secrets.", &mut secrets, "passwords");
                tokens = self.list("secrets.", &mut secrets, "tokens");
                self.nothing_else("secrets.", &secrets);
            }
            Some(_) => self.fault(SECRETS, "an object"),
        }
        self.nothing_else("", &file);
        match customer {
            Some(customer) if self.faults.is_empty() => Ok(Parts {
                customer,
                employees,
                numbers,
                music,
                items,
                screens,
                phones,
                realm,
                accounts,
                passwords,
                tokens,
            }),
            _ => Err(self.faults),
        }
    }

    fn fault(&mut self, path: &str, detail: impl Into<String>) {
        self.faults.push(Fault::of(path, detail));
    }

    fn nothing_else(&mut self, below: &str, rest: &Body) {
        for name in rest.keys() {
            self.fault(&format!("{below}{name}"), "isn't known");
        }
    }

    /// The values of a list, each with its path.
    fn values(&mut self, below: &str, file: &mut Body, name: &str) -> Vec<(String, Value)> {
        let path = format!("{below}{name}");
        match file.shift_remove(name) {
            Some(Value::Array(values)) => {
                let values = values.into_iter().enumerate();
                values.map(|(place, value)| (format!("{path}[{place}]"), value)).collect()
            }
            _ => {
                self.fault(&path, "has to be a list");
                Vec::new()
            }
        }
    }

    fn list<T: DeserializeOwned + Serialize>(
        &mut self,
        below: &str,
        file: &mut Body,
        name: &str,
    ) -> Vec<T> {
        let values = self.values(below, file, name);
        values.into_iter().filter_map(|(path, value)| self.one(&path, value)).collect()
    }

    fn items(&mut self, file: &mut Body) -> Vec<ItemKind> {
        let mut items = Vec::new();
        for (path, value) in self.values("", file, ITEMS) {
            let kind = value.get("type").and_then(Value::as_str).and_then(ItemType::parse);
            let item = match kind {
                Some(ItemType::Extension) => {
                    self.one::<Extension>(&path, value).map(ItemKind::Extension)
                }
                Some(ItemType::Trunk) => {
                    self.one::<Trunk>(&path, value).map(|trunk| ItemKind::Trunk(Box::new(trunk)))
                }
                _ => {
                    let bare = self.one::<BareItem>(&path, value);
                    bare.map(|bare| ItemKind::Bare(Box::new(bare)))
                }
            };
            items.extend(item);
        }
        items
    }

    /// One thing. Whatever of it would be lost or changed by reading it is a fault as well.
    fn one<T: DeserializeOwned + Serialize>(&mut self, path: &str, value: Value) -> Option<T> {
        let read = match serde_json::from_value::<T>(value.clone()) {
            Ok(read) => read,
            Err(error) => {
                self.fault(path, error.to_string());
                return None;
            }
        };
        let kept = serde_json::to_value(&read).unwrap_or_default();
        self.compare(path, &value, &kept);
        Some(read)
    }

    fn compare(&mut self, path: &str, given: &Value, kept: &Value) {
        match (given, kept) {
            (Value::Object(given), Value::Object(kept)) => {
                for (name, value) in given {
                    let path = format!("{path}.{name}");
                    match kept.get(name) {
                        Some(kept) => self.compare(&path, value, kept),
                        None => self.fault(&path, "isn't known"),
                    }
                }
            }
            _ if given == kept => {}
            _ => self.fault(path, format!("has to be written as {kept}")),
        }
    }
}
