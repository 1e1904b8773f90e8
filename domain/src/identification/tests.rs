//! Every act at its boundary, and random acts against a process that is written apart from the table of the code.

mod age;
mod decisions;
mod entitlements;
mod process;
mod review;
mod sequences;

use super::*;
use crate::{
    AgencyId, Decided, ProfessionalId, Refused, Timestamp,
    access::Caller,
    cases::{Case, Identity},
    directory::CountryEntry,
    given::{caller, case, codes, country, country_with, given_setting, id, now, profile, rule_codes},
    vocabulary::{Act, AgencyType, ExploitationType, IdentificationStatus, Role},
};

use IdentificationStatus as S;

/// Whatever a test varies, with what it leaves alone.
struct World {
    country: CountryEntry,
    child: Identity,
    history: Vec<Entry>,
}

impl World {
    fn new() -> Self {
        Self { country: country_with(profile()), child: Identity::default(), history: Vec::new() }
    }

    fn setting<'a>(&'a self, by: &'a Caller) -> Setting<'a> {
        Setting { history: &self.history, ..given_setting(&self.country, &self.child, by) }
    }

    /// The case after an act that must be lawful; its entry joins the history.
    fn done(&mut self, decided: Result<Decided<Identified>, Refused>) -> Case {
        let done = decided.expect("lawful").value;
        self.history.push(done.entry);
        done.case
    }
}

/// A case of the given status.
fn at(status: S) -> Case {
    let mut it = case();
    it.identification.status = status;
    it
}

/// An identification officer; the number is agency and person.
fn officer(number: u128, agency_type: AgencyType) -> Caller {
    Caller {
        role: Some(Role::IdentificationOfficer),
        professional: Some(id::<ProfessionalId>(700 + number)),
        ..caller(id::<AgencyId>(number), agency_type)
    }
}

fn police() -> Caller {
    officer(1, AgencyType::Police)
}

fn child_protection() -> Caller {
    officer(4, AgencyType::ChildProtection)
}

fn shown() -> Findings {
    Findings {
        act: Some(Finding::Shown),
        purpose: Some(Finding::Shown),
        acts: vec![Act::Transportation],
        purposes: vec![ExploitationType::ForcedBegging],
        means: vec![crate::vocabulary::Means::Threat],
        child_is_surrogate: None,
        evidence: vec!["the statement of the child".to_owned()],
    }
}

fn not_shown() -> Findings {
    Findings {
        purpose: Some(Finding::NotShown),
        acts: Vec::new(),
        purposes: Vec::new(),
        means: Vec::new(),
        ..shown()
    }
}

fn deciding() -> Decide {
    Decide { findings: shown(), reasons: "as found".to_owned(), informed: informed() }
}

fn informed() -> Informed {
    Informed { child: true, guardian: false }
}

fn denying() -> ProposeNegative {
    ProposeNegative {
        grounds: vec![NegativeGround::PurposeNotShown],
        findings: not_shown(),
        reasons: "a family visit".to_owned(),
    }
}

fn agreeing() -> SecondOpinion {
    SecondOpinion { reasons: "read and agreed".to_owned(), informed: Some(informed()) }
}

fn appealing(kind: ReviewKind) -> Appeal {
    Appeal { kind, brought_by: Brought::Guardian, reasons: "he was not heard".to_owned() }
}

fn declining() -> DeclineStatus {
    DeclineStatus {
        brought_by: Brought::Child,
        child_informed: true,
        child_view: "she wants peace".to_owned(),
    }
}

fn closing() -> CloseWithoutStatus {
    CloseWithoutStatus { reason: NoStatusReason::ChildMoved, explanation: "to an aunt abroad".to_owned() }
}

fn foreign(code: &str) -> Foreign {
    Foreign {
        country: country(code),
        authority: "an authority abroad".to_owned(),
        document: "decision 7".to_owned(),
        dated: crate::Day(now().date()),
    }
}

fn giving(entitlement: Entitlement) -> Given {
    Given { entitlement, what: "done".to_owned(), by_whom: "the case worker".to_owned(), at: now() }
}

#[track_caller]
fn refused_by(answer: Result<Decided<Identified>, Refused>, rules: &[&str]) {
    match answer {
        Err(refused) => assert_eq!(rule_codes(refused.violations()), rules),
        Ok(_) => panic!("done, where {rules:?} refuse"),
    }
}

/// A case with a negative decision of police, confirmed by child protection.
fn denied(world: &mut World) -> Case {
    let (police, other) = (police(), child_protection());
    let proposal = at(S::FormalAssessment).propose_negative(&denying(), &world.setting(&police));
    let proposed = world.done(proposal);
    let confirmed = proposed.confirm_negative(&agreeing(), &world.setting(&other));
    world.done(confirmed)
}
