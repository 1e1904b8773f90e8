//! The receiver's answers and the sender's cancellation (N3 to N10, R82).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Acceptance, Referral, ReferralAct};
use crate::{
    AgencyId, Check, Day, Decided, Refused, Timestamp, Violation, access::Caller, directory::Profile,
    events::EventType, rules, vocabulary::DeclineReason,
};

/// Accepting: who answers for it and when the child is first met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Who of the receiver answers for it.
    pub worker: String,
    /// The first appointment.
    pub first_appointment_on: Day,
}

/// Declining, with a reason and where else the child may be helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decline {
    /// The coded reason.
    pub reason: DeclineReason,
    /// The reason in words.
    pub explanation: Option<String>,
    /// Where else the child may be helped.
    pub suggestion: Option<Suggestion>,
}

/// Where else the child may be helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Suggestion {
    /// An agency of the directory.
    Agency(AgencyId),
    /// Somebody outside the directory, in words.
    Other(String),
    /// None is known.
    NoneKnown,
}

/// Completing, with feedback to the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Complete {
    /// What came of it.
    pub outcome: ReferralOutcome,
    /// Feedback to the sender.
    pub feedback: String,
}

crate::codes! {
    /// What came of a referral.
    pub enum ReferralOutcome = "referral_outcome" {
        NeedsMet = "needs_met": "The needs were met",
        PartlyMet = "partly_met": "The needs were met in part",
        NotMet = "not_met": "The needs were not met",
        ChildDeclined = "child_declined": "The child did not want the service",
        NoLongerNeeded = "no_longer_needed": "The service was no longer needed",
    }
}

/// Cancelling, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancel {
    /// The reason in words.
    pub reason: String,
}

impl Referral {
    /// Confirms receipt (N3).
    pub fn acknowledge(&self, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let value = self.moved(ReferralAct::Acknowledge, by, now)?;
        let on_time = self.sent.is_some_and(|it| now <= it.acknowledge_by);
        Ok(value.decided(EventType::ReferralAcknowledged, json!({ "onTime": on_time }), Vec::new()))
    }

    /// Takes the responsibility on (N5).
    pub fn accept(&self, act: Accept, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Accept, by, now)?;
        let mut check = Check::default();
        check.require(act.first_appointment_on.0 >= now.date(), || {
            Violation::plain("in_the_past", "/firstAppointmentOn", "the first appointment lies in the past")
        });
        let latest = self.sent.map(|it| it.first_contact_by.date());
        check.advise(latest.is_none_or(|it| act.first_appointment_on.0 <= it), || {
            Violation::of(&rules::R85, "/firstAppointmentOn", "later than the urgency of the referral allows")
        });
        let warnings = check.done()?;
        let payload = json!({ "firstAppointmentOn": act.first_appointment_on });
        value.file.acceptance = Some(Acceptance {
            worker: act.worker,
            first_appointment_on: act.first_appointment_on,
            by: by.professional,
        });
        Ok(value.decided(EventType::ReferralAccepted, payload, warnings))
    }

    /// Declines (N6): a lawful reason, and where else the child may be helped or that nothing is known (R82, R84).
    pub fn decline(
        &self,
        act: Decline,
        profile: &Profile,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Decline, by, now)?;
        let mut check = Check::default();
        check.require(!act.reason.forbidden(), || {
            Violation::of(&rules::R82, "/reason", format!("{} is never a ground to decline", act.reason))
        });
        check.require(act.suggestion.is_some(), || {
            Violation::of(&rules::R82, "/noneKnown", "no suggestion is given, and not that none is known")
        });
        check.require(act.reason != DeclineReason::Other || act.explanation.is_some(), || {
            Violation::of(&rules::R82, "/explanation", "another reason must be explained")
        });
        check.require(!profile.must_accept.value.contains(&self.to_type), || {
            Violation::of(&rules::R84, "", "the national profile obliges this type of agency to accept")
        });
        let warnings = check.done()?;
        let payload = json!({ "reason": act.reason });
        value.file.decline = Some(act);
        Ok(value.decided(EventType::ReferralDeclined, payload, warnings))
    }

    /// Begins the service (N8).
    pub fn start(&self, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let value = self.moved(ReferralAct::Start, by, now)?;
        Ok(value.decided(EventType::ReferralStarted, json!({}), Vec::new()))
    }

    /// Ends the service with its outcome (N9).
    pub fn complete(&self, act: Complete, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Complete, by, now)?;
        let payload = json!({ "outcome": act.outcome });
        value.file.completion = Some(act);
        Ok(value.decided(EventType::ReferralCompleted, payload, Vec::new()))
    }

    /// Withdraws it (N10).
    pub fn cancel(&self, act: Cancel, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Cancel, by, now)?;
        value.file.cancellation = Some(act);
        Ok(value.decided(EventType::ReferralCancelled, json!({}), Vec::new()))
    }

    fn moved(&self, act: ReferralAct, by: &Caller, now: Timestamp) -> Result<Self, Refused> {
        let status = self.next(act, by)?;
        Ok(Self { status, status_at: now, version: self.version.next(), ..self.clone() })
    }

    fn decided(self, event: EventType, payload: Value, warnings: Vec<Violation>) -> Decided<Self> {
        let facts = vec![self.fact(event, payload)];
        Decided { value: self, facts, warnings }
    }
}
