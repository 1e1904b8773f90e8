//! What a request still needs before it is sent.

use actix_web::{get, web::Path};
use domain::{
    CodeList as _, Day, TransnationalRequestId,
    transnational::{
        Channels, ChecklistRow, DeclineGround, RequestPart, Route, Side, checklist, decline_grounds, rule_of,
    },
    vocabulary::{TransnationalDeclineReason, TransnationalRequestType},
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::view::of_request;
use crate::{
    call::Call,
    failure::{Failure, SourceView},
    http::{Answer, Shown, Tag},
    v1::{common::path_id, directory::ChannelView},
};

/// What a request still needs, and by which channels it can go today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalChecklist)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistView {
    /// The request.
    pub request_id: TransnationalRequestId,
    /// What is asked.
    pub request_type: TransnationalRequestType,
    /// What that is for.
    #[schema(max_length = 300)]
    pub purpose: &'static str,
    /// The route.
    pub route: Route,
    /// The parts of the type.
    #[schema(max_items = 30)]
    pub parts: Vec<ChecklistItemView>,
    /// Whether everything that is required is there.
    pub complete: bool,
    /// Whether a channel is open today by this route for this type (R79).
    pub channel_open: bool,
    /// The channels that are open today for this type.
    #[schema(max_items = 20)]
    pub channels: Vec<ChannelView>,
    /// What else can be asked of that country today, where this type has no channel.
    #[schema(max_items = 60)]
    pub alternatives: Vec<ChannelView>,
    /// Whether the child's view or a reason why it is missing is given (R24).
    pub child_view_given: bool,
    /// The grounds on which a request of this type by this route can be declined, each with its sources (R82).
    #[schema(max_items = 20)]
    pub decline_grounds: Vec<DeclineGroundView>,
}

/// A ground to decline.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalDeclineGround)]
#[serde(rename_all = "camelCase")]
pub struct DeclineGroundView {
    /// The ground.
    pub reason: TransnationalDeclineReason,
    /// What it is, in words.
    #[schema(max_length = 200)]
    pub label: &'static str,
    /// The law behind it.
    #[schema(max_items = 10)]
    pub sources: Vec<SourceView>,
}

impl From<&DeclineGround> for DeclineGroundView {
    fn from(it: &DeclineGround) -> Self {
        Self {
            reason: it.reason,
            label: it.reason.label(),
            sources: it.sources.iter().map(SourceView::from).collect(),
        }
    }
}

/// One line of the checklist.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalChecklistItem)]
#[serde(rename_all = "camelCase")]
pub struct ChecklistItemView {
    /// The part.
    pub part: RequestPart,
    /// What it is, in words.
    #[schema(max_length = 200)]
    pub label: &'static str,
    /// Whether it is there.
    pub present: bool,
    /// Whether sending is refused without it.
    pub required: bool,
    /// The rule behind it.
    #[schema(max_length = 5, pattern = "^R[0-9]+$", example = "R24")]
    pub rule: Option<&'static str>,
    /// The law that asks for it.
    #[schema(max_items = 10)]
    pub sources: Vec<SourceView>,
}

impl From<&ChecklistRow> for ChecklistItemView {
    fn from(it: &ChecklistRow) -> Self {
        Self {
            part: it.part,
            label: it.part.label(),
            present: it.present,
            required: it.required,
            rule: it.rule.map(|it| it.code),
            sources: it.cited().map(SourceView::from).collect(),
        }
    }
}

/// The checklist of a request
///
/// The parts of its type with what is there of them, each with the law that asks for it; and the channels that are open
/// today between the two countries; and on which grounds it can be declined. A dry run of sending (`validateOnly`) lists every rule that refuses.
#[utoipa::path(
    operation_id = "getTransnationalChecklist", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")),
    responses((status = 200, description = "The checklist.", body = ChecklistView))
)]
#[get("/v1/transnational-requests/{id}/checklist")]
pub async fn get_transnational_checklist(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, TransnationalRequestId::parse)?;
    call.read(Some(id.0), move |tx| {
        let it = tx.transnational_request(id)?.request;
        let country = tx.country(it.country)?;
        let today = Day(country.day_of(tx.cx.now));
        let parts = match it.opening() {
            // Of what was received the sender has checked the language, and that view or reason are there.
            Some(opening) if it.side == Side::Requested => {
                let checked = [RequestPart::Translation, RequestPart::ChildView];
                opening.package.parts().into_iter().chain(checked).collect()
            }
            _ => it.prepared.parts.clone(),
        };
        let rows = checklist(it.request_type, it.route, it.urgency, &parts);
        let (known, pair) = (Channels::known(), (it.country, it.to.country));
        let open = known.open(it.request_type, pair, today);
        let channel_open = open.iter().any(|channel| channel.base.routes.contains(&it.route));
        let other = if channel_open { Vec::new() } else { known.alternatives(pair, today) };
        let view = ChecklistView {
            request_id: it.id,
            request_type: it.request_type,
            purpose: rule_of(it.request_type).purpose,
            route: it.route,
            complete: rows.iter().all(|it| it.present || !it.required),
            parts: rows.iter().map(ChecklistItemView::from).collect(),
            channel_open,
            channels: open.iter().map(ChannelView::from).collect(),
            alternatives: other.iter().map(ChannelView::from).collect(),
            child_view_given: parts.contains(&RequestPart::ChildView),
            decline_grounds: decline_grounds(it.request_type, it.route)
                .map(DeclineGroundView::from)
                .collect(),
        };
        let tag = Tag::of(tx.keys(), &format!("checklist/{}/{}/{today}", it.id, it.version.0));
        Ok(of_request(Shown::new(view, tag), &it, Vec::new()))
    })
    .await
}
