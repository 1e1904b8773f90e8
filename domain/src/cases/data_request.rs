//! Requests of people for the data of a child (R90; Regulation (EU) 2016/679 Art. 12(3), 15 and 20): whoever asks is
//! answered in the same words, whether the request is held or not. What comes from somebody who may endanger the child, or
//! whom the case does not know, waits for a data protection officer, who does not read the case.

mod duties;

use serde_json::json;

use super::{Case, file::Contact};
use crate::{
    AgencyId, CaseId, Check, DataRequestId, Day, Decided, EntryId, ProfessionalId, Refused, Timestamp,
    Version, Violation,
    access::{Caller, Depth, Relation, sections},
    deadlines::{Change, DutyKind, Outcome},
    directory::CountryEntry,
    events::{EventType, Fact, Given, GivenTo, SubjectKind},
    rules,
    vocabulary::{AgencyType, ContactDecision, DataClass, Role},
};

crate::codes! {
    /// What somebody asks for.
    pub enum DataRequestKind = "data_request_kind" {
        Access = "access": "To be told what is held of the child",
        Portability = "portability": "To be given a copy of the data in a common form",
    }
}

crate::codes! {
    /// Who asks for the data of a child.
    pub enum DataRequester = "data_requester" {
        Child = "child": "The child",
        Parent = "parent": "A parent",
        Guardian = "guardian": "The guardian or special representative",
        Lawyer = "lawyer": "The lawyer of the child",
        Relative = "relative": "A relative",
        OtherRepresentative = "other_representative": "Somebody else who says to represent the child",
    }
}

crate::codes! {
    /// How a request for the data of a child stands.
    pub enum DataRequestStatus = "data_request_status" {
        Open = "open": "It waits for the answer",
        Held = "held": "It waits for the data protection officer; nothing is given",
        Refused = "refused": "The data protection officer decided that nothing is given",
        Answered = "answered": "It was answered",
    }
}

crate::codes! {
    /// Why a request is held.
    pub enum HoldReason = "data_request_hold" {
        RestrictedParty = "restricted_party": "Whoever asks is never to know of the case",
        ContactExcluded = "contact_excluded": "Whoever asks is suspected, or may not be told about the child or have contact",
        NotKnown = "not_known": "Whoever asks is no contact of the case and takes no part in it",
    }
}

crate::codes! {
    /// What a data protection officer decides on a request that is held.
    pub enum DataRequestVerdict = "data_request_verdict" {
        Release = "release": "It is answered as any other",
        Refuse = "refuse": "Nothing is given",
    }
}

crate::codes! {
    /// How a request was answered.
    pub enum DataRequestOutcome = "data_request_outcome" {
        Given = "given": "Everything that was asked for was given",
        GivenPartly = "given_partly": "A part was given",
        Refused = "refused": "Nothing was given",
    }
}

crate::codes! {
    /// What whoever asks is told at once, whatever becomes of the request.
    pub enum DataRequestReply = "data_request_reply" {
        ReceivedAndLookedAt = "received_and_looked_at": "Your request was received and is looked at. You will be answered within one month.",
    }
}

/// What somebody asks for, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDataRequest {
    /// What.
    pub kind: DataRequestKind,
    /// Who asks.
    pub requester: DataRequester,
    /// The contact of the case who asks, where it is one.
    pub contact: Option<EntryId>,
    /// The agency of the guardian or lawyer who asks.
    pub agency: Option<AgencyId>,
    /// The name of whoever asks, where it is no contact of the case.
    pub name: Option<String>,
    /// The day on which it was received.
    pub received_on: Day,
}

/// What the case knows of whoever asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct KnownRequester<'a> {
    /// The contact, where one is named.
    pub contact: Option<&'a Contact>,
    /// The type of the agency that is named, where that one takes part in the case.
    pub takes_part: Option<AgencyType>,
    /// Whether the contact or the agency is never to know of the case (R91).
    pub restricted: bool,
}

/// In what a request is recorded.
#[derive(Clone, Copy, Debug)]
pub struct Receiving<'a> {
    /// The case.
    pub case: &'a Case,
    /// The profile of its country, valid today.
    pub country: &'a CountryEntry,
    /// What the case knows of whoever asks.
    pub known: KnownRequester<'a>,
    /// The data protection authority of the country.
    pub oversight: Option<AgencyId>,
    /// Who records.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// A request for the data of a child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRequest {
    /// Its id.
    pub id: DataRequestId,
    /// The case.
    pub case: CaseId,
    /// The agency that recorded it.
    pub agency: AgencyId,
    /// Who recorded it.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub recorded_at: Timestamp,
    /// What was asked.
    pub asked: NewDataRequest,
    /// How it stands.
    pub status: DataRequestStatus,
    /// Why it is or was held.
    pub hold: Option<HoldReason>,
    /// What the data protection officer decided.
    pub review: Option<DataRequestReview>,
    /// How it was answered.
    pub answer: Option<DataRequestAnswer>,
    /// Which version it is.
    pub version: Version,
}

