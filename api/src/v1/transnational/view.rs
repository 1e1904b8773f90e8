//! A request as its side sees it.

use domain::{
    AgencyId, CaseId, CodeList as _, Day, Reference, Timestamp, TransnationalRequestId, Violation,
    access::{Relation, sections},
    directory::CountryEntry,
    rules,
    text::Country,
    transnational::{Body, Request, RequestAct, Route, Side, TimeFlag},
    vocabulary::{DataClass, TransnationalRequestStatus, TransnationalRequestType, Urgency},
};
use persistence::{Tx, transnational::Record};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{
    content::MaterialBody,
    parts::{
        AddresseeView, DecisionView, NoticeView, OfficeView, ResponsibleView, Sentence, TransferView,
        sentences,
    },
};
use crate::{
    failure::ViolationView,
    http::{Shown, Tag},
    v1::common::{AllowedActionView, BlockedActionView, warnings},
};

/// A request between countries, as one side has it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalRequest)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// Its id; the same on both sides.
    pub id: TransnationalRequestId,
    /// Its reference here, safe to read over the telephone.
    pub reference: Reference,
    /// The reference of the other side, once it is known.
    pub other_reference: Option<Reference>,
    /// Which side this is.
    pub side: Side,
    /// The country of this side.
    pub country: Country,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// What the author gave so far; to the agency that leads the case, until it is sent.
    pub content: Option<MaterialBody>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Its status; suspended while one side has suspended it.
    pub status: TransnationalRequestStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// The case here; the requested side opens its own.
    pub case_id: Option<CaseId>,
    /// The agency that has the case here.
    pub lead_agency_id: Option<AgencyId>,
    /// The office at this end of the route.
    pub office_agency_id: AgencyId,
    /// The office at this end, as the other side knows it.
    pub from: OfficeView,
    /// The office at the other end.
    pub to: OfficeView,
    /// The offices of the requested country to which it was addressed, the first one first and the one that has it last; absent
    /// until it is sent.
    #[schema(max_items = 100)]
    pub addressees: Option<Vec<AddresseeView>>,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When the other country first received it: the three months of the law run from here (R80).
    pub first_received_at: Option<Timestamp>,
    /// How often it was forwarded there.
    pub forwards: u8,
    /// The officer there, once named.
    #[schema(max_length = 200)]
    pub officer: Option<String>,
    /// Why the own office returned it.
    #[schema(max_length = 2000)]
    pub returned_because: Option<String>,
    /// The decision of the requested side.
    pub decision: Option<DecisionView>,
    /// The answer to what was asked.
    #[schema(max_length = 4000)]
    pub answer: Option<String>,
    /// Whether a withdrawal waits for its answer; of what nobody is known to have received, for the other country to know that
    /// it is void.
    pub withdrawal_pending: bool,
    /// The questions of the requested side that wait for an answer, in their order.
    #[schema(max_items = 20)]
    pub questions: Option<Vec<Sentence>>,
    /// The move of the child.
    pub transfer: Option<TransferView>,
    /// The final outcome, told to both sides.
    #[schema(max_length = 4000)]
    pub outcome: Option<String>,
    /// When it was noted that nobody answered.
    pub no_response_at: Option<Timestamp>,
    /// Since when this side has suspended it.
    pub suspended_since: Option<Timestamp>,
    /// Why, for this side alone (R78).
    #[schema(max_length = 2000)]
    pub suspended_because: Option<String>,
    /// Who is responsible for the child.
    pub responsible: ResponsibleView,
    /// What time says of it; nothing is decided by it.
    #[schema(max_items = 10)]
    pub time_flags: Vec<TimeFlag>,
    /// Notices of the other side that nobody has acknowledged here.
    #[schema(max_items = 100)]
    pub notices_to_acknowledge: Option<Vec<NoticeView>>,
    /// Own notices that nobody there has acknowledged.
    #[schema(max_items = 100)]
    pub notices_unacknowledged: Option<Vec<NoticeView>>,
    /// How many messages of this side the other has not receipted.
    pub messages_unreceipted: u16,
    /// Whether the notice of the other country presumes the child a victim here (R17).
    pub presumes_victim: Option<bool>,
    /// What the caller may do now.
    #[schema(max_items = 40)]
    pub allowed_actions: Vec<AllowedActionView>,
    /// What is refused now, with the reasons; on request.
    #[schema(max_items = 40)]
    pub blocked_actions: Option<Vec<BlockedActionView>>,
    /// Good practice that was not kept, times that have passed, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// The request as this side sees it today.
