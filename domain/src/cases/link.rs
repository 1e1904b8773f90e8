//! Links between the cases of children who belong together. A link says that they do, how, and who may know of it; it
//! opens neither case to anybody.

use serde_json::json;

use super::Case;
use crate::{
    AgencyId, CaseId, Check, Decided, LinkId, ProfessionalId, Refused, Timestamp, Version, Violation,
    access::{self, Caller, Depth, Relation},
    events::{EventType, Fact, SubjectKind},
    vocabulary::{DataClass, LinkConfidentiality, LinkRelation},
};

/// What a new link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLink {
    /// How the children belong together.
    pub relation: LinkRelation,
    /// Who may know of it; by the relation, if absent.
    pub confidentiality: Option<LinkConfidentiality>,
    /// What it rests on, in words; for the agency that wrote it.
    pub remarks: Option<String>,
}

/// A link between two cases of one country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// The case on whose side it was made.
    pub case: CaseId,
    /// The other case.
    pub other: CaseId,
    /// How the children belong together.
    pub relation: LinkRelation,
    /// Who may know of it.
    pub confidentiality: LinkConfidentiality,
    /// From when it stands.
    pub since: Timestamp,
    /// Until when it stood.
    pub until: Option<Timestamp>,
    /// The agency that made it.
    pub agency: AgencyId,
    /// Who made it.
    pub professional: Option<ProfessionalId>,
    /// What it rests on, in words.
    pub remarks: Option<String>,
    /// Why it was ended, in words.
    pub ended_because: Option<String>,
    /// Its version.
    pub version: Version,
}

/// Of which links a caller who looks at a case may know, whatever the case on the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Knowable {
    /// Whoever made them.
    pub of_all: Vec<LinkConfidentiality>,
    /// If the caller's own agency made them.
    pub of_own_agency: Vec<LinkConfidentiality>,
}

impl Knowable {
    /// By role and relation: who reads nothing of family and contacts and does not investigate knows of none.
    pub fn of(caller: &Caller, (case, relation): (&Case, &Relation)) -> Self {
        let contacts = depth(caller, relation, DataClass::D3FamilyContacts);
        let intelligence = depth(caller, relation, DataClass::D10Intelligence);
        Self::by_depth(contacts, intelligence, caller.agency == case.lead)
    }

    /// By how much is read of family and contacts and of intelligence, and whether the agency leads.
    pub fn by_depth(contacts: Depth, intelligence: Depth, leads: bool) -> Self {
        use LinkConfidentiality as L;
        let (team, investigates) = (contacts >= Depth::Summary, intelligence == Depth::Full);
        let reads = team || investigates;
        let rows = [
            (L::CaseTeam, team, reads),
            (L::LeadAgency, reads && leads, reads),
            (L::CriminalTrack, investigates, investigates),
        ];
        Self {
            of_all: rows.iter().filter(|it| it.1).map(|it| it.0).collect(),
            of_own_agency: rows.iter().filter(|it| it.2).map(|it| it.0).collect(),
        }
    }
}

/// Whether the caller reads intelligence of the investigation in this case.
fn investigates(caller: &Caller, relation: &Relation) -> bool {
    depth(caller, relation, DataClass::D10Intelligence) == Depth::Full
}

/// What the function reaches: a link is between two cases, and no token is bound to both.
fn depth(caller: &Caller, relation: &Relation, class: DataClass) -> Depth {
    access::reach_of_class(caller, relation, class)
}

