//! Verifying a bundle without the database: order, completeness, signatures; and where it first differs from what is
//! known from elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead, Read},
};

use data_encoding::HEXLOWER;
use domain::Timestamp;
use serde::Deserialize;
use time::Duration;

use super::{
    bundle::{FORMAT, Line},
    checkpoint::{Checkpoint, CheckpointError, Verifier},
    entry::LogName,
    outside::{CheckpointLine, Seals, SealsError},
    tree::{self, Growing, Hash},
};

/// Findings that are told; the first ones locate, the rest repeat.
const MOST_FINDINGS: usize = 100;

/// Whoever exports and whoever seals may have other clocks, and a checkpoint is stored a moment after its time.
const CLOCKS_DIFFER: Duration = Duration::minutes(1);

/// What the verifier knows from elsewhere.
#[derive(Default)]
pub struct Known {
    /// Keys that may sign checkpoints. Where there are none, those that the bundle names are taken at their word.
    pub keys: Vec<Verifier>,
    /// The hashes of all leaves, 32 bytes each.
    pub leaves: Option<Box<dyn Read>>,
    /// Checkpoints that were seen before the bundle was made, as signed notes.
    pub notes: Vec<String>,
    /// Checkpoints with the time of their signature; the bundle need not know of those that are younger than itself.
    pub dated: Vec<(Timestamp, String)>,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// The bundle itself is cut off or not one.
    #[error("line {line}: the bundle is not whole: {what}")]
    NotWhole {
        /// The line.
        line: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A leaf is missing or stands elsewhere.
    #[error("leaf {index}: leaf {found} stands in its place")]
    Place {
        /// The place.
        index: u64,
        /// What stands there.
        found: u64,
    },
    /// A row was changed after it was sealed.
    #[error("leaf {index}: the row is not the one that was sealed")]
    Changed {
        /// The place.
        index: u64,
    },
    /// A row was removed after it was sealed.
    #[error("leaf {index}: the row is gone")]
    Removed {
        /// The place.
        index: u64,
    },
    /// A row that comes before one that is sealed before it, or a second time.
    #[error("leaf {index}: the row is out of order")]
    OutOfOrder {
        /// The place.
        index: u64,
    },
    /// The hash of a leaf is not the one that is kept elsewhere.
    #[error("leaf {index}: its hash is not the one that is kept elsewhere; here the log was rewritten")]
    Rewritten {
        /// The first such place.
        index: u64,
    },
    /// Leaves are missing at the end.
    #[error("leaf {index}: it was sealed and is missing, as is all after it")]
    CutOff {
        /// The first missing place.
        index: u64,
    },
    /// A row that should have been sealed and is not: it was written behind the seal.
    #[error("{log} row {seq}: it is not sealed, though rows after it are; it was put in later")]
    PutIn {
        /// The log.
        log: &'static str,
        /// The row.
        seq: u64,
    },
    /// Leaves that no checkpoint covers.
    #[error("leaf {index}: nobody has signed it")]
    Unsigned {
        /// The first such place.
        index: u64,
    },
    /// A checkpoint that is not good.
    #[error("checkpoint {number} of the bundle: {why}")]
    Checkpoint {
        /// Which, counted from one.
        number: u64,
        /// Why.
        why: CheckpointError,
    },
    /// A checkpoint of another tree, or for another place.
    #[error("checkpoint of {size} leaves: it was signed for other leaves than these")]
    OtherTree {
        /// How many leaves it covers.
        size: u64,
    },
    /// Somebody else was shown another tree of this size.
    #[error("checkpoint of {size} leaves: another one of this size was signed; two histories were shown")]
    Fork {
        /// How many leaves both cover.
        size: u64,
    },
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Report {
    /// When the bundle was made, as it says itself: what came later is not in it.
    pub made: Option<Timestamp>,
    /// How many rows are sealed.
    pub leaves: u64,
    /// How many rows are not sealed yet.
    pub unsealed: u64,
    /// How many good checkpoints cover them.
    pub checkpoints: u64,
    /// How many leaves were compared with hashes that are kept elsewhere.
    pub compared: u64,
    /// Whether a key was known beforehand.
    pub trusted: bool,
    /// What is wrong, the first that were found.
    pub findings: Vec<Finding>,
}

/// What a row says of its own place.
#[derive(Deserialize)]
struct Place<'a> {
    log: &'a str,
    seq: u64,
    xid: &'a str,
}

type Order = (u64, u64);

struct Walk<'a> {
    report: Report,
    known: &'a mut Known,
    tree: Growing,
    /// The last sealed row of each log.
    last: BTreeMap<LogName, Order>,
    notes: u64,
    covered: u64,
    /// Roots that were shown elsewhere, by size.
    elsewhere: BTreeMap<u64, BTreeSet<Hash>>,
    /// How many leaves were certainly sealed when the bundle was made.
    certain: u64,
    rewritten: bool,
    more_elsewhere: bool,
}

