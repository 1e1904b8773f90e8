//! `trm audit`: both logs as a file, its verification without the node, and what to do when something was lost.

use std::{
    fs::File,
    io::{BufReader, BufWriter},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use persistence::{
    Store,
    sealed_log::{self, CheckpointKey, Known, Report, Seals, SealsError, Standing, Verifier},
};

use super::{
    Failed, say,
    settings::{DatabaseSettings, NodeSettings, SealsSettings, StateSettings},
    store_without_keys,
};
use crate::node::{Clock as _, SystemClock};

const EXPORT: &str = "\
Example:
  DATABASE_URL=postgres://trm@db.example/trm trm audit export --out logs.jsonl";
const VERIFY: &str = "\
Examples:
  trm audit verify logs.jsonl --seals /mnt/elsewhere/seals
  trm audit verify logs.jsonl --key \"$(cat trm.example.key)\" --checkpoint last-year.note

Exits with 0 when nothing is wrong, with 1 when something is.";
const ACKNOWLEDGE: &str = "\
Example:
  trm audit acknowledge --seals /mnt/elsewhere/seals";

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Write both logs to a file, each row in the bytes that were sealed
    #[command(after_help = EXPORT)]
    Export(ExportArgs),
    /// Verify such a file: order, completeness, signatures; locate the first change
    #[command(after_help = VERIFY)]
    Verify(VerifyArgs),
    /// Put the seals aside after a loss, so that a node serves again with what its database has
    #[command(after_help = ACKNOWLEDGE)]
    Acknowledge(AcknowledgeArgs),
}

#[derive(Args, Debug)]
pub(super) struct ExportArgs {
    /// New file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    database: DatabaseSettings,
}

#[derive(Args, Debug)]
pub(super) struct VerifyArgs {
    /// The file that `trm audit export` wrote
    bundle: PathBuf,
    /// Folder with the seals that were kept outside the database
    #[arg(long, value_name = "FOLDER")]
    seals: Option<PathBuf>,
    /// File with the leaf hashes that were kept outside the database, 32 bytes each
    #[arg(long, value_name = "FILE", conflicts_with = "seals")]
    leaves: Option<PathBuf>,
    /// Key that may have signed, as signed notes write keys; may be given several times
    #[arg(long, value_name = "NAME+ID+KEY")]
    key: Vec<String>,
    /// File with a checkpoint that was seen elsewhere; may be given several times
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct AcknowledgeArgs {
    #[command(flatten)]
    seals: SealsSettings,
    #[command(flatten)]
    state: StateSettings,
}

pub(super) fn audit(command: AuditCommand) -> Result<(), Failed> {
    match command {
        AuditCommand::Export(args) => export(&args),
        AuditCommand::Verify(args) => verify(&args),
        AuditCommand::Acknowledge(args) => acknowledge(&args),
    }
}

/// The folder of seals, if the database has all that was sealed; without it the node does not serve.
pub(super) fn seals_that_fit(
    store: &Store,
    settings: &NodeSettings,
    key: &CheckpointKey,
) -> Result<Seals, Failed> {
    let folder = settings.seals.folder(settings.state());
    let seals = Seals::open(&folder)?;
    match store.compare_with_seals(&seals, key.verifier())? {
        Standing::Agrees => Ok(seals),
        other => Err(Failed::unusable(format!(
            "the log in the database is not what was sealed in {0}: {other}. Restore what is missing. If it is lost for good, \
             keep the folder as evidence and run `trm audit acknowledge --seals {0}`",
            folder.display()
        ))),
    }
}

/// Puts aside what was sealed of a database that is no more.
pub(super) fn forget_seals(folder: &Path) -> Result<(), Failed> {
    let seals = Seals::open(folder)?;
    if seals.checkpoints().exists() {
        seals.put_aside(SystemClock.now())?;
    }
    Ok(())
}

fn export(args: &ExportArgs) -> Result<(), Failed> {
    let store = store_without_keys(args.database.url().map_err(Failed::unusable)?)?;
    let file = File::options().write(true).create_new(true).mode(0o600).open(&args.out);
    let file = file.map_err(|error| unreadable(&args.out, &error))?;
    let (sealed, unsealed) = sealed_log::export(&store, &mut BufWriter::new(file), SystemClock.now())?;
    say(&format!("{sealed} sealed rows and {unsealed} that are not sealed yet: {}", args.out.display()));
    Ok(())
}

fn verify(args: &VerifyArgs) -> Result<(), Failed> {
    let mut known = match &args.seals {
        Some(folder) => Known::from_seals(&Seals::open(folder)?)?,
        None => Known::default(),
    };
    if let Some(path) = &args.leaves {
        let file = File::open(path).map_err(|error| unreadable(path, &error))?;
        known.leaves = Some(Box::new(BufReader::new(file)));
    }
    if !args.key.is_empty() {
        let keys = args.key.iter().map(|it| Verifier::parse(it));
        known.keys =
            keys.collect::<Result<_, _>>().map_err(|error| Failed::unusable(format!("--key: {error}")))?;
    }
    for path in &args.checkpoint {
        known.notes.push(std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?);
    }
    let compared = known.leaves.is_some();
    let file = File::open(&args.bundle).map_err(|error| unreadable(&args.bundle, &error))?;
    let report = sealed_log::verify(&mut BufReader::new(file), &mut known)
        .map_err(|error| unreadable(&args.bundle, &error))?;
    tell(&report, compared);
    match report.findings.len() {
        0 => Ok(()),
        1 => Err(Failed::new("the log is not whole: 1 finding")),
        number => Err(Failed::new(format!("the log is not whole: {number} findings"))),
    }
}

fn tell(report: &Report, compared: bool) {
    let Report { leaves, unsealed, checkpoints, .. } = report;
    if let Some(at) = report.made {
        say(&format!("made at {at}, as it says"));
    }
    say(&format!("{leaves} sealed rows, {unsealed} not sealed yet, {checkpoints} good checkpoints"));
    if compared {
        say(&format!("{} leaf hashes compared with those kept outside the database", report.compared));
    }
    if !report.trusted {
        say("no key was known beforehand: the one in the bundle was taken at its word");
    }
    for it in &report.findings {
        say(&it.to_string());
    }
    if report.findings.is_empty() {
        say("nothing is wrong");
    }
}

fn acknowledge(args: &AcknowledgeArgs) -> Result<(), Failed> {
    let folder = args.seals.folder(&args.state.state);
    let aside = Seals::open(&folder)?.put_aside(SystemClock.now())?;
    say(&format!("the seals of before are in {}: they show what was lost", aside.display()));
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failed {
    Failed::unusable(format!("{}: {error}", path.display()))
}

impl From<SealsError> for Failed {
    fn from(error: SealsError) -> Self {
        match error {
            SealsError::Store(error) => error.into(),
            other => Self::unusable(other.to_string()),
        }
    }
}
