//! National referrals: draft, send, answer.

mod acts;
mod create;
mod send;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this room.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(create::create_referral)
        .service(view::list_referrals)
        .service(view::get_referral)
        .service(send::send_referral)
        .service(acts::acknowledge_referral)
        .service(acts::accept_referral)
        .service(acts::decline_referral)
        .service(acts::start_referral)
        .service(acts::complete_referral)
        .service(acts::cancel_referral);
}
