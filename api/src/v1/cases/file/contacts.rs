//! The family and other contacts of the child (class D3).

use actix_web::{get, patch, post, web::Path};
use domain::{
    AgencyId, BirthDate, CaseId, Day, EntryId, ProfessionalId, Timestamp,
    access::Depth,
    cases::{
        Name,
        file::{Contact, Entry},
    },
    text::{Country, Language, Line, Text},
    vocabulary::{ContactDecision, ContactRelation, ContactWish, DataClass},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::Filed;
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query},
    v1::common::{AsOfQuery, clearable, listed, page},
};

/// A person around the child, as far as known.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "relation": "sibling", "givenName": "Invented", "birthDate": "2018", "livesWithChild": true, "isChild": true,
    "contactDecision": "not_decided", "wish": "wished"
}))]
pub struct CreateContact {
    /// What the person is to the child.
    pub relation: ContactRelation,
    /// Given names.
    pub given_name: Option<Line<100>>,
    /// Family name.
    pub family_name: Option<Line<100>>,
    /// The birth date, as far as known.
    pub birth_date: Option<BirthDate>,
    /// The country in which the person lives.
    pub country: Option<Country>,
    /// Languages.
    #[schema(max_items = 20)]
    pub languages: Option<Vec<Language>>,
    /// Telephone or another way to reach the person.
    pub reached_by: Option<Line<300>>,
    /// Address.
    pub address: Option<Text<500>>,
    /// Whether the person lives with the child, or did until the child came into protection.
    pub lives_with_child: Option<bool>,
    /// Whether the person is a child.
    pub is_child: Option<bool>,
    /// Whether the person has parental responsibility or represents the child by law.
    pub legal_responsibility: Option<bool>,
    /// Whether the person is suspected of an offence against the child, or in conflict with its interests.
    pub suspected: Option<bool>,
    /// Whether the person may be told about the child.
    pub may_be_informed: Option<bool>,
    /// What was decided on contact; not decided, if absent.
    pub contact_decision: Option<ContactDecision>,
    /// What the child wishes.
    pub wish: Option<ContactWish>,
    /// The day on which somebody looked after this other child's safety.
    pub checked_on: Option<Day>,
    /// What else is known, in words.
    pub remarks: Option<Text<4000>>,
}

fn name(given: Option<String>, family: Option<String>) -> Option<Name> {
    (given.is_some() || family.is_some()).then_some(Name { given, family })
}

impl From<CreateContact> for Contact {
    fn from(it: CreateContact) -> Self {
        Self {
            relation: it.relation,
            name: name(it.given_name.map(String::from), it.family_name.map(String::from)),
            birth_date: it.birth_date,
            country: it.country,
            languages: it.languages.unwrap_or_default(),
            reached_by: it.reached_by.map(String::from),
            address: it.address.map(String::from),
            lives_with_child: it.lives_with_child,
            is_child: it.is_child,
            legal_responsibility: it.legal_responsibility,
            suspected: it.suspected,
            may_be_informed: it.may_be_informed,
            decision: it.contact_decision.unwrap_or(ContactDecision::NotDecided),
            wish: it.wish,
            checked_on: it.checked_on,
            remarks: it.remarks.map(String::from),
        }
    }
}

/// A change of what is known of a contact: absent members stay, `null` clears where it is allowed.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "contactDecision": "supervised", "checkedOn": "2026-11-24" }))]
pub struct ContactPatch {
    /// What the person is to the child.
    #[schema(nullable = false)]
    pub relation: Option<ContactRelation>,
    /// Given names.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub given_name: Option<Option<Line<100>>>,
    /// Family name.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub family_name: Option<Option<Line<100>>>,
    /// The birth date, as far as known.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 10, pattern = r"^((19|2[01])\d\d(-(0[1-9]|1[0-2])|-(0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|-(0[469]|11)-(0[1-9]|[12]\d|30)|-02-(0[1-9]|1\d|2[0-8]))?|((19|2[01])(0[48]|[2468][048]|[13579][26])|2000)-02-29)$")]
    pub birth_date: Option<Option<BirthDate>>,
    /// Languages; the whole list.
    #[schema(max_items = 20, nullable = false)]
    pub languages: Option<Vec<Language>>,
    /// Telephone or another way to reach the person.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub reached_by: Option<Option<Line<300>>>,
    /// Address.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub address: Option<Option<Text<500>>>,
    /// Whether the person lives with the child.
    #[schema(nullable = false)]
    pub lives_with_child: Option<bool>,
    /// Whether the person is a child.
    #[schema(nullable = false)]
    pub is_child: Option<bool>,
    /// Whether the person has parental responsibility or represents the child by law.
    #[schema(nullable = false)]
    pub legal_responsibility: Option<bool>,
    /// Whether the person is suspected of an offence against the child, or in conflict with its interests.
    #[schema(nullable = false)]
    pub suspected: Option<bool>,
    /// Whether the person may be told about the child.
    #[schema(nullable = false)]
    pub may_be_informed: Option<bool>,
    /// What was decided on contact.
    #[schema(nullable = false)]
    pub contact_decision: Option<ContactDecision>,
    /// What the child wishes.
    #[schema(nullable = false)]
    pub wish: Option<ContactWish>,
    /// The day on which somebody looked after this other child's safety.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, max_length = 10, format = Date, pattern = r"^(19|2[01])\d\d-\d\d-\d\d$")]
    pub checked_on: Option<Option<Day>>,
    /// What else is known, in words.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub remarks: Option<Option<Text<4000>>>,
}

