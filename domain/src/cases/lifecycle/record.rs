//! What an act on the life of a case is decided in, and what it leaves behind.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Abroad, AlertKind, Arrival, Attested, DuplicateEvidence, Handover, HandoverStatus, LifecycleAct,
    MissingEpisode,
};
use crate::{
    AgencyId, CaseActId, CaseId, Decided, ProfessionalId, Refused, Timestamp, Violation,
    access::Caller,
    cases::Case,
    deadlines::DutyKind,
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    vocabulary::CaseStatus,
};

/// An act on the life of a case, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: CaseActId,
    /// The case.
    pub case: CaseId,
    /// The act.
    pub act: LifecycleAct,
    /// The status before.
    pub from: CaseStatus,
    /// The status after.
    pub to: CaseStatus,
    /// When.
    pub at: Timestamp,
    /// The agency that did it.
    pub agency: AgencyId,
    /// Who did it.
    pub professional: Option<ProfessionalId>,
    /// The other case, where two were merged.
    pub other: Option<CaseId>,
    /// What was written; sealed.
    pub written: Written,
}

impl Entry {
    /// Whether it reports a child missing whom another country may have with it, or meet (R77).
    pub(super) fn warns_abroad(&self) -> bool {
        self.act == LifecycleAct::ReportMissing && self.written.cross_border == Some(true)
    }
}

/// What was written with an act: whatever of it the act asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Written {
    /// The reasons, or what happened, in words.
    pub reasons: Option<String>,
    /// A code that the act chooses: why it is closed or reopened, how the child was found.
    pub choice: Option<String>,
    /// When something was done, where that is not the instant of the act.
    pub done_at: Option<Timestamp>,
    /// By whom something was done, in words.
    pub done_by: Option<String>,
    /// Why police were not told yet, in words.
    pub not_yet: Option<String>,
    /// A number of police or of an alert.
    pub reference: Option<String>,
    /// The alerts that were issued.
    pub alerts: Vec<AlertKind>,
    /// Whether there is a link to another country.
    pub cross_border: Option<bool>,
    /// What was attested of the closure checklist.
    pub attested: Vec<Attested>,
    /// The handover to another country, with its consent.
    pub abroad: Option<Abroad>,
    /// What the receiver confirmed.
    pub arrival: Option<Arrival>,
    /// What proves that two cases are of the same child.
    pub evidence: Vec<DuplicateEvidence>,
}

/// The course of a case so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// The acts, oldest first.
    pub acts: Vec<Entry>,
    /// The times at which the child was missing, oldest first.
    pub episodes: Vec<MissingEpisode>,
    /// The handovers, oldest first.
    pub handovers: Vec<Handover>,
}

impl Course {
    /// The missing episode that is open.
    pub fn missing(&self) -> Option<&MissingEpisode> {
        self.episodes.last().filter(|it| it.is_open())
    }

    /// The handover that waits for an answer.
    pub fn pending(&self) -> Option<&Handover> {
        self.handovers.last().filter(|it| it.status == HandoverStatus::Proposed)
    }

    /// How often the case was reopened.
    pub fn reopenings(&self) -> usize {
        self.acts.iter().filter(|it| it.act == LifecycleAct::Reopen).count()
    }

    /// The last request to close it.
    pub fn request(&self) -> Option<&Entry> {
        self.acts.iter().rev().find(|it| it.act == LifecycleAct::RequestClosure)
    }

    /// The case in which the child's file goes on.
    pub fn merged_into(&self, case: &Case) -> Option<CaseId> {
        let last = self.acts.last().filter(|_| case.status == CaseStatus::Merged)?;
        last.other
    }

    /// Whether nobody has talked with the child since it was found.
    pub fn interview_owed(&self) -> bool {
        self.episodes.last().is_some_and(MissingEpisode::owes_interview)
    }

    /// The course after an act.
    pub(super) fn with(&self, moved: &Moved) -> Self {
        let mut it = self.clone();
        it.acts.push(moved.entry.clone());
        if let Some(episode) = &moved.episode {
            it.episodes.retain(|other| other.id != episode.id);
            it.episodes.push(episode.clone());
        }
        if let Some(handover) = &moved.handover {
            it.handovers.retain(|other| other.id != handover.id);
            it.handovers.push(handover.clone());
        }
        it
    }
}

