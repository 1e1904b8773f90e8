//! Exploitation episodes: one purpose or several, each with its place and period (R98). Means are never required of
//! a child (R1).

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Case;
use crate::{
    CaseId, Check, Day, Decided, EpisodeId, ProfessionalId, Refused, Timestamp, Version, Violation,
    access::Caller,
    events::{EventType, Fact, SubjectKind},
    rules,
    text::Country,
    vocabulary::{
        Act, ControlMethod, ExploitationStage, ExploitationType, Industry, Means, PlaceType, PlatformType,
        RecruitmentChannel, TraffickerRelation, ViolenceForm,
    },
};

/// What is known of one episode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEpisode {
    /// The purposes.
    pub exploitation_types: Vec<ExploitationType>,
    /// How far it went.
    pub stage: ExploitationStage,
    /// Acts.
    pub acts: Vec<Act>,
    /// Means, as evidence; never required.
    pub means: Vec<Means>,
    /// Methods of control.
    pub control_methods: Vec<ControlMethod>,
    /// Forms of violence that the child suffered (UN Convention on the Rights of the Child Art. 19).
    #[serde(default)]
    pub violence_forms: Vec<ViolenceForm>,
    /// How the child was recruited.
    pub recruitment_channel: Option<RecruitmentChannel>,
    /// What whoever recruited the child was to it.
    #[serde(default)]
    pub recruiter_relation: Option<TraffickerRelation>,
    /// The kinds of online platform on which the child was recruited or exploited.
    #[serde(default)]
    pub platform_types: Vec<PlatformType>,
    /// Their names.
    #[serde(default)]
    pub platform_names: Vec<String>,
    /// The industry.
    #[serde(default)]
    pub industry: Option<Industry>,
    /// The country in which it happened.
    pub country: Option<Country>,
    /// The kind of place.
    pub place_type: Option<PlaceType>,
    /// The place, in words.
    #[serde(default)]
    pub place: Option<String>,
    /// From when.
    pub from: Option<Day>,
    /// Until when; absent while it goes on or where unknown.
    pub until: Option<Day>,
    /// Whether the child herself carries the pregnancy, for surrogacy (R2).
    pub child_is_surrogate: Option<bool>,
    /// What happened, in words; sealed.
    pub narrative: Option<String>,
}

/// An episode as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Its id.
    pub id: EpisodeId,
    /// Its case.
    pub case: CaseId,
    /// Who recorded it.
    pub professional: Option<ProfessionalId>,
    /// When.
    pub recorded_at: Timestamp,
    /// What is known.
    pub content: NewEpisode,
    /// Its version.
    pub version: Version,
}

impl Episode {
    /// Records an episode (R1, R2, R98).
    pub fn record(
        id: EpisodeId,
        new: NewEpisode,
        case: &Case,
        by: &Caller,
        now: Timestamp,
    ) -> Result<Decided<Self>, Refused> {
        case.live()?;
        let mut check = Check::default();
        let types = &new.exploitation_types;
        check.require(!types.is_empty(), || {
            Violation::of(&rules::R98, "/exploitationTypes", "no purpose is listed")
        });
        check.require(!types.contains(&ExploitationType::Mixed), || {
            Violation::of(&rules::R98, "/exploitationTypes", "one entry stands for several purposes")
        });
        let other_without_words = types.contains(&ExploitationType::Other) && new.narrative.is_none();
        check.require(!other_without_words, || {
            Violation::plain(
                "narrative_needed",
                "/narrative",
                "another form of exploitation must be described",
            )
        });
        let unnamed = new.platform_types.contains(&PlatformType::Other) && new.platform_names.is_empty();
        check.require(!unnamed, || {
            Violation::plain("platform_unnamed", "/platformNames", "another platform must be named")
        });
        let online = new.recruitment_channel == Some(RecruitmentChannel::Online)
            || new.place_type == Some(PlaceType::Online);
        check.advise(!online || !new.platform_types.is_empty(), || {
            Violation::plain(
                "platform_unknown",
                "/platformTypes",
                "it happened online; the platform helps to stop it",
            )
        });
        let only_surrogacy = !types.is_empty() && types.iter().all(|it| *it == ExploitationType::Surrogacy);
        let child_carries = new.child_is_surrogate == Some(true);
        check.require(!only_surrogacy || child_carries || !new.means.is_empty(), || {
            Violation::of(&rules::R2, "/means", "surrogacy alone, and the child is not the surrogate mother")
        });
        let ordered = new.from.zip(new.until).is_none_or(|(from, until)| from <= until);
        check.require(ordered, || Violation::plain("period_reversed", "/until", "it ends before it begins"));
        let limit = now.date().next_day();
        let ahead = |it: Option<Day>| it.is_some_and(|day| limit.is_some_and(|limit| day.0 > limit));
        // What is intended lies ahead: a journey next week is what there is to prevent.
        let planned = new.stage == ExploitationStage::Intended;
        check.require(planned || !ahead(new.from), || {
            Violation::plain("in_the_future", "/from", "it begins in the future and is not only intended")
        });
        check.require(planned || !ahead(new.until), || {
            Violation::plain("in_the_future", "/until", "it ended in the future and is not only intended")
        });
        check.advise(!new.means.is_empty() || only_surrogacy, || {
            Violation::of(&rules::R1, "/means", "means are optional for a child and none is recorded")
        });
        let warnings = check.done()?;
        let fact = Fact {
            event: EventType::EpisodeRecorded,
            subject: SubjectKind::Episode,
            subject_id: id.0,
            version: 1,
            case: Some(case.id),
            audience: case.audience(),
            payload: json!({}),
        };
        let value = Self {
            id,
            case: case.id,
            professional: by.professional,
            recorded_at: now,
            content: new,
            version: Version::FIRST,
        };
        Ok(Decided::new(value, vec![fact], warnings))
    }
}
