//! What becomes of a request that nobody is known to have received, in each order in which messages can come.

use super::*;
use crate::deadlines::DutyKind;

/// Sent, not delivered, withdrawn, and declared void.
fn voided() -> (Request, Request) {
    let (ours, theirs) = sent(T::AssistanceReferral);
    let undeliverable = ours.mark_undeliverable(here().itself(now())).expect("noted").value;
    let void = undeliverable.withdraw("Nobody is there".to_owned(), here().lead(now())).expect("withdrawn");
    (void.value, theirs)
}

fn receipt(it: &Request) -> Receipt {
    it.receipt().expect("a receipt")
}

#[test]
fn what_could_not_be_delivered_is_withdrawn_at_once_and_closed() {
    let (ours, _) = voided();
    assert_eq!((ours.status, ours.waits_for_withdrawal()), (S::Withdrawn, false));
    assert!(ours.void_unconfirmed(), "as far as is known here");
    let carried: Vec<_> = ours.unacknowledged().iter().map(|it| it.body.kind()).collect();
    assert_eq!(carried, [Kind::Voided], "nothing that names the child is sent any more");
    let acts = ours.allowed(&here().lead);
    assert_eq!(acts, [RequestAct::Close], "there is nobody to tell anything else");
    let closed = ours.close(closing(), here().lead(now())).expect("closed").value;
    assert_eq!((closed.status, closed.sent.len()), (S::Closed, ours.sent.len()));
    assert!(closed.owed().is_empty() && closed.notices_unacknowledged().next().is_none());
}

#[test]
fn what_waits_for_the_answer_to_a_withdrawal_is_void_once_it_cannot_be_delivered() {
    let (ours, _) = sent(T::AssistanceReferral);
    let asked = ours.withdraw("Not needed".to_owned(), here().lead(now())).expect("asked").value;
    let again = asked.withdraw("Not needed".to_owned(), here().lead(now()));
    assert!(matches!(again, Err(Refused::WrongState(_))), "somebody may have it");
    let undeliverable = asked.mark_undeliverable(here().itself(now())).expect("noted").value;
    let void = undeliverable.withdraw("Nobody".to_owned(), here().lead(now())).expect("void").value;
    assert_eq!((void.status, void.sent.len(), void.unacknowledged().len()), (S::Withdrawn, 3, 1));
}

#[test]
fn a_request_without_a_receipt_is_void_after_the_last_step_of_the_ladder_and_not_before() {
    let (ours, theirs) = sent(T::AssistanceReferral);
    let asked = ours.withdraw(String::new(), here().lead(now())).expect("asked").value;
    assert_eq!((asked.status, asked.void), (S::Sent, None));
    let silent = ours.note_no_response(here().itself(now())).expect("noted").value;
    let void = silent.withdraw(String::new(), here().lead(now())).expect("void").value;
    assert_eq!((void.status, void.void), (S::Withdrawn, Some(2)));
    let delivered = ours.acknowledged_by(receipt(&theirs), here().office(now())).expect("received").value;
    let silent = delivered.note_no_response(here().itself(now())).expect("noted").value;
    let asked = silent.withdraw(String::new(), here().lead(now())).expect("asked").value;
    assert_eq!((asked.status, asked.void), (S::Delivered, None), "who has received it answers");
}

#[test]
fn a_country_that_knows_of_the_void_takes_the_request_in_no_more() {
    let (ours, _) = voided();
    let declared = ours.sent.last().expect("a message");
    let void = Void::declared_by(declared).expect("a void");
    assert!(Void::declared_by(&ours.sent[0]).is_none());
    for message in &ours.sent {
        let known = ours.acknowledged_by(void.receipt(message), here().office(now())).expect("known").value;
        assert_eq!((known.status, known.first_received_at), (S::Withdrawn, None));
        assert!(known.unacknowledged().is_empty() && !known.void_unconfirmed(), "it is over on both sides");
        let again = known.acknowledged_by(void.receipt(declared), here().office(now())).expect("again");
        assert_eq!(again.value, known);
    }
    let (other, _) = sent(T::AssistanceReferral);
    let forged = other.acknowledged_by(void.receipt(&other.sent[0]), here().office(now()));
    assert_eq!(rules_of(forged), ["unknown_receipt"], "nothing here is void");
}

#[test]
fn a_late_receipt_brings_it_back_to_a_withdrawal_that_is_asked_for() {
    for closes in [false, true] {
        let (mut ours, mut theirs) = voided();
        if closes {
            ours = ours.close(closing(), here().lead(now())).expect("closed").value;
        }
        let late = ours.acknowledged_by(receipt(&theirs), here().office(now())).expect("received");
        assert_eq!((late.value.status, late.value.withdrawal), (S::Delivered, Some(2)));
        assert_eq!(late.facts[0].payload["withdrawalAsked"], true);
        assert!(late.value.owed().contains(&DutyKind::DecideRequest), "somebody waits again");
        ours = late.value;
        all_told(&mut ours, &mut theirs, now());
        assert_eq!((ours.status, theirs.status), (S::Withdrawn, S::Withdrawn));
        ours = ours.close(closing(), here().lead(now())).expect("closed").value;
        all_told(&mut ours, &mut theirs, now());
        assert_eq!((ours.status, theirs.status), (S::Closed, S::Closed), "and it is closed for both");
    }
}

#[test]
fn a_decision_that_came_first_stands_though_nobody_was_known_to_be_there() {
    let (mut ours, mut theirs) = voided();
    theirs = theirs.acknowledge("Officer".to_owned(), there().office(now())).expect("acknowledged").value;
    theirs = theirs.assess(None, there().office(now())).expect("assessed").value;
    theirs = theirs.accept(acceptance(T::AssistanceReferral), there().office(now())).expect("accepted").value;
    let first = theirs.sent[0].clone();
    let told = ours.receive(&first, here().office(now())).expect("received").value;
    assert_eq!((told.status, told.withdrawal), (S::Acknowledged, Some(2)), "its message tells as well");
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.status, theirs.status), (S::Accepted, S::Accepted));
    assert!(ours.void.is_none() && !ours.waits_for_withdrawal());
}
