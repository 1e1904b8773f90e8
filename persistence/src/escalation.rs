//! The worker's part of deadlines: every step that is due is taken once, on whichever of several instances.

use diesel::{
    BoolExpressionMethods as _, Connection as _, ExpressionMethods as _, OptionalExtension as _,
    QueryDsl as _, RunQueryDsl as _, SelectableHelper as _,
    dsl::{insert_into, min},
};
use domain::{
    DeadlineId, ReferralId, Timestamp,
    deadlines::{Deadline, Recipients, Step, Told, step},
    events::{Fact, SubjectKind},
    vocabulary::AgencyType,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Context, Store, StoreError,
    deadlines::Row,
    schema::{deadlines, escalations, referrals},
    store::Tx,
};

/// A step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepTaken {
    /// Of which deadline.
    pub deadline: DeadlineId,
    /// Up to which rung; none where what it belongs to expired.
    pub rung: Option<u8>,
}

/// Rung, agency, role and when.
pub(crate) type TimeTold = (i16, Uuid, String, OffsetDateTime);

/// Where a sweep has come to.
type Place = (OffsetDateTime, Uuid);

impl Store {
    /// When the next step of any deadline is due.
    pub fn next_deadline_step(&self) -> Result<Option<Timestamp>, StoreError> {
        self.unattended(|session| {
            let at: Option<OffsetDateTime> =
                deadlines::table.select(min(deadlines::next_step_at)).first(&mut session.conn)?;
            Ok(at.map(Timestamp::new))
        })
    }

    /// Takes every step that is due, each in a transaction of its own. What another instance is taking is passed over,
    /// and one that fails does not keep the others waiting: the first failure is told when all were tried.
    pub fn take_deadline_steps(&self, now: Timestamp) -> Result<Vec<StepTaken>, StoreError> {
        let (mut taken, mut failed, mut place) = (Vec::new(), None, None);
        loop {
            match self.take_step_after(place, now) {
                Ok(None) => break,
                Ok(Some((at, step))) => {
                    taken.extend(step);
                    place = Some(at);
                }
                // Somebody answered at this very moment, or another instance was first: the next sweep sees what is left.
                Err((Some(at), StoreError::Stale | StoreError::Conflict)) => place = Some(at),
                Err((Some(at), error)) => {
                    failed.get_or_insert(error);
                    place = Some(at);
                }
                Err((None, error)) => return Err(error),
            }
        }
        failed.map_or(Ok(taken), Err)
    }

    #[expect(
        clippy::type_complexity,
        reason = "the place of what failed, so that the sweep goes on behind it"
    )]
    fn take_step_after(
        &self,
        after: Option<Place>,
        now: Timestamp,
    ) -> Result<Option<(Place, Option<StepTaken>)>, (Option<Place>, StoreError)> {
        let mut session = self.worker().map_err(|error| (None, error))?;
        let mut place = None;
        let done = session.conn.transaction(|conn| {
            let Some(deadline) = claimed(conn, after, now)? else { return Ok(None) };
            let at = (deadline.next_step_at.unwrap_or(now).raw(), deadline.id.0);
            place = Some(at);
            let cx = Context::of_mechanism(deadline.country, deadline.id.0, now);
            let mut tx = Tx::new(conn, self.keys(), &cx);
            Ok::<_, StoreError>(Some((at, tx.take_step(&deadline)?)))
        });
        done.map_err(|error| {
            session.lost = matches!(error, StoreError::Unavailable);
            (place, error)
        })
    }
}

/// The next deadline whose step is due and that no other instance is at.
fn claimed(
    conn: &mut diesel::PgConnection,
    after: Option<Place>,
    now: Timestamp,
) -> Result<Option<Deadline>, StoreError> {
    let (at, id) = after.unwrap_or((OffsetDateTime::UNIX_EPOCH, Uuid::nil()));
    let later = deadlines::next_step_at.gt(at);
    let later = later.or(deadlines::next_step_at.eq(at).and(deadlines::id.gt(id)));
    let row: Option<Row> = deadlines::table
        .filter(deadlines::next_step_at.le(now.raw()))
        .filter(later)
        .order((deadlines::next_step_at, deadlines::id))
        .limit(1)
        .for_update()
        .skip_locked()
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Deadline::try_from).transpose()
}

