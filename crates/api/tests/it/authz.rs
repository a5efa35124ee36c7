//! Role × relation × operation, as a table to review. An operation of the OpenAPI document without a
//! row here fails the test.

use crate::client::{Client, Reply};
use crate::documentation::{document, operations};
use crate::records::{call_id, colleague, donald, keep, record};
use crate::world::{AWAY_FROM_HOME, DONALD, DUCKBURG, HOME, World, employee_id, item, path};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One row: an operation, what is tried, and how it is sent to the thing of the employee `number`.
struct Row {
    operation: &'static str,
    tries: &'static str,
    method: &'static str,
    path: fn(u8) -> String,
    body: fn() -> Value,
}

const fn row(
    operation: &'static str,
    tries: &'static str,
    method: &'static str,
    path: fn(u8) -> String,
    body: fn() -> Value,
) -> Row {
    Row { operation, tries, method, path, body }
}

fn extension(number: u8) -> String {
    path(item(number))
}
fn explain(number: u8) -> String {
    format!("{}/explain", extension(number))
}
fn number_of(number: u8) -> String {
    // The body can't know whose number is meant; the path carries it to `send`.
    format!("/pbx/explain#{}", if number == 92 { 592 } else { 600 + u32::from(number) })
}
fn employee(number: u8) -> String {
    format!("/employee/{}", employee_id(number))
}
fn latest(number: u8) -> String {
    format!("/pbx/cdr/latest?extension={}", item(number))
}
fn history(number: u8) -> String {
    format!("/pbx/cdrhistory/{}", call_id(number))
}
fn nothing() -> Value {
    Value::Null
}
fn call_waiting() -> Value {
    json!({"callWaiting": false})
}
fn notes() -> Value {
    json!({"notes": "Changed"})
}
fn billing() -> Value {
    json!({"billingCustomer": DUCKBURG})
}
fn presence() -> Value {
    json!({"presence": "BUSY"})
}
fn inbound() -> Value {
    json!({"direction": "inbound"})
}
fn to() -> Value {
    json!({"customer": DUCKBURG})
}

const ROWS: &[Row] = &[
    row("readExtension", "read", "GET", extension, nothing),
    row("changeExtension", "callWaiting", "POST", extension, call_waiting),
    row("changeExtension", "notes", "POST", extension, notes),
    row("patchExtension", "callWaiting", "PATCH", extension, call_waiting),
    row("patchExtension", "notes", "PATCH", extension, notes),
    row("patchExtension", "billingCustomer", "PATCH", extension, billing),
    row("explainExtension", "explain", "POST", explain, inbound),
    row("explainNumber", "explain", "POST", number_of, to),
    row("readEmployee", "read", "GET", employee, nothing),
    row("changeEmployee", "presence", "POST", employee, presence),
    row("patchEmployee", "presence", "PATCH", employee, presence),
    row("readLatestCalls", "read", "GET", latest, nothing),
    row("readCallHistory", "read", "GET", history, nothing),
];

async fn send(client: &Client, row: &Row, number: u8) -> Reply {
    let path = (row.path)(number);
    let mut body = (row.body)();
    let (path, to) = path.split_once('#').unwrap_or((&path, ""));
    if !to.is_empty() {
        body["to"] = json!(to);
    }
    match row.method {
        "GET" => client.get(path).await,
        "POST" => client.post(path, &body).await,
        _ => client.patch(path, &body).await,
    }
}

/// The status, and for a read extension how much was seen.
fn came_to(row: &Row, reply: &Reply) -> String {
    let seen = match (row.operation, reply.status.as_u16()) {
        ("readExtension", 200) if reply.json().get("redirect").is_some() => " whole",
        ("readExtension", 200) => " masked",
        _ => "",
    };
    format!("{}{seen}", reply.status.as_u16())
}

#[tokio::test]
async fn authz_matrix() {
    let mut table = String::new();
    for row in ROWS {
        let world = World::new().await;
        keep(&world, record(92, colleague(100), donald(), true)).await;
        for (_, _, number) in HOME.iter().filter(|(role, ..)| *role != "donald") {
            keep(&world, record(*number, colleague(*number), colleague(100), true)).await;
        }
        writeln!(table, "{} {} ({})", row.method, row.operation, row.tries).unwrap();
        let nobody = send(&world.as_nobody(), row, 92).await;
        writeln!(table, "  {:24}{}", "no token", came_to(row, &nobody)).unwrap();
        for (role, _, number) in HOME.iter().filter(|(role, ..)| *role != "donald") {
            let own = came_to(row, &send(&world.as_(role), row, *number).await);
            let other = came_to(row, &send(&world.as_(role), row, 92).await);
            writeln!(table, "  {role:24}own: {own:12}colleague's: {other}").unwrap();
        }
        for (role, ..) in AWAY_FROM_HOME {
            let reply = came_to(row, &send(&world.as_(role), row, 92).await);
            writeln!(table, "  {role:24}{reply}").unwrap();
        }
    }
    insta::assert_snapshot!("authz_matrix", table);
}

#[tokio::test]
async fn every_operation_has_a_row() {
    let world = World::new().await;
    let documented: BTreeSet<_> = operations(&document(&world).await)
        .into_iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned())
        .collect();
    let rows: BTreeSet<_> = ROWS.iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(documented, rows);
    assert_eq!(path(DONALD), extension(92));
}
