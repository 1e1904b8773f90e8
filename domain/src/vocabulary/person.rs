//! The child as a person: age, status, documents and special needs.

crate::codes! {
    /// Sex as the yearly statistics ask for it (Directive 2011/36/EU Art. 19a).
    pub enum Sex = "sex" {
        Female = "female": "Female",
        Male = "male": "Male",
        OtherOrNonBinary = "other_or_non_binary": "Other or non-binary",
        Unknown = "unknown": "Unknown",
    }
}

crate::codes! {
    /// Gender identity as the child describes it; always optional.
    pub enum GenderIdentity = "gender_identity" {
        Feminine = "feminine": "Feminine",
        Masculine = "masculine": "Masculine",
        TransFeminine = "trans_feminine": "Trans feminine",
        TransMasculine = "trans_masculine": "Trans masculine",
        NonConforming = "non_conforming": "Non-conforming",
        Unspecified = "unspecified": "Unspecified",
        NotAsked = "not_asked": "Not asked",
        DeclinedToSay = "declined_to_say": "Child declined to say",
    }
}

crate::codes! {
    /// How the child's age is known.
    pub enum AgeCertainty = "age_certainty" {
        Documented = "documented": "Documented",
        Declared = "declared": "Declared by the child or a carer",
        EstimatedChild = "estimated_child": "Estimated: a child",
        Disputed = "disputed": "Disputed",
        Assessed = "assessed": "Established by an age assessment",
        Unknown = "unknown": "Not known yet",
    }
}

crate::codes! {
    /// Whether the person is treated as a child. In doubt they are.
    pub enum AgeStatus = "age_status" {
        UndisputedChild = "undisputed_child": "Child, undisputed",
        UndisputedAdult = "undisputed_adult": "Adult, undisputed",
        DisputedTreatedAsChild = "disputed_treated_as_child": "Age disputed: treated as a child",
        AssessedChild = "assessed_child": "Assessed as a child",
        AssessedAdult = "assessed_adult": "Assessed as an adult",
        AssessmentInconclusiveChild = "assessment_inconclusive_child": "Assessment inconclusive: treated as a child",
    }
}

crate::codes! {
    /// Age in whole years, in groups; statistics publish child and adult only.
    pub enum AgeGroup = "age_group" {
        UpTo5 = "0-5": "0 to 5 years",
        From6To11 = "6-11": "6 to 11 years",
        From12To14 = "12-14": "12 to 14 years",
        From15To17 = "15-17": "15 to 17 years",
        From18 = "18+": "18 years and over",
        Unknown = "unknown": "Unknown",
    }
}

crate::codes! {
    /// What is recorded where no country can be named as the child's nationality.
    pub enum NationalityStatus = "nationality_status" {
        Stateless = "stateless": "Stateless",
        UnderDetermination = "under_determination": "Under determination",
        Unknown = "unknown": "Not known yet",
        NotAsked = "not_asked": "Not asked",
        DeclinedToSay = "declined_to_say": "Child declined to say",
    }
}

crate::codes! {
    /// The child's status of residence in the country that leads the case.
    pub enum LegalStatus = "legal_status" {
        CitizenOfThisState = "citizen_of_this_state": "Citizen of this State",
        EuCitizenFreeMovement = "eu_citizen_free_movement": "Citizen of the Union exercising free movement",
        ResidencePermit = "residence_permit": "Residence permit",
        ThbResidencePermit = "thb_residence_permit": "Residence permit as a victim of trafficking",
        TemporaryProtection = "temporary_protection": "Temporary protection",
        AsylumSeeker = "asylum_seeker": "Applicant for international protection",
        Refugee = "refugee": "Refugee",
        SubsidiaryProtection = "subsidiary_protection": "Subsidiary protection",
        Humanitarian = "humanitarian": "Humanitarian status",
        Rrp = "rrp": "Recovery and reflection period",
        Irregular = "irregular": "Without regular status",
        Tolerated = "tolerated": "Tolerated stay",
        ReturnOrderSuspended = "return_order_suspended": "Return order, suspended",
        StatelessStatus = "stateless_status": "Status of a stateless person",
        Unknown = "unknown": "Not known yet",
        NotAsked = "not_asked": "Not asked",
        DeclinedToSay = "declined_to_say": "Child declined to say",
    }
}

crate::codes! {
    /// The identity or travel document that the child has, or why there is none.
    pub enum DocumentType = "document_type" {
        Passport = "passport": "Passport",
        IdCard = "id_card": "Identity card",
        ResidencePermit = "residence_permit": "Residence permit",
        BirthCertificate = "birth_certificate": "Birth certificate",
        TravelTitle = "travel_title": "Travel document for refugees or stateless persons",
        EmergencyTravelDocument = "emergency_travel_document": "Emergency travel document",
        AsylumCard = "asylum_card": "Asylum applicant's card",
        SchoolRecord = "school_record": "School record",
        None = "none": "No document",
        Forged = "forged": "Forged or falsified document",
        WithheldByOther = "withheld_by_other": "Document withheld by another person",
        Unknown = "unknown": "Not known yet",
        NotAsked = "not_asked": "Not asked",
        DeclinedToSay = "declined_to_say": "Child declined to say",
    }
}

crate::codes! {
    /// Special needs that assistance must take into account (Directive 2011/36/EU Art. 11(7)).
    pub enum SpecialNeed = "special_need" {
        Pregnancy = "pregnancy": "Pregnancy",
        InfantWithChild = "infant_with_child": "Has an infant with them",
        PhysicalDisability = "physical_disability": "Physical disability",
        IntellectualDisability = "intellectual_disability": "Intellectual disability",
        Sensory = "sensory": "Sensory disability",
        Autism = "autism": "Autism",
        MentalDisorder = "mental_disorder": "Mental disorder",
        AcuteTrauma = "acute_trauma": "Acute trauma",
        Suicidality = "suicidality": "Risk of suicide",
        SubstanceUse = "substance_use": "Substance use",
        ChronicIllness = "chronic_illness": "Chronic illness",
        InfectiousRisk = "infectious_risk": "Risk of infection",
        Injury = "injury": "Injury",
        SexualViolenceSurvivor = "sexual_violence_survivor": "Survivor of sexual violence",
        TortureSurvivor = "torture_survivor": "Survivor of torture",
        Stateless = "stateless": "Stateless",
        RomaOrMinority = "roma_or_minority": "Roma or other minority",
        Lgbtqi = "lgbtqi": "LGBTQI",
        Illiterate = "illiterate": "Cannot read or write",
        UnfamiliarWithTechnology = "unfamiliar_with_technology": "Unfamiliar with technology",
        Unknown = "unknown": "Not known yet",
        NotAsked = "not_asked": "Not asked",
        DeclinedToSay = "declined_to_say": "Child declined to say",
    }
}
