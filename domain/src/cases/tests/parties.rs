//! Who takes part by a grant and who is never to know: what is decided without a database.

use serde_json::json;

use crate::{
    AgencyId, EntryId, Refused,
    access::{AssuranceLevel, Caller},
    cases::file::{
        ClassAccess, ClassGrant, EndedEarly, Entry, Filing, LiftStep, Participant, ParticipantStatus,
        RestrictedParty, Restriction, RestrictionStatus, ShutOutTry, refuse_restricted, told_of_attempt,
        told_of_try,
    },
    events::EventType,
    given::{caller, case, codes, country_entry, id, now, rule_codes},
    vocabulary::{AgencyType, DataClass, LawfulBasis, Role},
};

fn manager() -> Caller {
    caller(id(4), AgencyType::ChildProtection)
}

fn reads(class: DataClass) -> ClassGrant {
    ClassGrant { class, access: ClassAccess::Read, lawful_bases: LawfulBasis::ALL.to_vec(), order: None }
}

fn participant(agency_type: AgencyType, classes: Vec<ClassGrant>) -> Participant {
    Participant {
        agency: id(7),
        agency_type,
        unit: None,
        professional: None,
        role: None,
        classes,
        since: now(),
        until: None,
        reason: "Invented".to_owned(),
        ended: None,
        restricted: false,
    }
}

fn restriction(party: RestrictedParty) -> Restriction {
    Restriction { party, since: now(), reason: "Invented".to_owned(), lift_requested: None, lifted: None }
}

fn recorded<C: crate::cases::file::Content>(
    content: C,
    by: &Caller,
) -> Result<crate::Decided<Entry<C>>, Refused> {
    let (case, country) = (case(), country_entry());
    Entry::record(id::<EntryId>(800), content, &Filing { case: &case, country: &country, by, now: now() })
}

fn amended<C: crate::cases::file::Content>(
    before: &Entry<C>,
    content: C,
    by: &Caller,
) -> Result<crate::Decided<Entry<C>>, Refused> {
    let (case, country) = (case(), country_entry());
    before.amend(content, &Filing { case: &case, country: &country, by, now: now() })
}

use crate::CodeList as _;

#[test]
fn r91_refuses_whoever_is_never_to_know_wherever_somebody_brings_it_in() {
    let barred = Participant { restricted: true, ..participant(AgencyType::Shelter, vec![]) };
    let refused = recorded(barred, &manager()).expect_err("never to know");
    assert_eq!(rule_codes(refused.violations()), ["R91"]);
    let refused = refuse_restricted(true, "/toAgencyId").expect_err("never to know");
    assert_eq!(rule_codes(refused.violations()), ["R91"]);
    let told = told_of_attempt(&case(), id(7));
    assert_eq!((told.event, told.audience), (EventType::RestrictedPartyRefused, vec![id(4)]));
}

/// R91: who is shut out and asks is told of to the lead, and never to an agency that is shut out; who tells of a colleague is told
/// with somebody outside.
#[test]
fn r91_tells_the_lead_of_whoever_is_shut_out_and_asks() {
    let tried = |agency| ShutOutTry { restriction: id(11), agency, professional: Some(id(5)), at: now() };
    let told = told_of_try(&case(), &tried(id(7)), Some(id(9)));
    assert_eq!((told.event, told.audience), (EventType::ShutOutTried, vec![id(4)]));
    assert_eq!(
        (&told.payload["agencyId"], &told.payload["restrictionId"]),
        (&json!(id::<AgencyId>(7)), &json!(id::<EntryId>(11)))
    );
    assert_eq!(
        told_of_try(&case(), &tried(id(4)), Some(id(9))).audience,
        [id(4), id(9)],
        "one of its own people"
    );
    assert_eq!(told_of_try(&case(), &tried(id(4)), Some(id(4))).audience, [id(4)]);
    assert_eq!(told_of_try(&case(), &tried(id(9)), Some(id(9))).audience, [id(4)], "oversight is shut out");
}

#[test]
fn r91_allows_everybody_else() {
    assert!(refuse_restricted(false, "/toAgencyId").is_ok());
    let made = recorded(participant(AgencyType::Shelter, vec![reads(DataClass::D1Identity)]), &manager());
    let made = made.expect("takes part");
    assert_eq!(made.facts[0].event, EventType::ParticipantAdded);
    assert_eq!(made.facts[0].audience, [id(4), id(1), id(7)], "lead, opener, and who takes part");
}

/// No grant gives what the type of agency may not be shown, what the lead does not read itself, or therapy notes.
#[test]
fn a_grant_ends_where_agency_type_and_lead_end() {
    let lead = manager();
    for agency_type in AgencyType::ALL {
        let given = crate::access::grant_ceiling(*agency_type);
        for class in DataClass::ALL {
            let made = recorded(participant(*agency_type, vec![reads(*class)]), &lead);
            let own = crate::access::reach_of_class(&lead, &crate::access::Relation::Lead, *class)
                >= crate::access::Depth::Summary;
            let without_order = !crate::access::needs_order(*agency_type, *class);
            assert_eq!(made.is_ok(), given.contains(class) && own && without_order, "{agency_type} {class}");
            assert!(
                made.is_err() || *class != DataClass::D8TherapyNotes && *class != DataClass::D16AccessLog
            );
        }
    }
}

