//! A child that is missing (4.13, R74): told to police at once, searched for, found, and talked with after the return.

use super::{LifecycleAct as A, Moved, Setting, Written};
use crate::{
    AgencyId, CaseId, Check, Decided, MissingEpisodeId, Refused, Timestamp, Violation, cases::Case,
    events::EventType, rules, vocabulary::MissingStatus,
};

crate::codes! {
    /// An alert on a missing child.
    pub enum AlertKind = "alert_kind" {
        Sis = "sis": "Alert in the Schengen Information System",
        Hotline116000 = "hotline_116000": "Hotline for missing children, 116 000",
        National = "national": "National alert",
        OtherCountry = "other_country": "Another country was told",
    }
}

crate::codes! {
    /// How a missing child was found.
    pub enum FoundOutcome = "found_outcome" {
        FoundSafe = "found_safe": "Found safe",
        FoundExploited = "found_exploited": "Found exploited",
        FoundDeceased = "found_deceased": "Found dead",
    }
}

crate::codes! {
    /// What came of the talk after a return.
    pub enum InterviewOutcome = "return_interview_outcome" {
        Held = "held": "The child talked",
        DeclinedByChild = "declined_by_child": "The child was asked and does not want to talk",
    }
}

impl FoundOutcome {
    fn status(self) -> MissingStatus {
        match self {
            Self::FoundSafe => MissingStatus::FoundSafe,
            Self::FoundExploited => MissingStatus::FoundExploited,
            Self::FoundDeceased => MissingStatus::FoundDeceased,
        }
    }
}

/// A time at which the child was missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingEpisode {
    /// Its id.
    pub id: MissingEpisodeId,
    /// The case.
    pub case: CaseId,
    /// Where it stands.
    pub status: MissingStatus,
    /// The agency that reported it.
    pub agency: AgencyId,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// When the child was last seen.
    pub last_seen_at: Timestamp,
    /// When police were told.
    pub police_at: Option<Timestamp>,
    /// When the child was found.
    pub found_at: Option<Timestamp>,
    /// When somebody talked with the child after the return.
    pub interviewed_at: Option<Timestamp>,
}

impl MissingEpisode {
    /// Whether the child is still missing.
    pub fn is_open(&self) -> bool {
        use MissingStatus as M;
        matches!(self.status, M::Reported | M::PoliceNotified | M::Alerted | M::LongTerm)
    }

    /// Whether the child came back and nobody has talked with it.
    pub fn owes_interview(&self) -> bool {
        use MissingStatus as M;
        matches!(self.status, M::FoundSafe | M::FoundExploited) && self.interviewed_at.is_none()
    }
}

/// That police were told, or why not yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToldPolice {
    /// When.
    pub at: Option<Timestamp>,
    /// The number that police gave.
    pub reference: Option<String>,
    /// Why not yet, in words.
    pub not_yet: Option<String>,
}

/// The report that a child is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportMissing {
    /// When the child was last seen.
    pub last_seen_at: Timestamp,
    /// What is known, in words.
    pub circumstances: String,
    /// Whether police know.
    pub police: ToldPolice,
    /// Whether there is a link to another country.
    pub cross_border: bool,
}

/// An alert that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordAlert {
    /// Which ones.
    pub kinds: Vec<AlertKind>,
    /// When.
    pub at: Timestamp,
    /// The number of the alert.
    pub reference: Option<String>,
}

/// That the child was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFound {
    /// How.
    pub outcome: FoundOutcome,
    /// When.
    pub at: Timestamp,
    /// Where and how, in words.
    pub circumstances: String,
}

/// The talk with the child after the return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordReturnInterview {
    /// What came of it.
    pub outcome: InterviewOutcome,
    /// When.
    pub at: Timestamp,
    /// Who talked with the child, in words.
    pub by_whom: String,
    /// Whether that person is independent of whoever cares for the child.
    pub independent: bool,
    /// What the child said, in words.
    pub summary: Option<String>,
}

fn not_in_the_future(check: &mut Check, pointer: &'static str, given: Option<Timestamp>, now: Timestamp) {
    check.require(given.is_none_or(|it| it <= now), || {
        Violation::plain("in_the_future", pointer, "it lies in the future")
    });
}

