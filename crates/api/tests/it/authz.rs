//! Role × relation × operation, as a table to review. An operation of the OpenAPI document without a
//! row here fails the test.

use crate::client::{Client, Reply};
use crate::documentation::{document, operations};
use crate::records::{call_id, colleague, donald, keep, record};
use crate::world::{
    AWAY_FROM_HOME, DONALD, DUCKBURG, HOME, World, employee_id, held, item, path, phone,
};
use model::change::Changed;
use model::employee::Employee;
use model::held::HeldNumber;
use model::number::E164;
use model::phone::{Line, Phone};
use model::pii::Name;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// One row: an operation, what is tried, and how it is sent to the thing of the employee `number`, or to
/// one that is nobody's own.
struct Row {
    operation: &'static str,
    tries: &'static str,
    method: &'static str,
    path: fn(u8) -> String,
    /// Told how many were sent before it, for what has to be new each time.
    body: fn(u16) -> Value,
    /// What has to be there before each try, since the one before may have removed it.
    there: fn() -> Vec<Changed>,
}

const fn row(
    operation: &'static str,
    tries: &'static str,
    method: &'static str,
    path: fn(u8) -> String,
    body: fn(u16) -> Value,
) -> Row {
    Row { operation, tries, method, path, body, there: Vec::new }
}

const fn removal(
    operation: &'static str,
    path: fn(u8) -> String,
    there: fn() -> Vec<Changed>,
) -> Row {
    Row { operation, tries: "remove", method: "DELETE", path, body: nothing, there }
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
fn nothing(_: u16) -> Value {
    Value::Null
}
fn call_waiting(_: u16) -> Value {
    json!({"callWaiting": false})
}
fn notes(_: u16) -> Value {
    json!({"notes": "Changed"})
}
fn billing(_: u16) -> Value {
    json!({"billingCustomer": DUCKBURG})
}
fn presence(_: u16) -> Value {
    json!({"presence": "BUSY"})
}
fn inbound(_: u16) -> Value {
    json!({"direction": "inbound"})
}
fn to(_: u16) -> Value {
    json!({"customer": DUCKBURG})
}

/// An employee, a number and a phone that nothing points at, to be removed.
fn spare_employee(_: u8) -> String {
    format!("/employee/{}", employee_id(0xe0))
}
fn spare_number(_: u8) -> String {
    format!("/pbx/number/{}", held(0xe1))
}
fn spare_phone(_: u8) -> String {
    format!("/pbx/externalphone/{}", phone(0xe2))
}
fn spares() -> Vec<Changed> {
    let (id, number) = (held(0xe1), E164::parse("+4570309999").unwrap());
    let line = Line::External { number: number.clone(), confirm_answer: true };
    vec![
        Changed::Employee(Employee::new(employee_id(0xe0), DUCKBURG, Name::new("Spare"))),
        Changed::Number(HeldNumber { id, number, customer: DUCKBURG, pbx: true }),
        Changed::Phone(Phone::new(phone(0xe2), DUCKBURG, line)),
    ]
}
fn employees(_: u8) -> String {
    format!("/employee?customer={DUCKBURG}")
}
fn numbers(_: u8) -> String {
    format!("/pbx/number?customer={DUCKBURG}")
}
fn external_phones(_: u8) -> String {
    format!("/pbx/externalphone?customer={DUCKBURG}")
}
fn number(_: u8) -> String {
    format!("/pbx/number/{}", held(0xa2))
}
fn external_phone(_: u8) -> String {
    format!("/pbx/externalphone/{}", phone(0xc2))
}
fn new_employee(_: u16) -> Value {
    json!({"customer": DUCKBURG, "name": "Huey Duck"})
}
fn new_number(n: u16) -> Value {
    json!({"customer": DUCKBURG, "number": format!("+457032{n:04}")})
}
fn new_external_phone(_: u16) -> Value {
    json!({"customer": DUCKBURG, "number": "+4571919990"})
}
fn other_number(n: u16) -> Value {
    json!({"number": format!("+457033{n:04}")})
}
fn name(n: u16) -> Value {
    json!({"name": format!("Donald {n}")})
}

fn login(_: u8) -> String {
    "/auth/login".to_owned()
}
fn credentials(_: u16) -> Value {
    json!({"username": "donald@duckburg.example", "password": "Quack1234"})
}
fn logout(_: u8) -> String {
    "/auth/logout".to_owned()
}
fn validate(_: u8) -> String {
    "/auth/validateToken".to_owned()
}
fn tokens(number: u8) -> String {
    format!("{}/token", employee(number))
}
fn no_such_token(number: u8) -> String {
    format!("{}/token/{}", employee(number), item(0xee))
}
fn clear_tokens(number: u8) -> String {
    format!("{}/clearTokens", employee(number))
}

const ROWS: &[Row] = &[
    row("login", "log in", "POST", login, credentials),
    row("logout", "log out", "POST", logout, nothing),
    row("logoutByGet", "log out", "GET", logout, nothing),
    row("validateToken", "validate", "GET", validate, nothing),
    row("listTokens", "list", "GET", tokens, nothing),
    row("makeToken", "make", "POST", tokens, |_| json!({})),
    row("removeToken", "revoke; 404: would have", "DELETE", no_such_token, nothing),
    row("clearTokens", "clear", "POST", clear_tokens, nothing),
    row("clearTokensByGet", "clear", "GET", clear_tokens, nothing),
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
    row("patchEmployee", "name", "PATCH", employee, name),
    row("listEmployee", "list", "GET", employees, nothing),
    row("createEmployee", "create", "POST", employees, new_employee),
    removal("removeEmployee", spare_employee, spares),
    row("listNumber", "list", "GET", numbers, nothing),
    row("createNumber", "create", "POST", numbers, new_number),
    row("readNumber", "read", "GET", number, nothing),
    row("changeNumber", "number", "POST", number, other_number),
    row("patchNumber", "number", "PATCH", number, other_number),
    removal("removeNumber", spare_number, spares),
    row("listExternalPhone", "list", "GET", external_phones, nothing),
    row("createExternalPhone", "create", "POST", external_phones, new_external_phone),
    row("readExternalPhone", "read", "GET", external_phone, nothing),
    row("changeExternalPhone", "notes", "POST", external_phone, notes),
    row("patchExternalPhone", "notes", "PATCH", external_phone, notes),
    removal("removeExternalPhone", spare_phone, spares),
    row("readLatestCalls", "read", "GET", latest, nothing),
    row("readCallHistory", "read", "GET", history, nothing),
];

/// Sends requests of one row, and counts them.
struct Sender<'a> {
    world: &'a World,
    row: &'a Row,
    sent: u16,
}

