//! Every setting of a node, in one table: `trm serve --help` prints it, [`table`] gives it to the documents.

use std::{
    fs, io,
    net::IpAddr,
    num::{NonZeroU32, NonZeroUsize},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use clap::{Args, CommandFactory as _, Parser};
use domain::access::{Quotas, SEARCHES_A_DAY, WHEREABOUTS_A_DAY};
use persistence::{NodeKeys, sealed_log::CheckpointKey};
use zeroize::Zeroizing;

use crate::access::IssuerKeys;

/// The address of a node that was told nothing else.
pub const DEFAULT_URL: &str = "http://127.0.0.1:8080";

/// The database.
#[derive(Args, Clone, Debug)]
pub struct DatabaseSettings {
    /// PostgreSQL database, as a URL; keep a password in the environment or in PGPASSFILE
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Option<String>,
}

/// The folder for what the node and its demo clients keep.
#[derive(Args, Clone, Debug)]
pub struct StateSettings {
    /// Folder for the keys and data of a demo node
    #[arg(long, env = "TRM_STATE", value_name = "FOLDER", default_value = ".trm")]
    pub state: PathBuf,
}

/// Where the seals of the logs are kept, outside the database.
#[derive(Args, Clone, Debug)]
pub struct SealsSettings {
    /// Folder for checkpoints and leaf hashes of the logs, best on another machine's disk [default: seals in the state folder]
    #[arg(long, env = "TRM_SEALS", value_name = "FOLDER")]
    seals: Option<PathBuf>,
}

impl SealsSettings {
    /// The folder.
    pub fn folder(&self, state: &Path) -> PathBuf {
        self.seals.clone().unwrap_or_else(|| state.join("seals"))
    }
}

/// Where erasures are told of, outside the database.
#[derive(Args, Clone, Debug)]
pub struct LedgerSettings {
    /// File that tells of erasures, so that no backup brings back what was erased; best on another machine's disk [default: erasures in the state folder]
    #[arg(long = "ledger", env = "TRM_ERASURE_LEDGER", value_name = "FILE")]
    ledger: Option<PathBuf>,
}

impl LedgerSettings {
    /// The file.
    pub fn file(&self, state: &Path) -> PathBuf {
        self.ledger.clone().unwrap_or_else(|| state.join("erasures"))
    }
}

/// The settings of a node.
#[derive(Args, Clone, Debug)]
pub struct NodeSettings {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    state: StateSettings,
    /// Address to listen on
    #[arg(long, env = "TRM_HOST", value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub host: String,
    /// Port to listen on
    #[arg(long, env = "TRM_PORT", default_value_t = 8080)]
    pub port: u16,
    /// Base URL by which clients know this node; the audience of their assertions [default: http://HOST:PORT]
    #[arg(long, env = "TRM_ISSUER", value_name = "URL")]
    pub issuer: Option<String>,
    /// File with the node's secret, 64 hexadecimal digits: `openssl rand -hex 32`
    #[arg(long, env = "TRM_NODE_KEY_FILE", value_name = "FILE")]
    pub node_key_file: Option<PathBuf>,
    /// File with the key that signs access tokens, in PEM: `openssl genpkey -algorithm ed25519`
    #[arg(long, env = "TRM_SIGNING_KEY_FILE", value_name = "FILE")]
    pub signing_key_file: Option<PathBuf>,
    /// File with the key that signs checkpoints of the logs, in PEM: `openssl genpkey -algorithm ed25519`
    #[arg(long, env = "TRM_CHECKPOINT_KEY_FILE", value_name = "FILE")]
    pub checkpoint_key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) seals: SealsSettings,
    #[command(flatten)]
    pub(super) ledger: LedgerSettings,
    /// Connections to the database for requests; up to six more do the rest
    #[arg(long, env = "TRM_CONNECTIONS", value_name = "NUMBER", default_value = "8")]
    pub connections: NonZeroU32,
    /// Threads that speak HTTP [default: one for each processor core]
    #[arg(long, env = "TRM_WORKERS", value_name = "NUMBER")]
    pub workers: Option<NonZeroUsize>,
    /// Requests a second that one client may send
    #[arg(long, env = "TRM_REQUESTS_PER_SECOND", value_name = "NUMBER", default_value = "600")]
    pub requests_per_second: NonZeroU32,
    /// Children whose whereabouts one professional is shown in a local day; five times as many where the agency leads the case
    #[arg(long, env = "TRM_WHEREABOUTS_A_DAY", value_name = "NUMBER", default_value_t = WHEREABOUTS_A_DAY)]
    whereabouts_a_day: u16,
    /// Different questions for a child that one professional asks in a local day
    #[arg(long, env = "TRM_SEARCHES_A_DAY", value_name = "NUMBER", default_value_t = SEARCHES_A_DAY)]
    searches_a_day: u16,
    /// What is logged, by level and module, for example `warn,api=debug` [default: RUST_LOG, or info]
    #[arg(long, env = "TRM_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Seconds that requests in flight have to finish when the node stops
    #[arg(long, env = "TRM_SHUTDOWN_SECONDS", value_name = "SECONDS", default_value_t = 10)]
    pub shutdown_seconds: u16,
}

