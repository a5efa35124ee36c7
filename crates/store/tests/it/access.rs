//! Who and whose: tokens, targets and SIP accounts, from memory and following every write.

use crate::world::*;
use model::access::Level;
use model::change::Changed;
use model::employee::Presence;
use model::id::{EmployeeId, TokenId};
use model::pii::Secret;
use model::time::Wall;
use model::token::{TokenHash, TokenKind};
use store::{Bearer, Holder, IssuedToken, ListedToken, Logins, Subject, WriteError};

both!(a_token_stands_for_its_employee);
async fn a_token_stands_for_its_employee() {
    let (folder, store) = world().await;
    let (level, kind) = (Level::Personal, TokenKind::Machine);
    let donald = Holder { employee: DONALD, customer: DUCKBURG, level, kind };
    let found = store.bearer(TokenHash::of("donald")).await.unwrap();
    assert_eq!(found, Bearer::Known(donald));
    let store = reopened(&folder, store).await;
    assert_eq!(store.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Known(donald));
}

both!(the_level_follows_a_write_and_unknown_and_expired_tokens_are_nobody);
async fn the_level_follows_a_write_and_unknown_and_expired_tokens_are_nobody() {
    let (_folder, store) = world().await;
    for (token, expected) in
        [("old", Bearer::Expired), ("unknown", Bearer::Unknown), ("unknown", Bearer::Unknown)]
    {
        assert_eq!(store.bearer(TokenHash::of(token)).await.unwrap(), expected, "{token}");
    }
    let mut promoted = employee(DONALD, "Donald Duck");
    promoted.access_level = Level::Owner;
    let duckburg = permit(DUCKBURG);
    store.write(&duckburg, write(vec![Changed::Employee(promoted)])).await.unwrap();
    let found = store.bearer(TokenHash::of("donald")).await.unwrap();
    assert!(matches!(found, Bearer::Known(Holder { level: Level::Owner, .. })), "{found:?}");
}

both!(a_token_that_was_asked_for_too_early_works_once_it_is_made);
async fn a_token_that_was_asked_for_too_early_works_once_it_is_made() {
    let folder = Place::new().await;
    let store = folder.open().await;
    store.create_customer(mouseton()).await.unwrap();
    assert_eq!(store.bearer(TokenHash::of("donald")).await.unwrap(), Bearer::Unknown);
    store.create_customer(duckburg()).await.unwrap();
    let found = store.bearer(TokenHash::of("donald")).await.unwrap();
    assert!(matches!(found, Bearer::Known(_)), "{found:?}");
}

both!(targets_name_the_owner_and_the_resellers);
async fn targets_name_the_owner_and_the_resellers() {
    let (folder, store) = world().await;
    let store = reopened(&folder, store).await;
    let target = store.target(Subject::Item(DONALDS)).await.unwrap().unwrap();
    assert_eq!(target.customer, DUCKBURG);
    assert_eq!(target.resellers, [MOUSETON]);
    assert_eq!(target.owners, [DONALD]);
    assert_eq!(store.target(Subject::Employee(DONALD)).await.unwrap().unwrap(), target);
    let customer = store.customer_target(DUCKBURG).await.unwrap().unwrap();
    assert!(customer.owners.is_empty() && customer.resellers == [MOUSETON]);
    assert!(
        store.customer_target(model::id::CustomerId::from_bytes([9; 12])).await.unwrap().is_none()
    );
}

both!(what_was_not_there_is_found_once_it_is_made_and_gone_once_it_is_not);
async fn what_was_not_there_is_found_once_it_is_made_and_gone_once_it_is_not() {
    let (_folder, store) = world().await;
    let (id, daisy) = (item_id(10), EmployeeId::from_bytes([11; 12]));
    assert!(store.target(Subject::Item(id)).await.unwrap().is_none());
    assert!(store.target(Subject::Employee(daisy)).await.unwrap().is_none());
    let mut made = extension(id, "593");
    made.employee = Some(daisy);
    let duckburg = permit(DUCKBURG);
    let changed = vec![put(made), Changed::Employee(employee(daisy, "Daisy"))];
    store.write(&duckburg, write(changed)).await.unwrap();
    assert_eq!(store.target(Subject::Item(id)).await.unwrap().unwrap().owners, [daisy]);
    assert!(store.target(Subject::Employee(daisy)).await.unwrap().is_some());
    let gone = vec![Changed::EmployeeGone(daisy), Changed::ItemGone(id)];
    store.write(&duckburg, write(gone)).await.unwrap();
    assert!(store.target(Subject::Item(id)).await.unwrap().is_none());
    assert!(store.target(Subject::Employee(daisy)).await.unwrap().is_none());
}

