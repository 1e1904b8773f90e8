//! Cases, the child's sealed sections, and participations.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, OptionalExtension as _,
    QueryDsl as _, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, ChildId, Decided, IdentificationEntryId, Refused, ScreeningId, Timestamp, Version,
    access::Relation,
    cases::{Case, ChildRecord, ExternalId},
    identification::Identification,
    vocabulary::DataClass,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError,
    participation::participates_now,
    rows,
    schema::{case_external_ids, cases, children, data_keys, participations},
    sealing::{DataKey, Sealed},
    store::Tx,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = cases)]
pub(crate) struct Row {
    id: Uuid,
    reference: String,
    country: String,
    child_id: Uuid,
    screening_id: Option<Uuid>,
    lead_agency_id: Uuid,
    opened_by_agency_id: Uuid,
    status: String,
    identification_status: String,
    identification_since: OffsetDateTime,
    presumption_grounds: Option<String>,
    external_ids: serde_json::Value,
    opened_at: OffsetDateTime,
    version: i32,
    appeal_until: Option<OffsetDateTime>,
    negative_proposal_id: Option<Uuid>,
    turned_18_at: Option<OffsetDateTime>,
    strong_indicator: bool,
    entitlements_owed: Vec<String>,
    entitlements_given: Vec<String>,
    #[diesel(column_name = changed_at)]
    _changed_at: OffsetDateTime,
}

impl TryFrom<Row> for Case {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CaseId(row.id),
            reference: rows::reference("cases", &row.reference)?,
            country: rows::country("cases", &row.country)?,
            child: ChildId(row.child_id),
            screening: row.screening_id.map(ScreeningId),
            lead: AgencyId(row.lead_agency_id),
            opened_by: AgencyId(row.opened_by_agency_id),
            status: rows::code("cases", &row.status)?,
            identification: Identification {
                status: rows::code("cases", &row.identification_status)?,
                since: Timestamp::new(row.identification_since),
                grounds: row.presumption_grounds.map(|it| rows::code("cases", &it)).transpose()?,
                appeal_until: row.appeal_until.map(Timestamp::new),
                proposal: row.negative_proposal_id.map(IdentificationEntryId),
                turned_18_at: row.turned_18_at.map(Timestamp::new),
                strong_indicator: row.strong_indicator,
                owed: rows::codes("cases", &row.entitlements_owed)?,
                given: rows::codes("cases", &row.entitlements_given)?,
            },
            external_ids: serde_json::from_value(row.external_ids)
                .map_err(|_| StoreError::corrupt("cases", "external ids that cannot be read"))?,
            opened_at: Timestamp::new(row.opened_at),
            version: Version(row.version),
        })
    }
}

/// A section with its version and its wrapped key.
type SealedSection = (Vec<u8>, i32, Vec<u8>);

/// A filter over the cases of an agency.
#[derive(Clone, Copy, Debug, Default)]
pub struct CaseFilter {
    /// Of this status only.
    pub status: Option<domain::vocabulary::CaseStatus>,
}

