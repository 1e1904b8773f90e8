//! The one shape of every act on an identification.

use domain::{
    CaseId, Day, Decided, IdentificationEntryId, Timestamp, Violation,
    access::{Caller, Relation},
    cases::{Case, Identity},
    directory::CountryEntry,
    identification::{BlockedAct, Entry, IdentificationAct, Identified, Setting},
    vocabulary::{AgeStatus, DataClass},
};
use persistence::Tx;

use super::view::{IdentificationView, shown};
use crate::{
    call::{Call, Expected},
    failure::Failure,
    http::{Answer, Shown},
    v1::{
        cases::{case, readable},
        common::path_id,
    },
};

/// What a decision is taken in, as it was loaded.
pub(super) struct Around {
    entry: IdentificationEntryId,
    pub country: CountryEntry,
    pub history: Vec<Entry>,
    child: Identity,
    exploited_from: Option<Day>,
    own: bool,
    acts: bool,
    unit: Option<String>,
    caller: Caller,
    now: Timestamp,
}

impl Around {
    pub fn load(tx: &mut Tx<'_>, case: &Case, relation: &Relation) -> Result<Self, Failure> {
        let child = tx.child(case)?.identity;
        let adult =
            matches!(child.age_status(tx.cx.now), AgeStatus::UndisputedAdult | AgeStatus::AssessedAdult);
        Ok(Self {
            entry: IdentificationEntryId(tx.fresh_id()),
            country: tx.country(case.country)?,
            history: tx.identification_acts(case)?,
            exploited_from: if adult { tx.exploited_from(case)? } else { None },
            child,
            own: relation.own(),
            acts: tx.standing(case, relation)?.is_some_and(|it| super::reads(&tx.cx.caller, &it)),
            unit: tx.own_unit()?,
            caller: tx.cx.caller.clone(),
            now: tx.cx.now,
        })
    }

    /// What the caller may do now, and what is refused.
    pub fn actions(&self, case: &Case) -> (Vec<IdentificationAct>, Vec<BlockedAct>) {
        if self.acts {
            case.identification_actions(&self.setting())
        } else {
            (Vec::new(), BlockedAct::reads_only())
        }
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            entry: self.entry,
            country: &self.country,
            history: &self.history,
            child: &self.child,
            exploited_from: self.exploited_from,
            own: self.own,
            unit: self.unit.as_deref(),
            by: &self.caller,
            now: self.now,
        }
    }
}

/// The identification as the caller sees it today.
pub(super) fn read(tx: &mut Tx<'_>, id: CaseId, blocked: bool) -> Result<Shown<IdentificationView>, Failure> {
    let (case, relation) = tx.case(id)?;
    readable(&tx.cx.caller, &relation, DataClass::D6IdentificationDecision)?;
    let around = Around::load(tx, &case, &relation)?;
    Ok(shown(tx, &case, &relation, &around, (&[], blocked)))
}

/// Loads, checks what the caller saw, decides, stores: what every act on an identification does.
pub(super) async fn act(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Case, &Setting<'_>, &mut Tx<'_>) -> Result<Decided<Identified>, Failure> + Send + 'static,
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
    decide: &impl Fn(&Case, &Setting<'_>, &mut Tx<'_>) -> Result<Decided<Identified>, Failure>,
) -> Result<Shown<IdentificationView>, Failure> {
    let (before, relation) = tx.case(id)?;
    readable(&tx.cx.caller, &relation, DataClass::D6IdentificationDecision)?;
    let mut around = Around::load(tx, &before, &relation)?;
    check_seen(tx, &before, &relation, &around, expected)?;
    let Decided { value: Identified { case, entry }, warnings, facts, deadlines } =
        decide(&before, &around.setting(), tx)?;
    let decided = Decided { value: Identified { case, entry }, facts, deadlines, warnings };
    tx.save_identified(&decided)?;
    around.history.push(decided.value.entry);
    Ok(shown(tx, &decided.value.case, &relation, &around, (&decided.warnings, false)))
}

/// Both the tag of the identification and that of the case prove what the caller saw.
fn check_seen(
    tx: &mut Tx<'_>,
    case: &Case,
    relation: &Relation,
    around: &Around,
    expected: &Expected,
) -> Result<(), Failure> {
    let none: (&[Violation], bool) = (&[], false);
    let own = shown(tx, case, relation, around, none).tag;
    expected.check(&own).or_else(|_| {
        let child = tx.child(case)?;
        expected.check(&case::shown(tx, case.clone(), &child, relation, &[])?.tag)
    })
}
