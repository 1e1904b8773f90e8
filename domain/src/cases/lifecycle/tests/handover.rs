//! Handing over, inside the country and abroad.

use super::*;

fn proposed(world: &mut World, act: &ProposeHandover) -> Case {
    let by = manager();
    let decided = at(S::Open).propose_handover(act, &world.setting(&by));
    world.done(decided)
}

#[test]
fn inside_the_country_the_receiver_leads_the_same_file() {
    let mut world = World::new();
    let by = manager();
    let asked = at(S::Open).propose_handover(&inside(), &world.setting(&by)).expect("proposed");
    assert_eq!(
        asked.facts[0].audience,
        [id(LEAD), id(OPENER), id(NEXT)],
        "the receiver is told, others are not"
    );
    let Change::Opened(duty) = &asked.deadlines[0] else { panic!("{:?}", asked.deadlines) };
    assert_eq!((duty.kind, duty.owner, duty.answers_to), (DutyKind::AnswerHandover, id(NEXT), id(LEAD)));
    let case = proposed(&mut world, &inside());
    assert_eq!((case.status, case.lead), (S::TransferPending, id(LEAD)), "whoever leads stays responsible");
    let to = receiver();
    let decided = case.confirm_handover(&arrived(), &world.setting(&to)).expect("confirmed");
    assert_eq!((decided.value.case.status, decided.value.case.lead), (S::Open, id(NEXT)));
    let moved = Change::HandedOver { case: case.id, from: id(LEAD), to: id(NEXT) };
    assert!(decided.deadlines.contains(&moved), "{:?}", decided.deadlines);
    for agency in [LEAD, NEXT, OPENER, SHELTER] {
        assert!(decided.facts[0].audience.contains(&id(agency)), "{agency}");
    }
}

#[test]
fn abroad_the_case_ends_on_the_confirmation_of_the_authority_there() {
    let mut world = World::new();
    let case = proposed(&mut world, &going(abroad()));
    let (focal, other) = (focal_point(), receiver());
    let arrival = Arrival { writing: Some(written(now())), ..arrived() };
    assert!(matches!(case.confirm_handover(&arrival, &world.setting(&other)), Err(Refused::NotYours(_))));
    let decided = case.confirm_handover(&arrival, &world.setting(&focal)).expect("confirmed");
    assert_eq!((decided.value.case.status, decided.value.case.lead), (S::Transferred, id(LEAD)));
    assert!(!decided.value.case.is_live());
    assert_eq!(books(&decided).1, [(DutyKind::AnswerHandover, Outcome::Fulfilled)]);
}

#[test]
fn r55_refuses_a_handover_that_is_not_whole() {
    let mut world = World::new();
    let case = proposed(&mut world, &inside());
    let by = receiver();
    for point in HandoverPoint::ALL {
        let mut act = arrived();
        act.confirmed.retain(|it| it != point);
        let refused = case.confirm_handover(&act, &world.setting(&by)).expect_err("refused");
        assert_eq!((rule_codes(refused.violations()), refused.violations().len()), (vec!["R55"], 1));
    }
    let nothing = Arrival { confirmed: Vec::new(), writing: None };
    let refused = case.confirm_handover(&nothing, &world.setting(&by)).expect_err("refused");
    assert_eq!(refused.violations().len(), 4, "all of it at once");
    world.referred.accepted.clear();
    refused_by(at(S::Open).propose_handover(&inside(), &world.setting(&manager())), &["R55"]);
}

#[test]
fn r55_allows_a_whole_one() {
    let mut world = World::new();
    let case = proposed(&mut world, &inside());
    assert!(case.confirm_handover(&arrived(), &world.setting(&receiver())).is_ok());
}

#[test]
fn r53_refuses_a_consent_without_document_or_of_a_day_that_is_not_before_the_move() {
    let (world, by) = (World::new(), manager());
    let parts: [fn(&mut Abroad); 4] = [
        |it| it.consent.document = None,
        |it| it.consent.dated = None,
        |it| (it.moves_on, it.consent.dated) = (in_days(-1), Some(in_days(-1))),
        |it| it.consent.dated = Some(in_days(1)),
    ];
    for part in parts {
        let mut to = abroad();
        part(&mut to);
        refused_by(at(S::Open).propose_handover(&going(to), &world.setting(&by)), &["R53"]);
    }
}

#[test]
fn r53_allows_a_consent_of_a_day_before_the_move() {
    let (world, by) = (World::new(), manager());
    let decided = at(S::Open).propose_handover(&going(abroad()), &world.setting(&by)).expect("proposed");
    assert!(decided.warnings.is_empty());
}

