//! What is owed in a case, whoever leads it.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _, dsl::case_when,
};
use domain::{AgencyId, CaseId, deadlines::DutyKind, events::SubjectKind};
use uuid::Uuid;

use crate::{
    StoreError, rows,
    schema::{case_matches, data_requests, deadlines},
    store::Tx,
};

impl Tx<'_> {
    /// The open duties that entries of a case file have opened: what each is about, and which. A review of an emergency
    /// access and an answer to whoever asks for data are owed whatever becomes of the case.
    pub fn duties_of_file(&mut self, case: CaseId) -> Result<Vec<(Uuid, DutyKind)>, StoreError> {
        let others = rows::texts(&[
            SubjectKind::Case,
            SubjectKind::Referral,
            SubjectKind::TransnationalRequest,
            SubjectKind::EmergencyAccess,
            SubjectKind::DataRequest,
        ]);
        let found: Vec<(Uuid, String)> = deadlines::table
            .filter(deadlines::case_id.eq(case.0))
            .filter(deadlines::closed_at.is_null())
            .filter(deadlines::subject.ne_all(others))
            .order(deadlines::id)
            .select((deadlines::subject_id, deadlines::duty))
            .load(self.conn)?;
        found.into_iter().map(|(id, duty)| Ok((id, rows::code("deadlines", &duty)?))).collect()
    }

    /// What an agency owed or waited for in a case that another one leads now; who answered for it in the old one does no
    /// longer. What it owes or waits for as a side of a referral stays its own.
    pub(crate) fn hand_deadlines_over(
        &mut self,
        case: CaseId,
        from: AgencyId,
        to: AgencyId,
    ) -> Result<(), StoreError> {
        // A duty about a match names no case: not everybody who reads the duties of one may know of the other.
        let matches =
            || case_matches::table.filter(case_matches::case_id.eq(case.0)).select(case_matches::id);
        // Nor does one about a request for data: not everybody who takes part may know of it.
        let requests =
            || data_requests::table.filter(data_requests::case_id.eq(case.0)).select(data_requests::id);
        let open = || {
            deadlines::table
                .filter(
                    deadlines::case_id
                        .eq(case.0)
                        .or(deadlines::subject_id.eq_any(matches()))
                        .or(deadlines::subject_id.eq_any(requests())),
                )
                .filter(deadlines::closed_at.is_null())
                .filter(deadlines::subject.ne(rows::text(SubjectKind::Referral)))
        };
        diesel::update(open().filter(deadlines::agency_id.eq(from.0)))
            .set((
                deadlines::agency_id.eq(to.0),
                deadlines::professional_id.eq(None::<Uuid>),
                // Nobody waits for itself.
                deadlines::watcher_id
                    .eq(case_when(deadlines::watcher_id.eq(to.0), None::<Uuid>)
                        .otherwise(deadlines::watcher_id)),
            ))
            .execute(self.conn)?;
        diesel::update(open().filter(deadlines::watcher_id.eq(from.0)))
            .set(deadlines::watcher_id.eq(to.0))
            .execute(self.conn)?;
        diesel::update(open().filter(deadlines::answers_to_id.eq(from.0)))
            .set(deadlines::answers_to_id.eq(to.0))
            .execute(self.conn)?;
        Ok(())
    }
}
