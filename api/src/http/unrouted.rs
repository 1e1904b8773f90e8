//! What no operation serves: a known path under another method, or no path at all.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
};

use super::RequestIdOf as _;
use crate::{contract::Contract, failure::Failure, problems};

/// 405 with `Allow` for a known path, an answer to OPTIONS, 404 for the rest.
pub async fn unrouted(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let methods = Contract::of_node(&request).methods_of(request.path());
    if methods.is_empty() {
        return Err(Failure::new(&problems::NOT_FOUND));
    }
    let allow = methods.join(", ");
    if request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((header::ALLOW, allow)).finish());
    }
    let failure = Failure::new(&problems::METHOD_NOT_ALLOWED).header(header::ALLOW, allow);
    Ok(failure.answer(request.request_id().as_deref()))
}
