//! The hash tree of RFC 6962: roots, proofs of inclusion and of consistency, and how both are verified. Pure: where the
//! hashes lie is the caller's matter.

use aws_lc_rs::digest::{Context, SHA256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// A full subtree: `2^level` leaves, the `index`-th of its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subtree {
    /// Its height; a leaf has none.
    pub level: u32,
    /// How many of its size stand left of it.
    pub index: u64,
}

fn sha256(parts: &[&[u8]]) -> Hash {
    let mut digest = Context::new(&SHA256);
    for it in parts {
        digest.update(it);
    }
    let mut hash = [0; 32];
    hash.iter_mut().zip(digest.finish().as_ref()).for_each(|(to, from)| *to = *from);
    hash
}

/// The hash of an entry.
pub fn leaf(entry: &[u8]) -> Hash {
    sha256(&[&[0], entry])
}

/// The hash of two subtrees beside each other.
pub fn node(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of the tree without leaves.
pub fn empty() -> Hash {
    sha256(&[])
}

/// The largest power of two below a width of two or more.
fn left_of(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

/// The root of the first `size` leaves; `at` gives the hash of any full subtree of them.
pub fn root<E>(size: u64, at: &mut impl FnMut(Subtree) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 { Ok(empty()) } else { range(0, size, at) }
}

fn range<E>(from: u64, until: u64, at: &mut impl FnMut(Subtree) -> Result<Hash, E>) -> Result<Hash, E> {
    let width = until - from;
    if width.is_power_of_two() {
        let level = width.trailing_zeros();
        return at(Subtree { level, index: from >> level });
    }
    let middle = from + left_of(width);
    Ok(node(&range(from, middle, at)?, &range(middle, until, at)?))
}

/// The hashes that lead from a leaf to the root of the first `size` leaves, lowest first. The index is below the size.
pub fn inclusion<E>(
    index: u64,
    size: u64,
    at: &mut impl FnMut(Subtree) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    let (mut from, mut until) = (0, size);
    while until - from > 1 {
        let middle = from + left_of(until - from);
        if index < middle {
            proof.push(range(middle, until, at)?);
            until = middle;
        } else {
            proof.push(range(from, middle, at)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The hashes that show that the first `first` leaves of the first `second` are the same as ever. Neither is zero, and
/// the first is not the larger.
pub fn consistency<E>(
    first: u64,
    second: u64,
    at: &mut impl FnMut(Subtree) -> Result<Hash, E>,
) -> Result<Vec<Hash>, E> {
    let mut proof = Vec::new();
    let (mut from, mut until) = (0, second);
    while first != until {
        let middle = from + left_of(until - from);
        if first <= middle {
            proof.push(range(middle, until, at)?);
            until = middle;
        } else {
            proof.push(range(from, middle, at)?);
            from = middle;
        }
    }
    // Whoever verifies knows the old root; only another subtree must be given.
    if from != 0 {
        proof.push(range(from, until, at)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Whether a proof leads from a leaf to a root.
pub fn includes(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    fn climb(leaf: &Hash, index: u64, from: u64, until: u64, proof: &mut Vec<Hash>) -> Option<Hash> {
        if until - from == 1 {
            return Some(*leaf);
        }
        let beside = proof.pop()?;
        let middle = from + left_of(until - from);
        Some(if index < middle {
            node(&climb(leaf, index, from, middle, proof)?, &beside)
        } else {
            node(&beside, &climb(leaf, index, middle, until, proof)?)
        })
    }
    let mut left = proof.to_vec();
    index < size && climb(leaf, index, 0, size, &mut left).as_ref() == Some(root) && left.is_empty()
}

/// Whether a proof shows that the tree of the second root began as that of the first.
pub fn extends(first: u64, first_root: &Hash, second: u64, second_root: &Hash, proof: &[Hash]) -> bool {
    fn climb(first: u64, old: &Hash, from: u64, until: u64, proof: &mut Vec<Hash>) -> Option<(Hash, Hash)> {
        if first == until {
            let whole = if from == 0 { *old } else { proof.pop()? };
            return Some((whole, whole));
        }
        let beside = proof.pop()?;
        let middle = from + left_of(until - from);
        Some(if first <= middle {
            let (then, now) = climb(first, old, from, middle, proof)?;
            (then, node(&now, &beside))
        } else {
            let (then, now) = climb(first, old, middle, until, proof)?;
            (node(&beside, &then), node(&beside, &now))
        })
    }
    // The lowest hash comes first in a proof, and the walk begins at the root.
    let mut left = proof.to_vec();
    let both =
        (1..=second).contains(&first).then(|| climb(first, first_root, 0, second, &mut left)).flatten();
    both == Some((*first_root, *second_root)) && left.is_empty()
}

/// A tree that grows by one leaf at a time and knows its root: one hash for each full subtree on its right edge.
#[derive(Clone, Debug, Default)]
pub struct Growing {
    size: u64,
    edge: Vec<Hash>,
}

impl Growing {
    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf.
    pub fn push(&mut self, leaf: Hash) {
        let mut whole = leaf;
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.edge.pop() else { break };
            whole = node(&left, &whole);
        }
        self.edge.push(whole);
        self.size += 1;
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        let mut edge = self.edge.iter().rev();
        let Some(last) = edge.next() else { return empty() };
        edge.fold(*last, |right, left| node(left, &right))
    }
}

#[cfg(test)]
mod tests;