impl Link {
    /// Links two cases. Whoever leads or opened the first may, if it writes on family and contacts or investigates.
    pub fn record(
        id: LinkId,
        new: NewLink,
        (case, relation): (&Case, &Relation),
        other: &Case,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let investigates = investigates(by, relation);
        if !relation.own()
            || !(investigates || depth(by, relation, DataClass::D3FamilyContacts) == Depth::Full)
        {
            return Err(Refused::not_yours("cases are linked by whoever leads or opened one of them"));
        }
        case.live()?;
        let by_relation = || match new.relation {
            LinkRelation::SameRing if investigates => LinkConfidentiality::CriminalTrack,
            LinkRelation::SameRing => LinkConfidentiality::LeadAgency,
            _ => LinkConfidentiality::CaseTeam,
        };
        let confidentiality = new.confidentiality.unwrap_or_else(by_relation);
        let mut check = Check::default();
        check.require(case.id != other.id && case.child != other.child, || {
            Violation::plain("same_child", "", "both cases are of one child")
        });
        let may = confidentiality != LinkConfidentiality::CriminalTrack || investigates;
        check.require(may, || {
            Violation::plain(
                "not_your_track",
                "/confidentiality",
                "only the investigation keeps links to itself",
            )
        });
        let warnings = check.done()?;
        let value = Self {
            id,
            case: case.id,
            other: other.id,
            relation: new.relation,
            confidentiality,
            since: now,
            until: None,
            agency: by.agency,
            professional: by.professional,
            remarks: new.remarks,
            ended_because: None,
            version: Version::FIRST,
        };
        let facts = value.told(EventType::CaseLinked, (case, other), by);
        Ok(Decided::new(value, facts, warnings))
    }

    /// Ends a link that was wrong or is over, with a reason: by whoever made it, or the lead of one of the cases.
    pub fn end(
        &self,
        because: String,
        (case, other): (&Case, &Case),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if ![self.agency, case.lead, other.lead].contains(&by.agency) {
            return Err(Refused::not_yours("a link is ended by whoever made it or leads one of the cases"));
        }
        if self.until.is_some() {
            return Err(Refused::wrong_state("the link was ended before"));
        }
        let value = Self {
            until: Some(now),
            ended_because: Some(because),
            version: self.version.next(),
            ..self.clone()
        };
        let facts = value.told(EventType::CaseUnlinked, (case, other), by);
        Ok(Decided::new(value, facts, Vec::new()))
    }

    /// Whether a caller who looks at one of the cases may know of the link.
    pub fn known_to(&self, caller: &Caller, at: (&Case, &Relation)) -> bool {
        let knowable = Knowable::of(caller, at);
        knowable.of_all.contains(&self.confidentiality)
            || caller.agency == self.agency && knowable.of_own_agency.contains(&self.confidentiality)
    }

    /// Refuses to link two cases a second time in the same way, as far as the caller may know of what stands: a link that is
    /// hidden from the caller changes nothing in what it is answered.
    pub fn refuse_twice(
        relation: LinkRelation,
        standing: &[Self],
        caller: &Caller,
        at: (&Case, &Relation),
    ) -> Result<(), Refused> {
        let known =
            |it: &Self| it.relation == relation && (it.agency == caller.agency || it.known_to(caller, at));
        if standing.iter().any(known) {
            return Err(Refused::wrong_state("the two cases are linked so already"));
        }
        Ok(())
    }

    /// The side that is not this one.
    pub fn opposite(&self, case: CaseId) -> CaseId {
        if case == self.case { self.other } else { self.case }
    }

    /// Both sides are told, each of its own case, as far as the confidentiality lets an agency know.
    fn told(&self, event: EventType, (case, other): (&Case, &Case), by: &Caller) -> Vec<Fact> {
        let side = |it: &Case| {
            let mut audience = match self.confidentiality {
                LinkConfidentiality::CaseTeam => it.audience(),
                LinkConfidentiality::LeadAgency => vec![it.lead],
                LinkConfidentiality::CriminalTrack => Vec::new(),
            };
            if it.id == self.case && !audience.contains(&by.agency) {
                audience.push(by.agency);
            }
            Fact {
                event,
                subject: SubjectKind::Link,
                subject_id: self.id.0,
                version: self.version.0,
                case: Some(it.id),
                audience,
                payload: json!({ "confidentiality": self.confidentiality }),
            }
        };
        [side(case), side(other)].into_iter().filter(|it| !it.audience.is_empty()).collect()
    }
}
