//! Exploitation episodes: one purpose or several, each with its place and period.

use actix_web::{get, post, web::Path};
use domain::{
    CaseId, Day, EpisodeId, ProfessionalId, Timestamp,
    access::Depth,
    cases::{Episode, NewEpisode},
    text::{Country, Line, Text},
    vocabulary::{
        Act, ControlMethod, DataClass, ExploitationStage, ExploitationType, Industry, Means, PlaceType,
        PlatformType, RecruitmentChannel, TraffickerRelation, ViolenceForm,
    },
};
use persistence::{NodeKeys, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{readable, writable};
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query, Shown, Tag},
    v1::common::{listed, page, path_id, seen_of_section, shown_if, warnings},
};

/// What is known of an exploitation episode. Means are never required of a child.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "exploitationTypes": ["forced_begging"], "stage": "ongoing", "acts": ["transportation", "harbouring"],
    "controlMethods": ["takes_earnings"], "country": "EE", "placeType": "street", "from": "2026-10-01",
    "narrative": "Begs at a fixed spot; two adults take the money."
}))]
pub struct CreateExploitationEpisode {
    /// The purposes, each listed: there is no value for mixed ones.
    #[schema(max_items = 20)]
    pub exploitation_types: Vec<ExploitationType>,
    /// How far it went.
    pub stage: ExploitationStage,
    /// Acts.
    #[schema(max_items = 10)]
    pub acts: Option<Vec<Act>>,
    /// Means, as evidence; never required.
    #[schema(max_items = 10)]
    pub means: Option<Vec<Means>>,
    /// Methods of control.
    #[schema(max_items = 30)]
    pub control_methods: Option<Vec<ControlMethod>>,
    /// Forms of violence that the child suffered.
    #[schema(max_items = 20)]
    pub violence_forms: Option<Vec<ViolenceForm>>,
    /// How the child was recruited.
    pub recruitment_channel: Option<RecruitmentChannel>,
    /// What whoever recruited the child was to it.
    pub recruiter_relation: Option<TraffickerRelation>,
    /// The kinds of online platform on which the child was recruited or exploited.
    #[schema(max_items = 20)]
    pub platform_types: Option<Vec<PlatformType>>,
    /// Their names.
    #[schema(max_items = 20)]
    pub platform_names: Option<Vec<Line<100>>>,
    /// The industry.
    pub industry: Option<Industry>,
    /// The country in which it happened.
    pub country: Option<Country>,
    /// The kind of place.
    pub place_type: Option<PlaceType>,
    /// The place, in words.
    pub place: Option<Line<300>>,
    /// From when.
    pub from: Option<Day>,
    /// Until when; absent while it goes on or where unknown.
    pub until: Option<Day>,
    /// Whether the child herself carries the pregnancy, for surrogacy.
    pub child_is_surrogate: Option<bool>,
    /// What happened, in words.
    pub narrative: Option<Text<8000>>,
}

impl From<CreateExploitationEpisode> for NewEpisode {
    fn from(it: CreateExploitationEpisode) -> Self {
        Self {
            exploitation_types: it.exploitation_types,
            stage: it.stage,
            acts: it.acts.unwrap_or_default(),
            means: it.means.unwrap_or_default(),
            control_methods: it.control_methods.unwrap_or_default(),
            violence_forms: it.violence_forms.unwrap_or_default(),
            recruitment_channel: it.recruitment_channel,
            recruiter_relation: it.recruiter_relation,
            platform_types: it.platform_types.unwrap_or_default(),
            platform_names: it.platform_names.unwrap_or_default().into_iter().map(String::from).collect(),
            industry: it.industry,
            country: it.country,
            place_type: it.place_type,
            place: it.place.map(String::from),
            from: it.from,
            until: it.until,
            child_is_surrogate: it.child_is_surrogate,
            narrative: it.narrative.map(String::from),
        }
    }
}

/// An exploitation episode, as far as the caller sees it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExploitationEpisode)]
#[serde(rename_all = "camelCase")]
pub struct EpisodeView {
    /// Its id.
    pub id: EpisodeId,
    /// Its case.
    pub case_id: CaseId,
    /// Who recorded it.
    pub professional_id: Option<ProfessionalId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The purposes.
    #[schema(max_items = 20)]
    pub exploitation_types: Vec<ExploitationType>,
    /// How far it went.
    pub stage: ExploitationStage,
    /// Acts; not in a summary.
    #[schema(max_items = 10)]
    pub acts: Option<Vec<Act>>,
    /// Means; not in a summary.
    #[schema(max_items = 10)]
    pub means: Option<Vec<Means>>,
    /// Methods of control; not in a summary.
    #[schema(max_items = 30)]
    pub control_methods: Option<Vec<ControlMethod>>,
    /// Forms of violence that the child suffered; not in a summary.
    #[schema(max_items = 20)]
    pub violence_forms: Option<Vec<ViolenceForm>>,
    /// How the child was recruited; not in a summary.
    pub recruitment_channel: Option<RecruitmentChannel>,
    /// What whoever recruited the child was to it; not in a summary.
    pub recruiter_relation: Option<TraffickerRelation>,
    /// The kinds of online platform; not in a summary.
    #[schema(max_items = 20)]
    pub platform_types: Option<Vec<PlatformType>>,
    /// Their names; not in a summary.
    #[schema(max_items = 20)]
    pub platform_names: Option<Vec<Line<100>>>,
    /// The industry; not in a summary.
    pub industry: Option<Industry>,
    /// The country in which it happened; not in a summary.
    pub country: Option<Country>,
    /// The kind of place; not in a summary.
    pub place_type: Option<PlaceType>,
    /// The place, in words; not in a summary.
    #[schema(max_length = 300)]
    pub place: Option<String>,
    /// From when; not in a summary.
    pub from: Option<Day>,
    /// Until when; not in a summary.
    pub until: Option<Day>,
    /// Whether the child herself carried the pregnancy; not in a summary.
    pub child_is_surrogate: Option<bool>,
    /// What happened, in words; not in a summary.
    #[schema(max_length = 8000)]
    pub narrative: Option<String>,
    /// Whether this is the summary only.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of exploitation episodes, newest first.
    ExploitationEpisodePage as ExploitationEpisodePage of EpisodeView
}

