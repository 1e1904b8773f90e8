//! What every endpoint shares, one mechanism each.

mod answer;
mod body;
mod discretion;
mod edge;
mod json;
mod named;
mod query;
mod unhidden;
mod unrouted;

pub use answer::{Answer, OCTETS, Shown, Tag};
pub use body::{Binary, Json, RefusedAnyway};
pub use discretion::discretion;
pub use edge::{RequestIdOf, edge};
pub use query::Query;
pub use unhidden::Unhidden;
pub use unrouted::unrouted;
