//! Who may do what: role by relation, as docs/API.md section 2 has it.

use model::access::{self, Denied, Level, Noun, Operation, Principal, Target, View, decide};
use model::audit::Origin;
use model::employee;
use model::extension::members::{MEMBERS, lookup};
use model::id::{CustomerId, EmployeeId};
use model::member::Member;

const HOME: CustomerId = CustomerId::from_bytes([1; 12]);
const OTHER: CustomerId = CustomerId::from_bytes([2; 12]);
const RESELLER: CustomerId = CustomerId::from_bytes([3; 12]);
const ME: EmployeeId = EmployeeId::from_bytes([4; 12]);
const SOMEBODY: EmployeeId = EmployeeId::from_bytes([5; 12]);

fn who(level: Level, customer: CustomerId) -> Principal {
    Principal { employee: ME, customer, level, origin: Origin::System }
}

fn extension_of(owner: EmployeeId) -> Target {
    Target { customer: HOME, resellers: vec![RESELLER], owners: vec![owner] }
}

fn members(paths: &[&str]) -> Vec<&'static Member> {
    paths.iter().map(|path| lookup(path).unwrap()).collect()
}

/// What a level sees of a colleague's extension and of its own.
#[test]
fn reading_follows_the_table() {
    use View::{Masked, Whole};
    let rows = [
        (Level::NoLogin, None, None),
        (Level::Personal, Some(Whole), Some(Masked)),
        (Level::Viewer, Some(Whole), Some(Whole)),
        (Level::Manager, Some(Whole), Some(Whole)),
        (Level::Owner, Some(Whole), Some(Whole)),
        (Level::Reseller, Some(Whole), Some(Whole)),
        (Level::ResellerAdmin, Some(Whole), Some(Whole)),
        (Level::Admin, Some(Whole), Some(Whole)),
    ];
    for (level, own, colleague) in rows {
        let view = |owner| {
            decide(&who(level, HOME), Operation::Read(Noun::Extension), &extension_of(owner))
                .ok()
                .map(|p| p.view())
        };
        assert_eq!((view(ME), view(SOMEBODY)), (own, colleague), "{level:?}");
    }
}

#[test]
fn another_customer_sees_nothing_unless_it_resells_or_runs_the_platform() {
    for level in Level::ALL {
        let stranger =
            decide(&who(*level, OTHER), Operation::Read(Noun::Extension), &extension_of(ME));
        assert_eq!(stranger.is_ok(), *level >= Level::ResellerAdmin, "{level:?}");
        let reseller = decide(
            &who(*level, RESELLER),
            Operation::Read(Noun::Extension),
            &extension_of(SOMEBODY),
        );
        assert_eq!(reseller.is_ok(), *level >= Level::Reseller, "{level:?}");
    }
}

#[test]
fn a_permit_is_for_the_customer_of_the_target() {
    let permit =
        decide(&who(Level::Admin, OTHER), Operation::Read(Noun::Extension), &extension_of(ME))
            .unwrap();
    assert_eq!(permit.customer(), HOME);
}

#[test]
fn personal_and_viewer_write_some_members_of_their_own_extension() {
    let changes = members(&["redirect", "busy.intAction", "outbound.destinations", "callWaiting"]);
    for level in [Level::Personal, Level::Viewer] {
        let own = decide(
            &who(level, HOME),
            Operation::Change(Noun::Extension, &changes),
            &extension_of(ME),
        );
        assert_eq!(own, Err(Denied::Members(vec!["busy.intAction", "outbound.destinations"])));
        let redirect = members(&["redirect"]);
        let own = decide(
            &who(level, HOME),
            Operation::Change(Noun::Extension, &redirect),
            &extension_of(ME),
        );
        assert!(own.is_ok());
    }
}

