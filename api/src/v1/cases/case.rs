//! Taking a case in, and the case as each reader sees it.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, ChildId, Reference, ScreeningId, Timestamp,
    access::{Caller, Depth, Relation, Section, depth_of_class, reach, sections},
    cases::{Case, ChildRecord, ExternalId, Identity, NewCase, Whereabouts},
    text::{Country, Line, Text},
    vocabulary::{AgencyType, CaseStatus, DataClass, IdentificationStatus},
};
use persistence::{StoreError, Tx, cases::CaseFilter};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use super::{
    child::{ChildView, NewChild},
    identification::IdentificationView,
    lifecycle,
    taken_once::{distinct, stands_alone},
    upsert::{NUMBERS, number_taken},
    whereabouts::NewWhereabouts,
};
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{
        AllowedActionView, AsOfQuery, WithheldView, depth_of, listed, page, path_id, seen_of_section,
        warnings, withheld,
    },
};

/// Taking a case in from a screening of the own agency.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "screeningId": "0192f0c1-2345-7abc-8def-0123456789ab",
    "child": { "callName": "Mik", "sex": "male", "birthDate": "2015", "ageCertainty": "declared", "languages": ["uk"], "unaccompanied": true },
    "whereabouts": { "accommodationType": "emergency_shelter_child", "address": "Invented Street 1", "since": "2026-11-24" }
}))]
pub struct CreateCase {
    /// The screening.
    pub screening_id: ScreeningId,
    /// Who the child is.
    pub child: Option<NewChild>,
    /// Where the child is.
    pub whereabouts: Option<NewWhereabouts>,
    /// Numbers of the calling system.
    #[schema(max_items = 20)]
    pub external_ids: Option<Vec<ExternalIdView>>,
    /// Open cases with a child like this whose child is another (R70).
    #[schema(max_items = 20)]
    pub distinct_from: Option<Vec<CaseId>>,
    /// How that is known, in words.
    pub distinct_reason: Option<Text<1000>>,
}

/// A number that a calling system keeps for the case.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ExternalId)]
pub struct ExternalIdView {
    /// Who issued it.
    pub issuer: Line<100>,
    /// The number.
    pub value: Line<100>,
}

/// A case as the caller sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Case)]
#[serde(rename_all = "camelCase")]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// Its reference, safe to read over the telephone.
    pub reference: Reference,
    /// Its country.
    pub country: Country,
    /// Its status.
    pub status: CaseStatus,
    /// The agency that leads it.
    pub lead_agency_id: AgencyId,
    /// The agency that took it in.
    pub opened_by_agency_id: AgencyId,
    /// When it was taken in.
    pub opened_at: Timestamp,
    /// Numbers of calling systems.
    #[schema(max_items = 20)]
    pub external_ids: Option<Vec<ExternalIdView>>,
    /// The child's identification (D6).
    pub identification: Option<IdentificationView>,
    /// Who the child is (D1), as far as the caller sees it.
    pub child: Option<ChildView>,
    /// What the caller may not read, and why; it depends on the caller, never on what exists.
    #[schema(max_items = 16)]
    pub withheld: Vec<WithheldView>,
    /// What the caller may do now.
    #[schema(max_items = 20)]
    pub allowed_actions: Vec<AllowedActionView>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// A case in a list: nothing of the child.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseSummary)]
#[serde(rename_all = "camelCase")]
pub struct CaseSummaryView {
    /// Its id.
    pub id: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// Its status.
    pub status: CaseStatus,
    /// The status of the identification (D6), for those who read of it.
    pub identification_status: Option<IdentificationStatus>,
    /// The agency that leads it.
    pub lead_agency_id: AgencyId,
    /// When it was taken in.
    pub opened_at: Timestamp,
}

page! {
    /// A page of cases, newest first.
    CasePage as CasePage of CaseSummaryView
}

impl CaseSummaryView {
    /// A case as far as the caller sees it in a list; where it does not take part, as one who reads nothing.
    pub(super) fn of(it: Case, relation: Option<&Relation>, caller: &Caller) -> Self {
        let depth = relation.map(|it| depth_of_class(caller, it, DataClass::D6IdentificationDecision));
        let identified = depth.is_some_and(|it| it > Depth::None);
        Self {
            id: it.id,
            reference: it.reference,
            status: it.status,
            identification_status: identified.then_some(it.identification.status),
            lead_agency_id: it.lead,
            opened_at: it.opened_at,
        }
    }
}

