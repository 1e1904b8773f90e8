//! The state machine of identification as a table: acts, `allowedActions` and tests read it.

use super::{Identified, Setting, Written, record::Entry};
use crate::{
    Decided, Refused, Violation,
    access::Caller,
    cases::Case,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::{AgencyType, IdentificationStatus, Role},
};

crate::codes! {
    /// An act on the identification of a child.
    pub enum IdentificationAct = "identification_act" {
        RecordNoGrounds = "record_no_grounds": "Record that the screening found no grounds",
        Presume = "presume": "Presume the child a victim",
        PresumeOnForeignNotice = "presume_on_foreign_notice": "Presume the child a victim on the notice of another country",
        OpenFormalAssessment = "open_formal_assessment": "Open the formal assessment",
        Decide = "decide": "Decide that the child is a victim",
        ProposeNegative = "propose_negative": "Propose a negative decision",
        ConfirmNegative = "confirm_negative": "Confirm a negative decision as the second decider",
        ReturnNegative = "return_negative": "Return a negative decision as the second decider",
        Appeal = "appeal": "Appeal, or bring new facts",
        DeclineStatus = "decline_status": "Decline the formal status for the child",
        CloseWithoutStatus = "close_without_status": "Close without a formal status",
        RecogniseForeignDecision = "recognise_foreign_decision": "Recognise a decision of another country",
        RecordEntitlement = "record_entitlement": "Record that an entitlement was given",
        Turn18 = "turn_18": "Note that the person has turned 18",
    }
}

/// Who does an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doer {
    /// An agency that the profile lets presume.
    Presumer,
    /// The same, or the focal point of the country.
    NoticeReceiver,
    /// An identification officer of an agency that the profile lets decide.
    Decider,
    /// An identification officer of an agency that the profile lets confirm.
    SecondDecider,
    /// Whoever takes part in the case.
    Participant,
    /// The agency that leads or opened the case.
    Own,
    /// The mechanism itself.
    Mechanism,
}

/// What must hold beside the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing.
    None,
    /// The country knows a formal status.
    FormalStatus,
    /// The country knows none: the presumption is the last word.
    NoFormalStatus,
    /// A negative decision waits for the second decider.
    Proposed,
    /// None does.
    NotProposed,
    /// An entitlement is open.
    Owed,
    /// It was not noted before.
    NotNoted,
}

/// One row of the state machine.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Its number in the process description; empty for what the API adds to it.
    pub number: &'static str,
    /// The act.
    pub act: IdentificationAct,
    /// Who does it.
    pub doer: Doer,
    /// The states in which it exists.
    pub from: &'static [IdentificationStatus],
    /// The state that it leads to; none where it stays.
    pub to: Option<IdentificationStatus>,
    /// What must hold beside the state.
    pub condition: Condition,
}

use Condition as C;
use Doer as D;
use IdentificationAct as A;
use IdentificationStatus as S;

const ALL: &[S] = &[
    S::ConcernLogged,
    S::Screening,
    S::NoGrounds,
    S::PresumedVictim,
    S::FormalAssessment,
    S::IdentifiedVictim,
    S::NegativeDecision,
    S::ClosedNoStatus,
    S::UnderReview,
];
const EARLY: &[S] = &[S::ConcernLogged, S::Screening, S::NoGrounds];
const UNDECIDED: &[S] = &[S::PresumedVictim, S::FormalAssessment];
const DECIDABLE: &[S] = &[S::FormalAssessment, S::UnderReview];
const REVIEWABLE: &[S] = &[S::NegativeDecision, S::NoGrounds, S::ClosedNoStatus];

const fn row(
    number: &'static str,
    act: A,
    doer: Doer,
    from: &'static [S],
    to: Option<S>,
    condition: Condition,
) -> Step {
    Step { number, act, doer, from, to, condition }
}

