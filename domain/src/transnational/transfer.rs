//! The move of the child: a plan that both sides confirm, departure, turning back, arrival, handover, follow-up
//! (T12 to T16). Every step asks anew for the safeguards R47 to R56.

use serde_json::json;

use super::{Arrangement, At, Body, Handover, Plan, Readiness, Request, RequestAct as A, states::UNDECIDED};
use crate::{
    Check, Decided, MissingEpisodeId, Refused, Timestamp, Violation,
    cases::lifecycle::{FoundOutcome, RecordFound, ReportMissing, ToldPolice},
    deadlines::DutyKind,
    rules,
    vocabulary::TransnationalRequestStatus as S,
};

/// How long after the planned time a child that has not arrived is missing.
pub const ARRIVAL_GRACE: time::Duration = time::Duration::hours(4);

/// How far a departure may be off its plan, early or late, before a new plan is needed; no external source sets it.
pub const DEPARTURE_LEEWAY: time::Duration = time::Duration::hours(24);

impl Request {
    /// Whether a plan waits for the confirmation of the requested side.
    pub(super) fn plan_waits(&self) -> bool {
        self.transfer.plan.as_ref().is_some_and(|it| it.version != self.transfer.confirmed)
    }

    /// Whether the requested side owes an answer to the last plan: it has neither confirmed nor refused it.
    pub(super) fn plan_unanswered(&self) -> bool {
        self.plan_waits() && self.transfer.plan.as_ref().is_some_and(|it| it.version != self.transfer.refused)
    }

    /// Whether both sides have confirmed the last plan.
    pub fn plan_agreed(&self) -> bool {
        self.transfer.plan.as_ref().is_some_and(|it| it.version == self.transfer.confirmed)
    }

    /// The version of the next plan.
    pub fn next_plan(&self) -> u16 {
        self.transfer.plan.as_ref().map_or(0, |it| it.version).saturating_add(1)
    }

    /// When a child on the way is missing; none while it is not on the way.
    pub fn missing_from(&self) -> Option<Timestamp> {
        let plan = self.transfer.plan.as_ref().filter(|_| self.status == S::InTransit)?;
        Some(plan.arrives_at.plus(ARRIVAL_GRACE))
    }

    /// R56: where nobody has answered yet, it is the silence that refuses a move, whatever else the state says.
    fn silent(&self, refused: Refused) -> Refused {
        let unanswered =
            self.sent_at.is_some() && self.decision.is_none() && UNDECIDED.contains(&self.status);
        match refused {
            Refused::WrongState(_) if unanswered => {
                let because = "the requested country has not accepted: silence is not consent";
                Refused::Broken(vec![Violation::of(&rules::R56, "", because)])
            }
            other => other,
        }
    }

    /// R74: nothing is planned or begun while the child is missing.
    fn check_there(check: &mut Check, missing: bool) {
        check.require(!missing, || {
            Violation::of(&rules::R74, "", "the child is missing: all planned moves are frozen")
        });
    }

