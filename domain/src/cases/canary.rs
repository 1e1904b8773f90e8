//! Canaries: invented cases that nobody has a reason to open. Whoever opens one raises an alarm: a measure against insiders
//! that fits the risk, GDPR Art. 32 and LED Art. 29(2)(e).
//!
//! A canary is made by the acts that make every other case, so that nothing tells it apart, and it owes nothing, so that
//! nobody is sent to it.

use serde_json::json;
use uuid::Uuid;

use super::{Case, ChildRecord, NewCase};
use crate::{
    AgencyId, Check, Decided, ProfessionalId, Refused, ScreeningId, Timestamp, Violation,
    access::{Caller, Scope, scope_ceiling},
    deadlines::Change,
    directory::{Agency, CountryEntry},
    events::{EventType, Fact, SubjectKind},
    identification::{NewScreening, Screening},
};

/// The longest name of somebody who makes or ends a canary, in characters.
const LONGEST_NAME: usize = 100;

/// What is invented.
#[derive(Clone, Debug)]
pub struct Invented {
    /// The id of the screening.
    pub screening_id: ScreeningId,
    /// What is said to have been observed.
    pub screening: NewScreening,
    /// The case and its child.
    pub case: NewCase,
    /// How many children are known that may be the invented one.
    pub alike: usize,
}

/// What it comes to: the screening, and the case with its child.
pub type Made = (Decided<Screening>, Decided<(Case, ChildRecord)>);

impl Invented {
    /// Screens and takes in, each at its instant, in the name of an agency that takes children in. Refused where somebody
    /// would have to act on it, and where whoever looks for a real child would find this one.
    pub fn made(
        self,
        country: &CountryEntry,
        by: &Caller,
        (screened_at, now): (Timestamp, Timestamp),
    ) -> Result<Made, Refused> {
        if !scope_ceiling(by.agency_type).has(Scope::CasesWrite) {
            return Err(Refused::not_yours("an agency that takes no children in has no canary"));
        }
        let screened =
            Screening::record(self.screening_id, self.screening, (None, country), by, screened_at)?;
        let taken_in = Case::take_in(self.case, (&screened.value, country), by, now)?;
        let mut check = Check::default();
        check.require(owed(screened.deadlines.iter().chain(&taken_in.deadlines)) == 0, || {
            let because = "somebody would have to act on it: invent nothing strong and direct";
            Violation::plain("canary_owes", "/screening", because)
        });
        check.require(self.alike == 0, || {
            let because = "a child like this is known: invent another one";
            Violation::plain("canary_alike", "/child", because)
        });
        check.done()?;
        Ok((screened, taken_in))
    }
}

/// How many duties are open after these changes.
fn owed<'a>(changes: impl Iterator<Item = &'a Change>) -> usize {
    let mut open = Vec::new();
    for it in changes {
        match it {
            Change::Opened(duty) => open.push((duty.subject_id, duty.kind)),
            Change::Closed { subject_id, kind, .. } => open.retain(|it| it != &(*subject_id, *kind)),
            _ => {}
        }
    }
    open.len()
}

/// The name of somebody who makes or ends a canary, in one line: neither empty nor longer than 100 characters.
pub fn named(name: &str) -> Result<String, Refused> {
    let plain = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut check = Check::default();
    let fits = (1..=LONGEST_NAME).contains(&plain.chars().count()) && !plain.chars().any(char::is_control);
    check.require(fits, || Violation::plain("name", "", "a name of 100 characters at most is needed"));
    check.done()?;
    Ok(plain)
}

/// That a canary begins or ends to be watched. The log knows it by an id of its own, and nobody is told.
pub fn watched(begins: bool, canary: Uuid, agency: &Agency) -> Fact {
    Fact {
        event: if begins { EventType::AlarmSet } else { EventType::AlarmEnded },
        subject: SubjectKind::Agency,
        subject_id: agency.id.0,
        version: agency.version.0,
        case: None,
        audience: Vec::new(),
        payload: json!({ "alarmId": canary }),
    }
}

