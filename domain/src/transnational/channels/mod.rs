//! Which channel is open between two States on a day: an instrument that binds both, and the route that it opens
//! (R79). The data is a file, `channels.json`, with how well each row was checked; what nobody has checked binds nobody.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::{Base, Instrument, Route, TYPES, rule_of};
use crate::{
    Check, Day, Violation, rules, rules::Verification, text::Country, vocabulary::TransnationalRequestType,
};

/// That an instrument binds a State, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Binding {
    /// The instrument.
    pub instrument: Instrument,
    /// The State.
    pub state: Country,
    /// Whether it binds at all; a row that says no is there to say so with its source.
    pub binds: bool,
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day, if it has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    /// How well it was checked.
    pub verification: Verification,
    /// Where it comes from.
    pub source: String,
}

/// That an instrument which binds two States does not apply between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Exclusion {
    /// The instrument.
    pub instrument: Instrument,
    /// The two States.
    pub between: [Country; 2],
    /// The first day.
    pub from: Day,
    /// How well it was checked.
    pub verification: Verification,
    /// Where it comes from.
    pub source: String,
}

/// That data may go to a State as if it were one of the European Economic Area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Adequacy {
    /// The State.
    pub state: Country,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub until: Day,
    /// How well it was checked.
    pub verification: Verification,
    /// Where it comes from.
    pub source: String,
}

/// The matrix of all channels.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channels {
    /// What the file is.
    pub about: String,
    /// Who is bound by what.
    pub bindings: Vec<Binding>,
    /// Pairs between which an instrument does not apply.
    pub exclusions: Vec<Exclusion>,
    /// States with an adequate level of data protection.
    pub adequacy: Vec<Adequacy>,
}

/// A channel that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// What may be asked.
    pub request_type: TransnationalRequestType,
    /// On what it rests.
    pub base: &'static Base,
}

crate::codes! {
    /// The ground on which personal data leaves the European Economic Area and the Schengen rules (R95).
    pub enum TransferGround = "transfer_ground" {
        Adequacy = "adequacy": "Decision of the Commission that the level of protection is adequate",
        Safeguards = "safeguards": "Appropriate safeguards in a binding instrument between the authorities",
        PublicInterest = "public_interest": "Important reasons of public interest, recorded (GDPR Art. 49(1)(d))",
        VitalInterest = "vital_interest": "Vital interests of the child, recorded (GDPR Art. 49(1)(f))",
    }
}

crate::codes! {
    /// Who can still be asked where no instrument opens a channel to a country (R79). It is outside the mechanism: nothing of
    /// it is sent from here.
    pub enum OutsideChannel = "outside_channel" {
        Consular = "consular": "The consular or diplomatic way between the two States",
        SocialService = "social_service": "International Social Service, for social work across borders",
        RedCross = "red_cross": "International Committee of the Red Cross, to trace family",
        Police = "police": "Police, by their own channels, for a child who is missing or in danger",
    }
}

impl Channels {
    /// The matrix that comes with this version. A file that cannot be read opens nothing.
    pub fn known() -> &'static Self {
        static KNOWN: OnceLock<Channels> = OnceLock::new();
        KNOWN.get_or_init(|| serde_json::from_str(include_str!("channels.json")).unwrap_or_default())
    }

    /// Whether a State is in the matrix at all.
    pub fn knows(&self, state: Country) -> bool {
        self.bindings.iter().any(|it| it.state == state)
    }

    /// Whether an instrument binds a State on a day, as far as somebody has checked it.
    pub fn binds(&self, instrument: Instrument, state: Country, on: Day) -> bool {
        let mut rows = self.bindings.iter().filter(|it| it.instrument == instrument && it.state == state);
        rows.any(|it| {
            it.binds
                && it.verification != Verification::Unverified
                && it.from.is_some_and(|from| from <= on)
                && it.until.is_none_or(|until| on <= until)
        })
    }

    /// Whether an instrument applies between two States on a day: it binds both, and nothing excludes the pair.
    pub fn applies(&self, instrument: Instrument, (a, b): (Country, Country), on: Day) -> bool {
        let excluded = self
            .exclusions
            .iter()
            .any(|it| it.instrument == instrument && it.from <= on && [[a, b], [b, a]].contains(&it.between));
        a != b && !excluded && self.binds(instrument, a, on) && self.binds(instrument, b, on)
    }

    /// The channels that are open for a type between two States on a day, the preferred one first.
    pub fn open(
        &self,
        request_type: TransnationalRequestType,
        pair: (Country, Country),
        on: Day,
    ) -> Vec<Channel> {
        let bases = rule_of(request_type).bases.iter();
        bases
            .filter(|base| self.applies(base.instrument, pair, on))
            .map(|base| Channel { request_type, base })
            .collect()
    }

    /// What else can be asked between two States on a day: shown where a type has no channel.
    pub fn alternatives(&self, pair: (Country, Country), on: Day) -> Vec<Channel> {
        TYPES.iter().flat_map(|it| self.open(it.request_type, pair, on)).collect()
    }

    /// Whether data that goes to a State stays under the same law of data protection, so that no ground is needed.
    pub fn same_data_protection(&self, state: Country, on: Day) -> bool {
        self.binds(Instrument::DataProtection, state, on)
    }

    /// R79: the channel by which a request goes; none open is refused with what is open instead.
    pub(super) fn check_channel(
        &self,
        check: &mut Check,
        (request_type, route): (TransnationalRequestType, Route),
        pair: (Country, Country),
        on: Day,
    ) {
        let open = self.open(request_type, pair, on);
        let fits = open.iter().any(|it| it.base.routes.contains(&route));
        check.require(fits, || {
            let all = self.alternatives(pair, on);
            let other = if open.is_empty() { &all } else { &open };
            let named: Vec<_> = other.iter().flat_map(Channel::named).collect();
            let named = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
            let (from, to) = pair;
            let because = format!(
                "no channel by {route} for {request_type} from {from} to {to} on {on}; what is open instead: {named}"
            );
            Violation::of(&rules::R79, "/route", because)
        });
    }

    /// R95: a ground for the transfer where the other State has another law of data protection.
    pub(super) fn check_transfer(
        &self,
        check: &mut Check,
        to: Country,
        ground: Option<TransferGround>,
        on: Day,
    ) {
        let adequate = || {
            let mut rows = self.adequacy.iter();
            rows.any(|it| {
                it.state == to
                    && it.from <= on
                    && on <= it.until
                    && it.verification != Verification::Unverified
            })
        };
        let lawful = self.same_data_protection(to, on)
            || ground.is_some_and(|it| it != TransferGround::Adequacy || adequate());
        check.require(lawful, || {
            let because = match ground {
                None => {
                    format!("{to} is outside the European rules of data protection, and no ground is named")
                }
                Some(_) => format!("no decision on the adequate protection in {to} has been checked"),
            };
            Violation::of(&rules::R95, "/transferGround", because)
        });
    }
}

impl Channel {
    fn named(&self) -> impl Iterator<Item = String> {
        let (request_type, instrument) = (self.request_type, self.base.instrument);
        self.base.routes.iter().map(move |route| format!("{request_type} by {route} ({instrument})"))
    }
}
