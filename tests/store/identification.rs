//! Identification to its end: every status with its history, entitlements as deadlines, age assessments, birthdays.

use diesel_migrations::MigrationHarness as _;
use domain::{
    CodeList as _, Day, Decided, Refused,
    access::Caller,
    cases::Case,
    deadlines::{Change, Deadline, DeadlineState, DutyKind, Outcome},
    identification::{
        AgeAppeal, AgeAssessment, AgeConclusion, AgeMethod, AgeRange, Appeal, Assessor, AssessorField,
        Brought, CloseWithoutStatus, Decide, DeclineStatus, Entitlement, Finding, Findings, Foreign, Given,
        Grounds, IdentificationAct, Identified, Informed, NegativeGround, NewAgeAssessment, NoGrounds,
        NoGroundsBasis, NoStatusReason, Presume, ProposeNegative, ProtectionNeed, ReviewKind, SecondOpinion,
        Setting,
    },
    text::Country,
    vocabulary::{Act, AgeCertainty, AgeStatus, ExploitationType, IdentificationStatus, Role},
};
use persistence::{
    MIGRATIONS, PageRequest,
    deadlines::{DeadlineFilter, DeadlineScope},
};

use crate::{
    given::{House, later, now, words},
    story::{day, identity, setting},
};

use IdentificationAct as A;
use IdentificationStatus as S;

fn officer(of: &Caller) -> Caller {
    Caller { role: Some(Role::IdentificationOfficer), ..of.clone() }
}

fn findings(purpose: Finding) -> Findings {
    let shown = purpose == Finding::Shown;
    Findings {
        act: Some(Finding::Shown),
        purpose: Some(purpose),
        acts: vec![Act::Harbouring],
        purposes: if shown { vec![ExploitationType::ForcedBegging] } else { Vec::new() },
        means: Vec::new(),
        child_is_surrogate: None,
        evidence: vec![words("evidence")],
    }
}

fn foreign() -> Foreign {
    Foreign {
        country: Country::parse("LV").expect("a country"),
        authority: words("authority"),
        document: words("document"),
        dated: Day(now().date()),
    }
}

const INFORMED: Informed = Informed { child: true, guardian: true };

/// What each act says in this house.
fn acted(case: &Case, act: A, at: &Setting<'_>) -> Result<Decided<Identified>, Refused> {
    let reasons = || words(act.code());
    match act {
        A::RecordNoGrounds => {
            let act = NoGrounds {
                basis: vec![NoGroundsBasis::FactsChecked],
                reasons: reasons(),
                protection_need: ProtectionNeed::Referred,
            };
            case.record_no_grounds(&act, None, at)
        }
        A::Presume => {
            let act = Presume { grounds: Grounds::ProfessionalJudgement, reasons: Some(reasons()) };
            case.presume(&act, None, at)
        }
        A::PresumeOnForeignNotice => case.presume_on_notice(&foreign(), at),
        A::OpenFormalAssessment => case.open_formal_assessment(at),
        A::Decide => {
            let act = Decide { findings: findings(Finding::Shown), reasons: reasons(), informed: INFORMED };
            case.decide(&act, at)
        }
        A::ProposeNegative => {
            let act = ProposeNegative {
                grounds: vec![NegativeGround::PurposeNotShown],
                findings: findings(Finding::NotShown),
                reasons: reasons(),
            };
            case.propose_negative(&act, at)
        }
        A::ConfirmNegative => {
            case.confirm_negative(&SecondOpinion { reasons: reasons(), informed: Some(INFORMED) }, at)
        }
        A::ReturnNegative => case.return_negative(&SecondOpinion { reasons: reasons(), informed: None }, at),
        A::Appeal => {
            let act =
                Appeal { kind: ReviewKind::NewFacts, brought_by: Brought::Guardian, reasons: reasons() };
            case.appeal(&act, at)
        }
        A::DeclineStatus => {
            let act =
                DeclineStatus { brought_by: Brought::Child, child_informed: true, child_view: reasons() };
            case.decline_status(&act, at)
        }
        A::CloseWithoutStatus => {
            let act = CloseWithoutStatus { reason: NoStatusReason::ChildMoved, explanation: reasons() };
            case.close_without_status(&act, at)
        }
        A::RecogniseForeignDecision => case.recognise_foreign_decision(&foreign(), at),
        A::RecordEntitlement => {
            let entitlement = Entitlement::SafetyPlan;
            let act = Given { entitlement, what: reasons(), by_whom: words("worker"), at: at.now };
            case.give(&act, at)
        }
        A::Turn18 => case.turn_18(at),
    }
}

