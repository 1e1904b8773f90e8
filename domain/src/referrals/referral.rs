//! The referral itself: its state, and what was written on the way.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Cancel, Decline, Ended, Exchange, LaterView, Package, ProposeReroute, ReferralAct, ReferralSide, Routing,
    Send,
};
use crate::{
    AgencyId, CaseId, ChildId, Day, Decided, ProfessionalId, Reference, ReferralId, Refused, ServiceId,
    Timestamp, Version, Violation,
    access::{Caller, Relation, Section, sections},
    deadlines::Pause,
    directory::Area,
    events::{EventType, Fact, SubjectKind},
    text::Country,
    vocabulary::{AgencyType, DataClass, ReferralReason, ReferralStatus, ServiceCode, Urgency},
};

/// A referral with everything that rules need of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The country.
    pub country: Country,
    /// The case.
    pub case: CaseId,
    /// The reference of the case.
    pub case_reference: Reference,
    /// The child; never leaves the node.
    pub child: ChildId,
    /// The agency that refers.
    pub from: AgencyId,
    /// Who is asked; nobody yet in a draft for which no receiver is chosen.
    pub to: Option<Receiver>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Why it is made.
    pub reasons: Vec<ReferralReason>,
    /// What is asked for.
    pub services: Vec<ServiceCode>,
    /// Its status.
    pub status: ReferralStatus,
    /// When it was drafted.
    pub drafted_at: Timestamp,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// When it was sent, with the instants by which it must be answered.
    pub sent: Option<Sent>,
    /// The referral that it follows from.
    pub origin: Option<Origin>,
    /// How far an unmet duty of it was escalated; 0 is not at all (N11).
    pub escalation: u8,
    /// What was written on the way; sealed.
    pub file: File,
    /// Its version.
    pub version: Version,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// The agency.
    pub agency: AgencyId,
    /// What kind of agency that is.
    pub agency_type: AgencyType,
    /// The service that is asked, if one is named.
    pub service: Option<ServiceId>,
}

/// When a referral was sent and by when it must be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// When it was sent.
    pub at: Timestamp,
    /// By when the receiver acknowledges.
    pub acknowledge_by: Timestamp,
    /// By when the receiver decides.
    pub decide_by: Timestamp,
    /// By when the child is first met.
    pub first_contact_by: Timestamp,
}

crate::codes! {
    /// How a referral follows from another one.
    pub enum OriginKind = "referral_origin" {
        Rerouted = "rerouted": "The same need with another receiver",
        Rest = "rest": "What the receiver of the other one did not accept",
    }
}

/// The referral that another one follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// How it follows.
    pub kind: OriginKind,
    /// The other one.
    pub referral: ReferralId,
    /// When the first of the chain was sent: the clock that keeps running (R83).
    pub clock: Timestamp,
    /// How often the need was rerouted so far.
    pub reroutes: u16,
}

/// What is written in the course of a referral: carried, sealed, not used by filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct File {
    /// What is asked and why, in the sender's words.
    pub summary: String,
    /// Where in the country it is needed.
    pub area: Option<Area>,
    /// Why it goes to whom it goes, where the sender named nobody.
    pub routing: Option<Routing>,
    /// The agencies that were asked for the same need before.
    pub tried: Vec<AgencyId>,
    /// What the sender is preparing to send.
    pub prepared: Option<Send>,
    /// What was disclosed and on what basis, once sent.
    pub package: Option<Package>,
    /// Who sent it.
    pub sent_by: Option<ProfessionalId>,
    /// Whether law obliges the receiver to accept, as the profile had it at sending (R84).
    pub must_accept: bool,
    /// Questions of the receiver and answers of the sender (N4).
    pub exchanges: Vec<Exchange>,
    /// The one time in which the decision stood still.
    pub pause: Option<Pause>,
    /// The child's view, recorded after sending.
    pub later_view: Option<LaterView>,
    /// The answer of the receiver that accepted.
    pub acceptance: Option<Acceptance>,
    /// The answer of the receiver that declined.
    pub decline: Option<Decline>,
    /// The receiver's proposal to reroute together.
    pub reroute_proposal: Option<ProposeReroute>,
    /// How the service ended.
    pub ended: Option<Ended>,
    /// Why it was cancelled.
    pub cancellation: Option<Cancel>,
    /// The referrals that follow from it.
    pub followed_by: Vec<ReferralId>,
}

