//! Asking whether a child is known: hit or no hit.

use actix_web::post;
use domain::{
    AgencyId, BirthDate,
    access::Caller,
    cases::{Identity, Name},
    directory::{Agency, Phone},
    matching::{Found, Hit, LikenessReason, check_question, may_search},
    text::Line,
    vocabulary::Sex,
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::case::CaseSummaryView;
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
};

/// The most matches in an answer.
const MOST: usize = 20;

/// The most agencies in an answer, whatever else is found.
const MOST_HOLDERS: usize = 10;

/// Who is asked for. A name and a year of birth are the least; a given name alone needs the day of birth.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "name": { "given": "Mykola", "family": "Vymyshlenyi" }, "birthDate": "2015-04-02", "sex": "male"
}))]
pub struct SearchCases {
    /// The name, in whatever script.
    pub name: Option<SearchedName>,
    /// The birth date, as far as known.
    pub birth_date: Option<BirthDate>,
    /// The sex.
    pub sex: Option<Sex>,
}

/// A name that is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SearchedName {
    /// Given names.
    pub given: Option<Line<100>>,
    /// Family name.
    pub family: Option<Line<100>>,
}

impl From<SearchCases> for Identity {
    fn from(it: SearchCases) -> Self {
        let name =
            it.name.map(|it| Name { given: it.given.map(String::from), family: it.family.map(String::from) });
        Self { name, birth_date: it.birth_date, sex: it.sex, ..Self::default() }
    }
}

/// What was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseSearch)]
pub struct SearchView {
    /// Cases that the caller may see, the most alike first; then agencies that hold others, in no order of likeness.
    #[schema(max_items = 20)]
    pub matches: Vec<HitView>,
}

/// A case that the caller may see, or the agency that holds one.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseHit)]
#[serde(rename_all = "camelCase")]
pub struct HitView {
    /// The case; only where the caller reads there who the child is, or leads or opened it and another country names both by one
    /// pseudonym.
    pub case: Option<CaseSummaryView>,
    /// How alike the two are, beside `case`.
    #[schema(minimum = 0, maximum = 100)]
    pub score: Option<u8>,
    /// Why, beside `case`.
    #[schema(max_items = 10)]
    pub reasons: Option<Vec<LikenessReason>>,
    /// Whom to call; the only member where the case may not be named.
    pub held_by: Option<HolderView>,
}

/// The agency that leads a case, and how to reach it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseHolder)]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    /// The agency.
    pub agency_id: AgencyId,
    /// Its name.
    #[schema(max_length = 200)]
    pub name: String,
    /// The telephone of its duty desk.
    pub duty_phone: Option<Phone>,
}

impl HitView {
    pub(super) fn named(it: Hit, caller: &Caller) -> Self {
        let (score, reasons) = (Some(it.likeness.score), Some(it.likeness.reasons));
        let case = CaseSummaryView::of(it.case, it.relation.as_ref(), caller);
        Self { case: Some(case), score, reasons, held_by: None }
    }

    pub(super) fn held(by: Agency) -> Self {
        let by = HolderView { agency_id: by.id, name: by.name, duty_phone: by.duty_phone };
        Self { case: None, score: None, reasons: None, held_by: Some(by) }
    }
}

/// Find a child that may be known already
///
/// Compares names across scripts and spellings, and near dates. A case is named to whoever may read there who the child
/// is; of any other, only the agency to call is told: no id, reference, status or likeness. Closed cases count. Every hit
/// is logged, and the agency that leads the case learns which agency asked, and for what purpose.
/// One professional asks for 20 children in a local day (the node may set another number); the same question again does not count.
#[utoipa::path(
    operation_id = "searchCases", tag = "cases", request_body = SearchCases,
    responses((status = 200, description = "What was found.", body = SearchView))
)]
#[post("/v1/cases/search")]
pub async fn search_cases(call: Call, body: Json<SearchCases>) -> Result<Answer, Failure> {
    let Json { value, canonical } = body;
    let asked = Identity::from(value);
    let found = call
        .search(canonical, move |tx| {
            may_search(&tx.cx.caller)?;
            check_question(&asked)?;
            let found = Found::among(tx.hits(&asked)?, &tx.cx.caller);
            tx.tell(&found.facts)?;
            let hit = found.hit.clone();
            Ok((view(tx, found)?, hit))
        })
        .await?;
    Ok(Answer::ok(&found))
}

fn view(tx: &mut Tx<'_>, found: Found) -> Result<SearchView, Failure> {
    let holders = tx.agencies_named(&found.held_by)?;
    let held = holders.into_iter().take(MOST_HOLDERS).map(HitView::held);
    let named = found.named.into_iter().map(|it| HitView::named(it, &tx.cx.caller)).take(MOST - held.len());
    Ok(SearchView { matches: named.chain(held.clone()).collect() })
}
