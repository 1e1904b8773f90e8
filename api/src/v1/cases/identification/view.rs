//! An identification as each reader sees it.

use domain::{
    CodeList as _, Day, IdentificationEntryId, Timestamp, Violation,
    access::{Depth, Relation, sections},
    cases::Case,
    identification::{Entitlement, Grounds, IdentificationAct, RemovalBlock},
    vocabulary::{AgencyType, CaseStatus, DataClass, IdentificationModel, IdentificationStatus},
};
use persistence::Tx;
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{acting::Around, history::IdentificationEntryView};
use crate::{
    failure::ViolationView,
    http::{Shown, Tag},
    v1::common::{AllowedActionView, BlockedActionView, depth_of, seen_of, warnings},
};

/// The identification of a child.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identification)]
#[serde(rename_all = "camelCase")]
pub struct IdentificationView {
    /// Its status.
    pub status: IdentificationStatus,
    /// When the status was reached.
    pub since: Timestamp,
    /// On what the presumption rests.
    pub grounds: Option<Grounds>,
    /// The reasons of the last presumption, in words.
    #[schema(max_length = 4000)]
    pub reasons: Option<String>,
    /// The status of the case.
    pub case_status: CaseStatus,
    /// Until when the last negative decision can be appealed.
    pub appeal_until: Option<Timestamp>,
    /// The proposal of a negative decision that waits for a second decider.
    pub negative_proposal_id: Option<IdentificationEntryId>,
    /// When it was noted that the person has turned 18; the status does not change with it.
    pub turned18_at: Option<Timestamp>,
    /// What keeps the child from being removed from the country; absent where nothing does.
    pub removal_block: Option<RemovalBlockView>,
    /// The entitlements that are open or were given.
    #[schema(max_items = 10)]
    pub entitlements: Vec<EntitlementView>,
    /// Who may decide; not inside a case.
    pub mandates: Option<MandatesView>,
    /// Every act so far, oldest first; not inside a case.
    #[schema(max_items = 1000)]
    pub acts: Option<Vec<IdentificationEntryView>>,
    /// What the caller may do now; not inside a case.
    #[schema(max_items = 20)]
    pub allowed_actions: Option<Vec<AllowedActionView>>,
    /// What is refused now, with the reasons; on request.
    #[schema(max_items = 20)]
    pub blocked_actions: Option<Vec<BlockedActionView>>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// Why nobody may remove the child from the country.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RemovalBlock)]
pub struct RemovalBlockView {
    /// The rule.
    #[schema(max_length = 5, pattern = "^R[0-9]{1,4}$", example = "R12")]
    pub rule: &'static str,
    /// Until when; absent while it lasts as long as the status.
    pub until: Option<Timestamp>,
}

impl From<RemovalBlock> for RemovalBlockView {
    fn from(it: RemovalBlock) -> Self {
        Self { rule: it.rule.code, until: it.until }
    }
}

/// An entitlement of the child.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChildEntitlement)]
pub struct EntitlementView {
    /// Which one.
    pub entitlement: Entitlement,
    /// Whether it was given; otherwise it is a duty with a time limit.
    pub given: bool,
}

/// Who may decide on identification, by the profile of today.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentificationMandates)]
#[serde(rename_all = "camelCase")]
pub struct MandatesView {
    /// The day from which the profile is valid.
    pub profile_valid_from: Day,
    /// How the country identifies victims.
    pub model: IdentificationModel,
    /// Who may presume.
    #[schema(max_items = 50)]
    pub may_presume: Vec<AgencyType>,
    /// Who may decide formally; nobody where there is no formal status.
    #[schema(max_items = 50)]
    pub may_decide: Vec<AgencyType>,
    /// Who may confirm a negative decision of another agency.
    #[schema(max_items = 50)]
    pub second_decider: Vec<AgencyType>,
}

impl IdentificationView {
    /// The state of the identification of a case, without its history.
    pub fn of(case: &Case, now: Timestamp) -> Self {
        let it = &case.identification;
        let view =
            |given| move |entitlement: &Entitlement| EntitlementView { entitlement: *entitlement, given };
        Self {
            status: it.status,
            since: it.since,
            grounds: it.grounds,
            reasons: None,
            case_status: case.status,
            appeal_until: it.appeal_until,
            negative_proposal_id: it.proposal,
            turned18_at: it.turned_18_at,
            removal_block: it.removal_block(now).map(RemovalBlockView::from),
            entitlements: it.owed.iter().map(view(false)).chain(it.given.iter().map(view(true))).collect(),
            mandates: None,
            acts: None,
            allowed_actions: None,
            blocked_actions: None,
            warnings: None,
        }
    }
}

/// The identification with its history, as far as the caller sees it: whoever sees the decision sees who acted and when;
/// what was written is for those who read the decision whole and something of what happened to the child, and the child's own
/// words for those who read its views whole.
pub(super) fn shown(
    tx: &Tx<'_>,
    case: &Case,
    relation: &Relation,
    around: &Around,
    (found, with_blocked): (&[Violation], bool),
) -> Shown<IdentificationView> {
    let seen = sections(&tx.cx.caller, relation);
    let depth = depth_of(&seen, DataClass::D6IdentificationDecision);
    let words = depth == Depth::Full && depth_of(&seen, DataClass::D4ExploitationNarrative) > Depth::None;
    let views = words && depth_of(&seen, DataClass::D13BestInterestsViews) == Depth::Full;
    let (allowed, blocked) = around.actions(case);
    let mut view = IdentificationView::of(case, tx.cx.now);
    let presumed = around
        .history
        .iter()
        .rev()
        .find(|it| it.written.grounds.is_some() || it.act == IdentificationAct::Presume);
    view.reasons = presumed.and_then(|it| it.written.reasons.clone()).filter(|_| words);
    view.acts = Some(around.history.iter().map(|it| IdentificationEntryView::of(it, words, views)).collect());
    view.mandates = Some(mandates(around));
    view.allowed_actions = Some(allowed.into_iter().flat_map(|it| offered(case, it)).collect());
    let whole = depth == Depth::Full && views && relation.own();
    let seen = seen_of(whole, case.version, &view);
    let tag = format!(
        "identification/{}/{seen}/{depth:?}/{words}/{views}/{}/{}",
        case.id,
        view.removal_block.is_some(),
        around.country.valid_from
    );
    view.blocked_actions = with_blocked.then(|| {
        let view = |it: domain::identification::BlockedAct| BlockedActionView {
            action: it.act.code(),
            violations: it.refused.violations().iter().map(ViolationView::from).collect(),
        };
        blocked.into_iter().map(view).collect()
    });
    view.warnings = warnings(found);
    let mut classes = vec![DataClass::D6IdentificationDecision];
    let told = |shown: fn(&IdentificationEntryView) -> bool| view.acts.iter().flatten().any(shown);
    let narrative = told(|it| it.reasons.is_some() || it.findings.is_some() || it.done_by.is_some());
    classes.extend(narrative.then_some(DataClass::D4ExploitationNarrative));
    classes.extend(told(|it| it.child_view.is_some()).then_some(DataClass::D13BestInterestsViews));
    Shown::new(view, Tag::of(tx.keys(), &tag)).of_case(case.id, classes)
}

fn mandates(around: &Around) -> MandatesView {
    let profile = &around.country.profile;
    MandatesView {
        profile_valid_from: around.country.valid_from,
        model: profile.identification_model.value,
        may_presume: profile.may_presume.value.clone(),
        may_decide: profile.may_decide.value.clone(),
        second_decider: profile.second_decider.value.clone(),
    }
}

/// Where an act is done; an entitlement has a place of its own each.
fn offered(case: &Case, act: IdentificationAct) -> Vec<AllowedActionView> {
    let (action, start) = (act.code(), format!("/v1/cases/{}/{}", case.id, act.path()));
    if act != IdentificationAct::RecordEntitlement {
        return vec![AllowedActionView { action, href: start }];
    }
    let each = |it: &Entitlement| AllowedActionView { action, href: format!("{start}/{it}/record") };
    case.identification.owed.iter().map(each).collect()
}
