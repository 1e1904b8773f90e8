//! The directory in the database: what is written reads back, what must never be false is refused, and every change
//! counts.

use diesel::{RunQueryDsl as _, sql_query};
use domain::{
    AgencyId, Decided, ServiceId, Timestamp,
    access::Caller,
    directory::{Address, Agency, AgencyUpdate, Service, ServiceUpdate, Weekday},
    text::{Country, Line},
    vocabulary::{ServiceCode, Urgency},
};
use persistence::{PageRequest, StoreError, Tx, demo::Demo, directory::AgencyFilter};

use crate::given::{House, ask, now};

fn country(code: &str) -> Country {
    Country::parse(code).expect("a country")
}

fn version(house: &House, of: &str) -> i64 {
    let found = house.read(&house.police, |tx| tx.candidates(country(of), &[]));
    found.expect("a directory").directory_version
}

fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::parse(text).expect("a line")
}

fn address() -> Address {
    Address { street: line("Invented Street 9"), postal_code: line("00009"), locality: line("Tallinn") }
}

fn services(house: &House, of: AgencyId) -> Vec<Service> {
    house.read(&house.police, |tx| tx.services_offered(of)).expect("its services")
}

fn agency(house: &House, id: AgencyId) -> Agency {
    house.read(&house.police, |tx| tx.agency(id)).expect("an agency")
}

fn update_agency(house: &House, by: &Caller, update: AgencyUpdate) -> Decided<Agency> {
    agency(house, by.agency).update(update, by).expect("lawful")
}

fn update_service(house: &House, by: &Caller, service: &Service, update: ServiceUpdate) -> Decided<Service> {
    service.update(update, &agency(house, by.agency), by, now()).expect("lawful")
}

#[test]
fn the_demo_reads_back_as_its_file_has_it() {
    let house = House::new();
    for it in Demo::read().expect("the directory").agencies {
        assert_eq!(agency(&house, it.id), it.agency());
        assert_eq!(services(&house, it.id), it.services(now()), "{}", it.code);
    }
}

#[test]
fn changes_of_an_agency_and_its_services_read_back() {
    let house = House::new();
    let by = &house.barnahus;
    let update = AgencyUpdate {
        name: Some("Demo Barnahus, renamed".to_owned()),
        duty_phone: Some(None),
        address: Some(Some(address())),
        areas: Some(vec![domain::directory::Area::parse("EE-37").expect("an area")]),
        opening_hours: Some(Vec::new()),
        duty_roster: Some(Vec::new()),
        ..AgencyUpdate::default()
    };
    let decided = update_agency(&house, by, update);
    house.change(by, |tx| tx.save_agency(&decided)).expect("saved");
    assert_eq!(agency(&house, by.agency), decided.value);
    let service = services(&house, by.agency).remove(0);
    let update = ServiceUpdate {
        description: Some(Some("In words.".to_owned())),
        address: Some(Some(address())),
        urgencies: Some(vec![Urgency::Urgent]),
        capacity: Some(None),
        active: Some(false),
        ..ServiceUpdate::default()
    };
    let decided = update_service(&house, by, &service, update);
    house.change(by, |tx| tx.save_service(&decided)).expect("saved");
    let read = house.read(by, |tx| tx.service(by.agency, service.id)).expect("read");
    assert_eq!(read, decided.value);
    let again = house.change(by, |tx| tx.save_service(&decided));
    assert!(matches!(again, Err(StoreError::Stale)), "{again:?}");
    let facts = house.db.facts();
    let told: Vec<_> = facts.iter().map(|it| it["event"].as_str().unwrap_or_default()).collect();
    assert_eq!(told, ["directory.agency_changed", "directory.service_changed"]);
    assert!(!facts.iter().any(|it| it.to_string().contains("Invented")));
}

#[test]
fn a_new_service_reads_back_and_a_stale_agency_is_not_saved() {
    let house = House::new();
    let by = &house.barnahus;
    let (mine, others) = (agency(&house, by.agency), services(&house, by.agency));
    let id: ServiceId = house.read(by, |tx| Ok(tx.fresh_id())).expect("an id").into();
    let entry = others[0].entry.clone();
    let decided = Service::offer((id, ServiceCode::Mentoring), entry, (&mine, &others), by, now());
    let decided = decided.expect("lawful");
    house.change(by, |tx| tx.add_service(&decided)).expect("saved");
    assert_eq!(house.read(by, |tx| tx.service(by.agency, id)).expect("read"), decided.value);
    let misplaced = house.read(by, |tx| tx.service(house.shelter.agency, id));
    assert!(matches!(misplaced, Err(StoreError::NotFound)), "{misplaced:?}");
    let decided = update_agency(&house, by, AgencyUpdate::default());
    house.change(by, |tx| tx.save_agency(&decided)).expect("the first");
    let second = house.change(by, |tx| tx.save_agency(&decided));
    assert!(matches!(second, Err(StoreError::Stale)), "{second:?}");
}

