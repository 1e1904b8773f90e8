//! Deadlines and their ladder against plain statements of what is meant to happen.

use time::Duration;

use super::*;
use crate::{
    AgencyId, CodeList as _, Timestamp,
    directory::CountryEntry,
    events::{EventType, SubjectKind},
    given::{at, country_entry, country_with, id, now, profile},
    rules::Verification,
    vocabulary::{Role, Urgency},
};

const OWNER: u128 = 2;
const SENDER: u128 = 1;
const COORDINATOR: u128 = 6;
const DESK: u128 = 7;

fn everybody() -> Recipients {
    Recipients { coordinator: Some(id(COORDINATOR)), duty_desk: Some(id(DESK)) }
}

fn set_by() -> SetBy {
    SetBy {
        member: "responseTimes.urgent.decide".to_owned(),
        verification: Verification::Proposal,
        source: "invented".to_owned(),
        profile_valid_from: crate::Day::parse("2026-01-01").expect("a day"),
    }
}

fn overdue(kind: DutyKind, urgency: Urgency, rung: u8) -> Deadline {
    let (_, computed_from) = limited(&country_entry(), now(), Span::Hours(4), set_by()).expect("a limit");
    Deadline {
        id: id(400),
        country: country_entry().code,
        duty: Duty {
            kind,
            subject: SubjectKind::Referral,
            subject_id: uuid::Uuid::from_u128(200),
            case: Some(id(100)),
            reference: None,
            urgency,
            owner: id(OWNER),
            professional: None,
            watcher: Some(id(SENDER)),
            answers_to: id(SENDER),
            due_at: now(),
            computed_from,
        },
        rung,
        next_step_at: Some(now()),
        closed: None,
    }
}

