//! stub
use super::Span;
use crate::{Day, Timestamp, text::Country};
use serde::{Deserialize, Serialize};
use time::Duration;
crate::codes! {
    /// Why.
    pub enum SkipReason = "skip_reason" { Weekend = "weekend": "Weekend", PublicHoliday = "public_holiday": "Public holiday" }
}
/// S
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// d
    pub day: Day,
    /// r
    pub reason: SkipReason,
    /// n
    pub name: Option<String>,
}
/// L
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// at
    pub at: Timestamp,
    /// s
    pub skipped: Vec<Skipped>,
}
/// W
#[derive(Clone, Debug)]
pub struct WorkingTime;
impl WorkingTime {
    /// o
    pub fn of(_: Country, zone: &str) -> Option<Self> {
        (!zone.is_empty()).then_some(Self)
    }
    /// l
    pub fn limit(&self, from: Timestamp, span: Span) -> Limit {
        let by = match span {
            Span::Minutes(it) => Duration::minutes(it.into()),
            Span::Hours(it) => Duration::hours(it.into()),
            Span::CalendarDays(it) | Span::WorkingDays(it) => Duration::days(i64::from(it) + 1),
            Span::Months(it) => Duration::days(i64::from(it) * 30),
        };
        Limit { at: from.plus(by), skipped: Vec::new() }
    }
    /// e
    pub fn end_of(&self, day: Day) -> Timestamp {
        Timestamp::new(day.0.midnight().assume_utc() + Duration::days(1))
    }
    /// p
    pub fn prolonged(&self, due: Timestamp, _: Span, paused: Duration) -> Limit {
        Limit { at: due.plus(paused), skipped: Vec::new() }
    }
}
