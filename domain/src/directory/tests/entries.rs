//! Entries are written by their own agency, and a confidential location has no address.

use crate::{
    Refused, Violation,
    directory::{
        Address, Agency, AgencyUpdate, Area, Hours, LocalTime, MOST_SERVICES, Phone, Service, ServiceUpdate,
        Shift, TimeOfDay, Weekday,
    },
    given::{agency, at, caller, codes, id, now, service},
    text::Line,
    vocabulary::{AgencyType, ServiceCode},
};

const OWN: u128 = 2;

fn shelter() -> Agency {
    agency(OWN, AgencyType::Shelter)
}

fn by() -> crate::access::Caller {
    caller(id(OWN), AgencyType::Shelter)
}

fn stranger() -> crate::access::Caller {
    caller(id(3), AgencyType::Shelter)
}

fn line<const MAX: usize>(text: &str) -> Line<MAX> {
    Line::parse(text).expect("a line")
}

fn address() -> Address {
    Address { street: line("Invented Street 1"), postal_code: line("00001"), locality: line("Nowhere") }
}

fn hours(weekday: Weekday, from: &str, to: &str) -> Hours {
    let time = |it| TimeOfDay::parse(it).expect("a time");
    Hours { weekday, from: time(from), to: time(to) }
}

fn found(refused: Refused) -> Vec<(&'static str, String)> {
    let told = |it: &Violation| (it.code, it.pointer.clone().into_owned());
    match refused {
        Refused::Broken(all) => all.iter().map(told).collect(),
        other => panic!("{other:?}"),
    }
}

fn phone() -> Phone {
    Phone::parse("+372 000 0001").expect("a number")
}

#[test]
fn an_entry_is_written_by_its_own_agency() {
    let (mine, beds) = (shelter(), service(9, OWN, ServiceCode::SafeAccommodation));
    assert!(mine.update(AgencyUpdate::default(), &by()).is_ok());
    assert!(beds.update(ServiceUpdate::default(), &mine, &by(), now()).is_ok());
    let offer = |by| Service::offer((id(10), beds.service), beds.entry.clone(), (&mine, &[]), &by, now());
    assert!(offer(by()).is_ok());
    let refused = [
        mine.update(AgencyUpdate::default(), &stranger()).map(|_| ()),
        beds.update(ServiceUpdate::default(), &mine, &stranger(), now()).map(|_| ()),
        offer(stranger()).map(|_| ()),
    ];
    for it in refused {
        assert!(matches!(it, Err(Refused::NotYours(_))), "{it:?}");
    }
}

#[test]
fn a_change_tells_its_agency_what_changed_and_never_to_what() {
    let update = AgencyUpdate {
        address: Some(Some(address())),
        duty_phone: Some(Some(phone())),
        ..AgencyUpdate::default()
    };
    let decided = shelter().update(update, &by()).expect("lawful");
    assert_eq!(decided.value.version, shelter().version.next());
    let fact = &decided.facts[0];
    assert_eq!((fact.audience.as_slice(), fact.case), ([id(OWN)].as_slice(), None));
    assert_eq!(fact.payload, serde_json::json!({ "changed": ["duty_phone", "address"] }));
}

#[test]
fn a_confidential_agency_has_no_address_and_becoming_one_takes_it_out() {
    let known = Agency { address: Some(address()), ..shelter() };
    let hide = AgencyUpdate { confidential_location: Some(true), ..AgencyUpdate::default() };
    let hidden = known.update(hide.clone(), &by()).expect("lawful").value;
    assert_eq!((hidden.confidential_location, &hidden.address), (true, &None));
    let both = AgencyUpdate { address: Some(Some(address())), ..hide };
    let later = AgencyUpdate { address: Some(Some(address())), ..AgencyUpdate::default() };
    for refused in [known.update(both, &by()), hidden.update(later.clone(), &by())] {
        let wanted = [("confidential_location_has_no_address", "/address".to_owned())];
        assert_eq!(found(refused.expect_err("refused")), wanted);
    }
    let open = AgencyUpdate { confidential_location: Some(false), ..AgencyUpdate::default() };
    let opened = hidden.update(open, &by()).expect("lawful").value;
    assert_eq!(opened.address, None, "what was taken out does not come back");
    assert_eq!(opened.update(later, &by()).expect("lawful").value.address, Some(address()));
}

