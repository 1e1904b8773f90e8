//! The demo node: what `trm serve --demo` makes on its first run and finds again on the next, and `trm demo-data`.

use std::{collections::BTreeMap, path::Path};

use clap::Args;
use domain::Timestamp;
use persistence::{
    ClientKey, NodeKeys, Store,
    demo::{Demo, DemoAgency, DemoLoad},
    migration_digests,
    private_server::{DATABASE, PrivateServer, PrivateServerError, Settings},
    start_anew,
};

use super::{
    Failed,
    audit::forget_seals,
    client::public_key,
    folder::{self, ClientFile},
    say,
    settings::{DEFAULT_URL, DatabaseSettings, NodeSettings, StateSettings},
    store_without_keys,
};
use crate::{
    access::new_key_pair,
    node::{Clock as _, SystemClock},
};

/// The name of the folder with the clients' private keys, in the state folder.
pub(super) const CLIENTS: &str = "clients";
/// What the private database was made from: migrations with their digests.
const LANDED: &str = "migrations.json";

#[derive(Args, Debug)]
pub(super) struct DemoDataArgs {
    #[command(flatten)]
    database: DatabaseSettings,
    #[command(flatten)]
    state: StateSettings,
}

/// Loads the demo directory into a database without agencies.
pub(super) fn demo_data(args: &DemoDataArgs) -> Result<(), Failed> {
    let store = store_without_keys(args.database.url().map_err(Failed::unusable)?)?;
    if store.migrations_pending()? {
        return Err(Failed::unusable(
            "the schema of the database is older than this program: run `trm migrate`",
        ));
    }
    if store.has_agencies()? {
        return Err(Failed::unusable(
            "the database holds agencies already: the demo directory is for an empty one",
        ));
    }
    let state = &args.state.state;
    folder::make(state)?;
    load(&store, state)?;
    let keys = state.join(CLIENTS);
    say(&format!("loaded the demo directory; the keys of its clients are in {}", keys.display()));
    Ok(())
}

/// A demo node that is being served.
pub(super) struct DemoNode {
    database: Option<PrivateServer>,
    state: std::path::PathBuf,
}

impl DemoNode {
    /// Makes what is missing and names it in the settings: keys, and a private database when none is named.
    pub fn prepare(settings: &mut NodeSettings) -> Result<Self, Failed> {
        if settings.database().database_url.is_some() {
            settings.database().url().map_err(Failed::unusable)?;
        }
        let state = settings.state().to_owned();
        folder::make(&state)?;
        let issuer = settings.issuer.take().unwrap_or_else(|| settings.local_url());
        settings.issuer = Some(issuer);
        let node_key = state.join("node.key");
        let mut keys_are_new = false;
        if settings.node_key_file.is_none() {
            if !node_key.exists() {
                let secret = NodeKeys::generate().map_err(|error| Failed::new(error.to_string()))?;
                folder::write_new(&node_key, &secret)?;
                keys_are_new = true;
            }
            settings.node_key_file = Some(node_key);
        }
        for (file, name) in [
            (&mut settings.signing_key_file, "signing.pem"),
            (&mut settings.checkpoint_key_file, "checkpoint.pem"),
        ] {
            if file.is_none() {
                let path = state.join(name);
                if !path.exists() {
                    let pair = new_key_pair().map_err(|error| Failed::new(error.to_string()))?;
                    folder::write_new(&path, &pair.0)?;
                }
                *file = Some(path);
            }
        }
        let database = if settings.database().database_url.is_some() {
            None
        } else {
            let (database, fresh) = private_database(&state, keys_are_new)?;
            if fresh {
                // What was sealed of the database before is of nobody any more.
                forget_seals(&settings.seals.folder(&state))?;
            }
            Some(database)
        };
        if let Some(database) = &database {
            settings.set_database_url(database.url());
        }
        Ok(Self { database, state })
    }

    /// Migrates, and loads the demo directory when there are no agencies.
    pub fn fill(&self, store: &Store) -> Result<(), Failed> {
        if store.migrations_pending()? {
            store.migrate()?;
        }
        if self.database.is_some() {
            let landed = migration_digests()?;
            let landed =
                serde_json::to_string_pretty(&landed).map_err(|error| Failed::new(error.to_string()))?;
            folder::write_over(&self.state.join(LANDED), &landed)?;
        }
        if load(store, &self.state)? == DemoLoad::OtherAgencies { Err(other_agencies()) } else { Ok(()) }
    }

    /// What a newcomer wants to know.
    pub fn welcome(&self, settings: &NodeSettings, standing: Option<Timestamp>) -> String {
        let url = settings.local_url();
        let trm = std::env::args().next().unwrap_or_else(|| "trm".to_owned());
        let mut token = vec![quoted(&trm), "token --as tallinn-police".to_owned()];
        if url != DEFAULT_URL {
            token.push(format!("--url {url}"));
        }
        if self.state != Path::new(".trm") {
            token.push(format!("--state {}", quoted(&self.state.to_string_lossy())));
        }
        let token = token.join(" ");
        let data = match &self.database {
            Some(database) => {
                format!("{}\n  sql    DATABASE_URL='{}'", database.home().display(), database.url())
            }
            None => "the database of DATABASE_URL".to_owned(),
        };
        let clock = standing.map_or_else(String::new, |at| {
            format!("\x20 clock  stands at {at}; PUT /v1/sandbox/clock sets it\n")
        });
        format!(
            "trm {version}: a demo node with invented data, for development only\n\n\
             \x20 docs   {url}/docs/\n\
             \x20 try    curl -s -H \"Authorization: Bearer $({token})\" {url}/v1/me\n\
             \x20 keys   {state} (its folder clients has the names for --as)\n\
             \x20 data   {data}\n\
             {clock}\
             \x20 stop   Ctrl-C\n",
            version = env!("CARGO_PKG_VERSION"),
            state = self.state.display(),
        )
    }

