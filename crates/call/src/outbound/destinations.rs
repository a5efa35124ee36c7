//! Section 3 step 4: `outbound.destinations`. The customer's own policy comes with trunks.

use crate::trace::{Trace, text};
use model::extension::{Destinations, Extension};
use model::trace::{Outcome, Rule};

/// How far a number reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Within the customer.
    OnNet,
    /// Within the customer's country.
    National,
    /// Beyond it.
    Abroad,
}

/// Whether the extension may dial that far.
pub(crate) fn permits(extension: &Extension, reach: Reach, trace: &mut Trace) -> bool {
    let setting = extension.outbound.destinations;
    let permitted = allows(setting, reach);
    let outcome = if permitted { Outcome::Accepted } else { Outcome::Refused };
    let value = text(setting.as_str());
    trace.setting(extension.id, Rule::Destinations, "outbound.destinations", value, outcome);
    permitted
}

const fn allows(setting: Destinations, reach: Reach) -> bool {
    match setting {
        Destinations::Any => true,
        Destinations::National => !matches!(reach, Reach::Abroad),
        Destinations::Local => matches!(reach, Reach::OnNet),
        Destinations::None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_reaches_as_far_as_it_says() {
        let table = [
            (Destinations::None, [false, false, false]),
            (Destinations::Local, [true, false, false]),
            (Destinations::National, [true, true, false]),
            (Destinations::Any, [true, true, true]),
        ];
        for (setting, expected) in table {
            let reached =
                [Reach::OnNet, Reach::National, Reach::Abroad].map(|r| allows(setting, r));
            assert_eq!(reached, expected, "{setting:?}");
        }
    }
}
