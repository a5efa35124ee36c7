//! Phones: SIP, mobile (MVNO) and external. DND is a setting of each phone.

mod account;
pub mod members;

pub use account::{SipAccount, ha1_md5, ha1_sha256};

use crate::id::{CustomerId, ItemId, PhoneId, ProductId, RatePlanId};
use crate::member::Extra;
use crate::number::E164;
use crate::wire_enum::wire_enum;

wire_enum! {
    /// The kind of a phone.
    PhoneType {
        /// A phone that registers here.
        Sip = "SIP",
        /// A mobile of the platform's own network.
        Mvno = "MVNO",
        /// Any other number.
        External = "EXTERNAL",
    }
}

wire_enum! {
    /// How a mobile's subscription stands.
    #[derive(Default)]
    MvnoState {
        /// It can call and be called.
        #[default]
        Active = "ACTIVE",
        /// It is being set up.
        Creating = "CREATING",
        /// It is being ended.
        Deleting = "DELETING",
        /// It is blocked.
        Blocked = "BLOCKED",
    }
}

/// A phone, as stored. Its password is not here; what proves it is in `SipAccount`.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: PhoneId,
    /// The customer it belongs to.
    pub customer: CustomerId,
    /// The extension it rings for, if any.
    pub extension: Option<ItemId>,
    /// Never called while set.
    pub dnd: bool,
    /// Free text.
    pub notes: Option<String>,
    /// Members that aren't known here, as they were sent.
    #[serde(default)]
    pub extra: Extra,
    /// What kind it is, with what only that kind has.
    #[serde(flatten)]
    pub line: Line,
}

/// What differs between kinds of phone.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
pub enum Line {
    /// Registers with a user name that is unique on the platform.
    #[serde(rename = "SIP")]
    Sip {
        /// The digest user name.
        username: String,
        /// Model, if known.
        model: Option<String>,
        /// MAC address, if known.
        mac_address: Option<String>,
        /// What it is billed as.
        product: Option<ProductId>,
    },
    /// A mobile of the platform's network.
    #[serde(rename = "MVNO")]
    Mvno {
        /// Its own number.
        number: E164,
        /// A mobile that isn't active is offline.
        state: MvnoState,
        /// What it is billed as.
        rate_plan: Option<RatePlanId>,
        /// What it will be billed as.
        new_rate_plan: Option<RatePlanId>,
    },
    /// A phone on any other network.
    #[serde(rename = "EXTERNAL")]
    External {
        /// Its number.
        number: E164,
        /// Ask for key 1 before bridging, so that its voicemail can't take the call.
        confirm_answer: bool,
    },
}

impl Phone {
    /// A phone that rings for nothing yet.
    pub fn new(id: PhoneId, customer: CustomerId, line: Line) -> Self {
        let extra = Extra::default();
        Self { id, customer, extension: None, dnd: false, notes: None, extra, line }
    }
    /// The number that reaches this very phone; a SIP phone has none.
    pub fn own_number(&self) -> Option<&E164> {
        match &self.line {
            Line::Sip { .. } => None,
            Line::Mvno { number, .. } | Line::External { number, .. } => Some(number),
        }
    }
    /// The kind of the phone.
    pub fn kind(&self) -> PhoneType {
        match self.line {
            Line::Sip { .. } => PhoneType::Sip,
            Line::Mvno { .. } => PhoneType::Mvno,
            Line::External { .. } => PhoneType::External,
        }
    }
}

/// A phone as `includePhones` shows it, in the seed's order.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PhoneView {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: PhoneId,
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: PhoneType,
    /// Model, if available.
    pub model: Option<String>,
    /// SIP: the MAC address, else the notes. Others: the number.
    pub identification: Option<String>,
    /// SIP: registered. MVNO: not blocked. EXTERNAL: always.
    pub online: bool,
    /// Never called while set.
    pub dnd: bool,
    /// Free text.
    pub notes: Option<String>,
    /// SIP only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<Option<ProductId>>,
    /// MVNO only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_plan: Option<Option<RatePlanId>>,
    /// MVNO only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_rate_plan: Option<Option<RatePlanId>>,
}

impl Phone {
    /// How `includePhones` shows this phone; `registered` is what the registrar knows of it.
    pub fn view(&self, registered: bool) -> PhoneView {
        let mut view = PhoneView {
            id: self.id,
            kind: self.kind(),
            model: None,
            identification: None,
            online: true,
            dnd: self.dnd,
            notes: self.notes.clone(),
            product: None,
            rate_plan: None,
            new_rate_plan: None,
        };
        match &self.line {
            Line::Sip { model, mac_address, product, .. } => {
                view.model.clone_from(model);
                view.identification = mac_address.clone().or_else(|| self.notes.clone());
                view.online = registered;
                view.product = Some(*product);
            }
            Line::Mvno { number, state, rate_plan, new_rate_plan } => {
                view.identification = Some(number.as_str().to_owned());
                view.online = *state == MvnoState::Active;
                view.rate_plan = Some(*rate_plan);
                view.new_rate_plan = Some(*new_rate_plan);
            }
            Line::External { number, .. } => {
                view.identification = Some(number.as_str().to_owned());
            }
        }
        view
    }
}
