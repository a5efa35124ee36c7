//! Customers, and what one has beside its dialplan and people: settings, numbers.

mod number;
mod settings;

pub use number::Number;
pub use settings::Settings;
