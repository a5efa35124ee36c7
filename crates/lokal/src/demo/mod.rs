//! The demo that an empty store gets: customer Duckburg with the extension of the API's documentation,
//! a second customer with the same number, and a file that says how to use them.
//!
//! Every secret is drawn for this installation and is known afterwards only to `demo.json`.

mod customers;
mod file;

use crate::random;
use crate::serve::reachable;
use file::{Account, CustomerEntry, DemoFile, ExtensionEntry};
use model::access::Level;
use model::change::Changed;
use model::customer::Customer;
use model::employee::{Employee, Presence};
use model::extension::Extension;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, PhoneId};
use model::item::ItemKind;
use model::music::MusicClass;
use model::number::LocalNumber;
use model::phone::{Line, Phone, SipAccount};
use model::pii::{Name, Secret};
use model::token::TokenHash;
use sip::digest;
use std::net::SocketAddr;
use std::path::Path;
use store::{NewCustomer, NewToken, Store};

pub use file::read;

/// Fills an empty store; what it made, for the file and the terminal.
pub async fn make(store: &Store) -> anyhow::Result<DemoFile> {
    let mut file = DemoFile::default();
    for new in customers::all(&store.installation().realm, &mut file)? {
        store.create_customer(new).await?;
    }
    Ok(file)
}

/// Writes the file and says on the terminal what there is. On a later start only the addresses are
/// renewed.
pub fn announce(
    folder: &Path,
    made: Option<DemoFile>,
    http: SocketAddr,
    sip: SocketAddr,
) -> anyhow::Result<()> {
    let is_new = made.is_some();
    let Some(mut file) = made.or(read(folder)?) else { return Ok(()) };
    file.http = format!("http://{}", reachable(http));
    file.sip.address = reachable(sip).to_string();
    file.write(folder)?;
    if is_new {
        print!("{}", file.welcome(folder));
    }
    Ok(())
}

/// One customer of the demo while it is put together.
struct Builder<'a> {
    realm: &'a str,
    file: &'a mut DemoFile,
    new: NewCustomer,
}

impl<'a> Builder<'a> {
    fn new(realm: &'a str, file: &'a mut DemoFile, customer: Customer) -> Self {
        let name = customer.name.as_str().to_owned();
        file.customers.push(CustomerEntry { id: customer.id.to_string(), name });
        let new = NewCustomer { customer, changed: Vec::new(), accounts: Vec::new(), tokens: Vec::new() };
        Self { realm, file, new }
    }

    fn id(&self) -> CustomerId {
        self.new.customer.id
    }

    fn name(&self) -> String {
        self.new.customer.name.as_str().to_owned()
    }

    fn employee(&mut self, name: &str, access_level: Level) -> anyhow::Result<EmployeeId> {
        let employee = Employee {
            id: EmployeeId::from_bytes(random::bytes()?),
            customer: self.id(),
            name: Name::new(name),
            access_level,
            presence: Presence::Work,
            delete_date: None,
        };
        let id = employee.id;
        self.new.changed.push(Changed::Employee(employee));
        Ok(id)
    }

    /// A machine token for an employee; `role` is its name in the file.
    fn token(&mut self, role: &str, employee: EmployeeId) -> anyhow::Result<()> {
        let token = random::hex::<24>()?;
        self.new.tokens.push(NewToken { hash: TokenHash::of(&token), employee, expires: None });
        self.file.tokens.insert(role.to_owned(), token);
        Ok(())
    }

    /// An extension with all defaults, to be changed before `add`.
    fn extension(&self, name: &str, number: &str) -> anyhow::Result<Extension> {
        let mut extension = Extension::new(new_item()?, self.id(), Name::new(name));
        extension.number = Some(LocalNumber::parse(number)?);
        Ok(extension)
    }

    fn add(&mut self, extension: Extension) {
        self.file.extensions.push(ExtensionEntry {
            id: extension.id.to_string(),
            customer: self.name(),
            number: extension.number.as_ref().map_or(String::new(), |n| n.as_str().to_owned()),
            name: extension.name.as_str().to_owned(),
        });
        self.new.changed.push(Changed::Item(ItemKind::Extension(Box::new(extension))));
    }

    fn music(&mut self, name: &str) -> anyhow::Result<MusicId> {
        let id = MusicId::from_bytes(random::bytes()?);
        let class = MusicClass { id, customer: self.id(), name: Name::new(name) };
        self.new.changed.push(Changed::Music(class));
        Ok(id)
    }

    fn phone(&mut self, extension: ItemId, notes: Option<&str>, line: Line) -> anyhow::Result<PhoneId> {
        let phone = Phone {
            id: PhoneId::from_bytes(random::bytes()?),
            customer: self.id(),
            extension: Some(extension),
            dnd: false,
            notes: notes.map(str::to_owned),
            line,
        };
        let id = phone.id;
        self.new.changed.push(Changed::Phone(phone));
        Ok(id)
    }

    /// A SIP phone with credentials of its own. The user name is unique on the platform: the number
    /// alone isn't.
    fn sip_phone(&mut self, extension: ItemId, number: &str) -> anyhow::Result<()> {
        let username = format!("{number}-{}", random::hex::<4>()?);
        let password = random::hex::<12>()?;
        let line = Line::Sip {
            username: username.clone(),
            model: None,
            mac_address: None,
            product: None,
        };
        let phone = self.phone(extension, Some("Desk phone"), line)?;
        self.new.accounts.push(SipAccount {
            username: username.clone(),
            customer: self.id(),
            phone,
            ha1_md5: Secret::new(digest::ha1_md5(self.realm, &username, &password)),
            ha1_sha256: Secret::new(digest::ha1_sha256(self.realm, &username, &password)),
        });
        let account =
            Account { customer: self.name(), extension: number.to_owned(), username, password };
        self.file.sip.accounts.push(account);
        Ok(())
    }
}

fn new_item() -> anyhow::Result<ItemId> {
    Ok(ItemId::from_bytes(random::bytes()?))
}
