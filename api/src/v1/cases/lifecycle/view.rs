//! The life of a case as each reader sees it.

use domain::{
    AgencyId, CaseActId, CaseId, CodeList as _, Day, HandoverId, MissingEpisodeId, Timestamp, Violation,
    access::{Depth, Relation, Section, sections},
    cases::{
        Case,
        lifecycle::{
            Checked, ClosureItem, Destination, Handover, HandoverStatus, Known, LifecycleAct, MissingEpisode,
        },
    },
    text::Country,
    vocabulary::{CaseStatus, ClosureReason, DataClass, MissingStatus},
};
use persistence::Tx;
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{
    acting::Around,
    history::{CaseActView, Open},
};
use crate::{
    failure::{Failure, ViolationView},
    http::{Shown, Tag},
    problems,
    v1::common::{AllowedActionView, BlockedActionView, depth_of, seen_of, warnings},
};

/// The life of a case.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseLifecycle)]
#[serde(rename_all = "camelCase")]
pub struct LifecycleView {
    /// The case.
    pub case_id: CaseId,
    /// Its status.
    pub status: CaseStatus,
    /// The agency that leads it.
    pub lead_agency_id: AgencyId,
    /// How often it was reopened.
    #[schema(maximum = 1000)]
    pub reopenings: usize,
    /// Whether the case takes no other writes.
    pub read_only: bool,
    /// The case in which the child's file goes on, after a merge.
    pub merged_into_case_id: Option<CaseId>,
    /// What waits for somebody.
    pub pending: PendingView,
    /// The times at which the child was missing, oldest first.
    #[schema(max_items = 1000)]
    pub missing_episodes: Vec<MissingEpisodeView>,
    /// The handovers, oldest first; for whoever leads, opened or receives the case.
    #[schema(max_items = 1000)]
    pub handovers: Option<Vec<HandoverView>>,
    /// Why it is to be closed or was closed; for whoever leads or opened the case.
    pub closure_reason: Option<ClosureReason>,
    /// The checklist of closing, for that reason if there is one; for whoever leads or opened the case.
    #[schema(max_items = 30)]
    pub closure_checklist: Option<Vec<ClosureItemView>>,
    /// Every act so far, oldest first; those of the own agency for a role that reads no more (D15).
    #[schema(max_items = 1000)]
    pub acts: Vec<CaseActView>,
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

/// What waits for somebody.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CasePending)]
#[serde(rename_all = "camelCase")]
pub struct PendingView {
    /// The missing episode that is open.
    pub missing_episode_id: Option<MissingEpisodeId>,
    /// Whether somebody must talk with the child that came back.
    pub return_interview: bool,
    /// The handover that waits for an answer.
    pub handover_id: Option<HandoverId>,
    /// The request to close that waits for a second person.
    pub closure_request_id: Option<CaseActId>,
}

/// A time at which the child was missing.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MissingEpisode)]
#[serde(rename_all = "camelCase")]
pub struct MissingEpisodeView {
    /// Its id.
    pub id: MissingEpisodeId,
    /// Whether the child is still missing.
    pub open: bool,
    /// Where it stands; for those who read of risk and safety (D14), and whoever reported it.
    pub status: Option<MissingStatus>,
    /// The agency that reported it.
    pub reported_by_agency_id: AgencyId,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When the child was last seen.
    pub last_seen_at: Timestamp,
    /// When police were told.
    pub police_notified_at: Option<Timestamp>,
    /// When the child was found.
    pub found_at: Option<Timestamp>,
    /// When somebody talked with the child after the return.
    pub interviewed_at: Option<Timestamp>,
}

/// A handover.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CaseHandover)]
#[serde(rename_all = "camelCase")]
pub struct HandoverView {
    /// Its id.
    pub id: HandoverId,
    /// Where it stands.
    pub status: HandoverStatus,
    /// The agency that led when it was proposed.
    pub from_agency_id: AgencyId,
    /// The agency that is asked, inside the country.
    pub to_agency_id: Option<AgencyId>,
    /// The other country.
    pub to_country: Option<Country>,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// When it was answered or taken back.
    pub ended_at: Option<Timestamp>,
}

/// An item of the closure checklist as it stands.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ClosureChecklistItem)]
#[serde(rename_all = "camelCase")]
pub struct ClosureItemView {
    /// The item.
    pub item: ClosureItem,
    /// Whether it is met.
    pub met: bool,
    /// Whether closing is refused without it; otherwise it warns.
    pub hard: bool,
    /// Whether the node looks it up; otherwise somebody attests it.
    pub looked_up: bool,
    /// The rule behind it.
    #[schema(max_length = 5, pattern = "^R[0-9]{1,4}$", example = "R71")]
    pub rule: &'static str,
    /// Why it is not met.
    #[schema(max_length = 1000)]
    pub because: Option<String>,
    /// Since which day it is attested.
    pub attested_on: Option<Day>,
}

impl MissingEpisodeView {
    fn of(it: &MissingEpisode, whole: bool) -> Self {
        Self {
            id: it.id,
            open: it.is_open(),
            status: whole.then_some(it.status),
            reported_by_agency_id: it.agency,
            reported_at: it.reported_at,
            last_seen_at: it.last_seen_at,
            police_notified_at: it.police_at,
            found_at: it.found_at,
            interviewed_at: it.interviewed_at,
        }
    }
}

impl From<&Handover> for HandoverView {
    fn from(it: &Handover) -> Self {
        let (agency, country) = match it.to {
            Destination::Agency(id) => (Some(id), None),
            Destination::Country(code) => (None, Some(code)),
        };
        Self {
            id: it.id,
            status: it.status,
            from_agency_id: it.from,
            to_agency_id: agency,
            to_country: country,
            proposed_at: it.proposed_at,
            ended_at: it.ended_at,
        }
    }
}

impl From<Checked> for ClosureItemView {
    fn from(it: Checked) -> Self {
        Self {
            item: it.row.item,
            met: it.met,
            hard: it.row.hard,
            looked_up: it.row.known == Known::LookedUp,
            rule: it.row.rule.code,
            because: it.because,
            attested_on: it.on,
        }
    }
}

/// The life of a case, as far as the caller sees it: whoever takes part sees where it stands and, unless its role reads only
/// what is its own, who acted when; what was written is for those who read its class whole, and for the agency that wrote it.
pub(super) fn shown(
    tx: &Tx<'_>,
    case: &Case,
    relation: &Relation,
    around: &Around,
    (found, with_blocked): (&[Violation], bool),
) -> Result<Shown<LifecycleView>, Failure> {
    let caller = &tx.cx.caller;
    let seen = sections(caller, relation);
    let metadata = DataClass::D15ReferralMetadata;
    let depth = depth_of(&seen, metadata);
    if depth == Depth::None {
        return Err(Failure::new(&problems::SECTION_NOT_READABLE).because(format!("the section {metadata}")));
    }
    let (setting, course) = (around.setting(), &around.course);
    let open = Open { seen: &seen, agency: caller.agency };
    let own = relation.own();
    let safety = depth_of(&seen, DataClass::D14RiskSafety) > Depth::None;
    let receives = |it: &Handover| match it.to {
        Destination::Agency(id) => id == caller.agency,
        Destination::Country(_) => Some(caller.agency) == setting.focal_point,
    };
    let (allowed, blocked) = around.actions(case);
    let asked = case.asked_to_close(course);
    let (reason, attested) = asked.unwrap_or((None, &[]));
    let checklist = own.then(|| case.closure_checklist(reason, attested, &setting));
    let from_elsewhere = follows(checklist.as_deref(), &allowed);
    let mut view = LifecycleView {
        case_id: case.id,
        status: case.status,
        lead_agency_id: case.lead,
        reopenings: course.reopenings(),
        read_only: !case.is_live(),
        merged_into_case_id: course.merged_into(case).filter(|_| own),
        pending: PendingView {
            missing_episode_id: course.missing().map(|it| it.id),
            return_interview: course.interview_owed(),
            handover_id: course.pending().map(|it| it.id),
            closure_request_id: asked
                .and(course.request())
                .filter(|_| case.status == CaseStatus::ClosureReview)
                .map(|it| it.id),
        },
        missing_episodes: course
            .episodes
            .iter()
            .map(|it| MissingEpisodeView::of(it, safety || it.agency == caller.agency))
            .collect(),
        handovers: (own || course.handovers.iter().any(receives)).then(|| {
            course.handovers.iter().filter(|it| own || receives(it)).map(HandoverView::from).collect()
        }),
        closure_reason: reason.filter(|_| own),
        closure_checklist: checklist.map(|all| all.into_iter().map(ClosureItemView::from).collect()),
        acts: course
            .acts
            .iter()
            .filter(|it| depth > Depth::Own || it.agency == caller.agency)
            .map(|it| CaseActView::of(it, &open, own))
            .collect(),
        allowed_actions: allowed.into_iter().map(|it| offer(case.id, it)).collect(),
        blocked_actions: None,
        warnings: None,
    };
    let tag = tag_of(case, &seen, (own, &from_elsewhere), &view);
    view.blocked_actions = with_blocked.then(|| {
        let view = |it: domain::cases::lifecycle::BlockedStep| BlockedActionView {
            action: it.act.code(),
            violations: it.refused.violations().iter().map(ViolationView::from).collect(),
        };
        blocked.into_iter().map(view).collect()
    });
    view.warnings = warnings(found);
    let classes = [DataClass::D13BestInterestsViews, DataClass::D14RiskSafety, metadata];
    let read = classes.into_iter().filter(|it| depth_of(&seen, *it) > Depth::None).collect();
    Ok(Shown::new(view, Tag::of(tx.keys(), &tag)).of_case(case.id, read))
}

/// Where an act is done.
pub fn offer(case: CaseId, act: LifecycleAct) -> AllowedActionView {
    AllowedActionView { action: act.code(), href: format!("/v1/cases/{case}/{}", act.path()) }
}

/// What the tag is made of: what the caller reads of the case, and for whoever leads or opened it the version of the case with
/// what follows from other rooms; whoever else takes part is shown neither, and learns of neither.
fn tag_of(case: &Case, seen: &[Section], (own, elsewhere): (bool, &str), view: &LifecycleView) -> String {
    let depths: String = seen.iter().map(|it| char::from(b'0' + it.depth as u8)).collect();
    let version = seen_of(own, case.version, view);
    format!("lifecycle/{}/{version}/{depths}/{own}/{}", case.id, if own { elsewhere } else { "" })
}

/// What follows from other rooms.
fn follows(checklist: Option<&[Checked]>, allowed: &[LifecycleAct]) -> String {
    let items = checklist.unwrap_or_default().iter();
    let items: Vec<_> = items.map(|it| it.because.as_deref().unwrap_or_default()).collect();
    let allowed: Vec<_> = allowed.iter().map(|it| it.code()).collect();
    format!("{}/{}", items.join("|"), allowed.join("|"))
}
