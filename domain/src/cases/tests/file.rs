//! Entries of the case file and links: what is refused, what is owed, who may know.

use crate::{
    BirthDate, Decided, PartialDate, Refused, Version,
    access::{Caller, Relation},
    cases::{
        Case, Link, Name, NewLink,
        file::{
            Contact, Content, Document, Entry, Filing, LARGEST_DOCUMENT, Leg, Movement, Note, StoredContent,
        },
    },
    deadlines::{Change, DutyKind, Outcome},
    events::EventType,
    given::{caller, case, codes, country, country_entry, id, in_days, now, rule_codes},
    vocabulary::{
        AgencyType, ContactDecision, ContactRelation, ContactWish, DataClass, FileDocumentKind,
        LinkConfidentiality, LinkRelation, MediaType, MovementPurpose, Purpose, Role,
    },
};

fn by(agency: u128, agency_type: AgencyType, role: Role) -> Caller {
    let mut caller = caller(id(agency), agency_type);
    if role == Role::Investigator {
        caller.purpose = Purpose::Investigation;
    }
    Caller { role: Some(role), ..caller }
}

fn manager() -> Caller {
    by(4, AgencyType::ChildProtection, Role::CaseManager)
}

fn contact(relation: ContactRelation) -> Contact {
    Contact {
        relation,
        name: Some(Name { given: Some("Invented".to_owned()), family: None }),
        birth_date: None,
        country: None,
        languages: Vec::new(),
        reached_by: Some("invented telephone".to_owned()),
        address: Some("Invented Street 9".to_owned()),
        lives_with_child: None,
        is_child: None,
        legal_responsibility: None,
        suspected: None,
        may_be_informed: None,
        decision: ContactDecision::NotDecided,
        wish: None,
        checked_on: None,
        remarks: Some("words".to_owned()),
    }
}

fn record<C: Content>(content: C, by: &Caller) -> Result<Decided<Entry<C>>, Refused> {
    let (case, country) = (case(), country_entry());
    Entry::record(id(900), content, &Filing { case: &case, country: &country, by, now: now() })
}

fn amend<C: Content>(before: &Entry<C>, content: C) -> Decided<Entry<C>> {
    let (case, country, by) = (case(), country_entry(), manager());
    let at = Filing { case: &case, country: &country, by: &by, now: now() };
    before.amend(content, &at).expect("amended")
}

fn refused<C: Content>(content: C, by: &Caller) -> Vec<&'static str> {
    record(content, by).map(|_| ()).expect_err("refused").violations().iter().map(|it| it.code).collect()
}

#[test]
fn r68_warns_of_a_child_whom_nobody_has_looked_after_and_opens_a_duty() {
    let sibling = contact(ContactRelation::Sibling);
    let decided = record(sibling.clone(), &manager()).expect("recorded");
    assert_eq!(rule_codes(&decided.warnings), ["R68"]);
    let [Change::Opened(duty)] = &decided.deadlines[..] else { panic!("{:?}", decided.deadlines) };
    assert_eq!(
        (duty.kind, duty.owner, duty.subject_id),
        (DutyKind::CheckSibling, id(4), id::<uuid::Uuid>(900))
    );
    assert_eq!(duty.due_at, now().plus(time::Duration::hours(72)));
    let checked = Contact { checked_on: Some(in_days(0)), ..sibling };
    let done = amend(&decided.value, checked.clone());
    assert_eq!(
        done.deadlines,
        [Change::Closed { subject_id: id(900), kind: DutyKind::CheckSibling, outcome: Outcome::Fulfilled }]
    );
    assert_eq!((done.value.version, done.facts[0].version), (Version(2), 2));
    assert_eq!(amend(&done.value, checked).deadlines, [], "it is closed once");
}

#[test]
fn r68_allows_whoever_is_grown_up_or_was_looked_after() {
    let born = |year| Some(BirthDate { year, month: None, day: None });
    let sibling = contact(ContactRelation::Sibling);
    for (quiet, it) in [
        (true, Contact { birth_date: born(1990), ..sibling.clone() }),
        (true, Contact { is_child: Some(false), ..sibling.clone() }),
        (true, Contact { checked_on: Some(in_days(-1)), ..sibling.clone() }),
        (true, contact(ContactRelation::Parent)),
        (true, Contact { birth_date: born(2016), ..contact(ContactRelation::Friend) }),
        (
            false,
            Contact {
                birth_date: born(2016),
                lives_with_child: Some(true),
                ..contact(ContactRelation::Friend)
            },
        ),
        (
            false,
            Contact {
                is_child: Some(true),
                lives_with_child: Some(true),
                ..contact(ContactRelation::OwnChild)
            },
        ),
    ] {
        let decided = record(it.clone(), &manager()).expect("recorded");
        assert_eq!((decided.deadlines.is_empty(), decided.warnings.is_empty()), (quiet, quiet), "{it:?}");
    }
}

