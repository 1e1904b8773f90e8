//! Passing a child's data on to a further country: the chain is visible, goes nowhere twice, and what may be passed on
//! is bounded by what its origin allowed.

use serde::{Deserialize, Serialize};

use super::{Office, Request};
use crate::{
    Check, Refused, Timestamp, TransnationalRequestId, Violation, referrals::HandlingCaveat, rules,
    text::Country, vocabulary::DataClass,
};

/// The longest chain: who is asked after so many countries is asked by the origin itself.
pub const MOST_HOPS: usize = 5;

/// What whoever receives something may pass on to a further country.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PassOn {
    /// The classes; none: nothing may be passed on without asking.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<DataClass>,
    /// To which countries; none named while classes are: nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Country>,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Hop {
    /// The request by which it came here or goes on.
    pub request: TransnationalRequestId,
    /// Who passed it on.
    pub from: Office,
    /// To whom.
    pub to: Office,
    /// When.
    pub at: Timestamp,
}

/// The chain of requests by which the data of a child came here. A request that follows from none has no hops.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Chain {
    /// The steps before this request, the origin first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hops: Vec<Hop>,
    /// What the receiver may pass on.
    #[serde(default)]
    pub pass_on: PassOn,
    /// The classes that may be in this very package; nothing said where it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<Vec<DataClass>>,
}

/// R113: whoever knows a child by requests of other countries names one of them when a further country is asked, so that
/// what its origin allowed binds. Back to a country of which it has the data it asks without.
pub fn check_onward(came_from: &[Country], to: Country, named: bool) -> Result<(), Refused> {
    let mut check = Check::default();
    check.require(named || came_from.is_empty() || came_from.contains(&to), || {
        let because = "the case was opened from the request of another country, which is not named";
        Violation::of(&rules::R113, "/onwardOf", because)
    });
    check.done().map(|_| ())
}

/// What was called back, or is suspended, is not passed on any more: asked again whenever a request that goes on with it is
/// submitted or sent.
pub fn check_origin_open(origin: Option<&Request>) -> Result<(), Refused> {
    let mut check = Check::default();
    check.require(origin.is_none_or(Request::content_open), || {
        let because = "the request by which the child's data came here is called back or suspended";
        Violation::plain("not_to_be_passed_on", "", because)
    });
    check.done().map(|_| ())
}

impl Chain {
    /// A first request, and what its receiver may pass on.
    pub fn beginning(pass_on: PassOn) -> Self {
        Self { hops: Vec::new(), pass_on, bound: None }
    }

    /// Where it began; none for a first request.
    pub fn origin(&self) -> Option<&Office> {
        self.hops.first().map(|it| &it.from)
    }

    /// The chain of a request by which what this one brought is passed on. The bound never grows: what the next
    /// receiver may pass on is at most what this one might.
    pub fn passed_on(
        &self,
        hop: Hop,
        further: PassOn,
        caveats: &[HandlingCaveat],
        (to, at): (Office, Timestamp),
    ) -> Result<Self, Refused> {
        let mut check = Check::default();
        check.require(!caveats.contains(&HandlingCaveat::DoNotPassOn), || {
            let because = "the sender wants to be asked before it is passed on";
            Violation::plain("not_to_be_passed_on", "/handling", because)
        });
        check.require(self.pass_on.countries.contains(&to.country), || {
            let because = format!("the origin did not allow to pass it on to {}", to.country);
            Violation::plain("not_to_be_passed_on", "/toCountry", because)
        });
        let been = self.hops.iter().chain([&hop]);
        let looped = been.flat_map(|it| [it.from.country, it.to.country]).any(|it| it == to.country);
        check.require(!looped, || {
            Violation::plain("chain_loops", "/toCountry", format!("{} has had it in this chain", to.country))
        });
        check.require(self.hops.last().is_none_or(|it| it.to.country == hop.from.country), || {
            Violation::plain("chain_broken", "/chain", "the last step did not lead to who passes it on")
        });
        let once = !self.hops.iter().any(|it| it.request == hop.request);
        check.require(once, || {
            Violation::plain("chain_loops", "/chain", "the request is in the chain already")
        });
        check.require(self.hops.len() < MOST_HOPS, || {
            Violation::plain(
                "chain_too_long",
                "/chain",
                format!("after {MOST_HOPS} countries the origin is asked"),
            )
        });
        check.done()?;
        let mut hops = self.hops.clone();
        hops.push(Hop { at, ..hop });
        let kept = |it: &DataClass| self.pass_on.classes.contains(it);
        let pass_on = PassOn {
            classes: further.classes.into_iter().filter(kept).collect(),
            countries: further
                .countries
                .into_iter()
                .filter(|it| self.pass_on.countries.contains(it))
                .collect(),
        };
        Ok(Self { hops, pass_on, bound: Some(self.pass_on.classes.clone()) })
    }

    /// R75 for what is passed on: no class beyond the bound of the origin.
    pub fn check_bound(&self, check: &mut Check, classes: &[DataClass]) {
        let Some(bound) = &self.bound else { return };
        for class in classes.iter().filter(|it| !bound.contains(it)) {
            check.require(false, || {
                let because = format!("the origin did not allow to pass {class} on");
                Violation::of(&rules::R75, "/disclosures", because)
            });
        }
    }
}
