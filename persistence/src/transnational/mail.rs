//! What carries messages from one side to the other, and the door through which they come in.
//!
//! An act writes its message into the record of its own side, in its own transaction; nothing of the other country is
//! touched there, so that no request waits for another country. Afterwards the worker carries what is not receipted, and
//! goes on until it is: right after the act on this node, and from then on every second. The door knows nothing of
//! where an envelope comes from; another node knocks at the same one.

use diesel::{
    BoolExpressionMethods as _, Connection as _, ExpressionMethods as _, IntoSql as _,
    OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, sql_types::Bool,
};
use domain::{
    AgencyId, Decided, Timestamp, TransnationalRequestId, Violation,
    text::Country,
    transnational::{At, Body, Digest, IdentityBlock, Message, Office, Receipt, Request, Void, canonical},
    vocabulary::TransnationalRequestStatus,
};
use uuid::Uuid;

use super::{Extra, Record, country_of};
use crate::{Context, Store, StoreError, schema::transnational_requests as requests, store::Tx};

/// How often the two sides are served in a row before others have their turn.
const ROUNDS: usize = 8;
/// How long after a failure it is tried again.
const AGAIN_AFTER: time::Duration = time::Duration::minutes(5);

/// A message as it travels: its bytes, their digest, and beside the request itself who the child is.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The canonical bytes of the message.
    pub bytes: Vec<u8>,
    /// Their digest.
    pub digest: Digest,
    /// The canonical bytes of the identity block, with the first message.
    pub identity: Option<Vec<u8>>,
    /// What has sent it to another office since, with the first message: bytes and digest, in the order of their numbers.
    pub readdressed: Vec<(Vec<u8>, Digest)>,
}

/// What became of an envelope.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// It was taken, now or before.
    Receipted(Receipt),
    /// It was refused, and kept as evidence.
    Refused(Vec<Violation>),
    /// The office is not there, or takes no part any more.
    Nobody,
}

impl Envelope {
    /// A message with what goes beside it.
    pub fn of(message: &Message, identity: Option<&IdentityBlock>) -> Self {
        let bytes = canonical(message);
        let beside = identity.filter(|_| matches!(message.body, Body::Sent(_)));
        Self { digest: Digest::of(&bytes), bytes, identity: beside.map(canonical), readdressed: Vec::new() }
    }

    /// The same with what has sent it elsewhere since, if it is the request itself.
    fn readdressed_by(mut self, first: &Message, written: &[Message]) -> Self {
        if matches!(first.body, Body::Sent(_)) {
            let moved = written.iter().filter(|it| matches!(it.body, Body::Readdressed(_)));
            self.readdressed = moved.map(canonical).map(|it| (it.clone(), Digest::of(&it))).collect();
        }
        self
    }
}

impl Store {
    /// Carries everything that waits; what fails is tried again later and keeps nothing else waiting.
    pub fn carry_messages(&self, now: Timestamp) -> Result<usize, StoreError> {
        let (mut carried, mut after) = (0, Uuid::nil());
        while let Some(place) = self.carry_next(after, None, now)? {
            (carried, after) = (carried + 1, place);
        }
        Ok(carried)
    }

