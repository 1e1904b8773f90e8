//! The request as one side has it: its state, what was written on the way, and what is still to be told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    ACCEPTED, At, Body, Decision, Message, Office, Opening, Prepared, Receipt, RequestAct, Route, Standstill,
    Transfer,
};
use crate::{
    AgencyId, CaseId, Decided, Reference, Refused, Timestamp, TransnationalRequestId, Version, Violation,
    events::{EventType, Fact, Given, GivenTo, SubjectKind},
    text::Country,
    vocabulary::{TransnationalRequestStatus as S, TransnationalRequestType, Urgency},
};

crate::codes! {
    /// A side of a request between countries.
    pub enum Side = "transnational_side" {
        Requesting = "requesting": "The side that asks",
        Requested = "requested": "The side that is asked, and that decides",
    }
}

/// One side's record of a request. Both sides have one, joined by messages alone, even inside one node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// Its id; the same on both sides, random, and not that of a row.
    pub id: TransnationalRequestId,
    /// Which side this is.
    pub side: Side,
    /// The country of this side.
    pub country: Country,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// By which route.
    pub route: Route,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Where it stands; whether it is suspended is beside it, so that it goes on where it stood.
    pub status: S,
    /// When it reached that state here.
    pub status_at: Timestamp,
    /// The case here; the requested side opens its own, if it needs one.
    pub case: Option<CaseId>,
    /// The agency that has the case here; none yet on the requested side.
    pub lead: Option<AgencyId>,
    /// The focal point, Central Authority or court at this end of the route.
    pub office: AgencyId,
    /// The same as it is registered.
    pub from: Office,
    /// The office at the other end; it changes when the request is forwarded.
    pub to: Office,
    /// The reference here.
    pub reference: Reference,
    /// The reference of the other side, once it is known.
    pub other_reference: Option<Reference>,
    /// What is prepared or was sent.
    pub prepared: Prepared,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When the other country first received it: the three months of R80 run from here, whoever has it later.
    pub first_received_at: Option<Timestamp>,
    /// How often it was forwarded there.
    pub forwards: u8,
    /// The offices here that had it and forwarded it; the other side keeps none.
    pub been_at: Vec<Office>,
    /// The officer there, once named.
    pub officer: Option<String>,
    /// The decision of the requested side; there is one.
    pub decision: Option<Decision>,
    /// The answer of the requested side; there is one.
    pub answer: Option<String>,
    /// The withdrawal that waits for its answer: the number of the message that asks for it.
    pub withdrawal: Option<u32>,
    /// The message that declares it void, as long as nobody is known to have received it.
    pub void: Option<u32>,
    /// The one time in which the time to decide stood still (T7).
    pub pause: Option<Standstill>,
    /// The transfer of the child.
    pub transfer: Transfer,
    /// When responsibility was taken over.
    pub handed_over_at: Option<Timestamp>,
    /// When it was noted that nobody answered: the requesting side keeps the child and plans for itself (R56).
    pub no_response_at: Option<Timestamp>,
    /// Who has suspended it.
    pub suspension: Suspension,
    /// What the other side wrote that it cannot have written then; kept as evidence.
    pub unexpected: Vec<u32>,
    /// Everything that this side wrote, in order; what is not acknowledged is sent again.
    pub sent: Vec<Message>,
    /// How many of them the other side has applied, as far as this one knows.
    pub acknowledged: u32,
    /// Everything that the other side wrote, in order, as far as none is missing.
    pub received: Vec<Message>,
    /// What came before something that is missing.
    pub held: BTreeMap<u32, Message>,
    /// Its version.
    pub version: Version,
}

/// Who has suspended a request. Each side lifts its own, so that the two flags have one writer each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Suspension {
    /// Since when this side has, and why; the reason never leaves it.
    pub here: Option<(Timestamp, String)>,
    /// Whether the other side has; that is all it says (R78).
    pub there: bool,
}

/// Who is responsible for the child, as one side knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Responsible {
    /// The side.
    pub side: Side,
    /// Its agency, where it is this side.
    pub agency: Option<AgencyId>,
    /// Its office, where it is the other side.
    pub office: Option<Office>,
}

impl Request {
    /// The state as people see it: suspended, while one side has suspended it.
    pub fn shown_status(&self) -> S {
        if self.suspended() { S::SuspendedSafety } else { self.status }
    }

    /// Whether one side has suspended it. A closed one is closed.
    pub fn suspended(&self) -> bool {
        self.status != S::Closed && (self.suspension.here.is_some() || self.suspension.there)
    }

