//! The end of a request that nobody is known to have received (T11): whoever withdraws it then declares it void, and has
//! done with it.
//!
//! The declaration is a message like others, and travels alone: what was written before it is not sent any more. Three
//! things can become of it. The other country has no record: it remembers that the request is void, takes it in no more
//! if it comes after all, and says so; then it is over on both sides. It has a record, which nobody here knew of: there
//! the declaration is a withdrawal that is asked for, and is answered like one. Or a receipt or a message of that record
//! comes first: then the request is no more void here, and waits for the answer to its withdrawal. So in no order of
//! messages does one side work on what the other believes to be over for good.

use super::{At, Body, Message, Receipt, Request, Side};
use crate::{
    Decided, Refused, Timestamp, TransnationalRequestId, Violation,
    vocabulary::TransnationalRequestStatus as S,
};

/// What a country keeps of a request that was declared void before it came there: nothing of the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Void {
    /// The request.
    pub request: TransnationalRequestId,
}

impl Void {
    /// The void that a message declares where there is no record of its request; none by any other message.
    pub fn declared_by(message: &Message) -> Option<Self> {
        let declared =
            message.from == Side::Requesting && message.seq > 1 && matches!(message.body, Body::Voided(_));
        declared.then_some(Self { request: message.request })
    }

    /// The receipt for whatever of it comes from then on, the request itself too: it has no other effect.
    pub fn receipt(self, message: &Message) -> Receipt {
        Receipt {
            request: self.request,
            from: Side::Requested,
            applied: message.seq,
            first_received_at: None,
            void: true,
        }
    }
}

impl Request {
    /// Whether it could not be delivered, or nobody has answered on any step of the ladder while no receipt came.
    pub(super) fn reaches_nobody(&self) -> bool {
        let unanswered = self.status == S::Sent && self.no_response_at.is_some();
        self.status == S::Undeliverable || unanswered
    }

    /// Whether it was declared void and the other country is not known to know of it: until then it may have come after all.
    pub fn void_unconfirmed(&self) -> bool {
        self.void.is_some_and(|declared| self.acknowledged < declared)
    }

    /// Declares it void, in an act that has withdrawn it.
    pub(super) fn declare_void(&mut self, reason: String, at: Timestamp) {
        self.tell(Body::Voided(reason), at);
        (self.void, self.withdrawal) = (self.sent.last().map(|it| it.seq), None);
    }

    /// Somebody has received it: what was declared void is asked to be withdrawn.
    pub(super) fn received_after_all(&mut self) {
        self.withdrawal = self.void.take().or(self.withdrawal);
    }

    /// The other country knows that it is void and will take it in no more.
    pub(super) fn void_there(&self, receipt: Receipt, at: At<'_>) -> Result<Decided<Self>, Refused> {
        let Some(declared) = self.void else {
            let because = "the receipt is for a void that this side has not declared";
            return Err(Refused::Broken(vec![Violation::plain("unknown_receipt", "", because)]));
        };
        let acknowledged = self.acknowledged.max(declared).max(receipt.applied);
        if acknowledged == self.acknowledged {
            return Ok(Decided::new(self.clone(), Vec::new(), Vec::new()));
        }
        let value = Self { acknowledged, ..self.reaching(self.status, at.now) };
        Ok(Decided::new(value, Vec::new(), Vec::new()))
    }
}
