//! By which pseudonyms a child is named between this country and another: kept with the child, so that a further request
//! about it is known to be about the same one, whoever asks, and the child keeps the pseudonym that it was once given.

use diesel::{
    BoolExpressionMethods as _, Connection as _, ExpressionMethods as _, JoinOnDsl as _, QueryDsl as _,
    QueryableByName, RunQueryDsl as _, SelectableHelper as _,
    dsl::insert_into,
    sql_query,
    sql_types::{Array, BigInt, SmallInt, Text, Uuid as SqlUuid},
};
use domain::{
    CaseId, ChildId,
    cases::Case,
    matching::{Hit, IndexInput, Likeness, pseudonym_input},
    text::Country,
    transnational::Pseudonym,
    vocabulary::CaseStatus,
};
use uuid::Uuid;

use super::tokens::Tokens;
use crate::{
    Store, StoreError, cases, rows,
    schema::{cases as case_rows, child_pseudonyms as pseudonyms, data_keys},
    sealing::{DataKey, Sealed},
    store::{Tx, fresh_id},
};

/// How many pseudonyms one step of indexing takes.
const AT_ONCE: i64 = 200;

/// A case and those that were merged into it, the own one first.
const OF_ONE_CHILD: &str = "
    WITH RECURSIVE merged (id, depth) AS (
        SELECT $1::uuid, 0
        UNION
        SELECT a.case_id, m.depth + 1 FROM merged m JOIN case_acts a ON a.other_case_id = m.id AND a.act = 'merge'
          JOIN cases c ON c.id = a.case_id AND c.status = 'merged' WHERE m.depth < 16)
    SELECT c.id, c.child_id AS child FROM merged m JOIN cases c ON c.id = m.id ORDER BY m.depth, c.id";

/// The cases of the children whom another country names by a pseudonym, and those into which they were merged.
const NAMED: &str = "
    WITH RECURSIVE named (id) AS (
        SELECT c.id FROM unnest($3, $4) AS asked (epoch, token)
          JOIN child_pseudonyms p ON p.country = $1 AND p.other_country = $2 AND p.epoch = asked.epoch AND p.token = asked.token
          JOIN cases c ON c.child_id = p.child_id
        UNION
        SELECT a.other_case_id FROM named n JOIN cases c ON c.id = n.id AND c.status = 'merged'
          JOIN case_acts a ON a.case_id = n.id AND a.act = 'merge' AND a.other_case_id IS NOT NULL)
    SELECT id FROM named";

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

#[derive(QueryableByName)]
struct OfOne {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    child: Uuid,
}

fn input(other: Country, pseudonym: &Pseudonym) -> IndexInput {
    pseudonym_input(other, pseudonym.as_str())
}

