//! Movements of the child (class D4): a route of legs, each from one country to the next.

use serde::{Deserialize, Serialize};

use super::{Content, Filing};
use crate::{
    Check, PartialDate, Violation,
    text::Country,
    vocabulary::{BorderCrossing, ContactRelation, DataClass, EntryKind, MovementPurpose, Transport},
};

/// One leg of a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// From which country.
    pub from: Country,
    /// From which place.
    pub from_place: Option<String>,
    /// To which country; the same for a move inside of it.
    pub to: Country,
    /// To which place.
    pub to_place: Option<String>,
    /// When it began: a year, a month or a day, as far as known.
    pub departed: Option<PartialDate>,
    /// When it ended.
    pub arrived: Option<PartialDate>,
    /// By what.
    pub transport: Option<Transport>,
    /// How a border was crossed.
    pub crossing: Option<BorderCrossing>,
    /// What those who travelled with the child were to it.
    pub with: Vec<ContactRelation>,
}

/// A movement: a route of legs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Why the child was moved.
    pub purpose: MovementPurpose,
    /// The legs, in the order in which they were travelled.
    pub legs: Vec<Leg>,
    /// What else is known, in words.
    pub remarks: Option<String>,
}

impl Movement {
    /// What a summary holds: purpose, countries, by what.
    #[must_use]
    pub fn summary(&self) -> Self {
        let bare = |it: &Leg| Leg { from_place: None, to_place: None, with: Vec::new(), ..it.clone() };
        Self { purpose: self.purpose, legs: self.legs.iter().map(bare).collect(), remarks: None }
    }
}

impl Content for Movement {
    const KIND: EntryKind = EntryKind::Movement;

    fn class(&self) -> DataClass {
        DataClass::D4ExploitationNarrative
    }

    fn check(&self, check: &mut Check, at: &Filing<'_>) {
        check.require(!self.legs.is_empty(), || {
            Violation::plain("route_empty", "/legs", "a movement has at least one leg")
        });
        let joined = self.legs.windows(2).all(|it| it[0].to == it[1].from);
        check.require(joined, || {
            Violation::plain("route_broken", "/legs", "a leg begins where the one before it did not end")
        });
        // What is known of two dates may overlap; only what cannot be is refused.
        let times = self.legs.iter().flat_map(|it| [it.departed, it.arrived]).flatten();
        let mut latest_start = None;
        let ordered = times.fold(true, |ordered, it| {
            let fits = latest_start.is_none_or(|start| it.latest().is_none_or(|end| end >= start));
            latest_start = latest_start.max(it.earliest());
            ordered && fits
        });
        check.require(ordered, || {
            Violation::plain("route_reversed", "/legs", "the child arrives before it has departed")
        });
        let tomorrow = at.now.date().next_day();
        let begun = |it: &Leg| {
            let starts = [it.departed, it.arrived].into_iter().flatten().filter_map(PartialDate::earliest);
            starts.into_iter().all(|day| tomorrow.is_none_or(|limit| day <= limit))
        };
        check.require(self.legs.iter().all(begun), || {
            Violation::plain(
                "in_the_future",
                "/legs",
                "a leg lies in the future; what is planned is no movement yet",
            )
        });
    }
}
