//! Observations and what they come to, on the wire.

use domain::identification::{
    Certainty, Observation,
    assessment::{Assessment, DimensionOption, DimensionResult, ResultCondition, ScreeningResult},
    indicators::Dimension,
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

/// One indicator as it was observed.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Observation)]
pub struct ObservationView {
    /// The code of the indicator.
    pub indicator: IndicatorCode,
    /// How sure the observer is; only confirmed and reported ones count.
    pub certainty: Certainty,
}

/// The code of an indicator of the catalogue, `/v1/indicators`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(max_length = 60, pattern = "^[a-z][a-z0-9_]+$", example = "beg_adult_collects")]
pub struct IndicatorCode(pub String);

impl From<ObservationView> for Observation {
    fn from(it: ObservationView) -> Self {
        Self { indicator: it.indicator.0, certainty: it.certainty }
    }
}

impl From<Observation> for ObservationView {
    fn from(it: Observation) -> Self {
        Self { indicator: IndicatorCode(it.indicator), certainty: it.certainty }
    }
}

/// What a screening comes to, with everything needed to follow it. It advises and never decides; absence of
/// indicators does not exclude trafficking.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Assessment)]
#[serde(rename_all = "camelCase")]
pub struct AssessmentView {
    /// The result.
    pub result: ScreeningResult,
    /// The first condition that held, for reasonable grounds.
    pub condition: Option<ResultCondition>,
    /// Every dimension in which something was counted, with the reason why it is positive or not.
    #[schema(max_items = 8)]
    pub dimensions: Vec<DimensionResultView>,
    /// Strong and direct indicators that were counted.
    #[schema(max_items = 200)]
    pub strong_direct: Vec<IndicatorCode>,
    /// Codes that were only suspected and so not counted.
    #[schema(max_items = 200)]
    pub suspected_only: Vec<IndicatorCode>,
    /// Whether the purpose is shown and the act still has to be clarified.
    pub act_to_be_clarified: bool,
    /// The version of the catalogue whose weights were used.
    #[schema(max_length = 20, example = "2026.1")]
    pub catalogue_version: String,
}

/// What was counted in one dimension.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DimensionResult)]
#[serde(rename_all = "camelCase")]
pub struct DimensionResultView {
    /// The dimension.
    pub dimension: Dimension,
    /// Strong indicators, each code once.
    pub strong: u32,
    /// Medium indicators.
    pub medium: u32,
    /// Weak indicators.
    pub weak: u32,
    /// Whether the dimension is positive.
    pub positive: bool,
    /// The combination that made it positive.
    pub positive_by: Option<DimensionOption>,
    /// The codes that were counted.
    #[schema(max_items = 200)]
    pub counted: Vec<IndicatorCode>,
}

impl From<DimensionResult> for DimensionResultView {
    fn from(it: DimensionResult) -> Self {
        Self {
            dimension: it.dimension,
            strong: it.strong,
            medium: it.medium,
            weak: it.weak,
            positive: it.positive_by.is_some(),
            positive_by: it.positive_by,
            counted: it.counted.into_iter().map(IndicatorCode).collect(),
        }
    }
}

impl From<Assessment> for AssessmentView {
    fn from(it: Assessment) -> Self {
        Self {
            result: it.result,
            condition: it.condition,
            dimensions: it.dimensions.into_iter().map(DimensionResultView::from).collect(),
            strong_direct: it.strong_direct.into_iter().map(IndicatorCode).collect(),
            suspected_only: it.suspected_only.into_iter().map(IndicatorCode).collect(),
            act_to_be_clarified: it.act_to_be_clarified,
            catalogue_version: it.catalogue_version,
        }
    }
}
