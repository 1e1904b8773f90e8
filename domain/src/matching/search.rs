//! Who is told what of a hit.

use serde_json::json;

use super::Likeness;
use crate::{
    AgencyId, CaseId, Check, Refused, Violation,
    access::{Caller, Depth, Relation, depth_of_class},
    cases::{Case, Identity},
    events::{EventType, Fact, SubjectKind},
    vocabulary::{CaseStatus, DataClass},
};

/// A case whose child may be the one that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The case.
    pub case: Case,
    /// How the caller's agency stands to it; none where it may not know of it.
    pub relation: Option<Relation>,
    /// How alike the two are.
    pub likeness: Likeness,
}

impl Hit {
    /// Whether the case may be named to the caller: only to whoever may read there who the child is. Naming it to anybody
    /// else would tell that its child has this name. A pseudonym tells nothing of that: whoever leads or opened the case is
    /// told that another country means its child.
    pub fn named_to(&self, caller: &Caller) -> bool {
        let bound = caller.case.is_none_or(|it| it == self.case.id);
        let reads = |it: &Relation| {
            depth_of_class(caller, it, DataClass::D1Identity) == Depth::Full
                || it.own() && self.likeness.is_named_abroad()
        };
        bound && self.relation.as_ref().is_some_and(reads)
    }

    /// The hits of a question together with those of a pseudonym: what another country says of a child goes before what
    /// names and dates say.
    pub fn joined(mut alike: Vec<Self>, named_abroad: Vec<Self>) -> Vec<Self> {
        alike.retain(|it| !named_abroad.iter().any(|other| other.case.id == it.case.id));
        alike.extend(named_abroad);
        alike
    }

    /// Whether the case counts in a search: closed ones do (a child that comes back), merged and erroneous ones do not.
    pub fn counts(&self) -> bool {
        !matches!(self.case.status, CaseStatus::Merged | CaseStatus::Erroneous)
    }
}

/// Whether the caller may ask at all: somebody who may read of a child that was disclosed to the agency who it is.
pub fn may_search(caller: &Caller) -> Result<(), Refused> {
    let disclosed = Relation::from(vec![DataClass::D1Identity]);
    if depth_of_class(caller, &disclosed, DataClass::D1Identity) == Depth::None {
        return Err(Refused::not_yours("the caller reads nowhere who a child is"));
    }
    Ok(())
}

/// Refuses a question that would single out nobody: a name and a year of birth are the least, a given name alone needs
/// the day.
pub fn check_question(asked: &Identity) -> Result<(), Refused> {
    let mut check = Check::default();
    let name = asked.name.as_ref();
    let (given, family) = (name.and_then(|it| it.given.as_ref()), name.and_then(|it| it.family.as_ref()));
    check.require(given.is_some() || family.is_some(), || {
        Violation::plain("question_too_thin", "/name", "a name is needed")
    });
    check.require(asked.birth_date.is_some(), || {
        Violation::plain("question_too_thin", "/birthDate", "the year of birth is needed")
    });
    let day = asked.birth_date.and_then(|it| it.day);
    check.require(given.is_none() || family.is_some() || day.is_some(), || {
        Violation::plain("question_too_thin", "/birthDate", "a given name alone needs the day of birth")
    });
    check.done().map(|_| ())
}

/// What a search comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Cases that may be named, the most alike first.
    pub named: Vec<Hit>,
    /// Agencies that lead cases which may not be named, each once, in the order of their ids: neither how many nor how
    /// alike can be read from it.
    pub held_by: Vec<AgencyId>,
    /// Every case that was hit, for the log of the one who asked.
    pub hit: Vec<CaseId>,
    /// What the holders are told: who asked, for what purpose.
    pub facts: Vec<Fact>,
}

impl Found {
    /// Divides hits into what the caller may know.
    pub fn among(hits: Vec<Hit>, by: &Caller) -> Self {
        let mut found = Self::default();
        for hit in hits.into_iter().filter(|it| it.counts() && it.likeness.is_possible()) {
            let id = hit.case.id;
            if hit.named_to(by) {
                found.named.push(hit);
            } else if by.case.is_none() {
                found.held_by.push(hit.case.lead);
                found.facts.extend((hit.case.lead != by.agency).then(|| searched(&hit.case, by)));
            } else {
                // A token for one case hits nothing else.
                continue;
            }
            found.hit.push(id);
        }
        found.named.sort_by_key(|it| (std::cmp::Reverse(it.likeness.score), it.case.id));
        found.held_by.sort_unstable();
        found.held_by.dedup();
        found
    }
}

fn searched(case: &Case, by: &Caller) -> Fact {
    Fact {
        event: EventType::CaseSearchedByOther,
        subject: SubjectKind::Case,
        subject_id: case.id.0,
        version: case.version.0,
        case: Some(case.id),
        audience: vec![case.lead],
        payload: json!({ "agencyId": by.agency, "purpose": by.purpose }),
    }
}
