//! Random acts by random callers: the status never leaves the diagram, nothing is done in silence, and the books of
//! duties agree with the state.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    process::{PROCESS, done_by, possible},
    *,
};
use crate::{
    BirthDate, CodeList, Version,
    deadlines::{Change, DutyKind},
    identification::IdentificationAct as A,
    vocabulary::{AgeCertainty, IdentificationModel},
};

#[derive(Clone, Debug)]
struct Wish {
    act: A,
    who: u128,
    kind: AgencyType,
    role: Role,
    mechanism: bool,
    own: bool,
    /// Whether what is written is whole.
    good: bool,
    entitlement: Entitlement,
    days: i64,
}

fn any<C: CodeList>() -> impl Strategy<Value = C> {
    prop::sample::select(C::ALL)
}

fn any_wish() -> impl Strategy<Value = Wish> {
    let kind = prop::sample::select(
        &[
            AgencyType::Police,
            AgencyType::ChildProtection,
            AgencyType::Prosecution,
            AgencyType::CrossborderFocalPoint,
            AgencyType::Shelter,
        ][..],
    );
    let flags = (
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.85),
    );
    (any::<A>(), 1..6_u128, kind, flags, any::<Entitlement>(), 0..40_i64).prop_map(
        |(act, who, kind, (officer, mechanism, own, good), entitlement, days)| Wish {
            act,
            who,
            kind,
            role: if officer { Role::IdentificationOfficer } else { Role::CaseManager },
            // What only the mechanism notes is mostly noted by it.
            mechanism: mechanism || act == A::Turn18,
            own,
            good,
            entitlement,
            days,
        },
    )
}

fn by(wish: &Wish) -> Caller {
    if wish.mechanism {
        return Caller::mechanism(country("EE"), id(902));
    }
    Caller { role: Some(wish.role), ..officer(wish.who, wish.kind) }
}

fn done(case: &Case, wish: &Wish, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
    let some = |text: &str| wish.good.then(|| text.to_owned());
    match wish.act {
        A::RecordNoGrounds => {
            let basis = if wish.good { NoGroundsBasis::FactsChecked } else { NoGroundsBasis::ScreeningScore };
            let protection_need = ProtectionNeed::Referred;
            let act = NoGrounds { basis: vec![basis], reasons: "seen".to_owned(), protection_need };
            case.record_no_grounds(&act, None, at)
        }
        A::Presume => {
            let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: some("her fear") };
            case.presume(&act, None, at)
        }
        A::PresumeOnForeignNotice => {
            case.presume_on_notice(&foreign(if wish.good { "LV" } else { "EE" }), at)
        }
        A::OpenFormalAssessment => case.open_formal_assessment(at),
        A::Decide => {
            let findings = if wish.good { shown() } else { not_shown() };
            case.decide(&Decide { findings, ..deciding() }, at)
        }
        A::ProposeNegative => {
            let ground = if wish.good { NegativeGround::PurposeNotShown } else { NegativeGround::NoMeans };
            case.propose_negative(&ProposeNegative { grounds: vec![ground], ..denying() }, at)
        }
        A::ConfirmNegative => {
            let informed = wish.good.then(informed);
            case.confirm_negative(&SecondOpinion { informed, ..agreeing() }, at)
        }
        A::ReturnNegative => case.return_negative(&agreeing(), at),
        A::Appeal => {
            let kind = if wish.good { ReviewKind::NewFacts } else { ReviewKind::Appeal };
            case.appeal(&appealing(kind), at)
        }
        A::DeclineStatus => {
            case.decline_status(&DeclineStatus { child_informed: wish.good, ..declining() }, at)
        }
        A::CloseWithoutStatus => case.close_without_status(&closing(), at),
        A::RecogniseForeignDecision => {
            case.recognise_foreign_decision(&foreign(if wish.good { "LV" } else { "EE" }), at)
        }
        A::RecordEntitlement => case.give(&Given { at: at.now, ..giving(wish.entitlement) }, at),
        A::Turn18 => case.turn_18(at),
    }
}

/// What the feed may say of an act, as it is read in every role.
const TOLD: &[&str] =
    &["from", "status", "grounds", "proposalId", "profileValidFrom", "appealUntil", "entitlement", "doneAt"];