impl EpisodeView {
    fn of(it: Episode, depth: Depth) -> Self {
        let whole = depth == Depth::Full;
        let content = it.content;
        Self {
            id: it.id,
            case_id: it.case,
            professional_id: it.professional,
            recorded_at: it.recorded_at,
            exploitation_types: content.exploitation_types,
            stage: content.stage,
            acts: whole.then_some(content.acts),
            means: whole.then_some(content.means),
            control_methods: whole.then_some(content.control_methods),
            violence_forms: whole.then_some(content.violence_forms),
            recruitment_channel: content.recruitment_channel.filter(|_| whole),
            recruiter_relation: content.recruiter_relation.filter(|_| whole),
            platform_types: whole.then_some(content.platform_types),
            platform_names: whole
                .then(|| content.platform_names.iter().filter_map(|it| Line::parse(it)).collect()),
            industry: content.industry.filter(|_| whole),
            country: content.country.filter(|_| whole),
            place_type: content.place_type.filter(|_| whole),
            place: content.place.filter(|_| whole),
            from: content.from.filter(|_| whole),
            until: content.until.filter(|_| whole),
            child_is_surrogate: content.child_is_surrogate.filter(|_| whole),
            narrative: content.narrative.filter(|_| whole),
            summary_only: !whole,
            warnings: None,
        }
    }
}

fn shown(it: Episode, depth: Depth, found: &[domain::Violation], keys: &NodeKeys) -> Shown<EpisodeView> {
    let (id, case, version) = (it.id, it.case, it.version);
    let mut view = EpisodeView::of(it, depth);
    let seen = seen_of_section(depth, version, &view);
    let tag = Tag::of(keys, &format!("episode/{id}/{depth:?}/{seen}"));
    view.warnings = warnings(found);
    Shown::new(view, tag).of_case(case, vec![DataClass::D4ExploitationNarrative])
}

fn read(tx: &mut Tx<'_>, case: CaseId, id: EpisodeId) -> Result<Shown<EpisodeView>, Failure> {
    let (case, relation) = tx.case(case)?;
    let depth = readable(&tx.cx.caller, &relation, DataClass::D4ExploitationNarrative)?;
    let episode = tx.episode(&case, id)?;
    Ok(shown(episode, depth, &[], tx.keys()))
}

/// Record an exploitation episode
///
/// One purpose or several, with place and period; a child is often exploited for several purposes at once.
#[utoipa::path(
    operation_id = "createExploitationEpisode", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateExploitationEpisode,
    responses((status = 201, description = "The episode.", body = EpisodeView))
)]
#[post("/v1/cases/{id}/exploitation-episodes")]
pub async fn create_exploitation_episode(
    call: Call,
    id: Path<String>,
    body: Json<CreateExploitationEpisode>,
) -> Result<Answer, Failure> {
    let case = path_id(&id, CaseId::parse)?;
    let new = NewEpisode::from(body.value);
    call.create(
        &body.canonical,
        format!("/v1/cases/{case}/exploitation-episodes"),
        move |tx, id| {
            let (case, relation) = tx.case(case)?;
            writable(&tx.cx.caller, &relation, DataClass::D4ExploitationNarrative)?;
            let decided = Episode::record(EpisodeId(id), new.clone(), &case, &tx.cx.caller, tx.cx.now)?;
            tx.add_episode(&case, &decided)?;
            Ok(shown(decided.value, Depth::Full, &decided.warnings, tx.keys()))
        },
        move |tx, id| read(tx, case, EpisodeId(id)),
    )
    .await
}

/// The exploitation episodes of a case
///
/// Newest first, as far as the caller sees them.
#[utoipa::path(
    operation_id = "listExploitationEpisodes", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), PageQuery),
    responses((status = 200, description = "A page of episodes.", body = ExploitationEpisodePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/exploitation-episodes")]
pub async fn list_exploitation_episodes(
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
                let depth = readable(&tx.cx.caller, &relation, DataClass::D4ExploitationNarrative)?;
                let found = tx.episodes(&case, page)?;
                let classes = shown_if(DataClass::D4ExploitationNarrative, &found.items);
                Ok((found.map(|it| (it, depth)), classes))
            },
            |(it, depth)| EpisodeView::of(it, depth),
        )
        .await?;
    Ok(listed(&ExploitationEpisodePage::from(found), link))
}

/// An exploitation episode
///
/// One episode of a case, as far as the caller sees it.
#[utoipa::path(
    operation_id = "getExploitationEpisode", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("episodeId" = EpisodeId, Path, description = "The episode.")),
    responses((status = 200, description = "The episode.", body = EpisodeView))
)]
#[get("/v1/cases/{id}/exploitation-episodes/{episodeId}")]
pub async fn get_exploitation_episode(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, EpisodeId::parse)?);
    call.read(Some(id.0), move |tx| read(tx, case, id)).await
}
