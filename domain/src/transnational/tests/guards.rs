//! Every rule that a request between countries knows: what it lets pass and what it does not.

use super::*;
use crate::{
    deadlines::{Change, DutyKind, Outcome},
    referrals::View,
    vocabulary::{TransnationalDeclineReason as Why, ViewStatus},
};

/// Submitting what was prepared otherwise.
fn submitted(kind: T, change: impl Fn(&mut Prepared)) -> Result<crate::Decided<Request>, Refused> {
    let mut draft = drafted(kind, Urgency::Urgent);
    change(&mut draft.prepared);
    draft.prepared.previewed = draft.prepared.package.as_ref().map(Package::digest);
    draft.submit_national(Channels::known(), here().lead(now()))
}

/// Sending it to another country by a route.
fn sent_to(code: &str, kind: T, route: Route, ground: Option<TransferGround>) -> Vec<&'static str> {
    let mut draft = drafted(kind, Urgency::Immediate);
    draft.to.country = country(code);
    draft.route = route;
    draft.prepared.transfer_ground = ground;
    if let Some(package) = &mut draft.prepared.package {
        package.to.country = country(code);
    }
    draft.prepared.previewed = draft.prepared.package.as_ref().map(Package::digest);
    rules_of(draft.send_direct(Channels::known(), here().lead(now())))
}

fn declined(kind: T, reason: Why, explained: bool, known: bool) -> Vec<&'static str> {
    let (_, theirs) = assessed(kind);
    let refusal = Refusal {
        reason,
        explanation: explained.then(|| "Invented".to_owned()),
        alternatives: if known { vec!["The Central Authority".to_owned()] } else { Vec::new() },
        none_known: false,
    };
    rules_of(theirs.decline(refusal, there().office(now())))
}

fn opened_with(status: Option<IdentificationStatus>, presumes: bool) -> Vec<&'static str> {
    let (sent, _) = sent(T::IdentificationSupport);
    let mut message = sent.sent[0].clone();
    if let Body::Sent(opening) = &mut message.body {
        opening.package.content.identification = status;
        opening.package.disclosures.push(Disclosed {
            data_class: DataClass::D6IdentificationDecision,
            lawful_bases: vec![LawfulBasis::CivilCooperation],
        });
    }
    let mut end = there();
    end.country.profile.foreign_notice_presumes.value = presumes;
    let at = end.office(now());
    warned(Request::open(&message, (id(THERE), office_there(), reference(8)), at))
}

#[test]
fn r17_allows_a_notice_that_says_nothing_of_a_victim() {
    assert!(opened_with(None, true).is_empty());
    assert!(opened_with(Some(IdentificationStatus::Screening), true).is_empty());
    assert!(opened_with(Some(IdentificationStatus::IdentifiedVictim), false).is_empty());
}

#[test]
fn r17_warns_that_the_notice_presumes_the_child_a_victim() {
    assert_eq!(opened_with(Some(IdentificationStatus::PresumedVictim), true), ["R17"]);
    assert_eq!(opened_with(Some(IdentificationStatus::IdentifiedVictim), true), ["R17"]);
}

#[test]
fn r24_allows_a_view_a_reason_and_what_is_only_tracked() {
    assert!(submitted(T::AssistanceReferral, |_| {}).is_ok(), "a reason");
    assert!(submitted(T::Evidence, |it| it.child_view = None).is_ok(), "a reference alone");
    let view = View {
        status: ViewStatus::Expressed,
        method: None,
        summary: Some("Invented".to_owned()),
        recorded_on: None,
        weight_given: Some("Invented".to_owned()),
    };
    assert!(submitted(T::Locate, |it| it.child_view = Some(ChildView::Recorded(view.clone()))).is_ok());
}

#[test]
fn r24_refuses_a_request_without_view_and_reason() {
    for kind in TYPES.iter().filter(|it| !it.reference_only) {
        let refused = rules_of(submitted(kind.request_type, |it| it.child_view = None));
        assert_eq!(refused, ["R24"], "{}", kind.request_type);
    }
}

