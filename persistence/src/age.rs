//! Age assessments: what the assessors say, and the medical part under a key of its own.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _, dsl::insert_into,
};
use domain::{
    AgeAssessmentId, AgencyId, CaseId, Decided, ProfessionalId, Timestamp,
    cases::{Case, ChildRecord},
    identification::{AgeAssessment, LodgedAgeAppeal, NewAgeAssessment},
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    Page, PageRequest, StoreError, rows,
    schema::age_assessments as assessments,
    sealing::{DataKey, Sealed},
    store::Tx,
};

/// The column of what is said of an appeal.
const APPEAL: &str = "appeal";

#[derive(Queryable, Selectable)]
#[diesel(table_name = assessments)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    agency_id: Uuid,
    professional_id: Option<Uuid>,
    recorded_at: OffsetDateTime,
    conclusion: String,
    appeal_until: Option<OffsetDateTime>,
    sealed: Vec<u8>,
    medical_sealed: Option<Vec<u8>>,
    appealed_at: Option<OffsetDateTime>,
    appeal_sealed: Option<Vec<u8>>,
}

impl Tx<'_> {
    /// Stores an age assessment, with what follows from it for the child's identity.
    pub fn add_age_assessment(
        &mut self,
        case: &Case,
        decided: &Decided<(AgeAssessment, ChildRecord)>,
    ) -> Result<(), StoreError> {
        let (it, child) = &decided.value;
        let sealed = self.data_key(child.id.0, Sealed::Identity)?.seal(it.id.0, &it.content)?;
        let medical = match &it.content.medical_findings {
            Some(words) => Some(self.data_key_made(child.id.0, Sealed::Health)?.seal(it.id.0, words)?),
            None => None,
        };
        insert_into(assessments::table)
            .values((
                assessments::id.eq(it.id.0),
                assessments::country.eq(case.country.as_str()),
                assessments::case_id.eq(it.case.0),
                assessments::agency_id.eq(it.agency.0),
                assessments::professional_id.eq(it.professional.map(|it| it.0)),
                assessments::recorded_at.eq(it.recorded_at.raw()),
                assessments::method.eq(rows::text(it.content.method)),
                assessments::conclusion.eq(rows::text(it.conclusion)),
                assessments::appeal_until.eq(it.appeal_until.map(Timestamp::raw)),
                assessments::sealed.eq(sealed),
                assessments::medical_sealed.eq(medical),
            ))
            .execute(self.conn)?;
        let facts = decided.facts.clone();
        self.save_identity(&Decided::new(child.clone(), facts, Vec::new()))
    }

    /// Stores the appeal against an age assessment, if nobody else has recorded one.
    pub fn add_age_appeal(
        &mut self,
        decided: &Decided<(AgeAssessment, ChildRecord)>,
    ) -> Result<(), StoreError> {
        let (it, child) = &decided.value;
        let Some(appeal) = &it.appeal else { return Ok(()) };
        let sealed =
            self.data_key(child.id.0, Sealed::Identity)?.in_column(APPEAL).seal(it.id.0, &appeal.content)?;
        let free = assessments::table.find(it.id.0).filter(assessments::appealed_at.is_null());
        let changed = diesel::update(free)
            .set((
                assessments::appealed_at.eq(appeal.recorded_at.raw()),
                assessments::appeal_sealed.eq(sealed),
            ))
            .execute(self.conn)?;
        if changed != 1 {
            return Err(StoreError::Stale);
        }
        self.save_identity(&Decided::new(child.clone(), decided.facts.clone(), Vec::new()))
    }

    /// An age assessment of a case; under another case it is not found. The medical part is opened where it is asked for.
    pub fn age_assessment(
        &mut self,
        case: &Case,
        id: AgeAssessmentId,
        medical: bool,
    ) -> Result<AgeAssessment, StoreError> {
        let row: Option<Row> = assessments::table
            .filter(assessments::id.eq(id.0).and(assessments::case_id.eq(case.id.0)))
            .select(Row::as_select())
            .first(self.conn)
            .optional()?;
        let row = row.ok_or(StoreError::NotFound)?;
        let key = self.data_key(case.child.0, Sealed::Identity)?;
        let sealed = row.medical_sealed.clone().filter(|_| medical);
        let mut found = row.read(&key)?;
        if let Some(sealed) = sealed {
            let findings = self.data_key(case.child.0, Sealed::Health)?.read(id.0, &sealed)?;
            found.content.medical_findings = Some(findings);
        }
        Ok(found)
    }

    /// A page of the age assessments of a case, newest first, without the medical part.
    pub fn age_assessments(
        &mut self,
        case: &Case,
        page: PageRequest,
    ) -> Result<Page<AgeAssessment>, StoreError> {
        let rows: Vec<Row> = assessments::table
            .filter(assessments::case_id.eq(case.id.0).and(assessments::id.lt(page.before())))
            .order(assessments::id.desc())
            .limit(page.fetch())
            .select(Row::as_select())
            .load(self.conn)?;
        let key = self.data_key(case.child.0, Sealed::Identity)?;
        page.page(rows, |it| it.id, |it| it.read(&key)).transposed()
    }
}

impl Row {
    fn read(self, key: &DataKey) -> Result<AgeAssessment, StoreError> {
        let content: NewAgeAssessment = key.read(self.id, &self.sealed)?;
        let appeal = match self.appealed_at.zip(self.appeal_sealed) {
            Some((at, sealed)) => {
                let content = key.in_column(APPEAL).read(self.id, &sealed)?;
                Some(LodgedAgeAppeal { recorded_at: Timestamp::new(at), content })
            }
            None => None,
        };
        Ok(AgeAssessment {
            id: AgeAssessmentId(self.id),
            case: CaseId(self.case_id),
            agency: AgencyId(self.agency_id),
            professional: self.professional_id.map(ProfessionalId),
            recorded_at: Timestamp::new(self.recorded_at),
            content,
            conclusion: rows::code("age_assessments", &self.conclusion)?,
            appeal_until: self.appeal_until.map(Timestamp::new),
            appeal,
        })
    }
}
