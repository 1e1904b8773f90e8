//! The vocabulary of the field: closed code lists that several rooms share, one file per theme.

mod actors;
mod consent;
mod crossborder;
mod exploitation;
mod file;
mod person;
mod proceedings;
mod process;
mod protection;
mod services;

pub use actors::{AgencyType, DataClass, Purpose, Role};
pub use consent::{ConsentKind, LawfulBasis, ViewMethod, ViewMissingReason, ViewStatus};
pub use crossborder::{TransnationalDeclineReason, TransnationalRequestStatus, TransnationalRequestType};
pub use exploitation::{
    Act, ControlMethod, ExploitationStage, ExploitationType, Industry, Means, PlaceType, PlatformType,
    RecruitmentChannel, RoleInChain, TraffickerRelation, ViolenceForm,
};
pub use file::{
    BorderCrossing, ContactDecision, ContactRelation, ContactWish, EntryKind, FileDocumentKind,
    LinkConfidentiality, LinkRelation, MediaType, MovementPurpose, Transport,
};
pub use person::{
    AgeCertainty, AgeGroup, AgeStatus, DocumentType, GenderIdentity, LegalStatus, NationalityStatus, Sex,
    SpecialNeed,
};
pub use proceedings::{InterviewKind, ProceedingBlock, ProceedingType, Room};
pub use process::{
    CasePhase, CaseStatus, ClosureReason, IdentificationModel, IdentificationStatus, ReopenReason,
};
pub use protection::{
    AccommodationType, DurableSolutionOption, GuardianAssignmentStatus, GuardianType, MissingStatus,
    RiskLevel,
};
pub use services::{DeclineReason, ReferralReason, ReferralStatus, ServiceCode, Urgency};

use crate::{
    codes::{CodeListTable, table},
    identification::indicators::{Dimension, IndicatorGroup, Strength, WeightBasis},
    rules::{RuleClass, RuleForce, Verification},
};

