//! A thousand manipulations of sealed logs: each is found, and located with the leaf hashes that are kept elsewhere; the
//! honest logs among them raise no alarm. Three strengths of whoever manipulates: the rows alone; the rows with the tree;
//! and all of it with the stolen key.

use std::io::Cursor;

use aws_lc_rs::signature::Ed25519KeyPair;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::sealed_log::{CheckpointKey, canonical};

const ORIGIN: &str = "trm.example/ee";
const MADE: &str = "2026-11-24T08:30:00Z";

/// A row: its log, its place in it, and what it says.
#[derive(Clone, Debug)]
struct Row {
    log: LogName,
    xid: u64,
    seq: u64,
    word: u64,
}

impl Row {
    fn text(&self) -> String {
        let row = json!({ "xid": self.xid.to_string(), "seq": self.seq, "code": self.word.to_string(), "case_id": null });
        canonical(self.log, row).expect("an object")
    }

    fn hash(&self) -> Hash {
        tree::leaf(self.text().as_bytes())
    }
}

/// Two logs as they were: what is sealed, the sizes that were signed, and what waits.
#[derive(Clone, Debug)]
struct History {
    sealed: Vec<Row>,
    sizes: Vec<u64>,
    waiting: Vec<Row>,
}

fn key() -> CheckpointKey {
    let pair = Ed25519KeyPair::generate().expect("a key");
    CheckpointKey::new(ORIGIN, pair.to_pkcs8v1().expect("PKCS#8").as_ref()).expect("a key")
}

fn histories() -> impl Strategy<Value = History> {
    let batch = prop::collection::vec((any::<bool>(), 0u64..3), 1..9);
    (prop::collection::vec(batch, 1..9), prop::collection::vec((any::<bool>(), 0u64..3), 0..6)).prop_map(
        |(batches, waiting)| {
            // Sequences leave room, as they do where a transaction was taken back.
            let (mut xid, mut seqs) = (700, BTreeMap::from([(LogName::AccessLog, 0), (LogName::Events, 0)]));
            let mut next = |(access, gap): (bool, u64)| {
                let log = if access { LogName::AccessLog } else { LogName::Events };
                let seq = seqs.entry(log).or_default();
                *seq += 2 + gap;
                xid += 2 * gap;
                Row { log, xid, seq: *seq, word: *seq * 31 }
            };
            let (mut sealed, mut sizes) = (Vec::new(), vec![0]);
            for batch in batches {
                sealed.extend(batch.into_iter().map(&mut next));
                sizes.push(u64::try_from(sealed.len()).expect("small"));
            }
            History { sealed, sizes, waiting: waiting.into_iter().map(&mut next).collect() }
        },
    )
}

/// The lines of a bundle, in the order in which they are written.
#[derive(Clone, Debug, Default)]
struct Shown {
    leaves: Vec<(Hash, Option<String>)>,
    notes: Vec<(u64, String)>,
    waiting: Vec<String>,
}

impl Shown {
    fn honest(history: &History, key: &CheckpointKey) -> Self {
        let leaves = history.sealed.iter().map(|it| (it.hash(), Some(it.text()))).collect();
        let mut it =
            Self { leaves, waiting: history.waiting.iter().map(Row::text).collect(), ..Self::default() };
        it.sign(&history.sizes, key);
        it
    }

    /// Signs these sizes of the leaves as they are now.
    fn sign(&mut self, sizes: &[u64], key: &CheckpointKey) {
        let mut tree = Growing::default();
        let mut roots = vec![tree.root()];
        for (hash, _) in &self.leaves {
            tree.push(*hash);
            roots.push(tree.root());
        }
        let root = |size: &u64| {
            roots.get(usize::try_from(*size).expect("small")).map(|it| (*size, key.sign(*size, it)))
        };
        self.notes = sizes.iter().filter_map(root).collect();
    }

    fn bundle(&self, key: &Verifier) -> String {
        let at = Timestamp::parse(MADE).expect("an instant");
        let mut lines = vec![Line::Format { name: FORMAT.to_owned(), at }];
        let mut notes = self.notes.iter().peekable();
        let mut signed = |size: u64, lines: &mut Vec<Line>| {
            while let Some((_, note)) = notes.next_if(|(it, _)| *it <= size) {
                lines.push(Line::Checkpoint { note: note.clone(), key: key.to_string() });
            }
        };
        signed(0, &mut lines);
        for (index, (hash, entry)) in (0..).zip(&self.leaves) {
            lines.push(Line::Leaf { index, hash: HEXLOWER.encode(hash), entry: entry.clone() });
            signed(index + 1, &mut lines);
        }
        signed(u64::MAX, &mut lines);
        lines.extend(self.waiting.iter().cloned().map(Line::Unsealed));
        let count = |it: usize| u64::try_from(it).expect("small");
        lines.push(Line::End { leaves: count(self.leaves.len()), unsealed: count(self.waiting.len()) });
        lines.iter().map(|it| serde_json::to_string(it).expect("JSON") + "\n").collect()
    }
}

