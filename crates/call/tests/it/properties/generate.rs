//! Small random offices: four extensions that point at each other, with up to two SIP phones and a
//! mobile each, and any values of the settings that act.

use model::cause::Cause;
use model::directory::Directory;
use model::employee::Presence;
use model::explain::PhoneAct;
use model::extension::{
    BusyAction, Destinations, LocalBusyAction, MobileBusyAction, MobileNoAnswerAction,
    NoAnswerAction, PresencePolicy,
};
use model::item::ItemType;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::office::{Office, item_id};

pub const EXTENSIONS: [&str; 4] = ["1", "2", "3", "4"];
pub const PHONES: [&str; 9] =
    ["1-desk", "1-cell", "2-desk", "2-cell", "3-desk", "3-cell", "4-desk", "4-cell", "lobby"];
const NUMBERS: [&str; 8] = ["1", "2", "3", "4", "7", "999", "+4570305051", "+4571919998"];

/// A member set to a value.
#[derive(Clone, Debug)]
pub struct Setting {
    pub extension: String,
    pub path: &'static str,
    pub value: Value,
}

/// How one phone is at the start.
#[derive(Clone, Copy, Debug)]
pub struct PhonePlan {
    pub exists: bool,
    pub registered: bool,
    pub dnd: bool,
}

/// An office to be made.
#[derive(Clone, Debug)]
pub struct OfficePlan {
    pub presences: Vec<Option<Presence>>,
    pub phones: Vec<PhonePlan>,
    pub settings: Vec<Setting>,
}

impl OfficePlan {
    pub fn office(&self) -> Office {
        let mut office = Office::new();
        for number in EXTENSIONS {
            office.extension(number, "Duck").unwrap();
        }
        office.bare_item("7", ItemType::Queue, "Support").unwrap();
        office.trunk("8", "Main number").unwrap();
        office.set("8", "numbers", json!(["+4570305000"])).unwrap();
        office.set("8", "goto", json!(item_id("1").to_string())).unwrap();
        office.mobile("2-mobile", "+4571919998", false).unwrap();
        office.set("1", "direct", json!("+4570305051")).unwrap();
        for (number, presence) in EXTENSIONS.iter().zip(&self.presences) {
            if let Some(presence) = presence {
                office.employee(number, *presence).unwrap();
            }
        }
        for (name, plan) in PHONES.iter().zip(&self.phones) {
            if plan.exists {
                office.sip_phone(name, plan.dnd);
            }
        }
        for setting in &self.settings {
            office.set(&setting.extension, setting.path, setting.value.clone()).unwrap();
        }
        office
    }

    pub fn directory(&self) -> Arc<Directory> {
        self.office().directory()
    }

    /// The first phone of an extension, if it has one: the one that calls.
    pub fn first_phone(&self, extension: &str) -> Option<&'static str> {
        let phones = PHONES.iter().zip(&self.phones);
        let mut own =
            phones.filter(|(name, plan)| plan.exists && name.split('-').next() == Some(extension));
        own.next().map(|(name, _)| *name)
    }

    pub fn registered(&self) -> impl Iterator<Item = &'static str> {
        let phones = PHONES.iter().zip(&self.phones);
        phones.filter(|(_, plan)| plan.exists && plan.registered).map(|(name, _)| *name)
    }
}

pub fn office() -> impl Strategy<Value = OfficePlan> {
    let presence = prop::option::of(select(Presence::ALL));
    let phone = (prop::bool::weighted(0.8), prop::bool::weighted(0.8), prop::bool::weighted(0.2));
    let phone = phone.prop_map(|(exists, registered, dnd)| PhonePlan { exists, registered, dnd });
    (
        prop::collection::vec(presence, EXTENSIONS.len()),
        prop::collection::vec(phone, PHONES.len()),
        prop::collection::vec(setting(), 0..24),
    )
        .prop_map(|(presences, phones, settings)| OfficePlan { presences, phones, settings })
}

pub fn setting() -> impl Strategy<Value = Setting> {
    (select(&EXTENSIONS[..]), member()).prop_map(|(extension, (path, value))| Setting {
        extension: extension.to_owned(),
        path,
        value,
    })
}

