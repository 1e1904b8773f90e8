//! Accesses in an emergency: what was given and what a second person says of it are rows that nobody changes.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, OnceLock},
};

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, JoinOnDsl as _, NullableExpressionMethods as _,
    OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _, Selectable, SelectableHelper as _,
    dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, Decided, EmergencyAccessId, ProfessionalId, Timestamp,
    cases::{
        Case,
        emergency::{EmergencyAccess, EmergencyReach, EmergencyReview, EmergencyVerdict, given, looks_after},
    },
    vocabulary::AgencyType,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows,
    schema::{cases, emergency_accesses as accesses, emergency_reviews as reviews, participations},
    sealing::{DataKey, Sealed},
    store::Tx,
};

const TABLE: &str = "emergency_accesses";
/// What the review says has the row of the access; it opens as nothing else.
const REVIEW: &str = "review";

/// More than count within 30 days, and enough to know the last number.
const EARLIER: i64 = 100;

/// The emergency access by which a request was let in, if it was: its line in the log names it.
#[derive(Clone, Debug, Default)]
pub struct BrokenGlass(Arc<OnceLock<Uuid>>);

impl BrokenGlass {
    /// The access.
    pub fn access(&self) -> Option<Uuid> {
        self.0.get().copied()
    }

    pub(crate) fn note(&self, access: Uuid) {
        // Of one professional one access lasts at a time; a second attempt finds the same.
        let _ = self.0.set(access);
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = accesses)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    agency_id: Uuid,
    professional_id: Uuid,
    role: String,
    purpose: String,
    reason: String,
    since: OffsetDateTime,
    until: OffsetDateTime,
    number: i32,
    sealed: Vec<u8>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = reviews)]
struct ReviewRow {
    access_id: Uuid,
    verdict: String,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    at: OffsetDateTime,
    sealed: Vec<u8>,
}

type Both = (Row, Option<ReviewRow>);

fn read((row, review): Both, key: &DataKey) -> Result<EmergencyAccess, StoreError> {
    let review = review.map(|it| {
        Ok::<_, StoreError>(EmergencyReview {
            verdict: rows::code(TABLE, &it.verdict)?,
            reason: key.in_column(REVIEW).read(it.access_id, &it.sealed)?,
            agency: AgencyId(it.agency_id),
            professional: it.professional_id.map(ProfessionalId),
            at: Timestamp::new(it.at),
        })
    });
    Ok(EmergencyAccess {
        id: EmergencyAccessId(row.id),
        case: CaseId(row.case_id),
        agency: AgencyId(row.agency_id),
        professional: ProfessionalId(row.professional_id),
        role: rows::code(TABLE, &row.role)?,
        purpose: rows::code(TABLE, &row.purpose)?,
        reason: rows::code(TABLE, &row.reason)?,
        justification: key.read(row.id, &row.sealed)?,
        since: Timestamp::new(row.since),
        until: Timestamp::new(row.until),
        number: row.number,
        review: review.transpose()?,
    })
}

