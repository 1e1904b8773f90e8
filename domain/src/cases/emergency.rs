//! Emergency access: somebody who takes no part in a case reads it at once, for an hour at most, and answers for it
//! afterwards (R94). Nothing of a grant changes once it is given: whoever needs longer asks anew. It adds participation and
//! nothing else: no scope, no role, nothing to write, none of therapy notes, recordings and intelligence.

use serde_json::{Value, json};
use time::Duration;

use super::Case;
use crate::{
    AgencyId, CaseId, Check, Decided, EmergencyAccessId, ProfessionalId, Refused, Timestamp, Violation,
    access::{Caller, Denied, Depth, depth, grant_ceiling},
    deadlines::{Change, Duty, DutyKind, Outcome, SetBy, Span, limited},
    directory::CountryEntry,
    events::{EventType, Fact, Given, GivenTo, SubjectKind},
    rules::{self, Verification},
    vocabulary::{AgencyType, DataClass, Purpose, Role, Urgency},
};

/// The fewest characters of a justification; spaces at its ends and repeated ones do not count.
pub const SHORTEST_JUSTIFICATION: usize = 20;

/// The fewest different letters and digits of a justification: fewer are no words.
const FEWEST_LETTERS: usize = 6;

/// The longest access, in minutes.
pub const LONGEST_MINUTES: u8 = 60;

/// How many accesses a professional has within 30 days before each of them must be reviewed.
pub const MOST_UNREVIEWED: usize = 3;

/// How long an access counts.
pub const COUNTED_FOR: Duration = Duration::days(30);

/// How long a review may take.
const REVIEW_WITHIN: Span = Span::WorkingDays(2);

crate::codes! {
    /// Why somebody opens a case in an emergency.
    pub enum EmergencyReason = "emergency_reason" {
        ImmediateDanger = "immediate_danger": "The child is in danger now",
        ChildMissing = "child_missing": "The child is missing and is searched for now",
        MedicalEmergency = "medical_emergency": "The child needs medical help now",
        ChildFound = "child_found": "The child was met and somebody must know at once whom to call and what to avoid",
        LeadUnreachable = "lead_unreachable": "Something cannot wait and the agency that leads the case cannot be reached",
    }
}

crate::codes! {
    /// What a review says of an emergency access.
    pub enum EmergencyVerdict = "emergency_verdict" {
        Justified = "justified": "It was needed",
        Unjustified = "unjustified": "It was not needed: the data protection officer and the agency follow it up",
        Unclear = "unclear": "It cannot be told; the data protection officer looks further",
    }
}

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEmergencyAccess {
    /// Why.
    pub reason: EmergencyReason,
    /// Why, in words; never the child's name.
    pub justification: String,
    /// For how long, 1 to 60 minutes.
    pub minutes: u8,
}

/// An access that was given, with its review once there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyAccess {
    /// Its id.
    pub id: EmergencyAccessId,
    /// The case.
    pub case: CaseId,
    /// The agency of whoever reads.
    pub agency: AgencyId,
    /// Who reads.
    pub professional: ProfessionalId,
    /// In which role; in another one nothing is shown.
    pub role: Role,
    /// The purpose of the token.
    pub purpose: Purpose,
    /// Why.
    pub reason: EmergencyReason,
    /// Why, in words.
    pub justification: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; at that instant nothing is shown any more.
    pub until: Timestamp,
    /// The how manieth of this professional it is, from 1: of two at once, one is the second.
    pub number: i32,
    /// What a second person says of it.
    pub review: Option<EmergencyReview>,
}

/// What a second person says of an access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyReview {
    /// What.
    pub verdict: EmergencyVerdict,
    /// Why, in words.
    pub reason: String,
    /// For which agency.
    pub agency: AgencyId,
    /// Who.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
}

/// In what an access is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Emergency<'a> {
    /// The case.
    pub case: &'a Case,
    /// The profile of its country, valid today.
    pub country: &'a CountryEntry,
    /// Who is told beside the lead: whoever takes part, and the data protection officer.
    pub told: &'a [AgencyId],
    /// What this professional was given before, the last ones at least.
    pub earlier: &'a [EmergencyAccess],
    /// Who asks.
    pub by: &'a Caller,
    /// When.
    pub now: Timestamp,
}

/// Whose accesses a caller looks after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmergencyReach {
    /// Those of the country: a data protection officer.
    Country,
    /// Those of the cases that the own agency leads: its supervisor.
    Led,
}

