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

use crate::Routes;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(token_endpoint::issue_token)
        .service(token_endpoint::get_jwks)
        .service(token_endpoint::get_authorization_server_metadata)
        .service(me::get_me)
        .service(my_access::get_my_access);
}
