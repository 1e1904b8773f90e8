//! Deadlines: every duty with a time limit is a rule that makes a deadline, closed by the act that fulfils it, and
//! escalated until somebody acts.

mod deadline;
mod duties;
mod kinds;
mod ladder;
#[cfg(test)]
mod tests;
pub mod working_time;

pub use deadline::{
    Change, Closed, ComputedFrom, Deadline, DeadlineState, Duty, Outcome, Pause, SetBy, limited,
};
pub use duties::{DUTIES, DutyKind, DutyRule};
pub use ladder::{COORDINATOR_RUNG, Recipients, Step, Told, escalated, step};
pub use working_time::{Skipped, Span, WorkingTime};
