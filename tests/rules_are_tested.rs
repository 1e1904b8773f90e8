//! No rule is applied without tests of both sides: `rN_allows_…` of what it lets pass, `rN_refuses_…` or `rN_warns_…`
//! of what it does not.
#![expect(clippy::expect_used, reason = "helpers of tests: without the sources a test should stop")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Every source file of the domain but the rule table, with its text.
fn sources() -> Vec<(PathBuf, String)> {
    let (mut found, mut open) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")]);
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("src/rules") {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is text");
                found.push((path, text));
            }
        }
    }
    found
}

/// The part of a file that is not tests.
fn applied<'a>(path: &Path, text: &'a str) -> &'a str {
    let tests = path.components().any(|it| matches!(it.as_os_str().to_str(), Some("tests" | "tests.rs")));
    if tests { "" } else { text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default() }
}

/// The number at the start of a text, if there is one.
fn number(text: &str) -> Option<u32> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

/// What the names of the tests say: for each rule, `allows`, `refuses`, `warns`.
fn tested(sources: &[(PathBuf, String)]) -> BTreeMap<u32, BTreeSet<&str>> {
    let mut all: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for (_, text) in sources {
        for after in text.split("#[test]").skip(1) {
            let Some(name) = after.trim_start().strip_prefix("fn r") else { continue };
            let Some(rule) = number(name) else { continue };
            all.entry(rule).or_default().extend(name.split('_').nth(1));
        }
    }
    all
}

#[test]
fn every_rule_that_is_applied_is_tested_both_ways() {
    let sources = sources();
    let mut rules = BTreeSet::new();
    for (path, text) in &sources {
        rules.extend(applied(path, text).split("rules::R").skip(1).filter_map(number));
    }
    assert!(rules.contains(&24) && rules.contains(&75) && rules.contains(&82), "{rules:?}");
    let tested = tested(&sources);
    for rule in rules {
        let ways = tested.get(&rule).cloned().unwrap_or_default();
        assert!(ways.contains("allows"), "no test r{rule}_allows_…");
        assert!(
            ways.contains("refuses") || ways.contains("warns"),
            "no test r{rule}_refuses_… or r{rule}_warns_…"
        );
    }
}
