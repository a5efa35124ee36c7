//! Counting HTTP requests by route, method and class of status, and timing them. The route is the
//! template (`/pbx/extension/{id}`), never the path. A request that was seen before costs a look-up and
//! two additions, and allocates nothing.

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use pin_project_lite::pin_project;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::task::{Context, Poll, ready};
use std::time::Instant;
use tower::{Layer, Service};

/// The methods that are told apart; the last stands for all others.
const METHODS: [&str; 6] = ["GET", "POST", "PATCH", "PUT", "DELETE", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];
/// Upper ends of the classes of requests by duration, in seconds: a read takes some 20 µs.
const SECONDS: [f64; 10] = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

type Labels = Vec<(&'static str, String)>;
type Durations = Family<Labels, Histogram, fn() -> Histogram>;

/// All requests so far.
#[derive(Clone)]
pub struct Requests(Arc<Inner>);

struct Inner {
    total: Family<Labels, Counter>,
    seconds: Durations,
    routes: RwLock<HashMap<String, Arc<Route>>>,
}

/// What is counted of one route, each made when it is first needed.
#[derive(Default)]
struct Route {
    methods: [OnceLock<Cell>; METHODS.len()],
}

/// What is counted of one route and method.
struct Cell {
    seconds: Histogram,
    classes: [OnceLock<Counter>; CLASSES.len()],
}

impl Requests {
    /// None so far.
    pub fn new() -> Self {
        let seconds = Durations::new_with_constructor(|| Histogram::new(SECONDS));
        Self(Arc::new(Inner { total: Family::default(), seconds, routes: RwLock::default() }))
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        let help = "Requests answered by the API";
        registry.register("lokal_http_requests", help, self.0.total.clone());
        let help = "Time from the head of a request to that of its answer";
        registry.register("lokal_http_request_seconds", help, self.0.seconds.clone());
    }

    /// The routes are as many as the router has: templates come from there.
    fn route(&self, template: &str) -> Arc<Route> {
        let routes = self.0.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = routes.get(template) {
            return Arc::clone(route);
        }
        drop(routes);
        let mut routes = self.0.routes.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(template.to_owned()).or_default())
    }

    fn add(&self, timed: &Timed, status: StatusCode) {
        let Timed { template, method, begun } = timed;
        let template = template.as_ref().map_or("unmatched", MatchedPath::as_str);
        let route = self.route(template);
        let (Some(cell), Some(word)) = (route.methods.get(*method), METHODS.get(*method)) else {
            return;
        };
        let labels = || vec![("route", template.to_owned()), ("method", (*word).to_owned())];
        let cell = cell.get_or_init(|| Cell {
            seconds: self.0.seconds.get_or_create(&labels()).clone(),
            classes: Default::default(),
        });
        cell.seconds.observe(begun.elapsed().as_secs_f64());
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        let (Some(count), Some(word)) = (cell.classes.get(class), CLASSES.get(class)) else {
            return;
        };
        let count = count.get_or_init(|| {
            let mut labels = labels();
            labels.push(("status", (*word).to_owned()));
            self.0.total.get_or_create(&labels).clone()
        });
        count.inc();
    }
}

/// What is known of a request before it is answered.
struct Timed {
    template: Option<MatchedPath>,
    method: usize,
    begun: Instant,
}

fn place_of(method: &Method) -> usize {
    METHODS.iter().position(|word| *word == method.as_str()).unwrap_or(METHODS.len() - 1)
}

/// Puts the counting around a router.
#[derive(Clone)]
pub struct RequestsLayer(pub Requests);

/// A handler whose requests are counted.
#[derive(Clone)]
pub struct Counted<S> {
    inner: S,
    requests: Requests,
}

impl<S> Layer<S> for RequestsLayer {
    type Service = Counted<S>;

    fn layer(&self, inner: S) -> Counted<S> {
        Counted { inner, requests: self.0.clone() }
    }
}

impl<S> Service<Request> for Counted<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Counting<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let template = request.extensions().get::<MatchedPath>().cloned();
        let timed = Timed { template, method: place_of(request.method()), begun: Instant::now() };
        let requests = self.requests.clone();
        Counting { answer: self.inner.call(request), requests, timed }
    }
}

pin_project! {
    /// The answer, counted when it is there.
    pub struct Counting<F> {
        #[pin]
        answer: F,
        requests: Requests,
        timed: Timed,
    }
}

impl<F: Future<Output = Result<Response, Infallible>>> Future for Counting<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Ok(response) = ready!(this.answer.poll(context));
        this.requests.add(this.timed, response.status());
        Poll::Ready(Ok(response))
    }
}
