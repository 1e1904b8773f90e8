//! The test clock of a sandbox node; a production node has none of this, nor its contract.

use actix_web::{get, put};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::events::EventView;
use crate::{
    Routes,
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    problems,
    sandbox::NotSet,
};

/// The routes of this room.
pub fn routes(config: &mut impl Routes) {
    config.service(get_sandbox_clock).service(set_sandbox_clock);
}

/// The most events that one answer shows.
const MOST_EVENTS: usize = 1000;

/// Where the test clock stands, and what setting it has brought.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SandboxClock)]
#[serde(rename_all = "camelCase")]
pub struct ClockView {
    /// The instant at which it stands.
    pub now: Timestamp,
    /// When the next deadline is escalated or expires.
    pub next_step_at: Option<Timestamp>,
    /// What the mechanism did on the way, in order; at most 1000, the feed has all.
    #[schema(max_items = 1000)]
    pub events: Option<Vec<EventView>>,
}

/// Where to set the test clock.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, Validate)]
#[schema(example = json!({ "now": "2027-01-04T08:00:00Z" }))]
pub struct SetClock {
    /// The instant; not before the one at which it stands, and at most 800 days after it.
    pub now: Timestamp,
}

/// The test clock
///
/// Where it stands. In a sandbox node time stands still until it is set.
#[utoipa::path(
    operation_id = "getSandboxClock", tag = "sandbox",
    responses((status = 200, description = "The clock.", body = ClockView))
)]
#[get("/v1/sandbox/clock")]
pub async fn get_sandbox_clock(call: Call) -> Result<Answer, Failure> {
    call.clock(|clock, store| {
        let next_step_at = store.next_deadline_step()?;
        Ok(ClockView { now: crate::node::Clock::now(clock), next_step_at, events: None })
    })
    .await
}

/// Set the test clock
///
/// Time passes at once: every deadline that falls due on the way is escalated or expires at its own instant, in order,
/// the same on every run. It never goes back. Access tokens keep to the machine's clock.
#[utoipa::path(
    operation_id = "setSandboxClock", tag = "sandbox", request_body = SetClock,
    responses((status = 200, description = "The clock, and what happened on the way.", body = ClockView))
)]
#[put("/v1/sandbox/clock")]
pub async fn set_sandbox_clock(call: Call, body: Json<SetClock>) -> Result<Answer, Failure> {
    let to = body.value.now;
    call.clock(move |clock, store| {
        let done = clock.set(store, to).map_err(|it| match it {
            NotSet::Back => refused("before the instant at which the clock stands"),
            NotSet::TooFar => refused("more than 800 days ahead"),
            NotSet::Store(error) => error.into(),
        })?;
        let events = done.into_iter().take(MOST_EVENTS).map(EventView::from).collect();
        let next_step_at = store.next_deadline_step()?;
        Ok(ClockView { now: crate::node::Clock::now(clock), next_step_at, events: Some(events) })
    })
    .await
}

fn refused(because: &'static str) -> Failure {
    Failure::invalid(&problems::INCONSISTENT_VALUES, "/now", "out_of_reach", because)
}