fn looked_at(bundle: &str, known: &mut Known) -> Report {
    verify(&mut Cursor::new(bundle), known).expect("it can be read")
}

/// What is kept outside: hashes of all leaves, and the notes.
fn kept(honest: &Shown, key: &CheckpointKey) -> Known {
    let leaves: Vec<u8> = honest.leaves.iter().flat_map(|(hash, _)| *hash).collect();
    Known {
        keys: vec![key.verifier().clone()],
        leaves: Some(Box::new(Cursor::new(leaves))),
        notes: honest.notes.iter().map(|(_, note)| note.clone()).collect(),
        dated: Vec::new(),
    }
}

/// The first place among the leaves that the findings name.
fn located(report: &Report) -> Option<u64> {
    report
        .findings
        .iter()
        .filter_map(|it| match it {
            Finding::Changed { index }
            | Finding::Removed { index }
            | Finding::Rewritten { index }
            | Finding::CutOff { index } => Some(*index),
            _ => None,
        })
        .min()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strength {
    Rows,
    Tree,
    StolenKey,
}

#[derive(Clone, Copy, Debug)]
enum Deed {
    Change,
    Delete,
    Insert,
    Reorder,
    Truncate,
    Fork,
}

fn deeds() -> impl Strategy<Value = (Deed, Strength)> {
    use Deed as D;
    let deed = prop::sample::select(vec![D::Change, D::Delete, D::Insert, D::Reorder, D::Truncate, D::Fork]);
    (deed, prop::sample::select(vec![Strength::Rows, Strength::Tree, Strength::StolenKey]))
}

/// Does it; gives what is shown afterwards, and the first leaf that is not as it was, if it is one.
fn manipulated(
    history: &History,
    honest: &Shown,
    (deed, strength): (Deed, Strength),
    (a, b): (usize, usize),
    key: &CheckpointKey,
) -> (Shown, Option<u64>) {
    let mut shown = honest.clone();
    let (low, high) = (a.min(b), a.max(b));
    let mut other = history.sealed[a].clone();
    other.word ^= 1;
    let leaf = |it: &Row| (it.hash(), Some(it.text()));
    let mut first = Some(a);
    let rows_only = strength == Strength::Rows;
    match deed {
        Deed::Change if rows_only => shown.leaves[a].1 = Some(other.text()),
        Deed::Change => shown.leaves[a] = leaf(&other),
        Deed::Delete if rows_only => shown.leaves[a].1 = None,
        Deed::Delete => drop(shown.leaves.remove(a)),
        Deed::Insert => {
            // Before the row, in a place that its sequence has left free.
            other.seq -= 1;
            if rows_only {
                shown.waiting.push(other.text());
                first = None;
            } else {
                shown.leaves.insert(a, leaf(&other));
            }
        }
        Deed::Reorder => {
            let (one, two) = (shown.leaves[low].clone(), shown.leaves[high].clone());
            if rows_only {
                (shown.leaves[low].1, shown.leaves[high].1) = (two.1, one.1);
            } else {
                (shown.leaves[low], shown.leaves[high]) = (two, one);
            }
            first = (low != high).then_some(low);
        }
        Deed::Truncate => {
            let cut = shown.leaves.split_off(a);
            if rows_only {
                shown.waiting.splice(0..0, cut.into_iter().filter_map(|(_, entry)| entry));
            }
            let most = u64::try_from(a).expect("small");
            shown.notes.retain(|(size, _)| *size <= most);
        }
        Deed::Fork => {
            let rest = history.sealed.iter().skip(a).map(|it| Row { word: it.word ^ 1, ..it.clone() });
            let rest: Vec<_> =
                rest.map(|it| (if rows_only { [1; 32] } else { it.hash() }, Some(it.text()))).collect();
            shown.leaves.truncate(a);
            shown.leaves.extend(rest);
        }
    }
    if strength == Strength::StolenKey {
        shown.sign(&history.sizes, key);
    }
    (shown, first.map(|it| u64::try_from(it).expect("small")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_manipulation_is_found_and_located_and_nothing_else(
        history in histories(), deed in deeds(), at in any::<[prop::sample::Index; 2]>(),
    ) {
        let key = key();
        let honest = Shown::honest(&history, &key);
        let report = looked_at(&honest.bundle(key.verifier()), &mut kept(&honest, &key));
        prop_assert_eq!(&report.findings, &[], "a false alarm");
        let sizes = (report.leaves, report.compared, report.unsealed);
        let count = |it: usize| u64::try_from(it).expect("small");
        prop_assert_eq!(sizes, (count(history.sealed.len()), count(history.sealed.len()), count(history.waiting.len())));
        prop_assert_eq!(report.checkpoints, count(history.sizes.len()));
        let alone = looked_at(&honest.bundle(key.verifier()), &mut Known::default());
        prop_assert!(alone.findings.is_empty() && !alone.trusted);

        let places = (at[0].index(history.sealed.len()), at[1].index(history.sealed.len()));
        let (shown, first) = manipulated(&history, &honest, deed, places, &key);
        let report = looked_at(&shown.bundle(key.verifier()), &mut kept(&honest, &key));
        match (deed.0, first) {
            (Deed::Reorder, None) => prop_assert_eq!(&report.findings, &[], "nothing was moved"),
            (Deed::Insert, None) => {
                let put_in = report.findings.iter().any(|it| matches!(it, Finding::PutIn { .. }));
                prop_assert!(put_in, "{:?}", report.findings);
            }
            _ => prop_assert_eq!(located(&report), first, "{:?}", report.findings),
        }
        // Whoever kept the last note alone finds it as well, unless only rows were put in.
        if deed.1 == Strength::StolenKey && first.is_some() {
            let notes = honest.notes.last().map(|(_, note)| note.clone()).into_iter().collect();
            let mut witness = Known { keys: vec![key.verifier().clone()], notes, ..Known::default() };
            let report = looked_at(&shown.bundle(key.verifier()), &mut witness);
            prop_assert!(!report.findings.is_empty());
        }
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_checkpoint_that_is_not_of_this_log_is_found(
        history in histories(), which in any::<prop::sample::Index>(), how in 0u8..6,
    ) {
        let (ours, theirs) = (key(), key());
        let honest = Shown::honest(&history, &ours);
        let mut shown = honest.clone();
        let at = which.index(shown.notes.len());
        let (size, note) = shown.notes[at].clone();
        let good = ours.verifier().open(&note).expect("a checkpoint");
        shown.notes[at].1 = match how {
            // By another key.
            0 => theirs.sign(size, &good.root),
            // Of another root, size or log.
            1 => ours.sign(size, &[9; 32]),
            2 => ours.sign(size + 1, &good.root),
            3 => note.replace(ORIGIN, "trm.example/lv"),
            // An earlier one again, or nothing.
            4 => ours.sign(size.wrapping_sub(1), &tree::empty()),
            _ => String::new(),
        };
        let report = looked_at(&shown.bundle(ours.verifier()), &mut kept(&honest, &ours));
        prop_assert!(!report.findings.is_empty());
        let all = shown.bundle(theirs.verifier());
        let alone = looked_at(&all, &mut Known::default());
        prop_assert!(!alone.findings.is_empty(), "the key that the bundle names has signed none of it");
    }

    #[test]
    fn a_bundle_that_is_cut_off_is_not_whole(history in histories(), at in any::<prop::sample::Index>()) {
        let key = key();
        let whole = Shown::honest(&history, &key).bundle(key.verifier());
        let cut = at.index(whole.len() - 1);
        prop_assume!(whole.is_char_boundary(cut));
        let report = looked_at(&whole[..cut], &mut Known::default());
        let not_whole = report.findings.iter().any(|it| matches!(it, Finding::NotWhole { .. }));
        prop_assert!(not_whole, "{:?}", report.findings);
    }

    #[test]
    fn an_older_bundle_need_not_know_what_was_sealed_since(history in histories(), minutes in 0i64..5) {
        let key = key();
        let honest = Shown::honest(&history, &key);
        let mut known = kept(&honest, &key);
        let at = Timestamp::parse(MADE).expect("an instant").plus(Duration::minutes(-minutes));
        known.dated = known.notes.drain(..).map(|it| (at, it)).collect();
        let mut older = honest.clone();
        let last = *history.sizes.iter().rev().nth(1).expect("two sizes");
        older.leaves.truncate(usize::try_from(last).expect("small"));
        older.notes.pop();
        let report = looked_at(&older.bundle(key.verifier()), &mut known);
        let wanted: &[Finding] = if minutes == 0 { &[] } else { &[Finding::CutOff { index: last }] };
        prop_assert_eq!(&report.findings, wanted);
    }
}
