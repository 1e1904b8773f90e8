//! The checklist of closing (4.12, R71): what the node knows is looked up, the rest is attested item by item.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Course, Setting, duties::owed};
use crate::{
    Check, CodeList as _, Day, Violation,
    cases::Case,
    deadlines::DutyKind,
    identification::Entitlement,
    rules::{self, Rule},
    vocabulary::{CaseStatus, ClosureReason, MissingStatus},
};

crate::codes! {
    /// An item of the closure checklist.
    pub enum ClosureItem = "closure_item" {
        ReferralsEnded = "referrals_ended": "No referral waits for anybody",
        AbroadEnded = "abroad_ended": "No request between countries is under way",
        ChildFound = "child_found": "The child is not missing",
        HandoverDecided = "handover_decided": "No handover is pending",
        MatchesDecided = "matches_decided": "No match with another child is undecided",
        DutiesDone = "duties_done": "No duty towards the child is open",
        InformationGiven = "information_given": "The child was given the information that is due",
        SolutionInPlace = "solution_in_place": "A durable solution, a transition plan or the help of another authority is in place",
        SafetyPlanEnded = "safety_plan_ended": "The safety plan has ended and no high risk is open",
        ProceedingsDone = "proceedings_done": "No running proceeding needs the case to stay open",
        ChildInformed = "child_informed": "The child was informed and its views are recorded",
        GuardianInformed = "guardian_informed": "The guardian was informed and the guardian's views are recorded",
        GuardianDutiesEnded = "guardian_duties_ended": "The guardian's duties have ended or were passed on",
        RetentionSet = "retention_set": "The retention class is set",
        StatisticsComplete = "statistics_complete": "What statistics need is complete",
        FollowUp = "follow_up": "The child was followed up for six months",
        CompensationDecided = "compensation_decided": "Compensation is decided",
        Schooling = "schooling": "The child is enrolled in a school",
        ExitFeedback = "exit_feedback": "The child gave feedback on the help",
    }
}

/// How it is known whether an item is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The node looks it up.
    LookedUp,
    /// Somebody attests it.
    Attested,
    /// Somebody attests it, with the views of whoever was informed.
    AttestedWithViews,
}

/// A row of the checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemRule {
    /// The item.
    pub item: ClosureItem,
    /// The rule behind it.
    pub rule: &'static Rule,
    /// Whether closing is refused without it; otherwise it warns.
    pub hard: bool,
    /// How it is known.
    pub known: Known,
    /// The reasons of closing for which it is not asked.
    pub not_for: &'static [ClosureReason],
}

/// What somebody attests of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attested {
    /// The item.
    pub item: ClosureItem,
    /// Since which day it holds.
    pub on: Day,
    /// How it is known, or the views of whoever was informed, in words.
    pub note: Option<String>,
}

/// An item as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its row.
    pub row: &'static ItemRule,
    /// Whether it is met.
    pub met: bool,
    /// Why not.
    pub because: Option<String>,
    /// Since which day it is attested.
    pub on: Option<Day>,
}

use ClosureItem as I;
use ClosureReason as R;
use Known::{Attested as ByPeople, AttestedWithViews as WithViews, LookedUp};

const CHILD_GONE: &[R] = &[R::ChildDeceased, R::UntraceableAfterProtocol];
const NO_NEED: &[R] =
    &[R::ChildDeceased, R::UntraceableAfterProtocol, R::NotTraffickingNoNeed, R::NotTraffickingOtherCpOpen];

const fn item(item: I, rule: &'static Rule, hard: bool, known: Known, not_for: &'static [R]) -> ItemRule {
    ItemRule { item, rule, hard, known, not_for }
}

/// Every item, in the order in which it is shown.
pub static CHECKLIST: &[ItemRule] = &[
    item(I::ReferralsEnded, &rules::R71, true, LookedUp, &[]),
    item(I::AbroadEnded, &rules::R71, true, LookedUp, &[]),
    item(I::ChildFound, &rules::R74, true, LookedUp, &[]),
    item(I::HandoverDecided, &rules::R71, true, LookedUp, &[]),
    item(I::MatchesDecided, &rules::R71, true, LookedUp, &[]),
    item(I::DutiesDone, &rules::R71, true, LookedUp, NO_NEED),
    item(I::InformationGiven, &rules::R26, true, LookedUp, CHILD_GONE),
    item(I::SolutionInPlace, &rules::R71, true, ByPeople, NO_NEED),
    item(I::SafetyPlanEnded, &rules::R71, true, ByPeople, CHILD_GONE),
    item(I::ProceedingsDone, &rules::R71, true, ByPeople, &[]),
    item(I::ChildInformed, &rules::R71, true, WithViews, CHILD_GONE),
    item(I::GuardianInformed, &rules::R71, true, WithViews, &[]),
    item(I::GuardianDutiesEnded, &rules::R71, true, ByPeople, &[]),
    item(I::RetentionSet, &rules::R93, true, ByPeople, &[]),
    item(I::StatisticsComplete, &rules::R71, true, ByPeople, &[]),
    item(I::FollowUp, &rules::R71, false, ByPeople, NO_NEED),
    item(I::CompensationDecided, &rules::R71, false, ByPeople, NO_NEED),
    item(I::Schooling, &rules::R71, false, ByPeople, NO_NEED),
    item(I::ExitFeedback, &rules::R71, false, ByPeople, CHILD_GONE),
];

/// The duties that closing ends by itself, or of which another item asks.
const ASKED_ELSEWHERE: &[DutyKind] = &[
    DutyKind::AnswerClosure,
    DutyKind::AnswerHandover,
    DutyKind::ReportMissing,
    DutyKind::GiveInformation,
    DutyKind::Education,
];

