//! The directory against plain statements of what it promises, written apart from the code.

mod days;
mod entries;
mod matching;
mod verdicts;
