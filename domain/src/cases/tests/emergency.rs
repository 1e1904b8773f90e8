//! Emergency access: who may open, how long and how often, who reviews.

use time::Duration;

use crate::{
    CaseId, CodeList as _, Decided, EmergencyAccessId, Refused, Timestamp,
    access::{
        AssuranceLevel, Caller, Denied, Depth, Relation, Scope, depth, scope_ceiling, sections, writable,
    },
    cases::emergency::{
        Emergency, EmergencyAccess, EmergencyReason, EmergencyVerdict, NewEmergencyAccess, admitted, given,
        unjustified,
    },
    deadlines::{Change, DutyKind, Outcome},
    events::EventType,
    given::{caller, case, country_entry, id, now, rule_codes},
    matching::without_names,
    vocabulary::{AgencyType, DataClass, Purpose, Role},
};

/// A duty officer of a police that takes no part in the case.
fn officer() -> Caller {
    let mut by = caller(id(70), AgencyType::Police);
    (by.role, by.case, by.professional) = (Some(Role::DutyOfficer), Some(case().id), Some(id(71)));
    by
}

fn supervisor() -> Caller {
    let mut by = caller(case().lead, AgencyType::ChildProtection);
    (by.role, by.professional) = (Some(Role::Supervisor), Some(id(81)));
    by
}

fn wanted(minutes: u8) -> NewEmergencyAccess {
    let justification = "A girl at the station says that he is near.".to_owned();
    NewEmergencyAccess { reason: EmergencyReason::ImmediateDanger, justification, minutes }
}

fn opened(
    by: &Caller,
    earlier: &[EmergencyAccess],
    at: Timestamp,
) -> Result<Decided<EmergencyAccess>, Refused> {
    let (case, country) = (case(), country_entry());
    let told = [id(90), id(91)];
    let around = Emergency { case: &case, country: &country, told: &told, earlier, by, now: at };
    EmergencyAccess::open(id::<EmergencyAccessId>(800 + earlier.len() as u128), wanted(30), &around)
}

fn reviewed(it: &EmergencyAccess, by: &Caller) -> Result<Decided<EmergencyAccess>, Refused> {
    let said = (EmergencyVerdict::Unclear, "Nobody could be asked.".to_owned());
    it.review(said, (&case(), &[id(90)]), by, now())
}

fn after(minutes: i64) -> Timestamp {
    now().plus(Duration::minutes(minutes))
}

#[test]
fn it_lasts_as_long_as_was_asked_and_everybody_concerned_is_told() {
    let decided = opened(&officer(), &[], now()).expect("given");
    let it = &decided.value;
    assert_eq!((it.since, it.until, it.number), (now(), after(30), 1));
    assert!(it.lasts(now()) && it.lasts(after(29)) && !it.lasts(after(30)) && !it.lasts(after(-1)));
    let fact = &decided.facts[0];
    assert_eq!((fact.event, decided.facts.len()), (EventType::EmergencyAccessOpened, 1));
    let mut audience = case().audience();
    audience.extend([id::<crate::AgencyId>(70), id(90), id(91)]);
    audience.sort_unstable();
    assert_eq!(fact.audience, audience);
    assert!(!fact.payload.to_string().contains("station"), "what was written is sealed");
    let [Change::Opened(duty)] = decided.deadlines.as_slice() else { panic!("{:?}", decided.deadlines) };
    assert_eq!((duty.kind, duty.owner), (DutyKind::ReviewEmergencyAccess, case().lead));
    assert_eq!((duty.subject_id, duty.case), (it.id.0, Some(case().id)));
}

