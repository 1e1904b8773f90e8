//! Whom nobody hides behind: ids that were looked up and tell of no agency with a confidential location.

use std::collections::BTreeSet;

use domain::{Timestamp, text::Country};
use quick_cache::sync::Cache;
use uuid::Uuid;

/// For how many seconds an id is known. Whatever becomes confidential was told until then; the node that is asked learns of it
/// after so long at the latest.
const KNOWN: i64 = 5;

/// How many ids are remembered.
const REMEMBERED: usize = 4096;

/// The ids of one node.
pub struct Unhidden {
    known: Cache<(Country, Uuid), i64>,
}

impl Unhidden {
    /// Nobody is known yet.
    pub fn new() -> Self {
        Self { known: Cache::new(REMEMBERED) }
    }

    /// Whether an id was looked up just now, and tells of nobody who hides.
    pub fn knows(&self, country: Country, id: Uuid, now: Timestamp) -> bool {
        let seen = self.known.get(&(country, id));
        seen.is_some_and(|at| (0..KNOWN).contains(&(now.raw().unix_timestamp() - at)))
    }

    /// Remembers ids that tell of nobody who hides.
    pub fn learn(&self, country: Country, ids: &BTreeSet<Uuid>, now: Timestamp) {
        for id in ids {
            self.known.insert((country, *id), now.raw().unix_timestamp());
        }
    }
}

impl Default for Unhidden {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_for_a_few_seconds_and_in_its_country() {
        let at =
            |second: i64| Timestamp::parse(&format!("2026-11-24T08:00:{second:02}Z")).expect("an instant");
        let country = |code| Country::parse(code).expect("a country");
        let (unhidden, id) = (Unhidden::new(), Uuid::from_u128(1));
        assert!(!unhidden.knows(country("EE"), id, at(10)));
        unhidden.learn(country("EE"), &[id].into(), at(10));
        assert!(unhidden.knows(country("EE"), id, at(10)) && unhidden.knows(country("EE"), id, at(14)));
        assert!(!unhidden.knows(country("EE"), id, at(15)), "it may have become confidential");
        assert!(!unhidden.knows(country("EE"), id, at(9)), "the clock went back");
        assert!(!unhidden.knows(country("LV"), id, at(10)));
    }
}
