//! Every act at its boundary, and random acts against a process that is written apart from the table of the code.

mod closure;
mod handover;
mod merging;
mod missing;
mod process;
mod sequences;
mod writes;

use super::*;
use crate::{
    AgencyId, CodeList as _, Day, Decided, ProfessionalId, Refused, Timestamp,
    access::Caller,
    cases::Case,
    deadlines::{Change, DutyKind, Outcome},
    directory::CountryEntry,
    events::EventType,
    given::{agency, caller, case, codes, country, country_entry, id, in_days, now, rule_codes},
    vocabulary::{
        AgencyType, CaseStatus, ClosureReason, IdentificationStatus, MissingStatus, ReopenReason, Role,
    },
};

use CaseStatus as S;

/// The agency that leads the case of the tests, the one that opened it, the shelter, the receiver, the focal point.
const LEAD: u128 = 4;
const OPENER: u128 = 1;
const SHELTER: u128 = 7;
const NEXT: u128 = 6;
const FOCAL: u128 = 9;

/// Whatever a test varies, with what it leaves alone.
struct World {
    country: CountryEntry,
    course: Course,
    referred: Referred,
    undecided: usize,
    abroad: usize,
    of_file: Vec<(uuid::Uuid, DutyKind)>,
    participants: Vec<AgencyId>,
    now: Timestamp,
    made: u128,
}

impl World {
    fn new() -> Self {
        Self {
            country: country_entry(),
            course: Course::default(),
            referred: Referred { open: 0, ever_sent: false, accepted: vec![id(NEXT)] },
            undecided: 0,
            abroad: 0,
            of_file: Vec::new(),
            participants: vec![id(LEAD), id(OPENER), id(SHELTER)],
            now: now(),
            made: 1000,
        }
    }

    fn setting<'a>(&'a self, by: &'a Caller) -> Setting<'a> {
        Setting {
            entry: id(self.made),
            begun: id(self.made + 1),
            country: &self.country,
            course: &self.course,
            referred: &self.referred,
            of_file: &self.of_file,
            undecided_matches: self.undecided,
            requests_abroad: self.abroad,
            participants: &self.participants,
            focal_point: Some(id(FOCAL)),
            own: by.agency == id(LEAD) || by.agency == id(OPENER),
            by,
            now: self.now,
        }
    }

    /// The case after an act that must be lawful; what it leaves behind joins the course.
    fn done(&mut self, decided: Result<Decided<Moved>, Refused>) -> Case {
        let moved = decided.expect("lawful").value;
        self.follow(&moved);
        moved.case
    }

    fn follow(&mut self, moved: &Moved) {
        self.course = self.course.with(moved);
        self.made += 10;
    }
}

/// Somebody of an agency; the role makes the person.
fn person(number: u128, agency_type: AgencyType, role: Role) -> Caller {
    let professional = id::<ProfessionalId>(7000 + number * 100 + role as u128);
    Caller { role: Some(role), professional: Some(professional), ..caller(id(number), agency_type) }
}

fn manager() -> Caller {
    person(LEAD, AgencyType::ChildProtection, Role::CaseManager)
}

fn supervisor() -> Caller {
    person(LEAD, AgencyType::ChildProtection, Role::Supervisor)
}

fn shelter() -> Caller {
    person(SHELTER, AgencyType::Shelter, Role::ShelterWorker)
}

fn receiver() -> Caller {
    person(NEXT, AgencyType::MunicipalSocial, Role::CaseManager)
}

fn focal_point() -> Caller {
    person(FOCAL, AgencyType::CrossborderFocalPoint, Role::FocalPointOfficer)
}

/// A case of the given status.
fn at(status: S) -> Case {
    Case { status, ..case() }
}

fn reporting() -> ReportMissing {
    ReportMissing {
        last_seen_at: now().plus(time::Duration::hours(-2)),
        circumstances: "not at the roll call".to_owned(),
        police: ToldPolice { at: Some(now().plus(time::Duration::hours(-1))), ..ToldPolice::default() },
        cross_border: false,
    }
}

/// A report before police were told.
fn reporting_first() -> ReportMissing {
    let police = ToldPolice { not_yet: Some("the line is busy".to_owned()), ..ToldPolice::default() };
    ReportMissing { police, ..reporting() }
}

