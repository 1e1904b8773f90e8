//! How the receiver answers, and what it keeps to see.

use super::*;
use crate::{
    CodeList, Refused, Violation,
    given::{codes, country_with, in_days, profile, rule_codes},
    referrals::{Accept, Decline, Followed, OriginKind, ReferralAct, ReferralSide, Suggestion},
    vocabulary::{DeclineReason, ReferralStatus},
};

fn decline(act: Decline) -> Result<Decided<Referral>, Vec<Violation>> {
    match acknowledged().decline(act, &country_entry(), &receiver(), now()) {
        Ok(decided) => Ok(decided),
        Err(Refused::Broken(all)) => Err(all),
        Err(other) => panic!("{other:?}"),
    }
}

fn no_capacity() -> Decline {
    Decline {
        reason: DeclineReason::NoCapacity,
        explanation: None,
        suggestion: Some(Suggestion::Agency(id(5))),
    }
}

fn accept_some(days: i64, services: Option<Vec<ServiceCode>>) -> Result<Followed, Refused> {
    let act = Accept { worker: "desk 3".to_owned(), first_appointment_on: in_days(days), services };
    let rest = (id(201), crate::Reference::from_entropy([3; 8]));
    acknowledged().accept(act, rest, &country_entry(), &receiver(), now())
}

fn accept(days: i64) -> Result<Decided<Referral>, Refused> {
    accept_some(days, None).map(|it| {
        assert!(it.next.is_none(), "all was accepted");
        it.this
    })
}

#[test]
fn r82_refuses_each_forbidden_ground() {
    let grounds = [
        DeclineReason::Nationality,
        DeclineReason::LegalStatus,
        DeclineReason::NonCooperation,
        DeclineReason::CriminalConduct,
    ];
    for reason in grounds {
        let explanation = Some("explained at length".to_owned());
        let refused = decline(Decline { reason, explanation, ..no_capacity() }).expect_err("refused");
        assert_eq!(rule_codes(&refused), ["R82"], "{reason}");
        assert_eq!(refused.len(), 1, "{reason}: one thing is wrong with it");
    }
}

#[test]
fn r82_refuses_another_reason_without_words_and_a_missing_suggestion() {
    let other = Decline { reason: DeclineReason::Other, ..no_capacity() };
    let refused = decline(other).expect_err("refused");
    assert_eq!((rule_codes(&refused), refused[0].pointer.as_ref()), (vec!["R82"], "/explanation"));
    let alone = Decline { suggestion: None, ..no_capacity() };
    let refused = decline(alone).expect_err("refused");
    assert_eq!((rule_codes(&refused), refused[0].pointer.as_ref()), (vec!["R82"], "/noneKnown"));
}

#[test]
fn r82_allows_every_other_reason_with_any_suggestion() {
    let suggestions =
        [Suggestion::Agency(id(5)), Suggestion::Other("the ward".to_owned()), Suggestion::NoneKnown];
    for reason in DeclineReason::ALL.iter().filter(|it| !it.forbidden()) {
        for suggestion in suggestions.clone() {
            let explanation = (*reason == DeclineReason::Other).then(|| "explained".to_owned());
            let act = Decline { reason: *reason, explanation, suggestion: Some(suggestion) };
            let declined = decline(act.clone()).expect("lawful");
            assert_eq!(declined.value.file.decline, Some(act));
        }
    }
}

/// Acknowledged by a Barnahus in a country whose profile obliges these types of agencies.
fn obliged(types: Vec<AgencyType>) -> Referral {
    let mut strict = profile();
    strict.must_accept.value = types;
    let draft = draft(AgencyType::Barnahus);
    let sent = draft.send(
        lawful_send(),
        (&case(), &child(), &Relation::Lead),
        &country_with(strict),
        &sender(),
        now(),
    );
    sent.expect("lawful").value.acknowledge(&receiver(), now()).expect("lawful").value
}