/// Every step. I1 and I2 lie before the case: a concern and a screening. An act has one row for each condition.
pub static STEPS: &[Step] = &[
    row("I3", A::RecordNoGrounds, D::Presumer, &[S::Screening], Some(S::NoGrounds), C::None),
    row("I4", A::Presume, D::Presumer, EARLY, Some(S::PresumedVictim), C::None),
    row("I4", A::Presume, D::Presumer, &[S::UnderReview], Some(S::PresumedVictim), C::NoFormalStatus),
    row("I5", A::PresumeOnForeignNotice, D::NoticeReceiver, EARLY, Some(S::PresumedVictim), C::None),
    row(
        "I6",
        A::OpenFormalAssessment,
        D::Decider,
        &[S::PresumedVictim],
        Some(S::FormalAssessment),
        C::FormalStatus,
    ),
    row("I7", A::Decide, D::Decider, DECIDABLE, Some(S::IdentifiedVictim), C::FormalStatus),
    row("I8", A::ProposeNegative, D::Decider, DECIDABLE, None, C::NotProposed),
    row("I8", A::ConfirmNegative, D::SecondDecider, DECIDABLE, Some(S::NegativeDecision), C::Proposed),
    row("I8", A::ReturnNegative, D::SecondDecider, DECIDABLE, None, C::Proposed),
    row("I9", A::Appeal, D::Participant, REVIEWABLE, Some(S::UnderReview), C::None),
    row("I10", A::DeclineStatus, D::Participant, UNDECIDED, Some(S::ClosedNoStatus), C::None),
    row("", A::CloseWithoutStatus, D::Own, UNDECIDED, Some(S::ClosedNoStatus), C::None),
    row(
        "I11",
        A::RecogniseForeignDecision,
        D::Decider,
        UNDECIDED,
        Some(S::IdentifiedVictim),
        C::FormalStatus,
    ),
    row("", A::RecordEntitlement, D::Own, ALL, None, C::Owed),
    row("I12", A::Turn18, D::Mechanism, ALL, None, C::NotNoted),
];

impl IdentificationAct {
    /// The rows of this act.
    pub fn rows(self) -> impl Iterator<Item = &'static Step> {
        STEPS.iter().filter(move |it| it.act == self)
    }
}

impl Setting<'_> {
    /// Whether the caller is one who does this (R11, R96).
    fn does(&self, doer: Doer) -> Result<(), Refused> {
        let by = self.by;
        if by.is_mechanism() != (doer == Doer::Mechanism) {
            return Err(Refused::NotYours(vec![Violation::of(
                &rules::R96,
                "",
                "a legal status is decided by people, and what the mechanism notes by itself is not theirs to note",
            )]));
        }
        let profile = &self.country.profile;
        let mandate = |types: &[AgencyType], because: &'static str| {
            let held = types.contains(&by.agency_type);
            if held { Ok(()) } else { Err(Refused::NotYours(vec![Violation::of(&rules::R11, "", because)])) }
        };
        let presumes = "the national profile does not let this type of agency presume";
        match doer {
            Doer::Presumer => mandate(&profile.may_presume.value, presumes),
            Doer::NoticeReceiver if by.agency_type == AgencyType::CrossborderFocalPoint => Ok(()),
            Doer::NoticeReceiver => mandate(&profile.may_presume.value, presumes),
            Doer::Decider => {
                let because =
                    "the national profile of the day does not let this type of agency decide formally";
                mandate(&profile.may_decide.value, because).and_then(|()| accredited(by))
            }
            Doer::SecondDecider => {
                let because =
                    "the national profile of the day does not let this type of agency confirm a decision";
                mandate(&profile.second_decider.value, because).and_then(|()| accredited(by))
            }
            Doer::Own if !self.own => {
                Err(Refused::not_yours("only the agency that leads or opened the case"))
            }
            Doer::Own | Doer::Participant | Doer::Mechanism => Ok(()),
        }
    }
}

/// R11: the decision is an identification officer's, whatever else the agency does.
fn accredited(by: &Caller) -> Result<(), Refused> {
    if by.role == Some(Role::IdentificationOfficer) {
        return Ok(());
    }
    let because = "only an identification officer decides on identification";
    Err(Refused::NotYours(vec![Violation::of(&rules::R11, "", because)]))
}

