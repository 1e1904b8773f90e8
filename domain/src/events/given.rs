//! What an act gave of a child to whom: part of the fact of that act, so that the log of facts is the log of disclosures
//! too (Directive (EU) 2016/680 Art. 25; Regulation (EU) 2016/679 Art. 15(1)(c) and 30(1)(d)).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    AgencyId, Timestamp,
    cases::{data_request::DataRequester, emergency::EmergencyReason},
    text::Country,
    vocabulary::{DataClass, LawfulBasis},
};

/// The member of a payload that holds it. Feeds and timelines do not show it: an audience knows that something was given,
/// not on which basis.
const MEMBER: &str = "disclosed";

/// A class that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GivenClass {
    /// The class.
    pub data_class: DataClass,
    /// The lawful bases; none where the act itself is the basis.
    pub lawful_bases: Vec<LawfulBasis>,
}

/// To whom something was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum GivenTo {
    /// An agency of the country.
    Agency {
        /// Which.
        id: AgencyId,
    },
    /// An office of another country.
    Office {
        /// The country.
        country: Country,
        /// The code of the organisation, unique in the country.
        code: String,
    },
    /// Somebody who asked for data of the child (R90).
    Requester {
        /// In which relation to the child.
        requester: DataRequester,
    },
}

/// What was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// To whom.
    pub to: GivenTo,
    /// By whom, where another agency acted: who leads from now on confirms that it was given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from: Option<AgencyId>,
    /// Why, where an emergency is the basis (R94).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub emergency: Option<EmergencyReason>,
    /// Which classes; none where the act does not name them.
    pub classes: Vec<GivenClass>,
    /// Until when it may be read, if that was said.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub until: Option<Timestamp>,
}

impl Given {
    /// These classes, on no basis but the act itself.
    pub fn of(to: GivenTo, classes: impl IntoIterator<Item = DataClass>) -> Self {
        let class = |data_class| GivenClass { data_class, lawful_bases: Vec::new() };
        let classes = classes.into_iter().map(class).collect();
        Self { to, from: None, emergency: None, classes, until: None }
    }

    /// A payload that tells it.
    #[must_use]
    pub fn told_in(&self, mut payload: Value) -> Value {
        payload[MEMBER] = json!(self);
        payload
    }

    /// Takes it out of a payload; none if nothing was given, or if it cannot be read.
    pub fn taken_from(payload: &mut Value) -> Option<Self> {
        serde_json::from_value(payload.as_object_mut()?.remove(MEMBER)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_taken_out_again_and_leaves_the_rest() {
        let given = Given {
            until: Timestamp::parse("2026-11-26T09:00:00Z"),
            ..Given::of(
                GivenTo::Office { country: Country::parse("EE").unwrap(), code: "cp".to_owned() },
                [DataClass::D1Identity],
            )
        };
        let mut payload = given.told_in(json!({ "urgency": "urgent" }));
        assert_eq!(Given::taken_from(&mut payload), Some(given));
        assert_eq!(payload, json!({ "urgency": "urgent" }));
        assert_eq!(Given::taken_from(&mut payload), None);
    }
}
