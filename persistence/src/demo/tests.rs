//! The demo directory is whole, invented, and loads once.

use domain::{
    CodeList as _,
    access::Caller,
    deadlines::WorkingTime,
    directory::{AgencyUpdate, ServiceUpdate},
    rules::Verification,
};

use super::*;

impl DemoAgency {
    fn by(&self) -> Caller {
        Caller {
            client: fresh_id().into(),
            agency: self.id,
            agency_type: self.agency_type,
            country: self.country,
            professional: None,
            role: None,
            unit: None,
            assurance: domain::access::Assurance::default(),
            scopes: scope_ceiling(self.agency_type),
            purpose: self.client.purpose,
            case: None,
            decision_ref: None,
            request: fresh_id().into(),
        }
    }
}

fn demo() -> Demo {
    Demo::read().expect("the demo directory")
}

#[test]
fn every_client_has_scopes_and_acts_in_a_registered_role() {
    for it in demo().agencies {
        assert!(scope_ceiling(it.agency_type).iter().count() >= 2, "{}", it.code);
        assert!(it.roles.contains(&it.client.professional.role), "{}", it.code);
        let alone = it.agency_type == AgencyType::Sysadmin;
        assert!(alone || it.roles.len() > 1, "{} can act in one role only", it.code);
    }
}

#[test]
fn it_spans_two_of_ten_countries_and_many_types_with_confidential_shelters() {
    let demo = demo();
    let countries: BTreeSet<_> = demo.agencies.iter().map(|it| it.country).collect();
    let profiled: BTreeSet<_> = demo.countries.iter().map(|it| it.code).collect();
    assert!(countries.is_subset(&profiled));
    assert_eq!((countries.len(), profiled.len()), (2, 10));
    let types: BTreeSet<_> = demo.agencies.iter().map(|it| it.agency_type).collect();
    assert!(demo.agencies.len() >= 12 && types.len() >= 9, "{types:?}");
    for it in demo.agencies.iter().filter(|it| it.agency_type == AgencyType::Shelter) {
        assert!(it.confidential_location && it.duty_phone.is_none(), "{}", it.code);
    }
}

#[test]
fn a_profile_claims_no_more_than_was_checked() {
    for it in demo().countries {
        let profile = &it.profile;
        let decides = &profile.may_decide;
        assert_eq!(profile.has_formal_status(), !decides.value.is_empty(), "{}", it.code);
        // Nobody has read a national law for this: whatever is said of one is second-hand at best.
        let checked = [
            profile.identification_model.verification,
            decides.verification,
            profile.appeal_within.verification,
            profile.age_appeal_within.verification,
            profile.reflection_period_days.verification,
            profile.foreign_notice_presumes.verification,
        ];
        assert!(
            !checked.contains(&Verification::TextRead) && !checked.contains(&Verification::Recalled),
            "{}",
            it.code
        );
        assert_eq!(profile.appeal_within.verification, Verification::Unverified, "{}", it.code);
        assert!(profile.reflection_period_days.value >= 30, "{}: CETS 197 Art. 13", it.code);
        assert!(WorkingTime::of(it.code, &profile.time_zone).is_some(), "{} has a calendar", it.code);
    }
}

#[test]
fn nothing_in_it_can_be_taken_for_a_real_agency() {
    for it in demo().agencies {
        assert!(it.name.starts_with("Demo ") && it.code.starts_with("demo-"), "{}", it.code);
        assert!(it.services.iter().all(|it| it.name.starts_with("Demo ")), "{}", it.code);
        let phones = it.duty_phone.iter().chain(it.duty_roster.iter().map(|it| &it.phone));
        assert!(phones.into_iter().all(|it| it.as_str().contains(" 000")), "{}", it.code);
        let addresses = it.address.iter().chain(it.services.iter().filter_map(|it| it.address.as_ref()));
        assert!(
            addresses.into_iter().all(|it| String::from(it.street.clone()).starts_with("Demo ")),
            "{}",
            it.code
        );
    }
}

#[test]
fn every_entry_is_one_that_its_agency_could_have_written() {
    let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
    for it in demo().agencies {
        let agency = it.agency();
        let by = it.by();
        let kept = agency.update(AgencyUpdate::default(), &by).expect(&it.code).value;
        assert_eq!(kept.address, agency.address, "{}", it.code);
        let services = it.services(now);
        for service in &services {
            let kept = service.update(ServiceUpdate::default(), &agency, &by, now).expect(&it.code);
            assert_eq!(kept.value.entry, service.entry, "{}", it.code);
        }
        assert!(services.is_empty() || agency.takes_referrals(), "{} is asked in vain", it.code);
    }
}

