//! Where the child is (class D2): never in a list, a search, a feed or another representation.

use actix_web::{get, patch, web::Path};
use domain::{
    CaseId, Day, Timestamp,
    access::{Depth, Relation},
    cases::{Case, ChildRecord, Whereabouts},
    text::{Line, Text},
    vocabulary::{AccommodationType, DataClass},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{readable, writable};
use crate::{
    call::Call,
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{AsOfQuery, clearable, path_id, seen_of_section, warnings},
};

/// Where the child is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewWhereabouts {
    /// What kind of place it is.
    pub accommodation_type: Option<AccommodationType>,
    /// The place or address.
    pub address: Option<Text<500>>,
    /// How to reach the carers.
    pub contact: Option<Line<300>>,
    /// The day from which it holds.
    pub since: Option<Day>,
    /// The order behind a closed setting, as the court names it.
    pub court_order: Option<Line<200>>,
}

impl From<NewWhereabouts> for Whereabouts {
    fn from(it: NewWhereabouts) -> Self {
        Self {
            accommodation_type: it.accommodation_type,
            address: it.address.map(String::from),
            contact: it.contact.map(String::from),
            since: it.since,
            court_order: it.court_order.map(String::from),
        }
    }
}

/// A change of the whereabouts: absent members stay, `null` clears where it is allowed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "accommodationType": "emergency_shelter_child", "address": "Invented Street 1", "since": "2026-11-24" }))]
pub struct WhereaboutsPatch {
    /// What kind of place it is.
    #[schema(nullable = false)]
    pub accommodation_type: Option<AccommodationType>,
    /// The place or address.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub address: Option<Option<Text<500>>>,
    /// How to reach the carers.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub contact: Option<Option<Line<300>>>,
    /// The day from which it holds.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 10, format = Date, pattern = r"^(19|2[01])\d\d-\d\d-\d\d$")]
    pub since: Option<Option<Day>>,
    /// The order behind a closed setting, as the court names it; it ends with the kind of place that it is for.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub court_order: Option<Option<Line<200>>>,
}

impl WhereaboutsPatch {
    fn onto(self, old: &Whereabouts) -> Whereabouts {
        let accommodation_type = self.accommodation_type.or(old.accommodation_type);
        let order = old.court_order_for(accommodation_type);
        let old = old.clone();
        Whereabouts {
            accommodation_type,
            address: self.address.map_or(old.address, |it| it.map(String::from)),
            contact: self.contact.map_or(old.contact, |it| it.map(String::from)),
            since: self.since.unwrap_or(old.since),
            court_order: self.court_order.map_or(order, |it| it.map(String::from)),
        }
    }
}