impl Sender<'_> {
    async fn send(&mut self, client: &Client, number: u8) -> Reply {
        let there = (self.row.there)();
        if !there.is_empty() {
            self.world.put(there).await;
        }
        let path = (self.row.path)(number);
        let mut body = (self.row.body)(self.sent);
        self.sent += 1;
        let (path, to) = path.split_once('#').unwrap_or((&path, ""));
        if !to.is_empty() {
            body["to"] = json!(to);
        }
        match self.row.method {
            "GET" => client.get(path).await,
            "POST" => client.post(path, &body).await,
            "DELETE" => client.delete(path).await,
            _ => client.patch(path, &body).await,
        }
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
        let mut sender = Sender { world: &world, row, sent: 0 };
        let nobody = sender.send(&world.as_nobody(), 92).await;
        writeln!(table, "  {:24}{}", "no token", came_to(row, &nobody)).unwrap();
        for (role, _, number) in HOME.iter().filter(|(role, ..)| *role != "donald") {
            let own = came_to(row, &sender.send(&world.as_(role), *number).await);
            let other = came_to(row, &sender.send(&world.as_(role), 92).await);
            writeln!(table, "  {role:24}own: {own:12}colleague's: {other}").unwrap();
        }
        for (role, ..) in AWAY_FROM_HOME {
            let reply = came_to(row, &sender.send(&world.as_(role), 92).await);
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
