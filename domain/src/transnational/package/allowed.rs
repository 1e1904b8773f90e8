//! Which members a package of each kind may have, and to which class of data each belongs.

use super::Package;
use crate::vocabulary::{DataClass as C, TransnationalRequestType as T};

/// A member of a package that holds something of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// The digest of the identity block, and with it the block.
    Identity,
    /// The pseudonym.
    Child,
    /// The age band.
    Age,
    /// How the age is known.
    AgeCertainty,
    /// Sex.
    Sex,
    /// Nationalities.
    Nationalities,
    /// Languages.
    Languages,
    /// Special needs.
    SpecialNeeds,
    /// The guardian's contact.
    Guardian,
    /// The lawyer's contact.
    LegalRepresentation,
    /// Forms of exploitation.
    Exploitation,
    /// The level of the immediate risk.
    ImmediateRisk,
    /// Where the identification stands.
    Identification,
    /// Indicators.
    Indicators,
    /// The child's view.
    ChildView,
    /// What the child needs.
    ServiceNeeds,
    /// Documents that follow.
    Attachments,
    /// What a person wrote for the parts of the type.
    Written,
}

use Member as M;

/// The minimum dataset of 4.4.
const MINIMUM: &[Member] = &[
    M::Identity,
    M::Child,
    M::Age,
    M::AgeCertainty,
    M::Sex,
    M::Nationalities,
    M::Languages,
    M::SpecialNeeds,
    M::Guardian,
    M::LegalRepresentation,
    M::Exploitation,
    M::ImmediateRisk,
    M::Identification,
    M::ChildView,
    M::ServiceNeeds,
    M::Attachments,
    M::Written,
];

/// The members that a package of this kind may have.
pub fn allowed_members(kind: T) -> &'static [Member] {
    match kind {
        T::AssistanceReferral | T::DurableReturn | T::PlacementConsent => MINIMUM,
        T::Information => &[
            M::Identity,
            M::Child,
            M::Age,
            M::AgeCertainty,
            M::Sex,
            M::Nationalities,
            M::Languages,
            M::Guardian,
            M::ChildView,
            M::Attachments,
            M::Written,
        ],
        T::DangerNotice => &[
            M::Identity,
            M::Child,
            M::Age,
            M::AgeCertainty,
            M::Sex,
            M::Nationalities,
            M::Languages,
            M::SpecialNeeds,
            M::ImmediateRisk,
            M::Exploitation,
            M::Identification,
            M::Written,
        ],
        T::Locate => &[
            M::Identity,
            M::Child,
            M::Age,
            M::AgeCertainty,
            M::Sex,
            M::Nationalities,
            M::Languages,
            M::ImmediateRisk,
            M::Written,
        ],
        T::FamilyTracing => &[
            M::Identity,
            M::Child,
            M::Age,
            M::AgeCertainty,
            M::Nationalities,
            M::Languages,
            M::Guardian,
            M::ChildView,
            M::Attachments,
            M::Written,
        ],
        T::IdentificationSupport => &[
            M::Identity,
            M::Child,
            M::Age,
            M::AgeCertainty,
            M::Sex,
            M::Nationalities,
            M::Languages,
            M::Exploitation,
            M::Identification,
            M::Indicators,
            M::Attachments,
            M::Written,
        ],
        T::Implementation => &[M::Identity, M::Child, M::Age, M::Guardian, M::Attachments, M::Written],
        // Nothing of the child: the other channel has it.
        T::Jurisdiction | T::Evidence => &[M::Written],
    }
}

/// The class that a member belongs to; none for what tells nothing of the child.
pub fn member_class(member: Member) -> Option<C> {
    Some(match member {
        M::Identity
        | M::Age
        | M::AgeCertainty
        | M::Sex
        | M::Nationalities
        | M::Languages
        | M::SpecialNeeds => C::D1Identity,
        M::Guardian | M::LegalRepresentation | M::ServiceNeeds | M::Written | M::Attachments => {
            C::D15ReferralMetadata
        }
        M::Exploitation | M::Indicators => C::D5Indicators,
        M::Identification => C::D6IdentificationDecision,
        M::ChildView => C::D13BestInterestsViews,
        M::ImmediateRisk => C::D14RiskSafety,
        M::Child => return None,
    })
}

impl Package {
    /// The members that have a value.
    pub fn members(&self) -> impl Iterator<Item = Member> + '_ {
        let it = &self.content;
        [
            (M::Identity, self.identity.is_some()),
            (M::Child, it.child.is_some()),
            (M::Age, it.age.is_some()),
            (M::AgeCertainty, it.age_certainty.is_some()),
            (M::Sex, it.sex.is_some()),
            (M::Nationalities, !it.nationalities.is_empty()),
            (M::Languages, !it.languages.is_empty()),
            (M::SpecialNeeds, !it.special_needs.is_empty()),
            (M::Guardian, it.guardian.is_some()),
            (M::LegalRepresentation, it.legal_representation.is_some()),
            (M::Exploitation, !it.exploitation.is_empty()),
            (M::ImmediateRisk, it.immediate_risk.is_some()),
            (M::Identification, it.identification.is_some()),
            (M::Indicators, !it.indicators.is_empty()),
            (M::ChildView, it.child_view.is_some()),
            (M::ServiceNeeds, !it.service_needs.is_empty()),
            (M::Attachments, !it.attachments.is_empty()),
            (M::Written, !it.written.is_empty()),
        ]
        .into_iter()
        .filter_map(|(member, there)| there.then_some(member))
    }
}

impl Member {
    /// Its name in the document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Child => "child",
            Self::Age => "age",
            Self::AgeCertainty => "ageCertainty",
            Self::Sex => "sex",
            Self::Nationalities => "nationalities",
            Self::Languages => "languages",
            Self::SpecialNeeds => "specialNeeds",
            Self::Guardian => "guardian",
            Self::LegalRepresentation => "legalRepresentation",
            Self::Exploitation => "exploitation",
            Self::ImmediateRisk => "immediateRisk",
            Self::Identification => "identification",
            Self::Indicators => "indicators",
            Self::ChildView => "childView",
            Self::ServiceNeeds => "serviceNeeds",
            Self::Attachments => "attachments",
            Self::Written => "written",
        }
    }
}
