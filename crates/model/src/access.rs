//! Who may do what: one pure function, `decide`, and the `Permit` it returns.
//!
//! A permit's fields are private. Every read, write, live view and call control takes one and checks
//! that its customer is theirs, so data can't be reached around this file.

use crate::extension::members::{Member, Writer};
use crate::id::{CustomerId, EmployeeId};
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
}

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Operation<'a> {
    /// Read an extension, whole or masked.
    ReadExtension,
    /// Change these members of an extension.
    WriteExtension(&'a [&'static Member]),
    /// Ask what would happen to a call of an extension.
    Explain,
    /// Read the record of a call.
    ReadRecord,
    /// Read an employee.
    ReadEmployee,
    /// Change an employee's presence.
    WritePresence,
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
    /// `_id type customer name number`.
    Masked,
}

/// Leave to do one operation on one thing of one customer. Only `decide` makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    customer: CustomerId,
    view: View,
    by: EmployeeId,
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
    /// Who it was given to.
    pub const fn by(&self) -> EmployeeId {
        self.by
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

/// What a principal is to a target, strongest first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Admin,
    Reseller,
    Manager,
    Viewer,
    Personal,
    Stranger,
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
    let writes = matches!(standing, Standing::Admin | Standing::Reseller | Standing::Manager);
    let reads = writes || standing == Standing::Viewer || own;
    let permit = |view| Ok(Permit { customer: target.customer, view, by: who.employee });
    match operation {
        Operation::ReadExtension if reads => permit(View::Whole),
        Operation::ReadExtension if standing == Standing::Personal => permit(View::Masked),
        Operation::Explain | Operation::ReadRecord | Operation::ReadEmployee if reads => {
            permit(View::Whole)
        }
        Operation::WritePresence if writes || own => permit(View::Whole),
        // Who sees it whole may send it back as it was: changing nothing is nobody's fault.
        Operation::WriteExtension(members) if reads => {
            let denied: Vec<_> = members
                .iter()
                .filter(|m| !may_write(m.writer, standing, own))
                .map(|m| m.path)
                .collect();
            if denied.is_empty() { permit(View::Whole) } else { Err(Denied::Members(denied)) }
        }
        _ => Err(Denied::Access),
    }
}

fn may_write(writer: Writer, standing: Standing, own: bool) -> bool {
    match writer {
        Writer::Never => false,
        Writer::Reseller => matches!(standing, Standing::Admin | Standing::Reseller),
        Writer::Manager => {
            matches!(standing, Standing::Admin | Standing::Reseller | Standing::Manager)
        }
        Writer::Own => {
            own || matches!(standing, Standing::Admin | Standing::Reseller | Standing::Manager)
        }
    }
}
