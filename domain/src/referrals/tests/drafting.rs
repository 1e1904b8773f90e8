//! Whom a draft asks, for what, and what the sender is warned of.

use super::*;
use crate::{
    BirthDate, Refused, Violation,
    cases::Identity,
    directory::{Agency, Service},
    given::{codes, country, rule_codes},
    referrals::Amend,
    text::Language,
    vocabulary::{ReferralStatus, Sex},
};

fn warned(
    new: Draft,
    agency: &Agency,
    (chosen, offered): (Option<&Service>, &[Service]),
    child: &Identity,
    ongoing: &[Ongoing],
) -> Vec<Violation> {
    let fit = Fit { agency, chosen, offered, child };
    let drafted = Referral::draft(new, (&case(), &Relation::Lead), Some(&fit), ongoing, &sender(), now());
    drafted.expect("a warning only").warnings
}

fn language(code: &str) -> Vec<Language> {
    vec![Language::parse(code).expect("a language")]
}

#[test]
fn a_service_that_does_not_fit_warns_and_does_not_refuse() {
    let barnahus = agency(RECEIVER, AgencyType::Barnahus);
    let service = Service {
        id: id(77),
        agency: id(RECEIVER),
        country: sender().country,
        service: ServiceCode::CrisisPsychological,
        name: "crisis support".to_owned(),
        min_age: 6,
        max_age: 12,
        sexes: vec![Sex::Female],
        languages: language("et"),
        capacity: Some(0),
        capacity_as_of: Some(now()),
        active: true,
        version: crate::Version::FIRST,
    };
    let boy = Identity {
        sex: Some(Sex::Male),
        birth_date: BirthDate::parse("2010-01-01"),
        languages: language("uk"),
        ..Identity::default()
    };
    let offered = std::slice::from_ref(&service);
    let found = warned(new(Urgency::Urgent), &barnahus, (Some(&service), offered), &boy, &[]);
    assert_eq!(
        codes(&found),
        ["service_not_offered", "service_misfit", "service_misfit", "service_misfit", "service_misfit"]
    );
    let girl = Identity {
        sex: Some(Sex::Female),
        birth_date: BirthDate::parse("2018-01-01"),
        languages: language("et"),
        ..Identity::default()
    };
    let free = Service { capacity: Some(1), ..service };
    let asked = Draft { services: vec![ServiceCode::CrisisPsychological], ..new(Urgency::Urgent) };
    let offered = std::slice::from_ref(&free);
    assert!(warned(asked, &barnahus, (Some(&free), offered), &girl, &[]).is_empty());
}

#[test]
fn only_whose_case_it_is_refers_the_child() {
    let draft = |relation: &Relation| {
        Referral::draft(new(Urgency::Urgent), (&case(), relation), None, &[], &sender(), now())
    };
    assert!(draft(&Relation::Lead).is_ok() && draft(&Relation::Opener).is_ok());
    assert!(matches!(draft(&Relation::Granted(vec![DataClass::D1Identity])), Err(Refused::NotYours(_))));
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

#[test]
fn r109_warns_when_danger_is_sent_where_no_desk_is_on_duty() {
    let silent = agency(RECEIVER, AgencyType::Shelter);
    let asked = Draft { services: Vec::new(), ..new(Urgency::Immediate) };
    let found = warned(asked, &silent, (None, &[]), &child().identity, &[]);
    assert_eq!(rule_codes(&found), ["R109"]);
}

#[test]
fn r109_allows_a_desk_on_duty_and_any_lesser_urgency() {
    let desk =
        Agency { duty_phone: Some("+372 000 0001".to_owned()), ..agency(RECEIVER, AgencyType::Shelter) };
    let silent = agency(RECEIVER, AgencyType::Shelter);
    for (to, urgency) in
        [(&desk, Urgency::Immediate), (&silent, Urgency::Urgent), (&silent, Urgency::Standard)]
    {
        let asked = Draft { services: Vec::new(), ..new(urgency) };
        assert!(warned(asked, to, (None, &[]), &child().identity, &[]).is_empty(), "{urgency}");
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
    let child = child();
    let fit = Fit { agency: &asleep, chosen: None, offered: &[], child: &child.identity };
    let asked = Draft { services: Vec::new(), ..new(Urgency::Urgent) };
    let refused = Referral::draft(asked, (&case(), &Relation::Lead), Some(&fit), &[], &sender(), now());
    assert_eq!(codes(refused.expect_err("refused").violations()), ["refers_to_itself", "agency_inactive"]);
    assert_eq!(asleep.country, country("EE"));
}
