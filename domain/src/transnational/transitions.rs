//! The state machine as a table for each side (T1 to T20b): acts, diagrams and `allowedActions` read it.
//!
//! Each state has one side that moves it on, so that two sides which cannot see each other never move it at once:
//! before sending the requesting side; from the receipt to the confirmed plan the requested one, which alone decides;
//! then the requesting one, which has the child and lets it go; from the departure on the requested one, where the
//! child arrives. What the other side wants meanwhile it asks for. A question alone is answered by the one side and given
//! up by the other: what crosses then is kept and moves nothing.

use crate::{
    Refused,
    access::Caller,
    vocabulary::{Role, TransnationalRequestStatus},
};

use super::{
    Request, Side, rule_of,
    states::{
        ACCEPTED, ACCEPTED_OR_PLANNED, DECLINED_FROM, EVERY, FORWARDED_FROM, NOT_CARRIED_OUT, OPEN, RECEIVED,
        TOLD, UNDECIDED,
    },
};

crate::codes! {
    /// An act on a request between countries.
    pub enum RequestAct = "transnational_act" {
        Amend = "amend": "Change the draft",
        SubmitNational = "submit_national": "Submit to the own focal point or Central Authority",
        ReturnToSender = "return_to_sender": "Return to the author",
        ApproveSend = "approve_send": "Approve and send",
        SendDirect = "send_direct": "Send directly, in danger",
        MarkUndeliverable = "mark_undeliverable": "Note that it could not be delivered",
        RetryDelivery = "retry_delivery": "Send again to the same office",
        Readdress = "readdress": "Send to another office, as long as nobody has received it",
        Acknowledge = "acknowledge": "Acknowledge with a named officer",
        OpenCase = "open_case": "Open an own case from the package",
        Forward = "forward": "Forward to the competent authority",
        TakeForwarded = "take_forwarded": "Acknowledge what was forwarded",
        RequestMore = "request_more": "Ask the requesting side a question",
        AnswerMore = "answer_more": "Answer the question of the requested side",
        Assess = "assess": "Begin the assessment",
        Accept = "accept": "Accept in full, in part or on conditions",
        Decline = "decline": "Decline with a lawful reason",
        Answer = "answer": "Answer what was asked",
        Withdraw = "withdraw": "Withdraw; ask for it once somebody may have received it",
        ProposePlan = "propose_plan": "Propose a plan of the transfer",
        ConfirmPlan = "confirm_plan": "Confirm the plan of the transfer",
        RefusePlan = "refuse_plan": "Refuse the plan, or take the confirmation back",
        Depart = "depart": "Let the child go",
        TurnBack = "turn_back": "Bring the child back to the last safe place",
        NoteMissedArrival = "note_missed_arrival": "Note that the child did not arrive in time",
        ConfirmArrival = "confirm_arrival": "Confirm that the child arrived",
        HandOver = "hand_over": "Take responsibility for the child over",
        Report = "report": "Report on how the child is",
        Close = "close": "Close with the final outcome",
        NoteNoResponse = "note_no_response": "Note that nobody answered",
        Suspend = "suspend": "Suspend for safety",
        Lift = "lift": "Lift the own suspension",
        Notify = "notify": "Tell of a correction, a withdrawn consent, a recall or the child's view",
        AcknowledgeNotice = "acknowledge_notice": "Acknowledge a notice of the other side, the closing too",
        ChangeOffice = "change_office": "Give it to another own office, because this one is never to know of the case",
    }
}

/// Who does an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// The agency whose case it is about.
    Author,
    /// The own focal point, Central Authority or court: the office at this end of the route.
    Office,
    /// Either of them.
    Either,
    /// The mechanism itself, by its own clock.
    Mechanism,
}

/// What must hold beside the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Nothing.
    None,
    /// Acceptance of this type leads to a move of the child.
    MovesChild,
    /// It is asked for an answer and no child moves.
    MovesNoChild,
    /// The other side has proposed or changed a plan that waits.
    PlanWaits,
    /// A plan is there.
    PlanKnown,
    /// Both sides have confirmed the same plan.
    PlanAgreed,
    /// It could not be delivered, or nobody has answered on any step of the ladder, and no receipt came.
    ReachesNobody,
    /// No turning back is asked for already.
    NotTurning,
    /// Nobody has noted yet that the child did not arrive.
    NotNoted,
    /// This side has suspended it.
    SuspendedHere,
    /// This side has not suspended it.
    NotSuspendedHere,
    /// A notice of the other side waits for its acknowledgement.
    NoticeWaits,
    /// This side has no case for it yet.
    NoCase,
}

