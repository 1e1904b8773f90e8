//! The rules with their sources.

use actix_web::{get, web::Path};
use domain::rules::{RULES, Rule, RuleClass, RuleForce};
use serde::Serialize;
use utoipa::ToSchema;

use super::page_of;
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, SourceView},
    http::{Answer, Query, Shown, Tag},
    problems,
    v1::common::{listed, page},
};

/// A rule of the mechanism.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rule)]
#[serde(rename_all = "camelCase")]
pub struct RuleView {
    /// Its code.
    #[schema(max_length = 5, pattern = "^R[0-9]+$", example = "R24")]
    pub code: &'static str,
    /// The stable code of its message, as violations and warnings carry it.
    #[schema(max_length = 80, example = "views_or_reason")]
    pub message: &'static str,
    /// Where it comes from.
    #[schema(max_items = 5)]
    pub classes: &'static [RuleClass],
    /// What it does when broken.
    pub force: RuleForce,
    /// When it applies.
    #[schema(max_length = 1000)]
    pub when: &'static str,
    /// What it does.
    #[schema(max_length = 1000)]
    pub effect: &'static str,
    /// What it rests on.
    #[schema(max_items = 20)]
    pub sources: Vec<SourceView>,
    /// What would make the act lawful.
    #[schema(max_length = 1000)]
    pub remedy: &'static str,
}

page! {
    /// A page of rules, in their order.
    RulePage as RulePage of RuleView
}

impl From<&Rule> for RuleView {
    fn from(it: &Rule) -> Self {
        Self {
            code: it.code,
            message: it.message,
            classes: it.classes,
            force: it.force,
            when: it.when,
            effect: it.effect,
            sources: it.sources.iter().map(SourceView::from).collect(),
            remedy: it.remedy,
        }
    }
}

/// The rules
///
/// Every rule of the mechanism with its class, force, sources and remedy.
#[utoipa::path(
    operation_id = "listRules", tag = "directory", params(PageQuery),
    responses((status = 200, description = "A page of rules.", body = RulePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/rules")]
pub async fn list_rules(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let (found, link) = page_of(&call, &page.0, RULES, |it| it.code, |it| RuleView::from(*it)).await?;
    Ok(listed(&RulePage::from(found), link))
}

/// A rule
///
/// One rule: when it applies, what it does, what it rests on and what would make an act lawful.
#[utoipa::path(
    operation_id = "getRule", tag = "directory",
    params(("code" = String, Path, description = "The rule.", max_length = 5, pattern = "^R[0-9]+$", example = "R24")),
    responses((status = 200, description = "The rule.", body = RuleView))
)]
#[get("/v1/rules/{code}")]
pub async fn get_rule(call: Call, code: Path<String>) -> Result<Answer, Failure> {
    let rule = Rule::find(&code).ok_or_else(|| Failure::new(&problems::NOT_FOUND))?;
    call.read(None, move |tx| {
        let tag = Tag::of(tx.keys(), &format!("rule/{}/{}", rule.code, crate::contract::VERSION));
        Ok(Shown::new(RuleView::from(rule), tag))
    })
    .await
}
