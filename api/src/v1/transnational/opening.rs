//! The requested side opens a case of its own from the package: linked by the request, never a window into the other.

use actix_web::{post, web::Path};
use domain::{
    CaseId, ChildId, Decided, TransnationalRequestId,
    cases::{Case, Identity, NewCase},
    matching::{Distinct, Hit},
    text::Text,
    transnational::{At, Request, RequestAct},
    vocabulary::AgencyType,
};
use persistence::{StoreError, Tx, transnational::Record};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{Acted, act},
    view::RequestView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    problems,
    v1::{
        cases::{distinct, is_the_one, stands_alone_named},
        referrals::referenced,
    },
};

/// What is known of the child and of others here.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({}))]
pub struct OpenCase {
    /// The open case that the own country has for this child already, instead of a new one: one that the own agency leads or
    /// opened.
    pub case_id: Option<CaseId>,
    /// Open cases with a child like this, or of whom the other country named by the same pseudonym, whose child is another
    /// (R70).
    #[schema(max_items = 20)]
    pub distinct_from: Option<Vec<CaseId>>,
    /// How that is known, in words.
    pub distinct_reason: Option<Text<1000>>,
}

/// Open an own case from the package
///
/// By the requested office; or with `caseId` link the open case that is there for the child already: one of which sex and year
/// of birth can be this child's. A new one is led by the child-protection agency of the country, and knows of the child what the
/// package and its identity block say; whether the notice presumes the child a victim is the answer's `presumesVictim`; then
/// somebody acts on it within a day (R17, R20).
///
/// The country that asks names the child by one pseudonym in all its requests, which is kept with the case. A second request
/// about a child who has an open case here is refused (R70), and the case is named to whoever leads or opened it: link it with
/// `caseId`, or name it in `distinctFrom` with the reason. To anybody else nothing is said of it; both agencies that lead are
/// asked. A case that was merged goes on in the other one; one that was closed does not stand in the way, and is told.
#[utoipa::path(
    operation_id = "openCaseFromPackage", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")), request_body = OpenCase,
    responses((status = 200, description = "The request.", body = RequestView))
)]
#[post("/v1/transnational-requests/{id}/open-case")]
pub async fn open_case_from_package(
    call: Call,
    id: Path<String>,
    body: Json<OpenCase>,
) -> Result<Answer, Failure> {
    let given = body.value;
    let call = call.naming_case(given.case_id);
    act(call, &id, &body.canonical, move |record, at, tx| opened(record, at, tx, given.clone())).await
}

fn opened(record: &Record, at: At<'_>, tx: &mut Tx<'_>, given: OpenCase) -> Result<Acted, Failure> {
    let it = &record.request;
    it.check_act(RequestAct::OpenCase, at.by)?;
    if given.case_id.is_some_and(|own| given.distinct_from.iter().flatten().any(|it| *it == own)) {
        let because = "the case that is linked is that of this child, and is named as that of another";
        return Err(Failure::invalid(
            &problems::INCONSISTENT_VALUES,
            "/distinctFrom",
            "linked_case",
            because,
        ));
    }
    let opening = it.opening().ok_or(StoreError::NotFound)?;
    let told = opening.package.identity_of(record.extra.identity.as_ref());
    let pseudonym = opening.package.content.child.as_ref();
    let named = match pseudonym {
        Some(pseudonym) => tx.named_abroad(it.to.country, pseudonym)?,
        None => Vec::new(),
    };
    let apart = distinct(given.distinct_from, given.distinct_reason);
    let (decided, child) = match given.case_id {
        Some(own) => {
            let (own, relation) = referenced(tx.case(own), "/caseId")?;
            if !relation.own() {
                return Err(Failure::reference("/caseId"));
            }
            let known = tx.child(&own)?.identity;
            let mut decided = it.link_case((&own, &known), &told, at)?;
            let beside = is_the_one(tx, &own, &named, &apart, at.country)?;
            tx.add_matches(&own, &beside)?;
            decided.warnings.extend(beside.warnings);
            (decided, own.child)
        }
        None => taken_in(it, (told, named), &apart, (tx, at))?,
    };
    if let Some(pseudonym) = pseudonym {
        tx.keep_pseudonym(child, it.to.country, pseudonym)?;
    }
    Ok(Acted::on(record, decided))
}

/// A new case of the child, if none that is open is of it (R70).
fn taken_in(
    it: &Request,
    (told, named): (Identity, Vec<Hit>),
    apart: &Distinct,
    (tx, at): (&mut Tx<'_>, At<'_>),
) -> Result<(Decided<Request>, ChildId), Failure> {
    let opening = it.opening().ok_or(StoreError::NotFound)?;
    let new = NewCase {
        id: CaseId(tx.fresh_id()),
        reference: tx.fresh_reference()?,
        child: ChildId(tx.fresh_id()),
        identity: told,
        whereabouts: domain::cases::Whereabouts::default(),
        external_ids: Vec::new(),
        lead: tx.first_agency_of(AgencyType::ChildProtection)?.unwrap_or(at.by.agency),
    };
    let presumes = Request::presumes(opening, at.country);
    let taken = Case::open_from_abroad(new, (it.id, presumes, at.country), at.by, at.now)?;
    let (case, child) = &taken.value;
    let beside = stands_alone_named(tx, (case, &child.identity), named, apart, at.country)?;
    tx.add_case(&taken)?;
    tx.add_matches(case, &beside)?;
    let mut decided = it.open_case(case.id, case.lead, at)?;
    decided.warnings.extend(taken.warnings);
    decided.warnings.extend(beside.warnings);
    Ok((decided, case.child))
}
