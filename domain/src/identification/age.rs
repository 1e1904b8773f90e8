//! How old the person is, where it is in doubt: documents first, then a psychosocial assessment, a medical one last and
//! with consent only. What stays in doubt counts in the child's favour (R6, R7).

use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Date;

use super::{Foreign, LodgedAgeAppeal};
use crate::{
    AgeAssessmentId, AgencyId, CaseId, Check, Day, Decided, ProfessionalId, Refused, Timestamp, Violation,
    access::Caller,
    cases::{Case, ChildRecord},
    deadlines::{SetBy, limited},
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    rules,
    vocabulary::{AgeCertainty, AgeStatus},
};

/// The age at which childhood ends, in years (Directive 2011/36/EU Art. 2(6)).
pub const MAJORITY: u8 = 18;

crate::codes! {
    /// How an age was assessed. Appearance can be named, so that it is refused with its source.
    pub enum AgeMethod = "age_method" {
        Documents = "documents": "Documents, presumed genuine, and statements",
        Psychosocial = "psychosocial": "A multidisciplinary psychosocial assessment",
        Medical = "medical": "A medical examination, as the last resort and with consent",
        Appearance = "appearance": "Forbidden: appearance or demeanour alone",
    }
}

crate::codes! {
    /// What an age assessment comes to.
    pub enum AgeConclusion = "age_conclusion" {
        Child = "child": "The person is a child",
        Adult = "adult": "The person is an adult",
        Inconclusive = "inconclusive": "Inconclusive: the person is treated as a child",
    }
}

crate::codes! {
    /// The field of somebody who assesses an age.
    pub enum AssessorField = "assessor_field" {
        SocialWork = "social_work": "Social work or child protection",
        Psychology = "psychology": "Psychology",
        Education = "education": "Education",
        Documents = "documents": "Examination of documents",
        Paediatrics = "paediatrics": "Paediatrics",
        ForensicMedicine = "forensic_medicine": "Forensic medicine or radiology",
        Law = "law": "Law",
    }
}

/// The ages between which the person is, in whole years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgeRange {
    /// The youngest possible age.
    pub youngest: u8,
    /// The oldest possible age.
    pub oldest: u8,
}

/// Somebody who assessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessor {
    /// Who, by name or by the agency's own id.
    pub who: String,
    /// The field.
    pub field: AssessorField,
}

/// What an age assessment says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewAgeAssessment {
    /// How it was done.
    pub method: AgeMethod,
    /// The day of the assessment.
    pub assessed_on: Day,
    /// What the assessors conclude; a range that dips below 18 says more than they do.
    pub conclusion: AgeConclusion,
    /// The ages between which the person is.
    pub range: Option<AgeRange>,
    /// Who assessed.
    pub assessors: Vec<Assessor>,
    /// The reasons, in words.
    pub reasons: Option<String>,
    /// Whether child and representative agreed to a medical examination.
    pub medical_consent: Option<bool>,
    /// The day on which the representative was told.
    pub representative_informed_on: Option<Day>,
    /// Facts that were not known at the assessment before.
    pub new_facts: Option<String>,
    /// The decision of another country that is recognised here.
    pub foreign: Option<Foreign>,
    /// Medical findings (class D7); kept apart from the rest.
    #[serde(skip)]
    pub medical_findings: Option<String>,
}

/// An age assessment as recorded; what it says never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgeAssessment {
    /// Its id.
    pub id: AgeAssessmentId,
    /// The case.
    pub case: CaseId,
    /// The agency that recorded it.
    pub agency: AgencyId,
    /// Who recorded it.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub recorded_at: Timestamp,
    /// What it says.
    pub content: NewAgeAssessment,
    /// What it comes to.
    pub conclusion: AgeConclusion,
    /// Until when the decision that the person is an adult can be appealed.
    pub appeal_until: Option<Timestamp>,
    /// The appeal against it.
    pub appeal: Option<LodgedAgeAppeal>,
}

/// What the last assessment says of the age; part of the child's identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssessedAge {
    /// What it came to.
    pub conclusion: AgeConclusion,
    /// The youngest possible age on the day of the assessment.
    pub youngest: Option<u8>,
    /// The day of the assessment.
    pub on: Day,
    /// Until when the decision that the person is an adult can be appealed.
    pub appeal_until: Option<Timestamp>,
    /// Whether it was appealed, so that it holds for nobody until it is decided anew.
    #[serde(default)]
    pub appealed: bool,
}

impl AssessedAge {
    /// The youngest possible age on a day, in whole years.
    pub fn youngest_on(&self, day: Date) -> Option<i32> {
        let on = self.on.0;
        let before = (day.month() as u8, day.day()) < (on.month() as u8, on.day());
        Some(i32::from(self.youngest?) + day.year() - on.year() - i32::from(before))
    }

