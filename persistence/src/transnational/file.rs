//! The sealed part of a record, and its messages.

use std::collections::BTreeMap;

use domain::{
    Reference, Timestamp,
    transnational::{
        Decision, IdentityBlock, Material, Message, Office, Prepared, Readiness, Request, Standstill,
        Suspension, Transfer,
    },
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::StoreError;

/// What a side keeps beside the request itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// What the author gave for the package.
    pub material: Option<Material>,
    /// Who the child is by name, as it goes or came beside the package.
    pub identity: Option<IdentityBlock>,
    /// The safeguards of the move, as they were attested last.
    pub readiness: Option<Readiness>,
    /// Why the own office returned it to its author.
    pub returned: Option<String>,
}

/// Everything of a record that is sealed in one.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Whole {
    pub from: Office,
    pub other_reference: Option<Reference>,
    pub prepared: Prepared,
    pub forwards: u8,
    #[serde(default)]
    pub been_at: Vec<Office>,
    pub officer: Option<String>,
    pub decision: Option<Decision>,
    pub answer: Option<String>,
    pub withdrawal: Option<u32>,
    #[serde(default)]
    pub void: Option<u32>,
    pub pause: Option<Standstill>,
    pub transfer: Transfer,
    pub handed_over_at: Option<Timestamp>,
    pub no_response_at: Option<Timestamp>,
    pub suspension: Suspension,
    pub unexpected: Vec<u32>,
    #[serde(default)]
    pub material: Option<Material>,
    #[serde(default)]
    pub readiness: Option<Readiness>,
    #[serde(default)]
    pub returned: Option<String>,
}

impl Whole {
    pub fn of(it: &Request, extra: &Extra) -> Self {
        Self {
            from: it.from.clone(),
            other_reference: it.other_reference.clone(),
            prepared: it.prepared.clone(),
            forwards: it.forwards,
            been_at: it.been_at.clone(),
            officer: it.officer.clone(),
            decision: it.decision.clone(),
            answer: it.answer.clone(),
            withdrawal: it.withdrawal,
            void: it.void,
            pause: it.pause,
            transfer: it.transfer.clone(),
            handed_over_at: it.handed_over_at,
            no_response_at: it.no_response_at,
            suspension: it.suspension.clone(),
            unexpected: it.unexpected.clone(),
            material: extra.material.clone(),
            readiness: extra.readiness.clone(),
            returned: extra.returned.clone(),
        }
    }
}

/// The messages of a record, in the order of their numbers.
#[derive(Default)]
pub(super) struct Messages {
    pub sent: Vec<Message>,
    came: BTreeMap<u32, Message>,
}

impl Messages {
    pub fn add(&mut self, direction: &str, seq: Option<i32>, text: &Value) -> Result<(), StoreError> {
        let corrupt = || StoreError::corrupt("transnational_messages", "a message that cannot be read");
        let message: Message = serde_json::from_value(text.clone()).map_err(|_| corrupt())?;
        let seq = seq.and_then(|it| u32::try_from(it).ok()).filter(|it| *it == message.seq);
        let seq = seq.ok_or_else(corrupt)?;
        match direction {
            "sent" => self.sent.push(message),
            "received" => drop(self.came.insert(seq, message)),
            _ => return Err(corrupt()),
        }
        Ok(())
    }

    /// What was applied, and what came before something that is missing.
    pub fn received(self) -> (Vec<Message>, Vec<Message>, BTreeMap<u32, Message>) {
        let (mut applied, mut held) = (Vec::new(), BTreeMap::new());
        for (expected, (seq, message)) in (1..).zip(self.came) {
            if seq == expected && held.is_empty() {
                applied.push(message);
            } else {
                held.insert(seq, message);
            }
        }
        (self.sent, applied, held)
    }
}
