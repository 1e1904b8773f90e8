//! Movements of the child (class D4): routes of legs between countries.

use actix_web::{get, patch, post, web::Path};
use domain::{
    AgencyId, CaseId, EntryId, PartialDate, ProfessionalId, Timestamp,
    access::Depth,
    cases::file::{Entry, Leg, Movement},
    text::{Country, Line, Text},
    vocabulary::{BorderCrossing, ContactRelation, DataClass, MovementPurpose, Transport},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::Filed;
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query},
    v1::common::{AsOfQuery, clearable, listed, page},
};

/// One leg of a route, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = MovementLeg)]
#[serde(rename_all = "camelCase")]
pub struct LegView {
    /// From which country.
    pub from_country: Country,
    /// From which place; not in a summary.
    pub from_place: Option<Line<200>>,
    /// To which country; the same for a move inside of it.
    pub to_country: Country,
    /// To which place; not in a summary.
    pub to_place: Option<Line<200>>,
    /// When it began: a year, a month or a day, as far as known.
    pub departed: Option<PartialDate>,
    /// When it ended.
    pub arrived: Option<PartialDate>,
    /// By what.
    pub transport: Option<Transport>,
    /// How a border was crossed.
    pub crossing: Option<BorderCrossing>,
    /// What those who travelled with the child were to it; not in a summary.
    #[schema(max_items = 20)]
    pub with: Option<Vec<ContactRelation>>,
}

impl From<LegView> for Leg {
    fn from(it: LegView) -> Self {
        Self {
            from: it.from_country,
            from_place: it.from_place.map(String::from),
            to: it.to_country,
            to_place: it.to_place.map(String::from),
            departed: it.departed,
            arrived: it.arrived,
            transport: it.transport,
            crossing: it.crossing,
            with: it.with.unwrap_or_default(),
        }
    }
}

impl From<Leg> for LegView {
    fn from(it: Leg) -> Self {
        Self {
            from_country: it.from,
            from_place: it.from_place.as_deref().and_then(Line::parse),
            to_country: it.to,
            to_place: it.to_place.as_deref().and_then(Line::parse),
            departed: it.departed,
            arrived: it.arrived,
            transport: it.transport,
            crossing: it.crossing,
            with: Some(it.with).filter(|it| !it.is_empty()),
        }
    }
}

/// A movement of the child.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "purpose": "exploitation",
    "legs": [
        { "fromCountry": "LV", "toCountry": "EE", "departed": "2026-09", "transport": "car", "crossing": "not_controlled" },
        { "fromCountry": "EE", "toPlace": "An invented market", "toCountry": "EE", "arrived": "2026-10-01" }
    ]
}))]
pub struct CreateMovement {
    /// Why the child was moved.
    pub purpose: MovementPurpose,
    /// The legs, in the order in which they were travelled; each begins where the one before it ended.
    #[schema(min_items = 1, max_items = 30)]
    pub legs: Vec<LegView>,
    /// What else is known, in words.
    pub remarks: Option<Text<4000>>,
}

/// A change of what is known of a movement: absent members stay, `null` clears where it is allowed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "purpose": "between_exploiters" }))]
pub struct MovementPatch {
    /// Why the child was moved.
    #[schema(nullable = false)]
    pub purpose: Option<MovementPurpose>,
    /// The legs; the whole route.
    #[schema(min_items = 1, max_items = 30, nullable = false)]
    pub legs: Option<Vec<LegView>>,
    /// What else is known, in words.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub remarks: Option<Option<Text<4000>>>,
}

/// A movement of the child, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Movement)]
#[serde(rename_all = "camelCase")]
pub struct MovementView {
    /// Its id.
    pub id: EntryId,
    /// The case.
    pub case_id: CaseId,
    /// Which version it is; not in a summary, which tells nothing of changes that it does not show.
    pub version: Option<i32>,
    /// When this version was recorded; not in a summary.
    pub recorded_at: Option<Timestamp>,
    /// The agency that recorded it; not in a summary.
    pub agency_id: Option<AgencyId>,
    /// Who recorded it; not in a summary.
    pub professional_id: Option<ProfessionalId>,
    /// Why the child was moved.
    pub purpose: MovementPurpose,
    /// The legs.
    #[schema(max_items = 30)]
    pub legs: Vec<LegView>,
    /// What else is known, in words; not in a summary.
    #[schema(max_length = 4000)]
    pub remarks: Option<String>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of movements, newest first.
    MovementPage as MovementPage of MovementView
}

