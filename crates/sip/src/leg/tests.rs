//! Legs in virtual time. The ladder of each scenario is its snapshot:
//! time, who to whom, what.

use super::sample::{self, CALLER, PHONE, within};
use super::{Arrival, Caller, Leg, Output, Outputs, Phone, Ring, Standing};
use crate::boundary::{OfferId, Sdp, SipFact};
use crate::message::{Method, Outgoing, Reply, Request, Response, ServerKey};
use bytes::Bytes;
use insta::assert_snapshot;
use model::call::{LegRef, PhoneRef};
use model::cause::Cause;
use model::id::{CallId, CustomerId, LegId, PhoneId};
use model::time::Mono;
use std::fmt::Write;
use std::net::SocketAddr;
use std::time::Duration;

const INVITE: ServerKey = ServerKey(1);
const CUSTOMER: CustomerId = CustomerId::from_bytes([1; 12]);
const LEG: LegRef = LegRef {
    customer: CUSTOMER,
    call: CallId::from_bytes([2; 12]),
    leg: LegId::from_bytes([3; 12]),
};

/// A leg, its clock and what happened so far.
struct Ladder {
    leg: Leg,
    now: Mono,
    out: Outputs,
    text: String,
    requests: u64,
}

fn sdp(text: &'static str) -> Sdp {
    Bytes::from_static(text.as_bytes())
}

impl Ladder {
    /// A phone that called us.
    fn caller(invite: &Request) -> Self {
        let from = PhoneRef { customer: CUSTOMER, phone: PhoneId::from_bytes([4; 12]) };
        let arrival = Arrival { leg: LEG, from, tag: "ours", key: INVITE };
        let mut out = Outputs::new();
        let caller = Caller::arrive(arrival, invite, &mut out).unwrap();
        Self::begin(Leg::Caller(caller), out)
    }

    /// A phone that we call at these bindings.
    fn phone(bindings: &[&str]) -> Self {
        let ring = Ring {
            leg: LEG,
            tag: "ours".into(),
            call_id: "call-2".into(),
            from: "<sip:593@pbx>".to_owned(),
            hops_left: 69,
            offer: sdp("our-offer"),
        };
        let bindings = bindings.iter().map(|uri| ((*uri).to_owned(), PHONE));
        let mut out = Outputs::new();
        let phone = Phone::call(ring, bindings, &mut out);
        Self::begin(Leg::Phone(phone), out)
    }

    fn begin(leg: Leg, out: Outputs) -> Self {
        let now = Mono(Duration::ZERO);
        let mut ladder = Self { leg, now, out, text: String::new(), requests: 1 };
        ladder.print();
        ladder
    }

    fn line(&mut self, line: &str) {
        let now = self.now.0;
        writeln!(self.text, "{:06.3} {line}", now.as_secs_f64()).unwrap();
    }

    fn print(&mut self) {
        while let Some(output) = self.out.pop_front() {
            let line = match output {
                Output::Accept(_) => continue,
                Output::Respond(key, reply) => format!("  pbx → far {}", show_reply(key, &reply)),
                Output::Invite(sent) | Output::Send(sent) | Output::Acknowledge(sent) => {
                    format!("  pbx → far {}", show_request(&sent))
                }
                Output::Abandon(branch) => format!("  abandon {branch}"),
                Output::Fact(fact) => format!("  fact {}", show_fact(&fact)),
            };
            self.line(&line);
        }
    }

    fn act(mut self, title: &str, act: impl FnOnce(&mut Leg, Mono, &mut Outputs)) -> Self {
        self.line(title);
        act(&mut self.leg, self.now, &mut self.out);
        self.print();
        self
    }

    fn request(mut self, request: &Request) -> Self {
        self.requests += 1;
        let key = ServerKey(self.requests);
        let title = format!("far → pbx {:?} {}", request.method, request.cseq);
        self.act(&title, |leg, now, out| leg.handle_request(key, request, now, out))
    }

    fn ack(self, ack: &Request) -> Self {
        let title = format!("far → pbx Ack {}", ack.cseq);
        self.act(&title, |leg, now, out| leg.handle_ack(ack, now, out))
    }

    fn cancel(self) -> Self {
        self.act("far → pbx Cancel", |leg, now, out| leg.handle_cancel(INVITE, now, out))
    }

    fn response(self, response: &Response) -> Self {
        let tag = response.to_tag.as_deref().unwrap_or_default();
        let title = format!("far → pbx {} tag={tag} for {}", response.status, response.branch);
        self.act(&title, |leg, now, out| leg.handle_response(response, now, out))
    }