/// The tables of every list here and of the lists of rules and indicators, for `/v1/code-lists`.
pub static CODE_LISTS: &[CodeListTable] = &[
    table::<AgencyType>(),
    table::<Role>(),
    table::<Purpose>(),
    table::<DataClass>(),
    table::<ExploitationType>(),
    table::<ExploitationStage>(),
    table::<PlaceType>(),
    table::<Act>(),
    table::<Means>(),
    table::<ControlMethod>(),
    table::<ViolenceForm>(),
    table::<Industry>(),
    table::<RecruitmentChannel>(),
    table::<PlatformType>(),
    table::<TraffickerRelation>(),
    table::<RoleInChain>(),
    table::<EntryKind>(),
    table::<ContactRelation>(),
    table::<ContactDecision>(),
    table::<ContactWish>(),
    table::<MovementPurpose>(),
    table::<Transport>(),
    table::<BorderCrossing>(),
    table::<FileDocumentKind>(),
    table::<MediaType>(),
    table::<LinkRelation>(),
    table::<LinkConfidentiality>(),
    table::<Sex>(),
    table::<GenderIdentity>(),
    table::<AgeCertainty>(),
    table::<AgeStatus>(),
    table::<AgeGroup>(),
    table::<NationalityStatus>(),
    table::<LegalStatus>(),
    table::<DocumentType>(),
    table::<SpecialNeed>(),
    table::<IdentificationModel>(),
    table::<IdentificationStatus>(),
    table::<CaseStatus>(),
    table::<CasePhase>(),
    table::<ClosureReason>(),
    table::<ReopenReason>(),
    table::<ReferralStatus>(),
    table::<Urgency>(),
    table::<ReferralReason>(),
    table::<ServiceCode>(),
    table::<DeclineReason>(),
    table::<TransnationalRequestType>(),
    table::<TransnationalRequestStatus>(),
    table::<TransnationalDeclineReason>(),
    table::<AccommodationType>(),
    table::<GuardianType>(),
    table::<GuardianAssignmentStatus>(),
    table::<RiskLevel>(),
    table::<MissingStatus>(),
    table::<DurableSolutionOption>(),
    table::<ProceedingType>(),
    table::<ProceedingBlock>(),
    table::<InterviewKind>(),
    table::<Room>(),
    table::<ViewMethod>(),
    table::<ViewStatus>(),
    table::<ViewMissingReason>(),
    table::<ConsentKind>(),
    table::<LawfulBasis>(),
    table::<RuleClass>(),
    table::<RuleForce>(),
    table::<Verification>(),
    table::<Dimension>(),
    table::<Strength>(),
    table::<IndicatorGroup>(),
    table::<WeightBasis>(),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::codes::CodeList;

    fn snake(word: &str) -> bool {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && !word.ends_with('_')
            && !word.contains("__")
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    }

    #[test]
    fn names_are_unique_and_snake_case() {
        let names: HashSet<_> = CODE_LISTS.iter().map(|list| list.name).collect();
        assert_eq!(names.len(), CODE_LISTS.len());
        assert!(names.iter().all(|name| snake(name)), "{names:?}");
    }

    #[test]
    fn codes_are_unique_and_labelled_within_a_list() {
        for list in CODE_LISTS {
            let entries = (list.entries)();
            let codes: HashSet<_> = entries.iter().map(|(code, _)| code).collect();
            let labels: HashSet<_> = entries.iter().map(|(_, label)| label).collect();
            assert_eq!(codes.len(), entries.len(), "{}", list.name);
            assert_eq!(labels.len(), entries.len(), "{}", list.name);
            assert!(!list.about.trim().is_empty(), "{}", list.name);
            for (code, label) in entries {
                assert!(!label.trim().is_empty(), "{} {code}", list.name);
                assert!(snake(code) || list.name == AgeGroup::NAME, "{} {code}", list.name);
            }
        }
    }

    #[test]
    fn age_groups_keep_the_codes_of_the_statistics() {
        let codes: Vec<_> = AgeGroup::ALL.iter().map(|it| it.code()).collect();
        assert_eq!(codes, ["0-5", "6-11", "12-14", "15-17", "18+", "unknown"]);
    }

    #[test]
    fn every_list_of_this_folder_is_registered() {
        let declared: usize = [
            include_str!("actors.rs"),
            include_str!("consent.rs"),
            include_str!("crossborder.rs"),
            include_str!("exploitation.rs"),
            include_str!("file.rs"),
            include_str!("person.rs"),
            include_str!("proceedings.rs"),
            include_str!("process.rs"),
            include_str!("protection.rs"),
            include_str!("services.rs"),
        ]
        .iter()
        .map(|text| text.matches("pub enum ").count())
        .sum();
        let lists_of_rules_and_indicators = 7;
        assert_eq!(declared + lists_of_rules_and_indicators, CODE_LISTS.len());
    }

    #[test]
    fn a_code_reads_back_and_an_unknown_one_is_not_repeated() {
        assert_eq!(serde_json::from_str::<Role>("\"guardian\"").ok(), Some(Role::Guardian));
        let refused = serde_json::from_str::<Role>("\"nosuchrole\"").map_err(|e| e.to_string());
        assert!(refused.is_err_and(|message| !message.contains("nosuchrole") && message.contains("role")));
    }

    #[test]
    fn forbidden_grounds_of_refusal_are_exactly_these() {
        let national: Vec<_> =
            DeclineReason::ALL.iter().filter(|it| it.forbidden()).map(|it| it.code()).collect();
        assert_eq!(national, ["nationality", "legal_status", "non_cooperation", "criminal_conduct"]);
        let abroad: Vec<_> =
            TransnationalDeclineReason::ALL.iter().filter(|it| it.forbidden()).map(|it| it.code()).collect();
        assert_eq!(abroad, ["not_formally_identified", "not_our_national"]);
    }
}
