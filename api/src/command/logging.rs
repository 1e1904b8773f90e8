//! The operational log: one JSON object a line on standard error, whatever is in a message.

use std::{fmt::Write as _, io::Write as _};

use log::{
    Record,
    kv::{Error, Key, Value, VisitSource},
};

use crate::node::{Clock as _, SystemClock};

/// What is logged when nothing is said; the server announces its threads at `info`.
const DEFAULT_FILTER: &str = "info,actix_server=warn";

/// Starts the log.
pub(super) fn start(filter: Option<&str>) {
    let fallback = std::env::var("RUST_LOG").ok().filter(|it| !it.is_empty());
    let filter = filter.filter(|it| !it.is_empty()).or(fallback.as_deref()).unwrap_or(DEFAULT_FILTER);
    let mut builder = env_logger::Builder::new();
    builder.parse_filters(filter).format(|to, record| writeln!(to, "{}", line(record)));
    // Only a second logger in the same process is refused, and then there is one.
    let _ = builder.try_init();
}

fn line(record: &Record<'_>) -> String {
    let mut line = String::with_capacity(256);
    let level = record.level().as_str().to_lowercase();
    member(&mut line, "ts", &text(&SystemClock.now().to_string()));
    member(&mut line, "level", &text(&level));
    member(&mut line, "target", &text(record.target()));
    member(&mut line, "msg", &text(&record.args().to_string()));
    // Our own members cannot fail to be written.
    let _ = record.key_values().visit(&mut Members(&mut line));
    line.push('}');
    line
}

struct Members<'a>(&'a mut String);

impl<'kvs> VisitSource<'kvs> for Members<'_> {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let shown = if let Some(it) = value.to_u64() {
            it.to_string()
        } else if let Some(it) = value.to_i64() {
            it.to_string()
        } else if let Some(it) = value.to_bool() {
            it.to_string()
        } else {
            text(&value.to_string())
        };
        member(self.0, key.as_str(), &shown);
        Ok(())
    }
}

fn member(line: &mut String, name: &str, value: &str) {
    line.push(if line.is_empty() { '{' } else { ',' });
    line.push_str(&text(name));
    line.push(':');
    line.push_str(value);
}

/// A JSON string without anything that ends a line or steers a terminal.
fn text(plain: &str) -> String {
    let mut quoted = String::with_capacity(plain.len() + 2);
    quoted.push('"');
    for it in plain.chars() {
        match it {
            '"' | '\\' => quoted.extend(['\\', it]),
            it if it.is_control()
                || matches!(it, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}') =>
            {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\u{:04x}", u32::from(it));
            }
            it => quoted.push(it),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use log::Level;
    use serde_json::{Value as Json, json};

    use super::*;

    #[test]
    fn a_line_is_one_json_object_with_the_members_of_the_call() {
        let members: &[(&str, u32)] = &[("status", 404), ("us", 12)];
        let mut record = Record::builder();
        record.level(Level::Warn).target("trm::request").args(format_args!("answered")).key_values(&members);
        let read: Json = serde_json::from_str(&line(&record.build())).expect("JSON");
        assert_eq!(read["level"], "warn");
        assert_eq!((&read["target"], &read["msg"]), (&json!("trm::request"), &json!("answered")));
        assert_eq!((&read["status"], &read["us"]), (&json!(404), &json!(12)));
        assert!(domain::Timestamp::parse(read["ts"].as_str().expect("text")).is_some());
    }

    #[test]
    fn nothing_in_a_value_ends_the_line_or_steers_a_terminal() {
        let evil = "a\n\r\"}\\ {\"level\":\"x\"\u{1b}[31m\u{9b}31m\u{85}\u{2028}\u{202e}\u{0}é";
        let members: &[(&str, &str)] = &[("evil", evil)];
        let mut record = Record::builder();
        let line = line(&record.level(Level::Info).args(format_args!("{evil}")).key_values(&members).build());
        assert!(!line.chars().any(char::is_control), "{line:?}");
        let read: Json = serde_json::from_str(&line).expect("JSON");
        assert_eq!((read["msg"].as_str(), read["evil"].as_str()), (Some(evil), Some(evil)));
        assert_eq!(read["level"], "info");
    }
}