#[test]
fn r54_warns_that_only_a_parent_needs_no_consent() {
    let (world, by) = (World::new(), manager());
    let mut to = abroad();
    to.consent = Consent { answer: ConsentAnswer::ExemptParent, document: None, dated: None };
    let decided = at(S::Open).propose_handover(&going(to), &world.setting(&by)).expect("proposed");
    assert_eq!(rule_codes(&decided.warnings), ["R54"]);
}

#[test]
fn r54_allows_silently_where_a_country_consents() {
    let (world, by) = (World::new(), manager());
    let decided = at(S::Open).propose_handover(&going(abroad()), &world.setting(&by)).expect("proposed");
    assert_eq!(rule_codes(&decided.warnings), [""; 0]);
}

#[test]
fn r56_refuses_silence_as_consent_and_as_confirmation() {
    let (mut world, by) = (World::new(), manager());
    let mut to = abroad();
    to.consent.answer = ConsentAnswer::NoAnswer;
    refused_by(at(S::Open).propose_handover(&going(to), &world.setting(&by)), &["R56"]);
    let case = proposed(&mut world, &going(abroad()));
    refused_by(case.confirm_handover(&arrived(), &world.setting(&focal_point())), &["R56"]);
}

#[test]
fn r56_allows_what_was_answered_in_writing() {
    let mut world = World::new();
    let case = proposed(&mut world, &going(abroad()));
    let arrival = Arrival { writing: Some(written(now())), ..arrived() };
    assert!(case.confirm_handover(&arrival, &world.setting(&focal_point())).is_ok());
}

#[test]
fn who_cannot_lead_is_not_handed_a_case() {
    let (world, by) = (World::new(), manager());
    let to = |number, kind| ProposeHandover::Inside {
        to: Box::new(agency(number, kind)),
        reasons: "so".to_owned(),
    };
    let unfit = to(NEXT, AgencyType::Shelter);
    refused_with(at(S::Open).propose_handover(&unfit, &world.setting(&by)), &["cannot_lead"]);
    let own = to(LEAD, AgencyType::ChildProtection);
    refused_with(
        at(S::Open).propose_handover(&own, &world.setting(&by)),
        &["leads_already", "handover_incomplete"],
    );
    let mut home = abroad();
    home.country = country("EE");
    refused_with(at(S::Open).propose_handover(&going(home), &world.setting(&by)), &["own_country"]);
}

#[test]
fn a_missing_child_is_not_handed_over() {
    let mut world = World::new();
    let case = proposed(&mut world, &inside());
    let by = shelter();
    let gone = case.report_missing(&reporting(), &world.setting(&by)).expect("reported");
    assert_eq!(gone.value.handover.as_ref().map(|it| it.status), Some(HandoverStatus::Interrupted));
    let events: Vec<_> = gone.facts.iter().map(|it| it.event).collect();
    assert_eq!(events, [EventType::ChildMissing, EventType::HandoverInterrupted]);
    assert!(gone.facts[1].audience.contains(&id(NEXT)), "the receiver knows that it is off");
    assert_eq!(books(&gone).1, [(DutyKind::AnswerHandover, Outcome::Lapsed)]);
    let case = world.done(Ok(gone));
    let back = case.record_found(&found(FoundOutcome::FoundSafe, now()), &world.setting(&by));
    assert_eq!(world.done(back).status, S::Open, "and it is proposed anew when the child is back");
}

#[test]
fn what_is_refused_or_withdrawn_leads_back() {
    let mut world = World::new();
    let case = proposed(&mut world, &inside());
    let refused = case.refuse_handover("no place", &world.setting(&receiver())).expect("refused");
    assert_eq!((refused.value.case.status, refused.value.case.lead), (S::Open, id(LEAD)));
    assert_eq!(books(&refused).1, [(DutyKind::AnswerHandover, Outcome::Fulfilled)]);
    let withdrawn = case.withdraw_handover("he stays", &world.setting(&manager())).expect("withdrawn");
    assert_eq!(books(&withdrawn).1, [(DutyKind::AnswerHandover, Outcome::Lapsed)]);
}

#[test]
fn r55_refuses_that_one_person_hands_over_and_receives() {
    let mut world = World::new();
    // A focal point that leads a case is both sides of its handover abroad.
    let led = Case { lead: id(FOCAL), ..at(S::Open) };
    let one = person(FOCAL, AgencyType::CrossborderFocalPoint, Role::CaseManager);
    let proposed = led.propose_handover(&going(abroad()), &world.setting(&one));
    let case = world.done(proposed);
    let arrival = Arrival { writing: Some(written(now())), ..arrived() };
    refused_by(case.confirm_handover(&arrival, &world.setting(&one)), &["R55"]);
    assert!(case.confirm_handover(&arrival, &world.setting(&focal_point())).is_ok(), "another person does");
}
