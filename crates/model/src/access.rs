//! Who may do what: one pure function, `decide`, and the `Permit` it returns.
//!
//! A permit's fields are private. Every read, write, live view and call control takes one and checks
//! that its customer is theirs, so data can't be reached around this file.

use crate::audit::{Author, Origin};
use crate::id::{CustomerId, EmployeeId};
use crate::member::{Member, Writer};
use crate::wire_enum::wire_enum;

wire_enum! {
    /// Access levels, lowest first.
    Level {
        /// May not log in.
        NoLogin = "NO_LOGIN",
        /// Own things.
        Personal = "PERSONAL",
        /// Reads everything of the customer.
        Viewer = "VIEWER",
        /// Reads and writes the customer.
        Manager = "MANAGER",
        /// As MANAGER.
        Owner = "OWNER",
        /// As OWNER on every customer it resells to.
        Reseller = "RESELLER",
        /// As ADMIN.
        ResellerAdmin = "RESELLER_ADMIN",
        /// Everything.
        Admin = "ADMIN",
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The employee.
    pub employee: EmployeeId,
    /// The customer the employee works for.
    pub customer: CustomerId,
    /// Its level.
    pub level: Level,
    /// What it asks by.
    pub origin: Origin,
}

/// The kinds of thing that a customer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noun {
    /// The customer itself.
    Customer,
    /// Its settings (`/pbx/settings`).
    Settings,
    /// A public number that it holds.
    Number,
    /// An employee.
    Employee,
    /// An extension.
    Extension,
    /// A dialplan item of another kind, and the dialplan as a whole.
    Item,
    /// A SIP phone.
    SipPhone,
    /// A mobile of the platform's network.
    Mvno,
    /// A phone on any other network.
    ExternalPhone,
    /// The numbers that may be chosen, and the local phone book.
    Choices,
    /// The record of a call.
    Record,
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Operation<'a> {
    /// See one, whole or masked.
    Read(Noun),
    /// See a page of them, each as `Read` lets see it. The owners are those whose own alone are listed.
    List(Noun),
    /// Make one. The target is the customer that it is to belong to; of a new customer its reseller.
    Create(Noun),
    /// Change these members of one.
    Change(Noun, &'a [&'static Member]),
    /// Remove one.
    Remove(Noun),
    /// Ask what would happen to a call of an extension.
    Explain,
    /// Set or clear an extension's redirect.
    Redirect,
    /// Give a SIP phone another user name and password.
    ResetCredentials,
    /// Set or clear DND of an extension's phone.
    Dnd,
    /// Make a machine token of an employee.
    Grant,
    /// See which machine tokens an employee has, and end its tokens.
    Revoke,
    /// Read and change an extension's whitelist and blocklist.
    Screen,
    /// Read who wrote what.
    Audit,
}

/// What it is asked of: one thing of one customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The customer that it belongs to.
    pub customer: CustomerId,
    /// That customer's reseller, its reseller's reseller, and so on.
    pub resellers: Vec<CustomerId>,
    /// The employees whose own thing it is. A record has one per side.
    pub owners: Vec<EmployeeId>,
}

/// How much of a thing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Everything.
    Whole,
    /// Of an extension `_id type customer name number`; of settings all but the PIN.
    Masked,
}

/// Leave to do one operation on one thing of one customer. Only `decide` makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    customer: CustomerId,
    view: View,
    author: Author,
}

impl Permit {
    /// The customer that it is for. SQL repeats this, never what the request said.
    pub const fn customer(&self) -> CustomerId {
        self.customer
    }
    /// How much may be shown.
    pub const fn view(&self) -> View {
        self.view
    }
    /// Who is written down as the author of what is written by it.
    pub const fn author(&self) -> &Author {
        &self.author
    }
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The level is too low, or it is another customer's.
    Access,
    /// These members may not be changed by this principal.
    Members(Vec<&'static str>),
}

/// What a principal is to a target, weakest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Stranger,
    Personal,
    Viewer,
    Manager,
    Reseller,
    Admin,
}

