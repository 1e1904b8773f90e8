//! The family and other contacts of the child (class D3): who they are, whether contact is allowed, whether other
//! children among them have been looked after (R68).

use serde::{Deserialize, Serialize};

use super::{Content, Filing, check_offence};
use crate::{
    BirthDate, Check, Day, EntryId, Timestamp, Violation,
    cases::Name,
    deadlines::{ComputedFrom, Duty, DutyKind, SetBy, limited, working_time::Span},
    events::SubjectKind,
    rules,
    rules::Verification,
    text::{Country, Language},
    vocabulary::{ContactDecision, ContactRelation, ContactWish, DataClass, EntryKind, Urgency},
};

/// A person around the child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What the person is to the child.
    pub relation: ContactRelation,
    /// The name.
    pub name: Option<Name>,
    /// The birth date, as far as known.
    pub birth_date: Option<BirthDate>,
    /// The country in which the person lives.
    pub country: Option<Country>,
    /// Languages.
    pub languages: Vec<Language>,
    /// Telephone or another way to reach the person.
    pub reached_by: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Whether the person lives with the child, or did until the child came into protection.
    pub lives_with_child: Option<bool>,
    /// Whether the person is a child.
    pub is_child: Option<bool>,
    /// Whether the person has parental responsibility or represents the child by law.
    pub legal_responsibility: Option<bool>,
    /// Whether the person is suspected of an offence against the child, or in conflict with its interests.
    pub suspected: Option<bool>,
    /// Whether the person may be told about the child.
    pub may_be_informed: Option<bool>,
    /// What was decided on contact.
    pub decision: ContactDecision,
    /// What the child wishes.
    pub wish: Option<ContactWish>,
    /// The day on which somebody looked after this other child's safety.
    pub checked_on: Option<Day>,
    /// What else is known, in words.
    pub remarks: Option<String>,
}

/// How soon other children of the family or household are looked after (R68).
const CHECK_WITHIN: Span = Span::Hours(72);

impl Contact {
    /// What a summary holds: the relation and what was decided, no name.
    #[must_use]
    pub fn summary(&self) -> Self {
        Self {
            name: None,
            birth_date: None,
            country: None,
            languages: Vec::new(),
            reached_by: None,
            address: None,
            suspected: None,
            wish: None,
            remarks: None,
            ..self.clone()
        }
    }

    /// Whether the person is a brother, a sister or another child of the household.
    fn other_child(&self, now: Timestamp) -> bool {
        let age = self.birth_date.and_then(|it| it.youngest_age_on(now.date()));
        let grown = age.is_some_and(|it| it >= 18) || self.is_child == Some(false);
        let near = self.relation == ContactRelation::Sibling || self.lives_with_child == Some(true);
        let young = self.is_child == Some(true)
            || age.is_some_and(|it| it < 18)
            || self.relation == ContactRelation::Sibling;
        near && young && !grown
    }
}

impl Content for Contact {
    const KIND: EntryKind = EntryKind::Contact;

    fn class(&self) -> DataClass {
        DataClass::D3FamilyContacts
    }

    fn check(&self, check: &mut Check, at: &Filing<'_>) {
        let suspected = self.suspected == Some(true);
        check_offence(check, "/suspected", suspected, at);
        check.require(!(suspected && self.may_be_informed == Some(true)), || {
            Violation::of(
                &rules::R36,
                "/mayBeInformed",
                "the person is suspected or in conflict with the child",
            )
        });
        check.require(!(suspected && self.decision == ContactDecision::Allowed), || {
            Violation::of(&rules::R36, "/contactDecision", "contact with a suspect is at most supervised")
        });
        let arranged = matches!(self.decision, ContactDecision::Allowed | ContactDecision::Supervised);
        check.require(!(arranged && self.wish == Some(ContactWish::Refused)), || {
            Violation::plain(
                "against_the_childs_wish",
                "/contactDecision",
                "the child does not want this contact",
            )
        });
        check.advise(!arranged, || {
            Violation::of(
                &rules::R23,
                "/contactDecision",
                "no best interests assessment is recorded for this contact",
            )
        });
        let past = |it: Day| at.now.date().next_day().is_none_or(|limit| it.0 <= limit);
        check.require(self.checked_on.is_none_or(past), || {
            Violation::plain("in_the_future", "/checkedOn", "the day lies in the future")
        });
        check.advise(!(self.other_child(at.now) && self.checked_on.is_none()), || {
            Violation::of(&rules::R68, "/checkedOn", "nobody has looked after this other child yet")
        });
    }

    fn owed(&self, now: Timestamp) -> Option<DutyKind> {
        (self.other_child(now) && self.checked_on.is_none()).then_some(DutyKind::CheckSibling)
    }

    fn duty(&self, id: EntryId, at: &Filing<'_>) -> Option<Duty> {
        let set_by = SetBy {
            member: rules::R68.code.to_owned(),
            verification: Verification::Recalled,
            source: "Barnahus Quality Standards (PROMISE)".to_owned(),
            profile_valid_from: at.country.valid_from,
        };
        let (due_at, computed_from): (Timestamp, ComputedFrom) =
            limited(at.country, at.now, CHECK_WITHIN, set_by)?;
        Some(Duty {
            kind: DutyKind::CheckSibling,
            subject: SubjectKind::Contact,
            subject_id: id.0,
            case: Some(at.case.id),
            reference: Some(at.case.reference.clone()),
            urgency: Urgency::Urgent,
            owner: at.case.lead,
            professional: None,
            watcher: None,
            answers_to: at.case.lead,
            due_at,
            computed_from,
        })
    }
}
