//! The ledger of erasures: a file outside the database, so that a backup that is restored does not bring back what was
//! destroyed. It says ids and times, never names.
//!
//! A line is the SHA-256 of the hash of the line before it with the text of this one, a space, and the text, which is
//! JSON. So a line that is changed, taken out or cut off is found; only lines missing at the end are not.

use std::{
    fs::{File, TryLockError},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use data_encoding::HEXLOWER;
use domain::{Timestamp, cases::erasure::ErasureReason};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::sha256;

/// An erasure as the ledger tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// The country whose child it was.
    pub country: String,
    /// Why.
    pub reason: ErasureReason,
    /// All cases of the child.
    pub cases: Vec<Uuid>,
    /// The records of the child.
    pub children: Vec<Uuid>,
    /// The screenings that the cases came from.
    pub screenings: Vec<Uuid>,
    /// The concerns that came before, unless they are about other children too.
    pub concerns: Vec<Uuid>,
}

/// Why the ledger cannot be used. Then nothing is erased.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// It cannot be read or written.
    #[error("the ledger of erasures cannot be used: {0}")]
    Io(#[from] io::Error),
    /// Somebody else writes in it.
    #[error("another program is writing in the ledger of erasures")]
    InUse,
    /// A line is not what was written, or one before it is missing.
    #[error(
        "line {0} of the ledger of erasures is damaged, or a line before it is missing: put a good copy in its place"
    )]
    Damaged(usize),
}

/// The ledger, opened to be added to. Nobody else can meanwhile.
#[derive(Debug)]
pub struct Ledger {
    file: File,
    last: String,
    erasures: Vec<Erasure>,
}

impl Ledger {
    /// Opens it, or makes it, and reads all of it.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let mut file = File::options().read(true).append(true).create(true).mode(0o600).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LedgerError::InUse),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        let (last, erasures) = parse(&mut file)?;
        // A file that nobody finds after a crash was not kept.
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok(Self { file, last, erasures })
    }

    /// What a ledger says, whole or not at all.
    pub fn read(path: &Path) -> Result<Vec<Erasure>, LedgerError> {
        Ok(parse(&mut File::open(path)?)?.1)
    }

    /// What it says.
    pub fn erasures(&self) -> &[Erasure] {
        &self.erasures
    }

    /// Adds a line, which is on the disk when this returns.
    pub fn append(&mut self, erasure: &Erasure) -> Result<(), LedgerError> {
        let text = serde_json::to_string(erasure).map_err(io::Error::from)?;
        let hash = chained(&self.last, &text);
        self.file.write_all(format!("{hash} {text}\n").as_bytes())?;
        self.file.sync_all()?;
        self.last = hash;
        self.erasures.push(erasure.clone());
        Ok(())
    }
}

fn chained(last: &str, text: &str) -> String {
    HEXLOWER.encode(&sha256(format!("{last}{text}").as_bytes()))
}

fn parse(file: &mut File) -> Result<(String, Vec<Erasure>), LedgerError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let (mut last, mut all) = (String::new(), Vec::new());
    for (number, line) in (1..).zip(bytes.split_inclusive(|it| *it == b'\n')) {
        let damaged = || LedgerError::Damaged(number);
        let line =
            line.strip_suffix(b"\n").and_then(|it| std::str::from_utf8(it).ok()).ok_or_else(damaged)?;
        let (hash, text) = line.split_once(' ').ok_or_else(damaged)?;
        if hash != chained(&last, text) {
            return Err(damaged());
        }
        all.push(serde_json::from_str(text).map_err(|_| damaged())?);
        hash.clone_into(&mut last);
    }
    Ok((last, all))
}

#[cfg(test)]
mod tests {
    use std::{fs, path::PathBuf};

    use super::*;

    fn erasure(number: u128) -> Erasure {
        Erasure {
            id: Uuid::from_u128(number),
            at: Timestamp::parse("2026-11-24T08:30:00Z").expect("an instant"),
            country: "EE".to_owned(),
            reason: ErasureReason::CourtOrder,
            cases: vec![Uuid::from_u128(number + 100)],
            children: vec![Uuid::from_u128(number + 200)],
            screenings: Vec::new(),
            concerns: Vec::new(),
        }
    }

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("trm-ledger-{}", crate::store::fresh_id()));
            fs::create_dir(&path).expect("a folder");
            Self(path)
        }
        fn ledger(&self) -> PathBuf {
            self.0.join("erasures")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_was_written_reads_back_and_is_added_to() {
        let folder = Folder::new();
        for number in 1..4 {
            let mut ledger = Ledger::open(&folder.ledger()).expect("opens");
            assert!(matches!(Ledger::open(&folder.ledger()), Err(LedgerError::InUse)));
            ledger.append(&erasure(number)).expect("written");
            assert_eq!(ledger.erasures().last(), Some(&erasure(number)));
        }
        let all: Vec<_> = (1..4).map(erasure).collect();
        assert_eq!(Ledger::read(&folder.ledger()).expect("reads"), all);
        assert!(Ledger::read(&folder.0.join("elsewhere")).is_err(), "no ledger is not an empty one");
    }

    #[test]
    fn any_byte_that_changes_and_any_line_that_goes_is_found() {
        let folder = Folder::new();
        let mut ledger = Ledger::open(&folder.ledger()).expect("opens");
        (1..4).for_each(|it| ledger.append(&erasure(it)).expect("written"));
        drop(ledger);
        let whole = fs::read(folder.ledger()).expect("reads");
        let found = |bytes: &[u8]| {
            fs::write(folder.ledger(), bytes).expect("written");
            let (read, opened) = (Ledger::read(&folder.ledger()), Ledger::open(&folder.ledger()));
            matches!((read, opened), (Err(LedgerError::Damaged(a)), Err(LedgerError::Damaged(b))) if a == b)
        };
        for place in 0..whole.len() {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            assert!(found(&changed), "byte {place}");
        }
        let ends: Vec<usize> = (0..whole.len()).filter(|it| whole[*it] == b'\n').map(|it| it + 1).collect();
        for length in (1..whole.len()).filter(|it| !ends.contains(it)) {
            assert!(found(&whole[..length]), "cut off at {length}");
        }
        assert!(found(&whole[ends[0]..]), "without the first line");
        assert!(found(&[&whole[..ends[0]], &whole[ends[1]..]].concat()), "without the second");
        assert!(!found(&whole));
    }
}
