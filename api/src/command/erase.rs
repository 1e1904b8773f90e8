//! `trm erase`: destroying what is known of a child, and destroying it again after a backup was restored.

use std::path::{Path, PathBuf};

use clap::Args;
use domain::{
    CodeList as _, Reference,
    cases::erasure::{ErasureReason, Ground, TwoPeople},
};
use persistence::{
    Store, StoreError,
    erasure::{Destroyed, ErasureError, Ledger, LedgerError},
};

use super::{
    Failed, say,
    settings::{DatabaseSettings, LedgerSettings, StateSettings},
    store_without_keys,
};
use crate::node::{Clock as _, SystemClock};

pub(super) const EXAMPLES: &str = "\
Examples:
  trm erase --case 7K3M-Q9ZD-2F4Y --reason retention_ended --check
  trm erase --case 7K3M-Q9ZD-2F4Y --reason retention_ended \\
      --requested-by 'Mari Maasikas' --approved-by 'Juta Tamm' --ledger /mnt/elsewhere/erasures
  trm erase --replay /mnt/elsewhere/erasures

All cases of the child go, whoever leads them. Needs the user that owns the tables. Nothing brings back what was erased:
after a backup is restored, replay the ledger before a node serves.";

#[derive(Args, Debug)]
pub(super) struct EraseArgs {
    /// Reference of a case of the child
    #[arg(long, value_name = "REFERENCE", required_unless_present = "replay", value_parser = reference)]
    case: Option<Reference>,
    /// Why: retention_ended, court_order, data_subject_request or entered_in_error
    #[arg(long, value_name = "CODE", required_unless_present = "replay", value_parser = reason)]
    reason: Option<ErasureReason>,
    /// Who asks for it
    #[arg(long, value_name = "NAME", required_unless_present_any = ["replay", "check"])]
    requested_by: Option<String>,
    /// Who agrees to it: somebody else
    #[arg(long, value_name = "NAME", required_unless_present_any = ["replay", "check"])]
    approved_by: Option<String>,
    /// Both say that no proceeding needs what the file holds of an investigation
    #[arg(long)]
    no_proceeding_needs_it: bool,
    /// Only say what would be destroyed, or why it may not be
    #[arg(long, conflicts_with = "replay")]
    check: bool,
    /// Destroy again what this ledger tells of, after a backup was restored
    #[arg(long, value_name = "LEDGER", conflicts_with_all = ["case", "reason", "requested_by", "approved_by"])]
    replay: Option<PathBuf>,
    #[command(flatten)]
    ledger: LedgerSettings,
    #[command(flatten)]
    state: StateSettings,
    #[command(flatten)]
    database: DatabaseSettings,
}

/// Reads the reference of a case.
pub(super) fn reference(text: &str) -> Result<Reference, String> {
    Reference::parse(text).ok_or_else(|| "no reference of a case, such as 7K3M-Q9ZD-2F4Y".to_owned())
}

fn reason(code: &str) -> Result<ErasureReason, String> {
    let all = || ErasureReason::ALL.iter().map(|it| it.code()).collect::<Vec<_>>().join(", ");
    ErasureReason::parse(code).ok_or_else(|| format!("one of {}", all()))
}

pub(super) fn erase(args: EraseArgs) -> Result<(), Failed> {
    let store = store_without_keys(args.database.url().map_err(Failed::unusable)?)?;
    let (case, reason) = match (args.replay, args.case, args.reason) {
        (Some(ledger), _, _) => return replay(&store, &ledger),
        (None, Some(case), Some(reason)) => (case, reason),
        _ => return Err(Failed::unusable("--case and --reason are needed")),
    };
    let ground = Ground { reason, evidence_released: args.no_proceeding_needs_it };
    let now = SystemClock.now();
    if args.check {
        tell(&store.check_erasure(&case, ground, now)?, "would go");
        return Ok(());
    }
    let names = (args.requested_by.unwrap_or_default(), args.approved_by.unwrap_or_default());
    let people = TwoPeople::new(&names.0, &names.1).map_err(ErasureError::Refused)?;
    let path = args.ledger.file(&args.state.state);
    let mut ledger = complete(&store, &path)?;
    let erased = store.erase(&case, (ground, &people), now, &mut |it| ledger.append(it))?;
    tell(&erased, "are gone");
    say(&format!("erasure {} is in {}", erased.erasure.id, path.display()));
    Ok(())
}

/// The ledger with all that the database knows; what only the ledger knows has to be replayed first.
fn complete(store: &Store, path: &Path) -> Result<Ledger, Failed> {
    let mut ledger = Ledger::open(path)?;
    refuse_undone(store, ledger.erasures(), path)?;
    let known: Vec<_> = ledger.erasures().iter().map(|it| it.id).collect();
    for it in store.erasures()?.iter().filter(|it| !known.contains(&it.id)) {
        ledger.append(it)?;
    }
    Ok(ledger)
}

/// Refuses to serve what should have been erased.
pub(super) fn nothing_undone(store: &Store, path: &Path) -> Result<(), Failed> {
    match Ledger::read(path) {
        Ok(all) => refuse_undone(store, &all, path),
        Err(LedgerError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn refuse_undone(store: &Store, told: &[persistence::erasure::Erasure], path: &Path) -> Result<(), Failed> {
    let done: Vec<_> = store.erasures()?.into_iter().map(|it| it.id).collect();
    match told.iter().filter(|it| !done.contains(&it.id)).count() {
        0 => Ok(()),
        number => Err(Failed::unusable(format!(
            "the database does not know of {number} of the erasures in {0}: run `trm erase --replay {0}`",
            path.display()
        ))),
    }
}

fn replay(store: &Store, ledger: &Path) -> Result<(), Failed> {
    let all = Ledger::read(ledger)?;
    let now = SystemClock.now();
    for it in &all {
        let rows = store.erase_again(it, now)?;
        say(&format!("erasure {} of {}: {rows} rows", it.id, it.at));
    }
    say(&format!("{} erasures hold", all.len()));
    Ok(())
}

fn tell(destroyed: &Destroyed, what: &str) {
    let it = &destroyed.erasure;
    say(&format!(
        "{what}: cases of the child {}, records of the child {}",
        it.cases.len(),
        it.children.len()
    ));
    for (table, rows) in &destroyed.rows {
        say(&format!("  {table} {rows}"));
    }
    for case in &destroyed.beside {
        say(&format!(
            "case {case} stays: people have confirmed that it is of the same child, so look at it as well"
        ));
    }
    if destroyed.concerns_left > 0 {
        say(&format!("{} concerns stay, because they are about other children too", destroyed.concerns_left));
    }
}

impl From<LedgerError> for Failed {
    fn from(error: LedgerError) -> Self {
        Self::unusable(error.to_string())
    }
}

impl From<ErasureError> for Failed {
    fn from(error: ErasureError) -> Self {
        match error {
            ErasureError::Store(StoreError::NotFound) => Self::new("there is no such case"),
            ErasureError::Store(StoreError::Conflict) => {
                Self::new("somebody is working on a case of the child: try again")
            }
            ErasureError::Store(error) => error.into(),
            ErasureError::Refused(_) => Self::new(format!("refused: {error}")),
            ErasureError::Ledger(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_reference_and_every_reason_has_its_code() {
        let example = EXAMPLES.split_whitespace().nth(4).expect("a word");
        assert!(reference(example).is_ok(), "{example}");
        let refused = reason("because").expect_err("no code");
        for it in ErasureReason::ALL {
            assert_eq!(reason(it.code()), Ok(*it));
            assert!(refused.contains(it.code()), "{refused}");
        }
    }
}