/// What a node cannot be without.
pub struct Essentials {
    /// The database.
    pub database_url: String,
    /// The keys that seal and fingerprint.
    pub node_keys: NodeKeys,
    /// The key that signs checkpoints of the logs.
    pub checkpoint_key: CheckpointKey,
    /// The key that signs access tokens, with the name of this node in them.
    pub issuer_keys: IssuerKeys,
}

/// A setting as the documents list it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The flag, with its dashes.
    pub flag: String,
    /// The environment variable.
    pub variable: String,
    /// The value that holds when nothing is said, if it is a fixed one.
    pub default: Option<String>,
    /// What it is.
    pub about: String,
}

/// Every setting of a node, in the order of the help page.
pub fn table() -> Vec<Setting> {
    #[derive(Parser)]
    struct Table {
        #[command(flatten)]
        _settings: NodeSettings,
    }
    let command = Table::command();
    let settings = command.get_arguments().filter_map(|it| {
        Some(Setting {
            flag: format!("--{}", it.get_long()?),
            variable: it.get_env()?.to_string_lossy().into_owned(),
            default: it.get_default_values().first().map(|it| it.to_string_lossy().into_owned()),
            about: it.get_help().map(ToString::to_string).unwrap_or_default(),
        })
    });
    settings.collect()
}

impl DatabaseSettings {
    /// The URL, unless there is none or it should not be used.
    pub fn url(&self) -> Result<String, String> {
        let wanted = "a PostgreSQL URL such as postgres://trm@localhost/trm";
        match self.database_url.as_deref().map(str::trim) {
            None => Err(format!("DATABASE_URL is not set: give it {wanted}")),
            Some("") => Err(format!("DATABASE_URL is empty: give it {wanted}, or unset it")),
            Some(url) if has_password(url) && std::env::var("DATABASE_URL").ok().as_deref() != Some(url) => {
                Err("--database-url holds a password, which every process of this machine can read: \
                     give the URL in the environment variable DATABASE_URL, or the password in PGPASSFILE"
                    .to_owned())
            }
            Some(url) => Ok(url.to_owned()),
        }
    }
}

impl NodeSettings {
    /// How many children one professional may look for in a day.
    pub(super) fn quotas(&self) -> Quotas {
        Quotas { whereabouts: self.whereabouts_a_day, searches: self.searches_a_day }
    }

    /// The database.
    pub fn database(&self) -> &DatabaseSettings {
        &self.database
    }

    /// Names the database.
    pub fn set_database_url(&mut self, url: String) {
        self.database.database_url = Some(url);
    }

    /// The folder for what the node keeps.
    pub fn state(&self) -> &Path {
        &self.state.state
    }

    /// How many threads speak HTTP.
    pub fn workers(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.workers.map_or_else(cores, NonZeroUsize::get)
    }

    /// How many threads of each worker wait for the database: as many in all as there are connections.
    pub fn blocking_threads(&self) -> usize {
        let connections = usize::try_from(self.connections.get()).unwrap_or(usize::MAX);
        (connections / self.workers()).max(1)
    }

    /// The base URL at which this node is reached from its own machine.
    pub fn local_url(&self) -> String {
        match self.host.parse::<IpAddr>() {
            Ok(it) if it.is_unspecified() => format!("http://127.0.0.1:{}", self.port),
            Ok(IpAddr::V6(it)) => format!("http://[{it}]:{}", self.port),
            _ => format!("http://{}:{}", self.host, self.port),
        }
    }

