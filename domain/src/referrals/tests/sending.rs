//! What is disclosed, on what basis, with which view of the child.

use super::*;
use crate::{
    CodeList, Refused, Violation,
    access::receiving_ceiling,
    events::EventType,
    given::{at, child, codes, country_with, in_days, profile, rule_codes},
    referrals::{ReferralSide, Sent},
    vocabulary::{ReferralStatus, ViewMissingReason},
};

fn send(act: Send) -> Result<Decided<Referral>, Vec<Violation>> {
    send_to(AgencyType::Barnahus, act)
}

fn send_to(to_type: AgencyType, act: Send) -> Result<Decided<Referral>, Vec<Violation>> {
    match draft(to_type).send(act, (&case(), &child(), &Relation::Lead), &country_entry(), &sender(), now()) {
        Ok(decided) => Ok(decided),
        Err(Refused::Broken(all)) => Err(all),
        Err(other) => panic!("{other:?}"),
    }
}

fn with_view(view: Option<ChildView>) -> Send {
    Send { child_view: view, ..lawful_send() }
}

fn missing(reason: ViewMissingReason, days: Option<i64>) -> Send {
    with_view(Some(ChildView::Missing { reason, ask_again_on: days.map(in_days) }))
}

fn recorded(status: ViewStatus, summary: Option<&str>) -> Send {
    let view = View { status, summary: summary.map(str::to_owned), ..expressed() };
    with_view(Some(ChildView::Recorded(view)))
}

fn disclosing(disclosures: Vec<Disclosure>) -> Send {
    Send { disclosures, ..lawful_send() }
}

/// A basis that carries the class, if any does.
fn fitting_basis(class: DataClass) -> LawfulBasis {
    match class {
        DataClass::D4ExploitationNarrative | DataClass::D7Health | DataClass::D8TherapyNotes => {
            LawfulBasis::Gdpr9HealthSocial
        }
        DataClass::D11AllegedOffenders => LawfulBasis::Gdpr10OfficialAuthority,
        _ => LawfulBasis::Gdpr6PublicTask,
    }
}

#[test]
fn r24_refuses_without_a_view_or_a_reason_with_a_day() {
    let silent = send(with_view(None)).expect_err("refused");
    assert_eq!(rule_codes(&silent), ["R24"]);
    for reason in ViewMissingReason::ALL {
        for days in [None, Some(-1), Some(-30)] {
            let refused = send(missing(*reason, days)).expect_err("refused");
            assert_eq!(rule_codes(&refused), ["R24"], "{reason} {days:?}");
        }
    }
}

#[test]
fn r24_refuses_a_view_that_is_not_there() {
    for status in [ViewStatus::Expressed, ViewStatus::PartlyExpressed] {
        let refused = send(recorded(status, None)).expect_err("expressed and not written down");
        assert_eq!(rule_codes(&refused), ["R24"], "{status}");
    }
    for status in [ViewStatus::NotYetAsked, ViewStatus::AskedLater] {
        let refused = send(recorded(status, Some("words"))).expect_err("nobody asked");
        assert_eq!(rule_codes(&refused), ["R24"], "{status}");
    }
}

#[test]
fn r24_allows_a_view_or_each_reason_with_a_day_from_today() {
    for reason in ViewMissingReason::ALL {
        for days in [0, 1, 7] {
            let sent = send(missing(*reason, Some(days))).expect("lawful");
            assert!(sent.warnings.is_empty(), "{reason} in {days} days");
        }
    }
    for status in [ViewStatus::Expressed, ViewStatus::PartlyExpressed] {
        assert!(send(recorded(status, Some("words"))).expect("lawful").warnings.is_empty(), "{status}");
    }
    for status in [ViewStatus::DeclinedToExpress, ViewStatus::Unable] {
        assert!(send(recorded(status, None)).is_ok(), "{status} needs no words");
    }
}

#[test]
fn r24_warns_of_a_day_beyond_the_national_profile() {
    let late = send(missing(ViewMissingReason::UrgentDanger, Some(8))).expect("a warning only");
    assert_eq!(rule_codes(&late.warnings), ["R24"]);
}

