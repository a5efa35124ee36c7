//! Steps of a trace in plain English: what decided, what it was, what followed. Ids are told as what
//! people call the thing now; a step without item and value, as somebody sees it who sees the item
//! masked, is told without them. Knows nothing of who reads.

use crate::directory::Directory;
use crate::id::{ItemId, PhoneId};
use crate::number::Number;
use crate::phone::{Line, Phone};
use crate::trace::{Outcome, Rule, Step, StepValue};

/// The step in plain English.
pub fn sentence(step: &Step, directory: &Directory) -> String {
    let words = Words { step, directory };
    match step.rule {
        Rule::Caller => words.caller(),
        Rule::Dialled => words.dialled(),
        Rule::Destinations => words.destinations(),
        Rule::Entered => words.entered(),
        Rule::Limits => words.limits(),
        Rule::Blocklist => words.blocklist(),
        Rule::BlockSecret => words.block_secret(),
        Rule::Redirect => words.redirect(),
        Rule::InboundGoto => words.inbound_goto(),
        Rule::Goto => words.goto(),
        Rule::Presence => words.presence(),
        Rule::Phones => words.phones(),
        Rule::InCall => words.in_call(),
        Rule::Ring => words.ring(),
        Rule::Busy => words.handled("Busy handling"),
        Rule::NoAnswer => words.handled("No-answer handling"),
        Rule::Diversion => words.diversion(),
        Rule::End => words.end(),
    }
}

struct Words<'a> {
    step: &'a Step,
    directory: &'a Directory,
}

