//! Deadlines: opened, moved and closed with the act that does it, listed by who owes, waits or was told.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, OptionalExtension as _,
    PgJsonbExpressionMethods as _, QueryDsl as _, Queryable, RunQueryDsl as _, Selectable,
    SelectableHelper as _,
    dsl::{case_when, exists, insert_into},
};
use domain::{
    AgencyId, CaseId, DeadlineId, ProfessionalId, Reference, Timestamp,
    deadlines::{Change, Closed, Deadline, Duty, DutyKind, Pause},
    vocabulary::Role,
};
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError,
    escalation::TimeTold,
    rows,
    schema::{deadlines, escalations},
    statements::CloseDeadlines,
    store::{Tx, fresh_id},
};

// Nothing is left to a default: which columns are null would otherwise make statements that do not stay prepared.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = deadlines, treat_none_as_default_value = false)]
pub(crate) struct Row {
    pub id: Uuid,
    country: String,
    duty: String,
    subject: String,
    subject_id: Uuid,
    case_id: Option<Uuid>,
    reference: Option<String>,
    urgency: String,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    watcher_id: Option<Uuid>,
    answers_to_id: Uuid,
    due_at: OffsetDateTime,
    computed_from: serde_json::Value,
    rung: i16,
    pub next_step_at: Option<OffsetDateTime>,
    closed_at: Option<OffsetDateTime>,
    outcome: Option<String>,
}

impl Row {
    fn opened(duty: &Duty, country: &str, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            id: fresh_id(),
            country: country.to_owned(),
            duty: duty.kind.to_string(),
            subject: duty.subject.to_string(),
            subject_id: duty.subject_id,
            case_id: duty.case.map(|it| it.0),
            reference: duty.reference.as_ref().map(ToString::to_string),
            urgency: duty.urgency.to_string(),
            agency_id: duty.owner.0,
            professional_id: duty.professional.map(|it| it.0),
            watcher_id: duty.watcher.map(|it| it.0),
            answers_to_id: duty.answers_to.0,
            due_at: duty.due_at.raw(),
            computed_from: serde_json::to_value(&duty.computed_from)
                .map_err(|_| StoreError::corrupt("deadlines", "a computation that cannot be written"))?,
            rung: 0,
            next_step_at: Some(duty.first_step_at(now).raw()),
            closed_at: None,
            outcome: None,
        })
    }
}

impl TryFrom<Row> for Deadline {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let corrupt = |what| StoreError::corrupt("deadlines", what);
        let reference = |it: String| Reference::parse(&it).ok_or(corrupt("not a reference"));
        let outcome = row.outcome.as_deref().map(|it| rows::code("deadlines", it)).transpose()?;
        Ok(Self {
            id: DeadlineId(row.id),
            country: rows::country("deadlines", &row.country)?,
            duty: Duty {
                kind: rows::code("deadlines", &row.duty)?,
                subject: rows::code("deadlines", &row.subject)?,
                subject_id: row.subject_id,
                case: row.case_id.map(CaseId),
                reference: row.reference.map(reference).transpose()?,
                urgency: rows::code("deadlines", &row.urgency)?,
                owner: AgencyId(row.agency_id),
                professional: row.professional_id.map(ProfessionalId),
                watcher: row.watcher_id.map(AgencyId),
                answers_to: AgencyId(row.answers_to_id),
                due_at: Timestamp::new(row.due_at),
                computed_from: serde_json::from_value(row.computed_from)
                    .map_err(|_| corrupt("a computation that cannot be read"))?,
            },
            rung: u8::try_from(row.rung).map_err(|_| corrupt("not a rung"))?,
            next_step_at: row.next_step_at.map(Timestamp::new),
            closed: row
                .closed_at
                .zip(outcome)
                .map(|(at, outcome)| Closed { at: Timestamp::new(at), outcome }),
        })
    }
}

/// Whose deadlines are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineScope {
    /// Those for which the calling professional answers.
    Mine,
    /// Those that the caller's agency owes.
    Agency,
    /// Those for which the caller's agency waits.
    Watched,
    /// Those of which the caller's agency was told because they were overdue.
    Escalated,
    /// All of one case, for the agencies that lead or opened it.
    Case(CaseId),
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineStanding {
    /// Neither fulfilled nor ended otherwise.
    Open,
    /// Open, and due before now.
    Overdue,
    /// Ended.
    Closed,
}

/// Which deadlines are listed.
#[derive(Clone, Copy, Debug)]
pub struct DeadlineFilter {
    /// Whose.
    pub scope: DeadlineScope,
    /// Where they stand.
    pub standing: Option<DeadlineStanding>,
    /// Of this case only.
    pub case: Option<CaseId>,
    /// About this referral or concern only.
    pub subject: Option<Uuid>,
    /// Of this duty only.
    pub duty: Option<DutyKind>,
    /// Due before this instant only.
    pub due_before: Option<Timestamp>,
}

/// A place in a list that is ordered by when things are due.
#[derive(Clone, Copy, Debug)]
pub struct DuePlace {
    /// When the last one seen is due.
    pub due_at: Timestamp,
    /// Its id.
    pub id: Uuid,
}

