//! Whom a draft asks, for what, and what the sender is warned of.

use super::*;
use crate::{
    BirthDate, CodeList as _, Refused, Violation,
    cases::Identity,
    directory::{Hours, Phone, Service, Shift, TimeOfDay, Weekday},
    given::{codes, country, language, rule_codes, service},
    referrals::Amend,
    vocabulary::{ReferralStatus, Sex},
};

fn warned(
    new: Draft,
    agency: &Agency,
    (chosen, offered): (Option<&Service>, &[Service]),
    child: &Identity,
) -> Vec<Violation> {
    let need = Need::of_child(child, &new.services, new.urgency, None, now());
    let fit = Fit { chosen, offered, ..fit_of(agency, &need, now()) };
    let drafted = Referral::draft(new, (&case(), &Relation::Lead), Some(&fit), &[], &sender(), now());
    drafted.expect("a warning only").warnings
}

#[test]
fn a_service_that_does_not_fit_warns_and_does_not_refuse() {
    let to = agency(RECEIVER, AgencyType::HealthMental);
    let mut therapy = service(77, RECEIVER, ServiceCode::TraumaTherapy);
    therapy.entry.min_age = 6;
    therapy.entry.max_age = 12;
    therapy.entry.sexes = vec![Sex::Female];
    therapy.entry.capacity = Some(0);
    let boy = Identity {
        sex: Some(Sex::Male),
        birth_date: BirthDate::parse("2010-01-01"),
        languages: vec![language("uk")],
        ..Identity::default()
    };
    let girl = Identity {
        sex: Some(Sex::Female),
        birth_date: BirthDate::parse("2018-01-01"),
        languages: vec![language("et")],
        ..Identity::default()
    };
    let asked = |services: &[ServiceCode]| Draft { services: services.to_vec(), ..new(Urgency::Urgent) };
    let misfits = ["age_not_taken", "sex_not_taken", "no_free_place", "no_common_language"];
    for chosen in [true, false] {
        let offered = std::slice::from_ref(&therapy);
        let both = asked(&[ServiceCode::TraumaTherapy, ServiceCode::Dental]);
        let found = codes(&warned(both, &to, (chosen.then_some(&therapy), offered), &boy));
        let (missing, rest): (Vec<_>, Vec<_>) = found.iter().partition(|it| **it == "service_not_offered");
        assert_eq!((missing.len(), rest), (1, misfits.iter().collect()));
    }
    therapy.entry.capacity = Some(1);
    for chosen in [true, false] {
        let offered = std::slice::from_ref(&therapy);
        let one = asked(&[ServiceCode::TraumaTherapy]);
        assert_eq!(warned(one, &to, (chosen.then_some(&therapy), offered), &girl), []);
    }
}

#[test]
fn only_whose_case_it_is_refers_the_child() {
    let draft = |relation: &Relation| {
        Referral::draft(new(Urgency::Urgent), (&case(), relation), None, &[], &sender(), now())
    };
    assert!(draft(&Relation::Lead).is_ok() && draft(&Relation::Opener).is_ok());
    assert!(matches!(draft(&Relation::from(vec![DataClass::D1Identity])), Err(Refused::NotYours(_))));
}

fn ongoing(services: Vec<ServiceCode>, reason: ReferralReason) -> Vec<Ongoing> {
    vec![Ongoing { id: id(250), reasons: vec![reason], services }]
}

#[test]
fn r108_warns_when_the_child_is_referred_for_the_same_need() {
    for other in [
        ongoing(vec![ServiceCode::Dental], ReferralReason::MedicalUrgent),
        ongoing(Vec::new(), ReferralReason::ForensicInterview),
    ] {
        let drafted =
            Referral::draft(new(Urgency::Urgent), (&case(), &Relation::Lead), None, &other, &sender(), now());
        assert_eq!(rule_codes(&drafted.expect("a warning only").warnings), ["R108"]);
    }
}

#[test]
fn r108_allows_another_need_silently() {
    for other in [
        Vec::new(),
        ongoing(vec![ServiceCode::Schooling], ReferralReason::ForensicInterview),
        ongoing(Vec::new(), ReferralReason::Education),
    ] {
        let drafted =
            Referral::draft(new(Urgency::Urgent), (&case(), &Relation::Lead), None, &other, &sender(), now());
        assert!(drafted.expect("lawful").warnings.is_empty());
    }
}