#[test]
fn every_change_counts_in_its_country_and_a_change_that_is_taken_back_does_not() {
    let house = House::new();
    let by = &house.barnahus;
    let before = (version(&house, "EE"), version(&house, "LV"));
    let decided = update_agency(&house, by, AgencyUpdate::default());
    house.change(by, |tx| tx.save_agency(&decided)).expect("saved");
    assert_eq!((version(&house, "EE"), version(&house, "LV")), (before.0 + 1, before.1));
    let service = services(&house, by.agency).remove(0);
    let decided = update_service(&house, by, &service, ServiceUpdate::default());
    let undone: Result<(), StoreError> = house.change(by, |tx| {
        tx.save_service(&decided)?;
        Err(StoreError::NotFound)
    });
    assert!(undone.is_err());
    assert_eq!(version(&house, "EE"), before.0 + 1);
    house.change(by, |tx| tx.save_service(&decided)).expect("saved");
    assert_eq!(version(&house, "EE"), before.0 + 2);
    house.db.set_agency_active("tallinn-shelter", false);
    assert_eq!(version(&house, "EE"), before.0 + 3, "what operators change counts as well");
}

#[test]
fn candidates_are_what_active_agencies_of_the_country_offer_at_present() {
    let house = House::new();
    let found = |codes: &[ServiceCode], of: &str| {
        let found = house.read(&house.police, |tx| tx.candidates(country(of), codes)).expect("found").offered;
        assert!(found.iter().all(|(agency, service)| agency.id == service.agency));
        found.into_iter().map(|(_, service)| service.id).collect::<Vec<_>>()
    };
    let wanted = |codes: &[ServiceCode], of: &str| {
        let all = Demo::read().expect("the directory").agencies;
        let all = all.iter().filter(|it| it.country == country(of));
        let mut all: Vec<_> = all
            .flat_map(|it| it.services(now()))
            .filter(|it| codes.contains(&it.service))
            .map(|it| it.id)
            .collect();
        all.sort_unstable();
        all
    };
    let beds = [ServiceCode::SafeAccommodation];
    for (codes, of) in [
        (beds.as_slice(), "EE"),
        (&beds, "LV"),
        (&[ServiceCode::TraumaTherapy, ServiceCode::Dental], "EE"),
        (&[], "EE"),
        (&[ServiceCode::Monitoring], "EE"),
    ] {
        assert_eq!(found(codes, of), wanted(codes, of), "{codes:?} in {of}");
    }
    assert!(found(&beds, "EE").len() >= 2);
    let service = services(&house, house.shelter.agency).remove(0);
    let off = ServiceUpdate { active: Some(false), ..ServiceUpdate::default() };
    let decided = update_service(&house, &house.shelter, &service, off);
    house.change(&house.shelter, |tx| tx.save_service(&decided)).expect("saved");
    assert!(!found(&beds, "EE").contains(&service.id));
    house.db.set_agency_active("riga-shelter", false);
    assert_eq!(found(&beds, "LV"), []);
    let nowhere = house.read(&house.police, |tx| tx.candidates(country("ZZ"), &beds));
    assert!(matches!(nowhere, Err(StoreError::NotFound)), "{nowhere:?}");
}

