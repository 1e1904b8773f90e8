//! Duplicates and errors.

use super::*;
use crate::{
    BirthDate,
    cases::{Identity, Name},
    vocabulary::AgeCertainty,
};

fn named(given: &str, born: &str) -> Identity {
    Identity {
        name: Some(Name { given: Some(given.to_owned()), family: None }),
        birth_date: BirthDate::parse(born),
        age_certainty: Some(AgeCertainty::Documented),
        ..Identity::default()
    }
}

fn proof<'a>(this: &'a Identity, other: &'a Identity) -> Proof<'a> {
    Proof { same_record: false, confirmed_match: false, two_children: false, this, other }
}

fn seen(evidence: DuplicateEvidence) -> Merge {
    Merge { evidence: vec![evidence], reasons: "the same passport".to_owned() }
}

fn other() -> Case {
    Case { id: id(200), ..at(S::Open) }
}

fn merged(act: &Merge, into: &Case, proof: &Proof<'_>) -> Result<Decided<Moved>, Refused> {
    let (world, by) = (World::new(), supervisor());
    at(S::Open).merge(act, into, proof, &world.setting(&by))
}

#[test]
fn r111_allows_named_proof() {
    let child = named("Mari", "2012-05-01");
    for evidence in
        [DuplicateEvidence::SameDocument, DuplicateEvidence::Biometrics, DuplicateEvidence::RecognisedByTwo]
    {
        let decided = merged(&seen(evidence), &other(), &proof(&child, &child)).expect("merged");
        let moved = &decided.value;
        assert_eq!((moved.case.status, moved.entry.other), (S::Merged, Some(id(200))));
        let (into, entry) = moved.into.as_ref().expect("the other case knows");
        assert_eq!(
            (into.status, into.version, entry.other),
            (S::Open, crate::Version(2), Some(moved.case.id))
        );
        assert_eq!(decided.facts.len(), 2, "both files say so");
    }
    let confirmed = Proof { confirmed_match: true, ..proof(&child, &child) };
    assert!(merged(&seen(DuplicateEvidence::ConfirmedMatch), &other(), &confirmed).is_ok());
    let same = Proof { same_record: true, ..proof(&child, &child) };
    assert!(merged(&seen(DuplicateEvidence::SimilarData), &other(), &same).is_ok());
}

#[test]
fn r111_refuses_what_proves_nothing_siblings_and_other_children() {
    let child = named("Mari", "2012-05-01");
    let alike = merged(&seen(DuplicateEvidence::SimilarData), &other(), &proof(&child, &child));
    refused_by(alike, &["R111"]);
    let unconfirmed = merged(&seen(DuplicateEvidence::ConfirmedMatch), &other(), &proof(&child, &child));
    refused_by(unconfirmed, &["R111"]);
    let siblings = Proof { two_children: true, ..proof(&child, &child) };
    refused_by(merged(&seen(DuplicateEvidence::SameDocument), &other(), &siblings), &["R111"]);
    for another in [named("Liis", "2012-05-01"), named("Mari", "2014-05-01")] {
        let two = merged(&seen(DuplicateEvidence::SameDocument), &other(), &proof(&child, &another));
        refused_by(two, &["R111"]);
    }
    let declared = Identity { age_certainty: Some(AgeCertainty::Declared), ..named(" mari", "2011-05-01") };
    let same = merged(&seen(DuplicateEvidence::SameDocument), &other(), &proof(&child, &declared));
    assert!(same.is_ok(), "what was only declared may be wrong");
}

#[test]
fn both_cases_are_open_and_led_by_the_same_agency() {
    let child = Identity::default();
    let act = seen(DuplicateEvidence::SameDocument);
    let proof = proof(&child, &child);
    for status in [S::Intake, S::OpenChildMissing, S::ClosureReview, S::Closed, S::Merged] {
        let into = Case { status, ..other() };
        assert!(matches!(merged(&act, &into, &proof), Err(Refused::WrongState(_))), "{status}");
    }
    let foreign = Case { lead: id(OPENER), ..other() };
    assert!(matches!(merged(&act, &foreign, &proof), Err(Refused::NotYours(_))));
    refused_with(merged(&act, &at(S::Open), &proof), &["same_case"]);
}

#[test]
fn no_child_loses_its_protection_by_a_merge() {
    let child = Identity::default();
    let act = seen(DuplicateEvidence::SameDocument);
    let mut weak = other();
    weak.identification.status = IdentificationStatus::NoGrounds;
    refused_with(merged(&act, &weak, &proof(&child, &child)), &["weaker_identification"]);
}

#[test]
fn what_was_sent_is_no_error() {
    let (mut world, by) = (World::new(), supervisor());
    let act = MarkErroneous { reasons: "the wrong child".to_owned() };
    let marked = at(S::Closed).mark_erroneous(&act, &world.setting(&by)).expect("marked");
    assert_eq!(marked.value.case.status, S::Erroneous);
    world.referred.ever_sent = true;
    let answer = at(S::Open).mark_erroneous(&act, &world.setting(&by));
    assert!(matches!(answer, Err(Refused::WrongState(_))));
}

#[test]
fn a_merge_tells_each_side_of_its_own_case_alone() {
    let child = Identity::default();
    let act = seen(DuplicateEvidence::SameDocument);
    let into = Case { opened_by: id(77), ..other() };
    let facts = merged(&act, &into, &proof(&child, &child)).expect("merged").facts;
    let [ended, goes_on] = facts.as_slice() else { panic!("two facts") };
    assert!(ended.audience.contains(&id(OPENER)) && ended.audience.contains(&id(SHELTER)));
    assert!(!ended.audience.contains(&id(77)), "who opened the other case hears of that one");
    assert_eq!(goes_on.audience, [id(LEAD), id(77)]);
    for (fact, unknown) in [(ended, into.id.to_string()), (goes_on, at(S::Open).id.to_string())] {
        assert!(!fact.payload.to_string().contains(&unknown), "{}", fact.payload);
    }
}

#[test]
fn no_duty_is_lost_by_a_merge() {
    let child = Identity::default();
    let act = seen(DuplicateEvidence::SameDocument);
    let by = supervisor();
    let tried =
        |world: &World| at(S::Open).merge(&act, &other(), &proof(&child, &child), &world.setting(&by));
    let mut world = World::new();
    world.of_file = vec![(id::<crate::EntryId>(900).0, DutyKind::CheckSibling)];
    refused_by(tried(&world), &["R111"]);
    let mut world = World::new();
    world.course.episodes.push(MissingEpisode {
        id: id(300),
        case: id(100),
        status: MissingStatus::FoundSafe,
        agency: id(SHELTER),
        reported_at: now(),
        last_seen_at: now(),
        police_at: None,
        found_at: Some(now()),
        interviewed_at: None,
    });
    refused_by(tried(&world), &["R111"]);
    let mut world = World::new();
    world.undecided = 1;
    refused_with(tried(&world), &["matches_undecided"]);
    let erroneous = MarkErroneous { reasons: "the wrong child".to_owned() };
    refused_with(at(S::Open).mark_erroneous(&erroneous, &world.setting(&by)), &["matches_undecided"]);
}
