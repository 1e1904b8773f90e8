//! Time zones, from the copy of the IANA database in the program: the one place that knows jiff.

use std::{collections::BTreeMap, sync::RwLock};

use jiff::{
    civil,
    tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase},
};
use time::{Date, OffsetDateTime};

use crate::Timestamp;

/// Every zone that has been asked for: reading one from the database costs far more than computing a limit. There are
/// as many as the database has names.
static READ: RwLock<BTreeMap<String, Zone>> = RwLock::new(BTreeMap::new());

/// A time zone; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Zone(TimeZone);

impl Zone {
    /// The zone with exactly this name.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(zone) = READ.read().ok().and_then(|it| it.get(name).cloned()) {
            return Some(zone);
        }
        let zone = TimeZoneDatabase::bundled().get(name).ok()?;
        let zone = (zone.iana_name() == Some(name) && !zone.is_unknown()).then_some(Self(zone))?;
        if let Ok(mut read) = READ.write() {
            read.insert(name.to_owned(), zone.clone());
        }
        Some(zone)
    }

    /// The local day at an instant.
    pub fn day_of(&self, at: Timestamp) -> Option<Date> {
        let micros = i64::try_from(at.raw().unix_timestamp_nanos() / 1_000).ok()?;
        self.local_day(jiff::Timestamp::from_microsecond(micros).ok()?)
    }

    /// The first instant after a local day. Where clocks change at midnight this is not simply 00:00 of the next day:
    /// that time may be left out, or come twice.
    pub fn end_of(&self, day: Date) -> Option<Timestamp> {
        let next = day.next_day()?;
        let (month, number) = (u8::from(next.month()).cast_signed(), next.day().cast_signed());
        let midnight = civil::Date::new(i16::try_from(next.year()).ok()?, month, number).ok()?.at(0, 0, 0, 0);
        let possible = self.0.to_ambiguous_timestamp(midnight);
        let end = match possible.offset() {
            AmbiguousOffset::Unambiguous { .. } => possible.compatible().ok()?,
            // Left out: the day ends when the clocks change.
            AmbiguousOffset::Gap { .. } => self.0.following(possible.earlier().ok()?).next()?.timestamp(),
            // Twice: the second one ends the day if the clocks went back into it, as in St John's until 2011.
            AmbiguousOffset::Fold { .. } => {
                let (first, second) = (possible.earlier().ok()?, possible.later().ok()?);
                let before = jiff::Timestamp::from_nanosecond(second.as_nanosecond() - 1).ok()?;
                if self.local_day(before)? <= day { second } else { first }
            }
        };
        OffsetDateTime::from_unix_timestamp_nanos(end.as_nanosecond()).ok().map(Timestamp::new)
    }

    fn local_day(&self, at: jiff::Timestamp) -> Option<Date> {
        let local = self.0.to_datetime(at);
        let month = time::Month::try_from(u8::try_from(local.month()).ok()?).ok()?;
        Date::from_calendar_date(local.year().into(), month, u8::try_from(local.day()).ok()?).ok()
    }
}
