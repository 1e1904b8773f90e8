//! stub
use serde::{Deserialize, Serialize};
/// A span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Span {
    /// m
    Minutes(u32),
    /// h
    Hours(u32),
    /// c
    CalendarDays(u16),
    /// w
    WorkingDays(u16),
    /// m
    Months(u16),
}
impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
