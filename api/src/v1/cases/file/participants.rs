//! Who takes part in a case by a grant of the lead (class D15): agency, unit or person, role, time, classes.

use actix_web::{get, patch, post, web::Path};
use domain::{
    AgencyId, CaseId, EntryId, ProfessionalId, Timestamp,
    access::Depth,
    cases::{
        Case,
        file::{ClassAccess, ClassGrant, EndedEarly, Entry, Participant, ParticipantStatus},
    },
    text::{Line, Text},
    vocabulary::{AgencyType, DataClass, LawfulBasis, Role},
};
use persistence::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::Filed;
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query},
    v1::common::{AsOfQuery, listed, page},
};

/// Who takes part: a whole agency, or a unit or a person of it, in any role or in one.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ParticipantParty)]
#[serde(rename_all = "camelCase")]
pub struct PartyView {
    /// The agency.
    pub agency_id: AgencyId,
    /// The one unit of it, by the agency's own name.
    pub unit: Option<Line<64>>,
    /// The one professional of it.
    pub professional_id: Option<ProfessionalId>,
    /// The one role in which they take part.
    pub role: Option<Role>,
}

/// What is given of one class, and why that is lawful.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ClassGrant)]
#[serde(rename_all = "camelCase")]
pub struct ClassGrantView {
    /// The class.
    pub data_class: DataClass,
    /// To read it, or to write it as well.
    pub access: ClassAccess,
    /// The lawful bases, of which one carries the class; not in a summary.
    #[schema(min_items = 1, max_items = 10)]
    pub lawful_bases: Option<Vec<LawfulBasis>>,
    /// The order or legal basis by which the role reads what it reads on condition only; not in a summary.
    pub order: Option<Line<300>>,
}

impl From<ClassGrantView> for ClassGrant {
    fn from(it: ClassGrantView) -> Self {
        Self {
            class: it.data_class,
            access: it.access,
            lawful_bases: it.lawful_bases.unwrap_or_default(),
            order: it.order.map(String::from),
        }
    }
}

impl From<ClassGrant> for ClassGrantView {
    fn from(it: ClassGrant) -> Self {
        Self {
            data_class: it.class,
            access: it.access,
            lawful_bases: Some(it.lawful_bases).filter(|it| !it.is_empty()),
            order: it.order.as_deref().and_then(Line::parse),
        }
    }
}

/// Somebody who is to take part.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "party": { "agencyId": "0192f0c1-2345-7abc-8def-0123456789ab", "role": "case_manager" },
    "classes": [
        { "dataClass": "d1_identity", "access": "read", "lawfulBases": ["gdpr_6_1_e_public_task"] }
    ],
    "reason": "Goes with the child to the authorities."
}))]
pub struct CreateParticipant {
    /// Who.
    pub party: PartyView,
    /// What they are given (R75): within what agency type and role can have, and no more than is needed.
    #[schema(min_items = 1, max_items = 16)]
    pub classes: Vec<ClassGrantView>,
    /// From when; now, if absent or past.
    pub since: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
    /// Why they need it.
    pub reason: Text<2000>,
}

/// What is narrowed or widened, with the reason.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "classes": [{ "dataClass": "d1_identity", "access": "read", "lawfulBases": ["gdpr_6_1_e_public_task"] }],
    "reason": "The rest is not needed any more."
}))]
pub struct ParticipantPatch {
    /// What they are given; the whole list.
    #[schema(min_items = 1, max_items = 16, nullable = false)]
    pub classes: Option<Vec<ClassGrantView>>,
    /// Until when.
    #[schema(nullable = false)]
    pub until: Option<Timestamp>,
    /// Why.
    #[schema(nullable = false)]
    pub reason: Text<2000>,
}

/// Why somebody no longer takes part.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "reason": "The proceedings are over." }))]
pub struct EndParticipant {
    /// The reason.
    pub reason: Text<2000>,
}

/// Somebody who takes part, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Participant)]
#[serde(rename_all = "camelCase")]
pub struct ParticipantView {
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
    /// Who takes part.
    pub party: PartyView,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// How it stands now.
    pub status: ParticipantStatus,
    /// What they are given.
    #[schema(max_items = 16)]
    pub classes: Vec<ClassGrantView>,
    /// From when.
    pub since: Timestamp,
    /// Until when, if that is known.
    pub until: Option<Timestamp>,
    /// When it was ended before its time.
    pub ended_at: Option<Timestamp>,
    /// Why they take part, or why it was changed last; not in a summary.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
    /// Why it was ended; not in a summary.
    #[schema(max_length = 2000)]
    pub ended_because: Option<String>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of those who take part, newest first.
    ParticipantPage as ParticipantPage of ParticipantView
}

impl Filed for Participant {
    type View = ParticipantView;
    const CLASSES: &'static [DataClass] = &[DataClass::D15ReferralMetadata];
    const SUMMARISED: bool = true;

    fn render(tx: &mut Tx<'_>, entries: Vec<(Entry<Self>, Depth)>) -> Result<Vec<ParticipantView>, Failure> {
        let now = tx.cx.now;
        let view = |(entry, depth): (Entry<Self>, Depth)| {
            let whole = depth == Depth::Full;
            let it = if whole { entry.content } else { entry.content.summary() };
            let words = |it: String| Some(it).filter(|it| !it.is_empty());
            ParticipantView {
                id: entry.id,
                case_id: entry.case,
                version: whole.then_some(entry.version.0),
                recorded_at: whole.then_some(entry.recorded_at),
                agency_id: whole.then_some(entry.agency),
                professional_id: entry.professional.filter(|_| whole),
                agency_type: it.agency_type,
                status: it.status(now),
                since: it.since,
                until: it.until,
                ended_at: it.ended.as_ref().map(|it| it.at),
                ended_because: it.ended.clone().and_then(|it| words(it.reason)),
                party: PartyView {
                    agency_id: it.agency,
                    unit: it.unit.as_deref().and_then(Line::parse),
                    professional_id: it.professional,
                    role: it.role,
                },
                classes: it.classes.into_iter().map(ClassGrantView::from).collect(),
                reason: words(it.reason),
                summary_only: !whole,
                warnings: None,
            }
        };
        Ok(entries.into_iter().map(view).collect())
    }

