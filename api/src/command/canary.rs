//! `trm canary`: invented cases that nobody has a reason to open.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::{
    Reference,
    cases::{Identity, Whereabouts},
    identification::{NewScreening, Observation},
    text::Country,
};
use persistence::{
    StoreError,
    canaries::{Canary, CanaryError, NewCanary},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Failed, client, erase, folder, keys::WithDatabase, say, settings::DatabaseSettings, store_without_keys,
};
use crate::node::{Clock as _, SystemClock};

const EXAMPLES: &str = "\
Examples:
  trm canary add --agency EE/demo-police-north --child invented.json --by 'Mari Maasikas'
  trm canary list
  trm canary remove --case 7K3M-Q9ZD-2F4Y --by 'Mari Maasikas'

invented.json, which nobody needs any more afterwards:
  { \"professional\": \"p-4711\", \"judgement\": \"He is afraid and does not say of whom.\",
    \"child\": { \"name\": { \"given\": \"Olek\", \"family\": \"Vymyshlenyi\" }, \"birthDate\": \"2013-05\", \"sex\": \"male\" },
    \"whereabouts\": { \"accommodationType\": \"emergency_shelter_child\", \"address\": \"Invented Street 9\" } }

Needs the user that owns the tables. Give the child what other children have, and what no real child has.";

#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(super) enum CanaryCommand {
    /// Take an invented child in, in the name of an agency
    Add(AddArgs),
    /// Show the canaries, and who opened them
    List(DatabaseSettings),
    /// Stop watching a canary
    Remove(RemoveArgs),
}

#[derive(Args, Debug)]
pub(super) struct AddArgs {
    /// The agency, as country and code
    #[arg(long, value_name = "EE/CODE", value_parser = client::agency)]
    agency: (Country, String),
    /// File with what is invented
    #[arg(long, value_name = "FILE")]
    child: PathBuf,
    /// Who makes it
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    at: WithDatabase,
}

#[derive(Args, Debug)]
pub(super) struct RemoveArgs {
    /// Reference of the case
    #[arg(long, value_name = "REFERENCE", value_parser = erase::reference)]
    case: Reference,
    /// Who ends it
    #[arg(long, value_name = "NAME")]
    by: String,
    #[command(flatten)]
    database: DatabaseSettings,
}

/// What a file says of an invented child, in the words of the contract.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InventedFile {
    /// Who is said to have met the child, as the agency names its people.
    professional: String,
    #[serde(default)]
    observations: Vec<Observation>,
    judgement: Option<String>,
    notes: Option<String>,
    talk_minutes: Option<u16>,
    child: Value,
    #[serde(default)]
    whereabouts: Value,
}

/// Runs one of the commands.
pub(super) fn canary(command: CanaryCommand) -> Result<(), Failed> {
    match command {
        CanaryCommand::Add(args) => add(args),
        CanaryCommand::List(database) => {
            let store = store_without_keys(database.url().map_err(Failed::unusable)?)?;
            for it in store.canaries()? {
                tell(&it);
            }
            Ok(())
        }
        CanaryCommand::Remove(args) => {
            let store = store_without_keys(args.database.url().map_err(Failed::unusable)?)?;
            store.end_canary(&args.case, &args.by, SystemClock.now())?;
            say(&format!(
                "{0} is watched no more; the case stays until a supervisor has marked it as entered in error and\n\
                 `trm erase --case {0} --reason entered_in_error` is run",
                args.case
            ));
            Ok(())
        }
    }
}

fn add(args: AddArgs) -> Result<(), Failed> {
    let text = folder::read(&args.child)?;
    let text = text.ok_or_else(|| Failed::new(format!("there is no file {}", args.child.display())))?;
    let file = read(&text).map_err(|why| in_file(&args.child, &why))?;
    let (identity, whereabouts) = (file.identity, file.whereabouts);
    let new = NewCanary {
        agency: args.agency,
        professional: file.professional,
        screening: file.screening,
        identity,
        whereabouts,
        made_by: args.by,
    };
    tell(&args.at.store()?.add_canary(&new, || SystemClock.now())?);
    Ok(())
}

struct Read {
    professional: String,
    screening: NewScreening,
    identity: Identity,
    whereabouts: Whereabouts,
}

fn read(text: &str) -> Result<Read, String> {
    let file: InventedFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let subject = &file.professional;
    if subject.is_empty() || subject.chars().count() > 100 || subject.chars().any(char::is_control) {
        return Err("professional: 1 to 100 characters".to_owned());
    }
    Ok(Read {
        identity: exactly("child", file.child)?,
        whereabouts: exactly("whereabouts", file.whereabouts)?,
        professional: file.professional,
        screening: NewScreening {
            concern: None,
            observations: file.observations,
            acts: Vec::new(),
            controlling_person: false,
            judgement: file.judgement,
            talk_minutes: file.talk_minutes,
            notes: file.notes,
        },
    })
}

/// A value in which every member that is given is known: a child without the name that somebody misspelled is not the one
/// that was invented.
fn exactly<T: DeserializeOwned + Serialize + Default>(what: &str, given: Value) -> Result<T, String> {
    if given.is_null() {
        return Ok(T::default());
    }
    let value: T = serde_json::from_value(given.clone()).map_err(|error| format!("{what}: {error}"))?;
    let kept = serde_json::to_value(&value).map_err(|error| format!("{what}: {error}"))?;
    let lost = given.as_object().into_iter().flatten().find(|(name, _)| kept.get(*name).is_none());
    lost.map_or(Ok(value), |(name, _)| Err(format!("{what}: {name} is not known")))
}

fn in_file(path: &Path, why: &str) -> Failed {
    Failed::new(format!("{}: {why}", path.display()))
}

fn tell(it: &Canary) {
    let (country, code) = &it.agency;
    say(&format!("{} {} of {country}/{code}, made {} by {}", it.reference, it.case, it.made.0, it.made.1));
    if let Some((at, by)) = &it.ended {
        say(&format!("  watched no more since {at}, by {by}"));
    }
    for alarm in &it.alarms {
        let who = alarm.professional.map_or_else(|| "a system".to_owned(), |it| format!("professional {it}"));
        say(&format!("  opened {} by {who} of agency {}", alarm.at, alarm.agency));
    }
}

impl From<CanaryError> for Failed {
    fn from(error: CanaryError) -> Self {
        match error {
            CanaryError::Store(StoreError::NotFound) => {
                Self::new("there is no such agency with a system that may call, or no such canary")
            }
            CanaryError::Store(error) => error.into(),
            CanaryError::Refused(_) => Self::new(format!("refused: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_read_whole_and_nothing_that_is_misspelled_is_lost() {
        let (_, example) = EXAMPLES.split_once("afterwards:").expect("a file");
        let (example, _) = example.split_once("\n\n").expect("its end");
        let file = read(example).expect("an invented child");
        assert_eq!(file.identity.name.expect("a name").given.as_deref(), Some("Olek"));
        assert!(file.identity.birth_date.is_some() && file.whereabouts.address.is_some());
        for (good, bad) in [
            ("birthDate", "birthdate"),
            ("address", "adress"),
            ("judgement", "judgment"),
            ("p-4711", ""),
            ("male", "boy"),
        ] {
            assert!(read(&example.replace(good, bad)).is_err(), "{bad}");
        }
    }
}
