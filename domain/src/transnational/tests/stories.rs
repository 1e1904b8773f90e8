//! The scenarios of the description that cross a border (9.1, 9.6, 9.8, 9.12), and what arrives from elsewhere.

use super::*;
use crate::deadlines::DutyKind;

fn after(days: i64) -> Timestamp {
    now().plus(time::Duration::days(days))
}

/// 9.8: no translation, no answer, three months, silence taken for consent, and at last an answer by the wrong office.
#[test]
fn a_request_that_nobody_answers() {
    let mut draft = drafted(T::Information, Urgency::Standard);
    draft.prepared.parts.retain(|it| *it != RequestPart::Translation);
    assert_eq!(rules_of(draft.submit_national(Channels::known(), here().lead(now()))), ["R76"]);
    let (mut ours, mut theirs) = sent(T::Information);
    all_told(&mut ours, &mut theirs, now());
    assert!(ours.flags(&here().country, after(2)).contains(&TimeFlag::AckOverdue));
    assert!(ours.flags(&here().country, after(80)).contains(&TimeFlag::LegalLimitNear));
    assert!(ours.flags(&here().country, after(96)).contains(&TimeFlag::LegalLimitPassed));
    ours = ours.note_no_response(here().itself(after(96))).expect("noted").value;
    let moved = ours.propose_plan(plan(1), &ready(), false, here().office(after(96)));
    assert_eq!(rules_of(moved), ["R56"], "silence is not consent");
    assert_eq!(ours.responsible().side, Side::Requesting);
    theirs = theirs
        .forward(competent(40, "other"), "Not ours".to_owned(), there().office(after(100)))
        .expect("forwarded")
        .value;
    all_told(&mut ours, &mut theirs, after(100));
    assert_eq!(
        (ours.status, theirs.first_received_at),
        (S::Forwarded, Some(now())),
        "it stays open, by its clock"
    );
}

/// 9.1 and 9.6: a danger notice goes at once and directly; what follows it is told until it is acknowledged.
#[test]
fn a_danger_notice_and_what_follows_it() {
    let draft = drafted(T::DangerNotice, Urgency::Immediate);
    let mut ours = draft.send_direct(Channels::known(), here().lead(now())).expect("sent").value;
    assert_eq!(ours.status, S::Sent, "no national review");
    let opened =
        Request::open(&ours.sent[0], (id(THERE), office_there(), reference(8)), there().office(now()));
    let mut theirs = opened.expect("received").value;
    for (seq, kind) in
        [NoticeKind::Correction, NoticeKind::ConsentWithdrawn, NoticeKind::Recall].iter().enumerate()
    {
        ours = ours.notify(*kind, "Invented".to_owned(), here().office(now())).expect("told").value;
        assert_eq!(ours.notices_unacknowledged().count(), seq + 1, "listed until somebody acknowledges");
    }
    assert!(theirs.content_open());
    all_told(&mut ours, &mut theirs, now());
    assert!(theirs.recalled() && !theirs.content_open(), "what was called back is closed");
    let listed: Vec<_> = theirs.notices_to_acknowledge().map(|(seq, _)| seq).collect();
    assert_eq!(listed, [2, 3, 4]);
    assert!(
        theirs.owed().contains(&DutyKind::AcknowledgeNotice) && ours.owed().contains(&DutyKind::ChaseNotice)
    );
    for seq in listed {
        theirs = theirs.acknowledge_notice(seq, there().office(now())).expect("acknowledged").value;
        assert_eq!(rules_of(theirs.acknowledge_notice(seq, there().office(now()))).len(), 1, "once");
    }
    all_told(&mut ours, &mut theirs, now());
    assert_eq!(ours.notices_unacknowledged().count(), 0);
    assert!(!ours.owed().contains(&DutyKind::ChaseNotice));
}

/// 9.1: placement with the aunt: refused until the other State consents, then the child moves with everything in place.
#[test]
fn a_placement_from_the_question_to_the_last_report() {
    let (ours, _) = assessed(T::PlacementConsent);
    assert!(
        ours.propose_plan(plan(1), &ready(), false, here().office(now())).is_err(),
        "no consent, no move"
    );
    let (mut ours, mut theirs) = on_the_way(T::PlacementConsent);
    assert!(ours.responsible().agency.is_some(), "the sender's, on the way");
    theirs = theirs.confirm_arrival(now(), there().office(now())).expect("arrived").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!(ours.responsible().side, Side::Requesting, "and after the arrival, until the handover");
    theirs = theirs.hand_over(handover(), there().office(now())).expect("handed over").value;
    assert_eq!(
        (ours.responsible().side, theirs.responsible().side),
        (Side::Requesting, Side::Requested),
        "rather two than nobody"
    );
    all_told(&mut ours, &mut theirs, now());
    assert_eq!(ours.responsible().side, Side::Requested);
    theirs = theirs.report("Well".to_owned(), there().office(now())).expect("reported").value;
    all_told(&mut ours, &mut theirs, now());
    ours = ours.close(closing(), here().lead(now())).expect("closed").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.status, theirs.status), (S::Closed, S::Closed), "the outcome is told to both");
    assert_eq!(ours.responsible().side, Side::Requested, "for good");
    assert_eq!(
        (ours.owed(), theirs.owed()),
        (vec![DutyKind::ChaseNotice], vec![DutyKind::AcknowledgeNotice])
    );
    let (seq, end) = theirs.notices_to_acknowledge().next().expect("the closing waits for a person");
    assert_eq!((end.kind, end.about), (NoticeKind::Closed, "At the aunt's"));
    theirs = theirs.acknowledge_notice(seq, there().office(now())).expect("acknowledged").value;
    all_told(&mut ours, &mut theirs, now());
    assert!(ours.owed().is_empty() && theirs.owed().is_empty());
}

