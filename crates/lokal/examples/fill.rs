//! Fills an empty data folder with extensions for load tests and prints sipp's CSV for them:
//! `fill FOLDER COUNT`. Column by column: user, digest credentials, callee, RTP port.
//!
//! The first half calls the second half.

use anyhow::Context;
use model::access::Level;
use model::audit::Author;
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::extension::Extension;
use model::id::{CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::ItemKind;
use model::number::LocalNumber;
use model::phone::{Line, Phone, SipAccount};
use model::phone::{ha1_md5, ha1_sha256};
use model::pii::{Name, Secret};
use model::token::TokenHash;
use std::path::Path;
use store::{NewCustomer, NewToken, Store};

/// The first extension's number.
const FIRST: u32 = 100_000;
/// The token of the customer's owner, known since nothing here is worth protecting.
const TOKEN: &str = "fill-owner";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("usage: fill FOLDER COUNT")?;
    let count: u32 = arguments.next().context("usage: fill FOLDER COUNT")?.parse()?;
    let store = Store::open(Path::new(&folder), &store::Database::Folder).await?;
    let new = customer(&store.installation().realm, count)?;
    store.create_customer(new).await?;
    store.close().await;
    println!("SEQUENTIAL");
    for n in 0..count {
        let (user, password) = credentials(n);
        let callee = FIRST + (n + count / 2) % count;
        let port = 40_000 + 2 * (n % 10_000);
        println!("{user};[authentication username={user} password={password}];{callee};{port}");
    }
    Ok(())
}

fn id(kind: u8, n: u32) -> [u8; 12] {
    let [a, b, c, d] = n.to_be_bytes();
    [kind, 0, 0, 0, 0, 0, 0, 0, a, b, c, d]
}

fn credentials(n: u32) -> (String, String) {
    let user = format!("u{}", FIRST + n);
    let password = format!("pw{user}");
    (user, password)
}

fn customer(realm: &str, count: u32) -> anyhow::Result<NewCustomer> {
    let customer = CustomerId::from_bytes(id(1, 0));
    let owner = EmployeeId::from_bytes(id(2, 0));
    let mut new = NewCustomer {
        by: Author::CommandLine,
        customer: Customer::new(customer, Name::new("Load")),
        changed: vec![Changed::Employee(Employee {
            access_level: Level::Owner,
            ..Employee::new(owner, customer, Name::new("Owner"))
        })],
        accounts: Vec::new(),
        tokens: vec![NewToken { hash: TokenHash::of(TOKEN), employee: owner, expires: None }],
    };
    for n in 0..count {
        add_extension(&mut new, realm, n)?;
    }
    Ok(new)
}

fn add_extension(new: &mut NewCustomer, realm: &str, n: u32) -> anyhow::Result<()> {
    let customer = new.customer.id;
    let item = ItemId::from_bytes(id(3, n));
    let mut extension = Extension::new(item, customer, Name::new(format!("Extension {n}")));
    extension.number = Some(LocalNumber::parse(&(FIRST + n).to_string())?);
    new.changed.push(Changed::Item(ItemKind::Extension(extension)));
    let phone = PhoneId::from_bytes(id(4, n));
    let (username, password) = credentials(n);
    let line =
        Line::Sip { username: username.clone(), model: None, mac_address: None, product: None };
    let extension = Some(item);
    new.changed.push(Changed::Phone(Phone { extension, ..Phone::new(phone, customer, line) }));
    new.accounts.push(SipAccount {
        customer,
        phone,
        ha1_md5: Secret::new(ha1_md5(realm, &username, &password)),
        ha1_sha256: Secret::new(ha1_sha256(realm, &username, &password)),
        username,
    });
    Ok(())
}