impl ContactPatch {
    fn onto(self, old: Contact) -> Contact {
        let was = old.name.clone().unwrap_or(Name { given: None, family: None });
        let given = self.given_name.map_or(was.given, |it| it.map(String::from));
        let family = self.family_name.map_or(was.family, |it| it.map(String::from));
        Contact {
            relation: self.relation.unwrap_or(old.relation),
            name: name(given, family),
            birth_date: self.birth_date.unwrap_or(old.birth_date),
            country: old.country,
            languages: self.languages.unwrap_or(old.languages),
            reached_by: self.reached_by.map_or(old.reached_by, |it| it.map(String::from)),
            address: self.address.map_or(old.address, |it| it.map(String::from)),
            lives_with_child: self.lives_with_child.or(old.lives_with_child),
            is_child: self.is_child.or(old.is_child),
            legal_responsibility: self.legal_responsibility.or(old.legal_responsibility),
            suspected: self.suspected.or(old.suspected),
            may_be_informed: self.may_be_informed.or(old.may_be_informed),
            decision: self.contact_decision.unwrap_or(old.decision),
            wish: self.wish.or(old.wish),
            checked_on: self.checked_on.unwrap_or(old.checked_on),
            remarks: self.remarks.map_or(old.remarks, |it| it.map(String::from)),
        }
    }
}

/// A person around the child, as far as the caller sees it: roles that need no more learn what the person is to the
/// child and whether contact is allowed.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Contact)]
#[serde(rename_all = "camelCase")]
pub struct ContactView {
    /// Its id.
    pub id: EntryId,
    /// The case.
    pub case_id: CaseId,
    /// Which version it is; not in a summary, which tells nothing of changes that it does not show.
    pub version: Option<i32>,
    /// When this version was recorded; not in a summary.
    pub recorded_at: Option<Timestamp>,
    /// The agency that recorded it; not in a summary.
    pub agency_id: Option<AgencyId>,
    /// Who recorded it; not in a summary.
    pub professional_id: Option<ProfessionalId>,
    /// What the person is to the child.
    pub relation: ContactRelation,
    /// What was decided on contact.
    pub contact_decision: ContactDecision,
    /// Whether the person lives with the child.
    pub lives_with_child: Option<bool>,
    /// Whether the person is a child.
    pub is_child: Option<bool>,
    /// Whether the person has parental responsibility or represents the child by law.
    pub legal_responsibility: Option<bool>,
    /// Whether the person may be told about the child.
    pub may_be_informed: Option<bool>,
    /// The day on which somebody looked after this other child's safety.
    pub checked_on: Option<Day>,
    /// Given names; not in a summary.
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    /// Family name; not in a summary.
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// The birth date, as far as known; not in a summary.
    pub birth_date: Option<BirthDate>,
    /// The country in which the person lives; not in a summary.
    pub country: Option<Country>,
    /// Languages; not in a summary.
    #[schema(max_items = 20)]
    pub languages: Option<Vec<Language>>,
    /// Telephone or another way to reach the person; not in a summary.
    #[schema(max_length = 300)]
    pub reached_by: Option<String>,
    /// Address; not in a summary.
    #[schema(max_length = 500)]
    pub address: Option<String>,
    /// Whether the person is suspected, or in conflict with the child's interests; not in a summary.
    pub suspected: Option<bool>,
    /// What the child wishes; not in a summary.
    pub wish: Option<ContactWish>,
    /// What else is known, in words; not in a summary.
    #[schema(max_length = 4000)]
    pub remarks: Option<String>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of contacts, newest first.
    ContactPage as ContactPage of ContactView
}

