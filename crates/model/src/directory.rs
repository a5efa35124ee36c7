//! The `Directory`: everything one customer has set, as one immutable snapshot.
//!
//! Persistent maps: `apply` costs the items touched, and whoever holds an older snapshot keeps it.
//! For any history of changes, applying them one by one equals loading the result.

use crate::change::{Change, Changed};
use crate::customer::Customer;
use crate::employee::Employee;
use crate::extension::Extension;
use crate::held::{HeldNumber, NumberUser};
use crate::id::{EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use crate::item::{Item, ItemKind, Revision};
use crate::music::MusicClass;
use crate::number::{E164, LocalNumber};
use crate::phone::{Line, Phone};
use crate::pii::Name;
use crate::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use imbl::{OrdMap, OrdSet};
use std::sync::Arc;

/// Where ranges of ids begin.
const FIRST_ITEM: ItemId = ItemId::from_bytes([0; 12]);
const FIRST_PHONE: PhoneId = PhoneId::from_bytes([0; 12]);

/// A snapshot of one customer's settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Directory {
    /// The customer's revision that this is.
    pub revision: Revision,
    /// The customer.
    pub customer: Arc<Customer>,
    items: OrdMap<ItemId, Arc<Item>>,
    item_by_number: OrdMap<LocalNumber, ItemId>,
    numbers: OrdMap<NumberId, Arc<HeldNumber>>,
    number_ids: OrdMap<E164, NumberId>,
    user_by_number: OrdMap<E164, NumberUser>,
    items_by_employee: OrdSet<(EmployeeId, ItemId)>,
    employees: OrdMap<EmployeeId, Arc<Employee>>,
    phones: OrdMap<PhoneId, Arc<Phone>>,
    phones_by_item: OrdSet<(ItemId, PhoneId)>,
    phones_by_number: OrdSet<(E164, PhoneId)>,
    music: OrdMap<MusicId, Arc<MusicClass>>,
    screens: OrdMap<(ItemId, ScreenList), OrdMap<ScreenNumber, Option<Name>>>,
}

