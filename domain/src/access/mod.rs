//! Who calls, and what the caller may do: one pure policy over tables.

mod assurance;
mod ceilings;
mod hideaway;
mod intake;
mod log;
mod matrix;
mod operations;
mod policy;
mod purposes;
mod quota;
#[cfg(test)]
mod tests;

pub use assurance::{Assurance, AssuranceLevel, FRESH_SECONDS, needs_strong_token};
pub use ceilings::{
    filing_ceiling, grant_ceiling, needs_order, reading_ceiling, receiving_ceiling, scope_ceiling,
};
pub use hideaway::{names_hideaway, names_hideaways};
pub use intake::{reads_intake, reads_intake_of};
pub use log::{LogReach, Logged, log_reach, sees, sees_hideaways};
pub use matrix::{Depth, depth};
pub use operations::{OPERATIONS, Operation, SANDBOX_OPERATIONS, Scope};
pub use policy::{
    Denied, Grant, Relation, Section, depth_of_class, permit, reach, reach_of_class, sections, withheld,
    writable, writable_by_function,
};
pub use purposes::{carries_records, must_justify, purpose_ceiling, purpose_fits};
pub use quota::{
    Quota, Quotas, SEARCHES_A_DAY, ShownToday, WHEREABOUTS_A_DAY, seconds_until, told_of_quota,
    told_of_whereabouts,
};

use uuid::Uuid;

use crate::{
    AgencyId, CaseId, ClientId, ProfessionalId, RequestId,
    text::Country,
    vocabulary::{AgencyType, Purpose, Role},
};

/// The scopes of a token, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scopes(u32);

impl Scopes {
    /// Adds one.
    #[must_use]
    pub const fn with(self, scope: Scope) -> Self {
        Self(self.0 | 1 << scope as u32)
    }

    /// Whether the set has it.
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u32) != 0
    }

    /// What both sets have.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The scopes in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        use crate::CodeList as _;
        Scope::ALL.iter().copied().filter(move |it| self.has(*it))
    }

    /// Reads space-separated scopes; an unknown one is none.
    pub fn parse(text: &str) -> Option<Self> {
        use crate::CodeList as _;
        text.split(' ')
            .filter(|it| !it.is_empty())
            .try_fold(Self::default(), |all, it| Some(all.with(Scope::parse(it)?)))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(all: T) -> Self {
        all.into_iter().fold(Self::default(), Self::with)
    }
}

impl std::fmt::Display for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.iter().enumerate().try_for_each(|(n, it)| write!(f, "{}{it}", if n == 0 { "" } else { " " }))
    }
}

/// Who calls: a registered system of one agency, for one of its professionals, with one purpose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The calling system.
    pub client: ClientId,
    /// The agency that it belongs to.
    pub agency: AgencyId,
    /// What kind of agency that is.
    pub agency_type: AgencyType,
    /// The country whose mechanism it takes part in.
    pub country: Country,
    /// The professional for whom the system acts; absent for unattended calls.
    pub professional: Option<ProfessionalId>,
    /// The professional's role.
    pub role: Option<Role>,
    /// The professional's unit inside the agency.
    pub unit: Option<String>,
    /// How the professional was recognised.
    pub assurance: Assurance,
    /// What the token was issued for.
    pub scopes: Scopes,
    /// The one purpose of use.
    pub purpose: Purpose,
    /// The one case that the token is bound to, if any.
    pub case: Option<CaseId>,
    /// The access decision in the agency's own books, or where the justification is kept.
    pub decision_ref: Option<String>,
    /// The request.
    pub request: RequestId,
}

impl Caller {
    /// The mechanism itself, for what it does when time has run out: no client, no agency, no right to anything.
    pub fn mechanism(country: Country, request: RequestId) -> Self {
        Self {
            client: ClientId(Uuid::nil()),
            agency: AgencyId(Uuid::nil()),
            agency_type: AgencyType::Sysadmin,
            country,
            professional: None,
            role: None,
            unit: None,
            assurance: Assurance::default(),
            scopes: Scopes::default(),
            purpose: Purpose::Operations,
            case: None,
            decision_ref: None,
            request,
        }
    }

    /// Whether it is the mechanism itself.
    pub fn is_mechanism(&self) -> bool {
        self.client.0.is_nil()
    }
}
