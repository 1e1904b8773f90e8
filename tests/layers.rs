//! The storeys: what each crate may know, and what no file may reach over.
#![expect(clippy::expect_used, reason = "a test that cannot read the tree should stop")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Every crate that a crate of ours needs at run time, near or far, with all its features. From the tree that is built:
/// `cargo metadata` also names what an optional feature of a dependency would need.
fn needed_by(name: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--package", name, "--all-features", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo tree runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).expect("cargo tree prints text");
    tree.lines().skip(1).filter_map(|it| it.split_whitespace().next()).map(str::to_owned).collect()
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
            // The list of tables is looked into, not read.
            let listed = file.ends_with("persistence/src/schema.rs");
            let lines = if listed { 0 } else { text.lines().count() };
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
