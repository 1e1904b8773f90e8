//! Bodies: read within limits, checked against the contract as a whole, then parsed.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header, web};
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::json;
use crate::{
    contract::Contract,
    failure::{Failure, ViolationView},
    problems,
};

/// The largest body, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;
const SLOWEST_BODY: Duration = Duration::from_secs(10);
const SLOWEST_FILE: Duration = Duration::from_mins(1);

/// A JSON body that fits the contract; with the canonical text of what was sent, for the idempotency fingerprint.
///
/// Named as the framework names its own, so that the contract sees the request body.
#[derive(Debug)]
pub struct Json<T> {
    /// What was sent.
    pub value: T,
    /// Its canonical text: members in order, no white space.
    pub canonical: Vec<u8>,
}

/// Marks a request that is refused whatever its body says: while that refusal is logged, the body is not judged.
#[derive(Clone, Copy, Debug)]
pub struct RefusedAnyway;

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.extensions().contains::<RefusedAnyway>() {
            return Box::pin(std::future::pending());
        }
        let ready = prepare(request, LARGEST_BODY);
        let payload = payload.take();
        let request = request.clone();
        Box::pin(async move {
            ready?;
            let bytes = receive(payload, LARGEST_BODY, SLOWEST_BODY).await?;
            let value = json::read(&bytes)?;
            let operation = Contract::of(&request)?;
            let violations = operation.check_body(&value);
            if !violations.is_empty() {
                return Err(Failure::new(&problems::INVALID_VALUE).listing(violations));
            }
            let canonical = serde_json::to_vec(&value).unwrap_or_default();
            let value: T = serde_json::from_value(value).map_err(|_| {
                let message = "a value is not one that the contract describes";
                Failure::invalid(&problems::INVALID_VALUE, "", "invalid_value", message)
            })?;
            value.validate().map_err(|errors| inconsistent(&errors))?;
            Ok(Self { value, canonical })
        })
    }
}

/// A body that is taken as it is, with at most so many bytes.
#[derive(Clone, Debug)]
pub struct Binary<const MOST: usize>(pub web::Bytes);

impl<const MOST: usize> FromRequest for Binary<MOST> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if request.extensions().contains::<RefusedAnyway>() {
            return Box::pin(std::future::pending());
        }
        let ready = prepare(request, MOST);
        let payload = payload.take();
        Box::pin(async move {
            ready?;
            Ok(Self(receive(payload, MOST, SLOWEST_FILE).await?.freeze()))
        })
    }
}

fn prepare(request: &HttpRequest, most: usize) -> Result<(), Failure> {
    let operation = Contract::of(request)?;
    let encoding = request.headers().get(header::CONTENT_ENCODING);
    if encoding.is_some_and(|it| it.as_bytes() != b"identity") {
        return Err(Failure::new(&problems::UNSUPPORTED_ENCODING).header(header::ACCEPT_ENCODING, "identity"));
    }
    let given =
        request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default();
    let charset = parts.all(|it| it.is_empty() || it.eq_ignore_ascii_case("charset=utf-8"));
    if !media.eq_ignore_ascii_case(operation.media_type()) || !charset {
        let accept =
            if request.method() == actix_web::http::Method::PATCH { "accept-patch" } else { "accept-post" };
        return Err(Failure::new(&problems::UNSUPPORTED_MEDIA_TYPE)
            .header(header::HeaderName::from_static(accept), operation.media_type()));
    }
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|it| it > most) {
        return Err(Failure::new(&problems::BODY_TOO_LARGE));
    }
    Ok(())
}

async fn receive(payload: Payload, most: usize, within: Duration) -> Result<web::BytesMut, Failure> {
    let mut payload = payload;
    let reading = async {
        let mut all = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk
                .map_err(|_| Failure::new(&problems::MALFORMED_REQUEST).because("the body is incomplete"))?;
            if all.len() + chunk.len() > most {
                return Err(Failure::new(&problems::BODY_TOO_LARGE));
            }
            all.extend_from_slice(&chunk);
        }
        Ok(all)
    };
    tokio::time::timeout(within, reading).await.map_err(|_| Failure::new(&problems::REQUEST_TIMEOUT))?
}

/// Members that contradict each other, found by the type's own cross-field check; in a stable order.
fn inconsistent(errors: &ValidationErrors) -> Failure {
    let mut all = contradictions(errors, "");
    all.sort_by(|a, b| (&a.pointer, &a.code).cmp(&(&b.pointer, &b.code)));
    Failure::new(&problems::INCONSISTENT_VALUES).listing(all)
}

fn contradictions(errors: &ValidationErrors, at: &str) -> Vec<ViolationView> {
    let mut all = Vec::new();
    for (field, kind) in errors.errors() {
        let pointer = if field == "__all__" { at.to_owned() } else { format!("{at}/{}", wire_name(field)) };
        match kind {
            ValidationErrorsKind::Field(found) => all.extend(found.iter().map(|it| ViolationView {
                pointer: pointer.clone(),
                code: it.code.to_string(),
                message: it.message.as_deref().unwrap_or_default().to_owned(),
                ..ViolationView::default()
            })),
            ValidationErrorsKind::Struct(inner) => all.extend(contradictions(inner, &pointer)),
            ValidationErrorsKind::List(inner) => {
                all.extend(inner.iter().flat_map(|(n, it)| contradictions(it, &format!("{pointer}/{n}"))));
            }
        }
    }
    all
}

/// The member on the wire of a field: camelCase.
fn wire_name(field: &str) -> String {
    let mut parts = field.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let head = letters.next().map(|it| it.to_ascii_uppercase());
        name + &head.into_iter().chain(letters).collect::<String>()
    })
}
