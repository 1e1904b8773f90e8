//! What a message of the other side does: applied once, in the order of its number, whatever the network does to it.

use serde_json::json;

use super::{
    At, Body, Effect, Kind, Message, Office, Opening, Prepared, Receipt, Request, Side, Suspension, Transfer,
    effect,
};
use crate::{
    AgencyId, Check, Decided, Reference, Refused, Timestamp, Version, Violation,
    deadlines::Change,
    directory::CountryEntry,
    events::{EventType, Fact},
    rules,
    vocabulary::{IdentificationStatus, TransnationalRequestStatus as S},
};

/// How many messages are held while an earlier one is missing: what is beyond is sent again later.
pub const MOST_HELD: usize = 64;

impl Request {
    /// The record of the requested side, made by the request itself: the office to which it was addressed has it.
    pub fn open(
        message: &Message,
        to: (AgencyId, Office, Reference),
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        Self::opened(message, None, to, at)
    }

    /// The same where it never reached that office and the requesting side has sent it to another one.
    pub fn open_readdressed(
        message: &Message,
        by: &Message,
        to: (AgencyId, Office, Reference),
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        Self::opened(message, Some(by), to, at)
    }

    fn opened(
        message: &Message,
        readdressed: Option<&Message>,
        (office, here, reference): (AgencyId, Office, Reference),
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        let (Body::Sent(opening), Side::Requesting, 1) = (&message.body, message.from, message.seq) else {
            let because = "the request itself has not come yet: the other side sends it again";
            return Err(Refused::wrong_state(because));
        };
        let mut check = Check::default();
        let follows = |it: &&Message| {
            it.request == message.request && it.from == Side::Requesting && it.seq > message.seq
        };
        let addressed = match readdressed.filter(follows).map(|it| &it.body) {
            Some(Body::Readdressed(to)) if to.country == opening.to.country => to,
            _ => &opening.to,
        };
        let mine =
            *addressed == here && here.country == at.country.code && opening.from.country != here.country;
        check.require(mine, || {
            Violation::plain("wrong_recipient", "/to", "it is addressed to another office")
        });
        for it in opening.package.excess() {
            check.require(false, || Violation { code: "excess_data", ..it });
        }
        let package = &opening.package;
        let consistent = package.request_id == message.request
            && package.kind == opening.request_type
            && package.from == opening.from
            && package.to == opening.to
            && package.chain == opening.chain;
        check.require(consistent, || {
            Violation::plain("package_of_another", "/package", "package and request do not belong together")
        });
        check.require(!opening.chain.hops.iter().any(|it| it.to.country == here.country), || {
            Violation::plain("chain_loops", "/chain", "it has been in this country in its chain")
        });
        check.advise(!Self::presumes(opening, at.country), || {
            let because = "a competent authority of another country says that the child is a victim";
            Violation::of(&rules::R17, "", because)
        });
        let warnings = check.done()?;
        let value = Self::received_from(opening, message, (office, here, reference), at);
        let payload = json!({
            "type": value.request_type, "urgency": value.urgency, "from": value.to.country,
            "digest": package.digest().as_str(), "presumes": Self::presumes(opening, at.country),
        });
        Ok(value.told(EventType::TransnationalReceived, payload, warnings, None, at))
    }

    fn received_from(
        opening: &Opening,
        message: &Message,
        (office, from, reference): (AgencyId, Office, Reference),
        at: At<'_>,
    ) -> Self {
        Self {
            id: message.request,
            side: Side::Requested,
            country: at.country.code,
            request_type: opening.request_type,
            route: opening.route,
            urgency: opening.urgency,
            status: S::Delivered,
            status_at: at.now,
            case: None,
            lead: None,
            office,
            from,
            to: opening.from.clone(),
            reference,
            other_reference: Some(opening.reference.clone()),
            prepared: Prepared::default(),
            sent_at: Some(opening.sent_at),
            first_received_at: Some(at.now),
            forwards: 0,
            been_at: Vec::new(),
            officer: None,
            decision: None,
            answer: None,
            withdrawal: None,
            void: None,
            pause: None,
            transfer: Transfer::default(),
            handed_over_at: None,
            no_response_at: None,
            suspension: Suspension::default(),
            unexpected: Vec::new(),
            sent: Vec::new(),
            acknowledged: 0,
            received: vec![message.clone()],
            held: std::collections::BTreeMap::new(),
            version: Version::FIRST,
        }
    }

