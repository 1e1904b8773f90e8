//! Handing responsibility over (R53 to R56): inside the country the file stays and the lead changes; to another country
//! the case ends here, once the child has arrived.

use serde::{Deserialize, Serialize};

use super::{LifecycleAct as A, Moved, Setting, Written};
use crate::{
    AgencyId, CaseId, Check, CodeList as _, Day, Decided, HandoverId, Refused, Timestamp, Violation,
    access::{Scope, reading_ceiling, scope_ceiling},
    cases::Case,
    directory::Agency,
    events::{EventType, Given, GivenTo},
    rules,
    text::Country,
};

crate::codes! {
    /// Where a handover stands.
    pub enum HandoverStatus = "handover_status" {
        Proposed = "proposed": "Proposed; it waits for the receiver",
        Confirmed = "confirmed": "Confirmed by the receiver",
        Refused = "refused": "Refused by the receiver",
        Withdrawn = "withdrawn": "Withdrawn by the agency that leads",
        Interrupted = "interrupted": "Gone back because the child is missing",
    }
}

crate::codes! {
    /// What another country says to the placement of a child.
    pub enum ConsentAnswer = "consent_answer" {
        Consented = "consented": "It consents, in a document",
        ExemptParent = "exempt_parent": "The child is placed with a parent: no consent is needed",
        NoAnswer = "no_answer": "It has not answered",
    }
}

crate::codes! {
    /// What a receiver confirms of a handover.
    pub enum HandoverPoint = "handover_point" {
        ChildArrived = "child_arrived": "The child has arrived where it is cared for",
        CarerPresent = "carer_present": "A guardian or carer is with the child",
        PlanAccepted = "plan_accepted": "The plan is accepted",
        ChildTold = "child_told": "The child was told",
    }
}

/// To whom a case is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// An agency of the country, which will lead.
    Agency(AgencyId),
    /// Another country.
    Country(Country),
}

/// A handover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handover {
    /// Its id.
    pub id: HandoverId,
    /// The case.
    pub case: CaseId,
    /// Where it stands.
    pub status: HandoverStatus,
    /// The agency that led when it was proposed.
    pub from: AgencyId,
    /// To whom.
    pub to: Destination,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// When it was answered or taken back.
    pub ended_at: Option<Timestamp>,
}

/// Whether the other country consents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Consent {
    /// What it says.
    pub answer: ConsentAnswer,
    /// The document, as that authority names it.
    pub document: Option<String>,
    /// The day of the document.
    pub dated: Option<Day>,
}

/// A handover to another country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Abroad {
    /// The country.
    pub country: Country,
    /// The authority that takes over.
    pub authority: String,
    /// The day on which the child moves.
    pub moves_on: Day,
    /// Whether that country consents.
    pub consent: Consent,
}

/// What an authority of another country wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Writing {
    /// The authority.
    pub authority: String,
    /// The document, as that authority names it.
    pub document: String,
    /// The day of the document.
    pub dated: Day,
}

/// The wish to hand a case over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposeHandover {
    /// To an agency of the country.
    Inside {
        /// The agency.
        to: Box<Agency>,
        /// The reasons, in words.
        reasons: String,
    },
    /// To another country.
    Abroad {
        /// Where to, with the consent.
        to: Abroad,
        /// The reasons, in words.
        reasons: String,
    },
}

/// What the receiver confirms (R55).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Arrival {
    /// What holds; a handover needs every point.
    pub confirmed: Vec<HandoverPoint>,
    /// What the authority of the other country confirms in writing.
    pub writing: Option<Writing>,
}

impl Handover {
    /// The agency that answers: the receiver, or the focal point for another country.
    pub fn receiver(&self, focal_point: Option<AgencyId>) -> Option<AgencyId> {
        match self.to {
            Destination::Agency(it) => Some(it),
            Destination::Country(_) => focal_point,
        }
    }

    fn ended(&self, status: HandoverStatus, now: Timestamp) -> Self {
        Self { status, ended_at: Some(now), ..self.clone() }
    }

    /// The handover of a child that is missing: nobody is moved (R74).
    pub(super) fn interrupted(&self, now: Timestamp) -> Self {
        self.ended(HandoverStatus::Interrupted, now)
    }
}