impl Directory {
    /// A customer that has nothing yet.
    pub fn empty(customer: Customer) -> Self {
        Self {
            revision: Revision::default(),
            customer: Arc::new(customer),
            items: OrdMap::new(),
            item_by_number: OrdMap::new(),
            numbers: OrdMap::new(),
            number_ids: OrdMap::new(),
            user_by_number: OrdMap::new(),
            items_by_employee: OrdSet::new(),
            employees: OrdMap::new(),
            phones: OrdMap::new(),
            phones_by_item: OrdSet::new(),
            phones_by_number: OrdSet::new(),
            music: OrdMap::new(),
            screens: OrdMap::new(),
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
        match self.user_by_number.get(number)? {
            NumberUser::Extension(id) => self.items.get(id),
            NumberUser::Trunk(_) | NumberUser::Mvno(_) => None,
        }
    }
    /// The extension or TRUNK item that this public number reaches.
    pub fn item_by_public(&self, number: &E164) -> Option<&Arc<Item>> {
        match self.user_by_number.get(number)? {
            NumberUser::Extension(id) | NumberUser::Trunk(id) => self.items.get(id),
            NumberUser::Mvno(_) => None,
        }
    }
    /// What uses this public number of the customer.
    pub fn user_of(&self, number: &E164) -> Option<NumberUser> {
        self.user_by_number.get(number).copied()
    }
    /// Whether everybody may show this number outside: it is on a TRUNK item marked for that.
    pub fn is_shared(&self, number: &E164) -> bool {
        let Some(NumberUser::Trunk(id)) = self.user_of(number) else { return false };
        self.items.get(&id).and_then(|item| item.trunk()).is_some_and(|trunk| trunk.selectable)
    }
    /// The number that the customer holds, by its text.
    pub fn held(&self, number: &E164) -> Option<&Arc<HeldNumber>> {
        self.numbers.get(self.number_ids.get(number)?)
    }
    /// The number with this id.
    pub fn number(&self, id: NumberId) -> Option<&Arc<HeldNumber>> {
        self.numbers.get(&id)
    }
    /// All numbers that the customer holds, lowest first.
    pub fn numbers(&self) -> impl Iterator<Item = &Arc<HeldNumber>> {
        self.number_ids.values().filter_map(|id| self.numbers.get(id))
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
        self.phones.get(&of(&self.phones_by_number, (number.clone(), FIRST_PHONE)).next()?)
    }
    /// The phones of an extension, by id.
    pub fn phones_of(&self, item: ItemId) -> impl Iterator<Item = &Arc<Phone>> {
        of(&self.phones_by_item, (item, FIRST_PHONE)).filter_map(|id| self.phones.get(&id))
    }
    /// The extensions of an employee, by id.
    pub fn extensions_of(&self, employee: EmployeeId) -> impl Iterator<Item = &Extension> {
        of(&self.items_by_employee, (employee, FIRST_ITEM)).filter_map(|id| self.extension(id))
    }
    /// The music on hold class with this id.
    pub fn music(&self, id: MusicId) -> Option<&Arc<MusicClass>> {
        self.music.get(&id)
    }
    /// All music on hold classes, by id.
    pub fn music_classes(&self) -> impl Iterator<Item = &Arc<MusicClass>> {
        self.music.values()
    }
    /// What stands on one of an extension's lists, by number.
    pub fn screen(&self, extension: ItemId, list: ScreenList) -> impl Iterator<Item = ScreenEntry> {
        let entries = self.screens.get(&(extension, list)).into_iter().flatten();
        entries.map(|(number, name)| ScreenEntry { number: number.clone(), name: name.clone() })
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
            // Who holds this snapshot keeps it; there is no next one.
            Changed::CustomerGone(_) => {}
            Changed::Item(kind) => self.put_item(kind.clone(), revision),
            Changed::ItemGone(id) => {
                self.drop_item(*id);
                for list in ScreenList::ALL {
                    self.screens.remove(&(*id, *list));
                }
            }
            Changed::Employee(employee) => self.put_employee(employee, revision),
            Changed::EmployeeGone(id) => {
                self.employees.remove(id);
            }
            Changed::Phone(phone) => self.put_phone(phone),
            Changed::PhoneGone(id) => self.drop_phone(*id),
            Changed::Number(held) => self.put_number(held),
            Changed::NumberGone(id) => self.drop_number(*id),
            Changed::Screened(Screened { extension, list, entry, .. }) => {
                let entries = self.screens.entry((*extension, *list)).or_default();
                entries.insert(entry.number.clone(), entry.name.clone());
            }
            Changed::ScreenedGone(id, list, number) => self.drop_screened((*id, *list), number),
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
        for (number, user) in used(&item.kind) {
            self.user_by_number.insert(number.clone(), user);
        }
        if let Some(employee) = item.extension().and_then(|extension| extension.employee) {
            self.items_by_employee.insert((employee, item.id()));
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
        for (number, user) in used(&item.kind) {
            self.release(number, user);
        }
        if let Some(employee) = item.extension().and_then(|extension| extension.employee) {
            self.items_by_employee.remove(&(employee, id));
        }
    }

    fn put_employee(&mut self, employee: &Employee, revision: Revision) {
        self.employees.insert(employee.id, Arc::new(employee.clone()));
        let owned: Vec<ItemId> = of(&self.items_by_employee, (employee.id, FIRST_ITEM)).collect();
        for id in owned {
            let Some(extension) = self.extension(id) else { continue };
            let mut followed = extension.clone();
            follow(&mut followed, employee);
            // Presence alone changes nothing that the extension shows; its ETag stays.
            if followed != *extension {
                self.put_item(ItemKind::Extension(followed), revision);
            }
        }
    }

    fn put_phone(&mut self, phone: &Phone) {
        self.drop_phone(phone.id);
        if let Some(item) = phone.extension {
            self.phones_by_item.insert((item, phone.id));
        }
        if let Some(number) = phone.own_number() {
            self.phones_by_number.insert((number.clone(), phone.id));
        }
        if let Line::Mvno { number, .. } = &phone.line {
            self.user_by_number.insert(number.clone(), NumberUser::Mvno(phone.id));
        }
        self.phones.insert(phone.id, Arc::new(phone.clone()));
    }

    fn drop_phone(&mut self, id: PhoneId) {
        let Some(phone) = self.phones.remove(&id) else { return };
        if let Some(item) = phone.extension {
            self.phones_by_item.remove(&(item, id));
        }
        if let Some(number) = phone.own_number() {
            self.phones_by_number.remove(&(number.clone(), id));
        }
        if let Line::Mvno { number, .. } = &phone.line {
            self.release(number, NumberUser::Mvno(id));
        }
    }

    fn put_number(&mut self, held: &HeldNumber) {
        self.drop_number(held.id);
        self.number_ids.insert(held.number.clone(), held.id);
        self.numbers.insert(held.id, Arc::new(held.clone()));
    }

    fn drop_number(&mut self, id: NumberId) {
        let Some(held) = self.numbers.remove(&id) else { return };
        if self.number_ids.get(&held.number) == Some(&id) {
            self.number_ids.remove(&held.number);
        }
    }

    fn drop_screened(&mut self, key: (ItemId, ScreenList), number: &ScreenNumber) {
        let Some(entries) = self.screens.get_mut(&key) else { return };
        entries.remove(number);
        if entries.is_empty() {
            self.screens.remove(&key);
        }
    }

    /// Takes a number from who used it, unless it is somebody else's by now.
    fn release(&mut self, number: &E164, user: NumberUser) {
        if self.user_by_number.get(number) == Some(&user) {
            self.user_by_number.remove(number);
        }
    }
}

/// The public numbers that an item uses, and as what.
fn used(kind: &ItemKind) -> impl Iterator<Item = (&E164, NumberUser)> {
    kind.used_numbers()
        .into_iter()
        .flat_map(|(numbers, user)| numbers.iter().map(move |number| (number, user)))
}

/// The members that follow the employee.
fn follow(extension: &mut Extension, employee: &Employee) {
    extension.name = employee.name.clone();
    extension.employee_delete_date = employee.extensions_delete_date();
}

/// The second halves of the pairs from `first` on that begin as it does, lowest first. One set of pairs
/// takes a tenth of the memory that a set for each key does.
fn of<K: Ord, V: Ord + Copy>(pairs: &OrdSet<(K, V)>, first: (K, V)) -> impl Iterator<Item = V> {
    let from_there = pairs.range::<_, (K, V)>(&first..);
    let key = first.0;
    from_there.take_while(move |(one, _)| *one == key).map(|(_, value)| *value)
}