impl Case {
    /// The checklist as it stands, for a reason of closing if one is given.
    pub fn closure_checklist(
        &self,
        reason: Option<ClosureReason>,
        attested: &[Attested],
        at: &Setting<'_>,
    ) -> Vec<Checked> {
        let asked = |row: &&'static ItemRule| reason.is_none_or(|it| !row.not_for.contains(&it));
        let each = |row: &'static ItemRule| {
            let given = attested.iter().find(|it| it.item == row.item);
            let because = match row.known {
                Known::LookedUp => self.looked_up(row.item, reason, at),
                Known::Attested => given.is_none().then(|| "nobody has attested it".to_owned()),
                Known::AttestedWithViews => match given {
                    None => Some("nobody has attested it".to_owned()),
                    Some(it) => it.note.is_none().then(|| "the views are not recorded".to_owned()),
                },
            };
            Checked { row, met: because.is_none(), because, on: given.map(|it| it.on) }
        };
        CHECKLIST.iter().filter(asked).map(each).collect()
    }

    /// Why an item that the node looks up is not met.
    fn looked_up(&self, item: I, reason: Option<ClosureReason>, at: &Setting<'_>) -> Option<String> {
        let unless = |holds: bool, because: String| (!holds).then_some(because);
        match item {
            I::ReferralsEnded => {
                let open = at.referred.open;
                unless(
                    open == 0,
                    match open {
                        1 => "1 referral waits for somebody".to_owned(),
                        _ => format!("{open} referrals wait for somebody"),
                    },
                )
            }
            I::AbroadEnded => {
                let open = at.requests_abroad;
                unless(
                    open == 0,
                    match open {
                        1 => "1 request between countries is under way".to_owned(),
                        _ => format!("{open} requests between countries are under way"),
                    },
                )
            }
            I::ChildFound => {
                let missing = at.course.missing().map(|it| it.status);
                let searched = missing == Some(MissingStatus::LongTerm)
                    && reason == Some(ClosureReason::UntraceableAfterProtocol);
                unless(missing.is_none() || searched, "the child is missing".to_owned())
            }
            I::HandoverDecided => {
                unless(at.course.pending().is_none(), "a handover waits for an answer".to_owned())
            }
            I::MatchesDecided => {
                let undecided = at.undecided_matches;
                unless(
                    undecided == 0,
                    match undecided {
                        1 => "1 match is undecided".to_owned(),
                        _ => format!("{undecided} matches are undecided"),
                    },
                )
            }
            I::DutiesDone => {
                let of_file = at.of_file.iter().map(|it| it.1);
                let open = owed(self, at.course).into_iter().chain(of_file);
                let open: Vec<_> = open.filter(|it| !ASKED_ELSEWHERE.contains(it)).collect();
                unless(open.is_empty(), format!("open duties: {}", counted(&open)))
            }
            I::InformationGiven => {
                let given = !self.identification.owed.contains(&Entitlement::Information);
                unless(given, "it is owed to the child".to_owned())
            }
            _ => None,
        }
    }

    /// The reason and what was attested in the request that waits for a decision, or that was approved.
    pub fn asked_to_close<'a>(&self, course: &'a Course) -> Option<(Option<ClosureReason>, &'a [Attested])> {
        use crate::CodeList as _;
        let waits = self.status == CaseStatus::ClosureReview || self.status == CaseStatus::Closed;
        let entry = course.request().filter(|_| waits)?;
        let reason = entry.written.choice.as_deref().and_then(ClosureReason::parse);
        Some((reason, &entry.written.attested))
    }
}

/// Refuses for each hard item that is not met, all at once (R71), and warns of the others.
pub(super) fn check_items(check: &mut Check, items: &[Checked]) {
    for it in items {
        let row = it.row;
        let because = it.because.clone().unwrap_or_default();
        let words = || format!("{}: {because} ({})", row.item, row.rule.code);
        let pointer = if row.known == Known::LookedUp { "" } else { "/attested" };
        if row.hard {
            check.require(it.met, || Violation::of(&rules::R71, pointer, words()));
        } else {
            check.advise(it.met, || Violation::of(&rules::R71, pointer, words()));
        }
    }
}

/// What must hold for what is attested: each item once, none that the node looks up, no day to come.
pub(super) fn check_attested(check: &mut Check, attested: &[Attested], today: Day) {
    for it in attested {
        let item = it.item;
        let row = CHECKLIST.iter().find(|row| row.item == item);
        check.require(row.is_some_and(|row| row.known != Known::LookedUp), || {
            Violation::plain("not_to_attest", "/attested", format!("{item} is looked up by the node"))
        });
        check.require(it.on <= today, || {
            Violation::plain("in_the_future", "/attested", format!("{item} holds from a day to come"))
        });
        check.require(attested.iter().filter(|other| other.item == item).count() == 1, || {
            Violation::plain("attested_twice", "/attested", format!("{item} is listed twice"))
        });
    }
}

/// Duties by name, each once with how many there are of it.
pub(super) fn counted(duties: &[DutyKind]) -> String {
    let mut counts = BTreeMap::new();
    for it in duties {
        *counts.entry(it.code()).or_insert(0_usize) += 1;
    }
    let named = |(kind, count): (&'static str, usize)| match count {
        1 => kind.to_owned(),
        _ => format!("{kind} ({count})"),
    };
    counts.into_iter().map(named).collect::<Vec<_>>().join(", ")
}
