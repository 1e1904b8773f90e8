//! Who the child is (class D1): the whole for those who work with the child, a summary for the rest.

use actix_web::{get, patch, web::Path};
use domain::{
    BirthDate, CaseId, Timestamp,
    access::{Depth, Relation},
    cases::{Case, ChildRecord, Identity, IdentityUpdate, Name},
    text::{Country, Language, Line, Text},
    vocabulary::{AgeCertainty, AgeGroup, AgeStatus, DataClass, Sex, SpecialNeed},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    readable,
    taken_once::{distinct, save_identity},
    writable,
};
use crate::{
    call::Call,
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{AsOfQuery, clearable, path_id, seen_of_section, warnings},
};

/// Who the child is, as far as it is known; nothing is required.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewChild {
    /// Given names.
    pub given_name: Option<Line<100>>,
    /// Family name.
    pub family_name: Option<Line<100>>,
    /// What the child wishes to be called.
    pub call_name: Option<Line<100>>,
    /// Sex, as statistics ask it.
    pub sex: Option<Sex>,
    /// The birth date, as far as known.
    pub birth_date: Option<BirthDate>,
    /// How the age is known.
    pub age_certainty: Option<AgeCertainty>,
    /// Nationalities.
    #[schema(max_items = 10)]
    pub nationalities: Option<Vec<Country>>,
    /// Languages that the child speaks.
    #[schema(max_items = 20)]
    pub languages: Option<Vec<Language>>,
    /// Needs that whoever cares for the child must know.
    #[schema(max_items = 30)]
    pub special_needs: Option<Vec<SpecialNeed>>,
    /// Whether nobody who is responsible by law is with the child.
    pub unaccompanied: Option<bool>,
}

impl From<NewChild> for Identity {
    fn from(it: NewChild) -> Self {
        Self {
            name: name(it.given_name.map(String::from), it.family_name.map(String::from)),
            call_name: it.call_name.map(String::from),
            sex: it.sex,
            birth_date: it.birth_date,
            age_certainty: it.age_certainty,
            nationalities: it.nationalities.unwrap_or_default(),
            languages: it.languages.unwrap_or_default(),
            special_needs: it.special_needs.unwrap_or_default(),
            unaccompanied: it.unaccompanied,
            assessed: None,
        }
    }
}

fn name(given: Option<String>, family: Option<String>) -> Option<Name> {
    (given.is_some() || family.is_some()).then_some(Name { given, family })
}

/// A change of what is known of the child: absent members stay, `null` clears where it is allowed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "callName": "Mik", "birthDate": "2015", "ageCertainty": "declared", "languages": ["uk"] }))]
pub struct ChildPatch {
    /// Given names.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub given_name: Option<Option<Line<100>>>,
    /// Family name.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub family_name: Option<Option<Line<100>>>,
    /// What the child wishes to be called.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub call_name: Option<Option<Line<100>>>,
    /// Sex; `unknown` clears it.
    #[schema(nullable = false)]
    pub sex: Option<Sex>,
    /// The birth date, as far as known.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 10, pattern = r"^((19|2[01])\d\d(-(0[1-9]|1[0-2])|-(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|-(0[469]|11)-(0[1-9]|[12]\d|30)|-02-(0[1-9]|1\d|2[0-8]))?|((19|2[01])(0[48]|[2468][048]|[13579][26])|2000)-02-29)$")]
    pub birth_date: Option<Option<BirthDate>>,
    /// How the age is known; `unknown` clears it.
    #[schema(nullable = false)]
    pub age_certainty: Option<AgeCertainty>,
    /// Nationalities; the whole list.
    #[schema(max_items = 10, nullable = false)]
    pub nationalities: Option<Vec<Country>>,
    /// Languages that the child speaks; the whole list.
    #[schema(max_items = 20, nullable = false)]
    pub languages: Option<Vec<Language>>,
    /// Needs that whoever cares for the child must know; the whole list.
    #[schema(max_items = 30, nullable = false)]
    pub special_needs: Option<Vec<SpecialNeed>>,
    /// Whether nobody who is responsible by law is with the child.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<bool>)]
    pub unaccompanied: Option<Option<bool>>,
    /// Open cases with a child like this whose child is another (R70); no part of what is known of the child.
    #[schema(max_items = 20, nullable = false)]
    pub distinct_from: Option<Vec<CaseId>>,
    /// How that is known, in words.
    #[schema(nullable = false)]
    pub distinct_reason: Option<Text<1000>>,
}

impl ChildPatch {
    fn onto(self, old: &Identity) -> IdentityUpdate {
        let text = |it: Option<Option<Line<100>>>| it.map(|it| it.map(String::from));
        let (given, family) = (text(self.given_name), text(self.family_name));
        let renamed = (given.is_some() || family.is_some()).then(|| {
            let was = old.name.clone().unwrap_or(Name { given: None, family: None });
            name(given.unwrap_or(was.given), family.unwrap_or(was.family))
        });
        IdentityUpdate {
            name: renamed,
            call_name: text(self.call_name),
            sex: self.sex.map(Some),
            birth_date: self.birth_date,
            age_certainty: self.age_certainty.map(Some),
            nationalities: self.nationalities,
            languages: self.languages,
            special_needs: self.special_needs,
            unaccompanied: self.unaccompanied,
        }
    }
}

