//! Counters for operators: routes and statuses, never paths or people.

use std::{sync::Mutex, time::Duration};

use domain::Timestamp;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u32,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Work {
    work: &'static str,
}

/// How the work goes that no request asks for.
#[derive(Clone, Debug, Default)]
pub struct BackgroundWork {
    failing: Family<Work, Gauge>,
    done: Family<Work, Gauge>,
    alarms: Counter,
}

impl BackgroundWork {
    /// Counts how many opened what nobody has a reason to open.
    pub fn alarmed(&self, number: usize) {
        self.alarms.inc_by(u64::try_from(number).unwrap_or(u64::MAX));
    }

    /// Notes how a piece of work went, and when.
    pub fn went(&self, work: &'static str, well: bool, at: Timestamp) {
        self.failing.get_or_create(&Work { work }).set(i64::from(!well));
        if well {
            self.done.get_or_create(&Work { work }).set(at.raw().unix_timestamp());
        }
    }
}

/// The counters of a node.
pub struct Metrics {
    registry: Mutex<Registry>,
    /// What the background writes.
    pub background: BackgroundWork,
    requests: Family<Labels, Counter>,
    seconds: Family<Vec<(String, String)>, Histogram>,
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Self {
        let requests = Family::<Labels, Counter>::default();
        let buckets = || Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5]);
        let seconds: Family<Vec<(String, String)>, Histogram> = Family::new_with_constructor(buckets);
        let mut registry = Registry::with_prefix("trm");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_seconds", "Time to the answer", seconds.clone());
        let background = BackgroundWork::default();
        registry.register(
            "background_failing",
            "1 while work of the background fails",
            background.failing.clone(),
        );
        registry.register(
            "background_done_timestamp_seconds",
            "When work of the background last went well, in Unix time",
            background.done.clone(),
        );
        registry.register(
            "canary_alarms",
            "Professionals who opened a case that nobody has a reason to open, as this process found them",
            background.alarms.clone(),
        );
        Self { registry: Mutex::new(registry), background, requests, seconds }
    }

    /// Counts an answered request.
    pub fn request(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = Labels { method: known_method(method), route: route.to_owned(), status: status.into() };
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&vec![("route".to_owned(), route.to_owned())]).observe(took.as_secs_f64());
    }

    /// The counters in the OpenMetrics text format.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if let Ok(registry) = self.registry.lock() {
            // Writing to a string cannot fail.
            let _ = encode(&mut text, &registry);
        }
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// Callers invent methods; labels are bounded.
fn known_method(method: &str) -> String {
    let known = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"];
    known.iter().find(|it| **it == method).unwrap_or(&"OTHER").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_stopped_is_seen_with_when_it_last_went_well() {
        let metrics = Metrics::new();
        let then = Timestamp::new(time::OffsetDateTime::UNIX_EPOCH + time::Duration::days(20_000));
        metrics.background.went("seals", true, then);
        metrics.background.went("seals", false, then.plus(time::Duration::minutes(5)));
        metrics.background.alarmed(2);
        let text = metrics.text();
        assert!(text.contains("trm_canary_alarms_total 2\n"), "{text}");
        assert!(text.contains("trm_background_failing{work=\"seals\"} 1\n"), "{text}");
        let at = then.raw().unix_timestamp();
        assert!(
            text.contains(&format!("trm_background_done_timestamp_seconds{{work=\"seals\"}} {at}\n")),
            "{text}"
        );
    }
}
