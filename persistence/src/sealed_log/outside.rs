//! What is kept outside the database: the hash of every leaf and the checkpoints, in a folder of their own. Against it a
//! database that was rolled back, or whose rows and tree were changed together, is found, and the first change located.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    checkpoint::{Checkpoint, CheckpointError, Verifier},
    hashes::{Hashes, kept},
    proofs::latest,
};
use crate::{Store, StoreError};

const HASH_BYTES: u64 = 32;
/// Leaves that are read and written at once.
const PAGE: u64 = 8_192;
/// Longer than any line of a checkpoint.
const TAIL: u64 = 65_536;

/// The folder.
#[derive(Clone, Debug)]
pub struct Seals {
    folder: PathBuf,
}

/// One checkpoint, a line of its file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CheckpointLine {
    pub at: Timestamp,
    pub key: String,
    pub note: String,
}

/// How the database stands to what is kept outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It has all that was sealed, and perhaps more.
    Agrees,
    /// It has fewer leaves than were sealed: it was rolled back, or an old copy was restored.
    Behind {
        /// Leaves that were sealed.
        sealed: u64,
        /// Leaves that the database has.
        present: u64,
    },
    /// Its first so many leaves are not those that were sealed.
    Differs {
        /// How many.
        size: u64,
    },
}

/// Why the folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SealsError {
    /// It cannot be read or written.
    #[error("the folder of seals cannot be used: {0}")]
    Io(#[from] io::Error),
    /// The database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The last checkpoint is not readable, or not of the key of this node.
    #[error("the last checkpoint in the folder of seals is not good: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The database is not what was sealed; nothing is added to the seals.
    #[error("the log in the database is not what was sealed: {0}")]
    NotAsSealed(Standing),
}

impl From<diesel::result::Error> for SealsError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Agrees => f.write_str("it has all that was sealed"),
            Self::Behind { sealed, present } => {
                write!(f, "{sealed} rows were sealed, and the database knows of {present}")
            }
            Self::Differs { size } => {
                write!(f, "its first {size} rows are other ones than those that were sealed")
            }
        }
    }
}

impl Seals {
    /// The folder; made, for us alone, when it is missing.
    pub fn open(folder: &Path) -> Result<Self, SealsError> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The file with the hashes of all leaves, 32 bytes each.
    pub fn leaves(&self) -> PathBuf {
        self.folder.join("leaves")
    }

    /// The file with the checkpoints, a JSON object a line.
    pub fn checkpoints(&self) -> PathBuf {
        self.folder.join("checkpoints.jsonl")
    }

    /// The last checkpoint that was written whole.
    pub fn last(&self) -> Result<Option<Checkpoint>, SealsError> {
        let mut file = match File::open(self.checkpoints()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            other => other?,
        };
        last_of(&mut file)?.map(|it| Ok(Verifier::parse(&it.key)?.open(&it.note)?)).transpose()
    }

    /// Puts what is kept here aside, so that sealing begins anew with what the database has: an operator has
    /// acknowledged that something was lost. Returns where it lies now.
    pub fn put_aside(&self, now: Timestamp) -> Result<PathBuf, SealsError> {
        let aside = self.folder.join(format!("lost-{}", now.micros()));
        fs::DirBuilder::new().mode(0o700).create(&aside)?;
        for file in [self.checkpoints(), self.leaves()] {
            match (fs::rename(&file, aside.join(file.file_name().unwrap_or_default())), file) {
                (Err(error), _) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(aside)
    }
}

impl Store {
    /// How the database stands to the seals; not good where the last checkpoint is not of this key.
    pub fn compare_with_seals(&self, seals: &Seals, key: &Verifier) -> Result<Standing, SealsError> {
        let Some(line) = seals.last_line()? else { return Ok(Standing::Agrees) };
        let sealed = key.open(&line.note)?;
        Ok(self.standing(&sealed)?)
    }

    fn standing(&self, sealed: &Checkpoint) -> Result<Standing, StoreError> {
        self.sealing(|session| {
            let present = latest(&mut session.conn)?.map_or(0, |it| it.size);
            if present < sealed.size {
                return Ok(Standing::Behind { sealed: sealed.size, present });
            }
            let same = match Hashes::new(&mut session.conn).root(sealed.size) {
                Ok(root) => root == sealed.root,
                // Leaves are missing.
                Err(StoreError::Corrupt { .. }) => false,
                Err(other) => return Err(other),
            };
            Ok(if same { Standing::Agrees } else { Standing::Differs { size: sealed.size } })
        })
    }

    /// Adds what was sealed since the last time to the seals: leaves first, then the checkpoint, each on the disk before
    /// the next. What a crash left half written is written again.
    pub fn add_to_seals(&self, seals: &Seals) -> Result<(), SealsError> {
        let Some(now) = self.sealing(|session| latest(&mut session.conn))? else { return Ok(()) };
        let mut checkpoints = appendable(&seals.checkpoints())?;
        // Instances on one machine may share a folder.
        checkpoints.lock()?;
        let line = last_of(&mut checkpoints)?;
        let sealed = line.map(|it| Verifier::parse(&it.key)?.open(&it.note)).transpose()?;
        if let Some(sealed) = &sealed {
            match self.standing(sealed)? {
                Standing::Agrees if sealed.size == now.size => return Ok(()),
                Standing::Agrees => {}
                other => return Err(SealsError::NotAsSealed(other)),
            }
        }
        let mut leaves = appendable(&seals.leaves())?;
        let whole = leaves.metadata()?.len() / HASH_BYTES;
        let mut from = sealed.map_or(0, |it| it.size).min(whole);
        leaves.set_len(from * HASH_BYTES)?;
        while from < now.size {
            let until = (from + PAGE).min(now.size);
            let page = self.sealing(|session| kept(&mut session.conn, 0, from, until))?;
            leaves.write_all(page.as_flattened())?;
            from = until;
        }
        leaves.sync_all()?;
        let line = CheckpointLine { at: now.at, key: now.key, note: now.note };
        let mut text = serde_json::to_vec(&line).map_err(io::Error::from)?;
        text.push(b'\n');
        checkpoints.write_all(&text)?;
        checkpoints.sync_all()?;
        Ok(())
    }
}

impl Seals {
    fn last_line(&self) -> Result<Option<CheckpointLine>, SealsError> {
        match File::open(self.checkpoints()) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            file => last_of(&mut file?),
        }
    }
}

fn appendable(path: &Path) -> io::Result<File> {
    File::options().create(true).read(true).append(true).mode(0o600).open(path)
}

/// The last whole line of the file; half a line behind it is cut off where the file can be written.
fn last_of(file: &mut File) -> Result<Option<CheckpointLine>, SealsError> {
    let length = file.metadata()?.len();
    let from = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let whole = tail.iter().rposition(|it| *it == b'\n').map_or(0, |it| it + 1);
    let half = u64::try_from(tail.len() - whole).unwrap_or_default();
    if half > 0 {
        // A file that is only read stays as it is.
        let _ = file.set_len(length - half);
    }
    let lines = tail.get(..whole).unwrap_or_default();
    let last = lines.split(|it| *it == b'\n').rfind(|it| !it.is_empty());
    last.map(|it| serde_json::from_slice(it).map_err(|_| CheckpointError::Malformed.into())).transpose()
}
