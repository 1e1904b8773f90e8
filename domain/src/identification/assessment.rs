//! The combination rule for a child: which dimensions are positive, and what that comes to.
//!
//! The rule is fixed and written by people (no learning, no thresholds that move); its result advises and never
//! decides (R19, R96). The four ways in which a dimension becomes positive follow the operational indicators of
//! trafficking in human beings (ILO and European Commission, 2009).

use serde::{Deserialize, Serialize};

use super::{
    Certainty, Observation,
    indicators::{CATALOGUE_VERSION, Dimension, Indicator, Strength},
};
use crate::{CodeList as _, vocabulary::Act};

crate::codes! {
    /// What a screening comes to. It never closes anything by itself.
    pub enum ScreeningResult = "screening_result" {
        ReasonableGrounds = "reasonable_grounds": "Reasonable grounds to believe that the child is a victim",
        Possible = "possible": "Possible; absence of indicators does not exclude trafficking",
        Insufficient = "insufficient": "Not enough observed; absence of indicators does not exclude trafficking",
    }
}

crate::codes! {
    /// Which condition led to reasonable grounds.
    pub enum ResultCondition = "screening_condition" {
        ExploitationPositive = "a": "A: the dimension exploitation is positive",
        StrongDirect = "b": "B: a strong and direct indicator is confirmed or reported",
        SeveralDimensions = "c": "C: two or more dimensions other than exploitation are positive",
        ProfessionalJudgement = "d": "D: reasoned professional judgement",
    }
}

crate::codes! {
    /// Which combination made a dimension positive.
    pub enum DimensionOption = "dimension_option" {
        TwoStrong = "two_strong": "Two strong indicators",
        StrongAndOther = "strong_and_other": "One strong indicator and one medium or weak",
        ThreeMedium = "three_medium": "Three medium indicators",
        TwoMediumOneWeak = "two_medium_one_weak": "Two medium indicators and one weak",
    }
}

/// The combination of counts (strong, medium, weak) that makes a dimension positive, if any.
pub const fn positive(strong: u32, medium: u32, weak: u32) -> Option<DimensionOption> {
    if strong >= 2 {
        Some(DimensionOption::TwoStrong)
    } else if strong >= 1 && medium + weak >= 1 {
        Some(DimensionOption::StrongAndOther)
    } else if medium >= 3 {
        Some(DimensionOption::ThreeMedium)
    } else if medium >= 2 && weak >= 1 {
        Some(DimensionOption::TwoMediumOneWeak)
    } else {
        None
    }
}

/// What was counted in one dimension, and why it is positive or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DimensionResult {
    /// The dimension.
    pub dimension: Dimension,
    /// Strong indicators counted, each code once.
    pub strong: u32,
    /// Medium indicators counted.
    pub medium: u32,
    /// Weak indicators counted.
    pub weak: u32,
    /// The combination that made it positive; none when it is not positive or is no dimension of the rule.
    pub positive_by: Option<DimensionOption>,
    /// The codes that were counted.
    pub counted: Vec<String>,
}

/// What a screening comes to, with everything needed to follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// The result.
    pub result: ScreeningResult,
    /// The first condition that held, for reasonable grounds.
    pub condition: Option<ResultCondition>,
    /// Every dimension in which something was counted.
    pub dimensions: Vec<DimensionResult>,
    /// Strong and direct indicators that were counted.
    pub strong_direct: Vec<String>,
    /// Codes that were observed as suspected only and so not counted (R21).
    pub suspected_only: Vec<String>,
    /// Whether the purpose is shown and the act still has to be clarified.
    pub act_to_be_clarified: bool,
    /// The version of the catalogue whose weights were used.
    pub catalogue_version: String,
}

/// What beside the observations speaks for the act or for reasonable grounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Acts that are known.
    pub acts: Vec<Act>,
    /// Whether a person controls the child.
    pub controlling_person: bool,
    /// Whether a professional gives reasons of their own for reasonable grounds.
    pub professional_judgement: bool,
}

