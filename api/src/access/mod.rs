//! Who calls: the token endpoint, the keys behind it, and the check of access tokens.

mod assertion;
mod details;
mod issuer;
mod me;
mod my_access;
mod token_endpoint;
mod tokens;

pub use issuer::{IssuerKeyError, IssuerKeys, new_key_pair};
pub use tokens::TokenCache;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(token_endpoint::issue_token)
        .service(token_endpoint::get_jwks)
        .service(token_endpoint::get_authorization_server_metadata)
        .service(me::get_me)
        .service(my_access::get_my_access);
}