/// Who the child is, as far as it is known and the caller sees it.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Child)]
#[serde(rename_all = "camelCase")]
pub struct ChildView {
    /// Given names; not in a summary.
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    /// Family name; not in a summary.
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// What the child wishes to be called.
    #[schema(max_length = 100)]
    pub call_name: Option<String>,
    /// Sex.
    pub sex: Option<Sex>,
    /// The birth date, as far as known; not in a summary.
    pub birth_date: Option<BirthDate>,
    /// How the age is known.
    pub age_certainty: Option<AgeCertainty>,
    /// The age status today; an uncertain age means child.
    pub age_status: AgeStatus,
    /// The age group today.
    pub age_group: Option<AgeGroup>,
    /// Nationalities; not in a summary.
    #[schema(max_items = 10)]
    pub nationalities: Option<Vec<Country>>,
    /// Languages that the child speaks.
    #[schema(max_items = 20)]
    pub languages: Vec<Language>,
    /// Needs that whoever cares for the child must know; not in a summary.
    #[schema(max_items = 30)]
    pub special_needs: Option<Vec<SpecialNeed>>,
    /// Whether nobody who is responsible by law is with the child.
    pub unaccompanied: Option<bool>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

impl ChildView {
    /// As much of an identity as a depth allows.
    pub fn of(it: &Identity, depth: Depth, now: Timestamp, found: &[domain::Violation]) -> Self {
        let whole = depth == Depth::Full;
        let name = it.name.clone().filter(|_| whole);
        Self {
            given_name: name.as_ref().and_then(|it| it.given.clone()),
            family_name: name.and_then(|it| it.family),
            call_name: it.call_name.clone(),
            sex: it.sex,
            birth_date: it.birth_date.filter(|_| whole),
            age_certainty: it.age_certainty,
            age_status: it.age_status(now),
            age_group: it.age_group(now),
            nationalities: whole.then(|| it.nationalities.clone()),
            languages: it.languages.clone(),
            special_needs: whole.then(|| it.special_needs.clone()),
            unaccompanied: it.unaccompanied,
            summary_only: !whole,
            warnings: warnings(found),
        }
    }
}

fn shown(
    tx: &Tx<'_>,
    case: &Case,
    child: &ChildRecord,
    relation: &Relation,
    found: &[domain::Violation],
) -> Result<Shown<ChildView>, Failure> {
    let depth = readable(&tx.cx.caller, relation, DataClass::D1Identity)?;
    let plain = ChildView::of(&child.identity, depth, tx.cx.now, &[]);
    let version = seen_of_section(depth, child.identity_version, &plain);
    let seen = format!("child/{}/{version}/{depth:?}", case.id);
    let view = ChildView::of(&child.identity, depth, tx.cx.now, found);
    Ok(Shown::new(view, Tag::of(tx.keys(), &seen)).of_case(case.id, vec![DataClass::D1Identity]))
}

fn read_as_of(tx: &mut Tx<'_>, id: CaseId, at: Timestamp) -> Result<Shown<ChildView>, Failure> {
    let (case, relation) = tx.case_as_of(id, at)?;
    let depth = readable(&tx.cx.caller, &relation, DataClass::D1Identity)?;
    let child = tx.child_as_of(&case, at)?;
    let view = ChildView::of(&child.identity, depth, at, &[]);
    let version = seen_of_section(depth, child.identity_version, &view);
    let seen = format!("child/{id}/{version}/{depth:?}/as-of/{}", at.micros());
    Ok(Shown::new(view, Tag::of(tx.keys(), &seen)).of_case(id, vec![DataClass::D1Identity]))
}

fn read(tx: &mut Tx<'_>, id: CaseId) -> Result<Shown<ChildView>, Failure> {
    let (case, relation) = tx.case(id)?;
    readable(&tx.cx.caller, &relation, DataClass::D1Identity)?;
    let child = tx.child(&case)?;
    shown(tx, &case, &child, &relation, &[])
}

/// The child
///
/// Who the child is. Roles that need no more get a summary: age group, sex, languages, what the child wishes to be
/// called.
#[utoipa::path(
    operation_id = "getCaseChild", tag = "cases", params(("id" = CaseId, Path, description = "The case."), AsOfQuery),
    responses((status = 200, description = "The child.", body = ChildView))
)]
#[get("/v1/cases/{id}/child")]
pub async fn get_case_child(
    call: Call,
    id: Path<String>,
    query: Query<AsOfQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let as_of = query.0.as_of;
    call.read(Some(id.0), move |tx| match as_of {
        None => read(tx, id),
        Some(at) => read_as_of(tx, id, at),
    })
    .await
}

/// Change what is known of the child
///
/// A merge patch by the agency that leads or opened the case.
#[utoipa::path(
    operation_id = "updateCaseChild", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body(content = ChildPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The child.", body = ChildView))
)]
#[patch("/v1/cases/{id}/child")]
pub async fn update_case_child(
    call: Call,
    id: Path<String>,
    body: Json<ChildPatch>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, CaseId::parse)?;
    let expected = call.expected();
    call.act(
        id.0,
        &body.canonical,
        move |tx| {
            let (case, relation) = tx.case(id)?;
            writable(&tx.cx.caller, &relation, DataClass::D1Identity)?;
            let child = tx.child(&case)?;
            expected.check(&shown(tx, &case, &child, &relation, &[])?.tag)?;
            let patch = body.value.clone();
            let distinct = distinct(patch.distinct_from.clone(), patch.distinct_reason.clone());
            let decided = child.update_identity(patch.onto(&child.identity), &case, tx.cx.now)?;
            let (case, told) = save_identity(tx, (&case, &child.identity), &decided, &distinct)?;
            let warnings = [decided.warnings, told].concat();
            shown(tx, &case, &decided.value, &relation, &warnings)
        },
        move |tx| read(tx, id),
    )
    .await
}
