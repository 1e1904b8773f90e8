//! The state machine of a case as a table: acts, `allowedActions` and tests read it.

use super::{Course, Destination, Referred, Setting};
use crate::{
    Refused,
    access::Caller,
    cases::Case,
    vocabulary::{AgencyType, CaseStatus, MissingStatus, Role},
};

crate::codes! {
    /// An act on the life of a case.
    pub enum LifecycleAct = "lifecycle_act" {
        OpenForProtection = "open_for_protection": "Open the case for a need of protection",
        ReportMissing = "report_missing": "Report the child missing",
        RecordPoliceNotified = "record_police_notified": "Record that police were told",
        RecordAlert = "record_alert": "Record an alert",
        RecordLongTerm = "record_long_term": "Record that the child is missing for a long time",
        RecordFound = "record_found": "Record that the child was found",
        RecordReturnInterview = "record_return_interview": "Record the talk after the return",
        ProposeHandover = "propose_handover": "Propose to hand the case over",
        ConfirmHandover = "confirm_handover": "Confirm the handover",
        RefuseHandover = "refuse_handover": "Refuse the handover",
        WithdrawHandover = "withdraw_handover": "Withdraw the handover",
        RequestClosure = "request_closure": "Ask to close the case",
        ApproveClosure = "approve_closure": "Approve the closure as a second person",
        ReturnClosure = "return_closure": "Return the closure with reasons",
        Reopen = "reopen": "Reopen the case",
        Merge = "merge": "Merge the case into another one of the same child",
        MarkErroneous = "mark_erroneous": "Mark the case as entered in error",
    }
}

/// Who does an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// A case manager of the agency that leads.
    Manager,
    /// A case manager or supervisor of the agency that leads.
    Lead,
    /// A supervisor of the agency that leads.
    Supervisor,
    /// The same as `Lead`, or whoever reported the child missing.
    LeadOrReporter,
    /// Whoever takes part in the case.
    Participant,
    /// To whom a handover is proposed: a case manager or supervisor of the agency, or the focal point for another country.
    Receiver,
    /// Somebody with a case role in an agency that leads or opened the case.
    Own,
}

/// What must hold beside the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    None,
    /// No missing episode is open.
    ChildThere,
    /// One is open.
    ChildMissing,
    /// Police were not told yet.
    PoliceNotTold,
    /// They were.
    PoliceTold,
    /// They were, and the child is not missing for a long time yet.
    NotLongTerm,
    /// The child is missing for a long time.
    LongTerm,
    /// Nobody has talked with the child since it was found.
    InterviewOwed,
    /// The handover goes to an agency of the country.
    Inside,
    /// The handover goes to another country.
    ToAnotherCountry,
    /// No referral of the case was ever sent.
    NothingSent,
}

/// One row of the state machine.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its name in the process description; empty for what the API adds to it.
    pub event: &'static str,
    /// The act.
    pub act: LifecycleAct,
    /// Who does it.
    pub doer: Doer,
    /// The states in which it exists.
    pub from: &'static [CaseStatus],
    /// The states to which it can lead: none where it stays; of several, the one in which the case works as before.
    pub to: &'static [CaseStatus],
    /// What must hold beside the state.
    pub condition: Condition,
}

use CaseStatus as S;
use Condition as C;
use Doer as D;
use LifecycleAct as A;

const WORKING: &[S] = &[S::Open, S::Reopened];
const AS_BEFORE: &[S] = &[S::Open, S::Reopened, S::OpenChildMissing];
/// A child can go missing before anybody has opened its case: the report opens it.
const CHILD_THERE: &[S] = &[S::Intake, S::Open, S::Reopened, S::TransferPending, S::ClosureReview];
const CHILD_IN_CARE: &[S] = &[S::Open, S::Reopened, S::TransferPending, S::ClosureReview];
const MISSING: &[S] = &[S::OpenChildMissing];
const PENDING: &[S] = &[S::TransferPending];

const fn row(
    event: &'static str,
    act: A,
    doer: Doer,
    from: &'static [S],
    to: &'static [S],
    condition: Condition,
) -> Step {
    Step { event, act, doer, from, to, condition }
}

