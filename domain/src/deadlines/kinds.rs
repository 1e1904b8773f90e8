//! What is said of each duty: its row in the table, and how requests between countries tell their own apart.

use super::{DUTIES, DutyKind, DutyRule};

impl DutyKind {
    /// Whether it waits for the answer of the other country: only that is silence (R56).
    pub const fn awaits_answer(self) -> bool {
        matches!(self, Self::AcknowledgeRequest | Self::DecideRequest | Self::LegalAnswer)
    }

    /// Whether a request between countries owes it.
    pub const fn abroad(self) -> bool {
        Self::AcknowledgeRequest as u8 <= self as u8 && self as u8 <= Self::ChaseNotice as u8
    }

    /// The row of this duty.
    pub fn row(self) -> &'static DutyRule {
        match self {
            Self::Triage => &DUTIES[0],
            Self::Acknowledge => &DUTIES[1],
            Self::Decide => &DUTIES[2],
            Self::FirstContact => &DUTIES[3],
            Self::ProvideInformation => &DUTIES[4],
            Self::NextStep => &DUTIES[5],
            Self::AskView => &DUTIES[6],
            Self::Feedback => &DUTIES[7],
            Self::GuardianCheck => &DUTIES[8],
            Self::SafetyPlan => &DUTIES[9],
            Self::ReflectionOffer => &DUTIES[10],
            Self::GiveInformation => &DUTIES[11],
            Self::Education => &DUTIES[12],
            Self::FormalDecision => &DUTIES[13],
            Self::ActOnIndicator => &DUTIES[14],
            Self::CheckSibling => &DUTIES[15],
            Self::ReportMissing => &DUTIES[16],
            Self::ReturnInterview => &DUTIES[17],
            Self::AnswerHandover => &DUTIES[18],
            Self::AnswerClosure => &DUTIES[19],
            Self::CheckMatch => &DUTIES[20],
            Self::AsylumInformation => &DUTIES[21],
            Self::AcknowledgeRequest => &DUTIES[22],
            Self::DecideRequest => &DUTIES[23],
            Self::LegalAnswer => &DUTIES[24],
            Self::AnswerRequestQuestions => &DUTIES[25],
            Self::ConfirmArrival => &DUTIES[26],
            Self::TakeOverChild => &DUTIES[27],
            Self::FollowUpReport => &DUTIES[28],
            Self::CloseRequest => &DUTIES[29],
            Self::AcknowledgeNotice => &DUTIES[30],
            Self::ReviewRequest => &DUTIES[31],
            Self::PlanTransfer => &DUTIES[32],
            Self::AnswerPlan => &DUTIES[33],
            Self::BeginTransfer => &DUTIES[34],
            Self::ReceiveBack => &DUTIES[35],
            Self::WarnOfDanger => &DUTIES[36],
            Self::ChaseNotice => &DUTIES[37],
            Self::ReviewEmergencyAccess => &DUTIES[38],
            Self::ReviewDataRequest => &DUTIES[39],
            Self::AnswerDataRequest => &DUTIES[40],
        }
    }
}
