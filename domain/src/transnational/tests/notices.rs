//! Notices: who gives which, that the closing is one, and what is told when something is passed on.

use super::*;
use crate::CodeList as _;
use crate::deadlines::DutyKind;

/// Who has reason for which, written apart from the code.
const GIVEN: &[(&str, bool, bool)] = &[
    ("correction", true, true),
    ("consent_withdrawn", true, true),
    ("recall", true, false),
    ("child_asked", true, false),
    ("passed_on", false, false),
    ("closed", false, false),
];

fn given(side: Side, kind: NoticeKind) -> Vec<&'static str> {
    let (ours, theirs) = sent(T::AssistanceReferral);
    match side {
        Side::Requesting => rules_of(ours.notify(kind, "x".to_owned(), here().office(now()))),
        Side::Requested => rules_of(theirs.notify(kind, "x".to_owned(), there().office(now()))),
    }
}

#[test]
fn r114_allows_each_side_the_notices_that_it_has_reason_for() {
    assert_eq!(GIVEN.len(), NoticeKind::ALL.len());
    for (code, ours, theirs) in GIVEN {
        let kind = NoticeKind::parse(code).expect("a kind");
        assert_eq!(given(Side::Requesting, kind) == ["done"], *ours, "{code}");
        assert_eq!(given(Side::Requested, kind) == ["done"], *theirs, "{code}");
    }
}

#[test]
fn r114_refuses_a_recall_by_whoever_was_asked() {
    for (code, ours, theirs) in GIVEN {
        let kind = NoticeKind::parse(code).expect("a kind");
        for (side, allowed) in [(Side::Requesting, ours), (Side::Requested, theirs)] {
            assert!(*allowed || given(side, kind) == ["R114"], "{code} by {side}");
        }
    }
}

/// What a side cannot have reason for does not bind the other, though it comes as a message.
#[test]
fn a_notice_that_its_side_cannot_give_is_evidence_and_nothing_else() {
    let (ours, theirs) = sent(T::AssistanceReferral);
    for (code, by_ours, by_theirs) in GIVEN {
        let kind = NoticeKind::parse(code).expect("a kind");
        for (to, allowed) in [(&theirs, *by_ours), (&ours, *by_theirs || kind == NoticeKind::PassedOn)] {
            let notice = Notice { kind, about: String::new(), acknowledge_by: now(), passed_on: None };
            let forged = Message {
                request: to.id,
                from: to.side.other(),
                seq: to.applied() + 1,
                seen: 0,
                at: now(),
                body: Body::Notice(notice),
            };
            let came = to.receive(&forged, here().office(now())).expect("kept").value;
            assert_eq!(came.unexpected.is_empty(), allowed, "{code} to {}", to.side);
            assert_eq!(came.notices_to_acknowledge().next().is_some(), allowed);
            assert_eq!(came.content_open(), !(allowed && kind == NoticeKind::Recall));
        }
    }
}

/// CETS 197 Art. 34: the outcome reaches a person, and the office that has it now, whoever had it before.
#[test]
fn the_closing_waits_for_a_person_of_the_office_that_has_it_now() {
    let (mut ours, mut theirs) = sent(T::AssistanceReferral);
    theirs =
        theirs.forward(competent(40, "other"), "Theirs".to_owned(), there().office(now())).expect("on").value;
    all_told(&mut ours, &mut theirs, now());
    ours = ours.withdraw("Not needed".to_owned(), here().lead(now())).expect("asked").value;
    all_told(&mut ours, &mut theirs, now());
    ours = ours.close(closing(), here().lead(now())).expect("closed").value;
    assert_eq!(ours.owed(), [DutyKind::ChaseNotice]);
    let message = ours.sent.last().expect("the closing").clone();
    assert_eq!(message.notice(), Some(NoticeKind::Closed));
    let mut before = theirs.clone();
    let told = theirs.receive(&message, there().office(now())).expect("told");
    let opened = told.deadlines.iter().find_map(|it| match it {
        Change::Opened(duty) if duty.kind == DutyKind::AcknowledgeNotice => Some((duty.owner, duty.due_at)),
        _ => None,
    });
    assert_eq!(opened, Some((id(40), now().plus(NOTICE_WITHIN))));
    theirs = told.value;
    let other = theirs.acknowledge_notice(message.seq, there().office(now()));
    assert!(matches!(other, Err(Refused::NotYours(_))), "the office before has it no more");
    let end = there();
    let by = Caller { agency: id(40), ..end.office.clone() };
    let at = At { country: &end.country, by: &by, now: now() };
    theirs = theirs.acknowledge_notice(message.seq, at).expect("acknowledged").value;
    all_told(&mut ours, &mut theirs, now());
    assert!(ours.owed().is_empty() && theirs.owed().is_empty());
    before.status = S::Withdrawn;
    assert!(before.notices_to_acknowledge().next().is_none(), "nothing waits before it is closed");
}