#[test]
fn r25_warns_when_it_is_not_said_how_the_view_was_weighed() {
    let view = View { weight_given: None, ..expressed() };
    let sent = send(with_view(Some(ChildView::Recorded(view)))).expect("a warning only");
    assert_eq!(rule_codes(&sent.warnings), ["R25"]);
}

#[test]
fn r25_allows_a_weighed_view_and_asks_nothing_where_none_was_expressed() {
    assert!(send(lawful_send()).expect("lawful").warnings.is_empty());
    let view = View { status: ViewStatus::Unable, weight_given: None, summary: None, ..expressed() };
    assert!(send(with_view(Some(ChildView::Recorded(view)))).expect("lawful").warnings.is_empty());
}

#[test]
fn r26_warns_when_the_child_was_not_told() {
    let sent = send(Send { child_informed: false, ..lawful_send() }).expect("a warning only");
    assert_eq!(rule_codes(&sent.warnings), ["R26"]);
}

#[test]
fn r26_allows_silently_when_the_child_was_told() {
    assert!(send(lawful_send()).expect("lawful").warnings.is_empty());
}

#[test]
fn r75_allows_every_class_within_the_ceiling_and_refuses_every_other() {
    for to_type in AgencyType::ALL {
        for class in DataClass::ALL {
            let answer = send_to(*to_type, disclosing(vec![disclosure(*class, fitting_basis(*class))]));
            if receiving_ceiling(*to_type).contains(class) {
                let disclosed = answer.expect("within the ceiling").value.disclosed();
                assert_eq!(disclosed, [*class], "{to_type} {class}");
            } else {
                let refused = answer.expect_err("beyond the ceiling");
                assert_eq!(rule_codes(&refused), ["R75"], "{to_type} {class}");
            }
        }
    }
}

#[test]
fn r75_refuses_the_whole_when_one_class_is_too_much() {
    let health = disclosure(DataClass::D7Health, LawfulBasis::Gdpr9HealthSocial);
    let metadata = disclosure(DataClass::D15ReferralMetadata, LawfulBasis::Gdpr6PublicTask);
    let refused =
        send_to(AgencyType::Education, disclosing(vec![metadata, health])).expect_err("to a school");
    assert_eq!(rule_codes(&refused), ["R75"]);
}

/// For each basis, whether it carries D1 to D16: special categories (GDPR Art. 9, LED Art. 10) and offence data (GDPR
/// Art. 10, LED Art. 8) need one of their own, and consent alone carries nothing.
const BASES: &str = "
    gdpr_6_1_c_legal_obligation               + + + - + + - - + + - + + + + +
    gdpr_6_1_d_vital                          + + + - + + - - + + - + + + + +
    gdpr_6_1_e_public_task                    + + + - + + - - + + - + + + + +
    gdpr_9_2_c_vital                          + + + + + + + + + + - + + + + +
    gdpr_9_2_f_legal_claims                   + + + + + + + + + + - + + + + +
    gdpr_9_2_g_substantial_public_interest    + + + + + + + + + + - + + + + +
    gdpr_9_2_h_health_social                  + + + + + + + + + + - + + + + +
    gdpr_10_official_authority                + + + - + + - - + + + + + + + +
    led_8_competent_authority_task            + + + - + + - - + + + + + + + +
    led_10_special_categories                 + + + + + + + + + + - + + + + +
    h96_or_biib_cooperation                   + + + - + + - - + + - + + + + +
    gdpr_49_1_d_public_interest_transfer      + + + - + + - - + + - + + + + +
    gdpr_49_1_f_vital_transfer                + + + - + + - - + + - + + + + +
    consent_special_case                      - - - - - - - - - - - - - - - -
";