#[test]
fn agencies_are_filtered_by_what_they_offer_and_where() {
    let house = House::new();
    let found = |filter: AgencyFilter| {
        let page = PageRequest { after: None, limit: 200 };
        let found = house.read(&house.police, |tx| tx.agencies(filter.clone(), page)).expect("a page").items;
        found.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    let of = |service, area: Option<&str>| AgencyFilter {
        service,
        area: area.map(|it| domain::directory::Area::parse(it).expect("an area")),
        ..AgencyFilter::default()
    };
    assert_eq!(found(of(Some(ServiceCode::Dental), None)), ["demo-dental-practice"]);
    let lawyers = of(Some(ServiceCode::LegalAdvice), Some("EE-45"));
    assert_eq!(found(lawyers), ["demo-ngo-rights"]);
    let around_riga = found(of(None, Some("LV-RIX")));
    assert!(around_riga.contains(&"demo-police-riga".to_owned()));
    assert!(around_riga.contains(&"demo-shelter-riga".to_owned()), "the whole country");
    assert!(around_riga.iter().all(|it| it.ends_with("riga")), "{around_riga:?}");
    let saare = found(of(None, Some("EE-74")));
    assert!(!saare.contains(&"demo-police-north".to_owned()) && saare.contains(&"demo-helpline".to_owned()));
}

#[test]
fn local_time_is_that_of_the_country_in_summer_and_in_winter() {
    let house = House::new();
    let at = |text: &str, of: &str| {
        let now = Timestamp::parse(text).expect("an instant");
        let moment = house.read_as(&house.police, now, |tx| tx.moment(country(of), Urgency::Immediate));
        let local = moment.expect("a moment").local.expect("a local time");
        (local.weekday, local.time.to_string())
    };
    assert_eq!(at("2026-11-24T08:00:00Z", "EE"), (Weekday::Tuesday, "10:00".to_owned()));
    assert_eq!(at("2026-07-05T22:30:00Z", "LV"), (Weekday::Monday, "01:30".to_owned()));
    let other = house.read(&house.police, |tx| tx.moment(country("EE"), Urgency::Urgent));
    assert_eq!(other.expect("a moment").local, None, "nothing else asks for it");
}

/// What the application refuses, the database refuses as well.
#[test]
fn the_database_keeps_no_address_of_a_confidential_location_and_no_area_abroad() {
    let house = House::new();
    let mut conn = house.db.connection();
    let street = r#"'{"street": "x", "postalCode": "x", "locality": "x"}'"#;
    for (table, change, constraint) in [
        ("agencies", format!("confidential_location = true, address = {street}"), "without_address"),
        ("services", format!("confidential_location = true, address = {street}"), "without_address"),
        ("agencies", "areas = '{EE-37,XX-1}'".to_owned(), "areas_of_the_country"),
        ("agencies", "areas = '{EE}'".to_owned(), "areas_of_the_country"),
        ("services", "areas = '{ee-37}'".to_owned(), "areas_of_the_country"),
        ("services", "areas = '{NULL}'".to_owned(), "areas_of_the_country"),
        ("services", "min_age = 18, max_age = 17".to_owned(), "services_ages"),
        ("services", "capacity = 5, capacity_as_of = NULL".to_owned(), "capacity_has_its_age"),
    ] {
        let statement = format!("UPDATE {table} SET {change} WHERE country = 'EE'");
        let refused = sql_query(&statement).execute(&mut conn).expect_err(&statement).to_string();
        assert!(refused.contains(constraint), "{statement}: {refused}");
    }
    let bad =
        "UPDATE agencies SET opening_hours = '[{\"weekday\": \"someday\"}]' WHERE code = 'demo-helpline'";
    sql_query(bad).execute(&mut conn).expect("the database does not know the days");
    let helpline =
        ask(&mut conn, "SELECT id::text AS word FROM agencies WHERE code = 'demo-helpline'").remove(0);
    let id = AgencyId::parse(&helpline).expect("an id");
    let read = house.read(&house.police, |tx| tx.agency(id));
    assert!(matches!(read, Err(StoreError::Corrupt { .. })), "{read:?}");
}

/// An agency goes into hiding while one of its services gets an address: whoever comes second sees the first.
#[test]
fn a_service_gets_no_address_while_its_agency_goes_into_hiding() {
    let house = House::new();
    let by = &house.barnahus;
    let service = services(&house, by.agency).remove(0).id;
    let hide = |tx: &mut Tx<'_>| {
        tx.hold_directory()?;
        let update = AgencyUpdate { confidential_location: Some(true), ..AgencyUpdate::default() };
        let decided = tx.agency(by.agency)?.update(update, by).expect("lawful");
        for it in tx.services_offered(by.agency)? {
            if let Some(hidden) = it.hidden() {
                tx.save_service(&hidden)?;
            }
        }
        tx.save_agency(&decided)
    };
    let settle = |tx: &mut Tx<'_>| {
        tx.hold_directory()?;
        let agency = tx.agency(by.agency)?;
        let update = ServiceUpdate { address: Some(Some(address())), ..ServiceUpdate::default() };
        match tx.service(by.agency, service)?.update(update, &agency, by, tx.cx.now) {
            Ok(decided) => tx.save_service(&decided),
            Err(_) => Ok(()),
        }
    };
    let colleague = house.colleague(by, "tallinn-barnahus");
    for _ in 0..5 {
        std::thread::scope(|scope| {
            let one = scope.spawn(|| house.change(by, hide));
            let two = scope.spawn(|| house.change(&colleague, settle));
            one.join().expect("ends").expect("hidden");
            two.join().expect("ends").expect("settled or refused");
        });
        assert!(agency(&house, by.agency).confidential_location);
        let left = services(&house, by.agency);
        assert!(left.iter().all(|it| it.entry.address.is_none()), "an address of a confidential location");
        let open = AgencyUpdate { confidential_location: Some(false), ..AgencyUpdate::default() };
        let decided = update_agency(&house, by, open);
        house.change(by, |tx| tx.save_agency(&decided)).expect("open again");
    }
}