/// What the referrals of a case say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referred {
    /// How many wait for somebody: not over, and no draft but one that follows from another referral.
    pub open: usize,
    /// Whether one was ever sent.
    pub ever_sent: bool,
    /// The agencies that have accepted one, as long as it lasts.
    pub accepted: Vec<AgencyId>,
}

/// What an act is decided in.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The id of the entry that it makes.
    pub entry: CaseActId,
    /// The id of what it begins: a missing episode, a handover, or the entry in the other case of a merge.
    pub begun: Uuid,
    /// The country with the profile of the day.
    pub country: &'a CountryEntry,
    /// The course of the case so far.
    pub course: &'a Course,
    /// What its referrals say.
    pub referred: &'a Referred,
    /// The duties that the entries of the case file have opened: what each is about, and which.
    pub of_file: &'a [(Uuid, DutyKind)],
    /// Matches with other children that nobody has decided on.
    pub undecided_matches: usize,
    /// Requests between countries about the child that are under way.
    pub requests_abroad: usize,
    /// The agencies that take part in the case.
    pub participants: &'a [AgencyId],
    /// The focal point of the country.
    pub focal_point: Option<AgencyId>,
    /// Whether the caller's agency leads or opened the case.
    pub own: bool,
    /// Who acts.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// A case after an act on its life, with what the act leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The case.
    pub case: Case,
    /// The entry of the act.
    pub entry: Entry,
    /// The missing episode that it begins or changes.
    pub episode: Option<MissingEpisode>,
    /// The handover that it begins or ends.
    pub handover: Option<Handover>,
    /// The case into which it was merged, with the entry of the act there.
    pub into: Option<(Case, Entry)>,
}

impl Setting<'_> {
    /// The case after an act, before what the act itself adds.
    pub(super) fn moved(&self, case: &Case, act: LifecycleAct) -> Result<Case, Refused> {
        let status = self.after(case, act)?;
        Ok(Case { status, version: case.version.next(), ..case.clone() })
    }

    /// What an act leaves behind that changes the case alone.
    pub(super) fn entered(&self, act: LifecycleAct, before: &Case, after: Case, written: Written) -> Moved {
        let entry = Entry {
            id: self.entry,
            case: before.id,
            act,
            from: before.status,
            to: after.status,
            at: self.now,
            agency: self.by.agency,
            professional: self.by.professional,
            other: None,
            written,
        };
        Moved { case: after, entry, episode: None, handover: None, into: None }
    }

    /// The decision: the facts that follow, and what it does to deadlines. The feed is read in every role and by everybody
    /// who takes part: what an act rests on, and which case another one was merged with, is in its entry, never in the
    /// payload.
    pub(super) fn decided(
        &self,
        before: &Case,
        moved: Moved,
        events: &[EventType],
        warnings: Vec<Violation>,
    ) -> Decided<Moved> {
        let payload = |it: &Entry| json!({ "from": it.from, "status": it.to });
        let mut facts: Vec<_> = events
            .iter()
            .map(|event| self.told(before, &moved, &moved.case, *event, payload(&moved.entry)))
            .collect();
        if let Some((case, entry)) = &moved.into {
            facts.push(self.told(case, &moved, case, EventType::CaseMerged, payload(entry)));
        }
        let changes = self.changes(before, &moved);
        Decided::new(moved, facts, warnings).with_deadlines(changes)
    }

    fn told(&self, before: &Case, moved: &Moved, about: &Case, event: EventType, payload: Value) -> Fact {
        let mut audience = about.audience();
        // Whoever only opened a case that was merged is told nothing of the other one.
        if about.id == before.id {
            audience.extend(before.audience());
        }
        audience.push(self.by.agency);
        audience.extend(self.focal_point.filter(|_| moved.entry.warns_abroad()));
        audience.extend(moved.handover.iter().filter_map(|it| it.receiver(self.focal_point)));
        if moved.entry.act.concerns_all() && about.id == moved.case.id {
            audience.extend(self.participants);
        }
        let mut once: Vec<AgencyId> = Vec::with_capacity(audience.len());
        for agency in audience {
            if !once.contains(&agency) {
                once.push(agency);
            }
        }
        Fact {
            event,
            subject: SubjectKind::Case,
            subject_id: about.id.0,
            version: about.version.0,
            case: Some(about.id),
            audience: once,
            payload,
        }
    }
}
