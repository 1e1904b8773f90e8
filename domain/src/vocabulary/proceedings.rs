//! Proceedings around the child, the interviews in them and the four rooms of the Barnahus.

crate::codes! {
    /// A proceeding that concerns the child.
    pub enum ProceedingType = "proceeding_type" {
        ChildProtection = "child_protection": "Child protection",
        CustodyOrGuardianship = "custody_or_guardianship": "Custody or guardianship",
        CriminalAsVictim = "criminal_as_victim": "Criminal, the child as victim",
        CriminalAsSuspect = "criminal_as_suspect": "Criminal, the child as suspect",
        Asylum = "asylum": "Asylum",
        Residence = "residence": "Residence",
        ReturnProcedure = "return_procedure": "Return procedure",
        DublinOrTransfer = "dublin_or_transfer": "Transfer to the State responsible for an asylum application",
        CivilClaim = "civil_claim": "Civil claim",
        CompensationState = "compensation_state": "Compensation from the State",
        LabourClaim = "labour_claim": "Labour claim",
        FamilyReunification = "family_reunification": "Family reunification",
        AgeAssessment = "age_assessment": "Age assessment",
        AdoptionReview = "adoption_review": "Review of an adoption",
        DataProtectionRequest = "data_protection_request": "Data protection request",
    }
}

crate::codes! {
    /// What a running proceeding blocks.
    pub enum ProceedingBlock = "proceeding_block" {
        Removal = "removal": "Removal from the territory",
        Closure = "closure": "Closure of the case",
        ReturnExecution = "return_execution": "Carrying out a return",
        DataErasure = "data_erasure": "Erasure of data",
    }
}

crate::codes! {
    /// What kind of conversation with the child it is.
    pub enum InterviewKind = "interview_kind" {
        ScreeningTalk = "screening_talk": "Screening talk",
        Forensic = "forensic": "Forensic interview",
        Supplementary = "supplementary": "Supplementary forensic interview",
        MedicalHistory = "medical_history": "Taking of the medical history",
        Age = "age": "Interview on age",
        Asylum = "asylum": "Asylum interview",
        GuardianVisit = "guardian_visit": "Visit of the guardian",
        ReturnTalk = "return_talk": "Talk after a missing child's return",
    }
}

crate::codes! {
    /// The four rooms of the Barnahus; each keeps records of its own.
    pub enum Room = "room" {
        ChildProtection = "child_protection": "Child protection",
        CriminalJustice = "criminal_justice": "Criminal justice",
        PhysicalHealth = "physical_health": "Physical health",
        MentalHealth = "mental_health": "Mental health",
    }
}
