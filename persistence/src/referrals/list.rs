//! Referrals in a list: no more columns than it shows.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _,
};
use domain::{
    AgencyId, CaseId, Reference, ReferralId, Timestamp,
    referrals::ReferralSide,
    vocabulary::{ReferralStatus, Urgency},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{Page, PageRequest, StoreError, rows, schema::referrals, store::Tx};

#[derive(Queryable, Selectable)]
#[diesel(table_name = referrals)]
struct Row {
    id: Uuid,
    reference: String,
    case_id: Uuid,
    case_reference: String,
    from_agency_id: Uuid,
    to_agency_id: Option<Uuid>,
    urgency: String,
    status: String,
    status_at: OffsetDateTime,
    sent_at: Option<OffsetDateTime>,
    acknowledge_by: Option<OffsetDateTime>,
    decide_by: Option<OffsetDateTime>,
    escalation: i16,
}

/// A referral in a list, without what was written.
#[derive(Clone, Debug)]
pub struct ReferralLine {
    /// Its id.
    pub id: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The case.
    pub case: CaseId,
    /// The reference of the case.
    pub case_reference: Reference,
    /// The agency that refers.
    pub from: AgencyId,
    /// The agency that is asked.
    pub to: Option<AgencyId>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Its status.
    pub status: ReferralStatus,
    /// When it reached its status.
    pub status_at: Timestamp,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// By when the receiver acknowledges.
    pub acknowledge_by: Option<Timestamp>,
    /// By when the receiver decides.
    pub decide_by: Option<Timestamp>,
    /// How far an unmet duty of it was escalated.
    pub escalation: u8,
}

impl TryFrom<Row> for ReferralLine {
    type Error = StoreError;
    fn try_from(it: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ReferralId(it.id),
            reference: rows::reference("referrals", &it.reference)?,
            case: CaseId(it.case_id),
            case_reference: rows::reference("referrals", &it.case_reference)?,
            from: AgencyId(it.from_agency_id),
            to: it.to_agency_id.map(AgencyId),
            urgency: rows::code("referrals", &it.urgency)?,
            status: rows::code("referrals", &it.status)?,
            status_at: Timestamp::new(it.status_at),
            sent_at: it.sent_at.map(Timestamp::new),
            acknowledge_by: it.acknowledge_by.map(Timestamp::new),
            decide_by: it.decide_by.map(Timestamp::new),
            escalation: u8::try_from(it.escalation)
                .map_err(|_| StoreError::corrupt("referrals", "not a rung"))?,
        })
    }
}

/// Which referrals of the caller's agency are listed.
#[derive(Clone, Copy, Debug)]
pub struct ReferralFilter {
    /// The inbox (as receiver) or the outbox (as sender).
    pub side: ReferralSide,
    /// Of this status only.
    pub status: Option<ReferralStatus>,
    /// Of this urgency only.
    pub urgency: Option<Urgency>,
    /// Of this case only.
    pub case: Option<CaseId>,
}

impl Tx<'_> {
    /// A page of the inbox or outbox of the caller's agency, newest first.
    pub fn referrals(
        &mut self,
        filter: ReferralFilter,
        page: PageRequest,
    ) -> Result<Page<ReferralLine>, StoreError> {
        let caller = &self.cx.caller;
        let mut query = referrals::table
            .filter(referrals::country.eq(caller.country.to_string()))
            .filter(referrals::id.lt(page.before()))
            .filter(referrals::case_id.ne_all(self.barred.clone()))
            .order(referrals::id.desc())
            .limit(page.fetch())
            .select(Row::as_select())
            .into_boxed();
        query = match filter.side {
            ReferralSide::Sender => query.filter(referrals::from_agency_id.eq(caller.agency.0)),
            ReferralSide::Receiver => query
                .filter(referrals::to_agency_id.eq(caller.agency.0))
                .filter(referrals::sent_at.is_not_null()),
        };
        if let Some(status) = filter.status {
            query = query.filter(referrals::status.eq(status.to_string()));
        }
        if let Some(urgency) = filter.urgency {
            query = query.filter(referrals::urgency.eq(urgency.to_string()));
        }
        for case in filter.case.into_iter().chain(caller.case) {
            query = query.filter(referrals::case_id.eq(case.0));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        page.page(rows, |it| it.id, ReferralLine::try_from).transposed()
    }
}
