//! A customer: the tenant. Numbers, items, employees and phones belong to exactly one.

pub mod members;

use crate::id::CustomerId;
use crate::language::Language;
use crate::member::Extra;
use crate::pii::Name;
use crate::settings::Settings;

/// A customer.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
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
    /// What its people speak.
    #[serde(default)]
    pub language: Language,
    /// The host that its phones may name, unique on the platform.
    #[serde(default)]
    pub sip_domain: Option<String>,
    /// What holds for all its calls; a resource of its own.
    #[serde(default)]
    pub settings: Settings,
    /// Members that aren't known here, as they were sent.
    #[serde(default)]
    pub extra: Extra,
}

impl Customer {
    /// A customer with defaults: in Denmark, without a reseller.
    pub fn new(id: CustomerId, name: Name) -> Self {
        Self {
            id,
            name,
            reseller: None,
            country: "DK".to_owned(),
            time_zone: "Europe/Copenhagen".to_owned(),
            language: Language::default(),
            sip_domain: None,
            settings: Settings::default(),
            extra: Extra::default(),
        }
    }
}
