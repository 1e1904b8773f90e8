//! Finding a child by blind indexes, and the matches of two cases.

mod lookup;
mod pairs;
mod pseudonyms;
mod tokens;
