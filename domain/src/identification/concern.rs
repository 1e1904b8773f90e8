//! A concern: somebody noticed something about a child; no status yet.

use serde_json::json;

use super::Observation;
use crate::{
    AgencyId, Check, ConcernId, Decided, ProfessionalId, Refused, Timestamp, Version, Violation,
    access::{Caller, Scope, reads_intake_of, scope_ceiling},
    deadlines::{Change, ComputedFrom, Duty, DutyKind, SetBy, limited},
    directory::CountryEntry,
    events::{EventType, Fact, SubjectKind},
    rules,
    text::Country,
    vocabulary::{AgencyType, Urgency},
};

/// What is reported. Free text is sealed before it is stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewConcern {
    /// What was noticed.
    pub description: String,
    /// Where the child is or was seen.
    pub location: Option<String>,
    /// How to reach the reporter or the child.
    pub contact: Option<String>,
    /// What is known of the child: apparent age, nickname, appearance.
    pub child_hint: Option<String>,
    /// Whether the child is in danger now.
    pub danger: bool,
    /// Whether the reporter wishes to stay anonymous.
    pub anonymous: bool,
    /// When it was noticed, if known.
    pub noticed_at: Option<Timestamp>,
    /// Indicators that the reporter names.
    pub observations: Vec<Observation>,
}

/// A concern as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Its id.
    pub id: ConcernId,
    /// The country in which it was received.
    pub country: Country,
    /// The agency that received it.
    pub agency: AgencyId,
    /// Who recorded it.
    pub professional: Option<ProfessionalId>,
    /// When it was received.
    pub received_at: Timestamp,
    /// The agency that must look at it: the one that received it if it can take the child in, else child protection.
    pub triage: AgencyId,
    /// By when somebody must have looked at it.
    pub triage_due: Timestamp,
    /// What was reported.
    pub content: NewConcern,
    /// Its version.
    pub version: Version,
}

impl Concern {
    /// Records a concern (I1, R4): a description and some way to find the child. Whoever receives it looks at it if its
    /// type takes children in; otherwise it is handed to child protection, so that it does not end with somebody who can
    /// do nothing for the child.
    pub fn receive(
        id: ConcernId,
        new: NewConcern,
        (country, child_protection): (&CountryEntry, Option<AgencyId>),
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        let mut check = Check::default();
        let findable = new.location.is_some() || new.contact.is_some() || new.child_hint.is_some();
        check.require(findable, || {
            Violation::of(&rules::R4, "", "no location, contact or hint to the child is given")
        });
        for it in super::unknown_indicators(&new.observations) {
            check.require(false, || it);
        }
        check.require(new.noticed_at.is_none_or(|it| it <= now), || {
            Violation::plain("in_the_future", "/noticedAt", "it cannot have been noticed in the future")
        });
        let triage = country.profile.triage.value;
        let (span, member) = if new.danger {
            (triage.danger, "triage.danger")
        } else {
            (triage.otherwise, "triage.otherwise")
        };
        let limit = limited(country, now, span, SetBy::of(&country.profile.triage, member, country));
        check.require(limit.is_some(), || {
            Violation::of(&rules::R104, "", "no calendar of the country is known")
        });
        let warnings = check.done()?;
        let Some((triage_due, computed)) = limit else { return Err(Refused::Broken(Vec::new())) };
        let concern = Self {
            id,
            country: by.country,
            agency: by.agency,
            professional: by.professional,
            received_at: now,
            triage: child_protection.filter(|_| !takes_in(by.agency_type)).unwrap_or(by.agency),
            triage_due,
            content: new,
            version: Version::FIRST,
        };
        let fact = Fact {
            event: EventType::ConcernReceived,
            subject: SubjectKind::Concern,
            subject_id: id.0,
            version: 1,
            case: None,
            audience: concern.concerned(),
            payload: json!({ "danger": concern.content.danger, "triageDue": triage_due }),
        };
        let duty = concern.duty_of_triage(computed);
        let opened = vec![Change::Opened(Box::new(duty))];
        Ok(Decided::new(concern, vec![fact], warnings).with_deadlines(opened))
    }

    fn duty_of_triage(&self, computed: ComputedFrom) -> Duty {
        Duty {
            kind: DutyKind::Triage,
            subject: SubjectKind::Concern,
            subject_id: self.id.0,
            case: None,
            reference: None,
            urgency: if self.content.danger { Urgency::Immediate } else { Urgency::Standard },
            owner: self.triage,
            professional: self.professional.filter(|_| self.triage == self.agency),
            watcher: Some(self.agency).filter(|it| *it != self.triage),
            answers_to: self.triage,
            due_at: self.triage_due,
            computed_from: computed,
        }
    }

    /// The agency that received it, and the one that must look at it.
    fn concerned(&self) -> Vec<AgencyId> {
        let mut both = vec![self.agency, self.triage];
        both.dedup();
        both
    }