    /// Proposes a plan (T12): the safeguards are named, the other side has accepted, the child is there.
    pub fn propose_plan(
        &self,
        plan: Plan,
        readiness: &Readiness,
        missing: bool,
        at: At<'_>,
    ) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::ProposePlan, at).map_err(|it| self.silent(it))?;
        let mut check = Check::default();
        Self::check_there(&mut check, missing);
        self.check_not_silent(&mut check);
        readiness.check(&mut check, self, at);
        check.require(plan.departs_at < plan.arrives_at && at.now <= plan.departs_at, || {
            Violation::plain("times_wrong", "/arrivesAt", "the child leaves from now on and arrives after it")
        });
        check.require(plan.version == self.next_plan(), || {
            Violation::plain("version_wrong", "/version", "plans are counted from 1, one by one")
        });
        let named = [&plan.from_place, &plan.to_place, &plan.escort].iter().all(|it| !it.trim().is_empty());
        let way = !plan.border_points.is_empty() && !plan.emergency_contacts.is_empty();
        check.require(named && way, || {
            let because = "places, border points, escort and whom to call on the way are named";
            Violation::plain("plan_incomplete", "", because)
        });
        let warnings = check.done()?;
        let payload = json!({ "version": plan.version, "arrivesAt": plan.arrives_at });
        value.transfer.proposed(plan.clone(), at.now);
        value.tell(Body::PlanProposed(plan), at.now);
        Ok(value.done(A::ProposePlan, payload, warnings, self, at))
    }

    /// Confirms the plan and names who receives the child (T12), for whom there is a case here (R112).
    pub fn confirm_plan(&self, arrangement: Arrangement, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::ConfirmPlan, at)?;
        let mut check = Check::default();
        check.require(self.case.is_some(), || {
            Violation::of(&rules::R112, "", "this country has no case of its own for the child")
        });
        check.require(
            !arrangement.carer.trim().is_empty() && !arrangement.emergency_contacts.is_empty(),
            || {
                let because = "who receives the child and whom to call there are named";
                Violation::of(&rules::R49, "/carer", because)
            },
        );
        let warnings = check.done()?;
        let version = self.transfer.plan.as_ref().map_or(0, |it| it.version);
        value.transfer.agreed(version, arrangement.clone());
        value.tell(Body::PlanConfirmed { version, arrangement }, at.now);
        Ok(value.done(A::ConfirmPlan, json!({ "version": version }), warnings, self, at))
    }

    /// Refuses the plan, or takes the confirmation back, for instance because the carer cannot come. If the child has
    /// left meanwhile, it is known on the way.
    pub fn refuse_plan(&self, because: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::RefusePlan, at)?;
        let version = self.transfer.plan.as_ref().map_or(0, |it| it.version);
        value.transfer.refused(version, at.now);
        value.tell(Body::PlanRefused { version, because }, at.now);
        Ok(value.done(A::RefusePlan, json!({ "version": version }), Vec::new(), self, at))
    }

    /// Lets the child go (T13), under the plan that both have confirmed and with safeguards that hold today.
    pub fn depart(&self, readiness: &Readiness, missing: bool, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Depart, at).map_err(|it| self.silent(it))?;
        let mut check = Check::default();
        Self::check_there(&mut check, missing);
        self.check_not_silent(&mut check);
        readiness.check(&mut check, self, at);
        let current = self.transfer.plan.as_ref().is_some_and(|it| at.now < it.arrives_at);
        check.require(current, || {
            let because = "the planned arrival has passed: propose a new plan";
            Violation::plain("plan_outdated", "", because)
        });
        let planned = self.transfer.plan.as_ref().map(|it| it.departs_at.raw() - at.now.raw());
        check.require(planned.is_some_and(|it| it.abs() <= DEPARTURE_LEEWAY), || {
            let because = "the planned departure is more than 24 hours away or past: propose a new plan";
            Violation::plain("departure_off_plan", "", because)
        });
        let warnings = check.done()?;
        value.transfer.left();
        value.tell(Body::Departed(value.transfer.confirmed), at.now);
        let payload = json!({ "plan": value.transfer.confirmed, "missingFrom": value.missing_from() });
        Ok(value.done(A::Depart, payload, warnings, self, at))
    }

    /// Brings the child back to the last safe place (T13b). The requesting side asks for it, because the child may have
    /// arrived already; the requested one says it.
    pub fn turn_back(&self, because: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::TurnBack, at)?;
        if self.side == super::Side::Requesting {
            value.transfer.turning_back = true;
            value.tell(Body::TurnBackRequested(because), at.now);
        } else {
            value.transfer.came_back(at.now);
            value.tell(Body::TurnedBack(because), at.now);
        }
        Ok(value.done(A::TurnBack, json!({}), Vec::new(), self, at))
    }

    /// Notes that the child has not arrived four hours after the planned time (T14): whoever reads the fact begins the
    /// protocol of a missing child and warns the other side. Each side notes it by its own clock; it decides nothing.
    pub fn note_missed_arrival(&self, at: At<'_>) -> Result<Decided<Self>, Refused> {
        self.missed(false, at)
    }

    /// The same where no case here can report the child missing: the office owes it, until the child is there again.
    pub fn note_unreported_arrival(&self, at: At<'_>) -> Result<Decided<Self>, Refused> {
        self.missed(true, at)
    }

    fn missed(&self, unreported: bool, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::NoteMissedArrival, at)?;
        let missing_from = self.missing_from().filter(|it| *it <= at.now);
        let Some(missing_from) = missing_from else {
            return Err(Refused::wrong_state("the child is not missing yet"));
        };
        (value.transfer.missed_at, value.transfer.unreported) = (Some(at.now), unreported);
        let warnings = vec![
            Violation::of(&rules::R74, "", "the child did not arrive: tell police at once"),
            Violation::of(&rules::R77, "", "the other country is warned with a danger notice"),
        ];
        let payload = json!({ "missingFrom": missing_from, "reported": !unreported });
        Ok(value.done(A::NoteMissedArrival, payload, warnings, self, at))
    }

    /// The report with which the protocol of a missing child begins on the case of this side, in the transaction that
    /// notes the missed arrival; none while nothing was noted.
    pub fn missing_report(&self) -> Option<ReportMissing> {
        let plan = self.transfer.plan.as_ref().filter(|_| self.transfer.missed_at.is_some())?;
        Some(ReportMissing {
            last_seen_at: plan.departs_at,
            circumstances: "Did not arrive as planned on the way to another country.".to_owned(),
            police: ToldPolice {
                not_yet: Some("Noted by the mechanism itself: tell police now.".to_owned()),
                ..ToldPolice::default()
            },
            cross_border: true,
        })
    }

    /// What the arrival of the child ends on the case of this side: the time at which it was missing because it had not
    /// arrived, and how it was found. None where nothing of the kind began, or the child has not arrived.
    pub fn found_by_arrival(&self, after: &Self) -> Option<(MissingEpisodeId, Timestamp)> {
        self.transfer.began.filter(|_| after.transfer.began.is_none()).zip(after.transfer.arrived_at)
    }

    /// The report that a child was found by arriving late. The clocks of two countries differ, and a plan may have been
    /// left early: it is found between when it was last seen and now.
    pub fn found_report(arrived: Timestamp, last_seen: Timestamp, now: Timestamp) -> RecordFound {
        RecordFound {
            outcome: FoundOutcome::FoundSafe,
            at: arrived.max(last_seen).min(now),
            circumstances:
                "Arrived late from another country, as the office there that received it has confirmed."
                    .to_owned(),
        }
    }

    /// When the child left: as planned or as noted, whichever is earlier, because people may note it late.
    fn left_at(&self) -> Option<Timestamp> {
        let all = if self.side == super::Side::Requesting { &self.sent } else { &self.received };
        let noted = all.iter().rev().find(|it| matches!(it.body, Body::Departed(_))).map(|it| it.at);
        let planned = self.transfer.plan.as_ref().map(|it| it.departs_at);
        noted.map(|it| planned.map_or(it, |planned| planned.min(it)))
    }

    /// Confirms that the child arrived (T14), late or not, but not before it left.
    pub fn confirm_arrival(&self, arrived: Timestamp, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::ConfirmArrival, at)?;
        let mut check = Check::default();
        check.require(arrived <= at.now, || {
            Violation::plain("in_the_future", "/arrivedAt", "an arrival is confirmed when it has happened")
        });
        // People write times down in minutes.
        let minute = |it: Timestamp| it.raw().unix_timestamp().div_euclid(60);
        let left = self.left_at();
        check.require(left.is_none_or(|it| minute(it) <= minute(arrived)), || {
            Violation::plain("before_departure", "/arrivedAt", "the child cannot arrive before it has left")
        });
        let warnings = check.done()?;
        value.transfer.arrived(arrived);
        value.tell(Body::Arrived(arrived), at.now);
        Ok(value.done(A::ConfirmArrival, json!({ "arrivedAt": arrived }), warnings, self, at))
    }

    /// Takes responsibility over (T15, R55): the child is there, with a guardian or carer, knows it, and the plan stands.
    pub fn hand_over(&self, handover: Handover, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::HandOver, at)?;
        let mut check = Check::default();
        for (holds, member, because) in [
            (self.transfer.arrived_at.is_some(), "", "the arrival is not confirmed"),
            (
                handover.carer_present.as_ref().is_some_and(|it| !it.trim().is_empty()),
                "/carerPresent",
                "no guardian or carer is with the child",
            ),
            (handover.plan_accepted, "/planAccepted", "the plan is not accepted"),
            (handover.child_told, "/childTold", "the child was not told"),
        ] {
            check.require(holds, || Violation::of(&rules::R55, member, because));
        }
        let warnings = check.done()?;
        value.handed_over_at = Some(at.now);
        value.tell(Body::HandedOver(handover), at.now);
        Ok(value.done(A::HandOver, json!({}), warnings, self, at))
    }

    /// Tells how the child is (T16). The first report may come at any time, each further one from the middle between the
    /// last that was due and the next: five reports on one day tell of one day.
    pub fn report(&self, report: String, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let mut value = self.moved(A::Report, at)?;
        let mut check = Check::default();
        let from = self.next_report_from(at.country);
        check.require(from.is_none_or(|it| it <= at.now), || {
            let from = from.map(|it| it.to_string()).unwrap_or_default();
            Violation::plain("report_too_early", "", format!("the next report is taken from {from} on"))
        });
        let warnings = check.done()?;
        value.transfer.reports = self.transfer.reports.saturating_add(1);
        value.tell(Body::FollowedUp(report), at.now);
        let payload = json!({ "reports": value.transfer.reports });
        Ok(value.done(A::Report, payload, warnings, self, at))
    }

    /// Notes that the other country was warned of the danger to a child that did not arrive (R77), by a notice of its own;
    /// what does not wait for that stays as it is.
    pub fn warned(&self, at: At<'_>) -> Option<Decided<Self>> {
        self.owed().contains(&DutyKind::WarnOfDanger).then(|| {
            let mut value = self.reaching(self.status, at.now);
            value.transfer.warned_at = Some(at.now);
            let changes = value.changes(Some(self), at.country, at.now);
            // The log tells of the notice.
            Decided::new(value, Vec::new(), Vec::new()).with_deadlines(changes)
        })
    }
}

