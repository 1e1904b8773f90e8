//! Who is never to know of a case (class D14): agencies, professionals, people around the child. Two people lift it.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, EntryId, ProfessionalId, Timestamp,
    access::Depth,
    cases::{
        Case,
        file::{Contact, Entry, LiftStep, RestrictedParty, Restriction, RestrictionStatus},
    },
    text::Text,
    vocabulary::DataClass,
};
use persistence::{EntryFilter, StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::Filed;
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query},
    v1::common::{AsOfQuery, listed, page},
};

/// Who is never to know: one of the three.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = RestrictedPartyRef)]
pub struct RestrictedRef {
    /// An agency with everybody in it.
    #[serde(rename = "agencyId")]
    pub agency: Option<AgencyId>,
    /// One professional.
    #[serde(rename = "professionalId")]
    pub professional: Option<ProfessionalId>,
    /// A contact of the child.
    #[serde(rename = "contactId")]
    pub contact: Option<EntryId>,
}

impl RestrictedRef {
    fn party(&self) -> Option<RestrictedParty> {
        match (self.agency, self.professional, self.contact) {
            (Some(it), None, None) => Some(RestrictedParty::Agency(it)),
            (None, Some(it), None) => Some(RestrictedParty::Professional(it)),
            (None, None, Some(it)) => Some(RestrictedParty::Contact(it)),
            _ => None,
        }
    }
}

impl From<RestrictedParty> for RestrictedRef {
    fn from(it: RestrictedParty) -> Self {
        let mut all = Self { agency: None, professional: None, contact: None };
        match it {
            RestrictedParty::Agency(it) => all.agency = Some(it),
            RestrictedParty::Professional(it) => all.professional = Some(it),
            RestrictedParty::Contact(it) => all.contact = Some(it),
        }
        all
    }
}

/// Somebody who is never to know of the case.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[validate(schema(function = "one_party", skip_on_field_errors = false))]
#[schema(example = json!({
    "party": { "agencyId": "0192f0c1-2345-7abc-8def-0123456789ab" },
    "reason": "A brother of the suspect works there."
}))]
pub struct CreateRestrictedParty {
    /// Who: an agency, a professional, or a contact of the child.
    pub party: RestrictedRef,
    /// Why.
    pub reason: Text<2000>,
}

fn one_party(it: &CreateRestrictedParty) -> Result<(), ValidationError> {
    if it.party.party().is_some() {
        Ok(())
    } else {
        Err(ValidationError::new("one_party")
            .with_message("name an agency, or a professional, or a contact".into()))
    }
}

/// Why the party may know again.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "The brother has left the agency." }))]
pub struct RequestRestrictionLift {
    /// The reason.
    pub reason: Text<2000>,
}

/// That a second person agrees.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({}))]
pub struct ConfirmRestrictionLift {}

/// Somebody who is never to know of the case.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RestrictedParty)]
#[serde(rename_all = "camelCase")]
pub struct RestrictedPartyView {
    /// Its id.
    pub id: EntryId,
    /// The case.
    pub case_id: CaseId,
    /// Which version it is.
    pub version: i32,
    /// When this version was recorded.
    pub recorded_at: Timestamp,
    /// The agency that recorded it.
    pub agency_id: AgencyId,
    /// Who recorded it.
    pub professional_id: Option<ProfessionalId>,
    /// Who.
    pub party: RestrictedRef,
    /// How it stands.
    pub status: RestrictionStatus,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    #[schema(max_length = 2000)]
    pub reason: String,
    /// When somebody asked to lift it.
    pub lift_requested_at: Option<Timestamp>,
    /// Who asked.
    pub lift_requested_by: Option<ProfessionalId>,
    /// Why.
    #[schema(max_length = 2000)]
    pub lift_reason: Option<String>,
    /// When it was lifted.
    pub lifted_at: Option<Timestamp>,
    /// Who agreed.
    pub lifted_by: Option<ProfessionalId>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of those who are never to know, newest first.
    RestrictedPartyPage as RestrictedPartyPage of RestrictedPartyView
}

impl Filed for Restriction {
    type View = RestrictedPartyView;
    const CLASSES: &'static [DataClass] = &[DataClass::D14RiskSafety];
    const SUMMARISED: bool = false;

    fn render(
        _: &mut Tx<'_>,
        entries: Vec<(Entry<Self>, Depth)>,
    ) -> Result<Vec<RestrictedPartyView>, Failure> {
        let view = |(entry, _): (Entry<Self>, Depth)| {
            let it = entry.content;
            RestrictedPartyView {
                id: entry.id,
                case_id: entry.case,
                version: entry.version.0,
                recorded_at: entry.recorded_at,
                agency_id: entry.agency,
                professional_id: entry.professional,
                status: it.status(),
                party: it.party.into(),
                since: it.since,
                reason: it.reason,
                lift_requested_at: it.lift_requested.as_ref().map(|it| it.at),
                lift_requested_by: it.lift_requested.as_ref().and_then(|it| it.professional),
                lift_reason: it.lift_requested.and_then(|it| it.reason),
                lifted_at: it.lifted.as_ref().map(|it| it.at),
                lifted_by: it.lifted.and_then(|it| it.professional),
                warnings: None,
            }
        };
        Ok(entries.into_iter().map(view).collect())
    }

