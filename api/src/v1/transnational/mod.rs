//! Requests between countries: draft and checklist, package, sending, answers, the move of a child, notices.

mod acting;
mod amend;
mod answering;
mod checklist;
mod content;
mod create;
mod deciding;
mod document;
mod given;
mod messages;
mod moving;
mod opening;
mod package;
mod parts;
mod planning;
mod read;
mod readiness;
mod receiver;
mod sending;
mod telling;
mod view;

use crate::Routes;

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(create::create_transnational_request)
        .service(read::list_transnational_requests)
        .service(read::get_transnational_request)
        .service(amend::update_transnational_request)
        .service(checklist::get_transnational_checklist)
        .service(package::get_transnational_package)
        .service(messages::list_transnational_messages)
        .service(sending::submit_transnational_request)
        .service(sending::return_transnational_request)
        .service(sending::approve_transnational_request)
        .service(sending::send_transnational_request)
        .service(sending::retry_transnational_delivery)
        .service(sending::withdraw_transnational_request)
        .service(sending::close_transnational_request)
        .service(answering::acknowledge_transnational_request)
        .service(answering::forward_transnational_request)
        .service(answering::request_transnational_information)
        .service(answering::provide_transnational_information)
        .service(answering::assess_transnational_request)
        .service(opening::open_case_from_package)
        .service(deciding::accept_transnational_request)
        .service(deciding::decline_transnational_request)
        .service(deciding::answer_transnational_request)
        .service(planning::propose_transfer_plan)
        .service(planning::confirm_transfer_plan)
        .service(planning::refuse_transfer_plan)
        .service(moving::record_departure)
        .service(moving::turn_transfer_back)
        .service(moving::confirm_arrival)
        .service(moving::take_child_over)
        .service(moving::report_on_child)
        .service(telling::suspend_transnational_request)
        .service(telling::lift_transnational_suspension)
        .service(telling::give_transnational_notice)
        .service(telling::acknowledge_transnational_notice);
}
