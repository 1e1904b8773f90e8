//! Screenings.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, ConcernId, ProfessionalId, ScreeningId, Timestamp,
    identification::{
        Concern, NewScreening, Screening, SetAside, SetAsideReason, assessment::ScreeningResult,
    },
    text::{Country, Text},
    vocabulary::Act,
};
use persistence::{NodeKeys, StoreError, Tx, identification::ScreeningLine};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::observations::{AssessmentView, ObservationView};
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{listed, page, path_id, warnings},
};

/// Indicators that were observed. The rule's advice follows from the confirmed and reported ones; a professional may
/// raise it by reasons of their own, never lower it by score.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "observations": [
        { "indicator": "beg_adult_collects", "certainty": "confirmed" },
        { "indicator": "beg_target_sum", "certainty": "reported" },
        { "indicator": "trv_group_unrelated_adult", "certainty": "reported" }
    ],
    "acts": ["transportation"], "controllingPerson": true, "talkMinutes": 20
}))]
pub struct CreateScreening {
    /// The concern that led to it.
    pub concern_id: Option<ConcernId>,
    /// The indicators.
    #[schema(max_items = 200)]
    pub observations: Vec<ObservationView>,
    /// Acts that are known.
    #[schema(max_items = 10)]
    pub acts: Option<Vec<Act>>,
    /// Whether a person controls the child.
    pub controlling_person: Option<bool>,
    /// A professional's own reasons for reasonable grounds.
    pub judgement: Option<Text<4000>>,
    /// How long the talk with the child took, in minutes.
    #[schema(minimum = 0, maximum = 1440)]
    pub talk_minutes: Option<u16>,
    /// Notes: short, open questions, verbatim answers.
    pub notes: Option<Text<8000>>,
}

impl From<CreateScreening> for NewScreening {
    fn from(it: CreateScreening) -> Self {
        Self {
            concern: it.concern_id,
            observations: it.observations.into_iter().map(Into::into).collect(),
            acts: it.acts.unwrap_or_default(),
            controlling_person: it.controlling_person.unwrap_or(false),
            judgement: it.judgement.map(String::from),
            talk_minutes: it.talk_minutes,
            notes: it.notes.map(String::from),
        }
    }
}

