//! One open case for each child (R70), wherever a case is taken in or opened again, or its child's identity
//! changes.

use domain::{
    CaseId, Decided, Violation,
    cases::{Case, ChildRecord, Identity},
    directory::CountryEntry,
    matching::{Beside, Distinct, Hit, Pairing, check_taken_once, is_found_otherwise, look_beside_reopened},
    text::Text,
};
use persistence::Tx;

use crate::failure::Failure;

/// What the caller says of other children.
pub(in crate::v1) fn distinct(from: Option<Vec<CaseId>>, reason: Option<Text<1000>>) -> Distinct {
    Distinct { from: from.unwrap_or_default(), reason: reason.map(String::from) }
}

/// Whether a case that is about to be stored may stand beside those that are open.
pub(in crate::v1) fn stands_alone(
    tx: &mut Tx<'_>,
    (case, identity): (&Case, &Identity),
    distinct: &Distinct,
    country: &CountryEntry,
) -> Result<Decided<Pairing>, Failure> {
    stands_alone_named(tx, (case, identity), Vec::new(), distinct, country)
}

/// The same where another country names the child, with the cases of whom it has named so before.
pub(in crate::v1) fn stands_alone_named(
    tx: &mut Tx<'_>,
    (case, identity): (&Case, &Identity),
    named: Vec<Hit>,
    distinct: &Distinct,
    country: &CountryEntry,
) -> Result<Decided<Pairing>, Failure> {
    let hits = Hit::joined(tx.doubles(identity)?, named);
    beside(tx, case, &hits, distinct, country)
}

/// Whether a case can be the one of a child whom another country names: no other one that is open is.
pub(in crate::v1) fn is_the_one(
    tx: &mut Tx<'_>,
    case: &Case,
    named: &[Hit],
    distinct: &Distinct,
    country: &CountryEntry,
) -> Result<Decided<Pairing>, Failure> {
    beside(tx, case, named, distinct, country)
}

fn beside(
    tx: &mut Tx<'_>,
    case: &Case,
    hits: &[Hit],
    distinct: &Distinct,
    country: &CountryEntry,
) -> Result<Decided<Pairing>, Failure> {
    let asked_before = if hits.is_empty() { Vec::new() } else { tx.matched_with(case.id)? };
    let beside = Beside { hits, asked_before: &asked_before, country, by: &tx.cx.caller, now: tx.cx.now };
    Ok(check_taken_once(case, distinct, &beside, || tx.fresh_id())?)
}

/// Stores a changed identity, if the case may then stand beside those that are open, and what the child is entitled to by
/// it; the case comes back as it is then, with what is to be told.
pub(super) fn save_identity(
    tx: &mut Tx<'_>,
    (case, before): (&Case, &Identity),
    decided: &Decided<ChildRecord>,
    distinct: &Distinct,
) -> Result<(Case, Vec<Violation>), Failure> {
    let after = &decided.value.identity;
    let hits = if is_found_otherwise(before, after) { tx.doubles(after)? } else { Vec::new() };
    let country = tx.country(case.country)?;
    let beside = beside(tx, case, &hits, distinct, &country)?;
    tx.save_identity(decided)?;
    tx.add_matches(case, &beside)?;
    let Some(entitled) = case.identity_changed(after, &country, &tx.cx.caller, tx.cx.now) else {
        return Ok((case.clone(), beside.warnings));
    };
    tx.save_entitled(&entitled)?;
    Ok((entitled.value, [beside.warnings, entitled.warnings].concat()))
}

/// Keeps the question whether a case that was taken in meanwhile is of the same child as one that is open again; what is to
/// be told of others comes back.
pub(super) fn look_beside(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Violation>, Failure> {
    let identity = tx.child(case)?.identity;
    let (hits, country) = (tx.doubles(&identity)?, tx.country(case.country)?);
    let asked_before = if hits.is_empty() { Vec::new() } else { tx.matched_with(case.id)? };
    let beside = Beside {
        hits: &hits,
        asked_before: &asked_before,
        country: &country,
        by: &tx.cx.caller,
        now: tx.cx.now,
    };
    let found = look_beside_reopened(case, &beside, || tx.fresh_id());
    tx.add_matches(case, &found)?;
    Ok(found.warnings)
}
