//! The local day around an instant.

use proptest::prelude::*;
use time::Duration;

use crate::{
    directory::CountryEntry,
    given::{at, country, country_entry, now},
};

#[test]
fn a_day_begins_and_ends_at_midnight_also_when_clocks_change() {
    for (instant, from, until) in [
        ("2026-11-24T08:00:00Z", "2026-11-23T22:00:00Z", "2026-11-24T22:00:00Z"),
        ("2026-11-24T21:59:59Z", "2026-11-23T22:00:00Z", "2026-11-24T22:00:00Z"),
        ("2026-11-24T22:00:00Z", "2026-11-24T22:00:00Z", "2026-11-25T22:00:00Z"),
        ("2026-03-29T12:00:00Z", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
        ("2026-10-25T21:59:59Z", "2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z"),
    ] {
        assert_eq!(country_entry().day_around(at(instant)), at(from)..at(until), "{instant}");
    }
    let nowhere = CountryEntry { code: country("XX"), ..country_entry() };
    let utc = at("2026-11-24T00:00:00Z")..at("2026-11-25T00:00:00Z");
    assert_eq!(nowhere.day_around(at("2026-11-24T08:00:00Z")), utc);
}

proptest! {
    #[test]
    fn every_instant_is_of_one_day_and_days_meet(seconds in -40_000_000_i64..40_000_000) {
        let (country, instant) = (country_entry(), now().plus(Duration::seconds(seconds)));
        let day = country.day_around(instant);
        prop_assert!(day.contains(&instant));
        prop_assert_eq!(country.day_around(day.end).start, day.end);
        prop_assert_eq!(country.day_around(day.start), day);
    }
}
