//! Who can take a need: candidates in order, and the one to whom it goes.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{Agency, Misfit, Moment, Need, Service, Verdict, verdict};
use crate::{AgencyId, ServiceId, vocabulary::ServiceCode};

/// A service that may take a need, with its agency.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The agency.
    pub agency: &'a Agency,
    /// Its service.
    pub service: &'a Service,
}

/// A candidate with what it is to the need.
#[derive(Clone, Debug)]
pub struct Ranked<'a> {
    /// The agency.
    pub agency: &'a Agency,
    /// Its service.
    pub service: &'a Service,
    /// The verdict.
    pub verdict: Verdict,
}

/// Candidates from the best to the worst; where nothing tells them apart, by the id of the service.
pub fn rank<'a>(
    need: &Need,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
    at: Moment,
) -> Vec<Ranked<'a>> {
    let judged = |Candidate { agency, service }| {
        let verdict = verdict(need, agency, service, at);
        Ranked { agency, service, verdict }
    };
    let mut all: Vec<_> = candidates.into_iter().map(judged).collect();
    all.sort_by_key(|it| (Reverse(it.verdict.points), it.service.id));
    all
}

/// To whom a need goes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routed {
    /// The agency.
    pub agency: AgencyId,
    /// The service that is asked first.
    pub service: ServiceId,
    /// What of that which was asked for the agency can take; where it is not all, the rest goes to somebody else.
    pub takes: Vec<ServiceCode>,
    /// Why: what speaks for it, and what people have to look at.
    pub verdict: Verdict,
}

crate::codes! {
    /// Why a need goes to nobody.
    pub enum UnroutedReason = "unrouted_reason" {
        NobodyOffers = "nobody_offers": "Nobody offers what is asked for",
        NobodyFits = "nobody_fits": "Nobody who offers it can take this child",
        EverybodyAsked = "everybody_asked": "Everybody who offers it was asked before",
    }
}

/// Why a need goes to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrouted {
    /// The reason.
    pub reason: UnroutedReason,
    /// What stands in the way of the candidate that comes closest.
    pub closest: Vec<Misfit>,
}

/// The candidate to whom a need goes: competent (agencies of its type take referrals), of the area, and able to meet the
/// need; never one with a hard misfit. An agency that can take more of what is asked comes before one that takes less,
/// then the better verdict. Whoever must not be asked, as the sender itself, is no candidate.
pub fn route<'a>(
    need: &Need,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
    at: Moment,
) -> Result<Routed, Unrouted> {
    let ranked = rank(need, candidates, at);
    let mut takes: BTreeMap<AgencyId, BTreeSet<ServiceCode>> = BTreeMap::new();
    for it in ranked.iter().filter(|it| it.verdict.fits) {
        takes.entry(it.agency.id).or_default().insert(it.service.service);
    }
    let most = takes.values().map(BTreeSet::len).max().unwrap_or_default();
    let best = ranked
        .iter()
        .filter(|it| it.verdict.fits)
        .find(|it| takes.get(&it.agency.id).is_some_and(|it| it.len() == most));
    match best {
        Some(it) => Ok(Routed {
            agency: it.agency.id,
            service: it.service.id,
            takes: takes.remove(&it.agency.id).unwrap_or_default().into_iter().collect(),
            verdict: it.verdict.clone(),
        }),
        None => Err(Unrouted {
            reason: if ranked.is_empty() { UnroutedReason::NobodyOffers } else { UnroutedReason::NobodyFits },
            closest: ranked.first().map(|it| it.verdict.misfits.clone()).unwrap_or_default(),
        }),
    }
}
