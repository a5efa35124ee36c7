//! A plain HTTP client for the API: one token, JSON in and out, status and body back as they came.

use serde_json::Value;
use std::time::Duration;
use ureq::http::Response;
use ureq::{Agent, Body, Error};

/// A caller of the API with its token.
pub struct Api {
    base: String,
    authorization: String,
    agent: Agent,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// The body; Null if it wasn't JSON.
    pub body: Value,
}

impl Reply {
    /// The body of a 200.
    ///
    /// # Panics
    /// On any other status.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{:#}", self.body);
        self.body
    }
}

impl Api {
    /// A client of the server at `base`.
    pub fn new(base: &str, token: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(10)));
        Self {
            base: base.to_owned(),
            authorization: format!("Bearer {token}"),
            agent: config.build().new_agent(),
        }
    }

    /// GET.
    #[track_caller]
    pub fn get(&self, path: &str) -> Reply {
        let request = self.agent.get(format!("{}{path}", self.base));
        reply(request.header("Authorization", &self.authorization).call())
    }

    /// PATCH.
    #[track_caller]
    pub fn patch(&self, path: &str, body: &Value) -> Reply {
        let request = self.agent.patch(format!("{}{path}", self.base));
        reply(request.header("Authorization", &self.authorization).send_json(body))
    }

    /// PATCH of a server that may die meanwhile; None without a reply.
    pub fn try_patch(&self, path: &str, body: &Value) -> Option<Reply> {
        let request = self.agent.patch(format!("{}{path}", self.base));
        read(request.header("Authorization", &self.authorization).send_json(body).ok()?)
    }

    /// POST to a server that may die meanwhile; None without a reply.
    pub fn try_post(&self, path: &str, body: &Value) -> Option<Reply> {
        let request = self.agent.post(format!("{}{path}", self.base));
        read(request.header("Authorization", &self.authorization).send_json(body).ok()?)
    }

    /// POST.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Reply {
        let request = self.agent.post(format!("{}{path}", self.base));
        reply(request.header("Authorization", &self.authorization).send_json(body))
    }
}

#[track_caller]
fn reply(result: Result<Response<Body>, Error>) -> Reply {
    let mut response = result.expect("an HTTP reply");
    let status = response.status().as_u16();
    let body = response.body_mut().read_json().unwrap_or(Value::Null);
    Reply { status, body }
}

/// A reply that arrived whole; a status line alone acknowledges nothing.
fn read(mut response: Response<Body>) -> Option<Reply> {
    let status = response.status().as_u16();
    let body = response.body_mut().read_json().ok()?;
    Some(Reply { status, body })
}