#[test]
fn r36_refuses_to_tell_a_suspect_or_to_leave_the_child_alone_with_one() {
    let suspect = Contact { suspected: Some(true), ..contact(ContactRelation::Parent) };
    for it in [
        Contact { may_be_informed: Some(true), ..suspect.clone() },
        Contact { decision: ContactDecision::Allowed, ..suspect },
    ] {
        let violations = record(it, &manager()).expect_err("refused");
        assert_eq!(rule_codes(violations.violations()), ["R36"]);
    }
}

#[test]
fn r36_allows_supervised_contact_with_a_suspect_and_telling_others() {
    let parent = contact(ContactRelation::Parent);
    for it in [
        Contact { suspected: Some(true), decision: ContactDecision::Supervised, ..parent.clone() },
        Contact { may_be_informed: Some(true), decision: ContactDecision::Allowed, ..parent },
    ] {
        assert!(record(it, &manager()).is_ok());
    }
}

#[test]
fn contact_that_the_child_refuses_is_not_arranged() {
    let it = Contact {
        wish: Some(ContactWish::Refused),
        decision: ContactDecision::Supervised,
        ..contact(ContactRelation::Parent)
    };
    assert_eq!(refused(it.clone(), &manager()), ["against_the_childs_wish"]);
    assert!(record(Contact { decision: ContactDecision::NotAllowed, ..it }, &manager()).is_ok());
}

#[test]
fn r23_warns_of_contact_without_an_assessment_of_best_interests() {
    let it = Contact { decision: ContactDecision::Allowed, ..contact(ContactRelation::Grandparent) };
    assert_eq!(rule_codes(&record(it, &manager()).expect("recorded").warnings), ["R23"]);
}

#[test]
fn r23_allows_what_is_not_arranged() {
    for decision in [ContactDecision::NotDecided, ContactDecision::NotAllowed] {
        let it = Contact { decision, ..contact(ContactRelation::Grandparent) };
        assert_eq!(record(it, &manager()).expect("recorded").warnings, []);
    }
}

#[test]
fn r88_refuses_a_named_suspect_from_whoever_is_no_authority() {
    let suspect = Contact { suspected: Some(true), ..contact(ContactRelation::Employer) };
    let note = Note { category: DataClass::D11AllegedOffenders, text: "words".to_owned(), corrects: None };
    for outside in [AgencyType::NgoMandated, AgencyType::NgoSupport, AgencyType::Shelter] {
        let by = by(4, outside, Role::CaseManager);
        let found = record(suspect.clone(), &by).expect_err("refused");
        assert_eq!(rule_codes(found.violations()), ["R88"]);
        let found = record(note.clone(), &by).expect_err("refused");
        assert_eq!(rule_codes(found.violations()), ["R88"]);
    }
}

#[test]
fn r88_allows_authorities_to_name_a_suspect() {
    let suspect = Contact { suspected: Some(true), ..contact(ContactRelation::Employer) };
    let note = Note { category: DataClass::D11AllegedOffenders, text: "words".to_owned(), corrects: None };
    for authority in [AgencyType::Police, AgencyType::ChildProtection, AgencyType::Prosecution] {
        let by = by(4, authority, Role::CaseManager);
        assert!(record(suspect.clone(), &by).is_ok() && record(note.clone(), &by).is_ok());
    }
}

#[test]
fn a_summary_of_a_contact_names_nobody() {
    let it = contact(ContactRelation::Parent).summary();
    let text = serde_json::to_string(&it).expect("text");
    assert!(!text.contains("nvented") && !text.contains("words"), "{text}");
    assert_eq!(it.relation, ContactRelation::Parent);
}

fn leg(from: &str, to: &str, departed: &str, arrived: &str) -> Leg {
    Leg {
        from: country(from),
        from_place: None,
        to: country(to),
        to_place: None,
        departed: PartialDate::parse(departed),
        arrived: PartialDate::parse(arrived),
        transport: None,
        crossing: None,
        with: Vec::new(),
    }
}

