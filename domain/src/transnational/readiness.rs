//! The readiness record: every safeguard of a move (R47 to R54), attested by somebody on a day. What nobody has
//! attested is not there, and the child does not move.
//!
//! The rooms that will know these facts (risk and safety, durable solutions, guardians, proceedings) do not exist yet;
//! until then each is attested by a professional, by name. R55 is asked for at the handover, R56 at every step.

use serde::{Deserialize, Serialize};

use super::{At, Request};
use crate::{
    AgencyId, Check, Day, ProfessionalId, Refused, Timestamp, Violation,
    directory::Profile,
    rules::{self, Rule},
    text::Country,
    vocabulary::RiskLevel,
};

/// How old a risk assessment may be, in days (R47).
pub const RISK_FRESH_DAYS: i64 = 90;
/// How old an assessment of the family may be, in days (R48).
pub const FAMILY_FRESH_DAYS: i64 = 180;
/// How old the consultation of prosecutor and child may be, in days (R52).
pub const CONSULTED_DAYS: i64 = 30;

/// A fact that somebody stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attested<T> {
    /// The fact.
    pub value: T,
    /// Who attests it.
    pub by: ProfessionalId,
    /// Of which agency.
    pub agency: AgencyId,
    /// When.
    pub at: Timestamp,
}

/// A risk and security assessment (R47).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RiskAssessed {
    /// On what day.
    pub on: Day,
    /// What it found.
    pub level: RiskLevel,
}

/// An assessment of the family there (R48).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FamilyAssessed {
    /// On what day.
    pub on: Day,
    /// By which State: the receiving one.
    pub by_country: Country,
    /// Whether the child goes to no family at all, so that the place of care was assessed instead.
    pub place_of_care: bool,
}

/// Who receives the child (R49).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceivingArrangement {
    /// Whether guardian or carer are known by name.
    pub named: bool,
    /// Whether they accept in writing.
    pub accepted_in_writing: bool,
    /// Whether there is a plan of the reception.
    pub planned: bool,
}

crate::codes! {
    /// A procedure that keeps a child in the country while it runs (R51).
    pub enum BlockingProcedure = "blocking_procedure" {
        ReflectionPeriod = "reflection_period": "Recovery and reflection period",
        AsylumClaim = "asylum_claim": "Asylum claim",
        SuspensiveAppeal = "suspensive_appeal": "Appeal with suspensive effect",
        ResidenceAppeal = "residence_appeal": "Appeal on residence",
    }
}

/// The consultations before a return (R52).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consulted {
    /// When the prosecutor was consulted.
    pub prosecutor_on: Day,
    /// When the child's views were taken.
    pub views_on: Day,
    /// Whether it is written down how they were addressed.
    pub views_addressed: bool,
}

/// Why no document of consent is needed, or that it is there (R53, R54).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacementBasis {
    /// The document of this day.
    Document(Day),
    /// The child goes to a parent (R54).
    Parent,
    /// The child goes to a relative whom the receiving State exempts (R54).
    ExemptRelative,
}

impl PlacementBasis {
    /// The document of the consent: of a day that is named, or of the one that the other side gave in this request (R53).
    pub fn document(dated: Option<Day>, request: &Request) -> Result<Self, Refused> {
        let given = || Some(request.decision.as_ref()?.acceptance()?.consent.as_ref()?.dated);
        let because = "the document of the consent has a day: name it";
        let refused =
            || Refused::Broken(vec![Violation::of(&rules::R53, "/readiness/placement/dated", because)]);
        dated.or_else(given).map(Self::Document).ok_or_else(refused)
    }

    /// A relative whom the receiving State exempts: only where its profile says so, and it is known here (R54).
    pub fn exempt_relative(receiving: Option<&Profile>) -> Result<Self, Refused> {
        let exempts = receiving.is_some_and(|it| it.placement_exempt_relatives.value);
        let because = "the profile of that country exempts no relatives: its consent is needed (R54)";
        let refused = || Refused::Broken(vec![Violation::of(&rules::R53, "/readiness/placement", because)]);
        exempts.then_some(Self::ExemptRelative).ok_or_else(refused)
    }
}

/// Every safeguard of a move. An absent one is unknown, and unknown is no.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Readiness {
    /// R47.
    pub risk: Option<Attested<RiskAssessed>>,
    /// R48.
    pub family: Option<Attested<FamilyAssessed>>,
    /// R49.
    pub receiving: Option<Attested<ReceivingArrangement>>,
    /// R50: whether any assessment found the move unsafe or not in the child's interests.
    pub found_against: Option<Attested<bool>>,
    /// R51: the procedures that run; none is an empty list, not an absent one.
    pub procedures: Option<Attested<Vec<BlockingProcedure>>>,
    /// R52.
    pub consulted: Option<Attested<Consulted>>,
    /// R53 and R54.
    pub placement: Option<Attested<PlacementBasis>>,
}

