//! Parts of a request as they are shown.

use domain::{
    AgencyId, Day, Timestamp,
    text::{Country, Line},
    transnational::{
        Acceptance, AddressedBy, Arrangement, Decision, NoticeKind, Noticed, Office, PassedOn, Plan,
        Readiness, Request, Responsible, Safeguard, Side, Transfer,
    },
    vocabulary::{
        DataClass, TransnationalDeclineReason, TransnationalRequestStatus, TransnationalRequestType,
    },
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

/// An office at one end of a route, by the code that it has in the directory of its country.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TransnationalOffice)]
pub struct OfficeView {
    /// The country.
    pub country: Country,
    /// The code of the organisation.
    #[schema(max_length = 60, example = "demo-focal-point-riga")]
    pub code: String,
}

impl From<&Office> for OfficeView {
    fn from(it: &Office) -> Self {
        Self { country: it.country, code: it.code.clone() }
    }
}

/// An office to which a request was addressed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TransnationalAddressee)]
#[serde(rename_all = "camelCase")]
pub struct AddresseeView {
    /// The office.
    pub office: OfficeView,
    /// How it came to have the request.
    pub by: AddressedBy,
    /// Since when, by the clock of the side that says so.
    pub since: Timestamp,
}

impl AddresseeView {
    /// All of a request, in their order.
    pub(super) fn all(it: &Request) -> Option<Vec<Self>> {
        let all = it.addressees().into_iter();
        let all: Vec<_> =
            all.map(|it| Self { office: (&it.office).into(), by: it.by, since: it.since }).collect();
        (!all.is_empty()).then_some(all)
    }
}

/// The decision of the requested side.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TransnationalDecision)]
#[serde(rename_all = "camelCase")]
pub struct DecisionView {
    /// What was decided.
    pub outcome: TransnationalRequestStatus,
    /// What is accepted, where that is a part.
    #[schema(max_length = 2000)]
    pub scope: Option<String>,
    /// The conditions.
    #[schema(max_items = 20)]
    pub conditions: Option<Vec<Sentence>>,
    /// The document of the consent to a placement (R53).
    pub consent: Option<ConsentView>,
    /// Why it was declined.
    pub reason: Option<TransnationalDeclineReason>,
    /// The reason in words.
    #[schema(max_length = 2000)]
    pub explanation: Option<String>,
    /// What could help instead.
    #[schema(max_items = 20)]
    pub alternatives: Option<Vec<Sentence>>,
    /// That whoever declined knows of nothing that could help instead.
    pub none_known: Option<bool>,
}

/// A text among others.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(max_length = 2000)]
pub struct Sentence(String);

/// Texts, or nothing where there are none.
pub(super) fn sentences(all: &[String]) -> Option<Vec<Sentence>> {
    (!all.is_empty()).then(|| all.iter().cloned().map(Sentence).collect())
}

/// The document by which a State consents to a placement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PlacementConsent)]
pub struct ConsentView {
    /// As that authority names it.
    pub name: Line<200>,
    /// Its day.
    pub dated: Day,
}

impl From<&Decision> for DecisionView {
    fn from(it: &Decision) -> Self {
        let nothing = Acceptance::default();
        let accepted = it.acceptance().unwrap_or(&nothing);
        let refusal = match it {
            Decision::Declined(refusal) => Some(refusal),
            _ => None,
        };
        let consent = accepted.consent.as_ref();
        Self {
            outcome: it.outcome(),
            scope: accepted.scope.clone(),
            conditions: sentences(&accepted.conditions),
            consent: consent
                .and_then(|it| Some(ConsentView { name: Line::parse(&it.name)?, dated: it.dated })),
            reason: refusal.map(|it| it.reason),
            explanation: refusal.and_then(|it| it.explanation.clone()),
            alternatives: refusal.and_then(|it| sentences(&it.alternatives)),
            none_known: refusal.filter(|it| it.none_known).map(|_| true),
        }
    }
}

/// A plan of the transfer.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TransferPlan)]
#[serde(rename_all = "camelCase")]
pub struct PlanView {
    /// Its number.
    pub version: u16,
    /// Whether both sides have confirmed it.
    pub agreed: bool,
    /// When the child leaves.
    pub departs_at: Timestamp,
    /// When the child is to arrive; four hours later it is missing.
    pub arrives_at: Timestamp,
    /// Where the child is handed to the escort: an office or a border point, never where it lives.
    #[schema(max_length = 300)]
    pub from_place: String,
    /// Where the escort hands the child over: an office or a border point, never where it will live.
    #[schema(max_length = 300)]
    pub to_place: String,
    /// Border points on the way.
    #[schema(max_items = 20)]
    pub border_points: Option<Vec<Sentence>>,
    /// Who is with the child.
    #[schema(max_length = 300)]
    pub escort: String,
    /// Whom to call on the way.
    #[schema(max_items = 20)]
    pub emergency_contacts: Option<Vec<Sentence>>,
}

impl PlanView {
    pub(super) fn of(it: &Plan, agreed: bool) -> Self {
        Self {
            version: it.version,
            agreed,
            departs_at: it.departs_at,
            arrives_at: it.arrives_at,
            from_place: it.from_place.clone(),
            to_place: it.to_place.clone(),
            border_points: sentences(&it.border_points),
            escort: it.escort.clone(),
            emergency_contacts: sentences(&it.emergency_contacts),
        }
    }
}

/// Who receives the child.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReceivingArrangement)]
#[serde(rename_all = "camelCase")]
pub struct ArrangementView {
    /// The receiving carer or guardian, by name or function; no address.
    #[schema(max_length = 300)]
    pub carer: String,
    /// Whom to call there.
    #[schema(max_items = 20)]
    pub emergency_contacts: Option<Vec<Sentence>>,
}

impl From<&Arrangement> for ArrangementView {
    fn from(it: &Arrangement) -> Self {
        Self { carer: it.carer.clone(), emergency_contacts: sentences(&it.emergency_contacts) }
    }
}

/// A safeguard of the move.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MoveSafeguard)]
#[serde(rename_all = "camelCase")]
pub struct SafeguardView {
    /// The rule.
    #[schema(max_length = 5, pattern = "^R[0-9]+$", example = "R47")]
    pub rule: &'static str,
    /// Whether it holds today.
    pub holds: bool,
    /// Why not.
    #[schema(max_length = 300)]
    pub because: Option<String>,
}

impl From<Safeguard> for SafeguardView {
    fn from(it: Safeguard) -> Self {
        Self { rule: it.rule.code, holds: it.unmet.is_none(), because: it.unmet }
    }
}

/// The move of the child.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChildTransfer)]
#[serde(rename_all = "camelCase")]
pub struct TransferView {
    /// The last plan.
    pub plan: Option<PlanView>,
    /// Who receives the child.
    pub arrangement: Option<ArrangementView>,
    /// How often the child has left.
    pub journeys: u16,
    /// Whether turning back is asked for and not answered.
    pub turning_back: bool,
    /// From when the child is missing if it has not arrived.
    pub missing_from: Option<Timestamp>,
    /// When it was noted that the child did not arrive in time.
    pub missed_at: Option<Timestamp>,
    /// When the child arrived.
    pub arrived_at: Option<Timestamp>,
    /// When responsibility was taken over.
    pub handed_over_at: Option<Timestamp>,
    /// Who was present then (R55).
    #[schema(max_length = 300)]
    pub carer_present: Option<String>,
    /// The safeguards of the move as this side attested them last (R47 to R54).
    #[schema(max_items = 10)]
    pub safeguards: Option<Vec<SafeguardView>>,
    /// How often the receiving side has told how the child is.
    pub reports: u8,
}

impl TransferView {
    /// The move, where one was planned.
    pub(super) fn of(it: &Request, attested: Option<&Readiness>, today: Day) -> Option<Self> {
        let transfer: &Transfer = &it.transfer;
        (*transfer != Transfer::default()).then(|| Self {
            plan: transfer
                .plan
                .as_ref()
                .filter(|_| it.shows_of(Side::Requesting))
                .map(|plan| PlanView::of(plan, it.plan_agreed())),
            arrangement: transfer
                .arrangement
                .as_ref()
                .filter(|_| it.shows_of(Side::Requested))
                .map(ArrangementView::from),
            journeys: transfer.journeys,
            turning_back: transfer.turning_back,
            missing_from: it.missing_from(),
            missed_at: transfer.missed_at,
            arrived_at: transfer.arrived_at,
            handed_over_at: it.handed_over_at,
            carer_present: it
                .handover()
                .filter(|_| it.shows_of(Side::Requested))
                .and_then(|it| it.carer_present.clone()),
            safeguards: attested.map(|attested| {
                attested.safeguards(it, today).into_iter().map(SafeguardView::from).collect()
            }),
            reports: transfer.reports,
        })
    }
}

/// Who is responsible for the child, as this side knows it.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ResponsibleSide)]
#[serde(rename_all = "camelCase")]
pub struct ResponsibleView {
    /// The side.
    pub side: Side,
    /// Its agency, where it is this side.
    pub agency_id: Option<AgencyId>,
    /// Its office, where it is the other side.
    pub office: Option<OfficeView>,
}

impl From<Responsible> for ResponsibleView {
    fn from(it: Responsible) -> Self {
        Self { side: it.side, agency_id: it.agency, office: it.office.as_ref().map(OfficeView::from) }
    }
}

/// A notice that waits for its acknowledgement by a person; the closing is one too.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TransnationalNotice)]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Its number among the messages of the side that gave it.
    pub seq: u32,
    /// What it is.
    pub kind: NoticeKind,
    /// What it is about; of a closing, the final outcome. Absent while a side has suspended the request.
    #[schema(max_length = 4000)]
    pub about: Option<String>,
    /// Until when it is to be acknowledged.
    pub acknowledge_by: Timestamp,
    /// To whom what was sent was passed on.
    pub passed_on: Option<PassedOnView>,
}

