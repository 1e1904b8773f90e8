//! What follows from a chain of requests: whoever sent what is passed on hears of it, and whoever got it hears what the
//! sender has corrected or called back. Each record is told in its own country; messages do the rest.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, SelectableHelper as _};
use domain::{
    directory::CountryEntry,
    transnational::{At, Body, Notice, PassedOn, Request, Side},
};

use super::{Record, stored::Row};
use crate::{StoreError, rows, schema::transnational_requests as requests, store::Tx};

impl Tx<'_> {
    /// The request by which what this one passes on came here; none where it began anew.
    pub fn origin_of(&mut self, it: &Request) -> Result<Option<Request>, StoreError> {
        let Some(before) = it.follows() else { return Ok(None) };
        // It may lie with another office: whoever sends learns no more than whether it is open.
        self.across(|tx| Ok(tx.request_of(before)?.map(|record| record.request)))
    }

    /// A request that goes on with what another one brought tells that one's origin, when it is sent.
    pub(super) fn tell_origin(&mut self, sent: &Request) -> Result<(), StoreError> {
        let country = self.country(sent.country)?;
        let at = At { country: &country, by: &self.cx.caller, now: self.cx.now };
        let Some(passed_on) = sent.passes_on(at) else { return Ok(()) };
        self.tell_before(sent, &passed_on, &country)
    }

    /// The notices that have come: one that something was passed on goes back to the origin, and what was corrected,
    /// withdrawn or called back goes on to whoever got it from here.
    pub(super) fn relay(&mut self, before: &Request, after: &Request) -> Result<(), StoreError> {
        let came = after.received.get(before.received.len()..).unwrap_or_default();
        for message in came {
            let Body::Notice(notice) = &message.body else { continue };
            let country = self.country(after.country)?;
            match (&notice.passed_on, after.side) {
                (Some(passed_on), Side::Requesting) => self.tell_before(after, passed_on, &country)?,
                (None, Side::Requested) => self.tell_after(after, notice, &country)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Tells the request before this one in its chain, whoever has it here.
    fn tell_before(
        &mut self,
        it: &Request,
        passed_on: &PassedOn,
        country: &CountryEntry,
    ) -> Result<(), StoreError> {
        let Some(before) = it.follows() else { return Ok(()) };
        // The request before may lie with another office, which owes an answer to it; nothing of it is shown.
        self.across(|tx| {
            let Some(record) = tx.request_of(before)? else { return Ok(()) };
            let at = At { country, by: &tx.cx.caller, now: tx.cx.now };
            let told = record.request.tell_passed_on(passed_on.clone(), at);
            tx.save_request(&record, &told, &record.extra)
        })
    }

    /// Tells every request that goes on from this one.
    fn tell_after(
        &mut self,
        it: &Request,
        notice: &Notice,
        country: &CountryEntry,
    ) -> Result<(), StoreError> {
        for record in self.following(it)? {
            let at = At { country, by: &self.cx.caller, now: self.cx.now };
            if let Some(told) = record.request.tell_of_origin(notice.kind, it.to.country, at) {
                self.save_request(&record, &told, &record.extra)?;
            }
        }
        Ok(())
    }

    /// The own requests that pass on what this one brought; it was passed on in its case or not at all.
    fn following(&mut self, it: &Request) -> Result<Vec<Record>, StoreError> {
        let Some(case) = it.case else { return Ok(Vec::new()) };
        let own: Vec<Row> = requests::table
            .filter(requests::case_id.eq(case.0))
            .filter(requests::country.eq(it.country.as_str()))
            .filter(requests::side.eq(rows::text(Side::Requesting)))
            .filter(requests::sent_at.is_not_null())
            .select(Row::as_select())
            .load(self.conn)?;
        let own: Vec<Record> = own.into_iter().map(|row| self.unsealed(row)).collect::<Result<_, _>>()?;
        Ok(own.into_iter().filter(|record| record.request.follows() == Some(it.id)).collect())
    }
}
