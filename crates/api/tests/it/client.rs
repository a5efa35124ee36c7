//! A client without a network.

use crate::conformance;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// `status message`, and the members named in `errors`.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["requestId"], self.header("x-request-id"));
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let members: Vec<_> = errors.iter().map(|e| e["message"].as_str().unwrap()).collect();
        let text = format!(
            "{} {} {}",
            self.status.as_u16(),
            problem["message"].as_str().unwrap(),
            members.join(" ")
        );
        text.trim_end().to_owned()
    }
}

/// Sends requests as the holder of a token.
#[derive(Clone)]
pub struct Client {
    pub router: Router,
    pub token: Option<String>,
}

impl Client {
    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn get_if_none(&self, path: &str, etag: &str) -> Reply {
        self.send(Method::GET, path, &[("if-none-match", etag)], Body::empty()).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, &[], Body::from(body.to_string())).await
    }

    pub async fn patch_if(&self, path: &str, etag: &str, body: &Value) -> Reply {
        self.send(Method::PATCH, path, &[("if-match", etag)], Body::from(body.to_string())).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::POST, path, &[], Body::from(body.to_string())).await
    }

    pub async fn post_once(&self, path: &str, key: &str, body: &Value) -> Reply {
        let key = [("idempotency-key", key)];
        self.send(Method::POST, path, &key, Body::from(body.to_string())).await
    }

    pub async fn post_empty(&self, path: &str) -> Reply {
        self.send(Method::POST, path, &[], Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, &[], Body::empty()).await
    }

    pub async fn delete_if(&self, path: &str, etag: &str) -> Reply {
        self.send(Method::DELETE, path, &[("if-match", etag)], Body::empty()).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Reply {
        let mut request = Request::builder().method(method.clone()).uri(path);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let reply = Reply { status: parts.status, headers: parts.headers, body };
        conformance::check(&self.router, &method, path, &reply).await;
        reply
    }
}
