//! Counters for operators: routes and statuses, never paths or people.

use std::{sync::Mutex, time::Duration};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u32,
}

/// The counters of a node.
pub struct Metrics {
    registry: Mutex<Registry>,
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
        Self { registry: Mutex::new(registry), requests, seconds }
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
