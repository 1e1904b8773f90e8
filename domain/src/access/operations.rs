//! Every operation with the scope that it needs: the contract, the checks and the tests read this table.

crate::codes! {
    /// What a token may be used for; a client never holds a scope beyond the ceiling of its agency type.
    pub enum Scope = "scope" {
        ConcernsWrite = "concerns.write": "Report concerns and see own receipts",
        ScreeningsWrite = "screenings.write": "Screen indicators",
        IdentificationDecide = "identification.decide": "Presume and decide identification",
        IdentificationContest = "identification.contest": "Appeal, bring new facts and decline the status on the child's side",
        CasesRead = "cases.read": "Read cases",
        CasesWrite = "cases.write": "Open and change cases",
        ReferralsRead = "referrals.read": "Read referrals",
        ReferralsWrite = "referrals.write": "Make, send and answer referrals",
        TransnationalRead = "transnational.read": "Read requests between countries and their packages",
        TransnationalWrite = "transnational.write": "Make, send, answer and follow requests between countries",
        DeadlinesRead = "deadlines.read": "Read deadlines and what was escalated",
        EmergencyAccess = "emergency.access": "Open a case in an emergency, and review such access",
        DataRequests = "data_requests.handle": "Record and answer requests for the data of a child, and decide on those that are held",
        FileWrite = "file.write": "Add notes and documents to the file of a case, of classes that one writes",
        EventsRead = "events.read": "Read the feed of events",
        DirectoryRead = "directory.read": "Read the directory",
        DirectoryWrite = "directory.write": "Keep the own agency's entry in the directory",
        AuditRead = "audit.read": "Read who looked at what, and proofs that the logs are whole",
    }
}

/// One operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// The scope that it needs; none where any valid token will do.
    pub scope: Option<Scope>,
    /// Whether a professional must stand behind the call.
    pub professional: bool,
    /// Whether the answer can hold data of a child, so that the read is logged before it is answered.
    pub logged: bool,
    /// Whether it can show what others wrote of a child, so that police and justice say why (R86).
    pub justified: bool,
}

const fn open(id: &'static str) -> Operation {
    Operation { id, scope: None, professional: false, logged: false, justified: false }
}

const fn register(id: &'static str) -> Operation {
    Operation { id, scope: Some(Scope::DirectoryRead), professional: false, logged: false, justified: false }
}

/// Systems keep the directory by themselves: how many places are free tonight is told by nobody in particular.
const fn keep(id: &'static str) -> Operation {
    Operation { id, scope: Some(Scope::DirectoryWrite), professional: false, logged: false, justified: false }
}

const fn read(id: &'static str, scope: Scope) -> Operation {
    Operation { id, scope: Some(scope), professional: true, logged: true, justified: true }
}

const fn write(id: &'static str, scope: Scope) -> Operation {
    Operation { id, scope: Some(scope), professional: true, logged: true, justified: true }
}

/// Shows what was said and nothing else: a report never waits for a reason.
const fn report(id: &'static str, scope: Scope) -> Operation {
    Operation { id, scope: Some(scope), professional: true, logged: true, justified: false }
}

/// Whoever reads the log says why by the purpose of the token.
const fn log(id: &'static str) -> Operation {
    Operation { id, scope: Some(Scope::AuditRead), professional: true, logged: true, justified: false }
}

/// Hashes and signatures: systems keep them by themselves.
const fn seals(id: &'static str) -> Operation {
    Operation { id, scope: Some(Scope::AuditRead), professional: false, logged: false, justified: false }
}