#[test]
fn r75_allows_what_the_kind_and_the_bases_carry() {
    assert!(submitted(T::AssistanceReferral, |_| {}).is_ok());
}

#[test]
fn r75_refuses_a_member_beyond_the_kind_and_a_class_without_basis() {
    let with = |kind, change: fn(&mut Package)| {
        rules_of(submitted(kind, |it| {
            if let Some(package) = &mut it.package {
                change(package);
            }
        }))
    };
    let needs =
        |it: &mut Package| it.content.service_needs = vec![crate::vocabulary::ServiceCode::SafeAccommodation];
    assert_eq!(with(T::AssistanceReferral, needs), ["done"]);
    assert_eq!(with(T::Locate, needs), ["R75"], "beyond the kind");
    assert_eq!(with(T::AssistanceReferral, |it| it.content.sex = Some(Sex::Male)), ["R75"], "no basis");
    assert_eq!(with(T::Evidence, |it| it.content.child = Some(pseudonym())), ["R75"], "a reference alone");
}

#[test]
fn r76_allows_a_translation_and_other_routes_without() {
    assert!(submitted(T::Information, |_| {}).is_ok());
    assert!(
        submitted(T::AssistanceReferral, |it| it.parts.retain(|it| *it != RequestPart::Translation)).is_ok()
    );
}

#[test]
fn r76_refuses_none_to_a_central_authority_and_warns_in_danger() {
    let untranslated = |it: &mut Prepared| it.parts.retain(|it| *it != RequestPart::Translation);
    for kind in [T::Information, T::PlacementConsent, T::Locate, T::FamilyTracing] {
        assert_eq!(rules_of(submitted(kind, untranslated)), ["R76"], "{kind}");
    }
    let mut draft = drafted(T::Information, Urgency::Immediate);
    untranslated(&mut draft.prepared);
    assert_eq!(warned(draft.submit_national(Channels::known(), here().lead(now()))), ["R76"]);
}

#[test]
fn r77_allows_a_notice_that_is_sent_and_ends_what_the_case_owed() {
    let (draft, channels) = (drafted(T::DangerNotice, Urgency::Immediate), Channels::known());
    let sent = draft.send_direct(channels, here().lead(now())).expect("sent");
    let case = sent.value.case.expect("a case").0;
    let ended =
        Change::Closed { subject_id: case, kind: DutyKind::WarnOfDanger, outcome: Outcome::Fulfilled };
    assert!(sent.deadlines.contains(&ended), "{:?}", sent.deadlines);
    let other = drafted(T::AssistanceReferral, Urgency::Urgent).submit_national(channels, here().lead(now()));
    assert!(!other.expect("submitted").deadlines.contains(&ended), "only a warning warns");
}

#[test]
fn r78_allows_what_endangers_nobody_and_a_suspension_that_ends_with_a_new_assessment() {
    assert!(submitted(T::Locate, |_| {}).is_ok());
    let (ours, _) = sent(T::Locate);
    let suspended = ours.suspend("Invented".to_owned(), here().office(now())).expect("suspended").value;
    assert_eq!(suspended.shown_status(), S::SuspendedSafety);
    let lifted = suspended.lift(Some(now()), here().office(now())).expect("lifted").value;
    assert_eq!(lifted.shown_status(), ours.status, "it goes on where it stood");
}

#[test]
fn r78_refuses_what_endangers_and_tells_the_other_side_nothing_but_that() {
    assert_eq!(rules_of(submitted(T::Locate, |it| it.endangers = true)), ["R78"]);
    let (mut ours, mut theirs) = sent(T::Locate);
    ours = ours.suspend("The uncle reads it".to_owned(), here().office(now())).expect("suspended").value;
    for at in [None, Some(now().plus(-time::Duration::SECOND)), Some(now().plus(time::Duration::SECOND))] {
        assert_eq!(rules_of(ours.lift(at, here().office(now()))), ["R78"], "{at:?}");
    }
    all_told(&mut ours, &mut theirs, now());
    assert_eq!(theirs.shown_status(), S::SuspendedSafety);
    assert!(!theirs.content_open() && !format!("{theirs:?}").contains("uncle"));
    assert!(matches!(theirs.acknowledge(String::new(), there().office(now())), Err(Refused::WrongState(_))));
    assert!(
        rules_of(theirs.lift(Some(now()), there().office(now()))).contains(&"state_conflict"),
        "not its own"
    );
}

