//! Roots and proofs of invented trees, for a verifier of another language to judge: `tests/audit/check.py`.
//!
//! Each line of the input is `seed largest size index first`; leaf `i` of the tree is the text `seed:i`. Each line of the output
//! is the root of `size` leaves, the root of the first `first`, the inclusion proof of `index` and the consistency proof
//! of `first`, all in hexadecimal, separated by spaces, hashes of a proof by commas.

use std::{collections::HashMap, convert::Infallible, io, process::ExitCode};

use data_encoding::HEXLOWER;
use persistence::sealed_log::tree::{self, Hash, Subtree};

/// Every full subtree of a tree, level by level.
fn levels(seed: &str, size: u64) -> Vec<Vec<Hash>> {
    let mut all = vec![(0..size).map(|it| tree::leaf(format!("{seed}:{it}").as_bytes())).collect::<Vec<_>>()];
    while let Some(last) = all.last().filter(|it| it.len() > 1) {
        let next = last.chunks_exact(2).filter_map(|it| Some(tree::node(it.first()?, it.last()?))).collect();
        all.push(next);
    }
    all
}

fn hexadecimal(all: &[Hash]) -> String {
    all.iter().map(|it| HEXLOWER.encode(it)).collect::<Vec<_>>().join(",")
}

fn answer(line: &str, known: &mut HashMap<String, Vec<Vec<Hash>>>) -> Option<String> {
    let mut words = line.split(' ');
    let seed = words.next()?;
    let mut number = || words.next()?.parse::<u64>().ok();
    let (largest, size, index, first) = (number()?, number()?, number()?, number()?);
    let levels = known.entry(seed.to_owned()).or_insert_with(|| levels(seed, largest));
    let mut at = |it: Subtree| -> Result<Hash, Infallible> {
        let level = usize::try_from(it.level).ok().and_then(|level| levels.get(level));
        let index = usize::try_from(it.index).unwrap_or(usize::MAX);
        Ok(level.and_then(|it| it.get(index)).copied().unwrap_or_default())
    };
    let Ok(root) = tree::root(size, &mut at);
    let Ok(before) = tree::root(first, &mut at);
    let Ok(inclusion) = tree::inclusion(index, size, &mut at);
    let Ok(consistency) = tree::consistency(first, size, &mut at);
    let roots = hexadecimal(&[root, before]).replace(',', " ");
    Some(format!("{roots} [{}] [{}]", hexadecimal(&inclusion), hexadecimal(&consistency)))
}

fn main() -> ExitCode {
    let mut known = HashMap::new();
    for line in io::stdin().lines() {
        match line.ok().and_then(|it| answer(&it, &mut known)) {
            Some(text) => println!("{text}"),
            None => return ExitCode::from(2),
        }
    }
    ExitCode::SUCCESS
}
