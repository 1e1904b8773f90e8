//! Which registered organisation stands at a route in a country, and which of them answers now: focal points and
//! Central Authorities are organisations with a duty roster, never persons (ATD Art. 11(4)).

use super::{Office, Route};
use crate::{
    AgencyId, Check, Violation,
    directory::{Agency, LocalTime},
    rules,
    vocabulary::AgencyType,
};

/// An office at a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachable {
    /// The office, as requests name it.
    pub office: Office,
    /// Whether its duty desk answers at this time.
    pub on_duty: bool,
    /// Whether its roster leaves no minute of the week out, as danger asks for.
    pub around_the_clock: bool,
}

/// The offices of a country that stand at a route: those that answer now first, then in the order of the route's types
/// of agency. Empty where the country has registered none: nobody is asked who is not there.
pub fn reachable(route: Route, agencies: &[Agency], at: LocalTime) -> Vec<Reachable> {
    let place = |it: &Agency| route.offices().iter().position(|known| *known == it.agency_type);
    let mut found: Vec<_> = agencies
        .iter()
        .filter(|it| it.active)
        .filter_map(|it| place(it).map(|place| (!it.on_duty(at), place, it)))
        .collect();
    found.sort_by_key(|(off, place, it)| (*off, *place, it.id));
    found
        .into_iter()
        .map(|(off, _, it)| Reachable {
            office: Office { country: it.country, code: it.code.clone() },
            on_duty: !off,
            around_the_clock: it.around_the_clock(),
        })
        .collect()
}

/// An office of the own country to which a request is given.
#[derive(Clone, Debug)]
pub struct OwnOffice {
    /// The agency.
    pub agency: AgencyId,
    /// The same as requests name it.
    pub office: Office,
    /// What kind of agency it is.
    pub agency_type: AgencyType,
    /// Whether it is never to know of the case here.
    pub barred: bool,
    /// The national coordinator of the country, who hears of what is forwarded again and again.
    pub coordinator: Option<AgencyId>,
}

impl OwnOffice {
    /// R91: whoever is never to know of the case is given nothing about it.
    pub(super) fn check_may_know(&self, check: &mut Check, pointer: &'static str) {
        check.require(!self.barred, || {
            let because = "this office is never to know of the case: nobody there could act on the request";
            Violation::of(&rules::R91, pointer, because)
        });
    }
}