    /// Reads what a node cannot be without, or names everything that is missing or wrong.
    pub fn essentials(&self) -> Result<Essentials, Vec<String>> {
        let issuer = self.issuer();
        let issuer_name = issuer.clone().unwrap_or_default();
        let database_url = self.database.url();
        let node_keys = secret("TRM_NODE_KEY_FILE", "openssl rand -hex 32", self.node_key_file.as_deref())
            .and_then(|(path, _)| {
                NodeKeys::read(path).map_err(|error| format!("{}: {error}", path.display()))
            });
        let example = "openssl genpkey -algorithm ed25519";
        let issuer_keys = secret("TRM_SIGNING_KEY_FILE", example, self.signing_key_file.as_deref()).and_then(
            |(path, pem)| {
                IssuerKeys::read(&issuer_name, &pem).map_err(|error| format!("{}: {error}", path.display()))
            },
        );
        let checkpoint_key = secret("TRM_CHECKPOINT_KEY_FILE", example, self.checkpoint_key_file.as_deref())
            .and_then(|(path, pem)| {
                checkpoint_key(&issuer_name, &pem).map_err(|error| format!("{}: {error}", path.display()))
            });
        match (issuer, database_url, node_keys, issuer_keys, checkpoint_key) {
            (Ok(_), Ok(database_url), Ok(node_keys), Ok(issuer_keys), Ok(checkpoint_key)) => {
                Ok(Essentials { database_url, node_keys, checkpoint_key, issuer_keys })
            }
            (issuer, database, node, signing, checkpoint) => {
                let all = [issuer.err(), database.err(), node.err(), signing.err(), checkpoint.err()];
                Err(all.into_iter().flatten().collect())
            }
        }
    }

    fn issuer(&self) -> Result<String, String> {
        let Some(issuer) = &self.issuer else {
            let everywhere = self.host.parse::<IpAddr>().is_ok_and(|it| it.is_unspecified());
            return if everywhere {
                Err(format!(
                    "TRM_ISSUER is not set: a node on {} needs the URL by which clients know it",
                    self.host
                ))
            } else {
                Ok(self.local_url())
            };
        };
        let rest = issuer.strip_prefix("https://").or_else(|| issuer.strip_prefix("http://"));
        let plain = |it: &str| {
            it.bytes().all(|b| b.is_ascii_graphic() && !b"?#\"\\".contains(&b)) && !it.ends_with('/')
        };
        if rest.is_some_and(|it| !it.is_empty() && plain(it)) && issuer.len() <= 200 {
            Ok(issuer.clone())
        } else {
            Err("TRM_ISSUER is not an http or https URL without a query and without a slash at its end"
                .to_owned())
        }
    }
}

/// The key of checkpoints. The log is named by host and path of the node: a port may change, a log's name never.
fn checkpoint_key(issuer: &str, pem: &str) -> Result<CheckpointKey, String> {
    let wanted = "the checkpoint key is not an Ed25519 private key in PEM (PKCS#8)";
    let block = pem::parse(pem).map_err(|_| wanted.to_owned())?;
    let address = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    let (authority, path) = address.split_at(address.find('/').unwrap_or(address.len()));
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|it| it.is_ascii_digit()) => host,
        _ => authority,
    };
    CheckpointKey::new(&format!("{host}{path}"), block.contents()).map_err(|_| wanted.to_owned())
}

/// The text of a secret file that only its owner and group can read.
fn secret<'a>(
    variable: &str,
    example: &str,
    path: Option<&'a Path>,
) -> Result<(&'a Path, Zeroizing<String>), String> {
    let path =
        path.ok_or_else(|| format!("{variable} is not set: name a file, made for example by `{example}`"))?;
    let refused = |error: io::Error| format!("{variable}: {} cannot be read: {error}", path.display());
    let mode = fs::metadata(path).map_err(refused)?.permissions().mode();
    if mode & 0o007 != 0 {
        return Err(format!(
            "{variable}: everybody on this machine can open {0}: `chmod 600 {0}`",
            path.display()
        ));
    }
    let text = fs::read_to_string(path).map_err(refused)?;
    Ok((path, Zeroizing::new(text)))
}

fn has_password(url: &str) -> bool {
    let authority = url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    let user = authority.and_then(|it| it.rsplit_once('@')).map(|(user, _)| user);
    user.is_some_and(|it| it.contains(':')) || url.contains("password=")
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for name in [
            "DATABASE_URL",
            "TRM_NODE_KEY_FILE",
            "TRM_SIGNING_KEY_FILE",
            "TRM_CHECKPOINT_KEY_FILE",
            "TRM_ISSUER",
        ] {
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
}