impl House {
    /// The case after these acts, each a minute after the one before.
    fn identified(&self, acts: &[A]) -> Case {
        let (mut case, _) = self.given_case();
        for (minute, act) in (1..).zip(acts) {
            let second = matches!(act, A::ConfirmNegative | A::ReturnNegative);
            let by = officer(if second { &self.child_protection } else { &self.police });
            let work = |tx: &mut persistence::Tx<'_>| {
                let history = tx.identification_acts(&case)?;
                let (country, child) = (tx.country(case.country)?, identity());
                let decided = acted(&case, *act, &setting(tx, &country, &child, &history, &by));
                let decided = decided.expect("lawful");
                tx.save_identified(&decided)?;
                Ok(decided.value.case)
            };
            case = self.change_at(&by, later(minute), work).expect("stored");
        }
        case
    }

    fn duties(&self, case: &Case, minute: i64) -> Vec<Deadline> {
        let filter = DeadlineFilter {
            scope: DeadlineScope::Case(case.id),
            standing: None,
            case: None,
            subject: None,
            duty: None,
            due_before: None,
        };
        let found = self.read_as(&self.child_protection, later(minute), |tx| tx.deadlines(filter, None, 200));
        found.expect("listed")
    }
}

#[test]
fn an_identification_reads_back_in_every_state_with_every_act() {
    let house = House::new();
    let ways: [(&[A], S); 8] = [
        (&[A::RecordNoGrounds], S::NoGrounds),
        (&[A::RecordNoGrounds, A::Presume], S::PresumedVictim),
        (&[A::PresumeOnForeignNotice, A::RecordEntitlement, A::OpenFormalAssessment], S::FormalAssessment),
        (&[A::Presume, A::OpenFormalAssessment, A::Decide], S::IdentifiedVictim),
        (&[A::Presume, A::RecogniseForeignDecision], S::IdentifiedVictim),
        (
            &[A::Presume, A::OpenFormalAssessment, A::ProposeNegative, A::ReturnNegative, A::ProposeNegative],
            S::FormalAssessment,
        ),
        (
            &[A::Presume, A::OpenFormalAssessment, A::ProposeNegative, A::ConfirmNegative, A::Appeal],
            S::UnderReview,
        ),
        (&[A::Presume, A::DeclineStatus, A::Appeal], S::UnderReview),
    ];
    for (acts, status) in ways {
        let case = house.identified(acts);
        assert_eq!(case.identification.status, status);
        assert_eq!(house.case(case.id), case, "{acts:?}");
        let history = house.read(&house.police, |tx| tx.identification_acts(&case)).expect("read");
        assert_eq!(history.iter().map(|it| it.act).collect::<Vec<_>>(), acts);
        for entry in history.iter().filter(|it| it.act == A::Decide) {
            assert_eq!(entry.written.findings, Some(findings(Finding::Shown)));
            assert_eq!(entry.written.reasons, Some(words("decide")));
        }
    }
    let negative =
        house.identified(&[A::Presume, A::OpenFormalAssessment, A::ProposeNegative, A::ConfirmNegative]);
    assert_eq!(house.case(negative.id).identification.appeal_until, negative.identification.appeal_until);
    assert!(negative.identification.appeal_until.is_some());
    let closed = house.identified(&[A::Presume, A::CloseWithoutStatus]);
    assert_eq!(house.case(closed.id), closed);
}

fn state(all: &[Deadline], kind: DutyKind, minute: i64) -> Option<DeadlineState> {
    all.iter().find(|it| it.duty.kind == kind).map(|it| it.state(later(minute)))
}

#[test]
fn entitlements_are_deadlines_of_the_lead_which_end_when_they_are_given() {
    let house = House::new();
    let case = house.identified(&[A::Presume, A::RecordEntitlement, A::OpenFormalAssessment]);
    let all = house.duties(&case, 10);
    let (act, all): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|it| it.duty.kind == DutyKind::ActOnIndicator);
    assert_eq!(act.iter().map(|it| it.state(later(10))).collect::<Vec<_>>(), [DeadlineState::Met], "R20");
    assert_eq!(act[0].duty.owner, house.police.agency);
    assert_eq!(all.len(), Entitlement::ALL.len() + 1);
    assert_eq!(state(&all, DutyKind::SafetyPlan, 10), Some(DeadlineState::Met));
    for kind in [DutyKind::GuardianCheck, DutyKind::GiveInformation, DutyKind::Education] {
        assert_eq!(state(&all, kind, 10), Some(DeadlineState::Running), "{kind}");
    }
    assert!(all.iter().all(|it| it.duty.owner == house.child_protection.agency));
}