#[test]
fn a_confidential_service_and_one_of_a_confidential_agency_have_no_address() {
    let mine = shelter();
    let mut open = service(9, OWN, ServiceCode::SafeAccommodation);
    open.entry.address = Some(address());
    let update =
        |update: ServiceUpdate, agency: &Agency| open.update(update, agency, &by(), now()).map(|it| it.value);
    let hide = ServiceUpdate { confidential_location: Some(true), ..ServiceUpdate::default() };
    assert_eq!(update(hide.clone(), &mine).expect("lawful").entry.address, None);
    let both = ServiceUpdate { address: Some(Some(address())), ..hide };
    let wanted = [("confidential_location_has_no_address", "/address".to_owned())];
    assert_eq!(found(update(both, &mine).expect_err("refused")), wanted);
    let hidden = Agency { confidential_location: true, ..shelter() };
    assert_eq!(found(update(ServiceUpdate::default(), &hidden).expect_err("refused")), wanted);
    let offered = Service::offer((id(10), open.service), open.entry.clone(), (&hidden, &[]), &by(), now());
    assert_eq!(found(offered.expect_err("refused")), wanted);
    let after = open.hidden().expect("it had an address");
    assert_eq!((&after.value.entry.address, after.value.version), (&None, open.version.next()));
    assert!(after.value.hidden().is_none(), "once");
}

#[test]
fn all_that_is_wrong_with_an_entry_is_told_at_once() {
    let area = |it| Area::parse(it).expect("an area");
    let update = AgencyUpdate {
        areas: Some(vec![area("EE-37"), area("LV-RIX")]),
        opening_hours: Some(vec![
            hours(Weekday::Monday, "08:00", "12:00"),
            hours(Weekday::Monday, "11:00", "16:00"),
        ]),
        ..AgencyUpdate::default()
    };
    let wanted =
        [("area_of_another_country", "/areas/1".to_owned()), ("hours_overlap", "/openingHours/1".to_owned())];
    assert_eq!(found(shelter().update(update, &by()).expect_err("refused")), wanted);
    let update =
        ServiceUpdate { min_age: Some(18), areas: Some(vec![area("LV-RIX")]), ..ServiceUpdate::default() };
    let beds = service(9, OWN, ServiceCode::SafeAccommodation);
    let refused = beds.update(update, &shelter(), &by(), now()).expect_err("refused");
    let wanted =
        [("ages_reversed", "/maxAge".to_owned()), ("area_of_another_country", "/areas/0".to_owned())];
    assert_eq!(found(refused), wanted);
}

#[test]
fn whoever_says_how_many_places_are_free_has_counted_them_now() {
    let beds = service(9, OWN, ServiceCode::SafeAccommodation);
    let later = at("2026-11-30T08:00:00Z");
    let count = |capacity| {
        let update = ServiceUpdate { capacity, ..ServiceUpdate::default() };
        beds.update(update, &shelter(), &by(), later).expect("lawful")
    };
    assert_eq!(count(None).value.capacity_as_of, Some(now()));
    let same = count(Some(beds.entry.capacity));
    assert_eq!(same.value.capacity_as_of, Some(later), "the same number, counted again");
    assert_eq!(same.facts[0].payload["changed"], serde_json::json!(["capacity"]));
    let none = count(Some(None)).value;
    assert_eq!((none.entry.capacity, none.capacity_as_of), (None, None));
    assert!(beds.capacity_is_stale(later) && !beds.capacity_is_stale(now().plus(time::Duration::hours(72))));
}

#[test]
fn an_agency_has_at_most_a_page_of_services() {
    let beds = service(9, OWN, ServiceCode::SafeAccommodation);
    let offer = |others: usize| {
        let others = vec![beds.clone(); others];
        Service::offer((id(10), beds.service), beds.entry.clone(), (&shelter(), &others), &by(), now())
            .map(|it| it.value.version)
    };
    assert!(offer(MOST_SERVICES - 1).is_ok());
    assert_eq!(codes(offer(MOST_SERVICES).expect_err("refused").violations()), ["too_many_services"]);
}

#[test]
fn a_desk_is_on_duty_by_its_roster_or_else_in_opening_hours() {
    let at = |weekday, it| LocalTime { weekday, time: TimeOfDay::parse(it).expect("a time") };
    let noon = at(Weekday::Tuesday, "12:00");
    let night = at(Weekday::Tuesday, "03:00");
    let open = Agency { opening_hours: vec![hours(Weekday::Tuesday, "08:00", "16:00")], ..shelter() };
    assert!(!open.on_duty(noon), "nobody answers without a telephone");
    let reachable = Agency { duty_phone: Some(phone()), ..open };
    assert_eq!((reachable.on_duty(noon), reachable.on_duty(night)), (true, false));
    let shift = |hours| Shift { hours, phone: phone(), function: line("night watch") };
    let rostered = Agency { duty_roster: vec![shift(hours(Weekday::Monday, "20:00", "08:00"))], ..reachable };
    assert_eq!((rostered.on_duty(noon), rostered.on_duty(night)), (false, true));
    assert!(!rostered.around_the_clock());
    let days = <Weekday as crate::CodeList>::ALL.iter().map(|it| shift(hours(*it, "07:00", "07:00")));
    let always = Agency { duty_roster: days.collect(), ..rostered };
    assert!(always.around_the_clock() && always.on_duty(noon) && always.on_duty(night));
}