    /// The agency that received a concern and the one that must look at it see it, there whoever wrote it or looks at what
    /// comes in; whoever screens it sees the screening.
    pub fn visible_to(&self, caller: &Caller) -> bool {
        let held = self.concerned().contains(&caller.agency) && self.country == caller.country;
        held && reads_intake_of(caller, self.professional)
    }
}

/// Whether agencies of a type screen children and open their cases.
fn takes_in(agency_type: AgencyType) -> bool {
    let scopes = scope_ceiling(agency_type);
    scopes.has(Scope::ScreeningsWrite) && scopes.has(Scope::CasesWrite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CodeList as _,
        given::{at, caller, codes, country, country_entry, id, now, rule_codes},
        identification::Certainty,
    };

    fn helpline() -> Caller {
        caller(id::<AgencyId>(7), AgencyType::Helpline)
    }

    fn thin() -> NewConcern {
        NewConcern {
            description: "two children begging with an adult who collects".to_owned(),
            location: None,
            contact: None,
            child_hint: None,
            danger: false,
            anonymous: true,
            noticed_at: None,
            observations: Vec::new(),
        }
    }

    fn findable() -> NewConcern {
        NewConcern { location: Some("station square".to_owned()), ..thin() }
    }

    fn receive(new: NewConcern) -> Result<Decided<Concern>, Refused> {
        Concern::receive(id(300), new, (&country_entry(), None), &helpline(), now())
    }

    #[test]
    fn r4_refuses_a_concern_with_no_way_to_the_child() {
        let refused = receive(thin()).expect_err("refused");
        assert_eq!(rule_codes(refused.violations()), ["R4"]);
    }

    #[test]
    fn r4_allows_any_one_way_to_the_child() {
        let some = || Some("a hint".to_owned());
        for new in [
            NewConcern { location: some(), ..thin() },
            NewConcern { contact: some(), ..thin() },
            NewConcern { child_hint: some(), ..thin() },
        ] {
            assert!(receive(new).is_ok());
        }
    }

    #[test]
    fn it_cannot_have_been_noticed_in_the_future() {
        let noticed = |noticed_at| receive(NewConcern { noticed_at: Some(noticed_at), ..findable() });
        assert!(noticed(now()).is_ok());
        let late = noticed(now().plus(time::Duration::microseconds(1))).expect_err("refused");
        assert_eq!(codes(late.violations()), ["in_the_future"]);
    }

    #[test]
    fn indicators_outside_the_catalogue_are_refused_without_being_repeated() {
        let unknown = Observation { indicator: "nosuch".to_owned(), certainty: Certainty::Reported };
        let refused = receive(NewConcern { observations: vec![unknown], ..findable() }).expect_err("refused");
        assert_eq!(codes(refused.violations()), ["unknown_indicator"]);
        assert!(!refused.violations()[0].because.contains("nosuch"));
    }

    #[test]
    fn r104_allows_a_time_to_look_at_it_which_danger_shortens() {
        let calm = receive(findable()).expect("received").value;
        assert_eq!(calm.triage_due, at("2026-11-25T22:00:00Z"), "the end of the next working day in Tallinn");
        let danger = receive(NewConcern { danger: true, ..findable() }).expect("received").value;
        assert_eq!(danger.triage_due, at("2026-11-24T10:30:00Z"));
    }

    #[test]
    fn r104_refuses_where_no_time_to_look_at_it_can_be_computed() {
        let mut profile = crate::given::profile();
        profile.time_zone = "Nowhere/Invented".to_owned();
        let nowhere = crate::given::country_with(profile);
        let refused = Concern::receive(id(300), findable(), (&nowhere, None), &helpline(), now());
        assert_eq!(rule_codes(refused.expect_err("refused").violations()), ["R104"]);
    }

    #[test]
    fn what_its_receiver_cannot_take_in_goes_to_child_protection() {
        for agency_type in AgencyType::ALL {
            let by = caller(id::<AgencyId>(7), *agency_type);
            let desk = Some(id::<AgencyId>(9));
            let received = Concern::receive(id(300), findable(), (&country_entry(), desk), &by, now());
            let concern = received.expect("received").value;
            let own = scope_ceiling(*agency_type).has(Scope::CasesWrite);
            assert_eq!(concern.triage, if own { id(7) } else { id(9) }, "{agency_type}");
            assert!(concern.visible_to(&by));
            assert_eq!(concern.visible_to(&caller(id(9), AgencyType::ChildProtection)), !own);
        }
    }

    #[test]
    fn only_the_agency_that_received_it_sees_it_and_hears_of_it() {
        let received = receive(findable()).expect("received");
        assert_eq!(received.facts.len(), 1);
        assert_eq!(received.facts[0].event, EventType::ConcernReceived);
        assert_eq!(received.facts[0].audience, [id::<AgencyId>(7)]);
        let concern = received.value;
        assert!(concern.visible_to(&helpline()));
        assert!(!concern.visible_to(&caller(id(8), AgencyType::Helpline)));
        assert!(!concern.visible_to(&Caller { country: country("LV"), ..helpline() }));
    }
}