/// A screening, for the agency that screened. It never changes; a new look is a new screening.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Screening)]
#[serde(rename_all = "camelCase")]
pub struct ScreeningView {
    /// Its id.
    pub id: ScreeningId,
    /// The country.
    pub country: Country,
    /// The agency that screened.
    pub agency_id: AgencyId,
    /// Who screened.
    pub professional_id: Option<ProfessionalId>,
    /// When.
    pub screened_at: Timestamp,
    /// The concern that led to it.
    pub concern_id: Option<ConcernId>,
    /// The indicators.
    #[schema(max_items = 200)]
    pub observations: Vec<ObservationView>,
    /// Acts that are known.
    #[schema(max_items = 10)]
    pub acts: Vec<Act>,
    /// Whether a person controls the child.
    pub controlling_person: bool,
    /// A professional's own reasons for reasonable grounds.
    #[schema(max_length = 4000)]
    pub judgement: Option<String>,
    /// How long the talk with the child took, in minutes.
    #[schema(minimum = 0, maximum = 1440)]
    pub talk_minutes: Option<u16>,
    /// Notes.
    #[schema(max_length = 8000)]
    pub notes: Option<String>,
    /// What it comes to.
    pub assessment: AssessmentView,
    /// That a second person wrote down why no case follows.
    pub set_aside: Option<SetAsideView>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// That a screening was set aside.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SetAside)]
#[serde(rename_all = "camelCase")]
pub struct SetAsideView {
    /// When.
    pub at: Timestamp,
    /// Who did it; never who screened.
    pub professional_id: Option<ProfessionalId>,
    /// Why.
    pub reason: SetAsideReason,
    /// Why, in words.
    #[schema(max_length = 2000)]
    pub explanation: String,
}

impl From<SetAside> for SetAsideView {
    fn from(it: SetAside) -> Self {
        Self { at: it.at, professional_id: it.by, reason: it.reason, explanation: it.explanation }
    }
}

/// Why no case follows from a screening.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "passed_on", "explanation": "The police of the other district take the case in." }))]
pub struct SetAsideScreening {
    /// Why.
    pub reason: SetAsideReason,
    /// Why, in words.
    pub explanation: Text<2000>,
}

/// A screening in a list.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScreeningSummary)]
#[serde(rename_all = "camelCase")]
pub struct ScreeningSummaryView {
    /// Its id.
    pub id: ScreeningId,
    /// When.
    pub screened_at: Timestamp,
    /// The concern that led to it.
    pub concern_id: Option<ConcernId>,
    /// What it came to.
    pub result: ScreeningResult,
}

page! {
    /// A page of screenings, newest first.
    ScreeningPage as ScreeningPage of ScreeningSummaryView
}

impl From<ScreeningLine> for ScreeningSummaryView {
    fn from(it: ScreeningLine) -> Self {
        Self { id: it.id, screened_at: it.screened_at, concern_id: it.concern, result: it.result }
    }
}

fn shown(it: Screening, found: &[domain::Violation], keys: &NodeKeys) -> Shown<ScreeningView> {
    let tag = Tag::of(keys, &format!("screening/{}/{}", it.id, it.version.0));
    let content = it.content;
    let view = ScreeningView {
        id: it.id,
        country: it.country,
        agency_id: it.agency,
        professional_id: it.professional,
        screened_at: it.screened_at,
        concern_id: content.concern,
        observations: content.observations.into_iter().map(Into::into).collect(),
        acts: content.acts,
        controlling_person: content.controlling_person,
        judgement: content.judgement,
        talk_minutes: content.talk_minutes,
        notes: content.notes,
        assessment: it.assessment.into(),
        set_aside: it.set_aside.map(SetAsideView::from),
        warnings: warnings(found),
    };
    Shown::new(view, tag)
}

fn own_concern(tx: &mut Tx<'_>, id: Option<ConcernId>) -> Result<Option<Concern>, Failure> {
    match id.map(|it| tx.concern(it)).transpose() {
        Err(StoreError::NotFound) => Err(Failure::reference("/concernId")),
        other => Ok(other?),
    }
}

/// Screen indicators
///
/// Records what was observed and applies the fixed combination rule: which dimensions are positive and why, what it
/// comes to, and whether the act still has to be clarified.
#[utoipa::path(
    operation_id = "createScreening", tag = "identification", request_body = CreateScreening,
    responses((status = 201, description = "The screening with its result.", body = ScreeningView))
)]
#[post("/v1/screenings")]
pub async fn create_screening(call: Call, body: Json<CreateScreening>) -> Result<Answer, Failure> {
    let new = NewScreening::from(body.value);
    call.create(
        &body.canonical,
        "/v1/screenings".to_owned(),
        move |tx, id| {
            let concern = own_concern(tx, new.concern)?;
            let country = tx.country(tx.cx.caller.country)?;
            let (new, by, around) = (new.clone(), &tx.cx.caller, (concern.as_ref(), &country));
            let decided = Screening::record(ScreeningId(id), new, around, by, tx.cx.now)?;
            tx.add_screening(&decided)?;
            Ok(shown(decided.value, &decided.warnings, tx.keys()))
        },
        |tx, id| Ok(shown(tx.screening(ScreeningId(id))?, &[], tx.keys())),
    )
    .await
}

/// The screenings of the own agency
///
/// What the own agency screened, newest first.
#[utoipa::path(
    operation_id = "listScreenings", tag = "identification", params(PageQuery),
    responses((status = 200, description = "A page of screenings.", body = ScreeningPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/screenings")]
pub async fn list_screenings(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let (found, link) =
        call.list(page.0, None, |tx, page| Ok(tx.screenings(page)?), ScreeningSummaryView::from).await?;
    Ok(listed(&ScreeningPage::from(found), link))
}

/// A screening
///
/// One screening of the own agency.
#[utoipa::path(
    operation_id = "getScreening", tag = "identification",
    params(("id" = ScreeningId, Path, description = "The screening.")),
    responses((status = 200, description = "The screening.", body = ScreeningView))
)]
#[get("/v1/screenings/{id}")]
pub async fn get_screening(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, ScreeningId::parse)?;
    call.read(Some(id.0), move |tx| Ok(shown(tx.screening(id)?, &[], tx.keys()))).await
}

/// Set a screening aside
///
/// A screening that shows grounds is followed by a case within a day (R20). Where none follows, a second person of the
/// agency writes down why; a case can be taken in from it later all the same.
#[utoipa::path(
    operation_id = "setAsideScreening", tag = "identification",
    params(("id" = ScreeningId, Path, description = "The screening.")), request_body = SetAsideScreening,
    responses((status = 200, description = "The screening.", body = ScreeningView))
)]
#[post("/v1/screenings/{id}/set-aside")]
pub async fn set_aside_screening(
    call: Call,
    id: Path<String>,
    body: Json<SetAsideScreening>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, ScreeningId::parse)?;
    let expected = call.expected();
    let given = body.value;
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            let screening = tx.screening(id)?;
            expected.check(&shown(screening.clone(), &[], tx.keys()).tag)?;
            let words = given.explanation.clone().into();
            let decided = screening.set_aside(given.reason, words, &tx.cx.caller, tx.cx.now)?;
            tx.save_set_aside(&decided)?;
            Ok(shown(decided.value, &decided.warnings, tx.keys()))
        },
        move |tx| Ok(shown(tx.screening(id)?, &[], tx.keys())),
    )
    .await
}
