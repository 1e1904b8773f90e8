//! What time does to a request by itself: the ladder of five rungs, and a child that does not arrive.

use domain::{
    AgencyId, CaseActId, Decided, TransnationalRequestId,
    access::Caller,
    cases::{
        Case,
        lifecycle::{Moved, Setting},
    },
    deadlines::{Deadline, DutyKind, Told, escalated},
    directory::CountryEntry,
    transnational::{At, Channels, LAST_RUNG, LadderRecipient, Request, Rung, Side, next_rung},
    vocabulary::{AgencyType, CaseStatus, Role},
};

use super::Record;
use crate::{StepTaken, StoreError, store::Tx};

impl Tx<'_> {
    /// The next step of a duty between countries: somebody is told, or the child is missing.
    pub(crate) fn take_step_abroad(
        &mut self,
        deadline: &Deadline,
        country: &CountryEntry,
    ) -> Result<Option<StepTaken>, StoreError> {
        let id = TransnationalRequestId(deadline.duty.subject_id);
        let record = self.request_of(id)?.ok_or(StoreError::corrupt("deadlines", "of no request"))?;
        if deadline.duty.kind == DutyKind::ConfirmArrival {
            self.note_missed(&record, country)?;
            return Ok(Some(StepTaken { deadline: deadline.id, rung: None }));
        }
        let (duty, other) = (&deadline.duty, record.request.to.country);
        let there = (Channels::known(), other);
        let times = (duty.computed_from.warn_at, duty.due_at);
        let rung = next_rung(deadline.rung, times, duty.urgency, there, country, self.cx.now);
        let Some(rung) = rung else {
            // The calendar moved under it, or everybody was told.
            let next = (deadline.rung < LAST_RUNG).then(|| self.cx.now.plus(time::Duration::hours(1)));
            self.set_next_step(deadline.id, next)?;
            return Ok(None);
        };
        let told = self.told_abroad(&record, duty.owner, &rung)?;
        let mut fact = escalated(deadline, rung.number, &told);
        if let Some(outside) = rung.to_ask() {
            fact.payload["toAsk"] = serde_json::json!(outside);
        }
        self.escalate(deadline, (rung.number, &told, rung.next_at), fact)?;
        let silent = rung.number == LAST_RUNG && duty.kind.awaits_answer();
        if silent && record.request.side == Side::Requesting {
            self.note_no_response(&record, country)?;
        }
        Ok(Some(StepTaken { deadline: deadline.id, rung: Some(rung.number) }))
    }

    /// Whom of this side a rung tells; whoever is told of the other side is told by its own deadline.
    fn told_abroad(
        &mut self,
        record: &Record,
        owner: AgencyId,
        rung: &Rung,
    ) -> Result<Vec<Told>, StoreError> {
        use LadderRecipient as L;
        let it = &record.request;
        let requesting = it.side == Side::Requesting;
        let lead = it.lead.unwrap_or(it.office);
        let coordinator = self.first_agency_of(AgencyType::NatCoordinator)?.unwrap_or(it.office);
        let to = |agency: AgencyId, role| Some(Told { agency, role });
        let one = |recipient: &LadderRecipient| match recipient {
            L::Officer if owner == it.office => to(owner, Role::FocalPointOfficer),
            L::Officer => to(owner, Role::CaseManager),
            L::HeadThere => to(owner, Role::Supervisor).filter(|_| !requesting),
            L::OwnOffice => to(owner, Role::Supervisor).filter(|_| requesting),
            L::CoordinatorHere => to(coordinator, Role::Supervisor).filter(|_| requesting),
            L::CoordinatorThere => to(coordinator, Role::Supervisor).filter(|_| !requesting),
            // Whoever stands outside the mechanism is asked by the office.
            L::EuropeanContact | L::ConsularOrIss => to(it.office, Role::Supervisor),
            L::RequestingLead => to(if requesting { lead } else { it.office }, Role::Supervisor),
        };
        Ok(rung.told.iter().filter_map(one).collect())
    }

    fn note_no_response(&mut self, record: &Record, country: &CountryEntry) -> Result<(), StoreError> {
        let at = At { country, by: &self.cx.caller, now: self.cx.now };
        match record.request.note_no_response(at) {
            Ok(decided) => self.save_request(record, &decided, &record.extra),
            // It was answered, or noted by another duty of the same request.
            Err(_) => Ok(()),
        }
    }

    /// The child did not arrive (T14): noted on this side, and on its case the protocol of a missing child begins by
    /// itself, in the same transaction.
    fn note_missed(&mut self, record: &Record, country: &CountryEntry) -> Result<(), StoreError> {
        let by = self.cx.caller.clone();
        let at = At { country, by: &by, now: self.cx.now };
        let Ok(noted) = record.request.note_missed_arrival(at) else { return Ok(()) };
        if let Some((case, report)) = noted.value.case.zip(noted.value.missing_report()) {
            let case = self.any_case(case)?;
            if case.status == CaseStatus::OpenChildMissing {
                return self.save_request(record, &noted, &record.extra);
            }
            let reported = self.as_lead(&case, country, |case, at| case.report_missing(&report, at).ok())?;
            if let Some(moved) = reported {
                let mut noted = noted;
                noted.value.transfer.began = moved.value.episode.as_ref().map(|it| it.id);
                self.save_request(record, &noted, &record.extra)?;
                return self.save_moved(&case, &moved);
            }
        }
        // No case here, or one that is closed or in a state in which nobody goes missing: the office owes the report.
        let Ok(unreported) = record.request.note_unreported_arrival(at) else { return Ok(()) };
        self.save_request(record, &unreported, &record.extra)
    }

    /// The child has arrived after all: what its missed arrival began on the case here ends in the same transaction, with
    /// what is owed after a return. What somebody else began, before or since, is theirs to end.
    pub fn end_missing_by_arrival(
        &mut self,
        before: &Record,
        after: &Request,
        country: &CountryEntry,
    ) -> Result<(), StoreError> {
        let begun = before.request.found_by_arrival(after).zip(after.case);
        let Some(((episode, arrived), case)) = begun else { return Ok(()) };
        // The office that receives the child need not take part in its case, and learns nothing of it by this.
        self.across(|tx| {
            let case = tx.any_case(case)?;
            let now = tx.cx.now;
            let found = tx.as_lead(&case, country, |case, at| {
                let open = at.course.missing().filter(|it| it.id == episode)?;
                case.record_found(&Request::found_report(arrived, open.last_seen_at, now), at).ok()
            })?;
            found.map_or(Ok(()), |moved| tx.save_moved(&case, &moved))
        })
    }

    /// What the mechanism does on a case for the agency that leads it, which is told of it and owes what follows.
    fn as_lead(
        &mut self,
        case: &Case,
        country: &CountryEntry,
        act: impl FnOnce(&Case, &Setting<'_>) -> Option<Decided<Moved>>,
    ) -> Result<Option<Decided<Moved>>, StoreError> {
        let itself = Caller::mechanism(case.country, self.cx.caller.request);
        let by = Caller { agency: case.lead, role: Some(Role::CaseManager), ..itself };
        let (course, referred) = (self.course(case)?, self.referred(case.id)?);
        let (of_file, participants) = (self.duties_of_file(case.id)?, self.participants(case.id)?);
        let setting = Setting {
            entry: CaseActId(self.fresh_id()),
            begun: self.fresh_id(),
            country,
            course: &course,
            referred: &referred,
            of_file: &of_file,
            undecided_matches: 0,
            requests_abroad: 0,
            participants: &participants,
            focal_point: self.focal_point()?,
            own: true,
            by: &by,
            now: self.cx.now,
        };
        Ok(act(case, &setting))
    }
}
