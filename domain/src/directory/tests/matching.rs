//! Ranking and routing: properties over many needs and many services.

use proptest::{prelude::*, sample::subsequence};

use super::verdicts::{moment, need};
use crate::{
    AgencyId, BirthDate, CodeList, Timestamp,
    cases::Identity,
    directory::{
        Agency, Area, Candidate, Moment, Need, Ranked, Service, UnroutedReason, rank, route, verdict,
    },
    given::{agency, id, language, now, service},
    text::Language,
    vocabulary::{AgeCertainty, AgencyType, ServiceCode, Sex, SpecialNeed, Urgency},
};

const AREAS: [&str; 3] = ["EE-37", "EE-79", "LV-RIX"];
const SERVICES: [ServiceCode; 3] =
    [ServiceCode::SafeAccommodation, ServiceCode::TraumaTherapy, ServiceCode::LegalAdvice];
const TYPES: [AgencyType; 3] =
    [AgencyType::Shelter, AgencyType::HealthMental, AgencyType::LabourInspectorate];

fn some_of<C: CodeList>(codes: &'static [C], most: usize) -> impl Strategy<Value = Vec<C>> {
    subsequence(codes, 0..=most.min(codes.len()))
}

fn some_areas() -> impl Strategy<Value = Vec<Area>> {
    subsequence(&AREAS[..], 0..=2).prop_map(|it| it.into_iter().filter_map(Area::parse).collect())
}

fn some_languages() -> impl Strategy<Value = Vec<Language>> {
    subsequence(&["et", "ru", "uk"][..], 0..=2).prop_map(|it| it.into_iter().map(language).collect())
}

prop_compose! {
    fn some_need()(
        services in subsequence(&SERVICES[..], 0..=3),
        urgency in prop::sample::select(Urgency::ALL),
        age in prop::option::of(0..25_u8),
        sex in prop::option::of(prop::sample::select(Sex::ALL)),
        languages in some_languages(),
        special_needs in some_of(SpecialNeed::ALL, 3),
        area in prop::option::of(prop::sample::select(&AREAS[..])),
    ) -> Need {
        let area = area.and_then(Area::parse);
        Need { services, urgency, age, sex, languages, special_needs, area }
    }
}

prop_compose! {
    fn some_agency(number: u128)(
        agency_type in prop::sample::select(&TYPES[..]),
        areas in some_areas(),
        active in prop::bool::weighted(0.9),
    ) -> Agency {
        Agency { areas, active, ..agency(number, agency_type) }
    }
}

prop_compose! {
    fn some_service(number: u128, of: u128)(
        code in prop::sample::select(&SERVICES[..]),
        (min_age, span) in (0..20_u8, 0..25_u8),
        sexes in some_of(Sex::ALL, 4),
        languages in some_languages(),
        needs in some_of(SpecialNeed::ALL, 3),
        urgencies in some_of(Urgency::ALL, 4),
        areas in some_areas(),
        capacity in prop::option::of((0..4_u16, 0..100_i64)),
        active in prop::bool::weighted(0.9),
    ) -> Service {
        let mut it = service(number, of, code);
        let entry = &mut it.entry;
        (entry.min_age, entry.max_age) = (min_age, (min_age + span).min(25));
        (entry.sexes, entry.languages, entry.needs) = (sexes, languages, needs);
        (entry.urgencies, entry.areas, entry.active) = (urgencies, areas, active);
        entry.capacity = capacity.map(|(places, _)| places);
        it.capacity_as_of = capacity.map(|(_, hours)| now().plus(-time::Duration::hours(hours)));
        it
    }
}

/// Three agencies with two services each.
fn some_directory() -> impl Strategy<Value = Vec<(Agency, Service)>> {
    let one = |number: u128| {
        (some_agency(number), some_service(number * 10, number), some_service(number * 10 + 1, number))
            .prop_map(|(agency, one, two)| vec![(agency.clone(), one), (agency, two)])
    };
    (one(1), one(2), one(3)).prop_map(|(a, b, c)| [a, b, c].concat())
}

fn candidates(all: &[(Agency, Service)]) -> impl Iterator<Item = Candidate<'_>> {
    all.iter().map(|(agency, service)| Candidate { agency, service })
}