/// The case as the caller sees it today.
pub(super) fn shown(
    tx: &mut Tx<'_>,
    case: Case,
    child: &ChildRecord,
    relation: &Relation,
    found: &[domain::Violation],
) -> Result<Shown<CaseView>, Failure> {
    let (mut acts, waiting) = lifecycle::offered(tx, &case, relation)?;
    if tx.standing(&case, relation)?.is_none() {
        acts.clear();
    }
    let caller = &tx.cx.caller;
    let seen = sections(caller, relation);
    let tag = tag_of(tx, &case, child, relation, (tx.cx.now, &waiting));
    // Whether somebody else who takes part has the mandate, the identification says.
    let can_presume =
        case.status == CaseStatus::Intake && relation.own() && super::identification::may_presume(caller);
    let presume = can_presume.then(|| AllowedActionView {
        action: "presume",
        href: format!("/v1/cases/{}/identification/presume", case.id),
    });
    let id = case.id;
    let mut view = view(case, child, relation, &seen, tx.cx.now);
    let acts = acts.into_iter().map(|it| lifecycle::offer(id, it));
    view.allowed_actions = presume.into_iter().chain(acts).collect();
    view.warnings = warnings(found);
    Ok(Shown::new(view, tag).of_case(id, shown_of(&seen)))
}

/// What is told of a case at an instant: what was known then, in the sections of today.
fn view(case: Case, child: &ChildRecord, relation: &Relation, seen: &[Section], now: Timestamp) -> CaseView {
    let identity = depth_of(seen, DataClass::D1Identity);
    let identified = depth_of(seen, DataClass::D6IdentificationDecision) > Depth::None;
    let external = case.external_ids.iter().filter_map(|it| {
        Some(ExternalIdView { issuer: Line::parse(&it.issuer)?, value: Line::parse(&it.value)? })
    });
    let external: Vec<_> = external.collect();
    CaseView {
        id: case.id,
        reference: case.reference.clone(),
        country: case.country,
        status: case.status,
        lead_agency_id: case.lead,
        opened_by_agency_id: case.opened_by,
        opened_at: case.opened_at,
        external_ids: Some(external).filter(|it| !it.is_empty() && relation.own()),
        identification: identified.then(|| IdentificationView::of(&case, now)),
        child: (identity > Depth::None).then(|| ChildView::of(&child.identity, identity, now, &[])),
        withheld: withheld(seen),
        allowed_actions: Vec::new(),
        warnings: None,
    }
}

/// The classes that a case shows in itself, for the access log; the rest of the file has operations of its own.
fn shown_of(seen: &[Section]) -> Vec<DataClass> {
    let classes = [DataClass::D1Identity, DataClass::D6IdentificationDecision];
    classes.into_iter().filter(|it| depth_of(seen, *it) > Depth::None).collect()
}

/// The case as it was known at an instant, under the permissions of today; nothing can be done with the past.
fn read_as_of(tx: &mut Tx<'_>, id: CaseId, at: Timestamp) -> Result<Shown<CaseView>, Failure> {
    let (case, relation) = tx.case_as_of(id, at)?;
    let child = tx.child_as_of(&case, at)?;
    let seen = sections(&tx.cx.caller, &relation);
    let tag = tag_of(tx, &case, &child, &relation, (at, &format!("as-of/{}", at.micros())));
    Ok(Shown::new(view(case, &child, &relation, &seen, at), tag).of_case(id, shown_of(&seen)))
}

/// The tag of a case is made of what the caller's function reaches of it: for whoever leads or opened it of the versions of
/// its parts, for whoever else takes part of what is shown and what waits. A stronger token is no change of the case.
fn tag_of(
    tx: &Tx<'_>,
    case: &Case,
    child: &ChildRecord,
    relation: &Relation,
    (now, waiting): (Timestamp, &str),
) -> Tag {
    let seen = &reach(&tx.cx.caller, relation)[..];
    let depths: String = seen.iter().map(|it| char::from(b'0' + it.depth as u8)).collect();
    let depth = depth_of(seen, DataClass::D1Identity);
    let identity = if depth == Depth::None {
        String::new()
    } else {
        let shown = ChildView::of(&child.identity, depth, now, &[]);
        seen_of_section(depth, child.identity_version, &shown)
    };
    let rest = if relation.own() {
        case.version.0.to_string()
    } else {
        serde_json::to_string(&view(case.clone(), child, relation, seen, now)).unwrap_or_default()
    };
    Tag::of(tx.keys(), &format!("case/{}/{rest}/{identity}/{depths}/{waiting}", case.id))
}

