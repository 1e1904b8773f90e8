//! A referral as each side sees it.

use domain::{
    AgencyId, CaseId, CodeList as _, Reference, ReferralId, ServiceId, Timestamp,
    access::{Depth, Relation, Section, reach},
    referrals::{Blocked, Referral, ReferralSide},
    vocabulary::{DataClass, ReferralReason, ReferralStatus, ServiceCode, Urgency},
};
use persistence::Tx;
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{
    answers::{AcceptanceView, DeclineView, EndView, ExchangeView, OriginView, ProposalView, RoutingView},
    content::ReferralContentView,
};
use crate::{
    call::Within,
    failure::{Failure, ViolationView},
    http::{Shown, Tag},
    v1::common::{AllowedActionView, BlockedActionView, WithheldReason, WithheldView, depth_of, warnings},
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
    /// The agency that is asked; absent in a draft that waits for one.
    pub to_agency_id: Option<AgencyId>,
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
    /// The agency that is responsible for what happens next; absent once it is over.
    pub responsible_agency_id: Option<AgencyId>,
    /// The referral that it follows from.
    pub origin: Option<OriginView>,
    /// Why it goes to whom it goes, where the sender named nobody; for the sender.
    pub routing: Option<RoutingView>,
    /// The referrals that follow from it; for the sender.
    #[schema(max_items = 20)]
    pub followed_by: Option<Vec<ReferralId>>,
    /// Whether a package is prepared to be sent; for the sender, in a draft.
    pub prepared: Option<bool>,
    /// What is asked and why, in the sender's words.
    #[schema(max_length = 4000)]
    pub summary: Option<String>,
    /// What was disclosed, once sent.
    pub content: Option<ReferralContentView>,
    /// Questions of the receiver and answers of the sender.
    #[schema(max_items = 100)]
    pub exchanges: Option<Vec<ExchangeView>>,
    /// The answer of the receiver that accepted.
    pub acceptance: Option<AcceptanceView>,
    /// The answer of the receiver that declined.
    pub decline: Option<DeclineView>,
    /// The receiver's proposal to reroute together.
    pub reroute_proposal: Option<ProposalView>,
    /// How the service ended.
    pub ended: Option<EndView>,
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

/// The referral as a side sees it after an act: where the child is counts as in a read.
pub(super) fn shown_after(
    tx: &mut Tx<'_>,
    it: &Referral,
    side: ReferralSide,
    found: &[domain::Violation],
    within: Within,
) -> Result<Shown<ReferralView>, Failure> {
    shown_within(tx, it, (side, found, false), within)
}

/// The referral as a side sees it within the quota. Nobody is kept from an act, nor from the tag that it needs, by how much was
/// looked at before: above the quota where the child is is withheld.
pub(super) fn shown_within(
    tx: &mut Tx<'_>,
    it: &Referral,
    (side, found, with_blocked): (ReferralSide, &[domain::Violation], bool),
    within: Within,
) -> Result<Shown<ReferralView>, Failure> {
    let all = shown(tx, it, side, found, with_blocked);
    if within.allows(tx, &all)? {
        return Ok(all.that_counts());
    }
    let above = |seen: Section| match seen.class {
        DataClass::D2Whereabouts => {
            Section { depth: Depth::None, reason: WithheldReason::Quota.code(), ..seen }
        }
        _ => seen,
    };
    let rest = narrowed(tx, it, (side, found, with_blocked), above).above_quota();
    within.shows_the_rest(tx, &rest)?;
    Ok(rest)
}

/// The referral as a side sees it today.
pub(super) fn shown(
    tx: &Tx<'_>,
    it: &Referral,
    side: ReferralSide,
    found: &[domain::Violation],
    with_blocked: bool,
) -> Shown<ReferralView> {
    narrowed(tx, it, (side, found, with_blocked), |seen| seen)
}

fn narrowed(
    tx: &Tx<'_>,
    it: &Referral,
    (side, found, with_blocked): (ReferralSide, &[domain::Violation], bool),
    narrow: impl Fn(Section) -> Section,
) -> Shown<ReferralView> {
    let open = it.content_open_to(side);
    let sender = side == ReferralSide::Sender;
    let exchanges = open.then(|| it.file.exchanges.iter().map(ExchangeView::from).collect::<Vec<_>>());
    let (allowed, blocked) = it.actions(&tx.cx.caller);
    let allowed_actions = allowed.into_iter().map(|action| AllowedActionView {
        action: action.act.code(),
        href: format!("/v1/referrals/{}{}", it.id, action.act.path()),
    });
    let package = it.file.package.as_ref().filter(|_| open);
    let disclosed = it.disclosed();
    // What was disclosed is the most that anybody reads here; role and agency narrow it on both sides.
    let seen: Vec<_> = it.seen_by(&tx.cx.caller, side).into_iter().map(narrow).collect();
    let closed = disclosed.iter().filter(|class| !open || depth_of(&seen, **class) < Depth::Summary);
    let withheld = closed.filter_map(|class| {
        let reason =
            seen.iter().find(|it| it.class == *class).and_then(|it| WithheldReason::parse(it.reason));
        let reason = if open { reason? } else { WithheldReason::Ended };
        Some(WithheldView { section: *class, reason })
    });
    let withheld = withheld.collect();
    let content =
        |seen: &[Section]| package.map(|package| ReferralContentView::of(it, package, seen, tx.cx.now));
    let mut view = ReferralView {
        id: it.id,
        reference: it.reference.clone(),
        case_id: it.case,
        case_reference: it.case_reference.clone(),
        from_agency_id: it.from,
        to_agency_id: it.to.map(|it| it.agency),
        to_service_id: it.to.and_then(|it| it.service),
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
        responsible_agency_id: it.responsible(),
        origin: it.origin.map(OriginView::from).filter(|_| sender),
        routing: it.file.routing.as_ref().filter(|_| sender).map(RoutingView::from),
        followed_by: Some(it.file.followed_by.clone()).filter(|it| sender && !it.is_empty()),
        prepared: (it.status == ReferralStatus::Draft).then_some(it.file.prepared.is_some()),
        summary: open.then(|| it.file.summary.clone()),
        content: content(&seen),
        exchanges: exchanges.filter(|it| !it.is_empty()),
        acceptance: it.file.acceptance.as_ref().map(AcceptanceView::from),
        decline: it.file.decline.as_ref().map(DeclineView::from),
        reroute_proposal: it.file.reroute_proposal.as_ref().map(ProposalView::from),
        ended: it.file.ended.as_ref().map(EndView::from),
        cancellation_reason: it.file.cancellation.as_ref().map(|it| it.reason.clone()),
        withheld,
        allowed_actions: allowed_actions.collect(),
        blocked_actions: None,
        warnings: None,
    };
    let tag = tag_of(tx, it, (side, open), &view, content);
    view.blocked_actions = with_blocked.then(|| blocked.iter().map(BlockedActionView::from).collect());
    view.warnings = warnings(found);
    let metadata = DataClass::D15ReferralMetadata;
    let read = |class: &DataClass| open && depth_of(&seen, *class) >= Depth::Summary || *class == metadata;
    let shown: Vec<_> = disclosed.into_iter().filter(read).collect();
    let sections = if shown.is_empty() { vec![metadata] } else { shown };
    Shown::new(view, tag).of_case(it.case, sections)
}

/// The tag of a referral is made of its version for its sender, who may see the whole of it; for its receiver of what is shown,
/// as its function reaches it: a stronger token, and a quota, are no change of the referral.
fn tag_of(
    tx: &Tx<'_>,
    it: &Referral,
    (side, open): (ReferralSide, bool),
    view: &ReferralView,
    content: impl Fn(&[Section]) -> Option<ReferralContentView>,
) -> Tag {
    let seen = if side == ReferralSide::Sender {
        it.version.0.to_string()
    } else {
        let relation = Relation::from(it.disclosed());
        let content = content(&reach(&tx.cx.caller, &relation));
        let mut rest = serde_json::to_value(view).unwrap_or_default();
        for narrowed in ["content", "withheld"] {
            rest.as_object_mut().map(|it| it.remove(narrowed));
        }
        serde_json::to_string(&(rest, content)).unwrap_or_default()
    };
    Tag::of(tx.keys(), &format!("referral/{}/{seen}/{side}/{open}/{:?}", it.id, tx.cx.caller.role))
}

impl From<&Blocked> for BlockedActionView {
    fn from(it: &Blocked) -> Self {
        Self {
            action: it.act.code(),
            violations: it.refused.violations().iter().map(ViolationView::from).collect(),
        }
    }
}
