//! Why may I, why may I not: what the caller may read and write of a case, by the same decision as every other answer.

use actix_web::get;
use domain::{
    CaseId, CodeList as _,
    access::{Caller, Depth, Operation, Relation, Section, needs_strong_token, sections, writable},
    cases::{Case, file::may_add},
    vocabulary::DataClass,
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Query, Shown, Tag},
    v1::common::{AllowedActionView, WithheldReason},
};

domain::codes! {
    /// How an agency stands to a case.
    pub enum CaseRelation = "case_relation" {
        Lead = "lead": "It leads the case",
        Opener = "opener": "It opened the case",
        Granted = "granted": "It was given a part of it by a referral or a grant",
    }
}

domain::codes! {
    /// How much of a class is shown.
    pub enum ShownDepth = "shown_depth" {
        Nothing = "none": "Nothing",
        Own = "own": "What the caller wrote itself",
        Summary = "summary": "A summary",
        Full = "full": "All of it",
    }
}

/// One class, as far as it is the caller's to read and write.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ClassOfAccess)]
#[serde(rename_all = "camelCase")]
pub struct ClassView {
    /// The class.
    pub data_class: DataClass,
    /// How much of it is shown.
    pub read: ShownDepth,
    /// Whether it may be written, by each operation that does so and with the scope of that; nothing of a case that is read only.
    pub write: bool,
    /// What the caller may add to the file in this class now, with this token.
    #[schema(max_items = 2)]
    pub allowed_actions: Vec<AllowedActionView>,
    /// Why nothing of it is shown.
    pub reason: Option<WithheldReason>,
    /// Whether it is shown only to a token that is bound to the case, of somebody who was recognised for sure just now.
    pub strong_token: bool,
}

/// What the caller may read and write of a case with this token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CaseAccess)]
#[serde(rename_all = "camelCase")]
pub struct AccessView {
    /// The case.
    pub case_id: CaseId,
    /// How the agency stands to it.
    pub relation: CaseRelation,
    /// Every class of data, whether the case has some of it or not.
    #[schema(max_items = 16)]
    pub classes: Vec<ClassView>,
}

/// Of which case.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AccessQuery {
    /// The case.
    pub case_id: CaseId,
}

/// What can be added in a class: the action, the operation behind it, and where.
const ADDED: [(&str, &str, &str); 2] =
    [("create_note", "createNote", "notes"), ("create_document", "createDocument", "documents")];

fn added(case: &Case, by: &Caller, standing: &Relation, class: DataClass) -> Vec<AllowedActionView> {
    let may =
        |operation| Operation::find(operation).is_some_and(|it| may_add(it, case, by, (standing, class)));
    let all = ADDED.iter().filter(|it| may(it.1));
    let offer = |(action, _, below): &(&'static str, &str, &str)| AllowedActionView {
        action,
        href: format!("/v1/cases/{}/{below}", case.id),
    };
    all.map(offer).collect()
}

impl ClassView {
    /// A class as the caller sees it; `standing` is how it stands to the case if it changes something.
    fn of(it: &Section, case: &Case, by: &Caller, standing: Option<&Relation>) -> Self {
        let read = match it.depth {
            Depth::Full => ShownDepth::Full,
            Depth::Summary => ShownDepth::Summary,
            Depth::Own => ShownDepth::Own,
            Depth::None | Depth::Conditional => ShownDepth::Nothing,
        };
        Self {
            data_class: it.class,
            read,
            write: case.is_live() && standing.is_some_and(|to| writable(by, to, it.class)),
            allowed_actions: standing.map_or_else(Vec::new, |to| added(case, by, to, it.class)),
            reason: WithheldReason::parse(it.reason),
            strong_token: needs_strong_token(it.class),
        }
    }
}

/// What I may read and write
///
/// Of a case in which the caller takes part: each class, how much of it this token shows, why not more, and what may be added to
/// the file in it. It follows from agency, role, purpose, relation and token and from whether work on the case goes on, never from
/// what the case holds.
#[utoipa::path(
    operation_id = "getMyAccess", tag = "access", params(AccessQuery),
    responses((status = 200, description = "The access.", body = AccessView))
)]
#[get("/v1/me/access")]
pub async fn get_my_access(call: Call, query: Query<AccessQuery>) -> Result<Answer, Failure> {
    let id = query.0.case_id;
    call.read(Some(id.0), move |tx| {
        let (case, relation) = tx.case(id)?;
        let standing = tx.standing(&case, &relation)?;
        let caller = &tx.cx.caller;
        let classes: Vec<_> = sections(caller, &relation)
            .iter()
            .map(|it| ClassView::of(it, &case, caller, standing.as_ref()))
            .collect();
        let relation = match relation {
            Relation::Lead => CaseRelation::Lead,
            Relation::Opener => CaseRelation::Opener,
            Relation::Granted(_) => CaseRelation::Granted,
        };
        let view = AccessView { case_id: id, relation, classes };
        let text = serde_json::to_string(&view).unwrap_or_default();
        Ok(Shown::new(view, Tag::of(tx.keys(), &format!("access/{text}"))).of_case(id, Vec::new()))
    })
    .await
}