impl Tx<'_> {
    /// Stores a case that was taken in, with its child, the keys of its sections and its first participations.
    pub fn add_case(&mut self, decided: &Decided<(Case, ChildRecord)>) -> Result<(), StoreError> {
        let (case, child) = &decided.value;
        let identity = self.new_data_key(child.id.0, Sealed::Identity)?;
        let whereabouts = self.new_data_key(child.id.0, Sealed::Whereabouts)?;
        for section in [Sealed::Narrative, Sealed::Referral] {
            self.new_data_key(child.id.0, section)?;
        }
        insert_into(children::table)
            .values((
                children::id.eq(child.id.0),
                children::country.eq(case.country.as_str()),
                children::identity_sealed
                    .eq(identity.of_version(child.identity_version).seal(child.id.0, &child.identity)?),
                children::identity_version.eq(child.identity_version.0),
                children::whereabouts_sealed.eq(whereabouts
                    .of_version(child.whereabouts_version)
                    .seal(child.id.0, &child.whereabouts)?),
                children::whereabouts_version.eq(child.whereabouts_version.0),
                children::changed_at.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        let external_ids = serde_json::to_value(&case.external_ids)
            .map_err(|_| StoreError::corrupt("cases", "external ids that cannot be written"))?;
        insert_into(cases::table)
            .values((
                cases::id.eq(case.id.0),
                cases::reference.eq(case.reference.as_str()),
                cases::country.eq(case.country.as_str()),
                cases::child_id.eq(child.id.0),
                cases::screening_id.eq(case.screening.map(|it| it.0)),
                cases::lead_agency_id.eq(case.lead.0),
                cases::opened_by_agency_id.eq(case.opened_by.0),
                cases::status.eq(case.status.to_string()),
                cases::identification_status.eq(case.identification.status.to_string()),
                cases::identification_since.eq(case.identification.since.raw()),
                cases::strong_indicator.eq(case.identification.strong_indicator),
                cases::external_ids.eq(external_ids),
                cases::opened_at.eq(case.opened_at.raw()),
                cases::version.eq(case.version.0),
                cases::changed_at.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        // Behind the case: before it, the child is nobody's to see.
        self.index_child(child.id, case.country, &child.identity)?;
        for it in &case.external_ids {
            insert_into(case_external_ids::table)
                .values((
                    case_external_ids::agency_id.eq(case.opened_by.0),
                    case_external_ids::issuer.eq(&it.issuer),
                    case_external_ids::value.eq(&it.value),
                    case_external_ids::country.eq(case.country.as_str()),
                    case_external_ids::case_id.eq(case.id.0),
                ))
                .execute(self.conn)?;
        }
        self.add_participation(case.id, case.lead, "lead", case.id.0, &[])?;
        if case.opened_by != case.lead {
            self.add_participation(case.id, case.opened_by, "opener", case.id.0, &[])?;
        }
        self.settle(decided)
    }

    /// Lets an agency take part in a case.
    pub(crate) fn add_participation(
        &mut self,
        case: CaseId,
        agency: AgencyId,
        basis: &'static str,
        source: Uuid,
        classes: &[DataClass],
    ) -> Result<(), StoreError> {
        insert_into(participations::table)
            .values((
                participations::agency_id.eq(agency.0),
                participations::case_id.eq(case.0),
                participations::country.eq(self.cx.caller.country.as_str()),
                participations::basis.eq(basis),
                participations::source_id.eq(source),
                participations::classes.eq(rows::texts(classes)),
                participations::since.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Ends what an agency was given by a source, for instance by a referral that has ended.
    pub(crate) fn end_participation(&mut self, source: Uuid) -> Result<(), StoreError> {
        // Whoever ends a referral or handover is often not the one who took part by it.
        self.across(|tx| {
            diesel::update(participations::table)
                .filter(participations::source_id.eq(source).and(participations::until.is_null()))
                .set(participations::until.eq(tx.cx.now.raw()))
                .execute(tx.conn)?;
            Ok(())
        })
    }

    /// A case in which the caller's agency takes part, with how it stands to it.
    pub fn case(&mut self, id: CaseId) -> Result<(Case, Relation), StoreError> {
        let case = self.any_case(id)?;
        let bound_elsewhere = self.cx.caller.case.is_some_and(|it| it != id);
        if bound_elsewhere || case.country != self.cx.caller.country || self.is_barred(id) {
            return Err(StoreError::NotFound);
        }
        let relation = match case.own_relation(&self.cx.caller) {
            Some(own) => Some(own),
            None => self.grants(&[id.0])?.remove(&id).map(Relation::Granted),
        };
        match relation {
            Some(relation) => {
                self.cx.standings.note(id, relation.clone());
                Ok((case, relation))
            }
            None if self.writing && self.cx.broken_glass.access().is_some() => Err(StoreError::ReadsOnly),
            None => Err(StoreError::NotFound),
        }
    }

    /// The case for which the caller's agency keeps a number.
    pub fn case_with_number(&mut self, number: &ExternalId) -> Result<Option<CaseId>, StoreError> {
        let found: Option<Uuid> = case_external_ids::table
            .find((self.cx.caller.agency.0, &number.issuer, &number.value))
            .select(case_external_ids::case_id)
            .first(self.conn)
            .optional()?;
        Ok(found.map(CaseId))
    }

    /// A case, whoever asks: for the mechanism itself.
    pub(crate) fn any_case(&mut self, id: CaseId) -> Result<Case, StoreError> {
        let row: Option<Row> =
            cases::table.find(id.0).select(Row::as_select()).first(self.conn).optional()?;
        row.ok_or(StoreError::NotFound)?.try_into()
    }

    /// A page of the cases in which the caller's agency takes part, newest first.
    pub fn cases(&mut self, filter: CaseFilter, page: PageRequest) -> Result<Page<Case>, StoreError> {
        let caller = &self.cx.caller;
        let mut query = participations::table
            .inner_join(cases::table.on(cases::id.eq(participations::case_id)))
            .filter(participates_now(caller, self.cx.now))
            .filter(participations::case_id.lt(page.before()))
            .filter(participations::case_id.ne_all(self.barred.clone()))
            .filter(cases::country.eq(caller.country.to_string()))
            .distinct_on(participations::case_id)
            .order(participations::case_id.desc())
            .limit(page.fetch())
            .select(Row::as_select())
            .into_boxed();
        if let Some(status) = filter.status {
            query = query.filter(cases::status.eq(status.to_string()));
        }
        if let Some(case) = caller.case {
            query = query.filter(cases::id.eq(case.0));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        page.page(rows, |it| it.id, Case::try_from).transposed()
    }

    /// Stores a case after an act, if nobody else changed it.
    pub(crate) fn update_case(&mut self, case: &Case) -> Result<(), StoreError> {
        let it = &case.identification;
        let changed = diesel::update(cases::table.find(case.id.0))
            .filter(cases::version.eq(case.version.0 - 1))
            .set((
                cases::lead_agency_id.eq(case.lead.0),
                cases::status.eq(case.status.to_string()),
                cases::identification_status.eq(it.status.to_string()),
                cases::identification_since.eq(it.since.raw()),
                cases::presumption_grounds.eq(it.grounds.map(|it| it.to_string())),
                cases::appeal_until.eq(it.appeal_until.map(Timestamp::raw)),
                cases::negative_proposal_id.eq(it.proposal.map(|it| it.0)),
                cases::turned_18_at.eq(it.turned_18_at.map(Timestamp::raw)),
                cases::entitlements_owed.eq(rows::texts(&it.owed)),
                cases::entitlements_given.eq(rows::texts(&it.given)),
                cases::version.eq(case.version.0),
                cases::changed_at.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// The child of a case.
    pub fn child(&mut self, case: &Case) -> Result<ChildRecord, StoreError> {
        let (identity_keys, whereabouts_keys) =
            diesel::alias!(data_keys as identity_keys, data_keys as whereabouts_keys);
        let (identity, whereabouts): (SealedSection, SealedSection) = children::table
            .inner_join(
                identity_keys.on(identity_keys
                    .field(data_keys::subject_id)
                    .eq(children::id)
                    .and(identity_keys.field(data_keys::section).eq(Sealed::Identity.name()))),
            )
            .inner_join(
                whereabouts_keys.on(whereabouts_keys
                    .field(data_keys::subject_id)
                    .eq(children::id)
                    .and(whereabouts_keys.field(data_keys::section).eq(Sealed::Whereabouts.name()))),
            )
            .filter(children::id.eq(case.child.0))
            .select((
                (
                    children::identity_sealed,
                    children::identity_version,
                    identity_keys.field(data_keys::wrapped),
                ),
                (
                    children::whereabouts_sealed,
                    children::whereabouts_version,
                    whereabouts_keys.field(data_keys::wrapped),
                ),
            ))
            .first(self.conn)?;
        let id = case.child;
        let open = |section, it: &SealedSection| {
            let key = DataKey::open(self.keys, id.0, section, &it.2)?;
            Ok::<_, StoreError>(key.of_version(Version(it.1)))
        };
        Ok(ChildRecord {
            id,
            identity: open(Sealed::Identity, &identity)?.read(id.0, &identity.0)?,
            identity_version: Version(identity.1),
            whereabouts: open(Sealed::Whereabouts, &whereabouts)?.read(id.0, &whereabouts.0)?,
            whereabouts_version: Version(whereabouts.1),
        })
    }

    /// Stores a changed identity section.
    pub fn save_identity(&mut self, decided: &Decided<ChildRecord>) -> Result<(), StoreError> {
        let child = &decided.value;
        let key = self.data_key(child.id.0, Sealed::Identity)?.of_version(child.identity_version);
        let sealed = key.seal(child.id.0, &child.identity)?;
        let changed = diesel::update(children::table.find(child.id.0))
            .filter(children::identity_version.eq(child.identity_version.0 - 1))
            .set((
                children::identity_sealed.eq(sealed),
                children::identity_version.eq(child.identity_version.0),
                children::changed_at.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        self.index_child_anew(child.id, self.cx.caller.country, &child.identity)?;
        self.settle(decided)
    }

    /// Stores a changed whereabouts section.
    pub fn save_whereabouts(&mut self, decided: &Decided<ChildRecord>) -> Result<(), StoreError> {
        let child = &decided.value;
        let key = self.data_key(child.id.0, Sealed::Whereabouts)?.of_version(child.whereabouts_version);
        let sealed = key.seal(child.id.0, &child.whereabouts)?;
        let version = child.whereabouts_version.0;
        let changed = diesel::update(children::table.find(child.id.0))
            .filter(children::whereabouts_version.eq(version - 1))
            .set((
                children::whereabouts_sealed.eq(sealed),
                children::whereabouts_version.eq(version),
                children::changed_at.eq(self.cx.now.raw()),
            ))
            .execute(self.conn)?;
        if changed == 1 { self.settle(decided) } else { Err(StoreError::Stale) }
    }

    /// What refuses a second case from one screening, in words for the caller.
    pub fn screening_taken(error: StoreError) -> Result<Refused, StoreError> {
        match error {
            StoreError::Constraint(name) if name == "cases_screening_once" => {
                Ok(Refused::wrong_state("a case was taken in from this screening before"))
            }
            other => Err(other),
        }
    }
}