/// Every operation under `/v1`; an operation without a row is refused.
pub static OPERATIONS: &[Operation] = &[
    open("getMe"),
    read("getMyAccess", Scope::CasesRead),
    open("listCodeLists"),
    open("getCodeList"),
    open("listRules"),
    open("getRule"),
    open("listIndicators"),
    open("getIndicator"),
    register("listCountries"),
    register("getCountry"),
    register("getCountryCalendar"),
    register("getCountryChannels"),
    open("getTransnationalPackageSchema"),
    register("listAgencies"),
    register("getAgency"),
    register("listAgencyServices"),
    register("getAgencyService"),
    register("matchDirectory"),
    keep("updateAgency"),
    keep("createAgencyService"),
    keep("updateAgencyService"),
    register("listProfessionals"),
    register("getProfessional"),
    report("createConcern", Scope::ConcernsWrite),
    read("listConcerns", Scope::ConcernsWrite),
    read("getConcern", Scope::ConcernsWrite),
    report("createScreening", Scope::ScreeningsWrite),
    read("listScreenings", Scope::ScreeningsWrite),
    read("getScreening", Scope::ScreeningsWrite),
    write("setAsideScreening", Scope::ScreeningsWrite),
    write("createCase", Scope::CasesWrite),
    write("putCase", Scope::CasesWrite),
    read("listCases", Scope::CasesRead),
    read("searchCases", Scope::CasesRead),
    read("getCase", Scope::CasesRead),
    read("getCaseTimeline", Scope::CasesRead),
    read("listCaseMatches", Scope::CasesRead),
    read("getCaseMatch", Scope::CasesRead),
    write("confirmCaseMatch", Scope::CasesWrite),
    write("rejectCaseMatch", Scope::CasesWrite),
    read("getCaseChild", Scope::CasesRead),
    write("updateCaseChild", Scope::CasesWrite),
    read("getCaseWhereabouts", Scope::CasesRead),
    write("updateCaseWhereabouts", Scope::CasesWrite),
    write("createExploitationEpisode", Scope::CasesWrite),
    read("listExploitationEpisodes", Scope::CasesRead),
    read("getExploitationEpisode", Scope::CasesRead),
    write("createContact", Scope::CasesWrite),
    read("listContacts", Scope::CasesRead),
    read("getContact", Scope::CasesRead),
    write("updateContact", Scope::CasesWrite),
    write("createMovement", Scope::CasesWrite),
    read("listMovements", Scope::CasesRead),
    read("getMovement", Scope::CasesRead),
    write("updateMovement", Scope::CasesWrite),
    write("createNote", Scope::FileWrite),
    read("listNotes", Scope::CasesRead),
    read("getNote", Scope::CasesRead),
    write("createDocument", Scope::FileWrite),
    read("listDocuments", Scope::CasesRead),
    read("getDocument", Scope::CasesRead),
    write("putDocumentContent", Scope::FileWrite),
    read("getDocumentContent", Scope::CasesRead),
    write("createParticipant", Scope::CasesWrite),
    read("listParticipants", Scope::CasesRead),
    read("getParticipant", Scope::CasesRead),
    write("updateParticipant", Scope::CasesWrite),
    write("endParticipant", Scope::CasesWrite),
    write("createRestrictedParty", Scope::CasesWrite),
    read("listRestrictedParties", Scope::CasesRead),
    read("getRestrictedParty", Scope::CasesRead),
    write("requestRestrictionLift", Scope::CasesWrite),
    write("confirmRestrictionLift", Scope::CasesWrite),
    write("createCaseLink", Scope::CasesWrite),
    read("listCaseLinks", Scope::CasesRead),
    read("getCaseLink", Scope::CasesRead),
    write("endCaseLink", Scope::CasesWrite),
    // Its own words say why.
    report("createEmergencyAccess", Scope::EmergencyAccess),
    read("listCaseEmergencyAccess", Scope::EmergencyAccess),
    read("getEmergencyAccess", Scope::EmergencyAccess),
    write("reviewEmergencyAccess", Scope::EmergencyAccess),
    read("listEmergencyAccess", Scope::EmergencyAccess),
    write("createDataRequest", Scope::DataRequests),
    read("listCaseDataRequests", Scope::DataRequests),
    read("getDataRequest", Scope::DataRequests),
    write("reviewDataRequest", Scope::DataRequests),
    write("answerDataRequest", Scope::DataRequests),
    read("listDataRequests", Scope::DataRequests),
    read("getCaseIdentification", Scope::CasesRead),
    write("presumeVictim", Scope::IdentificationDecide),
    write("recordNoGrounds", Scope::IdentificationDecide),
    write("presumeOnForeignNotice", Scope::IdentificationDecide),
    write("openFormalAssessment", Scope::IdentificationDecide),
    write("decideIdentification", Scope::IdentificationDecide),
    write("proposeNegativeDecision", Scope::IdentificationDecide),
    write("confirmNegativeDecision", Scope::IdentificationDecide),
    write("returnNegativeDecision", Scope::IdentificationDecide),
    write("appealDecision", Scope::IdentificationContest),
    write("declineStatus", Scope::IdentificationContest),
    write("closeWithoutStatus", Scope::IdentificationDecide),
    write("recogniseForeignDecision", Scope::IdentificationDecide),
    write("recordEntitlement", Scope::CasesWrite),
    write("createAgeAssessment", Scope::CasesWrite),
    write("appealAgeAssessment", Scope::CasesWrite),
    read("listAgeAssessments", Scope::CasesRead),
    read("getAgeAssessment", Scope::CasesRead),
    read("getCaseLifecycle", Scope::CasesRead),
    write("openCaseForProtection", Scope::CasesWrite),
    // Whoever cares for a child reports at once that it is gone, whatever else it may write.
    write("reportChildMissing", Scope::ConcernsWrite),
    write("recordPoliceNotified", Scope::ConcernsWrite),
    write("recordMissingAlert", Scope::ConcernsWrite),
    write("recordLongTermMissing", Scope::CasesWrite),
    write("recordChildFound", Scope::ConcernsWrite),
    write("recordReturnInterview", Scope::ConcernsWrite),
    write("proposeHandover", Scope::CasesWrite),
    // A receiver answers as it answers referrals; the focal point writes in no case.
    write("confirmHandover", Scope::ReferralsWrite),
    write("refuseHandover", Scope::ReferralsWrite),
    write("withdrawHandover", Scope::CasesWrite),
    write("requestClosure", Scope::CasesWrite),
    write("approveClosure", Scope::CasesWrite),
    write("returnClosure", Scope::CasesWrite),
    write("reopenCase", Scope::CasesWrite),
    write("mergeCase", Scope::CasesWrite),
    write("markCaseErroneous", Scope::CasesWrite),
    write("createReferral", Scope::ReferralsWrite),
    read("listReferrals", Scope::ReferralsRead),
    read("getReferral", Scope::ReferralsRead),
    write("updateReferral", Scope::ReferralsWrite),
    read("getReferralPackage", Scope::ReferralsRead),
    write("sendReferral", Scope::ReferralsWrite),
    write("acknowledgeReferral", Scope::ReferralsWrite),
    write("requestReferralInformation", Scope::ReferralsWrite),
    write("provideReferralInformation", Scope::ReferralsWrite),
    write("acceptReferral", Scope::ReferralsWrite),
    write("declineReferral", Scope::ReferralsWrite),
    write("proposeReferralReroute", Scope::ReferralsWrite),
    write("rerouteReferral", Scope::ReferralsWrite),
    write("startReferral", Scope::ReferralsWrite),
    write("completeReferral", Scope::ReferralsWrite),
    write("interruptReferral", Scope::ReferralsWrite),
    write("giveReferralFeedback", Scope::ReferralsWrite),
    write("recordReferralChildView", Scope::ReferralsWrite),
    write("cancelReferral", Scope::ReferralsWrite),
    write("createReferralMessage", Scope::ReferralsWrite),
    read("listReferralMessages", Scope::ReferralsRead),
    read("getReferralMessage", Scope::ReferralsRead),
    write("createTransnationalRequest", Scope::TransnationalWrite),
    read("listTransnationalRequests", Scope::TransnationalRead),
    read("getTransnationalRequest", Scope::TransnationalRead),
    write("updateTransnationalRequest", Scope::TransnationalWrite),
    read("getTransnationalChecklist", Scope::TransnationalRead),
    read("getTransnationalPackage", Scope::TransnationalRead),
    read("listTransnationalMessages", Scope::TransnationalRead),
    write("submitTransnationalRequest", Scope::TransnationalWrite),
    write("returnTransnationalRequest", Scope::TransnationalWrite),
    write("approveTransnationalRequest", Scope::TransnationalWrite),
    write("sendTransnationalRequest", Scope::TransnationalWrite),
    write("retryTransnationalDelivery", Scope::TransnationalWrite),
    write("acknowledgeTransnationalRequest", Scope::TransnationalWrite),
    write("openCaseFromPackage", Scope::TransnationalWrite),
    write("forwardTransnationalRequest", Scope::TransnationalWrite),
    write("requestTransnationalInformation", Scope::TransnationalWrite),
    write("provideTransnationalInformation", Scope::TransnationalWrite),
    write("assessTransnationalRequest", Scope::TransnationalWrite),
    write("acceptTransnationalRequest", Scope::TransnationalWrite),
    write("declineTransnationalRequest", Scope::TransnationalWrite),
    write("answerTransnationalRequest", Scope::TransnationalWrite),
    write("withdrawTransnationalRequest", Scope::TransnationalWrite),
    write("proposeTransferPlan", Scope::TransnationalWrite),
    write("confirmTransferPlan", Scope::TransnationalWrite),
    write("refuseTransferPlan", Scope::TransnationalWrite),
    write("recordDeparture", Scope::TransnationalWrite),
    write("turnTransferBack", Scope::TransnationalWrite),
    write("confirmArrival", Scope::TransnationalWrite),
    write("takeChildOver", Scope::TransnationalWrite),
    write("reportOnChild", Scope::TransnationalWrite),
    write("closeTransnationalRequest", Scope::TransnationalWrite),
    write("suspendTransnationalRequest", Scope::TransnationalWrite),
    write("liftTransnationalSuspension", Scope::TransnationalWrite),
    write("giveTransnationalNotice", Scope::TransnationalWrite),
    write("acknowledgeTransnationalNotice", Scope::TransnationalWrite),
    read("listDeadlines", Scope::DeadlinesRead),
    read("getDeadline", Scope::DeadlinesRead),
    read("listCaseDeadlines", Scope::DeadlinesRead),
    Operation {
        id: "listEvents",
        scope: Some(Scope::EventsRead),
        professional: false,
        logged: true,
        justified: false,
    },
    log("listAccessLog"),
    log("listDisclosures"),
    log("getInclusionProof"),
    seals("getAuditCheckpoint"),
    seals("getConsistencyProof"),
];

/// What only a sandbox node has.
pub static SANDBOX_OPERATIONS: &[Operation] = &[open("getSandboxClock"), open("setSandboxClock")];

impl Operation {
    /// The operation with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().chain(SANDBOX_OPERATIONS).find(|it| it.id == id)
    }

    /// Whether it is a question that is too long or too private for a URL: a POST that changes nothing.
    pub fn asks(&self) -> bool {
        ["match", "search"].iter().any(|it| self.id.starts_with(it))
    }

    /// Whether its answers name those who take part in cases. The directory names everybody to everybody, a concern and a
    /// screening are their authors' before there is a case, and what the logs tell is decided line by line.
    pub fn names_who_takes_part(&self) -> bool {
        let elsewhere = [Scope::DirectoryRead, Scope::DirectoryWrite, Scope::AuditRead];
        let before = ["Concern", "Concerns", "Screening", "Screenings"];
        self.scope.is_some_and(|it| !elsewhere.contains(&it))
            && !before.iter().any(|it| self.id.ends_with(it))
    }
}
