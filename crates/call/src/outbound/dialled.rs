//! Section 3 step 3: what the dialled text is. A local number wins over a public one; they can't be
//! the same text, since local numbers have at most seven digits and public ones at least eight.

use super::destinations::Reach;
use crate::on_net::{self, OnNet};
use crate::trace::Trace;
use model::country;
use model::directory::Directory;
use model::limits::DIALLED_CHARS;
use model::number::{E164, Number};
use model::trace::{Outcome, Rule, StepValue};

/// What was dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialled {
    /// A number of the customer.
    OnNet(OnNet),
    /// A valid number of somebody else.
    Public(Reach),
    /// No number at all.
    Nothing,
}

impl Dialled {
    /// How far it reaches; None if nowhere.
    pub(crate) fn reach(self) -> Option<Reach> {
        match self {
            Self::OnNet(_) => Some(Reach::OnNet),
            Self::Public(reach) => Some(reach),
            Self::Nothing => None,
        }
    }
}

/// Reads the dialled text and traces what it is.
pub(crate) fn read(directory: &Directory, dialled: &str, trace: &mut Trace) -> Dialled {
    let found = classify(directory, dialled);
    let value = shown(dialled);
    match found {
        Dialled::OnNet(on_net) => on_net.trace(value, trace),
        Dialled::Public(_) => trace.fact(None, Rule::Dialled, value, Outcome::Accepted),
        Dialled::Nothing => trace.fact(None, Rule::Dialled, value, Outcome::NotFound),
    }
    found
}

/// The dialled text as the trace keeps it.
pub(crate) fn shown(dialled: &str) -> StepValue {
    StepValue::Text(dialled.chars().take(DIALLED_CHARS).collect())
}

fn classify(directory: &Directory, dialled: &str) -> Dialled {
    let on_net = |number: &Number| on_net::lookup(directory, number);
    if let Some(found) = Number::parse(dialled).ok().as_ref().and_then(on_net) {
        return Dialled::OnNet(found);
    }
    let international = dialled.strip_prefix('+').or_else(|| dialled.strip_prefix("00"));
    let Ok(number) = E164::parse(&format!("+{}", international.unwrap_or(dialled))) else {
        return Dialled::Nothing;
    };
    if let Some(found) = on_net(&Number::Public(number.clone())) {
        return Dialled::OnNet(found);
    }
    Dialled::Public(match international {
        Some(_) => reach_of(directory, &number),
        // Digits alone are dialled as at home. Which number they are exactly matters once a trunk
        // can carry it.
        None => Reach::National,
    })
}

/// How far a public number reaches that isn't on-net.
pub(crate) fn reach_of(directory: &Directory, number: &E164) -> Reach {
    if country::is_national(number, &directory.customer.country) {
        Reach::National
    } else {
        Reach::Abroad
    }
}
