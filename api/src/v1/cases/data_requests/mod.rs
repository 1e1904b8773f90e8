//! Requests of people for the data of a child (R90): the agency that leads the case keeps them, and the data protection
//! officer decides on those that are held.

mod wire;

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, DataRequestId, EntryId, Refused,
    access::Relation,
    cases::{
        Case,
        data_request::{
            DataRequest, DataRequestAnswer, DataRequestStatus, KnownRequester, NewDataRequest, Receiving,
            keeps, oversees,
        },
        file::Contact,
    },
    vocabulary::{AgencyType, DataClass},
};
use persistence::{EntryFilter, Page, PageRequest, StoreError, Tx};
use serde::Deserialize;
use utoipa::IntoParams;

use self::wire::{AnswerDataRequest, CreateDataRequest, DataRequestPage, DataRequestView, ReviewDataRequest};
use crate::{
    Routes,
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{listed, path_id},
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config
        .service(create_data_request)
        .service(list_case_data_requests)
        .service(get_data_request)
        .service(review_data_request)
        .service(answer_data_request)
        .service(list_data_requests);
}

/// Whether whoever asks is named to the caller. A data protection officer has no relation to the case and reads no names.
fn names(tx: &Tx<'_>) -> bool {
    !oversees(&tx.cx.caller) && DataRequest::names_to(&tx.cx.caller, &Relation::Lead)
}

fn shown(tx: &Tx<'_>, it: DataRequest) -> Shown<DataRequestView> {
    let names = names(tx);
    let tag = Tag::of(tx.keys(), &format!("data-request/{}/{}/{names}", it.id, it.version.0));
    let case = it.case;
    let mut classes = vec![DataClass::D15ReferralMetadata];
    classes.extend((names && it.asked.name.is_some()).then_some(DataClass::D3FamilyContacts));
    Shown::new(DataRequestView::of(it, names), tag).of_case(case, classes)
}

/// A request, for whoever keeps it and whoever decides on it; to everybody else it is not there.
fn load(tx: &mut Tx<'_>, (case, id): (CaseId, DataRequestId)) -> Result<DataRequest, Failure> {
    let leads = !oversees(&tx.cx.caller) && tx.case(case)?.1 == Relation::Lead;
    let it = tx.data_request(case, id)?;
    if it.shown_to(&tx.cx.caller, leads) { Ok(it) } else { Err(StoreError::NotFound.into()) }
}

fn read(tx: &mut Tx<'_>, ids: (CaseId, DataRequestId)) -> Result<Shown<DataRequestView>, Failure> {
    let it = load(tx, ids)?;
    Ok(shown(tx, it))
}

fn contact(tx: &mut Tx<'_>, case: &Case, id: Option<EntryId>) -> Result<Option<Contact>, Failure> {
    let Some(id) = id else { return Ok(None) };
    let filter = EntryFilter { classes: vec![DataClass::D3FamilyContacts], as_of: None };
    match tx.entry::<Contact>(case, id, &filter) {
        Ok(it) => Ok(Some(it.content)),
        Err(StoreError::NotFound) => Err(Failure::reference("/contactId")),
        Err(other) => Err(other.into()),
    }
}

fn taking_part(tx: &mut Tx<'_>, case: &Case, id: Option<AgencyId>) -> Result<Option<AgencyType>, Failure> {
    let Some(id) = id else { return Ok(None) };
    let agency = match tx.agency(id) {
        Ok(it) => it,
        Err(StoreError::NotFound) => return Err(Failure::reference("/agencyId")),
        Err(other) => return Err(other.into()),
    };
    Ok(tx.participants(case.id)?.contains(&id).then_some(agency.agency_type))
}

/// What the case knows today of whoever asks.
fn known<'a>(
    tx: &mut Tx<'_>,
    case: &Case,
    contact: Option<&'a Contact>,
    (contact_id, agency): (Option<EntryId>, Option<AgencyId>),
) -> Result<KnownRequester<'a>, Failure> {
    let takes_part = taking_part(tx, case, agency)?;
    let mut restricted = false;
    if let Some(id) = contact_id {
        restricted |= tx.is_restricted_contact(case, id)?;
    }
    if let Some(id) = agency {
        restricted |= tx.is_restricted(case.id, id, None)?;
    }
    Ok(KnownRequester { contact, takes_part, restricted })
}

