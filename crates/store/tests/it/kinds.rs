//! Each kind of change: kept over a restart, followed by another server without reading everything
//! again, found by its id, and nobody else's to make.

use crate::place::{On, run};
use crate::sharing::{SOON, at};
use crate::wait::until;
use crate::world::*;
use model::audit::Author;
use model::change::Changed;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use model::music::MusicClass;
use model::pii::Name;
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use std::sync::Arc;
use store::{NewCustomer, Store, Subject, WriteError};

const ITEM: ItemId = item_id(70);
const EMPLOYEE: EmployeeId = EmployeeId::from_bytes([71; 12]);
const PHONE: PhoneId = PhoneId::from_bytes([72; 12]);
const NUMBER: NumberId = NumberId::from_bytes([63; 12]);
const MUSIC: MusicId = MusicId::from_bytes([74; 12]);
const CUSTOMER: CustomerId = CustomerId::from_bytes([75; 12]);

/// What each kind is followed by, and the last by itself: a new kind has to take a place here.
fn place(changed: &Changed) -> usize {
    match changed {
        Changed::Customer(_) => 0,
        Changed::Employee(_) => 1,
        Changed::Number(_) => 2,
        Changed::Item(_) => 3,
        Changed::Phone(_) => 4,
        Changed::Screened(_) => 5,
        Changed::Music(_) => 6,
        Changed::ScreenedGone(..) => 7,
        Changed::PhoneGone(_) => 8,
        Changed::ItemGone(_) => 9,
        Changed::NumberGone(_) => 10,
        Changed::EmployeeGone(_) => 11,
        Changed::CustomerGone(_) => 12,
    }
}

fn samples() -> Vec<Changed> {
    let mut renamed = customer(DUCKBURG, Some(MOUSETON));
    renamed.name = Name::new("Duckburg");
    let number = ScreenNumber::parse("+45*").unwrap();
    let (list, entry) = (ScreenList::Blocklist, ScreenEntry { number: number.clone(), name: None });
    vec![
        Changed::Customer(renamed),
        Changed::Employee(employee(EMPLOYEE, "Daisy")),
        crate::world::number(3),
        put(extension(ITEM, "70")),
        Changed::Phone(phone(PHONE, Some(ITEM))),
        Changed::Screened(Screened { customer: DUCKBURG, extension: ITEM, list, entry }),
        Changed::Music(MusicClass { id: MUSIC, customer: DUCKBURG, name: Name::new("Polka") }),
        Changed::ScreenedGone(ITEM, list, number),
        Changed::PhoneGone(PHONE),
        Changed::ItemGone(ITEM),
        Changed::NumberGone(NUMBER),
        Changed::EmployeeGone(EMPLOYEE),
    ]
}

/// What an id names, and whether it is there afterwards.
fn subject(changed: &Changed) -> Option<(Subject, bool)> {
    match changed {
        Changed::Employee(_) => Some((Subject::Employee(EMPLOYEE), true)),
        Changed::EmployeeGone(_) => Some((Subject::Employee(EMPLOYEE), false)),
        Changed::Number(_) => Some((Subject::Number(NUMBER), true)),
        Changed::NumberGone(_) => Some((Subject::Number(NUMBER), false)),
        Changed::Item(_) => Some((Subject::Item(ITEM), true)),
        Changed::ItemGone(_) => Some((Subject::Item(ITEM), false)),
        Changed::Phone(_) => Some((Subject::Phone(PHONE), true)),
        Changed::PhoneGone(_) => Some((Subject::Phone(PHONE), false)),
        Changed::Customer(_) => Some((Subject::Customer(DUCKBURG), true)),
        _ => None,
    }
}

async fn each(one: &Store, other: &Store) {
    let (duckburg, mouseton) = (permit(DUCKBURG), permit(MOUSETON));
    for (index, changed) in samples().into_iter().enumerate() {
        assert_eq!(place(&changed), index, "{changed:?}");
        let asked = subject(&changed);
        if let Some((subject, _)) = asked {
            // Asked for too early: what is known of it has to change.
            other.target(subject).await.unwrap();
        }
        let before = other.directory(&duckburg).await.unwrap();
        let stolen = one.write(&mouseton, write(vec![changed.clone()])).await.unwrap_err();
        let refused = matches!(stolen, WriteError::WrongCustomer | WriteError::Missing { .. });
        assert!(refused, "{changed:?}: {stolen:?}");

        let revision = one.write(&duckburg, write(vec![changed.clone()])).await.unwrap();
        let after = at(other, DUCKBURG, revision).await;
        assert_eq!(after, one.directory(&duckburg).await.unwrap(), "{changed:?}");
        assert!(
            Arc::ptr_eq(after.item(DONALDS).unwrap(), before.item(DONALDS).unwrap()),
            "{changed:?} made the other read everything again"
        );
        if let Some((subject, there)) = asked {
            let target = other.target(subject).await.unwrap();
            assert_eq!(target.map(|of| of.customer), there.then_some(DUCKBURG), "{changed:?}");
        }
    }
}

#[test]
fn each_kind_of_change_is_kept_followed_and_guarded() {
    run(On::Postgres, async {
        let (place, one) = world().await;
        let beside = place.beside();
        let other = beside.open().await;
        each(&one, &other).await;
        let customer = customer(CUSTOMER, None);
        let (changed, accounts, tokens) = (Vec::new(), Vec::new(), Vec::new());
        one.create_customer(NewCustomer {
            customer,
            changed,
            accounts,
            tokens,
            by: Author::System,
        })
        .await
        .unwrap();
        until(SOON, async || other.target(Subject::Customer(CUSTOMER)).await.unwrap()).await;
        let gone = write(vec![Changed::CustomerGone(CUSTOMER)]);
        one.write(&permit(CUSTOMER), gone).await.unwrap();
        until(SOON, async || {
            let target = other.target(Subject::Customer(CUSTOMER)).await.unwrap();
            target.is_none().then_some(())
        })
        .await;
    });
}

both!(each_kind_of_change_survives_a_restart);
async fn each_kind_of_change_survives_a_restart() {
    let (place, mut store) = world().await;
    for changed in samples() {
        store.write(&permit(DUCKBURG), write(vec![changed.clone()])).await.unwrap();
        let before = store.directory(&permit(DUCKBURG)).await.unwrap();
        store = reopened(&place, store).await;
        assert_eq!(store.directory(&permit(DUCKBURG)).await.unwrap(), before, "{changed:?}");
    }
}
