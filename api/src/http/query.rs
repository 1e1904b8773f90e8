//! Query parameters: the documented ones, once each, in the documented form.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use serde::de::DeserializeOwned;

use crate::{contract::Contract, failure::Failure, problems};

/// Typed query parameters, checked against the contract.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let checked = Contract::of(request).and_then(|it| it.check_query(request.query_string()));
        ready(checked.and_then(|()| {
            serde_urlencoded::from_str(request.query_string()).map(Self).map_err(|_| {
                let message = "a parameter is not one that the contract describes";
                Failure::invalid(&problems::INVALID_PARAMETER, "?", "invalid_parameter", message)
            })
        }))
    }
}
