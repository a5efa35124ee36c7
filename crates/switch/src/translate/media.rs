//! The media of one leg: its port, the offers that crossed, and what was agreed.

use crate::Edges;
use bytes::Bytes;
use media::negotiate::{self, Remote};
use media::{Local, OpenError};
use model::call::LegRef;
use model::cause::Cause;
use model::id::LegId;
use sip::boundary::Sdp;

/// What belongs to a leg on the media side.
pub(crate) struct LegMedia {
    their_offer: Option<Sdp>,
    our_offer: Option<Sdp>,
    local: Option<Local>,
    version: u32,
    is_caller: bool,
    /// What was agreed with the far side.
    pub(crate) remote: Option<Remote>,
    /// The leg it hears.
    pub(crate) peer: Option<LegId>,
}

/// Whether a call with this offer can be carried at all. None is a late offer: we make it.
pub(crate) fn is_acceptable(offer: Option<&Sdp>) -> bool {
    offer.is_none_or(|offer| negotiate::is_acceptable(offer))
}

impl LegMedia {
    fn new(is_caller: bool) -> Self {
        Self {
            their_offer: None,
            our_offer: None,
            local: None,
            version: 0,
            is_caller,
            remote: None,
            peer: None,
        }
    }

    /// The leg that a call came in on. Its port is opened when somebody is rung.
    pub(crate) fn of_caller(offer: Option<Sdp>) -> Self {
        Self { their_offer: offer, ..Self::new(true) }
    }

    /// A leg to a phone, and the offer to send there: the codecs of the caller, so that nothing needs
    /// transcoding.
    pub(crate) fn of_callee(
        edges: &Edges,
        leg: LegRef,
        like: Option<&Sdp>,
    ) -> Result<(Self, Sdp), Cause> {
        let mut media = Self::new(false);
        let local = media.open(edges, leg)?;
        let offer: Bytes = negotiate::offer(&local, like.map(AsRef::as_ref), 0);
        media.our_offer = Some(offer.clone());
        Ok((media, offer))
    }

    /// Whether a call came in on it.
    pub(crate) fn is_caller(&self) -> bool {
        self.is_caller
    }

    /// The offer that the caller made.
    pub(crate) fn their_offer(&self) -> Option<&Sdp> {
        self.their_offer.as_ref()
    }

    /// Opens the leg's port, once.
    pub(crate) fn open(&mut self, edges: &Edges, leg: LegRef) -> Result<Local, Cause> {
        if let Some(local) = &self.local {
            return Ok(local.clone());
        }
        let local = edges.media.open(leg.call, leg.leg).map_err(|error| refusal(leg, &error))?;
        self.local = Some(local.clone());
        Ok(local)
    }

    /// The far side's answer to our offer.
    pub(crate) fn accept(&mut self, edges: &Edges, leg: LegRef, answer: &Sdp) -> Result<(), Cause> {
        let offer = self.our_offer.as_ref().ok_or(Cause::Internal)?;
        let remote = negotiate::accept(offer, answer).map_err(|_| Cause::NotAcceptable)?;
        self.agree(edges, leg, remote);
        Ok(())
    }

    /// Our answer to the caller's offer (or our offer, if it made none), limited to what `peer` speaks.
    pub(crate) fn answer(
        &mut self,
        edges: &Edges,
        leg: LegRef,
        peer: &Remote,
    ) -> Result<Sdp, Cause> {
        let local = self.open(edges, leg)?;
        let Some(offer) = &self.their_offer else {
            let offer = negotiate::offer_matching(&local, peer, self.version);
            self.our_offer = Some(offer.clone());
            return Ok(offer);
        };
        let agreed = negotiate::answer_matching(offer, &local, peer, self.version)
            .map_err(|_| Cause::NotAcceptable)?;
        self.agree(edges, leg, agreed.remote);
        Ok(agreed.body)
    }

    /// Our answer to an offer within the call; None refuses it and leaves everything as it was.
    pub(crate) fn renegotiate(
        &mut self,
        edges: &Edges,
        leg: LegRef,
        offer: &Sdp,
        peer: &Remote,
    ) -> Option<Sdp> {
        let local = self.local.clone()?;
        let agreed = negotiate::answer_matching(offer, &local, peer, self.version + 1).ok()?;
        self.version += 1;
        self.agree(edges, leg, agreed.remote);
        Some(agreed.body)
    }

    fn agree(&mut self, edges: &Edges, leg: LegRef, remote: Remote) {
        edges.media.set_remote(leg.call, leg.leg, remote);
        self.remote = Some(remote);
    }
}

fn refusal(leg: LegRef, error: &OpenError) -> Cause {
    tracing::error!(call = %leg.call, %error, "no media for a call");
    Cause::Unavailable
}
