//! The one shape of every act on the life of a case.

use domain::{
    AgencyId, CaseActId, CaseId, Decided, Timestamp,
    access::{Caller, Relation},
    cases::{
        Case,
        lifecycle::{BlockedStep, Course, LifecycleAct, Moved, Referred, Setting},
    },
    deadlines::DutyKind,
    directory::CountryEntry,
    vocabulary::{AgencyType, CaseStatus},
};
use persistence::Tx;
use uuid::Uuid;

use super::view::{LifecycleView, shown};
use crate::{
    call::{Call, Expected},
    failure::Failure,
    http::{Answer, Shown},
    v1::{
        cases::{case, taken_once},
        common::path_id,
    },
};

/// What a decision is taken in, as it was loaded.
pub(super) struct Around {
    entry: CaseActId,
    begun: Uuid,
    country: CountryEntry,
    pub course: Course,
    referred: Referred,
    of_file: Vec<(Uuid, DutyKind)>,
    undecided_matches: usize,
    requests_abroad: usize,
    participants: Vec<AgencyId>,
    focal_point: Option<AgencyId>,
    own: bool,
    acts: bool,
    caller: Caller,
    now: Timestamp,
}

impl Around {
    pub fn load(tx: &mut Tx<'_>, case: &Case, relation: &Relation) -> Result<Self, Failure> {
        Ok(Self {
            entry: CaseActId(tx.fresh_id()),
            begun: tx.fresh_id(),
            country: tx.country(case.country)?,
            course: tx.course(case)?,
            referred: tx.referred(case.id)?,
            of_file: tx.duties_of_file(case.id)?,
            undecided_matches: tx.undecided_matches(case)?,
            requests_abroad: tx.requests_under_way(case)?,
            participants: tx.participants(case.id)?,
            focal_point: tx.first_agency_of(AgencyType::CrossborderFocalPoint)?,
            own: relation.own(),
            acts: tx.standing(case, relation)?.is_some(),
            caller: tx.cx.caller.clone(),
            now: tx.cx.now,
        })
    }

    /// What the caller may do now, and what is refused.
    pub fn actions(&self, case: &Case) -> (Vec<LifecycleAct>, Vec<BlockedStep>) {
        if self.acts {
            case.lifecycle_actions(&self.setting())
        } else {
            (Vec::new(), BlockedStep::reads_only())
        }
    }

    pub fn setting(&self) -> Setting<'_> {
        Setting {
            entry: self.entry,
            begun: self.begun,
            country: &self.country,
            course: &self.course,
            referred: &self.referred,
            of_file: &self.of_file,
            undecided_matches: self.undecided_matches,
            requests_abroad: self.requests_abroad,
            participants: &self.participants,
            focal_point: self.focal_point,
            own: self.own,
            by: &self.caller,
            now: self.now,
        }
    }
}

/// The acts that the case itself offers, and what waits for somebody. Where the state alone does not say what is possible, the course of the case is
/// read; what else depends on it is offered by the lifecycle, so that a case stays one reading.
pub fn offered(
    tx: &mut Tx<'_>,
    case: &Case,
    relation: &Relation,
) -> Result<(Vec<LifecycleAct>, String), Failure> {
    use CaseStatus as S;
    let at_turns = matches!(case.status, S::OpenChildMissing | S::TransferPending | S::ClosureReview);
    if at_turns {
        let around = Around::load(tx, case, relation)?;
        let course = &around.course;
        let waiting = (
            course.missing().map(|it| it.id),
            course.pending().map(|it| it.id),
            course.request().map(|it| it.id),
        );
        return Ok((around.actions(case).0, format!("{waiting:?}")));
    }
    Ok((case.plain_lifecycle_actions(&tx.cx.caller, relation.own()), String::new()))
}

/// The life of the case as the caller sees it today.
pub(super) fn read(tx: &mut Tx<'_>, id: CaseId, blocked: bool) -> Result<Shown<LifecycleView>, Failure> {
    let (case, relation) = tx.case(id)?;
    let around = Around::load(tx, &case, &relation)?;
    shown(tx, &case, &relation, &around, (&[], blocked))
}

/// Loads, checks what the caller saw, decides, stores: what every act on the life of a case does.
pub(super) async fn act(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Case, &Setting<'_>, &mut Tx<'_>) -> Result<Decided<Moved>, Failure> + Send + 'static,
) -> Result<Answer, Failure> {
    let id = path_id(id, CaseId::parse)?;
    let expected = call.expected();
    call.act(id.0, canonical, move |tx| acted(tx, id, &expected, &decide), move |tx| read(tx, id, false))
        .await
}

fn acted(
    tx: &mut Tx<'_>,
    id: CaseId,
    expected: &Expected,
    decide: &impl Fn(&Case, &Setting<'_>, &mut Tx<'_>) -> Result<Decided<Moved>, Failure>,
) -> Result<Shown<LifecycleView>, Failure> {
    let (before, relation) = tx.case(id)?;
    let around = Around::load(tx, &before, &relation)?;
    check_seen(tx, &before, &relation, &around, expected)?;
    let decided = decide(&before, &around.setting(), tx)?;
    tx.save_moved(&before, &decided)?;
    let (moved, mut warnings) = (decided.value, decided.warnings);
    if moved.entry.act == LifecycleAct::Reopen {
        warnings.extend(taken_once::look_beside(tx, &moved.case)?);
    }
    let after = moved.case;
    // Whoever takes the lead stands otherwise to the case from now on.
    let relation = after.own_relation(&tx.cx.caller).unwrap_or(relation);
    let around = Around::load(tx, &after, &relation)?;
    shown(tx, &after, &relation, &around, (&warnings, false))
}

/// Both the tag of the lifecycle and that of the case prove what the caller saw.
fn check_seen(
    tx: &mut Tx<'_>,
    case: &Case,
    relation: &Relation,
    around: &Around,
    expected: &Expected,
) -> Result<(), Failure> {
    let own = shown(tx, case, relation, around, (&[], false))?.tag;
    expected.check(&own).or_else(|_| {
        let child = tx.child(case)?;
        expected.check(&case::shown(tx, case.clone(), &child, relation, &[])?.tag)
    })
}
