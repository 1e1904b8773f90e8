//! Referrals: the state apart from what was written on the way.

mod list;

pub use list::{ReferralFilter, ReferralLine};

use diesel::{
    AsChangeset, BoolExpressionMethods as _, ExpressionMethods as _, Insertable, JoinOnDsl as _,
    OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _,
    dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, ChildId, Decided, ReferralId, ServiceId, Timestamp, Version,
    access::Relation,
    referrals::{File, Ongoing, Origin, Receiver, Referral, ReferralSide, Sent},
    vocabulary::ReferralStatus,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    StoreError, rows,
    schema::{data_keys, referral_files, referrals},
    sealing::{DataKey, Sealed},
    statements::{Both, SaveStanding},
    store::Tx,
};

// Nothing is left to a default: which columns are null would otherwise make statements that do not stay prepared.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = referrals, treat_none_as_default_value = false)]
struct Row {
    id: Uuid,
    reference: String,
    country: String,
    case_id: Uuid,
    case_reference: String,
    child_id: Uuid,
    from_agency_id: Uuid,
    to_agency_id: Option<Uuid>,
    to_agency_type: Option<String>,
    to_service_id: Option<Uuid>,
    urgency: String,
    reasons: Vec<String>,
    services: Vec<String>,
    status: String,
    drafted_at: OffsetDateTime,
    status_at: OffsetDateTime,
    sent_at: Option<OffsetDateTime>,
    acknowledge_by: Option<OffsetDateTime>,
    decide_by: Option<OffsetDateTime>,
    first_contact_by: Option<OffsetDateTime>,
    version: i32,
    origin: Option<String>,
    origin_id: Option<Uuid>,
    clock_at: Option<OffsetDateTime>,
    reroutes: i16,
    escalation: i16,
}

impl From<&Referral> for Row {
    fn from(it: &Referral) -> Self {
        let texts = |codes: Vec<&'static str>| codes.into_iter().map(str::to_owned).collect();
        Self {
            id: it.id.0,
            reference: it.reference.to_string(),
            country: it.country.to_string(),
            case_id: it.case.0,
            case_reference: it.case_reference.to_string(),
            child_id: it.child.0,
            from_agency_id: it.from.0,
            to_agency_id: it.to.map(|it| it.agency.0),
            to_agency_type: it.to.map(|it| it.agency_type.to_string()),
            to_service_id: it.to.and_then(|it| it.service).map(|it| it.0),
            urgency: it.urgency.to_string(),
            reasons: texts(rows::texts(&it.reasons)),
            services: texts(rows::texts(&it.services)),
            status: it.status.to_string(),
            drafted_at: it.drafted_at.raw(),
            status_at: it.status_at.raw(),
            sent_at: it.sent.map(|it| it.at.raw()),
            acknowledge_by: it.sent.map(|it| it.acknowledge_by.raw()),
            decide_by: it.sent.map(|it| it.decide_by.raw()),
            first_contact_by: it.sent.map(|it| it.first_contact_by.raw()),
            version: it.version.0,
            origin: it.origin.map(|it| it.kind.to_string()),
            origin_id: it.origin.map(|it| it.referral.0),
            clock_at: it.origin.map(|it| it.clock.raw()),
            reroutes: it.origin.map_or(0, |it| i16::try_from(it.reroutes).unwrap_or(i16::MAX)),
            escalation: it.escalation.into(),
        }
    }
}

impl Row {
    fn sent(&self) -> Result<Option<Sent>, StoreError> {
        match (self.sent_at, self.acknowledge_by, self.decide_by, self.first_contact_by) {
            (None, None, None, None) => Ok(None),
            (Some(at), Some(acknowledge_by), Some(decide_by), Some(first_contact_by)) => Ok(Some(Sent {
                at: Timestamp::new(at),
                acknowledge_by: Timestamp::new(acknowledge_by),
                decide_by: Timestamp::new(decide_by),
                first_contact_by: Timestamp::new(first_contact_by),
            })),
            _ => Err(StoreError::corrupt("referrals", "sent without its times")),
        }
    }