impl Tx<'_> {
    fn take_step(&mut self, deadline: &Deadline) -> Result<Option<StepTaken>, StoreError> {
        let country = self.country(deadline.country)?;
        let duty = &deadline.duty;
        if duty.kind.abroad() && duty.subject == SubjectKind::TransnationalRequest {
            return self.take_step_abroad(deadline, &country);
        }
        let to = Recipients {
            coordinator: self.first_agency_of(AgencyType::NatCoordinator)?,
            duty_desk: self.first_agency_of(AgencyType::ChildProtection)?,
        };
        let rung = match step(deadline, &country, to, self.cx.now) {
            None => return Ok(None),
            Some(Step::Escalate { rung, told, next_step_at, fact }) => {
                self.escalate(deadline, (rung, &told, next_step_at), fact)?;
                Some(rung)
            }
            Some(Step::Expire) => {
                self.expire_subject(deadline, &country)?;
                None
            }
        };
        Ok(Some(StepTaken { deadline: deadline.id, rung }))
    }

    /// Who was told of a deadline.
    pub(crate) fn told_of(&mut self, id: DeadlineId) -> Result<Vec<TimeTold>, StoreError> {
        // Whom a deadline concerns may know who else was told.
        self.across(|tx| {
            let all = escalations::table
                .filter(escalations::deadline_id.eq(id.0))
                .order((escalations::rung, escalations::agency_id, escalations::role))
                .select((escalations::rung, escalations::agency_id, escalations::role, escalations::at));
            Ok(all.load(tx.conn)?)
        })
    }

    pub(crate) fn escalate(
        &mut self,
        deadline: &Deadline,
        (rung, told, next_step_at): (u8, &[Told], Option<Timestamp>),
        fact: Fact,
    ) -> Result<(), StoreError> {
        diesel::update(deadlines::table.find(deadline.id.0))
            .set((
                deadlines::rung.eq(i16::from(rung)),
                deadlines::next_step_at.eq(next_step_at.map(Timestamp::raw)),
            ))
            .execute(self.conn)?;
        let rows: Vec<_> = told
            .iter()
            .map(|it| {
                (
                    escalations::deadline_id.eq(deadline.id.0),
                    escalations::rung.eq(i16::from(rung)),
                    escalations::agency_id.eq(it.agency.0),
                    escalations::role.eq(it.role.to_string()),
                    escalations::country.eq(deadline.country.to_string()),
                    escalations::due_at.eq(deadline.duty.due_at.raw()),
                    escalations::at.eq(self.cx.now.raw()),
                )
            })
            .collect();
        insert_into(escalations::table).values(rows).on_conflict_do_nothing().execute(self.conn)?;
        // The flag of the referral (N11); its version stays: nothing that a side decided on has changed.
        diesel::update(referrals::table.find(deadline.duty.subject_id))
            .filter(referrals::escalation.lt(i16::from(rung)))
            .set(referrals::escalation.eq(i16::from(rung)))
            .execute(self.conn)?;
        self.record(&[fact])
    }

    /// When the next step is taken, where this one told nobody.
    pub(crate) fn set_next_step(&mut self, id: DeadlineId, at: Option<Timestamp>) -> Result<(), StoreError> {
        diesel::update(deadlines::table.find(id.0))
            .set(deadlines::next_step_at.eq(at.map(Timestamp::raw)))
            .execute(self.conn)?;
        Ok(())
    }

    fn expire_subject(
        &mut self,
        deadline: &Deadline,
        country: &domain::directory::CountryEntry,
    ) -> Result<(), StoreError> {
        let referral = self.any_referral(ReferralId(deadline.duty.subject_id))?;
        if let Ok(decided) = referral.expire(country, self.cx.now) {
            return self.save_referral(&referral, &decided);
        }
        // Answered meanwhile: then the duty is closed or about to be, and nothing expires.
        diesel::update(deadlines::table.find(deadline.id.0))
            .set(deadlines::next_step_at.eq(None::<OffsetDateTime>))
            .execute(self.conn)?;
        Ok(())
    }
}
