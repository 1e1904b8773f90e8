//! Age assessments: how an age in doubt was assessed, what it came to, and until when it can be appealed.

use actix_web::{get, post, web::Path};
use domain::{
    AgeAssessmentId, AgencyId, CaseId, Day, ProfessionalId, Timestamp, Violation,
    access::{Caller, Depth, Relation, sections},
    identification::{
        AgeAssessment, AgeConclusion, AgeMethod, AgeRange, Assessor, AssessorField, NewAgeAssessment,
    },
    text::{Line, Text},
    vocabulary::DataClass,
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    age_appeals::AgeAppealView,
    identification::{ForeignNotice, ForeignView},
    readable, writable,
};
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{depth_of, listed, page, path_id, shown_if, warnings},
};

/// What an age assessment says.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "method": "psychosocial", "assessedOn": "2026-11-20", "conclusion": "inconclusive",
    "range": { "youngest": 16, "oldest": 19 },
    "assessors": [
        { "who": "An invented psychologist", "field": "psychology" },
        { "who": "An invented social worker", "field": "social_work" }
    ],
    "reasons": "School years and what she remembers fit an age of 16 to 19.", "representativeInformedOn": "2026-11-23",
    "newFacts": "A school record has arrived."
}))]
pub struct CreateAgeAssessment {
    /// How it was done: documents before a psychosocial assessment, a medical examination last.
    pub method: AgeMethod,
    /// The day of the assessment.
    pub assessed_on: Day,
    /// What the assessors conclude. A range that dips below 18 makes a child of whom they call an adult; where nobody in the
    /// range is a child today, only `adult` will do, with all that it needs.
    pub conclusion: AgeConclusion,
    /// The ages between which the person is.
    pub range: Option<AgeRangeView>,
    /// Who assessed; for an adult two of different fields.
    #[schema(max_items = 10)]
    pub assessors: Option<Vec<NewAssessor>>,
    /// The reasons, in words.
    pub reasons: Option<Text<4000>>,
    /// Whether child and representative agreed to a medical examination.
    pub medical_consent: Option<bool>,
    /// Medical findings; shown to those who read findings of medicine.
    pub medical_findings: Option<Text<4000>>,
    /// The day on which the representative was told.
    pub representative_informed_on: Option<Day>,
    /// Facts that were not known at the assessment before.
    pub new_facts: Option<Text<2000>>,
    /// The decision of another country that is recognised here.
    pub foreign: Option<ForeignNotice>,
}

/// The ages between which a person is, in whole years.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AgeRange)]
pub struct AgeRangeView {
    /// The youngest possible age.
    #[schema(minimum = 0, maximum = 120)]
    pub youngest: u8,
    /// The oldest possible age.
    #[schema(minimum = 0, maximum = 120)]
    pub oldest: u8,
}

/// Somebody who assessed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewAssessor {
    /// Who, by name or by the agency's own id.
    pub who: Line<200>,
    /// The field.
    pub field: AssessorField,
}

impl From<CreateAgeAssessment> for NewAgeAssessment {
    fn from(it: CreateAgeAssessment) -> Self {
        let assessors = it.assessors.unwrap_or_default().into_iter();
        Self {
            method: it.method,
            assessed_on: it.assessed_on,
            conclusion: it.conclusion,
            range: it.range.map(|it| AgeRange { youngest: it.youngest, oldest: it.oldest }),
            assessors: assessors.map(|it| Assessor { who: it.who.into(), field: it.field }).collect(),
            reasons: it.reasons.map(String::from),
            medical_consent: it.medical_consent,
            representative_informed_on: it.representative_informed_on,
            new_facts: it.new_facts.map(String::from),
            foreign: it.foreign.map(domain::identification::Foreign::from),
            medical_findings: it.medical_findings.map(String::from),
        }
    }
}

