//! The `Directory`: everything one customer has set, as one immutable snapshot.
//!
//! Persistent maps: `apply` costs the items touched, and whoever holds an older snapshot keeps it.
//! For any history of changes, applying them one by one equals loading the result.

use crate::change::{Change, Changed};
use crate::customer::Customer;
use crate::employee::Employee;
use crate::extension::Extension;
use crate::id::{EmployeeId, ItemId, MusicId, PhoneId};
use crate::item::{Item, ItemKind, Revision};
use crate::music::MusicClass;
use crate::number::{E164, LocalNumber};
use crate::phone::Phone;
use imbl::{OrdMap, OrdSet};
use std::sync::Arc;

/// A snapshot of one customer's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Directory {
    /// The customer's revision that this is.
    pub revision: Revision,
    /// The customer.
    pub customer: Arc<Customer>,
    items: OrdMap<ItemId, Arc<Item>>,
    item_by_number: OrdMap<LocalNumber, ItemId>,
    item_by_direct: OrdMap<E164, ItemId>,
    items_by_employee: OrdMap<EmployeeId, OrdSet<ItemId>>,
    employees: OrdMap<EmployeeId, Arc<Employee>>,
    phones: OrdMap<PhoneId, Arc<Phone>>,
    phones_by_item: OrdMap<ItemId, OrdSet<PhoneId>>,
    music: OrdMap<MusicId, Arc<MusicClass>>,
}

impl Directory {
    /// A customer that has nothing yet.
    pub fn empty(customer: Customer) -> Self {
        Self {
            revision: Revision::default(),
            customer: Arc::new(customer),
            items: OrdMap::new(),
            item_by_number: OrdMap::new(),
            item_by_direct: OrdMap::new(),
            items_by_employee: OrdMap::new(),
            employees: OrdMap::new(),
            phones: OrdMap::new(),
            phones_by_item: OrdMap::new(),
            music: OrdMap::new(),
        }
    }

    /// The item with this id.
    pub fn item(&self, id: ItemId) -> Option<&Arc<Item>> {
        self.items.get(&id)
    }
    /// The extension with this id.
    pub fn extension(&self, id: ItemId) -> Option<&Extension> {
        self.items.get(&id)?.extension()
    }
    /// The item that this local number reaches.
    pub fn item_by_number(&self, number: &LocalNumber) -> Option<&Arc<Item>> {
        self.items.get(self.item_by_number.get(number)?)
    }
    /// The item that this direct number reaches.
    pub fn item_by_direct(&self, number: &E164) -> Option<&Arc<Item>> {
        self.items.get(self.item_by_direct.get(number)?)
    }
    /// The employee with this id.
    pub fn employee(&self, id: EmployeeId) -> Option<&Arc<Employee>> {
        self.employees.get(&id)
    }
    /// The phone with this id.
    pub fn phone(&self, id: PhoneId) -> Option<&Arc<Phone>> {
        self.phones.get(&id)
    }
    /// The mobile or external phone that has this number as its own.
    pub fn phone_by_number(&self, number: &E164) -> Option<&Arc<Phone>> {
        self.phones.values().find(|phone| phone.own_number() == Some(number))
    }
    /// The phones of an extension, by id.
    pub fn phones_of(&self, item: ItemId) -> impl Iterator<Item = &Arc<Phone>> {
        self.phones_by_item.get(&item).into_iter().flatten().filter_map(|id| self.phones.get(id))
    }
    /// The extensions of an employee, by id.
    pub fn extensions_of(&self, employee: EmployeeId) -> impl Iterator<Item = &Extension> {
        let ids = self.items_by_employee.get(&employee).into_iter().flatten();
        ids.filter_map(|id| self.extension(*id))
    }
    /// The music on hold class with this id.
    pub fn music(&self, id: MusicId) -> Option<&Arc<MusicClass>> {
        self.music.get(&id)
    }
    /// All items, by id.
    pub fn items(&self) -> impl Iterator<Item = &Arc<Item>> {
        self.items.values()
    }
    /// All employees, by id.
    pub fn employees(&self) -> impl Iterator<Item = &Arc<Employee>> {
        self.employees.values()
    }
    /// All phones, by id.
    pub fn phones(&self) -> impl Iterator<Item = &Arc<Phone>> {
        self.phones.values()
    }