impl Known {
    /// What is kept outside the database, with the keys that its checkpoints name.
    pub fn from_seals(seals: &Seals) -> Result<Self, SealsError> {
        let text = std::fs::read_to_string(seals.checkpoints())?;
        let mut known = Self {
            leaves: Some(Box::new(std::io::BufReader::new(std::fs::File::open(seals.leaves())?))),
            ..Self::default()
        };
        for line in text.split_inclusive('\n').filter(|it| it.ends_with('\n')) {
            let line: CheckpointLine = serde_json::from_str(line).map_err(|_| CheckpointError::Malformed)?;
            let key = Verifier::parse(&line.key)?;
            if !known.keys.contains(&key) {
                known.keys.push(key);
            }
            known.dated.push((line.at, line.note));
        }
        Ok(known)
    }
}

/// Verifies a bundle. Fails only where it cannot be read; whatever is wrong with it is a finding.
pub fn verify(bundle: &mut impl BufRead, known: &mut Known) -> io::Result<Report> {
    let report = Report { trusted: !known.keys.is_empty(), ..Report::default() };
    let mut walk = Walk {
        report,
        known,
        tree: Growing::default(),
        last: BTreeMap::new(),
        notes: 0,
        covered: 0,
        elsewhere: BTreeMap::new(),
        certain: 0,
        rewritten: false,
        more_elsewhere: true,
    };
    walk.look_elsewhere();
    let (mut text, mut number, mut ended) = (String::new(), 0, false);
    while bundle.read_line(&mut text)? > 0 {
        number += 1;
        let broken = |what| Finding::NotWhole { line: number, what };
        match serde_json::from_str(text.trim_end_matches('\n')) {
            _ if ended => walk.found(broken("something follows its end")),
            Ok(Line::Format { name, at }) if number == 1 && name == FORMAT => {
                walk.report.made = Some(at);
                walk.look_elsewhere();
            }
            _ if number == 1 => walk.found(broken("it does not begin as a bundle")),
            Ok(Line::Leaf { index, hash, entry }) => walk.leaf(index, &hash, entry.as_deref())?,
            Ok(Line::Checkpoint { note, key }) => walk.checkpoint(&note, &key),
            Ok(Line::Unsealed(entry)) => walk.unsealed(&entry, number),
            Ok(Line::End { leaves, unsealed }) => {
                ended = true;
                if (leaves, unsealed) != (walk.report.leaves, walk.report.unsealed) {
                    walk.found(broken("it has other numbers of rows than it says"));
                }
            }
            Ok(Line::Format { .. }) | Err(_) => walk.found(broken("a line that cannot be read")),
        }
        text.clear();
    }
    if !ended {
        walk.found(Finding::NotWhole { line: number + 1, what: "its end is missing" });
    }
    Ok(walk.end())
}

