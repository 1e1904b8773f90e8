//! Instants and dates as they travel: UTC with `Z`, whole microseconds; dates without a zone; partial birth dates.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{Date, Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A point in time, UTC, cut to the microseconds that the database keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

impl Timestamp {
    /// The first instant of 1970.
    pub const EPOCH: Self = Self(OffsetDateTime::UNIX_EPOCH);

    /// Cuts to microseconds and moves to UTC.
    pub fn new(at: OffsetDateTime) -> Self {
        let utc = at.to_offset(UtcOffset::UTC);
        Self(utc - Duration::nanoseconds(i64::from(utc.nanosecond() % 1_000)))
    }

    /// The instant itself.
    pub fn raw(self) -> OffsetDateTime {
        self.0
    }

    /// The UTC date.
    pub fn date(self) -> Date {
        self.0.date()
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        // Years 1900 to 2199 fit; beyond them it saturates.
        i64::try_from(self.0.unix_timestamp_nanos() / 1_000).unwrap_or(i64::MAX)
    }

    /// The instant so many microseconds after 1970.
    pub fn from_micros(micros: i64) -> Option<Self> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok().map(Self)
    }

    /// The instant this much later.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0 + by)
    }

    /// Reads RFC 3339 with any offset, at most six fractional digits and no leap second; years 1900 to 2199.
    pub fn parse(text: &str) -> Option<Self> {
        let fraction =
            text.split_once('.').map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).count());
        let leap = text.get(17..19) == Some("60");
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        (fraction <= 6 && !leap && (1900..2200).contains(&at.year())).then(|| Self::new(at))
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| std::fmt::Error)?)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 instant"))
    }
}

/// A calendar day, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub Date);

impl Day {
    /// Reads `YYYY-MM-DD`, years 1900 to 2199.
    pub fn parse(text: &str) -> Option<Self> {
        let format = time::macros::format_description!("[year]-[month]-[day]");
        let day = Date::parse(text, format).ok()?;
        (text.len() == 10 && (1900..2200).contains(&day.year())).then_some(Self(day))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a date"))
    }
}

/// A birth date as far as it is known: `2012`, `2012-05` or `2012-05-17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthDate {
    /// The year of birth.
    pub year: i32,
    /// The month, 1 to 12, if known.
    pub month: Option<u8>,
    /// The day of the month, if known.
    pub day: Option<u8>,
}

/// A day as far as it is known, of something else than a birth.
pub type PartialDate = BirthDate;

impl BirthDate {
    /// Reads a full or partial date, years 1900 to 2199.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |part: &str, width: usize| -> Option<u8> {
            (part.len() == width && part.bytes().all(|it| it.is_ascii_digit())).then(|| part.parse().ok())?
        };
        let whole = match text.len() {
            4 => format!("{text}-01-01"),
            7 => format!("{text}-01"),
            10 => text.to_owned(),
            _ => return None,
        };
        let day = Day::parse(&whole)?.0;
        Some(Self {
            year: day.year(),
            month: text.get(5..7).and_then(|it| digits(it, 2)),
            day: text.get(8..10).and_then(|it| digits(it, 2)),
        })
    }

    /// The latest day on which the birth can have been: what is unknown counts in the child's favour.
    pub fn latest(self) -> Option<Date> {
        let month = time::Month::try_from(self.month.unwrap_or(12)).ok()?;
        let day = self.day.unwrap_or_else(|| month.length(self.year));
        Date::from_calendar_date(self.year, month, day).ok()
    }

    /// The earliest day that it can be.
    pub fn earliest(self) -> Option<Date> {
        let month = time::Month::try_from(self.month.unwrap_or(1)).ok()?;
        Date::from_calendar_date(self.year, month, self.day.unwrap_or(1)).ok()
    }

    /// The age in whole years on a day, read in the child's favour.
    pub fn youngest_age_on(self, day: Date) -> Option<i32> {
        let born = self.latest()?;
        let had_birthday = (day.month() as u8, day.day()) >= (born.month() as u8, born.day());
        Some(day.year() - born.year() - i32::from(!had_birthday))
    }
}

impl std::fmt::Display for BirthDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        self.month.map_or(Ok(()), |it| write!(f, "-{it:02}"))?;
        self.day.map_or(Ok(()), |it| write!(f, "-{it:02}"))
    }
}

impl Serialize for BirthDate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BirthDate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not a full or partial date"))
    }
}

#[cfg(feature = "openapi")]
mod contract {
    use utoipa::{
        PartialSchema, ToSchema,
        openapi::{RefOr, schema::Schema},
    };

    impl PartialSchema for super::Timestamp {
        fn schema() -> RefOr<Schema> {
            crate::schema::text(
                "An instant, RFC 3339; answered in UTC with `Z` and at most six fractional digits.",
                Some("date-time"),
                r"^(19|2[01])\d\d-\d\d-\d\dT\d\d:\d\d:[0-5]\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$",
                32,
                "2026-11-24T08:30:00Z",
            )
        }
    }
    impl ToSchema for super::Timestamp {}

    impl PartialSchema for super::Day {
        fn schema() -> RefOr<Schema> {
            crate::schema::text(
                "A calendar day.",
                Some("date"),
                r"^(19|2[01])\d\d-\d\d-\d\d$",
                10,
                "2026-11-24",
            )
        }
    }
    impl ToSchema for super::Day {}

    impl PartialSchema for super::BirthDate {
        fn schema() -> RefOr<Schema> {
            crate::schema::text(
                "A birth date as far as it is known: year, year and month, or day.",
                None,
                r"^((19|2[01])\d\d(-(0[1-9]|1[0-2])|-(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|-(0[469]|11)-(0[1-9]|[12]\d|30)|-02-(0[1-9]|1\d|2[0-8]))?|((19|2[01])(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                10,
                "2015-04",
            )
        }
    }
    impl ToSchema for super::BirthDate {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_rfc_3339_and_nothing_else() {
        for good in ["2026-11-24T08:30:00Z", "2026-11-24T08:30:00.123456Z", "2026-11-24T10:30:00+02:00"] {
            assert!(Timestamp::parse(good).is_some(), "{good}");
        }
        let bad = [
            "2016-12-31T23:59:60Z",
            "2026-11-24T24:00:00Z",
            "2026-11-24T08:30:00",
            "2026-11-24T08:30Z",
            "2026-11-24T08:30:00.123456789Z",
            "10000-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
            "2026-11-24",
        ];
        for bad in bad {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
        assert_eq!(
            Timestamp::parse("2026-11-24T10:30:00+02:00").map(|it| it.to_string()),
            Some("2026-11-24T08:30:00Z".into())
        );
    }

    #[test]
    fn birth_dates_may_be_partial_and_are_read_in_the_childs_favour() {
        for good in ["2012", "2012-05", "2012-02-29"] {
            assert_eq!(BirthDate::parse(good).map(|it| it.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "2012-5",
            "2012-",
            "12",
            "201",
            "2012-00",
            "2011-02-29",
            "2010-02-30",
            "20100208",
            "2010-W05-1",
            " 2010-02-08",
        ] {
            assert_eq!(BirthDate::parse(bad), None, "{bad}");
        }
        let day = time::macros::date!(2026 - 11 - 24);
        assert_eq!(BirthDate::parse("2008").and_then(|it| it.youngest_age_on(day)), Some(17));
        assert_eq!(BirthDate::parse("2008-11-24").and_then(|it| it.youngest_age_on(day)), Some(18));
        assert_eq!(BirthDate::parse("2008-11-25").and_then(|it| it.youngest_age_on(day)), Some(17));
    }
}
