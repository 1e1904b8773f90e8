//! What was given of children to whom, as far as the caller may know of it.

use actix_web::get;
use domain::{
    AgencyId, CaseId, EventId, Timestamp,
    cases::{data_request::DataRequester, emergency::EmergencyReason},
    events::{EventType, GivenClass, GivenTo, SubjectKind},
    text::Country,
    vocabulary::{DataClass, LawfulBasis},
};
use persistence::{AccessFilter, DisclosureLine, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::place::{cursor, place, span};
use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query},
    v1::common::{WithheldView, listed, page},
};

/// A class that was given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisclosedClass)]
#[serde(rename_all = "camelCase")]
pub struct ClassView {
    /// The class.
    pub data_class: DataClass,
    /// The lawful bases that whoever gave it named; none where the act itself is the basis.
    #[schema(max_items = 20)]
    pub lawful_bases: Vec<LawfulBasis>,
}

impl From<GivenClass> for ClassView {
    fn from(it: GivenClass) -> Self {
        Self { data_class: it.data_class, lawful_bases: it.lawful_bases }
    }
}

/// An act that gave something of a child to somebody: who, to whom, which classes, on which basis; nothing of what was given.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DisclosureRecord)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureLineView {
    /// The event that tells of it, as the feed names it.
    pub event_id: EventId,
    /// When.
    pub at: Timestamp,
    /// What was done.
    #[serde(rename = "type")]
    pub event: EventType,
    /// What it was done to.
    pub subject: SubjectKind,
    /// The id of that.
    #[schema(value_type = CaseId)]
    pub subject_id: Uuid,
    /// The version of that after it.
    pub version: i32,
    /// The case; absent where a request of another country is passed on before a case is opened from it.
    pub case_id: Option<CaseId>,
    /// The agency that acted; in an emergency the one that took. Absent where the mechanism did by itself.
    pub agency_id: Option<AgencyId>,
    /// The agency that gave it, where another one acted: the lead before a handover. Withheld like the one that acted.
    pub from_agency_id: Option<AgencyId>,
    /// The agency of this country to which it was given; withheld like the one that acted.
    pub to_agency_id: Option<AgencyId>,
    /// The country to which it was given.
    pub to_country: Option<Country>,
    /// The office of that country.
    #[schema(max_length = 40)]
    pub to_office: Option<String>,
    /// In which relation to the child somebody stands who asked and was given it.
    pub to_requester: Option<DataRequester>,
    /// Which classes; none where the act does not name them: what is passed on of a request of another country, and what
    /// somebody who asked was given.
    #[schema(max_items = 16)]
    pub classes: Vec<ClassView>,
    /// Why, where the basis is an emergency (R94).
    pub emergency_reason: Option<EmergencyReason>,
    /// Until when it may be read, if that was said.
    pub until: Option<Timestamp>,
    /// Its place in the sealed tree, for `getInclusionProof`; only for those who see the country, once it is sealed.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub leaf_index: Option<i64>,
    /// What is kept back, and why: an agency that hides the child is named to nobody who may not read where the child is.
    #[schema(max_items = 1)]
    pub withheld: Option<Vec<WithheldView>>,
}

page! {
    /// A page of disclosures, newest first.
    DisclosurePage as DisclosurePage of DisclosureLineView
}

impl From<DisclosureLine> for DisclosureLineView {
    fn from(it: DisclosureLine) -> Self {
        let (mut agency, mut country, mut office, mut requester) = (None, None, None, None);
        match it.given.to {
            GivenTo::Agency { id } => agency = Some(id).filter(|_| !it.hides_receiver),
            GivenTo::Office { country: of, code } => (country, office) = (Some(of), Some(code)),
            GivenTo::Requester { requester: who } => requester = Some(who),
        }
        Self {
            event_id: it.id,
            at: it.place.at,
            event: it.event,
            subject: it.subject,
            subject_id: it.subject_id,
            version: it.version,
            case_id: it.case,
            agency_id: it.agency.filter(|_| !it.hides_giver),
            from_agency_id: it.given.from.filter(|_| !it.hides_origin),
            to_agency_id: agency,
            to_country: country,
            to_office: office,
            to_requester: requester,
            classes: it.given.classes.into_iter().map(ClassView::from).collect(),
            emergency_reason: it.given.emergency,
            until: it.given.until,
            leaf_index: it.leaf,
            withheld: (it.hides_giver || it.hides_receiver || it.hides_origin)
                .then(|| vec![WithheldView::hideaway()]),
        }
    }
}

/// Which disclosures.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureQuery {
    /// Of this case only.
    pub case_id: Option<CaseId>,
    /// At this instant or later; 90 days before the end if absent.
    #[param(example = "2026-11-24T09:00:00Z")]
    pub from: Option<Timestamp>,
    /// Before this instant; 90 days after the beginning, or now, if absent.
    #[param(example = "2026-11-25T09:00:00Z")]
    pub until: Option<Timestamp>,
}

/// What was given to whom
///
/// Each act that gave something of a child to somebody who did not have it before, newest first: a referral that was sent, a
/// request to another country and each office that has it from then on, somebody who takes part or is given more, an access
/// in an emergency, a handover of the lead, an answer to somebody who asked for the child's data. With the classes and the
/// lawful bases that were named (Directive (EU) 2016/680 Art. 25; Regulation (EU) 2016/679 Art. 15(1)(c)). It is read from the
/// sealed log of facts and kept when the child's data is erased, so that those who have it can be told (Art. 19 there).
///
/// Whoever may read the log of reads of a case, an agency or a country sees these, for the same purposes; everybody else those
/// of their own acts, for the purpose `data_subject_request`. One request spans at most 90 days.
#[utoipa::path(
    operation_id = "listDisclosures", tag = "audit", params(DisclosureQuery, PageQuery),
    responses((status = 200, description = "A page of disclosures.", body = DisclosurePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/audit/disclosures")]
pub async fn list_disclosures(
    call: Call,
    query: Query<DisclosureQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (from, until) = span((query.0.from, query.0.until), call.now())?;
    let case = query.0.case_id;
    let filter = AccessFilter { case, client: None, professional: None, from, until };
    let after = page.0.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?;
    let after = after.map(|it| place(&it)).transpose()?;
    let limit = page.0.limit.unwrap_or(50);
    let work = move |tx: &mut Tx<'_>| Ok(tx.disclosure_lines(filter, after, limit)?);
    let mut found = call.look(case.map(|it| it.0), work).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    let next_cursor = found.last().filter(|_| more).and_then(|it| call.seal_cursor(&cursor(it.place)));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let data = found.into_iter().map(DisclosureLineView::from).collect();
    Ok(listed(&DisclosurePage::from(Listed { data, next_cursor }), link))
}
