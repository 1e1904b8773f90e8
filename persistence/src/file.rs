//! Entries of the case file: a row for each version of each, sealed under the key of its class. Rows are only added.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, Decided, EntryId, ProfessionalId, Timestamp, Version,
    cases::{
        Case,
        file::{Content, Entry},
    },
    vocabulary::DataClass,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows,
    schema::case_entries as entries,
    sealing::{DataKey, Sealed},
    store::Tx,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = entries)]
struct Row {
    id: Uuid,
    version: i32,
    case_id: Uuid,
    class: String,
    recorded_at: OffsetDateTime,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    sealed: Vec<u8>,
}

impl Row {
    fn read<C: Content>(self, key: &DataKey) -> Result<Entry<C>, StoreError> {
        Ok(Entry {
            id: EntryId(self.id),
            case: CaseId(self.case_id),
            version: Version(self.version),
            recorded_at: Timestamp::new(self.recorded_at),
            agency: AgencyId(self.agency_id),
            professional: self.professional_id.map(ProfessionalId),
            content: key.of_version(Version(self.version)).read(self.id, &self.sealed)?,
        })
    }
}

impl Sealed {
    /// Under which key what is written in a class lies.
    pub(crate) fn of(class: DataClass) -> Self {
        match class {
            DataClass::D1Identity => Self::Identity,
            DataClass::D2Whereabouts => Self::Whereabouts,
            DataClass::D3FamilyContacts | DataClass::D11AllegedOffenders => Self::Relations,
            DataClass::D7Health => Self::Health,
            DataClass::D13BestInterestsViews => Self::Views,
            _ => Self::Narrative,
        }
    }
}

/// Which entries: of these classes, as they were known at an instant.
#[derive(Clone, Debug)]
pub struct EntryFilter {
    /// Of these classes only.
    pub classes: Vec<DataClass>,
    /// As of when; now, if absent.
    pub as_of: Option<Timestamp>,
}

impl EntryFilter {
    fn until(&self) -> OffsetDateTime {
        self.as_of.map_or(LAST, Timestamp::raw)
    }
}

impl Tx<'_> {
    /// Stores a version of an entry, if nobody else made it before.
    pub fn save_entry<C: Content>(
        &mut self,
        case: &Case,
        decided: &Decided<Entry<C>>,
    ) -> Result<(), StoreError> {
        let it = &decided.value;
        let class = it.content.class();
        let key = self.data_key_made(case.child.0, Sealed::of(class))?.of_version(it.version);
        let sealed = key.seal(it.id.0, &it.content)?;
        insert_into(entries::table)
            .values((
                entries::id.eq(it.id.0),
                entries::version.eq(it.version.0),
                entries::country.eq(case.country.as_str()),
                entries::case_id.eq(case.id.0),
                entries::kind.eq(rows::text(C::KIND)),
                entries::class.eq(rows::text(class)),
                entries::recorded_at.eq(it.recorded_at.raw()),
                entries::agency_id.eq(it.agency.0),
                entries::professional_id.eq(it.professional.map(|it| it.0)),
                entries::sealed.eq(sealed),
            ))
            .execute(self.conn)
            .map_err(|error| match StoreError::from(error) {
                StoreError::Constraint(name) if name == "case_entries_pkey" => StoreError::Stale,
                other => other,
            })?;
        self.settle(decided)
    }

    /// An entry of a case, as it is known now or was at an instant; under another case it is not found.
    pub fn entry<C: Content>(
        &mut self,
        case: &Case,
        id: EntryId,
        filter: &EntryFilter,
    ) -> Result<Entry<C>, StoreError> {
        let row: Option<Row> = entries::table
            .filter(entries::id.eq(id.0).and(entries::case_id.eq(case.id.0)))
            .filter(entries::kind.eq(rows::text(C::KIND)))
            .filter(entries::class.eq_any(rows::texts(&filter.classes)))
            .filter(entries::recorded_at.le(filter.until()))
            .order(entries::version.desc())
            .select(Row::as_select())
            .first(self.conn)
            .optional()?;
        let row = row.ok_or(StoreError::NotFound)?;
        let key = self.key_of(case, &row.class)?;
        row.read(&key)
    }

    /// A page of the entries of one kind of a case, newest first.
    pub fn entries<C: Content>(
        &mut self,
        case: &Case,
        filter: &EntryFilter,
        page: PageRequest,
    ) -> Result<Page<Entry<C>>, StoreError> {
        let rows: Vec<Row> = entries::table
            .filter(entries::case_id.eq(case.id.0).and(entries::kind.eq(rows::text(C::KIND))))
            .filter(entries::class.eq_any(rows::texts(&filter.classes)))
            .filter(entries::recorded_at.le(filter.until()))
            .filter(entries::id.lt(page.before()))
            .distinct_on(entries::id)
            .order((entries::id.desc(), entries::version.desc()))
            .limit(page.fetch())
            .select(Row::as_select())
            .load(self.conn)?;
        let mut keys = HashMap::new();
        for row in &rows {
            if !keys.contains_key(&row.class) {
                keys.insert(row.class.clone(), self.key_of(case, &row.class)?);
            }
        }
        let missing = || StoreError::corrupt("case_entries", "an entry without a key");
        let read = |it: Row| keys.get(&it.class).ok_or_else(missing).and_then(|key| it.read(key));
        page.page(rows, |it| it.id, read).transposed()
    }

    fn key_of(&mut self, case: &Case, class: &str) -> Result<DataKey, StoreError> {
        let class: DataClass = rows::code("case_entries", class)?;
        self.data_key(case.child.0, Sealed::of(class))
    }
}

/// After every instant that a version can have.
const LAST: OffsetDateTime = time::macros::datetime!(9999-12-31 0:00 UTC);
