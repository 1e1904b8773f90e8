//! Matches of two cases: both sides are stored together, each read by its own case.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgencyId, CaseId, CaseMatchId, Decided, ProfessionalId, Timestamp, Version,
    cases::Case,
    matching::{CaseMatch, Hit, Likeness, MatchAnswer, MatchStatus, Pair, Pairing},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, cases, rows,
    schema::{case_matches, cases as case_rows},
    sealing::{DataKey, Sealed},
    store::Tx,
};

const TABLE: &str = "case_matches";

#[derive(Queryable, Selectable)]
#[diesel(table_name = case_matches)]
struct Row {
    id: Uuid,
    pair_id: Uuid,
    case_id: Uuid,
    other_case_id: Uuid,
    score: i16,
    reasons: Vec<String>,
    found_at: OffsetDateTime,
    status: String,
    verdict: Option<String>,
    answered_at: Option<OffsetDateTime>,
    agency_id: Option<Uuid>,
    professional_id: Option<Uuid>,
    sealed: Option<Vec<u8>>,
    version: i32,
}

impl Row {
    /// Without a key, what was written stays shut: it is of the other side.
    fn read(self, key: Option<&DataKey>) -> Result<CaseMatch, StoreError> {
        let sealed = self.sealed.as_deref().zip(key);
        let reason = sealed.map(|(sealed, key)| key.read(self.id, sealed)).transpose()?;
        let answer = match (self.verdict, self.answered_at, self.agency_id) {
            (Some(verdict), Some(at), Some(agency)) => Some(MatchAnswer {
                verdict: rows::code(TABLE, &verdict)?,
                agency: AgencyId(agency),
                professional: self.professional_id.map(ProfessionalId),
                at: Timestamp::new(at),
                reason,
            }),
            _ => None,
        };
        Ok(CaseMatch {
            id: CaseMatchId(self.id),
            pair: self.pair_id,
            case: CaseId(self.case_id),
            other: CaseId(self.other_case_id),
            likeness: Likeness {
                score: u8::try_from(self.score).map_err(|_| StoreError::corrupt(TABLE, "not a score"))?,
                reasons: rows::codes(TABLE, &self.reasons)?,
            },
            found_at: Timestamp::new(self.found_at),
            status: rows::code(TABLE, &self.status)?,
            answer,
            version: Version(self.version),
        })
    }
}

