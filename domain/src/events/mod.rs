//! Facts: what happened, in the order in which it happened, without personal data.

use serde_json::Value;
use uuid::Uuid;

use crate::{AgencyId, CaseId};

crate::codes! {
    /// What an event is about.
    pub enum SubjectKind = "event_subject" {
        Concern = "concern": "A concern",
        Screening = "screening": "A screening",
        Case = "case": "A case",
        Episode = "exploitation_episode": "An exploitation episode",
        Referral = "referral": "A referral",
        Deadline = "deadline": "A deadline",
        Agency = "agency": "An agency",
        Service = "service": "A service of an agency",
        AgeAssessment = "age_assessment": "An age assessment",
        Contact = "contact": "A contact of the child",
        Movement = "movement": "A movement of the child",
        Note = "note": "A note",
        Document = "document": "A document",
        Participant = "participant": "Somebody who takes part in a case",
        Restriction = "restricted_party": "Somebody who is never to know of a case",
        Link = "case_link": "A link between two cases",
        CaseMatch = "case_match": "A match of two cases",
    }
}

crate::codes! {
    /// Everything that the log of facts can say.
    pub enum EventType = "event_type" {
        ConcernReceived = "concern.received": "A concern was received",
        ScreeningRecorded = "screening.recorded": "Indicators were screened",
        ScreeningSetAside = "screening.set_aside": "A second person wrote down why no case follows from a screening",
        CaseIntake = "case.intake": "A case was taken in",
        CaseOpened = "case.opened": "The case was opened",
        ChildMissing = "case.child_missing": "The child was reported missing",
        MissingPoliceNotified = "case.police_notified": "Police were told that the child is missing",
        MissingAlerted = "case.missing_alerted": "An alert on the missing child was issued",
        MissingLongTerm = "case.missing_long_term": "The child is missing for a long time",
        ChildFound = "case.child_found": "The missing child was found",
        ReturnInterviewRecorded = "case.return_interview_recorded": "Somebody talked with the child after the return",
        HandoverProposed = "case.handover_proposed": "A handover was proposed",
        HandoverConfirmed = "case.handover_confirmed": "The receiver confirmed the handover",
        HandoverRefused = "case.handover_refused": "The receiver refused the handover",
        HandoverWithdrawn = "case.handover_withdrawn": "The agency that leads withdrew the handover",
        HandoverInterrupted = "case.handover_interrupted": "A handover went back because the child is missing",
        ClosureRequested = "case.closure_requested": "Somebody asked to close the case",
        ClosureReturned = "case.closure_returned": "The closure was returned; work goes on",
        CaseClosed = "case.closed": "The case was closed",
        CaseReopened = "case.reopened": "The case was reopened; the safeguards are owed anew",
        CaseMerged = "case.merged": "Two cases of the same child were merged",
        CaseMarkedErroneous = "case.marked_erroneous": "The case was marked as entered in error",
        ChildRecorded = "case.child_changed": "What is known of the child's identity changed",
        WhereaboutsRecorded = "case.whereabouts_changed": "What is known of the child's whereabouts changed",
        CaseSearchedByOther = "case.searched_by_other": "Another agency asked for a child like that of the case and learned whom to call",
        CaseMatchSuggested = "case.match_suggested": "Two cases may be of one child",
        CaseMatchConfirmed = "case.match_confirmed": "A lead agency said that two cases are of one child",
        CaseMatchRejected = "case.match_rejected": "Two cases were said to be of two children",
        EpisodeRecorded = "exploitation_episode.recorded": "An exploitation episode was recorded",
        ContactRecorded = "contact.recorded": "What is known of a contact of the child was recorded",
        MovementRecorded = "movement.recorded": "What is known of a movement of the child was recorded",
        NoteRecorded = "note.recorded": "A note was written",
        DocumentRecorded = "document.recorded": "A document was announced, or what is said of it changed",
        DocumentStored = "document.stored": "The bytes of a document came",
        ParticipantAdded = "participant.added": "Somebody takes part in the case",
        ParticipantChanged = "participant.changed": "What somebody who takes part is given was narrowed or widened",
        ParticipantEnded = "participant.ended": "Somebody no longer takes part in the case",
        RestrictionRecorded = "restricted_party.recorded": "Somebody is never to know of the case",
        RestrictionLiftRequested = "restricted_party.lift_requested": "Somebody asked that a party may know of the case again",
        RestrictionLifted = "restricted_party.lifted": "A second person agreed that a party may know of the case again",
        RestrictedPartyRefused = "restricted_party.refused": "Somebody wanted to bring in a party that is never to know of the case",
        CaseLinked = "case.linked": "The case was linked to another one",
        CaseUnlinked = "case.unlinked": "A link to another case was ended",
        IdentificationPresumed = "identification.presumed": "The child was presumed a victim",
        IdentificationNoGrounds = "identification.no_grounds": "The screening found no grounds",
        IdentificationAssessmentOpened = "identification.assessment_opened": "The formal assessment was opened",
        IdentificationIdentified = "identification.identified": "The child was formally identified as a victim",
        IdentificationNegativeProposed = "identification.negative_proposed": "A negative decision was proposed and waits for a second decider",
        IdentificationNegativeReturned = "identification.negative_returned": "The second decider did not agree to the negative decision",
        IdentificationNegativeDecided = "identification.negative_decided": "Two agencies decided negatively",
        IdentificationReviewOpened = "identification.review_opened": "An appeal or new facts opened a review",
        IdentificationStatusDeclined = "identification.status_declined": "The child declined the formal status; help goes on",
        IdentificationClosedNoStatus = "identification.closed_no_status": "The identification was closed without a formal status",
        IdentificationForeignRecognised = "identification.foreign_recognised": "A decision of another country was recognised",
        IdentificationTurned18 = "identification.turned_18": "The person turned 18; the safeguards for past acts stay",
        EntitlementRecorded = "entitlement.recorded": "What an entitlement of the child asks for was done",
        AgeAssessed = "age_assessment.recorded": "An age assessment was recorded",
        ReferralDrafted = "referral.drafted": "A referral was drafted",
        ReferralSent = "referral.sent": "A referral was sent",
        ReferralAcknowledged = "referral.acknowledged": "The receiver acknowledged the referral",
        ReferralAccepted = "referral.accepted": "The receiver accepted the referral",
        ReferralDeclined = "referral.declined": "The receiver declined the referral",
        ReferralAmended = "referral.amended": "A draft was changed",
        ReferralInformationRequested = "referral.information_requested": "The receiver asked the sender a question",
        ReferralInformationProvided = "referral.information_provided": "The sender answered the receiver's question",
        ReferralRerouteProposed = "referral.reroute_proposed": "The receiver proposed to reroute the referral together",
        ReferralRerouted = "referral.rerouted": "The sender rerouted the referral to another receiver",
        ReferralRerouteEscalated = "referral.reroute_escalated": "A referral was rerouted so often that the coordinator is told",
        ReferralStarted = "referral.started": "The service began",
        ReferralCompleted = "referral.completed": "The service was completed",
        ReferralInterrupted = "referral.interrupted": "The receiver ended the service before its time",
        ReferralFeedbackGiven = "referral.feedback_given": "The receiver told the sender what came of it",
        ReferralChildViewRecorded = "referral.child_view_recorded": "The child's view was recorded after sending",
        ReferralMessageSent = "referral.message_sent": "One side wrote to the other",
        ReferralCancelled = "referral.cancelled": "The sender cancelled the referral",
        ReferralExpired = "referral.expired": "Nobody answered the referral; its sender is responsible again",
        DeadlineEscalated = "deadline.escalated": "A duty was overdue and somebody was told",
        AgencyChanged = "directory.agency_changed": "The agency changed its entry in the directory",
        ServiceChanged = "directory.service_changed": "The agency changed a service in the directory",
    }
}

/// One thing that happened: small and pseudonymous, fit for a feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What happened.
    pub event: EventType,
    /// What it happened to.
    pub subject: SubjectKind,
    /// The id of what it happened to.
    pub subject_id: Uuid,
    /// The version of the subject after it, where it has one.
    pub version: i32,
    /// The case, if there is one.
    pub case: Option<CaseId>,
    /// The agencies that may know of it.
    pub audience: Vec<AgencyId>,
    /// Codes, ids and times only.
    pub payload: Value,
}