const RULE_DIMENSIONS: [Dimension; 6] = [
    Dimension::DeceptiveRecruitment,
    Dimension::CoerciveRecruitment,
    Dimension::VulnerabilityRecruitment,
    Dimension::Exploitation,
    Dimension::CoercionAtDestination,
    Dimension::VulnerabilityAtDestination,
];

/// Applies the rule to what was observed. Unknown codes count for nothing: they are refused before.
pub fn assess(observations: &[Observation], around: &Circumstances) -> Assessment {
    let (counted, suspected_only) = counted(observations);
    let dimensions: Vec<DimensionResult> =
        Dimension::ALL.iter().filter_map(|it| dimension_result(*it, &counted)).collect();
    let find = |dimension: Dimension| dimensions.iter().find(|it| it.dimension == dimension);
    let is_positive = |dimension: Dimension| find(dimension).is_some_and(|it| it.positive_by.is_some());

    let strong_direct: Vec<String> = counted
        .iter()
        .filter(|it| it.direct && it.strength == Strength::Strong)
        .map(|it| it.code.to_owned())
        .collect();
    let means_positive = RULE_DIMENSIONS
        .iter()
        .filter(|it| !matches!(it, Dimension::Exploitation | Dimension::VulnerabilityAtDestination))
        .filter(|it| is_positive(**it))
        .count();

    let condition = if is_positive(Dimension::Exploitation) {
        Some(ResultCondition::ExploitationPositive)
    } else if !strong_direct.is_empty() {
        Some(ResultCondition::StrongDirect)
    } else if means_positive + usize::from(is_positive(Dimension::VulnerabilityAtDestination)) >= 2 {
        Some(ResultCondition::SeveralDimensions)
    } else if around.professional_judgement {
        Some(ResultCondition::ProfessionalJudgement)
    } else {
        None
    };
    let result = if condition.is_some() {
        ScreeningResult::ReasonableGrounds
    } else if possible(&dimensions, &counted) {
        ScreeningResult::Possible
    } else {
        ScreeningResult::Insufficient
    };
    let act_shown = around.controlling_person
        || !around.acts.is_empty()
        || counted.iter().any(|it| {
            matches!(
                it.dimension,
                Dimension::Movement
                    | Dimension::DeceptiveRecruitment
                    | Dimension::CoerciveRecruitment
                    | Dimension::VulnerabilityRecruitment
                    | Dimension::CoercionAtDestination
            )
        });
    Assessment {
        result,
        condition,
        dimensions,
        strong_direct,
        suspected_only,
        act_to_be_clarified: condition == Some(ResultCondition::ExploitationPositive) && !act_shown,
        catalogue_version: CATALOGUE_VERSION.to_owned(),
    }
}

/// Each code once: those that count (confirmed or reported), and those that were only suspected.
fn counted(observations: &[Observation]) -> (Vec<&'static Indicator>, Vec<String>) {
    let mut counted: Vec<&'static Indicator> = Vec::new();
    let mut suspected: Vec<String> = Vec::new();
    for it in observations {
        let Some(indicator) = Indicator::find(&it.indicator) else { continue };
        if it.certainty == Certainty::Suspected {
            if !suspected.contains(&it.indicator) {
                suspected.push(it.indicator.clone());
            }
        } else if !counted.contains(&indicator) {
            counted.push(indicator);
        }
    }
    suspected.retain(|code| !counted.iter().any(|it| it.code == code));
    (counted, suspected)
}