impl Tx<'_> {
    /// The cases about which it has been asked whether their child is that of a case.
    pub fn matched_with(&mut self, case: CaseId) -> Result<Vec<CaseId>, StoreError> {
        // Whoever opened a case takes part in asking, and must not ask twice; it is shown none of them.
        let found: Vec<Uuid> = self.across(|tx| {
            let all = case_matches::table.filter(case_matches::case_id.eq(case.0));
            Ok::<_, StoreError>(all.select(case_matches::other_case_id).load(tx.conn)?)
        })?;
        Ok(found.into_iter().map(CaseId).collect())
    }

    /// The matches beside cases of which the caller is never to know (R91): they name no case, and tell of two.
    pub(crate) fn beside_barred_cases(&mut self) -> Result<Vec<Uuid>, StoreError> {
        if self.barred.is_empty() {
            return Ok(Vec::new());
        }
        // To be hidden, they must be known, also those of a case that another agency leads by now.
        self.across(|tx| {
            let beside = case_matches::table.filter(case_matches::other_case_id.eq_any(tx.barred.clone()));
            Ok(beside.select(case_matches::id).load(tx.conn)?)
        })
    }

    /// Whether two cases are known to be of one child: both lead agencies have said so. Merging asks this.
    pub fn are_one_child(&mut self, one: CaseId, other: CaseId) -> Result<bool, StoreError> {
        let confirmed = case_matches::table
            .filter(case_matches::case_id.eq(one.0).and(case_matches::other_case_id.eq(other.0)))
            .filter(case_matches::status.eq(rows::text(MatchStatus::Confirmed)));
        Ok(diesel::select(diesel::dsl::exists(confirmed)).get_result(self.conn)?)
    }

    /// Stores the matches of a case that were found.
    pub fn add_matches(&mut self, case: &Case, decided: &Decided<Pairing>) -> Result<(), StoreError> {
        for pair in &decided.value {
            let sealed = self.sealed_reason(case, &pair.own)?;
            for (side, sealed) in [(&pair.own, sealed), (&pair.other, None)] {
                let answer = side.answer.as_ref();
                insert_into(case_matches::table)
                    .values((
                        case_matches::id.eq(side.id.0),
                        case_matches::country.eq(case.country.as_str()),
                        case_matches::pair_id.eq(side.pair),
                        case_matches::case_id.eq(side.case.0),
                        case_matches::other_case_id.eq(side.other.0),
                        case_matches::score.eq(i16::from(side.likeness.score)),
                        case_matches::reasons.eq(rows::texts(&side.likeness.reasons)),
                        case_matches::found_at.eq(side.found_at.raw()),
                        case_matches::status.eq(rows::text(side.status)),
                        case_matches::verdict.eq(answer.map(|it| rows::text(it.verdict))),
                        case_matches::answered_at.eq(answer.map(|it| it.at.raw())),
                        case_matches::agency_id.eq(answer.map(|it| it.agency.0)),
                        case_matches::professional_id
                            .eq(answer.and_then(|it| it.professional).map(|it| it.0)),
                        case_matches::sealed.eq(sealed),
                        case_matches::version.eq(side.version.0),
                    ))
                    .execute(self.conn)?;
            }
        }
        self.settle(decided)
    }

    /// A match of a case with its other side and the other case; under another case it is not found.
    pub fn case_match(&mut self, case: &Case, id: CaseMatchId) -> Result<(Pair, Hit), StoreError> {
        let pair: Option<Uuid> = case_matches::table
            .filter(case_matches::id.eq(id.0).and(case_matches::case_id.eq(case.id.0)))
            .filter(case_matches::other_case_id.ne_all(self.barred.clone()))
            .select(case_matches::pair_id)
            .first(self.conn)
            .optional()?;
        let pair = pair.ok_or(StoreError::NotFound)?;
        // The other side is of another case. What was written there stays shut.
        let both: Vec<Row> = self.across(|tx| {
            let sides = case_matches::table.filter(case_matches::pair_id.eq(pair));
            Ok::<_, StoreError>(sides.select(Row::as_select()).load(tx.conn)?)
        })?;
        let key = self.data_key(case.child.0, Sealed::Narrative)?;
        let (mut own, mut other) = (None, None);
        for row in both {
            if row.id == id.0 {
                own = Some(row.read(Some(&key))?);
            } else {
                other = Some(row.read(None)?);
            }
        }
        let (Some(own), Some(other)) = (own, other) else {
            return Err(StoreError::corrupt(TABLE, "a match with one side"));
        };
        let beside = self.other_sides(std::slice::from_ref(&own))?.remove(0);
        Ok((Pair { own, other }, beside))
    }

    /// A page of the matches of a case, newest first, each with the other case.
    pub fn case_matches(
        &mut self,
        case: &Case,
        page: PageRequest,
    ) -> Result<Page<(CaseMatch, Hit)>, StoreError> {
        let rows: Vec<Row> = case_matches::table
            .filter(case_matches::case_id.eq(case.id.0).and(case_matches::id.lt(page.before())))
            .filter(case_matches::other_case_id.ne_all(self.barred.clone()))
            .order(case_matches::id.desc())
            .limit(page.fetch())
            .select(Row::as_select())
            .load(self.conn)?;
        let key = self.data_key(case.child.0, Sealed::Narrative)?;
        let found = page.page(rows, |it| it.id, |it| it.read(Some(&key))).transposed()?;
        let others = self.other_sides(&found.items)?;
        Ok(Page { items: found.items.into_iter().zip(others).collect(), next: found.next })
    }

    /// The other case of each match, in their order, with how the caller stands to it.
    fn other_sides(&mut self, all: &[CaseMatch]) -> Result<Vec<Hit>, StoreError> {
        // The caller need not know the other case; what it is told of it follows from how it stands to it.
        let rows: Vec<cases::Row> = self.across(|tx| {
            let ids: Vec<Uuid> = all.iter().map(|it| it.other.0).collect();
            let others = case_rows::table.filter(case_rows::id.eq_any(ids));
            Ok::<_, StoreError>(others.select(cases::Row::as_select()).load(tx.conn)?)
        })?;
        let found = rows.into_iter().map(Case::try_from).collect::<Result<Vec<_>, _>>()?;
        let relations = self.relations(&found)?;
        let side = |it: &CaseMatch| {
            let case = found.iter().find(|case| case.id == it.other)?.clone();
            Some(Hit { relation: relations.get(&case.id).cloned(), case, likeness: it.likeness.clone() })
        };
        let missing = || StoreError::corrupt(TABLE, "a match with a case that is not there");
        all.iter().map(|it| side(it).ok_or_else(missing)).collect()
    }

    /// Stores what one side has said, if nobody said anything meanwhile.
    pub fn save_match(&mut self, case: &Case, decided: &Decided<Pair>) -> Result<(), StoreError> {
        let Pair { own, .. } = &decided.value;
        // Both sides have one standing and one version: the other row, of another case, moves with it.
        let changed = self.across(|tx| {
            let both = case_matches::table.filter(case_matches::pair_id.eq(own.pair));
            let standing =
                (case_matches::status.eq(rows::text(own.status)), case_matches::version.eq(own.version.0));
            let unchanged = both.filter(case_matches::version.eq(own.version.0 - 1));
            Ok::<_, StoreError>(diesel::update(unchanged).set(standing).execute(tx.conn)?)
        })?;
        if changed != 2 {
            return Err(StoreError::Stale);
        }
        let sealed = self.sealed_reason(case, own)?;
        let answer = own.answer.as_ref();
        diesel::update(case_matches::table.find(own.id.0))
            .set((
                case_matches::verdict.eq(answer.map(|it| rows::text(it.verdict))),
                case_matches::answered_at.eq(answer.map(|it| it.at.raw())),
                case_matches::agency_id.eq(answer.map(|it| it.agency.0)),
                case_matches::professional_id.eq(answer.and_then(|it| it.professional).map(|it| it.0)),
                case_matches::sealed.eq(sealed),
            ))
            .execute(self.conn)?;
        self.settle(decided)
    }

    fn sealed_reason(&mut self, case: &Case, side: &CaseMatch) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(reason) = side.answer.as_ref().and_then(|it| it.reason.as_ref()) else { return Ok(None) };
        let key = self.data_key(case.child.0, Sealed::Narrative)?;
        Ok(Some(key.seal(side.id.0, reason)?))
    }
}
