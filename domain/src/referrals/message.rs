//! Messages between the two sides: written once, read while the referral is open to the reader.

use serde_json::json;

use super::{Referral, ReferralAct, ReferralSide};
use crate::{
    AgencyId, Decided, MessageId, ProfessionalId, ReferralId, Refused, Timestamp, access::Caller,
    events::EventType,
};

/// A message. Its text is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The referral.
    pub referral: ReferralId,
    /// The agency that wrote it.
    pub agency: AgencyId,
    /// Who wrote it.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub text: String,
}

impl Referral {
    /// Writes to the other side.
    pub fn write(
        &self,
        id: MessageId,
        text: String,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Message>, Refused> {
        self.next(ReferralAct::Write, by)?;
        let fact = self.fact(EventType::ReferralMessageSent, json!({ "messageId": id }));
        let message = Message {
            id,
            referral: self.id,
            agency: by.agency,
            professional: by.professional,
            at: now,
            text,
        };
        Ok(Decided::new(message, vec![fact], Vec::new()))
    }

    /// Whether a side reads a message: its own always, others while the content is open to it.
    pub fn message_open_to(&self, side: ReferralSide, caller: &Caller, message: &Message) -> bool {
        self.content_open_to(side) || message.agency == caller.agency
    }
}