#[test]
fn r84_refuses_when_the_profile_obliges_the_type_of_agency() {
    let strict = obliged(vec![AgencyType::ChildProtection, AgencyType::Barnahus]);
    let refused = strict.decline(no_capacity(), &country_entry(), &receiver(), now()).expect_err("refused");
    assert_eq!(rule_codes(refused.violations()), ["R84"], "as the profile had it at sending");
    let (allowed, blocked) = strict.actions(&receiver());
    assert!(allowed.iter().all(|it| it.act != ReferralAct::Decline), "it is not offered");
    assert!(allowed.iter().any(|it| it.act == ReferralAct::ProposeReroute), "the way out is");
    let why = blocked.iter().find(|it| it.act == ReferralAct::Decline).expect("explained");
    assert_eq!(rule_codes(why.refused.violations()), ["R84"]);
}

#[test]
fn r84_allows_when_the_profile_obliges_others_only() {
    let free = obliged(vec![AgencyType::ChildProtection]);
    assert!(free.decline(no_capacity(), &country_entry(), &receiver(), now()).is_ok());
}

#[test]
fn r85_warns_of_a_first_appointment_one_day_too_late() {
    // Urgent in this profile: first contact within two days.
    let late = accept(3).expect("a warning only");
    assert_eq!(rule_codes(&late.warnings), ["R85"]);
    assert_eq!(late.value.file.acceptance.expect("accepted").first_appointment_on, in_days(3));
}

#[test]
fn r85_allows_silently_up_to_the_last_day() {
    for days in 0..=2 {
        assert!(accept(days).expect("in time").warnings.is_empty(), "in {days} days");
    }
}

#[test]
fn an_appointment_is_not_in_the_past() {
    assert_eq!(codes(accept(-1).expect_err("refused").violations()), ["in_the_past"]);
}

#[test]
fn a_receiver_that_declined_keeps_its_answer_and_nothing_else() {
    let open = acknowledged();
    assert!(open.content_open_to(ReferralSide::Receiver));
    let declined = decline(no_capacity()).expect("lawful").value;
    assert_eq!(declined.side(&receiver()), Some(ReferralSide::Receiver), "its own answer stays visible");
    assert!(!declined.content_open_to(ReferralSide::Receiver));
    assert!(declined.content_open_to(ReferralSide::Sender));
    let act = crate::referrals::Cancel { reason: "moved".to_owned() };
    let cancelled = open.cancel(act, &sender(), now()).expect("lawful").value;
    assert!(!cancelled.content_open_to(ReferralSide::Receiver));
}

#[test]
fn receipt_says_whether_it_was_on_time() {
    let sent = sent_to(AgencyType::Barnahus, Urgency::Urgent, now()).value;
    let due = sent.sent.expect("sent").acknowledge_by;
    for (at, on_time) in [(due, true), (due.plus(time::Duration::microseconds(1)), false)] {
        let fact = sent.acknowledge(&receiver(), at).expect("lawful").facts.remove(0);
        assert_eq!(fact.payload, serde_json::json!({ "onTime": on_time }));
    }
}

#[test]
fn what_is_not_accepted_becomes_a_draft_of_the_sender_with_the_same_clock() {
    let part = accept_some(1, Some(vec![ServiceCode::CrisisPsychological])).expect("in part");
    let rest = part.next.expect("the rest").value;
    assert_eq!(rest.services, [ServiceCode::Dental]);
    assert_eq!((rest.status, rest.from, rest.to), (ReferralStatus::Draft, id(SENDER), None));
    let origin = rest.origin.expect("it follows");
    assert_eq!((origin.kind, origin.clock, origin.reroutes), (OriginKind::Rest, now(), 0));
    assert_eq!(part.this.value.file.followed_by, [rest.id]);
    assert!(rest.file.package.is_none(), "nothing of what was disclosed is in it");
    let whole = accept_some(1, Some(vec![ServiceCode::Dental, ServiceCode::CrisisPsychological]));
    assert!(whole.expect("all of it").next.is_none());
}

#[test]
fn what_was_not_asked_cannot_be_accepted_and_nothing_is_no_part() {
    let other = accept_some(1, Some(vec![ServiceCode::Schooling])).expect_err("refused");
    assert_eq!(codes(other.violations()), ["not_asked_for"]);
    assert_eq!(
        codes(accept_some(1, Some(Vec::new())).expect_err("refused").violations()),
        ["nothing_accepted"]
    );
}