#[test]
fn only_a_strong_token_for_this_case_in_a_role_that_could_take_part_is_admitted() {
    type Change = fn(&mut Caller);
    let step_up = |it: Result<(), Denied>| matches!(it, Err(Denied::StepUp(_)));
    let table: [(&str, Change); 5] = [
        ("not bound", |it| it.case = None),
        ("low", |it| it.assurance.level = AssuranceLevel::Low),
        ("substantial", |it| it.assurance.level = AssuranceLevel::Substantial),
        ("long ago", |it| it.assurance.seconds_ago = Some(15 * 60 + 1)),
        ("nobody knows when", |it| it.assurance.seconds_ago = None),
    ];
    for (why, change) in table {
        let mut by = officer();
        change(&mut by);
        assert!(step_up(admitted(&by)), "{why}");
        assert!(opened(&by, &[], now()).is_err(), "{why}");
    }
    let elsewhere = Caller { case: Some(id::<CaseId>(999)), ..officer() };
    assert!(opened(&elsewhere, &[], now()).is_err(), "bound to another case");
    for role in Role::ALL {
        let by = Caller { role: Some(*role), ..officer() };
        let sees = depth(*role, DataClass::D1Identity) > Depth::None;
        let wanted = if sees { Ok(()) } else { Err(Denied::NotYourFunction) };
        assert_eq!(admitted(&by), wanted, "{role}");
    }
    let emergencies = "identification protection assistance health guardianship investigation missing_child";
    for purpose in Purpose::ALL {
        let by = Caller { purpose: *purpose, ..officer() };
        let has = emergencies.split(' ').any(|it| it == purpose.code());
        assert_eq!(admitted(&by), if has { Ok(()) } else { Err(Denied::Purpose) }, "{purpose}");
    }
}

#[test]
fn it_opens_no_more_than_the_lead_could_give_and_nothing_to_write() {
    use DataClass as D;
    let never = [D::D8TherapyNotes, D::D9InterviewRecordingLocator, D::D10Intelligence, D::D16AccessLog];
    for agency_type in AgencyType::ALL {
        let classes = given(*agency_type);
        assert!(!classes.iter().any(|it| never.contains(it)), "{agency_type}");
        let relation = Relation::from(classes);
        let lead = Relation::Lead;
        for role in Role::ALL {
            for purpose in Purpose::ALL {
                let mut by = Caller { role: Some(*role), purpose: *purpose, ..officer() };
                by.agency_type = *agency_type;
                let pairs = sections(&by, &relation).into_iter().zip(sections(&by, &lead));
                for (shown, most) in pairs {
                    let told = format!("{agency_type} {role} {purpose} {}", shown.class);
                    assert!(shown.depth <= most.depth, "{told}");
                    assert!(shown.depth == Depth::None || !never.contains(&shown.class), "{told}");
                    assert!(!writable(&by, &relation, shown.class), "{told}");
                }
            }
        }
    }
    let could = |it: &AgencyType| scope_ceiling(*it).has(Scope::CasesRead) && !given(*it).is_empty();
    for it in AgencyType::ALL.iter().filter(|it| **it != AgencyType::CompensationAuthority) {
        let has = scope_ceiling(*it).has(Scope::EmergencyAccess);
        assert_eq!(has, could(it) || *it == AgencyType::Dpo, "{it}");
    }
}

#[test]
fn one_at_a_time_and_never_of_an_own_case() {
    let first = opened(&officer(), &[], now()).expect("given").value;
    let again = opened(&officer(), std::slice::from_ref(&first), after(29));
    assert!(matches!(again, Err(Refused::WrongState(_))), "it lasts");
    let next = opened(&officer(), &[first], after(30)).expect("it is over").value;
    assert_eq!(next.number, 2);
    let own = Caller { agency: case().lead, ..officer() };
    assert!(matches!(opened(&own, &[], now()), Err(Refused::WrongState(_))));
    let abroad = Caller { country: crate::given::country("LV"), ..own };
    assert!(case().own_relation(&abroad).is_none());
}

/// One an hour, from now on.
fn several(count: u32) -> Vec<EmergencyAccess> {
    let mut all = Vec::new();
    for n in 0..count {
        let given = opened(&officer(), &all, after(i64::from(n) * 60)).expect("given").value;
        all.push(given);
    }
    all
}

#[test]
fn r94_allows_a_fourth_once_all_were_reviewed_or_thirty_days_have_passed() {
    let mut all = several(3);
    for it in &mut all {
        *it = reviewed(it, &supervisor()).expect("reviewed").value;
    }
    let fourth = opened(&officer(), &all, after(300)).expect("all are reviewed").value;
    assert_eq!(fourth.number, 4);
    let late = several(3);
    let days = |count: i64| late[0].since.plus(Duration::days(count));
    assert!(opened(&officer(), &late, days(30)).is_ok(), "the first no longer counts");
}

