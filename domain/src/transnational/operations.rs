//! Where each act on a request is done in the API.

use super::RequestAct;
use RequestAct as A;

impl RequestAct {
    /// Its operation in the API; none for what the mechanism does by itself.
    pub const fn operation(self) -> Option<&'static str> {
        Some(match self {
            A::Amend => "updateTransnationalRequest",
            A::SubmitNational => "submitTransnationalRequest",
            A::ReturnToSender => "returnTransnationalRequest",
            A::ApproveSend => "approveTransnationalRequest",
            A::SendDirect => "sendTransnationalRequest",
            A::RetryDelivery | A::Readdress => "retryTransnationalDelivery",
            A::Acknowledge | A::TakeForwarded => "acknowledgeTransnationalRequest",
            A::OpenCase => "openCaseFromPackage",
            A::Forward => "forwardTransnationalRequest",
            A::RequestMore => "requestTransnationalInformation",
            A::AnswerMore => "provideTransnationalInformation",
            A::Assess => "assessTransnationalRequest",
            A::Accept => "acceptTransnationalRequest",
            A::Decline => "declineTransnationalRequest",
            A::Answer => "answerTransnationalRequest",
            A::Withdraw => "withdrawTransnationalRequest",
            A::ProposePlan => "proposeTransferPlan",
            A::ConfirmPlan => "confirmTransferPlan",
            A::RefusePlan => "refuseTransferPlan",
            A::Depart => "recordDeparture",
            A::TurnBack => "turnTransferBack",
            A::ConfirmArrival => "confirmArrival",
            A::HandOver => "takeChildOver",
            A::Report => "reportOnChild",
            A::Close => "closeTransnationalRequest",
            A::Suspend => "suspendTransnationalRequest",
            A::Lift => "liftTransnationalSuspension",
            A::Notify => "giveTransnationalNotice",
            A::AcknowledgeNotice => "acknowledgeTransnationalNotice",
            A::MarkUndeliverable | A::NoteMissedArrival | A::NoteNoResponse | A::ChangeOffice => {
                return None;
            }
        })
    }

    /// The end of its path under the request; empty where that is the path of the request itself.
    pub const fn path(self) -> &'static str {
        match self {
            A::SubmitNational => "/submit-national",
            A::ReturnToSender => "/return-to-sender",
            A::ApproveSend => "/approve",
            A::SendDirect => "/send-direct",
            A::RetryDelivery | A::Readdress => "/retry-delivery",
            A::Acknowledge | A::TakeForwarded => "/acknowledge",
            A::OpenCase => "/open-case",
            A::Forward => "/forward",
            A::RequestMore => "/request-information",
            A::AnswerMore => "/provide-information",
            A::Assess => "/assess",
            A::Accept => "/accept",
            A::Decline => "/decline",
            A::Answer => "/answer",
            A::Withdraw => "/withdraw",
            A::ProposePlan => "/propose-plan",
            A::ConfirmPlan => "/confirm-plan",
            A::RefusePlan => "/refuse-plan",
            A::Depart => "/depart",
            A::TurnBack => "/turn-back",
            A::ConfirmArrival => "/confirm-arrival",
            A::HandOver => "/hand-over",
            A::Report => "/report",
            A::Close => "/close",
            A::Suspend => "/suspend",
            A::Lift => "/lift-suspension",
            A::Notify => "/notify",
            A::AcknowledgeNotice => "/acknowledge-notice",
            A::Amend | A::MarkUndeliverable | A::NoteMissedArrival | A::NoteNoResponse | A::ChangeOffice => {
                ""
            }
        }
    }
}
