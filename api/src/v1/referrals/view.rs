//! A referral as each side sees it, the inbox and the outbox.

use domain::{
    AgencyId, CaseId, CodeList as _, Day, ProfessionalId, Reference, ReferralId, ServiceId, Timestamp,
    access::{Depth, Relation, Section, sections},
    referrals::{
        Blocked, ChildView as DomainChildView, Disclosure, HandlingCaveat, Package, Referral,
        ReferralOutcome, ReferralSide, Suggestion,
    },
    vocabulary::{
        DataClass, DeclineReason, LawfulBasis, ReferralReason, ReferralStatus, ServiceCode, Urgency,
        ViewMethod, ViewMissingReason, ViewStatus,
    },
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::{
    failure::ViolationView,
    http::{Shown, Tag},
    v1::{
        cases::{ChildView, WhereaboutsView},
        common::{
            AllowedActionView, BlockedActionView, WithheldReason, WithheldView, depth_of, page, warnings,
        },
    },
};

/// A referral, for its two sides.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Referral)]
#[serde(rename_all = "camelCase")]
pub struct ReferralView {
    /// Its id.
    pub id: ReferralId,
    /// Its reference, safe to read over the telephone.
    pub reference: Reference,
    /// The case.
    pub case_id: CaseId,
    /// The reference of the case.
    pub case_reference: Reference,
    /// The agency that refers.
    pub from_agency_id: AgencyId,
    /// The agency that is asked.
    pub to_agency_id: AgencyId,
    /// The service that is asked.
    pub to_service_id: Option<ServiceId>,
    /// The caller's side.
    pub side: ReferralSide,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Why it is made.
    #[schema(max_items = 20)]
    pub reasons: Vec<ReferralReason>,
    /// What is asked for.
    #[schema(max_items = 40)]
    pub services: Vec<ServiceCode>,
    /// Its status.
    pub status: ReferralStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// When it was drafted.
    pub drafted_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// By when the receiver acknowledges.
    pub acknowledge_by: Option<Timestamp>,
    /// By when the receiver decides.
    pub decide_by: Option<Timestamp>,
    /// By when the child is first met.
    pub first_contact_by: Option<Timestamp>,
    /// What is asked and why, in the sender's words.
    #[schema(max_length = 4000)]
    pub summary: Option<String>,
    /// What was disclosed, once sent.
    pub content: Option<ReferralContentView>,
    /// The answer of the receiver that accepted.
    pub acceptance: Option<AcceptanceView>,
    /// The answer of the receiver that declined.
    pub decline: Option<DeclineView>,
    /// The outcome, once completed.
    pub completion: Option<CompletionView>,
    /// Why it was cancelled.
    #[schema(max_length = 2000)]
    pub cancellation_reason: Option<String>,
    /// What the caller may not read, and why.
    #[schema(max_items = 16)]
    pub withheld: Vec<WithheldView>,
    /// What the caller may do now.
    #[schema(max_items = 20)]
    pub allowed_actions: Vec<AllowedActionView>,
    /// What is refused now, with the reasons; on request.
    #[schema(max_items = 20)]
    pub blocked_actions: Option<Vec<BlockedActionView>>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// What the receiver was given: the disclosed classes and nothing else.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralContent)]
#[serde(rename_all = "camelCase")]
pub struct ReferralContentView {
    /// What was disclosed on which basis.
    #[schema(max_items = 16)]
    pub disclosures: Vec<DisclosureView>,
    /// Who the child is, if disclosed.
    pub child: Option<ChildView>,
    /// Where the child is, if disclosed.
    pub whereabouts: Option<WhereaboutsView>,
    /// The child's view, if it is recorded.
    pub child_view: Option<ChildsViewView>,
    /// Why the child's view is missing.
    pub view_missing_reason: Option<ViewMissingReason>,
    /// The day on which the child is asked again.
    pub ask_again_on: Option<Day>,
    /// Whether the child was told of the referral.
    pub child_informed: bool,
    /// What the receiver may not do.
    #[schema(max_items = 10)]
    pub caveats: Vec<HandlingCaveat>,
}

/// A class that is disclosed, with its lawful bases.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Disclosure)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureView {
    /// The class.
    pub data_class: DataClass,
    /// The lawful bases.
    #[schema(min_items = 1, max_items = 10)]
    pub lawful_bases: Vec<LawfulBasis>,
}

/// What the child said or showed.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChildsView)]
#[serde(rename_all = "camelCase")]
pub struct ChildsViewView {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    pub method: Option<ViewMethod>,
    /// The child's words or a summary.
    #[schema(max_length = 4000)]
    pub summary: Option<String>,
    /// On what day.
    pub recorded_on: Option<Day>,
    /// What weight it was given and how it changed the plan.
    #[schema(max_length = 2000)]
    pub weight_given: Option<String>,
}

/// What the receiver promised.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Acceptance)]
#[serde(rename_all = "camelCase")]
pub struct AcceptanceView {
    /// Who of the receiver answers for it.
    #[schema(max_length = 200)]
    pub worker: String,
    /// The first appointment.
    pub first_appointment_on: Day,
    /// Who accepted.
    pub professional_id: Option<ProfessionalId>,
}

/// Why the receiver declined, and where else the child may be helped.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decline)]
#[serde(rename_all = "camelCase")]
pub struct DeclineView {
    /// The coded reason.
    pub reason: DeclineReason,
    /// The reason in words.
    #[schema(max_length = 2000)]
    pub explanation: Option<String>,
    /// An agency of the directory that may help.
    pub suggested_agency_id: Option<AgencyId>,
    /// Somebody else who may help.
    #[schema(max_length = 500)]
    pub suggested_other: Option<String>,
    /// Whether no other help is known.
    pub none_known: Option<bool>,
}

/// What came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Completion)]
#[serde(rename_all = "camelCase")]
pub struct CompletionView {
    /// The outcome.
    pub outcome: ReferralOutcome,
    /// Feedback to the sender.
    #[schema(max_length = 4000)]
    pub feedback: String,
}

/// A referral in a list: nothing of the child.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralSummary)]
#[serde(rename_all = "camelCase")]
pub struct ReferralSummaryView {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The case.
    pub case_id: CaseId,
    /// The reference of the case.
    pub case_reference: Reference,
    /// The agency that refers.
    pub from_agency_id: AgencyId,
    /// The agency that is asked.
    pub to_agency_id: AgencyId,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Its status.
    pub status: ReferralStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// By when the receiver acknowledges.
    pub acknowledge_by: Option<Timestamp>,
    /// By when the receiver decides.
    pub decide_by: Option<Timestamp>,
}

page! {
    /// A page of referrals, newest first.
    ReferralPage as ReferralPage of ReferralSummaryView
}

impl From<Referral> for ReferralSummaryView {
    fn from(it: Referral) -> Self {
        Self {
            id: it.id,
            reference: it.reference,
            case_id: it.case,
            case_reference: it.case_reference,
            from_agency_id: it.from,
            to_agency_id: it.to,
            urgency: it.urgency,
            status: it.status,
            status_at: it.status_at,
            sent_at: it.sent.map(|it| it.at),
            acknowledge_by: it.sent.map(|it| it.acknowledge_by),
            decide_by: it.sent.map(|it| it.decide_by),
        }
    }
}

impl From<Disclosure> for DisclosureView {
    fn from(it: Disclosure) -> Self {
        Self { data_class: it.data_class, lawful_bases: it.lawful_bases }
    }
}

impl ReferralContentView {
    /// As much of what was disclosed as the reader's role and agency may see.
    fn of(package: &Package, seen: &[Section], now: Timestamp) -> Self {
        let depth = |class| Some(depth_of(seen, class)).filter(|it| *it >= Depth::Summary);
        let views = depth(DataClass::D13BestInterestsViews);
        let (child_view, reason, ask_again_on) = match &package.child_view {
            DomainChildView::Recorded(view) => (Some(view.clone()), None, None),
            DomainChildView::Missing { reason, ask_again_on } => (None, Some(*reason), *ask_again_on),
        };
        Self {
            disclosures: package.disclosures.iter().cloned().map(DisclosureView::from).collect(),
            child: (package.child.identity.as_ref().zip(depth(DataClass::D1Identity)))
                .map(|(it, depth)| ChildView::of(it, depth, now, &[])),
            whereabouts: (package.child.whereabouts.as_ref().zip(depth(DataClass::D2Whereabouts)))
                .map(|(it, depth)| WhereaboutsView::of(it, depth)),
            child_view: child_view.filter(|_| views.is_some()).map(|it| ChildsViewView {
                status: it.status,
                method: it.method,
                summary: it.summary,
                recorded_on: it.recorded_on,
                weight_given: it.weight_given,
            }),
            view_missing_reason: reason,
            ask_again_on,
            child_informed: package.child_informed,
            caveats: package.caveats.clone(),
        }
    }
}

/// The referral as a side sees it today.
pub(super) fn shown(
    tx: &Tx<'_>,
    it: &Referral,
    side: ReferralSide,
    found: &[domain::Violation],
    with_blocked: bool,
) -> Shown<ReferralView> {
    let open = it.content_open_to(side);
    let tag = Tag::of(
        tx.keys(),
        &format!("referral/{}/{}/{side}/{open}/{:?}", it.id, it.version.0, tx.cx.caller.role),
    );
    let (allowed, blocked) = it.actions(&tx.cx.caller);
    let allowed_actions = allowed.into_iter().map(|action| AllowedActionView {
        action: action.act.code(),
        href: format!("/v1/referrals/{}/{}", it.id, action.act.code()),
    });
    let package = it.file.package.as_ref().filter(|_| open);
    let disclosed = it.disclosed();
    // What was disclosed is the most that anybody reads here; role and agency narrow it on both sides.
    let seen = sections(&tx.cx.caller, &Relation::Granted(disclosed.clone()));
    let closed = disclosed.iter().filter(|class| !open || depth_of(&seen, **class) < Depth::Summary);
    let withheld = closed.filter_map(|class| {
        let reason =
            seen.iter().find(|it| it.class == *class).and_then(|it| WithheldReason::parse(it.reason));
        let reason = if open { reason? } else { WithheldReason::Ended };
        Some(WithheldView { section: *class, reason })
    });
    let withheld = withheld.collect();
    let view = ReferralView {
        id: it.id,
        reference: it.reference.clone(),
        case_id: it.case,
        case_reference: it.case_reference.clone(),
        from_agency_id: it.from,
        to_agency_id: it.to,
        to_service_id: it.to_service,
        side,
        urgency: it.urgency,
        reasons: it.reasons.clone(),
        services: it.services.clone(),
        status: it.status,
        status_at: it.status_at,
        drafted_at: it.drafted_at,
        sent_at: it.sent.map(|it| it.at),
        acknowledge_by: it.sent.map(|it| it.acknowledge_by),
        decide_by: it.sent.map(|it| it.decide_by),
        first_contact_by: it.sent.map(|it| it.first_contact_by),
        summary: open.then(|| it.file.summary.clone()),
        content: package.map(|it| ReferralContentView::of(it, &seen, tx.cx.now)),
        acceptance: it.file.acceptance.as_ref().map(|it| AcceptanceView {
            worker: it.worker.clone(),
            first_appointment_on: it.first_appointment_on,
            professional_id: it.by,
        }),
        decline: it.file.decline.as_ref().map(DeclineView::from),
        completion: it
            .file
            .completion
            .as_ref()
            .map(|it| CompletionView { outcome: it.outcome, feedback: it.feedback.clone() }),
        cancellation_reason: it.file.cancellation.as_ref().map(|it| it.reason.clone()),
        withheld,
        allowed_actions: allowed_actions.collect(),
        blocked_actions: with_blocked.then(|| blocked.iter().map(BlockedActionView::from).collect()),
        warnings: warnings(found),
    };
    let sections = if open { disclosed } else { vec![DataClass::D15ReferralMetadata] };
    Shown::new(view, tag).of_case(it.case, sections)
}

impl From<&domain::referrals::Decline> for DeclineView {
    fn from(it: &domain::referrals::Decline) -> Self {
        let (agency, other, none) = match &it.suggestion {
            Some(Suggestion::Agency(id)) => (Some(*id), None, None),
            Some(Suggestion::Other(words)) => (None, Some(words.clone()), None),
            Some(Suggestion::NoneKnown) => (None, None, Some(true)),
            None => (None, None, None),
        };
        Self {
            reason: it.reason,
            explanation: it.explanation.clone(),
            suggested_agency_id: agency,
            suggested_other: other,
            none_known: none,
        }
    }
}

impl From<&Blocked> for BlockedActionView {
    fn from(it: &Blocked) -> Self {
        Self {
            action: it.act.code(),
            violations: it.refused.violations().iter().map(ViolationView::from).collect(),
        }
    }
}
