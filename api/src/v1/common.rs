//! Wire types that several rooms share.

use domain::{
    CodeList as _, Timestamp, Version, Violation,
    access::{Depth, Section},
    vocabulary::DataClass,
};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    failure::{Failure, ViolationView},
    http::Answer,
};

/// What a caller may not read, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Withheld)]
pub struct WithheldView {
    /// The class of data.
    pub section: DataClass,
    /// Why.
    pub reason: WithheldReason,
}

impl WithheldView {
    /// That an agency is not named, because it would tell where the child is hidden.
    pub fn hideaway() -> Self {
        Self { section: DataClass::D2Whereabouts, reason: WithheldReason::ConfidentialLocation }
    }
}

domain::codes! {
    /// Why a section is not shown.
    pub enum WithheldReason = "withheld_reason" {
        Role = "role": "The role does not see it",
        AgencyType = "agency_type": "The type of agency does not see it",
        NotDisclosed = "not_disclosed": "It was not disclosed to the agency",
        LegalBasis = "legal_basis": "It needs a recorded legal basis or order",
        Firewall = "firewall": "What was given for care is not read by whoever decides on residence",
        Purpose = "purpose": "The purpose of the token does not carry it",
        CaseBoundToken = "case_bound_token": "It needs a token that is bound to the case",
        StepUp = "step_up": "It needs a professional who was recognised for sure in the last 15 minutes",
        Quota = "quota": "As many children were shown to the professional as in a whole day; whoever acts can act all the same",
        ConfidentialLocation = "confidential_location": "It would tell where the child is hidden: the location of the agency is confidential, and where the child is was not disclosed",
        Ended = "ended": "The agency no longer has the referral; it keeps its own answer only",
    }
}

/// The classes of a case file that exist in this version; of the others nothing is shown.
pub const SERVED: [DataClass; 12] = [
    DataClass::D1Identity,
    DataClass::D2Whereabouts,
    DataClass::D3FamilyContacts,
    DataClass::D4ExploitationNarrative,
    DataClass::D5Indicators,
    DataClass::D6IdentificationDecision,
    DataClass::D7Health,
    DataClass::D11AllegedOffenders,
    DataClass::D12Migration,
    DataClass::D13BestInterestsViews,
    DataClass::D14RiskSafety,
    DataClass::D15ReferralMetadata,
];

/// Therapy notes, recordings of interviews and intelligence: whoever's role has no part in them is not told that there could
/// be some; whoever's role has is told what else keeps them from it.
const NAMED_TO_THEIR_OWN: [DataClass; 3] =
    [DataClass::D8TherapyNotes, DataClass::D9InterviewRecordingLocator, DataClass::D10Intelligence];

/// The classes that are withheld, of those that may be named: from the caller, never from what exists.
pub fn withheld(sections: &[Section]) -> Vec<WithheldView> {
    let named = |it: &Section| {
        SERVED.contains(&it.class)
            || NAMED_TO_THEIR_OWN.contains(&it.class) && it.reason != WithheldReason::Role.code()
    };
    sections
        .iter()
        .filter(|it| it.depth == Depth::None && named(it))
        .filter_map(|it| Some(WithheldView { section: it.class, reason: WithheldReason::parse(it.reason)? }))
        .collect()
}

/// How much of a class a caller sees.
pub fn depth_of(sections: &[Section], class: DataClass) -> Depth {
    sections.iter().find(|it| it.class == class).map_or(Depth::None, |it| it.depth)
}

/// What the tag of a section is made of: its version where all of it is shown; else what is shown, so that nobody learns from
/// a tag that something changed which is kept from them.
pub fn seen_of_section<T: Serialize>(depth: Depth, version: Version, shown: &T) -> String {
    seen_of(depth == Depth::Full, version, shown)
}

/// The same for what is made of several sections: its version for whoever is shown the whole of it, else what is shown.
pub fn seen_of<T: Serialize>(whole: bool, version: Version, shown: &T) -> String {
    if whole { version.0.to_string() } else { serde_json::to_string(shown).unwrap_or_default() }
}

/// Warnings as they are answered.
pub fn warnings(all: &[Violation]) -> Option<Vec<ViolationView>> {
    (!all.is_empty()).then(|| all.iter().map(ViolationView::from).collect())
}

/// An act that the caller may do now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = AllowedAction)]
pub struct AllowedActionView {
    /// The act.
    #[schema(max_length = 40, example = "accept")]
    pub action: &'static str,
    /// Where to do it.
    #[schema(max_length = 200, example = "/v1/referrals/0192f0c1-2345-7abc-8def-0123456789ab/accept")]
    pub href: String,
}

/// An act that is refused now, and why.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BlockedAction)]
pub struct BlockedActionView {
    /// The act.
    #[schema(max_length = 40, example = "decline")]
    pub action: &'static str,
    /// Why.
    #[schema(max_items = 101)]
    pub violations: Vec<ViolationView>,
}

domain::codes! {
    /// What a representation may include on request.
    pub enum Include = "include" {
        BlockedActions = "blockedActions": "Acts that are refused now, with the reasons",
    }
}

/// What to include.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct IncludeQuery {
    /// What to include beside the representation.
    #[param(inline)]
    pub include: Option<Include>,
}

/// As of when.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AsOfQuery {
    /// The instant as of which it was known so, under today's permissions; absent for what is known now.
    #[param(example = "2026-11-24T09:00:00Z")]
    pub as_of: Option<Timestamp>,
}

/// An empty body: the act needs nothing but the ETag.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, validator::Validate)]
#[schema(example = json!({}))]
pub struct Nothing {}

/// Reads a member of a merge patch: present and null is not the same as absent.
pub fn clearable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

/// A list answer with its link to the next page.
pub fn listed<T: Serialize>(page: &T, link: Option<String>) -> Answer {
    let answer = Answer::ok(page);
    match link {
        Some(link) => answer.with(actix_web::http::header::LINK, link),
        None => answer,
    }
}

/// An id from the path; any other spelling is not found.
pub fn path_id<T>(text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    parse(text).ok_or_else(|| Failure::new(&crate::problems::NOT_FOUND))
}

/// Declares a page type: items, and where the next page begins.
macro_rules! page {
    ($(#[doc = $about:literal])+ $name:ident as $wire:ident of $item:ty) => {
        $(#[doc = $about])+
        #[serde_with::skip_serializing_none]
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        #[schema(as = $wire)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// The items.
            #[schema(max_items = 200)]
            pub data: Vec<$item>,
            /// Send it as `cursor` with the same filters to read on; absent on the last page.
            #[schema(max_length = 400, pattern = "^[A-Za-z0-9_-]+$")]
            pub next_cursor: Option<String>,
        }

        impl From<crate::call::Listed<$item>> for $name {
            fn from(it: crate::call::Listed<$item>) -> Self {
                Self { data: it.data, next_cursor: it.next_cursor }
            }
        }
    };
}
pub(crate) use page;

/// The class of what a page shows, if it shows anything.
pub(super) fn shown_if<T>(class: DataClass, items: &[T]) -> Vec<DataClass> {
    items.first().map(|_| class).into_iter().collect()
}