#[test]
fn who_sees_an_extension_whole_may_change_nothing_of_it() {
    let redirect = members(&["redirect"]);
    let write = |level, members: &[_]| {
        decide(
            &who(level, HOME),
            Operation::Change(Noun::Extension, members),
            &extension_of(SOMEBODY),
        )
    };
    assert!(write(Level::Viewer, &[]).is_ok());
    assert_eq!(write(Level::Viewer, &redirect), Err(Denied::Members(vec!["redirect"])));
    assert_eq!(write(Level::Personal, &[]), Err(Denied::Access));
    assert_eq!(write(Level::Personal, &redirect), Err(Denied::Access));
}

#[test]
fn managers_write_everything_but_what_resellers_and_nobody_may() {
    let all: Vec<_> = MEMBERS.iter().collect();
    let denied = |level, customer| match decide(
        &who(level, customer),
        Operation::Change(Noun::Extension, &all),
        &extension_of(SOMEBODY),
    ) {
        Err(Denied::Members(members)) => members,
        other => panic!("{other:?}"),
    };
    let nobody = vec!["_id", "type", "employeeDeleteDate"];
    assert_eq!(denied(Level::Admin, OTHER), nobody);
    assert_eq!(denied(Level::Reseller, RESELLER), nobody);
    let reseller_only = vec!["_id", "type", "customer", "billingCustomer", "employeeDeleteDate"];
    assert_eq!(denied(Level::Manager, HOME), reseller_only);
    assert_eq!(denied(Level::Owner, HOME), reseller_only);
}

#[test]
fn presence_is_written_by_its_owner_and_by_managers() {
    let members = employee::members::MEMBERS.iter().filter(|member| member.path == "presence");
    let members: Vec<_> = members.collect();
    for level in Level::ALL {
        let write = |owner| {
            decide(
                &who(*level, HOME),
                Operation::Change(Noun::Employee, &members),
                &extension_of(owner),
            )
            .is_ok()
        };
        assert_eq!(write(ME), *level >= Level::Personal, "{level:?}");
        assert_eq!(write(SOMEBODY), *level >= Level::Manager, "{level:?}");
    }
}

#[test]
fn settings_are_masked_for_personal_and_customers_are_made_by_resellers() {
    let target = Target { customer: HOME, resellers: vec![RESELLER], owners: Vec::new() };
    let settings = |level, operation| decide(&who(level, HOME), operation, &target);
    let view = |level| settings(level, Operation::Read(Noun::Settings)).ok().map(|p| p.view());
    assert_eq!(view(Level::NoLogin), None);
    assert_eq!(view(Level::Personal), Some(View::Masked));
    assert_eq!(view(Level::Viewer), Some(View::Whole));
    // Else it could guess the PIN by sending it.
    let change = Operation::Change(Noun::Settings, &[]);
    assert_eq!(settings(Level::Personal, change), Err(Denied::Access));
    for level in Level::ALL {
        let below =
            |customer| decide(&who(*level, customer), Operation::Create(Noun::Customer), &target);
        assert_eq!(below(HOME).is_ok(), *level >= Level::Reseller, "{level:?}");
        assert_eq!(below(RESELLER).is_ok(), *level >= Level::Reseller, "{level:?}");
        assert_eq!(below(OTHER).is_ok(), *level >= Level::ResellerAdmin, "{level:?}");
        let remove = decide(&who(*level, HOME), Operation::Remove(Noun::Customer), &target);
        assert_eq!(remove.is_ok(), *level >= Level::ResellerAdmin, "{level:?}");
    }
}

#[test]
fn viewers_give_phones_new_credentials_and_personal_not_even_its_own() {
    for level in Level::ALL {
        let reset = decide(&who(*level, HOME), Operation::ResetCredentials, &extension_of(ME));
        assert_eq!(reset.is_ok(), *level >= Level::Viewer, "{level:?}");
    }
}

/// PERSONAL lists its own and nobody else's; who lists all sees all whole.
#[test]
fn who_lists_sees_whole() {
    for level in Level::ALL {
        let lists = |owners: Vec<EmployeeId>| {
            let target = Target { owners, ..extension_of(ME) };
            decide(&who(*level, HOME), Operation::List(Noun::Extension), &target).is_ok()
        };
        assert_eq!(lists(vec![ME]), *level >= Level::Personal, "{level:?}");
        assert_eq!(lists(vec![SOMEBODY]), *level >= Level::Viewer, "{level:?}");
        assert_eq!(lists(Vec::new()), *level >= Level::Viewer, "{level:?}");
    }
}

