//! What a service is to a need.

use crate::{
    BirthDate, CodeList as _,
    cases::{Identity, Name},
    directory::{
        Agency, Area, Hours, LocalTime, MatchReason as R, Misfit, MisfitCode as M, Moment, Need, Phone,
        Service, Shift, TimeOfDay, Verdict, Weekday, verdict,
    },
    given::{agency, language, now, rule_codes, service},
    vocabulary::{AgencyType, ServiceCode, Sex, SpecialNeed, Urgency},
};

fn area(code: &str) -> Area {
    Area::parse(code).expect("an area")
}

pub fn need() -> Need {
    Need {
        services: vec![ServiceCode::SafeAccommodation],
        urgency: Urgency::Urgent,
        age: Some(11),
        sex: Some(Sex::Male),
        languages: vec![language("et")],
        special_needs: vec![SpecialNeed::AcuteTrauma],
        area: Some(area("EE-37")),
    }
}

pub fn moment() -> Moment {
    Moment { now: now(), local: None }
}

fn shelter() -> Agency {
    agency(2, AgencyType::Shelter)
}

fn beds() -> Service {
    service(9, 2, ServiceCode::SafeAccommodation)
}

fn of(need: &Need, agency: &Agency, service: &Service) -> Verdict {
    verdict(need, agency, service, moment())
}

fn codes(verdict: &Verdict) -> Vec<M> {
    verdict.misfits.iter().map(|it| it.code).collect()
}

#[test]
fn what_fits_says_why() {
    let mut beds = beds();
    beds.entry.needs = vec![SpecialNeed::AcuteTrauma];
    let it = of(&need(), &shelter(), &beds);
    assert!(it.fits && it.misfits.is_empty());
    assert_eq!(it.reasons, [R::WholeCountry, R::FreePlace, R::CommonLanguage, R::NeedMet, R::ForChildren]);
}

type Change = fn(&mut Need, &mut Agency, &mut Service);

/// One change of a need that fits, its misfit, and whether it is hard.
#[test]
fn each_misfit_has_its_code_and_its_weight() {
    let good = (need(), shelter(), beds());
    let table: [(Change, M, bool); 14] = [
        (|_, agency, _| agency.active = false, M::AgencyInactive, true),
        (|_, agency, _| agency.agency_type = AgencyType::LabourInspectorate, M::TakesNoReferrals, true),
        (|need, _, _| need.urgency = Urgency::Immediate, M::NoDutyDesk, true),
        (|_, _, service| service.entry.active = false, M::ServiceInactive, true),
        (|need, _, _| need.services = vec![ServiceCode::Dental], M::ServiceNotAsked, true),
        (|_, _, service| service.entry.urgencies = vec![Urgency::Standard], M::UrgencyNotTaken, true),
        (|_, agency, _| agency.areas = vec![area("EE-79")], M::AreaNotServed, true),
        (|need, _, _| need.area = Some(area("LV-RIX")), M::AreaNotServed, true),
        (|need, _, _| need.age = Some(18), M::AgeNotTaken, true),
        (|_, _, service| service.entry.sexes = vec![Sex::Female], M::SexNotTaken, true),
        (|_, _, service| service.entry.max_age = 21, M::UnsuitablePlacement, false),
        (|need, _, _| need.languages = vec![language("uk")], M::NoCommonLanguage, false),
        (|_, _, service| service.entry.needs = vec![SpecialNeed::Pregnancy], M::NeedNotMet, false),
        (|_, _, service| service.entry.capacity = Some(0), M::NoFreePlace, false),
    ];
    for (change, code, hard) in table {
        let (mut need, mut agency, mut service) = good.clone();
        change(&mut need, &mut agency, &mut service);
        let it = of(&need, &agency, &service);
        assert_eq!((codes(&it), it.fits, code.hard()), (vec![code], !hard, hard), "{code}");
        assert!(it.points < of(&good.0, &good.1, &good.2).points, "{code}");
        assert!(!it.misfits[0].because.is_empty());
    }
    let seen: std::collections::BTreeSet<_> = table.iter().map(|(_, code, _)| *code).collect();
    assert_eq!(seen.len(), M::ALL.len());
}

#[test]
fn what_is_not_known_is_no_misfit() {
    let unknown = Need {
        age: None,
        sex: Some(Sex::Unknown),
        languages: Vec::new(),
        special_needs: vec![SpecialNeed::Unknown, SpecialNeed::NotAsked, SpecialNeed::DeclinedToSay],
        area: None,
        ..need()
    };
    let mut beds = beds();
    beds.entry.sexes = vec![Sex::Female];
    beds.entry.needs = vec![SpecialNeed::Pregnancy];
    assert_eq!(codes(&of(&unknown, &shelter(), &beds)), []);
}

#[test]
fn an_unknown_age_is_that_of_a_child() {
    let unknown = Need { age: None, ..need() };
    let mut adults = service(9, 2, ServiceCode::TraumaTherapy);
    (adults.entry.min_age, adults.entry.max_age) = (18, 25);
    let asked = Need { services: vec![ServiceCode::TraumaTherapy], ..unknown };
    assert_eq!(codes(&of(&asked, &shelter(), &adults)), [M::AgeNotTaken]);
}

