//! What is deleted with a child, table by table. A table that refers to cases or children and is not here keeps an erasure
//! from being done at all: the database refuses to leave it behind.

/// In this order, so that nothing refers to what is gone. `$1` are the ids of all that is erased: cases, children,
/// screenings, concerns, links, matches, requests abroad, requests for
/// data, accesses in emergencies and justifications. A table whose rows tell of two cases loses them with either.
pub(super) const DELETED: &[(&str, &str)] = &[
    (
        "escalations",
        "deadline_id IN (SELECT d.id FROM deadlines d WHERE d.case_id = ANY ($1) OR d.subject_id = ANY ($1) OR EXISTS ( \
         SELECT FROM transnational_requests r WHERE r.id = ANY ($1) AND r.request_id = d.subject_id AND r.country = d.country))",
    ),
    // A duty about a concern or a match names no case.
    (
        "deadlines",
        "case_id = ANY ($1) OR subject_id = ANY ($1) OR EXISTS (SELECT FROM transnational_requests r \
         WHERE r.id = ANY ($1) AND r.request_id = deadlines.subject_id AND r.country = deadlines.country)",
    ),
    // The record of this side; the other country keeps its own, and decides on it.
    ("transnational_messages", "record_id = ANY ($1)"),
    ("transnational_requests", "id = ANY ($1)"),
    ("referral_messages", "referral_id IN (SELECT id FROM referrals WHERE case_id = ANY ($1))"),
    ("referral_files", "referral_id IN (SELECT id FROM referrals WHERE case_id = ANY ($1))"),
    ("referrals", "case_id = ANY ($1)"),
    ("participations", "case_id = ANY ($1)"),
    ("emergency_reviews", "access_id = ANY ($1)"),
    ("emergency_accesses", "id = ANY ($1)"),
    ("data_requests", "case_id = ANY ($1)"),
    ("restrictions", "case_id = ANY ($1)"),
    ("case_external_ids", "case_id = ANY ($1)"),
    ("exploitation_episodes", "case_id = ANY ($1)"),
    ("age_assessments", "case_id = ANY ($1)"),
    ("case_entries", "case_id = ANY ($1)"),
    ("document_contents", "case_id = ANY ($1)"),
    ("missing_episodes", "case_id = ANY ($1)"),
    ("handovers", "case_id = ANY ($1)"),
    ("case_acts", "case_id = ANY ($1) OR other_case_id = ANY ($1)"),
    ("case_links", "case_id = ANY ($1) OR other_case_id = ANY ($1)"),
    ("case_matches", "case_id = ANY ($1) OR other_case_id = ANY ($1)"),
    ("case_versions", "id = ANY ($1)"),
    ("canary_alarms", "case_id = ANY ($1)"),
    ("canary_cases", "case_id = ANY ($1)"),
    ("child_pseudonyms", "child_id = ANY ($1)"),
    ("child_tokens", "child_id = ANY ($1)"),
    ("child_indexes", "child_id = ANY ($1)"),
    ("child_versions", "id = ANY ($1)"),
    ("justifications", "id = ANY ($1)"),
];

/// The same, once those are gone.
pub(super) const DELETED_LAST: &[(&str, &str)] = &[
    ("children", "id = ANY ($1)"),
    ("screenings", "id = ANY ($1)"),
    ("concerns", "id = ANY ($1)"),
    ("data_keys", "subject_id = ANY ($1)"),
];

/// A case and its acts refer to each other, so they go together.
pub(super) const CASES: &str = "WITH acts AS (DELETE FROM identification_acts WHERE case_id = ANY ($1)) \
                                DELETE FROM cases WHERE id = ANY ($1)";