impl super::Transfer {
    /// A plan is proposed.
    pub(super) fn proposed(&mut self, plan: Plan, now: Timestamp) {
        (self.plan, self.plan_at, self.back_at) = (Some(plan), Some(now), None);
    }

    /// The child has left.
    pub(super) fn left(&mut self) {
        (self.turning_back, self.missed_at, self.arrived_at) = (false, None, None);
        (self.unreported, self.warned_at, self.back_at, self.began) = (false, None, None, None);
        self.journeys = self.journeys.saturating_add(1);
    }

    /// The child is back where it was: whatever was confirmed is confirmed anew before it leaves again.
    pub(super) fn came_back(&mut self, now: Timestamp) {
        (self.confirmed, self.turning_back, self.missed_at, self.arrangement) = (0, false, None, None);
        (self.unreported, self.warned_at, self.back_at) = (false, None, Some(now));
        self.refused = self.plan.as_ref().map_or(0, |it| it.version);
    }

    /// The child has arrived.
    pub(super) fn arrived(&mut self, at: Timestamp) {
        (self.turning_back, self.missed_at, self.arrived_at) = (false, None, Some(at));
        (self.unreported, self.warned_at, self.began) = (false, None, None);
    }

    /// A plan is refused, or its confirmation taken back.
    pub(super) fn refused(&mut self, version: u16, now: Timestamp) {
        if self.confirmed == version {
            (self.confirmed, self.arrangement) = (0, None);
        }
        (self.refused, self.plan_at) = (version, Some(now));
    }

    /// A plan is confirmed; one that was refused before may be.
    pub(super) fn agreed(&mut self, version: u16, arrangement: Arrangement) {
        (self.confirmed, self.arrangement) = (version, Some(arrangement));
        if self.refused == version {
            self.refused = 0;
        }
    }
}
