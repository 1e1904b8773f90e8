//! Who takes part in a case beside those who lead, opened or serve it: an agency, a unit or a person of it, in a role, for a
//! time, with some of the classes. Prosecutors, courts, lawyers and guardians come into a case in this way.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Content, Filing};
use crate::{
    AgencyId, Check, ProfessionalId, Refused, Timestamp, Violation,
    access::{
        self, Depth, Grant, Relation, Scope, filing_ceiling, grant_ceiling, reach_of_class, scope_ceiling,
    },
    events::{EventType, Given, GivenClass, GivenTo},
    rules,
    vocabulary::{AgencyType, DataClass, EntryKind, LawfulBasis, Role},
};

crate::codes! {
    /// What may be done with a class.
    pub enum ClassAccess = "class_access" {
        Read = "read": "Read it",
        Write = "write": "Read and write it",
    }
}

crate::codes! {
    /// How a participation stands today.
    pub enum ParticipantStatus = "participant_status" {
        Ahead = "ahead": "It has not begun",
        Current = "current": "It stands",
        Ended = "ended": "It is over",
    }
}

/// What is given of one class, and why that is lawful.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassGrant {
    /// The class.
    pub class: DataClass,
    /// To read it, or to write it as well.
    pub access: ClassAccess,
    /// The lawful bases; at least one that carries the class.
    pub lawful_bases: Vec<LawfulBasis>,
    /// The order or legal basis by which a role reads what it reads on condition only.
    pub order: Option<String>,
}

impl ClassGrant {
    fn given(&self) -> GivenClass {
        GivenClass { data_class: self.class, lawful_bases: self.lawful_bases.clone() }
    }
}

/// The end of a participation before its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedEarly {
    /// When.
    pub at: Timestamp,
    /// Why, in words.
    pub reason: String,
}

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The agency.
    pub agency: AgencyId,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// The one unit of it, by the agency's own name; all of it, if absent.
    pub unit: Option<String>,
    /// The one professional of it; all, if absent.
    pub professional: Option<ProfessionalId>,
    /// The one role in which they take part; any, if absent.
    pub role: Option<Role>,
    /// What they are given.
    pub classes: Vec<ClassGrant>,
    /// From when.
    pub since: Timestamp,
    /// Until when, if that is known.
    pub until: Option<Timestamp>,
    /// Why, in words.
    pub reason: String,
    /// The end before its time.
    pub ended: Option<EndedEarly>,
    /// Whether agency or professional are never to know of the case; asked for anew with each version.
    #[serde(skip)]
    pub restricted: bool,
}

impl Participant {
    /// How it stands at an instant.
    pub fn status(&self, now: Timestamp) -> ParticipantStatus {
        if self.ended.is_some() || self.until.is_some_and(|it| it <= now) {
            ParticipantStatus::Ended
        } else if self.since > now {
            ParticipantStatus::Ahead
        } else {
            ParticipantStatus::Current
        }
    }

    /// When it is over, as far as that is known.
    pub fn over_at(&self) -> Option<Timestamp> {
        self.ended.as_ref().map(|it| it.at).or(self.until)
    }

    /// What it gives.
    pub fn grant(&self) -> Grant {
        let of = |keep: &dyn Fn(&ClassGrant) -> bool| {
            self.classes.iter().filter(|it| keep(it)).map(|it| it.class).collect()
        };
        Grant {
            read: of(&|_| true),
            write: of(&|it| it.access == ClassAccess::Write),
            ordered: of(&|it| it.order.is_some()),
        }
    }

    /// What a summary holds: who takes part with what, not why.
    #[must_use]
    pub fn summary(&self) -> Self {
        let mut it = self.clone();
        it.reason = String::new();
        it.ended = it.ended.map(|end| EndedEarly { reason: String::new(), ..end });
        for class in &mut it.classes {
            (class.order, class.lawful_bases) = (None, Vec::new());
        }
        it
    }

