//! A customer as a file: out, in and out again, whatever was set; and files that aren't right.

use crate::properties::{body, change};
use crate::world::{DONALD, DONALDS_NAME, DUCKBURG, MOUSETON, RESELLER, World, employee_id, path};
use admin::portable::{Credentials, WithSecrets};
use admin::{Admin, AdminError};
use cluster::Cluster;
use model::access::{Level, Noun, Operation, Principal, decide};
use model::audit::Origin;
use model::id::CustomerId;
use model::screen::ScreenList;
use model::time::Wall;
use model::token::TokenHash;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Bearer, Database, Store};
use tempfile::TempDir;

/// An installation without customers.
struct Empty {
    store: Store,
    admin: Admin,
    folder: TempDir,
    database: Database,
}

impl Empty {
    async fn on(database: Database) -> Self {
        Self::over(tempfile::tempdir().unwrap(), database).await
    }

    async fn over(folder: TempDir, database: Database) -> Self {
        let store = Store::open(folder.path(), &database).await.unwrap();
        let admin = Admin::new(store.clone(), Arc::new(crate::world::FakeSwitch));
        Self { store, admin, folder, database }
    }

    async fn reopened(self) -> Self {
        self.store.close().await;
        Self::over(self.folder, self.database).await
    }
}

fn postgres() -> Database {
    let cluster = Cluster::shared();
    Database::Postgres(cluster.url(&cluster.database()).parse().unwrap())
}

async fn exported(admin: &Admin, customer: CustomerId) -> String {
    admin.export_customer(customer, WithSecrets::Yes).await.unwrap()
}

