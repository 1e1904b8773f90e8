//! The ladder of a request that nobody answers (4.4, R85): five steps, each told once, and on the last the requesting
//! side stops waiting and plans for the child itself.

use super::{Channels, Instrument, acknowledge_within};
use crate::{Day, Timestamp, directory::CountryEntry, text::Country, vocabulary::Urgency};

crate::codes! {
    /// Who is told on a step of the ladder.
    pub enum LadderRecipient = "transnational_ladder" {
        Officer = "officer": "The officer in charge, reminded",
        HeadThere = "head_there": "The head of the requested office",
        OwnOffice = "own_office": "The own focal point or Central Authority",
        CoordinatorHere = "coordinator_here": "The national coordinator here",
        CoordinatorThere = "coordinator_there": "The national coordinator there",
        EuropeanContact = "european_contact": "The Central Authority's contact in the European Judicial Network or the Commission",
        ConsularOrIss = "consular_or_iss": "The consulate or International Social Service",
        RequestingLead = "requesting_lead": "The agency that leads the case: no answer came, the child stays",
    }
}

/// The last step: `no_response` is noted.
pub const LAST_RUNG: u8 = 5;

/// A step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Its number, from 1.
    pub number: u8,
    /// Who is told.
    pub told: Vec<LadderRecipient>,
    /// When the next step is taken if nothing is done; none after the last.
    pub next_at: Option<Timestamp>,
}

impl Rung {
    /// Who stands outside the mechanism and is to be asked now: the office is told, because nobody else can reach them.
    pub fn to_ask(&self) -> Option<LadderRecipient> {
        let outside = |it: &&LadderRecipient| {
            matches!(it, LadderRecipient::EuropeanContact | LadderRecipient::ConsularOrIss)
        };
        self.told.iter().find(outside).copied()
    }
}

/// The step after this many were taken for a duty that is due at an instant, if it is time for one: the first when it is
/// due, each further one as long after the one before as an acknowledgement may take. Where somebody is warned before, that is
/// the first step, and the second is taken when it is due.
pub fn next_rung(
    taken: u8,
    (warn_at, due_at): (Option<Timestamp>, Timestamp),
    urgency: Urgency,
    (channels, other): (&Channels, Country),
    country: &CountryEntry,
    now: Timestamp,
) -> Option<Rung> {
    use LadderRecipient as L;
    let span = acknowledge_within(urgency);
    let step = |at: Timestamp| country.working_time().map_or(now, |it| it.limit(at, span).at);
    let at = match (taken, warn_at.filter(|it| *it < due_at)) {
        (0, Some(early)) => early,
        (_, early) => (usize::from(early.is_some())..taken.into()).fold(due_at, |at, _| step(at)),
    };
    if taken >= LAST_RUNG || now < at {
        return None;
    }
    let number = taken + 1;
    let told = match number {
        1 => vec![L::Officer],
        2 => vec![L::HeadThere, L::OwnOffice],
        3 => vec![L::CoordinatorHere, L::CoordinatorThere],
        4 => {
            let pair = (country.code, other);
            let inside = channels.applies(Instrument::BrusselsIib, pair, Day(country.day_of(now)));
            vec![if inside { L::EuropeanContact } else { L::ConsularOrIss }]
        }
        _ => vec![L::RequestingLead],
    };
    Some(Rung {
        number,
        told,
        next_at: (number < LAST_RUNG).then(|| if at < due_at { due_at } else { step(at) }),
    })
}
