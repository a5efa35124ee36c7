//! What `lokal` writes to `demo.json` about the demo it made: addresses, accounts, tokens, extensions.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// A telephone's account.
#[derive(Clone, Debug)]
pub struct Account {
    /// The user name, unique on the platform.
    pub username: String,
    /// The password.
    pub password: String,
}

/// An extension, as far as a test has to name it.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Its id.
    pub id: String,
    /// The number to dial.
    pub number: String,
}

/// The whole file.
#[derive(Clone, Debug)]
pub struct Demo(Value);

impl Demo {
    /// Reads it from the server's data directory.
    #[track_caller]
    pub fn read(data: &Path) -> Self {
        let text = fs::read_to_string(data.join("demo.json")).expect("a demo.json");
        Self(serde_json::from_str(&text).expect("JSON in demo.json"))
    }

    /// Where HTTP is served, as a URL.
    #[track_caller]
    pub fn http(&self) -> &str {
        self.text("/http")
    }

    /// Where SIP is served: address and port.
    #[track_caller]
    pub fn sip(&self) -> &str {
        self.text("/sip/address")
    }

    /// A bearer token by its name in the file (`owner`, `donald`, …).
    #[track_caller]
    pub fn token(&self, name: &str) -> &str {
        self.text(&format!("/tokens/{name}"))
    }

    /// Every bearer token.
    #[track_caller]
    pub fn tokens(&self) -> Vec<&str> {
        let tokens = self.0.pointer("/tokens").and_then(Value::as_object);
        tokens.expect("tokens").values().filter_map(Value::as_str).collect()
    }

    /// Every account's password.
    #[track_caller]
    pub fn passwords(&self) -> Vec<&str> {
        let accounts = self.list("/sip/accounts").iter();
        accounts.filter_map(|account| account["password"].as_str()).collect()
    }

    /// The account of the telephone at a customer's extension.
    #[track_caller]
    pub fn account(&self, customer: &str, number: &str) -> Account {
        let found = self.find("/sip/accounts", customer, "extension", number);
        let text = |key: &str| found[key].as_str().expect("an account's member").to_owned();
        Account { username: text("username"), password: text("password") }
    }

    /// A customer's extension.
    #[track_caller]
    pub fn extension(&self, customer: &str, number: &str) -> Extension {
        let found = self.find("/extensions", customer, "number", number);
        let id = found["id"].as_str().expect("an extension's id");
        Extension { id: id.to_owned(), number: number.to_owned() }
    }

    /// A customer's id.
    #[track_caller]
    pub fn customer(&self, name: &str) -> &str {
        let found = self.list("/customers").iter().find(|customer| customer["name"] == name);
        found.and_then(|customer| customer["id"].as_str()).expect("a customer's id")
    }

    #[track_caller]
    fn find(&self, list: &str, customer: &str, key: &str, value: &str) -> &Value {
        let mut entries = self.list(list).iter();
        let found = entries.find(|entry| entry["customer"] == customer && entry[key] == value);
        found.unwrap_or_else(|| panic!("{list} of demo.json has no {value} at {customer}"))
    }

    #[track_caller]
    fn list(&self, pointer: &str) -> &Vec<Value> {
        self.0.pointer(pointer).and_then(Value::as_array).expect(pointer)
    }

    #[track_caller]
    fn text(&self, pointer: &str) -> &str {
        self.0.pointer(pointer).and_then(Value::as_str).expect(pointer)
    }
}
