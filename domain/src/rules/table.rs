//! The rows, in one file per topic.

mod coordination;
mod data;
mod deadlines;
mod exchange;
mod identification;
mod justice;
mod participation;
mod solutions;
pub(crate) mod urls;

pub use coordination::*;
pub use data::*;
pub use deadlines::*;
pub use exchange::*;
pub use identification::*;
pub use justice::*;
pub use participation::*;
pub use solutions::*;

use super::{Rule, Source, Verification};

const fn source(citation: &'static str, url: &'static str, verification: Verification) -> Source {
    Source { citation, url, verification }
}

/// Every rule, in order.
pub static RULES: &[&Rule] = &[
    &R1, &R2, &R3, &R4, &R5, &R6, &R7, &R8, &R9, &R10, &R11, &R12, &R13, &R14, &R15, &R16, &R17, &R18, &R19,
    &R20, &R21, &R22, &R23, &R24, &R25, &R26, &R27, &R28, &R29, &R30, &R31, &R32, &R33, &R34, &R35, &R36,
    &R37, &R38, &R39, &R40, &R41, &R42, &R43, &R44, &R45, &R46, &R47, &R48, &R49, &R50, &R51, &R52, &R53,
    &R54, &R55, &R56, &R57, &R58, &R59, &R60, &R61, &R62, &R63, &R64, &R65, &R66, &R67, &R68, &R69, &R70,
    &R71, &R72, &R73, &R74, &R75, &R76, &R77, &R78, &R79, &R80, &R81, &R82, &R83, &R84, &R85, &R86, &R87,
    &R88, &R89, &R90, &R91, &R92, &R93, &R94, &R95, &R96, &R97, &R98, &R99, &R100, &R101, &R102, &R103,
    &R104, &R105, &R106, &R107, &R108, &R109, &R110, &R111, &R112, &R113, &R114,
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::rules::{RuleClass, RuleForce};

    #[test]
    fn there_are_114_rules_in_order() {
        let codes: Vec<_> = RULES.iter().map(|rule| rule.code.to_owned()).collect();
        let expected: Vec<_> = (1..=114).map(|n| format!("R{n}")).collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn messages_are_unique_and_snake_case() {
        let messages: HashSet<_> = RULES.iter().map(|rule| rule.message).collect();
        assert_eq!(messages.len(), RULES.len());
        for message in messages {
            assert!(message.starts_with(|c: char| c.is_ascii_lowercase()), "{message}");
            assert!(
                message.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{message}"
            );
            assert!(!message.ends_with('_') && !message.contains("__"), "{message}");
        }
    }

    #[test]
    fn every_rule_says_when_what_why_and_what_helps() {
        for rule in RULES {
            for text in [rule.when, rule.effect, rule.remedy] {
                assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", rule.code);
                assert!(!text.contains('`') && !text.contains("  "), "{}: {text}", rule.code);
            }
            assert!(!rule.classes.is_empty() && !rule.sources.is_empty(), "{}", rule.code);
            let citations: HashSet<_> = rule.sources.iter().map(|it| it.citation).collect();
            assert_eq!(citations.len(), rule.sources.len(), "{}", rule.code);
        }
    }

    #[test]
    fn sources_are_cited_and_their_addresses_are_secure() {
        for rule in RULES {
            for source in rule.sources {
                assert!(!source.citation.trim().is_empty(), "{}", rule.code);
                assert!(source.url.is_empty() || source.url.starts_with("https://"), "{}", rule.code);
            }
        }
    }

    #[test]
    fn project_defaults_say_so_among_their_sources() {
        for rule in RULES {
            let proposed = rule.sources.iter().any(|it| it.verification == Verification::Proposal);
            assert_eq!(proposed, rule.classes.contains(&RuleClass::ProjectDefault), "{}", rule.code);
        }
    }

    #[test]
    fn soft_law_asks_for_a_reason_and_is_never_hard() {
        for rule in RULES.iter().filter(|it| it.classes.contains(&RuleClass::SoftLaw)) {
            assert_eq!(rule.force, RuleForce::NeedsReason, "{}", rule.code);
        }
    }

    #[test]
    fn views_data_classes_and_unlawful_refusals_are_hard() {
        for rule in [&R24, &R75, &R82] {
            assert_eq!(rule.force, RuleForce::Hard, "{}", rule.code);
        }
    }

    #[test]
    fn a_rule_is_found_by_its_code_only() {
        assert_eq!(Rule::find("R47").map(|rule| rule.message), Some("return_risk_block"));
        assert_eq!(Rule::find("R115"), None);
        assert_eq!(Rule::find("r47"), None);
    }
}
