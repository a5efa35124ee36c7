//! Two customers side by side: nothing of the one is read, written or removed by the other's permit, whatever
//! it names.

use crate::world::*;
use model::change::Changed;
use model::employee::Employee;
use model::held::HeldNumber;
use model::id::{CustomerId, EmployeeId, ItemId, MusicId, NumberId, PhoneId};
use model::item::Revision;
use model::music::MusicClass;
use model::number::E164;
use model::phone::Phone;
use model::pii::{Name, Secret};
use model::screen::{ScreenEntry, ScreenList, ScreenNumber, Screened};
use model::token::TokenHash;
use store::{Basis, Bearer, Ended, Logins, MachineToken, NewCustomer, Store, Write, WriteError};

fn music(customer: CustomerId) -> Changed {
    let id = MusicId::from_bytes([20; 12]);
    Changed::Music(MusicClass { id, customer, name: Name::new("Jazz") })
}

fn screened(customer: CustomerId, extension: ItemId) -> Changed {
    let entry = ScreenEntry { number: ScreenNumber::parse("5*").unwrap(), name: None };
    Changed::Screened(Screened { customer, extension, list: ScreenList::Whitelist, entry })
}

both!(an_item_is_read_by_its_own_customers_permit_alone);
async fn an_item_is_read_by_its_own_customers_permit_alone() {
    let (_folder, store) = world().await;
    for _ in 0..2 {
        assert!(store.item(&permit(DUCKBURG), DONALDS).await.unwrap().is_some());
        assert_eq!(store.item(&permit(MOUSETON), DONALDS).await.unwrap(), None);
    }
    // The same as the directory has, after each write, whatever that was about.
    let named = Employee { name: Name::new("Paperinik"), ..employee(DONALD, "Donald Duck") };
    let mut noted = donalds();
    noted.notes = Some("The boss".into());
    for changed in [Changed::Employee(named), put(noted), music(DUCKBURG)] {
        store.write(&permit(DUCKBURG), write(vec![changed])).await.unwrap();
        let directory = store.directory(&permit(DUCKBURG)).await.unwrap();
        for _ in 0..2 {
            let read = store.item(&permit(DUCKBURG), DONALDS).await.unwrap();
            assert_eq!(read.as_ref(), directory.item(DONALDS));
        }
    }
}

both!(what_says_that_it_is_anothers_is_not_written);
/// Not even what is new.
async fn what_says_that_it_is_anothers_is_not_written() {
    let (_folder, store) = world().await;
    let mouseton = permit(MOUSETON);
    let mut own = extension(item_id(20), "1");
    own.customer = MOUSETON;
    store.write(&mouseton, write(vec![put(own)])).await.unwrap();
    let new = PhoneId::from_bytes([20; 12]);
    for anothers in [
        Changed::Customer(customer(DUCKBURG, None)),
        Changed::CustomerGone(DUCKBURG),
        put(extension(item_id(21), "2")),
        Changed::Employee(employee(EmployeeId::from_bytes([20; 12]), "Mickey")),
        Changed::Phone(phone(new, None)),
        music(DUCKBURG),
        number(7),
        screened(DUCKBURG, item_id(20)),
    ] {
        let refused = store.write(&mouseton, write(vec![anothers.clone()])).await;
        assert!(matches!(refused, Err(WriteError::WrongCustomer)), "{refused:?}: {anothers:?}");
    }
    let logins = Logins { account: Some(account("mickey")), ..Logins::default() };
    let refused = store.write_with(&mouseton, write(Vec::new()), logins).await;
    assert!(matches!(refused, Err(WriteError::WrongCustomer)), "{refused:?}");

    let third = CustomerId::from_bytes([9; 12]);
    let made = || NewCustomer { customer: customer(third, None), ..crate::world::mouseton() };
    let changed = NewCustomer { changed: vec![number(7)], ..made() };
    let accounts = NewCustomer { accounts: vec![account("mickey")], ..made() };
    for new in [changed, accounts] {
        let refused = store.create_customer(new).await;
        assert!(matches!(refused, Err(WriteError::WrongCustomer)), "{refused:?}");
    }
}

fn password() -> Logins {
    let theirs = Secret::new("theirs".to_owned());
    Logins { passwords: vec![(DONALD, theirs)], ..Logins::default() }
}

/// What number 0 is, as Duckburg holds it.
fn held() -> HeldNumber {
    let Changed::Number(held) = number(0) else { unreachable!("it makes one") };
    held
}

/// The world, with everything in Duckburg that a write of Mouseton's may name.
async fn full_world() -> (Place, Store) {
    let (folder, store) = world().await;
    let there = vec![music(DUCKBURG), screened(DUCKBURG, DONALDS)];
    store.write_with(&permit(DUCKBURG), write(there), password()).await.unwrap();
    (folder, store)
}

