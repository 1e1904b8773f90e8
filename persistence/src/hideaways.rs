//! Agencies with a confidential location: which of the ids in an answer would tell of one, and how the caller stands to the
//! cases under which they are named.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use diesel::{
    ExpressionMethods as _, QueryDsl as _, QueryableByName, RunQueryDsl as _, SelectableHelper as _,
    sql_query,
    sql_types::{Array, Bool, Nullable, Text, Uuid as SqlUuid},
};
use domain::{
    AgencyId, CaseId,
    access::{Caller, Relation, names_hideaways},
    cases::Case,
};
use uuid::Uuid;

use crate::{StoreError, cases, schema::cases as table, store::Tx};

/// Whether agency `a`, or one of its services, has a confidential location.
pub(crate) const HIDEAWAY: &str = "coalesce(a.confidential_location OR EXISTS (SELECT FROM services s WHERE s.agency_id = a.id AND \
                        s.confidential_location), false)";

/// How the caller stands to the cases that a request has looked up, so that what it is answered can be cleaned without asking
/// again.
#[derive(Clone, Debug, Default)]
pub struct Standings(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    relations: HashMap<CaseId, Vec<Relation>>,
    about: Option<CaseId>,
}

impl Standings {
    pub(crate) fn note(&self, case: CaseId, relation: Relation) {
        self.with(|it| it.relations.entry(case).or_default().push(relation));
    }

    pub(crate) fn note_about(&self, case: Option<CaseId>) {
        self.with(|it| it.about = case);
    }

    /// The case of the referral or request between countries that was looked up.
    pub fn about(&self) -> Option<CaseId> {
        self.with(|it| it.about)
    }

    /// Whether the caller is known to be told of agencies with a confidential location in a case.
    pub fn names_hideaways(&self, caller: &Caller, case: CaseId) -> bool {
        let told = |it: &Relation| names_hideaways(caller, Some(it));
        self.with(|known| known.relations.get(&case).is_some_and(|all| all.iter().any(told)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        // Whoever panicked inside has changed nothing by halves.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An id that would tell of an agency with a confidential location: its own, or that of a professional, system or service.
#[derive(Clone, Debug)]
pub struct Hideaway {
    /// The id.
    pub id: Uuid,
    /// The agency.
    pub agency: AgencyId,
    /// What else tells which agency it is: its name and its telephone.
    pub told_by: Vec<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    agency_id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    duty_phone: Option<String>,
}

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

impl Tx<'_> {
    /// Whether an agency, or one of its services, has a confidential location.
    pub fn is_hideaway(&mut self, agency: Option<AgencyId>) -> Result<bool, StoreError> {
        let query = format!("SELECT EXISTS (SELECT FROM agencies a WHERE a.id = $1 AND {HIDEAWAY}) AS holds");
        let found: Held =
            sql_query(query).bind::<Nullable<SqlUuid>, _>(agency.map(|it| it.0)).get_result(self.conn)?;
        Ok(found.holds)
    }

    /// Those of these ids that tell of an agency with a confidential location, in one statement.
    pub fn hideaways_among(&mut self, ids: Vec<Uuid>) -> Result<Vec<Hideaway>, StoreError> {
        let query = format!(
            "SELECT n.id, a.id AS agency_id, a.name, a.duty_phone FROM ( \
             SELECT id, id AS agency_id FROM agencies WHERE id = ANY ($1) \
             UNION ALL SELECT id, agency_id FROM professionals WHERE id = ANY ($1) \
             UNION ALL SELECT id, agency_id FROM clients WHERE id = ANY ($1) \
             UNION ALL SELECT id, agency_id FROM services WHERE id = ANY ($1)) AS n \
             JOIN agencies a ON a.id = n.agency_id WHERE {HIDEAWAY}"
        );
        let found: Vec<Row> = sql_query(query).bind::<Array<SqlUuid>, _>(ids).load(self.conn)?;
        let read = |it: Row| Hideaway {
            id: it.id,
            agency: AgencyId(it.agency_id),
            told_by: [Some(it.name), it.duty_phone].into_iter().flatten().collect(),
        };
        Ok(found.into_iter().map(read).collect())
    }

    /// How the caller's agency stands to each of these cases; those that it may not know of are missing.
    pub fn relations_to(&mut self, ids: &[CaseId]) -> Result<HashMap<CaseId, Relation>, StoreError> {
        let bound = self.cx.caller.case;
        let asked: Vec<Uuid> =
            ids.iter().filter(|it| bound.is_none_or(|bound| bound == **it)).map(|it| it.0).collect();
        let found: Vec<cases::Row> = table::table
            .filter(table::id.eq_any(asked))
            .filter(table::country.eq(self.cx.caller.country.as_str()))
            .select(cases::Row::as_select())
            .load(self.conn)?;
        let all: Vec<Case> = found.into_iter().map(Case::try_from).collect::<Result<_, _>>()?;
        self.relations(&all)
    }
}
