//! Hours of the week: when an agency is open and when its duty desk is on duty, in the agency's local time.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::Phone;
use crate::text::Line;

crate::codes! {
    /// A day of the week.
    pub enum Weekday = "weekday" {
        Monday = "monday": "Monday",
        Tuesday = "tuesday": "Tuesday",
        Wednesday = "wednesday": "Wednesday",
        Thursday = "thursday": "Thursday",
        Friday = "friday": "Friday",
        Saturday = "saturday": "Saturday",
        Sunday = "sunday": "Sunday",
    }
}

/// Minutes of a day and of a week.
const DAY: u16 = 24 * 60;
const WEEK: u16 = 7 * DAY;

/// A local time of day in whole minutes, `HH:MM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    /// The time this many minutes after midnight.
    pub fn after_midnight(minutes: u16) -> Option<Self> {
        (minutes < DAY).then_some(Self(minutes))
    }

    /// Reads `HH:MM`, `00:00` to `23:59`.
    pub fn parse(text: &str) -> Option<Self> {
        let (hours, minutes) = text.split_once(':')?;
        let number = |it: &str| -> Option<u16> {
            (it.len() == 2 && it.bytes().all(|b| b.is_ascii_digit())).then(|| it.parse().ok())?
        };
        let (hours, minutes) = (number(hours)?, number(minutes)?);
        (hours < 24 && minutes < 60).then_some(Self(hours * 60 + minutes))
    }
}

impl std::fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a time of day"))
    }
}

/// A local time in some week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The day of the week.
    pub weekday: Weekday,
    /// The time of that day.
    pub time: TimeOfDay,
}

impl LocalTime {
    /// Minutes since the beginning of Monday.
    fn minute(self) -> u16 {
        self.weekday as u16 * DAY + self.time.0
    }
}

/// Weekly hours. Those that end at or before the time at which they begin end on the next day: `22:00` to `06:00` is a
/// night, `00:00` to `00:00` a whole day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// The day on which they begin.
    pub weekday: Weekday,
    /// When they begin.
    pub from: TimeOfDay,
    /// When they end; this minute is no longer part of them.
    pub to: TimeOfDay,
}

impl Hours {
    fn begin(self) -> u16 {
        LocalTime { weekday: self.weekday, time: self.from }.minute()
    }

    /// One minute to a whole day.
    fn length(self) -> u16 {
        let rest = (self.to.0 + DAY - self.from.0) % DAY;
        if rest == 0 { DAY } else { rest }
    }

    fn has(self, minute: u16) -> bool {
        (minute + WEEK - self.begin()) % WEEK < self.length()
    }

    /// Whether a local time lies in them.
    pub fn include(self, at: LocalTime) -> bool {
        self.has(at.minute())
    }

    fn overlap(self, other: Self) -> bool {
        self.has(other.begin()) || other.has(self.begin())
    }
}

/// The places of hours that overlap some before them.
pub fn overlapping(all: &[Hours]) -> Vec<usize> {
    let overlaps = |place: &usize| all[..*place].iter().any(|it| it.overlap(all[*place]));
    (0..all.len()).filter(overlaps).collect()
}

/// Whether hours leave no minute of the week out.
pub fn cover_the_week(all: impl IntoIterator<Item = Hours>) -> bool {
    let (mut early, mut pieces) = (0, Vec::new());
    for it in all {
        let (begin, end) = (it.begin(), it.begin() + it.length());
        // What goes on after Sunday begins the week.
        early = early.max(end.saturating_sub(WEEK));
        pieces.push((begin, end.min(WEEK)));
    }
    pieces.sort_unstable();
    let mut reached = early;
    for (begin, end) in pieces {
        if begin > reached {
            return false;
        }
        reached = reached.max(end);
    }
    reached == WEEK
}

/// A weekly shift of a duty desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// When.
    #[serde(flatten)]
    pub hours: Hours,
    /// The telephone that is answered.
    pub phone: Phone,
    /// The function on duty, in words; never a named person.
    pub function: Line<100>,
}