#[test]
fn r79_allows_the_channels_of_the_day() {
    assert_eq!(sent_to("FI", T::Information, Route::CentralAuthority, None), ["done"]);
    assert_eq!(
        sent_to("DK", T::Information, Route::CentralAuthority, None),
        ["done"],
        "by the 1996 Convention"
    );
    assert_eq!(sent_to("NO", T::DangerNotice, Route::Direct, None), ["done"]);
}

#[test]
fn r79_refuses_where_no_law_binds_both_and_lists_what_is_open() {
    let mut closed = drafted(T::Information, Urgency::Urgent);
    closed.route = Route::FocalPoint;
    assert_eq!(
        rules_of(closed.submit_national(Channels::known(), here().lead(now()))),
        ["R79"],
        "as soon as it is submitted"
    );
    assert_eq!(sent_to("DK", T::AssistanceReferral, Route::FocalPoint, None), ["R79"]);
    assert_eq!(
        sent_to("IS", T::Information, Route::CentralAuthority, None),
        ["R79"],
        "not confirmed is not open"
    );
    assert_eq!(sent_to("FI", T::Information, Route::FocalPoint, None), ["R79"], "by another route");
}

#[test]
fn r80_allows_two_months_and_a_half() {
    let (_, theirs) = sent(T::PlacementConsent);
    let early = at("2027-02-08T21:59:00Z");
    assert!(
        !theirs
            .flags(&there().country, early)
            .iter()
            .any(|it| { matches!(it, TimeFlag::LegalLimitNear | TimeFlag::LegalLimitPassed) })
    );
    let (_, other) = sent(T::AssistanceReferral);
    let late = at("2027-06-01T00:00:00Z");
    assert!(!other.flags(&there().country, late).contains(&TimeFlag::LegalLimitPassed), "no law limits it");
    let (mut outside, _) = sent(T::PlacementConsent);
    outside.to.country = country("NO");
    assert!(!outside.owed().contains(&DutyKind::LegalAnswer), "the Regulation does not bind Norway");
}

#[test]
fn r80_warns_when_the_limit_is_near_and_when_it_has_passed() {
    let (mut ours, mut theirs) = sent(T::PlacementConsent);
    all_told(&mut ours, &mut theirs, now());
    for (when, flag) in [
        ("2027-02-11T00:00:00Z", TimeFlag::LegalLimitNear),
        ("2027-02-27T00:00:00Z", TimeFlag::LegalLimitPassed),
    ] {
        for (record, end) in [(&ours, here()), (&theirs, there())] {
            assert!(record.flags(&end.country, at(when)).contains(&flag), "{when}");
            let late = record.late(&end.country, at(when));
            assert!(late.iter().any(|it| it.rule.is_some_and(|it| it.code == "R80")));
        }
    }
}

#[test]
fn r81_allows_forwarding_inside_the_country_and_keeps_the_first_receipt() {
    let (ours, theirs) = sent(T::Information);
    let (mut ours, mut theirs) = (ours, theirs);
    let later = now().plus(time::Duration::days(20));
    let court = competent(40, "other");
    theirs =
        theirs.forward(court.clone(), "Not ours".to_owned(), there().office(later)).expect("forwarded").value;
    all_told(&mut ours, &mut theirs, later);
    assert_eq!((ours.status, &ours.to), (S::Forwarded, &court.office), "the sender knows");
    assert_eq!(theirs.first_received_at, Some(now()), "the clock keeps its first start");
    let mut end = there();
    end.office.agency = id(40);
    let there_now = end.office(later);
    let taken = theirs.take_forwarded("Officer".to_owned(), there_now).expect("taken").value;
    assert_eq!(taken.status, S::Acknowledged);
}

