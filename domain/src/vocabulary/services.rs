//! Referrals inside a country: why, for which service, how fast, and how they are answered.

crate::codes! {
    /// Where a referral stands.
    pub enum ReferralStatus = "referral_status" {
        Draft = "draft": "Draft",
        Sent = "sent": "Sent",
        Acknowledged = "acknowledged": "Acknowledged",
        InfoRequested = "info_requested": "More information requested",
        Accepted = "accepted": "Accepted",
        Declined = "declined": "Declined",
        Rerouted = "rerouted": "Rerouted to another recipient",
        InService = "in_service": "Service under way",
        Completed = "completed": "Completed",
        Interrupted = "interrupted": "Interrupted",
        Cancelled = "cancelled": "Cancelled by the sender",
        Expired = "expired": "Expired without an answer",
    }
}

crate::codes! {
    /// How fast a referral must be answered and the child seen.
    pub enum Urgency = "urgency" {
        Immediate = "immediate": "Immediate: danger to life, removal or abduction imminent, or exploitation ongoing",
        Urgent = "urgent": "Urgent: unsafe within days, no shelter, or high risk of going missing",
        Priority = "priority": "Priority: needed soon, or evidence may be lost",
        Standard = "standard": "Standard: planned service",
    }
}

crate::codes! {
    /// Why a child is referred.
    pub enum ReferralReason = "referral_reason" {
        ImmediateProtection = "immediate_protection": "Immediate protection",
        Shelter = "shelter": "Shelter",
        GuardianNeeded = "guardian_needed": "Guardian needed",
        BarnahusConsultation = "barnahus_consultation": "Consultation with the Barnahus",
        ForensicInterview = "forensic_interview": "Forensic interview",
        MedicalUrgent = "medical_urgent": "Urgent medical care",
        MedicalForensic = "medical_forensic": "Forensic medical examination",
        MentalHealth = "mental_health": "Mental health",
        LegalCounsel = "legal_counsel": "Legal counsel",
        FormalIdentification = "formal_identification": "Formal identification",
        AsylumInformation = "asylum_information": "Information on asylum",
        Residence = "residence": "Residence",
        AgeAssessment = "age_assessment": "Age assessment",
        FamilyTracing = "family_tracing": "Family tracing",
        Education = "education": "Education",
        SocialInclusion = "social_inclusion": "Social inclusion",
        DisabilitySupport = "disability_support": "Support with a disability",
        Compensation = "compensation": "Compensation",
        CrossBorder = "cross_border": "Cross-border referral",
        MissingResponse = "missing_response": "Response to a missing child",
        ParentingSupport = "parenting_support": "Support for parents",
        ReIntegration = "re_integration": "Reintegration",
        SecondOpinion = "second_opinion": "Second opinion",
    }
}

crate::codes! {
    /// A service that can be asked for and that agencies offer.
    pub enum ServiceCode = "service" {
        SafeAccommodation = "safe_accommodation": "Safe accommodation",
        FosterCare = "foster_care": "Foster care",
        ProtectedAccommodationSecretAddress = "protected_accommodation_secret_address": "Protected accommodation at a secret address",
        Subsistence = "subsistence": "Subsistence",
        Clothing = "clothing": "Clothing",
        Interpretation = "interpretation": "Interpretation",
        CulturalMediation = "cultural_mediation": "Cultural mediation",
        MedicalCare = "medical_care": "Medical care",
        ForensicMedical = "forensic_medical": "Forensic medical examination",
        SexualHealth = "sexual_health": "Sexual health care",
        Dental = "dental": "Dental care",
        CrisisPsychological = "crisis_psychological": "Psychological crisis support",
        TraumaTherapy = "trauma_therapy": "Trauma therapy",
        Psychiatric = "psychiatric": "Psychiatric care",
        SubstanceTreatment = "substance_treatment": "Treatment of substance use",
        LegalAdvice = "legal_advice": "Legal advice",
        LegalRepresentation = "legal_representation": "Legal representation",
        Guardian = "guardian": "Guardian",
        CourtSupport = "court_support": "Support in court",
        Schooling = "schooling": "Schooling",
        LanguageCourse = "language_course": "Language course",
        Vocational = "vocational": "Vocational training",
        LeisureAndSport = "leisure_and_sport": "Leisure and sport",
        Mentoring = "mentoring": "Mentoring",
        FamilyWork = "family_work": "Work with the family",
        SiblingSupport = "sibling_support": "Support for brothers and sisters",
        ContactSupervision = "contact_supervision": "Supervised contact",
        DigitalSafety = "digital_safety": "Digital safety",
        ImageRemovalHelp = "image_removal_help": "Help with the removal of images",
        CompensationHelp = "compensation_help": "Help with compensation",
        TransportAndEscort = "transport_and_escort": "Transport and escort",
        TransitionToAdulthood = "transition_to_adulthood": "Transition to adulthood",
        Aftercare = "aftercare": "Aftercare",
        ReturnReception = "return_reception": "Reception after return",
        Monitoring = "monitoring": "Monitoring",
    }
}

crate::codes! {
    /// Why a national referral is declined. Four grounds can be named but are never lawful.
    pub enum DeclineReason = "decline_reason" {
        OutOfMandate = "out_of_mandate": "Outside our mandate",
        NoCapacity = "no_capacity": "No capacity",
        UnsuitableAge = "unsuitable_age": "Service unsuitable for the child's age",
        UnsuitableSexSetting = "unsuitable_sex_setting": "Setting unsuitable for the child's sex",
        UnsafeForChild = "unsafe_for_child": "Unsafe for the child",
        NeedsNotMatched = "needs_not_matched": "We cannot meet the child's needs",
        WrongArea = "wrong_area": "Outside our area",
        MissingInformation = "missing_information": "Information missing",
        ChildDeclined = "child_declined": "The child declined",
        GuardianDeclined = "guardian_declined": "The guardian declined",
        Duplicate = "duplicate": "Duplicate referral",
        AlreadyServed = "already_served": "The child is already served",
        ConflictOfInterest = "conflict_of_interest": "Conflict of interest",
        Other = "other": "Other reason, described in words",
        Nationality = "nationality": "Nationality of the child (never a lawful ground)",
        LegalStatus = "legal_status": "Residence status of the child (never a lawful ground)",
        NonCooperation = "non_cooperation": "Child does not cooperate with authorities (never a lawful ground)",
        CriminalConduct = "criminal_conduct": "Offences by the child (never a lawful ground)",
    }
}

impl DeclineReason {
    /// Whether this ground may never decide: help depends on no nationality, residence status, cooperation or
    /// conduct (rule R82).
    pub const fn forbidden(self) -> bool {
        matches!(self, Self::Nationality | Self::LegalStatus | Self::NonCooperation | Self::CriminalConduct)
    }
}
