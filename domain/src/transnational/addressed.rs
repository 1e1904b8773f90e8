//! To which offices a request was addressed, in their order: the package names the first one for ever, because it is never
//! changed on the way and its digest holds; who has it since is told beside it.

use super::{Body, Office, Request, Side};
use crate::Timestamp;

crate::codes! {
    /// How an office came to have a request.
    pub enum AddressedBy = "transnational_addressed" {
        Package = "package": "The package names it",
        Readdressed = "readdressed": "Sent there by the requesting side, as nobody had received it",
        Forwarded = "forwarded": "Forwarded there by the requested side as the competent authority (R81)",
        OfficeChanged = "office_changed": "Given there inside the requested country",
    }
}

/// An office that was to have a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The office.
    pub office: Office,
    /// How it came to have it.
    pub by: AddressedBy,
    /// Since when, by the clock of the side that says so.
    pub since: Timestamp,
}

impl Request {
    /// Every office of the requested country to which it was addressed, the first one first and the one that has it last;
    /// none while it was not sent.
    pub fn addressees(&self) -> Vec<Addressee> {
        let Some(opening) = self.opening() else { return Vec::new() };
        let first =
            Addressee { office: opening.to.clone(), by: AddressedBy::Package, since: opening.sent_at };
        let further = self.sent.iter().chain(&self.received).filter_map(|it| {
            let (office, by) = match &it.body {
                Body::Readdressed(to) => (to, AddressedBy::Readdressed),
                Body::Forwarded { to, .. } => (to, AddressedBy::Forwarded),
                Body::OfficeChanged(to) if it.from == Side::Requested => (to, AddressedBy::OfficeChanged),
                _ => return None,
            };
            Some(Addressee { office: office.clone(), by, since: it.at })
        });
        let mut all: Vec<_> = further.collect();
        all.sort_by_key(|it| it.since);
        all.insert(0, first);
        all
    }
}
