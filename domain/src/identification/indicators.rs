//! The indicator catalogue and its dimensions.

mod catalogue;

pub use catalogue::INDICATORS;

/// The version of the catalogue that results name. It changes whenever a row does.
pub const CATALOGUE_VERSION: &str = "2026.1";

crate::codes! {
    /// What an indicator speaks for: the six dimensions of the operational indicators, the act, or context.
    pub enum Dimension = "indicator_dimension" {
        DeceptiveRecruitment = "rd": "Deceptive recruitment",
        CoerciveRecruitment = "rc": "Coercive recruitment",
        VulnerabilityRecruitment = "rv": "Recruitment by abuse of vulnerability",
        Exploitation = "ex": "Exploitation (the purpose)",
        CoercionAtDestination = "cd": "Coercion at destination",
        VulnerabilityAtDestination = "vd": "Abuse of vulnerability at destination",
        Movement = "mv": "Movement or another act; evidence of the act, no dimension of its own",
        Context = "cx": "Context; in no dimension, yet something observed",
    }
}

crate::codes! {
    /// The weight of an indicator for a child.
    pub enum Strength = "indicator_strength" {
        Strong = "strong": "Strong",
        Medium = "medium": "Medium",
        Weak = "weak": "Weak",
    }
}

crate::codes! {
    /// Where the catalogue groups an indicator.
    pub enum IndicatorGroup = "indicator_group" {
        General = "general": "General",
        TravelBorder = "travel_border": "Travel and border",
        FamilyHousehold = "family_household": "Family and household",
        Online = "online": "Online",
        Sexual = "sexual": "Sexual exploitation",
        Labour = "labour": "Labour exploitation",
        DomesticServitude = "domestic_servitude": "Domestic servitude",
        Begging = "begging": "Begging",
        Criminal = "criminal": "Criminal exploitation",
        ForcedMarriage = "forced_marriage": "Forced marriage",
        IllegalAdoptionSurrogacy = "illegal_adoption_surrogacy": "Illegal adoption and surrogacy",
        OrganRemoval = "organ_removal": "Organ removal",
        ArmedOrOther = "armed_or_other": "Armed groups and other exploitation",
    }
}

crate::codes! {
    /// On what an indicator's weight rests.
    pub enum WeightBasis = "indicator_weight_basis" {
        Delphi = "delphi": "Operational indicators of trafficking in human beings (ILO and European Commission, 2009), list for child labour",
        Proposal = "proposal": "Proposal of this project",
    }
}

/// One indicator of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicator {
    /// Its stable code.
    pub code: &'static str,
    /// Its group.
    pub group: IndicatorGroup,
    /// What is observed.
    pub definition: &'static str,
    /// What it speaks for.
    pub dimension: Dimension,
    /// Its weight for a child.
    pub strength: Strength,
    /// Whether it is direct evidence.
    pub direct: bool,
    /// On what the weight rests.
    pub basis: WeightBasis,
    /// Short names of the sources, as the catalogue gives them; `*` marks wording that was seen.
    pub sources: &'static str,
}

impl Indicator {
    /// The indicator with this code.
    pub fn find(code: &str) -> Option<&'static Self> {
        INDICATORS.iter().find(|it| it.code == code)
    }
}
