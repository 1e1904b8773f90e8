//! One open case for each child and lead country (R70): refused where the caller may see the other case, otherwise a
//! question to both lead agencies.

use uuid::Uuid;

use super::{CaseMatch, Hit, Likeness, MatchAnswer, MatchStatus, MatchVerdict, Pair};
use crate::{
    CaseId, CaseMatchId, Check, Decided, Refused, Timestamp, Version, Violation,
    access::Caller,
    cases::Case,
    deadlines::Change,
    directory::CountryEntry,
    events::{EventType, Fact},
    rules,
    vocabulary::CaseStatus,
};

/// What the caller says of children that look like this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distinct {
    /// The cases whose child is another.
    pub from: Vec<CaseId>,
    /// How that is known, in words.
    pub reason: Option<String>,
}

/// The cases beside which a case stands.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Every hit.
    pub hits: &'a [Hit],
    /// Cases about which the question has been put before, whatever the answer.
    pub asked_before: &'a [CaseId],
    /// The country.
    pub country: &'a CountryEntry,
    /// Who takes the case in or changes it.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// What follows: matches to keep, each with both of its sides.
pub type Pairing = Vec<Pair>;

/// Whether a case may stand beside those that are open (R70). What may not be known to the caller changes nothing in what
/// it is answered.
pub fn check_taken_once(
    case: &Case,
    distinct: &Distinct,
    beside: &Beside<'_>,
    fresh: impl Fn() -> Uuid,
) -> Result<Decided<Pairing>, Refused> {
    let by = beside.by;
    let mut check = Check::default();
    let reasoned = distinct.from.is_empty() == distinct.reason.is_none();
    check.require(reasoned, || {
        let words = "cases of other children are named together with the reason";
        Violation::plain("reason_needed", "/distinctReason", words)
    });
    let mut kept = Kept::default();
    for hit in beside.hits.iter().filter(|it| is_open(case) && it.stands_beside(case)) {
        let settled = beside.asked_before.contains(&hit.case.id);
        let (seen, said) = (hit.named_to(by), distinct.from.contains(&hit.case.id));
        if !settled && hit.likeness.is_strong() && (said || !seen) {
            kept.keep(Pair::found((case, hit), (distinct, seen), beside, &fresh), (case, hit), beside);
        } else if !settled && seen {
            let open = || Violation::of(&rules::R70, "/distinctFrom", double(hit)).about(hit.case.id);
            check.require(!hit.likeness.is_strong(), open);
            check.advise(hit.likeness.is_strong(), || similar(hit));
        }
    }
    for hit in beside.hits.iter().filter(|it| it.was_of_child_abroad(case) && it.named_to(by)) {
        check.advise(false, || {
            let because = format!(
                "case {} was of the child whom the other country names, and is {}: reopen and link it, if this is \
                 about the same",
                hit.case.id, hit.case.status
            );
            Violation::plain("known_before", "", because).about(hit.case.id)
        });
    }
    Ok(kept.decided(check.done()?))
}

/// What stands beside a case that is opened again (R70): another one of a child like this may have been taken in while it
/// was closed. Reopening is never refused for that, since it gives the child its safeguards back; whoever leads looks.
pub fn look_beside_reopened(case: &Case, beside: &Beside<'_>, fresh: impl Fn() -> Uuid) -> Decided<Pairing> {
    let (mut kept, mut warnings, unsaid) = (Kept::default(), Vec::new(), Distinct::default());
    let asked = |it: &&Hit| beside.asked_before.contains(&it.case.id);
    for hit in beside.hits.iter().filter(|it| it.stands_beside(case) && it.likeness.is_strong() && !asked(it))
    {
        kept.keep(Pair::found((case, hit), (&unsaid, false), beside, &fresh), (case, hit), beside);
        warnings.extend(hit.named_to(beside.by).then(|| similar(hit)));
    }
    kept.decided(warnings)
}

