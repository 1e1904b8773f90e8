//! What a request still needs before it is sent, per type: shown to the sender, and what sending refuses on.

use super::{RequestPart, Route, rule_of};
use crate::{
    Check, Violation,
    rules::{self, Rule, Source},
    vocabulary::{TransnationalRequestType, Urgency},
};

/// One line of the checklist.
#[derive(Clone, Copy, Debug)]
pub struct ChecklistRow {
    /// The part.
    pub part: RequestPart,
    /// Whether it is there.
    pub present: bool,
    /// Whether sending is refused without it; on the urgency `immediate` a translation may follow.
    pub required: bool,
    /// The rule behind it, where one names this part.
    pub rule: Option<&'static Rule>,
    /// The law that asks for it: the bases of the type.
    pub sources: &'static [super::Base],
}

impl ChecklistRow {
    /// The provisions, for people.
    pub fn cited(&self) -> impl Iterator<Item = &'static Source> {
        self.sources.iter().map(|it| &it.source)
    }
}

/// The parts of a type with what is there of them. A translation is asked for on every way through Central
/// Authorities (R76).
pub fn checklist(
    request_type: TransnationalRequestType,
    route: Route,
    urgency: Urgency,
    given: &[RequestPart],
) -> Vec<ChecklistRow> {
    let row = rule_of(request_type);
    let by_central_authority =
        route == Route::CentralAuthority && !row.parts.contains(&RequestPart::Translation);
    let parts = row.parts.iter().copied().chain(by_central_authority.then_some(RequestPart::Translation));
    parts
        .filter(|part| *part != RequestPart::Translation || route == Route::CentralAuthority)
        .map(|part| ChecklistRow {
            part,
            present: given.contains(&part),
            required: part != RequestPart::Translation || urgency != Urgency::Immediate,
            rule: match part {
                RequestPart::Translation => Some(&rules::R76),
                RequestPart::ChildView => Some(&rules::R24),
                _ => None,
            },
            sources: row.bases,
        })
        .collect()
}

/// Refuses while a required part is missing; a translation that may follow warns.
pub(super) fn check_complete(check: &mut Check, rows: &[ChecklistRow]) {
    for row in rows.iter().filter(|it| !it.present) {
        let part = row.part;
        let missing = || match row.part {
            RequestPart::Translation => Violation::of(
                &rules::R76,
                "/parts",
                "neither a translation nor that the other side accepts the language",
            ),
            _ => Violation::plain("part_missing", "/parts", format!("{part} is missing")),
        };
        // R24 has a check of its own, which says what is missing of the view.
        if row.part == RequestPart::ChildView {
        } else if row.required {
            check.require(false, missing);
        } else {
            check.advise(false, missing);
        }
    }
}
