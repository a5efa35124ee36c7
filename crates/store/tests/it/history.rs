//! For any history of writes, the directory that followed them in memory is the one that is loaded.

use crate::place::{On, run};
use crate::world::*;
use model::change::Changed;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use model::item::ItemKind;
use model::music::MusicClass;
use model::number::{E164, LocalNumber};
use model::phone::{Line, MvnoState, Phone};
use model::pii::Name;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use model::time::Wall;
use model::trunk::Trunk;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeSet;
use store::Store;

fn employee_id(number: u8) -> EmployeeId {
    EmployeeId::from_bytes([20 + number; 12])
}

fn item() -> impl Strategy<Value = ItemId> {
    (0..4u8).prop_map(|number| item_id(30 + number))
}

fn changed_item() -> impl Strategy<Value = Changed> {
    let keys = (item(), option::of(0..4u8), option::of(0..3u8));
    let rest = (option::of(0..3u8), any::<bool>(), option::of(item()));
    (keys, rest).prop_map(|((id, number, direct), (employee, primary, goto))| {
        let mut extension = extension(id, "0");
        extension.number = number.map(|n| LocalNumber::parse(&n.to_string()).unwrap());
        extension.direct = direct.map(|n| E164::parse(&format!("+4570305{n:03}")).unwrap());
        extension.employee = employee.map(employee_id);
        extension.primary = primary;
        extension.no_answer.int_goto = goto;
        put(extension)
    })
}

fn changed_employee() -> impl Strategy<Value = Changed> {
    (0..3u8, 0..3u8, option::of(0..2i64)).prop_map(|(id, name, delete)| {
        let mut employee = employee(employee_id(id), &format!("Nephew {name}"));
        employee.delete_date = delete.map(Wall);
        employee.delete_extensions = true;
        Changed::Employee(employee)
    })
}

fn changed_phone() -> impl Strategy<Value = Changed> {
    let id = (0..3u8).prop_map(|number| PhoneId::from_bytes([40 + number; 12]));
    (id, option::of(item())).prop_map(|(id, extension)| Changed::Phone(phone(id, extension)))
}

fn changed_mobile() -> impl Strategy<Value = Changed> {
    (0..3u8, 0..3u8).prop_map(|(id, last)| {
        let id = PhoneId::from_bytes([40 + id; 12]);
        let number = E164::parse(&format!("+4570305{last:03}")).unwrap();
        let state = MvnoState::Active;
        let line = Line::Mvno { number, state, rate_plan: None, new_rate_plan: None };
        Changed::Phone(Phone::new(id, DUCKBURG, line))
    })
}

fn changed_trunk() -> impl Strategy<Value = Changed> {
    (item(), vec(0..3u8, 0..3), option::of(item())).prop_map(|(id, numbers, goto)| {
        let mut trunk = Trunk::new(id, DUCKBURG, Name::new("Main"));
        let numbers: BTreeSet<u8> = numbers.into_iter().collect();
        let text = |last: u8| format!("+4570305{last:03}");
        trunk.numbers = numbers.into_iter().map(|n| E164::parse(&text(n)).unwrap()).collect();
        trunk.goto = goto;
        Changed::Item(ItemKind::Trunk(Box::new(trunk)))
    })
}

fn changed_screening() -> impl Strategy<Value = Changed> {
    let place = (item(), 0..2usize, 0..3u8);
    (place, option::of(0..2u8), any::<bool>()).prop_map(|((id, list, number), name, stays)| {
        let list = ScreenList::ALL[list];
        let number = ScreenNumber::parse(&format!("{number}*")).unwrap();
        if !stays {
            return Changed::ScreenedGone(id, list, number);
        }
        let name = name.map(|name| Name::new(format!("Nephew {name}")));
        let entry = ScreenEntry { number, name };
        Changed::Screened(Screened { customer: DUCKBURG, extension: id, list, entry })
    })
}

fn changed() -> impl Strategy<Value = Changed> {
    prop_oneof![
        8 => changed_item(),
        4 => changed_employee(),
        3 => changed_phone(),
        1 => (0..2u8).prop_map(|id| Changed::Music(MusicClass {
            id: MusicId::from_bytes([50 + id; 12]),
            customer: DUCKBURG,
            name: Name::new("Polka"),
        })),
        1 => any::<bool>().prop_map(|resold| {
            Changed::Customer(customer(DUCKBURG, resold.then_some(MOUSETON)))
        }),
        2 => changed_mobile(),
        6 => changed_screening(),
        1 => changed_trunk(),
        1 => (0..4u8).prop_map(number),
        1 => (0..4u8).prop_map(|last| Changed::NumberGone(NumberId::from_bytes([60 + last; 12]))),
        3 => item().prop_map(Changed::ItemGone),
        1 => (0..3u8).prop_map(|id| Changed::EmployeeGone(employee_id(id))),
        1 => (0..3u8).prop_map(|id| Changed::PhoneGone(PhoneId::from_bytes([40 + id; 12]))),
    ]
}

/// Makes the writes; those that are refused leave everything as it was.
async fn make(store: &Store, history: Vec<Vec<Changed>>) {
    let duckburg = permit(DUCKBURG);
    for changed in history {
        let before = store.directory(&duckburg).await.unwrap();
        if store.write(&duckburg, write(changed)).await.is_err() {
            assert_eq!(store.directory(&duckburg).await.unwrap(), before);
        }
    }
}

/// What follows the writes in memory is what is loaded; and on a database that is shared, so is what
/// another store has followed, however many writes it saw at once.
async fn same_after_loading(history: Vec<Vec<Changed>>) {
    let (folder, store) = world().await;
    let beside = folder.is_shared().then(|| folder.beside());
    let following = match &beside {
        Some(beside) => Some(beside.open().await),
        None => None,
    };
    if let Some(following) = &following {
        snapshots(following).await;
    }
    let employees = (0..3).map(|id| Changed::Employee(employee(employee_id(id), "Nephew")));
    // From the start there is something to point at, to screen and to remove.
    let items = (0..4u8).map(|n| put(extension(item_id(30 + n), &(90 + n).to_string())));
    store.write(&permit(DUCKBURG), write(employees.chain(items).collect())).await.unwrap();
    make(&store, history).await;
    let followed = snapshots(&store).await;
    if let Some(following) = following {
        let duckburg = crate::sharing::at(&following, DUCKBURG, followed[0].revision).await;
        assert_eq!(duckburg, followed[0]);
    }
    let store = reopened(&folder, store).await;
    assert_eq!(snapshots(&store).await, followed);
}

async fn snapshots(store: &Store) -> Vec<std::sync::Arc<model::directory::Directory>> {
    let mut all = Vec::new();
    for customer in [DUCKBURG, MOUSETON] as [CustomerId; 2] {
        all.push(store.directories().snapshot(customer).await.unwrap().unwrap());
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 32, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn following_equals_loading(history in vec(vec(changed(), 1..4), 1..16)) {
        run(On::Sqlite, same_after_loading(history));
    }
}

proptest! {
    // Fewer: each makes a database and opens three stores on it.
    #![proptest_config(ProptestConfig {
        cases: 8, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn following_another_store_equals_loading(history in vec(vec(changed(), 1..4), 1..16)) {
        run(On::Postgres, same_after_loading(history));
    }
}
