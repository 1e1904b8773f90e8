//! Who does what, the own case of the requested side, and messages as bytes.

use super::*;
use crate::{CodeList as _, access::Caller, vocabulary::Role};

fn as_role(end: &End, role: Role) -> Caller {
    Caller { role: Some(role), ..end.office.clone() }
}

/// T4b: what goes without national review is sent by whoever has duty; all else by whoever works on cases.
#[test]
fn what_is_sent_directly_is_sent_by_whoever_has_duty() {
    let end = here();
    for (role, sends, submits) in [
        (Role::DutyOfficer, true, true),
        (Role::FocalPointOfficer, true, true),
        (Role::CaseManager, false, true),
        (Role::Therapist, false, false),
        (Role::Screener, false, false),
    ] {
        let by = Caller { agency: end.lead.agency, ..as_role(&end, role) };
        let at = At { country: &end.country, by: &by, now: now() };
        let sent = drafted(T::DangerNotice, Urgency::Immediate).send_direct(Channels::known(), at);
        assert_eq!(sent.is_ok(), sends, "{role}");
        if !sends {
            assert!(matches!(sent, Err(Refused::NotYours(_))), "{role}");
        }
        let submitted = drafted(T::Locate, Urgency::Urgent).submit_national(Channels::known(), at);
        assert_eq!(submitted.is_ok(), submits, "{role}");
    }
}

#[test]
fn the_requested_side_opens_one_case_and_never_the_requesting_one() {
    let (ours, theirs) = sent(T::AssistanceReferral);
    let opened = theirs.open_case(id(101), id(5), there().office(now())).expect("opened");
    assert_eq!((opened.value.case, opened.value.lead), (Some(id(101)), Some(id(5))));
    assert_eq!(opened.facts[0].case, Some(id(101)), "told in that case");
    assert!(opened.value.sent.is_empty(), "the other side hears nothing of it");
    let again = opened.value.open_case(id(102), id(5), there().office(now()));
    assert!(matches!(again, Err(Refused::WrongState(_))));
    assert!(matches!(ours.open_case(id(101), id(1), here().office(now())), Err(Refused::NotYours(_))));
    let closed = Request { status: S::Closed, ..theirs };
    assert!(matches!(closed.open_case(id(101), id(5), there().office(now())), Err(Refused::WrongState(_))));
}

/// R56 in each state in which nobody has answered yet, and in no other.
#[test]
fn a_move_is_refused_by_the_silence_as_long_as_there_is_one() {
    for state in [S::Sent, S::Delivered, S::Acknowledged, S::Forwarded, S::InfoRequested, S::UnderAssessment]
    {
        let (ours, _) = sent(T::AssistanceReferral);
        let it = Request { status: state, ..ours };
        let at = here();
        assert_eq!(rules_of(it.propose_plan(plan(1), &ready(), false, at.office(now()))), ["R56"], "{state}");
        assert_eq!(rules_of(it.depart(&ready(), false, at.office(now()))), ["R56"], "{state}");
    }
    for state in [S::Draft, S::Declined, S::Withdrawn, S::Closed] {
        let it = Request { status: state, ..drafted(T::AssistanceReferral, Urgency::Urgent) };
        let refused = it.propose_plan(plan(1), &ready(), false, here().office(now()));
        assert!(matches!(refused, Err(Refused::WrongState(_))), "{state}");
    }
}

#[test]
fn a_message_with_one_other_byte_is_refused() {
    let (ours, _) = assessed(T::Locate);
    let message = &ours.sent[0];
    let bytes = canonical(message);
    let digest = Digest::of(&bytes);
    assert_eq!(Message::read(&bytes, &digest).as_ref(), Ok(message));
    for place in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[place] ^= 1;
        assert_eq!(Message::read(&altered, &digest).expect_err("altered")[0].code, "message_altered");
        // With a digest of its own it is another message, or none; never this one.
        assert_ne!(Message::read(&altered, &Digest::of(&altered)).as_ref(), Ok(message), "byte {place}");
    }
}

