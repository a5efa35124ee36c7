//! The demo that an empty store gets: customer Duckburg with the extension of the API's documentation,
//! a second customer with the same number, and a file that says how to use them.
//!
//! Every secret is drawn for this installation and is known afterwards only to `demo.json`.

mod customers;
mod file;

use crate::random;
use admin::Passwords;
use file::{Account, CustomerEntry, DemoFile, ExtensionEntry, Login};
use model::access::Level;
use model::audit::Author;
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::extension::Extension;
use model::held::HeldNumber;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use model::item::ItemKind;
use model::music::MusicClass;
use model::number::{E164, LocalNumber};
use model::phone::{Line, Phone, SipAccount, ha1_md5, ha1_sha256};
use model::pii::{Name, Secret};
use model::token::TokenHash;
use std::net::SocketAddr;
use std::path::Path;
use store::{Logins, NewCustomer, NewToken, Store};

pub use file::read;

/// Where the server can be reached from this machine.
#[derive(Clone, Copy)]
pub struct Addresses {
    /// The API.
    pub http: SocketAddr,
    /// The registrar, UDP.
    pub sip: SocketAddr,
}

/// Makes the demo in an empty store if it is wanted, and says on the terminal what there is. Where
/// there is one already, its file gets the addresses of this start.
pub async fn prepare(
    folder: &Path,
    store: &Store,
    wanted: bool,
    addresses: Addresses,
) -> anyhow::Result<()> {
    if !store.is_empty().await? {
        let Some(mut file) = read(folder)? else { return Ok(()) };
        file.set_addresses(addresses);
        return file.write(folder);
    }
    if wanted {
        make(folder, store, addresses).await?;
    }
    Ok(())
}

/// The file comes first: it alone has the secrets, and without customers the next start makes both
/// again.
async fn make(folder: &Path, store: &Store, addresses: Addresses) -> anyhow::Result<()> {
    let mut file = DemoFile::default();
    file.set_addresses(addresses);
    let customers = customers::all(&store.installation().realm, &mut file)?;
    file.write(folder)?;
    let passwords = Passwords::new();
    for Drawn { new, secrets } in customers {
        let mut logins = Logins::default();
        for (employee, password) in secrets {
            logins.passwords.push((employee, passwords.hash(&password).await?));
        }
        store.create_customer_with(new, logins).await?;
    }
    print!("{}", file.welcome(folder));
    Ok(())
}

/// A customer of the demo, and its employees' passwords.
struct Drawn {
    new: NewCustomer,
    secrets: Vec<(EmployeeId, String)>,
}

/// One customer of the demo while it is put together.
struct Builder<'a> {
    realm: &'a str,
    file: &'a mut DemoFile,
    new: NewCustomer,
    secrets: Vec<(EmployeeId, String)>,
}

impl<'a> Builder<'a> {
    fn new(realm: &'a str, file: &'a mut DemoFile, customer: Customer) -> Self {
        let name = customer.name.as_str().to_owned();
        file.customers.push(CustomerEntry { id: customer.id.to_string(), name });
        let (changed, accounts, tokens) = (Vec::new(), Vec::new(), Vec::new());
        let new = NewCustomer { by: Author::System, customer, changed, accounts, tokens };
        Self { realm, file, new, secrets: Vec::new() }
    }

    fn drawn(self) -> Drawn {
        Drawn { new: self.new, secrets: self.secrets }
    }

    fn id(&self) -> CustomerId {
        self.new.customer.id
    }

    fn name(&self) -> String {
        self.new.customer.name.as_str().to_owned()
    }

    /// Public numbers that the customer holds; the first is the one shown by default.
    fn numbers(&mut self, numbers: &[&str]) -> anyhow::Result<()> {
        for number in numbers {
            let number = E164::parse(number)?;
            let default = &mut self.new.customer.settings.default_number;
            default.get_or_insert_with(|| number.clone());
            let id = NumberId::from_bytes(random::bytes()?);
            let held = HeldNumber { id, number, customer: self.id(), pbx: true };
            self.new.changed.push(Changed::Number(held));
        }
        Ok(())
    }

    fn employee(&mut self, name: &str, access_level: Level) -> anyhow::Result<EmployeeId> {
        let employee = Employee {
            access_level,
            ..Employee::new(EmployeeId::from_bytes(random::bytes()?), self.id(), Name::new(name))
        };
        let id = employee.id;
        self.new.changed.push(Changed::Employee(employee));
        Ok(id)
    }

    /// A machine token and a login for an employee; `role` is its name in the file.
    fn token(&mut self, role: &str, employee: EmployeeId) -> anyhow::Result<()> {
        self.login(role, employee)?;
        let token = random::hex::<24>()?;
        self.new.tokens.push(NewToken { hash: TokenHash::of(&token), employee, expires: None });
        self.file.tokens.insert(role.to_owned(), token);
        Ok(())
    }

    fn login(&mut self, role: &str, employee: EmployeeId) -> anyhow::Result<()> {
        let username = format!("{role}@{}.example", self.name()).to_lowercase();
        let password = random::password()?;
        for changed in &mut self.new.changed {
            if let Changed::Employee(found) = changed
                && found.id == employee
            {
                found.email_address = Some(username.clone());
            }
        }
        self.secrets.push((employee, password.clone()));
        self.file.logins.insert(role.to_owned(), Login { username, password });
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
        self.new.changed.push(Changed::Item(ItemKind::Extension(extension)));
    }

    fn music(&mut self, name: &str) -> anyhow::Result<MusicId> {
        let id = MusicId::from_bytes(random::bytes()?);
        let class = MusicClass { id, customer: self.id(), name: Name::new(name) };
        self.new.changed.push(Changed::Music(class));
        Ok(id)
    }

    fn phone(
        &mut self,
        extension: ItemId,
        notes: Option<&str>,
        line: Line,
    ) -> anyhow::Result<PhoneId> {
        let id = PhoneId::from_bytes(random::bytes()?);
        let (extension, notes) = (Some(extension), notes.map(str::to_owned));
        let phone = Phone { extension, notes, ..Phone::new(id, self.id(), line) };
        self.new.changed.push(Changed::Phone(phone));
        Ok(id)
    }

    /// A SIP phone with credentials of its own. The user name is unique on the platform: the number
    /// alone isn't.
    fn sip_phone(&mut self, extension: ItemId, number: &str) -> anyhow::Result<()> {
        let username = format!("{number}-{}", random::hex::<4>()?);
        let password = random::hex::<12>()?;
        let line =
            Line::Sip { username: username.clone(), model: None, mac_address: None, product: None };
        let phone = self.phone(extension, Some("Desk phone"), line)?;
        self.new.accounts.push(SipAccount {
            username: username.clone(),
            customer: self.id(),
            phone,
            ha1_md5: Secret::new(ha1_md5(self.realm, &username, &password)),
            ha1_sha256: Secret::new(ha1_sha256(self.realm, &username, &password)),
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
