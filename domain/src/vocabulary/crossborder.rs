//! Requests between countries: their types, states and refusals.

crate::codes! {
    /// What one country asks of another; each type has its own channel, legal base and required parts.
    pub enum TransnationalRequestType = "transnational_request_type" {
        Information = "tr_information": "Information on the child, the family or proceedings",
        DangerNotice = "tr_danger_notice": "Notice of serious danger",
        Locate = "tr_locate": "Locating a child or parent",
        AssistanceReferral = "tr_assistance_referral": "Referral for assistance",
        PlacementConsent = "tr_placement_consent": "Consent to a placement abroad",
        DurableReturn = "tr_durable_return": "Return or relocation as a durable solution",
        Implementation = "tr_implementation": "Help in carrying out a decision",
        Jurisdiction = "tr_jurisdiction": "Transfer of jurisdiction between courts",
        Evidence = "tr_evidence": "Pointer to a request for evidence; no content",
        FamilyTracing = "tr_family_tracing": "Family tracing",
        IdentificationSupport = "tr_identification_support": "Support of an identification",
    }
}

crate::codes! {
    /// Where a request between countries stands.
    pub enum TransnationalRequestStatus = "transnational_request_status" {
        Draft = "draft": "Draft",
        NationalReview = "national_review": "Under review by the own focal point or Central Authority",
        Sent = "sent": "Sent",
        Delivered = "delivered": "Delivered",
        Undeliverable = "undeliverable": "Could not be delivered",
        Acknowledged = "acknowledged": "Acknowledged",
        Forwarded = "forwarded": "Forwarded to the competent authority",
        InfoRequested = "info_requested": "More information requested",
        UnderAssessment = "under_assessment": "Under assessment",
        Answered = "answered": "Answered",
        Accepted = "accepted": "Accepted",
        AcceptedPartly = "accepted_partly": "Accepted in part",
        AcceptedConditionally = "accepted_conditionally": "Accepted on conditions",
        Declined = "declined": "Declined",
        Withdrawn = "withdrawn": "Withdrawn by the requesting side",
        TransferPlanned = "transfer_planned": "Transfer of the child planned",
        InTransit = "in_transit": "The child is on the way",
        Arrived = "arrived": "The child has arrived",
        HandedOver = "handed_over": "Responsibility handed over",
        FollowUp = "follow_up": "Follow-up",
        Closed = "closed": "Closed",
        SuspendedSafety = "suspended_safety": "Suspended for safety",
    }
}

crate::codes! {
    /// Why a request between countries is declined. Two grounds can be named but are never lawful alone.
    pub enum TransnationalDeclineReason = "transnational_decline_reason" {
        NoCompetenceForwarded = "no_competence_forwarded": "Not competent; forwarded",
        ConsentRefusedUnsafe = "consent_refused_unsafe": "Consent refused: unsafe for the child",
        ConsentRefusedNoPlacement = "consent_refused_no_placement": "Consent refused: no suitable placement",
        ChildNotFound = "child_not_found": "Child not found",
        InformationNotHeld = "information_not_held": "Information not held",
        LegalGroundMissing = "legal_ground_missing": "Legal ground missing",
        TranslationMissing = "translation_missing": "Translation missing",
        EndangermentH9637 = "endangerment_h96_37": "Transmission would endanger (1996 Hague Convention Art. 37)",
        ManifestPublicPolicy = "manifest_public_policy": "Manifestly contrary to public policy",
        Other = "other": "Other reason, described in words",
        NotFormallyIdentified = "not_formally_identified": "The child is not formally identified (never a lawful ground alone)",
        NotOurNational = "not_our_national": "The child is not our national (never a lawful ground alone)",
    }
}

impl TransnationalDeclineReason {
    /// Whether this ground alone may never decide (rule R82).
    pub const fn forbidden(self) -> bool {
        matches!(self, Self::NotFormallyIdentified | Self::NotOurNational)
    }
}
