//! Whether a child may need international protection, and the information about asylum that it is owed then (R100).

use serde_json::json;

use super::Entitlement;
use crate::{
    Decided, Timestamp, Violation,
    access::Caller,
    cases::{Case, Identity},
    deadlines::Change,
    directory::CountryEntry,
    events::EventType,
    rules,
    vocabulary::IdentificationStatus,
};

/// The states of the EU and the EEA, and Switzerland: their citizens move freely there.
const FREE_MOVEMENT: [&str; 31] = [
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

impl Identity {
    /// Whether the child may need international protection: it is a citizen of no state of the EU or EEA and not of
    /// Switzerland, or nobody knows of which.
    pub fn may_need_protection(&self) -> bool {
        !self.nationalities.iter().any(|it| FREE_MOVEMENT.contains(&it.as_str()))
    }
}

impl Entitlement {
    /// Whether it is for this child.
    pub(super) fn is_for(self, child: &Identity) -> bool {
        self != Self::AsylumInformation || child.may_need_protection()
    }
}

/// R100: what is told with the entitlement to information about asylum.
fn told() -> Violation {
    let because = "the child may need international protection: it is informed about asylum beside everything else, and \
                   never has to choose between asylum and help as a victim";
    Violation::of(&rules::R100, "", because)
}

impl Case {
    /// What the answer says where information about asylum has become owed.
    pub(crate) fn asylum_information_opened(&self, after: &Self) -> Option<Violation> {
        let owed = |it: &Self| it.identification.owed.contains(&Entitlement::AsylumInformation);
        (owed(after) && !owed(self)).then(told)
    }

    /// Opens the entitlement to information about asylum where what is known of the child has changed so that it may need
    /// protection. Nothing is taken away where it no longer seems to: a person records that.
    pub fn identity_changed(
        &self,
        child: &Identity,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Option<Decided<Self>> {
        use IdentificationStatus as S;
        let helped = matches!(
            self.identification.status,
            S::PresumedVictim
                | S::FormalAssessment
                | S::UnderReview
                | S::IdentifiedVictim
                | S::NegativeDecision
        );
        let it = Entitlement::AsylumInformation;
        let known = [&self.identification.owed, &self.identification.given];
        if !helped || !self.is_live() || !it.is_for(child) || known.iter().any(|all| all.contains(&it)) {
            return None;
        }
        let mut after = Self { version: self.version.next(), ..self.clone() };
        after.identification.owed.push(it);
        let opened = after.duty(it.duty(), country, now).map(|it| Change::Opened(Box::new(it)));
        let facts = vec![after.told(EventType::EntitlementOpened, json!({ "entitlement": it }), by)];
        Some(Decided::new(after, facts, vec![told()]).with_deadlines(opened.into_iter().collect()))
    }
}
