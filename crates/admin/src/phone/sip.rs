//! `/pbx/sipphone`: a phone that registers here.

use super::{Issued, extension_fault, found_by, of_kind};
use crate::error::{Fault, Unavailable};
use crate::etag::Seen;
use crate::page::Limits;
use crate::resource::{Made, Proposal, Resource};
use crate::{Admin, AdminError, permit, refused};
use model::access::{Noun, Operation, Principal};
use model::change::Changed;
use model::directory::Directory;
use model::id::{CustomerId, PhoneId};
use model::member::Member;
use model::phone::{Line, Phone, PhoneType, members};
use serde::{Deserialize, Serialize};
use store::{Logins, Subject, Write, WriteError};

/// Writes tried when others keep writing the same phone.
const ATTEMPTS: u32 = 5;

/// A phone of type SIP.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SipPhone(Phone);

impl Resource for SipPhone {
    type Id = PhoneId;

    const NOUN: Noun = Noun::SipPhone;
    const MEMBERS: &'static [Member] = members::SIP;
    const CONDENSED: &'static [&'static str] =
        &["_id", "type", "customer", "extension", "username", "model", "macAddress", "notes"];
    const SORTS: &'static [&'static str] = &["notes", "macAddress", "model", "username"];
    const LIMITS: Limits = Limits { default: 50, most: 1000 };
    const HAS_AVAILABLE: bool = true;
    const PLURAL: &'static str = "sipPhones";
    const SCHEMA: &'static str = "SipPhone";

    fn subject(id: PhoneId) -> Subject {
        Subject::Phone(id)
    }
    fn lookup(directory: &Directory, id: PhoneId) -> Option<Self> {
        of_kind(directory.phone(id)?, PhoneType::Sip).map(Self)
    }
    fn all(directory: &Directory) -> Vec<Self> {
        directory.phones().filter_map(|phone| of_kind(phone, PhoneType::Sip)).map(Self).collect()
    }
    fn put(self, _: &Directory) -> Changed {
        Changed::Phone(self.0)
    }
    fn is_available(&self) -> bool {
        self.0.extension.is_none()
    }
    fn also_found_by<'a>(&self, directory: &'a Directory) -> Vec<&'a str> {
        found_by(&self.0, directory)
    }
    fn faults(proposal: &Proposal<'_, Self>) -> Vec<Fault> {
        extension_fault(proposal, proposal.after.0.extension).into_iter().collect()
    }
}

impl Made for SipPhone {
    const NEEDED: &'static [&'static str] = &[];

    fn draw(id: [u8; 12], customer: CustomerId) -> Self {
        let (model, mac_address, product) = (None, None, None);
        let line = Line::Sip { username: String::new(), model, mac_address, product };
        Self(Phone::new(PhoneId::from_bytes(id), customer, line))
    }
    fn id(&self) -> PhoneId {
        self.0.id
    }
    fn gone(id: PhoneId) -> Changed {
        Changed::PhoneGone(id)
    }
    fn issue(&mut self, realm: &str) -> Result<Option<Issued>, AdminError> {
        let issued = Issued::draw(realm, self.0.customer, self.0.id)?;
        if let Line::Sip { username, .. } = &mut self.0.line {
            username.clone_from(&issued.account.username);
        }
        Ok(Some(issued))
    }
}

impl Admin {
    /// Gives a SIP phone another user name and password, shown in this answer alone. What it
    /// registered with those before ends.
    pub async fn reset_sip_phone(&self, who: &Principal, id: PhoneId) -> Result<Seen, AdminError> {
        let target = self.0.store.target(Subject::Phone(id)).await?;
        let leave = permit(who, Operation::ResetCredentials, target.as_ref())?;
        for _ in 0..ATTEMPTS {
            let directory = self.0.store.directory(&leave).await?;
            let before = SipPhone::lookup(&directory, id).ok_or(AdminError::NotFound)?;
            let mut after = before.clone();
            let Some(issued) = after.issue(&self.0.store.installation().realm)? else { break };
            let based_on = Some(before.basis(&directory));
            let write = Write { based_on, changed: vec![after.put(&directory)] };
            let logins = Logins { account: Some(issued.account.clone()), ..Logins::default() };
            match self.0.store.write_with(&leave, write, logins).await {
                Ok(_) => {}
                Err(WriteError::Stale) => continue,
                Err(error) => return Err(refused(error)),
            }
            // Without live calls there is nothing to end; what can't be ended now runs out by itself.
            self.0.switch.forget(&leave, id).await.ok();
            return Ok(issued.show(self.read_permitted::<SipPhone>(&leave, id, false).await?));
        }
        Err(AdminError::Unavailable(Unavailable::Contended))
    }
}
