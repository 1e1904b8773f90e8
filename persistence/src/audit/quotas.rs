//! How many children one professional was shown or asked for today, counted from the log itself: there is no counter that
//! could be reset. Whoever is counted waits for the request before it, so that of two at once only one can be the last.

use diesel::{
    Connection as _, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{Array, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use domain::{
    CaseId, CodeList as _, ProfessionalId, Timestamp,
    access::{Quota, Quotas, Relation, ShownToday, told_of_quota, told_of_whereabouts},
    cases::Case,
    vocabulary::{AgencyType, DataClass},
};
use uuid::Uuid;

use super::{AccessEntry, AccessOutcome, write_lines};
use crate::{StoreError, store::Tx};

/// The code of refusals in the log.
const EXCEEDED: &str = "quota-exceeded";

/// Locks by professional; a space of its own, since other locks have one key.
const QUOTA_LOCK: i32 = 0x7175_6f74;

/// What came of counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It is within the quota, and its line is in the log with the transaction.
    Within,
    /// It is not: nothing may be shown until then, the refusal is in the log, and who looks after it is told.
    Exceeded(Timestamp),
}

/// One professional on one local day.
struct Today {
    professional: Uuid,
    from: Timestamp,
    until: Timestamp,
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = SqlUuid)]
    case_id: Uuid,
    #[diesel(sql_type = Bool)]
    led: bool,
}

#[derive(QueryableByName)]
struct Subjects {
    #[diesel(sql_type = Array<Nullable<SqlUuid>>)]
    subjects: Vec<Option<Uuid>>,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Bool)]
    told: bool,
}