/// What the receiver promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acceptance {
    /// Who of the receiver answers for it.
    pub worker: String,
    /// The first appointment.
    pub first_appointment_on: Day,
    /// Who accepted.
    pub by: Option<ProfessionalId>,
    /// What was accepted, where that is not all.
    #[serde(default)]
    pub services: Option<Vec<ServiceCode>>,
}

impl Referral {
    /// Which side of the referral the caller's agency is; a draft is its sender's alone.
    pub fn side(&self, caller: &Caller) -> Option<ReferralSide> {
        if caller.country != self.country {
            None
        } else if caller.agency == self.from {
            Some(ReferralSide::Sender)
        } else if self.receiver().is_some_and(|it| it.agency == caller.agency) {
            Some(ReferralSide::Receiver)
        } else {
            None
        }
    }

    /// The receiver, once it was sent to it.
    pub fn receiver(&self) -> Option<Receiver> {
        self.to.filter(|_| self.sent.is_some())
    }

    /// Whether a side reads the content: a receiver does while it has the referral; then it keeps its own answer and
    /// nothing else (N6).
    pub fn content_open_to(&self, side: ReferralSide) -> bool {
        use ReferralStatus as S;
        match side {
            ReferralSide::Sender => true,
            ReferralSide::Receiver => {
                matches!(
                    self.status,
                    S::Sent | S::Acknowledged | S::InfoRequested | S::Accepted | S::InService
                )
            }
        }
    }

    /// The agency that is responsible for what happens next; none once it has ended or another referral goes on.
    pub fn responsible(&self) -> Option<AgencyId> {
        use ReferralStatus as S;
        match self.status {
            S::Draft | S::InfoRequested | S::Declined | S::Expired => Some(self.from),
            S::Sent | S::Acknowledged | S::Accepted | S::InService => self.to.map(|it| it.agency),
            S::Rerouted | S::Completed | S::Interrupted | S::Cancelled => None,
        }
    }

    /// Whether it asks for nothing any more.
    pub fn over(&self) -> bool {
        self.responsible().is_none()
    }

    /// The classes that the receiver is given while it has the referral.
    pub fn disclosed(&self) -> Vec<DataClass> {
        self.file
            .package
            .as_ref()
            .map(|it| it.disclosures.iter().map(|d| d.data_class).collect())
            .unwrap_or_default()
    }

    /// What a reader of a side sees of each class: at most what was disclosed. The order that criminal justice needs for what
    /// others tell it is not asked of whoever sent it from a case of its own.
    pub fn seen_by(&self, reader: &Caller, side: ReferralSide) -> Vec<Section> {
        let given = sections(reader, &Relation::from(self.disclosed()));
        if side == ReferralSide::Receiver {
            return given;
        }
        let own = sections(reader, &Relation::Opener);
        let pick = |(given, own): (Section, Section)| if given.reason == "legal_basis" { own } else { given };
        given.into_iter().zip(own).map(pick).collect()
    }

    /// When the clock of the chain began: at the first sending.
    pub fn clock(&self, now: Timestamp) -> Timestamp {
        self.origin.map(|it| it.clock).or(self.sent.map(|it| it.at)).unwrap_or(now)
    }

    /// The value after an act of a caller.
    pub(super) fn moved(&self, act: ReferralAct, by: &Caller, now: Timestamp) -> Result<Self, Refused> {
        Ok(self.with_status(self.next(act, by)?, now))
    }

    pub(super) fn with_status(&self, status: ReferralStatus, now: Timestamp) -> Self {
        let status_at = if status == self.status { self.status_at } else { now };
        Self { status, status_at, version: self.version.next(), ..self.clone() }
    }

    pub(super) fn told(self, event: EventType, payload: Value, warnings: Vec<Violation>) -> Decided<Self> {
        let facts = vec![self.fact(event, payload)];
        Decided::new(self, facts, warnings)
    }

    pub(super) fn fact(&self, event: EventType, payload: Value) -> Fact {
        let mut audience = vec![self.from];
        audience.extend(self.receiver().map(|it| it.agency));
        Fact {
            event,
            subject: SubjectKind::Referral,
            subject_id: self.id.0,
            version: self.version.0,
            case: Some(self.case),
            audience,
            payload,
        }
    }
}
