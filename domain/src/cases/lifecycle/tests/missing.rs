//! Missing and found.

use super::*;

fn missing(world: &mut World, act: &ReportMissing) -> Case {
    let by = shelter();
    let decided = at(S::Open).report_missing(act, &world.setting(&by));
    world.done(decided)
}

#[test]
fn r74_allows_a_report_when_police_were_told_or_it_is_said_why_not_yet() {
    let (by, world) = (shelter(), World::new());
    let told = at(S::Open).report_missing(&reporting(), &world.setting(&by)).expect("reported");
    assert!(told.warnings.is_empty());
    assert_eq!(books(&told), (Vec::new(), Vec::new()));
    assert_eq!(told.value.episode.as_ref().map(|it| it.status), Some(MissingStatus::PoliceNotified));
    for agency in [LEAD, OPENER, SHELTER] {
        assert!(told.facts[0].audience.contains(&id(agency)), "all who take part are told");
    }
    let first = at(S::Open).report_missing(&reporting_first(), &world.setting(&by)).expect("reported");
    assert_eq!(rule_codes(&first.warnings), ["R74"]);
    assert_eq!(books(&first).0, [DutyKind::ReportMissing]);
    let Change::Opened(duty) = &first.deadlines[0] else { panic!("{:?}", first.deadlines) };
    assert_eq!(duty.due_at, now().plus(time::Duration::hours(24)));
    assert_eq!((duty.owner, duty.watcher), (id(LEAD), Some(id(SHELTER))));
}

#[test]
fn r74_refuses_a_report_that_says_nothing_of_police_and_a_talk_by_whoever_cares() {
    let (by, mut world) = (shelter(), World::new());
    let silent = ReportMissing { police: ToldPolice::default(), ..reporting() };
    refused_by(at(S::Open).report_missing(&silent, &world.setting(&by)), &["R74"]);
    let case = missing(&mut world, &reporting());
    let found = case.record_found(&found(FoundOutcome::FoundSafe, now()), &world.setting(&by));
    let case = world.done(found);
    let own = RecordReturnInterview { independent: false, ..talked(now()) };
    refused_by(case.record_return_interview(&own, &world.setting(&by)), &["R74"]);
}

#[test]
fn r74_warns_of_a_link_to_another_country() {
    let (by, world) = (shelter(), World::new());
    let act = ReportMissing { cross_border: true, ..reporting() };
    let decided = at(S::Open).report_missing(&act, &world.setting(&by)).expect("reported");
    assert_eq!(rule_codes(&decided.warnings), ["R74"]);
}

#[test]
fn r77_warns_another_country_of_which_the_report_knows_within_a_day_or_until_the_child_is_found() {
    let (by, mut world) = (shelter(), World::new());
    let here = at(S::Open).report_missing(&reporting(), &world.setting(&by)).expect("reported");
    assert!(!books(&here).0.contains(&DutyKind::WarnOfDanger), "nobody abroad to warn");
    assert!(here.facts.iter().all(|it| !it.audience.contains(&id(FOCAL))), "nor a focal point to tell");
    let act = ReportMissing { cross_border: true, ..reporting() };
    let reported = at(S::Open).report_missing(&act, &world.setting(&by));
    let decided = reported.as_ref().expect("reported");
    let owed = decided.deadlines.iter().find_map(|it| match it {
        Change::Opened(it) if it.kind == DutyKind::WarnOfDanger => Some(it),
        _ => None,
    });
    let owed = owed.expect("a duty");
    assert_eq!((owed.owner, owed.watcher), (id(LEAD), Some(id(FOCAL))));
    assert_eq!(owed.due_at, now().plus(time::Duration::hours(24)));
    assert!(decided.facts.iter().any(|it| it.audience.contains(&id(FOCAL))), "the focal point hears of it");
    let case = world.done(reported);
    let back = case.record_found(&found(FoundOutcome::FoundSafe, now()), &world.setting(&manager()));
    assert!(books(back.as_ref().expect("found")).1.contains(&(DutyKind::WarnOfDanger, Outcome::Lapsed)));
}

