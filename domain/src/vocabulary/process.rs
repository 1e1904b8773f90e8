//! The states of identification and of the case.

crate::codes! {
    /// How a country identifies victims formally.
    pub enum IdentificationModel = "identification_model" {
        CriminalJusticeLed = "criminal_justice_led": "Led by criminal justice",
        SocialLed = "social_led": "Led by social services",
        DualTrack = "dual_track": "Two tracks: criminal justice and social services",
        MultiagencyCommission = "multiagency_commission": "By a commission of several agencies",
        NoSingleStatus = "no_single_status": "No single status",
    }
}

crate::codes! {
    /// Where the identification of a child as a victim of trafficking stands.
    pub enum IdentificationStatus = "identification_status" {
        ConcernLogged = "concern_logged": "Concern received",
        Screening = "screening": "Screening",
        NoGrounds = "no_grounds": "No grounds found; may be reopened",
        PresumedVictim = "presumed_victim": "Presumed victim: reasonable grounds, full access to help",
        FormalAssessment = "formal_assessment": "Formal assessment under way",
        IdentifiedVictim = "identified_victim": "Formally identified victim",
        NegativeDecision = "negative_decision": "Negative decision; help continues as child protection",
        ClosedNoStatus = "closed_no_status": "Closed without a formal status",
        UnderReview = "under_review": "Under review: appeal or new facts",
    }
}

crate::codes! {
    /// Where the case stands.
    pub enum CaseStatus = "case_status" {
        Intake = "intake": "Intake",
        Open = "open": "Open",
        OpenChildMissing = "open_child_missing": "Open, the child is missing",
        TransferPending = "transfer_pending": "Transfer of responsibility pending",
        Transferred = "transferred": "Responsibility transferred",
        ClosureReview = "closure_review": "Closure under review",
        Closed = "closed": "Closed",
        Reopened = "reopened": "Reopened",
        Merged = "merged": "Merged with another case of the same child",
        Erroneous = "erroneous": "Entered in error",
    }
}

crate::codes! {
    /// The phase of work on a case; phases inform and may overlap.
    pub enum CasePhase = "case_phase" {
        ImmediateProtection = "immediate_protection": "Immediate protection",
        Assessment = "assessment": "Assessment",
        Stabilisation = "stabilisation": "Stabilisation",
        Proceedings = "proceedings": "Proceedings",
        DurableSolution = "durable_solution": "Durable solution",
        FollowUp = "follow_up": "Follow-up",
    }
}

crate::codes! {
    /// Why a case is closed.
    pub enum ClosureReason = "closure_reason" {
        DurableSolutionImplemented = "durable_solution_implemented": "Durable solution carried out",
        HandedOverAbroad = "handed_over_abroad": "Handed over to another country",
        AgedOutWithPlan = "aged_out_with_plan": "Turned 18, with a transition plan",
        NotTraffickingOtherCpOpen = "not_trafficking_other_cp_open": "Not trafficking; another child-protection case is open",
        NotTraffickingNoNeed = "not_trafficking_no_need": "Not trafficking and no need of protection",
        ChildDeceased = "child_deceased": "The child has died",
        UntraceableAfterProtocol = "untraceable_after_protocol": "Not found after the full search protocol",
        DuplicateMerged = "duplicate_merged": "Duplicate, merged",
        EnteredInError = "entered_in_error": "Entered in error",
        TransferredCompetence = "transferred_competence": "Another authority is competent",
    }
}

crate::codes! {
    /// Why a closed or transferred case is reopened.
    pub enum ReopenReason = "reopen_reason" {
        Retrafficking = "retrafficking": "Trafficked again",
        NewDisclosure = "new_disclosure": "The child has told more",
        NewEvidence = "new_evidence": "New evidence",
        SolutionFailed = "solution_failed": "The durable solution failed",
        MissingFound = "missing_found": "The missing child was found",
        NewProceeding = "new_proceeding": "New proceeding",
        DataRights = "data_rights": "Data subject's rights",
        Other = "other": "Other reason",
    }
}
