//! Time limits of the mechanism.

pub mod working_time;
