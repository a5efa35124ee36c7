//! Customers, and what one has beside its dialplan and people: settings, numbers.

mod number;
mod settings;
mod tenancy;

pub use number::Number;
pub use settings::Settings;
pub use tenancy::Customer;