    fn receiver(&self) -> Result<Option<Receiver>, StoreError> {
        let Some((agency, kind)) = self.to_agency_id.zip(self.to_agency_type.as_deref()) else {
            return Ok(None);
        };
        Ok(Some(Receiver {
            agency: AgencyId(agency),
            agency_type: rows::code("referrals", kind)?,
            service: self.to_service_id.map(ServiceId),
        }))
    }

    fn origin(&self) -> Result<Option<Origin>, StoreError> {
        let corrupt = || StoreError::corrupt("referrals", "an origin that is not whole");
        let Some(kind) = self.origin.as_deref() else { return Ok(None) };
        Ok(Some(Origin {
            kind: rows::code("referrals", kind)?,
            referral: ReferralId(self.origin_id.ok_or_else(corrupt)?),
            clock: Timestamp::new(self.clock_at.ok_or_else(corrupt)?),
            reroutes: u16::try_from(self.reroutes).map_err(|_| corrupt())?,
        }))
    }

    fn read(self, file: File) -> Result<Referral, StoreError> {
        Ok(Referral {
            id: ReferralId(self.id),
            reference: rows::reference("referrals", &self.reference)?,
            country: rows::country("referrals", &self.country)?,
            case: CaseId(self.case_id),
            case_reference: rows::reference("referrals", &self.case_reference)?,
            child: ChildId(self.child_id),
            from: AgencyId(self.from_agency_id),
            to: self.receiver()?,
            urgency: rows::code("referrals", &self.urgency)?,
            reasons: rows::codes("referrals", &self.reasons)?,
            services: rows::codes("referrals", &self.services)?,
            status: rows::code("referrals", &self.status)?,
            drafted_at: Timestamp::new(self.drafted_at),
            status_at: Timestamp::new(self.status_at),
            sent: self.sent()?,
            origin: self.origin()?,
            escalation: u8::try_from(self.escalation)
                .map_err(|_| StoreError::corrupt("referrals", "not a rung"))?,
            file,
            version: Version(self.version),
        })
    }
}

/// What a draft asks, and whom: it no longer changes once sent.
#[derive(AsChangeset)]
#[diesel(table_name = referrals, treat_none_as_null = true)]
struct Asked {
    to_agency_id: Option<Uuid>,
    to_agency_type: Option<String>,
    to_service_id: Option<Uuid>,
    urgency: String,
    reasons: Vec<String>,
    services: Vec<String>,
}

impl From<&Referral> for Asked {
    fn from(it: &Referral) -> Self {
        let row = Row::from(it);
        Self {
            to_agency_id: row.to_agency_id,
            to_agency_type: row.to_agency_type,
            to_service_id: row.to_service_id,
            urgency: row.urgency,
            reasons: row.reasons,
            services: row.services,
        }
    }
}