#[test]
fn r99_allows_a_home_for_children_and_for_adults_alike() {
    assert_eq!(codes(&of(&need(), &shelter(), &beds())), []);
    let mut mixed = beds();
    mixed.entry.max_age = 25;
    assert_eq!(codes(&of(&Need { age: Some(19), ..need() }, &shelter(), &mixed)), [], "no child");
    let mut therapy = service(9, 2, ServiceCode::TraumaTherapy);
    therapy.entry.max_age = 25;
    let asked = Need { services: vec![ServiceCode::TraumaTherapy], ..need() };
    assert_eq!(codes(&of(&asked, &shelter(), &therapy)), [], "nobody lives there");
}

#[test]
fn r99_warns_of_children_among_adults() {
    let mut mixed = beds();
    mixed.entry.max_age = 25;
    for age in [Some(11), None] {
        let it = of(&Need { age, ..need() }, &shelter(), &mixed);
        let warnings: Vec<_> = it.misfits.iter().map(|it| it.warning("/services")).collect();
        assert_eq!((it.fits, rule_codes(&warnings)), (true, vec!["R99"]));
        assert_eq!(warnings[0].code, crate::rules::R99.message, "one code for rule and misfit");
    }
    let mut full = beds();
    full.entry.capacity = Some(0);
    assert!(
        of(&need(), &shelter(), &full).points > of(&need(), &shelter(), &mixed).points,
        "rather wait for a place among children"
    );
}

#[test]
fn immediate_needs_a_desk_that_is_on_duty() {
    let urgent = Need { urgency: Urgency::Immediate, ..need() };
    let time = |it| TimeOfDay::parse(it).expect("a time");
    let night = |weekday, from, to| Shift {
        hours: Hours { weekday, from: time(from), to: time(to) },
        phone: Phone::parse("+372 000 0001").expect("a number"),
        function: crate::text::Line::parse("night watch").expect("a line"),
    };
    let nights = Agency { duty_roster: vec![night(Weekday::Monday, "20:00", "08:00")], ..shelter() };
    let days = Weekday::ALL.iter().map(|it| night(*it, "00:00", "00:00"));
    let always = Agency { duty_roster: days.collect(), ..shelter() };
    let at = |weekday, it| Some(LocalTime { weekday, time: time(it) });
    for (agency, local, fits) in [
        (&nights, at(Weekday::Tuesday, "07:59"), true),
        (&nights, at(Weekday::Tuesday, "08:00"), false),
        (&nights, None, false),
        (&always, at(Weekday::Tuesday, "08:00"), true),
        (&always, None, true),
    ] {
        let it = verdict(&urgent, agency, &beds(), Moment { local, ..moment() });
        assert_eq!((it.fits, it.reasons.contains(&R::OnDuty)), (fits, fits), "{local:?}");
    }
}

#[test]
fn a_language_is_the_same_in_every_script() {
    let speaks = Need { languages: vec![language("sr-Latn")], ..need() };
    let mut beds = beds();
    beds.entry.languages = vec![language("sr")];
    assert!(of(&speaks, &shelter(), &beds).reasons.contains(&R::CommonLanguage));
}

#[test]
fn a_service_serves_its_own_areas_before_those_of_its_agency() {
    let (mut agency, mut beds) = (shelter(), beds());
    agency.areas = vec![area("EE-37")];
    assert!(of(&need(), &agency, &beds).reasons.contains(&R::InArea));
    beds.entry.areas = vec![area("EE-79")];
    assert_eq!(codes(&of(&need(), &agency, &beds)), [M::AreaNotServed]);
}

#[test]
fn a_count_of_long_ago_says_little() {
    let old = Moment { now: now().plus(time::Duration::hours(73)), ..moment() };
    let it = verdict(&need(), &shelter(), &beds(), old);
    assert!(it.fits && it.reasons.contains(&R::CapacityStale) && !it.reasons.contains(&R::FreePlace));
    let (mut unknown, mut full) = (beds(), beds());
    (unknown.entry.capacity, unknown.capacity_as_of) = (None, None);
    full.entry.capacity = Some(0);
    let points = |service: &Service, at| verdict(&need(), &shelter(), service, at).points;
    assert!(points(&beds(), moment()) > points(&unknown, moment()));
    assert!(points(&unknown, moment()) > points(&beds(), old));
    assert!(points(&beds(), old) > points(&full, moment()));
}

#[test]
fn a_need_is_made_of_a_child_without_what_tells_who_it_is() {
    let child = Identity {
        name: Some(Name { given: Some("Mykola".to_owned()), family: Some("Vymyshlenyi".to_owned()) }),
        call_name: Some("Mik".to_owned()),
        sex: Some(Sex::Male),
        birth_date: BirthDate::parse("2015-04-02"),
        languages: vec![language("et")],
        special_needs: vec![SpecialNeed::AcuteTrauma],
        ..Identity::default()
    };
    let services = [ServiceCode::SafeAccommodation];
    let made = Need::of_child(&child, &services, Urgency::Urgent, Some(area("EE-37")), now());
    assert_eq!(made, need(), "given by hand");
    let shown = format!("{made:?}");
    for canary in ["Mykola", "Vymyshlenyi", "Mik", "2015", "04"] {
        assert!(!shown.contains(canary), "{shown}");
    }
}

#[test]
fn a_warning_says_what_the_service_takes_and_not_who_the_child_is() {
    let misfit = |need: &Need, service: &Service| -> Vec<Misfit> { of(need, &shelter(), service).misfits };
    let mut toddlers = beds();
    toddlers.entry.max_age = 3;
    let told = misfit(&need(), &toddlers)[0].because.clone();
    assert_eq!(told, "the service takes children aged 0 to 3");
}