#[test]
fn a_basis_carries_exactly_what_the_table_says() {
    let mut seen = 0;
    for line in BASES.lines().filter(|it| !it.trim().is_empty()) {
        let mut words = line.split_whitespace();
        let basis = words.next().and_then(LawfulBasis::parse).expect("a basis");
        let letters: Vec<_> = words.collect();
        assert_eq!(letters.len(), DataClass::ALL.len(), "{basis}");
        for (class, letter) in DataClass::ALL.iter().zip(letters) {
            assert_eq!(basis.carries(*class), letter == "+", "{basis} {class}");
            seen += 1;
            if receiving_ceiling(AgencyType::ChildProtection).contains(class) {
                let act = disclosing(vec![disclosure(*class, basis)]);
                match send_to(AgencyType::ChildProtection, act) {
                    Ok(_) => assert_eq!(letter, "+", "{basis} {class}"),
                    Err(all) => {
                        assert_eq!(codes(&all), ["lawful_basis_missing"], "{basis} {class}");
                        assert_eq!(letter, "-", "{basis} {class}");
                    }
                }
            }
        }
    }
    assert_eq!(seen, LawfulBasis::ALL.len() * DataClass::ALL.len());
}

#[test]
fn one_basis_that_carries_is_enough_and_none_is_too_few() {
    let class = DataClass::D7Health;
    let both = Disclosure {
        data_class: class,
        lawful_bases: vec![LawfulBasis::Gdpr6Vital, LawfulBasis::Gdpr9Vital],
    };
    assert!(send(disclosing(vec![both])).is_ok());
    let none = Disclosure { data_class: DataClass::D1Identity, lawful_bases: Vec::new() };
    assert_eq!(codes(&send(disclosing(vec![none])).expect_err("refused")), ["lawful_basis_missing"]);
}

#[test]
fn something_is_disclosed_and_nothing_twice() {
    assert_eq!(codes(&send(disclosing(Vec::new())).expect_err("refused")), ["nothing_disclosed"]);
    let it = disclosure(DataClass::D1Identity, LawfulBasis::Gdpr6Vital);
    let twice = send(disclosing(vec![it.clone(), it])).expect_err("refused");
    assert_eq!(codes(&twice), ["class_listed_twice", "class_listed_twice"]);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let act = Send {
        disclosures: vec![disclosure(DataClass::D8TherapyNotes, LawfulBasis::ConsentSpecialCase)],
        child_view: None,
        ..lawful_send()
    };
    let refused = send(act).expect_err("refused");
    assert_eq!(codes(&refused), ["views_or_reason", "data_class_excess", "lawful_basis_missing"]);
}

#[test]
fn the_package_holds_what_is_disclosed_and_nothing_else() {
    for (class, identity, whereabouts) in [
        (DataClass::D1Identity, true, false),
        (DataClass::D2Whereabouts, false, true),
        (DataClass::D15ReferralMetadata, false, false),
    ] {
        let act = disclosing(vec![disclosure(class, LawfulBasis::Gdpr6PublicTask)]);
        let package = send(act).expect("lawful").value.file.package.expect("a package");
        assert_eq!(package.child.identity, identity.then(|| child().identity), "{class}");
        assert_eq!(package.child.whereabouts, whereabouts.then(|| child().whereabouts), "{class}");
    }
}

#[test]
fn the_times_to_answer_are_those_of_the_profile() {
    let sent = send(lawful_send()).expect("lawful").value.sent;
    let expected = Sent {
        at: now(),
        acknowledge_by: at("2026-11-24T12:30:00Z"),
        decide_by: at("2026-11-25T00:30:00Z"),
        first_contact_by: at("2026-11-26T08:30:00Z"),
    };
    assert_eq!(sent, Some(expected));
    let mut silent = profile();
    silent.response_times.value.clear();
    let refused = draft(AgencyType::Barnahus).send(
        lawful_send(),
        (&case(), &child(), &Relation::Lead),
        &country_with(silent),
        &sender(),
        now(),
    );
    assert_eq!(codes(refused.expect_err("refused").violations()), ["no_response_time"]);
}

