//! Rerouting (N7, N12, R83): another receiver for the same need, by the sender or together.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Followed, Origin, OriginKind, Receiver, Referral, ReferralAct, answering::check_ground, drafting::Fit,
};
use crate::{
    AgencyId, Check, Reference, ReferralId, Refused, Timestamp, Violation, access::Caller, deadlines::Change,
    directory::CountryEntry, events::EventType, rules, vocabulary::DeclineReason,
};

/// How often a need is rerouted before the coordinator is told (R83).
const REROUTES_TO_COORDINATOR: u16 = 3;

/// The receiver's proposal that another agency takes it over; it stays responsible until then (N12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProposeReroute {
    /// Why, as for a refusal.
    pub reason: DeclineReason,
    /// The reason in words.
    pub explanation: Option<String>,
    /// The agency that would take it over.
    pub to: AgencyId,
}

/// Rerouting: the referral that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reroute {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
}

impl Referral {
    /// Proposes that another agency takes it over (N12). A later proposal takes the place of an earlier one.
    pub fn propose_reroute(
        &self,
        act: ProposeReroute,
        by: &Caller,
        now: Timestamp,
    ) -> Result<crate::Decided<Self>, Refused> {
        let mut value = self.moved(ReferralAct::ProposeReroute, by, now)?;
        let mut check = Check::default();
        check_ground(&mut check, act.reason, act.explanation.is_some());
        check.require(act.to != by.agency && act.to != self.from, || {
            let because = "it is proposed to one of the two sides";
            Violation::plain("not_another_agency", "/toAgencyId", because)
        });
        let warnings = check.done()?;
        let payload = json!({ "reason": act.reason, "toAgencyId": act.to });
        value.file.reroute_proposal = Some(act);
        Ok(value.told(EventType::ReferralRerouteProposed, payload, warnings))
    }

    /// Asks another receiver for the same need (N7). The new referral is a draft that keeps the first clock (R83); it
    /// is sent in the same act or later. The third reroute of a need is told to the coordinator.
    pub fn reroute(
        &self,
        act: Reroute,
        to: &Fit<'_>,
        (country, coordinator): (&CountryEntry, Option<AgencyId>),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Followed, Refused> {
        let mut value = self.moved(ReferralAct::Reroute, by, now)?;
        let mut check = Check::default();
        to.check(&mut check, by.agency);
        check.require(self.to.is_none_or(|it| it.agency != to.agency.id), || {
            Violation::plain("same_receiver", "/toAgencyId", "this agency did not take it")
        });
        let reroutes = self.origin.map_or(0, |it| it.reroutes).saturating_add(1);
        let told = reroutes >= REROUTES_TO_COORDINATOR;
        check.advise(!told, || {
            Violation::of(
                &rules::R83,
                "",
                format!("reroute {reroutes} of this need: the coordinator is told"),
            )
        });
        let warnings = check.done()?;
        let clock = self.clock(now);
        let origin = Origin { kind: OriginKind::Rerouted, referral: self.id, clock, reroutes };
        let receiver = Receiver {
            agency: to.agency.id,
            agency_type: to.agency.agency_type,
            service: to.chosen.map(|it| it.id),
        };
        let mut next =
            self.follow_up((act.id, act.reference), Some(receiver), self.services.clone(), origin, now);
        next.file.routing = to.routing.cloned();
        value.file.followed_by.push(next.id);
        let changes = self.changes(ReferralAct::Reroute, &value, Vec::new());
        let payload = json!({ "nextId": next.id, "reroutes": reroutes });
        let mut this = value.told(EventType::ReferralRerouted, payload, warnings).with_deadlines(changes);
        if told {
            let mut fact = next
                .fact(EventType::ReferralRerouteEscalated, json!({ "reroutes": reroutes, "clock": clock }));
            fact.audience.extend(coordinator);
            this.facts.push(fact);
        }
        let opened = next.duty_of_next_step(country, now).into_iter();
        let opened = opened.map(|it| Change::Opened(Box::new(it))).collect();
        let payload = json!({ "originId": self.id, "origin": OriginKind::Rerouted, "clock": clock });
        let next = next.told(EventType::ReferralDrafted, payload, Vec::new()).with_deadlines(opened);
        Ok(Followed { this, next: Some(next) })
    }
}
