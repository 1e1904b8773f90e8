//! Links between cases, found from either side.

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, Decided, LinkId, ProfessionalId, Reference, Timestamp, Version,
    cases::{Case, Knowable, Link},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, cases, rows,
    schema::{case_links as links, cases as table},
    sealing::{DataKey, Sealed},
    store::Tx,
};

/// What is sealed of a link, under the key of the side on which it was made.
#[derive(Serialize, Deserialize)]
struct Words {
    remarks: Option<String>,
    ended_because: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = links)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    other_case_id: Uuid,
    relation: String,
    confidentiality: String,
    since: OffsetDateTime,
    until: Option<OffsetDateTime>,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    sealed: Vec<u8>,
    version: i32,
}

impl Row {
    fn read(self, key: &DataKey) -> Result<Link, StoreError> {
        let words: Words = key.read(self.id, &self.sealed)?;
        Ok(Link {
            id: LinkId(self.id),
            case: CaseId(self.case_id),
            other: CaseId(self.other_case_id),
            relation: rows::code("case_links", &self.relation)?,
            confidentiality: rows::code("case_links", &self.confidentiality)?,
            since: Timestamp::new(self.since),
            until: self.until.map(Timestamp::new),
            agency: AgencyId(self.agency_id),
            professional: self.professional_id.map(ProfessionalId),
            remarks: words.remarks,
            ended_because: words.ended_because,
            version: Version(self.version),
        })
    }
}

fn words(it: &Link) -> Words {
    Words { remarks: it.remarks.clone(), ended_because: it.ended_because.clone() }
}

