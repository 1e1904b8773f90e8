//! When the data of a child may be destroyed for good, and who says so: two people, for a stated reason, of cases on which
//! nobody works any more (R92).

use serde_json::json;

use super::Case;
use crate::{
    CaseId, Check, Refused, Timestamp, Violation,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::IdentificationStatus,
};

crate::codes! {
    /// Why the data of a child is destroyed.
    pub enum ErasureReason = "erasure_reason" {
        RetentionEnded = "retention_ended": "The time for which the data is kept is over",
        CourtOrder = "court_order": "A court has ordered it",
        DataSubjectRequest = "data_subject_request": "The person whom the data is about has asked for it, and may",
        EnteredInError = "entered_in_error": "It should never have been entered",
    }
}

/// The longest name of somebody who asks for an erasure or agrees to it, in characters.
const LONGEST_NAME: usize = 100;

/// The two who stand for an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoPeople {
    /// Who asks for it.
    pub requested_by: String,
    /// Who agrees to it.
    pub approved_by: String,
}

impl TwoPeople {
    /// Two names, of which neither is empty or longer than 100 characters; one person cannot be both, however spelled.
    pub fn new(requested_by: &str, approved_by: &str) -> Result<Self, Refused> {
        let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
        let both = Self { requested_by: plain(requested_by), approved_by: plain(approved_by) };
        let mut check = Check::default();
        let fits = |name: &str| {
            (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control)
        };
        check.require(fits(&both.requested_by) && fits(&both.approved_by), || {
            Violation::plain("two_people", "", "both need a name of 100 characters at most")
        });
        check.require(both.requested_by.to_lowercase() != both.approved_by.to_lowercase(), || {
            Violation::plain("two_people", "", "whoever asks for an erasure does not also agree to it")
        });
        check.done()?;
        Ok(both)
    }
}

/// Why an erasure is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The reason.
    pub reason: ErasureReason,
    /// Whether both people say that no proceeding needs what the file holds as evidence. The node knows of no proceedings.
    pub evidence_released: bool,
}

/// A case of the child, and what speaks against erasing it.
#[derive(Clone, Debug)]
pub struct ToErase {
    /// The case.
    pub case: Case,
    /// Referrals that wait for somebody or are in service.
    pub open_referrals: i64,
    /// Matches with other cases that nobody has decided.
    pub undecided_matches: i64,
    /// Whether the age of the child is under appeal, or can still be appealed.
    pub age_contested: bool,
    /// Entries of the investigation: where an interview is recorded, intelligence, alleged offenders.
    pub evidence: i64,
}

impl Ground {
    /// Whether all cases of a child may be erased.
    pub fn allows(self, cases: &[ToErase], now: Timestamp) -> Result<(), Refused> {
        if let Some(it) = cases.iter().find(|it| it.case.is_live()) {
            let because = format!("case {} is {}: work on it goes on", it.case.reference, it.case.status);
            return Err(Refused::wrong_state(because));
        }
        let mut check = Check::default();
        for it in cases {
            it.check(self, now, &mut check);
        }
        check.done().map(|_| ())
    }
}

/// What the log is told of an erased case: it is in no timeline and in nobody's feed.
pub fn fact(case: CaseId, reason: ErasureReason) -> Fact {
    Fact {
        event: EventType::CaseErased,
        subject: SubjectKind::Case,
        subject_id: case.0,
        version: 0,
        // Of no case any more.
        case: None,
        audience: Vec::new(),
        payload: json!({ "reason": reason }),
    }
}