/// Duckburg is as it was, in the rows too.
async fn assert_untouched(folder: &Place, store: Store) {
    let duckburg = permit(DUCKBURG);
    let before = store.directory(&duckburg).await.unwrap();
    assert_eq!(before.revision, Revision(2));
    let store = reopened(folder, store).await;
    assert_eq!(store.directory(&duckburg).await.unwrap(), before);
    let donald = store.bearer(TokenHash::of("donald")).await.unwrap();
    assert!(matches!(donald, Bearer::Known(_)), "{donald:?}");
}

both!(what_is_anothers_by_its_id_is_not_written);
async fn what_is_anothers_by_its_id_is_not_written() {
    let (folder, store) = full_world().await;
    let mouseton = permit(MOUSETON);
    let mut stolen = donalds();
    (stolen.customer, stolen.employee, stolen.primary) = (MOUSETON, None, false);
    let elsewhere = E164::parse("+4570309999").unwrap();
    for anothers in [
        put(stolen),
        Changed::Employee(Employee { customer: MOUSETON, ..employee(DONALD, "Mickey") }),
        Changed::Phone(Phone { customer: MOUSETON, ..phone(DONALDS_PHONE, None) }),
        Changed::Number(HeldNumber { customer: MOUSETON, number: elsewhere, ..held() }),
        music(MOUSETON),
        screened(MOUSETON, DONALDS),
    ] {
        let refused = store.write(&mouseton, write(vec![anothers.clone()])).await;
        assert!(matches!(refused, Err(WriteError::WrongCustomer)), "{refused:?}: {anothers:?}");
    }
    let refused = store.write_with(&mouseton, write(Vec::new()), password()).await;
    assert!(matches!(refused, Err(WriteError::WrongCustomer)), "{refused:?}");
    assert_untouched(&folder, store).await;
}

both!(what_is_anothers_by_its_id_is_not_removed);
async fn what_is_anothers_by_its_id_is_not_removed() {
    let (folder, store) = full_world().await;
    let mouseton = permit(MOUSETON);
    let Changed::Screened(Screened { list, entry, .. }) = screened(DUCKBURG, DONALDS) else {
        unreachable!("it makes one")
    };
    let missing = |refused| matches!(refused, Err(WriteError::Missing { member: "_id" }));
    for gone in [
        Changed::NumberGone(held().id),
        Changed::ScreenedGone(DONALDS, list, entry.number),
        Changed::ItemGone(DONALDS),
        Changed::EmployeeGone(DONALD),
        Changed::PhoneGone(DONALDS_PHONE),
    ] {
        let refused = store.write(&mouseton, write(vec![gone.clone()])).await;
        assert!(missing(refused), "{gone:?}");
    }
    let ended = |ended| Logins { ended: vec![ended], ..Logins::default() };
    let machine = Ended::Machine(DONALD, MachineToken::Hash(TokenHash::of("donald")));
    assert!(missing(store.write_with(&mouseton, write(Vec::new()), ended(machine)).await));
    // Whose there are none, has none to end.
    let all = ended(Ended::All(DONALD));
    store.write_with(&mouseton, write(Vec::new()), all).await.unwrap();
    assert_untouched(&folder, store).await;
}

both!(what_is_anothers_by_its_id_is_nothing_to_build_on);
async fn what_is_anothers_by_its_id_is_nothing_to_build_on() {
    let (_folder, store) = full_world().await;
    let mouseton = permit(MOUSETON);
    let unchanged = |seen| Basis::Unchanged(Box::new(seen));
    for seen in [
        Basis::Item(DONALDS, Revision(1)),
        unchanged(Changed::Employee(employee(DONALD, "Donald Duck"))),
        unchanged(Changed::Phone(phone(DONALDS_PHONE, Some(DONALDS)))),
        unchanged(number(0)),
    ] {
        let based = |seen| Write { based_on: Some(seen), changed: Vec::new() };
        store.write(&permit(DUCKBURG), based(seen.clone())).await.unwrap();
        let refused = store.write(&mouseton, based(seen)).await;
        assert!(matches!(refused, Err(WriteError::Stale)), "{refused:?}");
    }
}

both!(who_has_what_is_taken_is_said_within_the_customer_alone);
async fn who_has_what_is_taken_is_said_within_the_customer_alone() {
    let (_folder, store) = world().await;
    let named = |id, customer| {
        let email_address = Some("donald@duckburg.example".to_owned());
        Changed::Employee(Employee { email_address, customer, ..employee(id, "Donald") })
    };
    store.write(&permit(DUCKBURG), write(vec![named(DONALD, DUCKBURG)])).await.unwrap();
    for (customer, told) in [(DUCKBURG, true), (MOUSETON, false)] {
        let id = NumberId::from_bytes([20; 12]);
        let number = Changed::Number(HeldNumber { id, customer, ..held() });
        for taken in [number, named(EmployeeId::from_bytes([20; 12]), customer)] {
            let refused = store.write(&permit(customer), write(vec![taken])).await;
            let Err(WriteError::Taken { by, .. }) = refused else { panic!("{refused:?}") };
            assert_eq!(by.is_some(), told, "{by:?}");
        }
    }
}
