//! How the receiver answers, and what it keeps to see.

use super::*;
use crate::{
    CodeList, Refused, Violation,
    directory::Profile,
    given::{child, codes, in_days, profile, rule_codes},
    referrals::{Accept, Decline, ReferralSide, Suggestion},
    vocabulary::DeclineReason,
};

fn acknowledged() -> Referral {
    let sent = draft(AgencyType::Barnahus).send(
        lawful_send(),
        (&child(), &Relation::Lead),
        &profile(),
        &sender(),
        now(),
    );
    sent.expect("lawful").value.acknowledge(&receiver(), now()).expect("lawful").value
}

fn decline(act: Decline, profile: &Profile) -> Result<Decided<Referral>, Vec<Violation>> {
    match acknowledged().decline(act, profile, &receiver(), now()) {
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

fn accept(days: i64) -> Result<Decided<Referral>, Refused> {
    let act = Accept { worker: "desk 3".to_owned(), first_appointment_on: in_days(days) };
    acknowledged().accept(act, &receiver(), now())
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
        let refused =
            decline(Decline { reason, explanation, ..no_capacity() }, &profile()).expect_err("refused");
        assert_eq!(rule_codes(&refused), ["R82"], "{reason}");
        assert_eq!(refused.len(), 1, "{reason}: one thing is wrong with it");
    }
}

#[test]
fn r82_refuses_another_reason_without_words_and_a_missing_suggestion() {
    let other = Decline { reason: DeclineReason::Other, ..no_capacity() };
    let refused = decline(other, &profile()).expect_err("refused");
    assert_eq!((rule_codes(&refused), refused[0].pointer.as_ref()), (vec!["R82"], "/explanation"));
    let alone = Decline { suggestion: None, ..no_capacity() };
    let refused = decline(alone, &profile()).expect_err("refused");
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
            let declined = decline(act.clone(), &profile()).expect("lawful");
            assert_eq!(declined.value.file.decline, Some(act));
        }
    }
}

#[test]
fn r84_refuses_when_the_profile_obliges_the_type_of_agency() {
    let mut strict = profile();
    strict.must_accept.value = vec![AgencyType::ChildProtection, AgencyType::Barnahus];
    assert_eq!(rule_codes(&decline(no_capacity(), &strict).expect_err("refused")), ["R84"]);
}

#[test]
fn r84_allows_when_the_profile_obliges_others_only() {
    let mut other = profile();
    other.must_accept.value = vec![AgencyType::ChildProtection];
    assert!(decline(no_capacity(), &other).is_ok());
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
    let declined = decline(no_capacity(), &profile()).expect("lawful").value;
    assert_eq!(declined.side(&receiver()), Some(ReferralSide::Receiver), "its own answer stays visible");
    assert!(!declined.content_open_to(ReferralSide::Receiver));
    assert!(declined.content_open_to(ReferralSide::Sender));
    let act = crate::referrals::Cancel { reason: "moved".to_owned() };
    let cancelled = open.cancel(act, &sender(), now()).expect("lawful").value;
    assert!(!cancelled.content_open_to(ReferralSide::Receiver));
}

#[test]
fn receipt_says_whether_it_was_on_time() {
    let sent = draft(AgencyType::Barnahus)
        .send(lawful_send(), (&child(), &Relation::Lead), &profile(), &sender(), now())
        .expect("lawful")
        .value;
    let due = sent.sent.expect("sent").acknowledge_by;
    for (at, on_time) in [(due, true), (due.plus(time::Duration::microseconds(1)), false)] {
        let fact = sent.acknowledge(&receiver(), at).expect("lawful").facts.remove(0);
        assert_eq!(fact.payload, serde_json::json!({ "onTime": on_time }));
    }
}
