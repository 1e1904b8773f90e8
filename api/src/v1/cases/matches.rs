//! Matches of two cases: whether they are of one child is said by the agencies that lead them.

use std::collections::BTreeSet;

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, CaseMatchId, ProfessionalId, Timestamp,
    access::{Depth, Relation, depth_of_class},
    cases::Case,
    directory::Agency,
    matching::{CaseMatch, Hit, MatchAct, MatchAnswer, MatchStatus, MatchVerdict},
    text::Text,
    vocabulary::DataClass,
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::search::HitView;
use crate::{
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{AllowedActionView, listed, page, path_id},
};

/// A case that may be of the same child, as the agency that leads this case sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseMatch)]
#[serde(rename_all = "camelCase")]
pub struct MatchView {
    /// Its id; the other side has another.
    pub id: CaseMatchId,
    /// The case.
    pub case_id: CaseId,
    /// Where it stands.
    pub status: MatchStatus,
    /// When it was found.
    pub found_at: Timestamp,
    /// The other case as far as the caller may know of it, otherwise the agency to call.
    pub other: HitView,
    /// What the own side has said.
    pub answer: Option<MatchAnswerView>,
    /// What the caller may do now.
    #[schema(max_items = 2)]
    pub allowed_actions: Vec<AllowedActionView>,
}

/// What one side has said.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseMatchAnswer)]
#[serde(rename_all = "camelCase")]
pub struct MatchAnswerView {
    /// What.
    pub verdict: MatchVerdict,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub professional_id: Option<ProfessionalId>,
    /// Why, in words.
    #[schema(max_length = 4000)]
    pub reason: Option<String>,
}

impl From<MatchAnswer> for MatchAnswerView {
    fn from(it: MatchAnswer) -> Self {
        Self { verdict: it.verdict, at: it.at, professional_id: it.professional, reason: it.reason }
    }
}

page! {
    /// A page of matches, newest first.
    MatchPage as CaseMatchPage of MatchView
}

/// Why it is or is not one child.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "Same scar, same sister; both workers spoke with her." }))]
pub struct AnswerCaseMatch {
    /// How that is known, in words.
    pub reason: Text<4000>,
}

/// Matches are for the agency that leads a case and reads who its child is: whoever else takes part learns nothing from
/// there being one.
fn led(tx: &mut Tx<'_>, id: CaseId) -> Result<Case, Failure> {
    let (case, relation) = tx.case(id)?;
    let reads = depth_of_class(&tx.cx.caller, &relation, DataClass::D1Identity) == Depth::Full;
    if relation == Relation::Lead && reads {
        return Ok(case);
    }
    Err(domain::Refused::not_yours("the agency that leads the case looks whether a child is known").into())
}

/// The agencies to call where the other case may not be named, in one reading for all.
fn holders<'a>(tx: &mut Tx<'_>, all: impl Iterator<Item = &'a Hit>) -> Result<Vec<Agency>, Failure> {
    let hidden = all.filter(|it| !it.named_to(&tx.cx.caller)).map(|it| it.case.lead);
    let hidden: BTreeSet<AgencyId> = hidden.collect();
    Ok(tx.agencies_named(&hidden.into_iter().collect::<Vec<_>>())?)
}

fn view(
    tx: &Tx<'_>,
    case: &Case,
    (it, beside): (CaseMatch, Hit),
    holders: &[Agency],
) -> Result<MatchView, Failure> {
    let open = it.status == MatchStatus::Suggested && CaseMatch::is_answered_by(case, &tx.cx.caller);
    let said = it.answer.as_ref().map(|it| it.verdict);
    let acts = [("confirm", MatchVerdict::Confirmed), ("reject", MatchVerdict::Rejected)];
    let allowed = acts.into_iter().filter(|(_, verdict)| open && said != Some(*verdict));
    let href = |action| format!("/v1/cases/{}/matches/{}/{action}", it.case, it.id);
    let allowed = allowed.map(|(action, _)| AllowedActionView { action, href: href(action) }).collect();
    let other = if beside.named_to(&tx.cx.caller) {
        HitView::named(beside, &tx.cx.caller)
    } else {
        let holder = holders.iter().find(|it| it.id == beside.case.lead).cloned();
        HitView::held(holder.ok_or_else(|| Failure::new(&crate::problems::INTERNAL))?)
    };
    Ok(MatchView {
        id: it.id,
        case_id: it.case,
        status: it.status,
        found_at: it.found_at,
        other,
        answer: it.answer.map(MatchAnswerView::from),
        allowed_actions: allowed,
    })
}