/// That somebody opened a canary: for `oversight`, and for the agency that leads the case unless it was one of its own. Whoever
/// did reads the feed of their agency, and is not warned by it. It names who, and not the case: which one it was, the log
/// of reads tells those who look after it, and a canary of which everybody learned would be none.
pub fn opened(
    (agency, professional): (&Agency, Option<ProfessionalId>),
    lead: AgencyId,
    oversight: Option<AgencyId>,
) -> Fact {
    let mut audience: Vec<_> =
        [Some(lead), oversight].into_iter().flatten().filter(|it| *it != agency.id).collect();
    audience.sort_unstable();
    audience.dedup();
    Fact {
        event: EventType::AlarmRaised,
        subject: SubjectKind::Agency,
        subject_id: agency.id.0,
        version: agency.version.0,
        case: None,
        audience,
        payload: json!({ "agencyId": agency.id, "professionalId": professional }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        cases::{Identity, Name, Whereabouts},
        given::{agency, caller, case as a_case, country_entry, id, now},
        identification::{Certainty, Observation},
        vocabulary::AgencyType,
    };

    fn invented(indicator: Option<&str>) -> Invented {
        let seen = |it: &str| Observation { indicator: it.to_owned(), certainty: Certainty::Confirmed };
        let screening = NewScreening {
            concern: None,
            observations: indicator.map(seen).into_iter().collect(),
            acts: Vec::new(),
            controlling_person: false,
            judgement: Some("He is afraid and does not say of whom.".to_owned()),
            talk_minutes: None,
            notes: None,
        };
        let name = Name { given: Some("Invented".to_owned()), family: None };
        let case = NewCase {
            id: id(9),
            reference: a_case().reference,
            child: id(8),
            identity: Identity { name: Some(name), ..Identity::default() },
            whereabouts: Whereabouts::default(),
            external_ids: Vec::new(),
            lead: id(2),
        };
        Invented { screening_id: id(7), screening, case, alike: 0 }
    }

    #[test]
    fn a_canary_is_a_case_like_any_other_that_owes_nothing() {
        let police = caller(id(1), AgencyType::Police);
        let made = |it: Invented, by: &Caller| it.made(&country_entry(), by, (now(), now()));
        let (screened, taken_in) = made(invented(None), &police).expect("lawful");
        let wanted = invented(None);
        let ordinary =
            Case::take_in(wanted.case, (&screened.value, &country_entry()), &police, now()).expect("lawful");
        assert_eq!((&taken_in.value, &taken_in.facts), (&ordinary.value, &ordinary.facts));
        assert_eq!(
            screened.deadlines.len(),
            1,
            "it shows grounds, and taking the child in is what they ask for"
        );

        let codes = |refused: Refused| refused.violations().iter().map(|it| it.code).collect::<Vec<_>>();
        let strong = "beg_adult_collects";
        let owes = made(invented(Some(strong)), &police).expect_err("somebody must act on it");
        assert_eq!(codes(owes), ["canary_owes"]);
        let alike = made(Invented { alike: 1, ..invented(None) }, &police).expect_err("a real child");
        assert_eq!(codes(alike), ["canary_alike"]);
        let oversight = caller(id(1), AgencyType::Dpo);
        assert!(matches!(made(invented(None), &oversight), Err(Refused::NotYours(_))));
    }

    #[test]
    fn an_alarm_names_who_and_never_which_case() {
        let police = agency(1, AgencyType::Police);
        let fact = opened((&police, Some(id(5))), id(2), Some(id(3)));
        assert_eq!((fact.case, fact.subject_id), (None, police.id.0));
        assert_eq!(fact.audience, [id(2), id(3)], "and nobody of the own agency");
        assert_eq!(opened((&police, None), police.id, Some(id(3))).audience, [id(3)]);
        for begins in [true, false] {
            let fact = watched(begins, Uuid::from_u128(4), &police);
            assert_eq!((fact.case, fact.audience.len()), (None, 0), "nobody is told");
        }
        assert_eq!(named("  Mari  Maasikas ").as_deref(), Ok("Mari Maasikas"));
        for bad in ["", "  ", "a\u{7}b", &"a".repeat(101)] {
            assert!(named(bad).is_err(), "{bad}");
        }
    }
}
