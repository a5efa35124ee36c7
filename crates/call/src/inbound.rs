//! A call of the public network: who calls, as far as the carrier that brings it vouches for that, and where
//! the number leads that was called.

use crate::facts::Caller;
use crate::live::Live;
use crate::on_net;
use crate::outbound::dialled;
use crate::plan::Plan;
use crate::trace::Trace;
use model::call::{Presented, Provenance};
use model::carrier::Carrier;
use model::cause::Cause;
use model::country;
use model::directory::Directory;
use model::id::CarrierId;
use model::number::{E164, Number};
use model::trace::{Outcome, Rule};

/// Who calls by a carrier. A mobile phone of the customer that calls in by its carrier is as good as a phone
/// that has proved itself.
pub(crate) fn caller(live: &Live, by: CarrierId, presented: Presented) -> Caller {
    let directory = &live.directory;
    let carrier = live.carrier(by);
    let number = presented.number.as_deref().and_then(|text| public(directory, text));
    let provenance = provenance(carrier, presented.provenance);
    let vouched = provenance <= Provenance::TrunkAsserted;
    if vouched && carrier.is_some_and(|carrier| carrier.mobile_of) {
        let mobile = number.as_ref().and_then(|number| directory.phone_by_number(number));
        if let Some(mobile) = mobile.filter(|phone| phone.extension.is_some()) {
            return Caller::phone(directory, mobile.id, presented.privacy);
        }
    }
    let number = presented.number.as_deref().map(|text| self::number(directory, text));
    Caller::outside(Presented { number, provenance, ..presented })
}

/// A caller's number as it is shown on: whole, if it can be told.
pub(crate) fn number(directory: &Directory, text: &str) -> String {
    public(directory, text).map_or_else(|| text.to_owned(), |number| number.as_str().to_owned())
}

/// Where a number leads that somebody outside called.
pub(crate) fn decide(directory: &Directory, called: &str, trace: &mut Trace) -> Plan {
    let number = public(directory, called).map(Number::Public);
    let found = number.and_then(|number| on_net::lookup(directory, &number));
    let value = dialled::shown(called);
    let Some(found) = found else {
        trace.fact(None, Rule::Dialled, value, Outcome::NotFound);
        return Plan::End(Cause::NotFound);
    };
    found.trace(value, trace);
    Plan::Enter(found.place)
}

/// A number as carriers write it: whole, or as at home.
fn public(directory: &Directory, text: &str) -> Option<E164> {
    let customer = &directory.customer;
    country::public_number(text, &customer.country, customer.settings.national_prefix.as_deref())
}

/// How well the number is known. No carrier knows one better than by vouching for it.
fn provenance(carrier: Option<&Carrier>, said: Provenance) -> Provenance {
    match said {
        Provenance::FromOnly if carrier.is_some_and(|carrier| carrier.trust_from) => {
            Provenance::TrunkAsserted
        }
        said => said.max(Provenance::TrunkAsserted),
    }
}
