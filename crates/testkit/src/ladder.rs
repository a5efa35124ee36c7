//! The ladder: what went over which wire, when, and at the end of each call its record and trace.

use crate::office::{Office, phone_name};
use model::call::{Presented, Privacy};
use model::id::PhoneId;
use model::record::{CallRecord, LegRecord, Party};
use model::time::{Mono, Wall};
use model::trace::{Step, StepValue};
use std::fmt::Write;
use std::time::Duration;

/// The lines so far.
#[derive(Debug, Default)]
pub(crate) struct Ladder(String);

impl Ladder {
    pub(crate) fn into_text(self) -> String {
        self.0
    }

    pub(crate) fn remark(&mut self, at: Mono, text: &str) {
        self.line(format_args!("{} {text}", seconds(at.0)));
    }

    pub(crate) fn phone_says(&mut self, at: Mono, phone: &str, words: &str) {
        self.arrow(at, phone, "pbx", words);
    }

    pub(crate) fn pbx_says(&mut self, at: Mono, phone: &str, words: &str) {
        self.arrow(at, "pbx", phone, words);
    }

    pub(crate) fn invite(&mut self, at: Mono, phone: &str, presented: &Presented) {
        let number = presented.number.as_deref().unwrap_or("no number");
        let name = presented.name.as_ref().map_or("", |name| name.as_str());
        let secret = if presented.privacy == Privacy::Secret { ", secret" } else { "" };
        self.pbx_says(at, phone, &format!("INVITE from {number} {name}{secret}"));
    }

    pub(crate) fn record(&mut self, at: Mono, record: &CallRecord, office: &Office) {
        let by = record.terminated_by.as_str();
        let reason = record.terminated_reason.as_str();
        let (caller, callee) = (party(&record.caller), party(&record.callee));
        self.remark(at, &format!("record {caller} → {callee}, ended by {by}, {reason}"));
        for leg in &record.legs {
            self.leg(leg, record.started);
        }
        self.steps(&record.steps, office);
    }

    fn leg(&mut self, leg: &LegRecord, started: Wall) {
        let phone = leg.phone.map_or_else(|| "outside".to_owned(), phone_name);
        let after = |at: Wall| seconds(Duration::from_millis((at.0 - started.0).unsigned_abs()));
        let from = after(leg.started);
        let answered = leg.answered.map(|at| format!(", answered +{}", after(at)));
        let answered = answered.unwrap_or_default();
        let (ended, cause) = (after(leg.ended), leg.cause.as_str());
        self.line(format_args!("    leg {phone} +{from}{answered}, ended +{ended} {cause}"));
    }

    pub(crate) fn steps(&mut self, steps: &[Step], office: &Office) {
        for step in steps {
            let after = seconds(Duration::from_millis(step.after_ms));
            let item = step.item.map_or_else(|| "-".to_owned(), |id| office.item_name(id));
            let value = value(&step.value, office);
            let subject = match &step.setting {
                Some(setting) => format!("{setting} = {value}"),
                None => value,
            };
            let (rule, outcome) = (step.rule.as_str(), step.outcome.as_str());
            self.line(format_args!("    +{after} {item:<4} {rule:<12} {subject:<34} {outcome}"));
        }
    }

    fn arrow(&mut self, at: Mono, from: &str, to: &str, words: &str) {
        let wire = format!("{from} → {to}");
        self.line(format_args!("{} {wire:<22} {words}", seconds(at.0)));
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a String can't fail.
        writeln!(self.0, "{line}").ok();
    }
}

fn seconds(time: Duration) -> String {
    format!("{:02}.{:03}", time.as_secs(), time.subsec_millis())
}

fn party(party: &Party) -> String {
    let number = party.number.as_deref().unwrap_or("nobody");
    match party.phone {
        Some(phone) => format!("{number} ({})", phone_name(phone)),
        None => number.to_owned(),
    }
}

/// The value; ids by the names of the office.
fn value(value: &StepValue, office: &Office) -> String {
    match value {
        StepValue::Null => "null".to_owned(),
        StepValue::Bool(value) => value.to_string(),
        StepValue::Count(count) => count.to_string(),
        StepValue::Text(text) => {
            let phone = text.parse::<PhoneId>().ok();
            let phone = phone.filter(|id| office.directory().phone(*id).is_some());
            let item = text.parse().ok().map(|id| office.item_name(id));
            phone.map(phone_name).or(item).unwrap_or_else(|| text.clone())
        }
    }
}