#[test]
fn a_draft_is_invisible_to_the_receiver_until_it_is_sent() {
    let drafted = draft_at(AgencyType::Barnahus, Urgency::Urgent, now());
    assert_eq!(drafted.facts.len(), 1);
    assert_eq!(drafted.facts[0].event, EventType::ReferralDrafted);
    assert_eq!(drafted.facts[0].audience, [id(SENDER)]);
    let draft = drafted.value;
    assert_eq!((draft.status, draft.version.0), (ReferralStatus::Draft, 1));
    assert_eq!(draft.side(&receiver()), None);
    assert_eq!(draft.side(&sender()), Some(ReferralSide::Sender));
    let (offered, _) = draft.actions(&receiver());
    assert!(offered.is_empty(), "{offered:?}");
    let sent = draft
        .send(lawful_send(), (&case(), &child(), &Relation::Lead), &country_entry(), &sender(), now())
        .expect("lawful")
        .value;
    assert_eq!(sent.side(&receiver()), Some(ReferralSide::Receiver));
}

#[test]
fn a_draft_that_was_cancelled_was_never_the_receivers() {
    let act = crate::referrals::Cancel { reason: "found at home".to_owned() };
    let cancelled = draft(AgencyType::Barnahus).cancel(act, &sender(), now()).expect("lawful");
    assert_eq!(cancelled.facts[0].audience, [id(SENDER)]);
    assert_eq!(cancelled.value.side(&receiver()), None);
}

#[test]
fn nobody_discloses_what_is_not_its_own_to_read() {
    let investigator = || Caller { role: Some(crate::vocabulary::Role::Investigator), ..sender() };
    let whereabouts = disclosing(vec![disclosure(DataClass::D2Whereabouts, LawfulBasis::Gdpr6PublicTask)]);
    let to_shelter = draft(AgencyType::Shelter);
    let lead = Relation::Lead;
    let refused = to_shelter.send(
        whereabouts.clone(),
        (&case(), &child(), &lead),
        &country_entry(),
        &investigator(),
        now(),
    );
    assert_eq!(codes(refused.expect_err("refused").violations()), ["class_not_yours"]);
    assert!(
        to_shelter.send(whereabouts, (&case(), &child(), &lead), &country_entry(), &sender(), now()).is_ok()
    );
}

#[test]
fn a_summary_travels_as_a_summary() {
    let worker = Caller { role: Some(crate::vocabulary::Role::ShelterWorker), ..sender() };
    let act = disclosing(vec![disclosure(DataClass::D1Identity, LawfulBasis::Gdpr6PublicTask)]);
    let sent = draft(AgencyType::Barnahus).send(
        act,
        (&case(), &child(), &Relation::Lead),
        &country_entry(),
        &worker,
        now(),
    );
    let package = sent.expect("lawful").value.file.package.expect("a package");
    let identity = package.child.identity.expect("an identity");
    assert_eq!((identity.name, identity.birth_date.and_then(|it| it.month)), (None, None));
    assert_eq!(package.child.whereabouts, None);
}

#[test]
fn what_was_prepared_is_what_is_previewed_and_what_is_sent() {
    let draft = draft(AgencyType::Barnahus);
    let of = (&case(), &child(), &Relation::Lead);
    let empty = draft.preview(of, &country_entry(), &sender(), now()).expect_err("nothing prepared");
    assert_eq!(codes(empty.violations()), ["not_prepared"]);
    let class = disclosure(DataClass::D1Identity, LawfulBasis::Gdpr6PublicTask);
    let act = crate::referrals::Amend {
        prepared: Some(disclosing(vec![class.clone()])),
        ..crate::referrals::Amend::default()
    };
    let prepared = draft.amend(act, None, &sender(), now()).expect("lawful").value;
    let seen = prepared.preview(of, &country_entry(), &sender(), now()).expect("lawful").value;
    let sent = prepared.send(disclosing(vec![class]), of, &country_entry(), &sender(), now());
    let sent = sent.expect("lawful").value;
    assert_eq!(sent, seen);
    assert!(sent.file.prepared.is_none() && sent.file.package.is_some());
}

#[test]
fn nobody_is_asked_to_nobody() {
    let nobody = Referral { to: None, ..draft(AgencyType::Barnahus) };
    let of = (&case(), &child(), &Relation::Lead);
    let refused = nobody.send(lawful_send(), of, &country_entry(), &sender(), now()).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["no_receiver"]);
}