    /// The age status that follows: safeguards last until nobody can appeal any more, and through an appeal.
    pub fn status(&self, now: Timestamp) -> AgeStatus {
        let grown = self.youngest_on(now.date()).is_some_and(|it| it >= i32::from(MAJORITY));
        match self.conclusion {
            AgeConclusion::Adult if self.appealed => AgeStatus::DisputedTreatedAsChild,
            AgeConclusion::Adult if self.appeal_until.is_some_and(|it| now > it) => AgeStatus::AssessedAdult,
            AgeConclusion::Adult => AgeStatus::DisputedTreatedAsChild,
            AgeConclusion::Child | AgeConclusion::Inconclusive if grown => AgeStatus::AssessedAdult,
            AgeConclusion::Child => AgeStatus::AssessedChild,
            AgeConclusion::Inconclusive => AgeStatus::AssessmentInconclusiveChild,
        }
    }
}

impl NewAgeAssessment {
    /// The age that it gives the person until somebody can appeal.
    fn age(&self, conclusion: AgeConclusion, appeal_until: Option<Timestamp>) -> AssessedAge {
        let youngest = self.range.map(|it| it.youngest);
        AssessedAge { conclusion, youngest, on: self.assessed_on, appeal_until, appealed: false }
    }

    /// The youngest possible age when it is recorded; it may have been assessed long before.
    fn youngest_at(&self, now: Timestamp) -> Option<i32> {
        let recorded = now.date().max(self.assessed_on.0);
        self.age(self.conclusion, None).youngest_on(recorded)
    }

    /// What it comes to, in the child's favour: an adult is only who is 18 at the youngest.
    pub fn comes_to(&self, now: Timestamp) -> AgeConclusion {
        let grown = self.youngest_at(now).is_none_or(|it| it >= i32::from(MAJORITY));
        match self.conclusion {
            AgeConclusion::Adult if grown => AgeConclusion::Adult,
            AgeConclusion::Child => AgeConclusion::Child,
            AgeConclusion::Adult | AgeConclusion::Inconclusive => AgeConclusion::Inconclusive,
        }
    }

    /// R7: how an age may be assessed at all.
    fn check_method(&self, check: &mut Check, earlier: &[AgeAssessment]) {
        check.require(self.method != AgeMethod::Appearance, || {
            Violation::of(&rules::R7, "/method", "nobody is assessed by appearance")
        });
        if self.method != AgeMethod::Medical {
            return;
        }
        check.require(self.medical_consent == Some(true), || {
            let because = "a medical examination needs consent; to refuse it says nothing about the age";
            Violation::of(&rules::R7, "/medicalConsent", because)
        });
        let psychosocial = |it: &Self| it.method == AgeMethod::Psychosocial && it.by_two_fields();
        let tried = earlier.iter().any(|it| psychosocial(&it.content));
        check.require(tried || self.foreign.is_some(), || {
            let because = "a medical examination is the last resort, after a psychosocial assessment by two of different fields";
            Violation::of(&rules::R7, "/method", because)
        });
    }

    /// Whether two people of different fields assessed: one person in two fields is one.
    fn by_two_fields(&self) -> bool {
        let all = &self.assessors;
        all.iter().any(|one| all.iter().any(|it| it.field != one.field && it.who != one.who))
    }

    /// R7: what the decision needs that the person is an adult.
    fn check_adult(&self, check: &mut Check) {
        let broken = |pointer, because: &'static str| Violation::of(&rules::R7, pointer, because);
        check.require(self.range.is_some(), || {
            broken("/range", "without a range nobody knows the margin of error")
        });
        check.require(self.reasons.is_some(), || broken("/reasons", "there are no written reasons"));
        check.require(self.by_two_fields() || self.foreign.is_some(), || {
            broken("/assessors", "it takes two assessors of different fields")
        });
        check.require(self.representative_informed_on.is_some(), || {
            broken("/representativeInformedOn", "the representative was not told")
        });
    }