/// One row of the state machine.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// Its number in the process description; empty for what the API adds to it.
    pub number: &'static str,
    /// Whose record.
    pub side: Side,
    /// The act.
    pub act: RequestAct,
    /// Who does it.
    pub doer: Doer,
    /// The states in which it exists.
    pub from: &'static [TransnationalRequestStatus],
    /// The states that it can lead to; none where it stays.
    pub to: &'static [TransnationalRequestStatus],
    /// What must hold beside the state.
    pub guard: Guard,
}

/// An act that is not possible now, and why.
#[derive(Clone, Debug)]
pub struct BlockedAct {
    /// The act.
    pub act: RequestAct,
    /// Why not.
    pub refused: Refused,
}

use Doer as D;
use Guard as G;
use RequestAct as A;
use Side::{Requested, Requesting};
use TransnationalRequestStatus as S;

const fn ours(
    number: &'static str,
    act: A,
    doer: Doer,
    from: &'static [S],
    to: &'static [S],
    guard: Guard,
) -> Transition {
    Transition { number, side: Requesting, act, doer, from, to, guard }
}

const fn theirs(
    number: &'static str,
    act: A,
    doer: Doer,
    from: &'static [S],
    to: &'static [S],
    guard: Guard,
) -> Transition {
    Transition { number, side: Requested, act, doer, from, to, guard }
}

/// Every transition by an act, of both sides. What a message of the other side does is in `effects.rs`.
pub static TRANSITIONS: &[Transition] = &[
    ours("T1", A::Amend, D::Author, &[S::Draft], &[], G::None),
    ours("T2", A::SubmitNational, D::Author, &[S::Draft], &[S::NationalReview], G::None),
    ours("T3", A::ReturnToSender, D::Office, &[S::NationalReview], &[S::Draft], G::None),
    ours("T4", A::ApproveSend, D::Office, &[S::NationalReview], &[S::Sent], G::None),
    ours("T4b", A::SendDirect, D::Author, &[S::Draft], &[S::Sent], G::None),
    ours("T5", A::MarkUndeliverable, D::Mechanism, &[S::Sent], &[S::Undeliverable], G::None),
    ours("T5", A::RetryDelivery, D::Office, &[S::Undeliverable], &[S::Sent], G::None),
    ours("T5", A::Readdress, D::Office, &[S::Undeliverable], &[S::Sent], G::None),
    ours("T7b", A::AnswerMore, D::Either, &[S::InfoRequested], &[S::Acknowledged], G::None),
    ours("T11", A::Withdraw, D::Either, &[S::Draft, S::NationalReview], &[S::Withdrawn], G::None),
    ours("T11", A::Withdraw, D::Either, &[S::Sent, S::Undeliverable], &[S::Withdrawn], G::ReachesNobody),
    ours("T11", A::Withdraw, D::Either, NOT_CARRIED_OUT, &[], G::None),
    ours("T12", A::ProposePlan, D::Either, ACCEPTED_OR_PLANNED, &[], G::MovesChild),
    ours("T13", A::Depart, D::Either, &[S::TransferPlanned], &[S::InTransit], G::PlanAgreed),
    ours("T13b", A::TurnBack, D::Either, &[S::InTransit], &[], G::NotTurning),
    ours("T14", A::NoteMissedArrival, D::Mechanism, &[S::InTransit], &[], G::NotNoted),
    ours(
        "T17",
        A::Close,
        D::Either,
        &[S::FollowUp, S::Answered, S::Declined, S::Withdrawn],
        &[S::Closed],
        G::None,
    ),
    ours("T19", A::NoteNoResponse, D::Mechanism, UNDECIDED, &[], G::NotNoted),
    ours("T20", A::Suspend, D::Either, OPEN, &[], G::NotSuspendedHere),
    ours("T20b", A::Lift, D::Either, OPEN, &[], G::SuspendedHere),
    ours("", A::Notify, D::Either, TOLD, &[], G::None),
    ours("", A::AcknowledgeNotice, D::Either, TOLD, &[], G::NoticeWaits),
    ours("", A::ChangeOffice, D::Mechanism, EVERY, &[], G::None),
    theirs("T6", A::Acknowledge, D::Office, &[S::Delivered], &[S::Acknowledged], G::None),
    theirs("", A::OpenCase, D::Office, RECEIVED, &[], G::NoCase),
    theirs("T6b", A::Forward, D::Office, FORWARDED_FROM, &[S::Forwarded], G::None),
    theirs("T6c", A::TakeForwarded, D::Office, &[S::Forwarded], &[S::Acknowledged], G::None),
    theirs("T7", A::RequestMore, D::Either, &[S::Acknowledged], &[S::InfoRequested], G::None),
    theirs("T8", A::Assess, D::Either, &[S::Acknowledged, S::InfoRequested], &[S::UnderAssessment], G::None),
    theirs("T9", A::Accept, D::Either, &[S::UnderAssessment], ACCEPTED, G::MovesChild),
    theirs("T10", A::Decline, D::Either, DECLINED_FROM, &[S::Declined], G::None),
    theirs("T18", A::Answer, D::Either, &[S::UnderAssessment], &[S::Answered], G::MovesNoChild),
    theirs("T12", A::ConfirmPlan, D::Either, ACCEPTED_OR_PLANNED, &[S::TransferPlanned], G::PlanWaits),
    theirs("T12", A::RefusePlan, D::Either, ACCEPTED_OR_PLANNED, &[], G::PlanKnown),
    theirs("T13b", A::TurnBack, D::Either, &[S::InTransit], &[S::TransferPlanned], G::None),
    theirs("T14", A::NoteMissedArrival, D::Mechanism, &[S::InTransit], &[], G::NotNoted),
    theirs("T14", A::ConfirmArrival, D::Either, &[S::InTransit], &[S::Arrived], G::None),
    theirs("T15", A::HandOver, D::Either, &[S::Arrived], &[S::HandedOver], G::None),
    theirs("T16", A::Report, D::Either, &[S::HandedOver, S::FollowUp], &[S::FollowUp], G::None),
    theirs("T20", A::Suspend, D::Either, OPEN, &[], G::NotSuspendedHere),
    theirs("T20b", A::Lift, D::Either, OPEN, &[], G::SuspendedHere),
    theirs("", A::Notify, D::Either, TOLD, &[], G::None),
    theirs("", A::AcknowledgeNotice, D::Either, TOLD, &[], G::NoticeWaits),
    theirs("", A::ChangeOffice, D::Mechanism, EVERY, &[], G::None),
];