    /// R17: whether the notice presumes the child a victim here: the other country says that it is one, and the national
    /// profile takes that as a presumption.
    pub fn presumes(opening: &Opening, country: &CountryEntry) -> bool {
        let said = matches!(
            opening.package.content.identification,
            // What stands is not taken back while it is assessed or looked at again.
            Some(
                IdentificationStatus::PresumedVictim
                    | IdentificationStatus::FormalAssessment
                    | IdentificationStatus::IdentifiedVictim
                    | IdentificationStatus::UnderReview
            )
        );
        said && country.profile.foreign_notice_presumes.value
    }

    /// Takes a message of the other side. A repeated one changes nothing; one that comes early is held until the ones
    /// before it have come. The receipt for it is [`Request::receipt`] of the value.
    pub fn receive(&self, message: &Message, at: At<'_>) -> Result<Decided<Self>, Refused> {
        if message.request != self.id || message.from == self.side || message.seq == 0 {
            let because = "the message is not for this side of this request";
            return Err(Refused::Broken(vec![Violation::plain("wrong_recipient", "", because)]));
        }
        let place = usize::try_from(message.seq - 1).unwrap_or(usize::MAX);
        let known = self.received.get(place).or_else(|| self.held.get(&message.seq));
        if let Some(known) = known {
            return if known == message {
                Ok(Decided::new(self.clone(), Vec::new(), Vec::new()))
            } else {
                Err(Refused::wrong_state("another message had this number: both are evidence"))
            };
        }
        let mut value = self.clone();
        if place != self.received.len() {
            if self.held.len() >= MOST_HELD {
                return Err(Refused::wrong_state("too many earlier messages are missing"));
            }
            value.held.insert(message.seq, message.clone());
            return Ok(Decided::new(value, Vec::new(), Vec::new()));
        }
        value.version = value.version.next();
        let (mut facts, mut changes, mut next) = (Vec::new(), Vec::new(), Some(message.clone()));
        while let Some(message) = next {
            let before = value.clone();
            facts.push(value.apply(&message, at));
            changes.extend(value.changes(Some(&before), at.country, at.now));
            next = value.held.remove(&value.applied().saturating_add(1));
        }
        let changes: Vec<Change> = changes;
        Ok(Decided::new(value, facts, Vec::new()).with_deadlines(changes))
    }

    /// Takes a receipt: what the other side has, it need not be sent again. The first one says when the request came.
    pub fn acknowledged_by(&self, receipt: Receipt, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let known = receipt.request == self.id && receipt.from != self.side;
        let written = u32::try_from(self.sent.len()).unwrap_or(u32::MAX);
        if !known || receipt.applied > written {
            let because = "the receipt is for nothing that this side wrote";
            return Err(Refused::Broken(vec![Violation::plain("unknown_receipt", "", because)]));
        }
        let dated = self.side == Side::Requesting && self.first_received_at.is_none();
        if receipt.void {
            return self.void_there(receipt, at);
        }
        if receipt.applied <= self.acknowledged && !(dated && receipt.first_received_at.is_some()) {
            return Ok(Decided::new(self.clone(), Vec::new(), Vec::new()));
        }
        let delivered = self.reached_nobody();
        let mut value = self.reaching(if delivered { S::Delivered } else { self.status }, at.now);
        value.received_after_all();
        value.acknowledged = self.acknowledged.max(receipt.applied);
        if dated {
            value.first_received_at = receipt.first_received_at;
        }
        if !delivered {
            let changes = value.changes(Some(self), at.country, at.now);
            return Ok(Decided::new(value, Vec::new(), Vec::new()).with_deadlines(changes));
        }
        let withdrawn = self.void.is_some().then_some(true);
        let payload = json!({ "receivedAt": value.first_received_at, "withdrawalAsked": withdrawn });
        Ok(value.told(EventType::TransnationalDelivered, payload, Vec::new(), Some(self), at))
    }