/// Rung, whom it tells, and when the next step comes.
fn told(
    deadline: &Deadline,
    country: &CountryEntry,
    to: Recipients,
) -> (u8, Vec<(AgencyId, Role)>, Option<Timestamp>) {
    match step(deadline, country, to, now()) {
        Some(Step::Escalate { rung, told, next_step_at, fact }) => {
            assert_eq!(fact.event, EventType::DeadlineEscalated);
            for agency in told.iter().map(|it| it.agency).chain([id(OWNER), id(SENDER)]) {
                assert!(fact.audience.contains(&agency), "whoever is told can read that it was");
            }
            (rung, told.iter().map(|it| (it.agency, it.role)).collect(), next_step_at)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn r85_refuses_to_let_silence_pass_the_senders_supervisor_is_told_then_the_coordinator_then_it_expires() {
    // Urgent in this profile: to the coordinator after twelve hours, expired twenty hours later.
    let first = told(&overdue(DutyKind::Decide, Urgency::Urgent, 0), &country_entry(), everybody());
    assert_eq!(first, (1, vec![(id(SENDER), Role::Supervisor)], Some(now().plus(Duration::hours(12)))));
    let second = told(&overdue(DutyKind::Decide, Urgency::Urgent, 1), &country_entry(), everybody());
    assert_eq!(second, (2, vec![(id(COORDINATOR), Role::Supervisor)], Some(now().plus(Duration::hours(20)))));
    let third = step(&overdue(DutyKind::Decide, Urgency::Urgent, 2), &country_entry(), everybody(), now());
    assert_eq!(third, Some(Step::Expire));
}

#[test]
fn r85_allows_what_is_not_due_or_is_done() {
    let due = overdue(DutyKind::Decide, Urgency::Urgent, 0);
    let early = now().plus(-Duration::microseconds(1));
    assert_eq!(step(&due, &country_entry(), everybody(), early), None);
    assert!(step(&due, &country_entry(), everybody(), now()).is_some(), "at the instant itself");
    let done = Deadline {
        closed: Some(Closed { at: now(), outcome: Outcome::Fulfilled }),
        ..overdue(DutyKind::Decide, Urgency::Urgent, 0)
    };
    assert_eq!(step(&done, &country_entry(), everybody(), now()), None);
    let ended = Deadline { next_step_at: None, ..overdue(DutyKind::Feedback, Urgency::Urgent, 2) };
    assert_eq!(step(&ended, &country_entry(), everybody(), now()), None);
}

#[test]
fn r85_what_had_passed_before_it_began_is_told_at_once_and_leaves_time_to_answer() {
    let duty = overdue(DutyKind::Decide, Urgency::Urgent, 0).duty;
    assert_eq!(duty.first_step_at(now().plus(-Duration::hours(4))), duty.due_at, "not before it is due");
    let opened = now().plus(Duration::hours(100));
    assert_eq!(duty.first_step_at(opened), opened);
    let late = Deadline { next_step_at: Some(opened), ..overdue(DutyKind::Decide, Urgency::Urgent, 0) };
    match step(&late, &country_entry(), everybody(), opened) {
        Some(Step::Escalate { rung: 1, next_step_at, .. }) => {
            assert_eq!(next_step_at, Some(opened.plus(Duration::hours(12))));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_agency_with_both_roles_is_told_in_each() {
    let deadline = overdue(DutyKind::Acknowledge, Urgency::Immediate, 0);
    let to = Recipients { coordinator: Some(id(COORDINATOR)), duty_desk: Some(id(SENDER)) };
    match step(&deadline, &country_entry(), to, now()) {
        Some(Step::Escalate { told, fact, .. }) => {
            assert_eq!(
                told.iter().map(|it| it.role).collect::<Vec<_>>(),
                [Role::Supervisor, Role::DutyOfficer]
            );
            let named = |role| serde_json::json!({ "agencyId": id::<AgencyId>(SENDER), "role": role });
            let both = serde_json::json!([named("supervisor"), named("duty_officer")]);
            let named_once = fact.audience.iter().filter(|it| **it == id(SENDER)).count();
            assert_eq!(named_once, 1);
            assert_eq!(fact.payload["told"], both);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn danger_is_told_to_the_duty_desk_of_child_protection_as_well() {
    for urgency in Urgency::ALL {
        let (_, told, _) = told(&overdue(DutyKind::Acknowledge, *urgency, 0), &country_entry(), everybody());
        let desk = told.contains(&(id(DESK), Role::DutyOfficer));
        assert_eq!(desk, *urgency == Urgency::Immediate, "{urgency}");
    }
}

#[test]
fn only_what_must_be_answered_expires() {
    for kind in DutyKind::ALL {
        let (_, _, next) = told(&overdue(*kind, Urgency::Urgent, 1), &country_entry(), everybody());
        let expires = matches!(kind, DutyKind::Acknowledge | DutyKind::Decide);
        assert_eq!(next.is_some(), expires, "{kind}");
        assert_eq!(kind.row().expires, expires, "{kind}");
    }
}

#[test]
fn gaps_in_the_data_never_silence_the_ladder() {
    let mut silent = profile();
    silent.response_times.value.clear();
    let country = country_with(silent);
    let (rung, _, next) = told(&overdue(DutyKind::Decide, Urgency::Urgent, 0), &country, everybody());
    assert_eq!((rung, next), (1, Some(now())), "the coordinator is told at once");
    let nobody = Recipients::default();
    let (_, told, _) = told(&overdue(DutyKind::Decide, Urgency::Immediate, 1), &country_entry(), nobody);
    assert_eq!(told, [(id(SENDER), Role::Supervisor)], "the sender rather than nobody");
}

#[test]
fn every_duty_has_its_row_and_every_row_its_duty() {
    let kinds: Vec<_> = DUTIES.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, DutyKind::ALL);
    for kind in DutyKind::ALL {
        let row = kind.row();
        assert_eq!(row.kind, *kind);
        assert!(!row.fulfilled_by.is_empty() || kind.abroad(), "{kind} can be fulfilled");
        for operation in row.fulfilled_by {
            assert!(crate::access::Operation::find(operation).is_some(), "{kind}: {operation}");
        }
    }
}

#[test]
fn where_it_stands_follows_from_its_times() {
    let later = |seconds| now().plus(Duration::seconds(seconds));
    let open = overdue(DutyKind::Decide, Urgency::Urgent, 0);
    assert_eq!(open.state(now()), DeadlineState::Running, "up to the instant");
    assert_eq!(open.state(later(1)), DeadlineState::Overdue);
    let told = overdue(DutyKind::LegalAnswer, Urgency::Urgent, 1);
    assert_eq!(told.state(later(-1)), DeadlineState::Running, "who is reminded before is not late");
    assert_eq!(told.state(now()), DeadlineState::Overdue, "whoever is told at the instant sees why");
    for (outcome, seconds, state) in [
        (Outcome::Fulfilled, 0, DeadlineState::Met),
        (Outcome::Fulfilled, 1, DeadlineState::Late),
        (Outcome::Missed, 1, DeadlineState::Missed),
        (Outcome::Lapsed, -1, DeadlineState::Lapsed),
    ] {
        let closed = Deadline { closed: Some(Closed { at: later(seconds), outcome }), ..open.clone() };
        assert_eq!(closed.state(later(9)), state);
    }
    let mut paused = open;
    paused.duty.due_at = later(60);
    let pause =
        Pause { since: now(), until: later(30), ended: false, due_before: later(30), skipped: Vec::new() };
    paused.duty.computed_from.pauses = vec![pause.clone()];
    assert_eq!(paused.state(later(30)), DeadlineState::Paused);
    assert_eq!(paused.state(later(31)), DeadlineState::Running, "it runs on by itself");
    paused.duty.computed_from.pauses = vec![Pause { ended: true, ..pause }];
    assert_eq!(paused.state(later(1)), DeadlineState::Running);
}

#[test]
fn how_it_was_computed_reads_back_and_can_be_done_again() {
    let from = at("2026-12-23T10:00:00Z");
    let (due, computed) = limited(&country_entry(), from, Span::WorkingDays(2), set_by()).expect("a limit");
    let text = serde_json::to_string(&computed).expect("text");
    assert_eq!(serde_json::from_str::<ComputedFrom>(&text).expect("reads back"), computed);
    let skipped: Vec<_> = computed.skipped.iter().map(|it| it.day.to_string()).collect();
    assert_eq!(skipped, ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27"]);
    let again = WorkingTime::of(computed.country, &computed.time_zone).expect("the calendar");
    assert_eq!(again.limit(computed.started_at, computed.span.expect("a span")).at, due);
    assert_eq!(due, at("2026-12-29T22:00:00Z"), "the end of Tuesday in Tallinn");
}