    fn check_values(
        &self,
        check: &mut Check,
        earlier: &[AgeAssessment],
        country: &CountryEntry,
        now: Timestamp,
    ) {
        let tomorrow = now.date().next_day();
        let past = |it: Day| tomorrow.is_none_or(|limit| it.0 <= limit);
        let days = [
            ("/assessedOn", Some(self.assessed_on)),
            ("/representativeInformedOn", self.representative_informed_on),
            ("/foreign/dated", self.foreign.as_ref().map(|it| it.dated)),
        ];
        for (pointer, _) in days.into_iter().filter(|(_, day)| !day.is_none_or(past)) {
            check.require(false, || Violation::plain("in_the_future", pointer, "it lies in the future"));
        }
        check.require(self.range.is_none_or(|it| it.youngest <= it.oldest), || {
            Violation::plain("range_reversed", "/range", "the youngest age is above the oldest")
        });
        let grown = self.youngest_at(now).is_some_and(|it| it >= i32::from(MAJORITY));
        check.require(!grown || self.conclusion == AgeConclusion::Adult, || {
            let because = "nobody in this range is a child today: an adult is one by a whole decision only";
            Violation::of(&rules::R7, "/conclusion", because)
        });
        let known = earlier.iter().any(|it| it.conclusion != AgeConclusion::Inconclusive);
        let appealed = earlier.iter().max_by_key(|it| it.recorded_at).is_some_and(|it| it.appeal.is_some());
        check.require(!known || appealed || self.new_facts.is_some(), || {
            let because = "the age was assessed before, and nothing new is known";
            Violation::plain("assessed_before", "/newFacts", because)
        });
        let Some(foreign) = &self.foreign else { return };
        check.require(foreign.country != country.code, || {
            Violation::plain("not_another_country", "/foreign/country", "it is the own country")
        });
        check.require(country.profile.recognises_foreign_decisions.value, || {
            let because = "the national profile recognises no decision of another country";
            Violation::plain("foreign_decision_not_recognised", "/foreign", because)
        });
    }
}

impl NewAgeAssessment {
    /// What no day of an assessment can lie before.
    fn check_past(&self, check: &mut Check, case: &Case, child: &ChildRecord) {
        if let Some(foreign) = &self.foreign {
            foreign.check_dated(check, &child.identity, "/foreign/dated");
            return;
        }
        // Of an assessment abroad a representative there was told, whenever that was.
        let told = self.representative_informed_on;
        check.require(told.is_none_or(|it| !case.begins_after(it)), || {
            let because = "the representative was told days before the case was taken in";
            Violation::plain("before_the_case", "/representativeInformedOn", because)
        });
    }
}

impl AgeAssessment {
    /// Records an assessment, and what follows from it for the child's age status (R6, R7).
    pub fn record(
        id: AgeAssessmentId,
        new: NewAgeAssessment,
        (case, child, earlier): (&Case, &ChildRecord, &[Self]),
        country: &CountryEntry,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<(Self, ChildRecord)>, Refused> {
        case.live()?;
        let mut check = Check::default();
        let conclusion = new.comes_to(now);
        new.check_values(&mut check, earlier, country, now);
        new.check_past(&mut check, case, child);
        new.check_method(&mut check, earlier);
        if conclusion == AgeConclusion::Adult {
            new.check_adult(&mut check);
        }
        check.advise(conclusion != AgeConclusion::Inconclusive, || {
            Violation::of(&rules::R6, "", "the age stays uncertain: the person is treated as a child")
        });
        let warnings = check.done()?;
        let within = &country.profile.age_appeal_within;
        let set_by = SetBy::of(within, "ageAppealWithin", country);
        let appeal_until = (conclusion == AgeConclusion::Adult)
            .then(|| limited(country, now, within.value, set_by))
            .flatten()
            .map(|it| it.0);
        let child = child.with_assessed_age(new.age(conclusion, appeal_until));
        let facts = aged(EventType::AgeAssessed, (id, 1), case, &child);
        let value = Self {
            id,
            case: case.id,
            agency: by.agency,
            professional: by.professional,
            recorded_at: now,
            content: new,
            conclusion,
            appeal_until,
            appeal: None,
        };
        Ok(Decided::new((value, child), facts, warnings))
    }
}

/// What is told of an act on an age assessment: the act, and that the identity says something else.
pub(super) fn aged(
    event: EventType,
    (id, version): (AgeAssessmentId, i32),
    case: &Case,
    child: &ChildRecord,
) -> Vec<Fact> {
    let fact = |event, subject, subject_id, version| Fact {
        event,
        subject,
        subject_id,
        version,
        case: Some(case.id),
        audience: case.audience(),
        payload: json!({}),
    };
    vec![
        fact(event, SubjectKind::AgeAssessment, id.0, version),
        fact(EventType::ChildRecorded, SubjectKind::Case, case.id.0, child.identity_version.0),
    ]
}

impl ChildRecord {
    /// The child after an age assessment: where nothing better is known, the age is known from it.
    fn with_assessed_age(&self, assessed: AssessedAge) -> Self {
        let mut child = self.clone();
        child.identity.assessed = Some(assessed);
        let documented = child.identity.age_certainty == Some(AgeCertainty::Documented);
        if !documented && assessed.conclusion != AgeConclusion::Inconclusive {
            child.identity.age_certainty = Some(AgeCertainty::Assessed);
        }
        child.identity_version = child.identity_version.next();
        child
    }
}
