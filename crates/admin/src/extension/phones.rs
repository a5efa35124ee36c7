//! `phones` of an extension: what `includePhones` shows, and whether a body sends back just that.

use crate::sent::Body;
use crate::{Admin, AdminError};
use model::access::Permit;
use model::directory::Directory;
use model::id::{ItemId, PhoneId};
use model::phone::{PhoneType, PhoneView};
use serde_json::Value;
use std::collections::BTreeSet;

/// SIP phones that are registered now.
pub(super) type Registered = BTreeSet<PhoneId>;

impl Admin {
    /// Who of the phones of these extensions is registered now, asked at once.
    pub(super) async fn registered_of(
        &self,
        permit: &Permit,
        directory: &Directory,
        extensions: impl IntoIterator<Item = ItemId>,
    ) -> Result<Registered, AdminError> {
        let phones = extensions.into_iter().flat_map(|id| directory.phones_of(id));
        let sip = phones.filter(|phone| phone.kind() == PhoneType::Sip);
        let sip: Vec<PhoneId> = sip.map(|phone| phone.id).collect();
        if sip.is_empty() {
            return Ok(Registered::new());
        }
        Ok(self.0.switch.registered(permit, &sip).await?)
    }
}

/// The phones of an extension as they are shown.
pub(super) fn views(directory: &Directory, id: ItemId, registered: &Registered) -> Vec<PhoneView> {
    let phones = directory.phones_of(id);
    phones.map(|phone| phone.view(registered.contains(&phone.id))).collect()
}

/// Takes `phones` out of a body. They can't be changed here; sent as read, whoever was `online` then,
/// they are no fault.
pub(super) fn take_sent_back(body: &mut Body, directory: &Directory, id: ItemId) -> bool {
    let Some(sent) = body.shift_remove("phones") else { return true };
    let phones = directory.phones_of(id).map(|phone| phone.view(false));
    let Ok(mut shown) = phones.map(serde_json::to_value).collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    let Value::Array(mut sent) = sent else { return false };
    sent.iter_mut().chain(&mut shown).for_each(forget_online);
    sent == shown
}

fn forget_online(phone: &mut Value) {
    if let Value::Object(phone) = phone {
        phone.shift_remove("online");
    }
}