#[test]
fn a_role_that_reads_on_condition_needs_its_order() {
    let mut health = reads(DataClass::D7Health);
    let asked = |grant: &ClassGrant| {
        let it = participant(AgencyType::Prosecution, vec![grant.clone()]);
        recorded(Participant { role: Some(Role::Prosecutor), ..it }, &manager())
    };
    assert_eq!(codes(asked(&health).expect_err("no order").violations()), ["order_missing"]);
    health.order = Some("Order 7/2026".to_owned());
    let given = asked(&health).expect("ordered").value.content.grant();
    assert_eq!(given.ordered, [DataClass::D7Health]);
    let nothing = participant(AgencyType::HealthPhysical, vec![reads(DataClass::D5Indicators)]);
    let refused =
        recorded(Participant { role: Some(Role::Therapist), ..nothing }, &manager()).expect_err("nothing");
    assert_eq!(rule_codes(refused.violations()), ["R75"]);
}

#[test]
fn only_who_decides_for_the_lead_says_who_takes_part_or_never_knows() {
    let member = Caller { role: Some(Role::MdtMember), ..manager() };
    let opener = caller(id(1), AgencyType::Police);
    for by in [member, opener] {
        let made = recorded(participant(AgencyType::Shelter, vec![reads(DataClass::D1Identity)]), &by);
        assert!(matches!(made, Err(Refused::NotYours(_))));
        let shut = recorded(restriction(RestrictedParty::Agency(id(7))), &by);
        assert!(matches!(shut, Err(Refused::NotYours(_))));
    }
}

#[test]
fn what_is_over_stays_as_it_is() {
    let made = recorded(participant(AgencyType::Shelter, vec![reads(DataClass::D1Identity)]), &manager());
    let made = made.expect("takes part").value;
    assert_eq!(made.content.status(now()), ParticipantStatus::Current);
    let ended = Some(EndedEarly { at: now(), reason: "Over".to_owned() });
    let over = amended(&made, Participant { ended, ..made.content.clone() }, &manager()).expect("ended");
    assert_eq!(over.facts[0].event, EventType::ParticipantEnded);
    let over = over.value;
    assert_eq!((over.content.status(now()), over.content.over_at()), (ParticipantStatus::Ended, Some(now())));
    assert!(matches!(amended(&over, made.content, &manager()), Err(Refused::WrongState(_))));
}

#[test]
fn two_people_lift_a_restriction() {
    let made = recorded(restriction(RestrictedParty::Agency(id(7))), &manager()).expect("shut").value;
    assert_eq!(made.content.status(), RestrictionStatus::Active);
    assert!(matches!(made.content.may_confirm(&manager()), Err(Refused::WrongState(_))));
    let step = LiftStep::by(&manager(), now(), Some("Mistake".to_owned()));
    let asked = Restriction { lift_requested: Some(step), ..made.content.clone() };
    let asked = amended(&made, asked, &manager()).expect("asked").value;
    assert_eq!(asked.content.status(), RestrictionStatus::LiftRequested);
    assert!(matches!(asked.content.may_confirm(&manager()), Err(Refused::NotYours(_))));
    let second = Caller { professional: Some(id(905)), ..manager() };
    assert!(asked.content.may_confirm(&second).is_ok());
    let lifted = Restriction { lifted: Some(LiftStep::by(&second, now(), None)), ..asked.content.clone() };
    let lifted = amended(&asked, lifted, &second).expect("lifted");
    assert_eq!(lifted.facts[0].event, EventType::RestrictionLifted);
    assert_eq!(lifted.facts[0].audience, [id(4)], "the lead alone is told");
    assert!(matches!(amended(&lifted.value, made.content, &second), Err(Refused::WrongState(_))));
}

#[test]
fn nobody_shuts_out_the_lead_or_itself() {
    let me = manager().professional.expect("somebody");
    for party in [RestrictedParty::Agency(id(4)), RestrictedParty::Professional(me)] {
        let refused = recorded(restriction(party), &manager()).expect_err("the lead");
        assert_eq!(codes(refused.violations()), ["restricts_the_lead"]);
    }
    assert!(recorded(restriction(RestrictedParty::Professional(id(906))), &manager()).is_ok());
}

#[test]
fn a_summary_says_who_and_what_and_not_why() {
    let mut grant = reads(DataClass::D7Health);
    grant.order = Some("Order 7/2026".to_owned());
    let it = participant(AgencyType::Prosecution, vec![grant]).summary();
    assert!(it.reason.is_empty() && it.classes[0].order.is_none() && it.classes[0].lawful_bases.is_empty());
    assert_eq!(it.classes[0].class, DataClass::D7Health);
}

#[test]
fn a_recognition_is_fresh_for_a_quarter_of_an_hour() {
    let at = |level, seconds_ago| crate::access::Assurance { level, seconds_ago };
    assert!(at(AssuranceLevel::High, Some(900)).is_fresh_and_high());
    assert!(!at(AssuranceLevel::High, Some(901)).is_fresh_and_high());
    assert!(!at(AssuranceLevel::High, None).is_fresh_and_high());
    assert!(!at(AssuranceLevel::Substantial, Some(0)).is_fresh_and_high());
}
