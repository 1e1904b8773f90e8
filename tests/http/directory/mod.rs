//! The directory: entries by their own agency, and who can take a need.

mod calendar;
mod entries;
mod matching;