    fn warn(view: &mut RestrictedPartyView, found: Option<Vec<ViolationView>>) {
        view.warnings = found;
    }

    fn prepare(&mut self, tx: &mut Tx<'_>, case: &Case) -> Result<(), Failure> {
        let (pointer, found) = match self.party {
            RestrictedParty::Agency(id) => ("/party/agencyId", there(tx.agency(id))?),
            RestrictedParty::Professional(id) => {
                ("/party/professionalId", tx.is_known_professional(id, case.country)?)
            }
            RestrictedParty::Contact(id) => {
                let filter = EntryFilter { classes: vec![DataClass::D3FamilyContacts], as_of: None };
                ("/party/contactId", there(tx.entry::<Contact>(case, id, &filter))?)
            }
        };
        if found { Ok(()) } else { Err(Failure::reference(pointer)) }
    }

    fn follow(tx: &mut Tx<'_>, case: &Case, entry: &Entry<Self>) -> Result<(), Failure> {
        Ok(tx.follow_restriction(case, entry.id, &entry.content)?)
    }
}

fn there<T>(found: Result<T, StoreError>) -> Result<bool, Failure> {
    match found {
        Ok(_) => Ok(true),
        Err(StoreError::NotFound) => Ok(false),
        Err(other) => Err(other.into()),
    }
}

/// Record who is never to know
///
/// By the lead. To the agency or professional the case does not exist from now on, whatever relation they have to it: not in
/// a list, a search, the feed, a referral or a match. Nobody brings them in (R91).
#[utoipa::path(
    operation_id = "createRestrictedParty", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateRestrictedParty,
    responses((status = 201, description = "The restriction.", body = RestrictedPartyView))
)]
#[post("/v1/cases/{id}/restricted-parties")]
pub async fn create_restricted_party(
    call: Call,
    id: Path<String>,
    body: Json<CreateRestrictedParty>,
) -> Result<Answer, Failure> {
    let (new, now) = (body.value, call.now());
    let party = new.party.party().ok_or_else(|| Failure::reference("/party"))?;
    let content =
        Restriction { party, since: now, reason: new.reason.into(), lift_requested: None, lifted: None };
    super::create(call, (&id, "restricted-parties"), &body.canonical, content, |_, _, _| Ok(())).await
}

/// Those who are never to know
///
/// For whoever reads all of risk and safety: those who talk with others about the child have to know whom not to tell.
#[utoipa::path(
    operation_id = "listRestrictedParties", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of restrictions.", body = RestrictedPartyPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/restricted-parties")]
pub async fn list_restricted_parties(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (found, link) = super::list::<Restriction>(call, &id, at.0.as_of, page.0).await?;
    Ok(listed(&RestrictedPartyPage::from(found), link))
}

/// Somebody who is never to know
///
/// One restriction of the case.
#[utoipa::path(
    operation_id = "getRestrictedParty", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("restrictionId" = EntryId, Path, description = "The restriction."), AsOfQuery
    ),
    responses((status = 200, description = "The restriction.", body = RestrictedPartyView))
)]
#[get("/v1/cases/{id}/restricted-parties/{restrictionId}")]
pub async fn get_restricted_party(
    call: Call,
    ids: Path<(String, String)>,
    at: Query<AsOfQuery>,
) -> Result<Answer, Failure> {
    super::get::<Restriction>(call, &ids, at.0.as_of).await
}

/// Ask to lift a restriction
///
/// By the lead, with a reason. It stands until a second person agrees.
#[utoipa::path(
    operation_id = "requestRestrictionLift", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("restrictionId" = EntryId, Path, description = "The restriction.")
    ),
    request_body = RequestRestrictionLift,
    responses((status = 200, description = "The restriction.", body = RestrictedPartyView))
)]
#[post("/v1/cases/{id}/restricted-parties/{restrictionId}/lift")]
pub async fn request_restriction_lift(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<RequestRestrictionLift>,
) -> Result<Answer, Failure> {
    let reason: String = body.value.reason.into();
    let change = move |old: Restriction, tx: &Tx<'_>| {
        let step = LiftStep::by(&tx.cx.caller, tx.cx.now, Some(reason.clone()));
        Ok(Restriction { lift_requested: Some(step), ..old })
    };
    super::amend_with(call, &ids, &body.canonical, change).await
}

/// Agree to lift a restriction
///
/// By the lead: another person than the one who asked. The party takes part again by whatever lets it.
#[utoipa::path(
    operation_id = "confirmRestrictionLift", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("restrictionId" = EntryId, Path, description = "The restriction.")
    ),
    request_body = ConfirmRestrictionLift,
    responses((status = 200, description = "The restriction.", body = RestrictedPartyView))
)]
#[post("/v1/cases/{id}/restricted-parties/{restrictionId}/lift/confirm")]
pub async fn confirm_restriction_lift(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<ConfirmRestrictionLift>,
) -> Result<Answer, Failure> {
    let change = move |old: Restriction, tx: &Tx<'_>| {
        old.may_confirm(&tx.cx.caller)?;
        Ok(Restriction { lifted: Some(LiftStep::by(&tx.cx.caller, tx.cx.now, None)), ..old })
    };
    super::amend_with(call, &ids, &body.canonical, change).await
}