    /// Carries what waits of one request, both ways, until nothing is new.
    pub fn carry_request(&self, id: TransnationalRequestId, now: Timestamp) -> Result<(), StoreError> {
        for _ in 0..ROUNDS {
            if self.carry_next(Uuid::nil(), Some(id), now)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// Takes an envelope for an office of a country in, as it comes from elsewhere.
    pub fn deliver(&self, to: Country, envelope: &Envelope, now: Timestamp) -> Result<Delivery, StoreError> {
        let mut session = self.worker()?;
        session.conn.transaction(|conn| {
            let cx = Context::of_mechanism(to, Uuid::nil(), now);
            Tx::new(conn, self.keys(), &cx).door(envelope)
        })
    }

    fn carry_next(
        &self,
        after: Uuid,
        only: Option<TransnationalRequestId>,
        now: Timestamp,
    ) -> Result<Option<Uuid>, StoreError> {
        let mut session = self.worker()?;
        let mut place = None;
        let (any, id) = (only.is_none(), only.map(|it| it.0).unwrap_or_default());
        let done = session.conn.transaction(|conn| {
            let claimed: Option<(Uuid, Uuid, String)> = requests::table
                .filter(requests::carry_at.le(now.raw()))
                .filter(requests::id.gt(after))
                .filter(any.into_sql::<Bool>().or(requests::request_id.eq(id)))
                .order(requests::id)
                .limit(1)
                .for_update()
                .skip_locked()
                .select((requests::id, requests::request_id, requests::country))
                .first(conn)
                .optional()?;
            let Some((row, request, country)) = claimed else { return Ok(()) };
            place = Some(row);
            let cx = Context::of_mechanism(country_of(&country)?, Uuid::nil(), now);
            Tx::new(conn, self.keys(), &cx).carry(TransnationalRequestId(request))
        });
        match done {
            // Somebody acts on it at this very moment: the next round sees what is left.
            Ok(()) | Err(StoreError::Stale | StoreError::Conflict) => Ok(place),
            Err(StoreError::Unavailable) => {
                session.lost = true;
                Err(StoreError::Unavailable)
            }
            // What cannot be carried keeps back nothing of others; it is tried again with the next round.
            Err(error) if place.is_some() => {
                log::error!(target: "trm::transnational", error:% = error; "a message is not carried");
                Ok(place)
            }
            Err(error) => Err(error),
        }
    }
}

impl Tx<'_> {
    /// Carries what a side wrote to the other one, and its receipt back.
    fn carry(&mut self, id: TransnationalRequestId) -> Result<(), StoreError> {
        let Some(mut record) = self.request_of(id)? else { return Ok(()) };
        let there = Context::of_mechanism(record.request.to.country, Uuid::nil(), self.cx.now);
        for message in record.request.unacknowledged().to_vec() {
            let envelope = Envelope::of(&message, record.extra.identity.as_ref());
            let envelope = envelope.readdressed_by(&message, &record.request.sent);
            let delivery = Tx::new(self.conn, self.keys, &there).door(&envelope)?;
            match delivery {
                Delivery::Receipted(receipt) => {
                    let before = record.clone();
                    let country = self.country(before.request.country)?;
                    let at = At { country: &country, by: &self.cx.caller, now: self.cx.now };
                    let Ok(decided) = before.request.acknowledged_by(receipt, at) else { break };
                    self.save_request(&before, &decided, &before.extra)?;
                    record.request = decided.value;
                }
                Delivery::Refused(why) => {
                    log::warn!(target: "trm::transnational", because = why.first().map_or("", |it| it.code); "a message was refused");
                    return self.not_delivered(&record);
                }
                Delivery::Nobody => return self.not_delivered(&record),
            }
        }
        Ok(())
    }

    /// Notes that the request itself could not be delivered (T5). Anything later is tried again.
    fn not_delivered(&mut self, record: &Record) -> Result<(), StoreError> {
        let first = record.request.status == TransnationalRequestStatus::Sent;
        if first {
            let country = self.country(record.request.country)?;
            let at = At { country: &country, by: &self.cx.caller, now: self.cx.now };
            if let Ok(decided) = record.request.mark_undeliverable(at) {
                self.save_request(record, &decided, &record.extra)?;
            }
        }
        // What nobody takes is sent again by the office, to whom it may concern; the rest by itself.
        let again = (!first).then(|| self.cx.now.plus(AGAIN_AFTER).raw());
        diesel::update(requests::table.find(record.row))
            .set(requests::carry_at.eq(again))
            .execute(self.conn)?;
        Ok(())
    }

    /// The door of a country: takes a message in once, whoever brings it, or refuses it and keeps it as evidence.
    fn door(&mut self, envelope: &Envelope) -> Result<Delivery, StoreError> {
        let message = match Message::read(&envelope.bytes, &envelope.digest) {
            Ok(it) => it,
            Err(why) => return self.refuse(envelope, None, why),
        };
        if let Some(record) = self.request_of(message.request)? {
            return self.taken(&record, &message, envelope);
        }
        self.alone_at_the_door(message.request)?;
        match self.request_of(message.request)? {
            Some(record) => self.taken(&record, &message, envelope),
            None => self.without_record(&message, envelope),
        }
    }

    /// What comes for a request of which there is no record: it, its void, or what follows one of them.
    fn without_record(&mut self, message: &Message, envelope: &Envelope) -> Result<Delivery, StoreError> {
        if let Some(void) = self.known_void(message.request)? {
            return Ok(Delivery::Receipted(void.receipt(message)));
        }
        let Some(void) = Void::declared_by(message) else { return self.opened_by(message, envelope) };
        // Nothing is remembered in the name of a country that takes no part here: whoever reaches it is told later.
        if !self.is_reached()? {
            return Ok(Delivery::Nobody);
        }
        self.keep_void(void)?;
        Ok(Delivery::Receipted(void.receipt(message)))
    }

    fn refuse(
        &mut self,
        envelope: &Envelope,
        record: Option<Uuid>,
        why: Vec<Violation>,
    ) -> Result<Delivery, StoreError> {
        self.keep_evidence(envelope, record, &why)?;
        Ok(Delivery::Refused(why))
    }

    fn taken(
        &mut self,
        record: &Record,
        message: &Message,
        envelope: &Envelope,
    ) -> Result<Delivery, StoreError> {
        let country = self.country(self.cx.caller.country)?;
        let at = At { country: &country, by: &self.cx.caller, now: self.cx.now };
        let mut decided = match record.request.receive(message, at) {
            Ok(it) => it,
            Err(refused) => return self.refuse(envelope, Some(record.row), refused.violations().to_vec()),
        };
        if decided.value.from != record.request.from {
            decided.value = match self.office(&decided.value.from) {
                Ok(office) => decided.value.at_agency(office.id),
                Err(StoreError::NotFound) => decided.value.staying_at(&record.request.from, self.cx.now),
                Err(other) => return Err(other),
            };
        }
        self.save_request(record, &decided, &record.extra)?;
        self.relay(&record.request, &decided.value)?;
        self.end_missing_by_arrival(record, &decided.value, &country)?;
        Ok(receipted(&decided))
    }

    /// The office that is to have a request: the last to which it was sent elsewhere and that takes part here, or the one
    /// that it names itself.
    fn addressed(
        &mut self,
        (message, to): (&Message, &Office),
        envelope: &Envelope,
    ) -> Result<Option<(AgencyId, Office, Option<Message>)>, StoreError> {
        let read = |(bytes, digest): &(Vec<u8>, Digest)| Message::read(bytes, digest).ok();
        let moved = envelope.readdressed.iter().rev().filter_map(read);
        let mut all: Vec<(Office, Option<Message>)> = moved
            .filter(|it| it.request == message.request)
            .filter_map(|it| match &it.body {
                Body::Readdressed(to) => Some((to.clone(), Some(it.clone()))),
                _ => None,
            })
            .collect();
        all.push((to.clone(), None));
        for (office, by) in all {
            match self.office(&office) {
                Ok(found) if office.country == self.cx.caller.country => {
                    return Ok(Some((found.id, office, by)));
                }
                Ok(_) | Err(StoreError::NotFound) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(None)
    }

    /// The request itself: the office to which it is addressed has a record of it from now on.
    fn opened_by(&mut self, message: &Message, envelope: &Envelope) -> Result<Delivery, StoreError> {
        let Body::Sent(opening) = &message.body else {
            let because = "the request itself has not come yet";
            return self.refuse(envelope, None, vec![Violation::plain("unknown_request", "", because)]);
        };
        let Some((agency, office, by)) = self.addressed((message, &opening.to), envelope)? else {
            return Ok(Delivery::Nobody);
        };
        let identity = match &envelope.identity {
            None => None,
            Some(bytes) => {
                let block: Option<IdentityBlock> = serde_json::from_slice(bytes).ok();
                let block = block.filter(|it| canonical(it) == *bytes && it.belongs_to(&opening.package));
                let because = "the identity block is not the one that the package names";
                let altered = || vec![Violation::plain("identity_altered", "", because)];
                match block {
                    Some(it) => Some(it),
                    None => return self.refuse(envelope, None, altered()),
                }
            }
        };
        if identity.is_some() != opening.package.identity.is_some() {
            let because = "the package names an identity block that did not come with it";
            return self.refuse(envelope, None, vec![Violation::plain("identity_altered", "", because)]);
        }
        let country = self.country(self.cx.caller.country)?;
        let at = At { country: &country, by: &self.cx.caller, now: self.cx.now };
        let reference = self.fresh_reference()?;
        let to = (agency, office, reference);
        let opened = match &by {
            Some(by) => Request::open_readdressed(message, by, to, at),
            None => Request::open(message, to, at),
        };
        let decided = match opened {
            Ok(it) => it,
            Err(refused) => return self.refuse(envelope, None, refused.violations().to_vec()),
        };
        self.add_request(&decided, &Extra { identity, ..Extra::default() })?;
        Ok(receipted(&decided))
    }
}

fn receipted(decided: &Decided<Request>) -> Delivery {
    decided.value.receipt().map_or(Delivery::Nobody, Delivery::Receipted)
}
