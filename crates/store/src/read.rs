//! Reads: rows to model types. Takes a connection and keeps nothing; what is remembered, and for how
//! long, is decided by whoever asks.

use crate::backend::{Connection, Row};
use crate::departure::Departure;
use crate::document;
use crate::error::StoreError;
use crate::news;
use crate::sql;
use crate::subject::Subject;
use crate::tenant::{Tenant, Tenants};
use crate::token::{Ends, Grant, ListedToken};
use crate::uses::LastUse;
use model::access::Target;
use model::binding::Binding;
use model::call::PhoneRef;
use model::change::Changed;
use model::customer::Customer;
use model::directory::Directory;
use model::id::{CallId, CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::{ItemKind, Revision};
use model::number::E164;
use model::phone::SipAccount;
use model::pii::{Name, Secret};
use model::record::CallRecord;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use model::time::Wall;
use model::token::{TokenHash, TokenKind};
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;

/// Rows of accounts held at once: one takes a KB, and the holes that a million leave are never given back.
const ACCOUNTS_AT_ONCE: i64 = 1000;

type Read<T> = Result<T, StoreError>;

/// An id in a column.
pub(crate) fn id<T: FromStr>(row: &Row, column: &'static str) -> Read<T> {
    optional_id(row, column)?.ok_or_else(|| StoreError::corrupt(column, "it is null"))
}

pub(crate) fn optional_id<T: FromStr>(row: &Row, column: &'static str) -> Read<Option<T>> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| text.parse().map_err(|_| StoreError::corrupt(column, "it isn't an id")))
        .transpose()
}

/// A text in a column, if it isn't null.
pub(crate) fn optional_text(row: &Row, column: &'static str) -> Read<Option<String>> {
    Ok(row.try_get(column)?)
}

/// A revision in a column.
pub(crate) fn revision(row: &Row) -> Read<Revision> {
    let number: i64 = row.try_get("revision")?;
    u64::try_from(number).map(Revision).map_err(|error| StoreError::corrupt("revision", error))
}

/// The document of a row.
pub(crate) fn document<T: DeserializeOwned>(what: &'static str, row: &Row) -> Read<T> {
    document::read(what, row.try_get("version")?, row.try_get("document")?)
}

/// The item of a row.
pub(crate) fn item(row: &Row) -> Read<ItemKind> {
    document::read_item(row.try_get("kind")?, row.try_get("version")?, row.try_get("document")?)
}

/// The token hash of a row.
pub(crate) fn token_hash(row: &Row) -> Read<TokenHash> {
    let bytes: &[u8] = row.try_get("hash")?;
    let bytes = bytes.try_into().map_err(|error| StoreError::corrupt("token hash", error))?;
    Ok(TokenHash::from_bytes(bytes))
}

/// Every customer, without its directory.
pub(crate) async fn tenants(connection: &mut Connection) -> Read<Tenants> {
    let rows = sqlx::query(sql::TENANTS).fetch_all(connection).await?;
    let tenant = |row: &Row| {
        let tenant = Tenant {
            revision: revision(row)?,
            reseller: optional_id(row, "reseller")?,
            directory: None,
        };
        Ok((id(row, "id")?, tenant))
    };
    rows.iter().map(tenant).collect()
}

/// These customers.
pub(crate) async fn customers(
    connection: &mut Connection,
    wanted: &BTreeSet<CustomerId>,
) -> Read<Vec<Customer>> {
    let rows = sqlx::query(sql::CUSTOMERS).fetch_all(connection).await?;
    let mut customers = Vec::new();
    for row in &rows {
        if wanted.contains(&id(row, "id")?) {
            customers.push(document("customer", row)?);
        }
    }
    Ok(customers)
}

/// Every SIP account.
pub(crate) async fn accounts(connection: &mut Connection) -> Read<Vec<SipAccount>> {
    let mut accounts: Vec<SipAccount> = Vec::new();
    loop {
        let after = accounts.last().map_or("", |account| account.username.as_str());
        let query = sqlx::query(sql::ACCOUNTS).bind(after.to_owned()).bind(ACCOUNTS_AT_ONCE);
        let rows = query.fetch_all(&mut *connection).await?;
        if rows.is_empty() {
            return Ok(accounts);
        }
        for row in &rows {
            accounts.push(account(row)?);
        }
    }
}

/// The SIP account of a row.
pub(crate) fn account(row: &Row) -> Read<SipAccount> {
    Ok(SipAccount {
        username: row.try_get("username")?,
        customer: id(row, "customer")?,
        phone: id(row, "phone")?,
        ha1_md5: Secret::new(row.try_get("ha1_md5")?),
        ha1_sha256: Secret::new(row.try_get("ha1_sha256")?),
    })
}

/// The customer whose this is.
pub(crate) async fn customer_of(
    connection: &mut Connection,
    subject: Subject,
) -> Read<Option<CustomerId>> {
    let (statement, key) = match subject {
        Subject::Item(id) => (sql::CUSTOMER_OF_ITEM, id.to_string()),
        Subject::Employee(id) => (sql::CUSTOMER_OF_EMPLOYEE, id.to_string()),
        Subject::Phone(id) => (sql::CUSTOMER_OF_PHONE, id.to_string()),
        Subject::Number(id) => (sql::CUSTOMER_OF_NUMBER, id.to_string()),
        Subject::Customer(id) => (sql::CUSTOMER_OF_CUSTOMER, id.to_string()),
    };
    let row = sqlx::query(statement).bind(key).fetch_optional(connection).await?;
    row.map(|row| id(&row, "customer")).transpose()
}

/// The mobile that has this number.
pub(crate) async fn mobile(connection: &mut Connection, number: &E164) -> Read<Option<PhoneId>> {
    let query = sqlx::query(sql::NUMBER_USED).bind(number.as_str());
    let row = query.fetch_optional(connection).await?;
    Ok(row.map(|row| optional_id(&row, "phone")).transpose()?.flatten())
}

/// Whom a token stands for.
pub(crate) async fn grant(connection: &mut Connection, hash: TokenHash) -> Read<Option<Grant>> {
    let query = sqlx::query(sql::TOKEN).bind(hash.bytes().as_slice());
    let grant = |row: Row| {
        Ok(Grant {
            customer: id(&row, "customer")?,
            employee: id(&row, "employee")?,
            kind: token_kind(&row)?,
            ends: Ends::of(token_kind(&row)?, optional_wall(&row, "expires")?),
            last_use: Arc::new(LastUse::stored(optional_wall(&row, "used")?)),
        })
    };
    query.fetch_optional(connection).await?.map(grant).transpose()
}

fn token_kind(row: &Row) -> Read<TokenKind> {
    let word: &str = row.try_get("kind")?;
    TokenKind::parse(word).ok_or_else(|| StoreError::corrupt("token kind", "it isn't known"))
}

fn optional_wall(row: &Row, column: &'static str) -> Read<Option<Wall>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Wall))
}

/// The machine tokens of an employee, each with its hash.
pub(crate) async fn tokens(
    connection: &mut Connection,
    customer: CustomerId,
    employee: EmployeeId,
) -> Read<Vec<(TokenHash, ListedToken)>> {
    let query =
        sqlx::query(sql::TOKENS_OF_EMPLOYEE).bind(customer.to_string()).bind(employee.to_string());
    let token = |row: &Row| {
        let token = ListedToken {
            id: id(row, "id")?,
            name: optional_text(row, "name")?.map(Name::new),
            created: Wall(row.try_get("created")?),
            used: optional_wall(row, "used")?,
        };
        Ok((token_hash(row)?, token))
    };
    query.fetch_all(connection).await?.iter().map(token).collect()
}

/// The employees that are to be deleted, first come first.
pub(crate) async fn departures(connection: &mut Connection, most: u32) -> Read<Vec<Departure>> {
    let rows = sqlx::query(sql::DEPARTURES).bind(i64::from(most)).fetch_all(connection).await?;
    let departure = |row: &Row| {
        Ok(Departure {
            customer: id(row, "customer")?,
            employee: id(row, "id")?,
            at: Wall(row.try_get("delete_at")?),
        })
    };
    rows.iter().map(departure).collect()
}

/// A customer's whole directory. The connection must be in a transaction that sees one instant.
pub(crate) async fn directory(
    connection: &mut Connection,
    customer: CustomerId,
) -> Read<Option<Directory>> {
    let key = customer.to_string();
    let query = sqlx::query(sql::CUSTOMER).bind(&key);
    let Some(row) = query.fetch_optional(&mut *connection).await? else { return Ok(None) };
    let now = revision(&row)?;
    let empty = Directory::empty(document::<Customer>("customer", &row)?);

    let mut first = Vec::new();
    for row in sqlx::query(sql::EMPLOYEES).bind(&key).fetch_all(&mut *connection).await? {
        first.push(Changed::Employee(document("employee", &row)?));
    }
    for row in sqlx::query(sql::NUMBERS).bind(&key).fetch_all(&mut *connection).await? {
        first.push(Changed::Number(document("number", &row)?));
    }
    for row in sqlx::query(sql::MUSIC).bind(&key).fetch_all(&mut *connection).await? {
        first.push(Changed::Music(document("music", &row)?));
    }
    for row in sqlx::query(sql::PHONES).bind(&key).fetch_all(&mut *connection).await? {
        first.push(Changed::Phone(document("phone", &row)?));
    }
    for row in sqlx::query(sql::SCREENS).bind(&key).fetch_all(&mut *connection).await? {
        first.push(Changed::Screened(screened(&row, customer)?));
    }
    let mut items = Vec::new();
    for row in sqlx::query(sql::ITEMS).bind(&key).fetch_all(&mut *connection).await? {
        items.push((revision(&row)?, Changed::Item(item(&row)?)));
    }
    // By the same `apply` that changes take.
    let changes = news::changes(customer, now, first, items);
    Ok(Some(changes.iter().fold(empty, |directory, change| directory.apply(change))))
}

/// The entry of a row.
pub(crate) fn screened(row: &Row, customer: CustomerId) -> Read<Screened> {
    let list = ScreenList::parse(row.try_get("list")?);
    let list = list.ok_or_else(|| StoreError::corrupt("list", "it isn't one"))?;
    let number = ScreenNumber::parse(row.try_get("number")?)
        .map_err(|error| StoreError::corrupt("number", error))?;
    let name = optional_text(row, "name")?.map(Name::new);
    let extension = id(row, "item")?;
    Ok(Screened { customer, extension, list, entry: ScreenEntry { number, name } })
}

/// Whose a record is; without the resellers.
pub(crate) async fn record_target(
    connection: &mut Connection,
    call: CallId,
) -> Read<Option<Target>> {
    let query = sqlx::query(sql::RECORD_TARGET).bind(call.to_string());
    let Some(row) = query.fetch_optional(connection).await? else { return Ok(None) };
    let sides = [optional_id(&row, "caller_employee")?, optional_id(&row, "callee_employee")?];
    Ok(Some(Target {
        customer: id(&row, "customer")?,
        resellers: Vec::new(),
        owners: sides.into_iter().flatten().collect(),
    }))
}

/// The record of a call of this customer.
pub(crate) async fn record(
    connection: &mut Connection,
    customer: CustomerId,
    call: CallId,
) -> Read<Option<CallRecord>> {
    let query = sqlx::query(sql::RECORD).bind(customer.to_string()).bind(call.to_string());
    query.fetch_optional(connection).await?.map(|row| document("record", &row)).transpose()
}

/// The latest records of this customer in which the extension is caller or callee, newest first.
pub(crate) async fn latest_records(
    connection: &mut Connection,
    customer: CustomerId,
    extension: ItemId,
    most: u32,
) -> Read<Vec<CallRecord>> {
    let query = sqlx::query(sql::LATEST_RECORDS)
        .bind(customer.to_string())
        .bind(extension.to_string())
        .bind(i64::from(most));
    query.fetch_all(connection).await?.iter().map(|row| document("record", row)).collect()
}

/// The bindings that haven't expired.
pub(crate) async fn bindings(connection: &mut Connection, now: Wall) -> Read<Vec<Binding>> {
    let rows = sqlx::query(sql::BINDINGS).bind(now.0).fetch_all(connection).await?;
    let binding = |row: &Row| {
        Ok(Binding {
            phone: PhoneRef { customer: id(row, "customer")?, phone: id(row, "phone")? },
            key: row.try_get("key")?,
            expires: Wall(row.try_get("expires")?),
            state: row.try_get("state")?,
        })
    };
    rows.iter().map(binding).collect()
}
