//! Emergency access (R94): a case is opened at once by somebody who takes no part in it, and a second person says
//! afterwards whether that was justified.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, EmergencyAccessId, ProfessionalId, Refused, Timestamp, Violation,
    access::Relation,
    cases::emergency::{
        Emergency, EmergencyAccess, EmergencyReach, EmergencyReason, EmergencyReview, EmergencyVerdict,
        NewEmergencyAccess, admitted, looks_after, unjustified,
    },
    matching::without_names,
    text::Text,
    vocabulary::{DataClass, Purpose, Role},
};
use persistence::{StoreError, Tx};
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
        .service(create_emergency_access)
        .service(list_case_emergency_access)
        .service(get_emergency_access)
        .service(review_emergency_access)
        .service(list_emergency_access);
}

/// Why a case cannot wait, and for how long.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "reasonCode": "child_found", "minutes": 30,
    "justification": "She was met at the bus station at night and does not say whom she fears."
}))]
pub struct CreateEmergencyAccess {
    /// Why.
    pub reason_code: EmergencyReason,
    /// Why, in words of 20 characters or more, for whoever reviews it. It is kept without the name of the child.
    #[schema(value_type = String, min_length = 20, max_length = 2000)]
    pub justification: Text<2000>,
    /// For how many minutes. Whoever needs longer asks anew.
    #[schema(minimum = 1, maximum = 60)]
    pub minutes: u8,
}

/// What a second person says of an access.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "verdict": "justified", "reason": "She could be brought to the shelter at once; nobody else knew whom to call."
}))]
pub struct ReviewEmergencyAccess {
    /// What.
    pub verdict: EmergencyVerdict,
    /// Why.
    pub reason: Text<2000>,
}

/// An access to a case in an emergency. Nothing of it changes once it is given.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyAccess)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyAccessView {
    /// Its id.
    pub id: EmergencyAccessId,
    /// The case.
    pub case_id: CaseId,
    /// The agency of whoever reads.
    pub agency_id: AgencyId,
    /// Who reads.
    pub professional_id: ProfessionalId,
    /// In which role; in another one nothing is shown.
    pub role: Role,
    /// The purpose of the token.
    pub purpose: Purpose,
    /// Why.
    pub reason_code: EmergencyReason,
    /// Why, in words.
    #[schema(max_length = 2000)]
    pub justification: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when: from then on the case is not found again.
    pub until: Timestamp,
    /// What a second person says of it; absent as long as nobody did.
    pub review: Option<EmergencyReviewView>,
}

/// What a second person says of an access.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EmergencyReview)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyReviewView {
    /// What.
    pub verdict: EmergencyVerdict,
    /// Why.
    #[schema(max_length = 2000)]
    pub reason: String,
    /// For which agency.
    pub agency_id: AgencyId,
    /// Who.
    pub professional_id: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
}

page! {
    /// A page of accesses in emergencies, newest first.
    EmergencyAccessPage as EmergencyAccessPage of EmergencyAccessView
}

impl From<EmergencyReview> for EmergencyReviewView {
    fn from(it: EmergencyReview) -> Self {
        Self {
            verdict: it.verdict,
            reason: it.reason,
            agency_id: it.agency,
            professional_id: it.professional,
            at: it.at,
        }
    }
}

impl From<EmergencyAccess> for EmergencyAccessView {
    fn from(it: EmergencyAccess) -> Self {
        Self {
            id: it.id,
            case_id: it.case,
            agency_id: it.agency,
            professional_id: it.professional,
            role: it.role,
            purpose: it.purpose,
            reason_code: it.reason,
            justification: it.justification,
            since: it.since,
            until: it.until,
            review: it.review.map(EmergencyReviewView::from),
        }
    }
}

fn shown(tx: &Tx<'_>, it: EmergencyAccess) -> Shown<EmergencyAccessView> {
    let tag = Tag::of(tx.keys(), &format!("emergency/{}/{}", it.id, it.version()));
    let case = it.case;
    Shown::new(it.into(), tag).of_case(case, vec![DataClass::D16AccessLog])
}

