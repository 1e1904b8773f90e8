//! Version 1 of the API: wire types and endpoints, one module a room.

mod audit;
mod cases;
pub(crate) mod common;
mod deadlines;
mod directory;
mod events;
mod identification;
mod reference;
mod referrals;
mod sandbox;
mod transnational;

pub use sandbox::routes as sandbox_routes;

use crate::Routes;

/// The routes of this version.
pub fn routes(config: &mut impl Routes) {
    reference::routes(config);
    directory::routes(config);
    identification::routes(config);
    cases::routes(config);
    referrals::routes(config);
    transnational::routes(config);
    deadlines::routes(config);
    events::routes(config);
    audit::routes(config);
}