#[test]
fn r81_refuses_to_drop_it_or_to_send_it_out_of_the_country() {
    let (_, theirs) = sent(T::Information);
    let to = |it| rules_of(theirs.forward(it, String::new(), there().office(now())));
    let abroad = Office { country: country("SE"), code: "other".to_owned() };
    assert_eq!(to(OwnOffice { office: abroad, ..competent(40, "other") }), ["R81"]);
    assert_eq!(to(OwnOffice { office: office_there(), ..competent(THERE, "") }), ["R81"]);
    assert_eq!(
        to(OwnOffice { agency_type: AgencyType::Shelter, ..competent(40, "other") }),
        ["R81"],
        "no authority"
    );
    assert_eq!(declined(T::Information, Why::NoCompetenceForwarded, false, true), ["R81"]);
}

#[test]
fn r82_allows_a_lawful_ground_with_an_alternative() {
    for (kind, reason) in lawful() {
        assert_eq!(declined(kind, reason, true, true), ["done"], "{kind} {reason}");
    }
}

/// What can be said to each type of request: one letter for each ground in the order of the code list, apart from those by
/// which nobody declines.
const LAWFUL: &[(T, &str)] = &[
    (T::Information, "..NILTEO"),
    (T::DangerNotice, "..N.L..O"),
    (T::Locate, "..NILTEO"),
    (T::AssistanceReferral, "U.N.L..O"),
    (T::PlacementConsent, "UP..LT.MO"),
    (T::DurableReturn, "U...L..O"),
    (T::Implementation, "..N.L.EMO"),
    (T::Jurisdiction, "....L..O"),
    (T::Evidence, "....L..O"),
    (T::FamilyTracing, "..NILTEO"),
    (T::IdentificationSupport, "...IL.EO"),
];

fn ground(letter: char) -> Option<Why> {
    Some(match letter {
        'U' => Why::ConsentRefusedUnsafe,
        'P' => Why::ConsentRefusedNoPlacement,
        'N' => Why::ChildNotFound,
        'I' => Why::InformationNotHeld,
        'L' => Why::LegalGroundMissing,
        'T' => Why::TranslationMissing,
        'E' => Why::EndangermentH9637,
        'M' => Why::ManifestPublicPolicy,
        'O' => Why::Other,
        _ => return None,
    })
}

fn lawful() -> Vec<(T, Why)> {
    LAWFUL.iter().flat_map(|(kind, all)| all.chars().filter_map(ground).map(|it| (*kind, it))).collect()
}

#[test]
fn r82_refuses_every_ground_that_is_not_for_what_is_asked_and_names_those_that_are() {
    use crate::CodeList as _;
    let lawful = lawful();
    for kind in T::ALL {
        for reason in Why::ALL.iter().filter(|it| **it != Why::NoCompetenceForwarded) {
            let wanted = if lawful.contains(&(*kind, *reason)) { "done" } else { "R82" };
            assert_eq!(declined(*kind, *reason, true, true), [wanted], "{kind} {reason}");
        }
    }
    let (_, theirs) = assessed(T::Locate);
    let refusal = Refusal {
        reason: Why::ConsentRefusedNoPlacement,
        explanation: None,
        alternatives: Vec::new(),
        none_known: true,
    };
    let refused = theirs.decline(refusal, there().office(now())).expect_err("a search is no placement");
    assert!(refused.violations()[0].because.contains("what is: child_not_found, information_not_held"));
    assert!(DECLINE_GROUNDS.iter().all(|it| !it.sources.is_empty() && !it.types.is_empty()));
}

#[test]
fn r82_refuses_forbidden_grounds_and_gaps() {
    for reason in [Why::NotFormallyIdentified, Why::NotOurNational] {
        assert_eq!(declined(T::Locate, reason, true, true), ["R82"], "{reason}");
    }
    assert_eq!(declined(T::Locate, Why::Other, false, true), ["R82"]);
    assert_eq!(declined(T::Locate, Why::ChildNotFound, true, false), ["R82"], "no alternative");
}