impl Case {
    /// Proposes to hand the case over. Whoever leads stays responsible until the receiver confirms.
    pub fn propose_handover(
        &self,
        act: &ProposeHandover,
        at: &Setting<'_>,
    ) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::ProposeHandover)?;
        let mut check = Check::default();
        let (to, reasons, abroad) = match act {
            ProposeHandover::Inside { to, reasons } => {
                self.check_receiver(&mut check, to, at);
                (Destination::Agency(to.id), reasons, None)
            }
            ProposeHandover::Abroad { to, reasons } => {
                self.check_abroad(&mut check, to, at);
                (Destination::Country(to.country), reasons, Some(to.clone()))
            }
        };
        let warnings = check.done()?;
        let written = Written { reasons: Some(reasons.clone()), abroad, ..Written::default() };
        let mut moved = at.entered(A::ProposeHandover, self, after, written);
        moved.handover = Some(Handover {
            id: HandoverId(at.begun),
            case: self.id,
            status: HandoverStatus::Proposed,
            from: self.lead,
            to,
            proposed_at: at.now,
            ended_at: None,
        });
        Ok(at.decided(self, moved, &[EventType::HandoverProposed], warnings))
    }

    /// R55: whoever will lead has accepted a referral of the child, and can lead a case at all.
    fn check_receiver(&self, check: &mut Check, to: &Agency, at: &Setting<'_>) {
        check.require(to.id != self.lead, || {
            Violation::plain("leads_already", "/toAgencyId", "the agency leads the case")
        });
        let leads = to.country == self.country && scope_ceiling(to.agency_type).has(Scope::CasesWrite);
        check.require(leads && to.active, || {
            Violation::plain("cannot_lead", "/toAgencyId", "an agency of this type cannot lead a case")
        });
        check.require(at.referred.accepted.contains(&to.id), || {
            let because = "the agency has accepted no referral of the child that still runs";
            Violation::of(&rules::R55, "/toAgencyId", because)
        });
    }

    /// R53, R54, R56: the consent of the other country, in a document of a day before the move.
    fn check_abroad(&self, check: &mut Check, to: &Abroad, at: &Setting<'_>) {
        check.require(to.country != self.country, || {
            Violation::plain("own_country", "/abroad/country", "it is the country itself")
        });
        check.require(at.focal_point.is_some(), || {
            Violation::plain(
                "no_focal_point",
                "/abroad",
                "the country has no focal point that could confirm it",
            )
        });
        let consent = &to.consent;
        check.require(consent.answer != ConsentAnswer::NoAnswer, || {
            Violation::of(
                &rules::R56,
                "/abroad/consent/answer",
                "no answer of the other country is no consent",
            )
        });
        check.advise(consent.answer != ConsentAnswer::ExemptParent, || {
            let because = "with a parent no consent is needed; for another relative it is";
            Violation::of(&rules::R54, "/abroad/consent/answer", because)
        });
        if consent.answer == ConsentAnswer::Consented {
            let written = consent.document.is_some() && consent.dated.is_some();
            check.require(written, || {
                let because = "the consent document and its day are not named";
                Violation::of(&rules::R53, "/abroad/consent/document", because)
            });
            let before = consent.dated.is_none_or(|it| it < to.moves_on && it.0 <= at.now.date());
            check.require(before, || {
                let because = "the consent is not dated before the move";
                Violation::of(&rules::R53, "/abroad/consent/dated", because)
            });
        }
    }

    fn answered(
        &self,
        act: A,
        after: Self,
        written: Written,
        status: HandoverStatus,
        (event, warnings): (EventType, Vec<Violation>),
        at: &Setting<'_>,
    ) -> Decided<Moved> {
        let mut moved = at.entered(act, self, after, written);
        moved.handover = at.course.pending().map(|it| it.ended(status, at.now));
        at.decided(self, moved, &[event], warnings)
    }

    /// Confirms the handover (R55). Inside the country the receiver leads from now on, in the same file.
    pub fn confirm_handover(&self, act: &Arrival, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let mut after = at.moved(self, A::ConfirmHandover)?;
        let mut check = Check::default();
        for point in HandoverPoint::ALL {
            check.require(act.confirmed.contains(point), || {
                let because = format!("it is not confirmed: {}", point.label().to_lowercase());
                Violation::of(&rules::R55, "/confirmed", because)
            });
        }
        let mut proposals = at.course.acts.iter().rev().filter(|it| it.act == A::ProposeHandover);
        let proposer = proposals.next().and_then(|it| it.professional);
        check.require(proposer.is_none() || proposer != at.by.professional, || {
            let because = "whoever proposes a handover does not confirm it: a second person does";
            Violation::of(&rules::R55, "", because)
        });
        match at.course.pending().map(|it| it.to) {
            Some(Destination::Agency(to)) => after.lead = to,
            Some(Destination::Country(_)) => {
                check.require(act.writing.is_some(), || {
                    let because = "the receiving authority has confirmed nothing in writing";
                    Violation::of(&rules::R56, "/writing", because)
                });
                let future = act.writing.as_ref().is_some_and(|it| it.dated.0 > at.now.date());
                check.require(!future, || {
                    Violation::plain("in_the_future", "/writing/dated", "it lies in the future")
                });
            }
            None => {}
        }
        let warnings = check.done()?;
        let written = Written { arrival: Some(act.clone()), ..Written::default() };
        let told = (EventType::HandoverConfirmed, warnings);
        let led = after.lead;
        let mut decided =
            self.answered(A::ConfirmHandover, after, written, HandoverStatus::Confirmed, told, at);
        if led != self.lead {
            let shown = reading_ceiling(at.by.agency_type).iter().copied();
            let given = Given { from: Some(self.lead), ..Given::of(GivenTo::Agency { id: led }, shown) };
            for fact in decided.facts.iter_mut().filter(|it| it.event == EventType::HandoverConfirmed) {
                fact.payload = given.told_in(std::mem::take(&mut fact.payload));
            }
        }
        Ok(decided)
    }

    /// Refuses the handover: whoever leads goes on leading.
    pub fn refuse_handover(&self, reasons: &str, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::RefuseHandover)?;
        let written = Written { reasons: Some(reasons.to_owned()), ..Written::default() };
        let told = (EventType::HandoverRefused, Vec::new());
        Ok(self.answered(A::RefuseHandover, after, written, HandoverStatus::Refused, told, at))
    }

    /// Withdraws the handover.
    pub fn withdraw_handover(&self, reasons: &str, at: &Setting<'_>) -> Result<Decided<Moved>, Refused> {
        let after = at.moved(self, A::WithdrawHandover)?;
        let written = Written { reasons: Some(reasons.to_owned()), ..Written::default() };
        let told = (EventType::HandoverWithdrawn, Vec::new());
        Ok(self.answered(A::WithdrawHandover, after, written, HandoverStatus::Withdrawn, told, at))
    }
}