    /// Applies the next message, whatever the state: it is kept, and has its effect or none.
    fn apply(&mut self, message: &Message, at: At<'_>) -> Fact {
        let kind = message.body.kind();
        self.received.push(message.clone());
        self.acknowledged = self.acknowledged.max(message.seen.min(self.written()));
        // Whoever answers has received it, though the receipt is lost or late.
        if self.acknowledged > 0 && self.reached_nobody() {
            self.reach(S::Delivered, at.now);
            self.received_after_all();
        }
        let from_its_side = kind.of().is_none_or(|it| it == message.from)
            && !matches!(&message.body, Body::Notice(it) if !it.kind.comes_from(message.from));
        let effect = match from_its_side {
            // The answer to a question that was given up is none to the one that waits now.
            true if kind == Kind::InfoGiven && self.answers_earlier(message) => Effect::Crossed,
            true => effect(kind, self.status),
            false => Effect::Unexpected,
        };
        let (mut event, mut payload) = (told_of(kind), json!({ "byOtherSide": true }));
        match effect {
            Effect::To(status) => self.reach(status, at.now),
            Effect::Stays | Effect::Crossed => {}
            Effect::Unexpected => {
                self.unexpected.push(message.seq);
                return self.fact(EventType::TransnationalMessageUnexpected, json!({ "seq": message.seq }));
            }
        }
        if effect != Effect::Crossed {
            self.take(message, at);
        }
        if let (Body::Readdressed(to), Some(members)) = (&message.body, payload.as_object_mut()) {
            members.insert("moved".to_owned(), json!(self.from == *to));
        }
        let asked = matches!(kind, Kind::WithdrawalRequested | Kind::Voided) && effect != Effect::Crossed;
        if asked && self.status == S::Withdrawn {
            event = EventType::TransnationalWithdrawn;
        }
        if let (Body::Decided(decision), Some(members)) = (&message.body, payload.as_object_mut()) {
            members.insert("outcome".to_owned(), json!(decision.outcome()));
            if decision.outcome() == S::Declined {
                event = EventType::TransnationalDeclined;
            }
        }
        self.fact(event, payload)
    }

    /// Whether nothing tells that the other side has received it.
    fn reached_nobody(&self) -> bool {
        matches!(self.status, S::Sent | S::Undeliverable) || self.void.is_some()
    }

    fn answers_earlier(&self, message: &Message) -> bool {
        let asked = self.sent.iter().rev().find(|it| it.body.kind() == Kind::InfoRequested);
        self.status == S::InfoRequested && asked.is_some_and(|it| message.seen < it.seq)
    }

    fn written(&self) -> u32 {
        u32::try_from(self.sent.len()).unwrap_or(u32::MAX)
    }

    fn reach(&mut self, status: S, now: Timestamp) {
        if status != self.status {
            (self.status, self.status_at) = (status, now);
        }
    }

