//! Requests between countries: one record for each side, in its own country; what crosses is carried by `mail`.

mod evidence;
mod file;
mod list;
mod mail;
mod offices;
mod onward;
mod stored;
mod time_limits;
mod void;

pub use file::Extra;
pub use list::{RequestFilter, RequestLine};
pub use mail::{Delivery, Envelope};

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _,
    dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, Decided, TransnationalRequestId,
    cases::Case,
    directory::Agency,
    text::Country,
    transnational::{At, Moves, Office, Request, UNDER_WAY},
    vocabulary::{TransnationalRequestStatus, TransnationalRequestType},
};
use uuid::Uuid;

use self::{
    file::Whole,
    stored::{Row, Standing},
};
use crate::{
    StoreError, rows,
    schema::{agencies, deadlines, transnational_messages as messages, transnational_requests as requests},
    sealing::Sealed,
    store::{Tx, fresh_id},
};

/// One side's record as it is stored: the request, and what this side keeps for itself.
#[derive(Clone, Debug)]
pub struct Record {
    /// The id of the row, which never leaves the node.
    pub(crate) row: Uuid,
    /// The request.
    pub request: Request,
    /// What never crosses as it is.
    pub extra: Extra,
}

impl Record {
    /// The same record after an act.
    #[must_use]
    pub fn after(&self, request: Request, extra: Extra) -> Self {
        Self { row: self.row, request, extra }
    }
}

