//! Between the words of the edges and those of the core, each way a total function. `Legs` holds what
//! belongs to a leg on both sides, and nothing that anybody could decide by.

pub(crate) mod media;
pub(crate) mod sip;

use crate::Edges;
use crate::counts::Counts;
use crate::log;
use ::call::command::{Command, What};
use ::call::input::{Input, LegFact};
use ::media::negotiate::Remote;
use ::sip::boundary::{Sdp, SipCommand, SipFact};
use media::LegMedia;
use model::call::{LegRef, PhoneRef, Presented};
use model::cause::Cause;
use model::id::{CallId, CustomerId, LegId, PhoneId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A leg as both sides know it.
struct Leg {
    id: LegRef,
    media: LegMedia,
}

/// The legs of a shard's live calls.
pub(crate) struct Legs {
    legs: BTreeMap<LegId, Leg>,
    of_call: BTreeMap<CallId, BTreeSet<LegId>>,
    counts: Arc<Counts>,
}

/// A phone to call, as `What::RingPhone` says it.
struct Ring {
    leg: LegRef,
    on_behalf_of: LegId,
    phone: PhoneId,
    presented: Presented,
    hops_left: u8,
}

impl Legs {
    /// No legs yet; calls are counted there.
    pub(crate) fn new(counts: Arc<Counts>) -> Self {
        Self { legs: BTreeMap::new(), of_call: BTreeMap::new(), counts }
    }

    /// The input that a SIP fact is; None if it is none of the core's business.
    pub(crate) async fn input_of(&mut self, edges: &Edges, fact: SipFact) -> Option<Input> {
        match fact {
            SipFact::CallArrived { leg, offer, from, presented, dialled, hops_left } => {
                if !media::is_acceptable(offer.as_ref()) {
                    let cause = Cause::NotAcceptable;
                    log::refused(cause);
                    self.counts.add_refused();
                    edges.sip.command(SipCommand::Refuse { leg, cause }).await;
                    return None;
                }
                log::set_up();
                self.counts.add_set_up();
                self.add(leg, LegMedia::of_caller(offer));
                Some(sip::call_arrived(leg, from, presented, dialled, hops_left))
            }
            SipFact::Answered { leg, answer } => match self.accept(edges, leg, &answer) {
                Ok(()) => Some(sip::leg_input(leg, LegFact::Answered)),
                Err(cause) => {
                    edges.sip.command(SipCommand::HangUp { leg, cause }).await;
                    Some(self.failed(edges, leg, cause))
                }
            },
            SipFact::OfferReceived { leg, offer, body } => {
                let body = self.renegotiate(edges, leg, &body);
                edges.sip.command(SipCommand::AnswerOffer { leg, offer, body }).await;
                None
            }
            SipFact::Failed { leg, cause } => Some(self.failed(edges, leg, cause)),
            SipFact::Ended { leg, cause } => {
                self.remove(edges, leg);
                Some(sip::leg_input(leg, LegFact::Ended(cause)))
            }
            SipFact::Ringing { leg } | SipFact::EarlyMedia { leg, .. } => {
                Some(sip::leg_input(leg, LegFact::Ringing))
            }
            SipFact::PhoneReachable(phone) => Some(Input::PhoneReachable(phone.phone)),
            SipFact::PhoneUnreachable(phone) => Some(Input::PhoneUnreachable(phone.phone)),
            SipFact::BindingKept(_) | SipFact::BindingDropped { .. } => None,
        }
    }

    /// Carries out a command of the core. What an edge couldn't do comes back as inputs.
    pub(crate) async fn carry_out(
        &mut self,
        edges: &Edges,
        customer: CustomerId,
        command: Command,
    ) -> Vec<Input> {
        let call = command.call;
        let leg_ref = |leg| LegRef { customer, call, leg };
        let order = match command.what {
            What::SignalRinging { leg } => SipCommand::SignalRinging { leg: leg_ref(leg) },
            What::SignalDiverted { leg } => SipCommand::SignalDiverted { leg: leg_ref(leg) },
            What::RefuseLeg { leg, cause } => {
                self.remove(edges, leg_ref(leg));
                SipCommand::Refuse { leg: leg_ref(leg), cause }
            }
            What::CancelLeg { leg, cause } => SipCommand::Cancel { leg: leg_ref(leg), cause },
            What::HangUpLeg { leg, cause } => {
                self.remove(edges, leg_ref(leg));
                SipCommand::HangUp { leg: leg_ref(leg), cause }
            }
            What::RingPhone { leg, on_behalf_of, phone, presented, hops_left } => {
                let leg = leg_ref(leg);
                match self.ring(edges, Ring { leg, on_behalf_of, phone, presented, hops_left }) {
                    Ok(order) => order,
                    Err(cause) => return vec![sip::leg_input(leg, LegFact::Failed(cause))],
                }
            }
            What::BridgeLegs { a, b } => {
                self.bridge(edges, call, a, b);
                return Vec::new();
            }
            What::AnswerLeg { leg } => match self.answer(edges, leg_ref(leg)) {
                Ok(body) => {
                    log::answered();
                    self.counts.add_answered();
                    SipCommand::Answer { leg: leg_ref(leg), body }
                }
                Err(cause) => {
                    self.remove(edges, leg_ref(leg));
                    edges.sip.command(SipCommand::Refuse { leg: leg_ref(leg), cause }).await;
                    return vec![sip::leg_input(leg_ref(leg), LegFact::Failed(cause))];
                }
            },
            What::KeepRecord(record) => {
                log::ended(&record);
                self.counts.add_ended(record.terminated_reason);
                self.forget(edges, call);
                edges.store.keep_record(*record).await;
                return Vec::new();
            }
        };
        edges.sip.command(order).await;
        Vec::new()
    }

    /// Refuses a call of a customer that isn't there.
    pub(crate) async fn refuse_unknown(&mut self, edges: &Edges, fact: SipFact) {
        if let SipFact::CallArrived { leg, .. } = fact {
            let cause = Cause::Unavailable;
            log::refused(cause);
            self.counts.add_refused();
            edges.sip.command(SipCommand::Refuse { leg, cause }).await;
        }
    }

    /// The legs that calls came in on.
    pub(crate) fn callers(&self) -> Vec<LegRef> {
        self.legs.values().filter(|leg| leg.media.is_caller()).map(|leg| leg.id).collect()
    }

    /// Ends a caller's leg, answered or not, and says so to the core.
    pub(crate) async fn hang_up_caller(&mut self, edges: &Edges, leg: LegRef) -> Input {
        self.remove(edges, leg);
        let cause = Cause::Unavailable;
        edges.sip.command(SipCommand::HangUp { leg, cause }).await;
        edges.sip.command(SipCommand::Refuse { leg, cause }).await;
        sip::leg_input(leg, LegFact::Ended(cause))
    }

    fn add(&mut self, id: LegRef, media: LegMedia) {
        self.legs.insert(id.leg, Leg { id, media });
        self.of_call.entry(id.call).or_default().insert(id.leg);
    }

    fn remove(&mut self, edges: &Edges, id: LegRef) {
        if self.legs.remove(&id.leg).is_some() {
            edges.media.close(id.call, id.leg);
        }
        if let Some(legs) = self.of_call.get_mut(&id.call) {
            legs.remove(&id.leg);
        }
    }

    fn forget(&mut self, edges: &Edges, call: CallId) {
        for leg in self.of_call.remove(&call).unwrap_or_default() {
            self.legs.remove(&leg);
        }
        edges.media.close_session(call);
    }

    fn failed(&mut self, edges: &Edges, leg: LegRef, cause: Cause) -> Input {
        self.remove(edges, leg);
        sip::leg_input(leg, LegFact::Failed(cause))
    }

    fn ring(&mut self, edges: &Edges, ring: Ring) -> Result<SipCommand, Cause> {
        let caller = self.legs.get_mut(&ring.on_behalf_of).ok_or(Cause::Internal)?;
        // Opened now, so that a call without a free port fails before somebody answers it.
        caller.media.open(edges, caller.id)?;
        let their_offer = caller.media.their_offer().cloned();
        let (media, offer) = LegMedia::of_callee(edges, ring.leg, their_offer.as_ref())?;
        self.add(ring.leg, media);
        let phone = PhoneRef { customer: ring.leg.customer, phone: ring.phone };
        let Ring { leg, presented, hops_left, .. } = ring;
        Ok(SipCommand::CallPhone { leg, phone, presented, hops_left, offer })
    }
    /// Takes a callee's answer to our offer. Unknown legs have just ended: nothing to do for them.
    fn accept(&mut self, edges: &Edges, leg: LegRef, answer: &Sdp) -> Result<(), Cause> {
        match self.legs.get_mut(&leg.leg) {
            Some(known) => known.media.accept(edges, leg, answer),
            None => Ok(()),
        }
    }

    fn bridge(&mut self, edges: &Edges, call: CallId, a: LegId, b: LegId) {
        for (leg, peer) in [(a, b), (b, a)] {
            if let Some(leg) = self.legs.get_mut(&leg) {
                leg.media.peer = Some(peer);
            }
        }
        edges.media.bridge(call, a, b);
    }

    /// Our answer to the caller, made to match what its peer agreed to.
    fn answer(&mut self, edges: &Edges, leg: LegRef) -> Result<Sdp, Cause> {
        let peer = self.peer_remote(leg.leg).ok_or(Cause::Internal)?;
        let caller = self.legs.get_mut(&leg.leg).ok_or(Cause::Internal)?;
        caller.media.answer(edges, leg, &peer)
    }

    /// Our answer to an offer made within a call; None refuses it.
    fn renegotiate(&mut self, edges: &Edges, leg: LegRef, offer: &Sdp) -> Option<Sdp> {
        let peer = self.peer_remote(leg.leg)?;
        self.legs.get_mut(&leg.leg)?.media.renegotiate(edges, leg, offer, &peer)
    }

    fn peer_remote(&self, leg: LegId) -> Option<Remote> {
        let peer = self.legs.get(&leg)?.media.peer?;
        self.legs.get(&peer)?.media.remote
    }
}