    /// Keeps what a message says beside the state.
    fn take(&mut self, message: &Message, at: At<'_>) {
        match &message.body {
            Body::Acknowledged { officer, reference } => {
                self.officer = Some(officer.clone());
                self.other_reference = Some(reference.clone());
            }
            Body::Forwarded { to, .. } => {
                (self.to, self.officer) = (to.clone(), None);
                self.forwards = self.forwards.saturating_add(1);
                self.pause_ends(at.now);
            }
            // Whoever has written to the other side has begun: it stays there, and the other side is told.
            Body::Readdressed(to) if self.sent.is_empty() => self.from = to.clone(),
            Body::Readdressed(to) if self.from != *to => {
                self.tell(Body::OfficeChanged(self.from.clone()), at.now);
            }
            Body::OfficeChanged(office) => self.to = office.clone(),
            Body::InfoRequested(_) => self.pause_begins(at.country, at.now),
            Body::InfoGiven(_) | Body::AssessmentBegun => self.pause_ends(at.now),
            Body::Decided(decision) => {
                self.reach(decision.outcome(), at.now);
                self.decision = Some(decision.clone());
                // The decision that came first is the answer to a withdrawal that did not know it.
                self.withdrawal = None;
            }
            Body::Answered(answer) => {
                self.answer = Some(answer.clone());
                self.withdrawal = None;
            }
            Body::WithdrawalRequested(_) | Body::Voided(_) => self.answer_withdrawal(message, at),
            Body::WithdrawalAnswered => self.withdrawal = None,
            Body::PlanProposed(plan) => self.transfer.proposed(plan.clone(), at.now),
            Body::PlanConfirmed { version, arrangement } => {
                self.transfer.agreed(*version, arrangement.clone());
            }
            Body::PlanRefused { version, .. } => self.transfer.refused(*version, at.now),
            Body::Departed(_) => self.transfer.left(),
            Body::TurnBackRequested(because) => {
                self.transfer.came_back(at.now);
                self.tell(Body::TurnedBack(because.clone()), at.now);
            }
            Body::TurnedBack(_) => self.transfer.came_back(at.now),
            Body::Arrived(arrived) => self.transfer.arrived(*arrived),
            Body::HandedOver(_) => self.handed_over_at = Some(message.at),
            Body::FollowedUp(_) => self.transfer.reports = self.transfer.reports.saturating_add(1),
            Body::Suspended => self.suspension.there = true,
            Body::Lifted => self.suspension.there = false,
            Body::Sent(_)
            | Body::Readdressed(_)
            | Body::Closed(_)
            | Body::Notice(_)
            | Body::NoticeAcknowledged(_) => {}
        }
    }

    /// The same record with the agency that a readdressing names.
    #[must_use]
    pub fn at_agency(self, agency: AgencyId) -> Self {
        Self { office: agency, ..self }
    }

    /// The same where no such office takes part here: it stays with the one that has it, and the other side is told.
    #[must_use]
    pub fn staying_at(mut self, office: &Office, now: Timestamp) -> Self {
        self.from = office.clone();
        self.tell(Body::OfficeChanged(office.clone()), now);
        self
    }

    /// The one answer to a withdrawal: withdrawn, unless a decision was written that it did not know.
    fn answer_withdrawal(&mut self, message: &Message, at: At<'_>) {
        let decided = self.sent.iter().find(|it| matches!(it.body.kind(), Kind::Decided | Kind::Answered));
        if decided.is_none_or(|it| it.seq <= message.seen) {
            self.reach(S::Withdrawn, at.now);
            self.tell(Body::WithdrawalAnswered, at.now);
        }
    }
}

/// What the log says of a message that came.
const fn told_of(kind: Kind) -> EventType {
    use EventType as E;
    match kind {
        Kind::Sent => E::TransnationalReceived,
        Kind::Acknowledged => E::TransnationalAcknowledged,
        Kind::Forwarded => E::TransnationalForwarded,
        Kind::Readdressed => E::TransnationalReaddressed,
        Kind::OfficeChanged => E::TransnationalOfficeChanged,
        Kind::InfoRequested => E::TransnationalInformationRequested,
        Kind::InfoGiven => E::TransnationalInformationProvided,
        Kind::AssessmentBegun => E::TransnationalAssessmentBegun,
        Kind::Decided => E::TransnationalAccepted,
        Kind::Answered => E::TransnationalAnswered,
        Kind::WithdrawalRequested | Kind::Voided => E::TransnationalWithdrawalRequested,
        Kind::WithdrawalAnswered => E::TransnationalWithdrawn,
        Kind::PlanProposed => E::TransnationalPlanProposed,
        Kind::PlanConfirmed => E::TransnationalPlanConfirmed,
        Kind::PlanRefused => E::TransnationalPlanRefused,
        Kind::Departed => E::TransnationalDeparted,
        Kind::TurnBackRequested | Kind::TurnedBack => E::TransnationalTurnedBack,
        Kind::Arrived => E::TransnationalArrived,
        Kind::HandedOver => E::TransnationalHandedOver,
        Kind::FollowedUp => E::TransnationalFollowedUp,
        Kind::Closed => E::TransnationalClosed,
        Kind::Suspended => E::TransnationalSuspended,
        Kind::Lifted => E::TransnationalSuspensionLifted,
        Kind::Notice => E::TransnationalNoticeGiven,
        Kind::NoticeAcknowledged => E::TransnationalNoticeAcknowledged,
    }
}
