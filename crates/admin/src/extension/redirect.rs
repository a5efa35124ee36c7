//! Setting and clearing an extension's redirect by itself: for whoever may do that and little else.

use super::change::{changes, propose};
use super::read::document;
use crate::error::Fault;
use crate::etag::IfMatch;
use crate::question::{self, Form};
use crate::sent::Body;
use crate::{Admin, AdminError, permit};
use model::access::{Operation, Principal};
use model::directory::Directory;
use model::extension::Extension;
use model::id::ItemId;
use model::item::Revision;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Subject, Write};

const FORM: Form = Form { members: &["enable", "number"], least: &[] };

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    enable: Option<bool>,
    number: Option<String>,
}

/// How a redirect is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Redirected {
    /// Whether calls go elsewhere.
    pub state: bool,
    /// Where they go.
    pub number: Option<String>,
}

impl Admin {
    /// Sets or clears the redirect, by the rules of the member `redirect`. To set it without a number
    /// keeps the one that it has.
    pub async fn redirect_extension(
        &self,
        who: &Principal,
        id: ItemId,
        body: &Body,
    ) -> Result<Redirected, AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        let leave = permit(who, Operation::Redirect, target.as_ref())?;
        let question: Question = question::read(body, &FORM).map_err(AdminError::Invalid)?;
        let enable = question.enable.ok_or_else(|| invalid(Fault::of("enable", "is needed")))?;
        let number = question.number.filter(|_| enable);
        let plan = |directory: &Directory| {
            let item = directory.item(id).ok_or(AdminError::NotFound)?;
            let before = item.extension().ok_or(AdminError::NotFound)?;
            let number = match &number {
                None if enable => Some(kept(before)?),
                number => number.clone(),
            };
            let write = plan(directory, before, item.revision, number.clone())?;
            Ok((write, Redirected { state: enable, number }))
        };
        self.write_planned(&leave, Subject::Item(id), &IfMatch::Unsaid, plan).await
    }
}

fn kept(before: &Extension) -> Result<String, AdminError> {
    let number = before.redirect.as_ref().map(|number| number.as_str().to_owned());
    number.ok_or_else(|| invalid(Fault::of("number", "is needed: none is stored")))
}

fn plan(
    directory: &Directory,
    before: &Extension,
    revision: Revision,
    number: Option<String>,
) -> Result<Write, AdminError> {
    let mut body = Body::new();
    body.insert("redirect".to_owned(), number.map_or(Value::Null, Value::String));
    let patch = changes(&body, &document(before));
    match propose(directory, before, Some(revision), patch) {
        Ok(planned) => Ok(planned.write),
        // Here it is the number that was sent.
        Err(AdminError::Invalid(faults)) => Err(AdminError::Invalid(
            faults.into_iter().map(|fault| Fault::of("number", fault.detail)).collect(),
        )),
        Err(error) => Err(error),
    }
}

fn invalid(fault: Fault) -> AdminError {
    AdminError::Invalid(vec![fault])
}