pub(super) fn shown(
    tx: &Tx<'_>,
    record: &Record,
    country: &CountryEntry,
    found: &[Violation],
    with_blocked: bool,
) -> Shown<RequestView> {
    let (it, caller) = (&record.request, &tx.cx.caller);
    let flags = it.flags(country, tx.cx.now);
    let late: Vec<_> = flags.iter().map(|it| it.code()).collect();
    let material =
        record.extra.material.as_ref().filter(|_| it.sent_at.is_none() && it.lead == Some(caller.agency));
    let draft = material.map(|it| (it, sections(caller, &Relation::Lead)));
    let seen = format!(
        "transnational/{}/{}/{}/{:?}/{:?}/{}/{}",
        it.id,
        it.version.0,
        it.side,
        caller.role,
        caller.purpose,
        it.lead == Some(caller.agency),
        late.join(",")
    );
    let tag = Tag::of(tx.keys(), &seen);
    let (allowed, blocked) = it.actions(caller);
    // What waits for a body is offered by its path; the draft itself is changed where it lies.
    let offer = |act: RequestAct| {
        act.operation().map(|_| AllowedActionView {
            action: act.code(),
            href: format!("/v1/transnational-requests/{}{}", it.id, act.path()),
        })
    };
    let presumes = it.opening().filter(|_| it.side == Side::Requested);
    let presumes = presumes.map(|opening| Request::presumes(opening, country)).filter(|it| *it);
    let mut told = found.to_vec();
    told.extend(it.late(country, tx.cx.now));
    if presumes.is_some() && it.case.is_none() {
        let because = "a competent authority of another country says that the child is a victim";
        told.push(Violation::of(&rules::R17, "", because));
    }
    let blocked = blocked.iter().filter(|it| it.act.operation().is_some()).map(|it| BlockedActionView {
        action: it.act.code(),
        violations: it.refused.violations().iter().map(ViolationView::from).collect(),
    });
    let here = it.suspension.here.as_ref();
    let today = Day(country.day_of(tx.cx.now));
    let content = draft.as_ref().map(|(material, seen)| MaterialBody::given(material, seen));
    let classes =
        content.iter().flat_map(MaterialBody::classes).chain([DataClass::D15ReferralMetadata]).collect();
    let view = RequestView {
        id: it.id,
        reference: it.reference.clone(),
        other_reference: it.other_reference.clone(),
        side: it.side,
        country: it.country,
        request_type: it.request_type,
        route: it.route,
        content,
        urgency: it.urgency,
        status: it.shown_status(),
        status_at: it.status_at,
        case_id: it.case,
        lead_agency_id: it.lead,
        office_agency_id: it.office,
        from: OfficeView::from(&it.from),
        to: OfficeView::from(&it.to),
        addressees: AddresseeView::all(it),
        sent_at: it.sent_at,
        first_received_at: it.first_received_at,
        forwards: it.forwards,
        officer: it.officer.clone(),
        returned_because: record.extra.returned.clone(),
        decision: it.decision.as_ref().filter(|_| it.shows_of(Side::Requested)).map(DecisionView::from),
        answer: it.answer.clone().filter(|_| it.shows_of(Side::Requested)),
        withdrawal_pending: it.waits_for_withdrawal() || it.void_unconfirmed(),
        questions: questions(it),
        transfer: TransferView::of(it, record.extra.readiness.as_ref(), today),
        outcome: outcome(it),
        no_response_at: it.no_response_at,
        suspended_since: here.map(|(since, _)| *since),
        suspended_because: here.map(|(_, because)| because.clone()),
        responsible: it.responsible().into(),
        time_flags: flags,
        notices_to_acknowledge: NoticeView::all(it.notices_to_acknowledge(), it.content_open()),
        notices_unacknowledged: NoticeView::all(it.notices_unacknowledged(), true),
        messages_unreceipted: u16::try_from(it.unacknowledged().len()).unwrap_or(u16::MAX),
        presumes_victim: presumes,
        allowed_actions: allowed.into_iter().filter_map(offer).collect(),
        blocked_actions: with_blocked.then(|| blocked.collect()),
        warnings: warnings(&told),
    };
    of_request(Shown::new(view, tag), it, classes)
}

/// Names what is shown for the access log, with the case if there is one here.
pub(super) fn of_request<T>(mut shown: Shown<T>, it: &Request, classes: Vec<DataClass>) -> Shown<T> {
    (shown.case, shown.sections) = (it.case, classes);
    shown
}

fn questions(it: &Request) -> Option<Vec<Sentence>> {
    let waits = it.status == TransnationalRequestStatus::InfoRequested && it.shows_of(Side::Requested);
    if waits { sentences(it.questions()) } else { None }
}

fn outcome(it: &Request) -> Option<String> {
    it.sent.iter().chain(&it.received).find_map(|it| match &it.body {
        Body::Closed(closing) => Some(closing.outcome.clone()),
        _ => None,
    })
}
