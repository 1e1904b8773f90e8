//! National referrals: draft, send, answer.

mod acts;
mod create;
mod read;
mod send;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_referral)
        .service(read::list_referrals)
        .service(read::get_referral)
        .service(send::send_referral)
        .service(acts::acknowledge_referral)
        .service(acts::accept_referral)
        .service(acts::decline_referral)
        .service(acts::start_referral)
        .service(acts::complete_referral)
        .service(acts::cancel_referral);
}