both!(accounts_are_in_memory_and_go_with_their_phone);
async fn accounts_are_in_memory_and_go_with_their_phone() {
    let (folder, store) = world().await;
    assert_eq!(store.account("donald").as_deref(), Some(&account("donald")));
    let store = reopened(&folder, store).await;
    assert_eq!(store.account("donald").as_deref(), Some(&account("donald")));
    assert_eq!(store.account("Donald"), None);
    let gone = write(vec![Changed::PhoneGone(DONALDS_PHONE)]);
    store.write(&permit(DUCKBURG), gone).await.unwrap();
    assert_eq!(store.account("donald"), None);
    assert_eq!(reopened(&folder, store).await.account("donald"), None);
}

both!(presence_alone_leaves_the_extension_as_it_was);
async fn presence_alone_leaves_the_extension_as_it_was() {
    let (folder, store) = world().await;
    let mut away = employee(DONALD, "Donald Duck");
    away.presence = Presence::OffWork;
    let duckburg = permit(DUCKBURG);
    store.write(&duckburg, write(vec![Changed::Employee(away)])).await.unwrap();
    let store = reopened(&folder, store).await;
    let directory = store.directory(&duckburg).await.unwrap();
    assert_eq!(directory.item(DONALDS).unwrap().revision, model::item::Revision(1));
    assert_eq!(directory.employee(DONALD).unwrap().presence, Presence::OffWork);
}

pub fn issued(token: &str, kind: TokenKind, proved: Option<&str>) -> Logins {
    let issued = IssuedToken {
        expires: None,
        hash: TokenHash::of(token),
        id: TokenId::from_bytes([token.len() as u8; 12]),
        employee: DONALD,
        kind,
        name: None,
        created: Wall(1),
        proved: proved.map(|hash| Secret::new(hash.to_owned())),
    };
    Logins { issued: vec![issued], ..Logins::default() }
}

both!(no_token_is_made_for_a_password_that_was_changed_meanwhile);
async fn no_token_is_made_for_a_password_that_was_changed_meanwhile() {
    let (_folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let password = |hash: &str| Logins {
        passwords: vec![(DONALD, Secret::new(hash.to_owned()))],
        ..Logins::default()
    };
    store.write_with(&duckburg, write(Vec::new()), password("first")).await.unwrap();
    let made = issued("a", TokenKind::Persist, Some("first"));
    store.write_with(&duckburg, write(Vec::new()), made).await.unwrap();
    store.write_with(&duckburg, write(Vec::new()), password("second")).await.unwrap();
    let late = issued("bb", TokenKind::Persist, Some("first"));
    let refused = store.write_with(&duckburg, write(Vec::new()), late).await.unwrap_err();
    assert!(matches!(refused, WriteError::Stale), "{refused:?}");
    assert_eq!(store.bearer(TokenHash::of("bb")).await.unwrap(), Bearer::Unknown);
}

both!(a_machine_tokens_use_is_there_after_opening_again);
async fn a_machine_tokens_use_is_there_after_opening_again() {
    let (folder, store) = world().await;
    let duckburg = permit(DUCKBURG);
    let made = issued("a", TokenKind::Machine, None);
    store.write_with(&duckburg, write(Vec::new()), made).await.unwrap();
    let used = |tokens: Vec<ListedToken>| {
        let id = TokenId::from_bytes([1; 12]);
        tokens.into_iter().find(|token| token.id == id).unwrap().used
    };
    assert_eq!(used(store.tokens(&duckburg, DONALD).await.unwrap()), None);
    store.bearer(TokenHash::of("a")).await.unwrap();
    let at = used(store.tokens(&duckburg, DONALD).await.unwrap());
    assert!(at.is_some());
    let store = reopened(&folder, store).await;
    assert_eq!(used(store.tokens(&duckburg, DONALD).await.unwrap()), at);
    assert!(store.tokens(&permit(MOUSETON), DONALD).await.unwrap().is_empty());
}

#[tokio::test]
async fn one_question_about_an_item_answers_for_all_of_its_customer() {
    let (folder, store) = world().await;
    let other = extension(item_id(60), "601");
    store.write(&permit(DUCKBURG), write(vec![put(other)])).await.unwrap();
    let store = reopened(&folder, store).await;
    assert!(store.target(Subject::Item(DONALDS)).await.unwrap().is_some());
    // Nobody can be asked any more.
    store.close().await;
    assert!(store.target(Subject::Item(item_id(60))).await.unwrap().is_some());
    assert!(store.target(Subject::Item(item_id(61))).await.is_err());
}
