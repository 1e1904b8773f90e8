//! What tests of several rooms start from: one case in Estonia, its agencies, a profile.

use uuid::Uuid;

use crate::{
    AgencyId, CaseId, ChildId, ClientId, CodeList, Day, ProfessionalId, Reference, RequestId, ScreeningId,
    Timestamp, Version, Violation,
    access::{Assurance, AssuranceLevel, Caller, Scope},
    cases::{Case, ChildRecord, Identity, Name, Whereabouts},
    deadlines::Span,
    directory::{
        Agency, Checked, CountryEntry, DecisionTimes, EntitlementTimes, Profile, ResponseTime, Service,
        ServiceEntry, Triage,
    },
    identification::{Identification, Setting},
    rules::Verification,
    text::{Country, Language},
    vocabulary::{
        AgencyType, CaseStatus, IdentificationModel, IdentificationStatus, Purpose, Role, ServiceCode, Sex,
        Urgency,
    },
};

pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

pub fn now() -> Timestamp {
    at("2026-11-24T08:30:00Z")
}

/// The day that is this many days from today.
pub fn in_days(days: i64) -> Day {
    Day(now().date() + time::Duration::days(days))
}

pub fn country(code: &str) -> Country {
    Country::parse(code).expect("a country")
}

pub fn language(tag: &str) -> Language {
    Language::parse(tag).expect("a language")
}

/// A professional of an Estonian agency with every scope.
pub fn caller(agency: AgencyId, agency_type: AgencyType) -> Caller {
    Caller {
        client: id::<ClientId>(900),
        agency,
        agency_type,
        country: country("EE"),
        professional: Some(id::<ProfessionalId>(901)),
        role: Some(Role::CaseManager),
        scopes: Scope::ALL.iter().copied().collect(),
        purpose: Purpose::Protection,
        unit: None,
        assurance: Assurance { level: AssuranceLevel::High, seconds_ago: Some(0) },
        case: None,
        decision_ref: Some("book 1".to_owned()),
        request: id::<RequestId>(902),
    }
}

pub fn agency(number: u128, agency_type: AgencyType) -> Agency {
    Agency {
        id: id(number),
        country: country("EE"),
        code: format!("agency-{number}"),
        agency_type,
        name: format!("Agency {number}"),
        duty_phone: None,
        confidential_location: false,
        address: None,
        areas: Vec::new(),
        opening_hours: Vec::new(),
        duty_roster: Vec::new(),
        roles: Role::ALL.to_vec(),
        active: true,
        version: Version::FIRST,
    }
}

/// A service for children of every age and sex, in Estonian, with two places that have just been counted.
pub fn service(number: u128, agency: u128, service: ServiceCode) -> Service {
    Service {
        id: id(number),
        agency: id(agency),
        country: country("EE"),
        service,
        entry: ServiceEntry {
            name: format!("Service {number}"),
            description: None,
            min_age: 0,
            max_age: 17,
            sexes: Sex::ALL.to_vec(),
            languages: vec![language("et")],
            needs: Vec::new(),
            urgencies: Vec::new(),
            areas: Vec::new(),
            confidential_location: false,
            address: None,
            capacity: Some(2),
            active: true,
        },
        capacity_as_of: Some(now()),
        version: Version::FIRST,
    }
}

fn checked<T>(value: T) -> Checked<T> {
    Checked { value, verification: Verification::Proposal, source: "invented".to_owned() }
}

/// Police and child protection presume, nobody must accept, the view is asked again within seven days.
pub fn profile() -> Profile {
    let minutes = [30, 240, 1_440, 2_880];
    let times = Urgency::ALL.iter().zip(minutes).map(|(urgency, minutes)| ResponseTime {
        urgency: *urgency,
        acknowledge: Span::Minutes(minutes),
        decide: Span::Minutes(minutes * 4),
        first_contact: Span::Minutes(minutes * 12),
        information: Span::Minutes(minutes),
        next_step: Span::Minutes(minutes * 2),
        escalate: Span::Minutes(minutes * 3),
        expire: Span::Minutes(minutes * 5),
    });
    Profile {
        identification_model: checked(IdentificationModel::SocialLed),
        may_presume: checked(vec![AgencyType::Police, AgencyType::ChildProtection]),
        may_decide: checked(vec![AgencyType::Police, AgencyType::ChildProtection]),
        second_decider: checked(vec![AgencyType::Police, AgencyType::ChildProtection]),
        appeal_within: checked(Span::CalendarDays(30)),
        age_appeal_within: checked(Span::CalendarDays(15)),
        foreign_notice_presumes: checked(true),
        recognises_foreign_decisions: checked(true),
        placement_exempt_relatives: checked(false),
        entitlement_times: checked(EntitlementTimes {
            guardian_check: Span::Hours(24),
            safety_plan: Span::Hours(24),
            reflection_offer: Span::WorkingDays(3),
            information: Span::CalendarDays(3),
            education: Span::CalendarDays(30),
        }),
        formal_decision: checked(DecisionTimes {
            target: Span::CalendarDays(30),
            warn: Span::CalendarDays(45),
        }),
        must_accept: checked(Vec::new()),
        reflection_period_days: checked(30),
        view_again_within_days: checked(7),
        response_times: checked(times.collect()),
        triage: checked(Triage { danger: Span::Hours(2), otherwise: Span::WorkingDays(1) }),
        feedback_within: checked(Span::WorkingDays(5)),
        instruments: checked(Vec::new()),
        time_zone: "Europe/Tallinn".to_owned(),
    }
}

/// What an act on an identification is decided in, with an empty history.
pub fn given_setting<'a>(country: &'a CountryEntry, child: &'a Identity, by: &'a Caller) -> Setting<'a> {
    Setting {
        entry: id(500),
        country,
        history: &[],
        child,
        exploited_from: None,
        own: true,
        unit: None,
        by,
        now: now(),
    }
}

/// Estonia with that profile.
pub fn country_entry() -> CountryEntry {
    country_with(profile())
}

/// Estonia with a profile.
pub fn country_with(profile: Profile) -> CountryEntry {
    let valid_from = Day::parse("2026-01-01").expect("a day");
    CountryEntry { code: country("EE"), name: "Estonia".to_owned(), valid_from, profile }
}

/// A case that agency 1 took in and agency 4 leads.
pub fn case() -> Case {
    Case {
        id: id::<CaseId>(100),
        reference: Reference::from_entropy([1; 8]),
        country: country("EE"),
        child: id::<ChildId>(101),
        screening: Some(id::<ScreeningId>(102)),
        lead: id(4),
        opened_by: id(1),
        status: CaseStatus::Intake,
        identification: Identification::begun(IdentificationStatus::Screening, now()),
        external_ids: Vec::new(),
        opened_at: now(),
        version: Version::FIRST,
    }
}

pub fn child() -> ChildRecord {
    ChildRecord {
        id: id(101),
        identity: Identity {
            name: Some(Name { given: Some("Invented".to_owned()), family: None }),
            ..Identity::default()
        },
        identity_version: Version::FIRST,
        whereabouts: Whereabouts { address: Some("Nowhere 1".to_owned()), ..Whereabouts::default() },
        whereabouts_version: Version::FIRST,
    }
}

/// The rules among these, by code, each once and in order of the first.
pub fn rule_codes(violations: &[Violation]) -> Vec<&'static str> {
    let mut codes: Vec<_> = violations.iter().filter_map(|it| it.rule).map(|it| it.code).collect();
    codes.dedup();
    codes
}

/// The codes of all of these.
pub fn codes(violations: &[Violation]) -> Vec<&'static str> {
    violations.iter().map(|it| it.code).collect()
}
