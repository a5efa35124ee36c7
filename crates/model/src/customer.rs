//! A customer: the tenant. Numbers, items, employees and phones belong to exactly one.

use crate::id::CustomerId;
use crate::number::E164;
use crate::pii::Name;

/// A customer as everybody else needs to know it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: CustomerId,
    /// Its name.
    pub name: Name,
    /// The customer that resells to it, if any; resellers can themselves have one.
    pub reseller: Option<CustomerId>,
    /// ISO 3166 country, for dialled numbers and tones.
    pub country: String,
    /// IANA time zone, for schedules.
    pub time_zone: String,
    /// The number shown outside when nothing else says (`/pbx/settings` `defaultNumber`).
    pub default_number: Option<E164>,
    /// The public numbers that the customer holds.
    pub numbers: Vec<E164>,
}
