//! The tree against the words of RFC 6962, section 2.1, taken literally, and against its published vectors.

use std::convert::Infallible;

use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::*;

/// MTH(D[n]).
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty(),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(largest_power_below(more.len()));
            node(&naive_root(left), &naive_root(right))
        }
    }
}

/// PATH(m, D[n]).
fn naive_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut path, beside) = if m < k {
        (naive_path(m, left), naive_root(right))
    } else {
        (naive_path(m - k, right), naive_root(left))
    };
    path.push(beside);
    path
}

/// SUBPROOF(m, D[n], b).
fn naive_subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    let (mut proof, beside) = if m <= k {
        (naive_subproof(m, left, known), naive_root(right))
    } else {
        (naive_subproof(m - k, right, false), naive_root(left))
    };
    proof.push(beside);
    proof
}

fn largest_power_below(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

fn leaves(n: usize) -> Vec<Hash> {
    (0..n).map(|it| leaf(&it.to_be_bytes())).collect()
}

fn among(leaves: &[Hash]) -> impl FnMut(Subtree) -> Result<Hash, Infallible> {
    |it| {
        let width = 1usize << it.level;
        let from = usize::try_from(it.index).expect("small") * width;
        Ok(naive_root(&leaves[from..from + width]))
    }
}

fn number(it: usize) -> u64 {
    u64::try_from(it).expect("small")
}

#[test]
fn the_published_vectors_of_certificate_transparency() {
    let entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut growing = Growing::default();
    let at_first = HEXLOWER.encode(&growing.root());
    assert_eq!(at_first, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    for (entry, root) in entries.iter().zip(roots) {
        growing.push(leaf(&HEXLOWER.decode(entry.as_bytes()).expect("hexadecimal")));
        assert_eq!(HEXLOWER.encode(&growing.root()), root, "{} leaves", growing.size());
    }
}

#[test]
fn every_proof_of_every_small_tree_is_that_of_the_definition_and_no_other_is_good() {
    for n in 1..=40 {
        let all = leaves(n);
        let whole = naive_root(&all);
        for m in 0..n {
            let proof = inclusion(number(m), number(n), &mut among(&all)).expect("a proof");
            assert_eq!(proof, naive_path(m, &all), "{m} in {n}");
            for other in 0..n {
                let good = includes(&all[other], number(m), number(n), &proof, &whole);
                assert_eq!(good, other == m, "leaf {other} as {m} of {n}");
                let placed = includes(&all[m], number(other), number(n), &proof, &whole);
                assert_eq!(placed, other == m, "leaf {m} at {other} of {n}");
            }
            let first = m + 1;
            let before = naive_root(&all[..first]);
            let proof = consistency(number(first), number(n), &mut among(&all)).expect("a proof");
            assert_eq!(proof, naive_subproof(first, &all, true), "{first} before {n}");
            for other in 1..=n {
                let then = naive_root(&all[..other]);
                let good = extends(number(first), &then, number(n), &whole, &proof);
                assert_eq!(good, other == first, "the root of {other} as that of {first}");
            }
            assert!(extends(number(first), &before, number(n), &whole, &proof));
        }
    }
}

#[test]
fn what_is_no_place_in_a_tree_is_not_proven() {
    let one = leaf(b"one");
    assert!(!includes(&one, 1, 1, &[], &one) && !includes(&one, 0, 0, &[], &empty()));
    assert!(includes(&one, 0, 1, &[], &one));
    assert!(!extends(0, &empty(), 1, &one, &[]) && !extends(2, &one, 1, &one, &[]));
    assert!(extends(1, &one, 1, &one, &[]));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_proof_proves_nothing(n in 2usize..600, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>(),
                                      at in any::<prop::sample::Index>(), bit in 0usize..256, what in 0u8..4) {
        let all = leaves(n);
        let whole = naive_root(&all);
        let change = |proof: &[Hash]| -> Option<Vec<Hash>> {
            let mut changed = proof.to_vec();
            match what {
                0 => { changed.push(leaf(b"one more")); }
                _ if proof.is_empty() => return None,
                1 => { changed.remove(at.index(proof.len())); }
                2 => { changed[at.index(proof.len())][bit / 8] ^= 1 << (bit % 8); }
                _ => { changed.swap(0, at.index(proof.len())); }
            }
            (changed != proof).then_some(changed)
        };
        let index = a.index(n);
        let proof = inclusion(number(index), number(n), &mut among(&all)).expect("a proof");
        prop_assert!(includes(&all[index], number(index), number(n), &proof, &whole));
        if let Some(changed) = change(&proof) {
            prop_assert!(!includes(&all[index], number(index), number(n), &changed, &whole));
        }
        let first = b.index(n) + 1;
        let before = naive_root(&all[..first]);
        let proof = consistency(number(first), number(n), &mut among(&all)).expect("a proof");
        prop_assert!(extends(number(first), &before, number(n), &whole, &proof));
        if let Some(changed) = change(&proof) {
            prop_assert!(!extends(number(first), &before, number(n), &whole, &changed));
        }
    }
}
