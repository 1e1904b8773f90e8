//! Questions before a decision (N4, R105): the time to decide stands still once, never without an end.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Referral, ReferralAct};
use crate::{
    Decided, ProfessionalId, Refused, Timestamp,
    access::Caller,
    deadlines::{Change, DutyKind, Pause},
    directory::CountryEntry,
    events::EventType,
    rules,
};

/// A question of the receiver, with the sender's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Who asked.
    pub asked_by: Option<ProfessionalId>,
    /// The question.
    pub question: String,
    /// By when the sender answers.
    pub answer_by: Timestamp,
    /// The answer.
    pub reply: Option<Reply>,
}

/// The sender's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// When.
    pub at: Timestamp,
    /// Who answered.
    pub by: Option<ProfessionalId>,
    /// The answer.
    pub text: String,
}

impl Referral {
    /// Asks the sender a question. The first one stops the time to decide until it is answered, at the longest for as
    /// long as the sender has to answer: the deadline moves by that much, and back when the answer comes earlier.
    pub fn request_information(
        &self,
        question: String,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::RequestInformation, by, now)?;
        let duty = value.duty_of_information(country, now).ok_or_else(|| no_time(&rules::R105))?;
        let answer_by = duty.due_at;
        value.file.exchanges.push(Exchange {
            asked_at: now,
            asked_by: by.professional,
            question,
            answer_by,
            reply: None,
        });
        let mut changes = self.changes(ReferralAct::RequestInformation, &value, vec![duty]);
        let due_before = self.sent.map(|it| it.decide_by).filter(|it| *it >= now);
        let stands = due_before.filter(|_| self.file.pause.is_none());
        if let Some(due_before) = stands {
            let pause = Pause { since: now, until: answer_by, ended: false, due_before, skipped: Vec::new() };
            changes.extend(value.paused(pause, country));
        }
        let decide_by = value.sent.map(|it| it.decide_by);
        let payload = json!({ "answerBy": answer_by, "pauses": stands.is_some(), "decideBy": decide_by });
        Ok(value.told(EventType::ReferralInformationRequested, payload, Vec::new()).with_deadlines(changes))
    }

    /// Answers the receiver's question; the time to decide runs on.
    pub fn provide_information(
        &self,
        text: String,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::ProvideInformation, by, now)?;
        if let Some(open) = value.file.exchanges.last_mut() {
            open.reply = Some(Reply { at: now, by: by.professional, text });
        }
        let mut changes = self.changes(ReferralAct::ProvideInformation, &value, Vec::new());
        if let Some(pause) = self.file.pause.clone().filter(|it| !it.ended) {
            let pause = Pause { until: now.min(pause.until), ended: true, ..pause };
            changes.extend(value.paused(pause, country));
        }
        let payload = json!({ "decideBy": value.sent.map(|it| it.decide_by) });
        Ok(value.told(EventType::ReferralInformationProvided, payload, Vec::new()).with_deadlines(changes))
    }

    /// Moves the time to decide by a pause.
    fn paused(&mut self, pause: Pause, country: &CountryEntry) -> Option<Change> {
        let span = country.profile.times(self.urgency)?.decide;
        let stood = pause.until.raw() - pause.since.raw();
        let limit = country.working_time()?.prolonged(pause.due_before, span, stood);
        let (due_at, pause) = (limit.at, Pause { skipped: limit.skipped, ..pause });
        self.file.pause = Some(pause.clone());
        self.sent = self.sent.map(|it| super::Sent { decide_by: due_at, ..it });
        Some(Change::Moved { subject_id: self.id.0, kind: DutyKind::Decide, due_at, pause })
    }
}

fn no_time(rule: &'static crate::rules::Rule) -> Refused {
    let because = "the national profile sets no time for it, or has no calendar";
    Refused::Broken(vec![crate::Violation::of(rule, "", because)])
}