#[test]
fn what_is_not_given_climbs_the_ladder_of_the_case() {
    let house = House::new();
    let case = house.identified(&[A::Presume]);
    let day = 24 * 60;
    assert!(house.store.take_deadline_steps(later(day)).expect("taken").is_empty(), "not before it is due");
    let first = house.store.take_deadline_steps(later(day + 1)).expect("taken");
    assert_eq!(
        first.iter().map(|it| it.rung).collect::<Vec<_>>(),
        [Some(1), Some(1)],
        "guardian and safety plan"
    );
    let second = house.store.take_deadline_steps(later(2 * day)).expect("taken");
    assert!(second.iter().all(|it| it.rung == Some(2)), "{second:?}");
    let last = house.store.take_deadline_steps(later(3 * day)).expect("taken");
    assert!(last.is_empty(), "nothing expires: {last:?}");
    let all = house.duties(&case, 3 * day);
    assert_eq!(state(&all, DutyKind::GuardianCheck, 3 * day), Some(DeadlineState::Overdue));
}

#[test]
fn information_about_asylum_is_owed_once_it_is_known_that_the_child_may_need_protection() {
    let house = House::new();
    let case = house.identified(&[A::Presume]);
    let entitlement = Entitlement::AsylumInformation;
    // As if the child had been a citizen of a country of the EU until now.
    let owed: Vec<_> = case.identification.owed.iter().copied().filter(|it| *it != entitlement).collect();
    let mut before = case.clone();
    before.identification.owed = owed;
    before.version = before.version.next();
    let before = Decided::new(before, vec![], vec![]).with_deadlines(vec![Change::Closed {
        subject_id: case.id.0,
        kind: entitlement.duty(),
        outcome: Outcome::Lapsed,
    }]);
    house.change(&house.police, |tx| tx.save_entitled(&before)).expect("saved");
    let open = |tx: &mut persistence::Tx<'_>| {
        let (child, country) = (tx.child(&case)?, tx.country(case.country)?);
        let opened = before.value.identity_changed(&child.identity, &country, &house.police, tx.cx.now);
        let opened = opened.expect("it may need protection");
        tx.save_entitled(&opened)?;
        Ok(opened)
    };
    let opened = house.change(&house.police, open).expect("saved");
    assert_eq!(house.case(case.id), opened.value);
    let all = house.duties(&case, 10);
    let running =
        |it: &&Deadline| it.duty.kind == entitlement.duty() && it.state(later(10)) == DeadlineState::Running;
    assert_eq!(all.iter().filter(running).count(), 1);
    let stale = house.change(&house.police, |tx| tx.save_entitled(&opened));
    assert!(matches!(stale, Err(persistence::StoreError::Stale)), "{stale:?}");
}

#[test]
fn a_formal_decision_is_due_after_thirty_days_and_told_of_after_forty_five() {
    let house = House::new();
    let case = house.identified(&[A::Presume, A::OpenFormalAssessment]);
    let all = house.duties(&case, 10);
    let decision = all.iter().find(|it| it.duty.kind == DutyKind::FormalDecision).expect("a duty");
    let told_at = decision.next_step_at.expect("a step");
    assert_eq!(Some(told_at), decision.duty.computed_from.warn_at);
    assert_eq!((told_at.raw() - decision.duty.due_at.raw()).whole_days(), 15);
}

fn assessment(method: AgeMethod, youngest: u8) -> NewAgeAssessment {
    NewAgeAssessment {
        method,
        assessed_on: Day(now().date()),
        conclusion: AgeConclusion::Adult,
        range: Some(AgeRange { youngest, oldest: 24 }),
        assessors: vec![
            Assessor { who: words("one"), field: AssessorField::Psychology },
            Assessor { who: words("two"), field: AssessorField::Paediatrics },
        ],
        reasons: Some(words("reasons")),
        medical_consent: Some(true),
        representative_informed_on: Some(Day(now().date())),
        new_facts: None,
        foreign: None,
        medical_findings: (method == AgeMethod::Medical).then(|| words("findings")),
    }
}

