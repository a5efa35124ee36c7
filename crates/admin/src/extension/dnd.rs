//! Setting, clearing and toggling DND of one phone of an extension.

use crate::error::Fault;
use crate::etag::IfMatch;
use crate::question::{self, Form};
use crate::sent::Body;
use crate::{Admin, AdminError, permit};
use model::access::{Operation, Principal};
use model::change::Changed;
use model::directory::Directory;
use model::id::{ItemId, PhoneId};
use model::phone::{Phone, PhoneType};
use serde::{Deserialize, Serialize};
use store::{Basis, Subject, Write};

const FORM: Form = Form { members: &["sip", "mvno", "external", "state"], least: &[] };

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    sip: Option<PhoneId>,
    mvno: Option<PhoneId>,
    external: Option<PhoneId>,
    state: Option<bool>,
}

/// How a phone is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Dnd {
    /// Never called while set.
    pub dnd: bool,
}

impl Admin {
    /// Sets DND of the one phone that the body names, or toggles it. Of two who toggle at once, each
    /// does: the second sees what the first has left.
    pub async fn set_dnd(
        &self,
        who: &Principal,
        id: ItemId,
        body: &Body,
    ) -> Result<Dnd, AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        let leave = permit(who, Operation::Dnd, target.as_ref())?;
        let question: Question = question::read(body, &FORM).map_err(AdminError::Invalid)?;
        let (kind, phone) = question.phone()?;
        let plan = |directory: &Directory| {
            let before = directory.phone(phone).filter(|phone| phone.extension == Some(id));
            let before = before.filter(|phone| phone.kind() == kind);
            let before = before.ok_or(AdminError::NotFound)?;
            let dnd = question.state.unwrap_or(!before.dnd);
            let after = (dnd != before.dnd)
                .then(|| Changed::Phone(Phone { dnd, ..before.as_ref().clone() }));
            let seen = Changed::Phone(before.as_ref().clone());
            let based_on = Some(Basis::Unchanged(Box::new(seen)));
            Ok((Write { based_on, changed: after.into_iter().collect() }, Dnd { dnd }))
        };
        self.write_planned(&leave, Subject::Phone(phone), &IfMatch::Unsaid, plan).await
    }
}

impl Question {
    /// The phone that is meant, and of what kind it has to be.
    fn phone(&self) -> Result<(PhoneType, PhoneId), AdminError> {
        let named = [
            (PhoneType::Sip, self.sip),
            (PhoneType::Mvno, self.mvno),
            (PhoneType::External, self.external),
        ];
        let mut named = named.into_iter().filter_map(|(kind, id)| Some((kind, id?)));
        match (named.next(), named.next()) {
            (Some(one), None) => Ok(one),
            _ => Err(AdminError::Parameter(Fault::of(
                "sip",
                "exactly one of sip, mvno and external has to be a phone's id",
            ))),
        }
    }
}