impl ToErase {
    fn check(&self, ground: Ground, now: Timestamp, check: &mut Check) {
        let reference = &self.case.reference;
        let refuse = |because: &str| Violation::of(&rules::R92, "", format!("case {reference}: {because}"));
        let identification = &self.case.identification;
        let disputed = matches!(
            identification.status,
            IdentificationStatus::FormalAssessment | IdentificationStatus::UnderReview
        ) || identification.appeal_until.is_some_and(|it| now <= it);
        check.require(!disputed, || {
            refuse("whether the child is a victim is being decided, or can still be appealed")
        });
        check.require(!self.age_contested, || refuse("the age of the child is or can still be appealed"));
        check.require(self.undecided_matches == 0, || {
            refuse("nobody has decided whether another case is of the same child")
        });
        check.require(self.open_referrals == 0, || {
            refuse("a referral of it, or a request between countries, has not ended")
        });
        let released = ground.evidence_released || ground.reason == ErasureReason::CourtOrder;
        check.require(self.evidence == 0 || released, || {
            refuse("it holds what an investigation has gathered: say that no proceeding needs it, or name the order of a court")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        given::{case as a_case, now},
        vocabulary::CaseStatus,
    };

    fn ended() -> ToErase {
        let mut case = Case { status: CaseStatus::Closed, ..a_case() };
        case.identification.status = IdentificationStatus::IdentifiedVictim;
        ToErase { case, open_referrals: 0, undecided_matches: 0, age_contested: false, evidence: 0 }
    }

    const OVER: Ground = Ground { reason: ErasureReason::RetentionEnded, evidence_released: false };

    fn codes(refused: &Refused) -> Vec<&str> {
        refused.violations().iter().map(|it| it.code).collect()
    }

    #[test]
    fn r92_allows_to_erase_what_has_ended() {
        for status in [CaseStatus::Closed, CaseStatus::Transferred, CaseStatus::Merged, CaseStatus::Erroneous]
        {
            let mut it = ended();
            it.case.status = status;
            assert_eq!(OVER.allows(&[it, ended()], now()), Ok(()), "{status}");
        }
    }

    #[test]
    fn only_the_log_is_told() {
        let fact = fact(a_case().id, ErasureReason::CourtOrder);
        assert!(fact.audience.is_empty() && fact.case.is_none(), "in no feed and in no timeline");
        assert_eq!(fact.payload, json!({ "reason": "court_order" }));
    }

    #[test]
    fn r92_allows_to_erase_evidence_by_order_of_a_court_or_when_no_proceeding_needs_it() {
        let it = ToErase { evidence: 2, ..ended() };
        assert_eq!(
            codes(&OVER.allows(std::slice::from_ref(&it), now()).expect_err("evidence")),
            ["restrict_not_erase"]
        );
        for ground in
            [Ground { evidence_released: true, ..OVER }, Ground { reason: ErasureReason::CourtOrder, ..OVER }]
        {
            assert!(ground.allows(std::slice::from_ref(&it), now()).is_ok(), "{ground:?}");
        }
    }

    #[test]
    fn r92_refuses_what_is_contested_in_any_case_of_the_child() {
        let mut appeal = ended();
        appeal.case.identification.appeal_until = Some(now());
        let mut review = ended();
        review.case.identification.status = IdentificationStatus::UnderReview;
        let court = Ground { reason: ErasureReason::CourtOrder, evidence_released: true };
        for (of, it) in [
            ("appeal", appeal),
            ("review", review),
            ("age", ToErase { age_contested: true, ..ended() }),
            ("match", ToErase { undecided_matches: 1, ..ended() }),
            ("referral", ToErase { open_referrals: 1, ..ended() }),
        ] {
            let refused = court.allows(&[ended(), it], now()).expect_err(of);
            assert_eq!(codes(&refused), ["restrict_not_erase"], "{of}");
        }
        let mut over = ended();
        over.case.identification.appeal_until = Some(now().plus(time::Duration::seconds(-1)));
        assert!(OVER.allows(&[over], now()).is_ok(), "the time to appeal is over");
    }

    #[test]
    fn an_open_case_is_refused_whatever_the_reason() {
        use crate::CodeList as _;
        for status in CaseStatus::ALL.iter().copied() {
            for reason in ErasureReason::ALL.iter().copied() {
                let mut open = ended();
                open.case.status = status;
                let live = open.case.is_live();
                let done = Ground { reason, evidence_released: true }.allows(&[ended(), open], now());
                assert_eq!(matches!(done, Err(Refused::WrongState(_))), live, "{status} {reason}");
            }
        }
    }

    #[test]
    fn one_person_is_not_two_however_the_name_is_written() {
        assert!(TwoPeople::new("Mari Maasikas", "Juta Tamm").is_ok());
        for (one, other) in [
            ("Mari Maasikas", "Mari Maasikas"),
            ("Mari Maasikas", " mari  MAASIKAS "),
            ("Mari Maasikas", " "),
            ("", "Juta Tamm"),
            ("a\u{1b}[2J", "Juta Tamm"),
        ] {
            assert_eq!(codes(&TwoPeople::new(one, other).expect_err(other))[0], "two_people");
        }
        assert!(
            TwoPeople::new(&"ä".repeat(100), "Juta").is_ok()
                && TwoPeople::new(&"ä".repeat(101), "Juta").is_err()
        );
    }
}