fn record(
    tx: &mut Tx<'_>,
    (case, id): (CaseId, DataRequestId),
    wanted: CreateDataRequest,
) -> Result<Shown<DataRequestView>, Failure> {
    let (case, relation) = tx.case(case)?;
    // Before it is looked whom the case knows.
    if relation != Relation::Lead || !keeps(&tx.cx.caller) {
        return Err(Refused::not_yours(ONLY_THE_LEAD).into());
    }
    let contact = contact(tx, &case, wanted.contact_id)?;
    let known = known(tx, &case, contact.as_ref(), (wanted.contact_id, wanted.agency_id))?;
    let country = tx.country(case.country)?;
    let at = Receiving {
        case: &case,
        country: &country,
        known,
        oversight: tx.first_agency_of(AgencyType::Dpo)?,
        by: &tx.cx.caller,
        now: tx.cx.now,
    };
    let asked = NewDataRequest {
        kind: wanted.kind,
        requester: wanted.requester,
        contact: wanted.contact_id,
        agency: wanted.agency_id,
        name: wanted.name.map(String::from),
        received_on: wanted.received_on,
    };
    let decided = DataRequest::record(id, asked, &at)?;
    tx.add_data_request(&case, &decided)?;
    Ok(shown(tx, decided.value))
}

const ONLY_THE_LEAD: &str =
    "only a case manager or supervisor of the agency that leads the case keeps requests for its data";

/// Record that somebody asks for the data of the child
///
/// By a case manager or supervisor of the agency that leads the case. It is always recorded. Where a parent, a relative or
/// another representative asks who is no contact of the case, or a guardian or lawyer for an agency that takes no part in
/// it, or where whoever asks is suspected, may not be told or have contact, or is never to know of the case, the request is
/// held for the data protection officer (R90). `reply` is what whoever asks is told: it is the same in either case. The
/// answer is due one month after the receipt, held or not.
#[utoipa::path(
    operation_id = "createDataRequest", tag = "access", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateDataRequest,
    responses((status = 201, description = "The request.", body = DataRequestView))
)]
#[post("/v1/cases/{id}/data-requests")]
pub async fn create_data_request(
    call: Call,
    id: Path<String>,
    body: Json<CreateDataRequest>,
) -> Result<Answer, Failure> {
    let case = path_id(&id, CaseId::parse)?;
    let wanted = body.value;
    call.create(
        &body.canonical,
        format!("/v1/cases/{case}/data-requests"),
        move |tx, id| record(tx, (case, DataRequestId(id)), wanted.clone()),
        move |tx, id| read(tx, (case, DataRequestId(id))),
    )
    .await
}

/// Who asked for the data of the child
///
/// For case managers and supervisors of the agency that leads the case.
#[utoipa::path(
    operation_id = "listCaseDataRequests", tag = "access",
    params(("id" = CaseId, Path, description = "The case."), PageQuery),
    responses((status = 200, description = "A page of requests.", body = DataRequestPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/data-requests")]
pub async fn list_case_data_requests(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let work = move |tx: &mut Tx<'_>, page| {
        let leads = tx.case(id)?.1 == Relation::Lead;
        if !leads || !keeps(&tx.cx.caller) {
            return Err(Refused::not_yours(ONLY_THE_LEAD).into());
        }
        views(tx, Some(id), None, page)
    };
    let (found, link) = call.list(page.0, Some(id.0), work, |it| it).await?;
    Ok(listed(&DataRequestPage::from(found), link))
}

/// A request for the data of a child
///
/// For case managers and supervisors of the agency that leads the case; for the data protection officer of the country
/// where it is or was held.
#[utoipa::path(
    operation_id = "getDataRequest", tag = "access",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("requestId" = DataRequestId, Path, description = "The request.")
    ),
    responses((status = 200, description = "The request.", body = DataRequestView))
)]
#[get("/v1/cases/{id}/data-requests/{requestId}")]
pub async fn get_data_request(call: Call, path: Path<(String, String)>) -> Result<Answer, Failure> {
    let ids = ids(&path)?;
    call.read(Some(ids.1.0), move |tx| read(tx, ids)).await
}

