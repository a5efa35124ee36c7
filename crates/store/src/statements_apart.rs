//! The test that no statement reaches from one customer into another: each is run as somebody else, with
//! the ids of what is there.

use crate::backend::Connection;
use crate::migrate::tests::{migrated_postgres, migrated_sqlite};
use crate::sql::{self, ALL};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

/// What is bound to a statement.
enum Bound {
    /// Whoever asks.
    Customer,
    Text(&'static str),
    Number(i64),
    Bytes(&'static [u8]),
}
use Bound::{Bytes, Customer, Number, Text};

/// A statement: its name, its text, and what finds something when the right customer asks.
type Asked = (&'static str, &'static str, Vec<Bound>);

/// Customer `a` has one of everything, `b` and `c` have nothing.
const WORLD: &[&str] = &[
    "INSERT INTO customer (id, revision, version, document)
        VALUES ('a', 1, 1, ''), ('b', 1, 1, ''), ('c', 1, 1, '')",
    "INSERT INTO employee (id, customer, version, document)
        VALUES ('donald', 'a', 1, ''), ('huey', 'a', 1, '')",
    "INSERT INTO music (id, customer, version, document) VALUES ('jazz', 'a', 1, '')",
    "INSERT INTO item (id, customer, kind, number, employee, is_primary, revision, version, document)
        VALUES ('592', 'a', 'EXTENSION', '592', 'donald', 1, 1, 1, ''),
            ('100', 'a', 'EXTENSION', '100', NULL, 0, 1, 1, '')",
    "INSERT INTO reference (customer, from_item, member, to_item)
        VALUES ('a', '592', 'inboundGoto', '592')",
    "INSERT INTO phone (id, customer, extension, version, document)
        VALUES ('desk', 'a', '592', 1, ''), ('spare', 'a', NULL, 1, '')",
    "INSERT INTO sip_account (username, customer, phone, ha1_md5, ha1_sha256)
        VALUES ('592-desk', 'a', 'desk', '', '')",
    "INSERT INTO number (id, customer, number, version, document)
        VALUES ('n1', 'a', '+451', 1, ''), ('n2', 'a', '+452', 1, ''), ('n3', 'a', '+453', 1, '')",
    "INSERT INTO number_use (number, customer, item) VALUES ('+451', 'a', '592')",
    "INSERT INTO number_use (number, customer, phone) VALUES ('+452', 'a', 'desk')",
    "INSERT INTO screen (customer, item, list, number) VALUES ('a', '592', 'WHITELIST', '5*')",
    "INSERT INTO password (employee, customer, hash) VALUES ('donald', 'a', 'h')",
    "INSERT INTO change (customer, revision, kind, id) VALUES ('a', 1, 'item', '592')",
    "INSERT INTO record (id, customer, started, caller_extension, callee_extension, version, document)
        VALUES ('call', 'a', 1, '592', '592', 1, '')",
    "INSERT INTO audit (customer, number, at, subject, version, document)
        VALUES ('a', 1, 1, '592', 1, '')",
    "INSERT INTO binding (customer, phone, key, expires, state) VALUES ('a', 'desk', 'k', 1, '')",
];
const TOKEN: &str = "INSERT INTO token (hash, customer, employee, id, kind, used)
    VALUES ($1, 'a', 'donald', $2, $3, 1)";

/// Statements about all of a kind that a customer has.
fn of_a_kind() -> Vec<Asked> {
    let statements = [
        ("EMPLOYEES", sql::EMPLOYEES),
        ("MUSIC", sql::MUSIC),
        ("ITEMS", sql::ITEMS),
        ("PHONES", sql::PHONES),
        ("NUMBERS", sql::NUMBERS),
        ("SCREENS", sql::SCREENS),
        ("ACCOUNTS_OF_CUSTOMER", sql::ACCOUNTS_OF_CUSTOMER),
        ("PASSWORDS_OF_CUSTOMER", sql::PASSWORDS_OF_CUSTOMER),
        ("TOKENS_OF_CUSTOMER", sql::TOKENS_OF_CUSTOMER),
        ("LAST_AUDIT", sql::LAST_AUDIT),
        ("DROP_MUSIC_OF_CUSTOMER", sql::DROP_MUSIC_OF_CUSTOMER),
        ("DROP_BINDINGS_OF_CUSTOMER", sql::DROP_BINDINGS_OF_CUSTOMER),
    ];
    statements.into_iter().map(|(name, text)| (name, text, vec![Customer])).collect()
}

/// Statements about what belongs to one thing of a customer, or is it.
fn of_one_thing() -> Vec<Asked> {
    let statements = [
        ("PHONES_OF_ITEM", sql::PHONES_OF_ITEM, "592"),
        ("PHONE", sql::PHONE, "desk"),
        ("NUMBER", sql::NUMBER, "n1"),
        ("DROP_NUMBER", sql::DROP_NUMBER, "n3"),
        ("DROP_USES_OF_ITEM", sql::DROP_USES_OF_ITEM, "592"),
        ("DROP_USES_OF_PHONE", sql::DROP_USES_OF_PHONE, "desk"),
        ("EMPLOYEE", sql::EMPLOYEE, "donald"),
        ("TOKENS_OF_EMPLOYEE", sql::TOKENS_OF_EMPLOYEE, "donald"),
        ("MACHINE_TOKENS", sql::MACHINE_TOKENS, "donald"),
        ("DROP_TOKENS_OF_EMPLOYEE", sql::DROP_TOKENS_OF_EMPLOYEE, "donald"),
        ("PASSWORD", sql::PASSWORD, "donald"),
        ("DROP_PASSWORD", sql::DROP_PASSWORD, "donald"),
        ("DROP_EMPLOYEE", sql::DROP_EMPLOYEE, "huey"),
        ("ITEM_REVISION", sql::ITEM_REVISION, "592"),
        ("PRIMARY_OF_EMPLOYEE", sql::PRIMARY_OF_EMPLOYEE, "donald"),
        ("CLEAR_ITEM_KEYS", sql::CLEAR_ITEM_KEYS, "592"),
        ("DROP_REFERENCES", sql::DROP_REFERENCES, "592"),
        ("DROP_ITEM", sql::DROP_ITEM, "100"),
        ("DROP_SCREENING", sql::DROP_SCREENING, "592"),
        ("DROP_ACCOUNTS_OF_PHONE", sql::DROP_ACCOUNTS_OF_PHONE, "desk"),
        ("DROP_PHONE", sql::DROP_PHONE, "spare"),
        ("ONE_ITEM", sql::ONE_ITEM, "592"),
        ("ITEMS_OF_EMPLOYEE", sql::ITEMS_OF_EMPLOYEE, "donald"),
        ("ONE_MUSIC", sql::ONE_MUSIC, "jazz"),
        ("ONE_ACCOUNT", sql::ONE_ACCOUNT, "592-desk"),
        ("RECORD", sql::RECORD, "call"),
        ("DROP_BINDINGS_OF_PHONE", sql::DROP_BINDINGS_OF_PHONE, "desk"),
    ];
    let asked = |(name, text, id)| (name, text, vec![Customer, Text(id)]);
    statements.into_iter().map(asked).collect()
}

/// Other statements about what a customer has.
fn of_more() -> Vec<Asked> {
    let item = vec![
        Text("100"),
        Customer,
        Text("EXTENSION"),
        Text("101"),
        Text("+453"),
        Text("donald"),
        Number(0),
        Number(2),
        Number(2),
        Text(""),
    ];
    vec![
        (
            "ONE_SCREENED",
            sql::ONE_SCREENED,
            vec![Customer, Text("592"), Text("WHITELIST"), Text("5*")],
        ),
        ("AUDIT_COUNT", sql::AUDIT_COUNT, vec![Customer, Number(0), Number(9), Text("592")]),
        (
            "AUDIT",
            sql::AUDIT,
            vec![Customer, Number(0), Number(9), Text("592"), Number(9), Number(0)],
        ),
        ("DROP_AUDIT", sql::DROP_AUDIT, vec![Number(0), Customer, Number(9)]),
        (
            "PUT_NUMBER",
            sql::PUT_NUMBER,
            vec![Text("n3"), Customer, Text("+459"), Number(2), Text("")],
        ),
        (
            "PUT_EMPLOYEE",
            sql::PUT_EMPLOYEE,
            vec![Text("donald"), Customer, Text("login"), Number(1), Number(2), Text("")],
        ),
        ("DROP_LOGINS", sql::DROP_LOGINS, vec![Customer, Text("donald"), Bytes(b"other")]),
        ("DROP_OLDER_LOGINS", sql::DROP_OLDER_LOGINS, vec![Customer, Text("donald"), Number(0)]),
        (
            "DROP_MACHINE_TOKEN",
            sql::DROP_MACHINE_TOKEN,
            vec![Customer, Text("donald"), Text("t1"), Bytes(b"other")],
        ),
        ("PUT_PASSWORD", sql::PUT_PASSWORD, vec![Text("donald"), Customer, Text("other")]),
        ("PUT_MUSIC", sql::PUT_MUSIC, vec![Text("jazz"), Customer, Number(2), Text("")]),
        (
            "TOUCH_ITEMS_OF_EMPLOYEE",
            sql::TOUCH_ITEMS_OF_EMPLOYEE,
            vec![Customer, Text("donald"), Number(2)],
        ),
        ("NUMBER_TAKEN", sql::NUMBER_TAKEN, vec![Customer, Text("592"), Text("another")]),
        ("PUT_ITEM", sql::PUT_ITEM, item),
        (
            "PUT_SCREENED",
            sql::PUT_SCREENED,
            vec![Customer, Text("592"), Text("WHITELIST"), Text("5*"), Text("Huey")],
        ),
        ("SCREENED_COUNT", sql::SCREENED_COUNT, vec![Customer, Text("592"), Text("WHITELIST")]),
        (
            "DROP_SCREENED",
            sql::DROP_SCREENED,
            vec![Customer, Text("592"), Text("WHITELIST"), Text("5*")],
        ),
        (
            "PUT_PHONE",
            sql::PUT_PHONE,
            vec![Text("spare"), Customer, Text("592"), Number(2), Text("")],
        ),
        ("DROP_OLD_CHANGES", sql::DROP_OLD_CHANGES, vec![Customer, Number(9)]),
        ("LATEST_RECORDS", sql::LATEST_RECORDS, vec![Customer, Text("592"), Number(9)]),
        ("DROP_BINDING", sql::DROP_BINDING, vec![Customer, Text("desk"), Text("k")]),
    ]
}

/// Statements about a customer itself. `c` finds itself alone, `x` isn't there.
fn of_itself() -> Vec<Asked> {
    let put = || vec![Customer, Text("a"), Text("c.example"), Number(2), Text("")];
    vec![
        ("CUSTOMER_OF_CUSTOMER", sql::CUSTOMER_OF_CUSTOMER, vec![Customer]),
        ("CUSTOMER", sql::CUSTOMER, vec![Customer]),
        ("BUMP_REVISION", sql::BUMP_REVISION, vec![Customer]),
        ("RAISE_REVISION", sql::RAISE_REVISION, vec![Customer, Number(9)]),
        ("RESELLER_OF", sql::RESELLER_OF, vec![Customer]),
        ("DROP_CUSTOMER", sql::DROP_CUSTOMER, vec![Customer]),
        ("PUT_CUSTOMER", sql::PUT_CUSTOMER, put()),
        ("PUT_BREAKOUT", sql::PUT_BREAKOUT, vec![Customer, Text("592")]),
    ]
}

/// Statements about everybody's: reviewed. What they find is either what the whole platform is asked for
/// (is it taken? whose is it?), or is named by what only its owner has (a token's hash), or is old.
const OF_EVERYBODY: &[&str] = &[
    "SCHEMA_VERSION",
    "INSTALLATION",
    "READY",
    "TENANTS",
    "CUSTOMERS",
    "ACCOUNTS",
    "CUSTOMER_OF_ITEM",
    "CUSTOMER_OF_EMPLOYEE",
    "CUSTOMER_OF_PHONE",
    "CUSTOMER_OF_NUMBER",
    "RECORD_TARGET",
    "TOKEN",
    "PUT_TOKEN_USE",
    "DROP_ENDED_LOGINS",
    "SIP_DOMAIN_TAKEN",
    "NUMBER_HELD",
    "NUMBER_USED",
    "LOGIN_TAKEN",
    "CANDIDATE",
    "DEPARTURES",
    "LAST_CHANGE",
    "CHANGES_SINCE",
    // The customer is part of the binding's key.
    "PUT_BINDING",
    "BINDINGS",
    "DROP_EXPIRED_BINDINGS",
    // By employee: whose answer it is, is more than which customer's.
    "ANSWER",
    "DROP_EXPIRED_ANSWERS",
    // Whether what is imported is there already.
    "MUSIC_THERE",
    "TOKEN_THERE",
    "ACCOUNT_THERE",
    "TAKE_REALM",
    "REALM_TAKEN",
];

/// Statements about what a customer has. `a` finds something, `b` nothing.
fn of_a_customer() -> Vec<Asked> {
    [of_a_kind(), of_one_thing(), of_more()].into_iter().flatten().collect()
}

async fn fill(connection: &mut Connection) {
    for statement in WORLD {
        sqlx::query(*statement).execute(&mut *connection).await.unwrap();
    }
    for (hash, id, kind) in [(b"h1", "t1", "MACHINE"), (b"h2", "t2", "LOGIN")] {
        let token = sqlx::query(TOKEN).bind(hash.as_slice()).bind(id).bind(kind);
        token.execute(&mut *connection).await.unwrap();
    }
}

/// How many rows the statement finds or changes when this customer asks; nothing stays changed.
async fn found(connection: &mut Connection, asked: &Asked, customer: &str) -> u64 {
    let (name, statement, bound) = asked;
    let mut query = sqlx::query(AssertSqlSafe(*statement));
    for bound in bound {
        query = match bound {
            Customer => query.bind(customer.to_owned()),
            Text(text) => query.bind(*text),
            Number(number) => query.bind(*number),
            Bytes(bytes) => query.bind(*bytes),
        };
    }
    let mut transaction = connection.begin().await.unwrap();
    let rows = ["SELECT", "WITH"].iter().any(|word| statement.starts_with(word));
    let found = if rows || statement.contains("RETURNING") {
        let rows = query.fetch_all(&mut *transaction).await;
        let rows = rows.unwrap_or_else(|error| panic!("{name}: {error}"));
        match &rows[..] {
            [count]
                if ["SELECT COUNT", "SELECT COALESCE"].iter().any(|w| statement.starts_with(w)) =>
            {
                u64::try_from(count.get::<i64, _>(0)).unwrap()
            }
            rows => rows.len() as u64,
        }
    } else {
        let done = query.execute(&mut *transaction).await;
        done.unwrap_or_else(|error| panic!("{name}: {error}")).rows_affected()
    };
    transaction.rollback().await.unwrap();
    found
}

async fn assert_apart(mut connection: Connection) {
    fill(&mut connection).await;
    for asked in of_a_customer() {
        assert_ne!(found(&mut connection, &asked, "a").await, 0, "{}: its own", asked.0);
        assert_eq!(found(&mut connection, &asked, "b").await, 0, "{}: another's", asked.0);
    }
    for asked in of_itself() {
        assert_eq!(found(&mut connection, &asked, "c").await, 1, "{}: itself", asked.0);
        assert_eq!(found(&mut connection, &asked, "x").await, 0, "{}: nobody", asked.0);
    }
}

#[tokio::test]
async fn no_statement_reaches_into_another_customer() {
    let (_folder, sqlite) = migrated_sqlite().await;
    assert_apart(sqlite).await;
}

#[tokio::test]
async fn no_statement_reaches_into_another_customer_on_postgres() {
    assert_apart(migrated_postgres().await).await;
}

/// Plain inserts need no predicate: their rows say whose they are, and foreign keys name the customer.
#[test]
fn every_statement_is_of_a_customer_or_reviewed() {
    let asked: Vec<Asked> = of_a_customer().into_iter().chain(of_itself()).collect();
    for (name, statement) in ALL {
        let only_inserts = statement.starts_with("INSERT") && !statement.contains("DO UPDATE");
        let known = OF_EVERYBODY.contains(name) || asked.iter().any(|(other, ..)| other == name);
        assert!(known || only_inserts, "{name} has no row");
    }
}
