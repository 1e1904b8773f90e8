//! Which office has a request: sent elsewhere while nobody has received it, given away by one that is never to know.

use super::*;

fn elsewhere(code: &str) -> Office {
    Office { country: country("FI"), code: code.to_owned() }
}

fn undeliverable() -> Request {
    let (ours, _) = sent(T::AssistanceReferral);
    ours.mark_undeliverable(here().itself(now())).expect("noted").value
}

fn opened_by(ours: &Request, at: &Office) -> Result<crate::Decided<Request>, Refused> {
    let by = ours.sent.iter().rev().find(|it| it.body.kind() == Kind::Readdressed).expect("readdressed");
    let to = (id(40), at.clone(), reference(8));
    Request::open_readdressed(&ours.sent[0], by, to, there().office(now()))
}

#[test]
fn what_nobody_received_is_sent_to_another_office_and_reaches_it() {
    let it = undeliverable();
    let refused = |to| rules_of(it.readdress(to, here().office(now())));
    assert_eq!(refused(office_there()), ["same_office"]);
    assert_eq!(
        refused(Office { country: country("SE"), code: "other".to_owned() }),
        ["same_office"],
        "a request of its own"
    );
    let mut ours = it.readdress(elsewhere("b"), here().office(now())).expect("readdressed").value;
    assert_eq!((ours.status, &ours.to), (S::Sent, &elsewhere("b")));
    assert_eq!(rules_of(opened_by(&ours, &office_there())), ["wrong_recipient"], "no longer the first");
    assert_eq!(rules_of(opened_by(&ours, &elsewhere("c"))), ["wrong_recipient"]);
    let mut theirs = opened_by(&ours, &elsewhere("b")).expect("opened").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.status, &theirs.from), (S::Delivered, &elsewhere("b")));
    assert!(ours.readdress(elsewhere("c"), here().office(now())).is_err(), "it was received");
}

#[test]
fn an_office_that_received_it_after_all_keeps_what_it_has_begun() {
    let (_, mut theirs) = sent(T::AssistanceReferral);
    let mut ours =
        undeliverable().readdress(elsewhere("b"), here().office(now())).expect("readdressed").value;
    let mut idle = (ours.clone(), theirs.clone());
    all_told(&mut idle.0, &mut idle.1, now());
    assert_eq!((&idle.0.to, &idle.1.from), (&elsewhere("b"), &elsewhere("b")), "it had not begun");
    theirs = theirs.acknowledge("Officer".to_owned(), there().office(now())).expect("acknowledged").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((&ours.to, &theirs.from), (&office_there(), &office_there()), "and says so");
    assert_eq!(ours.status, S::Acknowledged);
}

#[test]
fn a_withdrawal_that_nobody_answers_waits_no_longer_than_until_somebody_is_found() {
    let (asked, _) = sent(T::AssistanceReferral);
    let asked = asked.withdraw(String::new(), here().lead(now())).expect("asked").value;
    let it = asked.mark_undeliverable(here().itself(now())).expect("noted").value;
    assert!(it.waits_for_withdrawal() && !it.holds_case_open() && undeliverable().holds_case_open());
    let mut ours = it.readdress(elsewhere("b"), here().office(now())).expect("readdressed").value;
    let mut theirs = opened_by(&ours, &elsewhere("b")).expect("opened").value;
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((ours.status, theirs.status), (S::Withdrawn, S::Withdrawn));
    let (sent, _) = sent(T::AssistanceReferral);
    assert!(
        sent.withdraw(String::new(), here().lead(now())).expect("asked").value.holds_case_open(),
        "on its way"
    );
}

/// R91: on either side, in any state; the other side hears whom to ask.
#[test]
fn an_office_that_is_never_to_know_gives_it_to_another() {
    let (mut ours, mut theirs) = on_the_way(T::AssistanceReferral);
    let end = there();
    let barred = OwnOffice { barred: true, ..competent(40, "next") };
    assert_eq!(rules_of(theirs.change_office(barred, end.itself(now()))), ["R91"]);
    assert_eq!(
        rules_of(theirs.change_office(competent(THERE, "focal-point"), end.itself(now()))),
        ["same_office"]
    );
    assert!(
        theirs.change_office(competent(40, "next"), end.office(now())).is_err(),
        "by the mechanism alone"
    );
    let changed = theirs.change_office(competent(40, "next"), end.itself(now())).expect("changed");
    assert!(!changed.facts[0].audience.contains(&id(THERE)), "nothing is told to the one before");
    theirs = changed.value;
    assert!(theirs.allowed(&end.office).is_empty(), "the one before does nothing more");
    all_told(&mut ours, &mut theirs, now());
    assert_eq!((&ours.to, ours.status), (&elsewhere("next"), S::InTransit), "and nothing else has changed");
    let draft = drafted(T::AssistanceReferral, Urgency::Urgent);
    let to =
        OwnOffice { office: Office { country: country("EE"), code: "next".to_owned() }, ..competent(40, "") };
    let own = draft.change_office(to, here().itself(now())).expect("changed");
    assert!(own.value.sent.is_empty(), "of a draft nobody else knows");
}

#[test]
fn whoever_had_a_request_is_told_beside_the_package_which_names_the_first() {
    assert!(drafted(T::Information, Urgency::Urgent).addressees().is_empty(), "nobody yet");
    let mut ours =
        undeliverable().readdress(elsewhere("b"), here().office(now())).expect("readdressed").value;
    let mut theirs = opened_by(&ours, &elsewhere("b")).expect("opened").value;
    all_told(&mut ours, &mut theirs, now());
    let later = now().plus(time::Duration::hours(1));
    let mut end = there();
    end.office.agency = id(40);
    theirs = theirs.forward(competent(41, "c"), String::new(), end.office(later)).expect("forwarded").value;
    let last = now().plus(time::Duration::hours(2));
    theirs = theirs.change_office(competent(42, "d"), end.itself(last)).expect("changed").value;
    all_told(&mut ours, &mut theirs, last);
    let wanted = [
        (office_there(), AddressedBy::Package, now()),
        (elsewhere("b"), AddressedBy::Readdressed, now()),
        (elsewhere("c"), AddressedBy::Forwarded, later),
        (elsewhere("d"), AddressedBy::OfficeChanged, last),
    ];
    for (side, current) in [(&ours, &ours.to), (&theirs, &theirs.from)] {
        let seen: Vec<_> = side.addressees().into_iter().map(|it| (it.office, it.by, it.since)).collect();
        assert_eq!(seen, wanted);
        assert_eq!(seen.last().map(|it| &it.0), Some(current));
        let package = &side.opening().expect("sent").package;
        assert_eq!(
            (&package.to, package.digest()),
            (&office_there(), ours.opening().expect("sent").package.digest())
        );
    }
}