impl Words<'_> {
    fn caller(&self) -> String {
        let number = self.text().map(|number| format!("{number} calls."));
        let named = self.step.item.and_then(|id| self.item(id));
        let named = named.map(|name| format!("{name} calls."));
        named.or(number).unwrap_or_else(|| "Someone calls.".to_owned())
    }

    fn dialled(&self) -> String {
        let number = self.text().filter(|text| !text.is_empty()).unwrap_or("A number");
        let reached = self.step.item.and_then(|id| self.item(id));
        match (self.step.outcome, reached) {
            (Outcome::NotFound, _) => format!("{number} was dialled: nobody has that number."),
            (Outcome::Refused, _) => {
                format!("{number} was dialled by a phone without an extension: it may not call.")
            }
            (_, Some(name)) => format!("{number} was dialled: it reaches {name}."),
            (_, None) => format!("{number} was dialled."),
        }
    }

    fn destinations(&self) -> String {
        let setting = self.setting().map(|setting| format!("{setting}: ")).unwrap_or_default();
        match self.step.outcome {
            Outcome::Refused => format!("{setting}that may not be dialled."),
            _ => format!("{setting}that may be dialled."),
        }
    }

    fn entered(&self) -> String {
        let item = self.step.item.and_then(|id| self.item(id));
        let item = item.as_deref().unwrap_or("Another extension or item");
        match self.step.outcome {
            Outcome::NotFound => "The call goes to an item that is gone.".to_owned(),
            Outcome::FallsBack => {
                let kind = self.text().map(|kind| format!(", a {kind},")).unwrap_or_default();
                format!("{item}{kind} can't take calls yet.")
            }
            _ => format!("{item} has the call."),
        }
    }

    fn limits(&self) -> String {
        let count = self.value();
        match (self.step.outcome, &self.step.value) {
            (Outcome::LimitReached, StepValue::Null) => "A limit is reached.".to_owned(),
            (Outcome::LimitReached, _) => format!("A limit is reached: {count}."),
            (_, StepValue::Null) => "The call may still visit items.".to_owned(),
            (_, StepValue::Count(1)) => "The call has visited 1 item so far.".to_owned(),
            _ => format!("The call has visited {count} items so far."),
        }
    }

    fn blocklist(&self) -> String {
        match self.text() {
            Some(number) => format!("The caller is on the blocklist, as {number}: refused."),
            None => "The caller is on the blocklist: refused.".to_owned(),
        }
    }

    fn block_secret(&self) -> String {
        let setting = self.setting().unwrap_or_else(|| "Secret callers may be refused".to_owned());
        match self.step.outcome {
            Outcome::NotSet => "Callers may be secret.".to_owned(),
            Outcome::Accepted => format!("{setting}, and the caller shows a number."),
            Outcome::Skipped => format!("{setting}, and the caller is a colleague."),
            outcome => format!("The caller shows no number; {setting}: {}.", result(outcome)),
        }
    }

    fn inbound_goto(&self) -> String {
        let setting = self.setting().unwrap_or_else(|| "Calls go elsewhere first".to_owned());
        match self.step.outcome {
            Outcome::NotSet => "Calls don't go elsewhere first.".to_owned(),
            Outcome::Skipped => format!("{setting}: the call has been there."),
            outcome => format!("{setting}: {}.", result(outcome)),
        }
    }

    fn goto(&self) -> String {
        match (self.setting(), self.step.outcome) {
            (_, Outcome::NotSet) => "It sends calls nowhere.".to_owned(),
            (Some(setting), outcome) => format!("{setting}: {}.", result(outcome)),
            (None, outcome) => format!("It sends calls on: {}.", result(outcome)),
        }
    }

    fn redirect(&self) -> String {
        let setting = self.setting().unwrap_or_else(|| "There is a redirect".to_owned());
        match self.step.outcome {
            Outcome::NotSet => "No redirect is set.".to_owned(),
            outcome => format!("{setting}: {}.", result(outcome)),
        }
    }

    fn presence(&self) -> String {
        match (self.setting(), self.step.outcome) {
            (Some(_), Outcome::Accepted) if self.step.value == StepValue::Null => {
                "No employee uses the extension, so presence doesn't matter.".to_owned()
            }
            (Some(setting), outcome) => format!("{setting}: {}.", result(outcome)),
            (None, Outcome::Accepted) if self.text().is_some() => {
                "The employee is at work.".to_owned()
            }
            (None, outcome) => format!("The employee's presence decides: {}.", result(outcome)),
        }
    }

    fn phones(&self) -> String {
        match self.step.outcome {
            Outcome::Busy => "Do not disturb is on: handled as busy.".to_owned(),
            Outcome::NoAnswer => "No phone can be rung: handled as not answered.".to_owned(),
            Outcome::Accepted => format!("{} can be rung.", self.phone()),
            Outcome::Skipped => format!("{} is the one that calls.", self.phone()),
            outcome => format!("{} {}.", self.phone(), phone_result(outcome)),
        }
    }

    fn in_call(&self) -> String {
        match (self.setting(), self.step.outcome) {
            (Some(setting), outcome) => {
                format!("It is in a call already, and {setting}: {}.", result(outcome))
            }
            (None, Outcome::Busy) => "It is in a call already: handled as busy.".to_owned(),
            (None, _) => match self.step.value {
                StepValue::Null => "It can take the call.".to_owned(),
                _ => "It is in no other call.".to_owned(),
            },
        }
    }

    fn ring(&self) -> String {
        let phone = self.phone();
        match (self.setting(), self.step.outcome, self.text()) {
            (Some(setting), Outcome::Rings, _) => format!("It rings; {setting}."),
            (Some(setting), outcome, _) => {
                format!("Nobody answers in time; {setting}: {}.", result(outcome))
            }
            (_, Outcome::Busy, Some("rejected")) => "Someone declined: handled as busy.".to_owned(),
            (_, Outcome::Busy, Some("all_phones_busy")) => {
                "Every phone is busy or out of reach: handled as busy.".to_owned()
            }
            (_, Outcome::NoAnswer, _) => "No phone answers: handled as not answered.".to_owned(),
            (_, outcome, _) => format!("{phone} {}.", phone_result(outcome)),
        }
    }

    fn handled(&self, what: &str) -> String {
        let decided = self.setting().unwrap_or_else(|| what.to_owned());
        let comes_to = match (self.step.rule, self.step.outcome) {
            (Rule::Busy, Outcome::Refused) => "the caller hears busy",
            (_, outcome) => result(outcome),
        };
        format!("{decided}: {comes_to}.")
    }

    fn diversion(&self) -> String {
        let to = self.text().map(|number| self.number(number));
        match (self.step.outcome, to) {
            (Outcome::LimitReached, _) => "It was diverted too often.".to_owned(),
            (Outcome::Refused, _) => "The call may not be diverted there.".to_owned(),
            (_, Some(to)) => format!("The call is diverted to {to}."),
            (_, None) => "The call is diverted.".to_owned(),
        }
    }

    fn end(&self) -> String {
        match self.text() {
            Some(cause) => format!("The call ends: {}.", cause.replace('_', " ")),
            None => "The call ends.".to_owned(),
        }
    }

    fn text(&self) -> Option<&str> {
        match &self.step.value {
            StepValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The member that decided and what it is: `noAnswer.timeout is 30 seconds`.
    fn setting(&self) -> Option<String> {
        let path = self.step.setting.as_deref()?;
        let unit = if path.ends_with(".timeout") { " seconds" } else { "" };
        Some(format!("{path} is {}{unit}", self.value()))
    }

    fn value(&self) -> String {
        match &self.step.value {
            StepValue::Null => "not set".to_owned(),
            StepValue::Bool(true) => "on".to_owned(),
            StepValue::Bool(false) => "off".to_owned(),
            StepValue::Count(count) => count.to_string(),
            StepValue::Text(text) => {
                text.parse().ok().and_then(|id| self.item(id)).unwrap_or_else(|| text.clone())
            }
        }
    }

    /// `Donald Duck (592)`.
    fn item(&self, id: ItemId) -> Option<String> {
        let summary = self.directory.item(id)?.summary();
        let name = summary.name.as_str();
        Some(match &summary.number {
            Some(number) => format!("{name} ({})", number.as_str()),
            None => name.to_owned(),
        })
    }

    /// The number, with whom it reaches if it is one of the customer.
    fn number(&self, text: &str) -> String {
        let item = match Number::parse(text) {
            Ok(Number::Local(number)) => self.directory.item_by_number(&number),
            Ok(Number::Public(number)) => self.directory.item_by_direct(&number),
            Err(_) => None,
        };
        item.and_then(|item| self.item(item.id())).unwrap_or_else(|| text.to_owned())
    }

    fn phone(&self) -> String {
        let Some(text) = self.text() else { return "A phone".to_owned() };
        let id: Option<PhoneId> = text.parse().ok();
        match id.and_then(|id| self.directory.phone(id)) {
            Some(phone) => called(phone),
            None => format!("Phone {text}"),
        }
    }
}

/// What people call a phone: `SIP phone "Desk phone"`.
fn called(phone: &Phone) -> String {
    let notes = phone.notes.as_deref().filter(|notes| !notes.is_empty());
    match (&phone.line, notes) {
        (Line::Sip { .. }, Some(notes)) => format!("SIP phone \"{notes}\""),
        (Line::Sip { username, .. }, None) => format!("SIP phone {username}"),
        (Line::Mvno { number, .. }, _) => format!("Mobile phone {}", number.as_str()),
        (Line::External { number, .. }, _) => format!("External phone {}", number.as_str()),
    }
}

const fn phone_result(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Rings => "rings",
        Outcome::Answered => "answers",
        Outcome::Busy => "is busy",
        Outcome::Declined => "declines",
        Outcome::Dnd => "is in do not disturb",
        _ => "can't be reached",
    }
}

const fn result(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSet => "nothing to do",
        Outcome::Accepted => "the call goes on",
        Outcome::Skipped => "skipped for this caller",
        Outcome::Busy => "handled as busy",
        Outcome::NoAnswer => "handled as not answered",
        Outcome::Diverted => "the call is diverted",
        Outcome::Jumped => "the call goes there",
        Outcome::Refused => "the call is refused",
        Outcome::LimitReached => "a limit is reached",
        Outcome::Rings => "it rings",
        Outcome::KeepsRinging => "it keeps ringing",
        Outcome::Unreachable => "it can't be reached",
        Outcome::Dnd => "do not disturb is on",
        Outcome::Declined => "someone declined",
        Outcome::Answered => "someone answers",
        Outcome::Cancelled => "the caller gave up",
        Outcome::HungUp => "someone hung up",
        Outcome::NotFound => "nobody has that number",
        Outcome::FallsBack => "that can't be done yet, so the default follows",
    }
}
