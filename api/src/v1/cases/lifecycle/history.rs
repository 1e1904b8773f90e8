//! The acts on the life of a case as they are shown.

use domain::{
    AgencyId, CaseActId, CaseId, CodeList as _, Day, ProfessionalId, Timestamp,
    access::{Depth, Section},
    cases::lifecycle::{
        Abroad, AlertKind, Arrival, Attested, ClosureItem, ConsentAnswer, DuplicateEvidence, Entry,
        FoundOutcome, HandoverPoint, InterviewOutcome, LifecycleAct,
    },
    text::Country,
    vocabulary::{CaseStatus, ClosureReason, DataClass, ReopenReason},
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::v1::common::depth_of;

/// To whom what was written is open.
pub(super) struct Open<'a> {
    /// What the caller reads.
    pub seen: &'a [Section],
    /// The caller's agency.
    pub agency: AgencyId,
}

impl Open<'_> {
    /// Whether what was written with an act is shown: to those who read its class whole, and to the agency that wrote it.
    fn words(&self, it: &Entry) -> bool {
        use LifecycleAct as A;
        let class = match it.act {
            A::ReportMissing
            | A::RecordPoliceNotified
            | A::RecordAlert
            | A::RecordLongTerm
            | A::RecordFound
            | A::RecordReturnInterview => DataClass::D14RiskSafety,
            A::RequestClosure | A::ApproveClosure | A::ReturnClosure | A::Reopen => {
                DataClass::D13BestInterestsViews
            }
            A::OpenForProtection
            | A::ProposeHandover
            | A::ConfirmHandover
            | A::RefuseHandover
            | A::WithdrawHandover
            | A::Merge
            | A::MarkErroneous => DataClass::D15ReferralMetadata,
        };
        it.agency == self.agency || depth_of(self.seen, class) == Depth::Full
    }
}

/// An act on the life of a case. What was written is for those who read its class whole, and for the agency that wrote it.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseAct)]
#[serde(rename_all = "camelCase")]
pub struct CaseActView {
    /// Its id.
    pub id: CaseActId,
    /// The act.
    pub act: LifecycleAct,
    /// The status before.
    pub from: CaseStatus,
    /// The status after.
    pub to: CaseStatus,
    /// When.
    pub at: Timestamp,
    /// The agency that did it.
    pub agency_id: AgencyId,
    /// Who did it.
    pub professional_id: Option<ProfessionalId>,
    /// The other case, where two of the same child were merged.
    pub other_case_id: Option<CaseId>,
    /// The reasons, or what happened, in words.
    #[schema(max_length = 4000)]
    pub reasons: Option<String>,
    /// How the child was found.
    pub found_outcome: Option<FoundOutcome>,
    /// What came of the talk after the return.
    pub interview_outcome: Option<InterviewOutcome>,
    /// Why it is to be closed.
    pub closure_reason: Option<ClosureReason>,
    /// Why it was reopened.
    pub reopen_reason: Option<ReopenReason>,
    /// When something was done.
    pub done_at: Option<Timestamp>,
    /// Who did it, in words.
    #[schema(max_length = 200)]
    pub done_by: Option<String>,
    /// The number of police or of an alert.
    #[schema(max_length = 100)]
    pub reference: Option<String>,
    /// Why police were not told yet, in words.
    #[schema(max_length = 1000)]
    pub not_yet_because: Option<String>,
    /// The alerts that were issued.
    #[schema(max_items = 10)]
    pub alerts: Option<Vec<AlertKind>>,
    /// Whether there is a link to another country.
    pub cross_border_link: Option<bool>,
    /// What was attested of the closure checklist.
    #[schema(max_items = 30)]
    pub attested: Option<Vec<AttestedView>>,
    /// The handover to another country.
    pub abroad: Option<AbroadView>,
    /// What the receiver confirmed.
    pub arrival: Option<ArrivalView>,
    /// What proves that two cases are of the same child.
    #[schema(max_items = 10)]
    pub evidence: Option<Vec<DuplicateEvidence>>,
}

/// What was attested of an item of the closure checklist.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AttestedClosureItem)]
pub struct AttestedView {
    /// The item.
    pub item: ClosureItem,
    /// Since which day it holds.
    pub on: Day,
    /// How it is known, or the views of whoever was informed, in words.
    #[schema(max_length = 2000)]
    pub note: Option<String>,
}