/// An age assessment, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgeAssessment)]
#[serde(rename_all = "camelCase")]
pub struct AgeAssessmentView {
    /// Its id.
    pub id: AgeAssessmentId,
    /// The case.
    pub case_id: CaseId,
    /// The agency that recorded it.
    pub agency_id: AgencyId,
    /// Who recorded it.
    pub professional_id: Option<ProfessionalId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// How it was done.
    pub method: AgeMethod,
    /// The day of the assessment.
    pub assessed_on: Day,
    /// What it comes to, in the child's favour.
    pub conclusion: AgeConclusion,
    /// Until when the decision that the person is an adult can be appealed; until then the person is treated as a child.
    pub appeal_until: Option<Timestamp>,
    /// The decision of another country that was recognised.
    pub foreign: Option<ForeignView>,
    /// The ages between which the person is; not in a summary.
    pub range: Option<AgeRangeView>,
    /// Who assessed; not in a summary.
    #[schema(max_items = 10)]
    pub assessors: Option<Vec<AssessorView>>,
    /// The reasons, in words; not in a summary.
    #[schema(max_length = 4000)]
    pub reasons: Option<String>,
    /// Whether child and representative agreed to a medical examination; not in a summary.
    pub medical_consent: Option<bool>,
    /// Medical findings (D7), for those who read them whole; not in lists.
    #[schema(max_length = 4000)]
    pub medical_findings: Option<String>,
    /// The day on which the representative was told; not in a summary.
    pub representative_informed_on: Option<Day>,
    /// What was new; not in a summary.
    #[schema(max_length = 2000)]
    pub new_facts: Option<String>,
    /// The appeal against it; until it is decided by a further assessment, the person is treated as a child.
    pub appeal: Option<AgeAppealView>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// Somebody who assessed.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Assessor)]
pub struct AssessorView {
    /// Who, by name or by the agency's own id.
    #[schema(max_length = 200)]
    pub who: String,
    /// The field.
    pub field: AssessorField,
}

page! {
    /// A page of age assessments, newest first.
    AgeAssessmentPage as AgeAssessmentPage of AgeAssessmentView
}

/// How much of an assessment a caller sees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sight {
    whole: bool,
    pub medical: bool,
}

impl Sight {
    /// As much as the role of the caller allows; refused where it is nothing.
    pub fn of(caller: &Caller, relation: &Relation) -> Result<Self, Failure> {
        let whole = readable(caller, relation, DataClass::D1Identity)? == Depth::Full;
        let medical = depth_of(&sections(caller, relation), DataClass::D7Health) == Depth::Full;
        Ok(Self { whole, medical })
    }

    fn classes(self) -> Vec<DataClass> {
        let medical = self.medical.then_some(DataClass::D7Health);
        std::iter::once(DataClass::D1Identity).chain(medical).collect()
    }
}

impl AgeAssessmentView {
    fn of(it: AgeAssessment, sight: Sight) -> Self {
        let whole = sight.whole;
        let content = it.content;
        let assessors = content.assessors.into_iter();
        Self {
            id: it.id,
            case_id: it.case,
            agency_id: it.agency,
            professional_id: it.professional,
            recorded_at: it.recorded_at,
            method: content.method,
            assessed_on: content.assessed_on,
            conclusion: it.conclusion,
            appeal_until: it.appeal_until,
            appeal: it.appeal.map(|it| AgeAppealView::of(it, whole)),
            foreign: content.foreign.as_ref().map(ForeignView::from),
            range: content
                .range
                .filter(|_| whole)
                .map(|it| AgeRangeView { youngest: it.youngest, oldest: it.oldest }),
            assessors: whole
                .then(|| assessors.map(|it| AssessorView { who: it.who, field: it.field }).collect()),
            reasons: content.reasons.filter(|_| whole),
            medical_consent: content.medical_consent.filter(|_| whole),
            medical_findings: content.medical_findings.filter(|_| sight.medical),
            representative_informed_on: content.representative_informed_on.filter(|_| whole),
            new_facts: content.new_facts.filter(|_| whole),
            summary_only: !whole,
            warnings: None,
        }
    }
}

/// The assessment as somebody sees it.
pub(super) fn shown(tx: &Tx<'_>, it: AgeAssessment, sight: Sight) -> Shown<AgeAssessmentView> {
    let appealed = it.appeal.is_some();
    let tag = Tag::of(tx.keys(), &format!("age/{}/{appealed}/{sight:?}", it.id));
    let case = it.case;
    Shown::new(AgeAssessmentView::of(it, sight), tag).of_case(case, sight.classes())
}