/// What of a justification is too little, if something is: it is read by people, who must learn why.
pub fn unjustified(words: &str) -> Option<&'static str> {
    let text = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let letters: std::collections::BTreeSet<char> =
        text.chars().filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if text.chars().count() < SHORTEST_JUSTIFICATION {
        Some("say in 20 characters or more why it cannot wait")
    } else if letters.len() < FEWEST_LETTERS {
        Some("say in words why it cannot wait")
    } else {
        None
    }
}

/// Whether a caller may open a case in an emergency at all, whichever it is and whether it is there: recognised for sure
/// just now, with a token for one case only, in a role that could take part, for a purpose that has emergencies.
pub fn admitted(by: &Caller) -> Result<(), Denied> {
    let could_take_part = by.role.is_some_and(|it| depth(it, DataClass::D1Identity) > Depth::None)
        && !given(by.agency_type).is_empty();
    if !could_take_part {
        return Err(Denied::NotYourFunction);
    }
    if !has_emergencies(by.purpose) {
        return Err(Denied::Purpose);
    }
    if by.case.is_none() {
        return Err(Denied::StepUp("a token that is bound to the case"));
    }
    if !by.assurance.is_fresh_and_high() {
        return Err(Denied::StepUp("a professional who was recognised for sure in the last 15 minutes"));
    }
    Ok(())
}

/// Whether a purpose has emergencies: a token for another one neither opens a case so nor reads what was opened.
pub fn has_emergencies(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Identification
            | Purpose::Protection
            | Purpose::Assistance
            | Purpose::Health
            | Purpose::Guardianship
            | Purpose::Investigation
            | Purpose::MissingChild
    )
}

/// The classes that such an access opens to a type of agency, as far as role, purpose and token let it: what the lead
/// could give, less recordings and intelligence.
pub fn given(agency_type: AgencyType) -> Vec<DataClass> {
    let never = [DataClass::D9InterviewRecordingLocator, DataClass::D10Intelligence];
    let mut all = grant_ceiling(agency_type);
    all.retain(|it| !never.contains(it));
    all
}

/// Whose accesses the caller looks after; nobody's, if it is neither a supervisor nor a data protection officer.
pub fn looks_after(by: &Caller) -> Option<EmergencyReach> {
    match by.role {
        Some(Role::Dpo) if by.agency_type == AgencyType::Dpo => Some(EmergencyReach::Country),
        Some(Role::Supervisor) => Some(EmergencyReach::Led),
        _ => None,
    }
}

impl EmergencyAccess {
    /// Opens a case. The lead, whoever takes part and the data protection officer are told, and a second person of the lead
    /// owes a review.
    pub fn open(
        id: EmergencyAccessId,
        new: NewEmergencyAccess,
        at: &Emergency<'_>,
    ) -> Result<Decided<Self>, Refused> {
        let (by, case) = (at.by, at.case);
        if admitted(by).is_err() || by.case != Some(case.id) {
            return Err(Refused::not_yours("a strong token for this case opens it in an emergency"));
        }
        let (Some(professional), Some(role)) = (by.professional, by.role) else {
            return Err(Refused::not_yours("a professional opens a case in an emergency"));
        };
        if case.own_relation(by).is_some() {
            return Err(Refused::wrong_state("your agency leads or opened the case and needs no emergency"));
        }
        if at.earlier.iter().any(|it| it.lasts(at.now)) {
            return Err(Refused::wrong_state("an emergency access of yours still lasts"));
        }
        let counted: Vec<_> = at.earlier.iter().filter(|it| it.since.plus(COUNTED_FOR) > at.now).collect();
        let all_reviewed = counted.iter().all(|it| it.review.is_some());
        let mut check = Check::default();
        check.require(counted.len() < MOST_UNREVIEWED || all_reviewed, || {
            let because = "you opened three cases in 30 days, and not all of it has been reviewed";
            Violation::of(&rules::R94, "", because)
        });
        let warnings = check.done()?;
        let value = Self {
            id,
            case: case.id,
            agency: by.agency,
            professional,
            role,
            purpose: by.purpose,
            reason: new.reason,
            justification: new.justification,
            since: at.now,
            until: at.now.plus(Duration::minutes(new.minutes.min(LONGEST_MINUTES).into())),
            number: at.earlier.iter().map(|it| it.number).max().unwrap_or(0) + 1,
            review: None,
        };
        let payload = json!({ "reasonCode": value.reason, "until": value.until });
        let shown = given(by.agency_type).into_iter().filter(|it| depth(role, *it) > Depth::None);
        let given = Given {
            emergency: Some(value.reason),
            until: Some(value.until),
            ..Given::of(GivenTo::Agency { id: by.agency }, shown)
        };
        let fact = value.fact(EventType::EmergencyAccessOpened, case, at.told, given.told_in(payload));
        let duty = value.duty(case, at.country, at.now).map(|it| Change::Opened(Box::new(it)));
        Ok(Decided::new(value, vec![fact], warnings).with_deadlines(duty.into_iter().collect()))
    }