impl Case {
    /// Reports the child missing (R74). A handover or closure that was pending goes back.
    pub fn report_missing(&self, act: &ReportMissing, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::ReportMissing)?;
        let mut check = Check::default();
        not_in_the_future(&mut check, "/lastSeenAt", Some(act.last_seen_at), at.now);
        not_in_the_future(&mut check, "/police/notifiedAt", act.police.at, at.now);
        check.require(act.police.at.is_some() || act.police.not_yet.is_some(), || {
            let because = "neither when police were told is given, nor why they were not told yet";
            Violation::of(&rules::R74, "/police", because)
        });
        check.advise(act.police.at.is_some(), || {
            Violation::of(&rules::R74, "/police", "police are told at once, within 24 hours at the latest")
        });
        check.advise(!act.cross_border, || {
            Violation::of(
                &rules::R74,
                "/crossBorderLink",
                "warn the other country by a danger notice within 24 hours (R77): the focal point knows of it",
            )
        });
        let warnings = check.done()?;
        let episode = MissingEpisode {
            id: MissingEpisodeId(at.begun),
            case: self.id,
            status: if act.police.at.is_some() {
                MissingStatus::PoliceNotified
            } else {
                MissingStatus::Reported
            },
            agency: at.by.agency,
            reported_at: at.now,
            last_seen_at: act.last_seen_at,
            police_at: act.police.at,
            found_at: None,
            interviewed_at: None,
        };
        let written = Written {
            reasons: Some(act.circumstances.clone()),
            done_at: act.police.at,
            reference: act.police.reference.clone(),
            not_yet: act.police.not_yet.clone(),
            cross_border: Some(act.cross_border),
            ..Written::default()
        };
        let frozen = at.course.pending().map(|it| it.interrupted(at.now));
        let mut events = vec![EventType::ChildMissing];
        events.extend(frozen.is_some().then_some(EventType::HandoverInterrupted));
        let mut moved = at.entered(A::ReportMissing, self, after, written);
        moved.episode = Some(episode);
        moved.handover = frozen;
        Ok(at.decided(self, moved, &events, warnings))
    }

    /// Changes the open episode: what each act between the report and the return does.
    fn on_episode(
        &self,
        act: A,
        written: Written,
        check: Check,
        at: &Setting<'_>,
        event: EventType,
        change: impl Fn(&mut MissingEpisode),
    ) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, act)?;
        let warnings = check.done()?;
        let mut episode =
            at.course.episodes.last().cloned().ok_or_else(|| Refused::wrong_state("no child is missing"))?;
        change(&mut episode);
        let mut moved = at.entered(act, self, after, written);
        moved.episode = Some(episode);
        Ok(at.decided(self, moved, &[event], warnings))
    }

    /// Records that police were told; it ends that duty.
    pub fn record_police_notified(
        &self,
        act: &ToldPolice,
        at: &Setting<'_>,
    ) -> Result<Decided<Moved>, Refused> {
        at.after(self, A::RecordPoliceNotified)?;
        let mut check = Check::default();
        not_in_the_future(&mut check, "/notifiedAt", act.at, at.now);
        let written = Written { done_at: act.at, reference: act.reference.clone(), ..Written::default() };
        let told = act.at.unwrap_or(at.now);
        self.on_episode(A::RecordPoliceNotified, written, check, at, EventType::MissingPoliceNotified, |it| {
            it.status = MissingStatus::PoliceNotified;
            it.police_at = Some(told);
        })
    }

    /// Records an alert: others search as well.
    pub fn record_alert(&self, act: &RecordAlert, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        at.after(self, A::RecordAlert)?;
        let mut check = Check::default();
        not_in_the_future(&mut check, "/issuedAt", Some(act.at), at.now);
        let written = Written {
            alerts: act.kinds.clone(),
            done_at: Some(act.at),
            reference: act.reference.clone(),
            ..Written::default()
        };
        self.on_episode(A::RecordAlert, written, check, at, EventType::MissingAlerted, |it| {
            if it.status != MissingStatus::LongTerm {
                it.status = MissingStatus::Alerted;
            }
        })
    }

    /// Records that the child is missing for a long time; the search goes on.
    pub fn record_long_term(&self, reasons: &str, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        at.after(self, A::RecordLongTerm)?;
        let written = Written { reasons: Some(reasons.to_owned()), ..Written::default() };
        let check = Check::default();
        self.on_episode(A::RecordLongTerm, written, check, at, EventType::MissingLongTerm, |it| {
            it.status = MissingStatus::LongTerm;
        })
    }

    /// Records that the child was found: work goes on as before, and somebody independent talks with the child.
    pub fn record_found(&self, act: &RecordFound, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        at.after(self, A::RecordFound)?;
        let mut check = Check::default();
        not_in_the_future(&mut check, "/foundAt", Some(act.at), at.now);
        let last_seen = at.course.missing().map(|it| it.last_seen_at);
        check.require(last_seen.is_none_or(|it| it <= act.at), || {
            Violation::plain("period_reversed", "/foundAt", "the child was seen last after it was found")
        });
        check.advise(act.outcome != FoundOutcome::FoundExploited, || {
            let because = "the child was exploited: screen anew, and record what happened";
            Violation::plain("screen_anew", "/outcome", because)
        });
        let written = Written {
            reasons: Some(act.circumstances.clone()),
            choice: Some(act.outcome.to_string()),
            done_at: Some(act.at),
            ..Written::default()
        };
        self.on_episode(A::RecordFound, written, check, at, EventType::ChildFound, |it| {
            it.status = act.outcome.status();
            it.found_at = Some(act.at);
        })
    }

    /// Records the talk with the child after the return, by somebody who is independent; it ends that duty.
    pub fn record_return_interview(
        &self,
        act: &RecordReturnInterview,
        at: &Setting<'_>,
    ) -> Result<Decided<Moved>, Refused> {
        at.after(self, A::RecordReturnInterview)?;
        let mut check = Check::default();
        not_in_the_future(&mut check, "/doneAt", Some(act.at), at.now);
        let found = at.course.episodes.last().and_then(|it| it.found_at);
        check.require(found.is_none_or(|it| it <= act.at), || {
            Violation::plain("period_reversed", "/doneAt", "it was held before the child was found")
        });
        check.require(act.independent, || {
            let because = "the talk is held by somebody who is independent of whoever cares for the child";
            Violation::of(&rules::R74, "/independent", because)
        });
        let written = Written {
            reasons: act.summary.clone(),
            choice: Some(act.outcome.to_string()),
            done_at: Some(act.at),
            done_by: Some(act.by_whom.clone()),
            ..Written::default()
        };
        let done = act.at;
        let event = EventType::ReturnInterviewRecorded;
        self.on_episode(A::RecordReturnInterview, written, check, at, event, |it| {
            it.interviewed_at = Some(done);
        })
    }
}
