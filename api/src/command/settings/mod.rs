//! Every setting of a node, in one table: `trm serve --help` prints it, [`table`] gives it to the documents.

mod essentials;
#[cfg(test)]
mod tests;

use std::{
    net::IpAddr,
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
};

use clap::{Args, CommandFactory as _, Parser};
use domain::access::{Quotas, SEARCHES_A_DAY, WHEREABOUTS_A_DAY};

pub use essentials::Essentials;

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
}

fn has_password(url: &str) -> bool {
    let authority = url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default());
    let user = authority.and_then(|it| it.rsplit_once('@')).map(|(user, _)| user);
    user.is_some_and(|it| it.contains(':')) || url.contains("password=")
}
