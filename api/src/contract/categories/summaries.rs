//! What is left of a section for those who read a summary of it (`x-in-summary`): domain.md 3.3 gives many roles no more.
//! Whatever is not named here is for those who read the class whole.

/// A schema, and its properties that a summary keeps, beside its frame.
pub(super) const SUMMARIES: &[(&str, &[&str])] = &[
    // How to speak to the child and with whom, without what names it.
    ("Child", &["callName", "sex", "ageCertainty", "ageStatus", "ageGroup", "languages", "unaccompanied"]),
    // The kind of place, never where it is.
    ("Whereabouts", &["accommodationType", "since"]),
    // Who there is and what was decided about contact, without who it is.
    (
        "Contact",
        &[
            "relation",
            "isChild",
            "livesWithChild",
            "legalResponsibility",
            "contactDecision",
            "mayBeInformed",
            "checkedOn",
        ],
    ),
    // Countries, times and means of travel, without places and company.
    ("Movement", &["purpose", "legs"]),
    ("MovementLeg", &["fromCountry", "toCountry", "departed", "arrived", "transport", "crossing"]),
    ("ExploitationEpisode", &["exploitationTypes", "stage"]),
    // What was concluded and until when it can be appealed, without the grounds.
    ("AgeAssessment", &["method", "assessedOn", "conclusion", "appealUntil", "appeal", "foreign"]),
    ("AgeAppeal", &["broughtBy", "lodgedOn"]),
    // Who takes part with what, not why.
    ("Participant", &["party", "agencyType", "classes", "since", "until", "endedAt"]),
    ("ParticipantParty", &["agencyId", "professionalId", "role", "unit"]),
    ("ClassGrant", &["dataClass", "access"]),
    // Who acted when and how the status changed, without what was written.
    (
        "Identification",
        &[
            "status",
            "since",
            "grounds",
            "appealUntil",
            "negativeProposalId",
            "turned18At",
            "removalBlock",
            "entitlements",
            "acts",
        ],
    ),
    (
        "IdentificationEntry",
        &[
            "act",
            "from",
            "to",
            "basis",
            "broughtBy",
            "doneAt",
            "entitlement",
            "foreign",
            "grounds",
            "informed",
            "negativeGrounds",
            "noStatusReason",
            "protectionNeed",
            "reviewKind",
        ],
    ),
    ("InformedOfDecision", &["child", "guardian"]),
    ("ChildEntitlement", &["entitlement", "given"]),
    ("RemovalBlock", &["rule", "until"]),
    // The frame of a case shows of two classes what a summary holds.
    ("Case", &["child", "identification"]),
    // Where the case stands, what waits and who acted, in codes and times.
    (
        "CaseLifecycle",
        &[
            "acts",
            "closureChecklist",
            "closureReason",
            "handovers",
            "mergedIntoCaseId",
            "missingEpisodes",
            "pending",
            "reopenings",
        ],
    ),
    ("CasePending", &["closureRequestId", "handoverId", "missingEpisodeId", "returnInterview"]),
    ("ClosureChecklistItem", &["attestedOn", "because", "hard", "item", "lookedUp", "met", "rule"]),
    (
        "MissingEpisode",
        &[
            "foundAt",
            "interviewedAt",
            "lastSeenAt",
            "open",
            "policeNotifiedAt",
            "reportedAt",
            "reportedByAgencyId",
            "status",
        ],
    ),
    ("CaseAct", &["act", "from", "to"]),
    ("CaseHandover", &["endedAt", "fromAgencyId", "proposedAt", "toAgencyId", "toCountry"]),
];