fn standing(who: &Principal, target: &Target) -> Standing {
    let same = who.customer == target.customer;
    match who.level {
        Level::Admin | Level::ResellerAdmin => Standing::Admin,
        Level::Reseller if target.resellers.contains(&who.customer) => Standing::Reseller,
        Level::Reseller | Level::Owner | Level::Manager if same => Standing::Manager,
        Level::Viewer if same => Standing::Viewer,
        Level::Personal if same => Standing::Personal,
        _ => Standing::Stranger,
    }
}

/// Who may at least see a thing, and who may at least make and remove one.
const fn least(noun: Noun) -> (Standing, Standing) {
    use Standing::{Manager, Personal, Reseller, Viewer};
    match noun {
        Noun::Choices => (Personal, Reseller),
        Noun::Customer | Noun::Settings | Noun::Number | Noun::Mvno | Noun::Record => {
            (Viewer, Reseller)
        }
        Noun::Employee | Noun::Extension | Noun::Item | Noun::SipPhone | Noun::ExternalPhone => {
            (Viewer, Manager)
        }
    }
}

/// How much of a thing is seen from where somebody stands.
fn view(noun: Noun, standing: Standing, own: bool) -> Option<View> {
    match noun {
        _ if own || standing >= least(noun).0 => Some(View::Whole),
        Noun::Extension | Noun::Settings if standing == Standing::Personal => Some(View::Masked),
        _ => None,
    }
}

/// May `who` do `operation` to `target`? Rights are the union over relations: everyone who can log in
/// is at least PERSONAL on what is its own.
pub fn decide(
    who: &Principal,
    operation: Operation<'_>,
    target: &Target,
) -> Result<Permit, Denied> {
    let standing = standing(who, target);
    let own = who.level > Level::NoLogin
        && who.customer == target.customer
        && target.owners.contains(&who.employee);
    let reads = |noun| view(noun, standing, own) == Some(View::Whole);
    let permit = |view| Ok(Permit { customer: target.customer, view, author: Author::of(who) });
    let when = |allowed| if allowed { permit(View::Whole) } else { Err(Denied::Access) };
    match operation {
        Operation::Read(noun) => view(noun, standing, own).map_or(Err(Denied::Access), permit),
        Operation::List(noun) => when(reads(noun)),
        Operation::Create(Noun::Customer) => {
            when(who.level >= Level::Reseller && standing >= Standing::Manager)
        }
        Operation::Create(noun) | Operation::Remove(noun) => when(standing >= least(noun).1),
        Operation::Explain => when(reads(Noun::Extension)),
        Operation::ResetCredentials => when(standing >= Standing::Viewer),
        Operation::Dnd => when(reads(Noun::Extension)),
        Operation::Grant => when(standing >= Standing::Manager),
        Operation::Audit => when(standing >= Standing::Manager && who.level >= Level::Owner),
        Operation::Redirect | Operation::Screen | Operation::Revoke => {
            when(own || standing >= Standing::Manager)
        }
        // Who sees it whole may send it back as it was: changing nothing is nobody's fault.
        Operation::Change(noun, members) if reads(noun) => {
            let denied = members.iter().filter(|m| !may_write(m.writer, standing, own));
            let denied: Vec<_> = denied.map(|m| m.path).collect();
            if denied.is_empty() { permit(View::Whole) } else { Err(Denied::Members(denied)) }
        }
        Operation::Change(..) => Err(Denied::Access),
    }
}

/// Whether `who` may change what an employee of this level may do and is let in by: nobody reaches above
/// its own level, and everybody reaches itself.
pub fn reaches(who: &Principal, employee: EmployeeId, level: Level) -> bool {
    who.employee == employee || level <= who.level
}

fn may_write(writer: Writer, standing: Standing, own: bool) -> bool {
    match writer {
        Writer::Never => false,
        Writer::Reseller => standing >= Standing::Reseller,
        Writer::Manager => standing >= Standing::Manager,
        Writer::Own => own || standing >= Standing::Manager,
    }
}