fn shown(tx: &mut Tx<'_>, case: &Case, it: CaseMatch, beside: Hit) -> Result<Shown<MatchView>, Failure> {
    let holders = holders(tx, std::iter::once(&beside))?;
    let view = view(tx, case, (it, beside), &holders)?;
    // Its version moves with what the other side says to itself, and that of the other case with all of it.
    let text = serde_json::to_string(&view).unwrap_or_default();
    let tag = Tag::of(tx.keys(), &format!("match/{text}"));
    Ok(Shown::new(view, tag).of_case(case.id, vec![DataClass::D1Identity]))
}

fn read(tx: &mut Tx<'_>, (id, one): (CaseId, CaseMatchId)) -> Result<Shown<MatchView>, Failure> {
    let case = led(tx, id)?;
    let (pair, beside) = tx.case_match(&case, one)?;
    shown(tx, &case, pair.own, beside)
}

/// The matches of a case
///
/// Cases that may be of the same child, for the agency that leads this one, newest first. The other case is named only
/// where the caller may see it; otherwise the agency to call is.
#[utoipa::path(
    operation_id = "listCaseMatches", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), PageQuery),
    responses((status = 200, description = "A page of matches.", body = MatchPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/matches")]
pub async fn list_case_matches(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let work = move |tx: &mut Tx<'_>, page| {
        let case = led(tx, id)?;
        let found = tx.case_matches(&case, page)?;
        let holders = holders(tx, found.items.iter().map(|it| &it.1))?;
        let items = found.items.into_iter().map(|it| view(tx, &case, it, &holders));
        Ok(persistence::Page { items: items.collect::<Result<_, Failure>>()?, next: found.next })
    };
    let (found, link) = call.list(page.0, Some(id.0), work, |it| it).await?;
    Ok(listed(&MatchPage::from(found), link))
}

/// A match of a case
///
/// One case that may be of the same child.
#[utoipa::path(
    operation_id = "getCaseMatch", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("matchId" = CaseMatchId, Path, description = "The match.")
    ),
    responses((status = 200, description = "The match.", body = MatchView))
)]
#[get("/v1/cases/{id}/matches/{matchId}")]
pub async fn get_case_match(call: Call, path: Path<(String, String)>) -> Result<Answer, Failure> {
    let ids = ids(&path)?;
    call.read(Some(ids.1.0), move |tx| read(tx, ids)).await
}

/// Say that it is one child
///
/// By the case manager or supervisor of the agency that leads the case. One child it is when the other lead agency says
/// so too, or at once where one agency leads both. Nothing is merged by it.
#[utoipa::path(
    operation_id = "confirmCaseMatch", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("matchId" = CaseMatchId, Path, description = "The match.")
    ),
    request_body = AnswerCaseMatch,
    responses((status = 200, description = "The match.", body = MatchView))
)]
#[post("/v1/cases/{id}/matches/{matchId}/confirm")]
pub async fn confirm_case_match(
    call: Call,
    path: Path<(String, String)>,
    body: Json<AnswerCaseMatch>,
) -> Result<Answer, Failure> {
    answer(call, &path, body, MatchVerdict::Confirmed).await
}

/// Say that it is not one child
///
/// By the case manager or supervisor of the agency that leads the case; nobody has to look any more.
#[utoipa::path(
    operation_id = "rejectCaseMatch", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("matchId" = CaseMatchId, Path, description = "The match.")
    ),
    request_body = AnswerCaseMatch,
    responses((status = 200, description = "The match.", body = MatchView))
)]
#[post("/v1/cases/{id}/matches/{matchId}/reject")]
pub async fn reject_case_match(
    call: Call,
    path: Path<(String, String)>,
    body: Json<AnswerCaseMatch>,
) -> Result<Answer, Failure> {
    answer(call, &path, body, MatchVerdict::Rejected).await
}

fn ids((id, one): &(String, String)) -> Result<(CaseId, CaseMatchId), Failure> {
    Ok((path_id(id, CaseId::parse)?, path_id(one, CaseMatchId::parse)?))
}

async fn answer(
    call: Call,
    path: &(String, String),
    body: Json<AnswerCaseMatch>,
    verdict: MatchVerdict,
) -> Result<Answer, Failure> {
    let ids = ids(path)?;
    let expected = call.expected();
    let act = MatchAct { verdict, reason: Some(body.value.reason.into()) };
    let work = move |tx: &mut Tx<'_>| {
        let case = led(tx, ids.0)?;
        let (pair, beside) = tx.case_match(&case, ids.1)?;
        expected.check(&shown(tx, &case, pair.own.clone(), beside.clone())?.tag)?;
        let decided = pair.answer(act.clone(), (&case, &beside.case), &tx.cx.caller, tx.cx.now)?;
        tx.save_match(&case, &decided)?;
        shown(tx, &case, decided.value.own, beside)
    };
    call.act(ids.1.0, &body.canonical, work, move |tx| read(tx, ids)).await
}
