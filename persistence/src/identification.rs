//! Concerns and screenings.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, PgExpressionMethods as _,
    QueryDsl as _, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, ConcernId, Decided, ProfessionalId, ScreeningId, Timestamp, Version,
    access::reads_intake,
    identification::{
        Concern, NewConcern, NewScreening, Observation, Screening,
        assessment::{Assessment, ScreeningResult},
    },
    vocabulary::Act,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows,
    schema::{case_versions, concerns, screenings},
    sealing::Sealed,
    store::Tx,
};

/// The column of why a screening was set aside.
const SET_ASIDE: &str = "set_aside";

#[derive(Queryable, Selectable)]
#[diesel(table_name = concerns)]
struct ConcernRow {
    id: Uuid,
    country: String,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    received_at: OffsetDateTime,
    triage_agency_id: Uuid,
    triage_due: OffsetDateTime,
    danger: bool,
    content_sealed: Vec<u8>,
    version: i32,
}

/// A line of the list of concerns: nothing of what was reported.
#[derive(Clone, Debug)]
pub struct ConcernLine {
    /// Its id.
    pub id: ConcernId,
    /// When it was received.
    pub received_at: Timestamp,
    /// By when somebody must have looked at it.
    pub triage_due: Timestamp,
    /// Whether the child is in danger.
    pub danger: bool,
}

/// A line of the list of screenings.
#[derive(Clone, Debug)]
pub struct ScreeningLine {
    /// Its id.
    pub id: ScreeningId,
    /// When.
    pub screened_at: Timestamp,
    /// The concern that led to it.
    pub concern: Option<ConcernId>,
    /// What it came to.
    pub result: ScreeningResult,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = screenings)]
struct ScreeningRow {
    id: Uuid,
    country: String,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    concern_id: Option<Uuid>,
    screened_at: OffsetDateTime,
    content_sealed: Vec<u8>,
    version: i32,
    set_aside_sealed: Option<Vec<u8>>,
}

/// What is sealed of a screening.
#[derive(Serialize, Deserialize)]
struct ScreeningContent {
    observations: Vec<Observation>,
    acts: Vec<Act>,
    controlling_person: bool,
    judgement: Option<String>,
    talk_minutes: Option<u16>,
    notes: Option<String>,
    assessment: Assessment,
}

