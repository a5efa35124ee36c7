//! Duckburg with an employee of every level, its reseller, the platform, and Mouseton next door.

use crate::client::Client;
use admin::Admin;
use admin::ports::{Switch, SwitchError};
use async_trait::async_trait;
use model::access::{Level, Noun, Operation, Permit, Principal, decide};
use model::audit::{Author, Origin};
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::explain::{ExplainRequest, ExplainResult, Explanation};
use model::extension::{
    BusyAction, Extension, LocalBusyAction, MobileNoAnswerAction, NoAnswerAction, PresencePolicy,
};
use model::held::HeldNumber;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use model::item::{BareItem, ItemKind, ItemType};
use model::music::MusicClass;
use model::number::{CallerIdChoice, E164, LocalNumber, Number};
use model::phone::{Line, MvnoState, Phone, SipAccount};
use model::pii::{Name, Secret};
use model::token::TokenHash;
use model::trace::{Outcome, Rule, Step, StepValue};
use model::trunk::Trunk;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Clock, Logins, NewCustomer, NewToken, Store, Write};
use tempfile::TempDir;

pub const PLATFORM: CustomerId = CustomerId::from_bytes([0xa0; 12]);
pub const RESELLER: CustomerId = CustomerId::from_bytes([0xa1; 12]);
pub const DUCKBURG: CustomerId = CustomerId::from_bytes([0xa2; 12]);
pub const MOUSETON: CustomerId = CustomerId::from_bytes([0xa3; 12]);
pub const OTHER_RESELLER: CustomerId = CustomerId::from_bytes([0xa4; 12]);

/// Donald's extension, as in the seed's example.
pub const DONALD: ItemId = item(92);
/// Reception: nobody's.
pub const RECEPTION: ItemId = item(100);
/// Mouseton's 592.
pub const MICKEY: ItemId = item(200);
pub const OUTBOUND: ItemId = item(201);
pub const RINGTONE: MusicId = MusicId::from_bytes([0xb0; 12]);
pub const MUSIC: MusicId = MusicId::from_bytes([0xb1; 12]);
pub const DESK: PhoneId = PhoneId::from_bytes([0xc0; 12]);

/// `Quack1234`, hashed by another program: what Donald logs in with.
pub const QUACK1234: &str = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$\
                             SOffS3i2Ts4/hg0SYOERnruOaIUwhz8tOftzZAVmNws";
/// What Donald logs in as.
pub const DONALDS_NAME: &str = "donald@duckburg.example";

/// Who calls when the switch is to panic.
pub const PANICS: &str = "+4500000001";
/// Who calls when it is to be away.
pub const AWAY: &str = "+4500000002";

pub const fn item(number: u8) -> ItemId {
    ItemId::from_bytes([number; 12])
}

/// A TRUNK item without numbers, that nothing points at.
pub const TRUNK: ItemId = item(210);

/// Duckburg's numbers: the default, Donald's direct, a free one, his mobile's.
pub const HELD: &[&str] = &["+4570305050", "+4570305051", "+4570305052", "+4571919998"];

/// Employees with a token that is their name, in Duckburg, each with an extension of its own.
pub const HOME: [(&str, Level, u8); 6] = [
    ("nologin", Level::NoLogin, 1),
    ("personal", Level::Personal, 2),
    ("viewer", Level::Viewer, 3),
    ("manager", Level::Manager, 4),
    ("owner", Level::Owner, 5),
    ("donald", Level::Personal, 92),
];

/// The others with a token.
pub const AWAY_FROM_HOME: [(&str, Level, CustomerId, u8); 5] = [
    ("reseller", Level::Reseller, RESELLER, 11),
    ("resellerAdmin", Level::ResellerAdmin, PLATFORM, 12),
    ("admin", Level::Admin, PLATFORM, 13),
    ("otherOwner", Level::Owner, MOUSETON, 14),
    ("otherReseller", Level::Reseller, OTHER_RESELLER, 15),
];

/// The first number of the customer whose id has this byte.
pub const fn held(byte: u8) -> NumberId {
    held_by(byte, 0)
}