impl Tx<'_> {
    /// Counts that the caller is shown where the child of a case is, and writes the line of it: in a transaction of its own,
    /// durable when this returns. `about` is what the line names.
    pub fn count_whereabouts(
        &mut self,
        operation: &'static str,
        about: (Option<Uuid>, CaseId, &[DataClass]),
        quotas: Quotas,
    ) -> Result<Counted, StoreError> {
        let (keys, cx, barred, writing) = (self.keys, self.cx, self.barred.clone(), self.writing);
        self.conn.transaction(|conn| {
            let mut tx = Tx { writing, barred, ..Tx::new(conn, keys, cx) };
            tx.count_child(operation, about, quotas)
        })
    }

    fn count_child(
        &mut self,
        operation: &'static str,
        (subject, id, classes): (Option<Uuid>, CaseId, &[DataClass]),
        quotas: Quotas,
    ) -> Result<Counted, StoreError> {
        let today = self.today_alone()?;
        let (case, leads) = match self.case(id) {
            Ok((case, relation)) => (case, relation == Relation::Lead),
            // Whoever has a referral need not take part in the case; who leads it is told all the same.
            Err(StoreError::NotFound | StoreError::ReadsOnly) => (self.across(|tx| tx.any_case(id))?, false),
            Err(other) => return Err(other),
        };
        let all = self.shown_today(&today)?;
        let count = |of: bool| all.iter().filter(|it| it.led == of).count();
        let shown = ShownToday { led: count(true), others: count(false) };
        let again = all.iter().any(|it| it.case_id == id.0);
        if !again && !quotas.one_more_child(leads, shown) {
            self.refuse_above(operation, Quota::Whereabouts, (subject, Some(&case)), &today)?;
            return Ok(Counted::Exceeded(today.until));
        }
        self.log_shown(operation, (subject, id, classes))?;
        // Once a day is enough to ask back, and says nothing of how often somebody works.
        let told = told_of_whereabouts(&case, &self.cx.caller).filter(|_| !again);
        if let Some(fact) = told {
            self.tell(&[fact])?;
        }
        Ok(Counted::Within)
    }

    /// Counts a question for a child, and writes the line of it, in the transaction of the question. The same question again
    /// on one day is none; the log has a digest of it that tells nothing without the key of the node, and is another one
    /// for another professional and day.
    pub fn count_search(
        &mut self,
        operation: &'static str,
        question: &[u8],
        quotas: Quotas,
    ) -> Result<Counted, StoreError> {
        let today = self.today_alone()?;
        let asked = self.asked(question, &today);
        let before: Subjects = sql_query(
            "SELECT ARRAY(SELECT DISTINCT subject_id FROM access_log WHERE professional_id = $1 AND at >= $2 AND at < $3 \
             AND operation = $4 AND outcome = 'read' AND case_id IS NULL) AS subjects",
        )
        .bind::<SqlUuid, _>(today.professional)
        .bind::<Timestamptz, _>(today.from.raw())
        .bind::<Timestamptz, _>(today.until.raw())
        .bind::<Text, _>(operation)
        .get_result(self.conn)?;
        let again = before.subjects.contains(&Some(asked));
        if !again && !quotas.one_more_question(before.subjects.len()) {
            self.refuse_above(operation, Quota::Searches, (None, None), &today)?;
            return Ok(Counted::Exceeded(today.until));
        }
        let line = self.line(operation, AccessOutcome::Read).about(Some(asked), None, Vec::new());
        write_lines(self.conn, &[line])?;
        Ok(Counted::Within)
    }

    /// Writes that a question hit these cases, in the transaction of the question.
    pub fn log_hits(&mut self, operation: &'static str, hits: &[CaseId]) -> Result<(), StoreError> {
        let line =
            |it: &CaseId| self.line(operation, AccessOutcome::Read).about(Some(it.0), Some(it.0), Vec::new());
        let lines: Vec<_> = hits.iter().map(line).collect();
        if lines.is_empty() { Ok(()) } else { write_lines(self.conn, &lines) }
    }

    /// Writes the line of what is shown of a case, in the transaction of the request if it has one.
    pub fn log_shown(
        &mut self,
        operation: &'static str,
        (subject, case, classes): (Option<Uuid>, CaseId, &[DataClass]),
    ) -> Result<(), StoreError> {
        let sections = classes.iter().map(|it| it.code()).collect();
        let line = self.line(operation, AccessOutcome::Read).about(subject, Some(case.0), sections);
        write_lines(self.conn, &[line])
    }

    fn line(&self, operation: &'static str, outcome: AccessOutcome) -> AccessEntry {
        AccessEntry::new(&self.cx.caller, operation, outcome, self.cx.now)
            .under(self.cx.broken_glass.access())
    }

    /// The caller's local day, once no other request of the same professional counts any more.
    fn today_alone(&mut self) -> Result<Today, StoreError> {
        // Nobody is shown a child without a professional: the policy has refused it before.
        let professional = self.cx.caller.professional.ok_or(StoreError::NotFound)?;
        sql_query("SELECT pg_advisory_xact_lock($1, $2)")
            .bind::<Integer, _>(QUOTA_LOCK)
            .bind::<Integer, _>(lock_of(professional))
            .execute(self.conn)?;
        let day = self.country(self.cx.caller.country)?.day_around(self.cx.now);
        Ok(Today { professional: professional.0, from: day.start, until: day.end })
    }

    /// The cases of which the professional was shown the whereabouts, and whether the agency leads them.
    fn shown_today(&mut self, today: &Today) -> Result<Vec<Shown>, StoreError> {
        Ok(sql_query(
            "SELECT DISTINCT l.case_id, \
             EXISTS (SELECT FROM cases c WHERE c.id = l.case_id AND c.lead_agency_id = $4) AS led \
             FROM access_log l WHERE l.professional_id = $1 AND l.at >= $2 AND l.at < $3 AND l.outcome = 'read' \
             AND l.case_id IS NOT NULL AND $5 = ANY (l.sections)",
        )
        .bind::<SqlUuid, _>(today.professional)
        .bind::<Timestamptz, _>(today.from.raw())
        .bind::<Timestamptz, _>(today.until.raw())
        .bind::<SqlUuid, _>(self.cx.caller.agency.0)
        .bind::<Text, _>(DataClass::D2Whereabouts.code())
        .load(self.conn)?)
    }

    /// Writes the refusal, and tells of the first one of a day and case.
    fn refuse_above(
        &mut self,
        operation: &'static str,
        quota: Quota,
        (subject, case): (Option<Uuid>, Option<&Case>),
        today: &Today,
    ) -> Result<(), StoreError> {
        let case_id = case.map(|it| it.id.0);
        let Told { told } = sql_query(
            "SELECT EXISTS (SELECT FROM access_log WHERE professional_id = $1 AND at >= $2 AND at < $3 \
             AND outcome = 'refused' AND code = $4 AND case_id IS NOT DISTINCT FROM $5) AS told",
        )
        .bind::<SqlUuid, _>(today.professional)
        .bind::<Timestamptz, _>(today.from.raw())
        .bind::<Timestamptz, _>(today.until.raw())
        .bind::<Text, _>(EXCEEDED)
        .bind::<Nullable<SqlUuid>, _>(case_id)
        .get_result(self.conn)?;
        let line = self.line(operation, AccessOutcome::Refused).about(subject, case_id, Vec::new());
        write_lines(self.conn, &[line.because(EXCEEDED)])?;
        if told {
            return Ok(());
        }
        let oversight = self.first_agency_of(AgencyType::Dpo)?;
        let agency = self.agency(self.cx.caller.agency)?;
        self.tell(&[told_of_quota(quota, case, (&self.cx.caller, &agency), oversight)])
    }

    /// What the log says of a question instead of the question.
    fn asked(&self, question: &[u8], today: &Today) -> Uuid {
        let mut told = b"search\0".to_vec();
        told.extend_from_slice(today.professional.as_bytes());
        told.extend_from_slice(&today.from.micros().to_be_bytes());
        told.extend_from_slice(question);
        let mut id = [0; 16];
        id.iter_mut().zip(self.keys.fingerprint(&told)).for_each(|(to, from)| *to = from);
        uuid::Builder::from_custom_bytes(id).into_uuid()
    }
}

/// Two professionals with the same lock wait for each other, which harms nothing.
fn lock_of(professional: ProfessionalId) -> i32 {
    let bytes = professional.0.into_bytes();
    let [.., a, b, c, d] = bytes;
    i32::from_be_bytes([a, b, c, d])
}