/// Reads an assessment as the caller sees it today.
pub(super) fn read(
    tx: &mut Tx<'_>,
    case: CaseId,
    id: AgeAssessmentId,
) -> Result<Shown<AgeAssessmentView>, Failure> {
    let (case, relation) = tx.case(case)?;
    let sight = Sight::of(&tx.cx.caller, &relation)?;
    let found = tx.age_assessment(&case, id, sight.medical)?;
    Ok(shown(tx, found, sight))
}

fn record(
    tx: &mut Tx<'_>,
    case: CaseId,
    id: AgeAssessmentId,
    new: NewAgeAssessment,
) -> Result<Shown<AgeAssessmentView>, Failure> {
    let (case, relation) = tx.case(case)?;
    writable(&tx.cx.caller, &relation, DataClass::D1Identity)?;
    let sight = Sight::of(&tx.cx.caller, &relation)?;
    let child = tx.child(&case)?;
    let earlier = tx.age_assessments(&case, persistence::PageRequest { after: None, limit: 200 })?.items;
    let country = tx.country(case.country)?;
    let of = (&case, &child, &earlier[..]);
    let decided = AgeAssessment::record(id, new, of, &country, &tx.cx.caller, tx.cx.now)?;
    tx.add_age_assessment(&case, &decided)?;
    let found: &[Violation] = &decided.warnings;
    let told = warnings(found);
    let mut answer = shown(tx, decided.value.0, sight);
    answer.body.warnings = told;
    Ok(answer)
}

/// Record an age assessment
///
/// Documents come first, then a psychosocial assessment; a medical examination is the last resort and needs consent.
/// Nobody is assessed by appearance. That a person is an adult needs a range above 18, written reasons, two assessors of
/// different fields and a representative who was told; the safeguards last until nobody can appeal any more. The age
/// status of the child follows at once.
#[utoipa::path(
    operation_id = "createAgeAssessment", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateAgeAssessment,
    responses((status = 201, description = "The assessment.", body = AgeAssessmentView))
)]
#[post("/v1/cases/{id}/age-assessments")]
pub async fn create_age_assessment(
    call: Call,
    id: Path<String>,
    body: Json<CreateAgeAssessment>,
) -> Result<Answer, Failure> {
    let case = path_id(&id, CaseId::parse)?;
    let new = NewAgeAssessment::from(body.value);
    call.create(
        &body.canonical,
        format!("/v1/cases/{case}/age-assessments"),
        move |tx, id| record(tx, case, AgeAssessmentId(id), new.clone()),
        move |tx, id| read(tx, case, AgeAssessmentId(id)),
    )
    .await
}

/// The age assessments of a case
///
/// Newest first, without medical findings.
#[utoipa::path(
    operation_id = "listAgeAssessments", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), PageQuery),
    responses((status = 200, description = "A page of assessments.", body = AgeAssessmentPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/age-assessments")]
pub async fn list_age_assessments(
    call: Call,
    id: Path<String>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let (found, link) = call
        .list_of(
            page.0,
            Some(id.0),
            move |tx, page| {
                let (case, relation) = tx.case(id)?;
                let sight = Sight::of(&tx.cx.caller, &relation)?;
                let found = tx.age_assessments(&case, page)?;
                let classes = shown_if(DataClass::D1Identity, &found.items);
                Ok((found.map(|it| (it, sight)), classes))
            },
            |(it, sight)| AgeAssessmentView::of(it, sight),
        )
        .await?;
    Ok(listed(&AgeAssessmentPage::from(found), link))
}

/// An age assessment
///
/// One assessment of a case, as far as the caller sees it.
#[utoipa::path(
    operation_id = "getAgeAssessment", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."),
        ("assessmentId" = AgeAssessmentId, Path, description = "The assessment.")
    ),
    responses((status = 200, description = "The assessment.", body = AgeAssessmentView))
)]
#[get("/v1/cases/{id}/age-assessments/{assessmentId}")]
pub async fn get_age_assessment(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, AgeAssessmentId::parse)?);
    call.read(Some(id.0), move |tx| read(tx, case, id)).await
}