    /// Stops the private database, if there is one.
    pub fn stop(self) -> Result<(), Failed> {
        self.database.map_or(Ok(()), PrivateServer::stop).map_err(Failed::from)
    }
}

impl From<PrivateServerError> for Failed {
    fn from(error: PrivateServerError) -> Self {
        match error {
            PrivateServerError::InUse { .. } | PrivateServerError::ProgramsNotFound => {
                Self::unusable(error.to_string())
            }
            other => Self::new(other.to_string()),
        }
    }
}

/// Starts the private PostgreSQL; a database that this build or these keys cannot read gives way to an empty one, and then
/// the second value is true.
fn private_database(state: &Path, keys_are_new: bool) -> Result<(PrivateServer, bool), Failed> {
    let server = PrivateServer::start(Settings::durable(state.join("postgres")))?;
    let noted = folder::read(&state.join(LANDED))?;
    let noted: Option<BTreeMap<String, String>> = noted.and_then(|it| serde_json::from_str(&it).ok());
    let why = match noted {
        _ if keys_are_new => "the keys to its data are gone",
        None => "nothing tells how it was made",
        Some(noted) if differs(&noted, &migration_digests()?) => {
            "it was made by migrations that have changed since"
        }
        Some(_) => return Ok((server, false)),
    };
    if !store_without_keys(server.url())?.is_blank()? {
        say(&format!("the private database starts anew: {why}"));
        start_anew(&server.url_of("postgres"), DATABASE)?;
    }
    Ok((server, true))
}

/// Whether a migration that ran is another one in this build, or none.
fn differs(noted: &BTreeMap<String, String>, ours: &BTreeMap<String, String>) -> bool {
    noted.iter().any(|(name, digest)| ours.get(name) != Some(digest))
}

fn other_agencies() -> Failed {
    Failed::unusable(
        "the database holds agencies that are not of the demo: the demo needs a database of its own",
    )
}

/// Loads the demo directory with the keys of the state folder, making those that are missing.
pub(super) fn load(store: &Store, state: &Path) -> Result<DemoLoad, Failed> {
    let demo = Demo::read().map_err(|error| Failed::new(format!("the demo directory: {error}")))?;
    let folder = state.join(CLIENTS);
    folder::make(&folder)?;
    let mut keys: BTreeMap<&str, ClientKey> = BTreeMap::new();
    for agency in &demo.agencies {
        keys.insert(&agency.client.id, key_of(agency, &folder.join(format!("{}.json", agency.client.id)))?);
    }
    Ok(store.load_demo(&demo, |client| keys.get(client.id.as_str()).cloned(), SystemClock.now())?)
}

/// The public key of a demo client, whose private key lies in this file or is made there.
fn key_of(agency: &DemoAgency, path: &Path) -> Result<ClientKey, Failed> {
    if let Some(text) = folder::read(path)? {
        let file: ClientFile = serde_json::from_str(&text).map_err(|error| {
            Failed::new(format!("{}: {error}: remove it to have another one made", path.display()))
        })?;
        return public_key(&file.private_key_pem).map_err(|why| {
            Failed::new(format!("{}: {why}: remove it to have another one made", path.display()))
        });
    }
    let (private_key_pem, public_pem) = new_key_pair().map_err(|error| Failed::new(error.to_string()))?;
    let key = super::client::client_key(&public_pem).map_err(Failed::new)?;
    let file = ClientFile {
        client_id: agency.client.id.clone(),
        kid: key.kid.clone(),
        agency: format!("{}/{}", agency.country, agency.code),
        private_key_pem: private_key_pem.to_string(),
        professional: agency.client.professional.clone(),
        purpose: agency.client.purpose,
    };
    let text = serde_json::to_string_pretty(&file).map(zeroize::Zeroizing::new);
    folder::write_new(path, &text.map_err(|error| Failed::new(error.to_string()))?)?;
    Ok(key)
}

/// A word of a shell command.
fn quoted(word: &str) -> String {
    let plain = word.bytes().all(|it| it.is_ascii_alphanumeric() || b"/._-+:@%".contains(&it));
    if plain && !word.is_empty() { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_migration_runs_and_a_changed_or_missing_one_starts_anew() {
        let of = |all: &[(&str, &str)]| all.iter().map(|(n, d)| ((*n).to_owned(), (*d).to_owned())).collect();
        let ours: BTreeMap<_, _> = of(&[("1_spine", "a"), ("2_more", "b")]);
        assert!(!differs(&of(&[("1_spine", "a")]), &ours));
        assert!(!differs(&ours, &ours));
        assert!(differs(&of(&[("1_spine", "x")]), &ours));
        assert!(differs(&of(&[("1_spine", "a"), ("3_gone", "c")]), &ours));
    }

    #[test]
    fn the_command_of_the_welcome_survives_a_shell() {
        assert_eq!(quoted("target/debug/trm"), "target/debug/trm");
        assert_eq!(quoted("my folder/o'trm"), r"'my folder/o'\''trm'");
    }
}
