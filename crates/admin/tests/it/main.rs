//! What only a whole `Admin` shows: things behind it that fail. What it does when they don't is tested
//! through the API, in `api/tests/it`.

use admin::extension::Expand;
use admin::ports::{Switch, SwitchError};
use admin::{Admin, AdminError, AuthError};
use async_trait::async_trait;
use model::access::{Level, Permit};
use model::audit::{Author, RequestId, Source};
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::explain::{ExplainRequest, Explanation};
use model::extension::Extension;
use model::id::{CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::ItemKind;
use model::pii::Name;
use model::token::TokenHash;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{NewCustomer, NewToken, Store};

const CUSTOMER: CustomerId = CustomerId::from_bytes([1; 12]);
const EMPLOYEE: EmployeeId = EmployeeId::from_bytes([2; 12]);
const EXTENSION: ItemId = ItemId::from_bytes([3; 12]);

/// A switch that never answers.
struct Away;

#[async_trait]
impl Switch for Away {
    async fn explain(
        &self,
        _: &Permit,
        _: ItemId,
        _: ExplainRequest,
    ) -> Result<Explanation, SwitchError> {
        Err(SwitchError::Unavailable)
    }

    async fn registered(
        &self,
        _: &Permit,
        _: &[PhoneId],
    ) -> Result<BTreeSet<PhoneId>, SwitchError> {
        Err(SwitchError::Unavailable)
    }

    async fn forget(&self, _: &Permit, _: PhoneId) -> Result<(), SwitchError> {
        Err(SwitchError::Unavailable)
    }
}

fn customer() -> NewCustomer {
    let employee = Employee {
        access_level: Level::Owner,
        ..Employee::new(EMPLOYEE, CUSTOMER, Name::new("Donald Duck"))
    };
    let extension = Extension::new(EXTENSION, CUSTOMER, Name::new("Reception"));
    NewCustomer {
        by: Author::System,
        customer: Customer::new(CUSTOMER, Name::new("Duckburg")),
        changed: vec![Changed::Employee(employee), Changed::Item(ItemKind::Extension(extension))],
        accounts: Vec::new(),
        tokens: vec![NewToken { hash: TokenHash::of("owner"), employee: EMPLOYEE, expires: None }],
    }
}

#[tokio::test]
async fn settings_are_read_without_a_switch_and_nothing_without_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &store::Database::Folder).await.unwrap();
    store.create_customer(customer()).await.unwrap();
    let admin = Admin::new(store.clone(), Arc::new(Away));
    let source = Source { address: [192, 0, 2, 1].into(), request: RequestId(1) };
    let stranger = admin.authenticate(TokenHash::of("stranger"), source).await;
    assert!(matches!(stranger, Err(AuthError::Invalid)));
    let owner = admin.authenticate(TokenHash::of("owner"), source).await.unwrap();
    let with_phones = Expand { goto: true, phones: true };
    // It has no SIP phone, so nobody has to be asked who is registered.
    assert!(admin.read_extension(&owner, EXTENSION, with_phones).await.is_ok());
    let body = serde_json::json!({"direction": "inbound"});
    let explained = admin.explain_extension(&owner, EXTENSION, body.as_object().unwrap()).await;
    assert!(matches!(explained, Err(AdminError::Unavailable(_))), "{explained:?}");
    store.close().await;
    let body = serde_json::json!({"redirect": null, "notes": "x"});
    let change = admin
        .change_extension(
            &owner,
            EXTENSION,
            body.as_object().unwrap(),
            &Default::default(),
            Expand::default(),
        )
        .await;
    assert!(matches!(change, Err(AdminError::Unavailable(_))), "{change:?}");
}
