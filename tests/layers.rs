//! The storeys: what each crate may know, and what no file may reach over.
#![expect(clippy::expect_used, reason = "a test that cannot read the tree should stop")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Every crate that a crate of ours needs at run time, near or far.
fn needed_by(name: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata answers JSON");
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| Some((it["id"].as_str()?, it["name"].as_str()?)))
        .collect();
    let mut direct: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let run_time = node["deps"].as_array().into_iter().flatten().filter(|it| {
            it["dep_kinds"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
        });
        let id = node["id"].as_str().unwrap_or_default();
        direct.insert(id, run_time.filter_map(|it| it["pkg"].as_str()).collect());
    }
    let start = names.iter().find(|(_, it)| **it == name).map(|(id, _)| *id).expect("the crate is a member");
    let (mut found, mut open) = (BTreeSet::new(), vec![start]);
    while let Some(id) = open.pop() {
        for next in direct.get(id).into_iter().flatten() {
            if found.insert(*next) {
                open.push(next);
            }
        }
    }
    found.iter().filter_map(|id| names.get(id)).map(|it| (*it).to_owned()).collect()
}

#[test]
fn the_domain_does_no_input_or_output() {
    let needed = needed_by("domain");
    for forbidden in
        ["diesel", "actix-web", "tokio", "r2d2", "log", "env_logger", "aws-lc-rs", "persistence", "api"]
    {
        assert!(!needed.contains(forbidden), "domain needs {forbidden}");
    }
    assert!(needed.contains("serde"), "the test reads the right tree");
    for (file, text) in sources("domain") {
        for forbidden in ["std::fs", "std::net", "std::env", "now_utc", "SystemTime", "now_v7", "new_v4"] {
            assert!(!text.contains(forbidden), "{} says {forbidden}", file.display());
        }
    }
}

#[test]
fn persistence_knows_no_http_and_api_no_database() {
    let needed = needed_by("persistence");
    for forbidden in ["actix-web", "actix-http", "utoipa-actix-web", "jsonwebtoken", "api"] {
        assert!(!needed.contains(forbidden), "persistence needs {forbidden}");
    }
    assert!(needed.contains("diesel"), "the test reads the right tree");
    for (file, text) in sources("persistence") {
        for forbidden in ["actix", "StatusCode", "HttpResponse"] {
            assert!(!text.contains(forbidden), "{} says {forbidden}", file.display());
        }
    }
    for (file, text) in sources("api") {
        for forbidden in ["diesel", "r2d2", "SELECT ", "INSERT INTO", "UPDATE "] {
            assert!(!text.contains(forbidden), "{} says {forbidden}", file.display());
        }
    }
}

#[test]
fn endpoints_leave_status_codes_to_the_one_place_that_knows_them() {
    for (file, text) in
        sources("api").into_iter().filter(|(file, _)| file.components().any(|it| it.as_os_str() == "v1"))
    {
        for forbidden in ["StatusCode", "HttpResponse", "web::block"] {
            assert!(!text.contains(forbidden), "{} says {forbidden}", file.display());
        }
    }
}

#[test]
fn no_file_outgrows_a_reader() {
    for name in ["domain", "persistence", "api"] {
        for (file, text) in sources(name) {
            let lines = text.lines().count();
            assert!(lines <= 450, "{} has {lines} lines: it asks to become a folder", file.display());
        }
    }
}

fn sources(name: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root().join(name).join("src")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).expect("a source file is text");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{name} has sources");
    found
}
