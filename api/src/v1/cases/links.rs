//! Links between the cases of children who belong together: metadata, never a way into the other case.

use std::collections::HashMap;

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, LinkId, ProfessionalId, Reference, Timestamp,
    access::Relation,
    cases::{Case, Knowable, Link, NewLink},
    text::Text,
    vocabulary::{CaseStatus, DataClass, LinkConfidentiality, LinkRelation},
};
use persistence::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{
    Routes,
    call::{Call, PageQuery},
    failure::Failure,
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{AsOfQuery, listed, page, path_id},
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config.service(create_case_link).service(list_case_links).service(get_case_link).service(end_case_link);
}

/// A link to another case: of which the own agency knows the id, or was told the reference.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[validate(schema(function = "one_of_both"))]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "otherCaseId": "0192f0c1-2345-7abc-8def-0123456789ab", "relation": "sibling",
    "remarks": "Both say that they have one mother."
}))]
pub struct CreateCaseLink {
    /// The other case, if the caller takes part in it.
    pub other_case_id: Option<CaseId>,
    /// The reference of the other case, as its agency told it.
    #[schema(max_length = 14, pattern = "^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$", example = "7K3M-Q9ZD-2F4A")]
    pub other_reference: Option<String>,
    /// How the children belong together.
    pub relation: LinkRelation,
    /// Who may know of it; if absent, the case team, for a ring the investigation or the lead agency.
    pub confidentiality: Option<LinkConfidentiality>,
    /// What it rests on, in words; for the agency that wrote it.
    pub remarks: Option<Text<2000>>,
}

fn one_of_both(it: &CreateCaseLink) -> Result<(), ValidationError> {
    if it.other_case_id.is_some() == it.other_reference.is_some() {
        return Err(ValidationError::new("one_of_both")
            .with_message("either otherCaseId or otherReference names the other case".into()));
    }
    Ok(())
}

/// Why a link ends.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "They are cousins and never lived together." }))]
pub struct EndCaseLink {
    /// The reason.
    pub reason: Text<2000>,
}

/// A link between two cases, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseLink)]
#[serde(rename_all = "camelCase")]
pub struct CaseLinkView {
    /// Its id.
    pub id: LinkId,
    /// The case from which it is looked at.
    pub case_id: CaseId,
    /// How the children belong together.
    pub relation: LinkRelation,
    /// Who may know of it.
    pub confidentiality: LinkConfidentiality,
    /// From when it stands.
    pub since: Timestamp,
    /// Until when it stood; absent while it stands.
    pub until: Option<Timestamp>,
    /// The agency that made it.
    pub agency_id: AgencyId,
    /// Who made it.
    pub professional_id: Option<ProfessionalId>,
    /// The agency that leads the other case: whom to call.
    pub other_lead_agency_id: AgencyId,
    /// The other case, if the caller takes part in it.
    pub other_case: Option<OtherCaseView>,
    /// What it rests on; for the agency that wrote it.
    #[schema(max_length = 2000)]
    pub remarks: Option<String>,
    /// Why it was ended; for the agency that made it.
    #[schema(max_length = 2000)]
    pub ended_because: Option<String>,
}

/// The other side of a link, for those who take part in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OtherCase)]
#[serde(rename_all = "camelCase")]
pub struct OtherCaseView {
    /// Its id.
    pub id: CaseId,
    /// Its reference.
    pub reference: Reference,
    /// Its status.
    pub status: CaseStatus,
}

page! {
    /// A page of links, newest first.
    CaseLinkPage as CaseLinkPage of CaseLinkView
}

impl CaseLinkView {
    fn of(it: Link, from: CaseId, (other, seen): &(Case, bool), caller: AgencyId) -> Self {
        let wrote = it.agency == caller;
        Self {
            id: it.id,
            case_id: from,
            relation: it.relation,
            confidentiality: it.confidentiality,
            since: it.since,
            until: it.until,
            agency_id: it.agency,
            professional_id: it.professional,
            other_lead_agency_id: other.lead,
            other_case: seen.then(|| OtherCaseView {
                id: other.id,
                reference: other.reference.clone(),
                status: other.status,
            }),
            remarks: it.remarks.filter(|_| wrote),
            ended_because: it.ended_because.filter(|_| wrote),
        }
    }
}

fn views(tx: &mut Tx<'_>, from: CaseId, links: Vec<Link>) -> Result<Vec<CaseLinkView>, Failure> {
    let others: Vec<CaseId> = links.iter().map(|it| it.opposite(from)).collect();
    let cases: HashMap<CaseId, (Case, bool)> =
        tx.linked_cases(&others)?.into_iter().map(|it| (it.0.id, it)).collect();
    let caller = tx.cx.caller.agency;
    let view = |it: Link| {
        let other = cases.get(&it.opposite(from))?;
        Some(CaseLinkView::of(it, from, other, caller))
    };
    Ok(links.into_iter().filter_map(view).collect())
}

fn shown(tx: &mut Tx<'_>, from: CaseId, it: Link) -> Result<Shown<CaseLinkView>, Failure> {
    let (id, version) = (it.id, it.version.0);
    let view = views(tx, from, vec![it])?.pop().ok_or(StoreError::NotFound)?;
    let other = view.other_case.as_ref().map(|it| it.status);
    let seen =
        format!("link/{id}/{from}/{version}/{}/{other:?}/{}", view.other_lead_agency_id, view.agency_id);
    let tag = Tag::of(tx.keys(), &format!("{seen}/{}", tx.cx.caller.agency));
    Ok(Shown::new(view, tag).of_case(from, vec![DataClass::D3FamilyContacts]))
}