    fn check_class(&self, check: &mut Check, it: &ClassGrant, at: &Filing<'_>) {
        let class = it.class;
        let open = grant_ceiling(self.agency_type).contains(&class);
        check.require(open, || {
            let because =
                format!("{class} goes beyond what an agency of the type {} may be given", self.agency_type);
            Violation::of(&rules::R75, "/classes", because)
        });
        let by_role = self.role.map(|role| access::depth(role, class));
        check.require(!open || by_role != Some(Depth::None), || {
            Violation::of(&rules::R75, "/classes", format!("{class} is nothing that the role reads"))
        });
        let own = reach_of_class(at.by, &Relation::Lead, class) >= Depth::Summary;
        check.require(!open || own, || {
            Violation::plain("class_not_yours", "/classes", format!("{class} is not yours to give"))
        });
        let on_order = by_role == Some(Depth::Conditional) || access::needs_order(self.agency_type, class);
        check.require(!on_order || it.order.is_some(), || {
            let because = format!("{class} is read there by an order or a recorded legal basis only");
            Violation::plain("order_missing", "/classes", because)
        });
        let writes = it.access == ClassAccess::Write;
        // What is found where the child is looked after is written down there as well; the rest by who leads cases.
        let filed = filing_ceiling(self.agency_type).contains(&class);
        let may_write = (filed || scope_ceiling(self.agency_type).has(Scope::CasesWrite))
            && by_role.is_none_or(|it| matches!(it, Depth::Full | Depth::Conditional));
        check.require(!writes || may_write, || {
            Violation::of(&rules::R75, "/classes", format!("the agency or role never writes {class}"))
        });
        check.require(it.lawful_bases.iter().any(|basis| basis.carries(class)), || {
            Violation::plain("lawful_basis_missing", "/classes", format!("no given basis carries {class}"))
        });
        let twice = self.classes.iter().filter(|other| other.class == class).count() > 1;
        check.require(!twice, || {
            Violation::plain("class_listed_twice", "/classes", format!("{class} is listed twice"))
        });
    }
}

impl Content for Participant {
    const KIND: EntryKind = EntryKind::Participant;

    fn class(&self) -> DataClass {
        DataClass::D15ReferralMetadata
    }

    fn may(&self, at: &Filing<'_>) -> Result<(), Refused> {
        at.by_the_lead("only a case manager or supervisor of the agency that leads says who takes part")
    }

    fn over(&self, now: Timestamp) -> bool {
        self.status(now) == ParticipantStatus::Ended
    }

    fn check(&self, check: &mut Check, at: &Filing<'_>) {
        if self.ended.is_some() {
            return;
        }
        check.require(!self.restricted, || {
            Violation::of(&rules::R91, "/party", "this party is never to know of the case")
        });
        check.require(![at.case.lead, at.case.opened_by].contains(&self.agency), || {
            let because = "the agency leads or opened the case and takes part by that";
            Violation::plain("takes_part_already", "/party/agencyId", because)
        });
        check.require(self.until.is_none_or(|it| it > self.since && it > at.now), || {
            Violation::plain("period_reversed", "/until", "it would be over before it has begun, or is over")
        });
        for it in &self.classes {
            self.check_class(check, it, at);
        }
    }

    fn event(&self, first: bool) -> EventType {
        match (first, self.ended.is_some()) {
            (true, _) => EventType::ParticipantAdded,
            (false, false) => EventType::ParticipantChanged,
            (false, true) => EventType::ParticipantEnded,
        }
    }

    fn audience(&self, at: &Filing<'_>) -> Vec<AgencyId> {
        let mut all = at.case.audience();
        all.push(self.agency);
        all
    }

    fn payload(&self) -> Value {
        let classes: Vec<_> = self.classes.iter().map(|it| it.class).collect();
        let mut told = json!({ "agencyId": self.agency, "classes": classes });
        if let Some(until) = self.over_at() {
            told["until"] = json!(until);
        }
        if self.ended.is_some() {
            return told;
        }
        let given = Given {
            classes: self.classes.iter().map(ClassGrant::given).collect(),
            until: self.until,
            ..Given::of(GivenTo::Agency { id: self.agency }, [])
        };
        given.told_in(told)
    }
}