/// That what was sent was passed on to a further country; nothing of the child, and nothing of what is asked there.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PassedOn)]
#[serde(rename_all = "camelCase")]
pub struct PassedOnView {
    /// Which country passed it on.
    pub by_country: Country,
    /// Which country has it now.
    pub to_country: Country,
    /// By which type of request.
    pub request_type: TransnationalRequestType,
    /// On which day, in the country that passed it on.
    pub on: Day,
    /// The classes of data that were passed on.
    #[schema(max_items = 16)]
    pub classes: Vec<DataClass>,
    /// The permission by which they were: the classes that may be passed on to that country.
    #[schema(max_items = 16)]
    pub allowed: Vec<DataClass>,
}

impl From<&PassedOn> for PassedOnView {
    fn from(it: &PassedOn) -> Self {
        Self {
            by_country: it.by,
            to_country: it.to,
            request_type: it.request_type,
            on: it.on,
            classes: it.classes.clone(),
            allowed: it.allowed.clone(),
        }
    }
}

impl NoticeView {
    /// Notices of a side; what they are about only if it may be shown.
    pub(super) fn all<'a>(
        notices: impl Iterator<Item = (u32, Noticed<'a>)>,
        shows: bool,
    ) -> Option<Vec<Self>> {
        let all: Vec<_> = notices
            .map(|(seq, it)| Self {
                seq,
                kind: it.kind,
                about: shows.then(|| it.about.to_owned()),
                acknowledge_by: it.acknowledge_by,
                passed_on: it.passed_on.map(PassedOnView::from),
            })
            .collect();
        (!all.is_empty()).then_some(all)
    }
}