/// Keeps the books of open duties.
fn booked(books: &mut BTreeSet<DutyKind>, decided: &Decided<Identified>) -> Result<(), TestCaseError> {
    for change in &decided.deadlines {
        match change {
            Change::Opened(duty) => {
                prop_assert!(books.insert(duty.kind), "{} is opened twice", duty.kind);
                prop_assert_eq!(duty.owner, decided.value.case.lead);
            }
            Change::Closed { kind, .. } => prop_assert!(books.remove(kind), "{} ends and is not open", kind),
            other => prop_assert!(false, "{:?}", other),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_sequence_of_acts_leaves_the_diagram(
        formal in prop::bool::weighted(0.85),
        strong in prop::bool::ANY,
        born in prop::sample::select(&["2012", "2007-01-01"][..]),
        wishes in prop::collection::vec(any_wish(), 1..40),
    ) {
        let mut world = World::new();
        if !formal {
            world.country.profile.identification_model.value = IdentificationModel::NoSingleStatus;
        }
        world.child.birth_date = BirthDate::parse(born);
        world.child.age_certainty = Some(AgeCertainty::Documented);
        let mut case = case();
        case.identification.strong_indicator = strong;
        let mut books: BTreeSet<_> = strong.then_some(DutyKind::ActOnIndicator).into_iter().collect();
        let mut now = now();
        for (n, wish) in wishes.into_iter().enumerate() {
            now = now.plus(time::Duration::days(wish.days));
            let by = by(&wish);
            let entry = id(10_000 + n as u128);
            let setting = Setting { now, entry, own: wish.own, ..world.setting(&by) };
            let row = possible(wish.act, &case, &setting);
            let mine = PROCESS.iter().any(|it| it.0 == wish.act && done_by(it.1, &setting));
            if !wish.mechanism {
                let (allowed, blocked) = case.identification_actions(&setting);
                prop_assert_eq!(allowed.len() + blocked.len(), A::ALL.len() - 1, "offered or explained");
                if allowed.contains(&wish.act) {
                    prop_assert!(row.is_some(), "offered: {:?} in {}", wish, case.identification.status);
                }
            }
            let after = match done(&case, &wish, &setting) {
                Ok(decided) => {
                    prop_assert!(row.is_some(), "done: {:?} in {}", wish, case.identification.status);
                    let (.., to, _) = row.expect("a row");
                    booked(&mut books, &decided)?;
                    let after = decided.value;
                    prop_assert_eq!(after.case.identification.status, to.unwrap_or(case.identification.status));
                    prop_assert_eq!(after.case.version, Version(case.version.0 + 1));
                    prop_assert_eq!((after.entry.from, after.entry.to), (case.identification.status, after.case.identification.status));
                    prop_assert!(!decided.facts.is_empty(), "no change without its fact");
                    for member in decided.facts.iter().filter_map(|it| it.payload.as_object()).flat_map(|it| it.keys()) {
                        prop_assert!(TOLD.contains(&member.as_str()), "{member} is told to every role");
                    }
                    let open: Vec<_> = books.iter().copied().collect();
                    let mut owed = after.case.duties_owed();
                    owed.sort_unstable();
                    prop_assert_eq!(open, owed, "what is owed is what is on the books");
                    let negative = after.case.identification.status == S::NegativeDecision;
                    if negative && case.identification.status != S::NegativeDecision {
                        let proposal = world.history.iter().find(|it| Some(it.id) == case.identification.proposal);
                        let first = proposal.and_then(|it| it.agency);
                        prop_assert!(first.is_some() && first != Some(by.agency), "two agencies, or nothing negative");
                    }
                    Some(after)
                }
                Err(Refused::NotYours(_)) => {
                    prop_assert!(!mine, "not theirs: {:?}", wish);
                    None
                }
                Err(Refused::WrongState(_)) => {
                    let else_wrong = matches!(wish.act, A::RecordEntitlement | A::Turn18);
                    prop_assert!(mine && (row.is_none() || else_wrong), "state: {:?} {}", wish, case.identification.status);
                    None
                }
                Err(Refused::Broken(all)) => {
                    prop_assert!(mine && row.is_some() && !all.is_empty(), "{:?}", wish);
                    None
                }
            };
            if let Some(after) = after {
                world.history.push(after.entry);
                case = after.case;
            }
        }
    }
}