/// What is wrong with a file: member and detail of each.
async fn refused(admin: &Admin, text: &str) -> Vec<String> {
    match admin.import_customer(text, Credentials::Kept).await {
        Err(AdminError::Invalid(faults)) => {
            faults.iter().map(|fault| format!("{}: {}", fault.member, fault.detail)).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Duckburg with something of everything.
async fn furnished() -> World {
    let world = World::new().await;
    let owner = world.as_("owner");
    let donald = path(DONALD);
    let employee = format!("/employee/{}", employee_id(92));
    for (place, sent) in [
        (format!("{donald}/blocklist"), json!({"number": "+4570305099", "name": "Gladstone"})),
        (format!("{donald}/blocklist"), json!({"number": "+45*"})),
        (format!("{donald}/whitelist"), json!({"number": "592"})),
        (format!("{employee}/token"), json!({"name": "Till"})),
        ("/pbx/settings".to_owned(), json!({"masterPinCode": "9876", "sidePanel": [1, null]})),
        (employee, json!({"badge": {"colour": "blue"}, "title": "Sailor"})),
        ("/pbx/sipphone".to_owned(), json!({"customer": DUCKBURG, "extension": DONALD})),
        (
            "/pbx/trunk".to_owned(),
            json!({"customer": DUCKBURG, "name": "In", "numbers": ["+4570305052"]}),
        ),
    ] {
        let reply = owner.post(&place, &sent).await;
        assert!(reply.status.is_success(), "{place}: {}", String::from_utf8_lossy(&reply.body));
    }
    let day = Wall(world.store.now().0 + 100 * 86_400_000).to_string();
    let (day, _) = day.split_once('T').unwrap();
    let leaving = employee_id(1);
    let there = format!("/employee/{leaving}?deleteDate={day}&deleteExtensions=true");
    assert_eq!(owner.delete(&there).await.status, 200);
    world
}

/// All that Duckburg has, whatever an export makes of it.
async fn whole(store: &Store) -> impl PartialEq + std::fmt::Debug {
    let (employee, level, origin) = (employee_id(13), Level::Admin, Origin::CommandLine);
    let admin = Principal { employee, customer: DUCKBURG, level, origin };
    let target = store.customer_target(DUCKBURG).await.unwrap().unwrap();
    let permit = decide(&admin, Operation::Read(Noun::Customer), &target).unwrap();
    let (all, proofs) = store.whole(&permit).await.unwrap().unwrap();
    let items: Vec<_> = all.items().map(|item| item.kind.clone()).collect();
    let lists = |list: ScreenList| {
        items.iter().map(|kind| all.screen(kind.id(), list).collect()).collect::<Vec<Vec<_>>>()
    };
    let lists = [lists(ScreenList::Whitelist), lists(ScreenList::Blocklist)];
    assert!(lists.iter().all(|list| list.iter().any(|entries| !entries.is_empty())));
    let tokens = proofs.tokens.into_iter();
    let tokens: Vec<_> =
        tokens.map(|t| (t.id, t.hash, t.employee, t.kind, t.name, t.created, t.expires)).collect();
    assert!(!tokens.is_empty() && !proofs.passwords.is_empty() && !proofs.accounts.is_empty());
    (
        (all.customer.clone(), items, lists),
        all.employees().cloned().collect::<Vec<_>>(),
        all.numbers().cloned().collect::<Vec<_>>(),
        all.phones().cloned().collect::<Vec<_>>(),
        all.music_classes().cloned().collect::<Vec<_>>(),
        (proofs.accounts, proofs.passwords, tokens),
    )
}

async fn is_fixed(changes: Vec<(&'static str, Value)>, databases: Vec<Database>) {
    let world = furnished().await;
    let reseller = world.as_("reseller");
    for (member, value) in changes {
        // What the rules don't allow isn't there to be exported.
        reseller.patch(&path(DONALD), &body(member, &value)).await;
    }
    let files = [exported(&world.admin, RESELLER).await, exported(&world.admin, DUCKBURG).await];
    for database in databases {
        let other = Empty::on(database).await;
        for file in &files {
            other.admin.import_customer(file, Credentials::Kept).await.unwrap();
        }
        let other = other.reopened().await;
        assert_eq!(exported(&other.admin, RESELLER).await, files[0]);
        assert_eq!(exported(&other.admin, DUCKBURG).await, files[1]);
        assert_eq!(whole(&other.store).await, whole(&world.store).await);
        other.store.close().await;
    }
}

fn run(case: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(case);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn out_and_in_and_out_again_is_the_same_file(changes in vec(change(|_| true), 0..40)) {
        run(is_fixed(changes, vec![Database::Folder, postgres()]));
    }
}

#[tokio::test]
async fn what_is_imported_works() {
    let world = furnished().await;
    let file = exported(&world.admin, RESELLER).await;
    let other = Empty::on(Database::Folder).await;
    other.admin.import_customer(&file, Credentials::Kept).await.unwrap();
    let file = exported(&world.admin, DUCKBURG).await;
    let imported = other.admin.import_customer(&file, Credentials::Kept).await.unwrap();
    assert_eq!((imported.customer, imported.name.as_str()), (DUCKBURG, "Customer"));
    let other = other.reopened().await;
    assert_eq!(other.store.installation().realm, world.store.installation().realm);
    let secrets: Value = serde_json::from_str::<Value>(&file).unwrap()["secrets"].clone();
    let username = secrets["accounts"][0]["username"].as_str().unwrap();
    assert_eq!(other.store.account(username), world.account(username));
    let owner = other.store.bearer(TokenHash::of("owner")).await.unwrap();
    assert!(matches!(owner, Bearer::Known(_)), "{owner:?}");
    let router = api::router(other.admin.clone());
    let client = |token: Option<&str>| crate::client::Client {
        router: router.clone(),
        token: token.map(str::to_owned),
    };
    let login = json!({"username": DONALDS_NAME, "password": "Quack1234"});
    assert_eq!(client(None).post("/auth/login", &login).await.status, 200);
    let there = client(Some("owner")).get(&path(DONALD)).await;
    assert_eq!(there.json(), world.as_("owner").get(&path(DONALD)).await.json());
    let log = client(Some("owner")).get("/audit").await.json();
    let entry = &log["entries"][0];
    assert_eq!((&log["total"], &entry["via"]), (&json!(1), &json!("COMMAND_LINE")));
    let items = json!({"member": "items", "before": 0, "after": 10});
    assert!(entry["members"].as_array().unwrap().contains(&items), "{entry}");
}

#[tokio::test]
async fn what_is_there_already_is_told_all_at_once_and_nothing_changes() {
    let world = furnished().await;
    let before = [exported(&world.admin, DUCKBURG).await, exported(&world.admin, MOUSETON).await];
    let told = refused(&world.admin, &before[0]).await;
    for (member, what) in [
        ("customer._id", DUCKBURG.to_string()),
        ("employees._id", employee_id(92).to_string()),
        ("employees.emailAddress", DONALDS_NAME.to_owned()),
        ("numbers._id", crate::world::held(0xa2).to_string()),
        ("numbers.number", "+4570305051".to_owned()),
        ("music._id", crate::world::MUSIC.to_string()),
        ("items._id", DONALD.to_string()),
        ("phones._id", crate::world::DESK.to_string()),
        ("secrets.tokens.hash", "a token".to_owned()),
    ] {
        let expected = format!("{member}: {what} is there already");
        assert!(told.contains(&expected), "{expected} in {told:#?}");
    }
    assert!(told.iter().any(|one| one.starts_with("secrets.accounts.username: ")));
    assert_eq!(exported(&world.admin, DUCKBURG).await, before[0]);
    // One thing that another customer has is enough.
    let file: Value = serde_json::from_str(&before[1]).unwrap();
    let mut file: Value =
        serde_json::from_str(&file.to_string().replace(&"a3".repeat(12), &"d3".repeat(12)))
            .unwrap();
    file.as_object_mut().unwrap().shift_remove("secrets");
    let told = refused(&world.admin, &file.to_string()).await;
    assert!(told.iter().any(|one| one.starts_with("items._id")), "{told:?}");
    assert!(told.iter().all(|one| !one.starts_with("customer._id")), "{told:?}");
    assert_eq!(exported(&world.admin, MOUSETON).await, before[1]);
}

#[tokio::test]
async fn phones_keep_their_passwords_where_the_realm_is_theirs_and_else_get_new_ones() {
    let world = furnished().await;
    let mut file: Value = serde_json::from_str(&exported(&world.admin, DUCKBURG).await).unwrap();
    file["customer"]["reseller"] = Value::Null;
    let file = file.to_string();
    let other = Empty::on(Database::Folder).await;
    let first = exported(&world.admin, MOUSETON).await;
    other.admin.import_customer(&first, Credentials::Kept).await.unwrap();
    let phone = json!({"customer": MOUSETON});
    let router = api::router(other.admin.clone());
    let owner = crate::client::Client { router, token: Some("otherOwner".to_owned()) };
    assert_eq!(owner.post("/pbx/sipphone", &phone).await.status, 201);
    assert_ne!(other.store.installation().realm, world.store.installation().realm);
    let told = refused(&other.admin, &file).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("secrets.realm: ") && told[0].contains("--new-credentials"));
    other.admin.import_customer(&file, Credentials::New).await.unwrap();
    let again: Value = serde_json::from_str(&exported(&other.admin, DUCKBURG).await).unwrap();
    assert_eq!(again["secrets"]["accounts"], json!([]));
    assert_eq!(again["phones"], serde_json::from_str::<Value>(&file).unwrap()["phones"]);
}

#[tokio::test]
async fn without_secrets_there_is_none_in_the_file_and_it_is_taken() {
    let world = furnished().await;
    let file = world.admin.export_customer(RESELLER, WithSecrets::No).await.unwrap();
    let other = Empty::on(Database::Folder).await;
    other.admin.import_customer(&file, Credentials::Kept).await.unwrap();
    let file = world.admin.export_customer(DUCKBURG, WithSecrets::No).await.unwrap();
    for secret in ["argon2", "realm", "hash", "ha1"] {
        assert!(!file.contains(secret), "{secret}");
    }
    other.admin.import_customer(&file, Credentials::Kept).await.unwrap();
    assert_eq!(other.admin.export_customer(DUCKBURG, WithSecrets::No).await.unwrap(), file);
}

/// The file of Duckburg without its reseller, and with these values at these places.
fn edited(good: &str, edits: &[(&str, Value)]) -> String {
    let mut file: Value = serde_json::from_str(good).unwrap();
    file["customer"]["reseller"] = Value::Null;
    for (pointer, value) in edits {
        let (group, name) = pointer.rsplit_once('/').unwrap();
        file.pointer_mut(group).unwrap()[name] = value.clone();
    }
    file.to_string()
}

/// Each of these is the beginning of something that was told.
fn are_told(told: &[String], beginnings: &[&str]) {
    for beginning in beginnings {
        assert!(told.iter().any(|one| one.starts_with(beginning)), "{beginning}: {told:#?}");
    }
}

#[tokio::test]
async fn a_bad_file_is_refused_with_all_that_is_wrong_and_makes_nothing() {
    let world = furnished().await;
    let good = exported(&world.admin, DUCKBURG).await;
    let other = Empty::on(Database::Folder).await;
    let half = &good[..good.len() / 2];
    for (text, expected) in [
        (half, "file: isn't whole, or isn't JSON: "),
        ("", "file: isn't whole"),
        ("[]", "file: isn't a customer's"),
        ("{}", "file: isn't a customer's"),
        (&good.replace("\"version\": 1", "\"version\": 2"), "version: is of version 2: "),
        (&good.replace("\"version\": 1", "\"version\": \"1\""), "version: has to be 1"),
        (&"[".repeat(100_000), "file: isn't whole, or isn't JSON: "),
    ] {
        let told = refused(&other.admin, text).await;
        assert!(told.len() == 1 && told[0].starts_with(expected), "{expected}: {told:?}");
    }
    let told = refused(&other.admin, &good).await;
    let missing =
        format!("customer.reseller: the customer {RESELLER} isn't there: import it first");
    assert_eq!(told, [missing]);
    assert!(other.store.is_empty().await.unwrap());
    let none = other.admin.export_customer(DUCKBURG, WithSecrets::Yes).await;
    assert!(matches!(none, Err(AdminError::NotFound)), "{none:?}");
}

#[tokio::test]
async fn what_is_not_of_its_type_is_told_all_at_once() {
    let world = furnished().await;
    let good = exported(&world.admin, DUCKBURG).await;
    let other = Empty::on(Database::Folder).await;
    let told = refused(
        &other.admin,
        &edited(
            &good,
            &[
                ("/customer/name", json!(7)),
                ("/phones", json!({})),
                ("/employees/0/presence", json!("ASLEEP")),
                ("/employees/1/colour", json!("red")),
                ("/items/0/colour", json!("red")),
                ("/wallpaper", json!(1)),
            ],
        ),
    )
    .await;
    for expected in [
        "customer: ",
        "phones: ",
        "employees[0]: ",
        "employees[1].colour: isn't known",
        "items[0]: ",
        "wallpaper: isn't known",
    ] {
        assert!(told.iter().any(|one| one.starts_with(expected)), "{expected}: {told:#?}");
    }
}

#[tokio::test]
async fn what_does_not_hold_together_is_told_all_at_once() {
    let world = furnished().await;
    let good = exported(&world.admin, DUCKBURG).await;
    let other = Empty::on(Database::Folder).await;
    let nobody = json!("e".repeat(24));
    let told = refused(
        &other.admin,
        &edited(
            &good,
            &[
                ("/customer/timeZone", json!("Mars/Olympus")),
                ("/customer/settings/voicemailBreakout", nobody.clone()),
                ("/employees/0/customer", nobody.clone()),
                ("/employees/0/name", json!(" ")),
                ("/items/0/employee", nobody.clone()),
                ("/items/1/musicOnHold", nobody.clone()),
                ("/phones/0/extension", nobody.clone()),
                ("/screens/0/extension", nobody.clone()),
                ("/secrets/accounts/0/ha1Md5", json!("short")),
                (
                    "/secrets/passwords/0/hash",
                    json!("$argon2id$v=19$m=999999999,t=2,p=1$AAAA$AAAA"),
                ),
                ("/secrets/tokens/0/employee", nobody),
            ],
        ),
    )
    .await;
    are_told(
        &told,
        &[
            "customer.timeZone: an IANA time zone",
            "customer.settings.voicemailBreakout: no such dialplan item",
            "employees[0].customer: isn't the customer of this file",
            "employees[0].name: 1 to 100 characters",
            "items[0].employee: no such employee",
            "items[1].musicOnHold: no such music class",
            "phones[0].extension: no such extension",
            "screens[0].extension: no such extension",
            "secrets.accounts[0].ha1Md5: 32 lower-case hex digits",
            "secrets.passwords[0].hash: an argon2id hash",
            "secrets.tokens[0].employee: no such employee",
        ],
    );
    assert_eq!(told.len(), 11, "{told:#?}");
}

#[tokio::test]
async fn what_may_be_there_once_and_what_is_needed_is_told() {
    let world = furnished().await;
    let good = exported(&world.admin, DUCKBURG).await;
    let other = Empty::on(Database::Folder).await;
    let file: Value = serde_json::from_str(&good).unwrap();
    let place = |number: &str| {
        let items = file["items"].as_array().unwrap();
        items.iter().position(|item| item["number"] == number).unwrap()
    };
    let (donald, reception) = (place("592"), place("100"));
    let told = refused(
        &other.admin,
        &edited(
            &good,
            &[
                (&format!("/items/{reception}/number"), json!("592")),
                (&format!("/items/{reception}/direct"), json!("+4570305051")),
                (&format!("/items/{reception}/primary"), json!(true)),
                (&format!("/items/{donald}/noAnswer/intNumber"), Value::Null),
                (&format!("/items/{donald}/inboundGoto"), json!(DONALD)),
            ],
        ),
    )
    .await;
    for expected in [
        "number: is in the file twice",
        "direct: +4570305051 is used twice",
        "primary: is an employee's, and it has none",
        "noAnswer.intAction: needs noAnswer.intNumber",
        "inboundGoto: can't be the item itself",
    ] {
        assert!(told.iter().any(|one| one.contains(expected)), "{expected}: {told:#?}");
    }
}
