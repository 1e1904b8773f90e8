//! The code lists.

use std::sync::LazyLock;

use actix_web::{get, web::Path};
use domain::codes::CodeListTable;
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

/// A code list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CodeList)]
pub struct CodeListView {
    /// Its name.
    #[schema(max_length = 60, pattern = "^[a-z][a-z0-9_]+$", example = "urgency")]
    pub name: &'static str,
    /// What it is for.
    #[schema(max_length = 500)]
    pub about: String,
    /// Its values, in order.
    #[schema(max_items = 300)]
    pub codes: Vec<CodeView>,
}

/// A value of a code list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Code)]
pub struct CodeView {
    /// The stable code.
    #[schema(max_length = 80, example = "urgent")]
    pub code: &'static str,
    /// The English label.
    #[schema(max_length = 300)]
    pub label: &'static str,
}

page! {
    /// A page of code lists, by name.
    CodeListPage as CodeListPage of CodeListView
}

impl From<&CodeListTable> for CodeListView {
    fn from(it: &CodeListTable) -> Self {
        let codes = (it.entries)().into_iter().map(|(code, label)| CodeView { code, label }).collect();
        Self { name: it.name, about: it.about.trim().to_owned(), codes }
    }
}

/// Every list, by name.
static LISTS: LazyLock<Vec<CodeListTable>> = LazyLock::new(|| {
    let mut all: Vec<CodeListTable> =
        domain::vocabulary::CODE_LISTS.iter().chain(domain::ROOM_LISTS).copied().collect();
    all.sort_by_key(|it| it.name);
    all
});

/// The code lists
///
/// Every closed list with its codes and labels.
#[utoipa::path(
    operation_id = "listCodeLists", tag = "directory", params(PageQuery),
    responses((status = 200, description = "A page of code lists.", body = CodeListPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/code-lists")]
pub async fn list_code_lists(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let (found, link) = page_of(&call, &page.0, &LISTS, |it| it.name, |it| CodeListView::from(it)).await?;
    Ok(listed(&CodeListPage::from(found), link))
}

/// A code list
///
/// One closed list with its codes and labels.
#[utoipa::path(
    operation_id = "getCodeList", tag = "directory",
    params(("name" = String, Path, description = "The list.", max_length = 60, pattern = "^[a-z][a-z0-9_]+$", example = "urgency")),
    responses((status = 200, description = "The list.", body = CodeListView))
)]
#[get("/v1/code-lists/{name}")]
pub async fn get_code_list(call: Call, name: Path<String>) -> Result<Answer, Failure> {
    let it =
        LISTS.iter().find(|it| it.name == name.as_str()).ok_or_else(|| Failure::new(&problems::NOT_FOUND))?;
    call.read(None, move |tx| {
        let view = CodeListView::from(it);
        let tag = Tag::of(tx.keys(), &format!("code-list/{}/{}", it.name, view.codes.len()));
        Ok(Shown::new(view, tag))
    })
    .await
}
