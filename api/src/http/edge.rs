//! The outermost layer: request id, security headers, metrics, one log line, and a problem document for whatever
//! else went wrong.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Instant};

use actix_web::{
    Error, HttpMessage as _, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use futures_util::FutureExt as _;
use persistence::AccessEntry;
use uuid::Uuid;

use crate::{
    call::Asked,
    contract::Contract,
    failure::Failure,
    http::OCTETS,
    metrics::Metrics,
    node::{Allowance, Node},
    problems,
};

static REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
static API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// The version of the contract.
pub const CONTRACT_VERSION: &str = crate::contract::VERSION;

#[derive(Clone)]
struct RequestId(Uuid);

/// Where the id of a request is found.
pub trait RequestIdOf {
    /// The id, once the edge has given one.
    fn request_id(&self) -> Option<String>;
    /// The id itself.
    fn request_uuid(&self) -> Option<Uuid>;
}

impl RequestIdOf for HttpRequest {
    fn request_id(&self) -> Option<String> {
        self.request_uuid().map(|it| it.to_string())
    }
    fn request_uuid(&self) -> Option<Uuid> {
        self.extensions().get::<RequestId>().map(|it| it.0)
    }
}

/// The middleware.
pub async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let node = request.app_data::<Data<Node>>().cloned();
    let id = request_id(request.headers(), node.as_ref());
    request.extensions_mut().insert(RequestId(id));
    let method = request.method().clone();
    if method == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let traceparent = request.headers().get("traceparent").cloned();
    let early = early_refusal(&request).or_else(|| bad_credentials(&request, node.as_ref()));
    let outcome = if let Some(failure) = early {
        Ok(request.into_response(failure.answer(Some(&id.to_string()))))
    } else {
        match AssertUnwindSafe(next.call(request)).catch_unwind().await {
            Ok(outcome) => outcome.map(ServiceResponse::map_into_boxed_body),
            Err(_) => return Err(given_up(node.as_ref(), &method, started, id)),
        }
    };
    let mut response = outcome?;
    let route = response.request().match_pattern().unwrap_or_else(|| "unrouted".to_owned());
    let line = unlogged(&response);
    make_problem(&mut response, id);
    if let (Some(node), Some(line)) = (&node, line)
        && let Err(error) = node.log.append(line).await
    {
        *response.response_mut() = Failure::from(error).answer(Some(&id.to_string()));
    }
    let allowance = response.request().extensions().get::<Allowance>().copied();
    finish_headers(response.headers_mut(), &route, id, traceparent);
    limit_headers(response.headers_mut(), allowance);
    if let Some(node) = &node {
        note(&node.metrics, method.as_str(), &route, response.status().as_u16(), started, id);
    }
    if method == Method::HEAD {
        // No length rather than that of nothing: it would have to be that of the GET.
        response = response.map_body(|_, _| BoxBody::new(actix_web::body::None::new()));
    }
    Ok(response)
}

/// The answer to a request whose handling panicked: nothing is left of it but what was taken before.
fn given_up(node: Option<&Data<Node>>, method: &Method, started: Instant, id: Uuid) -> Error {
    if let Some(node) = node {
        note(&node.metrics, method.as_str(), "panicked", 500, started, id);
    }
    Failure::new(&problems::INTERNAL)
        .because("the request was given up")
        .header(REQUEST_ID.clone(), id.to_string())
        .header(API_VERSION.clone(), CONTRACT_VERSION)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CACHE_CONTROL, "no-store")
        .into()
}

/// Ours, unless the caller sends one UUID.
fn request_id(headers: &HeaderMap, node: Option<&Data<Node>>) -> Uuid {
    let given = headers.get(&REQUEST_ID).and_then(|it| it.to_str().ok()).filter(|it| it.len() == 36);
    given
        .and_then(|it| Uuid::try_parse(it).ok())
        .unwrap_or_else(|| node.map_or(Uuid::nil(), |it| it.fresh_id()))
}