    /// This snapshot with a change made to it. A change that isn't newer than the snapshot leaves it
    /// as it is: a lower revision never replaces a higher one.
    #[must_use]
    pub fn apply(&self, change: &Change) -> Self {
        let mut next = self.clone();
        if change.revision <= self.revision || change.customer != self.customer.id {
            return next;
        }
        next.revision = change.revision;
        for changed in &change.changed {
            next.apply_one(changed, change.revision);
        }
        next
    }

    fn apply_one(&mut self, changed: &Changed, revision: Revision) {
        match changed {
            Changed::Customer(customer) => self.customer = Arc::new(customer.clone()),
            Changed::Item(kind) => self.put_item(kind.clone(), revision),
            Changed::ItemGone(id) => self.drop_item(*id),
            Changed::Employee(employee) => self.put_employee(employee, revision),
            Changed::EmployeeGone(id) => {
                self.employees.remove(id);
            }
            Changed::Phone(phone) => self.put_phone(phone),
            Changed::PhoneGone(id) => self.drop_phone(*id),
            Changed::Music(class) => {
                self.music.insert(class.id, Arc::new(class.clone()));
            }
        }
    }

    fn put_item(&mut self, mut kind: ItemKind, revision: Revision) {
        if let ItemKind::Extension(extension) = &mut kind
            && let Some(employee) = extension.employee.and_then(|id| self.employees.get(&id))
        {
            follow(extension, employee);
        }
        let item = Item::new(revision, kind);
        self.drop_item(item.id());
        if let Some(number) = item.number() {
            self.item_by_number.insert(number.clone(), item.id());
        }
        if let Some(extension) = item.extension() {
            if let Some(direct) = &extension.direct {
                self.item_by_direct.insert(direct.clone(), extension.id);
            }
            if let Some(employee) = extension.employee {
                self.items_by_employee.entry(employee).or_default().insert(extension.id);
            }
        }
        self.items.insert(item.id(), Arc::new(item));
    }

    fn drop_item(&mut self, id: ItemId) {
        let Some(item) = self.items.remove(&id) else { return };
        // In a swap of numbers the key may already be somebody else's.
        if let Some(number) = item.number()
            && self.item_by_number.get(number) == Some(&id)
        {
            self.item_by_number.remove(number);
        }
        let Some(extension) = item.extension() else { return };
        if let Some(direct) = &extension.direct
            && self.item_by_direct.get(direct) == Some(&id)
        {
            self.item_by_direct.remove(direct);
        }
        if let Some(employee) = extension.employee {
            remove_from_set(&mut self.items_by_employee, employee, id);
        }
    }

    fn put_employee(&mut self, employee: &Employee, revision: Revision) {
        self.employees.insert(employee.id, Arc::new(employee.clone()));
        let owned = self.items_by_employee.get(&employee.id).cloned().unwrap_or_default();
        for id in owned {
            let Some(extension) = self.extension(id) else { continue };
            let mut followed = extension.clone();
            follow(&mut followed, employee);
            // Presence alone changes nothing that the extension shows; its ETag stays.
            if followed != *extension {
                self.put_item(ItemKind::Extension(Box::new(followed)), revision);
            }
        }
    }

    fn put_phone(&mut self, phone: &Phone) {
        self.drop_phone(phone.id);
        if let Some(item) = phone.extension {
            self.phones_by_item.entry(item).or_default().insert(phone.id);
        }
        self.phones.insert(phone.id, Arc::new(phone.clone()));
    }

    fn drop_phone(&mut self, id: PhoneId) {
        if let Some(item) = self.phones.remove(&id).and_then(|phone| phone.extension) {
            remove_from_set(&mut self.phones_by_item, item, id);
        }
    }
}

/// The members that follow the employee.
fn follow(extension: &mut Extension, employee: &Employee) {
    extension.name = employee.name.clone();
    extension.employee_delete_date = employee.delete_date;
}

fn remove_from_set<K: Ord + Copy, V: Ord + Copy>(map: &mut OrdMap<K, OrdSet<V>>, key: K, value: V) {
    let Some(set) = map.get_mut(&key) else { return };
    set.remove(&value);
    if set.is_empty() {
        map.remove(&key);
    }
}
