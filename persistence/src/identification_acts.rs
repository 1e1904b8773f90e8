//! The acts on the identification of a child: each kept with what was written, beside the state in the row of the case.

use diesel::{
    Connection as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, Day, Decided, IdentificationEntryId, ProfessionalId, Timestamp,
    cases::{Case, Episode},
    identification::{Entry, Identified, Setting, Written},
    vocabulary::CaseStatus,
};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Context, PageRequest, Store, StoreError, rows,
    schema::{cases, identification_acts as acts, professionals},
    sealing::{DataKey, Sealed},
    store::{Tx, fresh_id},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = acts)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    act: String,
    from_status: String,
    to_status: String,
    entitlement: Option<String>,
    at: OffsetDateTime,
    agency_id: Option<Uuid>,
    professional_id: Option<Uuid>,
    sealed: Option<Vec<u8>>,
}

/// What is sealed with an act; before acts were kept, the reasons of a presumption were sealed alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Reasons(String),
    Whole(Box<Written>),
}

impl From<Content> for Written {
    fn from(it: Content) -> Self {
        match it {
            Content::Reasons(reasons) => Self { reasons: Some(reasons), ..Self::default() },
            Content::Whole(written) => *written,
        }
    }
}

impl Row {
    fn read(self, key: &DataKey) -> Result<Entry, StoreError> {
        let table = "identification_acts";
        let written = self.sealed.map(|it| key.read::<Content>(self.id, &it)).transpose()?;
        Ok(Entry {
            id: IdentificationEntryId(self.id),
            case: CaseId(self.case_id),
            act: rows::code(table, &self.act)?,
            from: rows::code(table, &self.from_status)?,
            to: rows::code(table, &self.to_status)?,
            at: Timestamp::new(self.at),
            agency: self.agency_id.map(AgencyId),
            professional: self.professional_id.map(ProfessionalId),
            entitlement: self.entitlement.map(|it| rows::code(table, &it)).transpose()?,
            written: written.map(Written::from).unwrap_or_default(),
        })
    }
}

/// How many cases one look for birthdays takes at a time.
const BIRTHDAYS_AT_ONCE: i64 = 200;

impl Tx<'_> {
    /// The acts on the identification of a case, oldest first.
    pub fn identification_acts(&mut self, case: &Case) -> Result<Vec<Entry>, StoreError> {
        let rows: Vec<Row> = acts::table
            .filter(acts::case_id.eq(case.id.0))
            .order(acts::version)
            .select(Row::as_select())
            .load(self.conn)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = self.data_key(case.child.0, Sealed::Narrative)?;
        rows.into_iter().map(|it| it.read(&key)).collect()
    }

    /// Stores an act on an identification, if nobody else changed the case.
    pub fn save_identified(&mut self, decided: &Decided<Identified>) -> Result<(), StoreError> {
        let Identified { case, entry } = &decided.value;
        let sealed = self.data_key(case.child.0, Sealed::Narrative)?.seal(entry.id.0, &entry.written)?;
        insert_into(acts::table)
            .values((
                acts::id.eq(entry.id.0),
                acts::country.eq(case.country.as_str()),
                acts::case_id.eq(case.id.0),
                acts::version.eq(case.version.0),
                acts::act.eq(rows::text(entry.act)),
                acts::from_status.eq(rows::text(entry.from)),
                acts::to_status.eq(rows::text(entry.to)),
                acts::entitlement.eq(entry.entitlement.map(rows::text)),
                acts::at.eq(entry.at.raw()),
                acts::agency_id.eq(entry.agency.map(|it| it.0)),
                acts::professional_id.eq(entry.professional.map(|it| it.0)),
                acts::sealed.eq(sealed),
            ))
            .execute(self.conn)
            .map_err(|error| match StoreError::from(error) {
                // Another act has made this version of the case.
                StoreError::Constraint(name) if name == "identification_acts_once" => StoreError::Stale,
                other => other,
            })?;
        // The case comes before its deadlines: whoever comes too late is told so before any of them is opened twice. What
        // escalates them never touches the case, so the two do not wait for each other.
        self.update_case(case)?;
        self.save_deadlines(&decided.deadlines)?;
        self.record(&decided.facts)
    }

    /// Stores what else a child is entitled to, if nobody else changed the case.
    pub fn save_entitled(&mut self, decided: &Decided<Case>) -> Result<(), StoreError> {
        self.update_case(&decided.value)?;
        self.settle(decided)
    }

    /// The unit of the calling professional, by the agency's own name.
    pub fn own_unit(&mut self) -> Result<Option<String>, StoreError> {
        let Some(id) = self.cx.caller.professional else { return Ok(None) };
        let found: Option<Option<String>> =
            professionals::table.find(id.0).select(professionals::unit).first(self.conn).optional()?;
        Ok(found.flatten())
    }

    /// The first day of exploitation that is recorded of a case; none where one has no beginning.
    pub fn exploited_from(&mut self, case: &Case) -> Result<Option<Day>, StoreError> {
        let page = PageRequest { after: None, limit: 200 };
        let begun = |it: &Episode| it.content.from;
        let all = self.episodes(case, page)?.items;
        let whole = all.iter().all(|it| begun(it).is_some());
        Ok(all.iter().filter_map(begun).min().filter(|_| whole))
    }
}