#[test]
fn it_has_what_journeys_need() {
    let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
    let offers = |code: ServiceCode| -> Vec<Service> {
        let all = demo().agencies.into_iter().filter(|it| it.country.as_str() == "EE");
        all.flat_map(|it| it.services(now)).filter(|it| it.service == code).collect()
    };
    let therapy = offers(ServiceCode::TraumaTherapy);
    assert!(therapy.iter().any(|it| it.entry.min_age >= 18), "for adults");
    assert!(therapy.iter().filter(|it| it.entry.max_age < 18).count() >= 2, "for children");
    assert!(offers(ServiceCode::SafeAccommodation).len() >= 2);
    assert!(offers(ServiceCode::SafeAccommodation).iter().any(|it| it.entry.max_age >= 18), "mixed");
    for code in [ServiceCode::Dental, ServiceCode::LegalAdvice, ServiceCode::MedicalCare] {
        assert!(!offers(code).is_empty(), "{code}");
    }
    let agencies = demo().agencies;
    assert!(agencies.iter().any(|it| it.agency().around_the_clock()));
    for it in [AgencyType::NatCoordinator, AgencyType::LabourInspectorate] {
        assert!(agencies.iter().any(|of| of.agency_type == it), "{it}");
    }
    // So that every type of request between countries can be tried.
    for route in domain::transnational::Route::ALL {
        for country in ["EE", "LV"] {
            let stands =
                |it: &DemoAgency| it.country.as_str() == country && route.offices().contains(&it.agency_type);
            assert!(
                agencies.iter().any(|it| stands(it) && !it.duty_roster.is_empty()),
                "{route} in {country}"
            );
        }
    }
}

#[test]
fn every_urgency_has_response_times_in_their_order() {
    let sent = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
    for country in demo().countries {
        let time = WorkingTime::of(country.code, &country.profile.time_zone).expect("a calendar");
        for urgency in domain::vocabulary::Urgency::ALL {
            let times = country.profile.times(*urgency).expect("times");
            let at = |span| time.limit(sent, span).at;
            let order = [sent, at(times.acknowledge), at(times.decide), at(times.first_contact)];
            assert!(order.is_sorted_by(|a, b| a < b), "{} {urgency}", country.code);
        }
    }
}

#[cfg(feature = "testing")]
mod on_a_database {
    use std::{sync::Arc, time::Duration};

    use super::*;
    use crate::{NodeKeys, Settings, testing::TestDatabase};

    fn store(database: &TestDatabase) -> Store {
        let settings = Settings { url: database.url.clone(), connections: 2, wait: Duration::from_secs(5) };
        Store::open(settings, Arc::new(NodeKeys::derive(&[7; 32]).expect("keys")))
    }

    fn key(kid: &str) -> ClientKey {
        let public_key_pem = "not looked at here".to_owned();
        ClientKey { kid: kid.to_owned(), algorithm: "EdDSA".to_owned(), public_key_pem }
    }

    #[test]
    fn it_loads_once_and_then_learns_new_keys_only() {
        let database = TestDatabase::new();
        let store = store(&database);
        let demo = Demo::read().expect("the demo directory");
        let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
        assert!(!store.has_agencies().expect("looks"));
        assert_eq!(store.load_demo(&demo, |_| Some(key("first")), now).expect("loads"), DemoLoad::Loaded);
        assert!(store.has_agencies().expect("looks"));
        assert_eq!(
            store.load_demo(&demo, |_| Some(key("first")), now).expect("again"),
            DemoLoad::AlreadyThere
        );
        assert_eq!(
            store.load_demo(&demo, |_| Some(key("second")), now).expect("again"),
            DemoLoad::AlreadyThere
        );
        for agency in &demo.agencies {
            let client = store.client(&agency.client.id).expect("reads").expect("is there");
            assert_eq!(client.agency, agency.id);
            assert_eq!(client.scopes, scope_ceiling(agency.agency_type));
            assert_eq!(client.keys.len(), 2, "{}", agency.client.id);
        }
    }

    #[test]
    fn the_demo_of_an_earlier_build_learns_new_agencies_and_scopes() {
        let database = TestDatabase::new();
        let store = store(&database);
        let demo = Demo::read().expect("the demo directory");
        let earlier = Demo { agencies: demo.agencies[..3].to_vec(), ..demo.clone() };
        let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
        assert_eq!(store.load_demo(&earlier, |_| None, now).expect("loads"), DemoLoad::Loaded);
        let first = &demo.agencies[0];
        database.set_scopes(&first.client.id, "directory.read");
        assert_eq!(store.load_demo(&demo, |_| None, now).expect("again"), DemoLoad::AlreadyThere);
        for agency in &demo.agencies {
            let client = store.client(&agency.client.id).expect("reads").expect("is there");
            assert_eq!(client.scopes, scope_ceiling(agency.agency_type));
        }
    }

    #[test]
    fn a_database_with_other_agencies_is_left_alone() {
        let database = TestDatabase::new();
        let store = store(&database);
        insert_into(agencies::table)
            .values((
                agencies::id.eq(fresh_id()),
                agencies::country.eq("EE"),
                agencies::code.eq("real"),
                agencies::agency_type.eq("police"),
                agencies::name.eq("Real Police"),
                agencies::roles.eq(vec!["investigator"]),
            ))
            .execute(&mut database.connection())
            .expect("an agency");
        let demo = Demo::read().expect("the demo directory");
        let now = Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant");
        assert_eq!(
            store.load_demo(&demo, |_| Some(key("kid")), now).expect("looks"),
            DemoLoad::OtherAgencies
        );
        assert!(store.client("tallinn-police").expect("reads").is_none());
    }
}
