//! National referrals: one agency asks another to take a defined responsibility or service for a child.

mod actions;
mod answering;
mod sending;
#[cfg(test)]
mod tests;
mod transitions;

pub use actions::{Action, Blocked};
pub use answering::{Accept, Cancel, Complete, Decline, ReferralOutcome, Suggestion};
pub use sending::{ChildView, Disclosure, HandlingCaveat, Package, PackageChild, Send, View};
pub use transitions::{ReferralAct, ReferralSide, TRANSITIONS, Transition};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    AgencyId, CaseId, ChildId, Day, Decided, ProfessionalId, Reference, ReferralId, Refused, ServiceId,
    Timestamp, Version, Violation,
    access::{Caller, Relation},
    cases::Case,
    directory::{Agency, Candidate, Moment, Need, Service, rank, verdict},
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
    /// The agency that is asked.
    pub to: AgencyId,
    /// What kind of agency that is.
    pub to_type: AgencyType,
    /// The service that is asked, if one is named.
    pub to_service: Option<ServiceId>,
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
    /// What was written on the way; sealed.
    pub file: File,
    /// Its version.
    pub version: Version,
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

/// What is written in the course of a referral: carried, sealed, not used by filters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct File {
    /// What is asked and why, in the sender's words.
    pub summary: String,
    /// What was disclosed and on what basis, once sent.
    pub package: Option<Package>,
    /// The answer of the receiver that accepted.
    pub acceptance: Option<Acceptance>,
    /// The answer of the receiver that declined.
    pub decline: Option<Decline>,
    /// The outcome, once completed.
    pub completion: Option<Complete>,
    /// Why it was cancelled.
    pub cancellation: Option<Cancel>,
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
}

/// What is needed to draft a referral.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// Why it is made.
    pub reasons: Vec<ReferralReason>,
    /// What is asked for.
    pub services: Vec<ServiceCode>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// What is asked and why.
    pub summary: String,
}

/// What is known of how the receiver's services fit the child.
#[derive(Clone, Copy, Debug)]
pub struct Fit<'a> {
    /// The service that is asked, if one is named.
    pub chosen: Option<&'a Service>,
    /// What the receiver offers.
    pub offered: &'a [Service],
    /// What the child needs.
    pub need: &'a Need,
    /// When.
    pub at: Moment,
}

impl Fit<'_> {
    /// Why it does not fit, for warnings (N1): what is not offered at all, and the verdict of the directory on the
    /// service that is asked; where none is named, on the best of those that the receiver would choose from.
    fn misfits(&self, to: &Agency) -> Vec<Violation> {
        let mut found = Vec::new();
        for code in &self.need.services {
            let offered = self.offered.iter().filter(|it| it.entry.active && it.service == *code);
            let ranked = rank(self.need, offered.map(|service| Candidate { agency: to, service }), self.at);
            match ranked.first() {
                None => found.push(Violation::plain(
                    "service_not_offered",
                    "/services",
                    format!("the receiver does not offer {code}"),
                )),
                Some(best) if self.chosen.is_none() => {
                    found.extend(best.verdict.misfits.iter().map(|it| it.warning("/services")));
                }
                Some(_) => {}
            }
        }
        if let Some(service) = self.chosen {
            let verdict = verdict(self.need, to, service, self.at);
            found.extend(verdict.misfits.iter().map(|it| it.warning("/toServiceId")));
        }
        let mut once: Vec<Violation> = Vec::new();
        for it in found {
            if !once.contains(&it) {
                once.push(it);
            }
        }
        once
    }
}

impl Referral {
    /// Drafts a referral (N1). A service that does not fit the child warns and does not refuse.
    pub fn draft(
        new: Draft,
        (case, relation): (&Case, &Relation),
        to: &Agency,
        fit: &Fit<'_>,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if !relation.own() {
            return Err(Refused::not_yours("only the agencies that lead or opened the case refer the child"));
        }
        let mut check = crate::Check::default();
        check.require(to.id != by.agency, || {
            Violation::plain("refers_to_itself", "/toAgencyId", "an agency does not refer to itself")
        });
        check.require(to.active, || {
            Violation::plain("agency_inactive", "/toAgencyId", "the agency takes no part at present")
        });
        for misfit in fit.misfits(to) {
            check.advise(false, || misfit);
        }
        let warnings = check.done()?;
        let value = Self {
            id: new.id,
            reference: new.reference,
            country: by.country,
            case: case.id,
            case_reference: case.reference.clone(),
            child: case.child,
            from: by.agency,
            to: to.id,
            to_type: to.agency_type,
            to_service: fit.chosen.map(|it| it.id),
            urgency: new.urgency,
            reasons: new.reasons,
            services: new.services,
            status: ReferralStatus::Draft,
            drafted_at: now,
            status_at: now,
            sent: None,
            file: File { summary: new.summary, ..File::default() },
            version: Version::FIRST,
        };
        let facts = vec![value.fact(EventType::ReferralDrafted, json!({}))];
        Ok(Decided { value, facts, warnings })
    }

    /// Which side of the referral the caller's agency is; a draft is its sender's alone.
    pub fn side(&self, caller: &Caller) -> Option<ReferralSide> {
        if caller.country != self.country {
            None
        } else if caller.agency == self.from {
            Some(ReferralSide::Sender)
        } else if caller.agency == self.to && self.sent.is_some() {
            Some(ReferralSide::Receiver)
        } else {
            None
        }
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

    /// The classes that the receiver is given while it has the referral.
    pub fn disclosed(&self) -> Vec<DataClass> {
        self.file
            .package
            .as_ref()
            .map(|it| it.disclosures.iter().map(|d| d.data_class).collect())
            .unwrap_or_default()
    }

    fn fact(&self, event: EventType, payload: Value) -> Fact {
        let mut audience = vec![self.from];
        if self.sent.is_some() {
            audience.push(self.to);
        }
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