/// F17: an acceptance that does not know of the withdrawal stands; who knows of it may ask once more.
#[test]
fn the_first_decision_answers_a_withdrawal() {
    let (mut ours, mut theirs) = assessed(T::AssistanceReferral);
    theirs = theirs.accept(acceptance(T::AssistanceReferral), there().office(now())).expect("accepted").value;
    ours = ours.withdraw("New risk".to_owned(), here().lead(now())).expect("asked").value;
    assert!(ours.propose_plan(plan(1), &ready(), false, here().office(now())).is_err(), "it waits");
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.status, theirs.status), (S::Accepted, S::Accepted));
    ours = ours.withdraw("New risk".to_owned(), here().lead(now())).expect("asked").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.status, theirs.status), (S::Withdrawn, S::Withdrawn));
    let (mut ours, mut theirs) = assessed(T::AssistanceReferral);
    ours = ours.withdraw("New risk".to_owned(), here().lead(now())).expect("asked").value;
    all_told(&mut ours, &mut theirs, now());
    let late = theirs.accept(acceptance(T::AssistanceReferral), there().office(now()));
    assert!(matches!(late, Err(Refused::WrongState(_))), "accept after withdraw");
    let own =
        drafted(T::Locate, Urgency::Urgent).withdraw(String::new(), here().lead(now())).expect("withdrawn");
    assert_eq!(own.value.status, S::Withdrawn, "what nobody has is nobody else's to answer");
}

#[test]
fn what_does_not_belong_is_refused_and_kept_as_evidence() {
    let (ours, theirs) = assessed(T::Locate);
    let end = there();
    let there_at = end.office(now());
    let message = ours.sent[0].clone();
    let open = |message: &Message, office: Office| {
        rules_of(Request::open(message, (id(THERE), office, reference(8)), there().office(now())))
    };
    assert_eq!(open(&message, office_there()), ["done"]);
    let other = Office { code: "other".to_owned(), ..office_there() };
    assert_eq!(open(&message, other), ["wrong_recipient"], "F4");
    let mut excess = message.clone();
    if let Body::Sent(opening) = &mut excess.body {
        opening.package.content.immediate_risk = Some(RiskLevel::High);
    }
    assert_eq!(open(&excess, office_there()), ["R75"], "F11");
    let refused =
        Request::open(&excess, (id(THERE), office_there(), reference(8)), there_at).expect_err("excess");
    assert_eq!(refused.violations()[0].code, "excess_data");
    let second = ours.withdraw("x".to_owned(), here().lead(now())).expect("asked").value;
    assert!(Request::open(&second.sent[1], (id(THERE), office_there(), reference(8)), there_at).is_err());
    let forged = Message { body: Body::Closed(closing()), ..message };
    assert!(
        matches!(theirs.receive(&forged, there_at), Err(Refused::WrongState(_))),
        "F7: both are evidence"
    );
    let departed = Message { seq: 2, body: Body::Departed(1), ..forged.clone() };
    let odd = theirs.receive(&departed, there_at).expect("kept").value;
    assert_eq!(
        (odd.status, odd.unexpected.as_slice()),
        (theirs.status, [2].as_slice()),
        "F9: without effect"
    );
    let own = Message { from: Side::Requested, ..departed };
    assert!(matches!(theirs.receive(&own, there_at), Err(Refused::Broken(_))));
    let receipt =
        Receipt { request: ours.id, from: Side::Requested, applied: 9, first_received_at: None, void: false };
    assert!(
        ours.acknowledged_by(receipt, here().office(now())).is_err(),
        "F15: for nothing that was written"
    );
}

#[test]
fn what_comes_too_early_is_held_up_to_a_limit() {
    let (_, theirs) = sent(T::Locate);
    let early = |seq| Message {
        request: theirs.id,
        from: Side::Requesting,
        seq,
        seen: 0,
        at: now(),
        body: Body::NoticeAcknowledged(seq),
    };
    let mut it = theirs.clone();
    for seq in 3..3 + u32::try_from(MOST_HELD).expect("small") {
        it = it.receive(&early(seq), there().office(now())).expect("held").value;
    }
    assert!(it.receive(&early(900), there().office(now())).is_err(), "no memory without end");
    assert_eq!(it.applied(), 1);
    it = it.receive(&early(2), there().office(now())).expect("the missing one").value;
    assert_eq!((it.applied() as usize, it.held.len()), (2 + MOST_HELD, 0), "then all at once, in order");
}

/// A message is the same bytes whenever it is sent again, and reads back as what it was.
#[test]
fn every_message_reads_back() {
    let (mut ours, mut theirs) = on_the_way(T::PlacementConsent);
    theirs = theirs.confirm_arrival(now(), there().office(now())).expect("arrived").value;
    theirs = theirs.hand_over(handover(), there().office(now())).expect("handed over").value;
    ours = ours.notify(NoticeKind::Recall, "x".to_owned(), here().office(now())).expect("told").value;
    for message in ours.sent.iter().chain(&theirs.sent) {
        let bytes = canonical(message);
        assert_eq!(serde_json::from_slice::<Message>(&bytes).ok().as_ref(), Some(message));
        assert_eq!(canonical(message), bytes);
    }
}