#[test]
fn r94_refuses_a_fourth_while_one_of_three_waits_for_review() {
    let all = several(3);
    let last = all[0].since.plus(Duration::days(30)).plus(Duration::microseconds(-1));
    for at in [after(300), last] {
        let refused = opened(&officer(), &all, at).expect_err("nobody reviewed them");
        assert_eq!(rule_codes(refused.violations()), ["R94"]);
    }
    for open in 0..3 {
        let mut some = all.clone();
        for (n, it) in some.iter_mut().enumerate().filter(|(n, _)| *n != open) {
            *it = reviewed(it, &supervisor()).unwrap_or_else(|it| panic!("{n}: {it:?}")).value;
        }
        let refused = opened(&officer(), &some, after(300)).expect_err("one waits");
        assert_eq!(rule_codes(refused.violations()), ["R94"]);
    }
}

#[test]
fn a_second_person_of_the_lead_or_of_data_protection_reviews_once() {
    let it = opened(&officer(), &[], now()).expect("given").value;
    let dpo = |agency_type| {
        let mut by = caller(id(90), agency_type);
        (by.role, by.purpose, by.professional) = (Some(Role::Dpo), Purpose::Audit, Some(id(91)));
        by
    };
    for by in [supervisor(), dpo(AgencyType::Dpo)] {
        let decided = reviewed(&it, &by).expect("reviewed");
        assert_eq!(decided.facts[0].event, EventType::EmergencyAccessReviewed);
        assert!(decided.facts[0].audience.contains(&id(70)), "whoever read is told");
        let closed = Change::Closed {
            subject_id: it.id.0,
            kind: DutyKind::ReviewEmergencyAccess,
            outcome: Outcome::Fulfilled,
        };
        assert_eq!(decided.deadlines, [closed]);
        let again = reviewed(&decided.value, &supervisor());
        assert!(matches!(again, Err(Refused::WrongState(_))));
        assert_eq!(EmergencyAccess { review: None, ..decided.value }, it, "nothing of the access changed");
    }
    let of = |role, by: Caller| Caller { role: Some(role), ..by };
    let not = [
        ("whoever read", Caller { professional: Some(it.professional), ..supervisor() }),
        ("nobody", Caller { professional: None, ..supervisor() }),
        ("a case manager", of(Role::CaseManager, supervisor())),
        ("a supervisor of whoever read", of(Role::Supervisor, officer())),
        ("an officer inside an agency", dpo(AgencyType::Police)),
        ("abroad", Caller { country: crate::given::country("LV"), ..dpo(AgencyType::Dpo) }),
    ];
    for (who, by) in not {
        assert!(matches!(reviewed(&it, &by), Err(Refused::NotYours(_))), "{who}");
    }
}

#[test]
fn a_justification_is_words() {
    for bad in [
        "",
        "x",
        "nineteen characters",
        &" ".repeat(40),
        &"a".repeat(40),
        "a a a a a a a a a a a a a a",
        "ababab ababab ababab ababab",
        "too short            ",
    ] {
        assert!(unjustified(bad).is_some(), "{bad}");
    }
    for good in
        ["twenty characters it", "Дівчинка на вокзалі каже, що він поруч.", "الفتاة في خطر الآن في المحطة"]
    {
        assert_eq!(unjustified(good), None, "{good}");
    }
}

#[test]
fn a_text_loses_the_name_of_a_child_however_it_is_spelled() {
    let identity = crate::cases::Identity {
        name: Some(crate::cases::Name {
            given: Some("Yuliya".to_owned()),
            family: Some("O'Neil An".to_owned()),
        }),
        call_name: Some("Mari-Liis".to_owned()),
        ..crate::cases::Identity::default()
    };
    for (named, left) in [
        ("It is Юлія, she runs", "It is …, she runs"),
        ("(julija)", "(…)"),
        ("O’Neil's sister", "… sister"),
        ("ask for LIIS.", "ask for …."),
        ("Yuliya's aunt calls", "… aunt calls"),
        ("Anna, Maria or Yuliya?", "Anna, Maria or …?"),
    ] {
        assert_eq!(without_names(named, &identity), left);
    }
    for not in ["A girl at the station says that he is near.", "an hour ago", "", "Yuli", "neil"] {
        assert_eq!(without_names(not, &identity), not);
    }
    assert_eq!(without_names("Mari", &crate::cases::Identity::default()), "Mari");
}
