//! Requests for the data of a child: what is held, who decides, what may be answered and when.

use crate::{
    AgencyId, CodeList as _, Day, Decided, EntryId, Refused, Timestamp,
    access::{Caller, Relation},
    cases::{
        data_request::{
            DataRequest, DataRequestAnswer, DataRequestKind, DataRequestOutcome as Outcome,
            DataRequestStatus as Status, DataRequestVerdict as Verdict, DataRequester as Who, HoldReason,
            KnownRequester, NewDataRequest, Receiving, held_because,
        },
        file::Contact,
    },
    deadlines::{Change, DutyKind},
    given::{at, caller, case, codes, country, country_entry, id, in_days, now, rule_codes},
    vocabulary::{AgencyType, ContactDecision, ContactRelation, Role},
};

fn lead() -> Caller {
    let by = caller(case().lead, AgencyType::ChildProtection);
    Caller { role: Some(Role::CaseManager), professional: Some(id(41)), ..by }
}

fn officer() -> Caller {
    let by = caller(id(90), AgencyType::Dpo);
    Caller { role: Some(Role::Dpo), professional: Some(id(91)), ..by }
}

fn contact() -> Contact {
    Contact {
        relation: ContactRelation::Parent,
        name: None,
        birth_date: None,
        country: None,
        languages: Vec::new(),
        reached_by: None,
        address: None,
        lives_with_child: None,
        is_child: None,
        legal_responsibility: None,
        suspected: None,
        may_be_informed: None,
        decision: ContactDecision::NotDecided,
        wish: None,
        checked_on: None,
        remarks: None,
    }
}

fn asked(requester: Who) -> NewDataRequest {
    NewDataRequest {
        kind: DataRequestKind::Access,
        requester,
        contact: None,
        agency: None,
        name: None,
        received_on: in_days(0),
    }
}

fn recorded_by(by: &Caller, asked: NewDataRequest, now: Timestamp) -> Result<Decided<DataRequest>, Refused> {
    let (case, country) = (case(), country_entry());
    let known = KnownRequester::default();
    let oversight = Some(id(90));
    let at = Receiving { case: &case, country: &country, known, oversight, by, now };
    DataRequest::record(id(900), asked, &at)
}

fn recorded(requester: Who) -> DataRequest {
    recorded_by(&lead(), asked(requester), now()).expect("recorded").value
}

fn reviewed(it: &DataRequest, verdict: Verdict, by: &Caller) -> Result<Decided<DataRequest>, Refused> {
    it.review((verdict, "As it stands.".to_owned()), &case(), by, now())
}

fn answered(
    it: &DataRequest,
    outcome: Outcome,
    on: Day,
    by: &Caller,
) -> Result<Decided<DataRequest>, Refused> {
    let known = KnownRequester::default();
    it.answer(DataRequestAnswer { outcome, on }, (&case(), &country_entry(), &known), by, now())
}

#[test]
fn r90_allows_whom_the_case_knows_and_holds_everybody_else() {
    use AgencyType as A;
    let plain = contact();
    let excluded = [
        Contact { suspected: Some(true), ..contact() },
        Contact { may_be_informed: Some(false), ..contact() },
        Contact { decision: ContactDecision::NotAllowed, ..contact() },
    ];
    let innocent = Contact { suspected: Some(false), may_be_informed: Some(true), ..contact() };
    for who in Who::ALL {
        let held = |known: KnownRequester<'_>| held_because(*who, &known);
        let of = |contact| KnownRequester { contact: Some(contact), ..KnownRequester::default() };
        let by_contact = matches!(who, Who::Parent | Who::Relative | Who::OtherRepresentative);
        let by_agency = matches!(who, Who::Guardian | Who::Lawyer);
        let unknown = (by_contact || by_agency).then_some(HoldReason::NotKnown);
        assert_eq!(held(KnownRequester::default()), unknown, "{who}");
        for contact in [&plain, &innocent] {
            assert_eq!(held(of(contact)), unknown.filter(|_| by_agency), "{who}");
            let restricted =
                KnownRequester { restricted: true, takes_part: Some(A::LegalAid), ..of(contact) };
            assert_eq!(held(restricted), Some(HoldReason::RestrictedParty), "{who}");
        }
        for contact in &excluded {
            assert_eq!(held(of(contact)), Some(HoldReason::ContactExcluded), "{who}: {contact:?}");
        }
        for agency in AgencyType::ALL {
            let known = KnownRequester { takes_part: Some(*agency), ..KnownRequester::default() };
            let represents = match who {
                Who::Guardian => matches!(agency, A::GuardianPerson | A::GuardianshipAuthority),
                Who::Lawyer => *agency == A::LegalAid,
                _ => false,
            };
            assert_eq!(held(known), unknown.filter(|_| !represents), "{who} of {agency}");
        }
    }
}