fn order(ranked: &[Ranked<'_>]) -> Vec<crate::ServiceId> {
    ranked.iter().map(|it| it.service.id).collect()
}

proptest! {
    #[test]
    fn the_order_in_which_candidates_come_does_not_matter(
        need in some_need(),
        (all, mixed) in some_directory().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        let (one, two) = (rank(&need, candidates(&all), moment()), rank(&need, candidates(&mixed), moment()));
        prop_assert_eq!(order(&one), order(&two));
        prop_assert_eq!(route(&need, candidates(&all), moment()), route(&need, candidates(&mixed), moment()));
    }

    #[test]
    fn what_fits_comes_before_what_does_not(need in some_need(), all in some_directory()) {
        let ranked = rank(&need, candidates(&all), moment());
        prop_assert_eq!(ranked.len(), all.len());
        let fits: Vec<_> = ranked.iter().map(|it| it.verdict.fits).collect();
        prop_assert!(fits.is_sorted_by(|a, b| a >= b), "{:?}", fits);
        for it in &ranked {
            prop_assert_eq!(it.verdict.fits, it.verdict.misfits.iter().all(|it| !it.code.hard()));
        }
    }

    #[test]
    fn more_free_places_never_lower_a_candidate(
        need in some_need(), agency in some_agency(1), service in some_service(10, 1), more in 1..5_u16,
    ) {
        let mut richer = service.clone();
        richer.entry.capacity = Some(service.entry.capacity.unwrap_or_default() + more);
        richer.capacity_as_of = service.capacity_as_of.or(Some(now()));
        let points = |service| verdict(&need, &agency, service, moment()).points;
        prop_assert!(points(&richer) >= points(&service));
    }

    #[test]
    fn nothing_is_routed_to_whom_a_hard_misfit_keeps_off(need in some_need(), all in some_directory()) {
        let ranked = rank(&need, candidates(&all), moment());
        match route(&need, candidates(&all), moment()) {
            Ok(it) => {
                prop_assert!(it.verdict.fits);
                let (agency, service) = all.iter().find(|(_, s)| s.id == it.service).expect("a candidate");
                prop_assert_eq!(&it.verdict, &verdict(&need, agency, service, moment()));
                prop_assert!(agency.takes_referrals() && agency.active && service.entry.active);
                prop_assert!(it.takes.contains(&service.service));
            }
            Err(it) => {
                prop_assert!(ranked.iter().all(|it| !it.verdict.fits));
                prop_assert_eq!(it.reason, UnroutedReason::NobodyFits);
                prop_assert!(it.closest.iter().any(|it| it.code.hard()));
            }
        }
    }

    #[test]
    fn a_need_of_a_child_and_one_given_by_hand_get_one_verdict(
        need in some_need(), agency in some_agency(1), service in some_service(10, 1), years in 0..20_i32,
    ) {
        let child = Identity {
            sex: need.sex,
            birth_date: BirthDate::parse(&format!("{}-01-15", 2026 - years)),
            age_certainty: Some(AgeCertainty::Documented),
            languages: need.languages.clone(),
            special_needs: need.special_needs.clone(),
            ..Identity::default()
        };
        let by_hand = Need { age: u8::try_from(years).ok(), ..need.clone() };
        let made = Need::of_child(&child, &need.services, need.urgency, need.area, now());
        prop_assert_eq!(&made, &by_hand);
        prop_assert_eq!(
            verdict(&made, &agency, &service, moment()),
            verdict(&by_hand, &agency, &service, moment())
        );
    }
}

#[test]
fn nobody_offers_is_told_from_nobody_fits() {
    let unrouted = route(&need(), [], moment()).expect_err("nobody");
    assert_eq!((unrouted.reason, unrouted.closest.len()), (UnroutedReason::NobodyOffers, 0));
    let (mine, mut beds) = (agency(1, AgencyType::Shelter), service(10, 1, ServiceCode::SafeAccommodation));
    beds.entry.max_age = 3;
    let only = [Candidate { agency: &mine, service: &beds }];
    let unrouted = route(&need(), only, moment()).expect_err("nobody");
    assert_eq!(unrouted.reason, UnroutedReason::NobodyFits);
    assert_eq!(unrouted.closest[0].code.code(), "age_not_taken");
}

#[test]
fn an_agency_that_takes_all_comes_before_one_that_takes_a_part() {
    let (whole, part) = (agency(1, AgencyType::NgoSupport), agency(2, AgencyType::Shelter));
    let beds = |number, of| service(number, of, ServiceCode::SafeAccommodation);
    let mut far = beds(10, 1);
    far.entry.capacity = Some(0);
    let lawyer = service(11, 1, ServiceCode::LegalAdvice);
    let near = beds(20, 2);
    let asked = Need { services: vec![ServiceCode::SafeAccommodation, ServiceCode::LegalAdvice], ..need() };
    let all = [
        Candidate { agency: &part, service: &near },
        Candidate { agency: &whole, service: &far },
        Candidate { agency: &whole, service: &lawyer },
    ];
    let routed = route(&asked, all, moment()).expect("somebody");
    assert_eq!(routed.agency, id::<AgencyId>(1));
    assert_eq!(routed.takes, [ServiceCode::SafeAccommodation, ServiceCode::LegalAdvice]);
    assert_eq!(routed.service, lawyer.id, "the better of its two");
    let beds_only = Need { services: vec![ServiceCode::SafeAccommodation], ..asked };
    assert_eq!(route(&beds_only, all, moment()).expect("somebody").agency, id::<AgencyId>(2));
}

#[test]
fn each_preference_decides_before_the_next() {
    let mine = agency(1, AgencyType::Shelter);
    let good = || service(10, 1, ServiceCode::SafeAccommodation);
    let later: Timestamp = now().plus(time::Duration::hours(80));
    let points = |change: fn(&mut Service), at: Timestamp| {
        let mut it = good();
        change(&mut it);
        verdict(&need(), &mine, &it, Moment { now: at, local: None }).points
    };
    let steps = [
        points(|it| it.entry.areas = vec![Area::parse("EE-37").expect("an area")], now()),
        points(|_| {}, now()),
        points(|it| (it.entry.capacity, it.capacity_as_of) = (None, None), now()),
        points(|_| {}, later),
        points(|it| it.entry.capacity = Some(0), now()),
        points(|it| (it.entry.capacity, it.entry.languages) = (Some(0), Vec::new()), now()),
        points(|it| (it.entry.capacity, it.entry.languages) = (Some(0), vec![language("lv")]), now()),
        points(|it| it.entry.max_age = 18, now()),
        points(|it| it.entry.max_age = 3, now()),
    ];
    assert!(steps.is_sorted_by(|a, b| a > b), "{steps:?}");
}