/// What a data protection officer decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRequestReview {
    /// What.
    pub verdict: DataRequestVerdict,
    /// Why, in words.
    pub ground: String,
    /// Who.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataRequestAnswer {
    /// How.
    pub outcome: DataRequestOutcome,
    /// On which day.
    pub on: Day,
}

/// Whether a caller reviews the requests of its country that are held: a data protection officer.
pub fn oversees(by: &Caller) -> bool {
    by.role == Some(Role::Dpo) && by.agency_type == AgencyType::Dpo
}

/// Whether a caller keeps the requests of the cases that its agency leads.
pub fn keeps(by: &Caller) -> bool {
    matches!(by.role, Some(Role::CaseManager | Role::Supervisor))
}

/// Why a request is held, if it is (R90).
pub fn held_because(requester: DataRequester, known: &KnownRequester<'_>) -> Option<HoldReason> {
    use AgencyType as A;
    let excluded = |it: &Contact| {
        it.suspected == Some(true)
            || it.may_be_informed == Some(false)
            || it.decision == ContactDecision::NotAllowed
    };
    if known.restricted {
        return Some(HoldReason::RestrictedParty);
    }
    if known.contact.is_some_and(excluded) {
        return Some(HoldReason::ContactExcluded);
    }
    let known = match requester {
        DataRequester::Child => true,
        DataRequester::Guardian => {
            matches!(known.takes_part, Some(A::GuardianPerson | A::GuardianshipAuthority))
        }
        DataRequester::Lawyer => known.takes_part == Some(A::LegalAid),
        DataRequester::Parent | DataRequester::Relative | DataRequester::OtherRepresentative => {
            known.contact.is_some()
        }
    };
    (!known).then_some(HoldReason::NotKnown)
}

impl DataRequest {
    /// Records that somebody asks. The record is made whoever asks, and held where R90 has it so.
    pub fn record(
        id: DataRequestId,
        asked: NewDataRequest,
        at: &Receiving<'_>,
    ) -> Result<Decided<Self>, Refused> {
        by_the_lead(at.case, at.by)?;
        let mut check = Check::default();
        let received = asked.received_on.0;
        check.require(received <= at.country.day_of(at.now), || in_the_future("/receivedOn"));
        // Around midnight the day there is not that of the clock.
        let opened = at.case.opened_at;
        check.require(received >= at.country.day_of(opened).min(opened.date()), || {
            Violation::plain("before_the_case", "/receivedOn", "the case was not opened yet on that day")
        });
        check.require(asked.contact.is_none() || asked.name.is_none(), || {
            Violation::plain("named_twice", "/name", "the contact of the case has the name")
        });
        let represents = matches!(asked.requester, DataRequester::Guardian | DataRequester::Lawyer);
        check.require(asked.agency.is_none() || represents, || {
            Violation::plain(
                "no_representative",
                "/agencyId",
                "only a guardian or a lawyer asks for an agency",
            )
        });
        let warnings = check.done()?;
        let hold = held_because(asked.requester, &at.known);
        let value = Self {
            id,
            case: at.case.id,
            agency: at.by.agency,
            professional: at.by.professional,
            recorded_at: at.now,
            asked,
            status: if hold.is_some() { DataRequestStatus::Held } else { DataRequestStatus::Open },
            hold,
            review: None,
            answer: None,
            version: Version::FIRST,
        };
        let told = at.oversight.filter(|_| hold.is_some());
        let payload = json!({ "kind": value.asked.kind, "status": value.status });
        let fact = value.fact(EventType::DataRequestRecorded, (at.case, told), payload);
        let duties = [value.answer_duty(at), hold.and_then(|_| value.review_duty(at))];
        let opened = duties.into_iter().flatten().map(|it| Change::Opened(Box::new(it))).collect();
        Ok(Decided::new(value, vec![fact], warnings).with_deadlines(opened))
    }

