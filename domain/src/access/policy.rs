//! The decision: function first (403), then relation (404), then sections.

use super::{
    Caller, Depth, Operation, Scope, assurance, carries_records, ceilings, must_justify, purpose_ceiling,
    purpose_fits,
};
use crate::{
    CodeList as _,
    vocabulary::{AgencyType, DataClass, Purpose},
};

/// Why a call is refused before its object is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The token lacks the scope.
    Scope(Scope),
    /// Nobody stands behind the call.
    ProfessionalRequired,
    /// The agency type may never do this, whatever the scope.
    NotYourFunction,
    /// The purpose of the token does not carry this, or is not one of the agency type.
    Purpose,
    /// Neither a justification nor a decision in the agency's own books stands behind the token (R86).
    Justification,
    /// It asks for a stronger token: what it lacks.
    StepUp(&'static str),
}

/// Whether the caller's function includes the operation at all.
pub fn permit(caller: &Caller, operation: &Operation) -> Result<(), Denied> {
    if operation.professional && caller.role.is_none() {
        return Err(Denied::ProfessionalRequired);
    }
    if let Some(scope) = operation.scope {
        if !super::scope_ceiling(caller.agency_type).has(scope) {
            return Err(Denied::NotYourFunction);
        }
        if !caller.scopes.has(scope) {
            return Err(Denied::Scope(scope));
        }
    }
    let fits = caller.role.is_none() || purpose_fits(caller.purpose, caller.agency_type);
    if operation.logged && !(fits && carries_records(caller.purpose)) {
        return Err(Denied::Purpose);
    }
    if operation.justified && must_justify(caller) && caller.decision_ref.is_none() {
        return Err(Denied::Justification);
    }
    super::log::permit(caller, operation)
}

/// How the caller's agency stands to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It leads the case.
    Lead,
    /// It opened the case; until handed over it keeps what it wrote.
    Opener,
    /// It was given some of the classes, by an accepted referral or by the lead.
    Granted(Grant),
}

/// What an agency was given of a case that is not its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grant {
    /// The classes that it may read, as far as role and agency type let it.
    pub read: Vec<DataClass>,
    /// The classes that it may write as well.
    pub write: Vec<DataClass>,
    /// The classes for which a legal basis or an order is recorded, where a role needs one.
    pub ordered: Vec<DataClass>,
}

impl Grant {
    /// What both give.
    pub fn extend(&mut self, other: Self) {
        for (mine, theirs) in
            [(&mut self.read, other.read), (&mut self.write, other.write), (&mut self.ordered, other.ordered)]
        {
            mine.extend(theirs);
            mine.sort_unstable();
            mine.dedup();
        }
    }
}

/// Classes to read, with nothing to write and no order.
impl From<Vec<DataClass>> for Relation {
    fn from(read: Vec<DataClass>) -> Self {
        Self::Granted(Grant { read, ..Grant::default() })
    }
}

impl Relation {
    /// Whether the case is the agency's own: only such an agency refers the child and changes the file.
    pub fn own(&self) -> bool {
        !matches!(self, Self::Granted(_))
    }

    fn discloses(&self, class: DataClass) -> bool {
        match self {
            Self::Lead | Self::Opener => true,
            // That a referral exists is never hidden from those who take part by it.
            Self::Granted(it) => it.read.contains(&class) || class == DataClass::D15ReferralMetadata,
        }
    }

    fn orders(&self, class: DataClass) -> bool {
        matches!(self, Self::Granted(it) if it.ordered.contains(&class))
    }
}

/// What a caller may see of one class, and why not more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The class.
    pub class: DataClass,
    /// How much of it.
    pub depth: Depth,
    /// Why it is nothing: `role`, `agency_type`, `firewall`, `purpose`, `not_disclosed`, `legal_basis`,
    /// `case_bound_token` or `step_up`; empty where something is shown.
    pub reason: &'static str,
}

/// What the caller may see of each class, from role, agency type, purpose, relation and token: never from what exists.
pub fn sections(caller: &Caller, relation: &Relation) -> Vec<Section> {
    DataClass::ALL.iter().map(|class| section(caller, relation, *class)).collect()
}

/// What the caller's function reaches of each class: what it would see with the strongest token.
pub fn reach(caller: &Caller, relation: &Relation) -> Vec<Section> {
    DataClass::ALL.iter().map(|class| reached(caller, relation, *class)).collect()
}

fn section(caller: &Caller, relation: &Relation, class: DataClass) -> Section {
    let reached = reached(caller, relation, class);
    match assurance::lacking(caller, class) {
        Some(reason) if reached.depth > Depth::None => Section { class, depth: Depth::None, reason },
        _ => reached,
    }
}

fn reached(caller: &Caller, relation: &Relation, class: DataClass) -> Section {
    let nothing = |reason| Section { class, depth: Depth::None, reason };
    let by_role = caller.role.map_or(Depth::None, |role| ceilings::depth_in(caller.agency_type, role, class));
    if by_role == Depth::None {
        return nothing("role");
    }
    if !ceilings::reading_ceiling(caller.agency_type).contains(&class) {
        return nothing("agency_type");
    }
    let behind_wall = ceilings::firewall(caller.agency_type, class);
    if behind_wall == Depth::None {
        return nothing("firewall");
    }
    let by_purpose = purpose_ceiling(caller.purpose, class);
    if by_purpose == Depth::None {
        return nothing("purpose");
    }
    if !relation.discloses(class) {
        return nothing("not_disclosed");
    }
    let by_role = match by_role {
        Depth::Conditional if relation.orders(class) || searches(caller, class) => Depth::Full,
        Depth::Conditional => return nothing("legal_basis"),
        _ if !relation.own()
            && ceilings::needs_order(caller.agency_type, class)
            && !(relation.orders(class) || searches(caller, class)) =>
        {
            return nothing("legal_basis");
        }
        other => other,
    };
    Section { class, depth: by_role.min(by_purpose).min(behind_wall), reason: "" }
}

/// Whoever searches for a missing child may know where it was: the search is the legal basis.
fn searches(caller: &Caller, class: DataClass) -> bool {
    class == DataClass::D2Whereabouts
        && matches!(caller.agency_type, AgencyType::Police | AgencyType::BorderGuard)
        && caller.purpose == Purpose::MissingChild
}

/// How much of one class the caller may see.
pub fn depth_of_class(caller: &Caller, relation: &Relation, class: DataClass) -> Depth {
    section(caller, relation, class).depth
}

/// How much of one class the caller would see with the strongest token: what decides on acts that show nothing of it.
pub fn reach_of_class(caller: &Caller, relation: &Relation, class: DataClass) -> Depth {
    reached(caller, relation, class).depth
}

/// Whether the caller may change a class: it sees all of it with this token, and the case is its own or it was given the
/// class to write.
pub fn writable(caller: &Caller, relation: &Relation, class: DataClass) -> bool {
    writes(relation, class) && section(caller, relation, class).depth == Depth::Full
}

/// Whether the caller's function includes changing a class, for acts that show nothing of it.
pub fn writable_by_function(caller: &Caller, relation: &Relation, class: DataClass) -> bool {
    writes(relation, class) && reached(caller, relation, class).depth == Depth::Full
}

fn writes(relation: &Relation, class: DataClass) -> bool {
    match relation {
        Relation::Lead | Relation::Opener => true,
        Relation::Granted(it) => it.write.contains(&class),
    }
}

/// The sections of a case file that this caller may not read, with the reason.
pub fn withheld(sections: &[Section]) -> impl Iterator<Item = &Section> {
    sections.iter().filter(|it| it.depth == Depth::None)
}
