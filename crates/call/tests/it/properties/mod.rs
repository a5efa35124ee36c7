//! What holds for any settings and any facts.

mod checker;
mod generate;
mod single;

use checker::Checker;
use generate::{Event, OfficePlan, Setting, SingleCaller};
use proptest::prelude::*;
use single::Single;

proptest! {
    /// No fault, no command for a leg that has ended, every leg ended exactly once, one record per
    /// call, no timer in the past; and the same inputs give the same commands.
    #[test]
    fn bookkeeping_holds_whatever_happens(
        office in generate::office(),
        events in prop::collection::vec(generate::event(), 1..40),
    ) {
        let first = play(&office, &events);
        prop_assert_eq!(first, play(&office, &events));
    }

    /// A call goes as explain said that it would.
    #[test]
    fn explain_tells_the_trace_of_the_live_call(
        office in generate::office(),
        call in generate::single_call(),
    ) {
        if let SingleCaller::Extension(extension) = call.caller {
            prop_assume!(office.first_phone(extension).is_some());
        }
        let mut world = Single::new(&office);
        let (explained, steps) = world.explain(&call);
        let lived = world.live(&call);
        prop_assert_eq!(steps, lived.steps);
        prop_assert_eq!(explained, lived.result);
    }

    /// A member that the trace doesn't mention had no part in the call.
    #[test]
    fn what_the_trace_does_not_mention_changes_nothing(
        office in generate::office(),
        call in generate::single_call(),
        change in generate::setting(),
    ) {
        let before = Single::new(&office).live(&call);
        prop_assume!(!mentions(&before, &change));
        let mut changed = office.clone();
        changed.settings.push(change);
        let after = Single::new(&office).live_changed(&call, &changed);
        prop_assert_eq!(before.steps, after.steps);
        prop_assert_eq!(before.commands, after.commands);
    }
}

fn mentions(lived: &single::Lived, change: &Setting) -> bool {
    let item = testkit::office::item_id(&change.extension);
    let of_item = lived.steps.iter().filter(|step| step.item == Some(item));
    of_item.filter_map(|step| step.setting.as_deref()).any(|setting| setting == change.path)
}

fn play(office: &OfficePlan, events: &[Event]) -> Vec<call::command::Command> {
    let mut checker = Checker::new(office);
    for event in events {
        checker.event(event);
    }
    checker.finish()
}