const fn held_by(byte: u8, place: u8) -> NumberId {
    NumberId::from_bytes([byte, place, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
}

/// The employee whose extension is `item(number)`.
pub const fn employee_id(number: u8) -> EmployeeId {
    EmployeeId::from_bytes([number; 12])
}

pub struct World {
    pub store: Store,
    pub admin: Admin,
    router: axum::Router,
    folder: TempDir,
}

impl World {
    pub async fn new() -> Self {
        Self::at(Clock::system()).await
    }

    /// One whose time this clock tells.
    pub async fn at(clock: Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = store::Database::Folder;
        let store = Store::open_at(folder.path(), &database, clock).await.unwrap();
        for new in [
            new_customer(PLATFORM, None, &[]),
            new_customer(RESELLER, None, &[]),
            new_customer(OTHER_RESELLER, None, &[]),
            duckburg(),
            mouseton(),
        ] {
            store.create_customer(new).await.unwrap();
        }
        let world = Self::over(store, folder);
        world.set_password(employee_id(92), QUACK1234).await;
        world
    }

    fn over(store: Store, folder: TempDir) -> Self {
        let admin = Admin::new(store.clone(), Arc::new(FakeSwitch));
        Self { store, router: api::router(admin.clone()), admin, folder }
    }

    /// The same folder after an end and a start.
    pub async fn restarted(self, clock: Clock) -> Self {
        self.store.close().await;
        let store =
            Store::open_at(self.folder.path(), &store::Database::Folder, clock).await.unwrap();
        Self::over(store, self.folder)
    }

    /// Gives somebody of Duckburg a password, past the API.
    pub async fn set_password(&self, employee: EmployeeId, hash: &str) {
        let passwords = vec![(employee, Secret::new(hash.to_owned()))];
        let logins = Logins { passwords, ..Logins::default() };
        let write = Write { based_on: None, changed: Vec::new() };
        self.store.write_with(&self.duckburg().await, write, logins).await.unwrap();
    }

    /// Leave to do anything in Duckburg.
    async fn duckburg(&self) -> Permit {
        let (employee, customer) = (employee_id(13), PLATFORM);
        let admin = Principal { employee, customer, level: Level::Admin, origin: Origin::System };
        let target = self.store.customer_target(DUCKBURG).await.unwrap().unwrap();
        decide(&admin, Operation::Read(Noun::Customer), &target).unwrap()
    }

    /// Some account that a SIP user name stands for.
    pub fn account(&self, username: &str) -> Option<Arc<SipAccount>> {
        self.store.account(username)
    }

    /// Puts things of Duckburg into the store, past the API.
    pub async fn put(&self, changed: Vec<Changed>) {
        self.store.write(&self.duckburg().await, Write { based_on: None, changed }).await.unwrap();
    }

    pub fn as_(&self, role: &str) -> Client {
        Client { router: self.router.clone(), token: Some(role.to_owned()) }
    }

    pub fn as_nobody(&self) -> Client {
        Client { router: self.router.clone(), token: None }
    }
}

pub fn path(extension: ItemId) -> String {
    format!("/pbx/extension/{extension}")
}

/// A customer with those employees of the tables that work for it.
fn new_customer(id: CustomerId, reseller: Option<CustomerId>, numbers: &[&str]) -> NewCustomer {
    let mut customer = Customer { reseller, ..Customer::new(id, Name::new("Customer")) };
    customer.settings.default_number = numbers.first().map(|number| E164::parse(number).unwrap());
    let (changed, accounts, tokens) = (Vec::new(), Vec::new(), Vec::new());
    let mut new = NewCustomer { by: Author::System, customer, changed, accounts, tokens };
    for (place, number) in (0..).zip(numbers) {
        let [first, ..] = *id.bytes();
        let id_of_number = held_by(first, place);
        let number = E164::parse(number).unwrap();
        new.changed.push(Changed::Number(HeldNumber {
            id: id_of_number,
            number,
            customer: id,
            pbx: true,
        }));
    }
    let home = HOME.iter().map(|(role, level, number)| (*role, *level, DUCKBURG, *number));
    for (role, level, customer, number) in home.chain(AWAY_FROM_HOME) {
        if customer == id {
            add_employee(&mut new, role, level, number);
        }
    }
    new
}

fn add_employee(new: &mut NewCustomer, role: &str, access_level: Level, number: u8) {
    let id = employee_id(number);
    let name = if role == "donald" { "Donald Duck" } else { role };
    let email_address = (role == "donald").then(|| DONALDS_NAME.to_owned());
    new.changed.push(Changed::Employee(Employee {
        access_level,
        email_address,
        ..Employee::new(id, new.customer.id, Name::new(name))
    }));
    new.tokens.push(NewToken { hash: TokenHash::of(role), employee: id, expires: None });
}

fn duckburg() -> NewCustomer {
    let mut new = new_customer(DUCKBURG, Some(RESELLER), HELD);
    for id in [RINGTONE, MUSIC] {
        let name = Name::new("Jazz");
        new.changed.push(Changed::Music(MusicClass { id, customer: DUCKBURG, name }));
    }
    add_item(&mut new, ItemKind::Bare(Box::new(bare(OUTBOUND, DUCKBURG, ItemType::Dial))));
    let trunk = Trunk::new(TRUNK, DUCKBURG, Name::new("Main numbers"));
    add_item(&mut new, ItemKind::Trunk(Box::new(trunk)));
    let mut reception = Extension::new(RECEPTION, DUCKBURG, Name::new("Reception"));
    reception.number = LocalNumber::parse("100").ok();
    add_extension(&mut new, reception);
    for (role, _, number) in HOME.iter().filter(|(role, ..)| *role != "donald") {
        let mut own = Extension::new(item(*number), DUCKBURG, Name::new(*role));
        own.number = LocalNumber::parse(&(600 + u32::from(*number)).to_string()).ok();
        own.employee = Some(employee_id(*number));
        own.primary = true;
        add_extension(&mut new, own);
    }
    add_extension(&mut new, donald());
    add_phones(&mut new);
    new
}

fn mouseton() -> NewCustomer {
    let mut new = new_customer(MOUSETON, None, &["+4570406060"]);
    let mut mickey = Extension::new(MICKEY, MOUSETON, Name::new("Mickey Mouse"));
    mickey.number = LocalNumber::parse("592").ok();
    mickey.direct = E164::parse("+4570406060").ok();
    add_extension(&mut new, mickey);
    new
}

fn add_item(new: &mut NewCustomer, kind: ItemKind) {
    new.changed.push(Changed::Item(kind));
}

fn add_extension(new: &mut NewCustomer, extension: Extension) {
    add_item(new, ItemKind::Extension(extension));
}

fn bare(id: ItemId, customer: CustomerId, kind: ItemType) -> BareItem {
    BareItem { id, kind, customer, name: Name::new("Outbound"), number: None }
}

/// Every value of the seed's example but the ids.
fn donald() -> Extension {
    let mut donald = Extension::new(DONALD, DUCKBURG, Name::new("Donald Duck"));
    donald.number = LocalNumber::parse("592").ok();
    donald.notes = Some("The boss".to_owned());
    donald.employee = Some(employee_id(92));
    donald.direct = E164::parse("+4570305051").ok();
    donald.primary = true;
    donald.block_secret = true;
    donald.ringtone = Some(RINGTONE);
    donald.music_on_hold = Some(MUSIC);
    donald.mobile_delay = 10;
    donald.on_presence_holiday = PresencePolicy::Busy;
    donald.on_presence_busy = PresencePolicy::Busy;
    donald.no_answer.ext_action = NoAnswerAction::Voicemail;
    donald.no_answer.int_action = NoAnswerAction::Number;
    donald.no_answer.int_number = Number::parse("100").ok();
    donald.no_answer.mobile_action = MobileNoAnswerAction::External;
    donald.busy.ext_action = BusyAction::Queue;
    donald.busy.int_action = LocalBusyAction::Number;
    donald.busy.int_number = Number::parse("100").ok();
    let caller_id = &mut donald.outbound.caller_id;
    caller_id.on_presence_work = CallerIdChoice::parse("+4570305050").ok();
    caller_id.on_presence_work_ask = true;
    caller_id.on_presence_off_work = CallerIdChoice::parse("+4571919998").ok();
    caller_id.on_presence_off_work_ask = true;
    donald.outbound.goto = Some(OUTBOUND);
    donald
}

fn add_phones(new: &mut NewCustomer) {
    let number = |text| E164::parse(text).unwrap();
    let sip = Line::Sip {
        username: "592-desk".to_owned(),
        model: Some("Desk".to_owned()),
        mac_address: None,
        product: None,
    };
    let mvno = Line::Mvno {
        number: number("+4571919998"),
        state: MvnoState::Active,
        rate_plan: None,
        new_rate_plan: None,
    };
    let external = Line::External { number: number("+4571919997"), confirm_answer: true };
    let lines = [(DESK, sip), (phone(0xc1), mvno), (phone(0xc2), external)];
    new.changed.extend(lines.map(|(id, line)| {
        let notes = Some("Notes".to_owned());
        let extension = Some(DONALD);
        Changed::Phone(Phone { extension, notes, ..Phone::new(id, DUCKBURG, line) })
    }));
}

pub const fn phone(byte: u8) -> PhoneId {
    PhoneId::from_bytes([byte; 12])
}

/// Every phone is registered; every call is diverted by the extension and answered at reception.
pub struct FakeSwitch;

#[async_trait]
impl Switch for FakeSwitch {
    async fn explain(
        &self,
        _permit: &Permit,
        extension: ItemId,
        request: ExplainRequest,
    ) -> Result<Explanation, SwitchError> {
        match request.from.as_deref() {
            Some(PANICS) => panic!("asked to"),
            Some(AWAY) => Err(SwitchError::Unavailable),
            _ => Ok(Explanation { result: ExplainResult::Answered, steps: steps(extension) }),
        }
    }

    async fn registered(
        &self,
        _permit: &Permit,
        phones: &[PhoneId],
    ) -> Result<BTreeSet<PhoneId>, SwitchError> {
        Ok(phones.iter().copied().collect())
    }

    async fn forget(&self, _permit: &Permit, _phone: PhoneId) -> Result<(), SwitchError> {
        Ok(())
    }
}

/// Two steps: one in the extension, one in reception's.
pub fn steps(extension: ItemId) -> Vec<Step> {
    let step = |item, rule, setting, value: &str, outcome| Step {
        after_ms: 20,
        item: Some(item),
        rule,
        setting: Some(setting),
        value: StepValue::Text(value.to_owned()),
        outcome,
    };
    vec![
        step(extension, Rule::Redirect, "redirect".into(), "100", Outcome::Diverted),
        step(RECEPTION, Rule::Redirect, "redirect".into(), "+4511223344", Outcome::Answered),
    ]
}
