//! The log of reads and refusals, as far as the caller may know of it.

use actix_web::get;
use domain::{
    AgencyId, CaseId, ClientId, EmergencyAccessId, ProfessionalId, RequestId, Timestamp,
    access::LogReach,
    vocabulary::{DataClass, Purpose, Role},
};
use persistence::{AccessFilter, AccessLine, AccessOutcome, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::place::{cursor, place, span};
use crate::{
    call::{Call, Listed, PageQuery},
    failure::Failure,
    http::{Answer, Query},
    problems,
    v1::common::{WithheldView, listed, page},
};

domain::codes! {
    /// What a logged request came to.
    pub enum Outcome = "access_outcome" {
        Read = "read": "Something was shown",
        Refused = "refused": "It was refused",
        NotFound = "not_found": "Nothing was there that the caller might know of",
    }
}

/// A line of the log: who asked for what, when, why, and what came of it; nothing of what was shown.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessLogEntry)]
#[serde(rename_all = "camelCase")]
pub struct AccessLineView {
    /// When.
    pub at: Timestamp,
    /// The operation, by its `operationId`.
    #[schema(max_length = 60, pattern = "^[A-Za-z]+$", example = "getCase")]
    pub operation: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The problem or the rule for which it was refused.
    #[schema(max_length = 60, example = "insufficient-scope")]
    pub code: Option<String>,
    /// The id of what was looked at.
    #[schema(value_type = Option<CaseId>)]
    pub subject_id: Option<Uuid>,
    /// The case.
    pub case_id: Option<CaseId>,
    /// The classes of data that were shown.
    #[schema(max_items = 16)]
    pub sections: Vec<DataClass>,
    /// The calling system; withheld with the agency.
    pub client_id: Option<ClientId>,
    /// The professional for whom it asked; absent where it asked by itself, and withheld with the agency.
    pub professional_id: Option<ProfessionalId>,
    /// The agency; withheld where its location is confidential, from whoever may not read where the child is.
    pub agency_id: Option<AgencyId>,
    /// The role in which the professional asked.
    pub role: Option<Role>,
    /// The purpose.
    pub purpose: Purpose,
    /// The access decision in the agency's own books.
    #[schema(max_length = 200)]
    pub decision_ref: Option<String>,
    /// The request, as `Request-Id` named it.
    pub request_id: RequestId,
    /// The emergency access by which it was let in.
    pub break_glass: Option<EmergencyAccessId>,
    /// Its place in the sealed tree, for `getInclusionProof`; absent until it is sealed, some seconds after it was written.
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub leaf_index: Option<i64>,
    /// Whether it is as it was sealed: false for a line that was changed behind the seal, which says not what was logged; absent
    /// until it is sealed.
    pub intact: Option<bool>,
    /// What the line does not show, and why.
    #[schema(max_items = 16)]
    pub withheld: Option<Vec<WithheldView>>,
}

page! {
    /// A page of the log, newest first.
    AccessLogPage as AccessLogPage of AccessLineView
}

impl From<AccessLine> for AccessLineView {
    fn from(it: AccessLine) -> Self {
        let shown = !it.hides;
        Self {
            at: it.place.at,
            operation: it.operation,
            outcome: match it.outcome {
                AccessOutcome::Read => Outcome::Read,
                AccessOutcome::Refused => Outcome::Refused,
                AccessOutcome::NotFound => Outcome::NotFound,
            },
            code: it.code,
            subject_id: it.subject,
            case_id: it.case,
            sections: it.sections,
            client_id: shown.then_some(it.client),
            professional_id: it.professional.filter(|_| shown),
            agency_id: shown.then_some(it.agency),
            role: it.role.filter(|_| shown),
            purpose: it.purpose,
            decision_ref: it.decision_ref.filter(|_| shown),
            request_id: it.request,
            break_glass: it.break_glass,
            leaf_index: it.leaf.filter(|_| shown),
            intact: it.intact,
            withheld: it.hides.then(|| vec![WithheldView::hideaway()]),
        }
    }
}

/// Which lines.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct AccessQuery {
    /// About this case only.
    pub case_id: Option<CaseId>,
    /// By this calling system only.
    pub client_id: Option<ClientId>,
    /// By this professional only.
    pub professional_id: Option<ProfessionalId>,
    /// At this instant or later; 90 days before the end if absent.
    #[param(example = "2026-11-24T09:00:00Z")]
    pub from: Option<Timestamp>,
    /// Before this instant; 90 days after the beginning, or now, if absent.
    #[param(example = "2026-11-25T09:00:00Z")]
    pub until: Option<Timestamp>,
}

/// The log of reads and refusals
///
/// Who asked for what, newest first: everybody sees the lines of their own requests; a supervisor of the agency that
/// leads a case, asking about it, all lines of the case; so does the child's guardian or lawyer who takes part in it, asking
/// for the child with the purpose `data_subject_request`; a data protection officer or auditor those of the country, or of
/// their own agency where they are one inside it. Whoever asks about another's client or professional finds nothing. The
/// purpose is `audit` or `data_subject_request`. One request spans at most 90 days. Reading the log is logged as well.
#[utoipa::path(
    operation_id = "listAccessLog", tag = "audit", params(AccessQuery, PageQuery),
    responses((status = 200, description = "A page of the log.", body = AccessLogPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/audit/access")]
pub async fn list_access_log(
    call: Call,
    query: Query<AccessQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (from, until) = span((query.0.from, query.0.until), call.now())?;
    let AccessQuery { case_id: case, client_id: client, professional_id: professional, .. } = query.0;
    let filter = AccessFilter { case, client, professional, from, until };
    let after = page.0.cursor.as_deref().map(|it| call.open_cursor(it)).transpose()?;
    let after = after.map(|it| place(&it)).transpose()?;
    let limit = page.0.limit.unwrap_or(50);
    let work = move |tx: &mut Tx<'_>| {
        if others(&filter, tx)? {
            return Err(Failure::new(&problems::NOT_FOUND));
        }
        Ok(tx.access_lines(filter, after, limit)?)
    };
    let mut found = call.look(case.map(|it| it.0), work).await?;
    let more = found.len() > usize::from(limit);
    found.truncate(limit.into());
    let next_cursor = found.last().filter(|_| more).and_then(|it| call.seal_cursor(&cursor(it.place)));
    let link = next_cursor.as_deref().map(|it| call.link(it));
    let data = found.into_iter().map(AccessLineView::from).collect();
    Ok(listed(&AccessLogPage::from(Listed { data, next_cursor }), link))
}

/// Whether somebody who sees but the own lines asks about those of others.
fn others(filter: &AccessFilter, tx: &mut Tx<'_>) -> Result<bool, Failure> {
    let own = tx.log_reach(filter.case)? == LogReach::Own;
    let caller = &tx.cx.caller;
    let another = filter.client.is_some_and(|it| it != caller.client)
        || filter.professional.is_some_and(|it| Some(it) != caller.professional);
    Ok(own && another)
}
