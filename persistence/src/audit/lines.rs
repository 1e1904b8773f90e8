//! The log of reads and refusals as people read it: newest first, within their reach.

use diesel::{
    QueryableByName, RunQueryDsl as _,
    pg::Pg,
    query_builder::BoxedSqlQuery,
    sql_query,
    sql_types::{Array, BigInt, Binary, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use domain::{
    AgencyId, CaseId, ClientId, EmergencyAccessId, ProfessionalId, RequestId, Timestamp,
    access::{LogReach, log_reach, sees_hideaways},
    vocabulary::{DataClass, Purpose, Role},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::AccessOutcome;
use crate::{
    StoreError,
    hideaways::HIDEAWAY,
    rows,
    sealed_log::{LogName, is_sealed},
    store::Tx,
};

/// Which lines, of those within reach.
#[derive(Clone, Copy, Debug)]
pub struct AccessFilter {
    /// About this case only.
    pub case: Option<CaseId>,
    /// By this client only.
    pub client: Option<ClientId>,
    /// By this professional only.
    pub professional: Option<ProfessionalId>,
    /// At this instant or later.
    pub from: Timestamp,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// The place of a line in the order in which lines are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessPlace {
    /// When.
    pub at: Timestamp,
    /// Which of that instant; never shown.
    pub seq: i64,
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct AccessLine {
    /// Its place.
    pub place: AccessPlace,
    /// What was asked.
    pub operation: String,
    /// What came of it.
    pub outcome: AccessOutcome,
    /// Why it was refused.
    pub code: Option<String>,
    /// What was looked at.
    pub subject: Option<Uuid>,
    /// The case that it belongs to.
    pub case: Option<CaseId>,
    /// The classes that were shown.
    pub sections: Vec<DataClass>,
    /// The client.
    pub client: ClientId,
    /// The professional; none where a system asked by itself.
    pub professional: Option<ProfessionalId>,
    /// The agency.
    pub agency: AgencyId,
    /// The role in which the professional asked.
    pub role: Option<Role>,
    /// The purpose.
    pub purpose: Purpose,
    /// The access decision in the agency's own books.
    pub decision_ref: Option<String>,
    /// The request.
    pub request: RequestId,
    /// The emergency access by which it was let in.
    pub break_glass: Option<EmergencyAccessId>,
    /// Its place among the leaves of the sealed tree; none until it is sealed.
    pub leaf: Option<i64>,
    /// Whether it is as it was sealed; none until it is sealed.
    pub intact: Option<bool>,
    /// Whether it would tell the reader where the child is hidden: of an agency or a service whose location is confidential,
    /// for whoever may not read where the child is.
    pub hides: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    seq: i64,
    #[diesel(sql_type = Timestamptz)]
    at: OffsetDateTime,
    #[diesel(sql_type = Text)]
    operation: String,
    #[diesel(sql_type = Text)]
    outcome: String,
    #[diesel(sql_type = Nullable<Text>)]
    code: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    subject_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    case_id: Option<Uuid>,
    #[diesel(sql_type = Array<Text>)]
    sections: Vec<String>,
    #[diesel(sql_type = SqlUuid)]
    client: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    professional_id: Option<Uuid>,
    #[diesel(sql_type = SqlUuid)]
    agency_id: Uuid,
    #[diesel(sql_type = Nullable<Text>)]
    role: Option<String>,
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = Nullable<Text>)]
    decision_ref: Option<String>,
    #[diesel(sql_type = SqlUuid)]
    request_id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    break_glass: Option<Uuid>,
    #[diesel(sql_type = Nullable<BigInt>)]
    leaf: Option<i64>,
    #[diesel(sql_type = Nullable<Binary>)]
    hash: Option<Vec<u8>>,
    #[diesel(sql_type = Jsonb)]
    line: serde_json::Value,
    #[diesel(sql_type = Bool)]
    hideaway: bool,
}

impl Row {
    fn read(self) -> Result<AccessLine, StoreError> {
        const TABLE: &str = "access_log";
        let outcome = match self.outcome.as_str() {
            "read" => AccessOutcome::Read,
            "refused" => AccessOutcome::Refused,
            "not_found" => AccessOutcome::NotFound,
            _ => return Err(StoreError::corrupt(TABLE, "an unknown outcome")),
        };
        Ok(AccessLine {
            place: AccessPlace { at: Timestamp::new(self.at), seq: self.seq },
            operation: self.operation,
            outcome,
            code: self.code,
            subject: self.subject_id,
            case: self.case_id.map(CaseId),
            sections: rows::codes(TABLE, &self.sections)?,
            client: ClientId(self.client),
            professional: self.professional_id.map(ProfessionalId),
            agency: AgencyId(self.agency_id),
            role: self.role.map(|it| rows::code(TABLE, &it)).transpose()?,
            purpose: rows::code(TABLE, &self.purpose)?,
            decision_ref: self.decision_ref,
            request: RequestId(self.request_id),
            break_glass: self.break_glass.map(EmergencyAccessId),
            leaf: self.leaf,
            intact: self.hash.map(|it| is_sealed(LogName::AccessLog, self.line, &it)),
            hides: self.hideaway,
        })
    }
}

/// A statement that grows by conditions with one value each.
struct Asked<'a> {
    query: BoxedSqlQuery<'a, Pg, diesel::query_builder::SqlQuery>,
    bound: u8,
}

macro_rules! condition {
    ($asked:ident, $type:ty, $text:literal, $value:expr) => {
        $asked.bound += 1;
        $asked.query =
            $asked.query.sql(format!(concat!(" AND ", $text), $asked.bound)).bind::<$type, _>($value);
    };
}

impl Tx<'_> {
    /// How far the caller sees the log when it asks about a case, or about none.
    pub fn log_reach(&mut self, case: Option<CaseId>) -> Result<LogReach, StoreError> {
        Ok(self.log_sight(case)?.0)
    }

    /// The same, and whether it is shown which agency with a confidential location has acted.
    pub fn log_sight(&mut self, case: Option<CaseId>) -> Result<(LogReach, bool), StoreError> {
        let relation = match case.map(|id| (id, self.case(id))) {
            None | Some((_, Err(StoreError::NotFound))) => None,
            Some((id, Ok((_, relation)))) => Some((id, relation)),
            Some((_, Err(other))) => return Err(other),
        };
        let caller = &self.cx.caller;
        let reach = log_reach(caller, relation.as_ref().map(|(id, it)| (*id, it)));
        Ok((reach, sees_hideaways(caller, reach, relation.as_ref().map(|it| &it.1))))
    }

    /// Lines of the log within the caller's reach, newest first, one more than wanted.
    pub fn access_lines(
        &mut self,
        filter: AccessFilter,
        after: Option<AccessPlace>,
        limit: u16,
    ) -> Result<Vec<AccessLine>, StoreError> {
        let select = format!(
            "SELECT t.seq, t.at, t.operation, t.outcome, t.code, t.subject_id, t.case_id, t.sections, \
                      t.client, t.professional_id, t.agency_id, t.role, t.purpose, t.decision_ref, t.request_id, \
                      t.break_glass, to_jsonb(t) AS line, \
                      {HIDEAWAY} AS hideaway, \
                      l.index AS leaf, l.hash FROM access_log t \
                      LEFT JOIN log_leaves l ON l.log = 'access_log' AND l.seq = t.seq \
                      LEFT JOIN agencies a ON a.id = t.agency_id WHERE true"
        );
        let sight = self.log_sight(filter.case)?;
        let rows: Vec<Row> = self.within_reach(&select, sight, filter, after, limit)?;
        let own = self.cx.caller.agency;
        let shown = |it: AccessLine| AccessLine { hides: it.hides && !sight.1 && it.agency != own, ..it };
        rows.into_iter().map(|it| it.read().map(shown)).collect()
    }

    /// Rows of one of the two logs within what the caller sees, newest first, one more than wanted. The statement calls the
    /// log `t`, the agency that is hidden from others `a`, and has conditions.
    pub(super) fn within_reach<R: QueryableByName<Pg> + 'static>(
        &mut self,
        select: &str,
        (reach, sees): (LogReach, bool),
        filter: AccessFilter,
        after: Option<AccessPlace>,
        limit: u16,
    ) -> Result<Vec<R>, StoreError> {
        let caller = &self.cx.caller;
        let mut asked = Asked { query: sql_query(select).into_boxed(), bound: 0 };
        condition!(asked, Text, "t.country = ${}", caller.country.to_string());
        condition!(asked, Timestamptz, "t.at >= ${}", filter.from.raw());
        match reach {
            LogReach::Country => {}
            LogReach::Agency => {
                condition!(asked, SqlUuid, "t.agency_id = ${}", caller.agency.0);
            }
            LogReach::Case(case) | LogReach::Child(case) => {
                condition!(asked, SqlUuid, "t.case_id = ${}", case.0);
            }
            // Whoever calls is somebody: the operation asks for a professional.
            LogReach::Own => {
                condition!(
                    asked,
                    Nullable<SqlUuid>,
                    "t.professional_id = ${}",
                    caller.professional.map(|it| it.0)
                );
            }
        }
        if let Some(it) = caller.case {
            condition!(asked, SqlUuid, "t.case_id = ${}", it.0);
        }
        if let Some(it) = filter.case {
            condition!(asked, SqlUuid, "t.case_id = ${}", it.0);
        }
        // Who asks by name for a client or a professional learns nothing of whoever is not named to it.
        if !sees && (filter.client.is_some() || filter.professional.is_some()) {
            condition!(asked, SqlUuid, "(t.agency_id = ${} OR NOT ", caller.agency.0);
            asked.query = asked.query.sql(format!("{HIDEAWAY})"));
        }
        if let Some(it) = filter.client {
            condition!(asked, SqlUuid, "t.client = ${}", it.0);
        }
        if let Some(it) = filter.professional {
            condition!(asked, SqlUuid, "t.professional_id = ${}", it.0);
        }
        if let Some(it) = filter.until {
            condition!(asked, Timestamptz, "t.at < ${}", it.raw());
        }
        if let Some(it) = after {
            condition!(asked, Timestamptz, "(t.at, t.seq) < (${},", it.at.raw());
            asked.bound += 1;
            asked.query = asked.query.sql(format!(" ${})", asked.bound)).bind::<BigInt, _>(it.seq);
        }
        let query =
            asked.query.sql(format!(" ORDER BY t.at DESC, t.seq DESC LIMIT {}", u32::from(limit) + 1));
        let load = |tx: &mut Self| Ok::<Vec<R>, StoreError>(query.load(tx.conn)?);
        // Oversight reads what every agency of its country did, a guardian what each did with the file of its child.
        let beyond = matches!(reach, LogReach::Country | LogReach::Child(_));
        if beyond { self.across(load) } else { load(self) }
    }
}