/// Every step; a presumption or a review, which open a case as well, are steps of the identification. An act has one row for
/// each condition.
pub static STEPS: &[Step] = &[
    row("case.open", A::OpenForProtection, D::Manager, &[S::Intake], &[S::Open], C::None),
    row("child.missing", A::ReportMissing, D::Participant, CHILD_THERE, MISSING, C::ChildThere),
    row("", A::RecordPoliceNotified, D::Participant, MISSING, &[], C::PoliceNotTold),
    row("", A::RecordAlert, D::Participant, MISSING, &[], C::PoliceTold),
    row("", A::RecordLongTerm, D::Lead, MISSING, &[], C::NotLongTerm),
    row(
        "child.found",
        A::RecordFound,
        D::LeadOrReporter,
        &[S::OpenChildMissing, S::ClosureReview],
        WORKING,
        C::ChildMissing,
    ),
    row("", A::RecordReturnInterview, D::Participant, CHILD_IN_CARE, &[], C::InterviewOwed),
    row("handover.propose", A::ProposeHandover, D::Manager, WORKING, PENDING, C::None),
    row("handover.confirm", A::ConfirmHandover, D::Receiver, PENDING, WORKING, C::Inside),
    row("handover.confirm", A::ConfirmHandover, D::Receiver, PENDING, &[S::Transferred], C::ToAnotherCountry),
    row("", A::RefuseHandover, D::Receiver, PENDING, WORKING, C::None),
    row("", A::WithdrawHandover, D::Manager, PENDING, WORKING, C::None),
    row("closure.request", A::RequestClosure, D::Manager, WORKING, &[S::ClosureReview], C::None),
    row("closure.request", A::RequestClosure, D::Manager, MISSING, &[S::ClosureReview], C::LongTerm),
    row("closure.approve", A::ApproveClosure, D::Supervisor, &[S::ClosureReview], &[S::Closed], C::None),
    row("", A::ReturnClosure, D::Supervisor, &[S::ClosureReview], AS_BEFORE, C::None),
    row("reopen", A::Reopen, D::Own, &[S::Closed, S::Transferred], &[S::Reopened], C::ChildThere),
    row("reopen", A::Reopen, D::Own, &[S::Closed], MISSING, C::ChildMissing),
    row("merge", A::Merge, D::Supervisor, WORKING, &[S::Merged], C::None),
    row(
        "",
        A::MarkErroneous,
        D::Supervisor,
        &[S::Intake, S::Open, S::Reopened, S::ClosureReview, S::Closed],
        &[S::Erroneous],
        C::NothingSent,
    ),
];

/// Roles in which people work on cases.
const CASE_ROLES: &[Role] = &[
    Role::Screener,
    Role::CaseManager,
    Role::Supervisor,
    Role::DutyOfficer,
    Role::IdentificationOfficer,
    Role::Investigator,
    Role::FocalPointOfficer,
    Role::ShelterWorker,
];

const MANAGES: &[Role] = &[Role::CaseManager, Role::Supervisor];

impl LifecycleAct {
    /// The rows of this act.
    pub fn rows(self) -> impl Iterator<Item = &'static Step> {
        STEPS.iter().filter(move |it| it.act == self)
    }

    /// Whether everybody who takes part in the case is told: whether the child is there, who leads, whether it goes on.
    pub(super) fn concerns_all(self) -> bool {
        !matches!(
            self,
            A::OpenForProtection
                | A::ProposeHandover
                | A::RefuseHandover
                | A::WithdrawHandover
                | A::RequestClosure
                | A::ReturnClosure
        )
    }
}

/// What the table is read with.
pub(super) struct Standing<'a> {
    pub course: &'a Course,
    pub referred: &'a Referred,
    pub own: bool,
    pub by: &'a Caller,
}

impl Setting<'_> {
    /// The status after an act, if it is the caller's and fits the state.
    pub(super) fn after(&self, case: &Case, act: LifecycleAct) -> Result<CaseStatus, Refused> {
        let Self { course, referred, own, by, .. } = *self;
        Standing { course, referred, own, by }.after(case, act)
    }
}