#[test]
fn a_draft_is_its_authors_until_it_is_submitted_and_again_when_it_comes_back() {
    let draft = drafted(T::AssistanceReferral, Urgency::Urgent);
    let sees = |it: &Request| (it.concerns(id(LEAD)), it.concerns(id(OFFICE)), it.concerns(id(THERE)));
    assert_eq!(sees(&draft), (true, false, false));
    let submitted = draft.submit_national(Channels::known(), here().lead(now())).expect("submitted");
    assert_eq!(sees(&submitted.value), (true, true, false));
    assert_eq!(submitted.facts[0].audience, [id(OFFICE), id(LEAD)]);
    let returned = submitted.value.return_to_sender(here().office(now())).expect("returned").value;
    assert_eq!(sees(&returned), (true, false, false));
    let withdrawn = returned.withdraw("Not needed".to_owned(), here().lead(now())).expect("withdrawn");
    assert_eq!(sees(&withdrawn.value), (true, false, false), "what was never sent stays the author's");
    assert_eq!(withdrawn.facts[0].audience, [id(LEAD)], "and nobody else hears of it");
    let (ours, theirs) = sent(T::AssistanceReferral);
    assert_eq!((sees(&ours), sees(&theirs)), ((true, true, false), (false, false, true)));
}

#[test]
fn a_package_is_open_to_the_receiver_until_it_has_declined_or_the_request_has_ended() {
    let (_, theirs) = sent(T::AssistanceReferral);
    for status in S::ALL {
        let ended = matches!(status, S::Declined | S::Withdrawn | S::Closed);
        let it = Request { status: *status, ..theirs.clone() };
        assert_eq!((it.package_open(), it.content_open()), (!ended, true), "{status}");
    }
}

/// R91, on the way out and on the way on.
#[test]
fn r91_allows_an_office_that_may_know() {
    let (_, theirs) = sent(T::AssistanceReferral);
    assert_eq!(
        rules_of(theirs.forward(competent(40, "other"), String::new(), there().office(now()))),
        ["done"]
    );
}

#[test]
fn r91_refuses_an_office_that_is_never_to_know() {
    let (_, theirs) = sent(T::AssistanceReferral);
    let barred = OwnOffice { barred: true, ..competent(40, "other") };
    assert_eq!(rules_of(theirs.forward(barred, String::new(), there().office(now()))), ["R91"]);
    let (route, agency_type) = way(T::AssistanceReferral);
    let office =
        OwnOffice { agency: id(OFFICE), office: office_here(), agency_type, barred: true, coordinator: None };
    let draft = DraftRequest {
        id: id(700),
        reference: reference(7),
        case: id(100),
        request_type: T::AssistanceReferral,
        route,
        urgency: Urgency::Urgent,
        office,
        to: office_there(),
        prepared: Prepared::default(),
    };
    assert_eq!(rules_of(Request::draft(draft, here().lead(now()))), ["R91"]);
}

#[test]
fn a_case_that_is_there_already_is_linked_while_it_is_open() {
    use crate::vocabulary::CaseStatus;
    let (_, theirs) = sent(T::AssistanceReferral);
    for status in CaseStatus::ALL {
        let own = crate::cases::Case { status: *status, ..crate::given::case() };
        let nobody = crate::cases::Identity::default();
        let linked = theirs.link_case((&own, &nobody), &nobody, there().office(now()));
        let over = ["transferred", "closed", "merged", "erroneous"].contains(&status.code());
        assert_eq!(rules_of(linked.clone()), [if over { "case_not_open" } else { "done" }], "{status}");
        if let Ok(linked) = linked {
            assert_eq!((linked.value.case, linked.value.lead), (Some(own.id), Some(own.lead)));
        }
    }
}