/// Reads a case as the caller sees it today.
pub(super) fn read(tx: &mut Tx<'_>, id: CaseId) -> Result<Shown<CaseView>, Failure> {
    let (case, relation) = tx.case(id)?;
    let child = tx.child(&case)?;
    shown(tx, case, &child, &relation, &[])
}

/// Take a case in
///
/// From a screening of the own agency, by whoever meets the child. A child of whom the caller sees an open case already is
/// not taken in twice (R70). The case is in `intake` until the child is presumed
/// a victim; the child-protection agency of the place leads it until it is handed over.
#[utoipa::path(
    operation_id = "createCase", tag = "cases", request_body = CreateCase,
    responses((status = 201, description = "The case.", body = CaseView))
)]
#[post("/v1/cases")]
pub async fn create_case(call: Call, body: Json<CreateCase>) -> Result<Answer, Failure> {
    let wanted = body.value;
    call.naming(wanted.screening_id.0)
        .create(
            &body.canonical,
            "/v1/cases".to_owned(),
            move |tx, id| {
                let made = take_in(tx, CaseId(id), wanted.clone());
                made.map_err(|it| if it.is_constraint(NUMBERS) { number_taken() } else { it })
            },
            |tx, id| read(tx, CaseId(id)),
        )
        .await
}

pub(super) fn take_in(tx: &mut Tx<'_>, id: CaseId, wanted: CreateCase) -> Result<Shown<CaseView>, Failure> {
    let screening = match tx.screening(wanted.screening_id) {
        Err(StoreError::NotFound) => return Err(Failure::reference("/screeningId")),
        other => other?,
    };
    let external = wanted.external_ids.unwrap_or_default().into_iter();
    let distinct = distinct(wanted.distinct_from, wanted.distinct_reason);
    let new = NewCase {
        id,
        reference: tx.fresh_reference()?,
        child: ChildId(tx.fresh_id()),
        identity: Identity::from(wanted.child.unwrap_or_default()),
        whereabouts: Whereabouts::from(wanted.whereabouts.unwrap_or_default()),
        external_ids: external.map(ExternalId::from).collect(),
        lead: tx.first_agency_of(AgencyType::ChildProtection)?.unwrap_or(tx.cx.caller.agency),
    };
    let country = tx.country(tx.cx.caller.country)?;
    let decided = Case::take_in(new, (&screening, &country), &tx.cx.caller, tx.cx.now)?;
    let (case, child) = &decided.value;
    let beside = stands_alone(tx, (case, &child.identity), &distinct, &country)?;
    if let Err(error) = tx.add_case(&decided) {
        return Err(Tx::screening_taken(error).map_or_else(Failure::from, Failure::from));
    }
    let (case, child) = decided.value;
    tx.add_matches(&case, &beside)?;
    let relation = case.own_relation(&tx.cx.caller).unwrap_or(Relation::Opener);
    let warnings = [decided.warnings, beside.warnings].concat();
    shown(tx, case, &child, &relation, &warnings)
}

/// Which cases.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CaseQuery {
    /// Of this status only.
    pub status: Option<CaseStatus>,
}

/// The cases of the own agency
///
/// Every case in which the own agency takes part, newest first; nothing of the child.
#[utoipa::path(
    operation_id = "listCases", tag = "cases", params(CaseQuery, PageQuery),
    responses((status = 200, description = "A page of cases.", body = CasePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases")]
pub async fn list_cases(
    call: Call,
    filter: Query<CaseQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let filter = CaseFilter { status: filter.0.status };
    let work = move |tx: &mut Tx<'_>, page| {
        let found = tx.cases(filter, page)?;
        let relations = tx.relations(&found.items)?;
        let view = |it: Case| {
            let relation = relations.get(&it.id);
            CaseSummaryView::of(it, relation, &tx.cx.caller)
        };
        Ok(persistence::Page { items: found.items.into_iter().map(view).collect(), next: found.next })
    };
    let (found, link) = call.list(page.0, None, work, |view| view).await?;
    Ok(listed(&CasePage::from(found), link))
}

/// A case
///
/// One case, with the sections that the caller may read and the names of the others; with `asOf`, as it was known then.
#[utoipa::path(
    operation_id = "getCase", tag = "cases", params(("id" = CaseId, Path, description = "The case."), AsOfQuery),
    responses((status = 200, description = "The case.", body = CaseView))
)]
#[get("/v1/cases/{id}")]
pub async fn get_case(call: Call, id: Path<String>, query: Query<AsOfQuery>) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let as_of = query.0.as_of;
    call.read(Some(id.0), move |tx| match as_of {
        None => read(tx, id),
        Some(at) => read_as_of(tx, id, at),
    })
    .await
}
