//! Cases, children and episodes against plain statements of their rules.

mod adding;
mod ages;
mod data_request;
mod emergency;
mod episodes;
mod file;
mod parties;
mod whereabouts;

use super::*;
use crate::{
    Decided,
    deadlines::{Change, DutyKind},
    given::{caller, case, child, country, country_entry, id, now},
    identification::{Certainty, NewScreening, Observation, Screening},
    vocabulary::AgencyType,
};

fn as_agency(number: u128) -> Caller {
    caller(id(number), AgencyType::Police)
}

#[test]
fn an_agency_stands_to_a_case_by_leading_or_having_opened_it() {
    let case = case();
    assert_eq!(case.own_relation(&as_agency(4)), Some(Relation::Lead));
    assert_eq!(case.own_relation(&as_agency(1)), Some(Relation::Opener));
    assert_eq!(case.own_relation(&as_agency(2)), None);
    for number in [1, 4] {
        let abroad = Caller { country: country("LV"), ..as_agency(number) };
        assert_eq!(case.own_relation(&abroad), None, "the same id in another country is nobody");
    }
    let own = Case { opened_by: case.lead, ..case };
    assert_eq!(own.own_relation(&as_agency(4)), Some(Relation::Lead), "leading comes before having opened");
}

#[test]
fn the_audience_names_each_agency_once() {
    let case = case();
    assert_eq!(case.audience(), [id(4), id(1)]);
    let own = Case { opened_by: case.lead, ..case };
    assert_eq!(own.audience(), [id(4)]);
}

/// The decision to take in a child of whom this was observed.
fn taken_in_at(
    whereabouts: Whereabouts,
    observations: Vec<Observation>,
) -> Result<Decided<(Case, ChildRecord)>, crate::Refused> {
    let seen = NewScreening {
        concern: None,
        observations,
        acts: Vec::new(),
        controlling_person: false,
        judgement: Some("fear of the man".to_owned()),
        talk_minutes: None,
        notes: None,
    };
    let screening = Screening::record(id(102), seen, (None, &country_entry()), &as_agency(1), now())
        .expect("recorded")
        .value;
    let new = NewCase {
        id: id(100),
        reference: case().reference,
        child: id(101),
        identity: child().identity,
        whereabouts,
        external_ids: Vec::new(),
        lead: id(4),
    };
    Case::take_in(new, (&screening, &country_entry()), &as_agency(1), now())
}

fn take_in(whereabouts: Whereabouts) -> Result<Decided<(Case, ChildRecord)>, crate::Refused> {
    taken_in_at(whereabouts, Vec::new())
}

fn taken_in(observations: Vec<Observation>) -> Decided<(Case, ChildRecord)> {
    taken_in_at(child().whereabouts, observations).expect("taken in")
}

#[test]
fn r20_warns_of_a_strong_indicator_on_which_nobody_acts_for_a_day() {
    for (certainty, strong) in [(Certainty::Reported, true), (Certainty::Suspected, false)] {
        let seen = Observation { indicator: "beg_adult_collects".to_owned(), certainty };
        let decided = taken_in(vec![seen]);
        assert_eq!(decided.value.0.identification.strong_indicator, strong);
        let opened: Vec<_> = decided
            .deadlines
            .iter()
            .filter_map(|it| match it {
                Change::Opened(duty) => Some((duty.kind, duty.owner, duty.watcher, duty.due_at)),
                // What was owed for the screening is done.
                Change::Closed { subject_id, .. } => {
                    assert_eq!(*subject_id, id::<uuid::Uuid>(102));
                    None
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let due = now().plus(time::Duration::hours(24));
        let wanted = (DutyKind::ActOnIndicator, id(1), Some(id(4)), due);
        assert_eq!(opened, if strong { vec![wanted] } else { Vec::new() });
    }
}

#[test]
fn r17_opens_what_is_owed_on_a_notice_that_presumes_the_child_a_victim() {
    for presumes in [true, false] {
        let new = NewCase {
            id: id(100),
            reference: case().reference,
            child: id(101),
            identity: child().identity,
            whereabouts: Whereabouts::default(),
            external_ids: Vec::new(),
            lead: id(4),
        };
        let country = country_entry();
        let given = (id(700), presumes, &country);
        let by = caller(id(1), AgencyType::CrossborderFocalPoint);
        let opened = Case::open_from_abroad(new, given, &by, now()).expect("opened");
        let case = &opened.value.0;
        assert_eq!(case.identification.removal_block(now()).is_some(), presumes, "at once");
        let owed: Vec<_> = opened.deadlines.iter().map(|it| matches!(it, Change::Opened(it) if it.kind == DutyKind::ActOnIndicator && it.owner == id(1))).collect();
        assert_eq!(owed, if presumes { vec![true] } else { Vec::new() });
    }
}

#[test]
fn a_case_is_taken_in_with_one_fact_and_nothing_decided() {
    let decided = taken_in(Vec::new());
    let done = Change::Closed {
        subject_id: id(102),
        kind: DutyKind::ActOnIndicator,
        outcome: crate::deadlines::Outcome::Fulfilled,
    };
    assert_eq!(decided.deadlines, [done], "what was owed for the screening");
    let (taken, kept) = decided.value;
    assert_eq!((taken.clone(), kept), (case(), child()));
    assert_eq!(decided.facts.len(), 1);
    assert_eq!(decided.facts[0].event, crate::events::EventType::CaseIntake);
    assert_eq!((decided.facts[0].version, &decided.facts[0].audience), (1, &taken.audience()));
}

#[test]
fn a_section_changes_alone_with_one_fact_of_its_own() {
    let update = IdentityUpdate { call_name: Some(Some("Kask".to_owned())), ..IdentityUpdate::default() };
    let changed = child().update_identity(update, &case(), now()).expect("changed");
    assert_eq!(changed.value.identity.call_name.as_deref(), Some("Kask"));
    assert_eq!(changed.value.identity.name, child().identity.name, "what is absent stays");
    assert_eq!((changed.value.identity_version, changed.value.whereabouts_version), (Version(2), Version(1)));
    assert_eq!(changed.facts.len(), 1);
    assert_eq!(changed.facts[0].event, crate::events::EventType::ChildRecorded);
    let cleared = IdentityUpdate { name: Some(None), ..IdentityUpdate::default() };
    assert_eq!(child().update_identity(cleared, &case(), now()).expect("changed").value.identity.name, None);

    let moved = child().update_whereabouts(Whereabouts::default(), &case(), now()).expect("changed");
    assert_eq!((moved.value.identity_version, moved.value.whereabouts_version), (Version(1), Version(2)));
    assert_eq!(moved.facts[0].event, crate::events::EventType::WhereaboutsRecorded);
    assert_eq!(moved.facts[0].payload, serde_json::json!({}), "a fact tells nothing of the place");
}
