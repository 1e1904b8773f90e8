//! Keeping the child safe: accommodation, guardianship, risk, missing children and durable solutions.

crate::codes! {
    /// Where the child lives.
    pub enum AccommodationType = "accommodation_type" {
        ParentalHome = "parental_home": "Home of the parents",
        FosterFamily = "foster_family": "Foster family",
        EmergencyShelterChild = "emergency_shelter_child": "Emergency shelter for children",
        ThbShelterChild = "thb_shelter_child": "Shelter for child victims of trafficking",
        MixedShelter = "mixed_shelter": "Shelter shared with adults",
        ChildrenHome = "children_home": "Children's home",
        SupportedFlat = "supported_flat": "Supported flat",
        RelativeCare = "relative_care": "Care by relatives",
        Hospital = "hospital": "Hospital",
        ReceptionCentreUasc = "reception_centre_uasc": "Reception centre for unaccompanied children",
        ClosedSetting = "closed_setting": "Closed setting, by order of a court",
        AdultSetting = "adult_setting": "Setting for adults only",
        UnknownAddress = "unknown_address": "Address unknown",
        Street = "street": "Street",
        Other = "other": "Other",
    }
}

crate::codes! {
    /// Who stands for the child, and in what capacity.
    pub enum GuardianType = "guardian_type" {
        Parent = "parent": "Parent",
        CourtAppointed = "court_appointed": "Guardian appointed by a court",
        Provisional = "provisional": "Provisional guardian or representative",
        RepresentativeAsylum = "representative_asylum": "Representative in the asylum procedure",
        SpecialRepresentativeCriminal = "special_representative_criminal": "Special representative in criminal proceedings",
        NgoGuardian = "ngo_guardian": "Guardian from a non-governmental organisation",
        NoneYet = "none_yet": "None yet",
        Conflict = "conflict": "The present one has a conflict of interest",
    }
}

crate::codes! {
    /// Where the appointment of a guardian stands.
    pub enum GuardianAssignmentStatus = "guardian_assignment_status" {
        NeedAssessed = "need_assessed": "Need established",
        ProvisionalNamed = "provisional_named": "Provisional person named",
        Proposed = "proposed": "Proposed",
        Appointed = "appointed": "Appointed",
        ConflictFlagged = "conflict_flagged": "Conflict of interest flagged",
        Replaced = "replaced": "Replaced",
        Ended = "ended": "Ended",
    }
}

crate::codes! {
    /// The level of a risk to the child.
    pub enum RiskLevel = "risk_level" {
        Low = "low": "Low",
        Medium = "medium": "Medium",
        High = "high": "High",
        Critical = "critical": "Critical",
    }
}

crate::codes! {
    /// Where the search for a missing child stands.
    pub enum MissingStatus = "missing_status" {
        Reported = "reported": "Reported missing",
        PoliceNotified = "police_notified": "Police notified",
        Alerted = "alerted": "Alert issued",
        FoundSafe = "found_safe": "Found safe",
        FoundExploited = "found_exploited": "Found exploited",
        FoundDeceased = "found_deceased": "Found dead",
        LongTerm = "long_term": "Missing for a long time",
    }
}

crate::codes! {
    /// Options of a durable solution for the child.
    pub enum DurableSolutionOption = "durable_solution_option" {
        LocalIntegration = "local_integration": "Integration in this country",
        FamilyReunificationHere = "family_reunification_here": "Family reunification in this country",
        ReturnOriginFamily = "return_origin_family": "Return to the family in the country of origin",
        ReturnOriginCare = "return_origin_care": "Return to care in the country of origin",
        RelocationThirdState = "relocation_third_state": "Relocation to a third country",
        PlacementRelativeAbroad = "placement_relative_abroad": "Placement with relatives abroad",
        RefugeeOrProtectionStatus = "refugee_or_protection_status": "International protection",
        Adoption = "adoption": "Adoption",
        IndependentLivingSupported = "independent_living_supported": "Supported independent living",
        WitnessRelocation = "witness_relocation": "Relocation under witness protection",
    }
}