/// An access, for whoever read and whoever looks after it; to everybody else it is not there.
fn load(tx: &mut Tx<'_>, (case, id): (CaseId, EmergencyAccessId)) -> Result<EmergencyAccess, Failure> {
    let it = tx.emergency_access(case, id)?;
    let by = &tx.cx.caller;
    if it.shown_to(by, false) {
        return Ok(it);
    }
    let leads = tx.case(case)?.1 == Relation::Lead;
    if it.shown_to(&tx.cx.caller, leads) { Ok(it) } else { Err(StoreError::NotFound.into()) }
}

fn read(tx: &mut Tx<'_>, ids: (CaseId, EmergencyAccessId)) -> Result<Shown<EmergencyAccessView>, Failure> {
    let it = load(tx, ids)?;
    Ok(shown(tx, it))
}

fn open(
    tx: &mut Tx<'_>,
    (case, id): (CaseId, EmergencyAccessId),
    wanted: CreateEmergencyAccess,
) -> Result<Shown<EmergencyAccessView>, Failure> {
    // Before it is looked whether there is such a case.
    admitted(&tx.cx.caller)?;
    let case = tx.case_of_country(case)?;
    let (country, told) = (tx.country(case.country)?, tx.told_of_emergency(case.id)?);
    let earlier = tx.earlier_emergencies()?;
    // It is kept as long as the log. To refuse a name instead would tell whoever asks that it is the right one, and nobody else.
    let justification = without_names(&String::from(wanted.justification), &tx.identity_of_country(&case)?);
    let new = NewEmergencyAccess { reason: wanted.reason_code, justification, minutes: wanted.minutes };
    let at = Emergency {
        case: &case,
        country: &country,
        told: &told,
        earlier: &earlier,
        by: &tx.cx.caller,
        now: tx.cx.now,
    };
    let decided = EmergencyAccess::open(id, new, &at)?;
    tx.add_emergency_access(&case, &decided)?;
    Ok(shown(tx, decided.value))
}

/// A justification that fits the contract and says nothing.
fn poor(code: &'static str, why: &str) -> Failure {
    Refused::Broken(vec![Violation::plain(code, "/justification", why)]).into()
}

/// Open a case in an emergency
///
/// By a professional who takes no part in the case, in a role that could: at once, for 60 minutes at most, for reading only.
/// The token is bound to the case, of somebody who was recognised for sure in the last 15 minutes; it opens the case until
/// the access ends by itself. It shows what role, type of agency and purpose let, never therapy notes, recordings or
/// intelligence, and nothing to whom the case is shut. The agency that leads the case, everybody who takes part and the
/// data protection officer are told, and a second person reviews it within two working days (R94). One lasts at a time;
/// after three in 30 days none is given until all were reviewed. Nothing is tried first: there is no `validateOnly`.
#[utoipa::path(
    operation_id = "createEmergencyAccess", tag = "access", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateEmergencyAccess,
    responses((status = 201, description = "The access.", body = EmergencyAccessView))
)]
#[post("/v1/cases/{id}/emergency-access")]
pub async fn create_emergency_access(
    call: Call,
    id: Path<String>,
    body: Json<CreateEmergencyAccess>,
) -> Result<Answer, Failure> {
    let case = path_id(&id, CaseId::parse)?;
    let wanted = body.value;
    if let Some(why) = unjustified(&String::from(wanted.justification.clone())) {
        return Err(poor("no_justification", why));
    }
    call.create(
        &body.canonical,
        format!("/v1/cases/{case}/emergency-access"),
        move |tx, id| open(tx, (case, EmergencyAccessId(id)), wanted.clone()),
        move |tx, id| read(tx, (case, EmergencyAccessId(id))),
    )
    .await
}

