//! The indicator catalogue.

use actix_web::{get, web::Path};
use domain::identification::indicators::{
    CATALOGUE_VERSION, Dimension, INDICATORS, Indicator, IndicatorGroup, Strength, WeightBasis,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::page_of;
use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    problems,
    v1::common::{listed, page},
};

/// An indicator of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Indicator)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorView {
    /// Its code.
    #[schema(max_length = 60, pattern = "^[a-z][a-z0-9_]+$", example = "beg_adult_collects")]
    pub code: &'static str,
    /// Its group.
    pub group: IndicatorGroup,
    /// What is observed.
    #[schema(max_length = 500)]
    pub definition: &'static str,
    /// What it speaks for.
    pub dimension: Dimension,
    /// Its weight for a child.
    pub strength: Strength,
    /// Whether it is direct evidence.
    pub direct: bool,
    /// On what the weight rests.
    pub basis: WeightBasis,
    /// Short names of its sources; `*` marks wording that was seen.
    #[schema(max_length = 200)]
    pub sources: &'static str,
    /// The version of the catalogue.
    #[schema(max_length = 20, example = "2026.1")]
    pub catalogue_version: &'static str,
}

page! {
    /// A page of indicators, by group.
    IndicatorPage as IndicatorPage of IndicatorView
}

impl From<&Indicator> for IndicatorView {
    fn from(it: &Indicator) -> Self {
        Self {
            code: it.code,
            group: it.group,
            definition: it.definition,
            dimension: it.dimension,
            strength: it.strength,
            direct: it.direct,
            basis: it.basis,
            sources: it.sources,
            catalogue_version: CATALOGUE_VERSION,
        }
    }
}

/// The indicators
///
/// The whole catalogue, by group. Indicators neither prove nor disprove; their absence excludes nothing.
#[utoipa::path(
    operation_id = "listIndicators", tag = "directory", params(PageQuery),
    responses((status = 200, description = "A page of indicators.", body = IndicatorPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/indicators")]
pub async fn list_indicators(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let (found, link) =
        page_of(&call, &page.0, INDICATORS, |it| it.code, |it| IndicatorView::from(it)).await?;
    Ok(listed(&IndicatorPage::from(found), link))
}

/// An indicator
///
/// One indicator with its weight and where the weight comes from.
#[utoipa::path(
    operation_id = "getIndicator", tag = "directory",
    params(("code" = String, Path, description = "The indicator.", max_length = 60, pattern = "^[a-z][a-z0-9_]+$", example = "beg_adult_collects")),
    responses((status = 200, description = "The indicator.", body = IndicatorView))
)]
#[get("/v1/indicators/{code}")]
pub async fn get_indicator(call: Call, code: Path<String>) -> Result<Answer, Failure> {
    let it = Indicator::find(&code).ok_or_else(|| Failure::new(&problems::NOT_FOUND))?;
    call.read(None, move |tx| {
        let tag = Tag::of(tx.keys(), &format!("indicator/{}/{CATALOGUE_VERSION}", it.code));
        Ok(Shown::new(IndicatorView::from(it), tag))
    })
    .await
}
