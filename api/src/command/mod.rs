//! The command line. Secrets are read from files and never named in arguments.

mod audit;
mod background;
mod canary;
mod client;
mod demo;
mod due;
mod erase;
mod failed;
mod folder;
mod keys;
mod logging;
mod migrate;
mod serve;
pub mod settings;
mod shutdown;
mod token;

use std::{io::Write as _, process::ExitCode, sync::Arc, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};
use persistence::{NodeKeys, Store};

use self::failed::Failed;
use crate::contract::{self, Contract, Edition};

/// Node of a referral mechanism for child victims of trafficking
#[derive(Debug, Parser)]
#[command(
    name = "trm",
    version,
    arg_required_else_help = true,
    after_help = "\
Start with invented data and a PostgreSQL of its own:\n  trm serve --demo\n\n\
Every setting can be a flag or an environment variable; `trm serve --help` lists them."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::ServeArgs),
    /// Bring the schema of the database up to date
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://trm@db.example/trm trm migrate")]
    Migrate(settings::DatabaseSettings),
    /// Print the contract, OpenAPI 3.1
    #[command(after_help = "Example:\n  trm openapi > openapi.yaml")]
    Openapi {
        /// The form of the document
        #[arg(long, value_enum, default_value_t = Format::Yaml)]
        format: Format,
        /// That of a sandbox node, with its test clock
        #[arg(long)]
        sandbox: bool,
    },
    /// Load the invented demo directory into an empty database
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://trm@localhost/trm_play trm demo-data")]
    DemoData(demo::DemoDataArgs),
    /// Register calling systems
    #[command(subcommand)]
    Client(client::ClientCommand),
    /// Export and verify the sealed logs
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Replace the node's secret
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Invent cases that raise an alarm when somebody opens them
    #[command(subcommand)]
    Canary(canary::CanaryCommand),
    /// Destroy what is known of a child, in every case of it
    #[command(after_help = erase::EXAMPLES)]
    Erase(erase::EraseArgs),
    /// Get an access token as a demo client and print it
    #[command(after_help = token::EXAMPLES)]
    Token(token::TokenArgs),
    /// Explain when a time limit ends
    #[command(after_help = due::EXAMPLES)]
    Due(due::DueArgs),
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Yaml,
    Json,
}

/// Runs the command that the arguments name. Exits with 0, with 1 when it failed, with 2 when it was asked in vain:
/// wrong arguments or settings, or a port that is taken.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(args) => serve::serve(args),
        Command::Migrate(database) => migrate::migrate(&database),
        Command::Openapi { format, sandbox } => openapi(format, sandbox),
        Command::DemoData(args) => demo::demo_data(&args),
        Command::Client(client::ClientCommand::Add(args)) => client::add(&args),
        Command::Audit(command) => audit::audit(command),
        Command::Keys(command) => keys::keys(&command),
        Command::Canary(command) => canary::canary(command),
        Command::Erase(args) => erase::erase(args),
        Command::Token(args) => token::token(&args),
        Command::Due(args) => due::due(args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            // Nobody is left to tell when this fails.
            let _ = writeln!(std::io::stderr(), "trm: {failed}");
            failed.code()
        }
    }
}

fn openapi(format: Format, sandbox: bool) -> Result<(), Failed> {
    let edition = if sandbox { Edition::Sandbox } else { Edition::Production };
    let document = Contract::get(edition).document();
    let text = match format {
        Format::Yaml => contract::yaml(&document).map_err(|error| Failed::new(error.to_string()))?,
        Format::Json => {
            serde_json::to_string_pretty(&document).map_err(|error| Failed::new(error.to_string()))?
        }
    };
    say(text.trim_end());
    Ok(())
}

/// Prints lines to standard output; a reader that has gone away is no failure.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The database for commands that read and write nothing sealed: their keys are random and forgotten.
fn store_without_keys(database_url: String) -> Result<Store, Failed> {
    let mut secret = zeroize::Zeroizing::new([0; 32]);
    aws_lc_rs::rand::fill(secret.as_mut_slice())
        .map_err(|_| Failed::new("the system gives no randomness"))?;
    let keys = NodeKeys::derive(secret.as_slice()).map_err(|error| Failed::new(error.to_string()))?;
    Ok(open_store(database_url, 1, keys))
}

fn open_store(url: String, connections: u32, keys: NodeKeys) -> Store {
    Store::open(persistence::Settings { url, connections, wait: Duration::from_secs(3) }, Arc::new(keys))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_holds_together_and_every_command_shows_an_example() {
        let mut cli = Cli::command();
        cli.build();
        cli.clone().debug_assert();
        for command in
            cli.get_subcommands().filter(|it| !["help", "client", "audit"].contains(&it.get_name()))
        {
            let example = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(example.contains("trm "), "{} shows no example", command.get_name());
        }
    }
}