impl Tx<'_> {
    /// Stores a new referral with its file and facts.
    pub fn add_referral(&mut self, decided: &Decided<Referral>) -> Result<(), StoreError> {
        let it = &decided.value;
        let sealed = self.data_key(it.child.0, Sealed::Referral)?.seal(it.id.0, &it.file)?;
        let file = (referral_files::referral_id.eq(it.id.0), referral_files::sealed.eq(sealed));
        let first = insert_into(referral_files::table).values(file);
        let second = insert_into(referrals::table).values(Row::from(it));
        Both { first, second }.execute(self.conn)?;
        self.settle(decided)
    }

    /// A referral of which the caller's agency is a side, with that side. It is not locked: the version in the
    /// `UPDATE` decides who was first.
    pub fn referral(&mut self, id: ReferralId) -> Result<(Referral, ReferralSide), StoreError> {
        let referral = self.any_referral(id)?;
        let hidden =
            self.cx.caller.case.is_some_and(|it| it != referral.case) || self.is_barred(referral.case);
        let side = referral.side(&self.cx.caller).filter(|_| !hidden).ok_or(StoreError::NotFound)?;
        self.cx.standings.note_about(Some(referral.case));
        if side == ReferralSide::Receiver && referral.content_open_to(side) {
            self.cx.standings.note(referral.case, Relation::from(referral.disclosed()));
        }
        Ok((referral, side))
    }

    /// A referral, whoever asks: for the mechanism itself.
    pub(crate) fn any_referral(&mut self, id: ReferralId) -> Result<Referral, StoreError> {
        let found: Option<(Row, Vec<u8>, Vec<u8>)> = referrals::table
            .inner_join(referral_files::table.on(referral_files::referral_id.eq(referrals::id)))
            .inner_join(
                data_keys::table.on(data_keys::subject_id
                    .eq(referrals::child_id)
                    .and(data_keys::section.eq(Sealed::Referral.name()))),
            )
            .filter(referrals::id.eq(id.0))
            .select((Row::as_select(), referral_files::sealed, data_keys::wrapped))
            .first(self.conn)
            .optional()?;
        let (row, sealed, wrapped) = found.ok_or(StoreError::NotFound)?;
        let file =
            DataKey::open(self.keys, row.child_id, Sealed::Referral, &wrapped)?.read(row.id, &sealed)?;
        row.read(file)
    }

    /// The referrals of the same child that are not over, but for one; a child has few.
    pub fn ongoing_referrals(
        &mut self,
        child: ChildId,
        but: Option<ReferralId>,
    ) -> Result<Vec<Ongoing>, StoreError> {
        let open: Vec<&str> = rows::texts(&[
            ReferralStatus::Sent,
            ReferralStatus::Acknowledged,
            ReferralStatus::InfoRequested,
            ReferralStatus::Accepted,
            ReferralStatus::InService,
        ]);
        // A child is not referred twice for the same, whoever refers it.
        let found: Vec<(Uuid, Vec<String>, Vec<String>)> = self.across(|tx| {
            let ongoing = referrals::table
                .filter(referrals::child_id.eq(child.0))
                .filter(referrals::status.eq_any(open))
                .filter(referrals::id.ne(but.map(|it| it.0).unwrap_or_default()))
                .order(referrals::id)
                .limit(100)
                .select((referrals::id, referrals::reasons, referrals::services));
            Ok::<_, StoreError>(ongoing.load(tx.conn)?)
        })?;
        let read = |(id, reasons, services): (Uuid, Vec<String>, Vec<String>)| {
            Ok(Ongoing {
                id: ReferralId(id),
                reasons: rows::codes("referrals", &reasons)?,
                services: rows::codes("referrals", &services)?,
            })
        };
        found.into_iter().map(read).collect()
    }

    /// Stores a referral after an act, if nobody else changed it; `file_changed` where something was written.
    pub fn save_referral(
        &mut self,
        before: &Referral,
        decided: &Decided<Referral>,
    ) -> Result<(), StoreError> {
        let it = &decided.value;
        // Deadlines come first here and where they are escalated, so that the two never wait for each other.
        self.save_deadlines(&decided.deadlines)?;
        if before.sent.is_none() {
            diesel::update(referrals::table.find(it.id.0))
                .filter(referrals::version.eq(before.version.0))
                .set(Asked::from(it))
                .execute(self.conn)?;
        }
        let standing = SaveStanding {
            id: it.id.0,
            seen: before.version.0,
            version: it.version.0,
            status: rows::text(it.status),
            status_at: it.status_at.raw(),
            sent_at: it.sent.map(|it| it.at.raw()),
            acknowledge_by: it.sent.map(|it| it.acknowledge_by.raw()),
            decide_by: it.sent.map(|it| it.decide_by.raw()),
            first_contact_by: it.sent.map(|it| it.first_contact_by.raw()),
        };
        let changed = standing.execute(self.conn)?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        if it.file != before.file {
            let sealed = self.data_key(it.child.0, Sealed::Referral)?.seal(it.id.0, &it.file)?;
            diesel::update(referral_files::table.find(it.id.0))
                .set(referral_files::sealed.eq(sealed))
                .execute(self.conn)?;
        }
        self.follow_participation(before.status, it)?;
        self.record(&decided.facts)
    }

    /// Whoever accepts takes part in the case with what was disclosed, until the referral has ended.
    fn follow_participation(&mut self, before: ReferralStatus, it: &Referral) -> Result<(), StoreError> {
        match it.status {
            ReferralStatus::Accepted if before != ReferralStatus::Accepted => {
                let Some(to) = it.receiver() else { return Ok(()) };
                self.add_participation(it.case, to.agency, "referral", it.id.0, &it.disclosed())
            }
            ReferralStatus::Completed | ReferralStatus::Cancelled | ReferralStatus::Interrupted => {
                self.end_participation(it.id.0)
            }
            _ => Ok(()),
        }
    }
}