/// Who was told of an overdue deadline.
#[derive(Clone, Copy, Debug)]
pub struct Escalation {
    /// On which rung.
    pub rung: u8,
    /// Which agency.
    pub agency: AgencyId,
    /// Whoever has this role there.
    pub role: Role,
    /// When.
    pub at: Timestamp,
}

impl Tx<'_> {
    /// Stores what an act does to deadlines: one statement for all that it opens, one for all that it ends in the same
    /// way.
    pub(crate) fn save_deadlines(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        let country = self.cx.caller.country;
        let mut opened = Vec::new();
        let mut ended: Vec<(Uuid, &'static str, Vec<&'static str>)> = Vec::new();
        for change in changes {
            match change {
                Change::Opened(duty) => opened.push(Row::opened(duty, country.as_str(), self.cx.now)?),
                Change::Closed { subject_id, kind, outcome } => {
                    let (kind, outcome) = (rows::text(*kind), rows::text(*outcome));
                    match ended.iter_mut().find(|it| it.0 == *subject_id && it.1 == outcome) {
                        Some(same) => same.2.push(kind),
                        None => ended.push((*subject_id, outcome, vec![kind])),
                    }
                }
                Change::Moved { .. } | Change::Assigned { .. } | Change::HandedOver { .. } => {}
            }
        }
        for (subject, outcome, duties) in ended {
            self.end_deadlines(&CloseDeadlines {
                subject,
                country: country.to_string(),
                duties,
                outcome,
                at: self.cx.now.raw(),
            })?;
        }
        for change in changes {
            match change {
                Change::Moved { subject_id, kind, due_at, pause } => {
                    self.move_deadline(*subject_id, *kind, *due_at, pause)?;
                }
                Change::Assigned { subject_id, kind, professional } => {
                    let duty = rows::text(*kind);
                    diesel::update(open_of(*subject_id).filter(deadlines::duty.eq(duty)))
                        .filter(deadlines::country.eq(country.as_str()))
                        .set(deadlines::professional_id.eq(professional.map(|it| it.0)))
                        .execute(self.conn)?;
                }
                // What the agency before owed and waited for, also about matches, which are no part of the case.
                Change::HandedOver { case, from, to } => {
                    self.across(|tx| tx.hand_deadlines_over(*case, *from, *to))?;
                }
                Change::Opened(_) | Change::Closed { .. } => {}
            }
        }
        self.open_deadlines(&opened)
    }

    fn end_deadlines(&mut self, ended: &CloseDeadlines) -> Result<(), StoreError> {
        let own = ended.execute(self.conn)?;
        if own < ended.duties.len() {
            // The rest is owed by others, as when one of two agencies answers about a match; or was not open.
            self.across(|tx| Ok::<_, StoreError>(ended.execute(tx.conn)?))?;
        }
        Ok(())
    }

    /// Sending opens three or four. Each length is a statement of its own, which stays prepared; one for any length
    /// would be planned anew each time.
    fn open_deadlines(&mut self, mut rows: &[Row]) -> Result<(), StoreError> {
        loop {
            if let Some((four, rest)) = rows.split_first_chunk::<4>() {
                insert_into(deadlines::table).values(four).execute(self.conn)?;
                rows = rest;
            } else if let Some((three, rest)) = rows.split_first_chunk::<3>() {
                insert_into(deadlines::table).values(three).execute(self.conn)?;
                rows = rest;
            } else if let Some((one, rest)) = rows.split_first() {
                insert_into(deadlines::table).values(one).execute(self.conn)?;
                rows = rest;
            } else {
                return Ok(());
            }
        }
    }

    fn move_deadline(
        &mut self,
        subject: Uuid,
        kind: DutyKind,
        due_at: Timestamp,
        pause: &Pause,
    ) -> Result<(), StoreError> {
        let due = due_at.raw();
        let step = case_when(deadlines::rung.eq(0), Some(due)).otherwise(deadlines::next_step_at);
        diesel::update(open_of(subject).filter(deadlines::duty.eq(rows::text(kind))))
            .filter(deadlines::country.eq(self.cx.caller.country.as_str()))
            .set((
                deadlines::due_at.eq(due),
                deadlines::next_step_at.eq(step),
                deadlines::computed_from.eq(deadlines::computed_from.concat(json!({ "pauses": [pause] }))),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Deadlines in the order in which they are due, one more than asked for if there are more.
    pub fn deadlines(
        &mut self,
        filter: DeadlineFilter,
        after: Option<DuePlace>,
        limit: u16,
    ) -> Result<Vec<Deadline>, StoreError> {
        let (barred, beside) = (self.barred.clone(), self.beside_barred_cases()?);
        let (caller, now) = (&self.cx.caller, self.cx.now.raw());
        let mut query = deadlines::table
            .filter(deadlines::country.eq(caller.country.to_string()))
            .order((deadlines::due_at, deadlines::id))
            .limit(i64::from(limit) + 1)
            .select(Row::as_select())
            .into_boxed();
        let agency = caller.agency.0;
        query = match filter.scope {
            DeadlineScope::Mine => {
                let me = caller.professional.map(|it| it.0).unwrap_or_default();
                query.filter(deadlines::agency_id.eq(agency)).filter(deadlines::professional_id.eq(me))
            }
            DeadlineScope::Agency => query.filter(deadlines::agency_id.eq(agency)),
            DeadlineScope::Watched => query.filter(deadlines::watcher_id.eq(agency)),
            DeadlineScope::Escalated => query.filter(exists(told(agency))),
            DeadlineScope::Case(case) => query.filter(deadlines::case_id.eq(case.0)),
        };
        query = match filter.standing {
            Some(DeadlineStanding::Open) => query.filter(deadlines::closed_at.is_null()),
            Some(DeadlineStanding::Overdue) => {
                query.filter(deadlines::closed_at.is_null()).filter(deadlines::due_at.lt(now))
            }
            Some(DeadlineStanding::Closed) => query.filter(deadlines::closed_at.is_not_null()),
            None => query,
        };
        if !barred.is_empty() {
            let about = deadlines::case_id.is_null().or(deadlines::case_id.ne_all(barred));
            query = query.filter(about).filter(deadlines::subject_id.ne_all(beside));
        }
        for case in filter.case.into_iter().chain(caller.case) {
            query = query.filter(deadlines::case_id.eq(case.0));
        }
        if let Some(subject) = filter.subject {
            query = query.filter(deadlines::subject_id.eq(subject));
        }
        if let Some(duty) = filter.duty {
            query = query.filter(deadlines::duty.eq(rows::text(duty)));
        }
        if let Some(before) = filter.due_before {
            query = query.filter(deadlines::due_at.lt(before.raw()));
        }
        if let Some(place) = after {
            let (due, id) = (place.due_at.raw(), place.id);
            query = query
                .filter(deadlines::due_at.gt(due).or(deadlines::due_at.eq(due).and(deadlines::id.gt(id))))
                .filter(deadlines::due_at.ge(due));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        rows.into_iter().map(Deadline::try_from).collect()
    }

    /// A deadline that concerns the caller's agency, with who was told of it.
    pub fn deadline(&mut self, id: DeadlineId) -> Result<(Deadline, Vec<Escalation>), StoreError> {
        let row: Option<Row> =
            deadlines::table.find(id.0).select(Row::as_select()).first(self.conn).optional()?;
        let deadline: Deadline = row.ok_or(StoreError::NotFound)?.try_into()?;
        let found = if deadline.rung == 0 { Vec::new() } else { self.told_of(id)? };
        let read = |(rung, agency, role, at): TimeTold| {
            Ok(Escalation {
                rung: u8::try_from(rung).map_err(|_| StoreError::corrupt("escalations", "not a rung"))?,
                agency: AgencyId(agency),
                role: rows::code("escalations", &role)?,
                at: Timestamp::new(at),
            })
        };
        let told = found.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        self.check_concerned(&deadline, &told)?;
        Ok((deadline, told))
    }

    /// A match names no case, and tells of two.
    fn is_beside_a_barred_case(&mut self, subject: Uuid) -> Result<bool, StoreError> {
        Ok(self.beside_barred_cases()?.contains(&subject))
    }

    fn check_concerned(&mut self, it: &Deadline, told: &[Escalation]) -> Result<(), StoreError> {
        let cx = self.cx;
        let caller = &cx.caller;
        let agency = caller.agency;
        if it.country != caller.country
            || caller.case.is_some_and(|case| it.duty.case != Some(case))
            || it.duty.case.is_some_and(|case| self.is_barred(case))
            || self.is_beside_a_barred_case(it.duty.subject_id)?
        {
            return Err(StoreError::NotFound);
        }
        let concerned = it.duty.owner == agency
            || it.duty.watcher == Some(agency)
            || it.duty.answers_to == agency
            || told.iter().any(|it| it.agency == agency);
        match it.duty.case {
            _ if concerned => Ok(()),
            Some(case) => self
                .case(case)
                .and_then(|(_, relation)| if relation.own() { Ok(()) } else { Err(StoreError::NotFound) }),
            None => Err(StoreError::NotFound),
        }
    }
}

type OpenOf = diesel::dsl::Filter<
    diesel::dsl::Filter<deadlines::table, diesel::dsl::Eq<deadlines::subject_id, Uuid>>,
    diesel::dsl::IsNull<deadlines::closed_at>,
>;

fn open_of(subject: Uuid) -> OpenOf {
    deadlines::table.filter(deadlines::subject_id.eq(subject)).filter(deadlines::closed_at.is_null())
}

type ToldOf = diesel::dsl::Filter<
    diesel::dsl::Filter<escalations::table, diesel::dsl::Eq<escalations::deadline_id, deadlines::id>>,
    diesel::dsl::Eq<escalations::agency_id, Uuid>,
>;

fn told(agency: Uuid) -> ToldOf {
    escalations::table
        .filter(escalations::deadline_id.eq(deadlines::id))
        .filter(escalations::agency_id.eq(agency))
}
