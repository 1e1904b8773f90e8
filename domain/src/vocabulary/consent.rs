//! The child's views, assent and consent, and the lawful basis of processing.

crate::codes! {
    /// How the child's view was taken.
    pub enum ViewMethod = "view_method" {
        Spoken = "spoken": "Spoken",
        Written = "written": "Written",
        Drawing = "drawing": "Drawing",
        PlayBased = "play_based": "Through play",
        Sign = "sign": "Sign language",
        Interpreter = "interpreter": "Through an interpreter",
        ViaGuardian = "via_guardian": "Through the guardian",
        ViaTherapistSummary = "via_therapist_summary": "Summary by the therapist",
        ObservedOnly = "observed_only": "Observed only",
    }
}

crate::codes! {
    /// Whether the child has expressed a view.
    pub enum ViewStatus = "view_status" {
        Expressed = "expressed": "Expressed",
        PartlyExpressed = "partly_expressed": "Expressed in part",
        NotYetAsked = "not_yet_asked": "Not asked yet",
        DeclinedToExpress = "declined_to_express": "The child does not wish to express a view",
        Unable = "unable": "The child is unable to express a view",
        AskedLater = "asked_later": "To be asked later",
    }
}

crate::codes! {
    /// Why an act goes ahead without the child's view; the child is asked again on a set date.
    pub enum ViewMissingReason = "view_missing_reason" {
        NotPossibleNow = "not_possible_now": "Not possible now",
        UrgentDanger = "urgent_danger": "Urgent danger",
        Unable = "unable": "The child is unable to express a view",
        Declined = "declined": "The child declined to express a view",
    }
}

crate::codes! {
    /// Whose agreement to what; it is never the lawful basis of core referral.
    pub enum ConsentKind = "consent_kind" {
        ServiceConsentRepresentative = "service_consent_representative": "Consent of the representative to a service",
        ChildAssent = "child_assent": "Assent of the child",
        ChildConsentCapable = "child_consent_capable": "Consent of a child capable of it",
        MedicalConsent = "medical_consent": "Consent to medical care or examination",
        ImageRecordingConsent = "image_recording_consent": "Consent to images or recording",
        CrossBorderInformationConsent = "cross_border_information_consent": "Information about cross-border sharing given and agreed; not a lawful basis",
        Refused = "refused": "Refused",
        Withdrawn = "withdrawn": "Withdrawn",
    }
}

crate::codes! {
    /// The legal ground on which personal data is processed or disclosed.
    pub enum LawfulBasis = "lawful_basis" {
        Gdpr6LegalObligation = "gdpr_6_1_c_legal_obligation": "GDPR Art. 6(1)(c): legal obligation",
        Gdpr6Vital = "gdpr_6_1_d_vital": "GDPR Art. 6(1)(d): vital interests",
        Gdpr6PublicTask = "gdpr_6_1_e_public_task": "GDPR Art. 6(1)(e): task in the public interest",
        Gdpr9Vital = "gdpr_9_2_c_vital": "GDPR Art. 9(2)(c): special categories, vital interests",
        Gdpr9LegalClaims = "gdpr_9_2_f_legal_claims": "GDPR Art. 9(2)(f): special categories, legal claims",
        Gdpr9SubstantialPublicInterest = "gdpr_9_2_g_substantial_public_interest": "GDPR Art. 9(2)(g): special categories, substantial public interest",
        Gdpr9HealthSocial = "gdpr_9_2_h_health_social": "GDPR Art. 9(2)(h): special categories, health or social care",
        Gdpr10OfficialAuthority = "gdpr_10_official_authority": "GDPR Art. 10: offence data under official authority",
        Led8CompetentAuthorityTask = "led_8_competent_authority_task": "Directive (EU) 2016/680 Art. 8: task of a competent authority",
        Led10SpecialCategories = "led_10_special_categories": "Directive (EU) 2016/680 Art. 10: special categories",
        CivilCooperation = "h96_or_biib_cooperation": "Cooperation under the 1996 Hague Convention or Regulation (EU) 2019/1111",
        Gdpr49PublicInterestTransfer = "gdpr_49_1_d_public_interest_transfer": "GDPR Art. 49(1)(d): transfer for important reasons of public interest",
        Gdpr49VitalTransfer = "gdpr_49_1_f_vital_transfer": "GDPR Art. 49(1)(f): transfer to protect vital interests",
        ConsentSpecialCase = "consent_special_case": "Consent, in a special case",
    }
}