    fn signal(self, status: u16) -> Self {
        self.act(&format!("core: signal {status}"), |leg, now, out| leg.signal(status, now, out))
    }

    fn answer(self) -> Self {
        self.act("core: answer", |leg, now, out| leg.answer(sdp("our-answer"), now, out))
    }

    fn end(self, cause: Cause) -> Self {
        self.act(&format!("core: end {cause:?}"), |leg, now, out| leg.end(cause, now, out))
    }

    fn answer_offer(self, offer: u32, body: Option<Sdp>) -> Self {
        let title = format!("core: answer offer {offer}");
        self.act(&title, |leg, now, out| leg.answer_offer(OfferId(offer), body, now, out))
    }

    /// Lets the next timer come.
    fn timer(mut self) -> Self {
        let due = self.leg.poll_timeout().expect("a timer");
        assert!(due > self.now, "a timer in the past would never let go");
        self.now = due;
        self.act("timer", |leg, now, out| leg.handle_timeout(now, out))
    }

    fn wait(mut self, seconds: u64) -> Self {
        self.now = self.now.after(Duration::from_secs(seconds));
        assert!(self.leg.poll_timeout().is_none_or(|due| due > self.now), "a timer is due before");
        self
    }

    /// The whole story, with the leg's end: it has lingered, told one end, and needs no more time.
    fn whole_story(mut self) -> String {
        while self.leg.standing() != Standing::Gone {
            self = self.timer();
        }
        assert_eq!(self.leg.poll_timeout(), None);
        let ends =
            self.text.matches("fact Failed").count() + self.text.matches("fact Ended").count();
        assert_eq!(ends, 1, "{}", self.text);
        self.text
    }
}

fn show_reply(ServerKey(key): ServerKey, reply: &Reply) -> String {
    let Reply { status, tag, headers, sdp } = reply;
    let mut text = format!("{status} for #{key}");
    for part in tag.iter().map(|tag| format!(" tag={tag}")) {
        text += &part;
    }
    for (name, value) in headers.iter().filter(|(name, _)| *name != "Allow") {
        let _ = write!(text, " {name}={value}");
    }
    text + &show_sdp(sdp.as_ref())
}

fn show_request(sent: &Outgoing) -> String {
    let Outgoing { method, uri, branch, cseq, destination, reason, .. } = sent;
    let reason = reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
    assert!([PHONE, CALLER].contains(destination));
    format!("{method:?} {cseq} {uri} {branch}{reason}{}", show_sdp(sent.sdp.as_ref()))
}

fn show_sdp(sdp: Option<&Sdp>) -> String {
    sdp.map(|sdp| format!(" [{}]", String::from_utf8_lossy(sdp))).unwrap_or_default()
}

fn show_fact(fact: &SipFact) -> String {
    match fact {
        SipFact::CallArrived { dialled, offer, .. } => {
            format!("CallArrived {dialled}{}", show_sdp(offer.as_ref()))
        }
        SipFact::Ringing { .. } => "Ringing".to_owned(),
        SipFact::EarlyMedia { answer, .. } => format!("EarlyMedia{}", show_sdp(Some(answer))),
        SipFact::Answered { answer, .. } => format!("Answered{}", show_sdp(Some(answer))),
        SipFact::Failed { cause, .. } => format!("Failed {cause:?}"),
        SipFact::Ended { cause, .. } => format!("Ended {cause:?}"),
        SipFact::OfferReceived { offer, body, .. } => {
            format!("OfferReceived {}{}", offer.0, show_sdp(Some(body)))
        }
        other => format!("{other:?}"),
    }
}

fn with_offer(method: Method, cseq: u32) -> Request {
    Request { sdp: Some(sdp("their-offer")), ..within(method, cseq) }
}

/// A response to the second INVITE of a leg.
fn second(status: u16, tag: &str) -> Response {
    Response { branch: "z9hG4bKours.i1".to_owned(), ..sample::response(status, tag) }
}