impl Case {
    /// The status after an act, if it is the caller's and fits the state.
    pub(super) fn after(
        &self,
        act: IdentificationAct,
        at: &Setting<'_>,
    ) -> Result<IdentificationStatus, Refused> {
        if let Some(row) = act.rows().next() {
            at.does(row.doer)?;
        }
        self.live()?;
        let status = self.identification.status;
        let mut refused = Refused::wrong_state(format!("identification is {status}"));
        for row in act.rows().filter(|it| it.from.contains(&status)) {
            match self.fits(row.condition, at) {
                Ok(()) => return Ok(row.to.unwrap_or(status)),
                Err(because) => refused = Refused::wrong_state(because),
            }
        }
        Err(refused)
    }

    fn fits(&self, condition: Condition, at: &Setting<'_>) -> Result<(), &'static str> {
        let it = &self.identification;
        let formal = at.country.profile.has_formal_status();
        let (holds, because) = match condition {
            Condition::None => (true, ""),
            Condition::FormalStatus => {
                (formal, "the country knows no formal status: the presumption is the last word")
            }
            Condition::NoFormalStatus => (!formal, "the review ends with a formal decision"),
            Condition::Proposed => (it.proposal.is_some(), "no negative decision is proposed"),
            Condition::NotProposed => {
                (it.proposal.is_none(), "a negative decision waits for the second decider")
            }
            Condition::Owed => (!it.owed.is_empty(), "no entitlement is open"),
            Condition::NotNoted => (it.turned_18_at.is_none(), "it was noted before"),
        };
        if holds { Ok(()) } else { Err(because) }
    }

    /// The case after an act, before what the act itself adds. A proposal lives in the state in which it was made.
    pub(super) fn moved(&self, act: IdentificationAct, at: &Setting<'_>) -> Result<Self, Refused> {
        let status = self.after(act, at)?;
        let mut case = Self { version: self.version.next(), ..self.clone() };
        if status != self.identification.status {
            case.identification.status = status;
            case.identification.since = at.now;
            case.identification.proposal = None;
        }
        Ok(case)
    }

    /// The entry of an act that leads from this case to another.
    pub(super) fn entered(
        &self,
        act: IdentificationAct,
        after: &Self,
        written: Written,
        at: &Setting<'_>,
    ) -> Entry {
        let by = at.by;
        let written = Written { unit: at.unit.map(str::to_owned), ..written };
        Entry {
            id: at.entry,
            case: self.id,
            act,
            from: self.identification.status,
            to: after.identification.status,
            at: at.now,
            agency: (!by.is_mechanism()).then_some(by.agency),
            professional: by.professional,
            entitlement: None,
            written,
        }
    }

    /// A fact on the identification; whoever acts knows of it. The feed is read in every role: what an act rests on is in
    /// its entry, never in the payload.
    pub(super) fn told(&self, event: EventType, payload: serde_json::Value, by: &Caller) -> Fact {
        let mut audience = self.audience();
        if !by.is_mechanism() && !audience.contains(&by.agency) {
            audience.push(by.agency);
        }
        Fact {
            event,
            subject: SubjectKind::Case,
            subject_id: self.id.0,
            version: self.version.0,
            case: Some(self.id),
            audience,
            payload,
        }
    }

    /// The decision of an act: the case after it with its entry, its facts and what it does to deadlines.
    pub(super) fn identified(
        &self,
        act: IdentificationAct,
        after: Self,
        entry: Entry,
        (facts, warnings): (Vec<Fact>, Vec<Violation>),
        at: &Setting<'_>,
    ) -> Decided<Identified> {
        let changes = self.changes(act, &after, at);
        let warnings = warnings.into_iter().chain(self.asylum_information_opened(&after)).collect();
        Decided::new(Identified { case: after, entry }, facts, warnings).with_deadlines(changes)
    }
}
