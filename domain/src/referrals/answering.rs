//! The receiver's answers and the sender's cancellation (N3, N5, N6, N10, R82, R84).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Acceptance, Followed, Origin, OriginKind, Referral, ReferralAct};
use crate::{
    AgencyId, Check, Day, Decided, Reference, ReferralId, Refused, Timestamp, Violation,
    access::Caller,
    deadlines::{Change, DutyKind},
    directory::CountryEntry,
    events::EventType,
    rules,
    vocabulary::{DeclineReason, ServiceCode},
};

/// Accepting: who answers for it, when the child is first met, and what of it if not all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Who of the receiver answers for it.
    pub worker: String,
    /// The first appointment.
    pub first_appointment_on: Day,
    /// What is accepted; all that was asked where nothing is said.
    pub services: Option<Vec<ServiceCode>>,
}

/// Id and reference of the referral that is made of what was not accepted.
pub type Rest = (ReferralId, Reference);

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

/// Cancelling, with a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancel {
    /// The reason in words.
    pub reason: String,
}

/// R82: the grounds on which nobody may be turned away, and another reason in words.
pub(super) fn check_ground(check: &mut Check, reason: DeclineReason, explained: bool) {
    check.require(!reason.forbidden(), || {
        Violation::of(&rules::R82, "/reason", format!("{reason} is never a ground to decline"))
    });
    check.require(reason != DeclineReason::Other || explained, || {
        Violation::of(&rules::R82, "/explanation", "another reason must be explained")
    });
}

impl Referral {
    /// Confirms receipt (N3).
    pub fn acknowledge(&self, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let value = self.moved(ReferralAct::Acknowledge, by, now)?;
        let on_time = self.sent.is_some_and(|it| now <= it.acknowledge_by);
        let changes = self.changes(ReferralAct::Acknowledge, &value, Vec::new());
        let payload = json!({ "onTime": on_time });
        Ok(value.told(EventType::ReferralAcknowledged, payload, Vec::new()).with_deadlines(changes))
    }

    /// Takes the responsibility on (N5). What is not accepted becomes a draft of the sender, which keeps the clock.
    pub fn accept(
        &self,
        act: Accept,
        rest: Rest,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Followed, Refused> {
        let mut value = self.moved(ReferralAct::Accept, by, now)?;
        let mut check = Check::default();
        check.require(act.first_appointment_on.0 >= country.day_of(now), || {
            Violation::plain("in_the_past", "/firstAppointmentOn", "the first appointment lies in the past")
        });
        // What is due at the end of a day is due on that day, not on the next.
        let last = |it: Timestamp| country.day_of(it.plus(-time::Duration::MICROSECOND));
        let latest = self.sent.map(|it| last(it.first_contact_by));
        check.advise(latest.is_none_or(|it| act.first_appointment_on.0 <= it), || {
            Violation::of(&rules::R85, "/firstAppointmentOn", "later than the urgency of the referral allows")
        });
        for code in act.services.iter().flatten().filter(|it| !self.services.contains(it)) {
            check.require(false, || {
                Violation::plain("not_asked_for", "/services", format!("{code} is not asked for"))
            });
        }
        check.require(act.services.as_ref().is_none_or(|it| !it.is_empty()), || {
            Violation::plain("nothing_accepted", "/services", "decline what is not accepted at all")
        });
        let warnings = check.done()?;
        let accepted = act.services.filter(|some| self.services.iter().any(|it| !some.contains(it)));
        let left: Vec<_> = match &accepted {
            Some(some) => self.services.iter().copied().filter(|it| !some.contains(it)).collect(),
            None => Vec::new(),
        };
        value.file.acceptance = Some(Acceptance {
            worker: act.worker,
            first_appointment_on: act.first_appointment_on,
            by: by.professional,
            services: accepted,
        });
        let next = (!left.is_empty()).then(|| self.rest(rest, left, country, now));
        value.file.followed_by.extend(next.iter().map(|it| it.value.id));
        let payload = json!({ "firstAppointmentOn": act.first_appointment_on, "partial": next.is_some() });
        let mut changes = self.changes(ReferralAct::Accept, &value, Vec::new());
        changes.push(Change::Assigned {
            subject_id: self.id.0,
            kind: DutyKind::FirstContact,
            professional: by.professional,
        });
        let this = value.told(EventType::ReferralAccepted, payload, warnings).with_deadlines(changes);
        Ok(Followed { this, next })
    }

    fn rest(
        &self,
        rest: Rest,
        left: Vec<ServiceCode>,
        country: &CountryEntry,
        now: Timestamp,
    ) -> Decided<Self> {
        let origin = Origin {
            kind: OriginKind::Rest,
            referral: self.id,
            clock: self.clock(now),
            reroutes: self.origin.map_or(0, |it| it.reroutes),
        };
        let next = self.follow_up(rest, None, left, origin, now);
        let opened = next.duty_of_next_step(country, now).into_iter();
        let opened = opened.map(|it| Change::Opened(Box::new(it))).collect();
        let payload = json!({ "originId": self.id, "origin": OriginKind::Rest });
        next.told(EventType::ReferralDrafted, payload, Vec::new()).with_deadlines(opened)
    }

    /// Declines (N6): a lawful reason, and where else the child may be helped or that nothing is known (R82). Whom law
    /// obliges to accept may not (R84).
    pub fn decline(
        &self,
        act: Decline,
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Decline, by, now)?;
        let mut check = Check::default();
        check_ground(&mut check, act.reason, act.explanation.is_some());
        check.require(act.suggestion.is_some(), || {
            Violation::of(&rules::R82, "/noneKnown", "no suggestion is given, and not that none is known")
        });
        let warnings = check.done()?;
        let payload = json!({ "reason": act.reason });
        value.file.decline = Some(act);
        let opened = value.duty_of_next_step(country, now).into_iter().collect();
        let changes = self.changes(ReferralAct::Decline, &value, opened);
        Ok(value.told(EventType::ReferralDeclined, payload, warnings).with_deadlines(changes))
    }

    /// Withdraws it (N10), or says after a refusal that no other help is needed.
    pub fn cancel(&self, act: Cancel, by: &Caller, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::Cancel, by, now)?;
        value.file.cancellation = Some(act);
        let changes = self.changes(ReferralAct::Cancel, &value, Vec::new());
        Ok(value.told(EventType::ReferralCancelled, json!({}), Vec::new()).with_deadlines(changes))
    }

    /// Ends what nobody answered though everybody was told (N11): the sender is responsible again.
    pub fn expire(&self, country: &CountryEntry, now: Timestamp) -> Result<Decided<Self>, Refused> {
        let value = self.with_status(self.next_by_itself(ReferralAct::Expire)?, now);
        let opened = value.duty_of_next_step(country, now).into_iter().collect();
        let changes = self.changes(ReferralAct::Expire, &value, opened);
        Ok(value.told(EventType::ReferralExpired, json!({}), Vec::new()).with_deadlines(changes))
    }
}