impl Filed for Movement {
    type View = MovementView;
    const CLASSES: &'static [DataClass] = &[DataClass::D4ExploitationNarrative];
    const SUMMARISED: bool = true;

    fn render(_: &mut Tx<'_>, entries: Vec<(Entry<Self>, Depth)>) -> Result<Vec<MovementView>, Failure> {
        let view = |(entry, depth): (Entry<Self>, Depth)| {
            let whole = depth == Depth::Full;
            let it = if whole { entry.content } else { entry.content.summary() };
            MovementView {
                id: entry.id,
                case_id: entry.case,
                version: whole.then_some(entry.version.0),
                recorded_at: whole.then_some(entry.recorded_at),
                agency_id: whole.then_some(entry.agency),
                professional_id: entry.professional.filter(|_| whole),
                purpose: it.purpose,
                legs: it.legs.into_iter().map(LegView::from).collect(),
                remarks: it.remarks,
                summary_only: !whole,
                warnings: None,
            }
        };
        Ok(entries.into_iter().map(view).collect())
    }

    fn warn(view: &mut MovementView, found: Option<Vec<ViolationView>>) {
        view.warnings = found;
    }
}

/// Record a movement
///
/// A route of legs between countries or inside of one: to be exploited, in flight, with the family, into protection.
#[utoipa::path(
    operation_id = "createMovement", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateMovement, responses((status = 201, description = "The movement.", body = MovementView))
)]
#[post("/v1/cases/{id}/movements")]
pub async fn create_movement(
    call: Call,
    id: Path<String>,
    body: Json<CreateMovement>,
) -> Result<Answer, Failure> {
    let new = body.value;
    let content = Movement {
        purpose: new.purpose,
        legs: new.legs.into_iter().map(Leg::from).collect(),
        remarks: new.remarks.map(String::from),
    };
    super::create(call, (&id, "movements"), &body.canonical, content, |_, _, _| Ok(())).await
}

/// The movements of a child
///
/// Every movement that is recorded, newest first.
#[utoipa::path(
    operation_id = "listMovements", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of movements.", body = MovementPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/movements")]
pub async fn list_movements(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (found, link) = super::list::<Movement>(call, &id, at.0.as_of, page.0).await?;
    Ok(listed(&MovementPage::from(found), link))
}

/// A movement
///
/// One movement of the child, as far as the caller sees it.
#[utoipa::path(
    operation_id = "getMovement", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."), ("movementId" = EntryId, Path, description = "The movement."),
        AsOfQuery
    ),
    responses((status = 200, description = "The movement.", body = MovementView))
)]
#[get("/v1/cases/{id}/movements/{movementId}")]
pub async fn get_movement(
    call: Call,
    ids: Path<(String, String)>,
    at: Query<AsOfQuery>,
) -> Result<Answer, Failure> {
    super::get::<Movement>(call, &ids, at.0.as_of).await
}

/// Change what is known of a movement
///
/// A merge patch; the version before it stays readable with `asOf`.
#[utoipa::path(
    operation_id = "updateMovement", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("movementId" = EntryId, Path, description = "The movement.")),
    request_body(content = MovementPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The movement.", body = MovementView))
)]
#[patch("/v1/cases/{id}/movements/{movementId}")]
pub async fn update_movement(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<MovementPatch>,
) -> Result<Answer, Failure> {
    let patch = body.value;
    let change = move |old: Movement| {
        let patch = patch.clone();
        Movement {
            purpose: patch.purpose.unwrap_or(old.purpose),
            legs: patch.legs.map_or(old.legs, |it| it.into_iter().map(Leg::from).collect()),
            remarks: patch.remarks.map_or(old.remarks, |it| it.map(String::from)),
        }
    };
    super::amend(call, &ids, &body.canonical, change).await
}
