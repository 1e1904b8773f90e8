//! Requests between countries, seen from both sides.

mod delivery;
mod ending;
mod guards;
mod moving;
mod offices;
mod same_child;
mod time_limits;
mod whole;

use serde_json::Value;

use crate::support::{Seen, TestNode, Who};

/// The request as a side has it.
async fn seen(node: &TestNode, who: &Who, id: &str) -> Value {
    node.get(who, format!("/v1/transnational-requests/{id}")).await.expect(200).json()
}

/// The status on both sides, by whoever asks there.
async fn both(node: &TestNode, ours: &Who, theirs: &Who, id: &str) -> (String, String) {
    let text = |it: Value| it["status"].as_str().unwrap_or_default().to_owned();
    (text(seen(node, ours, id).await), text(seen(node, theirs, id).await))
}

/// The rules or codes that refuse.
fn why(seen: &Seen) -> Vec<String> {
    let rules = seen.rules();
    if rules.is_empty() { seen.found().into_iter().map(|it| it.0).collect() } else { rules }
}
