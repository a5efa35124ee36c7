//! Who asks: by a token in the header, in the query, or in the cookie that a login set. Each extractor
//! says which of them count; and from where.

use crate::problem::Problem;
use crate::query;
use crate::schema::answers;
use admin::Admin;
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use model::access::Principal;
use model::audit::{RequestId, Source};
use model::token::TokenHash;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};

/// The cookie that a login sets on request.
pub(crate) const COOKIE_NAME: &str = "lokal_token";

/// Who asks, however the token came.
pub(crate) struct Caller(pub(crate) Principal);

/// Who asks by a token in the header or the query. For what changes something though it is a GET: a
/// browser sends cookies along with what other sites made it ask for.
pub(crate) struct CallerByToken(pub(crate) Principal);

/// Who asks, and the token that is used for it.
pub(crate) struct CallerAndToken {
    pub(crate) who: Principal,
    pub(crate) token: TokenHash,
}

impl FromRequestParts<Admin> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, admin: &Admin) -> Result<Self, Problem> {
        let token = said(parts).or_else(|| cookie(&parts.headers)).ok_or_else(Problem::no_token)?;
        Ok(Self(admin.authenticate(token, source(parts)).await?))
    }
}

impl FromRequestParts<Admin> for CallerByToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, admin: &Admin) -> Result<Self, Problem> {
        // Routes for GET are asked for HEAD as well, and that may change nothing.
        if parts.method == Method::HEAD {
            return Err(Problem::head_not_allowed());
        }
        let token = said(parts).ok_or_else(Problem::no_token)?;
        Ok(Self(admin.authenticate(token, source(parts)).await?))
    }
}

impl FromRequestParts<Admin> for CallerAndToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, admin: &Admin) -> Result<Self, Problem> {
        let token = said(parts).or_else(|| cookie(&parts.headers)).ok_or_else(Problem::no_token)?;
        Ok(Self { who: admin.authenticate(token, source(parts)).await?, token })
    }
}

impl OperationInput for Caller {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        answers::add(operation, &[401, 403]);
    }
}
impl OperationInput for CallerByToken {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        Caller::operation_input(context, operation);
    }
}
impl OperationInput for CallerAndToken {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        Caller::operation_input(context, operation);
    }
}

/// The token of the header or the query.
fn said(parts: &Parts) -> Option<TokenHash> {
    match bearer(&parts.headers) {
        Some(token) => Some(TokenHash::of(token)),
        None => query::lookup(&parts.uri, "token").map(|token| TokenHash::of(&token)),
    }
}

/// The token of `Authorization: Bearer` (RFC 6750 §2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim())
}

/// The token of the cookie (RFC 6265 §4.2).
fn cookie(headers: &HeaderMap) -> Option<TokenHash> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    let (_, token) = pairs.find(|(name, _)| name.trim() == COOKIE_NAME)?;
    Some(TokenHash::of(token.trim()))
}

/// Where a connection comes from. Whoever accepts connections puts it into the extensions of each
/// request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// Where a request comes from, for whoever needs no token.
pub(crate) struct Sent(pub(crate) Source);

impl<S: Sync> FromRequestParts<S> for Sent {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(source(parts)))
    }
}

impl OperationInput for Sent {}

/// Where a request comes from. Nobody said: all come from one place.
fn source(parts: &Parts) -> Source {
    let peer = parts.extensions.get::<PeerAddress>();
    let address = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |PeerAddress(address)| *address);
    let request = parts.extensions.get::<RequestId>().copied().unwrap_or(RequestId(0));
    Source { address, request }
}