#[test]
fn it_is_recorded_by_the_lead_whoever_asks_and_only_the_lead_and_oversight_are_told() {
    for (who, status, told) in [
        (Who::Child, Status::Open, vec![case().lead]),
        (Who::Parent, Status::Held, vec![case().lead, id::<AgencyId>(90)]),
    ] {
        let decided = recorded_by(&lead(), asked(who), now()).expect("recorded");
        assert_eq!(decided.value.status, status, "{who}");
        assert_eq!(decided.facts[0].audience, told, "{who}");
        let duties: Vec<_> = decided
            .deadlines
            .iter()
            .map(|it| match it {
                Change::Opened(it) => {
                    assert_eq!(
                        (it.case, it.subject_id),
                        (None, decided.value.id.0),
                        "no participant sees it"
                    );
                    (it.kind, it.owner)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let answer = (DutyKind::AnswerDataRequest, case().lead);
        let review = (DutyKind::ReviewDataRequest, id::<AgencyId>(90));
        assert_eq!(duties, if status == Status::Held { vec![answer, review] } else { vec![answer] }, "{who}");
    }
    let abroad = Caller { country: country("LV"), ..lead() };
    let worker = Caller { role: Some(Role::ShelterWorker), ..lead() };
    let opener = Caller { agency: id(1), ..lead() };
    for by in [abroad, worker, opener, officer()] {
        let refused = recorded_by(&by, asked(Who::Child), now());
        assert!(matches!(refused, Err(Refused::NotYours(_))), "{by:?}");
    }
}

#[test]
fn the_answer_is_due_one_month_after_the_receipt_whenever_it_was_recorded() {
    let later = at("2026-12-20T08:00:00Z");
    for recorded_at in [now(), later] {
        let decided = recorded_by(&lead(), asked(Who::Parent), recorded_at).expect("recorded");
        let due = decided.deadlines.iter().find_map(|it| match it {
            Change::Opened(it) if it.kind == DutyKind::AnswerDataRequest => Some(it.due_at),
            _ => None,
        });
        // From the 24th of December to the Sunday after it is no working day in Estonia: the end of Monday the 28th.
        let day = country_entry().day_of(due.expect("a duty"));
        assert_eq!(Day(day), Day::parse("2026-12-29").expect("a day"));
    }
}

#[test]
fn a_request_has_a_day_and_one_name() {
    let with = |change: fn(&mut NewDataRequest)| {
        let mut it = asked(Who::Parent);
        change(&mut it);
        match recorded_by(&lead(), it, now()) {
            Ok(_) => Vec::new(),
            Err(refused) => codes(refused.violations()),
        }
    };
    assert_eq!(with(|_| {}), [""; 0]);
    assert_eq!(with(|it| it.received_on = in_days(1)), ["in_the_future"]);
    assert_eq!(with(|it| it.received_on = in_days(-1)), ["before_the_case"]);
    assert_eq!(with(|it| it.name = Some("Invented".to_owned())), [""; 0]);
    let both = |it: &mut NewDataRequest| {
        (it.name, it.contact) = (Some("Invented".to_owned()), Some(id::<EntryId>(7)));
    };
    assert_eq!(with(both), ["named_twice"]);
    assert_eq!(with(|it| it.agency = Some(id(7))), ["no_representative"]);
    assert_eq!(with(|it| (it.agency, it.requester) = (Some(id(7)), Who::Lawyer)), [""; 0]);
}

#[test]
fn a_data_protection_officer_who_did_not_record_it_decides_once_while_it_is_held() {
    let held = recorded(Who::Parent);
    for (verdict, status) in [(Verdict::Release, Status::Open), (Verdict::Refuse, Status::Refused)] {
        let decided = reviewed(&held, verdict, &officer()).expect("decided");
        assert_eq!(decided.value.status, status);
        assert_eq!(decided.deadlines.len(), 1);
        let again = reviewed(&decided.value, verdict, &officer());
        assert!(matches!(again, Err(Refused::WrongState(_))));
    }
    let open = reviewed(&recorded(Who::Child), Verdict::Refuse, &officer());
    assert!(matches!(open, Err(Refused::WrongState(_))), "it is not held");
    let same = Caller { professional: held.professional, ..officer() };
    let nobody = Caller { professional: None, ..officer() };
    let abroad = Caller { country: country("LV"), ..officer() };
    let role = Caller { role: Some(Role::Supervisor), ..officer() };
    let agency = Caller { role: Some(Role::Dpo), ..lead() };
    for by in [same, nobody, abroad, role, agency, lead()] {
        assert!(matches!(reviewed(&held, Verdict::Release, &by), Err(Refused::NotYours(_))), "{by:?}");
    }
}

#[test]
fn r90_refuses_an_answer_while_it_is_held_and_to_give_what_was_refused() {
    let held = recorded(Who::Parent);
    let released = reviewed(&held, Verdict::Release, &officer()).expect("released").value;
    let refused = reviewed(&held, Verdict::Refuse, &officer()).expect("refused").value;
    for outcome in Outcome::ALL {
        for (it, may) in [
            (&held, false),
            (&released, true),
            (&recorded(Who::Child), true),
            (&refused, *outcome == Outcome::Refused),
        ] {
            match answered(it, *outcome, in_days(0), &lead()) {
                Ok(decided) => {
                    assert!(may, "{outcome} of {:?}", it.status);
                    let done = decided.value;
                    assert_eq!((done.status, decided.deadlines.len()), (Status::Answered, 1));
                    let again = answered(&done, *outcome, in_days(0), &lead());
                    assert!(matches!(again, Err(Refused::WrongState(_))));
                }
                Err(error) => {
                    assert!(!may, "{outcome} of {:?}", it.status);
                    assert_eq!(rule_codes(error.violations()), ["R90"]);
                }
            }
        }
    }
    let open = recorded(Who::Child);
    for (on, code) in [(in_days(1), "in_the_future"), (in_days(-1), "before_the_request")] {
        let error = answered(&open, Outcome::Given, on, &lead()).expect_err("no such day");
        assert_eq!(codes(error.violations()), [code]);
    }
    assert!(matches!(answered(&open, Outcome::Given, in_days(0), &officer()), Err(Refused::NotYours(_))));
}

#[test]
fn r90_refuses_to_give_to_whom_the_case_has_learned_to_fear_since_unless_it_was_decided() {
    let (innocent, feared) = (contact(), Contact { suspected: Some(true), ..contact() });
    let of = |contact| KnownRequester { contact: Some(contact), ..KnownRequester::default() };
    let answer = |it: &DataRequest, outcome, known: &KnownRequester<'_>| {
        let answer = DataRequestAnswer { outcome, on: in_days(0) };
        it.answer(answer, (&case(), &country_entry(), known), &lead(), now())
    };
    let held = recorded(Who::Parent);
    let open = DataRequest { status: Status::Open, hold: None, ..held.clone() };
    assert!(answer(&open, Outcome::Given, &of(&innocent)).is_ok());
    for gives in [Outcome::Given, Outcome::GivenPartly] {
        let refused = answer(&open, gives, &of(&feared)).expect_err("held today");
        assert_eq!(rule_codes(refused.violations()), ["R90"]);
    }
    assert!(answer(&open, Outcome::Refused, &of(&feared)).is_ok());
    let released = reviewed(&held, Verdict::Release, &officer()).expect("released").value;
    assert!(answer(&released, Outcome::Given, &of(&feared)).is_ok(), "somebody has decided");
}

#[test]
fn it_is_shown_to_those_who_keep_it_and_what_is_held_to_oversight() {
    let (held, open) = (recorded(Who::Parent), recorded(Who::Child));
    for it in [&held, &open] {
        assert!(it.shown_to(&lead(), true) && !it.shown_to(&lead(), false));
        assert!(!it.shown_to(&Caller { role: Some(Role::ShelterWorker), ..lead() }, true));
    }
    assert!(held.shown_to(&officer(), false) && !open.shown_to(&officer(), false));
    assert!(!DataRequest::names_to(&officer(), &Relation::Lead), "an officer reads no names");
    assert!(
        DataRequest::names_to(&lead(), &Relation::Lead) && !DataRequest::names_to(&lead(), &Relation::Opener)
    );
}
