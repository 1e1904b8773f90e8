//! Concerns.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, ConcernId, ProfessionalId, Timestamp,
    identification::{Concern, NewConcern},
    text::{Country, Line, Text},
    vocabulary::AgencyType,
};
use persistence::{NodeKeys, identification::ConcernLine};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::observations::ObservationView;
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{listed, page, path_id, warnings},
};

/// Something that was noticed about a child. A description and some way to find the child are enough; the reporter may
/// stay anonymous.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "description": "A boy of about eleven begs at the market; two adults take the money.",
    "location": "Market square, east entrance", "childHint": "about 11, red jacket", "danger": true,
    "observations": [
        { "indicator": "beg_adult_collects", "certainty": "reported" },
        { "indicator": "beg_target_sum", "certainty": "reported" },
        { "indicator": "trv_group_unrelated_adult", "certainty": "reported" }
    ]
}))]
pub struct CreateConcern {
    /// What was noticed.
    pub description: Text<4000>,
    /// Where the child is or was seen.
    pub location: Option<Line<300>>,
    /// How to reach the reporter or the child.
    pub contact: Option<Line<300>>,
    /// What is known of the child: apparent age, nickname, appearance.
    pub child_hint: Option<Line<300>>,
    /// Whether the child is in danger now; it shortens the time to triage.
    pub danger: Option<bool>,
    /// Whether the reporter wishes to stay anonymous.
    pub anonymous: Option<bool>,
    /// When it was noticed.
    pub noticed_at: Option<Timestamp>,
    /// Indicators that the reporter names.
    #[schema(max_items = 200)]
    pub observations: Option<Vec<ObservationView>>,
}

impl From<CreateConcern> for NewConcern {
    fn from(it: CreateConcern) -> Self {
        Self {
            description: it.description.into(),
            location: it.location.map(String::from),
            contact: it.contact.map(String::from),
            child_hint: it.child_hint.map(String::from),
            danger: it.danger.unwrap_or(false),
            anonymous: it.anonymous.unwrap_or(false),
            noticed_at: it.noticed_at,
            observations: it.observations.unwrap_or_default().into_iter().map(Into::into).collect(),
        }
    }
}

/// A concern, for the agency that received it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Concern)]
#[serde(rename_all = "camelCase")]
pub struct ConcernView {
    /// Its id.
    pub id: ConcernId,
    /// The country.
    pub country: Country,
    /// The agency that received it.
    pub agency_id: AgencyId,
    /// Who recorded it.
    pub professional_id: Option<ProfessionalId>,
    /// When it was received.
    pub received_at: Timestamp,
    /// The agency that must look at it.
    pub triage_agency_id: AgencyId,
    /// By when somebody must have looked at it: two hours when the child is in danger, otherwise a day.
    pub triage_due: Timestamp,
    /// What was noticed.
    #[schema(max_length = 4000)]
    pub description: String,
    /// Where the child is or was seen.
    #[schema(max_length = 300)]
    pub location: Option<String>,
    /// How to reach the reporter or the child.
    #[schema(max_length = 300)]
    pub contact: Option<String>,
    /// What is known of the child.
    #[schema(max_length = 300)]
    pub child_hint: Option<String>,
    /// Whether the child is in danger.
    pub danger: bool,
    /// Whether the reporter wishes to stay anonymous.
    pub anonymous: bool,
    /// When it was noticed.
    pub noticed_at: Option<Timestamp>,
    /// Indicators that the reporter named.
    #[schema(max_items = 200)]
    pub observations: Vec<ObservationView>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// A concern in a list: nothing of what was reported.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConcernSummary)]
#[serde(rename_all = "camelCase")]
pub struct ConcernSummaryView {
    /// Its id.
    pub id: ConcernId,
    /// When it was received.
    pub received_at: Timestamp,
    /// By when somebody must have looked at it.
    pub triage_due: Timestamp,
    /// Whether the child is in danger.
    pub danger: bool,
}

page! {
    /// A page of concerns, newest first.
    ConcernPage as ConcernPage of ConcernSummaryView
}

impl From<ConcernLine> for ConcernSummaryView {
    fn from(it: ConcernLine) -> Self {
        Self { id: it.id, received_at: it.received_at, triage_due: it.triage_due, danger: it.danger }
    }
}

fn shown(it: Concern, found: &[domain::Violation], keys: &NodeKeys) -> Shown<ConcernView> {
    let tag = Tag::of(keys, &format!("concern/{}/{}", it.id, it.version.0));
    let content = it.content;
    let view = ConcernView {
        id: it.id,
        country: it.country,
        agency_id: it.agency,
        triage_agency_id: it.triage,
        professional_id: it.professional,
        received_at: it.received_at,
        triage_due: it.triage_due,
        description: content.description,
        location: content.location,
        contact: content.contact,
        child_hint: content.child_hint,
        danger: content.danger,
        anonymous: content.anonymous,
        noticed_at: content.noticed_at,
        observations: content.observations.into_iter().map(Into::into).collect(),
        warnings: warnings(found),
    };
    Shown::new(view, tag)
}

/// Report a concern
///
/// Thin intake by anyone entitled: what was noticed and how to find the child. The agency that receives it must look at
/// it within the time given; where agencies of its type screen no children, child protection must, and sees it.
#[utoipa::path(
    operation_id = "createConcern", tag = "identification", request_body = CreateConcern,
    responses((status = 201, description = "The concern.", body = ConcernView))
)]
#[post("/v1/concerns")]
pub async fn create_concern(call: Call, body: Json<CreateConcern>) -> Result<Answer, Failure> {
    let new = NewConcern::from(body.value);
    call.create(
        &body.canonical,
        "/v1/concerns".to_owned(),
        move |tx, id| {
            let country = tx.country(tx.cx.caller.country)?;
            let desk = tx.first_agency_of(AgencyType::ChildProtection)?;
            let (by, now) = (&tx.cx.caller, tx.cx.now);
            let decided = Concern::receive(ConcernId(id), new.clone(), (&country, desk), by, now)?;
            tx.add_concern(&decided)?;
            Ok(shown(decided.value, &decided.warnings, tx.keys()))
        },
        |tx, id| Ok(shown(tx.concern(ConcernId(id))?, &[], tx.keys())),
    )
    .await
}

/// The concerns of the own agency
///
/// What the own agency received or must look at, newest first.
#[utoipa::path(
    operation_id = "listConcerns", tag = "identification", params(PageQuery),
    responses((status = 200, description = "A page of concerns.", body = ConcernPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/concerns")]
pub async fn list_concerns(call: Call, page: Query<PageQuery>) -> Result<Answer, Failure> {
    let (found, link) =
        call.list(page.0, None, |tx, page| Ok(tx.concerns(page)?), ConcernSummaryView::from).await?;
    Ok(listed(&ConcernPage::from(found), link))
}

/// A concern
///
/// One concern that the own agency received or must look at.
#[utoipa::path(
    operation_id = "getConcern", tag = "identification", params(("id" = ConcernId, Path, description = "The concern.")),
    responses((status = 200, description = "The concern.", body = ConcernView))
)]
#[get("/v1/concerns/{id}")]
pub async fn get_concern(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, ConcernId::parse)?;
    call.read(Some(id.0), move |tx| Ok(shown(tx.concern(id)?, &[], tx.keys()))).await
}
