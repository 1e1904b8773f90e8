//! The service: begun, delivered, ended, and what the sender is told of it (N8, N9, R107).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Referral, ReferralAct};
use crate::{
    Check, Decided, ProfessionalId, Refused, Timestamp, Violation,
    access::Caller,
    directory::CountryEntry,
    events::EventType,
    rules,
    vocabulary::{ReferralStatus, ServiceCode},
};

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

/// The end of a service, planned or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complete {
    /// What came of it.
    pub outcome: ReferralOutcome,
    /// What was delivered.
    pub delivered: Vec<ServiceCode>,
    /// Feedback to the sender; it may follow later.
    pub feedback: Option<String>,
}

/// How the service ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// What came of it.
    pub outcome: ReferralOutcome,
    /// What was delivered.
    pub delivered: Vec<ServiceCode>,
    /// Feedback to the sender.
    pub feedback: Option<Feedback>,
}

/// What the sender is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Feedback {
    /// In words.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// Who told it.
    pub by: Option<ProfessionalId>,
}

impl Referral {
    /// Begins the service (N8): the child is met.
    pub fn start(&self, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let value = self.moved(ReferralAct::Start, by, now)?;
        let on_time = self.sent.is_some_and(|it| now <= it.first_contact_by);
        let changes = self.changes(ReferralAct::Start, &value, Vec::new());
        let payload = json!({ "onTime": on_time });
        Ok(value.told(EventType::ReferralStarted, payload, Vec::new()).with_deadlines(changes))
    }

    /// Ends the service as planned (N9).
    pub fn complete(
        &self,
        act: Complete,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        self.end(ReferralAct::Complete, act, country, by, now)
    }

    /// Ends the service before its time, or before it began (N9).
    pub fn interrupt(
        &self,
        act: Complete,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        self.end(ReferralAct::Interrupt, act, country, by, now)
    }

    fn end(
        &self,
        act: ReferralAct,
        with: Complete,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(act, by, now)?;
        let mut check = Check::default();
        for code in with.delivered.iter().filter(|it| !self.services.contains(it)) {
            check.advise(false, || {
                Violation::plain("not_asked_for", "/delivered", format!("{code} was not asked for"))
            });
        }
        check.require(act != ReferralAct::Interrupt || with.outcome != ReferralOutcome::NeedsMet, || {
            let because = "what ended before its time has not met the needs";
            Violation::plain("outcome_contradicts", "/outcome", because)
        });
        check.advise(with.feedback.is_some(), || {
            Violation::of(&rules::R107, "/feedback", "the sender is not told yet what came of it")
        });
        let warnings = check.done()?;
        let feedback = with.feedback.map(|text| Feedback { text, at: now, by: by.professional });
        let payload = json!({
            "outcome": with.outcome, "delivered": with.delivered, "feedback": feedback.is_some(),
        });
        value.file.ended = Some(Ended { outcome: with.outcome, delivered: with.delivered, feedback });
        let opened = value.owes_feedback().then(|| value.duty_of_feedback(country, now)).flatten();
        let changes = self.changes(act, &value, opened.into_iter().collect());
        let event = match act {
            ReferralAct::Complete => EventType::ReferralCompleted,
            _ => EventType::ReferralInterrupted,
        };
        Ok(value.told(event, payload, warnings).with_deadlines(changes))
    }

    /// Tells the sender what came of it (N9, R107).
    pub fn give_feedback(&self, text: String, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::GiveFeedback, by, now)?;
        if let Some(ended) = value.file.ended.as_mut() {
            ended.feedback = Some(Feedback { text, at: now, by: by.professional });
        }
        let changes = self.changes(ReferralAct::GiveFeedback, &value, Vec::new());
        Ok(value.told(EventType::ReferralFeedbackGiven, json!({}), Vec::new()).with_deadlines(changes))
    }

    /// Whether the service has ended and the sender was not told what came of it.
    pub fn owes_feedback(&self) -> bool {
        let ended = matches!(self.status, ReferralStatus::Completed | ReferralStatus::Interrupted);
        ended && self.file.ended.as_ref().is_some_and(|it| it.feedback.is_none())
    }
}
