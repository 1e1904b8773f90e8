//! When a time limit ends: hours around the clock, days of a country's calendar, in its time zone.
//!
//! Periods are counted as in Regulation (EEC, Euratom) No 1182/71 Art. 2 and 3 (recalled, not read again): the day of
//! the event is not counted, a period ends with the last hour of its last day, Saturdays, Sundays and public holidays
//! are no working days. Where this departs from it, the limit is the earlier one, because a child does not wait:
//! hours run from the instant and not from the next full hour (Art. 3(1)), and a period in calendar days neither moves
//! to a working day (Art. 3(4)) nor is made to hold two of them (Art. 3(5)).
//!
//! Everything saturates: no limit is later than [`LAST`], the last instant that is accepted anywhere.

mod holidays;
mod span;
mod zone;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use time::{
    Date, Duration, Month, OffsetDateTime, Weekday,
    macros::{date, datetime},
};

use self::zone::Zone;
pub use self::{
    holidays::{Calendar, Holiday, calendars, holidays_of},
    span::Span,
};
use crate::{Day, Timestamp, text::Country};

const FIRST: OffsetDateTime = datetime!(1900-01-01 00:00 UTC);
/// The latest limit there is, the last instant that [`Timestamp::parse`] accepts.
pub const LAST: OffsetDateTime = datetime!(2199-12-31 23:59:59.999_999 UTC);
const FIRST_DAY: Date = date!(1900 - 01 - 01);
/// Where every walk ends: the local day of [`LAST`] east of Greenwich. A Wednesday, and the tables have no holidays
/// then, so that it counts as a working day and is never among the skipped ones, which must read back.
const LAST_DAY: Date = date!(2200 - 01 - 01);

/// The smallest step between two instants.
const STEP: Duration = Duration::MICROSECOND;

crate::codes! {
    /// Why a day is no working day.
    pub enum DayOff = "day_off" {
        Weekend = "weekend": "Saturday or Sunday",
        PublicHoliday = "public_holiday": "Public holiday",
    }
}

/// A day that was not counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Skipped {
    /// The day.
    pub day: Day,
    /// Why it was not counted; a public holiday on a weekend is a public holiday.
    pub reason: DayOff,
    /// The English name of the public holiday.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub name: Option<String>,
}

/// The end of a time limit and what it was computed from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Limit {
    /// The first instant after the period: what is done before it is done in time.
    pub at: Timestamp,
    /// The days that were not counted, in order.
    #[cfg_attr(feature = "openapi", schema(max_items = 5000))]
    pub skipped: Vec<Skipped>,
}

/// The calendar of a country in one of its time zones.
#[derive(Clone, Debug)]
pub struct WorkingTime {
    calendar: &'static Calendar,
    zone: Zone,
}

impl WorkingTime {
    /// The working time of a country, in the time zone with this IANA name as the database spells it. None where there
    /// is no calendar for the country or no such zone. Cheap: a zone is read once per process.
    pub fn of(country: Country, zone: &str) -> Option<Self> {
        Some(Self { calendar: Calendar::of(country)?, zone: Zone::named(zone)? })
    }

    /// Whether people work: Monday to Friday, but for public holidays (Regulation 1182/71 Art. 2(2)).
    pub fn is_working_day(&self, day: Date) -> bool {
        self.off(day).is_none()
    }

    /// The public holiday on a day; where there are two, the first in the country's table.
    pub fn holiday(&self, day: Date) -> Option<Holiday> {
        self.calendar.holiday(day)
    }

    /// When a period ends that an event starts.
    ///
    /// | span | end |
    /// |---|---|
    /// | minutes, hours | so much time after the event, around the clock |
    /// | *n* calendar days | the end of the *n*-th day after the day of the event; 0: of that day. Never moved |
    /// | *n* working days | the end of the *n*-th working day after the day of the event; 0: of that day if it is a working day, else of the next one (Art. 3(1), 3(2)(b), 3(3)) |
    /// | *n* months | the end of the day with the same number in the *n*-th month after, or of that month's last day; if that is no working day, of the next one (Art. 3(2)(c), 3(4)) |
    ///
    /// The end of a day is the instant at which the next one begins in the time zone.
    pub fn limit(&self, event: Timestamp, span: Span) -> Limit {
        let event = accepted(event.raw());
        let day = self.day_of(event);
        match span {
            Span::Minutes(n) => Limit::with_nothing_skipped(later(event, Duration::minutes(n.into()))),
            Span::Hours(n) => Limit::with_nothing_skipped(later(event, Duration::hours(n.into()))),
            Span::CalendarDays(n) => Limit::with_nothing_skipped(self.end_of(days_after(day, n))),
            Span::WorkingDays(0) => self.end_of_working_day(day),
            Span::WorkingDays(n) => self.working_days_after(day, n),
            Span::Months(n) => self.end_of_working_day(months_after(day, n)),
        }
    }