/// One line of the readiness, for people.
#[derive(Clone, Debug)]
pub struct Safeguard {
    /// The rule.
    pub rule: &'static Rule,
    /// Whether anybody has attested anything.
    pub known: bool,
    /// Why it does not hold; none where it does.
    pub unmet: Option<String>,
}

impl Readiness {
    /// Every safeguard with what is missing, for a move to this country on this day; receiving relatives are exempt only
    /// where its profile says so.
    pub fn safeguards(&self, request: &Request, today: Day) -> Vec<Safeguard> {
        let unknown = "nobody has attested it";
        let fresh =
            |on: Day, days: i64| on <= today && on.0 >= today.0.saturating_sub(time::Duration::days(days));
        let line = |rule: &'static Rule, known: bool, faults: Vec<(bool, &str)>| {
            let fault = faults.into_iter().find(|(broken, _)| *broken).map(|(_, it)| it.to_owned());
            Safeguard { rule, known, unmet: if known { fault } else { Some(unknown.to_owned()) } }
        };
        let risk = self.risk.as_ref().map(|it| it.value);
        let family = self.family.as_ref().map(|it| it.value);
        let receiving = self.receiving.as_ref().map(|it| it.value);
        let against = self.found_against.as_ref().map(|it| it.value);
        let procedures = self.procedures.as_ref().map(|it| &it.value);
        let consulted = self.consulted.as_ref().map(|it| it.value);
        let to = request.to.country;
        vec![
            line(
                &rules::R47,
                risk.is_some(),
                vec![
                    (
                        risk.is_some_and(|it| !fresh(it.on, RISK_FRESH_DAYS)),
                        "the risk assessment is older than 90 days",
                    ),
                    (
                        risk.is_some_and(|it| matches!(it.level, RiskLevel::High | RiskLevel::Critical)),
                        "the risk is high or critical",
                    ),
                ],
            ),
            line(
                &rules::R48,
                family.is_some(),
                vec![
                    (family.is_some_and(|it| !fresh(it.on, FAMILY_FRESH_DAYS)), "it is older than 180 days"),
                    (family.is_some_and(|it| it.by_country != to), "it is not the receiving State's"),
                ],
            ),
            line(
                &rules::R49,
                receiving.is_some(),
                vec![
                    (receiving.is_some_and(|it| !it.named), "nobody who receives the child is named"),
                    (
                        receiving.is_some_and(|it| !it.accepted_in_writing),
                        "there is no acceptance in writing",
                    ),
                    (receiving.is_some_and(|it| !it.planned), "there is no plan of the reception"),
                ],
            ),
            line(
                &rules::R50,
                against.is_some(),
                vec![(against == Some(true), "an assessment found against it")],
            ),
            line(
                &rules::R51,
                procedures.is_some(),
                vec![(
                    procedures.is_some_and(|it| !it.is_empty()),
                    "a procedure runs that keeps the child here",
                )],
            ),
            line(
                &rules::R52,
                consulted.is_some(),
                vec![
                    (
                        consulted.is_some_and(|it| !fresh(it.prosecutor_on, CONSULTED_DAYS)),
                        "the prosecutor was not consulted within 30 days",
                    ),
                    (
                        consulted
                            .is_some_and(|it| !fresh(it.views_on, CONSULTED_DAYS) || !it.views_addressed),
                        "the child's views of the last 30 days are not addressed",
                    ),
                ],
            ),
            self.placement(request, today),
        ]
    }

    fn placement(&self, request: &Request, today: Day) -> Safeguard {
        let basis = self.placement.as_ref().map(|it| it.value);
        let document = request.decision.as_ref().and_then(|it| it.acceptance()?.consent.as_ref());
        let unmet = match basis {
            None => Some("nobody has attested the consent, or that none is needed"),
            // A consent that the other side gave in this very request is the document; any other is attested.
            Some(PlacementBasis::Document(on)) if document.is_some_and(|it| it.dated != on) => {
                Some("the document is not of the day of the decision")
            }
            Some(PlacementBasis::Document(on)) if on > today => Some("the document is dated after the move"),
            Some(_) => None,
        };
        Safeguard { rule: &rules::R53, known: basis.is_some(), unmet: unmet.map(str::to_owned) }
    }

    /// Refuses while one safeguard does not hold; says where no consent is needed (R54).
    pub(super) fn check(&self, check: &mut Check, request: &Request, at: At<'_>) {
        let today = Day(at.country.day_of(at.now));
        for it in self.safeguards(request, today) {
            let Safeguard { rule, unmet, .. } = it;
            check.require(unmet.is_none(), || Violation::of(rule, "/readiness", unmet.unwrap_or_default()));
        }
        let exempt =
            self.placement.as_ref().is_some_and(|it| !matches!(it.value, PlacementBasis::Document(_)));
        check.advise(!exempt, || {
            let because = "no consent is asked for: a parent, or a relative whom the receiving State exempts";
            Violation::of(&rules::R54, "/readiness/placement", because)
        });
    }
}
