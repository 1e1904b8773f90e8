//! Who is told what of a hit.

use super::{super::*, child, mykola};
use crate::{
    CaseId, CodeList as _,
    access::{Caller, Relation},
    cases::Case,
    events::EventType,
    given::{caller, case, codes, country, id},
    vocabulary::{AgencyType, CaseStatus, DataClass, Role, Sex},
};

pub fn hit(number: u128, lead: u128, relation: Option<Relation>) -> Hit {
    let case = Case { id: id(number), child: id(number + 1), lead: id(lead), opened_by: id(lead), ..case() };
    Hit { case, relation, likeness: Likeness { score: 100, reasons: Vec::new() } }
}

fn asks(role: Role) -> Caller {
    Caller { role: Some(role), ..caller(id(1), AgencyType::ChildProtection) }
}

#[test]
fn a_case_is_named_only_to_whoever_reads_there_who_the_child_is() {
    let granted = |class| Some(Relation::from(vec![class]));
    let table = [
        (Role::CaseManager, Some(Relation::Lead), true),
        (Role::CaseManager, Some(Relation::Opener), true),
        (Role::CaseManager, granted(DataClass::D1Identity), true),
        (Role::CaseManager, granted(DataClass::D2Whereabouts), false),
        (Role::CaseManager, None, false),
        // A summary of who the child is does not hold the name.
        (Role::ShelterWorker, Some(Relation::Lead), false),
        (Role::Dpo, Some(Relation::Lead), false),
    ];
    for (role, relation, named) in table {
        let by = asks(role);
        let hit = hit(200, 4, relation.clone());
        assert_eq!(hit.named_to(&by), named, "{role} {relation:?}");
        let found = Found::among(vec![hit], &by);
        assert_eq!((found.named.len(), found.held_by.len()), if named { (1, 0) } else { (0, 1) });
        assert_eq!(found.hit, [CaseId::from(id::<CaseId>(200).0)], "the log names what was hit either way");
        let told: Vec<_> = found.facts.iter().map(|it| (it.event, &it.audience, &it.payload)).collect();
        let payload = serde_json::json!({ "agencyId": by.agency, "purpose": by.purpose });
        let wanted = (EventType::CaseSearchedByOther, &vec![id(4)], &payload);
        assert_eq!(told, if named { vec![] } else { vec![wanted] });
    }
}

#[test]
fn agencies_are_named_once_and_in_an_order_that_tells_nothing() {
    let by = asks(Role::CaseManager);
    let mut hits = vec![hit(210, 9, None), hit(200, 5, None), hit(220, 9, None)];
    hits[1].likeness.score = POSSIBLE;
    let found = Found::among(hits.clone(), &by);
    assert_eq!(found.held_by, [id(5), id(9)]);
    hits.reverse();
    assert_eq!(Found::among(hits, &by).held_by, found.held_by);
    assert_eq!(found.facts.len(), 3, "each holder is told of each case");
}

#[test]
fn what_is_no_case_any_more_and_what_is_not_alike_is_not_hit() {
    let by = asks(Role::CaseManager);
    for status in CaseStatus::ALL {
        let mut one = hit(200, 4, None);
        one.case.status = *status;
        let counts = !matches!(status, CaseStatus::Merged | CaseStatus::Erroneous);
        assert_eq!(Found::among(vec![one], &by).hit.len(), usize::from(counts), "{status}");
    }
    let mut weak = hit(200, 4, Some(Relation::Lead));
    weak.likeness.score = POSSIBLE - 1;
    assert_eq!(Found::among(vec![weak], &by), Found::default());
}

#[test]
fn a_token_for_one_case_hits_that_case_only() {
    let by = Caller { case: Some(id(200)), ..asks(Role::CaseManager) };
    let hits = vec![hit(200, 1, Some(Relation::Lead)), hit(210, 1, Some(Relation::Lead)), hit(220, 9, None)];
    let found = Found::among(hits, &by);
    assert_eq!(found.hit, [id(200)]);
    assert_eq!((found.named.len(), found.held_by.len(), found.facts.len()), (1, 0, 0));
}

#[test]
fn only_who_reads_identities_may_ask() {
    for role in Role::ALL {
        let none =
            matches!(role, Role::Statistician | Role::Reporter | Role::Sysadmin | Role::Dpo | Role::Auditor);
        assert_eq!(may_search(&asks(*role)).is_err(), none, "{role}");
    }
    let school = Caller { agency_type: AgencyType::Education, ..asks(Role::CaseManager) };
    assert!(may_search(&school).is_err());
    let abroad = Caller { country: country("LV"), ..asks(Role::CaseManager) };
    assert!(may_search(&abroad).is_ok(), "in its own country");
}

#[test]
fn a_question_that_singles_out_nobody_is_refused() {
    let thin = |given, family, born| {
        let asked = check_question(&child(given, family, born, Sex::Male));
        asked.err().map(|it| codes(it.violations())).unwrap_or_default()
    };
    assert_eq!(thin("", "", ""), ["question_too_thin"; 2]);
    assert_eq!(thin("", "Vymyshlenyi", ""), ["question_too_thin"]);
    assert_eq!(thin("Mykola", "", "2012"), ["question_too_thin"]);
    assert!(thin("Mykola", "", "2012-05-17").is_empty() && thin("", "Vymyshlenyi", "2012").is_empty());
    assert!(check_question(&mykola()).is_ok());
}
