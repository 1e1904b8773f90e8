//! What is known of a child: identity and whereabouts, each sealed with its own key and version.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Case;
use crate::{
    BirthDate, Check, ChildId, Day, Decided, Refused, Timestamp, Version, Violation,
    events::{EventType, Fact, SubjectKind},
    identification::{AssessedAge, MAJORITY},
    rules,
    text::{Country, Language},
    vocabulary::{AccommodationType, AgeCertainty, AgeGroup, AgeStatus, Sex, SpecialNeed},
};

/// A person's name as it is written in documents or was told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Name {
    /// Given names.
    pub given: Option<String>,
    /// Family name.
    pub family: Option<String>,
}

/// Who the child is (class D1), as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Identity {
    /// The name, as documents or the child give it.
    pub name: Option<Name>,
    /// What the child wishes to be called.
    pub call_name: Option<String>,
    /// Sex, as statistics ask it.
    pub sex: Option<Sex>,
    /// The birth date, as far as known.
    pub birth_date: Option<BirthDate>,
    /// How the age is known.
    pub age_certainty: Option<AgeCertainty>,
    /// Nationalities.
    pub nationalities: Vec<Country>,
    /// Languages that the child speaks.
    pub languages: Vec<Language>,
    /// Needs that whoever cares for the child must know.
    pub special_needs: Vec<SpecialNeed>,
    /// Whether nobody who is responsible by law is with the child.
    pub unaccompanied: Option<bool>,
    /// What the last age assessment says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessed: Option<AssessedAge>,
}

/// What to change of an identity: absent leaves, `None` clears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityUpdate {
    /// The name.
    pub name: Option<Option<Name>>,
    /// What the child wishes to be called.
    pub call_name: Option<Option<String>>,
    /// Sex.
    pub sex: Option<Option<Sex>>,
    /// The birth date.
    pub birth_date: Option<Option<BirthDate>>,
    /// How the age is known.
    pub age_certainty: Option<Option<AgeCertainty>>,
    /// Nationalities.
    pub nationalities: Option<Vec<Country>>,
    /// Languages.
    pub languages: Option<Vec<Language>>,
    /// Special needs.
    pub special_needs: Option<Vec<SpecialNeed>>,
    /// Whether the child is alone.
    pub unaccompanied: Option<Option<bool>>,
}

/// Where the child is (class D2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Whereabouts {
    /// What kind of place it is.
    pub accommodation_type: Option<AccommodationType>,
    /// The place or address.
    pub address: Option<String>,
    /// How to reach the carers.
    pub contact: Option<String>,
    /// The day from which it holds.
    pub since: Option<Day>,
    /// The court order behind a closed setting, as the court names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub court_order: Option<String>,
}

/// The child of a case with its sealed sections, each with a version of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildRecord {
    /// Its id; never leaves the node.
    pub id: ChildId,
    /// Identity.
    pub identity: Identity,
    /// Version of the identity section.
    pub identity_version: Version,
    /// Whereabouts.
    pub whereabouts: Whereabouts,
    /// Version of the whereabouts section.
    pub whereabouts_version: Version,
}

impl Identity {
    /// What must hold for any identity: R6 for the age, nothing else is demanded of a child.
    pub fn check(&self, check: &mut Check, pointer: &'static str, now: Timestamp) {
        let tomorrow = now.date().next_day();
        let latest = self
            .birth_date
            .and_then(|it| BirthDate { month: it.month.or(Some(1)), day: it.day.or(Some(1)), ..it }.latest());
        check.require(latest.is_none_or(|it| tomorrow.is_none_or(|limit| it <= limit)), || {
            Violation::plain("in_the_future", pointer, "the birth date lies in the future")
        });
        check.advise(self.age_status(now) != AgeStatus::DisputedTreatedAsChild, || {
            Violation::of(&rules::R6, pointer, "the age is uncertain: the person is treated as a child")
        });
    }

    /// The age status on a day (R5 to R7), by the order of evidence: documents, an assessment, what is declared. Unknown
    /// or disputed means child.
    pub fn age_status(&self, now: Timestamp) -> AgeStatus {
        let age = self.birth_date.and_then(|it| it.youngest_age_on(now.date()));
        let documented = self.age_certainty == Some(AgeCertainty::Documented);
        match (age, &self.assessed) {
            (Some(age), _) if age < 18 && documented => AgeStatus::UndisputedChild,
            (Some(age), _) if age >= 18 && documented => AgeStatus::UndisputedAdult,
            (_, Some(assessed)) => assessed.status(now),
            (Some(age), None) if age < 18 && self.age_certainty != Some(AgeCertainty::Disputed) => {
                AgeStatus::UndisputedChild
            }
            _ => AgeStatus::DisputedTreatedAsChild,
        }
    }

    /// Whether the person was a child on a day, as far as it is known; in doubt it was (R5).
    pub fn was_child_on(&self, day: Day) -> bool {
        let born = self.birth_date.and_then(|it| it.youngest_age_on(day.0));
        let assessed = || self.assessed.and_then(|it| it.youngest_on(day.0));
        born.or_else(assessed).is_none_or(|age| age < 18)
    }

