//! What would happen to a call (docs/API.md section 4): asked of an extension, or of a number.

use crate::error::Fault;
use crate::question::{self, Form};
use crate::sent::Body;
use crate::shown::{self, ShownStep};
use crate::{Admin, AdminError, permit};
use model::access::{Noun, Operation, Permit, Principal, Target};
use model::directory::Directory;
use model::employee::Presence;
use model::explain::{Direction, ExplainRequest, ExplainResult, PhoneFacts, PhoneOutcome};
use model::extension::Extension;
use model::id::{CustomerId, ItemId, PhoneId};
use model::limits::DIALLED_CHARS;
use model::number::{E164, LocalNumber, Number};
use model::time::Wall;
use model::trace::{Outcome, Rule, Step, StepValue, StepView};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Subject;

const REQUEST: Form = Form {
    members: &["direction", "from", "to", "at", "presence", "phones", "outcomes"],
    least: &[("direction", "inbound")],
};
const QUESTION: Form = Form {
    members: &["customer", "to", "from", "at", "presence", "phones", "outcomes"],
    least: &[("to", "0")],
};

/// The answer, as somebody may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainView {
    /// How the call ends up.
    pub result: ExplainResult,
    /// Why.
    pub steps: Vec<ShownStep>,
}

/// What would happen to a call to this number?
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NumberQuestion {
    /// Whose number; left out, the caller's own customer.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// The number: local, a direct, or a phone's own.
    pub to: String,
    /// Who calls, as in `ExplainRequest`.
    #[serde(default)]
    pub from: Option<String>,
    /// When. Left out: now.
    #[serde(default)]
    pub at: Option<Wall>,
    /// The presence of the called extension's employee.
    #[serde(default)]
    pub presence: Option<Presence>,
    /// Facts about phones.
    #[serde(default)]
    pub phones: BTreeMap<PhoneId, PhoneFacts>,
    /// What phones do.
    #[serde(default)]
    pub outcomes: Vec<PhoneOutcome>,
}

impl Admin {
    /// What would happen to a call of this extension; the body is an `ExplainRequest`.
    pub async fn explain_extension(
        &self,
        who: &Principal,
        id: ItemId,
        body: &Body,
    ) -> Result<ExplainView, AdminError> {
        let target = self.0.store.target(Subject::Item(id)).await?;
        let permit = permit(who, Operation::Explain, target.as_ref())?;
        let target = target.ok_or(AdminError::NotFound)?;
        let request: ExplainRequest =
            question::read(body, &REQUEST).map_err(AdminError::Invalid)?;
        self.explain(who, &target, &permit, id, request).await
    }

    /// What would happen to a call to a number; the body is a `NumberQuestion`.
    pub async fn explain_number(
        &self,
        who: &Principal,
        body: Body,
    ) -> Result<ExplainView, AdminError> {
        let question: NumberQuestion =
            question::read(&body, &QUESTION).map_err(AdminError::Invalid)?;
        let customer = question.customer.unwrap_or(who.customer);
        // Another customer's answers exactly as one that doesn't exist.
        let no_customer = || AdminError::Invalid(vec![Fault::of("customer", "no such customer")]);
        let target = self.0.store.customer_target(customer).await?;
        let leave = permit(who, Operation::Read(Noun::Extension), target.as_ref());
        let leave = leave.map_err(|_| no_customer())?;
        let directory = self.0.store.directory(&leave).await?;
        let Some(id) = reached_by(&directory, &question.to) else {
            return Ok(nobody_has(&question.to, &directory));
        };
        let target = self.0.store.target(Subject::Item(id)).await?;
        let permit = permit(who, Operation::Explain, target.as_ref())?;
        let target = target.ok_or(AdminError::NotFound)?;
        self.explain(who, &target, &permit, id, question.into()).await
    }

    async fn explain(
        &self,
        who: &Principal,
        target: &Target,
        permit: &Permit,
        id: ItemId,
        request: ExplainRequest,
    ) -> Result<ExplainView, AdminError> {
        let directory = self.0.store.directory(permit).await?;
        let extension = directory.extension(id).ok_or(AdminError::NotFound)?;
        let faults = match request.direction {
            Direction::Inbound => inbound_faults(&directory, extension, &request),
            Direction::Outbound => outbound_faults(&directory, extension, &request),
        };
        if !faults.is_empty() {
            return Err(AdminError::Invalid(faults));
        }
        let explanation = self.0.switch.explain(permit, id, request).await?;
        let steps = shown::show(explanation.steps, who, target, &directory);
        Ok(ExplainView { result: explanation.result, steps })
    }
}

impl From<NumberQuestion> for ExplainRequest {
    fn from(question: NumberQuestion) -> Self {
        Self {
            direction: Direction::Inbound,
            from: question.from,
            to: Some(question.to),
            at: question.at,
            presence: question.presence,
            phones: question.phones,
            outcomes: question.outcomes,
        }
    }
}

/// A local caller must be there, else the call would be told as one from outside.
fn inbound_faults(
    directory: &Directory,
    extension: &Extension,
    request: &ExplainRequest,
) -> Vec<Fault> {
    let from = match request.from.as_deref().map(Number::parse) {
        Some(Err(error)) => Some(error.to_string()),
        Some(Ok(Number::Local(number))) => {
            let caller = directory.item_by_number(&number).and_then(|item| item.extension());
            caller.is_none().then(|| "no extension has that number".to_owned())
        }
        Some(Ok(Number::Public(_))) | None => None,
    };
    let reached = request.to.as_deref().and_then(|to| reached_by(directory, to));
    let to = reached.filter(|id| *id != extension.id).map(|_| "reaches another extension");
    let from = from.map(|detail| Fault::of("from", detail));
    from.into_iter().chain(to.map(|detail| Fault::of("to", detail))).collect()
}

/// The extension itself calls: by its number, or by the id of one of its phones.
fn outbound_faults(
    directory: &Directory,
    extension: &Extension,
    request: &ExplainRequest,
) -> Vec<Fault> {
    let is_own = |from: &str| {
        let number = extension.number.as_ref().map(LocalNumber::as_str);
        let phone: Option<PhoneId> = from.parse().ok();
        number == Some(from) || directory.phones_of(extension.id).any(|own| Some(own.id) == phone)
    };
    let from = request.from.as_deref().filter(|from| !is_own(from));
    let from = from.map(|_| Fault::of("from", "not the extension's number or phone"));
    let to = request.to.is_none().then(|| Fault::of("to", "is needed for an outbound call"));
    from.into_iter().chain(to).collect()
}

/// The extension that a number reaches: by local number, direct, or a phone's own number.
fn reached_by(directory: &Directory, number: &str) -> Option<ItemId> {
    if let Ok(local) = LocalNumber::parse(number) {
        return directory.item_by_number(&local)?.extension().map(|extension| extension.id);
    }
    let public = E164::parse(number).ok()?;
    let direct = directory.item_by_direct(&public).map(|item| item.id());
    direct.or_else(|| directory.phone_by_number(&public)?.extension)
}

/// No item has the number, or none that calls can enter yet.
fn nobody_has(number: &str, directory: &Directory) -> ExplainView {
    let step = Step {
        after_ms: 0,
        item: None,
        rule: Rule::Dialled,
        setting: None,
        value: StepValue::Text(number.chars().take(DIALLED_CHARS).collect()),
        outcome: Outcome::NotFound,
    };
    let steps = vec![ShownStep::Whole(StepView::of(step, directory))];
    ExplainView { result: ExplainResult::NotFound, steps }
}
