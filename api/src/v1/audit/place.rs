//! Where a page of a log begins, and how far it may reach.

use domain::Timestamp;
use persistence::AccessPlace;
use time::Duration;

use crate::{failure::Failure, problems};

/// What one request may span.
const LONGEST_SPAN: Duration = Duration::days(90);

/// From when until when, at most 90 days.
pub fn span(
    asked: (Option<Timestamp>, Option<Timestamp>),
    now: Timestamp,
) -> Result<(Timestamp, Option<Timestamp>), Failure> {
    let refused = |pointer: &str, message: &str| {
        Err(Failure::invalid(&problems::INCONSISTENT_VALUES, pointer, "span", message))
    };
    match asked {
        (None, until) => Ok((until.unwrap_or(now).plus(-LONGEST_SPAN), until)),
        (Some(from), None) => Ok((from, Some(from.plus(LONGEST_SPAN)))),
        (Some(from), Some(until)) if until < from => refused("?until", "it ends before it begins"),
        (Some(from), Some(until)) if from.plus(LONGEST_SPAN) < until => {
            refused("?until", "one request spans at most 90 days")
        }
        (Some(from), until) => Ok((from, until)),
    }
}

/// What a cursor says of a place.
pub fn cursor(it: AccessPlace) -> Vec<u8> {
    let mut place = it.at.micros().to_be_bytes().to_vec();
    place.extend_from_slice(&it.seq.to_be_bytes());
    place
}

/// The place that a cursor says.
pub fn place(cursor: &[u8]) -> Result<AccessPlace, Failure> {
    let invalid = || Failure::new(&problems::INVALID_CURSOR);
    let (at, seq) = cursor.split_at_checked(8).ok_or_else(invalid)?;
    let number = |it: &[u8]| Ok::<_, Failure>(i64::from_be_bytes(it.try_into().map_err(|_| invalid())?));
    let at = Timestamp::from_micros(number(at)?).ok_or_else(invalid)?;
    Ok(AccessPlace { at, seq: number(seq)? })
}