    /// Whether what the other side sent may be opened here: not while either has suspended it, nor after a recall.
    pub fn content_open(&self) -> bool {
        !self.suspended() && !self.recalled()
    }

    /// Whether what a side wrote may be shown here: the own always, the other's as long as it is open.
    pub fn shows_of(&self, side: Side) -> bool {
        side == self.side || self.content_open()
    }

    /// Whether the package of the other side may be opened here: not once it was declined or withdrawn or the request has
    /// ended; what the own case has taken from it stays there.
    pub fn package_open(&self) -> bool {
        self.content_open() && !matches!(self.status, S::Declined | S::Withdrawn | S::Closed)
    }

    /// Whether an agency may see this record: the one that leads the case; the office of the route from the day on which
    /// it is submitted to it, for a draft is its author's alone.
    pub fn concerns(&self, agency: AgencyId) -> bool {
        self.lead == Some(agency) || (self.office == agency && self.left_its_author())
    }

    fn left_its_author(&self) -> bool {
        self.side == Side::Requested || self.sent_at.is_some() || self.status == S::NationalReview
    }

    /// What whoever receives a child is told while the case here has it recorded as missing.
    pub fn still_missing(missing: bool) -> Option<Violation> {
        let because = "the child was reported missing here otherwise than by this journey: record in the case that it was found";
        missing.then(|| Violation::plain("still_missing", "", because))
    }

    /// Whether it waits for the answer to its withdrawal.
    pub fn waits_for_withdrawal(&self) -> bool {
        self.withdrawal.is_some()
    }

    /// Whether the case of its child stays open for it (R71). What nobody there has received and this side does not want any
    /// more holds nothing up: it waits for an answer that may never come.
    pub fn holds_case_open(&self) -> bool {
        let given_up = self.status == S::Undeliverable && self.waits_for_withdrawal();
        super::UNDER_WAY.contains(&self.status) && !given_up
    }

    /// Who is responsible for the child: the requesting side until the other one has taken it over, whatever else
    /// happens. Silence, refusal, withdrawal and suspension leave it where it is (R85, R56).
    pub fn responsible(&self) -> Responsible {
        let side = if self.handed_over_at.is_some() { Side::Requested } else { Side::Requesting };
        let here = side == self.side;
        Responsible {
            side,
            agency: here.then(|| self.lead.unwrap_or(self.office)),
            office: (!here).then(|| self.to.clone()),
        }
    }

    /// Whether the requested side has decided to accept.
    pub fn accepted(&self) -> bool {
        self.decision.as_ref().is_some_and(|it| ACCEPTED.contains(&it.outcome()))
    }

    /// What this side wrote and the other has not acknowledged: it is sent again, and listed. Of what is void, nothing that
    /// was written before.
    pub fn unacknowledged(&self) -> &[Message] {
        let void = self.void.map_or(0, |it| it.saturating_sub(1));
        let from = usize::try_from(self.acknowledged.max(void)).unwrap_or(usize::MAX).min(self.sent.len());
        self.sent.get(from..).unwrap_or_default()
    }

    /// The receipt for everything that was applied; none before the request itself came.
    pub fn receipt(&self) -> Option<Receipt> {
        let first_received_at = self.first_received_at.filter(|_| self.side == Side::Requested);
        (self.applied() > 0).then(|| Receipt {
            request: self.id,
            from: self.side,
            applied: self.applied(),
            first_received_at,
            void: false,
        })
    }

    /// How many messages of the other side were applied.
    pub fn applied(&self) -> u32 {
        u32::try_from(self.received.len()).unwrap_or(u32::MAX)
    }

    /// The opening message, as it was sent or received.
    pub fn opening(&self) -> Option<&Opening> {
        let all = if self.side == Side::Requesting { &self.sent } else { &self.received };
        all.iter().find_map(|it| match &it.body {
            Body::Sent(opening) => Some(&**opening),
            _ => None,
        })
    }

    /// What was said when responsibility was taken over.
    pub fn handover(&self) -> Option<&super::Handover> {
        self.sent.iter().chain(&self.received).find_map(|it| match &it.body {
            Body::HandedOver(handover) => Some(handover),
            _ => None,
        })
    }

