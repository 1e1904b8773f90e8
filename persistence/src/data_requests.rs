//! Requests of people for the data of a child: the agency that leads the case keeps them, and a data protection officer
//! decides on those that are held without reading the case.

use std::collections::{HashMap, hash_map::Entry};

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _,
    QueryDsl as _, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, DataRequestId, Day, Decided, EntryId, ProfessionalId, Timestamp, Version,
    cases::{
        Case,
        data_request::{
            DataRequest, DataRequestAnswer, DataRequestReview, DataRequestStatus, NewDataRequest, oversees,
        },
        file::{RestrictedParty, Restriction},
    },
    vocabulary::DataClass,
};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{
    EntryFilter, Page, PageRequest, StoreError, rows,
    schema::{cases, data_requests as requests},
    sealing::{DataKey, Sealed},
    store::Tx,
};

const TABLE: &str = "data_requests";

/// What is sealed of a request.
#[derive(Serialize, Deserialize)]
struct Words {
    name: Option<String>,
    ground: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = requests)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    recorded_at: OffsetDateTime,
    kind: String,
    requester: String,
    contact_id: Option<Uuid>,
    for_agency_id: Option<Uuid>,
    received_on: Date,
    status: String,
    hold: Option<String>,
    verdict: Option<String>,
    reviewed_by: Option<Uuid>,
    reviewed_at: Option<OffsetDateTime>,
    outcome: Option<String>,
    answered_on: Option<Date>,
    sealed: Vec<u8>,
    version: i32,
}

impl Row {
    fn read(self, key: &DataKey) -> Result<DataRequest, StoreError> {
        let words: Words = key.read(self.id, &self.sealed)?;
        let review = self.verdict.zip(self.reviewed_at).zip(words.ground).map(|((verdict, at), ground)| {
            let professional = self.reviewed_by.map(ProfessionalId);
            let verdict = rows::code(TABLE, &verdict)?;
            Ok::<_, StoreError>(DataRequestReview { verdict, ground, professional, at: Timestamp::new(at) })
        });
        let answer = self.outcome.zip(self.answered_on).map(|(outcome, on)| {
            Ok::<_, StoreError>(DataRequestAnswer { outcome: rows::code(TABLE, &outcome)?, on: Day(on) })
        });
        Ok(DataRequest {
            id: DataRequestId(self.id),
            case: CaseId(self.case_id),
            agency: AgencyId(self.agency_id),
            professional: self.professional_id.map(ProfessionalId),
            recorded_at: Timestamp::new(self.recorded_at),
            asked: NewDataRequest {
                kind: rows::code(TABLE, &self.kind)?,
                requester: rows::code(TABLE, &self.requester)?,
                contact: self.contact_id.map(EntryId),
                agency: self.for_agency_id.map(AgencyId),
                name: words.name,
                received_on: Day(self.received_on),
            },
            status: rows::code(TABLE, &self.status)?,
            hold: self.hold.map(|it| rows::code(TABLE, &it)).transpose()?,
            review: review.transpose()?,
            answer: answer.transpose()?,
            version: Version(self.version),
        })
    }
}

fn words(it: &DataRequest) -> Words {
    let ground = it.review.as_ref().map(|it| it.ground.clone());
    Words { name: it.asked.name.clone(), ground }
}

