//! What an act comes to: a changed value with its facts and warnings, or every reason why not.

use std::borrow::Cow;

use crate::{CaseId, deadlines::Change, events::Fact, rules::Rule};

/// The outcome of a lawful act: the new value **with** the facts that led to it, the deadlines that it
/// touches and the warnings to show.
#[derive(Clone, Debug)]
pub struct Decided<T> {
    /// The value after the act.
    pub value: T,
    /// What happened, for the log of facts.
    pub facts: Vec<Fact>,
    /// What begins, moves and ends of the duties with a time limit.
    pub deadlines: Vec<Change>,
    /// Good practice that was not kept, and information that the rules owe the caller.
    pub warnings: Vec<Violation>,
}

impl<T> Decided<T> {
    /// A decision that touches no deadline.
    pub fn new(value: T, facts: Vec<Fact>, warnings: Vec<Violation>) -> Self {
        Self { value, facts, deadlines: Vec::new(), warnings }
    }

    /// The same, with what it does to deadlines.
    #[must_use]
    pub fn with_deadlines(self, deadlines: Vec<Change>) -> Self {
        Self { deadlines, ..self }
    }

    /// This act and a second one upon its value: one change with the facts, deadlines and warnings of both.
    #[must_use]
    pub fn then(mut self, second: Self) -> Self {
        self.facts.extend(second.facts);
        self.deadlines.extend(second.deadlines);
        self.warnings.extend(second.warnings);
        Self { value: second.value, ..self }
    }
}

/// One rule that an act breaks or touches, or one value that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// JSON pointer into the request body; empty for the act as a whole.
    pub pointer: Cow<'static, str>,
    /// Stable code of what is wrong: the rule's message code, or a code of its own.
    pub code: &'static str,
    /// The rule, when one stands behind it.
    pub rule: Option<&'static Rule>,
    /// What in this request or record broke it; never personal data.
    pub because: String,
    /// The case that it is about, where it is another one than that of the request.
    pub case: Option<CaseId>,
}

impl Violation {
    /// A broken rule.
    pub fn of(rule: &'static Rule, pointer: &'static str, because: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: rule.message,
            rule: Some(rule),
            because: because.into(),
            case: None,
        }
    }

    /// Values that contradict each other, or a reference to nothing that the caller may know of.
    pub fn plain(code: &'static str, pointer: &'static str, because: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, rule: None, because: because.into(), case: None }
    }
}

impl Violation {
    /// Names the case that it is about.
    #[must_use]
    pub fn about(mut self, case: CaseId) -> Self {
        self.case = Some(case);
        self
    }

    /// The same, where the body is a member of a larger one.
    #[must_use]
    pub fn within(mut self, member: &str) -> Self {
        self.pointer = format!("{member}{}", self.pointer).into();
        self
    }
}

impl<T> Decided<T> {
    /// The same, where the body is a member of a larger one.
    #[must_use]
    pub fn within(mut self, member: &str) -> Self {
        self.warnings = self.warnings.into_iter().map(|it| it.within(member)).collect();
        self
    }
}

/// Why an act was not done. The kinds differ in what the caller can do about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The caller sees the thing and may not do this to it (403).
    NotYours(Vec<Violation>),
    /// The act does not fit the state (409).
    WrongState(Vec<Violation>),
    /// Rules or cross-field checks refuse; all of them are listed (422).
    Broken(Vec<Violation>),
}

impl Refused {
    /// The caller's function does not include this act.
    pub fn not_yours(because: impl Into<String>) -> Self {
        Self::NotYours(vec![Violation::plain("not_your_function", "", because)])
    }

    /// Whoever is let in by an emergency access reads and does nothing.
    pub fn reads_only() -> Self {
        Self::not_yours("an emergency access is for reading")
    }

    /// The act does not fit the state.
    pub fn wrong_state(because: impl Into<String>) -> Self {
        Self::WrongState(vec![Violation::plain("state_conflict", "", because)])
    }

    /// The same, where the body is a member of a larger one.
    #[must_use]
    pub fn within(self, member: &str) -> Self {
        let moved = |all: Vec<Violation>| all.into_iter().map(|it| it.within(member)).collect();
        match self {
            Self::NotYours(all) => Self::NotYours(moved(all)),
            Self::WrongState(all) => Self::WrongState(moved(all)),
            Self::Broken(all) => Self::Broken(moved(all)),
        }
    }

    /// Every violation found.
    pub fn violations(&self) -> &[Violation] {
        match self {
            Self::NotYours(all) | Self::WrongState(all) | Self::Broken(all) => all,
        }
    }
}

/// Collects every broken rule instead of stopping at the first, and the warnings beside them.
#[derive(Debug, Default)]
pub struct Check {
    broken: Vec<Violation>,
    warnings: Vec<Violation>,
}

impl Check {
    /// Refuses unless the claim holds.
    pub fn require(&mut self, holds: bool, violation: impl FnOnce() -> Violation) {
        if !holds {
            self.broken.push(violation());
        }
    }

    /// Warns unless the claim holds.
    pub fn advise(&mut self, holds: bool, violation: impl FnOnce() -> Violation) {
        if !holds {
            self.warnings.push(violation());
        }
    }

    /// The warnings, if nothing was broken.
    pub fn done(self) -> Result<Vec<Violation>, Refused> {
        if self.broken.is_empty() { Ok(self.warnings) } else { Err(Refused::Broken(self.broken)) }
    }
}
