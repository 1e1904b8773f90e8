//! `trm keys`: replacing the node's secret while the node serves.

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::{Args, Subcommand};
use persistence::{KeyFile, KeyFileError, NodeKeys, Store};

use super::{Failed, say, settings::DatabaseSettings};
use crate::node::{Clock as _, SystemClock};

const EXAMPLES: &str = "\
The versions are lines of the key file, which every command takes: --node-key-file, or TRM_NODE_KEY_FILE. Every instance
of the node must read the same one.

The order, with every instance of the node started again after the first and the second:
  export TRM_NODE_KEY_FILE=/etc/trm/node-key
  trm keys add
  trm keys use 2
  trm keys rewrap
  trm keys retire 1";

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum KeysCommand {
    /// Show the versions of the node's secret and what rests on each
    List(WithDatabase),
    /// Add a new version to the key file, known and not used yet
    Add(File),
    /// Use a version for what is written from now on
    Use {
        /// The version
        version: u16,
        #[command(flatten)]
        file: File,
    },
    /// Wrap every data key and index every child with the version in use; the node may serve meanwhile
    Rewrap(WithDatabase),
    /// Forget a version that nothing rests on any more
    Retire {
        /// The version
        version: u16,
        #[command(flatten)]
        at: WithDatabase,
    },
}

#[derive(Args, Debug)]
pub(super) struct File {
    /// File with the node's secrets
    #[arg(long, env = "TRM_NODE_KEY_FILE", value_name = "FILE")]
    node_key_file: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct WithDatabase {
    #[command(flatten)]
    file: File,
    #[command(flatten)]
    database: DatabaseSettings,
}

impl File {
    fn read(&self) -> Result<KeyFile, Failed> {
        KeyFile::read(&self.node_key_file).map_err(|error| self.failed(&error))
    }

    fn change<T>(&self, change: impl Fn(&mut KeyFile) -> Result<T, KeyFileError>) -> Result<T, Failed> {
        let mut file = self.read()?;
        let changed = change(&mut file).and_then(|it| file.write(&self.node_key_file).map(|()| it));
        changed.map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &KeyFileError) -> Failed {
        Failed::new(format!("{}: {error}", self.node_key_file.display()))
    }
}

impl WithDatabase {
    /// A store with the keys of the node.
    pub(super) fn store(&self) -> Result<Store, Failed> {
        let keys = NodeKeys::of(&self.file.read()?).map_err(|error| self.file.failed(&error))?;
        let url = self.database.url().map_err(Failed::unusable)?;
        let settings = persistence::Settings { url, connections: 1, wait: Duration::from_secs(3) };
        Ok(Store::open(settings, Arc::new(keys)))
    }
}

/// Runs one of the commands.
pub(super) fn keys(command: &KeysCommand) -> Result<(), Failed> {
    match command {
        KeysCommand::List(at) => list(at),
        KeysCommand::Add(file) => {
            let version = file.change(KeyFile::add)?;
            say(&format!(
                "version {version} is known; start every instance again, then `trm keys use {version}`"
            ));
            Ok(())
        }
        KeysCommand::Use { version, file } => {
            file.change(|it| it.make_current(*version))?;
            say(&format!("version {version} is used; start every instance again, then `trm keys rewrap`"));
            Ok(())
        }
        KeysCommand::Rewrap(at) => {
            let store = at.store()?;
            say(&format!("{} data keys were wrapped anew", store.rewrap_data_keys()?));
            say(&format!("{} children were indexed anew", store.index_children(SystemClock.now())?));
            Ok(())
        }
        KeysCommand::Retire { version, at } => retire(*version, at),
    }
}

fn list(at: &WithDatabase) -> Result<(), Failed> {
    let (file, store) = (at.file.read()?, at.store()?);
    for version in file.versions() {
        let state = if version == file.current() { "current" } else { "known" };
        let rests = store.rests_on(version)?;
        say(&format!(
            "version {version} {state}: {} data keys, {} children in blind indexes",
            rests.data_keys, rests.children
        ));
    }
    Ok(())
}

fn retire(version: u16, at: &WithDatabase) -> Result<(), Failed> {
    let rests = at.store()?.rests_on(version)?;
    if !rests.is_nothing() {
        return Err(Failed::new(format!(
            "{} data keys and {} children in blind indexes rest on version {version}: `trm keys rewrap` comes first",
            rests.data_keys, rests.children
        )));
    }
    at.file.change(|it| it.retire(version))?;
    say(&format!("version {version} is retired; start every instance again"));
    Ok(())
}
