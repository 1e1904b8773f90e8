//! Time limits by example and by property.

use proptest::prelude::*;
use time::{Date, Duration, macros::date};

use super::{DayOff, LAST, Limit, Span, WorkingTime, calendars, holidays_of};
use crate::{Timestamp, rules::Verification, text::Country};

fn working(country: &str, zone: &str) -> WorkingTime {
    WorkingTime::of(Country::parse(country).expect("a country"), zone).expect("a calendar and a zone")
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

/// The limit in Estonia.
fn estonian(event: &str, span: Span) -> Limit {
    working("EE", "Europe/Tallinn").limit(at(event), span)
}

fn days(limit: &Limit) -> Vec<String> {
    limit.skipped.iter().map(|it| it.day.to_string()).collect()
}

#[test]
fn working_time_needs_a_calendar_and_a_zone() {
    let country = |code| Country::parse(code).expect("a country");
    assert!(WorkingTime::of(country("EE"), "Europe/Tallinn").is_some());
    assert!(WorkingTime::of(country("XX"), "Europe/Tallinn").is_none());
    for zone in ["Europe/Nowhere", "europe/tallinn", "Etc/Unknown", "", "../Tallinn"] {
        assert!(WorkingTime::of(country("EE"), zone).is_none(), "{zone}");
    }
    for calendar in calendars() {
        working(calendar.country, calendar.zone);
    }
}

#[test]
fn minutes_and_hours_run_around_the_clock() {
    assert_eq!(estonian("2027-01-01T23:50:00Z", Span::Minutes(30)).at, at("2027-01-02T00:20:00Z"));
    // Clocks go forward in this night: elapsed time does not.
    assert_eq!(estonian("2027-03-28T00:30:00Z", Span::Hours(4)).at, at("2027-03-28T04:30:00Z"));
}

#[test]
fn calendar_days_end_at_local_midnight_and_never_move() {
    // A Friday in winter, two hours before UTC.
    assert_eq!(estonian("2027-01-08T10:00:00Z", Span::CalendarDays(0)).at, at("2027-01-08T22:00:00Z"));
    assert_eq!(estonian("2027-01-08T10:00:00Z", Span::CalendarDays(1)).at, at("2027-01-09T22:00:00Z"));
    // 22:30 UTC is the next day already.
    assert_eq!(estonian("2027-01-08T22:30:00Z", Span::CalendarDays(0)).at, at("2027-01-09T22:00:00Z"));
    assert!(estonian("2027-01-08T10:00:00Z", Span::CalendarDays(30)).skipped.is_empty());
}

#[test]
fn days_of_23_and_25_hours_end_at_their_own_midnight() {
    for (day, end) in [("2027-03-28", "2027-03-28T21:00:00Z"), ("2027-10-31", "2027-10-31T22:00:00Z")] {
        for hour in ["00:00", "02:59", "03:00", "04:00", "18:59"] {
            let event = format!("{day}T{hour}:00Z");
            assert_eq!(estonian(&event, Span::CalendarDays(0)).at, at(end), "{event}");
        }
    }
    // From Saturday, through the Sunday of the change, to the end of Monday.
    assert_eq!(estonian("2027-03-27T10:00:00Z", Span::WorkingDays(1)).at, at("2027-03-29T21:00:00Z"));
    assert_eq!(estonian("2027-10-30T10:00:00Z", Span::WorkingDays(1)).at, at("2027-11-01T22:00:00Z"));
    // Iceland has no summer time.
    let iceland = working("IS", "Atlantic/Reykjavik");
    for event in ["2027-03-28T10:00:00Z", "2027-07-01T10:00:00Z", "2027-10-31T10:00:00Z"] {
        let end = at(event).date().next_day().expect("a day").midnight().assume_utc();
        assert_eq!(iceland.limit(at(event), Span::CalendarDays(0)).at.raw(), end);
    }
}

#[test]
fn working_days_leave_out_the_day_of_the_event_weekends_and_holidays() {
    let limit = estonian("2027-02-22T10:00:00Z", Span::WorkingDays(3));
    assert_eq!(limit.at, at("2027-02-26T22:00:00Z"));
    assert_eq!(limit.skipped.len(), 1);
    assert_eq!(limit.skipped[0].reason, DayOff::PublicHoliday);
    assert_eq!(limit.skipped[0].name.as_deref(), Some("Independence Day"));
    let over_weekend = estonian("2027-01-08T10:00:00Z", Span::WorkingDays(1));
    assert_eq!(over_weekend.at, at("2027-01-11T22:00:00Z"));
    assert_eq!(days(&over_weekend), ["2027-01-09", "2027-01-10"]);
    assert!(over_weekend.skipped.iter().all(|it| it.reason == DayOff::Weekend && it.name.is_none()));
}

#[test]
fn no_working_day_is_today_or_the_next_one() {
    assert_eq!(estonian("2027-01-08T10:00:00Z", Span::WorkingDays(0)).at, at("2027-01-08T22:00:00Z"));
    let christmas = estonian("2027-12-23T22:30:00Z", Span::WorkingDays(0));
    assert_eq!(christmas.at, at("2027-12-27T22:00:00Z"));
    assert_eq!(days(&christmas), ["2027-12-24", "2027-12-25", "2027-12-26"]);
    // The year ends on a Friday, the first of January is a Saturday.
    assert_eq!(estonian("2027-12-31T10:00:00Z", Span::WorkingDays(1)).at, at("2028-01-03T22:00:00Z"));
}

#[test]
fn months_end_with_the_same_number_or_the_last_day_and_move_to_a_working_day() {
    assert_eq!(estonian("2027-02-10T10:00:00Z", Span::Months(1)).at, at("2027-03-10T22:00:00Z"));
    // 2028 has a 29 February, a Tuesday; 2027 has none, and the 28th is a Sunday.
    assert_eq!(estonian("2028-01-31T10:00:00Z", Span::Months(1)).at, at("2028-02-29T22:00:00Z"));
    let moved = estonian("2027-01-31T10:00:00Z", Span::Months(1));
    assert_eq!((moved.at, days(&moved)), (at("2027-03-01T22:00:00Z"), vec!["2027-02-28".to_owned()]));
    assert_eq!(estonian("2028-02-29T10:00:00Z", Span::Months(12)).at, at("2029-02-28T22:00:00Z"));
    assert_eq!(estonian("2028-02-29T10:00:00Z", Span::Months(48)).at, at("2032-03-01T22:00:00Z"));
    assert_eq!(estonian("2027-12-15T10:00:00Z", Span::Months(1)).at, at("2028-01-17T22:00:00Z"));
}

#[test]
fn a_pause_prolongs_by_its_length_and_ends_with_a_day() {
    let estonia = working("EE", "Europe/Tallinn");
    let prolonged = |due, span, hours| estonia.prolonged(at(due), span, Duration::hours(hours));
    let due = "2027-01-08T22:00:00Z";
    assert_eq!(prolonged(due, Span::Hours(4), 5).at, at("2027-01-09T03:00:00Z"));
    assert_eq!(prolonged(due, Span::CalendarDays(3), 23).at, at(due), "less than a day wins none");
    assert_eq!(prolonged(due, Span::CalendarDays(3), 24).at, at("2027-01-09T22:00:00Z"));
    let working_days = prolonged(due, Span::WorkingDays(3), 29);
    assert_eq!(working_days.at, at("2027-01-11T22:00:00Z"));
    assert_eq!(days(&working_days), ["2027-01-09", "2027-01-10"]);
    assert_eq!(prolonged(due, Span::Months(3), 24).at, at("2027-01-11T22:00:00Z"));
    // No pause, and one that ended before it began, change nothing.
    for span in [Span::Hours(1), Span::CalendarDays(1), Span::WorkingDays(1), Span::Months(1)] {
        assert_eq!(prolonged(due, span, 0).at, at(due));
        assert_eq!(prolonged(due, span, -7).at, at(due));
    }
}

#[test]
fn midnights_that_are_left_out_or_come_twice() {
    for (zone, event, end) in [
        // Left out: 00:00 to 01:00 in the Azores and in Beirut, 23:30 to 00:30 in Toronto.
        ("Atlantic/Azores", "2027-03-27T12:00:00Z", "2027-03-28T01:00:00Z"),
        ("Asia/Beirut", "2021-03-27T12:00:00Z", "2021-03-27T22:00:00Z"),
        ("America/Toronto", "1919-03-30T12:00:00Z", "1919-03-31T04:30:00Z"),
        // A day that Samoa left out.
        ("Pacific/Apia", "2011-12-30T02:00:00Z", "2011-12-30T10:00:00Z"),
        // 00:00 to 01:00 twice, on the new day: the first ends the old one.
        ("Atlantic/Azores", "2027-10-30T12:00:00Z", "2027-10-31T00:00:00Z"),
        ("America/Havana", "2021-11-06T12:00:00Z", "2021-11-07T04:00:00Z"),
        // 23:00 to 00:00 twice, on the old day.
        ("Asia/Beirut", "2021-10-30T12:00:00Z", "2021-10-30T22:00:00Z"),
        // 23:01 to 00:01 twice: the clocks went back into the old day, and the second midnight ends it.
        ("America/St_Johns", "2010-11-06T12:00:00Z", "2010-11-07T03:30:00Z"),
    ] {
        let limit = working("EE", zone).limit(at(event), Span::CalendarDays(0));
        assert_eq!(limit.at, at(end), "{zone}");
    }
}

#[test]
fn holidays_follow_the_law_of_the_year() {
    let names = |country, year| -> Vec<(String, &str)> {
        let country = Country::parse(country).expect("a country");
        let found = holidays_of(country, year).expect("a calendar");
        found.into_iter().map(|it| (it.day.to_string(), it.name)).collect()
    };
    let has =
        |country, day: &str| names(country, day[..4].parse().expect("a year")).iter().any(|it| it.0 == day);
    assert!(has("DK", "2023-05-05") && !has("DK", "2024-04-26"));
    assert!(!has("PL", "2024-12-24") && has("PL", "2025-12-24"));
    assert!(!has("LT", "2019-11-02") && has("LT", "2020-11-02"));
    assert!(has("LV", "2028-11-20") && !has("LV", "2027-11-19") && has("LV", "2025-05-05"));
    assert!(has("IS", "2027-04-22") && has("IS", "2027-08-02"));
    assert!(has("FI", "2027-06-25") && !has("SE", "2027-06-25") && has("SE", "2027-06-26"));
    assert_eq!(holidays_of(Country::parse("XX").expect("a country"), 2027), None);
    assert!(
        names("EE", 1899).is_empty() && names("EE", i32::MAX).is_empty() && names("EE", i32::MIN).is_empty()
    );
    // Two on one day are both listed, and the day is named by the first.
    let norway = working("NO", "Europe/Oslo");
    assert_eq!(norway.holiday(date!(2027 - 05 - 17)).map(|it| it.name), Some("Constitution Day"));
    assert_eq!(names("NO", 2027).iter().filter(|it| it.0 == "2027-05-17").count(), 2);
}

#[test]
fn every_row_has_a_name_and_a_source_and_none_claims_to_have_been_read() {
    for calendar in calendars() {
        for holiday in calendar.holidays(2023).into_iter().chain(calendar.holidays(2028)) {
            assert!(!holiday.name.is_empty() && !holiday.source.is_empty(), "{holiday:?}");
            assert!([Verification::Recalled, Verification::Unverified].contains(&holiday.verification));
        }
        assert!(!calendar.scope.is_empty());
    }
}

fn spans() -> impl Strategy<Value = Span> {
    prop_oneof![
        (0..100_000_u32).prop_map(Span::Minutes),
        (0..2_000_u32).prop_map(Span::Hours),
        (0..400_u16).prop_map(Span::CalendarDays),
        (0..300_u16).prop_map(Span::WorkingDays),
        (0..40_u16).prop_map(Span::Months),
    ]
}

fn any_span() -> impl Strategy<Value = Span> {
    prop_oneof![
        any::<u32>().prop_map(Span::Minutes),
        any::<u32>().prop_map(Span::Hours),
        any::<u16>().prop_map(Span::CalendarDays),
        any::<u16>().prop_map(Span::WorkingDays),
        any::<u16>().prop_map(Span::Months),
    ]
}

/// An instant of the years 2000 to 2099.
fn instants() -> impl Strategy<Value = Timestamp> {
    (0..3_155_760_000_i64).prop_map(|it| at("2000-01-01T00:00:00Z").plus(Duration::seconds(it)))
}

/// Any second of the years 1900 to 2199, the last day more often than others.
fn accepted_seconds() -> impl Strategy<Value = i64> {
    prop_oneof![-2_208_988_800_i64..=7_258_118_399, 7_258_000_000_i64..=7_258_118_399]
}

fn places() -> impl Strategy<Value = WorkingTime> {
    (0..calendars().len()).prop_map(|it| working(calendars()[it].country, calendars()[it].zone))
}

/// The local day whose end an instant is.
fn last_day(place: &WorkingTime, end: Timestamp) -> Date {
    place.day_of(end.plus(Duration::microseconds(-1)))
}

proptest! {
    #[test]
    fn a_later_event_never_has_an_earlier_limit(
        place in places(), event in instants(), after in 0..40_000_000_i64, span in spans()
    ) {
        let later = event.plus(Duration::seconds(after));
        prop_assert!(place.limit(event, span).at <= place.limit(later, span).at);
    }

    #[test]
    fn a_limit_is_after_its_event_and_where_it_must_on_a_working_day(
        place in places(), event in instants(), span in spans()
    ) {
        let limit = place.limit(event, span);
        prop_assert!(limit.at >= event);
        let last = last_day(&place, limit.at);
        match span {
            Span::Minutes(_) | Span::Hours(_) => {}
            Span::CalendarDays(_) => prop_assert_eq!(place.end_of(last), limit.at),
            Span::WorkingDays(_) | Span::Months(_) => {
                prop_assert_eq!(place.end_of(last), limit.at);
                prop_assert!(place.is_working_day(last));
            }
        }
        // What is stored reads back.
        let stored = serde_json::to_string(&limit).expect("writes");
        prop_assert_eq!(serde_json::from_str::<Limit>(&stored).expect("reads"), limit);
    }

    #[test]
    fn between_event_and_limit_are_as_many_working_days_as_were_given(
        place in places(), event in instants(), count in 1..300_u16
    ) {
        let limit = place.limit(event, Span::WorkingDays(count));
        let (first, last) = (place.day_of(event), last_day(&place, limit.at));
        let between = (last - first).whole_days();
        let worked = (1..=between).filter(|it| place.is_working_day(first + Duration::days(*it))).count();
        prop_assert_eq!(worked, usize::from(count));
        prop_assert_eq!(i64::try_from(limit.skipped.len()).expect("few"), between - i64::from(count));
        prop_assert!(limit.skipped.iter().all(|it| !place.is_working_day(it.day.0)));
    }

    #[test]
    fn no_pause_prolongs_nothing_and_a_longer_one_never_less(
        place in places(), event in instants(), span in spans(), one in 0..9_000_000_i64, more in 0..9_000_000_i64
    ) {
        let due = place.limit(event, span).at;
        prop_assert_eq!(place.prolonged(due, span, Duration::ZERO).at, due);
        let short = place.prolonged(due, span, Duration::seconds(one)).at;
        let whole = matches!(span, Span::Minutes(_) | Span::Hours(_));
        let least = if whole { Duration::seconds(one) } else { Duration::days(Duration::seconds(one).whole_days()) };
        prop_assert!(short >= due.plus(least));
        prop_assert!(short <= place.prolonged(due, span, Duration::seconds(one + more)).at);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_overflows_and_everything_reads_back(
        place in places(), second in accepted_seconds(), span in any_span(), paused: i64
    ) {
        let event = Timestamp::new(time::OffsetDateTime::from_unix_timestamp(second).expect("an instant"));
        for limit in [place.limit(event, span), place.prolonged(event, span, Duration::seconds(paused))] {
            prop_assert!(limit.at >= event && limit.at.raw() <= LAST);
            let stored = serde_json::to_string(&limit).expect("writes");
            prop_assert_eq!(serde_json::from_str::<Limit>(&stored).expect("reads"), limit);
        }
    }
}

#[test]
fn the_edges_of_time_saturate() {
    let edges = [
        time::PrimitiveDateTime::MIN.assume_utc(),
        time::PrimitiveDateTime::MAX.assume_utc(),
        at("1900-01-01T00:00:00Z").raw(),
        LAST,
    ];
    for zone in ["Europe/Tallinn", "Pacific/Kiritimati", "Pacific/Niue"] {
        let place = working("EE", zone);
        for edge in edges {
            for n in [0, 1, u16::MAX] {
                for span in [
                    Span::Minutes(u32::MAX),
                    Span::Hours(u32::MAX),
                    Span::CalendarDays(n),
                    Span::WorkingDays(n),
                    Span::Months(n),
                ] {
                    let limit = place.limit(Timestamp::new(edge), span);
                    assert!(Timestamp::parse(&limit.at.to_string()).is_some(), "{edge} {span}");
                    let prolonged = place.prolonged(Timestamp::new(edge), span, Duration::MAX);
                    assert_eq!(prolonged.at.raw(), LAST, "{edge} {span}");
                    place.prolonged(Timestamp::new(edge), span, Duration::MIN);
                }
            }
        }
    }
}