#[cfg(feature = "openapi")]
mod contract {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{RefOr, schema::Schema},
    };

    impl PartialSchema for super::TimeOfDay {
        fn schema() -> RefOr<Schema> {
            crate::schema::text("A local time of day.", None, "^([01][0-9]|2[0-3]):[0-5][0-9]$", 5, "08:00")
        }
    }
    impl ToSchema for super::TimeOfDay {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::CodeList as _;

    fn time(text: &str) -> TimeOfDay {
        TimeOfDay::parse(text).expect("a time")
    }

    fn hours(weekday: Weekday, from: &str, to: &str) -> Hours {
        Hours { weekday, from: time(from), to: time(to) }
    }

    fn at(weekday: Weekday, text: &str) -> LocalTime {
        LocalTime { weekday, time: time(text) }
    }

    #[test]
    fn a_time_of_day_has_one_spelling() {
        for good in ["00:00", "08:05", "23:59"] {
            assert_eq!(time(good).to_string(), good);
        }
        for bad in ["", "24:00", "8:00", "08:60", "08:0", "08-00", "0800", " 8:00", "08:00:00", "+8:00"] {
            assert_eq!(TimeOfDay::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_night_ends_on_the_next_day_and_the_last_one_in_the_next_week() {
        let night = hours(Weekday::Sunday, "22:00", "06:00");
        for (weekday, text, within) in [
            (Weekday::Sunday, "21:59", false),
            (Weekday::Sunday, "22:00", true),
            (Weekday::Monday, "05:59", true),
            (Weekday::Monday, "06:00", false),
            (Weekday::Sunday, "05:00", false),
        ] {
            assert_eq!(night.include(at(weekday, text)), within, "{weekday} {text}");
        }
        assert!(hours(Weekday::Friday, "00:00", "00:00").include(at(Weekday::Friday, "23:59")));
    }

    #[test]
    fn overlaps_are_found_across_midnight_and_what_meets_does_not_overlap() {
        let day = hours(Weekday::Monday, "08:00", "12:00");
        let afternoon = hours(Weekday::Monday, "12:00", "17:00");
        let sunday_night = hours(Weekday::Sunday, "22:00", "08:01");
        assert_eq!(overlapping(&[day, afternoon]), [0; 0]);
        assert_eq!(overlapping(&[day, afternoon, sunday_night, day]), [2, 3]);
    }

    #[test]
    fn the_week_is_covered_by_seven_days_and_not_by_a_minute_less() {
        let days = || Weekday::ALL.iter().map(|it| hours(*it, "00:00", "00:00"));
        assert!(cover_the_week(days()));
        assert!(cover_the_week(Weekday::ALL.iter().map(|it| hours(*it, "20:30", "20:30"))));
        assert!(!cover_the_week(days().skip(1)));
        assert!(!cover_the_week(days().skip(1).chain([hours(Weekday::Monday, "00:01", "00:00")])));
        assert!(!cover_the_week([]));
    }

    prop_compose! {
        fn some_hours()(weekday in 0..7_usize, from in 0..DAY, to in 0..DAY) -> Hours {
            Hours { weekday: Weekday::ALL[weekday], from: TimeOfDay(from), to: TimeOfDay(to) }
        }
    }

    proptest! {
        #[test]
        fn the_week_is_covered_when_every_minute_is(all in proptest::collection::vec(some_hours(), 0..24)) {
            let every = (0..WEEK).all(|minute| all.iter().any(|it| it.has(minute)));
            prop_assert_eq!(cover_the_week(all), every);
        }

        #[test]
        fn hours_overlap_when_they_share_a_minute(one in some_hours(), two in some_hours()) {
            let shared = (0..WEEK).any(|minute| one.has(minute) && two.has(minute));
            prop_assert_eq!(!overlapping(&[one, two]).is_empty(), shared);
        }
    }
}