    /// Says what became of it: another person than the one who read, a supervisor of the agency that leads the case or a
    /// data protection officer, once.
    pub fn review(
        &self,
        (verdict, reason): (EmergencyVerdict, String),
        (case, told): (&Case, &[AgencyId]),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let may = by.country == case.country
            && match looks_after(by) {
                Some(EmergencyReach::Country) => true,
                Some(EmergencyReach::Led) => by.agency == case.lead,
                None => false,
            };
        if !may {
            return Err(Refused::not_yours(
                "a supervisor of the agency that leads the case, or a data protection officer, reviews it",
            ));
        }
        if by.professional.is_none_or(|it| it == self.professional) {
            return Err(Refused::not_yours("nobody reviews an access of their own"));
        }
        if self.review.is_some() {
            return Err(Refused::wrong_state("it was reviewed"));
        }
        let professional = by.professional;
        let review = EmergencyReview { verdict, reason, agency: by.agency, professional, at: now };
        let value = Self { review: Some(review), ..self.clone() };
        let closed = Change::Closed {
            subject_id: self.id.0,
            kind: DutyKind::ReviewEmergencyAccess,
            outcome: Outcome::Fulfilled,
        };
        let payload = json!({ "verdict": verdict });
        let mut facts = vec![value.fact(EventType::EmergencyAccessReviewed, case, told, payload)];
        if verdict == EmergencyVerdict::Unjustified {
            // Of its own, so that nobody who follows it up has to look for it among the others.
            let payload = json!({ "agencyId": value.agency, "professionalId": value.professional });
            facts.push(value.fact(EventType::EmergencyAccessUnjustified, case, told, payload));
        }
        Ok(Decided::new(value, facts, Vec::new()).with_deadlines(vec![closed]))
    }

    /// Whether it shows something at an instant.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.until
    }

    /// Whether a caller may be shown it: whoever read, and whoever looks after it.
    pub fn shown_to(&self, by: &Caller, leads: bool) -> bool {
        let of_lead = leads && matches!(by.role, Some(Role::Supervisor | Role::CaseManager));
        by.professional == Some(self.professional)
            || looks_after(by) == Some(EmergencyReach::Country)
            || of_lead
    }

    /// A review is the second version of it.
    pub fn version(&self) -> i32 {
        if self.review.is_some() { 2 } else { 1 }
    }

    fn fact(&self, event: EventType, case: &Case, told: &[AgencyId], payload: Value) -> Fact {
        let mut audience = case.audience();
        audience.push(self.agency);
        audience.extend_from_slice(told);
        audience.sort_unstable();
        audience.dedup();
        Fact {
            event,
            subject: SubjectKind::EmergencyAccess,
            subject_id: self.id.0,
            version: self.version(),
            case: Some(case.id),
            audience,
            payload,
        }
    }

    fn duty(&self, case: &Case, country: &CountryEntry, now: Timestamp) -> Option<Duty> {
        let set_by = SetBy {
            member: rules::R94.code.to_owned(),
            verification: Verification::Proposal,
            source: "Project proposal: no external source sets it".to_owned(),
            profile_valid_from: country.valid_from,
        };
        let (due_at, computed_from) = limited(country, now, REVIEW_WITHIN, set_by)?;
        Some(Duty {
            kind: DutyKind::ReviewEmergencyAccess,
            subject: SubjectKind::EmergencyAccess,
            subject_id: self.id.0,
            case: Some(case.id),
            reference: None,
            urgency: Urgency::Urgent,
            owner: case.lead,
            professional: None,
            watcher: None,
            answers_to: case.lead,
            due_at,
            computed_from,
        })
    }
}