#[test]
fn an_origin_is_told_which_country_has_it_now_and_by_which_permission() {
    let (ours, theirs) = sent(T::AssistanceReferral);
    assert_eq!(ours.passes_on(here().office(now())), None, "it began here");
    let mut onward = drafted(T::Locate, Urgency::Urgent);
    let origin = Office { country: country("LV"), code: "focal-point".to_owned() };
    let hop = Hop { request: id(600), from: origin, to: office_here(), at: now() };
    let bound = vec![DataClass::D1Identity, DataClass::D15ReferralMetadata];
    if let Some(package) = &mut onward.prepared.package {
        package.chain = Chain { hops: vec![hop], pass_on: PassOn::default(), bound: Some(bound.clone()) };
        onward.prepared.previewed = Some(package.digest());
    }
    assert_eq!(onward.passes_on(here().office(now())), None, "a draft has told nobody anything");
    let (onward, _) = sent_with(onward);
    let passed_on = onward.passes_on(here().office(now())).expect("it goes on");
    assert_eq!((passed_on.by, passed_on.to, passed_on.on), (country("EE"), country("FI"), Day(now().date())));
    assert_eq!(
        (passed_on.classes.clone(), passed_on.allowed.clone()),
        (vec![DataClass::D15ReferralMetadata], bound)
    );
    for status in [S::Delivered, S::Closed] {
        let it = Request { status, ..theirs.clone() };
        let told = it.tell_passed_on(passed_on.clone(), there().itself(now()));
        assert!(told.value.owed().contains(&DutyKind::ChaseNotice), "{status}");
        let message = told.value.sent.last().expect("a notice");
        let text = String::from_utf8(canonical(message)).expect("text");
        assert!(!text.contains(onward.reference.as_str()) && !text.contains(pseudonym().as_str()), "{text}");
        let came = ours.receive(message, here().office(now())).expect("told").value;
        let (_, notice) = came.notices_to_acknowledge().next().expect("it waits for a person");
        assert_eq!((notice.kind, notice.passed_on), (NoticeKind::PassedOn, Some(&passed_on)));
    }
}

#[test]
fn what_was_called_back_or_is_suspended_is_not_passed_on() {
    let (ours, theirs) = sent(T::AssistanceReferral);
    assert!(check_origin_open(None).is_ok() && check_origin_open(Some(&theirs)).is_ok());
    let back =
        ours.notify(NoticeKind::Recall, "All of it".to_owned(), here().lead(now())).expect("told").value;
    let suspended = ours.suspend("He was seen".to_owned(), here().lead(now())).expect("suspended").value;
    for it in [back, suspended] {
        let told =
            theirs.receive(it.sent.last().expect("a message"), there().office(now())).expect("told").value;
        assert_eq!(rules_of(check_origin_open(Some(&told))), ["not_to_be_passed_on"]);
    }
}

/// R81: forwarding ends.
#[test]
fn r81_allows_forwarding_to_each_office_once() {
    let (_, mut it) = sent(T::AssistanceReferral);
    for round in 0..MOST_FORWARDS {
        it = forwarded(&it, 40 + u128::from(round)).expect("forwarded");
    }
    assert_eq!((it.forwards, it.been_at.len()), (MOST_FORWARDS, usize::from(MOST_FORWARDS)));
}

#[test]
fn r81_refuses_forwarding_back_and_without_end() {
    let (_, mut it) = sent(T::AssistanceReferral);
    it = forwarded(&it, 40).expect("forwarded");
    let back = OwnOffice { agency: id(THERE), office: office_there(), ..competent(THERE, "") };
    let end = there();
    let by = Caller { agency: it.office, ..end.office.clone() };
    let at = At { country: &end.country, by: &by, now: now() };
    let taken = it.take_forwarded("Officer".to_owned(), at).expect("taken").value;
    let refused = taken.forward(back, "Theirs".to_owned(), at).expect_err("to and fro");
    let because = &refused.violations()[0].because;
    assert!(because.contains("coordinator"), "{because}");
    assert_eq!(rules_of(Err::<(), _>(refused)), ["R81"]);
    for round in 1..MOST_FORWARDS {
        it = forwarded(&it, 40 + u128::from(round)).expect("forwarded");
    }
    assert_eq!(rules_of(forwarded(&it, 99)), ["R81"], "without end");
}

fn forwarded(it: &Request, to: u128) -> Result<Request, Refused> {
    let end = there();
    let by = Caller { agency: it.office, ..end.office.clone() };
    let at = At { country: &end.country, by: &by, now: now() };
    let it = if it.status == S::Forwarded {
        it.take_forwarded("Officer".to_owned(), at)?.value
    } else {
        it.clone()
    };
    it.forward(competent(to, &format!("office-{to}")), "Theirs".to_owned(), at).map(|it| it.value)
}

#[test]
fn each_question_is_answered_or_it_is_said_why_not() {
    let (mut ours, mut theirs) = sent(T::AssistanceReferral);
    theirs = theirs.acknowledge("Officer".to_owned(), there().office(now())).expect("acknowledged").value;
    let asked = vec!["Which school?".to_owned(), "Which doctor?".to_owned()];
    theirs = theirs.request_more(asked.clone(), there().office(now())).expect("asked").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.questions(), theirs.questions()), (asked.as_slice(), asked.as_slice()));
    let answer = || Reply::Answer("The one in the town.".to_owned());
    let none = || Reply::NoAnswer("A doctor's secret.".to_owned());
    for (given, wanted) in [
        (vec![], "question_unanswered"),
        (vec![answer()], "question_unanswered"),
        (vec![answer(), none(), answer()], "question_unanswered"),
        (vec![answer(), none()], "done"),
        (vec![none(), none()], "done"),
    ] {
        assert_eq!(rules_of(ours.answer_more(given.clone(), here().lead(now()))), [wanted], "{given:?}");
    }
}
