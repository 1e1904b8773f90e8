//! The decision: function first (403), then relation (404), then sections.

use super::{Caller, Depth, Operation, Scope, depth};
use crate::{
    CodeList as _,
    vocabulary::{DataClass, Purpose},
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
    /// The purpose of the token does not carry this.
    Purpose,
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
    if operation.logged && matches!(caller.purpose, Purpose::Statistics | Purpose::Operations) {
        return Err(Denied::Purpose);
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
    /// It was given these classes, by an accepted referral or a grant.
    Granted(Vec<DataClass>),
}

/// What a caller may see of one class, and why not more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The class.
    pub class: DataClass,
    /// How much of it.
    pub depth: Depth,
    /// Why it is not all: `role`, `agency_type`, `not_disclosed` or `legal_basis`; empty for the whole.
    pub reason: &'static str,
}

/// What the caller may see of each class, from role, agency type and relation: never from what exists.
pub fn sections(caller: &Caller, relation: &Relation) -> Vec<Section> {
    DataClass::ALL.iter().map(|class| section(caller, relation, *class)).collect()
}

fn section(caller: &Caller, relation: &Relation, class: DataClass) -> Section {
    let by_role = caller.role.map_or(Depth::None, |role| depth(role, class));
    if by_role == Depth::None {
        return Section { class, depth: Depth::None, reason: "role" };
    }
    if !super::ceilings::reading_ceiling(caller.agency_type).contains(&class) {
        return Section { class, depth: Depth::None, reason: "agency_type" };
    }
    if let Relation::Granted(classes) = relation
        && !classes.contains(&class)
        && class != DataClass::D15ReferralMetadata
    {
        return Section { class, depth: Depth::None, reason: "not_disclosed" };
    }
    if by_role == Depth::Conditional {
        return Section { class, depth: Depth::None, reason: "legal_basis" };
    }
    Section { class, depth: by_role, reason: "" }
}

impl Relation {
    /// Whether the case is the agency's own: only such an agency refers the child and changes the file.
    pub fn own(&self) -> bool {
        !matches!(self, Self::Granted(_))
    }
}

/// How much of one class the caller may see.
pub fn depth_of_class(caller: &Caller, relation: &Relation, class: DataClass) -> Depth {
    section(caller, relation, class).depth
}

/// Whether the caller may change a class: the case is its own and it sees all of the class.
pub fn writable(caller: &Caller, relation: &Relation, class: DataClass) -> bool {
    relation.own() && section(caller, relation, class).depth == Depth::Full
}

/// The sections of a case file that this caller may not read, with the reason.
pub fn withheld(sections: &[Section]) -> impl Iterator<Item = &Section> {
    sections.iter().filter(|it| it.depth == Depth::None)
}