fn load(tx: &mut Tx<'_>, case: CaseId, id: LinkId) -> Result<(Case, Relation, Link), Failure> {
    let (case, relation) = tx.case(case)?;
    let link = tx.link(&case, id)?;
    if !link.known_to(&tx.cx.caller, (&case, &relation)) {
        return Err(StoreError::NotFound.into());
    }
    Ok((case, relation, link))
}

fn read(tx: &mut Tx<'_>, case: CaseId, id: LinkId) -> Result<Shown<CaseLinkView>, Failure> {
    let (case, _, link) = load(tx, case, id)?;
    shown(tx, case.id, link)
}

fn other(tx: &mut Tx<'_>, wanted: &CreateCaseLink) -> Result<Case, Failure> {
    let (found, pointer) = match (wanted.other_case_id, wanted.other_reference.as_deref()) {
        (Some(id), _) => (tx.case(id).map(|it| it.0), "/otherCaseId"),
        (None, reference) => {
            let reference = reference.and_then(Reference::parse).ok_or(StoreError::NotFound);
            (reference.and_then(|it| tx.case_by_reference(&it)), "/otherReference")
        }
    };
    found.map_err(|error| match error {
        StoreError::NotFound => Failure::reference(pointer),
        other => other.into(),
    })
}

fn record(
    tx: &mut Tx<'_>,
    case: CaseId,
    id: LinkId,
    wanted: CreateCaseLink,
) -> Result<Shown<CaseLinkView>, Failure> {
    let (case, relation) = tx.case(case)?;
    let other = other(tx, &wanted)?;
    let new = NewLink {
        relation: wanted.relation,
        confidentiality: wanted.confidentiality,
        remarks: wanted.remarks.map(String::from),
    };
    let standing = tx.links_between(case.id, other.id)?;
    Link::refuse_twice(new.relation, &standing, &tx.cx.caller, (&case, &relation))?;
    let decided = Link::record(id, new, (&case, &relation), &other, &tx.cx.caller, tx.cx.now)?;
    tx.add_link(&case, &decided).map_err(|error| match error {
        StoreError::Constraint(name) if name == "case_links_once" => {
            Failure::from(domain::Refused::wrong_state("the two cases are linked so already"))
        }
        other => other.into(),
    })?;
    shown(tx, case.id, decided.value)
}

/// Link the case to another one
///
/// Brothers and sisters, children of one household, exploited together or by the same ring. A link opens neither case to
/// anybody: whoever does not take part in the other case learns only which agency leads it. Its confidentiality is its
/// own; the agency of the other case is told as far as that allows.
#[utoipa::path(
    operation_id = "createCaseLink", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateCaseLink, responses((status = 201, description = "The link.", body = CaseLinkView))
)]
#[post("/v1/cases/{id}/links")]
pub async fn create_case_link(
    call: Call,
    id: Path<String>,
    body: Json<CreateCaseLink>,
) -> Result<Answer, Failure> {
    let case = path_id(&id, CaseId::parse)?;
    let wanted = body.value;
    call.naming_case(wanted.other_case_id)
        .create(
            &body.canonical,
            format!("/v1/cases/{case}/links"),
            move |tx, id| record(tx, case, LinkId(id), wanted.clone()),
            move |tx, id| read(tx, case, LinkId(id)),
        )
        .await
}

/// The links of a case
///
/// From both sides, newest first, as far as the caller may know of them; with `asOf`, as they stood then.
#[utoipa::path(
    operation_id = "listCaseLinks", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of links.", body = CaseLinkPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/links")]
pub async fn list_case_links(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let as_of = at.0.as_of;
    let (found, link) = call
        .list(
            page.0,
            Some(id.0),
            move |tx, page| {
                let (case, relation) = tx.case(id)?;
                let knowable = Knowable::of(&tx.cx.caller, (&case, &relation));
                let found = tx.links(&case, &knowable, as_of, page)?;
                Ok(persistence::Page { items: views(tx, id, found.items)?, next: found.next })
            },
            |view| view,
        )
        .await?;
    Ok(listed(&CaseLinkPage::from(found), link))
}

/// A link of the case
///
/// One link, from the side of this case.
#[utoipa::path(
    operation_id = "getCaseLink", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("linkId" = LinkId, Path, description = "The link.")),
    responses((status = 200, description = "The link.", body = CaseLinkView))
)]
#[get("/v1/cases/{id}/links/{linkId}")]
pub async fn get_case_link(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, LinkId::parse)?);
    call.read(Some(id.0), move |tx| read(tx, case, id)).await
}

/// End a link
///
/// Because it was wrong or is over, with a reason: by the agency that made it or one that leads a side. It stays in the
/// history.
#[utoipa::path(
    operation_id = "endCaseLink", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("linkId" = LinkId, Path, description = "The link.")),
    request_body = EndCaseLink, responses((status = 200, description = "The link.", body = CaseLinkView))
)]
#[post("/v1/cases/{id}/links/{linkId}/end")]
pub async fn end_case_link(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<EndCaseLink>,
) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, LinkId::parse)?);
    let expected = call.expected();
    let reason: String = body.value.reason.into();
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            let (case, _, link) = load(tx, case, id)?;
            expected.check(&shown(tx, case.id, link.clone())?.tag)?;
            let other = tx.linked_cases(&[link.opposite(case.id)])?.pop().ok_or(StoreError::NotFound)?.0;
            let sides = if link.case == case.id { (&case, &other) } else { (&other, &case) };
            let decided = link.end(reason.clone(), sides, &tx.cx.caller, tx.cx.now)?;
            tx.end_link(&decided)?;
            shown(tx, case.id, decided.value)
        },
        move |tx| read(tx, case, id),
    )
    .await
}
