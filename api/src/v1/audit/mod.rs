//! Who looked at what, what was given to whom, and proofs that nothing of it was changed.

mod access;
mod disclosures;
mod place;
mod proofs;

use crate::Routes;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(access::list_access_log)
        .service(disclosures::list_disclosures)
        .service(proofs::get_audit_checkpoint)
        .service(proofs::get_inclusion_proof)
        .service(proofs::get_consistency_proof);
}
