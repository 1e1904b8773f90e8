//! What was found, who was told of it, and what another country says.

use serde::{Deserialize, Serialize};

use super::Setting;
use crate::{
    BirthDate, Check, Day, Violation,
    cases::Identity,
    rules,
    text::Country,
    vocabulary::{Act, AgeCertainty, ExploitationType, Means},
};

crate::codes! {
    /// What was found of an element of trafficking.
    pub enum Finding = "finding" {
        Shown = "shown": "Shown",
        NotShown = "not_shown": "Not shown",
        Unclear = "unclear": "Unclear",
    }
}

/// What was found, element by element, and the evidence for it (R13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// Whether an act is shown.
    pub act: Option<Finding>,
    /// Whether a purpose of exploitation is shown.
    pub purpose: Option<Finding>,
    /// The acts.
    pub acts: Vec<Act>,
    /// The purposes.
    pub purposes: Vec<ExploitationType>,
    /// Means, as evidence; never required of a child (R1).
    pub means: Vec<Means>,
    /// Whether the child herself carries the pregnancy, for surrogacy (R2).
    pub child_is_surrogate: Option<bool>,
    /// The evidence, item by item.
    pub evidence: Vec<String>,
}

/// Who was told of a decision, with its reasons and what can be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Informed {
    /// The child.
    pub child: bool,
    /// The guardian or other representative.
    pub guardian: bool,
}

/// A notice or decision of an authority of another country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Foreign {
    /// The country.
    pub country: Country,
    /// The authority.
    pub authority: String,
    /// The document, as that authority names it.
    pub document: String,
    /// The day of the document.
    pub dated: Day,
}

impl Foreign {
    pub(super) fn check(&self, check: &mut Check, at: &Setting<'_>) {
        check.require(self.country != at.country.code, || {
            Violation::plain("not_another_country", "/country", "it is the own country")
        });
        let tomorrow = at.now.date().next_day();
        check.require(tomorrow.is_none_or(|limit| self.dated.0 <= limit), || {
            Violation::plain("in_the_future", "/dated", "it is dated in the future")
        });
        self.check_dated(check, at.child, "/dated");
    }

    /// Nothing is decided of a child before its birth, where nobody doubts the birth date.
    pub(super) fn check_dated(&self, check: &mut Check, child: &Identity, pointer: &'static str) {
        let doubted =
            matches!(child.age_certainty, Some(AgeCertainty::Disputed | AgeCertainty::EstimatedChild));
        let born = child.birth_date.and_then(BirthDate::earliest).filter(|_| !doubted);
        check.require(born.is_none_or(|it| it <= self.dated.0), || {
            Violation::plain("before_birth", pointer, "it is dated before the child was born")
        });
    }
}

impl Informed {
    pub(super) fn check(self, check: &mut Check) {
        check.require(self.child || self.guardian, || {
            Violation::plain(
                "nobody_informed",
                "/informed",
                "neither the child nor its representative was informed",
            )
        });
    }
}

impl Findings {
    /// R13: a finding on each element, and evidence.
    pub(super) fn check(&self, check: &mut Check) {
        let elements = [("/findings/act", self.act), ("/findings/purpose", self.purpose)];
        for (pointer, _) in elements.into_iter().filter(|it| it.1.is_none()) {
            check.require(false, || {
                Violation::of(&rules::R13, pointer, "there is no finding on this element")
            });
        }
        check.require(!self.purposes.contains(&ExploitationType::Mixed), || {
            Violation::of(&rules::R98, "/findings/purposes", "one entry stands for several purposes")
        });
        check.require(!self.evidence.is_empty(), || {
            Violation::of(&rules::R13, "/findings/evidence", "no evidence is listed")
        });
    }

    pub(super) fn both_shown(&self) -> bool {
        self.act == Some(Finding::Shown) && self.purpose == Some(Finding::Shown)
    }

    /// What a positive decision needs beside (R1, R2, R13).
    pub(super) fn check_positive(&self, check: &mut Check) {
        self.check(check);
        check.require(self.act.is_none() || self.purpose.is_none() || self.both_shown(), || {
            Violation::of(&rules::R13, "/findings", "act and purpose are not both shown")
        });
        check.require(!self.acts.is_empty(), || {
            Violation::of(&rules::R13, "/findings/acts", "no act is named")
        });
        check.require(!self.purposes.is_empty(), || {
            Violation::of(&rules::R13, "/findings/purposes", "no purpose is named")
        });
        let surrogacy = |it: &ExploitationType| *it == ExploitationType::Surrogacy;
        let only_surrogacy = !self.purposes.is_empty() && self.purposes.iter().all(surrogacy);
        let excused = self.child_is_surrogate == Some(true) || !self.means.is_empty();
        check.require(!only_surrogacy || excused, || {
            let because = "surrogacy alone, and the child is not the surrogate mother";
            Violation::of(&rules::R2, "/findings/means", because)
        });
        check.advise(!self.means.is_empty() || only_surrogacy, || {
            Violation::of(
                &rules::R1,
                "/findings/means",
                "means are optional for a child and none is recorded",
            )
        });
    }
}