impl Standing<'_> {
    /// Whether the caller is one who does this.
    fn does(&self, case: &Case, doer: Doer) -> Result<(), Refused> {
        let by = self.by;
        let role = |among: &[Role]| by.role.is_some_and(|it| among.contains(&it));
        let leads = by.agency == case.lead && by.country == case.country;
        let (holds, because) = match doer {
            Doer::Manager => {
                (leads && role(&[Role::CaseManager]), "only a case manager of the agency that leads")
            }
            Doer::Lead => {
                (leads && role(MANAGES), "only a case manager or supervisor of the agency that leads")
            }
            Doer::Supervisor => {
                (leads && role(&[Role::Supervisor]), "only a supervisor of the agency that leads")
            }
            Doer::LeadOrReporter => {
                let reported = self.course.missing().is_some_and(|it| it.agency == by.agency);
                let because =
                    "only a case manager or supervisor of the agency that leads, or whoever reported it";
                (leads && role(MANAGES) || reported, because)
            }
            Doer::Participant => (true, ""),
            Doer::Receiver => {
                let receives = match self.course.pending().map(|it| it.to) {
                    Some(Destination::Agency(to)) => to == by.agency && role(MANAGES),
                    Some(Destination::Country(_)) => {
                        by.agency_type == AgencyType::CrossborderFocalPoint && role(CASE_ROLES)
                    }
                    // Then the state refuses it.
                    None => true,
                };
                (receives, "only whoever the handover is proposed to")
            }
            Doer::Own => (
                self.own && role(CASE_ROLES),
                "only somebody with a case role in an agency that leads or opened the case",
            ),
        };
        if holds && !by.is_mechanism() { Ok(()) } else { Err(Refused::not_yours(because)) }
    }

    /// The status after an act, if it is the caller's and fits the state.
    pub(super) fn after(&self, case: &Case, act: LifecycleAct) -> Result<CaseStatus, Refused> {
        // A child that does not arrive from a move to another country is reported by the mechanism itself, which ends that when
        // the child arrives after all.
        let by_itself = matches!(act, A::ReportMissing | A::RecordFound) && self.by.is_mechanism();
        if let Some(row) = act.rows().next().filter(|_| !by_itself) {
            self.does(case, row.doer)?;
        }
        let mut refused = Refused::wrong_state(format!("the case is {}", case.status));
        for row in act.rows().filter(|it| it.from.contains(&case.status)) {
            match self.fits(row.condition) {
                Ok(()) => {
                    return Ok(match row.to {
                        [] => case.status,
                        [only] => *only,
                        _ => self.course.works(act),
                    });
                }
                Err(because) => refused = Refused::wrong_state(because),
            }
        }
        Err(refused)
    }

    fn fits(&self, condition: Condition) -> Result<(), &'static str> {
        use MissingStatus as M;
        let course = self.course;
        let missing = course.missing().map(|it| it.status);
        let told = missing.is_some_and(|it| it != M::Reported);
        let to = course.pending().map(|it| it.to);
        let (holds, because) = match condition {
            Condition::None => (true, ""),
            Condition::ChildThere => (missing.is_none(), "the child is missing already"),
            Condition::ChildMissing => (missing.is_some(), "the child is not missing"),
            Condition::PoliceNotTold => {
                (missing == Some(M::Reported), "it is recorded that police were told")
            }
            Condition::PoliceTold => (told, "police were not told yet"),
            Condition::NotLongTerm => {
                (told && missing != Some(M::LongTerm), "police were not told yet, or it is recorded already")
            }
            Condition::LongTerm => (
                missing == Some(M::LongTerm),
                "the case of a missing child is closed only after it was missing for a long time",
            ),
            Condition::InterviewOwed => (course.interview_owed(), "no talk after a return is owed"),
            Condition::Inside => (matches!(to, Some(Destination::Agency(_))), "no handover is pending"),
            Condition::ToAnotherCountry => {
                (matches!(to, Some(Destination::Country(_))), "no handover to another country is pending")
            }
            Condition::NothingSent => {
                (!self.referred.ever_sent, "a referral of the case was sent: what was disclosed is no error")
            }
        };
        if holds { Ok(()) } else { Err(because) }
    }
}

impl Course {
    /// The status in which a case works after an act that leads back: as before, and a reopened one stays reopened.
    fn works(&self, act: LifecycleAct) -> CaseStatus {
        if self.missing().is_some() && act != A::RecordFound {
            CaseStatus::OpenChildMissing
        } else if self.reopenings() > 0 {
            CaseStatus::Reopened
        } else {
            CaseStatus::Open
        }
    }
}
