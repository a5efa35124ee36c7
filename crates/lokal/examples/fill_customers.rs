//! Fills an empty data folder with customers for load tests: `fill_customers FOLDER CUSTOMERS EXTENSIONS
//! [CUSTOMERS EXTENSIONS]…`. Each extension has a SIP phone with an account. The ids of extensions are
//! `03` and a decimal number from 0 on, through all customers. An ADMIN's token is `fill-admin`.

use anyhow::Context;
use model::access::Level;
use model::audit::Author;
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::extension::{Extension, NoAnswerAction};
use model::id::{CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::ItemKind;
use model::number::{LocalNumber, Number};
use model::phone::{Line, Phone, SipAccount, ha1_md5, ha1_sha256};
use model::pii::{Name, Secret};
use model::token::TokenHash;
use std::path::Path;
use store::{NewCustomer, NewToken, Store};
use tokio::task::JoinSet;

const USAGE: &str = "usage: fill_customers FOLDER CUSTOMERS EXTENSIONS [CUSTOMERS EXTENSIONS]…";
/// The token of the administrator, known since nothing here is worth protecting.
const TOKEN: &str = "fill-admin";
/// Customers on their way at once: they share commits.
const AT_ONCE: usize = 64;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context(USAGE)?;
    let counts = arguments.map(|count| Ok(count.parse()?)).collect::<anyhow::Result<Vec<u32>>>()?;
    let (groups, []) = counts.as_chunks::<2>() else { anyhow::bail!(USAGE) };
    let store = Store::open(Path::new(&folder), &store::Database::Folder).await?;
    store.create_customer(platform()).await?;
    let realm = store.installation().realm.clone();
    let sizes = groups.iter().flat_map(|[customers, size]| (0..*customers).map(|_| *size));
    let (mut first, mut making) = (0, JoinSet::new());
    for (n, size) in (1..).zip(sizes) {
        if making.len() == AT_ONCE {
            made(making.join_next().await)?;
        }
        let new = customer(&realm, n, first..first + size)?;
        let store = store.clone();
        making.spawn(async move { store.create_customer(new).await });
        first += size;
    }
    while !making.is_empty() {
        made(making.join_next().await)?;
    }
    store.close().await;
    Ok(())
}

type Joined<T> = Option<Result<Result<T, store::WriteError>, tokio::task::JoinError>>;

fn made<T>(joined: Joined<T>) -> anyhow::Result<()> {
    joined.context("a customer")???;
    Ok(())
}

/// An id whose last hex digits are the decimal ones of `n`.
fn id(kind: u8, n: u32) -> anyhow::Result<[u8; 12]> {
    let [a, b, c, d] = u32::from_str_radix(&n.to_string(), 16)?.to_be_bytes();
    Ok([kind, 0, 0, 0, 0, 0, 0, 0, a, b, c, d])
}

/// The customer of the administrator, with no extension.
fn platform() -> NewCustomer {
    let customer = CustomerId::from_bytes([1; 12]);
    let admin = EmployeeId::from_bytes([2; 12]);
    let employee = Employee {
        access_level: Level::Admin,
        ..Employee::new(admin, customer, Name::new("Administrator"))
    };
    NewCustomer {
        by: Author::System,
        customer: Customer::new(customer, Name::new("Platform")),
        changed: vec![Changed::Employee(employee)],
        accounts: Vec::new(),
        tokens: vec![NewToken { hash: TokenHash::of(TOKEN), employee: admin, expires: None }],
    }
}

fn customer(realm: &str, n: u32, extensions: std::ops::Range<u32>) -> anyhow::Result<NewCustomer> {
    let customer = Customer::new(CustomerId::from_bytes(id(1, n)?), Name::new("Load"));
    let (changed, accounts, tokens) = (Vec::new(), Vec::new(), Vec::new());
    let mut new = NewCustomer { by: Author::System, customer, changed, accounts, tokens };
    for (local, n) in extensions.enumerate() {
        add_extension(&mut new, realm, n, 10_000 + local)?;
    }
    Ok(new)
}

fn add_extension(new: &mut NewCustomer, realm: &str, n: u32, number: usize) -> anyhow::Result<()> {
    let customer = new.customer.id;
    let item = ItemId::from_bytes(id(3, n)?);
    let mut extension = Extension::new(item, customer, Name::new(format!("Extension {n}")));
    extension.number = Some(LocalNumber::parse(&number.to_string())?);
    extension.no_answer.int_action = NoAnswerAction::Number;
    extension.no_answer.int_number = Some(Number::parse("10000")?);
    new.changed.push(Changed::Item(ItemKind::Extension(extension)));
    let phone = PhoneId::from_bytes(id(4, n)?);
    let username = format!("user{n:08}");
    let line = Line::Sip {
        username: username.clone(),
        model: Some("Desk 7".to_owned()),
        mac_address: Some(format!("0004{n:08}")),
        product: None,
    };
    let extension = Some(item);
    new.changed.push(Changed::Phone(Phone { extension, ..Phone::new(phone, customer, line) }));
    new.accounts.push(SipAccount {
        customer,
        phone,
        ha1_md5: Secret::new(ha1_md5(realm, &username, "password")),
        ha1_sha256: Secret::new(ha1_sha256(realm, &username, "password")),
        username,
    });
    Ok(())
}
