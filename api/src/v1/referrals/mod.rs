//! National referrals: draft, send, answer, follow up.

mod acting;
mod amend;
mod answering;
mod answers;
mod content;
mod create;
mod following;
mod information;
mod list;
mod messages;
mod package;
mod read;
mod receiver;
mod send;
mod service;
mod view;

pub(super) use content::{ChildsViewBody, DisclosureView};
pub(super) use receiver::referenced;

use crate::Routes;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(create::create_referral)
        .service(read::list_referrals)
        .service(read::get_referral)
        .service(amend::update_referral)
        .service(package::get_referral_package)
        .service(send::send_referral)
        .service(answering::acknowledge_referral)
        .service(information::request_referral_information)
        .service(information::provide_referral_information)
        .service(information::record_referral_child_view)
        .service(answering::accept_referral)
        .service(answering::decline_referral)
        .service(following::propose_referral_reroute)
        .service(following::reroute_referral)
        .service(service::start_referral)
        .service(service::complete_referral)
        .service(service::interrupt_referral)
        .service(service::give_referral_feedback)
        .service(answering::cancel_referral)
        .service(messages::create_referral_message)
        .service(messages::list_referral_messages)
        .service(messages::get_referral_message);
}