    /// Decides on a request that is held: a data protection officer of the country, who did not record it.
    pub fn review(
        &self,
        (verdict, ground): (DataRequestVerdict, String),
        case: &Case,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        if !oversees(by) || by.country != case.country {
            return Err(Refused::not_yours(
                "the data protection officer of the country decides on what is held",
            ));
        }
        if by.professional.is_none() || by.professional == self.professional {
            return Err(Refused::not_yours("another person than the one who recorded it decides"));
        }
        if self.status != DataRequestStatus::Held {
            return Err(Refused::wrong_state("the request is not held"));
        }
        let mut value = self.clone();
        value.version = self.version.next();
        value.status = match verdict {
            DataRequestVerdict::Release => DataRequestStatus::Open,
            DataRequestVerdict::Refuse => DataRequestStatus::Refused,
        };
        value.review = Some(DataRequestReview { verdict, ground, professional: by.professional, at: now });
        let told = (case, Some(by.agency));
        let fact = value.fact(EventType::DataRequestReviewed, told, json!({ "verdict": verdict }));
        let closed = self.fulfilled(DutyKind::ReviewDataRequest);
        Ok(Decided::new(value, vec![fact], Vec::new()).with_deadlines(vec![closed]))
    }

    /// Records how it was answered. While it is held nothing is answered, and nothing is given that was refused, or to whom
    /// the case has learned to fear since and nobody has decided on (R90).
    pub fn answer(
        &self,
        answer: DataRequestAnswer,
        (case, country, known): (&Case, &CountryEntry, &KnownRequester<'_>),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        by_the_lead(case, by)?;
        if self.status == DataRequestStatus::Answered {
            return Err(Refused::wrong_state("it was answered before"));
        }
        let mut check = Check::default();
        check.require(self.status != DataRequestStatus::Held, || {
            Violation::of(&rules::R90, "", "the data protection officer has not decided on it yet")
        });
        let gives = answer.outcome != DataRequestOutcome::Refused;
        check.require(!(gives && self.status == DataRequestStatus::Refused), || {
            Violation::of(
                &rules::R90,
                "/outcome",
                "the data protection officer decided that nothing is given",
            )
        });
        let undecided = self.review.is_none() && self.status == DataRequestStatus::Open;
        check.require(!(gives && undecided && held_because(self.asked.requester, known).is_some()), || {
            let because = "it would be held today: record it anew, for the data protection officer to decide";
            Violation::of(&rules::R90, "/outcome", because)
        });
        check.require(answer.on.0 <= country.day_of(now), || in_the_future("/answeredOn"));
        check.require(answer.on.0 >= self.asked.received_on.0, || {
            Violation::plain("before_the_request", "/answeredOn", "it was not received yet on that day")
        });
        let warnings = check.done()?;
        let mut value = self.clone();
        value.version = self.version.next();
        value.status = DataRequestStatus::Answered;
        value.answer = Some(answer);
        let mut payload = json!({ "outcome": answer.outcome });
        if gives {
            let to = GivenTo::Requester { requester: self.asked.requester };
            payload = Given::of(to, []).told_in(payload);
        }
        let fact = value.fact(EventType::DataRequestAnswered, (case, None), payload);
        let closed = self.fulfilled(DutyKind::AnswerDataRequest);
        Ok(Decided::new(value, vec![fact], warnings).with_deadlines(vec![closed]))
    }

    /// Whether a caller may be shown it: who keeps it for the lead, and a data protection officer if it is or was held.
    pub fn shown_to(&self, by: &Caller, leads: bool) -> bool {
        leads && keeps(by) || self.hold.is_some() && oversees(by)
    }

    /// Whether a caller is shown the name of whoever asks: only with the family and contacts of a case that it leads.
    pub fn names_to(by: &Caller, relation: &Relation) -> bool {
        let family =
            |it: &crate::access::Section| it.class == DataClass::D3FamilyContacts && it.depth == Depth::Full;
        *relation == Relation::Lead && sections(by, relation).iter().any(family)
    }

    fn fulfilled(&self, kind: DutyKind) -> Change {
        Change::Closed { subject_id: self.id.0, kind, outcome: Outcome::Fulfilled }
    }

    /// Whoever else takes part in the case is not told: that somebody asks, and that it is held, is for the lead.
    fn fact(
        &self,
        event: EventType,
        (case, told): (&Case, Option<AgencyId>),
        payload: serde_json::Value,
    ) -> Fact {
        let mut audience: Vec<_> = [case.lead].into_iter().chain(told).collect();
        audience.sort_unstable();
        audience.dedup();
        Fact {
            event,
            subject: SubjectKind::DataRequest,
            subject_id: self.id.0,
            version: self.version.0,
            case: Some(case.id),
            audience,
            payload,
        }
    }
}

fn in_the_future(pointer: &'static str) -> Violation {
    Violation::plain("in_the_future", pointer, "the day lies in the future")
}

fn by_the_lead(case: &Case, by: &Caller) -> Result<(), Refused> {
    if by.agency == case.lead && by.country == case.country && keeps(by) {
        return Ok(());
    }
    Err(Refused::not_yours(
        "only a case manager or supervisor of the agency that leads the case keeps requests for its data",
    ))
}