    /// Writes a message to the other side, in an act that counts the version up.
    pub(super) fn tell(&mut self, body: Body, at: Timestamp) {
        let seq = u32::try_from(self.sent.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (request, from, seen) = (self.id, self.side, self.applied());
        self.sent.push(Message { request, from, seq, seen, at, body });
    }

    /// The value after an act of a caller that leads to one state or none.
    pub(super) fn moved(&self, act: RequestAct, at: At<'_>) -> Result<Self, Refused> {
        let to = self.next(act, at.by)?;
        Ok(self.reaching(to.first().copied().unwrap_or(self.status), at.now))
    }

    /// The same in another state, one version on.
    pub(super) fn reaching(&self, status: S, now: Timestamp) -> Self {
        let status_at = if status == self.status { self.status_at } else { now };
        Self { status, status_at, version: self.version.next(), ..self.clone() }
    }

    /// The decision of an act: its fact, and what it does to deadlines.
    pub(super) fn done(
        self,
        act: RequestAct,
        payload: Value,
        warnings: Vec<Violation>,
        before: &Self,
        at: At<'_>,
    ) -> Decided<Self> {
        let event = match act {
            RequestAct::Withdraw if self.status == S::Withdrawn => EventType::TransnationalWithdrawn,
            _ => act.event(),
        };
        self.told(event, payload, warnings, Some(before), at)
    }

    /// The same of what is no act.
    pub(super) fn told(
        self,
        event: EventType,
        payload: Value,
        warnings: Vec<Violation>,
        before: Option<&Self>,
        at: At<'_>,
    ) -> Decided<Self> {
        let facts = vec![self.fact(event, payload)];
        let changes = self.changes(before, at.country, at.now);
        Decided::new(self, facts, warnings).with_deadlines(changes)
    }

    /// A payload that tells to whom the package is given; the requested side keeps it apart from the request, and does not
    /// name its classes again.
    pub(super) fn giving(&self, to: GivenTo, payload: Value) -> Value {
        let given = match &self.prepared.package {
            Some(package) => package.given_to(to),
            None => Given::of(to, []),
        };
        given.told_in(payload)
    }

    /// A fact about it: codes, ids and times only.
    pub(super) fn fact(&self, event: EventType, mut payload: Value) -> Fact {
        if let Some(members) = payload.as_object_mut() {
            // What is not known is not there.
            members.retain(|_, it| !it.is_null());
            members.insert("side".to_owned(), json!(self.side));
            members.insert("status".to_owned(), json!(self.shown_status()));
        }
        let office = self.left_its_author() || self.lead.is_none();
        let mut audience: Vec<_> = office.then_some(self.office).into_iter().collect();
        audience.extend(self.lead.filter(|it| !audience.contains(it)));
        Fact {
            event,
            subject: SubjectKind::TransnationalRequest,
            subject_id: self.id.0,
            version: self.version.0,
            case: self.case,
            audience,
            payload,
        }
    }
}

impl RequestAct {
    /// What the log says of it.
    pub const fn event(self) -> EventType {
        use EventType as E;
        match self {
            Self::Amend => E::TransnationalAmended,
            Self::SubmitNational => E::TransnationalSubmitted,
            Self::ReturnToSender => E::TransnationalReturned,
            Self::ApproveSend | Self::SendDirect | Self::RetryDelivery => E::TransnationalSent,
            Self::Readdress => E::TransnationalReaddressed,
            Self::ChangeOffice => E::TransnationalOfficeChanged,
            Self::MarkUndeliverable => E::TransnationalUndeliverable,
            Self::Acknowledge | Self::TakeForwarded => E::TransnationalAcknowledged,
            Self::OpenCase => E::TransnationalCaseOpened,
            Self::Forward => E::TransnationalForwarded,
            Self::RequestMore => E::TransnationalInformationRequested,
            Self::AnswerMore => E::TransnationalInformationProvided,
            Self::Assess => E::TransnationalAssessmentBegun,
            Self::Accept => E::TransnationalAccepted,
            Self::Decline => E::TransnationalDeclined,
            Self::Answer => E::TransnationalAnswered,
            Self::Withdraw => E::TransnationalWithdrawalRequested,
            Self::ProposePlan => E::TransnationalPlanProposed,
            Self::ConfirmPlan => E::TransnationalPlanConfirmed,
            Self::RefusePlan => E::TransnationalPlanRefused,
            Self::Depart => E::TransnationalDeparted,
            Self::TurnBack => E::TransnationalTurnedBack,
            Self::NoteMissedArrival => E::TransnationalArrivalMissed,
            Self::ConfirmArrival => E::TransnationalArrived,
            Self::HandOver => E::TransnationalHandedOver,
            Self::Report => E::TransnationalFollowedUp,
            Self::Close => E::TransnationalClosed,
            Self::NoteNoResponse => E::TransnationalNoResponse,
            Self::Suspend => E::TransnationalSuspended,
            Self::Lift => E::TransnationalSuspensionLifted,
            Self::Notify => E::TransnationalNoticeGiven,
            Self::AcknowledgeNotice => E::TransnationalNoticeAcknowledged,
        }
    }
}