impl Tx<'_> {
    /// Stores a new request with its facts; what it wrote is carried as soon as it is committed.
    pub fn add_request(&mut self, decided: &Decided<Request>, extra: &Extra) -> Result<(), StoreError> {
        let (row, request) = (fresh_id(), &decided.value);
        let key = self.new_data_key(row, Sealed::Transnational)?;
        let sealed = key.seal(row, &Whole::of(request, extra))?;
        let identity = match &extra.identity {
            Some(block) => Some(self.new_data_key(row, Sealed::Identity)?.seal(row, block)?),
            None => None,
        };
        let stored = Row::of(row, request, (sealed, identity), self.cx.now);
        insert_into(requests::table).values(stored).execute(self.conn)?;
        self.add_messages(row, None, request)?;
        self.settle(decided)
    }

    /// A request of which the caller's agency is the office or leads the case.
    pub fn transnational_request(&mut self, id: TransnationalRequestId) -> Result<Record, StoreError> {
        let found = self.request_of(id)?.ok_or(StoreError::NotFound)?;
        let (caller, it) = (&self.cx.caller, &found.request);
        let concerned = it.concerns(caller.agency);
        let hidden = caller.case.is_some_and(|case| it.case != Some(case))
            || it.case.is_some_and(|case| self.is_barred(case));
        if !concerned || hidden {
            return Err(StoreError::NotFound);
        }
        self.cx.standings.note_about(it.case);
        Ok(found)
    }

    /// The record of the caller's country, whoever asks: for the mechanism itself.
    pub(crate) fn request_of(&mut self, id: TransnationalRequestId) -> Result<Option<Record>, StoreError> {
        let row: Option<Row> = requests::table
            .filter(requests::request_id.eq(id.0))
            .filter(requests::country.eq(self.cx.caller.country.as_str()))
            .select(Row::as_select())
            .first(self.conn)
            .optional()?;
        row.map(|it| self.unsealed(it)).transpose()
    }

    fn unsealed(&mut self, row: Row) -> Result<Record, StoreError> {
        let key = self.data_key(row.id, Sealed::Transnational)?;
        let whole: Whole = key.read(row.id, &row.sealed)?;
        let identity = match &row.identity_sealed {
            Some(sealed) => Some(self.data_key(row.id, Sealed::Identity)?.read(row.id, sealed)?),
            None => None,
        };
        let written: Vec<(Uuid, String, Option<i32>, Vec<u8>)> = messages::table
            .filter(messages::record_id.eq(row.id))
            .filter(messages::direction.ne("refused"))
            .order((messages::direction, messages::seq))
            .select((messages::id, messages::direction, messages::seq, messages::sealed))
            .load(self.conn)?;
        let mut all = file::Messages::default();
        for (id, direction, seq, sealed) in written {
            all.add(&direction, seq, &key.read::<serde_json::Value>(id, &sealed)?)?;
        }
        let id = row.id;
        let (request, extra) = row.read(whole, all, identity)?;
        Ok(Record { row: id, request, extra })
    }

    /// Stores a request after an act or a message, if nobody else changed it; with what was written anew.
    pub fn save_request(
        &mut self,
        before: &Record,
        decided: &Decided<Request>,
        extra: &Extra,
    ) -> Result<(), StoreError> {
        let (row, request) = (before.row, &decided.value);
        let unchanged = *request == before.request && *extra == before.extra;
        if unchanged {
            return Ok(());
        }
        let key = self.data_key(row, Sealed::Transnational)?;
        let sealed = key.seal(row, &Whole::of(request, extra))?;
        let identity = match &extra.identity {
            Some(block) => Some(self.data_key_made(row, Sealed::Identity)?.seal(row, block)?),
            None => None,
        };
        let standing = Row::of(row, request, (sealed, identity), self.cx.now).standing();
        let seen = before.request.version.0;
        let moved = before.request.office != request.office;
        if moved {
            // Whoever forwards it does not see it any more: neither the record nor what is owed for it.
            self.across(|tx| {
                tx.save_standing(row, seen, standing)?;
                tx.save_deadlines(&decided.deadlines)?;
                tx.duties_follow_office(before, request)
            })?;
        } else {
            // Of two who act at once the second is stale, before it opens what the first has opened.
            self.save_standing(row, seen, standing)?;
            self.save_deadlines(&decided.deadlines)?;
        }
        self.add_messages(row, Some(&before.request), request)?;
        self.record(&decided.facts)?;
        let sent = before.request.sent_at.is_none() && request.sent_at.is_some();
        if sent && request.request_type == TransnationalRequestType::DangerNotice {
            self.warned_by(request)?;
        }
        if sent { self.tell_origin(request) } else { Ok(()) }
    }

    /// A danger notice warns that country of every child of the case that did not arrive there (R77).
    fn warned_by(&mut self, notice: &Request) -> Result<(), StoreError> {
        let Some(case) = notice.case else { return Ok(()) };
        let country = self.country(notice.country)?;
        // The move may go by another office, which owes nothing more for it either.
        self.across(|tx| {
            let on_the_way: Vec<Row> = requests::table
                .filter(requests::case_id.eq(case.0))
                .filter(requests::country.eq(notice.country.as_str()))
                .filter(requests::other_country.eq(notice.to.country.as_str()))
                .filter(requests::status.eq(rows::text(TransnationalRequestStatus::InTransit)))
                .select(Row::as_select())
                .load(tx.conn)?;
            for row in on_the_way {
                let record = tx.unsealed(row)?;
                let at = At { country: &country, by: &tx.cx.caller, now: tx.cx.now };
                if let Some(warned) = record.request.warned(at) {
                    tx.save_request(&record, &warned, &record.extra)?;
                }
            }
            Ok(())
        })
    }

    fn save_standing(&mut self, row: Uuid, seen: i32, standing: Standing) -> Result<(), StoreError> {
        let changed = diesel::update(requests::table.find(row))
            .filter(requests::version.eq(seen))
            .set(standing)
            .execute(self.conn)?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// What the office owed before it forwarded the request is owed by the one that has it now.
    fn duties_follow_office(&mut self, before: &Record, after: &Request) -> Result<(), StoreError> {
        let (from, to) = (before.request.office.0, after.office.0);
        let open = || {
            deadlines::table
                .filter(deadlines::subject_id.eq(after.id.0))
                .filter(deadlines::country.eq(after.country.as_str()))
                .filter(deadlines::closed_at.is_null())
        };
        diesel::update(open().filter(deadlines::agency_id.eq(from)))
            .set(deadlines::agency_id.eq(to))
            .execute(self.conn)?;
        diesel::update(open().filter(deadlines::answers_to_id.eq(from)))
            .set(deadlines::answers_to_id.eq(to))
            .execute(self.conn)?;
        diesel::update(open().filter(deadlines::watcher_id.eq(from)))
            .set(deadlines::watcher_id.eq(to))
            .execute(self.conn)?;
        Ok(())
    }

    /// Keeps what this side wrote and received since before, byte for byte.
    fn add_messages(&mut self, row: Uuid, before: Option<&Request>, now: &Request) -> Result<(), StoreError> {
        let key = self.data_key(row, Sealed::Transnational)?;
        let known = |from: fn(&Request) -> Vec<u32>| before.map(from).unwrap_or_default();
        let sent = known(|it| it.sent.iter().map(|it| it.seq).collect());
        let received = known(|it| it.received.iter().chain(it.held.values()).map(|it| it.seq).collect());
        let new_sent = now.sent.iter().filter(|it| !sent.contains(&it.seq)).map(|it| ("sent", it));
        let came = now.received.iter().chain(now.held.values());
        let new_received = came.filter(|it| !received.contains(&it.seq)).map(|it| ("received", it));
        for (direction, message) in new_sent.chain(new_received) {
            let envelope = Envelope::of(message, None);
            let id = fresh_id();
            insert_into(messages::table)
                .values((
                    messages::id.eq(id),
                    messages::country.eq(now.country.as_str()),
                    messages::record_id.eq(row),
                    messages::direction.eq(direction),
                    messages::seq.eq(i32::try_from(message.seq).unwrap_or(i32::MAX)),
                    messages::kind.eq(message.body.kind().to_string()),
                    messages::at.eq(self.cx.now.raw()),
                    messages::digest.eq(envelope.digest.as_str()),
                    messages::sealed.eq(key.seal(id, message)?),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// An office of a country by the code that it has there, if it is active.
    pub fn office(&mut self, office: &Office) -> Result<Agency, StoreError> {
        let found: Option<Uuid> = agencies::table
            .filter(agencies::country.eq(office.country.as_str()))
            .filter(agencies::code.eq(&office.code))
            .filter(agencies::active)
            .select(agencies::id)
            .first(self.conn)
            .optional()?;
        self.agency(AgencyId(found.ok_or(StoreError::NotFound)?))
    }

    /// The active agencies of a country, for the offices at a route; a country has few enough.
    pub fn agencies_of(&mut self, country: Country) -> Result<Vec<Agency>, StoreError> {
        let ids: Vec<Uuid> = agencies::table
            .filter(agencies::country.eq(country.as_str()))
            .filter(agencies::active)
            .order(agencies::id)
            .limit(1000)
            .select(agencies::id)
            .load(self.conn)?;
        self.agencies_named(&ids.into_iter().map(AgencyId).collect::<Vec<_>>())
    }

    /// Whether the child of a case is missing, for whoever acts on a request about it; an office need not see the case.
    pub fn child_is_missing(&mut self, case: Option<CaseId>) -> Result<bool, StoreError> {
        let Some(case) = case else { return Ok(false) };
        let missing = domain::vocabulary::CaseStatus::OpenChildMissing;
        // The office at the route need not take part in the case and learns no more than that nothing is begun.
        self.across(|tx| Ok(tx.any_case(case)?.status == missing))
    }

    /// Where the child of a case was taken, by the requests of this country about it and about those that were merged into it,
    /// whoever has them: where it is does not depend on who asks. Nothing of them is shown.
    pub fn moves_of(&mut self, case: Option<CaseId>) -> Result<Moves, StoreError> {
        use TransnationalRequestStatus as S;
        let Some(case) = case else { return Ok(Moves::default()) };
        self.across(|tx| {
            let cases: Vec<Uuid> = tx.cases_of_one_child(case)?.into_iter().map(|it| it.0).collect();
            let rows: Vec<Row> = requests::table
                .filter(requests::case_id.eq_any(cases))
                .filter(requests::country.eq(tx.cx.caller.country.as_str()))
                .filter(requests::status.eq_any(rows::texts(&[
                    S::InTransit,
                    S::Arrived,
                    S::HandedOver,
                    S::FollowUp,
                    S::Closed,
                ])))
                .select(Row::as_select())
                .load(tx.conn)?;
            let all: Result<Vec<_>, StoreError> =
                rows.into_iter().map(|row| Ok(tx.unsealed(row)?.request)).collect();
            let case = tx.any_case(case)?;
            Ok(Moves { requests: all?, lives_here_since: tx.child(&case)?.whereabouts.since })
        })
    }

    /// The countries from whose requests a case was opened here; none for a case that began with a screening of its own,
    /// also where a request was linked to it later.
    pub fn origins(&mut self, case: &Case) -> Result<Vec<Country>, StoreError> {
        if case.screening.is_some() {
            return Ok(Vec::new());
        }
        // What binds the data of the child binds whoever leads its case, also where another office has the request.
        let found: Vec<String> = self.across(|tx| {
            let asked = requests::table
                .filter(requests::case_id.eq(case.id.0))
                .filter(requests::side.eq(rows::text(domain::transnational::Side::Requested)));
            Ok::<_, StoreError>(asked.select(requests::other_country).distinct().load(tx.conn)?)
        })?;
        found.iter().map(|it| country_of(it)).collect()
    }

    /// Requests about the child of a case that are under way, for the agency that leads it: nobody else may know of any.
    pub fn requests_under_way(&mut self, case: &Case) -> Result<usize, StoreError> {
        if self.cx.caller.agency != case.lead {
            return Ok(0);
        }
        // The case ends for every request about its child, whoever of the agency may read which.
        self.across(|tx| {
            let open = || {
                requests::table
                    .filter(requests::case_id.eq(case.id.0))
                    .filter(requests::country.eq(case.country.as_str()))
            };
            let undeliverable = rows::text(TransnationalRequestStatus::Undeliverable);
            let known: i64 = open()
                .filter(requests::status.eq_any(rows::texts(UNDER_WAY)))
                .filter(requests::status.ne(undeliverable))
                .count()
                .get_result(tx.conn)?;
            let unreached: Vec<Row> =
                open().filter(requests::status.eq(undeliverable)).select(Row::as_select()).load(tx.conn)?;
            let mut held = usize::try_from(known).unwrap_or(usize::MAX);
            for row in unreached {
                held = held.saturating_add(usize::from(tx.unsealed(row)?.request.holds_case_open()));
            }
            Ok(held)
        })
    }

    /// The agency that leads the case of requests after it was handed over inside the country.
    pub(crate) fn requests_follow_lead(
        &mut self,
        case: CaseId,
        from: AgencyId,
        to: AgencyId,
    ) -> Result<(), StoreError> {
        diesel::update(requests::table.filter(requests::case_id.eq(case.0)))
            .filter(requests::lead_agency_id.eq(from.0))
            .set(requests::lead_agency_id.eq(to.0))
            .execute(self.conn)?;
        Ok(())
    }
}

/// Reads a country of a row.
fn country_of(text: &str) -> Result<Country, StoreError> {
    rows::country("transnational_requests", text)
}