fn dimension_result(dimension: Dimension, counted: &[&'static Indicator]) -> Option<DimensionResult> {
    let here: Vec<_> = counted.iter().filter(|it| it.dimension == dimension).collect();
    let count =
        |strength: Strength| u32::try_from(here.iter().filter(|it| it.strength == strength).count()).ok();
    let (strong, medium, weak) = (count(Strength::Strong)?, count(Strength::Medium)?, count(Strength::Weak)?);
    let positive_by =
        if RULE_DIMENSIONS.contains(&dimension) { positive(strong, medium, weak) } else { None };
    (!here.is_empty()).then(|| DimensionResult {
        dimension,
        strong,
        medium,
        weak,
        positive_by,
        counted: here.iter().map(|it| it.code.to_owned()).collect(),
    })
}

/// Any dimension with a strong or two medium, a strong movement, or three observed overall.
fn possible(dimensions: &[DimensionResult], counted: &[&'static Indicator]) -> bool {
    let in_rule =
        |it: &DimensionResult| RULE_DIMENSIONS.contains(&it.dimension) && (it.strong >= 1 || it.medium >= 2);
    let movement = |it: &DimensionResult| it.dimension == Dimension::Movement && it.strong >= 1;
    dimensions.iter().any(|it| in_rule(it) || movement(it)) || counted.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(codes: &[&str]) -> Vec<Observation> {
        codes
            .iter()
            .map(|it| Observation { indicator: (*it).to_owned(), certainty: Certainty::Reported })
            .collect()
    }

    fn result(codes: &[&str]) -> (ScreeningResult, Option<ResultCondition>) {
        let it = assess(&seen(codes), &Circumstances::default());
        (it.result, it.condition)
    }

    #[test]
    fn the_published_vectors() {
        for (vector, expected) in [
            ((2, 0, 0), true),
            ((1, 1, 0), true),
            ((1, 0, 1), true),
            ((0, 3, 0), true),
            ((0, 2, 1), true),
            ((1, 0, 0), false),
            ((0, 2, 0), false),
            ((0, 1, 5), false),
            ((0, 0, 9), false),
            ((0, 0, 0), false),
        ] {
            assert_eq!(positive(vector.0, vector.1, vector.2).is_some(), expected, "{vector:?}");
        }
    }

    /// The least that makes a dimension positive (strong, medium, weak); whatever holds one of these is positive, by
    /// the first that it holds.
    const LEAST: [((u32, u32, u32), DimensionOption); 5] = [
        ((2, 0, 0), DimensionOption::TwoStrong),
        ((1, 1, 0), DimensionOption::StrongAndOther),
        ((1, 0, 1), DimensionOption::StrongAndOther),
        ((0, 3, 0), DimensionOption::ThreeMedium),
        ((0, 2, 1), DimensionOption::TwoMediumOneWeak),
    ];

    fn least_held(s: u32, m: u32, w: u32) -> Option<DimensionOption> {
        LEAST.iter().find(|((a, b, c), _)| s >= *a && m >= *b && w >= *c).map(|(_, option)| *option)
    }

    #[test]
    fn the_combination_rule_is_exactly_the_published_one() {
        for (s, m, w) in (0..125).map(|n| (n / 25, n / 5 % 5, n % 5)) {
            assert_eq!(positive(s, m, w), least_held(s, m, w), "{s} {m} {w}");
        }
    }

    #[test]
    fn a_dimension_of_the_catalogue_counts_as_the_rule_says() {
        let mut tried = 0;
        for dimension in RULE_DIMENSIONS {
            let of = |strength| -> Vec<&'static str> {
                let all = super::super::indicators::INDICATORS.iter();
                all.filter(|it| it.dimension == dimension && it.strength == strength)
                    .map(|it| it.code)
                    .collect()
            };
            let (strong, medium, weak) = (of(Strength::Strong), of(Strength::Medium), of(Strength::Weak));
            for (s, m, w) in (0..125_usize).map(|n| (n / 25, n / 5 % 5, n % 5)) {
                if s + m + w == 0 || s > strong.len() || m > medium.len() || w > weak.len() {
                    continue;
                }
                let codes = [&strong[..s], &medium[..m], &weak[..w]].concat();
                let [s, m, w] = [s, m, w].map(|it| u32::try_from(it).expect("small"));
                let it = assess(&seen(&codes), &Circumstances::default());
                assert_eq!(it.dimensions.len(), 1);
                let counted = &it.dimensions[0];
                assert_eq!((counted.strong, counted.medium, counted.weak), (s, m, w));
                assert_eq!(counted.positive_by, least_held(s, m, w), "{dimension} {codes:?}");
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
    }

    #[test]
    fn the_scenarios_of_the_field() {
        use ResultCondition as C;
        use ScreeningResult as R;
        let begging = ["beg_adult_collects", "beg_target_sum", "trv_group_unrelated_adult"];
        assert_eq!(result(&begging), (R::ReasonableGrounds, Some(C::StrongDirect)), "9.1");
        let online = ["onl_images_solicited", "onl_images_threatened", "onl_meeting_travel_arranged"];
        assert_eq!(result(&online), (R::ReasonableGrounds, Some(C::StrongDirect)), "9.2");
        let restaurant = ["lab_family_restaurant_hidden", "lab_excessive_hours", "lab_lives_at_workplace"];
        assert_eq!(result(&restaurant), (R::ReasonableGrounds, Some(C::ExploitationPositive)), "9.5");
        let border = ["trv_phone_number_only", "trv_unaccompanied_unknown_pickup", "gen_speaks_scripted"];
        assert_eq!(result(&border), (R::Possible, None), "9.6");
        let several = ["beg_adult_collects", "sex_prostitution_of_child", "gen_threats_to_child"];
        assert_eq!(result(&several), (R::ReasonableGrounds, Some(C::ExploitationPositive)), "9.11");
        assert_eq!(result(&[]), (R::Insufficient, None));
        assert_eq!(result(&["gen_fear_anxious_withdrawn"]), (R::Insufficient, None), "context alone");
        assert_eq!(result(&["trv_known_route_or_address"]), (R::Possible, None), "a strong movement");
    }

    #[test]
    fn the_act_is_to_be_clarified_only_when_nothing_shows_it() {
        let purpose_only = seen(&["lab_excessive_hours", "lab_hazardous_work"]);
        assert!(assess(&purpose_only, &Circumstances::default()).act_to_be_clarified);
        let controlled = Circumstances { controlling_person: true, ..Circumstances::default() };
        assert!(!assess(&purpose_only, &controlled).act_to_be_clarified);
        let moved = seen(&["lab_excessive_hours", "lab_hazardous_work", "trv_moved_between_cities"]);
        assert!(!assess(&moved, &Circumstances::default()).act_to_be_clarified);
    }

    #[test]
    fn suspected_is_stored_and_never_counted() {
        let it = Observation { indicator: "beg_adult_collects".into(), certainty: Certainty::Suspected };
        let only = assess(&[it], &Circumstances::default());
        assert_eq!(
            (only.result, only.suspected_only.as_slice()),
            (ScreeningResult::Insufficient, &["beg_adult_collects".to_owned()][..])
        );
    }

    #[test]
    fn a_professional_may_raise_and_says_so() {
        let judged = Circumstances { professional_judgement: true, ..Circumstances::default() };
        let it = assess(&[], &judged);
        assert_eq!(
            (it.result, it.condition),
            (ScreeningResult::ReasonableGrounds, Some(ResultCondition::ProfessionalJudgement))
        );
    }

    proptest! {
        #[test]
        fn more_observations_never_lower_the_result(mask: u128, more in 0_usize..134) {
            let all = super::super::indicators::INDICATORS;
            let codes: Vec<_> = all.iter().enumerate().filter(|(n, _)| *n < 128 && mask >> n & 1 == 1).map(|(_, it)| it.code).collect();
            let before = assess(&seen(&codes), &Circumstances::default());
            let mut with = codes.clone();
            with.push(all[more % all.len()].code);
            let after = assess(&seen(&with), &Circumstances::default());
            prop_assert!(after.result <= before.result, "results are ordered from grounds to insufficient");
        }

        #[test]
        fn a_code_counts_once(times in 1_usize..5) {
            let codes = vec!["gen_movement_controlled"; times];
            let it = assess(&seen(&codes), &Circumstances::default());
            prop_assert_eq!(it.dimensions[0].medium, 1);
        }
    }
}
