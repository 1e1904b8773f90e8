//! Finding a child that is already known: names and dates made comparable, who may be told of a hit, and what is done
//! about two cases of one child (R70).
//!
//! A question is answered as hit or no hit: a case is named only to whoever may read there who the child is; everybody
//! else learns which agency to call.

mod index;
mod likeness;
mod names;
mod pair;
mod search;
mod taken_twice;
#[cfg(test)]
mod tests;

pub use index::{IndexInput, IndexKind, index_inputs, index_questions, is_found_otherwise, pseudonym_input};
pub use likeness::{Likeness, LikenessReason, POSSIBLE, STRONG};
pub use names::without_names;
pub use pair::{CaseMatch, MatchAct, MatchAnswer, MatchStatus, MatchVerdict, Pair};
pub use search::{Found, Hit, check_question, may_search};
pub use taken_twice::{Beside, Distinct, Pairing, check_taken_once, look_beside_reopened};