impl RequestAct {
    /// The rows of this act for a side.
    pub fn rows(self, side: Side) -> impl Iterator<Item = &'static Transition> {
        TRANSITIONS.iter().filter(move |it| it.act == self && it.side == side)
    }

    /// Whether it is done while a side has suspended the request: what protects the child, and what ends the
    /// suspension.
    pub const fn done_while_suspended(self) -> bool {
        matches!(
            self,
            A::Lift
                | A::Suspend
                | A::Withdraw
                | A::RefusePlan
                | A::TurnBack
                | A::NoteMissedArrival
                | A::ConfirmArrival
                | A::MarkUndeliverable
                | A::NoteNoResponse
                | A::Notify
                | A::AcknowledgeNotice
                | A::ChangeOffice
        )
    }

    /// Whether it is done on what nobody has received and is void: there is nobody to tell anything else.
    const fn done_with_void(self) -> bool {
        matches!(self, A::Close | A::Lift | A::ChangeOffice)
    }

    /// Whether it makes further use of what the other side sent, which ends with a recall.
    const fn builds_on_content(self) -> bool {
        matches!(self, A::OpenCase | A::Assess | A::Accept | A::Answer | A::Forward | A::ConfirmPlan)
    }

    /// Who does it inside the agency: what goes without national review is for whoever has duty there (T4b).
    pub const fn roles(self) -> &'static [Role] {
        use Role::{CaseManager, DutyOfficer, FocalPointOfficer, Prosecutor, Supervisor};
        match self {
            A::SendDirect => &[DutyOfficer, FocalPointOfficer, Supervisor],
            _ => &[CaseManager, Supervisor, FocalPointOfficer, DutyOfficer, Prosecutor],
        }
    }

    /// Whether it is done while the requesting side waits for the answer to its withdrawal.
    const fn done_while_waiting(self) -> bool {
        matches!(
            self,
            A::Lift
                | A::Suspend
                | A::MarkUndeliverable
                | A::RetryDelivery
                | A::Readdress
                | A::NoteNoResponse
                | A::Notify
                | A::AcknowledgeNotice
                | A::ChangeOffice
        )
    }
}

impl Doer {
    fn is(self, request: &Request, by: &Caller) -> bool {
        let here = by.country == request.country && by.role.is_some();
        let author = here && request.lead == Some(by.agency);
        let office = here && request.office == by.agency;
        match self {
            Self::Author => author,
            Self::Office => office,
            Self::Either => author || office,
            Self::Mechanism => by.is_mechanism() && by.country == request.country,
        }
    }
}