/// A handover to another country.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandoverAbroad)]
#[serde(rename_all = "camelCase")]
pub struct AbroadView {
    /// The country.
    pub country: Country,
    /// The authority that takes over.
    #[schema(max_length = 200)]
    pub authority: String,
    /// The day on which the child moves.
    pub moves_on: Day,
    /// Whether that country consents.
    pub consent: ConsentAnswer,
    /// The consent document.
    #[schema(max_length = 200)]
    pub consent_document: Option<String>,
    /// The day of the consent document.
    pub consent_dated: Option<Day>,
}

/// What a receiver confirmed.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HandoverArrival)]
#[serde(rename_all = "camelCase")]
pub struct ArrivalView {
    /// What holds.
    #[schema(max_items = 10)]
    pub confirmed: Vec<HandoverPoint>,
    /// The authority of the other country that has confirmed it in writing.
    #[schema(max_length = 200)]
    pub authority: Option<String>,
    /// Its document.
    #[schema(max_length = 200)]
    pub document: Option<String>,
    /// The day of that document.
    pub dated: Option<Day>,
}

impl From<&Attested> for AttestedView {
    fn from(it: &Attested) -> Self {
        Self { item: it.item, on: it.on, note: it.note.clone() }
    }
}

impl From<&Abroad> for AbroadView {
    fn from(it: &Abroad) -> Self {
        Self {
            country: it.country,
            authority: it.authority.clone(),
            moves_on: it.moves_on,
            consent: it.consent.answer,
            consent_document: it.consent.document.clone(),
            consent_dated: it.consent.dated,
        }
    }
}

impl From<&Arrival> for ArrivalView {
    fn from(it: &Arrival) -> Self {
        let writing = it.writing.as_ref();
        Self {
            confirmed: it.confirmed.clone(),
            authority: writing.map(|it| it.authority.clone()),
            document: writing.map(|it| it.document.clone()),
            dated: writing.map(|it| it.dated),
        }
    }
}

impl CaseActView {
    /// An act, with or without what was written; the other case of a merge is for whoever leads or opened this one.
    pub fn of(it: &Entry, open: &Open<'_>, own: bool) -> Self {
        use LifecycleAct as A;
        let bare = Self {
            id: it.id,
            act: it.act,
            from: it.from,
            to: it.to,
            at: it.at,
            agency_id: it.agency,
            professional_id: it.professional,
            other_case_id: it.other.filter(|_| own),
            reasons: None,
            found_outcome: None,
            interview_outcome: None,
            closure_reason: None,
            reopen_reason: None,
            done_at: None,
            done_by: None,
            reference: None,
            not_yet_because: None,
            alerts: None,
            cross_border_link: None,
            attested: None,
            abroad: None,
            arrival: None,
            evidence: None,
        };
        if !open.words(it) {
            return bare;
        }
        let written = &it.written;
        let choice = |act: A| written.choice.as_deref().filter(|_| it.act == act);
        let closure = choice(A::RequestClosure).or(choice(A::ApproveClosure));
        Self {
            reasons: written.reasons.clone(),
            found_outcome: choice(A::RecordFound).and_then(FoundOutcome::parse),
            interview_outcome: choice(A::RecordReturnInterview).and_then(InterviewOutcome::parse),
            closure_reason: closure.and_then(ClosureReason::parse),
            reopen_reason: choice(A::Reopen).and_then(ReopenReason::parse),
            done_at: written.done_at,
            done_by: written.done_by.clone(),
            reference: written.reference.clone(),
            not_yet_because: written.not_yet.clone(),
            alerts: Some(written.alerts.clone()).filter(|it| !it.is_empty()),
            cross_border_link: written.cross_border,
            attested: Some(written.attested.iter().map(AttestedView::from).collect::<Vec<_>>())
                .filter(|it| !it.is_empty()),
            abroad: written.abroad.as_ref().map(AbroadView::from),
            arrival: written.arrival.as_ref().map(ArrivalView::from),
            evidence: Some(written.evidence.clone()).filter(|it| !it.is_empty()),
            ..bare
        }
    }
}