impl Filed for Contact {
    type View = ContactView;
    const CLASSES: &'static [DataClass] = &[DataClass::D3FamilyContacts];
    const SUMMARISED: bool = true;

    fn render(_: &mut Tx<'_>, entries: Vec<(Entry<Self>, Depth)>) -> Result<Vec<ContactView>, Failure> {
        Ok(entries.into_iter().map(|(entry, depth)| view(entry, depth == Depth::Full)).collect())
    }

    fn warn(view: &mut ContactView, found: Option<Vec<ViolationView>>) {
        view.warnings = found;
    }
}

fn view(entry: Entry<Contact>, whole: bool) -> ContactView {
    let it = if whole { entry.content } else { entry.content.summary() };
    let (given_name, family_name) = it.name.map_or((None, None), |it| (it.given, it.family));
    ContactView {
        id: entry.id,
        case_id: entry.case,
        version: whole.then_some(entry.version.0),
        recorded_at: whole.then_some(entry.recorded_at),
        agency_id: whole.then_some(entry.agency),
        professional_id: entry.professional.filter(|_| whole),
        relation: it.relation,
        contact_decision: it.decision,
        lives_with_child: it.lives_with_child,
        is_child: it.is_child,
        legal_responsibility: it.legal_responsibility,
        may_be_informed: it.may_be_informed,
        checked_on: it.checked_on,
        given_name,
        family_name,
        birth_date: it.birth_date,
        country: it.country,
        languages: whole.then_some(it.languages),
        reached_by: it.reached_by,
        address: it.address,
        suspected: it.suspected,
        wish: it.wish,
        remarks: it.remarks,
        summary_only: !whole,
        warnings: None,
    }
}

/// Record a contact
///
/// A member of the family or another person around the child. A brother, a sister or another child of the household whom
/// nobody has looked after yet becomes a duty of the agency that leads the case, within 72 hours.
#[utoipa::path(
    operation_id = "createContact", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateContact, responses((status = 201, description = "The contact.", body = ContactView))
)]
#[post("/v1/cases/{id}/contacts")]
pub async fn create_contact(
    call: Call,
    id: Path<String>,
    body: Json<CreateContact>,
) -> Result<Answer, Failure> {
    super::create(call, (&id, "contacts"), &body.canonical, Contact::from(body.value), |_, _, _| Ok(())).await
}

/// The contacts of a child
///
/// Family and other persons around the child, newest first.
#[utoipa::path(
    operation_id = "listContacts", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of contacts.", body = ContactPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/contacts")]
pub async fn list_contacts(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (found, link) = super::list::<Contact>(call, &id, at.0.as_of, page.0).await?;
    Ok(listed(&ContactPage::from(found), link))
}

/// A contact
///
/// One person around the child, as far as the caller sees it.
#[utoipa::path(
    operation_id = "getContact", tag = "cases",
    params(
        ("id" = CaseId, Path, description = "The case."), ("contactId" = EntryId, Path, description = "The contact."),
        AsOfQuery
    ),
    responses((status = 200, description = "The contact.", body = ContactView))
)]
#[get("/v1/cases/{id}/contacts/{contactId}")]
pub async fn get_contact(
    call: Call,
    ids: Path<(String, String)>,
    at: Query<AsOfQuery>,
) -> Result<Answer, Failure> {
    super::get::<Contact>(call, &ids, at.0.as_of).await
}

/// Change what is known of a contact
///
/// A merge patch; the version before it stays readable with `asOf`.
#[utoipa::path(
    operation_id = "updateContact", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("contactId" = EntryId, Path, description = "The contact.")),
    request_body(content = ContactPatch, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The contact.", body = ContactView))
)]
#[patch("/v1/cases/{id}/contacts/{contactId}")]
pub async fn update_contact(
    call: Call,
    ids: Path<(String, String)>,
    body: Json<ContactPatch>,
) -> Result<Answer, Failure> {
    let patch = body.value;
    super::amend(call, &ids, &body.canonical, move |old: Contact| patch.clone().onto(old)).await
}
