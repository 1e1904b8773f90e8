//! The rule table R1 to R114: one home for every rule's code, class, force, sources, message and remedy.
//!
//! `/v1/rules`, problem details, documents and tests all read this table. The predicates live where the rule is
//! applied; each names its row, and a test holds that no row is applied without being tested both ways.

mod table;
pub(crate) use table::urls;

pub use table::*;

crate::codes! {
    /// Where a rule comes from and how hard it is.
    pub enum RuleClass = "rule_class" {
        Law = "law": "Law: refused when broken",
        SoftLaw = "soft_law": "Law stated softly: a warning that needs a reason",
        GoodPractice = "good_practice": "Good practice",
        Configurable = "configurable": "Set by each country's profile",
        ProjectDefault = "project_default": "Safety default of this project",
    }
}

crate::codes! {
    /// What a rule does when it is broken.
    pub enum RuleForce = "rule_force" {
        Hard = "hard": "The act is refused",
        NeedsReason = "needs_reason": "The act is done when a reason is given",
        Warning = "warning": "The act is done and the answer warns",
        Info = "info": "The answer informs",
    }
}

crate::codes! {
    /// How well a source has been checked.
    pub enum Verification = "verification" {
        TextRead = "text_read": "The legal or standard text itself was read",
        Secondary = "secondary": "A secondary source says so",
        Recalled = "recalled": "Recalled with high confidence, not read again",
        Unverified = "unverified": "Not certain: check before relying on it",
        Proposal = "proposal": "Proposal of this project: no external source sets it",
    }
}

/// A citation of the law or standard behind a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The provision, for example `Directive 2011/36/EU Art. 14(1)`.
    pub citation: &'static str,
    /// Where the instrument can be read; empty where no stable address is known.
    pub url: &'static str,
    /// How well this has been checked.
    pub verification: Verification,
}

/// One rule of the mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `R1` to `R114`.
    pub code: &'static str,
    /// The stable code of its message, for example `views_or_reason`.
    pub message: &'static str,
    /// Where it comes from; a rule may rest on law and practice at once.
    pub classes: &'static [RuleClass],
    /// What it does when broken.
    pub force: RuleForce,
    /// When it applies.
    pub when: &'static str,
    /// What it does.
    pub effect: &'static str,
    /// What it rests on.
    pub sources: &'static [Source],
    /// What would make the act lawful.
    pub remedy: &'static str,
}

impl Rule {
    /// The rule with this code.
    pub fn find(code: &str) -> Option<&'static Self> {
        RULES.iter().copied().find(|it| it.code == code)
    }
}
