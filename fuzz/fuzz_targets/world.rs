//! A customer with an extension and a phone behind the API's router, and an owner who asks: what the
//! targets of the API share.

use admin::Admin;
use admin::ports::{Switch, SwitchError};
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use model::access::{Level, Permit};
use model::audit::Author;
use model::change::Changed;
use model::customer::Customer;
use model::employee::Employee;
use model::explain::{ExplainRequest, ExplainResult, Explanation};
use model::extension::Extension;
use model::id::{CustomerId, EmployeeId, ItemId, PhoneId};
use model::item::ItemKind;
use model::number::LocalNumber;
use model::phone::{Line, Phone};
use model::pii::Name;
use model::token::TokenHash;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::{Database, NewCustomer, NewToken, Store};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

pub const ID: &str = "010101010101010101010101";

/// Answers as the API gave them.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

pub struct World {
    runtime: Runtime,
    router: Router,
    _folder: TempDir,
}

impl World {
    pub fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let router = runtime.block_on(async {
            let store = Store::open(folder.path(), &Database::Folder).await.expect("a store");
            store.create_customer(customer()).await.expect("a customer");
            api::router(Admin::new(store, Arc::new(Nobody)))
        });
        Self { runtime, router, _folder: folder }
    }

    /// Sends a request as the owner; whatever it is, it isn't a fault of the server.
    pub fn send(&self, method: &str, uri: &str, body: &[u8]) -> Answer {
        let request = Request::builder().method(method).uri(uri);
        let request = request.header("authorization", "Bearer owner");
        let request = request.body(Body::from(body.to_vec())).expect("a request");
        let answer = self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let status = response.status().as_u16();
            let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            Answer { status, body: body.to_vec() }
        });
        let text = String::from_utf8_lossy(&answer.body);
        assert!(answer.status < 500 && answer.status != 401, "{}: {text}", answer.status);
        assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok(), "{text}");
        answer
    }
}

fn customer() -> NewCustomer {
    let (id, employee) = (CustomerId::from_bytes([1; 12]), EmployeeId::from_bytes([1; 12]));
    let name = || Name::new("Donald Duck");
    let owner = Employee { access_level: Level::Owner, ..Employee::new(employee, id, name()) };
    let mut extension = Extension::new(ItemId::from_bytes([1; 12]), id, name());
    extension.number = LocalNumber::parse("592").ok();
    let username = "592-desk".to_owned();
    let line = Line::Sip { username, model: None, mac_address: None, product: None };
    NewCustomer {
        by: Author::System,
        customer: Customer::new(id, Name::new("Duckburg")),
        changed: vec![
            Changed::Employee(owner),
            Changed::Item(ItemKind::Extension(extension)),
            Changed::Phone(Phone::new(PhoneId::from_bytes([1; 12]), id, line)),
        ],
        accounts: Vec::new(),
        tokens: vec![NewToken { hash: TokenHash::of("owner"), employee, expires: None }],
    }
}

/// No calls, no phones.
struct Nobody;

#[async_trait]
impl Switch for Nobody {
    async fn explain(
        &self,
        _: &Permit,
        _: ItemId,
        _: ExplainRequest,
    ) -> Result<Explanation, SwitchError> {
        Ok(Explanation { result: ExplainResult::Busy, steps: Vec::new() })
    }

    async fn registered(
        &self,
        _: &Permit,
        _: &[PhoneId],
    ) -> Result<BTreeSet<PhoneId>, SwitchError> {
        Ok(BTreeSet::new())
    }

    async fn forget(&self, _: &Permit, _: PhoneId) -> Result<(), SwitchError> {
        Ok(())
    }
}
