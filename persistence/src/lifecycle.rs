//! The life of a case: its acts with what was written, when the child was missing, to whom it was handed over.

mod duties;
mod stored;

use std::collections::BTreeSet;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, QueryDsl as _, RunQueryDsl as _,
    SelectableHelper as _, dsl::insert_into, upsert::excluded,
};
use domain::{
    AgencyId, CaseId, Decided,
    cases::{
        Case,
        lifecycle::{Course, Destination, Entry, HandoverStatus, LifecycleAct, Moved, Referred},
    },
    matching::MatchStatus,
    vocabulary::{CaseStatus, LinkRelation, ReferralStatus},
};
use time::OffsetDateTime;
use uuid::Uuid;

use self::stored::{ActRow, EpisodeRow, HandoverRow};
use crate::{
    StoreError, rows,
    schema::{
        case_acts as acts, case_links, case_matches, cases, handovers, missing_episodes as episodes,
        participations, referrals,
    },
    sealing::Sealed,
    store::Tx,
};

/// What is on record of the question whether two cases are of the same child.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnRecord {
    /// Whether both have the same record of a child.
    pub same_record: bool,
    /// Whether people have confirmed a match of the two.
    pub confirmed_match: bool,
    /// Whether people have recorded that they are two: brothers or sisters, of one household, or no match.
    pub two_children: bool,
}

/// Of a referral: status, origin, receiver, when it was sent.
type ReferralLine = (String, Option<String>, Option<Uuid>, Option<OffsetDateTime>);

