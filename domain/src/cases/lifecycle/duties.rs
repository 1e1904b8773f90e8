//! What is owed while a case lives, and what an act does to it.

use super::{Course, Entry, LifecycleAct, Moved, Setting};
use crate::{
    AgencyId,
    cases::Case,
    deadlines::{Change, ComputedFrom, Duty, DutyKind, Outcome, SetBy, limited, working_time::Span},
    rules::Verification,
    vocabulary::{CaseStatus, MissingStatus, Urgency},
};

/// How long each of these may take; no external source sets it in hours.
fn span(kind: DutyKind) -> Option<(Span, Urgency)> {
    Some(match kind {
        DutyKind::ReportMissing | DutyKind::WarnOfDanger => (Span::Hours(24), Urgency::Immediate),
        DutyKind::ReturnInterview => (Span::Hours(72), Urgency::Urgent),
        DutyKind::AnswerHandover | DutyKind::AnswerClosure => (Span::WorkingDays(5), Urgency::Standard),
        _ => return None,
    })
}

/// The duties that are open: those of the identification and those of the case itself.
pub(super) fn owed(case: &Case, course: &Course) -> Vec<DutyKind> {
    let missing = course.missing().map(|it| it.status);
    let away = case.status == CaseStatus::OpenChildMissing;
    let own = [
        (DutyKind::ReportMissing, away && missing == Some(MissingStatus::Reported)),
        (DutyKind::ReturnInterview, case.is_live() && course.interview_owed()),
        (DutyKind::AnswerHandover, case.status == CaseStatus::TransferPending),
        (DutyKind::AnswerClosure, case.status == CaseStatus::ClosureReview),
    ];
    let own = own.into_iter().filter_map(|(kind, owed)| owed.then_some(kind));
    case.duties_owed().into_iter().chain(own).collect()
}

impl Setting<'_> {
    /// What an act does to deadlines: the end of what is owed no more, the lead that owes from now on, and what it opens.
    pub(super) fn changes(&self, before: &Case, moved: &Moved) -> Vec<Change> {
        let after = &moved.case;
        let course = self.course.with(moved);
        let (was, is) = (owed(before, self.course), owed(after, &course));
        let operation = moved.entry.act.operation();
        let mut changes: Vec<_> = was
            .iter()
            .filter(|it| !is.contains(it))
            .map(|kind| {
                let fulfilled = kind.row().fulfilled_by.contains(&operation);
                let outcome = if fulfilled { Outcome::Fulfilled } else { Outcome::Lapsed };
                Change::Closed { subject_id: before.id.0, kind: *kind, outcome }
            })
            .collect();
        if !after.is_live() {
            let lapsed = |(subject_id, kind): &(uuid::Uuid, DutyKind)| Change::Closed {
                subject_id: *subject_id,
                kind: *kind,
                outcome: Outcome::Lapsed,
            };
            changes.extend(self.of_file.iter().map(lapsed));
        }
        if before.lead != after.lead {
            changes.push(Change::HandedOver { case: before.id, from: before.lead, to: after.lead });
        }
        let opened = is.iter().filter(|it| !was.contains(it)).filter_map(|it| self.duty(*it, after, &course));
        changes.extend(opened.map(|it| Change::Opened(Box::new(it))));
        changes.extend(self.warning_abroad(before, moved, &course));
        changes
    }

    /// R77: the other country of which a report knows is warned within a day, or the child was found before. What the
    /// mechanism reports by itself is owed on the request on which the child was on its way.
    fn warning_abroad(&self, before: &Case, moved: &Moved, course: &Course) -> Option<Change> {
        let kind = DutyKind::WarnOfDanger;
        if moved.entry.warns_abroad() && !self.by.is_mechanism() {
            return self.duty(kind, &moved.case, course).map(|it| Change::Opened(Box::new(it)));
        }
        let away = |it: &Case| it.status == CaseStatus::OpenChildMissing;
        let reports = |it: &&Entry| it.act == LifecycleAct::ReportMissing;
        let owed = self.course.acts.iter().rev().find(reports).is_some_and(Entry::warns_abroad);
        let ended = owed && away(before) && !away(&moved.case);
        ended.then_some(Change::Closed { subject_id: before.id.0, kind, outcome: Outcome::Lapsed })
    }

    fn duty(&self, kind: DutyKind, case: &Case, course: &Course) -> Option<Duty> {
        let Some((span, urgency)) = span(kind) else { return case.duty(kind, self.country, self.now) };
        let limit = self.limit(kind, span)?;
        let lead = case.lead;
        let other: AgencyId = match kind {
            DutyKind::ReportMissing | DutyKind::ReturnInterview => {
                course.episodes.last().map_or(case.opened_by, |it| it.agency)
            }
            _ => case.opened_by,
        };
        let receiver = course.pending().and_then(|it| it.receiver(self.focal_point));
        let sides = match receiver.filter(|_| kind == DutyKind::AnswerHandover) {
            Some(receiver) => (receiver, lead),
            // The focal point is to know that somebody must be warned, and by when.
            None if kind == DutyKind::WarnOfDanger => (lead, self.focal_point.unwrap_or(other)),
            None => (lead, other),
        };
        Some(Duty { answers_to: lead, ..case.duty_of(kind, urgency, sides, limit) })
    }

    fn limit(&self, kind: DutyKind, span: Span) -> Option<(crate::Timestamp, ComputedFrom)> {
        let set_by = SetBy {
            member: kind.row().rule.code.to_owned(),
            verification: Verification::Proposal,
            source: "Project proposal: no external source sets it".to_owned(),
            profile_valid_from: self.country.valid_from,
        };
        limited(self.country, self.now, span, set_by)
    }
}