impl Tx<'_> {
    /// Stores a concern with its facts.
    pub fn add_concern(&mut self, decided: &Decided<Concern>) -> Result<(), StoreError> {
        let it = &decided.value;
        let key = self.new_data_key(it.id.0, Sealed::Narrative)?;
        insert_into(concerns::table)
            .values((
                concerns::id.eq(it.id.0),
                concerns::country.eq(it.country.as_str()),
                concerns::agency_id.eq(it.agency.0),
                concerns::professional_id.eq(it.professional.map(|it| it.0)),
                concerns::received_at.eq(it.received_at.raw()),
                concerns::triage_agency_id.eq(it.triage.0),
                concerns::triage_due.eq(it.triage_due.raw()),
                concerns::danger.eq(it.content.danger),
                concerns::content_sealed.eq(key.seal(it.id.0, &it.content)?),
                concerns::version.eq(it.version.0),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// The concerns and screenings of cases of which the caller is never to know (R91): they tell of the same child, and exist for
    /// it no more than those.
    pub(crate) fn intake_of_barred_cases(&mut self) -> Result<Vec<Uuid>, StoreError> {
        if self.barred.is_empty() {
            return Ok(Vec::new());
        }
        // To be hidden, they must be known, also those of a case that another agency leads by now.
        self.across(|tx| {
            // The cases themselves the second lock hides, wherever one reaches.
            let taken_in = case_versions::table.filter(case_versions::id.eq_any(tx.barred.clone()));
            let taken_in: Vec<Option<Uuid>> =
                taken_in.select(case_versions::screening_id).distinct().load(tx.conn)?;
            let taken_in: Vec<Uuid> = taken_in.into_iter().flatten().collect();
            let reported = screenings::table.filter(screenings::id.eq_any(taken_in.clone()));
            let reported: Vec<Option<Uuid>> = reported.select(screenings::concern_id).load(tx.conn)?;
            Ok(reported.into_iter().flatten().chain(taken_in).collect())
        })
    }

    /// A concern that the caller's agency received or must look at.
    pub fn concern(&mut self, id: ConcernId) -> Result<Concern, StoreError> {
        if self.intake_of_barred_cases()?.contains(&id.0) {
            return Err(StoreError::NotFound);
        }
        let row: Option<ConcernRow> =
            concerns::table.find(id.0).select(ConcernRow::as_select()).first(self.conn).optional()?;
        let caller = self.cx.caller.agency.0;
        let row = row.filter(|it| [it.agency_id, it.triage_agency_id].contains(&caller));
        let row = row.ok_or(StoreError::NotFound)?;
        let content: NewConcern =
            self.data_key(row.id, Sealed::Narrative)?.read(row.id, &row.content_sealed)?;
        debug_assert_eq!(content.danger, row.danger);
        let concern = Concern {
            id: ConcernId(row.id),
            country: rows::country("concerns", &row.country)?,
            agency: AgencyId(row.agency_id),
            professional: row.professional_id.map(ProfessionalId),
            received_at: Timestamp::new(row.received_at),
            triage: AgencyId(row.triage_agency_id),
            triage_due: Timestamp::new(row.triage_due),
            content,
            version: Version(row.version),
        };
        if concern.visible_to(&self.cx.caller) { Ok(concern) } else { Err(StoreError::NotFound) }
    }

    /// A page of the concerns that the caller's agency received or must look at, newest first: all, or those that the caller wrote.
    pub fn concerns(&mut self, page: PageRequest) -> Result<Page<ConcernLine>, StoreError> {
        let barred = self.intake_of_barred_cases()?;
        let caller = &self.cx.caller;
        let mut query = concerns::table
            .filter(concerns::id.ne_all(barred))
            .filter(concerns::country.eq(caller.country.as_str()))
            .filter(
                concerns::agency_id.eq(caller.agency.0).or(concerns::triage_agency_id.eq(caller.agency.0)),
            )
            .filter(concerns::id.lt(page.before()))
            .order(concerns::id.desc())
            .limit(page.fetch())
            .select((concerns::id, concerns::received_at, concerns::triage_due, concerns::danger))
            .into_boxed();
        if !reads_intake(caller) {
            let author = caller.professional.map(|it| it.0);
            query = query.filter(concerns::professional_id.is_not_distinct_from(author));
        }
        let rows: Vec<(Uuid, OffsetDateTime, OffsetDateTime, bool)> = query.load(self.conn)?;
        Ok(page.page(
            rows,
            |it| it.0,
            |(id, received_at, triage_due, danger)| ConcernLine {
                id: ConcernId(id),
                received_at: Timestamp::new(received_at),
                triage_due: Timestamp::new(triage_due),
                danger,
            },
        ))
    }

    /// Stores a screening with its facts.
    pub fn add_screening(&mut self, decided: &Decided<Screening>) -> Result<(), StoreError> {
        let it = &decided.value;
        let key = self.new_data_key(it.id.0, Sealed::Narrative)?;
        let content = ScreeningContent {
            observations: it.content.observations.clone(),
            acts: it.content.acts.clone(),
            controlling_person: it.content.controlling_person,
            judgement: it.content.judgement.clone(),
            talk_minutes: it.content.talk_minutes,
            notes: it.content.notes.clone(),
            assessment: it.assessment.clone(),
        };
        insert_into(screenings::table)
            .values((
                screenings::id.eq(it.id.0),
                screenings::country.eq(it.country.as_str()),
                screenings::agency_id.eq(it.agency.0),
                screenings::professional_id.eq(it.professional.map(|it| it.0)),
                screenings::concern_id.eq(it.content.concern.map(|it| it.0)),
                screenings::screened_at.eq(it.screened_at.raw()),
                screenings::result.eq(it.assessment.result.to_string()),
                screenings::catalogue_version.eq(&it.assessment.catalogue_version),
                screenings::content_sealed.eq(key.seal(it.id.0, &content)?),
                screenings::version.eq(it.version.0),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// Stores that a screening was set aside, if nobody else did it before.
    pub fn save_set_aside(&mut self, decided: &Decided<Screening>) -> Result<(), StoreError> {
        let it = &decided.value;
        let sealed =
            self.data_key(it.id.0, Sealed::Narrative)?.in_column(SET_ASIDE).seal(it.id.0, &it.set_aside)?;
        let changed = diesel::update(screenings::table.find(it.id.0))
            .filter(screenings::version.eq(it.version.0 - 1))
            .set((screenings::set_aside_sealed.eq(sealed), screenings::version.eq(it.version.0)))
            .execute(self.conn)?;
        if changed == 1 { self.settle(decided) } else { Err(StoreError::Stale) }
    }

    /// A screening of the caller's own agency.
    pub fn screening(&mut self, id: ScreeningId) -> Result<Screening, StoreError> {
        if self.intake_of_barred_cases()?.contains(&id.0) {
            return Err(StoreError::NotFound);
        }
        let screening = self.screening_of_case(id)?;
        if screening.visible_to(&self.cx.caller) { Ok(screening) } else { Err(StoreError::NotFound) }
    }

    /// The screening that a case was taken in from, for whoever may decide on the case.
    pub fn screening_of_case(&mut self, id: ScreeningId) -> Result<Screening, StoreError> {
        let row: Option<ScreeningRow> =
            screenings::table.find(id.0).select(ScreeningRow::as_select()).first(self.conn).optional()?;
        let row = row.ok_or(StoreError::NotFound)?;
        let key = self.data_key(row.id, Sealed::Narrative)?;
        let content: ScreeningContent = key.read(row.id, &row.content_sealed)?;
        let set_aside =
            row.set_aside_sealed.as_ref().map(|it| key.in_column(SET_ASIDE).read(row.id, it)).transpose()?;
        Ok(Screening {
            id: ScreeningId(row.id),
            country: rows::country("screenings", &row.country)?,
            agency: AgencyId(row.agency_id),
            professional: row.professional_id.map(ProfessionalId),
            screened_at: Timestamp::new(row.screened_at),
            content: NewScreening {
                concern: row.concern_id.map(ConcernId),
                observations: content.observations,
                acts: content.acts,
                controlling_person: content.controlling_person,
                judgement: content.judgement,
                talk_minutes: content.talk_minutes,
                notes: content.notes,
            },
            assessment: content.assessment,
            set_aside,
            version: Version(row.version),
        })
    }

    /// A page of the screenings of the caller's agency, newest first.
    pub fn screenings(&mut self, page: PageRequest) -> Result<Page<ScreeningLine>, StoreError> {
        let barred = self.intake_of_barred_cases()?;
        let caller = &self.cx.caller;
        let mut query = screenings::table
            .filter(screenings::id.ne_all(barred))
            .filter(
                screenings::country
                    .eq(caller.country.as_str())
                    .and(screenings::agency_id.eq(caller.agency.0)),
            )
            .filter(screenings::id.lt(page.before()))
            .order(screenings::id.desc())
            .limit(page.fetch())
            .select((screenings::id, screenings::screened_at, screenings::concern_id, screenings::result))
            .into_boxed();
        if !reads_intake(caller) {
            let author = caller.professional.map(|it| it.0);
            query = query.filter(screenings::professional_id.is_not_distinct_from(author));
        }
        let rows: Vec<(Uuid, OffsetDateTime, Option<Uuid>, String)> = query.load(self.conn)?;
        page.page(
            rows,
            |it| it.0,
            |(id, screened_at, concern, result)| {
                Ok(ScreeningLine {
                    id: ScreeningId(id),
                    screened_at: Timestamp::new(screened_at),
                    concern: concern.map(ConcernId),
                    result: rows::code("screenings", &result)?,
                })
            },
        )
        .transposed()
    }
}