#[test]
fn an_answer_that_is_never_acknowledged() {
    let ladder = Ladder::caller(&sample::invite()).signal(180).answer();
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn a_hang_up_waits_for_the_ack() {
    let ladder = Ladder::caller(&sample::invite()).answer().end(Cause::HungUp);
    let ladder = ladder.request(&with_offer(Method::Invite, 2)).wait(1);
    let ladder = ladder.ack(&within(Method::Ack, 1)).end(Cause::HungUp);
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn ringing_is_repeated_every_minute() {
    let ladder = Ladder::caller(&sample::invite()).signal(180).signal(180);
    let ladder = ladder.timer().timer().signal(181).timer().end(Cause::NoAnswer);
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn cancel_and_answer_cross() {
    let cancelled = Ladder::caller(&sample::invite()).signal(180).cancel().answer().signal(181);
    assert_snapshot!("cancel_first", cancelled.whole_story());
    let answered = Ladder::caller(&sample::invite()).answer().cancel();
    let answered = answered.ack(&within(Method::Ack, 1)).request(&within(Method::Bye, 2));
    assert_snapshot!("answer_first", answered.whole_story());
}

#[test]
fn a_caller_leaves_by_bye_before_the_answer() {
    let ladder = Ladder::caller(&sample::invite()).signal(180);
    let ladder = ladder.request(&with_offer(Method::Update, 2)).request(&within(Method::Info, 3));
    let ladder = ladder.request(&within(Method::Bye, 4)).request(&within(Method::Bye, 4));
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn offers_are_answered_one_at_a_time() {
    let ladder = Ladder::caller(&sample::invite()).answer().ack(&within(Method::Ack, 1));
    let ladder = ladder.request(&with_offer(Method::Invite, 2));
    let ladder = ladder.request(&with_offer(Method::Update, 3));
    let ladder = ladder.answer_offer(7, Some(sdp("not-asked"))).answer_offer(1, Some(sdp("yes")));
    let ladder = ladder.answer_offer(1, Some(sdp("again"))).ack(&within(Method::Ack, 2));
    let ladder = ladder.request(&with_offer(Method::Update, 4)).answer_offer(2, None);
    let ladder = ladder.request(&within(Method::Update, 5));
    let ladder =
        ladder.request(&with_offer(Method::Invite, 2)).request(&with_offer(Method::Update, 5));
    let ladder = ladder.request(&with_offer(Method::Invite, 6)).request(&within(Method::Bye, 7));
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn an_offer_of_ours_needs_an_answer() {
    let late = Request { sdp: None, ..sample::invite() };
    let ladder = Ladder::caller(&late).answer().request(&with_offer(Method::Update, 2));
    let ladder = ladder.ack(&within(Method::Ack, 1));
    assert_snapshot!("no_answer_in_ack", ladder.whole_story());
    let ladder = Ladder::caller(&late).answer().ack(&with_offer(Method::Ack, 1));
    let ladder = ladder.request(&within(Method::Invite, 2)).ack(&with_offer(Method::Ack, 2));
    let ladder = ladder.end(Cause::HungUp);
    assert_snapshot!("answers_in_acks", ladder.whole_story());
}

#[test]
fn a_new_address_is_used_once_it_is_accepted() {
    let moved: SocketAddr = "10.0.0.2:5060".parse().unwrap();
    let mut offer = with_offer(Method::Invite, 2);
    offer.source = moved;
    offer.contacts = vec!["<sip:593@10.0.0.77>".to_owned()];
    let mut refused = with_offer(Method::Invite, 3);
    refused.contacts = vec!["<sip:593@10.0.0.88>".to_owned()];
    let ladder = Ladder::caller(&sample::invite()).answer().ack(&within(Method::Ack, 1));
    let ladder =
        ladder.request(&offer).answer_offer(1, Some(sdp("yes"))).ack(&within(Method::Ack, 2));
    let ladder = ladder.request(&refused).answer_offer(2, None).end(Cause::HungUp);
    assert!(ladder.whole_story().contains("Bye 1 sip:593@10.0.0.77 "));
}

#[test]
fn late_and_forked_answers_are_acknowledged_and_ended() {
    let ladder = Ladder::phone(&["sip:b@one"]).response(&sample::response(180, "x"));
    let ladder = ladder.response(&sample::response(200, "x")).response(&sample::response(200, "x"));
    let ladder = ladder.response(&sample::response(200, "y")).response(&sample::response(200, "y"));
    let ladder = ladder.end(Cause::HungUp).wait(31).response(&sample::response(200, "x"));
    let ladder = ladder.response(&sample::response(200, "z"));
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn cancel_waits_for_a_provisional() {
    let ladder = Ladder::phone(&["sip:b@one", "sip:b@two"]).response(&second(100, ""));
    let ladder = ladder.end(Cause::CompletedElsewhere).end(Cause::HungUp);
    let ladder = ladder.response(&sample::response(180, "x")).response(&second(487, "y"));
    let ladder = ladder.response(&sample::response(200, "x"));
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn a_silent_phone_is_abandoned_in_the_end() {
    let ladder = Ladder::phone(&["sip:b@one"]).response(&sample::response(180, "x"));
    assert_snapshot!(ladder.end(Cause::Cancelled).whole_story());
}

#[test]
fn a_person_who_declines_stops_all() {
    let ladder = Ladder::phone(&["sip:b@one", "sip:b@two"]).response(&sample::response(180, "x"));
    let ladder = ladder.response(&second(603, "y")).response(&second(603, "y"));
    assert_snapshot!(ladder.response(&sample::response(487, "x")).whole_story());
}

#[test]
fn the_last_refusal_counts_the_weightiest() {
    let cases: [(&[u16], Cause); 6] = [
        (&[486, 404], Cause::Busy),
        (&[404, 486], Cause::Busy),
        (&[408, 408], Cause::Unreachable),
        (&[408, 302], Cause::Failed),
        (&[487, 480], Cause::NoAnswer),
        (&[487, 487], Cause::Failed),
    ];
    for (statuses, cause) in cases {
        let ladder = Ladder::phone(&["sip:b@one", "sip:b@two"]);
        let ladder = ladder.response(&sample::response(statuses[0], "x"));
        // The same binding again doesn't count as the other one.
        let ladder = ladder.response(&sample::response(statuses[0], "x"));
        assert!(!ladder.text.contains("fact"), "{statuses:?}");
        let text = ladder.response(&second(statuses[1], "y")).whole_story();
        assert!(text.contains(&format!("fact Failed {cause:?}")), "{statuses:?}\n{text}");
    }
}

#[test]
fn no_response_is_no_answer_after_ringing_only() {
    let silent = Ladder::phone(&["sip:b@one"]).response(&sample::response(408, ""));
    assert!(silent.whole_story().contains("Failed Unreachable"));
    let rang = Ladder::phone(&["sip:b@one"]).response(&sample::response(180, "x"));
    assert!(rang.response(&sample::response(408, "x")).whole_story().contains("Failed NoAnswer"));
}

#[test]
fn media_may_come_before_the_answer() {
    let early = Response { sdp: Some(sdp("early")), ..sample::response(183, "x") };
    let bare = Response { sdp: None, ..sample::response(200, "x") };
    let ladder = Ladder::phone(&["sip:b@one"]).response(&early).response(&early);
    let ladder = ladder.response(&sample::response(180, "x")).response(&bare).end(Cause::HungUp);
    assert_snapshot!("answer_came_early", ladder.whole_story());
    let ladder = Ladder::phone(&["sip:b@one"]).response(&bare);
    assert_snapshot!("no_answer_at_all", ladder.whole_story());
}

#[test]
fn a_called_phone_makes_requests_of_its_own() {
    let from_phone = |method, cseq| Request {
        call_id: "call-2".to_owned(),
        from_tag: "x".to_owned(),
        ..with_offer(method, cseq)
    };
    let ladder = Ladder::phone(&["sip:b@one"]).request(&from_phone(Method::Update, 1));
    let ladder = ladder.response(&sample::response(200, "x"));
    let ladder = ladder.request(&from_phone(Method::Invite, 2)).answer_offer(1, Some(sdp("yes")));
    let ladder = ladder.ack(&from_phone(Method::Ack, 2)).request(&from_phone(Method::Other, 3));
    let stranger = Request { from_tag: "other".to_owned(), ..from_phone(Method::Invite, 9) };
    let ladder = ladder.request(&stranger).request(&from_phone(Method::Bye, 4));
    assert_snapshot!(ladder.whole_story());
}

#[test]
fn strange_forks_have_an_end() {
    let mut ladder = Ladder::phone(&["sip:b@one"]);
    for fork in 0..20 {
        ladder = ladder.response(&sample::response(200, &format!("t{fork}")));
    }
    assert_eq!(ladder.text.matches("→ far Ack").count(), 8);
    let unknown = Response { branch: "z9hG4bKelse".to_owned(), ..sample::response(200, "u") };
    let foreign = Response { call_id: "else".to_owned(), ..sample::response(200, "u") };
    let ladder = ladder.response(&unknown).response(&foreign);
    assert_eq!(ladder.text.matches("→ far Ack").count(), 8);
}
