//! Scenarios as text: reads the lines described at the crate's root and plays them.

use crate::office::{Office, carrier_id, item_id, phone_id};
use crate::world::{Act, World};
use call::input::CameBy;
use model::call::{Presented, Privacy, Provenance};
use model::carrier::Carrier;
use model::employee::Presence;
use model::explain::{Direction, ExplainRequest, PhoneAct, PhoneOutcome};
use model::item::ItemType;
use model::screen::ScreenList;
use model::time::Mono;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// Plays a scenario and returns its ladder; an error names the line.
pub fn play(text: &str) -> Result<String, String> {
    let mut script = Script { world: World::new(Office::new()), last: Mono::default() };
    for (index, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        if !line.is_empty() && !line.starts_with('#') {
            script.line(line).map_err(|error| format!("line {}: {line}: {error}", index + 1))?;
        }
    }
    script.world.advance_to(script.last.after(Duration::from_secs(1)));
    Ok(script.world.into_ladder())
}

struct Script {
    world: World,
    last: Mono,
}

impl Script {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
        let Ok(seconds) = first.parse::<f64>() else { return self.setting(line) };
        self.last = Mono(Duration::from_secs_f64(seconds));
        self.world.advance_to(self.last);
        self.event(rest.trim())
    }

    fn event(&mut self, event: &str) -> Result<(), String> {
        let words: Vec<&str> = event.split_whitespace().collect();
        match words.as_slice() {
            ["ends"] => Ok(()),
            ["set" | "settings" | "employee" | "phone" | "mobile" | "list", ..] => {
                self.world.remark(event);
                self.setting(event)
            }
            ["explain", extension, "from", from, outcomes @ ..] => {
                self.world.remark(event);
                self.explain(extension, from, outcomes)
            }
            [phone, "dials", dialled] => {
                self.world.dial(phone, dialled);
                Ok(())
            }
            [caller, "calls", number, how @ ..] => self.call_from_outside(caller, number, how),
            [phone, "registers"] => self.registered(phone, true),
            [phone, "unregisters"] => self.registered(phone, false),
            [phone, "rings"] => self.world.act(phone, Act::Rings),
            [phone, "answers"] => self.world.act(phone, Act::Answers),
            [phone, "is", "busy"] => self.world.act(phone, Act::IsBusy),
            [phone, "declines"] => self.world.act(phone, Act::Declines),
            [phone, "fails"] => self.world.act(phone, Act::Fails),
            [phone, "hangs", "up"] | [phone, "cancels"] => self.world.act(phone, Act::HangsUp),
            _ => Err("no such event".to_owned()),
        }
    }

    fn setting(&mut self, line: &str) -> Result<(), String> {
        let mut words = line.splitn(4, ' ');
        let mut word = || words.next().unwrap_or_default();
        let (kind, name, third, rest) = (word(), word(), word(), word());
        let office = &mut self.world.office;
        match kind {
            "extension" => office.extension(name, &format!("{third} {rest}"))?,
            "employee" => office.employee(name, parse(third, Presence::parse)?)?,
            "mobile" => office.mobile(name, third, rest == "dnd")?,
            "settings" => office.set_customer(name, json(&format!("{third} {rest}"))?)?,
            "trunk" => office.trunk(name, &format!("{third} {rest}"))?,
            "list" => office.list(name, parse(third, ScreenList::parse)?, rest)?,
            "carrier" => {
                let flags = [third, rest];
                let [trust_from, mobile_of] = ["trusted", "mobiles"].map(|it| flags.contains(&it));
                self.world.carrier(Carrier { id: carrier_id(name), trust_from, mobile_of });
                return Ok(());
            }
            "item" => office.bare_item(name, parse(third, ItemType::parse)?, rest)?,
            "set" => office.set(name, third, json(rest)?)?,
            "phone" => {
                let flags = [third, rest];
                office.sip_phone(name, flags.contains(&"dnd"));
                if !flags.contains(&"offline") {
                    self.world.phone_registered(name, true);
                }
            }
            _ => return Err("no such setting".to_owned()),
        }
        self.world.settings_changed();
        Ok(())
    }

    fn call_from_outside(
        &mut self,
        caller: &str,
        number: &str,
        how: &[&str],
    ) -> Result<(), String> {
        let by = how.iter().skip_while(|word| **word != "by").nth(1).map(|name| carrier_id(name));
        let by = by.or(self.world.first_carrier()).ok_or("there is no carrier")?;
        let known = caller.starts_with('+').then(|| caller.to_owned());
        let provenance = match &known {
            None => Provenance::None,
            Some(_) if how.contains(&"unvouched") => Provenance::FromOnly,
            Some(_) => Provenance::TrunkAsserted,
        };
        let secret = known.is_none() || how.contains(&"secretly");
        let privacy = if secret { Privacy::Secret } else { Privacy::Open };
        let presented = Presented { number: known, name: None, provenance, privacy };
        self.world.arrive(caller, CameBy::Carrier(by), presented, number);
        Ok(())
    }

    fn registered(&mut self, phone: &str, registered: bool) -> Result<(), String> {
        self.world.remark(&format!("{phone} {}", if registered { "registers" } else { "is gone" }));
        self.world.phone_registered(phone, registered);
        Ok(())
    }

    fn explain(&mut self, extension: &str, from: &str, outcomes: &[&str]) -> Result<(), String> {
        let outcomes: Result<Vec<_>, String> = outcomes.chunks(3).map(outcome).collect();
        let request = ExplainRequest {
            direction: Direction::Inbound,
            from: Some(from.to_owned()),
            to: None,
            at: None,
            presence: None,
            phones: BTreeMap::new(),
            outcomes: outcomes?,
        };
        self.world.explain(item_id(extension), &request);
        Ok(())
    }
}

fn outcome(words: &[&str]) -> Result<PhoneOutcome, String> {
    let [phone, is, after] = words else { return Err("PHONE OUTCOME SECONDS".to_owned()) };
    let after: f64 = after.parse().map_err(|_| "seconds".to_owned())?;
    Ok(PhoneOutcome {
        phone: phone_id(phone),
        after_ms: u64::try_from(Duration::from_secs_f64(after).as_millis()).unwrap_or(u64::MAX),
        is: parse(is, PhoneAct::parse)?,
        key: None,
    })
}

fn parse<T>(word: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, String> {
    parse(word).ok_or(format!("{word} isn't a word known here"))
}

/// A value as JSON; `@593` is the id of item 593.
fn json(text: &str) -> Result<Value, String> {
    match text.strip_prefix('@') {
        Some(number) => Ok(Value::String(item_id(number).to_string())),
        None => serde_json::from_str(text).map_err(|error| error.to_string()),
    }
}
