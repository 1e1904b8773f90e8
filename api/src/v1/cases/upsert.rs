//! The case by the number of a calling system: made if it is not there, else brought up to date.

use actix_web::put;
use domain::{
    CaseId, Violation,
    cases::{ExternalId, Identity, IdentityUpdate, Whereabouts},
    text::Text,
    vocabulary::DataClass,
};
use persistence::{StoreError, Tx};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    case::{CaseView, CreateCase, ExternalIdView, shown, take_in},
    child::NewChild,
    taken_once::{distinct, save_identity},
    told,
    whereabouts::NewWhereabouts,
    writable,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json, Shown},
    problems,
};

/// A case by the number that the calling system keeps for it.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "externalId": { "issuer": "invented-registry", "value": "2026-000123" },
    "screeningId": "0192f0c1-2345-7abc-8def-0123456789ab",
    "child": { "callName": "Mik", "sex": "male", "birthDate": "2015", "ageCertainty": "declared", "languages": ["uk"] }
}))]
pub struct UpsertCase {
    /// The number, with who issued it: one case for each of them in an agency.
    pub external_id: ExternalIdView,
    /// The screening to take the case in from; needed where no case has the number yet.
    pub screening_id: Option<domain::ScreeningId>,
    /// What is known of the child; what is absent stays as it is.
    pub child: Option<NewChild>,
    /// Where the child is; what is absent stays as it is.
    pub whereabouts: Option<NewWhereabouts>,
    /// Open cases with a child like this whose child is another (R70).
    #[schema(max_items = 20)]
    pub distinct_from: Option<Vec<CaseId>>,
    /// How that is known, in words.
    pub distinct_reason: Option<Text<1000>>,
}

/// What was given changes, the rest stays.
fn update_of(it: NewChild, old: &Identity) -> IdentityUpdate {
    let lists = (it.nationalities.clone(), it.languages.clone(), it.special_needs.clone());
    let new = Identity::from(it);
    let name = new.name.map(|name| {
        let was = old.name.clone().unwrap_or(domain::cases::Name { given: None, family: None });
        domain::cases::Name { given: name.given.or(was.given), family: name.family.or(was.family) }
    });
    IdentityUpdate {
        name: name.map(Some),
        call_name: new.call_name.map(Some),
        sex: new.sex.map(Some),
        birth_date: new.birth_date.map(Some),
        age_certainty: new.age_certainty.map(Some),
        nationalities: lists.0,
        languages: lists.1,
        special_needs: lists.2,
        unaccompanied: new.unaccompanied.map(Some),
    }
}

fn moved(it: NewWhereabouts, old: &Whereabouts) -> Whereabouts {
    let new = Whereabouts::from(it);
    let accommodation_type = new.accommodation_type.or(old.accommodation_type);
    let order = old.court_order_for(accommodation_type);
    let old = old.clone();
    Whereabouts {
        accommodation_type,
        address: new.address.or(old.address),
        contact: new.contact.or(old.contact),
        since: new.since.or(old.since),
        court_order: new.court_order.or(order),
    }
}

/// Brings a case that is there up to date; what says nothing new changes nothing.
fn bring_up_to_date(tx: &mut Tx<'_>, id: CaseId, wanted: UpsertCase) -> Result<Shown<CaseView>, Failure> {
    let (mut case, relation) = tx.case(id)?;
    let mut child = tx.child(&case)?;
    let mut warnings: Vec<Violation> = Vec::new();
    let update = wanted.child.map(|new| update_of(new, &child.identity));
    // What says nothing new is no write, in a case that has ended as well.
    if let Some(update) = update.filter(|it| case.is_live() || child.changes_with(it)) {
        let decided = child.update_identity(update, &case, tx.cx.now)?;
        if decided.value.identity != child.identity {
            writable(&tx.cx.caller, &relation, DataClass::D1Identity)?;
            let distinct = distinct(wanted.distinct_from, wanted.distinct_reason);
            (case, warnings) = save_identity(tx, (&case, &child.identity), &decided, &distinct)?;
            child = decided.value;
        }
        warnings.extend(decided.warnings.into_iter().map(|it| it.within("/child")));
    }
    if let Some(new) = wanted.whereabouts {
        let new = moved(new, &child.whereabouts);
        if new != child.whereabouts {
            told(&tx.cx.caller, &relation, DataClass::D2Whereabouts)?;
            let decided = child
                .update_whereabouts(new, &case, tx.cx.now)
                .map_err(|it| it.within("/whereabouts"))?
                .within("/whereabouts");
            tx.save_whereabouts(&decided)?;
            warnings.extend(decided.warnings);
            child = decided.value;
        }
    }
    shown(tx, case, &child, &relation, &warnings)
}

fn upsert(tx: &mut Tx<'_>, fresh: CaseId, wanted: UpsertCase) -> Result<(Shown<CaseView>, bool), Failure> {
    let number = ExternalId::from(wanted.external_id.clone());
    if let Some(id) = tx.case_with_number(&number)? {
        return Ok((bring_up_to_date(tx, id, wanted)?, false));
    }
    let screening_id = wanted.screening_id.ok_or_else(|| {
        let why = "no case of the agency has this number: a screening is needed to take one in";
        Failure::invalid(&problems::INCONSISTENT_VALUES, "/screeningId", "screening_needed", why)
    })?;
    let new = CreateCase {
        screening_id,
        child: wanted.child,
        whereabouts: wanted.whereabouts,
        external_ids: Some(vec![wanted.external_id]),
        distinct_from: wanted.distinct_from,
        distinct_reason: wanted.distinct_reason,
    };
    // If another request was first, this one brings its case up to date when it is tried again.
    let late = |it: Failure| if it.is_constraint(NUMBERS) { StoreError::Conflict.into() } else { it };
    Ok((take_in(tx, fresh, new).map_err(late)?, true))
}

/// The constraint that keeps a number to one case.
pub(super) const NUMBERS: &str = "case_external_ids_pkey";

/// The case of a number, made or brought up to date
///
/// For systems that keep numbers of their own: the same request again and again leaves one case with what was said last.
/// Where no case of the own agency has the number, one is taken in from the screening; else what is given of child and
/// whereabouts changes, and what is absent stays.
#[utoipa::path(
    operation_id = "putCase", tag = "cases", request_body = UpsertCase,
    responses(
        (status = 200, description = "The case, brought up to date.", body = CaseView),
        (status = 201, description = "The case, taken in.", body = CaseView)
    )
)]
#[put("/v1/cases/by-external-id")]
pub async fn upsert_case(call: Call, body: Json<UpsertCase>) -> Result<Answer, Failure> {
    let wanted = body.value;
    let screening = wanted.screening_id.map(|it| it.0);
    call.naming(screening)
        .upsert("/v1/cases", move |tx, fresh| upsert(tx, CaseId(fresh), wanted.clone()))
        .await
}

impl From<ExternalIdView> for ExternalId {
    fn from(it: ExternalIdView) -> Self {
        Self { issuer: it.issuer.into(), value: it.value.into() }
    }
}

/// What refuses a number that another case of the agency has, in words for the caller.
pub(super) fn number_taken() -> Failure {
    Failure::invalid(
        &problems::INCONSISTENT_VALUES,
        "/externalIds",
        "external_id_taken",
        "another case of the agency has one of these numbers",
    )
}