#[test]
fn a_missing_child_is_searched_for_and_talked_with_when_it_is_back() {
    let (by, lead, mut world) = (shelter(), manager(), World::new());
    let case = missing(&mut world, &reporting_first());
    let told = ToldPolice { at: Some(now()), ..ToldPolice::default() };
    let told = case.record_police_notified(&told, &world.setting(&by));
    let ended = books(told.as_ref().expect("told")).1;
    assert_eq!(ended, [(DutyKind::ReportMissing, Outcome::Fulfilled)]);
    let case = world.done(told);
    let alert = RecordAlert { kinds: vec![AlertKind::Sis], at: now(), reference: None };
    let alerted = case.record_alert(&alert, &world.setting(&by));
    let case = world.done(alerted);
    assert_eq!(world.course.missing().map(|it| it.status), Some(MissingStatus::Alerted));
    let long = case.record_long_term("six weeks", &world.setting(&lead));
    let case = world.done(long);
    let back = case.record_found(&found(FoundOutcome::FoundExploited, now()), &world.setting(&lead));
    let decided = back.as_ref().expect("found");
    assert_eq!(codes(&decided.warnings), ["screen_anew"]);
    assert_eq!(books(decided).0, [DutyKind::ReturnInterview]);
    let Change::Opened(duty) = &decided.deadlines[0] else { panic!("{:?}", decided.deadlines) };
    assert_eq!(duty.due_at, now().plus(time::Duration::hours(72)));
    let case = world.done(back);
    assert_eq!(case.status, S::Open);
    let held = case.record_return_interview(&talked(now()), &world.setting(&by));
    assert_eq!(books(held.as_ref().expect("held")).1, [(DutyKind::ReturnInterview, Outcome::Fulfilled)]);
    world.done(held);
}

#[test]
fn nobody_talks_with_a_child_that_was_found_dead() {
    let (by, mut world) = (shelter(), World::new());
    let case = missing(&mut world, &reporting());
    let dead = case.record_found(&found(FoundOutcome::FoundDeceased, now()), &world.setting(&by));
    assert_eq!(books(dead.as_ref().expect("recorded")), (Vec::new(), Vec::new()));
}

#[test]
fn a_child_that_goes_missing_again_owes_no_talk_until_it_is_back() {
    let (by, mut world) = (shelter(), World::new());
    let case = missing(&mut world, &reporting());
    let back = case.record_found(&found(FoundOutcome::FoundSafe, now()), &world.setting(&by));
    let case = world.done(back);
    let gone = case.report_missing(&reporting(), &world.setting(&by));
    assert_eq!(books(gone.as_ref().expect("reported")).1, [(DutyKind::ReturnInterview, Outcome::Lapsed)]);
}

#[test]
fn nothing_happened_in_the_future_or_before_it_began() {
    let (by, mut world) = (shelter(), World::new());
    let later = now().plus(time::Duration::seconds(1));
    let report = ReportMissing { last_seen_at: later, ..reporting() };
    refused_with(at(S::Open).report_missing(&report, &world.setting(&by)), &["in_the_future"]);
    let case = missing(&mut world, &reporting());
    let early = found(FoundOutcome::FoundSafe, now().plus(time::Duration::hours(-3)));
    refused_with(case.record_found(&early, &world.setting(&by)), &["period_reversed"]);
    refused_with(
        case.record_found(&found(FoundOutcome::FoundSafe, later), &world.setting(&by)),
        &["in_the_future"],
    );
    let back = case.record_found(&found(FoundOutcome::FoundSafe, now()), &world.setting(&by));
    let case = world.done(back);
    let before = talked(now().plus(time::Duration::minutes(-1)));
    refused_with(case.record_return_interview(&before, &world.setting(&by)), &["period_reversed"]);
}

#[test]
fn only_the_lead_or_whoever_reported_it_says_that_the_child_is_found() {
    let mut world = World::new();
    let case = missing(&mut world, &reporting());
    let act = found(FoundOutcome::FoundSafe, now());
    for (by, lawful) in [
        (shelter(), true),
        (manager(), true),
        (supervisor(), true),
        (person(OPENER, AgencyType::Police, Role::CaseManager), false),
        (person(LEAD, AgencyType::ChildProtection, Role::Screener), false),
    ] {
        let answer = case.record_found(&act, &world.setting(&by));
        assert_eq!(answer.is_ok(), lawful, "{by:?}");
    }
}
