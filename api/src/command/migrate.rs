//! `trm migrate`.

use super::{Failed, say, settings::DatabaseSettings, store_without_keys};

/// Brings the schema up to date and says which migrations ran.
pub(super) fn migrate(database: &DatabaseSettings) -> Result<(), Failed> {
    let url = database.url().map_err(Failed::unusable)?;
    let ran = store_without_keys(url)?.migrate()?;
    if ran.is_empty() {
        say("the schema is up to date");
    }
    for name in ran {
        say(&format!("ran migration {name}"));
    }
    Ok(())
}
