//! The table: each schema that tells of a child, with the class of what it holds.

use domain::vocabulary::DataClass::{
    self, D1Identity as D1, D2Whereabouts as D2, D3FamilyContacts as D3, D4ExploitationNarrative as D4,
    D5Indicators as D5, D6IdentificationDecision as D6, D7Health as D7, D13BestInterestsViews as D13,
    D14RiskSafety as D14, D15ReferralMetadata as D15, D16AccessLog as D16,
};

use super::{
    Held::{self, By, Class, Frame},
    Row,
};

/// The frame of an object, in whatever schema it stands: names, and why they hold nothing of a class.
pub(super) const FRAME: &[(&[&str], &str)] = &[
    (
        &["id", "caseId", "referralId", "concernId", "correctsId", "reference", "caseReference"],
        "made by the node, and tells nothing by itself",
    ),
    (&["agencyId", "professionalId"], "who wrote it answers for it"),
    (&["version", "at", "recordedAt", "receivedAt", "screenedAt", "statusAt"], "when it was written"),
    (&["status", "caseStatus", "readOnly"], "where it stands"),
    (&["allowedActions", "blockedActions", "warnings"], "what the caller may do, and the rules behind it"),
    (&["summaryOnly", "withheld", "category"], "how much is shown, of which class"),
];

/// Schemas that are frame and nothing else.
pub(super) const FRAME_SCHEMAS: &[(&[&str], &str)] = &[
    (
        &[
            "AgeAssessmentPage",
            "CaseLinkPage",
            "CaseMatchPage",
            "CasePage",
            "ConcernPage",
            "ContactPage",
            "DataRequestPage",
            "DeadlinePage",
            "DocumentPage",
            "EmergencyAccessPage",
            "EventPage",
            "ExploitationEpisodePage",
            "MovementPage",
            "NotePage",
            "ParticipantPage",
            "ReferralMessagePage",
            "ReferralPage",
            "RestrictedPartyPage",
            "ScreeningPage",
            "TransnationalMessagePage",
            "TransnationalRequestPage",
        ],
        "a page of other things",
    ),
    (
        &["AllowedAction", "BlockedAction", "Source", "Violation", "Withheld"],
        "codes, places and rules; never a value",
    ),
    (
        &[
            "Channel",
            "TransnationalChecklist",
            "TransnationalChecklistItem",
            "TransnationalDeclineGround",
            "TransnationalOffice",
        ],
        "law, directory and what a type of request needs; nothing of the child",
    ),
    (&["CaseHolder", "IdentificationMandates"], "directory and profile of a country, open to all"),
    (&["DataRequestReplyText"], "what everybody is told who asks for data, in the same words"),
    (&["OtherCase"], "the frame of another case, for those who take part in it"),
    (&["ExternalId"], "numbers that the calling systems gave, for the agencies whose case it is"),
    (&["ForeignDocument"], "of the class of the member that holds it"),
    (&["Event"], "that something happened: ids, codes and times, never what it was"),
    (
        &["ComputedFrom", "Deadline", "DeadlineEscalation", "DeadlinePause", "Skipped", "Span"],
        "who owes what by when, read by a scope of its own",
    ),
];

const fn whole(schema: &'static str, holds: DataClass) -> Row {
    mixed(schema, holds, &[])
}