/// An agency whose duty desk is on duty around the clock, or that has none.
fn with_desk(desk: bool) -> Agency {
    let always = Weekday::ALL.iter().map(|weekday| Shift {
        hours: Hours {
            weekday: *weekday,
            from: TimeOfDay::parse("00:00").expect("a time"),
            to: TimeOfDay::parse("00:00").expect("a time"),
        },
        phone: Phone::parse("+372 000 0001").expect("a number"),
        function: serde_json::from_str("\"duty desk\"").expect("a line"),
    });
    let duty_roster = if desk { always.collect() } else { Vec::new() };
    Agency { duty_roster, ..agency(RECEIVER, AgencyType::Shelter) }
}

#[test]
fn r109_warns_when_danger_is_sent_where_no_desk_is_on_duty() {
    let shelter = service(77, RECEIVER, ServiceCode::SafeAccommodation);
    for (services, offered) in
        [(Vec::new(), &[][..]), (vec![ServiceCode::SafeAccommodation], std::slice::from_ref(&shelter))]
    {
        let asked = Draft { services, ..new(Urgency::Immediate) };
        let found = warned(asked, &with_desk(false), (None, offered), &child().identity);
        assert_eq!(rule_codes(&found), ["R109"]);
    }
}

#[test]
fn r109_allows_a_desk_on_duty_and_any_lesser_urgency() {
    for (desk, urgency) in [(true, Urgency::Immediate), (false, Urgency::Urgent), (false, Urgency::Standard)]
    {
        let asked = Draft { services: Vec::new(), ..new(urgency) };
        let found = warned(asked, &with_desk(desk), (None, &[]), &child().identity);
        assert_eq!(rule_codes(&found), [""; 0], "{urgency}");
    }
}

#[test]
fn a_draft_is_changed_by_its_sender_until_it_is_sent() {
    let draft = draft(AgencyType::Barnahus);
    let change = Amend { urgency: Some(Urgency::Priority), ..Amend::default() };
    let changed = draft.amend(change.clone(), None, &sender(), now()).expect("lawful").value;
    assert_eq!((changed.urgency, changed.version.0), (Urgency::Priority, 2));
    assert_eq!(changed.status, ReferralStatus::Draft);
    assert!(matches!(draft.amend(change.clone(), None, &receiver(), now()), Err(Refused::NotYours(_))));
    let sent = sent_to(AgencyType::Barnahus, Urgency::Urgent, now()).value;
    assert!(matches!(sent.amend(change, None, &sender(), now()), Err(Refused::WrongState(_))));
}

#[test]
fn nobody_refers_to_itself_or_to_who_takes_no_part() {
    let asleep = Agency { active: false, ..agency(SENDER, AgencyType::Police) };
    let asked = Draft { services: Vec::new(), ..new(Urgency::Urgent) };
    let need = Need::of_child(&child().identity, &[], Urgency::Urgent, None, now());
    let fit = fit_of(&asleep, &need, now());
    let refused = Referral::draft(asked, (&case(), &Relation::Lead), Some(&fit), &[], &sender(), now());
    assert_eq!(codes(refused.expect_err("refused").violations()), ["refers_to_itself", "agency_inactive"]);
    assert_eq!(asleep.country, country("EE"));
}

#[test]
fn who_cannot_answer_is_warned_of_and_nobody_else() {
    use crate::CodeList as _;
    for agency_type in AgencyType::ALL {
        let named = Agency { active: true, ..agency(RECEIVER, *agency_type) };
        let need = Need::of_child(&child().identity, &[], Urgency::Urgent, None, now());
        let asked = Draft { services: Vec::new(), ..new(Urgency::Urgent) };
        let fit = fit_of(&named, &need, now());
        let drafted = Referral::draft(asked, (&case(), &Relation::Lead), Some(&fit), &[], &sender(), now());
        let warned = codes(&drafted.expect("drafted").warnings).contains(&"takes_no_referrals");
        assert_eq!(warned, !named.takes_referrals(), "{agency_type}");
    }
}