impl Tx<'_> {
    /// Notes that the child of a case has turned 18, if it has.
    fn note_birthday(&mut self, id: CaseId) -> Result<bool, StoreError> {
        let case = self.any_case(id)?;
        let child = self.child(&case)?;
        let country = self.country(case.country)?;
        let caller = self.cx.caller.clone();
        let setting = Setting {
            entry: IdentificationEntryId(fresh_id()),
            country: &country,
            history: &[],
            child: &child.identity,
            exploited_from: None,
            own: false,
            unit: None,
            by: &caller,
            now: self.cx.now,
        };
        let Ok(decided) = case.turn_18(&setting) else { return Ok(false) };
        self.save_identified(&decided)?;
        Ok(true)
    }
}

impl Store {
    /// Notes of every child that has turned 18 that it has (I12), each in a transaction of its own; returns how many.
    pub fn note_birthdays(&self, now: Timestamp) -> Result<usize, StoreError> {
        let (mut noted, mut after) = (0, Uuid::nil());
        loop {
            let some = self.not_yet_18(after)?;
            let Some(last) = some.last() else { return Ok(noted) };
            after = last.0;
            for (id, country) in some {
                let country = rows::country("cases", &country)?;
                let cx = Context::of_mechanism(country, id, now);
                match self.note_birthday(&cx) {
                    Ok(true) => noted += 1,
                    // Somebody acted at this very moment: the next look finds it again.
                    Ok(false) | Err(StoreError::Stale | StoreError::Conflict) => {}
                    Err(error) => return Err(error),
                }
            }
        }
    }

    fn note_birthday(&self, cx: &Context) -> Result<bool, StoreError> {
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let mut tx = Tx::new(conn, self.keys(), cx);
                tx.note_birthday(CaseId(cx.subject))
            })
        })
    }

    fn not_yet_18(&self, after: Uuid) -> Result<Vec<(Uuid, String)>, StoreError> {
        let over = rows::texts(&[
            CaseStatus::Closed,
            CaseStatus::Transferred,
            CaseStatus::Merged,
            CaseStatus::Erroneous,
        ]);
        self.unattended(|session| {
            Ok(cases::table
                .filter(cases::turned_18_at.is_null())
                .filter(cases::id.gt(after))
                .filter(cases::status.ne_all(over.clone()))
                .order(cases::id)
                .limit(BIRTHDAYS_AT_ONCE)
                .select((cases::id, cases::country))
                .load(&mut session.conn)?)
        })
    }
}