impl Request {
    /// The states that an act can lead to, if it is the caller's and fits the state; empty where it stays.
    pub(super) fn next(&self, act: RequestAct, by: &Caller) -> Result<&'static [S], Refused> {
        let mut mine = act.rows(self.side).filter(|it| it.doer.is(self, by)).peekable();
        if mine.peek().is_none() {
            return Err(Refused::not_yours("another agency or the other side does this"));
        }
        if !by.is_mechanism() && !by.role.is_some_and(|it| act.roles().contains(&it)) {
            return Err(Refused::not_yours("another role does this"));
        }
        // Whoever waits for an answer that cannot come need not.
        let voids = act == A::Withdraw && self.reaches_nobody();
        if self.waits_for_withdrawal() && !act.done_while_waiting() && !voids {
            return Err(Refused::wrong_state("it waits for the answer to its withdrawal"));
        }
        if self.void.is_some() && !act.done_with_void() {
            return Err(Refused::wrong_state("nobody has received it, and it is void"));
        }
        if self.recalled() && act.builds_on_content() {
            return Err(Refused::wrong_state("the other side has called back what it sent"));
        }
        if self.called_back() && matches!(act, A::ProposePlan | A::Depart) {
            return Err(Refused::wrong_state("what was sent is called back: no child is moved on it"));
        }
        if self.suspended() && !act.done_while_suspended() {
            return Err(Refused::wrong_state("the request is suspended for safety"));
        }
        let mut refused = Refused::wrong_state(format!("the request is {}", self.status));
        for row in mine.filter(|it| it.from.contains(&self.status)) {
            match self.unmet(row.guard) {
                None => return Ok(row.to),
                Some(because) => refused = Refused::wrong_state(because),
            }
        }
        Err(refused)
    }

    /// Refuses an act that is not the caller's or does not fit the state, before anything else is looked at.
    pub fn check_act(&self, act: RequestAct, by: &Caller) -> Result<(), Refused> {
        self.next(act, by).map(|_| ())
    }

    /// What the caller may do now, and of everything else of this side why not.
    pub fn actions(&self, by: &Caller) -> (Vec<RequestAct>, Vec<BlockedAct>) {
        use crate::CodeList as _;
        let (mut allowed, mut blocked) = (Vec::new(), Vec::new());
        for act in A::ALL.iter().copied().filter(|it| it.rows(self.side).next().is_some()) {
            match self.next(act, by) {
                Ok(_) => allowed.push(act),
                Err(refused) => blocked.push(BlockedAct { act, refused }),
            }
        }
        (allowed, blocked)
    }

    /// What the caller may do now by state and function alone, in the order of the list.
    pub fn allowed(&self, by: &Caller) -> Vec<RequestAct> {
        use crate::CodeList as _;
        A::ALL.iter().copied().filter(|act| self.next(*act, by).is_ok()).collect()
    }

    fn unmet(&self, guard: Guard) -> Option<&'static str> {
        let moves = rule_of(self.request_type).moves_child;
        let (holds, because) = match guard {
            G::None => (true, ""),
            G::MovesChild => (moves, "no child moves by this type of request: it is answered"),
            G::MovesNoChild => (!moves, "this type of request is accepted or declined"),
            G::PlanWaits => (self.plan_waits(), "no plan waits for a confirmation"),
            G::PlanKnown => (self.transfer.plan.is_some(), "no plan was proposed"),
            G::PlanAgreed => (self.plan_agreed(), "the two sides have not confirmed the same plan"),
            G::ReachesNobody => (self.reaches_nobody(), "somebody there may have received it"),
            G::NotTurning => (!self.transfer.turning_back, "turning back is asked for already"),
            G::NotNoted => (!self.noted(), "it was noted"),
            G::SuspendedHere => (self.suspension.here.is_some(), "this side has not suspended it"),
            G::NotSuspendedHere => (self.suspension.here.is_none(), "this side has suspended it"),
            G::NoticeWaits => (self.notices_to_acknowledge().next().is_some(), "no notice waits"),
            G::NoCase => (self.case.is_none(), "a case was opened for it already"),
        };
        (!holds).then_some(because)
    }

    fn noted(&self) -> bool {
        match self.status {
            S::InTransit => self.transfer.missed_at.is_some(),
            _ => self.no_response_at.is_some(),
        }
    }
}