impl Tx<'_> {
    /// The child's pseudonym between this country and another, the same for every request about it: the one by which that
    /// country knows it already, whichever of the two gave it, or a new one, which is kept. Nobody else can join what two
    /// countries hold.
    pub fn pseudonym(&mut self, case: &Case, other: Country) -> Result<Pseudonym, StoreError> {
        for (_, child) in self.cases_of_one_child(case.id)? {
            if let Some(known) = self.kept_pseudonym(child, other)? {
                return Ok(known);
            }
        }
        let pair = format!("{}/{other}", self.cx.caller.country);
        let failed = StoreError::corrupt("children", "no pseudonym can be made");
        let made = Pseudonym::parse(&self.keys.pseudonym(&pair, &case.child.0.into_bytes())).ok_or(failed)?;
        self.keep_pseudonym(case.child, other, &made)?;
        Ok(made)
    }

    /// A case and those that were merged into it, the own one first, each with its record of the child.
    pub(crate) fn cases_of_one_child(&mut self, case: CaseId) -> Result<Vec<(Uuid, Uuid)>, StoreError> {
        // One that was merged may have been another agency's, before or still by its opener.
        let found: Vec<OfOne> = self.across(|tx| {
            Ok::<_, StoreError>(sql_query(OF_ONE_CHILD).bind::<SqlUuid, _>(case.0).load(tx.conn)?)
        })?;
        Ok(found.into_iter().map(|it| (it.id, it.child)).collect())
    }

    fn kept_pseudonym(&mut self, child: Uuid, other: Country) -> Result<Option<Pseudonym>, StoreError> {
        let found: Vec<(Uuid, Vec<u8>)> = self.across(|tx| {
            let all = pseudonyms::table
                .filter(pseudonyms::child_id.eq(child))
                .filter(pseudonyms::other_country.eq(other.as_str()))
                .order(pseudonyms::id)
                .limit(1)
                .select((pseudonyms::id, pseudonyms::sealed));
            Ok::<_, StoreError>(all.load(tx.conn)?)
        })?;
        let Some((id, sealed)) = found.into_iter().next() else { return Ok(None) };
        Ok(Some(self.data_key(child, Sealed::Identity)?.read(id, &sealed)?))
    }

    /// Keeps the pseudonym by which another country names a child, once.
    pub fn keep_pseudonym(
        &mut self,
        child: ChildId,
        other: Country,
        pseudonym: &Pseudonym,
    ) -> Result<(), StoreError> {
        let country = self.cx.caller.country;
        let input = input(other, pseudonym);
        let asked = Tokens::asked(self.keys, country, std::slice::from_ref(&input));
        let known: Vec<Uuid> = pseudonyms::table
            .filter(pseudonyms::child_id.eq(child.0))
            .filter(pseudonyms::other_country.eq(other.as_str()))
            .filter(pseudonyms::token.eq_any(&asked.values))
            .limit(1)
            .select(pseudonyms::id)
            .load(self.conn)?;
        if !known.is_empty() {
            return Ok(());
        }
        let id = fresh_id();
        let sealed = self.data_key(child.0, Sealed::Identity)?.seal(id, pseudonym)?;
        let epoch = self.keys.index_epoch();
        let token = self.keys.index_token(epoch, country.as_str(), &input);
        let token = token.ok_or(StoreError::corrupt("child_pseudonyms", "no token can be made"))?;
        insert_into(pseudonyms::table)
            .values((
                pseudonyms::id.eq(id),
                pseudonyms::country.eq(country.as_str()),
                pseudonyms::child_id.eq(child.0),
                pseudonyms::other_country.eq(other.as_str()),
                pseudonyms::epoch.eq(epoch),
                pseudonyms::token.eq(token),
                pseudonyms::sealed.eq(sealed),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The cases of the child whom another country names by a pseudonym, whoever may see them, and merged ones where they
    /// go on. Until the transaction ends nobody else takes this child in.
    pub fn named_abroad(&mut self, other: Country, pseudonym: &Pseudonym) -> Result<Vec<Hit>, StoreError> {
        let country = self.cx.caller.country;
        let Tokens { epochs, values, .. } = Tokens::asked(self.keys, country, &[input(other, pseudonym)]);
        self.hold(values.clone())?;
        // Whether a child is known already is asked of all of the country; who is told what of it, the hits decide.
        let found: Vec<cases::Row> = self.across(|tx| {
            let named: Vec<Id> = sql_query(NAMED)
                .bind::<Text, _>(country.as_str())
                .bind::<Text, _>(other.as_str())
                .bind::<Array<SmallInt>, _>(&epochs)
                .bind::<Array<BigInt>, _>(&values)
                .load(tx.conn)?;
            let named: Vec<Uuid> = named.into_iter().map(|it| it.id).collect();
            let all = case_rows::table
                .filter(case_rows::id.eq_any(named))
                .filter(case_rows::country.eq(country.as_str()))
                .filter(case_rows::id.ne_all(tx.barred.clone()))
                .filter(case_rows::status.ne(rows::text(CaseStatus::Merged)))
                .order(case_rows::id)
                .select(cases::Row::as_select());
            Ok::<_, StoreError>(all.load(tx.conn)?)
        })?;
        let found = found.into_iter().map(Case::try_from).collect::<Result<Vec<_>, _>>()?;
        let relations = self.relations(&found)?;
        let hit = |case: Case| Hit {
            relation: relations.get(&case.id).cloned(),
            case,
            likeness: Likeness::of_one_pseudonym(),
        };
        Ok(found.into_iter().map(hit).collect())
    }
}

impl Store {
    /// Makes tokens of the present epoch for some pseudonyms that have others; returns how many.
    pub(super) fn index_some_pseudonyms(&self) -> Result<usize, StoreError> {
        type Line = (Uuid, String, Uuid, String, Vec<u8>, Vec<u8>);
        let epoch = self.keys().index_epoch();
        self.unattended(|session| {
            session.conn.transaction(|conn| {
                let of_child = data_keys::subject_id
                    .eq(pseudonyms::child_id)
                    .and(data_keys::section.eq(Sealed::Identity.name()));
                let found: Vec<Line> = pseudonyms::table
                    .inner_join(data_keys::table.on(of_child))
                    .filter(pseudonyms::epoch.ne(epoch))
                    .limit(AT_ONCE)
                    .for_update()
                    .skip_locked()
                    .select((
                        pseudonyms::id,
                        pseudonyms::country,
                        pseudonyms::child_id,
                        pseudonyms::other_country,
                        pseudonyms::sealed,
                        data_keys::wrapped,
                    ))
                    .load(conn)?;
                for (id, country, child, other, sealed, wrapped) in &found {
                    let key = DataKey::open(self.keys(), *child, Sealed::Identity, wrapped)?;
                    let pseudonym: Pseudonym = key.read(*id, sealed)?;
                    let of = input(rows::country("child_pseudonyms", other)?, &pseudonym);
                    let token = self.keys().index_token(epoch, country, &of);
                    let token =
                        token.ok_or(StoreError::corrupt("child_pseudonyms", "no token can be made"))?;
                    diesel::update(pseudonyms::table.find(id))
                        .set((pseudonyms::epoch.eq(epoch), pseudonyms::token.eq(token)))
                        .execute(conn)?;
                }
                Ok(found.len())
            })
        })
    }
}