fn forwarded(times: u8) -> Vec<&'static str> {
    let (_, theirs) = sent(T::Information);
    let it = Request { forwards: times - 1, ..theirs };
    warned(it.forward(competent(40, "other"), String::new(), there().office(now())))
}

#[test]
fn r83_allows_two_forwardings() {
    assert!(forwarded(1).is_empty() && forwarded(2).is_empty());
}

#[test]
fn r83_warns_at_the_third() {
    assert_eq!(forwarded(3), ["R83"]);
    for (before, hears) in [(1, false), (2, true)] {
        let (_, theirs) = sent(T::Information);
        let it = Request { forwards: before, ..theirs };
        let on = it.forward(competent(40, "other"), String::new(), there().office(now())).expect("forwarded");
        assert_eq!(on.facts[0].audience.contains(&id(99)), hears, "the coordinator after {before}");
    }
}

fn declined_by(kind: T, agency_type: AgencyType) -> Vec<&'static str> {
    let (_, theirs) = assessed(kind);
    let mut end = there();
    end.country.profile.must_accept.value = vec![AgencyType::ChildProtection];
    end.office.agency_type = agency_type;
    let refusal = Refusal {
        reason: Why::LegalGroundMissing,
        explanation: None,
        alternatives: Vec::new(),
        none_known: true,
    };
    rules_of(theirs.decline(refusal, end.office(now())))
}

#[test]
fn r84_allows_others_and_a_placement_to_be_refused() {
    assert_eq!(declined_by(T::AssistanceReferral, AgencyType::CrossborderFocalPoint), ["done"]);
    assert_eq!(declined_by(T::PlacementConsent, AgencyType::ChildProtection), ["done"]);
}

#[test]
fn r84_refuses_a_statutory_service_that_declines_help() {
    assert_eq!(declined_by(T::AssistanceReferral, AgencyType::ChildProtection), ["R84"]);
}

#[test]
fn r85_allows_an_answer_in_time() {
    let (_, theirs) = sent(T::Locate);
    assert!(theirs.late(&there().country, now().plus(time::Duration::hours(24))).is_empty());
}

#[test]
fn r85_warns_when_it_is_overdue_and_leaves_the_child_with_the_sender() {
    let (mut ours, theirs) = sent(T::Locate);
    let late = now().plus(time::Duration::hours(73));
    let flags = theirs.flags(&there().country, late);
    assert_eq!(flags, [TimeFlag::AckOverdue, TimeFlag::DecisionOverdue]);
    assert_eq!(ours.flags(&here().country, late), flags, "the sender's clock says the same");
    let noted = ours.note_no_response(here().itself(late));
    assert_eq!(warned(noted.clone()), ["R85"]);
    ours = noted.expect("noted").value;
    assert_eq!(ours.responsible().side, Side::Requesting);
    assert!(ours.note_no_response(here().itself(late)).is_err(), "once");
}

#[test]
fn r95_allows_the_eea_and_a_ground() {
    assert_eq!(sent_to("NO", T::DangerNotice, Route::Direct, None), ["done"]);
    for ground in [TransferGround::VitalInterest, TransferGround::PublicInterest, TransferGround::Safeguards]
    {
        assert_eq!(sent_to("UA", T::DangerNotice, Route::Direct, Some(ground)), ["done"], "{ground}");
    }
}

#[test]
fn r95_refuses_a_third_country_without_a_ground() {
    for code in ["UA", "MD", "GB"] {
        assert_eq!(sent_to(code, T::DangerNotice, Route::Direct, None), ["R95"], "{code}");
        let adequate = Some(TransferGround::Adequacy);
        assert_eq!(sent_to(code, T::DangerNotice, Route::Direct, adequate), ["R95"], "{code}: not confirmed");
    }
}
