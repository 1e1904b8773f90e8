//! What the settings take and refuse.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{essentials::checkpoint_key, *};

#[derive(Parser)]
struct OfArguments {
    #[command(flatten)]
    settings: NodeSettings,
}

fn settings(arguments: &[&str]) -> NodeSettings {
    // An empty environment variable would be one of the values under test.
    let words = ["trm", "--database-url=postgres://trm@localhost/trm"].iter().chain(arguments);
    OfArguments::try_parse_from(words).expect("settings").settings
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let mut settings = settings(&["--host", "0.0.0.0"]);
    settings.database.database_url = None;
    let missing = settings.essentials().err().expect("nothing is set").join("\n");
    for name in
        ["DATABASE_URL", "TRM_NODE_KEY_FILE", "TRM_SIGNING_KEY_FILE", "TRM_CHECKPOINT_KEY_FILE", "TRM_ISSUER"]
    {
        assert!(missing.contains(&format!("{name} is not set")), "{name} in {missing}");
    }
}

#[test]
fn an_empty_database_url_is_not_left_to_the_client_library() {
    for empty in ["", "  "] {
        let database = DatabaseSettings { database_url: Some(empty.to_owned()) };
        assert!(database.url().expect_err("refused").contains("DATABASE_URL is empty"));
    }
}

#[test]
fn a_password_does_not_belong_on_the_command_line() {
    for url in
        ["postgres://trm:secret@db/trm", "postgres://db/trm?password=secret", "postgres://trm:a@b@db/x"]
    {
        let database = DatabaseSettings { database_url: Some(url.to_owned()) };
        let refusal = database.url().expect_err(url);
        assert!(refusal.contains("PGPASSFILE") && !refusal.contains("secret"), "{refusal}");
    }
    let database = DatabaseSettings { database_url: Some("postgres://trm@db:5432/trm".to_owned()) };
    assert!(database.url().is_ok());
}

#[test]
fn the_issuer_is_one_spelling_of_a_base_url() {
    assert_eq!(settings(&["--port", "9000"]).issuer().as_deref(), Ok("http://127.0.0.1:9000"));
    assert_eq!(settings(&["--host", "::1"]).issuer().as_deref(), Ok("http://[::1]:8080"));
    assert_eq!(
        settings(&["--issuer", "https://trm.example/ee"]).issuer().as_deref(),
        Ok("https://trm.example/ee")
    );
    for bad in
        ["https://trm.example/", "ftp://trm.example", "https://", "https://a b", "https://trm.example?x"]
    {
        assert!(settings(&["--issuer", bad]).issuer().is_err(), "{bad}");
    }
}

#[test]
fn a_key_that_everybody_can_read_is_refused() {
    let file = std::env::temp_dir().join(format!("trm-settings-{}.key", std::process::id()));
    fs::write(&file, "00".repeat(32)).expect("a file");
    let essentials = |mode| {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
        let file = file.to_str().expect("a path");
        settings(&["--node-key-file", file]).essentials().err().expect("no signing key").join("\n")
    };
    assert!(essentials(0o604).contains("chmod 600"));
    assert!(!essentials(0o600).contains("NODE_KEY"));
    fs::remove_file(&file).expect("cleared away");
}

#[test]
fn every_setting_has_a_flag_a_variable_and_a_word_about_it() {
    let table = table();
    assert_eq!(table.len(), 17);
    for it in &table {
        assert!(it.variable == "DATABASE_URL" || it.variable.starts_with("TRM_"), "{it:?}");
        assert!(it.flag.starts_with("--") && it.about.len() > 5, "{it:?}");
    }
}

#[test]
fn a_log_is_named_by_its_node_without_the_port() {
    let pem = crate::access::new_key_pair().expect("a key").0;
    for (issuer, origin) in [
        ("https://trm.example/ee", "trm.example/ee"),
        ("http://127.0.0.1:8080", "127.0.0.1"),
        ("http://[::1]:8080", "[::1]"),
    ] {
        assert_eq!(checkpoint_key(issuer, &pem).expect(issuer).verifier().origin(), origin);
    }
    assert!(checkpoint_key("https://trm.example", "no key").is_err());
}

#[test]
fn threads_wait_for_as_many_connections_as_there_are() {
    assert_eq!(settings(&["--connections", "8", "--workers", "2"]).blocking_threads(), 4);
    assert_eq!(settings(&["--connections", "1", "--workers", "4"]).blocking_threads(), 1);
}

#[test]
fn the_document_of_settings_is_current() {
    let rows: Vec<String> = table()
        .iter()
        .map(|it| {
            let default = it.default.as_deref().map_or(String::new(), |it| format!("`{it}`"));
            let about = it.about.replace('|', "\\|").replace('\n', " ");
            format!("| `{}` | `{}` | {default} | {about} |\n", it.flag, it.variable)
        })
        .collect();
    let rows = rows.concat();
    let text = format!(
        "# Settings of a node\n\nEach is a flag of `trm serve` and an environment variable. Secrets are files, never values. This page is \
         written by a test (`UPDATE=1`).\n\n| flag | variable | default | what |\n|---|---|---|---|\n{rows}"
    );
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/settings.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the document is written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/settings.md is of another code (UPDATE=1 writes it anew)");
}
