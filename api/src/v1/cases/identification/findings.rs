//! What was found, and who was told: in requests and in answers.

use domain::{
    identification::{Finding, Findings, Foreign, Informed},
    text::{Country, Line},
    vocabulary::{Act, ExploitationType, Means},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

/// What was found, element by element. For a child act and purpose are enough; means are evidence.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewFindings {
    /// Whether an act is shown.
    pub act: Option<Finding>,
    /// Whether a purpose of exploitation is shown.
    pub purpose: Option<Finding>,
    /// The acts.
    #[schema(max_items = 10)]
    pub acts: Option<Vec<Act>>,
    /// The purposes.
    #[schema(max_items = 20)]
    pub purposes: Option<Vec<ExploitationType>>,
    /// Means, as evidence; never required.
    #[schema(max_items = 10)]
    pub means: Option<Vec<Means>>,
    /// Whether the child herself carries the pregnancy, for surrogacy.
    pub child_is_surrogate: Option<bool>,
    /// The evidence, item by item.
    #[schema(max_items = 100)]
    pub evidence: Option<Vec<Line<300>>>,
}

impl From<NewFindings> for Findings {
    fn from(it: NewFindings) -> Self {
        Self {
            act: it.act,
            purpose: it.purpose,
            acts: it.acts.unwrap_or_default(),
            purposes: it.purposes.unwrap_or_default(),
            means: it.means.unwrap_or_default(),
            child_is_surrogate: it.child_is_surrogate,
            evidence: it.evidence.unwrap_or_default().into_iter().map(String::from).collect(),
        }
    }
}

/// What was found, element by element.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IdentificationFindings)]
#[serde(rename_all = "camelCase")]
pub struct FindingsView {
    /// Whether an act is shown.
    pub act: Option<Finding>,
    /// Whether a purpose of exploitation is shown.
    pub purpose: Option<Finding>,
    /// The acts.
    #[schema(max_items = 10)]
    pub acts: Vec<Act>,
    /// The purposes.
    #[schema(max_items = 20)]
    pub purposes: Vec<ExploitationType>,
    /// Means, as evidence.
    #[schema(max_items = 10)]
    pub means: Vec<Means>,
    /// Whether the child herself carries the pregnancy, for surrogacy.
    pub child_is_surrogate: Option<bool>,
    /// The evidence, item by item.
    #[schema(max_items = 100)]
    pub evidence: Vec<Evidence>,
}

/// A piece of evidence, in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(max_length = 300, example = "The statement of the child.")]
pub struct Evidence(String);

impl From<&Findings> for FindingsView {
    fn from(it: &Findings) -> Self {
        Self {
            act: it.act,
            purpose: it.purpose,
            acts: it.acts.clone(),
            purposes: it.purposes.clone(),
            means: it.means.clone(),
            child_is_surrogate: it.child_is_surrogate,
            evidence: it.evidence.iter().cloned().map(Evidence).collect(),
        }
    }
}

/// Who was told of the decision, its reasons and what can be done about it.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct NewInformed {
    /// The child.
    pub child: bool,
    /// The guardian or other representative.
    pub guardian: bool,
}

impl From<NewInformed> for Informed {
    fn from(it: NewInformed) -> Self {
        Self { child: it.child, guardian: it.guardian }
    }
}

/// Who was told of the decision.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = InformedOfDecision)]
pub struct InformedView {
    /// The child.
    pub child: bool,
    /// The guardian or other representative.
    pub guardian: bool,
}

impl From<Informed> for InformedView {
    fn from(it: Informed) -> Self {
        Self { child: it.child, guardian: it.guardian }
    }
}

/// A notice or decision of a competent authority of another country.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({
    "country": "LV", "authority": "An invented authority", "document": "Notice 7/2026", "dated": "2026-11-20"
}))]
pub struct ForeignNotice {
    /// The country.
    pub country: Country,
    /// The authority.
    pub authority: Line<200>,
    /// The document, as that authority names it.
    pub document: Line<200>,
    /// The day of the document.
    pub dated: domain::Day,
}

impl From<ForeignNotice> for Foreign {
    fn from(it: ForeignNotice) -> Self {
        Self {
            country: it.country,
            authority: it.authority.into(),
            document: it.document.into(),
            dated: it.dated,
        }
    }
}