impl Tx<'_> {
    /// A case of the caller's country, whether its agency takes part or not: for whoever opens it in an emergency or looks
    /// after those who did. Whoever is never to know of it finds nothing (R91).
    pub fn case_of_country(&mut self, id: CaseId) -> Result<Case, StoreError> {
        let elsewhere = self.cx.caller.case.is_some_and(|it| it != id);
        if elsewhere || self.is_barred(id) {
            return Err(StoreError::NotFound);
        }
        // Whoever opens a case in an emergency has no relation to it yet, and oversight has none.
        let case = self.across(|tx| tx.any_case(id))?;
        if case.country == self.cx.caller.country { Ok(case) } else { Err(StoreError::NotFound) }
    }

    /// The identity of the child of a case to which the caller has no relation: to see that it is not named.
    pub fn identity_of_country(&mut self, case: &Case) -> Result<domain::cases::Identity, StoreError> {
        // Nothing of it is shown: what was written is compared with it.
        Ok(self.across(|tx| tx.child(case))?.identity)
    }

    /// Who is told of an emergency beside the lead: whoever takes part, and the data protection officer of the country.
    pub fn told_of_emergency(&mut self, case: CaseId) -> Result<Vec<AgencyId>, StoreError> {
        let mut told = self.participants(case)?;
        told.extend(self.first_agency_of(AgencyType::Dpo)?);
        Ok(told)
    }

    /// What the calling professional was given before, newest first.
    pub fn earlier_emergencies(&mut self) -> Result<Vec<EmergencyAccess>, StoreError> {
        let me = self.cx.caller.professional.map(|it| it.0).unwrap_or_default();
        let found: Vec<Both> = accesses::table
            .left_join(reviews::table.on(reviews::access_id.eq(accesses::id)))
            .filter(accesses::professional_id.eq(me))
            .order(accesses::number.desc())
            .limit(EARLIER)
            .select((Row::as_select(), Option::<ReviewRow>::as_select()))
            .load(self.conn)?;
        self.accesses(found)
    }

    /// Gives an access: the row of it, and the participation that ends by itself.
    pub fn add_emergency_access(
        &mut self,
        case: &Case,
        decided: &Decided<EmergencyAccess>,
    ) -> Result<(), StoreError> {
        let it = &decided.value;
        let key = self.data_key_made(it.professional.0, Sealed::Justifications)?;
        let put = insert_into(accesses::table)
            .values((
                accesses::id.eq(it.id.0),
                accesses::country.eq(case.country.as_str()),
                accesses::case_id.eq(it.case.0),
                accesses::agency_id.eq(it.agency.0),
                accesses::professional_id.eq(it.professional.0),
                accesses::role.eq(rows::text(it.role)),
                accesses::purpose.eq(rows::text(it.purpose)),
                accesses::reason.eq(rows::text(it.reason)),
                accesses::since.eq(it.since.raw()),
                accesses::until.eq(it.until.raw()),
                accesses::number.eq(it.number),
                accesses::sealed.eq(key.seal(it.id.0, &it.justification)?),
            ))
            .execute(self.conn);
        put.map_err(StoreError::from).map_err(|error| match error {
            // The same professional asked twice at once: the second sees the first.
            StoreError::Constraint(name) if name == "emergency_accesses_once" => StoreError::Conflict,
            other => other,
        })?;
        insert_into(participations::table)
            .values((
                participations::agency_id.eq(it.agency.0),
                participations::case_id.eq(it.case.0),
                participations::country.eq(case.country.as_str()),
                participations::basis.eq("emergency"),
                participations::source_id.eq(it.id.0),
                participations::classes.eq(rows::texts(&given(self.cx.caller.agency_type))),
                participations::writes.eq(Vec::<String>::new()),
                participations::ordered.eq(Vec::<String>::new()),
                participations::since.eq(it.since.raw()),
                participations::until.eq(it.until.raw()),
                participations::professional_id.eq(it.professional.0),
                participations::role.eq(rows::text(it.role)),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// Stores what a second person says of an access, if nobody said anything before.
    pub fn add_emergency_review(
        &mut self,
        case: &Case,
        decided: &Decided<EmergencyAccess>,
    ) -> Result<(), StoreError> {
        let it = &decided.value;
        let Some(review) = &it.review else {
            return Err(StoreError::corrupt(TABLE, "a review that says nothing"));
        };
        let key = self.data_key_made(it.professional.0, Sealed::Justifications)?;
        let put = insert_into(reviews::table)
            .values((
                reviews::access_id.eq(it.id.0),
                reviews::country.eq(case.country.as_str()),
                reviews::verdict.eq(rows::text(review.verdict)),
                reviews::agency_id.eq(review.agency.0),
                reviews::professional_id.eq(review.professional.map(|it| it.0)),
                reviews::at.eq(review.at.raw()),
                reviews::sealed.eq(key.in_column(REVIEW).seal(it.id.0, &review.reason)?),
            ))
            .execute(self.conn);
        put.map_err(StoreError::from).map_err(|error| match error {
            StoreError::Constraint(name) if name == "emergency_reviews_pkey" => StoreError::Stale,
            other => other,
        })?;
        self.settle(decided)
    }

    /// An access to a case; whether the caller may be shown it, the domain says.
    pub fn emergency_access(
        &mut self,
        case: CaseId,
        id: EmergencyAccessId,
    ) -> Result<EmergencyAccess, StoreError> {
        if self.cx.caller.case.is_some_and(|it| it != case) || self.is_barred(case) {
            return Err(StoreError::NotFound);
        }
        let country = self.cx.caller.country.to_string();
        self.overseeing(|tx| {
            let found: Option<Both> = accesses::table
                .left_join(reviews::table.on(reviews::access_id.eq(accesses::id)))
                .filter(accesses::id.eq(id.0).and(accesses::case_id.eq(case.0)))
                .filter(accesses::country.eq(country))
                .select((Row::as_select(), Option::<ReviewRow>::as_select()))
                .first(tx.conn)
                .optional()?;
            let mut found = tx.accesses(found.into_iter().collect())?;
            found.pop().ok_or(StoreError::NotFound)
        })
    }

    /// A page of accesses that the caller looks after, newest first: of one case, or of all; reviewed, or not yet; with one
    /// verdict.
    pub fn emergency_accesses(
        &mut self,
        case: Option<CaseId>,
        (reviewed, verdict): (Option<bool>, Option<EmergencyVerdict>),
        page: PageRequest,
    ) -> Result<Page<EmergencyAccess>, StoreError> {
        let caller = &self.cx.caller;
        let oversight = looks_after(caller) == Some(EmergencyReach::Country);
        let mut query = accesses::table
            .inner_join(cases::table.on(cases::id.eq(accesses::case_id)))
            .left_join(reviews::table.on(reviews::access_id.eq(accesses::id)))
            .filter(accesses::country.eq(caller.country.to_string()))
            .filter(accesses::case_id.ne_all(self.barred.clone()))
            .filter(accesses::id.lt(page.before()))
            .order(accesses::id.desc())
            .limit(page.fetch())
            .select((Row::as_select(), Option::<ReviewRow>::as_select()))
            .into_boxed();
        if !oversight {
            query = query.filter(cases::lead_agency_id.eq(caller.agency.0));
        }
        for it in case.into_iter().chain(caller.case) {
            query = query.filter(accesses::case_id.eq(it.0));
        }
        query = match reviewed {
            Some(true) => query.filter(reviews::access_id.nullable().is_not_null()),
            Some(false) => query.filter(reviews::access_id.nullable().is_null()),
            None => query,
        };
        if let Some(it) = verdict {
            query = query.filter(reviews::verdict.nullable().eq(rows::text(it)));
        }
        self.overseeing(|tx| {
            let found: Vec<Both> = query.load(tx.conn)?;
            let cut = page.page(found, |it| it.0.id, |it| it);
            Ok(Page { items: tx.accesses(cut.items)?, next: cut.next })
        })
    }

    /// Oversight looks after what every agency of its country did; everybody else sees its own and what it leads.
    fn overseeing<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let oversight = looks_after(&self.cx.caller) == Some(EmergencyReach::Country);
        if oversight { self.across(work) } else { work(self) }
    }

    fn accesses(&mut self, found: Vec<Both>) -> Result<Vec<EmergencyAccess>, StoreError> {
        let mut keys = HashMap::new();
        for (row, _) in &found {
            if let Entry::Vacant(place) = keys.entry(row.professional_id) {
                place.insert(self.data_key(row.professional_id, Sealed::Justifications)?);
            }
        }
        let missing = || StoreError::corrupt(TABLE, "an access without a key");
        let open =
            |it: Both| keys.get(&it.0.professional_id).ok_or_else(missing).and_then(|key| read(it, key));
        found.into_iter().map(open).collect()
    }
}