fn double(hit: &Hit) -> String {
    if !hit.likeness.is_named_abroad() {
        return alike(hit);
    }
    format!(
        "case {} is of the child whom the other country names by this pseudonym: link it as caseId, or say how it is known \
         that this is another child",
        hit.case.id
    )
}

fn alike(hit: &Hit) -> String {
    format!("case {} is of a child like this", hit.case.id)
}

fn similar(hit: &Hit) -> Violation {
    Violation::plain("similar_child", "", alike(hit)).about(hit.case.id)
}

/// Matches that are kept, with what both lead agencies are told and owe.
#[derive(Default)]
struct Kept {
    pairs: Pairing,
    facts: Vec<Fact>,
    changes: Vec<Change>,
}

impl Kept {
    fn keep(&mut self, pair: Pair, (case, hit): (&Case, &Hit), beside: &Beside<'_>) {
        for (side, lead) in [(&pair.own, case.lead), (&pair.other, hit.case.lead)] {
            self.facts.push(side.fact(event_of(side), lead));
        }
        self.changes.extend(pair.duties((case, &hit.case), beside));
        self.pairs.push(pair);
    }

    fn decided(self, warnings: Vec<Violation>) -> Decided<Pairing> {
        Decided::new(self.pairs, self.facts, warnings).with_deadlines(self.changes)
    }
}

/// Whether the country still leads the case.
fn is_open(case: &Case) -> bool {
    let over = [CaseStatus::Transferred, CaseStatus::Closed, CaseStatus::Merged, CaseStatus::Erroneous];
    !over.contains(&case.status)
}

fn event_of(side: &CaseMatch) -> EventType {
    match side.status {
        MatchStatus::Suggested => EventType::CaseMatchSuggested,
        MatchStatus::Confirmed => EventType::CaseMatchConfirmed,
        MatchStatus::Rejected => EventType::CaseMatchRejected,
    }
}

impl Hit {
    /// Whether it is a case over, which can be opened again, of a child whom another country still names.
    fn was_of_child_abroad(&self, case: &Case) -> bool {
        let other = &self.case;
        self.likeness.is_named_abroad()
            && other.id != case.id
            && other.country == case.country
            && other.status == CaseStatus::Closed
    }

    /// Whether it is another open case of the same country.
    fn stands_beside(&self, case: &Case) -> bool {
        let other = &self.case;
        other.id != case.id
            && other.child != case.child
            && other.country == case.country
            && is_open(other)
            && self.likeness.is_possible()
    }
}

impl Pair {
    /// A match as it is found; said to be of two children where the caller sees the other case and says so.
    fn found(
        (case, hit): (&Case, &Hit),
        (distinct, seen): (&Distinct, bool),
        at: &Beside<'_>,
        fresh: &impl Fn() -> Uuid,
    ) -> Self {
        let pair = fresh();
        let status = if seen { MatchStatus::Rejected } else { MatchStatus::Suggested };
        let side = |case: CaseId, other: CaseId, answer: Option<MatchAnswer>| CaseMatch {
            id: CaseMatchId(fresh()),
            pair,
            case,
            other,
            likeness: Likeness::clone(&hit.likeness),
            found_at: at.now,
            status,
            answer,
            version: Version::FIRST,
        };
        let answer = seen.then(|| MatchAnswer {
            verdict: MatchVerdict::Rejected,
            agency: at.by.agency,
            professional: at.by.professional,
            at: at.now,
            reason: distinct.reason.clone(),
        });
        Self { own: side(case.id, hit.case.id, answer), other: side(hit.case.id, case.id, None) }
    }

    /// What the lead agencies owe: one duty for each side, so that each goes with its case where that is handed over.
    fn duties(&self, (case, other): (&Case, &Case), at: &Beside<'_>) -> Vec<Change> {
        let both = [(&self.own, case.lead), (&self.other, other.lead)];
        let open = both.iter().filter(|(side, _)| side.status == MatchStatus::Suggested);
        let duties = open.filter_map(|(side, lead)| side.duty(*lead, at.country, at.now));
        duties.map(|it| Change::Opened(Box::new(it))).collect()
    }
}