impl Walk<'_> {
    fn found(&mut self, it: Finding) {
        if self.report.findings.len() < MOST_FINDINGS {
            self.report.findings.push(it);
        }
    }

    fn leaf(&mut self, index: u64, hash: &str, entry: Option<&str>) -> io::Result<()> {
        let place = self.tree.size();
        if index != place {
            self.found(Finding::Place { index: place, found: index });
        }
        let hash: Option<Hash> = HEXLOWER.decode(hash.as_bytes()).ok().and_then(|it| it.try_into().ok());
        match (entry, hash) {
            (None, _) => self.found(Finding::Removed { index: place }),
            (Some(entry), Some(hash)) if tree::leaf(entry.as_bytes()) == hash => self.order(entry, place),
            _ => self.found(Finding::Changed { index: place }),
        }
        let hash = hash.unwrap_or_default();
        self.compare(&hash, place)?;
        self.tree.push(hash);
        self.report.leaves += 1;
        let size = self.tree.size();
        if let Some(roots) = self.elsewhere.get(&size)
            && roots.iter().any(|it| *it != self.tree.root())
        {
            self.found(Finding::Fork { size });
        }
        Ok(())
    }

    /// Opens what others were shown: it counts only under a key that is known.
    fn look_elsewhere(&mut self) {
        let before = self.report.made.map(|it| it.plus(-CLOCKS_DIFFER));
        let undated = self.known.notes.iter().map(|it| (true, it));
        let dated = self.known.dated.iter().map(|(at, it)| (before.is_some_and(|before| *at <= before), it));
        let good: Vec<_> =
            undated.chain(dated).filter_map(|(sure, it)| Some((sure, self.open(it).ok()?))).collect();
        for (sure, it) in good {
            if sure {
                self.certain = self.certain.max(it.size);
            }
            self.elsewhere.entry(it.size).or_default().insert(it.root);
        }
    }

    /// Rows of one log are sealed in the order in which their transactions began, each once.
    fn order(&mut self, entry: &str, index: u64) {
        let Some((log, order)) = place_of(entry) else { return self.found(Finding::Changed { index }) };
        if self.last.get(&log).is_some_and(|last| *last >= order) {
            self.found(Finding::OutOfOrder { index });
        } else {
            self.last.insert(log, order);
        }
    }

    fn compare(&mut self, hash: &Hash, index: u64) -> io::Result<()> {
        let Some(kept) = self.known.leaves.as_mut().filter(|_| self.more_elsewhere) else { return Ok(()) };
        let mut other = [0; 32];
        match kept.read_exact(&mut other) {
            Ok(()) => {
                self.report.compared += 1;
                if other != *hash && !self.rewritten {
                    self.rewritten = true;
                    self.found(Finding::Rewritten { index });
                }
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => self.more_elsewhere = false,
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn checkpoint(&mut self, note: &str, key: &str) {
        self.notes += 1;
        let number = self.notes;
        let named = Verifier::parse(key);
        if !self.report.trusted
            && let Ok(named) = &named
            && !self.known.keys.contains(named)
        {
            self.known.keys.push(named.clone());
            self.look_elsewhere();
        }
        match self.open(note) {
            Err(why) => self.found(Finding::Checkpoint { number, why }),
            Ok(it) => {
                if it.size != self.tree.size() || it.root != self.tree.root() {
                    self.found(Finding::OtherTree { size: it.size });
                } else {
                    self.report.checkpoints += 1;
                    self.covered = it.size;
                }
            }
        }
    }

    /// The checkpoint of a note that one of the keys has signed.
    fn open(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let mut why = CheckpointError::Signature;
        for key in &self.known.keys {
            match key.open(note) {
                Err(error) => why = error,
                good => return good,
            }
        }
        Err(why)
    }

    /// A row without a leaf is good only behind all that is sealed of its log.
    fn unsealed(&mut self, entry: &str, line: u64) {
        self.report.unsealed += 1;
        let Some((log, order)) = place_of(entry) else {
            return self.found(Finding::NotWhole { line, what: "a row that says nothing of its place" });
        };
        if self.last.get(&log).is_some_and(|last| *last >= order) {
            self.found(Finding::PutIn { log: log.name(), seq: order.1 });
        }
    }

    fn end(mut self) -> Report {
        let size = self.tree.size();
        if self.covered < size {
            self.found(Finding::Unsigned { index: self.covered });
        }
        let mut sealed = self.certain;
        if self.known.dated.is_empty()
            && let Some(kept) = self.known.leaves.as_mut().filter(|_| self.more_elsewhere)
        {
            let mut next = [0; 32];
            if kept.read_exact(&mut next).is_ok() {
                sealed = sealed.max(size + 1);
            }
        }
        if sealed > size {
            self.found(Finding::CutOff { index: size });
        }
        self.report
    }
}

fn place_of(entry: &str) -> Option<(LogName, Order)> {
    let it: Place<'_> = serde_json::from_str(entry).ok()?;
    Some((LogName::parse(it.log)?, (it.xid.parse().ok()?, it.seq)))
}

#[cfg(test)]
mod tests;
