//! Step 1: `blockSecret`. A caller from outside without a number that could be called back is refused, before
//! any redirect: a stand-in isn't bothered either.

use crate::facts::{Facts, Origin};
use crate::plan::Plan;
use crate::trace::{Trace, text};
use model::call::{Presented, Privacy};
use model::cause::Cause;
use model::number::E164;
use model::settings::SecretHandling;
use model::trace::{Outcome, Rule, StepValue};
use std::ops::ControlFlow;

/// Refuses a secret caller where that is set.
pub(crate) fn apply(facts: &Facts<'_>, trace: &mut Trace) -> ControlFlow<Plan> {
    let id = facts.extension.id;
    let blocks = facts.extension.block_secret;
    let caller = &facts.call.caller;
    let secret = is_secret(&caller.presented);
    let outcome = match (blocks, caller.origin) {
        (false, _) => Outcome::NotSet,
        (true, Origin::Local) => Outcome::Skipped,
        (true, Origin::External) if secret => Outcome::Refused,
        (true, Origin::External) => Outcome::Accepted,
    };
    trace.setting(id, Rule::BlockSecret, "blockSecret", StepValue::Bool(blocks), outcome);
    if outcome != Outcome::Refused {
        return ControlFlow::Continue(());
    }
    let handling = facts.directory.customer.settings.secret_handling;
    if handling == SecretHandling::Prompt {
        // Nobody can be asked for a number yet.
        trace.fact(Some(id), Rule::BlockSecret, text(handling.as_str()), Outcome::FallsBack);
    }
    ControlFlow::Break(Plan::End(Cause::Anonymous))
}

/// Whether the caller hides its number, has none, or one that nobody can have.
fn is_secret(presented: &Presented) -> bool {
    let number = presented.number.as_deref().map(E164::parse);
    presented.privacy == Privacy::Secret || !matches!(number, Some(Ok(_)))
}