#[test]
fn age_assessments_read_back_and_change_the_age_status_of_the_child() {
    let house = House::new();
    let (case, _) = house.given_case();
    let mut recorded: Vec<AgeAssessment> = Vec::new();
    for new in [assessment(AgeMethod::Psychosocial, 17), assessment(AgeMethod::Medical, 19)] {
        let add = |tx: &mut persistence::Tx<'_>| {
            let (child, country) = (tx.child(&case)?, tx.country(case.country)?);
            let of = (&case, &child, &recorded[..]);
            let by = &house.police;
            let decided =
                AgeAssessment::record(tx.fresh_id().into(), new.clone(), of, &country, by, tx.cx.now);
            let decided = decided.expect("lawful");
            tx.add_age_assessment(&case, &decided)?;
            Ok(decided.value.0)
        };
        let made = house.change(&house.police, add).expect("recorded");
        recorded.push(made);
    }
    let [first, second] = &recorded[..] else { panic!("two") };
    let read = |it: &AgeAssessment, medical| {
        house.read(&house.police, |tx| tx.age_assessment(&case, it.id, medical)).expect("read")
    };
    assert_eq!((&read(first, true), &read(second, true)), (first, second));
    assert_eq!(read(second, false).content.medical_findings, None, "opened only where it is asked for");
    let page = PageRequest { after: None, limit: 1 };
    let listed = house.read(&house.police, |tx| tx.age_assessments(&case, page)).expect("listed");
    assert_eq!(listed.items[0].id, second.id, "newest first");
    let child = house.read(&house.police, |tx| tx.child(&case)).expect("read");
    assert_eq!(child.identity.age_status(now()), AgeStatus::DisputedTreatedAsChild, "it can be appealed");
    let appeal = |tx: &mut persistence::Tx<'_>| {
        let (child, country) = (tx.child(&case)?, tx.country(case.country)?);
        let act = AgeAppeal {
            brought_by: Brought::Guardian,
            lodged_on: day("2026-11-24"),
            reasons: words("appeal"),
        };
        let decided = second.appeal(act, (&case, &child), &country, tx.cx.now).expect("lawful");
        tx.add_age_appeal(&decided)?;
        Ok(decided.value)
    };
    let (appealed, child) = house.change(&house.police, appeal).expect("recorded");
    assert_eq!(read(&appealed, true), appealed);
    assert_eq!(house.read(&house.police, |tx| tx.child(&case)).expect("read").identity, child.identity);
    assert_eq!(child.identity.age_status(later(60 * 24 * 400)), AgeStatus::DisputedTreatedAsChild);
    let twice = house.change(&house.police, |tx| {
        tx.add_age_appeal(&Decided::new((appealed.clone(), child.clone()), vec![], vec![]))
    });
    assert!(matches!(twice, Err(persistence::StoreError::Stale)), "{twice:?}");
    let (other, _) = house.given_case();
    let misplaced = house.read(&house.police, |tx| tx.age_assessment(&other, first.id, false));
    assert!(matches!(misplaced, Err(persistence::StoreError::NotFound)), "{misplaced:?}");
}

#[test]
fn a_birthday_is_noted_once_by_the_mechanism_and_changes_no_status() {
    let house = House::new();
    let (case, child) = house.given_case();
    house.given_case();
    let update = domain::cases::IdentityUpdate {
        birth_date: Some(domain::BirthDate::parse("2008-11-25")),
        age_certainty: Some(Some(AgeCertainty::Documented)),
        ..domain::cases::IdentityUpdate::default()
    };
    house
        .change(&house.police, |tx| {
            let changed = child.update_identity(update.clone(), &case, tx.cx.now).expect("lawful");
            tx.save_identity(&changed)
        })
        .expect("saved");
    assert_eq!(house.store.note_birthdays(now()).expect("looked"), 0, "17 today");
    let tomorrow = later(24 * 60);
    assert_eq!(house.store.note_birthdays(tomorrow).expect("looked"), 1);
    assert_eq!(house.store.note_birthdays(tomorrow).expect("looked"), 0, "once");
    let after = house.case(case.id);
    assert_eq!(after.identification.turned_18_at, Some(tomorrow));
    assert_eq!(after.identification.status, case.identification.status);
    let history = house.read(&house.police, |tx| tx.identification_acts(&after)).expect("read");
    assert_eq!((history[0].act, history[0].agency), (A::Turn18, None));
}

#[test]
fn what_was_presumed_before_acts_were_kept_is_an_act_with_its_reasons() {
    let house = House::new();
    let (case, _) = house.given_case();
    house
        .change(&house.police, |tx| {
            let (country, child) = (tx.country(case.country)?, identity());
            // The reasons were sealed for the row of the case.
            let at = Setting { entry: case.id.0.into(), ..setting(tx, &country, &child, &[], &house.police) };
            tx.save_identified(&acted(&case, A::Presume, &at).expect("lawful"))
        })
        .expect("presumed");
    let mut conn = house.db.connection();
    conn.revert_last_migration(MIGRATIONS).expect("taken back");
    conn.run_pending_migrations(MIGRATIONS).expect("done again");
    let acts = house.read(&house.police, |tx| tx.identification_acts(&case)).expect("read");
    assert_eq!((acts.len(), acts[0].act, acts[0].to), (1, A::Presume, S::PresumedVictim));
    assert_eq!(acts[0].written.reasons, Some(words("presume")));
    assert_eq!(
        (acts[0].agency, acts[0].professional),
        (Some(house.police.agency), house.police.professional)
    );
    let country = house.read(&house.police, |tx| tx.country(case.country)).expect("a profile that reads");
    assert_eq!(country.profile.may_decide.value.len(), 2);
    assert_eq!(house.case(case.id).identification.status, S::PresumedVictim);
}