/// Where the child is, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Whereabouts)]
#[serde(rename_all = "camelCase")]
pub struct WhereaboutsView {
    /// What kind of place it is.
    pub accommodation_type: Option<AccommodationType>,
    /// The place or address; not in a summary.
    #[schema(max_length = 500)]
    pub address: Option<String>,
    /// How to reach the carers; not in a summary.
    #[schema(max_length = 300)]
    pub contact: Option<String>,
    /// The day from which it holds.
    pub since: Option<Day>,
    /// The order behind a closed setting, as the court names it; not in a summary.
    #[schema(max_length = 200)]
    pub court_order: Option<String>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

impl WhereaboutsView {
    /// As much as a depth allows.
    pub fn of(it: &Whereabouts, depth: Depth) -> Self {
        let whole = depth == Depth::Full;
        Self {
            accommodation_type: it.accommodation_type,
            address: it.address.clone().filter(|_| whole),
            contact: it.contact.clone().filter(|_| whole),
            since: it.since,
            court_order: it.court_order.clone().filter(|_| whole),
            summary_only: !whole,
            warnings: None,
        }
    }
}

fn shown(
    tx: &Tx<'_>,
    case: &Case,
    child: &ChildRecord,
    relation: &Relation,
) -> Result<Shown<WhereaboutsView>, Failure> {
    let depth = readable(&tx.cx.caller, relation, DataClass::D2Whereabouts)?;
    let view = WhereaboutsView::of(&child.whereabouts, depth);
    let version = seen_of_section(depth, child.whereabouts_version, &view);
    let seen = format!("whereabouts/{}/{version}/{depth:?}", case.id);
    Ok(Shown::new(view, Tag::of(tx.keys(), &seen)).of_case(case.id, vec![DataClass::D2Whereabouts]))
}

fn read_as_of(tx: &mut Tx<'_>, id: CaseId, at: Timestamp) -> Result<Shown<WhereaboutsView>, Failure> {
    let (case, relation) = tx.case_as_of(id, at)?;
    let depth = readable(&tx.cx.caller, &relation, DataClass::D2Whereabouts)?;
    let child = tx.child_as_of(&case, at)?;
    let view = WhereaboutsView::of(&child.whereabouts, depth);
    let version = seen_of_section(depth, child.whereabouts_version, &view);
    let seen = format!("whereabouts/{id}/{version}/{depth:?}/as-of/{}", at.micros());
    Ok(Shown::new(view, Tag::of(tx.keys(), &seen)).of_case(id, vec![DataClass::D2Whereabouts]))
}

fn read(tx: &mut Tx<'_>, id: CaseId) -> Result<Shown<WhereaboutsView>, Failure> {
    let (case, relation) = tx.case(id)?;
    readable(&tx.cx.caller, &relation, DataClass::D2Whereabouts)?;
    let child = tx.child(&case)?;
    shown(tx, &case, &child, &relation)
}

/// The child's whereabouts
///
/// Where the child is. Shown to those who care for the child and decide on safety; every look is logged.
/// One professional is shown the whereabouts of five children in a local day, wherever they are shown, and of 25 whose
/// case the agency leads (the node may set other numbers); the same child again does not count. Above it nothing is shown, and the
/// agency that leads the case and oversight are told.
#[utoipa::path(
    operation_id = "getCaseWhereabouts", tag = "cases", params(("id" = CaseId, Path, description = "The case."), AsOfQuery),
    responses((status = 200, description = "The whereabouts.", body = WhereaboutsView))
)]
#[get("/v1/cases/{id}/whereabouts")]
pub async fn get_case_whereabouts(
    call: Call,
    id: Path<String>,
    query: Query<AsOfQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let as_of = query.0.as_of;
    call.read(Some(id.0), move |tx| match as_of {
        None => read(tx, id),
        Some(at) => read_as_of(tx, id, at),
    })
    .await
}

/// Change the child's whereabouts
///
/// A merge patch by the agency that leads or opened the case. A child is in a closed setting or among adults only by order
/// of a court that is named (R99); a shelter shared with adults is accepted with a warning.
#[utoipa::path(
    operation_id = "updateCaseWhereabouts", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body(content = WhereaboutsPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The whereabouts.", body = WhereaboutsView))
)]
#[patch("/v1/cases/{id}/whereabouts")]
pub async fn update_case_whereabouts(
    call: Call,
    id: Path<String>,
    body: Json<WhereaboutsPatch>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let expected = call.expected();
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            let (case, relation) = tx.case(id)?;
            writable(&tx.cx.caller, &relation, DataClass::D2Whereabouts)?;
            let child = tx.child(&case)?;
            expected.check(&shown(tx, &case, &child, &relation)?.tag)?;
            let decided =
                child.update_whereabouts(body.value.clone().onto(&child.whereabouts), &case, tx.cx.now)?;
            tx.save_whereabouts(&decided)?;
            let mut answer = shown(tx, &case, &decided.value, &relation)?;
            answer.body.warnings = warnings(&decided.warnings);
            Ok(answer)
        },
        move |tx| read(tx, id),
    )
    .await
}