#[test]
fn a_route_is_joined_and_goes_forward_in_time_as_far_as_it_is_known() {
    let route = |legs: &[Leg]| Movement {
        purpose: MovementPurpose::Exploitation,
        legs: legs.to_vec(),
        remarks: None,
    };
    for legs in [
        vec![leg("LV", "EE", "2026-09", "2026-09"), leg("EE", "EE", "2026-09-30", "2026-10")],
        vec![
            leg("UA", "PL", "2025", "2025-03"),
            leg("PL", "LV", "2025-03-01", ""),
            leg("LV", "EE", "", "2026"),
        ],
        vec![leg("LV", "EE", "", "")],
    ] {
        assert!(record(route(&legs), &manager()).is_ok(), "{legs:?}");
    }
    for (legs, why) in [
        (vec![], "route_empty"),
        (vec![leg("LV", "EE", "", ""), leg("LV", "EE", "", "")], "route_broken"),
        (vec![leg("LV", "EE", "2026-09", "2026-08")], "route_reversed"),
        (vec![leg("LV", "EE", "2026-09-02", ""), leg("EE", "FI", "2026-09-01", "")], "route_reversed"),
        (vec![leg("LV", "EE", "2031", "")], "in_the_future"),
    ] {
        assert_eq!(refused(route(&legs), &manager()), [why], "{legs:?}");
    }
}

#[test]
fn what_has_a_place_of_its_own_is_no_note() {
    for category in [
        DataClass::D2Whereabouts,
        DataClass::D8TherapyNotes,
        DataClass::D9InterviewRecordingLocator,
        DataClass::D10Intelligence,
        DataClass::D16AccessLog,
    ] {
        let note = Note { category, text: "words".to_owned(), corrects: None };
        assert_eq!(refused(note, &manager()), ["class_kept_elsewhere"]);
    }
}

fn document(media_type: MediaType, bytes: &[u8]) -> Document {
    Document {
        category: DataClass::D4ExploitationNarrative,
        kind: FileDocumentKind::PoliceReport,
        title: "An invented report".to_owned(),
        issued_on: None,
        media_type,
        length: u32::try_from(bytes.len()).expect("short"),
        sha256: "announced".to_owned(),
    }
}

#[test]
fn bytes_are_taken_once_and_only_those_that_were_announced() {
    let (case, country, by) = (case(), country_entry(), manager());
    let at = Filing { case: &case, country: &country, by: &by, now: now() };
    let text = b"An invented report.\n".as_slice();
    let entry = record(document(MediaType::Text, text), &by).expect("announced").value;
    let stored = entry.store(text, "announced", None, &at).expect("stored");
    assert_eq!(
        (stored.value, stored.facts[0].event),
        (StoredContent { stored_at: now() }, EventType::DocumentStored)
    );
    let again = entry.store(text, "announced", Some(stored.value), &at).expect("the same");
    assert_eq!((again.value, again.facts.len()), (stored.value, 0));
    let why = |bytes: &[u8], digest: &str| {
        codes(entry.store(bytes, digest, None, &at).expect_err("refused").violations())
    };
    assert_eq!(why(text, "other"), ["digest_differs"]);
    assert_eq!(why(b"short", "announced"), ["length_differs"]);
    assert_eq!(why(b"\x00n invented report.\n", "announced"), ["type_differs"]);
}

#[test]
fn a_file_begins_as_its_type_does() {
    let (case, country, by) = (case(), country_entry(), manager());
    let at = Filing { case: &case, country: &country, by: &by, now: now() };
    let files: [(MediaType, &[u8]); 4] = [
        (MediaType::Pdf, b"%PDF-1.7 and so on"),
        (MediaType::Jpeg, &[0xFF, 0xD8, 0xFF, 0xE0, 0, 16]),
        (MediaType::Png, b"\x89PNG\r\n\x1a\n\0\0"),
        (MediaType::Text, "naïve text\n".as_bytes()),
    ];
    for (media, _) in files {
        for (real, bytes) in files {
            let entry = record(document(media, bytes), &by).expect("announced").value;
            let taken = entry.store(bytes, "announced", None, &at).is_ok();
            // Only a PDF that is plain text so far passes for a text.
            assert_eq!(
                taken,
                media == real || (media, real) == (MediaType::Text, MediaType::Pdf),
                "{media} {real}"
            );
        }
    }
}

#[test]
fn a_document_is_neither_empty_nor_beyond_the_limit() {
    let limit = u32::try_from(LARGEST_DOCUMENT).expect("fits");
    for (length, fits) in [(0, false), (1, true), (limit, true), (limit + 1, false)] {
        let it = Document { length, ..document(MediaType::Text, b"") };
        assert_eq!(record(it, &manager()).is_ok(), fits, "{length}");
    }
}

fn other() -> Case {
    Case { id: id(700), child: id(701), lead: id(5), opened_by: id(6), ..case() }
}