#[test]
fn a_case_of_what_can_only_be_another_child_is_not_linked() {
    use crate::{BirthDate, cases::Identity, vocabulary::Sex};
    let (_, theirs) = sent(T::AssistanceReferral);
    let own = crate::given::case();
    let child = |sex, birth: Option<&str>| Identity {
        sex,
        birth_date: birth.and_then(BirthDate::parse),
        ..Identity::default()
    };
    let girl = child(Some(Sex::Female), Some("2012-05-17"));
    for (known, wanted) in [
        (girl.clone(), "done"),
        (child(None, None), "done"),
        (child(Some(Sex::Unknown), Some("2017")), "done"),
        (child(Some(Sex::Female), Some("2007-12")), "done"),
        (child(Some(Sex::Male), None), "another_child"),
        (child(None, Some("2018")), "another_child"),
        (child(Some(Sex::Female), Some("2006-12-31")), "another_child"),
    ] {
        let linked = theirs.link_case((&own, &known), &girl, there().office(now()));
        assert_eq!(rules_of(linked), [wanted], "{known:?}");
    }
}

#[test]
fn no_child_is_moved_on_what_was_called_back() {
    let (ours, _) = planned(T::AssistanceReferral);
    let recall = |it: &Request| {
        it.notify(NoticeKind::Recall, "All of it".to_owned(), here().office(now()))
            .expect("called back")
            .value
    };
    let (back, end) = (recall(&ours), here());
    let at = end.office(now());
    assert!(ours.depart(&ready(), false, at).is_ok());
    assert!(matches!(back.depart(&ready(), false, at), Err(Refused::WrongState(_))));
    assert!(matches!(back.propose_plan(plan(2), &ready(), false, at), Err(Refused::WrongState(_))));
    let (ours, _) = on_the_way(T::AssistanceReferral);
    assert!(recall(&ours).turn_back("Not safe".to_owned(), at).is_ok(), "who is on the way comes back");
    assert_eq!(Request::still_missing(false), None);
    assert_eq!(Request::still_missing(true).expect("told").code, "still_missing");
}

/// R53: a consent is a document of a day, and not of whichever day it is asked for.
#[test]
fn r53_refuses_a_document_without_a_day() {
    let (ours, _) = accepted(T::AssistanceReferral);
    assert_eq!(rules_of(PlacementBasis::document(None, &ours)), ["R53"]);
    let today = Day(now().date());
    assert_eq!(PlacementBasis::document(Some(today), &ours), Ok(PlacementBasis::Document(today)));
}

#[test]
fn r112_allows_a_country_with_a_case_of_its_own_to_confirm() {
    let (_, theirs) = planned(T::AssistanceReferral);
    assert!(theirs.case.is_some() && theirs.status == S::TransferPlanned);
}

#[test]
fn r112_refuses_to_receive_a_child_into_no_case() {
    let (mut ours, mut theirs) = accepted(T::AssistanceReferral);
    ours = ours.propose_plan(plan(1), &ready(), false, here().office(now())).expect("proposed").value;
    all_told(&mut ours, &mut theirs, now());
    let bare = Request { case: None, lead: None, ..theirs.clone() };
    assert_eq!(rules_of(bare.confirm_plan(arrangement(), there().office(now()))), ["R112"]);
    assert_eq!(rules_of(theirs.confirm_plan(arrangement(), there().office(now()))), ["done"]);
}

#[test]
fn r113_allows_the_origin_an_own_case_and_what_is_named() {
    let (origin, further) = (country("LV"), country("FI"));
    for (came, to, named) in
        [(vec![], further, false), (vec![origin], origin, false), (vec![origin], further, true)]
    {
        assert!(check_onward(&came, to, named).is_ok(), "{came:?} {to} {named}");
    }
}

#[test]
fn r113_refuses_to_ask_a_further_country_as_if_the_child_were_known_from_here() {
    let refused = check_onward(&[country("LV")], country("FI"), false).map(|()| "");
    assert_eq!(rules_of(refused), ["R113"]);
}
