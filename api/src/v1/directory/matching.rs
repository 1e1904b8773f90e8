//! Who can take a need: a question without personal data, answered as the receiver would judge.

use actix_web::post;
use domain::{
    AgencyId, ServiceId,
    directory::{Area, Candidate, MatchReason, Misfit, MisfitCode, Need, Ranked, rank},
    text::{Country, Language},
    vocabulary::{ServiceCode, Sex, SpecialNeed, Urgency},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    problems,
};

/// The most candidates in an answer.
const MOST: usize = 50;

/// What is needed: codes and an age in whole years, nothing by which a child could be found.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "services": ["safe_accommodation"], "urgency": "urgent", "age": 11, "sex": "male", "languages": ["uk"],
    "specialNeeds": ["acute_trauma"], "area": "EE-37"
}))]
pub struct MatchDirectory {
    /// Where; the caller's own country unless said otherwise.
    pub country: Option<Country>,
    /// What is asked for.
    #[schema(min_items = 1, max_items = 40)]
    pub services: Vec<ServiceCode>,
    /// How urgent it is. `immediate` needs a desk that is on duty now.
    pub urgency: Urgency,
    /// The age in whole years. An unknown age is that of a child.
    #[schema(minimum = 0, maximum = 120)]
    pub age: Option<u8>,
    /// The sex.
    pub sex: Option<Sex>,
    /// Languages that the child speaks.
    #[schema(max_items = 20)]
    pub languages: Option<Vec<Language>>,
    /// Special needs.
    #[schema(max_items = 30)]
    pub special_needs: Option<Vec<SpecialNeed>>,
    /// Where in the country it is needed.
    pub area: Option<Area>,
}

impl From<MatchDirectory> for Need {
    fn from(it: MatchDirectory) -> Self {
        Self {
            services: it.services,
            urgency: it.urgency,
            age: it.age,
            sex: it.sex,
            languages: it.languages.unwrap_or_default(),
            special_needs: it.special_needs.unwrap_or_default(),
            area: it.area,
        }
    }
}

/// Who can take a need, the best first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DirectoryMatch)]
#[serde(rename_all = "camelCase")]
pub struct MatchView {
    /// The version of the country's directory that the answer was made of: as long as it stands, a referral of such a
    /// child gets the same verdicts.
    #[schema(minimum = 0)]
    pub directory_version: i64,
    /// Who offers what is asked for, the best first, those that do not fit last.
    #[schema(max_items = 50)]
    pub candidates: Vec<CandidateView>,
}

/// A service that may take the need, and why or why not.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MatchCandidate)]
#[serde(rename_all = "camelCase")]
pub struct CandidateView {
    /// Its place, from 1.
    #[schema(minimum = 1, maximum = 50)]
    pub rank: usize,
    /// Who offers it.
    pub agency_id: AgencyId,
    /// The agency's name.
    #[schema(max_length = 200)]
    pub agency_name: String,
    /// The service.
    pub service_id: ServiceId,
    /// What it is.
    pub service: ServiceCode,
    /// Its name.
    #[schema(max_length = 200)]
    pub service_name: String,
    /// Whether it can take the child: there is no hard misfit.
    pub fits: bool,
    /// More is better; equal scores are in the order of ids.
    #[schema(minimum = 0, maximum = 99999)]
    pub score: u32,
    /// What speaks for it.
    #[schema(max_items = 20)]
    pub reasons: Vec<MatchReason>,
    /// What speaks against it.
    #[schema(max_items = 20)]
    pub misfits: Vec<MisfitView>,
}

/// One reason why a service does not fit.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Misfit)]
pub struct MisfitView {
    /// Its code: that of the warning which a referral gets.
    pub code: MisfitCode,
    /// Whether it means that the service cannot take the child; otherwise people have to look.
    pub hard: bool,
    /// What it is about this service.
    #[schema(max_length = 1000)]
    pub message: String,
    /// The rule behind it, explained under `/v1/rules/{code}`.
    #[schema(max_length = 5, pattern = "^R[0-9]+$", example = "R99")]
    pub rule: Option<&'static str>,
}

impl From<&Misfit> for MisfitView {
    fn from(it: &Misfit) -> Self {
        Self {
            code: it.code,
            hard: it.code.hard(),
            message: it.because.clone(),
            rule: it.rule().map(|it| it.code),
        }
    }
}

impl CandidateView {
    fn of(place: usize, it: &Ranked<'_>) -> Self {
        Self {
            rank: place + 1,
            agency_id: it.agency.id,
            agency_name: it.agency.name.clone(),
            service_id: it.service.id,
            service: it.service.service,
            service_name: it.service.entry.name.clone(),
            fits: it.verdict.fits,
            score: it.verdict.points,
            reasons: it.verdict.reasons.clone(),
            misfits: it.verdict.misfits.iter().map(MisfitView::from).collect(),
        }
    }
}

/// Find who can take a need
///
/// The services that agencies of a country offer for what is asked, ranked, with what speaks for and against each. A
/// referral of such a child gets the same misfits as warnings. Nothing is stored and nothing of the child is told: the
/// question holds codes and an age in whole years.
#[utoipa::path(
    operation_id = "matchDirectory", tag = "directory", request_body = MatchDirectory,
    responses((status = 200, description = "Who can take the need.", body = MatchView))
)]
#[post("/v1/directory/match")]
pub async fn match_directory(call: Call, body: Json<MatchDirectory>) -> Result<Answer, Failure> {
    let country = body.value.country;
    let need = Need::from(body.value);
    let found = call
        .look(None, move |tx| {
            let country = country.unwrap_or(tx.cx.caller.country);
            if need.area.as_ref().is_some_and(|it| !it.is_of(country)) {
                let message = "the area lies in another country";
                let kind = &problems::INCONSISTENT_VALUES;
                return Err(Failure::invalid(kind, "/area", "area_of_another_country", message));
            }
            let found = match tx.candidates(country, &need.services) {
                Err(persistence::StoreError::NotFound) => return Err(Failure::reference("/country")),
                other => other?,
            };
            let at = tx.moment(country, need.urgency)?;
            let candidates = found.offered.iter().map(|(agency, service)| Candidate { agency, service });
            let ranked = rank(&need, candidates, at);
            let shown = ranked.iter().take(MOST).enumerate();
            Ok(MatchView {
                directory_version: found.directory_version,
                candidates: shown.map(|(place, it)| CandidateView::of(place, it)).collect(),
            })
        })
        .await?;
    Ok(Answer::ok(&found))
}
