//! Referral and identification rules of a referral mechanism for child victims of trafficking.
//!
//! What holds here: nothing reads a clock, a file, the network or a database; nothing draws a random number. An act is
//! a function of *state, command, caller and time*; it answers with the changed value and its facts, or with every
//! reason why not. Rules are rows of one table with their sources.

pub mod access;
pub mod cases;
pub mod codes;
pub mod deadlines;
pub mod decision;
pub mod directory;
pub mod events;
#[cfg(test)]
mod given;
pub mod identification;
pub mod ids;
pub mod matching;
pub mod referrals;
pub mod rules;
#[cfg(feature = "openapi")]
pub mod schema;
pub mod text;
pub mod timestamp;
pub mod transnational;
pub mod vocabulary;

pub use codes::CodeList;
pub use decision::{Check, Decided, Refused, Violation};
pub use ids::*;
pub use timestamp::{BirthDate, Day, PartialDate, Timestamp};

/// Optimistic lock counter of a stored thing or section; starts at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub i32);

impl Version {
    /// The version of something new.
    pub const FIRST: Self = Self(1);

    /// The version after one more change.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// The code lists that single rooms own, for `/v1/code-lists`.
pub static ROOM_LISTS: &[codes::CodeListTable] = &[
    codes::table::<access::Scope>(),
    codes::table::<cases::data_request::DataRequestKind>(),
    codes::table::<cases::data_request::DataRequestOutcome>(),
    codes::table::<cases::data_request::DataRequestReply>(),
    codes::table::<cases::data_request::DataRequestStatus>(),
    codes::table::<cases::data_request::DataRequestVerdict>(),
    codes::table::<cases::data_request::DataRequester>(),
    codes::table::<cases::data_request::HoldReason>(),
    codes::table::<cases::emergency::EmergencyReason>(),
    codes::table::<cases::emergency::EmergencyVerdict>(),
    codes::table::<cases::erasure::ErasureReason>(),
    codes::table::<cases::lifecycle::AlertKind>(),
    codes::table::<cases::lifecycle::ClosureItem>(),
    codes::table::<cases::lifecycle::ConsentAnswer>(),
    codes::table::<cases::lifecycle::DuplicateEvidence>(),
    codes::table::<cases::lifecycle::FoundOutcome>(),
    codes::table::<cases::lifecycle::HandoverPoint>(),
    codes::table::<cases::lifecycle::HandoverStatus>(),
    codes::table::<cases::lifecycle::InterviewOutcome>(),
    codes::table::<cases::lifecycle::LifecycleAct>(),
    codes::table::<deadlines::DeadlineState>(),
    codes::table::<deadlines::DutyKind>(),
    codes::table::<deadlines::working_time::DayOff>(),
    codes::table::<directory::MatchReason>(),
    codes::table::<directory::MisfitCode>(),
    codes::table::<directory::UnroutedReason>(),
    codes::table::<directory::Weekday>(),
    codes::table::<events::EventType>(),
    codes::table::<events::SubjectKind>(),
    codes::table::<identification::AgeConclusion>(),
    codes::table::<identification::AgeMethod>(),
    codes::table::<identification::AssessorField>(),
    codes::table::<identification::Brought>(),
    codes::table::<identification::Certainty>(),
    codes::table::<identification::Entitlement>(),
    codes::table::<identification::Finding>(),
    codes::table::<identification::Grounds>(),
    codes::table::<identification::IdentificationAct>(),
    codes::table::<identification::NegativeGround>(),
    codes::table::<identification::NoGroundsBasis>(),
    codes::table::<identification::NoStatusReason>(),
    codes::table::<identification::ProtectionNeed>(),
    codes::table::<identification::ReviewKind>(),
    codes::table::<identification::SetAsideReason>(),
    codes::table::<identification::assessment::ScreeningResult>(),
    codes::table::<identification::assessment::ResultCondition>(),
    codes::table::<identification::assessment::DimensionOption>(),
    codes::table::<matching::LikenessReason>(),
    codes::table::<matching::MatchStatus>(),
    codes::table::<matching::MatchVerdict>(),
    codes::table::<referrals::HandlingCaveat>(),
    codes::table::<referrals::OriginKind>(),
    codes::table::<referrals::ReferralAct>(),
    codes::table::<referrals::ReferralOutcome>(),
    codes::table::<referrals::ReferralSide>(),
    codes::table::<transnational::BlockingProcedure>(),
    codes::table::<transnational::Instrument>(),
    codes::table::<transnational::Kind>(),
    codes::table::<transnational::LadderRecipient>(),
    codes::table::<transnational::NoticeKind>(),
    codes::table::<transnational::RequestAct>(),
    codes::table::<transnational::RequestPart>(),
    codes::table::<transnational::Route>(),
    codes::table::<transnational::Side>(),
    codes::table::<transnational::TimeFlag>(),
    codes::table::<transnational::TransferGround>(),
];