/// Who opened the case in an emergency
///
/// For case managers and supervisors of the agency that leads the case, and the data protection officer of the country.
#[utoipa::path(
    operation_id = "listCaseEmergencyAccess", tag = "access",
    params(("id" = CaseId, Path, description = "The case."), PageQuery),
    responses((status = 200, description = "A page of accesses.", body = EmergencyAccessPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/emergency-access")]
pub async fn list_case_emergency_access(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let work = move |tx: &mut Tx<'_>, page| {
        if looks_after(&tx.cx.caller) == Some(EmergencyReach::Country) {
            let _ = tx.case_of_country(id)?;
        } else {
            let leads = tx.case(id)?.1 == Relation::Lead;
            if !(leads && matches!(tx.cx.caller.role, Some(Role::CaseManager | Role::Supervisor))) {
                let who = "the agency that leads the case sees who opened it in an emergency";
                return Err(Refused::not_yours(who).into());
            }
        }
        Ok(tx.emergency_accesses(Some(id), (None, None), page)?)
    };
    let (found, link) = call.list(page.0, Some(id.0), work, EmergencyAccessView::from).await?;
    Ok(listed(&EmergencyAccessPage::from(found), link))
}

/// An access in an emergency
///
/// For whoever read, case managers and supervisors of the agency that leads the case, and the data protection officer.
#[utoipa::path(
    operation_id = "getEmergencyAccess", tag = "access",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("accessId" = EmergencyAccessId, Path, description = "The access.")
    ),
    responses((status = 200, description = "The access.", body = EmergencyAccessView))
)]
#[get("/v1/cases/{id}/emergency-access/{accessId}")]
pub async fn get_emergency_access(call: Call, path: Path<(String, String)>) -> Result<Answer, Failure> {
    let ids = ids(&path)?;
    call.read(Some(ids.1.0), move |tx| read(tx, ids)).await
}

/// Review an access in an emergency
///
/// By another person than the one who read: a supervisor of the agency that leads the case, or the data protection officer.
/// Once; whoever read and everybody who was told of the access are told of the verdict; an access that was unjustified is a fact
/// of its own for them (`emergency_access.found_unjustified`), and is listed by `verdict`.
#[utoipa::path(
    operation_id = "reviewEmergencyAccess", tag = "access",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("accessId" = EmergencyAccessId, Path, description = "The access.")
    ),
    request_body = ReviewEmergencyAccess,
    responses((status = 200, description = "The access.", body = EmergencyAccessView))
)]
#[post("/v1/cases/{id}/emergency-access/{accessId}/review")]
pub async fn review_emergency_access(
    call: Call,
    path: Path<(String, String)>,
    body: Json<ReviewEmergencyAccess>,
) -> Result<Answer, Failure> {
    let ids = ids(&path)?;
    let expected = call.expected();
    let ReviewEmergencyAccess { verdict, reason } = body.value;
    let reason = String::from(reason);
    let work = move |tx: &mut Tx<'_>| {
        let it = load(tx, ids)?;
        let case = tx.case_of_country(ids.0)?;
        expected.check(&shown(tx, it.clone()).tag)?;
        let told = tx.told_of_emergency(case.id)?;
        let decided = it.review((verdict, reason.clone()), (&case, &told), &tx.cx.caller, tx.cx.now)?;
        tx.add_emergency_review(&case, &decided)?;
        Ok(shown(tx, decided.value))
    };
    call.act(ids.1.0, &body.canonical, work, move |tx| read(tx, ids)).await
}

/// Which accesses.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EmergencyQuery {
    /// Those that were reviewed, or those that were not; all if absent.
    #[param(example = false)]
    pub reviewed: Option<bool>,
    /// With what the review came to; those that were unjustified or unclear are followed up.
    #[param(inline, example = "unjustified")]
    pub verdict: Option<EmergencyVerdict>,
}

/// Accesses in emergencies
///
/// For a supervisor: those to the cases that the own agency leads. For the data protection officer: those of the country.
/// Newest first.
#[utoipa::path(
    operation_id = "listEmergencyAccess", tag = "access", params(EmergencyQuery, PageQuery),
    responses((status = 200, description = "A page of accesses.", body = EmergencyAccessPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/emergency-access")]
pub async fn list_emergency_access(
    call: Call,
    query: Query<EmergencyQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let asked = (query.0.reviewed, query.0.verdict);
    let work = move |tx: &mut Tx<'_>, page| {
        if looks_after(&tx.cx.caller).is_none() {
            let who = "supervisors and data protection officers look after accesses in emergencies";
            return Err(Refused::not_yours(who).into());
        }
        Ok(tx.emergency_accesses(None, asked, page)?)
    };
    let (found, link) = call.list(page.0, None, work, EmergencyAccessView::from).await?;
    Ok(listed(&EmergencyAccessPage::from(found), link))
}

fn ids((case, id): &(String, String)) -> Result<(CaseId, EmergencyAccessId), Failure> {
    Ok((path_id(case, CaseId::parse)?, path_id(id, EmergencyAccessId::parse)?))
}