/// Decide on a request for the data of a child that is held
///
/// By a data protection officer of the country who did not record it, once. What is released is answered as any other;
/// of what is refused nothing is given.
#[utoipa::path(
    operation_id = "reviewDataRequest", tag = "access",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("requestId" = DataRequestId, Path, description = "The request.")
    ),
    request_body = ReviewDataRequest,
    responses((status = 200, description = "The request.", body = DataRequestView))
)]
#[post("/v1/cases/{id}/data-requests/{requestId}/review")]
pub async fn review_data_request(
    call: Call,
    path: Path<(String, String)>,
    body: Json<ReviewDataRequest>,
) -> Result<Answer, Failure> {
    let ids = ids(&path)?;
    let expected = call.expected();
    let ReviewDataRequest { outcome, ground } = body.value;
    let ground = String::from(ground);
    let work = move |tx: &mut Tx<'_>| {
        let it = load(tx, ids)?;
        let case = tx.case_of_country(ids.0)?;
        expected.check(&shown(tx, it.clone()).tag)?;
        let decided = it.review((outcome, ground.clone()), &case, &tx.cx.caller, tx.cx.now)?;
        tx.save_data_request(&case, &decided)?;
        Ok(shown(tx, decided.value))
    };
    call.act(ids.1.0, &body.canonical, work, move |tx| read(tx, ids)).await
}

/// Record how a request for the data of the child was answered
///
/// By a case manager or supervisor of the agency that leads the case, once. While it is held it is not answered, and
/// nothing is given of what the data protection officer refused, nor to somebody whose request would be held today (R90).
#[utoipa::path(
    operation_id = "answerDataRequest", tag = "access",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("requestId" = DataRequestId, Path, description = "The request.")
    ),
    request_body = AnswerDataRequest,
    responses((status = 200, description = "The request.", body = DataRequestView))
)]
#[post("/v1/cases/{id}/data-requests/{requestId}/answer")]
pub async fn answer_data_request(
    call: Call,
    path: Path<(String, String)>,
    body: Json<AnswerDataRequest>,
) -> Result<Answer, Failure> {
    let ids = ids(&path)?;
    let expected = call.expected();
    let answer = DataRequestAnswer { outcome: body.value.outcome, on: body.value.answered_on };
    let work = move |tx: &mut Tx<'_>| {
        let it = load(tx, ids)?;
        let case = tx.case_of_country(ids.0)?;
        expected.check(&shown(tx, it.clone()).tag)?;
        let country = tx.country(case.country)?;
        let contact = contact(tx, &case, it.asked.contact)?;
        let known = known(tx, &case, contact.as_ref(), (it.asked.contact, it.asked.agency))?;
        let decided = it.answer(answer, (&case, &country, &known), &tx.cx.caller, tx.cx.now)?;
        tx.save_data_request(&case, &decided)?;
        Ok(shown(tx, decided.value))
    };
    call.act(ids.1.0, &body.canonical, work, move |tx| read(tx, ids)).await
}

/// Which requests.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DataRequestQuery {
    /// How they stand; all if absent.
    #[param(example = "held")]
    pub status: Option<DataRequestStatus>,
}

/// Requests for the data of children
///
/// For the data protection officer: those of the country that are or were held. For case managers and supervisors: those
/// about the cases that the own agency leads. Newest first.
#[utoipa::path(
    operation_id = "listDataRequests", tag = "access", params(DataRequestQuery, PageQuery),
    responses((status = 200, description = "A page of requests.", body = DataRequestPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/data-requests")]
pub async fn list_data_requests(
    call: Call,
    query: Query<DataRequestQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let status = query.0.status;
    let work = move |tx: &mut Tx<'_>, page| {
        if !oversees(&tx.cx.caller) && !keeps(&tx.cx.caller) {
            let who = "case managers, supervisors and data protection officers see who asks for data";
            return Err(Refused::not_yours(who).into());
        }
        views(tx, None, status, page)
    };
    let (found, link) = call.list(page.0, None, work, |it| it).await?;
    Ok(listed(&DataRequestPage::from(found), link))
}

fn views(
    tx: &mut Tx<'_>,
    case: Option<CaseId>,
    status: Option<DataRequestStatus>,
    page: PageRequest,
) -> Result<Page<DataRequestView>, Failure> {
    let found = tx.data_requests(case, status, page)?;
    let items = found.items.into_iter().map(|it| DataRequestView::of(it, false)).collect();
    Ok(Page { items, next: found.next })
}

fn ids((case, id): &(String, String)) -> Result<(CaseId, DataRequestId), Failure> {
    Ok((path_id(case, CaseId::parse)?, path_id(id, DataRequestId::parse)?))
}