    fn warn(view: &mut ParticipantView, found: Option<Vec<ViolationView>>) {
        view.warnings = found;
    }

    fn beside(view: &ParticipantView) -> String {
        format!("{:?}", view.status)
    }

    fn prepare(&mut self, tx: &mut Tx<'_>, case: &Case) -> Result<(), Failure> {
        let agency = match tx.agency(self.agency) {
            Ok(agency) if agency.country == case.country => agency,
            Ok(_) | Err(StoreError::NotFound) => return Err(Failure::reference("/party/agencyId")),
            Err(other) => return Err(other.into()),
        };
        self.agency_type = agency.agency_type;
        if let Some(professional) = self.professional
            && !tx.is_of_agency(professional, agency.id)?
        {
            return Err(Failure::reference("/party/professionalId"));
        }
        self.restricted = tx.is_restricted(case.id, self.agency, self.professional)?;
        Ok(())
    }

    fn follow(tx: &mut Tx<'_>, case: &Case, entry: &Entry<Self>) -> Result<(), Failure> {
        Ok(tx.follow_participant(case, entry.id, &entry.content)?)
    }
}

/// Let somebody take part
///
/// By the lead: an agency, or a unit or person of it, with the classes that are needed, each on its lawful basis, for as long
/// as it is needed. The case is open to them at once, and closed at once when it ends. Nothing goes beyond what agency type
/// and role can have (R75); who was recorded as never to know of the case is refused (R91).
#[utoipa::path(
    operation_id = "createParticipant", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateParticipant,
    responses((status = 201, description = "The participation.", body = ParticipantView))
)]
#[post("/v1/cases/{id}/participants")]
pub async fn create_participant(
    call: Call,
    id: Path<String>,
    body: Json<CreateParticipant>,
) -> Result<Answer, Failure> {
    let (new, now) = (body.value, call.now());
    let content = Participant {
        agency: new.party.agency_id,
        agency_type: AgencyType::Sysadmin,
        unit: new.party.unit.map(String::from),
        professional: new.party.professional_id,
        role: new.party.role,
        classes: new.classes.into_iter().map(ClassGrant::from).collect(),
        since: new.since.map_or(now, |it| it.max(now)),
        until: new.until,
        reason: new.reason.into(),
        ended: None,
        restricted: false,
    };
    super::create(call, (&id, "participants"), &body.canonical, content, |_, _, _| Ok(())).await
}

/// Those who take part
///
/// By a grant of the lead, newest first, whether it stands, is ahead or has ended. Who leads, opened or serves the case by a
/// referral takes part by that.
#[utoipa::path(
    operation_id = "listParticipants", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of those who take part.", body = ParticipantPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/participants")]
pub async fn list_participants(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (found, link) = super::list::<Participant>(call, &id, at.0.as_of, page.0).await?;
    Ok(listed(&ParticipantPage::from(found), link))
}

/// Somebody who takes part
///
/// One participation by a grant of the lead, as far as the caller sees it.
#[utoipa::path(
    operation_id = "getParticipant", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("participantId" = EntryId, Path, description = "The participation."), AsOfQuery
    ),
    responses((status = 200, description = "The participation.", body = ParticipantView))
)]
#[get("/v1/cases/{id}/participants/{participantId}")]
pub async fn get_participant(
    call: Call,
    ids: Path<(String, String)>,
    at: Query<AsOfQuery>,
) -> Result<Answer, Failure> {
    super::get::<Participant>(call, &ids, at.0.as_of).await
}

/// Narrow or widen what somebody is given
///
/// By the lead, with a reason; it holds at once, and the version before it stays readable with `asOf`.
#[utoipa::path(
    operation_id = "updateParticipant", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("participantId" = EntryId, Path, description = "The participation.")
    ),
    request_body(content = ParticipantPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The participation.", body = ParticipantView))
)]
#[patch("/v1/cases/{id}/participants/{participantId}")]
pub async fn update_participant(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<ParticipantPatch>,
) -> Result<Answer, Failure> {
    let patch = body.value;
    let change = move |old: Participant, _: &Tx<'_>| {
        let patch = patch.clone();
        Ok(Participant {
            classes: patch.classes.map_or(old.classes, |it| it.into_iter().map(ClassGrant::from).collect()),
            until: patch.until.or(old.until),
            reason: patch.reason.into(),
            ..old
        })
    };
    super::amend_with(call, &ids, &body.canonical, change).await
}

/// End a participation
///
/// By the lead, with a reason, before its time: on the very next request the case does not exist for them. It stays in the
/// history.
#[utoipa::path(
    operation_id = "endParticipant", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("participantId" = EntryId, Path, description = "The participation.")
    ),
    request_body = EndParticipant,
    responses((status = 200, description = "The participation.", body = ParticipantView))
)]
#[post("/v1/cases/{id}/participants/{participantId}/end")]
pub async fn end_participant(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<EndParticipant>,
) -> Result<Answer, Failure> {
    let reason: String = body.value.reason.into();
    let change = move |old: Participant, tx: &Tx<'_>| {
        Ok(Participant { ended: Some(EndedEarly { at: tx.cx.now, reason: reason.clone() }), ..old })
    };
    super::amend_with(call, &ids, &body.canonical, change).await
}
