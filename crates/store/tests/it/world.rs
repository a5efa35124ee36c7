//! A small world: two customers, Duckburg with an employee who has an extension and a phone.

pub use crate::place::Place;
pub(crate) use crate::place::both;
use model::access::{Level, Noun, Operation, Permit, Principal, Target, decide};
use model::audit::{Author, Origin};
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::extension::Extension;
use model::held::HeldNumber;
use model::id::{CallId, CustomerId, EmployeeId, ItemId, LegId, NumberId, PhoneId};
use model::item::ItemKind;
use model::number::{E164, LocalNumber};
use model::phone::{Line, Phone, SipAccount};
use model::pii::{Name, Secret};
use model::record::{CallRecord, Party, TerminatedBy, TerminatedReason};
use model::time::Wall;
use model::token::TokenHash;
use store::{NewCustomer, NewToken, Store, Write};

pub const DUCKBURG: CustomerId = CustomerId::from_bytes([1; 12]);
pub const MOUSETON: CustomerId = CustomerId::from_bytes([2; 12]);
pub const DONALD: EmployeeId = EmployeeId::from_bytes([3; 12]);
pub const DONALDS: ItemId = ItemId::from_bytes([4; 12]);
pub const DONALDS_PHONE: PhoneId = PhoneId::from_bytes([5; 12]);

pub const fn item_id(number: u8) -> ItemId {
    ItemId::from_bytes([number; 12])
}

pub fn customer(id: CustomerId, reseller: Option<CustomerId>) -> Customer {
    Customer { reseller, ..Customer::new(id, Name::new("A town")) }
}

pub fn employee(id: EmployeeId, name: &str) -> Employee {
    Employee { access_level: Level::Personal, ..Employee::new(id, DUCKBURG, Name::new(name)) }
}

pub fn extension(id: ItemId, number: &str) -> Extension {
    let mut extension = Extension::new(id, DUCKBURG, Name::new("Reception"));
    extension.number = Some(LocalNumber::parse(number).unwrap());
    extension
}

pub fn donalds() -> Extension {
    let mut extension = extension(DONALDS, "592");
    extension.employee = Some(DONALD);
    extension.primary = true;
    extension
}

pub fn put(extension: Extension) -> Changed {
    Changed::Item(ItemKind::Extension(extension))
}

/// `+4570305000` and the next ones.
pub fn number(last: u8) -> Changed {
    let number = E164::parse(&format!("+4570305{last:03}")).unwrap();
    let id = NumberId::from_bytes([60 + last; 12]);
    Changed::Number(HeldNumber { id, number, customer: DUCKBURG, pbx: true })
}

pub fn phone(id: PhoneId, extension: Option<ItemId>) -> Phone {
    let line =
        Line::Sip { username: "donald".into(), model: None, mac_address: None, product: None };
    Phone { extension, ..Phone::new(id, DUCKBURG, line) }
}

pub fn account(username: &str) -> SipAccount {
    SipAccount {
        username: username.into(),
        customer: DUCKBURG,
        phone: DONALDS_PHONE,
        ha1_md5: Secret::new("m".into()),
        ha1_sha256: Secret::new("s".into()),
    }
}

pub fn duckburg() -> NewCustomer {
    NewCustomer {
        by: Author::System,
        customer: customer(DUCKBURG, Some(MOUSETON)),
        changed: vec![
            number(0),
            number(1),
            number(2),
            Changed::Phone(phone(DONALDS_PHONE, Some(DONALDS))),
            put(donalds()),
            Changed::Employee(employee(DONALD, "Donald Duck")),
        ],
        accounts: vec![account("donald")],
        tokens: vec![
            NewToken { hash: TokenHash::of("donald"), employee: DONALD, expires: None },
            NewToken { hash: TokenHash::of("old"), employee: DONALD, expires: Some(Wall(1)) },
        ],
    }
}

pub fn mouseton() -> NewCustomer {
    NewCustomer {
        by: Author::System,
        customer: customer(MOUSETON, None),
        changed: Vec::new(),
        accounts: Vec::new(),
        tokens: Vec::new(),
    }
}

/// A new place with both customers in it.
pub async fn world() -> (Place, Store) {
    let folder = Place::new().await;
    let store = folder.open().await;
    store.create_customer(mouseton()).await.unwrap();
    store.create_customer(duckburg()).await.unwrap();
    (folder, store)
}

/// The same place, opened again.
pub async fn reopened(folder: &Place, store: Store) -> Store {
    store.close().await;
    folder.open().await
}

/// Leave to do anything to a customer.
pub fn permit(customer: CustomerId) -> Permit {
    let (level, origin) = (Level::Admin, Origin::System);
    let admin = Principal { employee: DONALD, customer, level, origin };
    let target = Target { customer, resellers: Vec::new(), owners: Vec::new() };
    decide(&admin, Operation::Read(Noun::Extension), &target).unwrap()
}

pub fn write(changed: Vec<Changed>) -> Write {
    Write { based_on: None, changed }
}

/// The record of a call between extensions.
pub fn record(call: u8, started: i64, caller: ItemId, callee: ItemId) -> CallRecord {
    let side = |extension| Party { extension: Some(extension), ..Party::default() };
    CallRecord {
        id: CallId::from_bytes([call; 12]),
        customer: DUCKBURG,
        started: Wall(started),
        answered: None,
        ended: Wall(started + 5),
        caller: Party { employee: Some(DONALD), ..side(caller) },
        callee: side(callee),
        terminated_by: TerminatedBy::Caller,
        terminated_reason: TerminatedReason::Cancel,
        legs: vec![model::record::LegRecord {
            id: LegId::from_bytes([call; 12]),
            phone: Some(DONALDS_PHONE),
            extension: Some(caller),
            started: Wall(started),
            answered: None,
            ended: Wall(started + 5),
            cause: model::cause::Cause::Cancelled,
        }],
        steps: Vec::new(),
    }
}
