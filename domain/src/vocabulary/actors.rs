//! Who acts: types of agency, professional roles, purposes of use and the classes of data they may need.

crate::codes! {
    /// What kind of agency an organisation is; it decides what its professionals can do at all.
    pub enum AgencyType = "agency_type" {
        ChildProtection = "child_protection": "Child protection service (statutory child welfare)",
        MunicipalSocial = "municipal_social": "Municipal social services",
        Barnahus = "barnahus": "Barnahus",
        Police = "police": "Police, specialised units included",
        Prosecution = "prosecution": "Prosecution service",
        CourtCriminal = "court_criminal": "Criminal court",
        CourtFamily = "court_family": "Family or guardianship court",
        BorderGuard = "border_guard": "Border guard",
        Immigration = "immigration": "Immigration authority",
        AsylumAuthority = "asylum_authority": "Asylum authority",
        LabourInspectorate = "labour_inspectorate": "Labour inspectorate",
        HealthPhysical = "health_physical": "Health care: physical health",
        HealthMental = "health_mental": "Health care: mental health",
        ForensicMedicine = "forensic_medicine": "Forensic medicine",
        Education = "education": "School or other place of education",
        GuardianshipAuthority = "guardianship_authority": "Authority that appoints and supervises guardians",
        GuardianPerson = "guardian_person": "Individual guardian",
        LegalAid = "legal_aid": "Lawyer or legal aid of the child",
        NgoMandated = "ngo_mandated": "Non-governmental organisation with a mandate to identify victims",
        NgoSupport = "ngo_support": "Non-governmental organisation that gives support",
        Shelter = "shelter": "Shelter or housing",
        Helpline = "helpline": "Helpline for children, missing children or victims",
        JuvenileJustice = "juvenile_justice": "Juvenile justice: probation or youth court service",
        Consular = "consular": "Embassy or consulate",
        CrossborderFocalPoint = "crossborder_focal_point": "National focal point for the cross-border referral of victims",
        CentralAuthority = "central_authority": "Central Authority under Brussels IIb or the 1996 Hague Convention",
        NatCoordinator = "nat_coordinator": "National anti-trafficking coordinator",
        IndependentRapporteur = "independent_rapporteur": "Independent national rapporteur",
        CompensationAuthority = "compensation_authority": "State compensation authority",
        InternationalOrg = "international_org": "International organisation",
        PlatformContact = "platform_contact": "Contact at an online platform or hotline (receives notices only)",
        Dpo = "dpo": "Data protection officer",
        Auditor = "auditor": "Auditor",
        Sysadmin = "sysadmin": "Operator of the system",
    }
}

crate::codes! {
    /// The function in which a professional acts; it bounds what they may read and decide.
    pub enum Role = "role" {
        Reporter = "reporter": "Reporter of a concern",
        Screener = "screener": "Screener",
        CaseManager = "case_manager": "Case manager",
        Supervisor = "supervisor": "Supervisor of case managers",
        DutyOfficer = "duty_officer": "Duty officer",
        IdentificationOfficer = "identification_officer": "Identification officer",
        MdtMember = "mdt_member": "Member of the multidisciplinary team",
        BarnahusCoordinator = "barnahus_coordinator": "Barnahus coordinator",
        ForensicInterviewer = "forensic_interviewer": "Forensic interviewer",
        MedicalExaminer = "medical_examiner": "Medical examiner",
        Therapist = "therapist": "Therapist",
        Guardian = "guardian": "Guardian",
        Lawyer = "lawyer": "Lawyer of the child",
        Investigator = "investigator": "Investigator",
        Prosecutor = "prosecutor": "Prosecutor",
        FocalPointOfficer = "focal_point_officer": "Officer of the national focal point",
        ShelterWorker = "shelter_worker": "Shelter worker",
        Statistician = "statistician": "Statistician",
        Dpo = "dpo": "Data protection officer",
        Auditor = "auditor": "Auditor",
        Sysadmin = "sysadmin": "Operator of the system",
    }
}

crate::codes! {
    /// Why personal data is used; a token carries exactly one purpose, and so does every line of the
    /// access log.
    pub enum Purpose = "purpose" {
        Identification = "identification": "Identifying a child as a victim",
        Protection = "protection": "Protecting the child from harm",
        Assistance = "assistance": "Giving assistance and support",
        Health = "health": "Health care",
        Guardianship = "guardianship": "Guardianship and representation",
        Investigation = "investigation": "Criminal investigation",
        Prosecution = "prosecution": "Criminal prosecution",
        Court = "court": "Court proceedings",
        Residence = "residence": "Residence and immigration status",
        Transfer = "transfer": "Referral or transfer to another country",
        MissingChild = "missing_child": "Searching for a missing child",
        Statistics = "statistics": "Statistics without identities",
        Audit = "audit": "Audit of lawfulness",
        DataSubjectRequest = "data_subject_request": "Answering a data subject's request",
        Operations = "operations": "Operating the system, without case content",
    }
}

crate::codes! {
    /// The sections of a case by sensitivity; need to know is decided per class.
    pub enum DataClass = "data_class" {
        D1Identity = "d1_identity": "D1 Identity",
        D2Whereabouts = "d2_whereabouts": "D2 Current whereabouts",
        D3FamilyContacts = "d3_family_contacts": "D3 Family and contacts",
        D4ExploitationNarrative = "d4_exploitation_narrative": "D4 Account of the exploitation",
        D5Indicators = "d5_indicators": "D5 Indicators and screening results",
        D6IdentificationDecision = "d6_identification_decision": "D6 Identification decision",
        D7Health = "d7_health": "D7 Medical findings",
        D8TherapyNotes = "d8_therapy_notes": "D8 Therapy notes",
        D9InterviewRecordingLocator = "d9_interview_recording_locator": "D9 Where the interview recording is kept",
        D10Intelligence = "d10_intelligence": "D10 Intelligence of the investigation",
        D11AllegedOffenders = "d11_alleged_offenders": "D11 Alleged offenders",
        D12Migration = "d12_migration": "D12 Migration and asylum file",
        D13BestInterestsViews = "d13_best_interests_views": "D13 Best-interests assessments and determinations, and the child's views",
        D14RiskSafety = "d14_risk_safety": "D14 Risk assessment and safety plan",
        D15ReferralMetadata = "d15_referral_metadata": "D15 Referrals: to whom, when, with what answer",
        D16AccessLog = "d16_access_log": "D16 Access log",
    }
}
