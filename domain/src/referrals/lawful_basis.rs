//! Which lawful basis carries which class.

use crate::vocabulary::{DataClass, LawfulBasis};

impl LawfulBasis {
    /// Whether this basis can carry a class: special categories (GDPR Art. 9, LED Art. 10) and offence data (GDPR
    /// Art. 10) need one of their own; consent is never the only lock.
    pub fn carries(self, class: DataClass) -> bool {
        let special = matches!(
            self,
            Self::Gdpr9Vital
                | Self::Gdpr9LegalClaims
                | Self::Gdpr9SubstantialPublicInterest
                | Self::Gdpr9HealthSocial
                | Self::Led10SpecialCategories
        );
        match class {
            DataClass::D4ExploitationNarrative | DataClass::D7Health | DataClass::D8TherapyNotes => special,
            DataClass::D11AllegedOffenders => {
                matches!(self, Self::Gdpr10OfficialAuthority | Self::Led8CompetentAuthorityTask)
            }
            _ => self != Self::ConsentSpecialCase,
        }
    }
}