/// From where somebody may stand to a thing of `HOME`, weakest first.
const STANDINGS: [(Level, CustomerId); 5] = [
    (Level::Personal, HOME),
    (Level::Viewer, HOME),
    (Level::Manager, HOME),
    (Level::Reseller, RESELLER),
    (Level::Admin, OTHER),
];

/// The weakest that may do this whole to a thing of this owner; everybody above may as well.
#[track_caller]
fn weakest(operation: Operation<'_>, owner: EmployeeId) -> Level {
    let may = |(level, customer): &(Level, CustomerId)| {
        let permit = decide(&who(*level, *customer), operation, &extension_of(owner));
        permit.is_ok_and(|permit| permit.view() == View::Whole)
    };
    let first = STANDINGS.iter().position(may).unwrap();
    assert!(STANDINGS[first..].iter().all(may), "{operation:?}");
    STANDINGS[first].0
}

/// Who sees a colleague's, and who makes and removes one.
#[test]
fn each_noun_has_who_sees_and_who_makes_one() {
    for (noun, sees, makes) in [
        (Noun::Customer, Level::Viewer, Level::Reseller),
        (Noun::Settings, Level::Viewer, Level::Reseller),
        (Noun::Number, Level::Viewer, Level::Reseller),
        (Noun::Employee, Level::Viewer, Level::Manager),
        (Noun::Extension, Level::Viewer, Level::Manager),
        (Noun::Item, Level::Viewer, Level::Manager),
        (Noun::SipPhone, Level::Viewer, Level::Manager),
        (Noun::Mvno, Level::Viewer, Level::Reseller),
        (Noun::ExternalPhone, Level::Viewer, Level::Manager),
        (Noun::Choices, Level::Personal, Level::Reseller),
        (Noun::Record, Level::Viewer, Level::Reseller),
    ] {
        assert_eq!(weakest(Operation::Read(noun), SOMEBODY), sees, "{noun:?}");
        assert_eq!(weakest(Operation::Remove(noun), SOMEBODY), makes, "{noun:?}");
    }
    let nobody =
        decide(&who(Level::Owner, OTHER), Operation::Read(Noun::Choices), &extension_of(ME));
    assert_eq!(nobody, Err(Denied::Access));
}

/// Who may do what to a colleague's, and to its own.
#[test]
fn each_action_has_who_may_do_it() {
    for (action, colleagues, own) in [
        (Operation::Explain, Level::Viewer, Level::Personal),
        (Operation::Dnd, Level::Viewer, Level::Personal),
        (Operation::Redirect, Level::Manager, Level::Personal),
        (Operation::Screen, Level::Manager, Level::Personal),
        (Operation::Revoke, Level::Manager, Level::Personal),
        (Operation::Grant, Level::Manager, Level::Manager),
        (Operation::ResetCredentials, Level::Viewer, Level::Viewer),
    ] {
        assert_eq!(weakest(action, SOMEBODY), colleagues, "{action:?}");
        // The reseller's and the platform's people own nothing at home.
        let owner = |level| decide(&who(level, HOME), action, &extension_of(ME)).is_ok();
        let first = Level::ALL.iter().find(|level| owner(**level));
        assert_eq!(first, Some(&own), "{action:?}");
    }
}

#[test]
fn nobody_reaches_above_itself_but_everybody_itself() {
    let manager = who(Level::Manager, HOME);
    for (employee, level, reached) in [
        (ME, Level::Owner, true),
        (SOMEBODY, Level::Viewer, true),
        (SOMEBODY, Level::Manager, true),
        (SOMEBODY, Level::Owner, false),
    ] {
        assert_eq!(access::reaches(&manager, employee, level), reached, "{employee} {level:?}");
    }
}
