//! One customer's settings, built by name: extensions by number, phones as `592-desk`.

use model::access::Level;
use model::change::{Change, Changed};
use model::customer::Customer;
use model::directory::Directory;
use model::employee::{Employee, Presence};
use model::extension::Extension;
use model::id::{CarrierId, CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::{BareItem, ItemKind, ItemType, Revision};
use model::number::{E164, LocalNumber};
use model::phone::{Line, MvnoState, Phone};
use model::pii::Name;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use model::trunk::Trunk;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// The customer of every office.
pub const CUSTOMER: CustomerId = CustomerId::from_bytes(*b"testcustomer");

/// A customer's settings while they are made and changed.
#[derive(Clone, Debug)]
pub struct Office {
    directory: Directory,
}

impl Default for Office {
    fn default() -> Self {
        Self::new()
    }
}

impl Office {
    /// A Danish customer that has nothing yet.
    pub fn new() -> Self {
        let customer = Customer::new(CUSTOMER, Name::new("Duckburg"));
        Self { directory: Directory::empty(customer) }
    }

    /// The settings as they are now.
    pub fn directory(&self) -> Arc<Directory> {
        Arc::new(self.directory.clone())
    }

    /// Adds an extension with every member at its default.
    pub fn extension(&mut self, number: &str, name: &str) -> Result<(), String> {
        let mut extension = Extension::new(item_id(number), CUSTOMER, Name::new(name));
        extension.number = Some(LocalNumber::parse(number).map_err(|error| error.to_string())?);
        self.change(Changed::Item(ItemKind::Extension(extension)));
        Ok(())
    }

    /// Adds an item of another kind.
    pub fn bare_item(&mut self, number: &str, kind: ItemType, name: &str) -> Result<(), String> {
        let id = item_id(number);
        let number = Some(LocalNumber::parse(number).map_err(|error| error.to_string())?);
        let item = BareItem { id, kind, customer: CUSTOMER, name: Name::new(name), number };
        self.change(Changed::Item(ItemKind::Bare(Box::new(item))));
        Ok(())
    }

    /// Adds a TRUNK item with every member at its default.
    pub fn trunk(&mut self, number: &str, name: &str) -> Result<(), String> {
        let mut trunk = Trunk::new(item_id(number), CUSTOMER, Name::new(name));
        trunk.number = Some(LocalNumber::parse(number).map_err(|error| error.to_string())?);
        self.change(Changed::Item(ItemKind::Trunk(Box::new(trunk))));
        Ok(())
    }

    /// Puts a number on a list of the extension.
    pub fn list(&mut self, number: &str, list: ScreenList, entry: &str) -> Result<(), String> {
        let extension = self.lookup(number)?.id;
        let number = ScreenNumber::parse(entry).map_err(|error| error.to_string())?;
        let entry = ScreenEntry { number, name: None };
        self.change(Changed::Screened(Screened { customer: CUSTOMER, extension, list, entry }));
        Ok(())
    }

    /// Gives the extension an employee, or changes the presence of the one it has.
    pub fn employee(&mut self, number: &str, presence: Presence) -> Result<(), String> {
        let extension = self.lookup(number)?.clone();
        let id = EmployeeId::from_bytes(padded("empl", number));
        let name = extension.name.clone();
        self.change(Changed::Employee(Employee {
            access_level: Level::Personal,
            presence,
            ..Employee::new(id, CUSTOMER, name)
        }));
        if extension.employee.is_none() {
            let owned = Extension { employee: Some(id), ..extension };
            self.change(Changed::Item(ItemKind::Extension(owned)));
        }
        Ok(())
    }

    /// Adds or replaces a SIP phone. It belongs to the extension before its dash, if there is one.
    pub fn sip_phone(&mut self, name: &str, dnd: bool) {
        let username = name.to_owned();
        let line = Line::Sip { username, model: None, mac_address: None, product: None };
        self.phone(name, dnd, line);
    }

    /// Adds a mobile phone with its own number.
    pub fn mobile(&mut self, name: &str, number: &str, dnd: bool) -> Result<(), String> {
        let number = E164::parse(number).map_err(|error| error.to_string())?;
        let line =
            Line::Mvno { number, state: MvnoState::Active, rate_plan: None, new_rate_plan: None };
        self.phone(name, dnd, line);
        Ok(())
    }

    fn phone(&mut self, name: &str, dnd: bool, line: Line) {
        let number = name.split('-').next().unwrap_or_default();
        let extension = self.lookup(number).ok().map(|extension| extension.id);
        let id = phone_id(name);
        let phone = Phone { extension, dnd, ..Phone::new(id, CUSTOMER, line) };
        self.change(Changed::Phone(phone));
    }

    /// Sets a member of an extension or TRUNK item by its path (`busy.intAction`).
    pub fn set(&mut self, number: &str, path: &str, value: Value) -> Result<(), String> {
        let item = self.directory.item(item_id(number)).ok_or(format!("no item {number}"))?;
        let changed = match &item.kind {
            ItemKind::Extension(extension) => {
                ItemKind::Extension(with_member(extension, path, value)?)
            }
            ItemKind::Trunk(trunk) => ItemKind::Trunk(with_member(trunk, path, value)?),
            ItemKind::Bare(_) => return Err(format!("{number} has no members")),
        };
        self.change(Changed::Item(changed));
        Ok(())
    }

    /// Sets a member of the customer's settings by its path.
    pub fn set_customer(&mut self, path: &str, value: Value) -> Result<(), String> {
        let mut customer = self.directory.customer.as_ref().clone();
        customer.settings = with_member(&customer.settings, path, value)?;
        self.change(Changed::Customer(customer));
        Ok(())
    }

    /// What the world calls an item: its number.
    pub fn item_name(&self, id: ItemId) -> String {
        let number = self.directory.item(id).and_then(|item| item.number().cloned());
        number.map_or_else(|| id.to_string(), |number| number.as_str().to_owned())
    }

    fn lookup(&self, number: &str) -> Result<&Extension, String> {
        self.directory.extension(item_id(number)).ok_or(format!("no extension {number}"))
    }

    fn change(&mut self, changed: Changed) {
        let revision = Revision(self.directory.revision.0 + 1);
        let change = Change { customer: CUSTOMER, revision, changed: vec![changed] };
        self.directory = self.directory.apply(&change);
    }
}

/// A thing with one member of it set.
fn with_member<T: Serialize + DeserializeOwned>(
    thing: &T,
    path: &str,
    value: Value,
) -> Result<T, String> {
    let mut document = serde_json::to_value(thing).map_err(|error| error.to_string())?;
    let pointer = format!("/{}", path.replace('.', "/"));
    *document.pointer_mut(&pointer).ok_or(format!("no member {path}"))? = value;
    serde_json::from_value(document).map_err(|error| format!("{path}: {error}"))
}

/// The id of the item that was made with this number.
pub fn item_id(number: &str) -> ItemId {
    ItemId::from_bytes(padded("item", number))
}

/// The id of the phone with this name, of which the first twelve characters count.
pub fn phone_id(name: &str) -> PhoneId {
    PhoneId::from_bytes(padded("", name))
}

/// The id of the carrier trunk with this name.
pub fn carrier_id(name: &str) -> CarrierId {
    CarrierId::from_bytes(padded("", name))
}

/// The name of a phone by its id.
pub fn phone_name(id: PhoneId) -> String {
    String::from_utf8_lossy(id.bytes()).trim_end_matches('\0').to_owned()
}

fn padded(prefix: &str, text: &str) -> [u8; 12] {
    let mut bytes = [0; 12];
    let text = prefix.bytes().chain(text.bytes());
    bytes.iter_mut().zip(text).for_each(|(to, from)| *to = from);
    bytes
}