fn found(outcome: FoundOutcome, at: Timestamp) -> RecordFound {
    RecordFound { outcome, at, circumstances: "at the station".to_owned() }
}

fn talked(at: Timestamp) -> RecordReturnInterview {
    RecordReturnInterview {
        outcome: InterviewOutcome::Held,
        at,
        by_whom: "a worker of the youth centre".to_owned(),
        independent: true,
        summary: None,
    }
}

fn inside() -> ProposeHandover {
    let to = Box::new(agency(NEXT, AgencyType::MunicipalSocial));
    ProposeHandover::Inside { to, reasons: "the family has moved".to_owned() }
}

fn abroad() -> Abroad {
    Abroad {
        country: country("FI"),
        authority: "an authority abroad".to_owned(),
        moves_on: in_days(5),
        consent: Consent {
            answer: ConsentAnswer::Consented,
            document: Some("consent 7".to_owned()),
            dated: Some(in_days(-1)),
        },
    }
}

fn going(to: Abroad) -> ProposeHandover {
    ProposeHandover::Abroad { to, reasons: "his mother lives there".to_owned() }
}

fn arrived() -> Arrival {
    Arrival { confirmed: HandoverPoint::ALL.to_vec(), writing: None }
}

fn written(now: Timestamp) -> Writing {
    Writing {
        authority: "an authority abroad".to_owned(),
        document: "letter 8".to_owned(),
        dated: Day(now.date()),
    }
}

/// Every item that people attest, with views.
fn everything() -> Vec<Attested> {
    let rows = CHECKLIST.iter().filter(|it| it.known != Known::LookedUp);
    rows.map(|it| Attested { item: it.item, on: in_days(-1), note: Some("as recorded".to_owned()) }).collect()
}

fn asking(reason: ClosureReason) -> ClosureRequest {
    ClosureRequest { reason, explanation: "the work is done".to_owned(), attested: everything() }
}

fn again(reason: ReopenReason) -> Reopen {
    Reopen { reason, explanation: "seen with the man again".to_owned() }
}

#[track_caller]
fn refused_by(answer: Result<Decided<Moved>, Refused>, rules: &[&str]) {
    match answer {
        Err(refused) => assert_eq!(rule_codes(refused.violations()), rules),
        Ok(_) => panic!("done, where {rules:?} refuse"),
    }
}

#[track_caller]
fn refused_with(answer: Result<Decided<Moved>, Refused>, wanted: &[&str]) {
    match answer {
        Err(refused) => assert_eq!(codes(refused.violations()), wanted),
        Ok(_) => panic!("done, where {wanted:?} refuse"),
    }
}

/// What an act opens and ends, by duty.
fn books(decided: &Decided<Moved>) -> (Vec<DutyKind>, Vec<(DutyKind, Outcome)>) {
    let (mut opened, mut ended) = (Vec::new(), Vec::new());
    for change in &decided.deadlines {
        match change {
            Change::Opened(duty) => opened.push(duty.kind),
            Change::Closed { kind, outcome, .. } => ended.push((*kind, *outcome)),
            Change::HandedOver { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    (opened, ended)
}

#[test]
fn a_case_opens_for_a_need_of_protection_by_a_manager_of_the_lead() {
    let world = World::new();
    let act = OpenForProtection { reasons: "he sleeps in the station".to_owned() };
    let decided = at(S::Intake).open_for_protection(&act, &world.setting(&manager())).expect("opened");
    assert_eq!(decided.value.case.status, S::Open);
    assert_eq!(decided.facts[0].event, EventType::CaseOpened);
    for other in [supervisor(), person(OPENER, AgencyType::Police, Role::CaseManager), shelter()] {
        let answer = at(S::Intake).open_for_protection(&act, &world.setting(&other));
        assert!(matches!(answer, Err(Refused::NotYours(_))), "{other:?}");
    }
}

#[test]
fn an_act_is_refused_to_the_mechanism() {
    let world = World::new();
    let by = Caller::mechanism(country("EE"), id(902));
    let setting = world.setting(&by);
    let (allowed, blocked) = at(S::Open).lifecycle_actions(&setting);
    assert_eq!((allowed.len(), blocked.len()), (0, LifecycleAct::ALL.len()));
}
