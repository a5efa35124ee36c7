//! What the log says of calls and bindings: a line when a call is set up, answered and ended, and when
//! a binding changes, within spans that say whose. Ids only: never a number, a name or an address.

use model::call::{LegRef, PhoneRef};
use model::cause::Cause;
use model::id::{CallId, CustomerId};
use model::record::CallRecord;
use sip::boundary::SipFact;
use tracing::{Span, info, info_span};

/// Whose fact it is; facts about phones have no call.
pub(crate) fn fact_span(fact: &SipFact) -> Span {
    match fact {
        SipFact::CallArrived { leg, .. }
        | SipFact::Ringing { leg }
        | SipFact::EarlyMedia { leg, .. }
        | SipFact::Answered { leg, .. }
        | SipFact::Failed { leg, .. }
        | SipFact::Ended { leg, .. }
        | SipFact::OfferReceived { leg, .. } => {
            let LegRef { customer, call, leg } = leg;
            info_span!("leg", %customer, %call, %leg)
        }
        SipFact::PhoneReachable(phone)
        | SipFact::PhoneUnreachable(phone)
        | SipFact::BindingDropped { phone, .. } => phone_span(*phone),
        SipFact::BindingKept(binding) => phone_span(binding.phone),
    }
}

fn phone_span(PhoneRef { customer, phone }: PhoneRef) -> Span {
    info_span!("phone", %customer, %phone)
}

/// Which call a command is for.
pub(crate) fn call_span(customer: CustomerId, call: CallId) -> Span {
    info_span!("call", %customer, %call)
}

/// A call arrived. The line is the span's that it is said in, as with all that follow.
pub(crate) fn set_up() {
    info!("call set up");
}

/// A call can't be carried.
pub(crate) fn refused(cause: Cause) {
    info!(cause = cause.as_str(), "call refused");
}

/// The caller was answered.
pub(crate) fn answered() {
    info!("call answered");
}

/// A call is over.
pub(crate) fn ended(record: &CallRecord) {
    let CallRecord { terminated_by, terminated_reason, legs, .. } = record;
    let (by, reason) = (terminated_by.as_str(), terminated_reason.as_str());
    info!(by, reason, legs = legs.len(), "call ended");
}

/// A binding was made, or changed.
pub(crate) fn bound() {
    info!("binding kept");
}

/// A binding ended.
pub(crate) fn unbound() {
    info!("binding dropped");
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::id::{LegId, PhoneId};
    use model::pii::Name;
    use model::record::{Party, TerminatedBy, TerminatedReason};
    use model::time::Wall;
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(act: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .without_time()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    fn leg() -> LegRef {
        LegRef {
            customer: CustomerId::from_bytes([1; 12]),
            call: CallId::from_bytes([2; 12]),
            leg: LegId::from_bytes([3; 12]),
        }
    }

    #[test]
    fn lines_say_whose_and_no_more() {
        let LegRef { customer, call, leg: id } = leg();
        let text = logged(|| fact_span(&SipFact::Ringing { leg: leg() }).in_scope(set_up));
        let whose = format!("leg{{customer={customer} call={call} leg={id}}}");
        assert!(text.contains(&whose) && text.ends_with("call set up\n"), "{text}");

        let phone = PhoneRef { customer, phone: PhoneId::from_bytes([4; 12]) };
        let key = "sip:592@192.0.2.1".to_owned();
        let fact = SipFact::BindingDropped { phone, key };
        let text = logged(|| fact_span(&fact).in_scope(unbound));
        let whose = format!("phone{{customer={customer} phone={}}}", phone.phone);
        assert!(text.contains(&whose) && text.ends_with("binding dropped\n"), "{text}");
    }

    #[test]
    fn the_end_of_a_call_is_one_line_without_numbers() {
        let LegRef { customer, call, .. } = leg();
        let party = Party {
            number: Some("+4512345678".to_owned()),
            name: Some(Name::new("Donald Duck")),
            ..Party::default()
        };
        let record = CallRecord {
            id: call,
            customer,
            started: Wall(0),
            answered: None,
            ended: Wall(1),
            caller: party.clone(),
            callee: party,
            terminated_by: TerminatedBy::Callee,
            terminated_reason: TerminatedReason::Busy,
            legs: Vec::new(),
            steps: Vec::new(),
        };
        let text = logged(|| call_span(customer, call).in_scope(|| ended(&record)));
        assert!(text.contains(&format!("call{{customer={customer} call={call}}}")), "{text}");
        assert!(text.ends_with("call ended by=\"B\" reason=\"BUSY\" legs=0\n"), "{text}");
        assert_eq!(text.lines().count(), 1);
        assert!(!text.contains("12345678") && !text.contains("Donald"), "{text}");
    }
}