    /// When a limit ends that was paused for this long (a negative pause is none): minutes and hours run on from
    /// where they stood; a period in days is prolonged by whole days of 24 hours, and ends with the day that holds its last instant then,
    /// one in working days or months with the next working day if that one is none. `skipped` has the days that the
    /// end moved over, not those of the first computation.
    pub fn prolonged(&self, due: Timestamp, span: Span, paused: Duration) -> Limit {
        let paused = paused.max(Duration::ZERO);
        let paused = match span {
            Span::Minutes(_) | Span::Hours(_) => paused,
            // A question of two hours does not win a whole day.
            _ => Duration::days(paused.whole_days()),
        };
        let due = later(accepted(due.raw()), paused);
        let day = self.day_of(later(due, -STEP));
        match span {
            Span::Minutes(_) | Span::Hours(_) => Limit::with_nothing_skipped(due),
            Span::CalendarDays(_) => Limit::with_nothing_skipped(self.end_of(day)),
            Span::WorkingDays(_) | Span::Months(_) => self.end_of_working_day(day),
        }
    }

    fn working_days_after(&self, day: Date, count: u16) -> Limit {
        let (mut last, mut left, mut skipped) = (day, count, Vec::new());
        while left > 0
            && let Some(next) = day_after(last)
        {
            last = next;
            match self.off(last) {
                Some(off) => skipped.push(off),
                None => left -= 1,
            }
        }
        Limit { at: self.end_of(last), skipped }
    }

    /// The end of this day, or of the first working day after it.
    fn end_of_working_day(&self, day: Date) -> Limit {
        let (mut last, mut skipped) = (day, Vec::new());
        while let Some(off) = self.off(last)
            && let Some(next) = day_after(last)
        {
            skipped.push(off);
            last = next;
        }
        Limit { at: self.end_of(last), skipped }
    }

    fn off(&self, day: Date) -> Option<Skipped> {
        if let Some(holiday) = self.holiday(day) {
            let name = Some(holiday.name.to_owned());
            return Some(Skipped { day: Day(day), reason: DayOff::PublicHoliday, name });
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        weekend.then_some(Skipped { day: Day(day), reason: DayOff::Weekend, name: None })
    }

    /// The day that an instant belongs to.
    pub fn day_of(&self, at: Timestamp) -> Date {
        self.zone.day_of(at).unwrap_or(at.date()).clamp(FIRST_DAY, LAST_DAY)
    }

    /// The end of a day: the instant at which the next one begins in the time zone.
    pub fn end_of(&self, day: Date) -> Timestamp {
        self.zone.end_of(day).map_or(Timestamp::new(LAST), |at| accepted(at.raw()))
    }
}

impl Limit {
    fn with_nothing_skipped(at: Timestamp) -> Self {
        Self { at, skipped: Vec::new() }
    }
}

/// The nearest instant that is accepted: a limit is stored, and must read back.
fn accepted(at: OffsetDateTime) -> Timestamp {
    Timestamp::new(at.clamp(FIRST, LAST))
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    accepted(at.raw().saturating_add(by))
}

fn day_after(day: Date) -> Option<Date> {
    day.next_day().filter(|it| *it <= LAST_DAY)
}

fn days_after(day: Date, count: u16) -> Date {
    day.saturating_add(Duration::days(count.into())).min(LAST_DAY)
}

/// The day with the same number so many months later, or the last one of a month that is shorter.
fn months_after(day: Date, count: u16) -> Date {
    let months = day.year() * 12 + i32::from(u8::from(day.month())) - 1 + i32::from(count);
    let year = months.div_euclid(12);
    let month = Month::January.nth_next(u8::try_from(months.rem_euclid(12)).unwrap_or_default());
    Date::from_calendar_date(year, month, day.day().min(month.length(year)))
        .map_or(LAST_DAY, |it| it.min(LAST_DAY))
}