impl Tx<'_> {
    /// Stores a new link.
    pub fn add_link(&mut self, case: &Case, decided: &Decided<Link>) -> Result<(), StoreError> {
        let it = &decided.value;
        let sealed = self.data_key_made(case.child.0, Sealed::Relations)?.seal(it.id.0, &words(it))?;
        insert_into(links::table)
            .values((
                links::id.eq(it.id.0),
                links::country.eq(case.country.as_str()),
                links::case_id.eq(it.case.0),
                links::other_case_id.eq(it.other.0),
                links::relation.eq(rows::text(it.relation)),
                links::confidentiality.eq(rows::text(it.confidentiality)),
                links::since.eq(it.since.raw()),
                links::agency_id.eq(it.agency.0),
                links::professional_id.eq(it.professional.map(|it| it.0)),
                links::sealed.eq(sealed),
                links::version.eq(it.version.0),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    /// Stores the end of a link, if nobody ended it before.
    pub fn end_link(&mut self, decided: &Decided<Link>) -> Result<(), StoreError> {
        let it = &decided.value;
        // A link is ended from either side, and its words lie under the key of the one on which it was made.
        let child: Uuid = self.across(|tx| {
            let side = table::table.find(it.case.0).select(table::child_id);
            Ok::<_, StoreError>(side.first(tx.conn)?)
        })?;
        let sealed = self.data_key(child, Sealed::Relations)?.seal(it.id.0, &words(it))?;
        let changed = diesel::update(links::table.find(it.id.0))
            .filter(links::version.eq(it.version.0 - 1))
            .set((
                links::until.eq(it.until.map(Timestamp::raw)),
                links::sealed.eq(sealed),
                links::version.eq(it.version.0),
            ))
            .execute(self.conn)?;
        if changed == 1 { self.settle(decided) } else { Err(StoreError::Stale) }
    }

    /// A link of a case, from either side; from a third one it is not found.
    pub fn link(&mut self, case: &Case, id: LinkId) -> Result<Link, StoreError> {
        let of_case = links::case_id.eq(case.id.0).or(links::other_case_id.eq(case.id.0));
        let row: Option<Row> = links::table
            .filter(links::id.eq(id.0).and(of_case))
            .select(Row::as_select())
            .first(self.conn)
            .optional()?;
        let known = |it: &Row| ![it.case_id, it.other_case_id].iter().any(|id| self.barred.contains(id));
        let row = row.filter(known).ok_or(StoreError::NotFound)?;
        let mut found = self.opened(vec![row])?;
        found.pop().ok_or(StoreError::NotFound)
    }

    /// A page of the links of a case of which the caller may know, newest first, as they stood at an instant if one is
    /// named. What is hidden is no part of a page: a gap would tell of it.
    pub fn links(
        &mut self,
        case: &Case,
        knowable: &Knowable,
        as_of: Option<Timestamp>,
        page: PageRequest,
    ) -> Result<Page<Link>, StoreError> {
        let mut query = links::table
            .filter(links::case_id.eq(case.id.0).or(links::other_case_id.eq(case.id.0)))
            .filter(
                links::confidentiality.eq_any(rows::texts(&knowable.of_all)).or(links::agency_id
                    .eq(self.cx.caller.agency.0)
                    .and(links::confidentiality.eq_any(rows::texts(&knowable.of_own_agency)))),
            )
            .filter(links::case_id.ne_all(self.barred.clone()))
            .filter(links::other_case_id.ne_all(self.barred.clone()))
            .filter(links::id.lt(page.before()))
            .order(links::id.desc())
            .limit(page.fetch())
            .select(Row::as_select())
            .into_boxed();
        if let Some(at) = as_of {
            query = query.filter(links::since.le(at.raw()));
        }
        let rows: Vec<Row> = query.load(self.conn)?;
        let rows = page.page(rows, |it| it.id, |it| it);
        let mut items = self.opened(rows.items)?;
        for it in &mut items {
            if as_of.is_some_and(|at| it.until.is_some_and(|until| until > at)) {
                (it.until, it.ended_because, it.version) = (None, None, Version::FIRST);
            }
        }
        Ok(Page { items, next: rows.next })
    }

    /// The links that stand between two cases, whoever may know of them.
    pub fn links_between(&mut self, one: CaseId, two: CaseId) -> Result<Vec<Link>, StoreError> {
        let there = links::case_id.eq(one.0).and(links::other_case_id.eq(two.0));
        let back = links::case_id.eq(two.0).and(links::other_case_id.eq(one.0));
        // Whether two cases are linked already is asked of both.
        self.across(|tx| {
            let found: Vec<Row> = links::table
                .filter(there.or(back))
                .filter(links::until.is_null())
                .select(Row::as_select())
                .load(tx.conn)?;
            tx.opened(found)
        })
    }

    /// The case with a reference, in the caller's country: for whoever was told the reference. It says nothing of whether
    /// the caller may see the case.
    pub fn case_by_reference(&mut self, reference: &Reference) -> Result<Case, StoreError> {
        // Being told a reference is not taking part in the case.
        self.across(|tx| {
            let id: Option<Uuid> = table::table
                .filter(table::reference.eq(reference.as_str()))
                .filter(table::country.eq(tx.cx.caller.country.to_string()))
                .select(table::id)
                .first(tx.conn)
                .optional()?;
            let id = id.filter(|it| !tx.barred.contains(it)).ok_or(StoreError::NotFound)?;
            tx.any_case(CaseId(id))
        })
    }

    /// The cases that links lead to, each with whether the caller may see it.
    pub fn linked_cases(&mut self, ids: &[CaseId]) -> Result<Vec<(Case, bool)>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|it| it.0).collect();
        // A link leads to a case that not everybody sees who sees the link; it is shown by its reference then.
        let found: Vec<cases::Row> = self.across(|tx| {
            let linked = table::table.filter(table::id.eq_any(&ids));
            Ok::<_, StoreError>(linked.select(cases::Row::as_select()).load(tx.conn)?)
        })?;
        let caller = &self.cx.caller;
        let granted = self.grants(&ids)?;
        found
            .into_iter()
            .map(|row| {
                let case = Case::try_from(row)?;
                let bound = caller.case.is_none_or(|it| it == case.id);
                let seen = case.own_relation(caller).is_some() || granted.contains_key(&case.id);
                let seen = seen && bound && !self.is_barred(case.id);
                Ok((case, seen))
            })
            .collect()
    }

    /// Opens what was sealed, with one key for each case on whose side a link was made.
    fn opened(&mut self, rows: Vec<Row>) -> Result<Vec<Link>, StoreError> {
        let ids: Vec<Uuid> = rows.iter().map(|it| it.case_id).collect();
        // Of the side on which a link was made, which may be the other one, no more is read than whose key it is.
        let sides: Vec<(Uuid, Uuid)> = self.across(|tx| {
            let made = table::table.filter(table::id.eq_any(ids));
            Ok::<_, StoreError>(made.select((table::id, table::child_id)).load(tx.conn)?)
        })?;
        let mut keys = HashMap::new();
        for (case, child) in sides {
            keys.insert(case, self.data_key(child, Sealed::Relations)?);
        }
        let missing = || StoreError::corrupt("case_links", "a link without a case");
        rows.into_iter()
            .map(|it| keys.get(&it.case_id).ok_or_else(missing).and_then(|key| it.read(key)))
            .collect()
    }
}
