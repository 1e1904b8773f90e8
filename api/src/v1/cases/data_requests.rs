//! Requests of people for the data of a child (R90): the agency that leads the case keeps them, and the data protection
//! officer decides on those that are held.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, CodeList as _, DataRequestId, Day, EntryId, ProfessionalId, Refused, Timestamp,
    access::Relation,
    cases::{
        Case,
        data_request::{
            DataRequest, DataRequestAnswer, DataRequestKind, DataRequestOutcome, DataRequestReply,
            DataRequestReview, DataRequestStatus, DataRequestVerdict, DataRequester, HoldReason,
            KnownRequester, NewDataRequest, Receiving, keeps, oversees,
        },
        file::Contact,
    },
    text::{Line, Text},
    vocabulary::{AgencyType, DataClass},
};
use persistence::{EntryFilter, StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use validator::Validate;

use crate::{
    Routes,
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{listed, page, path_id},
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

/// Who asks for the data of the child, and what for.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "kind": "access", "requester": "parent", "name": "Invented Person", "receivedOn": "2026-11-24" }))]
pub struct CreateDataRequest {
    /// What for.
    pub kind: DataRequestKind,
    /// Who asks.
    pub requester: DataRequester,
    /// The contact of the case who asks, where it is one.
    pub contact_id: Option<EntryId>,
    /// The agency for which a guardian or lawyer asks.
    pub agency_id: Option<AgencyId>,
    /// The name of whoever asks; not with `contactId`.
    pub name: Option<Line<200>>,
    /// The day on which it was received: neither in the future nor before the case was opened.
    pub received_on: Day,
}

/// What the data protection officer decides on a request that is held.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "outcome": "refuse", "ground": "Whoever asks may endanger the child." }))]
pub struct ReviewDataRequest {
    /// What.
    pub outcome: DataRequestVerdict,
    /// Why.
    pub ground: Text<2000>,
}

/// How whoever asked was answered.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "outcome": "given", "answeredOn": "2026-11-24" }))]
pub struct AnswerDataRequest {
    /// How.
    pub outcome: DataRequestOutcome,
    /// On which day: neither in the future nor before it was received.
    pub answered_on: Day,
}

/// A request for the data of a child.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequest)]
#[serde(rename_all = "camelCase")]
pub struct DataRequestView {
    /// Its id.
    pub id: DataRequestId,
    /// The case.
    pub case_id: CaseId,
    /// Its version.
    #[schema(minimum = 1)]
    pub version: i32,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The agency that recorded it.
    pub agency_id: AgencyId,
    /// Who recorded it.
    pub professional_id: Option<ProfessionalId>,
    /// What for.
    pub kind: DataRequestKind,
    /// Who asks.
    pub requester: DataRequester,
    /// The contact of the case who asks.
    pub contact_id: Option<EntryId>,
    /// The agency for which a guardian or lawyer asks.
    pub for_agency_id: Option<AgencyId>,
    /// The name of whoever asks, where one request is read: for those of the agency that leads the case who read of
    /// family and contacts.
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// The day on which it was received.
    pub received_on: Day,
    /// What whoever asks is told now: the same whether the request is held or not.
    pub reply: DataRequestReplyView,
    /// How it stands.
    pub status: DataRequestStatus,
    /// Why it is or was held.
    pub hold: Option<HoldReason>,
    /// What the data protection officer decided.
    pub review: Option<DataRequestReviewView>,
    /// How it was answered.
    pub answer: Option<DataRequestAnswerView>,
}

/// What whoever asks is told at once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequestReplyText)]
pub struct DataRequestReplyView {
    /// The code.
    pub code: DataRequestReply,
    /// The words.
    #[schema(max_length = 200)]
    pub label: &'static str,
}

/// What the data protection officer decided on a request.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequestReview)]
#[serde(rename_all = "camelCase")]
pub struct DataRequestReviewView {
    /// What.
    pub outcome: DataRequestVerdict,
    /// Why.
    #[schema(max_length = 2000)]
    pub ground: String,
    /// Who.
    pub professional_id: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
}

/// How a request was answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DataRequestAnswer)]
#[serde(rename_all = "camelCase")]
pub struct DataRequestAnswerView {
    /// How.
    pub outcome: DataRequestOutcome,
    /// On which day.
    pub answered_on: Day,
}

page! {
    /// A page of requests for the data of children, newest first.
    DataRequestPage as DataRequestPage of DataRequestView
}

impl From<DataRequestReview> for DataRequestReviewView {
    fn from(it: DataRequestReview) -> Self {
        Self { outcome: it.verdict, ground: it.ground, professional_id: it.professional, at: it.at }
    }
}

impl From<DataRequestAnswer> for DataRequestAnswerView {
    fn from(it: DataRequestAnswer) -> Self {
        Self { outcome: it.outcome, answered_on: it.on }
    }
}

impl DataRequestView {
    fn of(it: DataRequest, names: bool) -> Self {
        let reply = DataRequestReply::ReceivedAndLookedAt;
        Self {
            id: it.id,
            case_id: it.case,
            version: it.version.0,
            recorded_at: it.recorded_at,
            agency_id: it.agency,
            professional_id: it.professional,
            kind: it.asked.kind,
            requester: it.asked.requester,
            contact_id: it.asked.contact,
            for_agency_id: it.asked.agency,
            name: it.asked.name.filter(|_| names),
            received_on: it.asked.received_on,
            reply: DataRequestReplyView { code: reply, label: reply.label() },
            status: it.status,
            hold: it.hold,
            review: it.review.map(DataRequestReviewView::from),
            answer: it.answer.map(DataRequestAnswerView::from),
        }
    }
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
    let takes_part = taking_part(tx, &case, wanted.agency_id)?;
    let mut restricted = false;
    if let Some(id) = wanted.contact_id {
        restricted |= tx.is_restricted_contact(&case, id)?;
    }
    if let Some(id) = wanted.agency_id {
        restricted |= tx.is_restricted(case.id, id, None)?;
    }
    let country = tx.country(case.country)?;
    let at = Receiving {
        case: &case,
        country: &country,
        known: KnownRequester { contact: contact.as_ref(), takes_part, restricted },
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
/// nothing is given of what the data protection officer refused (R90).
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
        let decided = it.answer(answer, (&case, &country), &tx.cx.caller, tx.cx.now)?;
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
    page: persistence::PageRequest,
) -> Result<persistence::Page<DataRequestView>, Failure> {
    let found = tx.data_requests(case, status, page)?;
    let items = found.items.into_iter().map(|it| DataRequestView::of(it, false)).collect();
    Ok(persistence::Page { items, next: found.next })
}

fn ids((case, id): &(String, String)) -> Result<(CaseId, DataRequestId), Failure> {
    Ok((path_id(case, CaseId::parse)?, path_id(id, DataRequestId::parse)?))
}