/// Headers that may come once, bodies where none belongs, answers that we cannot give.
fn early_refusal(request: &ServiceRequest) -> Option<Failure> {
    let contract = Contract::of_node(request.request());
    if contract.misses(request.path(), request.method()) {
        let allow = contract.methods_of(request.path()).join(", ");
        return Some(Failure::new(&problems::METHOD_NOT_ALLOWED).header(header::ALLOW, allow));
    }
    let headers = request.headers();
    let once =
        ["authorization", "content-type", "if-match", "idempotency-key", "request-id", "content-encoding"];
    if let Some(name) = once.into_iter().find(|it| headers.get_all(*it).count() > 1) {
        return Some(Failure::new(&problems::INVALID_HEADER).because(format!("{name} is given twice")));
    }
    let bodiless = matches!(*request.method(), Method::GET | Method::DELETE);
    let empty = headers.get(header::CONTENT_LENGTH).is_none_or(|it| it.as_bytes() == b"0");
    // A path without this method says so, whatever comes with it.
    let served = || contract.methods_of(request.path()).iter().any(|it| it == request.method().as_str());
    if bodiless && (!empty || headers.contains_key(header::TRANSFER_ENCODING)) && served() {
        return Some(Failure::new(&problems::MALFORMED_REQUEST).because("this method has no body"));
    }
    let accept = headers.get(header::ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or("*/*");
    let json = ["*/*", "application/*", "application/json", "application/problem+json"];
    let bytes = request.path().ends_with("/content");
    let gives = |it: &str| json.contains(&it) || (bytes && it == OCTETS);
    let fits = accept.split(',').any(|it| gives(it.split(';').next().unwrap_or_default().trim()));
    if request.path().starts_with("/v1/") && !fits && !accept.trim().is_empty() {
        return Some(Failure::new(&problems::NOT_ACCEPTABLE));
    }
    None
}

/// Whoever brings a token brings a valid one, also where none is asked for.
fn bad_credentials(request: &ServiceRequest, node: Option<&Data<Node>>) -> Option<Failure> {
    let authorization = request.headers().get(header::AUTHORIZATION)?;
    let elsewhere = request.path().starts_with("/v1/") || request.path() == "/oauth/token";
    let node = node.filter(|_| !elsewhere)?;
    node.tokens.verify(&node.issuer, Some(authorization), node.wall.now()).err()
}

/// The line that a refusal still has to leave.
fn unlogged(response: &ServiceResponse<BoxBody>) -> Option<AccessEntry> {
    let asked = response.request().extensions().get::<Arc<Asked>>().cloned()?;
    let status = response.status().as_u16();
    let ours = response.response().error().and_then(|it| it.as_error::<Failure>()).map(|it| it.kind.code);
    let other = || problems::ALL.iter().find(|it| it.status == status).map(|it| it.code);
    asked.unlogged(status, ours.or_else(other).unwrap_or(problems::MALFORMED_REQUEST.code))
}

/// Failures of the framework's own become problem documents; ours learn the id of the request.
fn make_problem(response: &mut ServiceResponse<BoxBody>, id: Uuid) {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return;
    }
    let answer = match response.response().error().and_then(|it| it.as_error::<Failure>()) {
        Some(failure) => Some(failure.answer(Some(&id.to_string()))),
        None if content_type(response).contains("json") => None,
        None => {
            let kind = problems::ALL.iter().find(|it| it.status == status.as_u16());
            let kind = kind.copied().unwrap_or(&problems::MALFORMED_REQUEST);
            Some(Failure::new(kind).answer(Some(&id.to_string())))
        }
    };
    if let Some(answer) = answer {
        let kept: Vec<_> = response.headers().iter().map(|(n, v)| (n.clone(), v.clone())).collect();
        *response.response_mut() = answer;
        for (name, value) in kept {
            if name != header::CONTENT_TYPE
                && name != header::CONTENT_LENGTH
                && !response.headers().contains_key(&name)
            {
                response.headers_mut().append(name, value);
            }
        }
    }
}

fn content_type(response: &ServiceResponse<BoxBody>) -> &str {
    response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default()
}

fn finish_headers(headers: &mut HeaderMap, route: &str, id: Uuid, traceparent: Option<HeaderValue>) {
    if let Ok(id) = HeaderValue::from_str(&id.to_string()) {
        headers.insert(REQUEST_ID.clone(), id);
    }
    headers.insert(API_VERSION.clone(), HeaderValue::from_static(CONTRACT_VERSION));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    let policy = if route.starts_with("/docs") {
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; script-src 'self' 'unsafe-inline'"
    } else {
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Some(value) = traceparent {
        headers.insert(HeaderName::from_static("traceparent"), value);
    }
}

fn limit_headers(headers: &mut HeaderMap, allowance: Option<Allowance>) {
    let Some(it) = allowance else { return };
    for (name, value) in [
        ("ratelimit-policy", format!("\"client\";q={};w=1", it.per_second)),
        ("ratelimit", format!("\"client\";r={};t=1", it.left)),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

fn note(metrics: &Metrics, method: &str, route: &str, status: u16, started: Instant, id: Uuid) {
    let took = started.elapsed();
    metrics.request(method, route, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    log::info!(target: "trm::request", request:% = id, method, route, status, us = micros; "answered");
}