fn link(
    relation: LinkRelation,
    confidentiality: Option<LinkConfidentiality>,
    by: &Caller,
) -> Result<Decided<Link>, Refused> {
    let new = NewLink { relation, confidentiality, remarks: None };
    let case = case();
    let to = case.own_relation(by).unwrap_or(Relation::from(vec![DataClass::D3FamilyContacts]));
    Link::record(id(800), new, (&case, &to), &other(), by, now())
}

#[test]
fn a_link_tells_each_agency_as_much_as_its_confidentiality_allows() {
    let investigator = by(1, AgencyType::Police, Role::Investigator);
    for (confidentiality, told) in [
        (LinkConfidentiality::CaseTeam, vec![vec![id(4), id(1)], vec![id(5), id(6)]]),
        (LinkConfidentiality::LeadAgency, vec![vec![id(4), id(1)], vec![id(5)]]),
        (LinkConfidentiality::CriminalTrack, vec![vec![id(1)]]),
    ] {
        let decided = link(LinkRelation::CoVictim, Some(confidentiality), &investigator).expect("linked");
        let audiences: Vec<_> = decided.facts.iter().map(|it| it.audience.clone()).collect();
        assert_eq!(audiences, told, "{confidentiality}");
        let told = serde_json::json!({ "confidentiality": confidentiality });
        assert!(decided.facts.iter().all(|it| it.payload == told));
    }
}

#[test]
fn who_may_know_of_a_link_follows_from_it_and_not_from_the_other_case() {
    let investigator = by(1, AgencyType::Police, Role::Investigator);
    let medic = by(9, AgencyType::HealthPhysical, Role::MedicalExaminer);
    let given = Relation::from(vec![DataClass::D3FamilyContacts]);
    let colleague = by(5, AgencyType::ChildProtection, Role::CaseManager);
    let screener = by(6, AgencyType::Police, Role::Screener);
    let known = |it: LinkConfidentiality| {
        let made = link(LinkRelation::Sibling, Some(it), &investigator).expect("linked").value;
        let (one, two) = (case(), other());
        [
            made.known_to(&investigator, (&one, &Relation::Opener)),
            made.known_to(&medic, (&one, &given)),
            made.known_to(&colleague, (&two, &Relation::Lead)),
            made.known_to(&screener, (&two, &Relation::Opener)),
        ]
    };
    assert_eq!(known(LinkConfidentiality::CaseTeam), [true, true, true, true]);
    assert_eq!(known(LinkConfidentiality::LeadAgency), [true, false, true, false]);
    assert_eq!(known(LinkConfidentiality::CriminalTrack), [true, false, false, false]);
}

#[test]
fn only_the_investigation_keeps_links_to_itself() {
    let secret = Some(LinkConfidentiality::CriminalTrack);
    let refused = link(LinkRelation::SameRing, secret, &manager()).expect_err("refused");
    assert_eq!(codes(refused.violations()), ["not_your_track"]);
    let lead = link(LinkRelation::SameRing, None, &manager()).expect("linked").value;
    assert_eq!(lead.confidentiality, LinkConfidentiality::LeadAgency);
    let investigator = by(1, AgencyType::Police, Role::Investigator);
    let kept = link(LinkRelation::SameRing, None, &investigator).expect("linked").value;
    assert_eq!(kept.confidentiality, LinkConfidentiality::CriminalTrack);
}

#[test]
fn a_guest_links_nothing_and_a_child_is_not_linked_to_itself() {
    let guest = by(9, AgencyType::ChildProtection, Role::CaseManager);
    assert!(matches!(link(LinkRelation::Sibling, None, &guest), Err(Refused::NotYours(_))));
    let new = || NewLink { relation: LinkRelation::Sibling, confidentiality: None, remarks: None };
    let twin = Case { child: case().child, ..other() };
    for same in [case(), twin] {
        let refused = Link::record(id(800), new(), (&case(), &Relation::Lead), &same, &manager(), now());
        assert_eq!(codes(refused.expect_err("refused").violations()), ["same_child"]);
    }
}

#[test]
fn a_link_is_ended_once_by_whoever_made_it_or_leads_a_side() {
    let made = link(LinkRelation::Sibling, None, &by(1, AgencyType::Police, Role::CaseManager))
        .expect("linked")
        .value;
    let end = |agency| {
        made.end("words".to_owned(), (&case(), &other()), &caller(id(agency), AgencyType::Police), now())
    };
    for agency in [1, 4, 5] {
        let ended = end(agency).expect("ended").value;
        assert_eq!((ended.until, ended.version), (Some(now()), Version(2)));
        let again = ended.end("words".to_owned(), (&case(), &other()), &manager(), now());
        assert!(matches!(again, Err(Refused::WrongState(_))));
    }
    assert!(matches!(end(6), Err(Refused::NotYours(_))), "it took the other case in, and leads it no more");
}
