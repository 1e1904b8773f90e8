//! Whether the child is in the country that lets it go. A plan holds no address, by decision: what can be held against it is
//! what the requests about the same case tell of where the child was taken, and since when it lives where it lives.

use super::{Request, Side};
use crate::{Check, Day, Refused, Violation, vocabulary::TransnationalRequestStatus as S};

/// What a country knows of where the child of a case was taken.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// Its requests about the case, of either side.
    pub requests: Vec<Request>,
    /// The day since which the child lives where the case has it; none where that is not known.
    pub lives_here_since: Option<Day>,
}

impl Request {
    /// Nothing is planned or begun for a child that is on its way to another country by another request, or was received
    /// there and has not come back since: by a request of that country, or because the case has new whereabouts of it.
    pub fn check_child_here(&self, moves: &Moves) -> Result<(), Refused> {
        let others = || moves.requests.iter().filter(|it| it.id != self.id);
        let leaving = others().find(|it| it.side == Side::Requesting && it.status == S::InTransit);
        let arrived = others().filter_map(|it| Some((it.transfer.arrived_at?, it)));
        let last = arrived.max_by_key(|(at, _)| *at);
        let back = |on: Day| moves.lives_here_since.is_some_and(|since| on < since);
        let away = last.filter(|(at, it)| it.side == Side::Requesting && !back(Day(at.date())));
        let mut check = Check::default();
        check.require(leaving.is_none(), || {
            let to = leaving.map(|it| it.to.country.to_string()).unwrap_or_default();
            let because = format!(
                "the child is on its way to {to} by another request: nothing else moves it meanwhile"
            );
            Violation::plain("child_not_here", "", because)
        });
        check.require(leaving.is_some() || away.is_none(), || {
            let to = away.map(|(_, it)| it.to.country.to_string()).unwrap_or_default();
            let because = format!(
                "the child was received in {to} by another request; if it has come back, record where it lives since then"
            );
            Violation::plain("child_not_here", "", because)
        });
        check.done().map(|_| ())
    }
}
