//! The case of one child with its life, what is known of the child, and the exploitation episodes.

pub mod canary;
mod child;
pub mod emergency;
mod episode;
pub mod erasure;
pub mod file;
mod intake;
pub mod lifecycle;
mod link;
#[cfg(test)]
mod tests;

pub use child::{ChildRecord, Identity, IdentityUpdate, Name, Whereabouts};
pub use episode::{Episode, NewEpisode};
pub use intake::NewCase;
pub use link::{Knowable, Link, NewLink};

use crate::{
    AgencyId, CaseId, ChildId, Day, Reference, ScreeningId, Timestamp, Version,
    access::{Caller, Relation},
    identification::Identification,
    text::Country,
    vocabulary::CaseStatus,
};

/// A number that a calling system keeps for the case.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExternalId {
    /// Who issued it.
    pub issuer: String,
    /// The number.
    pub value: String,
}

/// The case of one child in one country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// Its country.
    pub country: Country,
    /// The child; never leaves the node.
    pub child: ChildId,
    /// The screening that it was taken in from.
    pub screening: Option<ScreeningId>,
    /// The agency that leads it.
    pub lead: AgencyId,
    /// The agency that took it in.
    pub opened_by: AgencyId,
    /// Its status.
    pub status: CaseStatus,
    /// The child's identification.
    pub identification: Identification,
    /// Numbers of calling systems.
    pub external_ids: Vec<ExternalId>,
    /// When it was taken in.
    pub opened_at: Timestamp,
    /// Its version.
    pub version: Version,
}

impl Case {
    /// Whether the case was taken in so long after a day that nothing of that day was done for it. The day before counts:
    /// whoever met the child may have done it before the case was written down.
    pub fn begins_after(&self, day: Day) -> bool {
        day.0.next_day().is_some_and(|it| it < self.opened_at.date())
    }

    /// The agencies that may know that something happened in the case.
    pub fn audience(&self) -> Vec<AgencyId> {
        if self.lead == self.opened_by { vec![self.lead] } else { vec![self.lead, self.opened_by] }
    }

    /// How an agency stands to the case by leading or having opened it.
    pub fn own_relation(&self, caller: &Caller) -> Option<Relation> {
        if caller.country != self.country {
            None
        } else if caller.agency == self.lead {
            Some(Relation::Lead)
        } else if caller.agency == self.opened_by {
            Some(Relation::Opener)
        } else {
            None
        }
    }
}
