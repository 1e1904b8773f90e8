//! The versioned HTTP API of the referral mechanism.
//!
//! What holds here: a handler reads a request, makes one blocking hop into the store, and answers; no query and no rule
//! is written here; the contract is collected from the routes and is itself what checks requests.

pub mod access;
mod call;
pub mod command;
pub mod contract;
mod failure;
mod http;
mod metrics;
pub mod node;
mod operations;
mod problems;
mod routes;
mod sandbox;
mod v1;

pub use contract::Edition;
pub use node::{Clock, Node, SystemClock};
pub use routes::Routes;
pub use sandbox::SandboxClock;

use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web::Data,
};

/// Every route of an edition, in one place for server and contract.
pub fn routes(edition: Edition, config: &mut impl Routes) {
    access::routes(config);
    v1::routes(config);
    if edition == Edition::Sandbox {
        v1::sandbox_routes(config);
    }
    operations::routes(config);
}

/// The application around a node, as the server and the tests run it.
pub fn app(
    node: Data<Node>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let edition = node.edition();
    App::new()
        .configure(|config| routes(edition, config))
        .configure(operations::documents)
        .app_data(node)
        .default_service(actix_web::web::to(http::unrouted))
        .wrap(from_fn(http::discretion))
        .wrap(from_fn(http::edge))
}