impl Tx<'_> {
    /// Whether a contact of a case is never to know of it (R91).
    pub fn is_restricted_contact(&mut self, case: &Case, contact: EntryId) -> Result<bool, StoreError> {
        let filter = EntryFilter { classes: vec![DataClass::D14RiskSafety], as_of: None };
        let mut page = PageRequest { after: None, limit: 200 };
        loop {
            let found = self.entries::<Restriction>(case, &filter, page)?;
            let stands =
                |it: &Restriction| it.lifted.is_none() && it.party == RestrictedParty::Contact(contact);
            if found.items.iter().any(|it| stands(&it.content)) {
                return Ok(true);
            }
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(false),
            }
        }
    }

    /// Stores a new request.
    pub fn add_data_request(
        &mut self,
        case: &Case,
        decided: &Decided<DataRequest>,
    ) -> Result<(), StoreError> {
        let it = &decided.value;
        let sealed = self.data_key_made(case.child.0, Sealed::Relations)?.seal(it.id.0, &words(it))?;
        insert_into(requests::table)
            .values((
                requests::id.eq(it.id.0),
                requests::country.eq(case.country.as_str()),
                requests::case_id.eq(it.case.0),
                requests::agency_id.eq(it.agency.0),
                requests::professional_id.eq(it.professional.map(|it| it.0)),
                requests::recorded_at.eq(it.recorded_at.raw()),
                requests::kind.eq(rows::text(it.asked.kind)),
                requests::requester.eq(rows::text(it.asked.requester)),
                requests::contact_id.eq(it.asked.contact.map(|it| it.0)),
                requests::for_agency_id.eq(it.asked.agency.map(|it| it.0)),
                requests::received_on.eq(it.asked.received_on.0),
                requests::status.eq(rows::text(it.status)),
                requests::hold.eq(it.hold.map(rows::text)),
                requests::sealed.eq(sealed),
                requests::version.eq(it.version.0),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// Stores what was decided on a request or how it was answered, if nobody changed it before.
    pub fn save_data_request(
        &mut self,
        case: &Case,
        decided: &Decided<DataRequest>,
    ) -> Result<(), StoreError> {
        let it = &decided.value;
        let sealed = self.data_key(case.child.0, Sealed::Relations)?.seal(it.id.0, &words(it))?;
        let review = it.review.as_ref();
        let change = diesel::update(requests::table.find(it.id.0))
            .filter(requests::version.eq(it.version.0 - 1))
            .set((
                requests::status.eq(rows::text(it.status)),
                requests::verdict.eq(review.map(|it| rows::text(it.verdict))),
                requests::reviewed_by.eq(review.and_then(|it| it.professional).map(|it| it.0)),
                requests::reviewed_at.eq(review.map(|it| it.at.raw())),
                requests::outcome.eq(it.answer.map(|it| rows::text(it.outcome))),
                requests::answered_on.eq(it.answer.map(|it| it.on.0)),
                requests::sealed.eq(sealed),
                requests::version.eq(it.version.0),
            ));
        let changed = self.keeping(|tx| Ok(change.execute(tx.conn)?))?;
        if changed == 1 { self.settle(decided) } else { Err(StoreError::Stale) }
    }

    /// A request about a case; whether the caller may be shown it, the domain says.
    pub fn data_request(&mut self, case: CaseId, id: DataRequestId) -> Result<DataRequest, StoreError> {
        if self.cx.caller.case.is_some_and(|it| it != case) || self.is_barred(case) {
            return Err(StoreError::NotFound);
        }
        let country = self.cx.caller.country.to_string();
        self.keeping(|tx| {
            let found: Option<(Row, Uuid)> = requests::table
                .inner_join(cases::table.on(cases::id.eq(requests::case_id)))
                .filter(requests::id.eq(id.0).and(requests::case_id.eq(case.0)))
                .filter(requests::country.eq(country))
                .select((Row::as_select(), cases::child_id))
                .first(tx.conn)
                .optional()?;
            let mut found = tx.requests(found.into_iter().collect())?;
            found.pop().ok_or(StoreError::NotFound)
        })
    }

    /// A page of requests that the caller keeps or looks after, newest first: of one case, or of all. A data protection
    /// officer is shown those of the country that are or were held, everybody else those of the cases that it leads.
    pub fn data_requests(
        &mut self,
        case: Option<CaseId>,
        status: Option<DataRequestStatus>,
        page: PageRequest,
    ) -> Result<Page<DataRequest>, StoreError> {
        let caller = &self.cx.caller;
        let mut query = requests::table
            .inner_join(cases::table.on(cases::id.eq(requests::case_id)))
            .filter(requests::country.eq(caller.country.to_string()))
            .filter(requests::case_id.ne_all(self.barred.clone()))
            .filter(requests::id.lt(page.before()))
            .order(requests::id.desc())
            .limit(page.fetch())
            .select((Row::as_select(), cases::child_id))
            .into_boxed();
        query = if oversees(caller) {
            query.filter(requests::hold.is_not_null())
        } else {
            query.filter(cases::lead_agency_id.eq(caller.agency.0))
        };
        for it in case.into_iter().chain(caller.case) {
            query = query.filter(requests::case_id.eq(it.0));
        }
        if let Some(it) = status {
            query = query.filter(requests::status.eq(rows::text(it)));
        }
        self.keeping(|tx| {
            let found: Vec<(Row, Uuid)> = query.load(tx.conn)?;
            let cut = page.page(found, |it| it.0.id, |it| it);
            Ok(Page { items: tx.requests(cut.items)?, next: cut.next })
        })
    }

    /// A data protection officer decides for the country; everybody else keeps those of the cases that it leads.
    fn keeping<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        if oversees(&self.cx.caller) { self.across(work) } else { work(self) }
    }

    fn requests(&mut self, found: Vec<(Row, Uuid)>) -> Result<Vec<DataRequest>, StoreError> {
        let mut keys = HashMap::new();
        for (_, child) in &found {
            if let Entry::Vacant(place) = keys.entry(*child) {
                place.insert(self.data_key(*child, Sealed::Relations)?);
            }
        }
        let missing = || StoreError::corrupt(TABLE, "a request without a key");
        let open =
            |(row, child): (Row, Uuid)| keys.get(&child).ok_or_else(missing).and_then(|key| row.read(key));
        found.into_iter().map(open).collect()
    }
}
