//! Exploitation episodes of a case.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    CaseId, Decided, EpisodeId, ProfessionalId, Timestamp, Version,
    cases::{Case, Episode, NewEpisode},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows, schema::exploitation_episodes as episodes, sealing::Sealed,
    store::Tx,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = episodes)]
struct EpisodeRow {
    id: Uuid,
    case_id: Uuid,
    professional_id: Option<Uuid>,
    recorded_at: OffsetDateTime,
    content_sealed: Vec<u8>,
    version: i32,
}

impl Tx<'_> {
    /// Stores an episode of a case.
    pub fn add_episode(&mut self, case: &Case, decided: &Decided<Episode>) -> Result<(), StoreError> {
        let it = &decided.value;
        let new = &it.content;
        let sealed = self.data_key(case.child.0, Sealed::Narrative)?.seal(it.id.0, new)?;
        insert_into(episodes::table)
            .values((
                episodes::id.eq(it.id.0),
                episodes::country.eq(case.country.as_str()),
                episodes::case_id.eq(it.case.0),
                episodes::professional_id.eq(it.professional.map(|it| it.0)),
                episodes::recorded_at.eq(it.recorded_at.raw()),
                episodes::exploitation_types.eq(rows::texts(&new.exploitation_types)),
                episodes::stage.eq(new.stage.to_string()),
                episodes::content_sealed.eq(sealed),
                episodes::version.eq(it.version.0),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// An episode of a case; under another case it is not found.
    pub fn episode(&mut self, case: &Case, id: EpisodeId) -> Result<Episode, StoreError> {
        let row: Option<EpisodeRow> = episodes::table
            .filter(episodes::id.eq(id.0).and(episodes::case_id.eq(case.id.0)))
            .select(EpisodeRow::as_select())
            .first(self.conn)
            .optional()?;
        let row = row.ok_or(StoreError::NotFound)?;
        let key = self.data_key(case.child.0, Sealed::Narrative)?;
        read_episode(row, &key)
    }

    /// A page of the episodes of a case, newest first.
    pub fn episodes(&mut self, case: &Case, page: PageRequest) -> Result<Page<Episode>, StoreError> {
        let rows: Vec<EpisodeRow> = episodes::table
            .filter(episodes::case_id.eq(case.id.0).and(episodes::id.lt(page.before())))
            .order(episodes::id.desc())
            .limit(page.fetch())
            .select(EpisodeRow::as_select())
            .load(self.conn)?;
        let key = self.data_key(case.child.0, Sealed::Narrative)?;
        page.page(rows, |it| it.id, |row| read_episode(row, &key)).transposed()
    }
}

fn read_episode(row: EpisodeRow, key: &crate::sealing::DataKey) -> Result<Episode, StoreError> {
    // The columns beside it are for statistics: what is sealed is the truth.
    let content: NewEpisode = key.read(row.id, &row.content_sealed)?;
    Ok(Episode {
        id: EpisodeId(row.id),
        case: CaseId(row.case_id),
        professional: row.professional_id.map(ProfessionalId),
        recorded_at: Timestamp::new(row.recorded_at),
        content,
        version: Version(row.version),
    })
}