    /// The age in whole years, read in the child's favour: that of an adult is unknown while the person is treated as a
    /// child, so that nobody is sent to adults by a date that is in doubt (R6).
    pub fn age_on(&self, now: Timestamp) -> Option<u8> {
        let age = self.birth_date.and_then(|it| it.youngest_age_on(now.date()))?;
        let adult = matches!(self.age_status(now), AgeStatus::UndisputedAdult | AgeStatus::AssessedAdult);
        u8::try_from(age).ok().filter(|it| adult || *it < MAJORITY)
    }

    /// The age group, if an age is known.
    pub fn age_group(&self, now: Timestamp) -> Option<AgeGroup> {
        Some(match self.age_on(now)? {
            0..=5 => AgeGroup::UpTo5,
            6..=11 => AgeGroup::From6To11,
            12..=14 => AgeGroup::From12To14,
            15..=17 => AgeGroup::From15To17,
            _ => AgeGroup::From18,
        })
    }

    /// What a summary holds: what the child wishes to be called, sex, languages, the year of birth.
    #[must_use]
    pub fn summary(&self) -> Self {
        Self {
            call_name: self.call_name.clone(),
            sex: self.sex,
            birth_date: self.birth_date.map(|it| BirthDate { month: None, day: None, ..it }),
            age_certainty: self.age_certainty,
            languages: self.languages.clone(),
            unaccompanied: self.unaccompanied,
            assessed: self.assessed,
            ..Self::default()
        }
    }

    fn updated(&self, update: IdentityUpdate) -> Self {
        let old = self.clone();
        Self {
            name: update.name.unwrap_or(old.name),
            call_name: update.call_name.unwrap_or(old.call_name),
            sex: update.sex.unwrap_or(old.sex),
            birth_date: update.birth_date.unwrap_or(old.birth_date),
            age_certainty: update.age_certainty.unwrap_or(old.age_certainty),
            nationalities: update.nationalities.unwrap_or(old.nationalities),
            languages: update.languages.unwrap_or(old.languages),
            special_needs: update.special_needs.unwrap_or(old.special_needs),
            unaccompanied: update.unaccompanied.unwrap_or(old.unaccompanied),
            assessed: old.assessed,
        }
    }
}

impl Whereabouts {
    /// What must hold wherever a child is (R99).
    pub fn check(&self, check: &mut Check, child: &Identity, within: &'static str, now: Timestamp) {
        use AccommodationType as T;
        let broken = |because| Violation::of(&rules::R99, "/accommodationType", because).within(within);
        let adult = matches!(child.age_status(now), AgeStatus::UndisputedAdult | AgeStatus::AssessedAdult);
        let ordered = self.court_order.is_some();
        match self.accommodation_type.filter(|_| !adult) {
            Some(T::ClosedSetting) => {
                check.require(ordered, || {
                    broken("a child is in a closed setting, and no court order is named")
                });
            }
            Some(T::AdultSetting) => {
                check
                    .require(ordered, || broken("a child is among adults only, and no court order is named"));
            }
            Some(T::MixedShelter) => check.advise(false, || broken("a child shares the shelter with adults")),
            _ => {}
        }
        let tomorrow = now.date().next_day();
        let begun = self.since.is_none_or(|it| tomorrow.is_none_or(|limit| it.0 <= limit));
        check.require(begun, || {
            Violation::plain("in_the_future", "/since", "the child is not there yet").within(within)
        });
    }

    /// The court order after a change: one that was given before stands for the kind of place that it was given for.
    #[must_use]
    pub fn court_order_for(&self, kind: Option<AccommodationType>) -> Option<String> {
        self.court_order.clone().filter(|_| kind == self.accommodation_type)
    }

    /// What a summary holds: the kind of place, and since when.
    #[must_use]
    pub fn summary(&self) -> Self {
        Self { accommodation_type: self.accommodation_type, since: self.since, ..Self::default() }
    }
}

impl ChildRecord {
    /// Whether an update says anything new.
    pub fn changes_with(&self, update: &IdentityUpdate) -> bool {
        self.identity.updated(update.clone()) != self.identity
    }

    /// Changes the identity section.
    pub fn update_identity(
        &self,
        update: IdentityUpdate,
        case: &Case,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        case.live()?;
        let identity = self.identity.updated(update);
        let mut check = Check::default();
        identity.check(&mut check, "/birthDate", now);
        let warnings = check.done()?;
        let version = self.identity_version.next();
        let value = Self { identity, identity_version: version, ..self.clone() };
        let facts = vec![section_changed(EventType::ChildRecorded, case, version)];
        Ok(Decided::new(value, facts, warnings))
    }

    /// Changes the whereabouts section (R99).
    pub fn update_whereabouts(
        &self,
        whereabouts: Whereabouts,
        case: &Case,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        case.live()?;
        let mut check = Check::default();
        whereabouts.check(&mut check, &self.identity, "", now);
        let warnings = check.done()?;
        let version = self.whereabouts_version.next();
        let value = Self { whereabouts, whereabouts_version: version, ..self.clone() };
        let facts = vec![section_changed(EventType::WhereaboutsRecorded, case, version)];
        Ok(Decided::new(value, facts, warnings))
    }
}

fn section_changed(event: EventType, case: &Case, version: Version) -> Fact {
    Fact {
        event,
        subject: SubjectKind::Case,
        subject_id: case.id.0,
        version: version.0,
        case: Some(case.id),
        audience: case.audience(),
        payload: json!({}),
    }
}
