//! The acts on an identification as they are shown.

use domain::{
    AgencyId, CodeList as _, Day, IdentificationEntryId, ProfessionalId, Timestamp,
    identification::{
        Brought, Entitlement, Entry, Foreign, Grounds, IdentificationAct, NegativeGround, NoGroundsBasis,
        NoStatusReason, ProtectionNeed, ReviewKind,
    },
    text::Country,
    vocabulary::IdentificationStatus,
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::findings::{FindingsView, InformedView};

/// An act on the identification. What was written is for those who read the decision whole.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentificationEntry)]
#[serde(rename_all = "camelCase")]
pub struct IdentificationEntryView {
    /// Its id.
    pub id: IdentificationEntryId,
    /// The act.
    pub act: IdentificationAct,
    /// The status before.
    pub from: IdentificationStatus,
    /// The status after.
    pub to: IdentificationStatus,
    /// When.
    pub at: Timestamp,
    /// The agency that did it; absent for what the mechanism noted by itself.
    pub agency_id: Option<AgencyId>,
    /// Who did it.
    pub professional_id: Option<ProfessionalId>,
    /// The entitlement that was given.
    pub entitlement: Option<Entitlement>,
    /// On what a presumption rests.
    pub grounds: Option<Grounds>,
    /// On what "no grounds" rests.
    #[schema(max_items = 10)]
    pub basis: Option<Vec<NoGroundsBasis>>,
    /// The grounds of a negative decision.
    #[schema(max_items = 20)]
    pub negative_grounds: Option<Vec<NegativeGround>>,
    /// Whether the child needs protection for another reason.
    pub protection_need: Option<ProtectionNeed>,
    /// How a review began.
    pub review_kind: Option<ReviewKind>,
    /// Who brought an appeal, or declined the status.
    pub brought_by: Option<Brought>,
    /// Why there is no formal status.
    pub no_status_reason: Option<NoStatusReason>,
    /// What was found.
    pub findings: Option<FindingsView>,
    /// Who was informed.
    pub informed: Option<InformedView>,
    /// The notice or decision of another country.
    pub foreign: Option<ForeignView>,
    /// The reasons, or what was done, in words.
    #[schema(max_length = 4000)]
    pub reasons: Option<String>,
    /// The child's view, in words; for those who read its views whole (D13).
    #[schema(max_length = 2000)]
    pub child_view: Option<String>,
    /// When an entitlement was given.
    pub done_at: Option<Timestamp>,
    /// Who gave it, in words.
    #[schema(max_length = 200)]
    pub done_by: Option<String>,
}

/// A notice or decision of an authority of another country.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ForeignDocument)]
pub struct ForeignView {
    /// The country.
    pub country: Country,
    /// The authority.
    #[schema(max_length = 200)]
    pub authority: String,
    /// The document, as that authority names it.
    #[schema(max_length = 200)]
    pub document: String,
    /// The day of the document.
    pub dated: Day,
}

impl From<&Foreign> for ForeignView {
    fn from(it: &Foreign) -> Self {
        Self {
            country: it.country,
            authority: it.authority.clone(),
            document: it.document.clone(),
            dated: it.dated,
        }
    }
}

fn some<T: Clone>(all: &[T]) -> Option<Vec<T>> {
    Some(all.to_vec()).filter(|it| !it.is_empty())
}

impl IdentificationEntryView {
    /// An act, with or without what was written, and with or without what the child said.
    pub fn of(it: &Entry, words: bool, views: bool) -> Self {
        use IdentificationAct as A;
        let written = &it.written;
        let choice = written.choice.as_deref();
        let shown = |text: &Option<String>| text.clone().filter(|_| words);
        let entitlement = it.act == A::RecordEntitlement;
        Self {
            id: it.id,
            act: it.act,
            from: it.from,
            to: it.to,
            at: it.at,
            agency_id: it.agency,
            professional_id: it.professional,
            entitlement: it.entitlement,
            grounds: written.grounds,
            basis: some(&written.basis),
            negative_grounds: some(&written.negative_grounds),
            protection_need: choice.filter(|_| it.act == A::RecordNoGrounds).and_then(ProtectionNeed::parse),
            review_kind: choice.filter(|_| it.act == A::Appeal).and_then(ReviewKind::parse),
            brought_by: written.done_by.as_deref().filter(|_| !entitlement).and_then(Brought::parse),
            no_status_reason: choice
                .filter(|_| it.act == A::CloseWithoutStatus)
                .and_then(NoStatusReason::parse),
            findings: written.findings.as_ref().filter(|_| words).map(FindingsView::from),
            informed: written.informed.map(InformedView::from),
            foreign: written.foreign.as_ref().map(ForeignView::from),
            reasons: shown(&written.reasons),
            child_view: written.child_view.clone().filter(|_| views),
            done_at: written.done_at,
            done_by: shown(&written.done_by).filter(|_| entitlement),
        }
    }
}