impl Tx<'_> {
    /// The course of a case so far.
    pub fn course(&mut self, case: &Case) -> Result<Course, StoreError> {
        let found: Vec<ActRow> = acts::table
            .filter(acts::case_id.eq(case.id.0))
            .order(acts::version)
            .select(ActRow::as_select())
            .load(self.conn)?;
        let mut done = Vec::new();
        if !found.is_empty() {
            let key = self.data_key(case.child.0, Sealed::Narrative)?;
            done = found.into_iter().map(|it| it.read(&key)).collect::<Result<_, _>>()?;
        }
        let missing: Vec<EpisodeRow> = episodes::table
            .filter(episodes::case_id.eq(case.id.0))
            .order((episodes::reported_at, episodes::id))
            .select(EpisodeRow::as_select())
            .load(self.conn)?;
        let handed: Vec<HandoverRow> = handovers::table
            .filter(handovers::case_id.eq(case.id.0))
            .order((handovers::proposed_at, handovers::id))
            .select(HandoverRow::as_select())
            .load(self.conn)?;
        Ok(Course {
            acts: done,
            episodes: missing.into_iter().map(EpisodeRow::read).collect::<Result<_, _>>()?,
            handovers: handed.into_iter().map(HandoverRow::read).collect::<Result<_, _>>()?,
        })
    }

    /// What the referrals of a case say of it.
    pub fn referred(&mut self, case: CaseId) -> Result<Referred, StoreError> {
        use ReferralStatus as S;
        let found: Vec<ReferralLine> = referrals::table
            .filter(referrals::case_id.eq(case.0))
            .select((referrals::status, referrals::origin, referrals::to_agency_id, referrals::sent_at))
            .load(self.conn)?;
        let mut all = Referred::default();
        for (status, origin, to, sent) in found {
            let status: ReferralStatus = rows::code("referrals", &status)?;
            let over = match status {
                // A draft that follows from another referral is help that somebody still waits for.
                S::Draft => origin.is_none(),
                S::Completed | S::Interrupted | S::Cancelled | S::Rerouted => true,
                _ => false,
            };
            all.open += usize::from(!over);
            all.ever_sent |= sent.is_some();
            if matches!(status, S::Accepted | S::InService) {
                all.accepted.extend(to.map(AgencyId));
            }
        }
        Ok(all)
    }

    /// The agencies that take part in a case now.
    pub fn participants(&mut self, case: CaseId) -> Result<Vec<AgencyId>, StoreError> {
        let now = self.cx.now.raw();
        // All who take part are told of an act, not only the one who acts.
        let found: Vec<Uuid> = self.across(|tx| {
            let all = participations::table
                .filter(participations::case_id.eq(case.0))
                // Whoever opened it in an emergency reads, and takes no part in what is done.
                .filter(participations::basis.ne("emergency"))
                .filter(participations::since.le(now))
                .filter(participations::until.is_null().or(participations::until.gt(now)))
                .select(participations::agency_id);
            Ok::<_, StoreError>(all.load(tx.conn)?)
        })?;
        let once: BTreeSet<_> = found.into_iter().map(AgencyId).collect();
        Ok(once.into_iter().collect())
    }

    /// Matches of a case that nobody has decided on, for the agency that leads it: nobody else may know of any.
    pub fn undecided_matches(&mut self, case: &Case) -> Result<usize, StoreError> {
        if self.cx.caller.agency != case.lead {
            return Ok(0);
        }
        let open: i64 = case_matches::table
            .filter(case_matches::case_id.eq(case.id.0))
            .filter(case_matches::status.eq(rows::text(MatchStatus::Suggested)))
            .count()
            .get_result(self.conn)?;
        Ok(usize::try_from(open).unwrap_or(usize::MAX))
    }

    /// What is on record of the question whether two cases are of the same child: whether the agencies that lead
    /// them have confirmed a match; who is linked as brother, sister or of one household is another child, and so is who
    /// was found to be no match.
    pub fn same_child(&mut self, one: &Case, other: &Case) -> Result<OnRecord, StoreError> {
        let others = rows::texts(&[LinkRelation::Sibling, LinkRelation::SameHousehold]);
        let linked: i64 = case_links::table
            .filter(case_links::until.is_null().and(case_links::relation.eq_any(others)))
            .filter(
                (case_links::case_id.eq(one.id.0).and(case_links::other_case_id.eq(other.id.0)))
                    .or(case_links::case_id.eq(other.id.0).and(case_links::other_case_id.eq(one.id.0))),
            )
            .count()
            .get_result(self.conn)?;
        let rejected: i64 = case_matches::table
            .filter(case_matches::case_id.eq(one.id.0).and(case_matches::other_case_id.eq(other.id.0)))
            .filter(case_matches::status.eq(rows::text(MatchStatus::Rejected)))
            .count()
            .get_result(self.conn)?;
        let confirmed_match = self.are_one_child(one.id, other.id)?;
        let two_children = linked > 0 || rejected > 0;
        Ok(OnRecord { same_record: one.child == other.child, confirmed_match, two_children })
    }

    /// Stores an act on the life of a case, if nobody else changed it.
    pub fn save_moved(&mut self, before: &Case, decided: &Decided<Moved>) -> Result<(), StoreError> {
        let moved = &decided.value;
        self.add_act(&moved.case, &moved.entry)?;
        // The case comes before its deadlines, as in the acts on an identification.
        self.update_case(&moved.case)?;
        if let Some((into, entry)) = &moved.into {
            self.add_act(into, entry)?;
            self.update_case(into)?;
        }
        self.save_episode(moved)?;
        self.save_handover(moved)?;
        // Whoever takes over, or closes, ends and begins what others take part in.
        self.across(|tx| tx.follow_lead(before, moved))?;
        self.settle(decided)
    }

    fn add_act(&mut self, case: &Case, entry: &Entry) -> Result<(), StoreError> {
        let sealed = self.data_key(case.child.0, Sealed::Narrative)?.seal(entry.id.0, &entry.written)?;
        let row = ActRow::of(case, entry, sealed);
        let added = insert_into(acts::table).values(row).execute(self.conn);
        added.map_err(|error| match StoreError::from(error) {
            // Another act has made this version of the case.
            StoreError::Constraint(name) if name == "case_acts_once" => StoreError::Stale,
            other => other,
        })?;
        Ok(())
    }

    fn save_episode(&mut self, moved: &Moved) -> Result<(), StoreError> {
        let Some(it) = &moved.episode else { return Ok(()) };
        insert_into(episodes::table)
            .values(EpisodeRow::of(it, moved.case.country.to_string()))
            .on_conflict(episodes::id)
            .do_update()
            .set((
                episodes::status.eq(excluded(episodes::status)),
                episodes::police_at.eq(excluded(episodes::police_at)),
                episodes::found_at.eq(excluded(episodes::found_at)),
                episodes::interviewed_at.eq(excluded(episodes::interviewed_at)),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whoever is asked to take the case over sees where it stands, until it is answered; the focal point also after that.
    fn save_handover(&mut self, moved: &Moved) -> Result<(), StoreError> {
        let Some(it) = &moved.handover else { return Ok(()) };
        insert_into(handovers::table)
            .values(HandoverRow::of(it, moved.case.country.to_string()))
            .on_conflict(handovers::id)
            .do_update()
            .set((
                handovers::status.eq(excluded(handovers::status)),
                handovers::ended_at.eq(excluded(handovers::ended_at)),
            ))
            .execute(self.conn)?;
        match (it.status, it.to) {
            (HandoverStatus::Proposed, to) => {
                let receiver = match to {
                    Destination::Agency(id) => Some(id),
                    Destination::Country(_) => self.focal_point()?,
                };
                match receiver {
                    Some(id) => self.add_participation(it.case, id, "handover", it.id.0, &[]),
                    None => Ok(()),
                }
            }
            (HandoverStatus::Confirmed, Destination::Country(_)) => Ok(()),
            _ => self.end_participation(it.id.0),
        }
    }

    /// The focal point of the caller's country.
    pub fn focal_point(&mut self) -> Result<Option<AgencyId>, StoreError> {
        self.first_agency_of(domain::vocabulary::AgencyType::CrossborderFocalPoint)
    }

    /// Who takes part after an act: the agency that leads now, no longer the one before, and nobody by a referral in a
    /// closed case.
    fn follow_lead(&mut self, before: &Case, moved: &Moved) -> Result<(), StoreError> {
        let (after, now) = (&moved.case, self.cx.now.raw());
        if before.lead != after.lead {
            self.pass_lead(before, after)?;
            self.merged_follow_lead(before, after)?;
        }
        if after.status == CaseStatus::Closed {
            diesel::update(participations::table)
                .filter(participations::case_id.eq(after.id.0).and(participations::until.is_null()))
                .filter(participations::basis.eq_any(["referral", "handover"]))
                .set(participations::until.eq(now))
                .execute(self.conn)?;
        }
        Ok(())
    }

    fn pass_lead(&mut self, before: &Case, after: &Case) -> Result<(), StoreError> {
        diesel::update(participations::table)
            .filter(participations::case_id.eq(after.id.0).and(participations::basis.eq("lead")))
            .filter(participations::until.is_null())
            .set(participations::until.eq(self.cx.now.raw()))
            .execute(self.conn)?;
        self.take_part_again(after, after.lead, "lead")?;
        self.requests_follow_lead(after.id, before.lead, after.lead)?;
        if before.lead == before.opened_by {
            self.take_part_again(after, before.lead, "opener")?;
        }
        Ok(())
    }

    /// What was merged into a case is its file as well, so it goes with it to whoever leads from now on, with what is owed there
    /// to the end: an answer to whoever asks for the data of the child (R90), the review of an emergency access.
    fn merged_follow_lead(&mut self, before: &Case, after: &Case) -> Result<(), StoreError> {
        for id in self.merged_into(after.id)? {
            let merged = self.any_case(id)?;
            if merged.lead == before.lead {
                let moved = Case { lead: after.lead, version: merged.version.next(), ..merged.clone() };
                self.update_case(&moved)?;
                self.pass_lead(&merged, &moved)?;
                self.hand_deadlines_over(id, before.lead, after.lead)?;
            }
        }
        Ok(())
    }

    /// The cases that were merged into one, and those that were merged into them.
    fn merged_into(&mut self, case: CaseId) -> Result<Vec<CaseId>, StoreError> {
        let (mut all, mut next) = (Vec::new(), vec![case.0]);
        while !next.is_empty() {
            next = acts::table
                .filter(acts::act.eq(rows::text(LifecycleAct::Merge)))
                .filter(acts::to_status.eq(rows::text(CaseStatus::Merged)))
                .filter(acts::other_case_id.eq_any(next.clone()))
                .select(acts::case_id)
                .load(self.conn)?;
            next.retain(|it| !all.contains(&CaseId(*it)) && *it != case.0);
            all.extend(next.iter().copied().map(CaseId));
        }
        Ok(all)
    }

    /// An agency can lead a case a second time.
    fn take_part_again(
        &mut self,
        case: &Case,
        agency: AgencyId,
        basis: &'static str,
    ) -> Result<(), StoreError> {
        let ended: Option<OffsetDateTime> = None;
        insert_into(participations::table)
            .values((
                participations::agency_id.eq(agency.0),
                participations::case_id.eq(case.id.0),
                participations::country.eq(case.country.as_str()),
                participations::basis.eq(basis),
                participations::source_id.eq(case.id.0),
                participations::classes.eq(Vec::<String>::new()),
                participations::since.eq(self.cx.now.raw()),
            ))
            .on_conflict((
                participations::agency_id,
                participations::case_id,
                participations::source_id,
                participations::basis,
            ))
            .do_update()
            .set((participations::since.eq(excluded(participations::since)), participations::until.eq(ended)))
            .execute(self.conn)?;
        Ok(())
    }

    /// The agencies that led a case before the caller's agency, if that leads it now: the file stays one.
    pub(crate) fn led_before_me(&mut self, case: CaseId) -> Result<Vec<Uuid>, StoreError> {
        Ok(handovers::table
            .inner_join(cases::table.on(cases::id.eq(handovers::case_id)))
            .filter(handovers::case_id.eq(case.0))
            .filter(handovers::status.eq(rows::text(HandoverStatus::Confirmed)))
            .filter(cases::lead_agency_id.eq(self.cx.caller.agency.0))
            .select(handovers::from_agency_id)
            .load(self.conn)?)
    }
}
