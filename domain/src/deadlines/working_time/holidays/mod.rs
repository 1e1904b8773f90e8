//! Public holidays as rows: a rule of the year for each, with the law behind it.
//!
//! The tables say what the law was from 2020 on; earlier changes are in them only where a row says so. Local and
//! regional holidays, half days, days off by collective agreement and working days that a government swaps for one
//! year are not in them.

mod table;

use time::{Date, Duration, Month, Weekday};

use crate::{Day, rules::Verification, text::Country};

/// The public holidays of one country.
#[derive(Debug)]
pub struct Calendar {
    /// The country, ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// The IANA name of its main time zone.
    pub zone: &'static str,
    /// What is counted and what is not, in plain English.
    pub scope: &'static str,
    rows: &'static [Row],
}

/// A public holiday in one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The day.
    pub day: Day,
    /// Its English name.
    pub name: &'static str,
    /// The law that sets it.
    pub source: &'static str,
    /// How well this has been checked.
    pub verification: Verification,
}

/// One holiday as the law describes it.
#[derive(Clone, Copy, Debug)]
struct Row {
    name: &'static str,
    when: When,
    /// The first year.
    since: i32,
    /// The last year.
    until: i32,
    source: &'static str,
    verification: Verification,
}

/// The rule by which a holiday finds its day.
#[derive(Clone, Copy, Debug)]
enum When {
    /// The same day every year.
    Fixed(Month, u8),
    /// So many days after Easter Sunday of the Gregorian calendar.
    Easter(i16),
    /// The first such day of the week on or after a day of the year.
    OnOrAfter(Weekday, Month, u8),
    /// The Monday after a day of the year, when that is a Saturday or Sunday.
    MondayInsteadOf(Month, u8),
}

impl When {
    fn in_year(self, year: i32) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::from_calendar_date(year, month, day).ok(),
            Self::Easter(after) => {
                let easter = computus::gregorian(year).ok()?;
                let month = Month::try_from(u8::try_from(easter.month).ok()?).ok()?;
                let sunday = Date::from_calendar_date(year, month, u8::try_from(easter.day).ok()?).ok()?;
                sunday.checked_add(Duration::days(after.into()))
            }
            Self::OnOrAfter(weekday, month, day) => {
                let from = Date::from_calendar_date(year, month, day).ok()?;
                let days =
                    (7 + weekday.number_days_from_monday() - from.weekday().number_days_from_monday()) % 7;
                from.checked_add(Duration::days(days.into()))
            }
            Self::MondayInsteadOf(month, day) => {
                let lost = Date::from_calendar_date(year, month, day).ok()?;
                match lost.weekday() {
                    Weekday::Saturday => lost.checked_add(Duration::days(2)),
                    Weekday::Sunday => lost.next_day(),
                    _ => None,
                }
            }
        }
    }
}

impl Row {
    fn in_year(&self, year: i32) -> Option<Holiday> {
        let day = (self.since..=self.until).contains(&year).then(|| self.when.in_year(year))??;
        Some(Holiday { day: Day(day), name: self.name, source: self.source, verification: self.verification })
    }
}

impl Calendar {
    /// The calendar of a country, if there is one.
    pub fn of(country: Country) -> Option<&'static Self> {
        calendars().iter().find(|it| it.country == country.as_str())
    }

    /// The public holiday on a day.
    pub fn holiday(&self, day: Date) -> Option<Holiday> {
        self.rows.iter().filter_map(|it| it.in_year(day.year())).find(|it| it.day.0 == day)
    }

    /// The public holidays of a year, in order; none outside the years 1900 to 2199.
    pub fn holidays(&self, year: i32) -> Vec<Holiday> {
        let mut found: Vec<_> = self.rows.iter().filter_map(|it| it.in_year(year)).collect();
        found.sort_by_key(|it| it.day);
        found
    }
}

/// The countries that have a calendar.
pub fn calendars() -> &'static [Calendar] {
    &table::CALENDARS
}

/// The public holidays of a country in a year, in order. None where there is no calendar for the country.
pub fn holidays_of(country: Country, year: i32) -> Option<Vec<Holiday>> {
    Calendar::of(country).map(|it| it.holidays(year))
}
