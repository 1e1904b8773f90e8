//! By which channels the own country can ask another one on a day, and who stands there.

use actix_web::{get, web::Path};
use domain::{
    CodeList as _, Day,
    text::Country,
    transnational::{Channel, Channels, Instrument, OutsideChannel, Route, reachable},
    vocabulary::TransnationalRequestType,
};
use persistence::StoreError;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, ToSchema};

use crate::{
    call::Call,
    failure::{Failure, SourceView},
    http::{Answer, Query, Shown, Tag},
    v1::common::path_id,
};

/// The channels from the caller's country to another one on a day.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CountryChannels)]
#[serde(rename_all = "camelCase")]
pub struct ChannelsView {
    /// The own country.
    pub from: Country,
    /// The other country.
    pub to: Country,
    /// The day.
    pub on: Day,
    /// Whether data that goes there stays under the same law of data protection; otherwise a ground is named (R95).
    pub same_data_protection: bool,
    /// What can be asked, the preferred channel of each type first.
    #[schema(max_items = 60)]
    pub channels: Vec<ChannelView>,
    /// The offices that the other country has registered at each route; none where it takes no part in this mechanism.
    #[schema(max_items = 60)]
    pub offices: Vec<ChannelOfficeView>,
    /// Who can still be asked, outside this mechanism, where no channel is open (R79); absent where one is.
    #[schema(max_items = 10)]
    pub alternatives: Option<Vec<OutsideChannelView>>,
}

/// Somebody outside the mechanism.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OutsideChannelEntry)]
#[serde(rename_all = "camelCase")]
pub struct OutsideChannelView {
    /// Who.
    pub channel: OutsideChannel,
    /// The same in words.
    #[schema(max_length = 200)]
    pub label: &'static str,
}

/// A channel that is open: an instrument that binds both States, and the routes that it opens.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Channel)]
#[serde(rename_all = "camelCase")]
pub struct ChannelView {
    /// What may be asked.
    pub request_type: TransnationalRequestType,
    /// The instrument.
    pub instrument: Instrument,
    /// The routes.
    #[schema(max_items = 10)]
    pub routes: Vec<Route>,
    /// Its provision.
    pub source: SourceView,
}

impl From<&Channel> for ChannelView {
    fn from(it: &Channel) -> Self {
        Self {
            request_type: it.request_type,
            instrument: it.base.instrument,
            routes: it.base.routes.to_vec(),
            source: SourceView::from(&it.base.source),
        }
    }
}

/// An office at a route.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChannelOffice)]
#[serde(rename_all = "camelCase")]
pub struct ChannelOfficeView {
    /// The route.
    pub route: Route,
    /// Its code; requests name it as `toOffice`.
    #[schema(max_length = 60)]
    pub code: String,
    /// Whether its duty desk answers now.
    pub on_duty: bool,
    /// Whether its roster leaves no minute of the week out.
    pub around_the_clock: bool,
}

/// Which day.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChannelsQuery {
    /// The day; without it today.
    #[param(example = "2026-11-24")]
    pub on: Option<Day>,
}

/// The channels to a country
///
/// What the own country can ask of another one on a day, by which instrument and route, each with its provision and how
/// well that was checked; and the offices that answer there. What nobody has checked opens nothing. Law binds States whether
/// they take part in this mechanism or not: every country of ISO 3166-1 is answered, and where no channel is open, with who
/// can be asked outside it.
#[utoipa::path(
    operation_id = "getCountryChannels", tag = "directory",
    params(("code" = Country, Path, description = "The other country."), ChannelsQuery),
    responses((status = 200, description = "The channels.", body = ChannelsView))
)]
#[get("/v1/countries/{code}/channels")]
pub async fn get_country_channels(
    call: Call,
    code: Path<String>,
    query: Query<ChannelsQuery>,
) -> Result<Answer, Failure> {
    let to = path_id(&code, Country::parse)?;
    let on = query.0.on;
    call.read(None, move |tx| {
        let from = tx.cx.caller.country;
        if !to.is_assigned() {
            return Err(StoreError::NotFound.into());
        }
        let on = match on {
            Some(it) => it,
            None => Day(tx.country(from)?.day_of(tx.cx.now)),
        };
        let known = Channels::known();
        let local = match tx.local_time(to, tx.cx.now) {
            Err(StoreError::NotFound) => None,
            other => Some(other?),
        };
        let agencies = tx.agencies_of(to)?;
        let at = |route: Route| {
            let found = local.map(|it| reachable(route, &agencies, it)).unwrap_or_default();
            found.into_iter().map(move |it| ChannelOfficeView {
                route,
                code: it.office.code,
                on_duty: it.on_duty,
                around_the_clock: it.around_the_clock,
            })
        };
        let channels: Vec<_> = known.alternatives((from, to), on).iter().map(ChannelView::from).collect();
        let outside = |it: &OutsideChannel| OutsideChannelView { channel: *it, label: it.label() };
        let view = ChannelsView {
            from,
            to,
            on,
            same_data_protection: known.same_data_protection(to, on),
            alternatives: (to != from && channels.is_empty())
                .then(|| OutsideChannel::ALL.iter().map(outside).collect()),
            channels,
            offices: Route::ALL.iter().copied().flat_map(at).collect(),
        };
        let text = serde_json::to_string(&view).unwrap_or_default();
        let tag = Tag::of(tx.keys(), &format!("channels/{text}"));
        Ok(Shown::new(view, tag))
    })
    .await
}
