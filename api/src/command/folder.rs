//! The folder of a demo node: closed to everybody else, and so is every file that is made in it.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use persistence::demo::DemoProfessional;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use super::Failed;

/// What a demo client needs to get tokens, as it lies in the state folder.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ClientFile {
    pub client_id: String,
    pub kid: String,
    /// Country and code.
    pub agency: String,
    pub private_key_pem: String,
    pub professional: DemoProfessional,
    pub purpose: domain::vocabulary::Purpose,
}

impl Drop for ClientFile {
    fn drop(&mut self) {
        self.private_key_pem.zeroize();
    }
}

/// Makes a folder that only we can open, unless it is there.
pub(super) fn make(folder: &Path) -> Result<(), Failed> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.map_err(|error| refused("make", folder, &error))
}

/// Writes a new file that only we can open; an existing one is left alone and refused.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Failed> {
    let file = File::options().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut it| it.write_all(text.as_bytes())).map_err(|error| refused("write", path, &error))
}

/// Writes a file as a whole or not at all, in place of the one that is there.
pub(super) fn write_over(path: &Path, text: &str) -> Result<(), Failed> {
    let fresh = path.with_extension("new");
    fs::remove_file(&fresh)
        .or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) })
        .map_err(|error| refused("replace", &fresh, &error))?;
    write_new(&fresh, text)?;
    fs::rename(&fresh, path).map_err(|error| refused("write", path, &error))
}

/// The text of a file, or nothing when there is none.
pub(super) fn read(path: &Path) -> Result<Option<Zeroizing<String>>, Failed> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(refused("read", path, &error)),
    }
}

fn refused(act: &str, path: &Path, error: &io::Error) -> Failed {
    Failed::new(format!("cannot {act} {}: {error}", path.display()))
}