const fn mixed(schema: &'static str, holds: DataClass, except: &'static [(&'static str, Held)]) -> Row {
    Row { schema, holds, except }
}

/// What an act on the life of a case says of a missing child, of the end of a case and of a handover.
const OF_ACTS: &[(&str, Held)] = &[
    ("reasons", By("act")),
    ("doneAt", By("act")),
    ("doneBy", By("act")),
    ("reference", By("act")),
    ("notYetBecause", Class(D14)),
    ("foundOutcome", Class(D14)),
    ("interviewOutcome", Class(D14)),
    ("alerts", Class(D14)),
    ("crossBorderLink", Class(D14)),
    ("closureReason", Class(D13)),
    ("reopenReason", Class(D13)),
    ("attested", Class(D13)),
];

/// What the life of a case shows beside its frame; that a child is missing is for everybody who takes part.
const OF_LIFE: &[(&str, Held)] =
    &[("leadAgencyId", Frame), ("closureReason", Class(D13)), ("closureChecklist", Class(D13))];

/// What anybody who takes part sees of a case.
const OF_CASE: &[(&str, Held)] = &[
    ("child", Class(D1)),
    ("country", Frame),
    ("externalIds", Frame),
    ("leadAgencyId", Frame),
    ("openedAt", Frame),
    ("openedByAgencyId", Frame),
];

const OF_CONCERN: &[(&str, Held)] = &[
    ("anonymous", Frame),
    ("childHint", Class(D1)),
    ("contact", Class(D3)),
    ("country", Frame),
    ("danger", Class(D14)),
    ("description", Class(D4)),
    ("location", Class(D2)),
    ("noticedAt", Class(D4)),
    ("triageAgencyId", Frame),
    ("triageDue", Frame),
];

const OF_CONTENT: &[(&str, Held)] = &[
    ("child", Class(D1)),
    ("whereabouts", Class(D2)),
    ("childView", Class(D13)),
    ("childViewRecordedAt", Class(D13)),
    ("viewMissingReason", Class(D13)),
    ("childInformed", Class(D13)),
    ("askAgainOn", Class(D13)),
    ("caveats", Class(D14)),
];

/// What crosses a border, by the class of each member.
const OF_PACKAGE: &[(&str, Held)] = &[
    ("child", Frame),
    ("age", Class(D1)),
    ("ageCertainty", Class(D1)),
    ("sex", Class(D1)),
    ("nationalities", Class(D1)),
    ("languages", Class(D1)),
    ("specialNeeds", Class(D1)),
    ("exploitation", Class(D5)),
    ("indicators", Class(D5)),
    ("identification", Class(D6)),
    ("childView", Class(D13)),
    ("immediateRisk", Class(D14)),
];

/// What the author of a draft gave, by the class of each member.
const OF_DRAFT: &[(&str, Held)] = &[
    ("exploitation", Class(D5)),
    ("indicators", Class(D5)),
    ("childView", Class(D13)),
    ("viewMissingReason", Class(D13)),
    ("askAgainOn", Class(D13)),
    ("immediateRisk", Class(D14)),
    ("endangers", Class(D14)),
];

/// Every schema that tells of a child.
pub(super) const SCHEMAS: &[Row] = &[
    mixed("Case", D6, OF_CASE),
    mixed("CaseSummary", D6, &[("leadAgencyId", Frame), ("openedAt", Frame)]),
    whole("Child", D1),
    mixed("AgeAssessment", D1, &[("medicalFindings", Class(D7))]),
    whole("AgeAppeal", D1),
    whole("AgeRange", D1),
    whole("Assessor", D1),
    mixed("CaseMatch", D1, &[("foundAt", Frame)]),
    whole("CaseMatchAnswer", D1),
    mixed("CaseHit", D1, &[("case", Frame), ("heldBy", Frame)]),
    whole("CaseSearch", D1),
    whole("Whereabouts", D2),
    whole("Contact", D3),
    mixed("CaseLink", D3, &[("confidentiality", Frame), ("otherLeadAgencyId", Frame)]),
    whole("ExploitationEpisode", D4),
    whole("Movement", D4),
    whole("MovementLeg", D4),
    mixed("Concern", D5, OF_CONCERN),
    mixed("ConcernSummary", D14, &[("triageDue", Frame)]),
    mixed("Screening", D5, &[("country", Frame)]),
    whole("ScreeningSummary", D5),
    whole("Assessment", D5),
    whole("DimensionResult", D5),
    whole("Observation", D5),
    whole("SetAside", D5),
    mixed("Identification", D6, &[("mandates", Frame), ("status", Class(D6))]),
    mixed("IdentificationEntry", D6, &[("childView", Class(D13))]),
    whole("IdentificationFindings", D6),
    whole("InformedOfDecision", D6),
    whole("ChildEntitlement", D6),
    whole("RemovalBlock", D6),
    mixed("Note", D13, &[("text", By("category")), ("correctsId", By("category"))]),
    mixed(
        "Document",
        D13,
        &[
            ("title", By("category")),
            ("kind", By("category")),
            ("issuedOn", By("category")),
            ("length", By("category")),
            ("mediaType", By("category")),
            ("sha256", By("category")),
            ("storedAt", By("category")),
        ],
    ),
    mixed("ChildsView", D13, &[("status", Class(D13))]),
    whole("ClosureChecklistItem", D13),
    whole("AttestedClosureItem", D13),
    mixed("MissingEpisode", D15, &[("status", Class(D14))]),
    whole("RestrictedParty", D14),
    mixed("RestrictedPartyRef", D14, &[("agencyId", Class(D14)), ("professionalId", Class(D14))]),
    mixed("CaseLifecycle", D15, OF_LIFE),
    mixed("CaseAct", D15, OF_ACTS),
    whole("CasePending", D15),
    whole("CaseHandover", D15),
    whole("HandoverAbroad", D15),
    whole("HandoverArrival", D15),
    whole("Participant", D15),
    mixed("ParticipantParty", D15, &[("agencyId", Class(D15)), ("professionalId", Class(D15))]),
    whole("ClassGrant", D15),
    mixed("Referral", D15, &[("side", Frame)]),
    whole("ReferralSummary", D15),
    mixed("ReferralContent", D15, OF_CONTENT),
    mixed("ReferralPackage", D15, &[("digest", Frame), ("asRole", Frame), ("refusedBy", Frame)]),
    whole("ReferralMessage", D15),
    whole("ReferralEnd", D15),
    whole("ReferralOrigin", D15),
    whole("ReferralRouting", D15),
    whole("RerouteProposal", D15),
    whole("Acceptance", D15),
    whole("Decline", D15),
    whole("Disclosure", D15),
    mixed("DataRequest", D15, &[("name", Class(D3)), ("reply", Frame)]),
    whole("DataRequestReview", D15),
    whole("DataRequestAnswer", D15),
    whole("EmergencyAccess", D16),
    whole("EmergencyReview", D16),
    whole("InformationExchange", D15),
    mixed("TransnationalRequest", D15, &[("side", Frame), ("country", Frame)]),
    mixed("MaterialBody", D15, OF_DRAFT),
    whole("WrittenBody", D15),
    whole("ContactPointBody", D15),
    whole("ChildsViewBody", D13),
    whole("MoveSafeguard", D15),
    whole("TransnationalRequestSummary", D15),
    whole("TransnationalMessage", D15),
    whole("TransnationalAddressee", D15),
    whole("TransnationalNotice", D15),
    whole("PassedOn", D15),
    whole("TransnationalDecision", D15),
    whole("PlacementConsent", D15),
    whole("ChildTransfer", D15),
    whole("TransferPlan", D15),
    whole("ReceivingArrangement", D15),
    whole("ResponsibleSide", D15),
    mixed("TransnationalPackagePreview", D15, &[("digest", Frame), ("identity", Class(D1))]),
    mixed("TransnationalPackage", D15, &[("identity", Class(D1))]),
    whole("PackageChain", D15),
    whole("ChainHop", D15),
    whole("PassOn", D15),
    mixed("PackageContent", D15, OF_PACKAGE),
    whole("PackageAttachment", D15),
    whole("ContactPoint", D15),
    whole("SharedView", D13),
    whole("WrittenPart", D15),
    whole("IdentityBlock", D1),
];