type Member = (&'static str, Value);

fn member() -> impl Strategy<Value = Member> {
    let policy = ["onPresenceOffWork", "onPresenceHoliday", "onPresenceBusy"];
    let number = [
        "redirect",
        "noAnswer.extNumber",
        "noAnswer.intNumber",
        "noAnswer.mobileNumber",
        "busy.extNumber",
        "busy.intNumber",
        "busy.mobileNumber",
    ];
    let goto = [
        "inboundGoto",
        "noAnswer.extGoto",
        "noAnswer.intGoto",
        "noAnswer.mobileGoto",
        "busy.extGoto",
        "busy.intGoto",
        "busy.mobileGoto",
    ];
    let target = prop::option::of(select(&NUMBERS[..])).prop_map(|number| json!(number));
    let item = prop::option::weighted(0.8, select(vec!["1", "2", "3", "4", "7", "gone"]));
    let item = item.prop_map(|number| json!(number.map(|number| item_id(number).to_string())));
    prop_oneof![
        2 => (select(policy.to_vec()), word(PresencePolicy::WORDS)),
        3 => (select(number.to_vec()), target),
        3 => (select(goto.to_vec()), item),
        1 => (Just("noAnswer.timeout"), (5_u32..=60).prop_map(|seconds| json!(seconds))),
        1 => (Just("noAnswer.extAction"), word(NoAnswerAction::WORDS)),
        2 => (Just("noAnswer.intAction"), word(NoAnswerAction::WORDS)),
        1 => (Just("noAnswer.mobileAction"), word(MobileNoAnswerAction::WORDS)),
        1 => (Just("busy.extAction"), word(BusyAction::WORDS)),
        2 => (Just("busy.intAction"), word(LocalBusyAction::WORDS)),
        1 => (Just("busy.mobileAction"), word(MobileBusyAction::WORDS)),
        1 => (select(vec!["callWaiting", "blockSecret"]), any::<bool>().prop_map(|on| json!(on))),
        1 => (Just("outbound.destinations"), word(Destinations::WORDS)),
    ]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = Value> {
    select(words).prop_map(|word| json!(word))
}

/// Something that happens to an exchange.
#[derive(Clone, Debug)]
pub enum Event {
    Dial {
        phone: &'static str,
        dialled: &'static str,
    },
    /// A call from outside; without a number of the caller if it has none.
    Outside {
        from: Option<&'static str>,
        called: &'static str,
    },
    /// To one of the legs made so far, ended ones too.
    Leg {
        index: prop::sample::Index,
        fact: Happens,
    },
    Registered {
        phone: &'static str,
        registered: bool,
    },
    Set(Setting),
    Wait {
        milliseconds: u64,
    },
}

/// What happens to a leg.
#[derive(Clone, Copy, Debug)]
pub enum Happens {
    Rings,
    Answers,
    Fails(Cause),
    Ends(Cause),
}

pub fn event() -> impl Strategy<Value = Event> {
    let phone = || select(&PHONES[..]);
    let happens = prop_oneof![
        1 => Just(Happens::Rings),
        2 => Just(Happens::Answers),
        1 => select(Cause::ALL).prop_map(Happens::Fails),
        1 => select(Cause::ALL).prop_map(Happens::Ends),
    ];
    prop_oneof![
        4 => (phone(), dialled()).prop_map(|(phone, dialled)| Event::Dial { phone, dialled }),
        2 => (outsider(), called()).prop_map(|(from, called)| Event::Outside { from, called }),
        8 => (any::<prop::sample::Index>(), happens)
            .prop_map(|(index, fact)| Event::Leg { index, fact }),
        2 => (phone(), any::<bool>())
            .prop_map(|(phone, registered)| Event::Registered { phone, registered }),
        1 => setting().prop_map(Event::Set),
        3 => (0_u64..70_000).prop_map(|milliseconds| Event::Wait { milliseconds }),
    ]
}

/// Who calls from outside.
fn outsider() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.8, select(vec!["+4520212223", "+12", "70305051"]))
}

/// What outsiders call: a direct number, a mobile's own, a TRUNK item's, nobody's.
fn called() -> impl Strategy<Value = &'static str> {
    select(vec!["+4570305051", "+4571919998", "+4570305000", "70305051", "+4570309999"])
}

fn dialled() -> impl Strategy<Value = &'static str> {
    select(vec!["1", "2", "3", "4", "7", "999", "+4570305051", "+4571919998", "70305059", "x", ""])
}

/// Who makes the watched call: an extension, or somebody outside with this number, if any.
#[derive(Clone, Copy, Debug)]
pub enum SingleCaller {
    Extension(&'static str),
    Outside(Option<&'static str>),
}

/// One call that is watched, with one before it that keeps phones busy, and what phones do each time
/// that they ring.
#[derive(Clone, Debug)]
pub struct SingleCall {
    pub before: Option<(&'static str, &'static str)>,
    pub caller: SingleCaller,
    pub dialled: &'static str,
    pub outcomes: Vec<(&'static str, u64, PhoneAct)>,
}

pub fn single_call() -> impl Strategy<Value = SingleCall> {
    let act = select(vec![
        PhoneAct::Answer,
        PhoneAct::Busy,
        PhoneAct::Busy,
        PhoneAct::Decline,
        PhoneAct::Unreachable,
    ]);
    let outcome = (select(&PHONES[..8]), 0_u64..60_000, act);
    let inside = (select(&EXTENSIONS[..]).prop_map(SingleCaller::Extension), dialled());
    let numbers = select(vec!["+4570305051", "+4571919998"]);
    let outside = (outsider().prop_map(SingleCaller::Outside), numbers);
    let before = prop::option::of((select(&PHONES[..8]), dialled()));
    let made = prop_oneof![2 => inside, 1 => outside];
    (before, made, prop::collection::vec(outcome, 0..12)).prop_map(
        |(before, (caller, dialled), outcomes)| SingleCall { before, caller, dialled, outcomes },
    )
}
