//! The key file: the secrets of a node by version, one of them current. Written whole or not at all.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER_PERMISSIVE;
use zeroize::Zeroizing;

use super::{KEY_BYTES, random};

/// A secret that every key of a node is derived from.
pub(super) type Secret = Zeroizing<[u8; KEY_BYTES]>;

/// The highest version of a secret; each needs an epoch of blind indexes of its own.
const HIGHEST: u16 = 2_000;

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the key file cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// It does not hold 64 hexadecimal digits, or lines of version, state and 64 hexadecimal digits.
    #[error(
        "the key file holds neither 64 hexadecimal digits nor lines of version, state and 64 hexadecimal digits"
    )]
    Malformed,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// It has no secret of this version.
    #[error("the key file has no secret of version {0}")]
    NoSuchVersion(u16),
    /// The current secret cannot be retired.
    #[error("version {0} is the current one; make another one current first")]
    Current(u16),
}

/// The secrets of a node.
///
/// A file of 64 hexadecimal digits is version 1. Otherwise each line is a version, `current` or `known`, and 64
/// hexadecimal digits; exactly one line is current.
pub struct KeyFile {
    secrets: Vec<(u16, Secret)>,
    current: u16,
}

impl KeyFile {
    /// A single secret, as version 1.
    pub fn single(secret: &[u8]) -> Result<Self, KeyFileError> {
        let secret: [u8; KEY_BYTES] = secret.try_into().map_err(|_| KeyFileError::Malformed)?;
        Ok(Self { secrets: vec![(1, Zeroizing::new(secret))], current: 1 })
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        Self::parse(&Zeroizing::new(std::fs::read_to_string(path)?))
    }

    fn parse(text: &str) -> Result<Self, KeyFileError> {
        if !text.trim().contains(char::is_whitespace) {
            return Self::single(secret(text.trim())?.as_slice());
        }
        let (mut secrets, mut current) = (Vec::new(), None);
        for line in text.lines().filter(|it| !it.trim().is_empty()) {
            let mut words = line.split_whitespace();
            let (Some(version), Some(state), Some(digits), None) =
                (words.next(), words.next(), words.next(), words.next())
            else {
                return Err(KeyFileError::Malformed);
            };
            let version: u16 = version.parse().map_err(|_| KeyFileError::Malformed)?;
            let before = secrets.last().map_or(0, |(it, _): &(u16, Secret)| *it);
            match state {
                "current" if current.is_none() => current = Some(version),
                "known" => {}
                _ => return Err(KeyFileError::Malformed),
            }
            if version <= before || version > HIGHEST {
                return Err(KeyFileError::Malformed);
            }
            secrets.push((version, secret(digits)?));
        }
        Ok(Self { secrets, current: current.ok_or(KeyFileError::Malformed)? })
    }

    /// Puts this in the place of a file, readable by its owner only.
    pub fn write(&self, path: &Path) -> Result<(), KeyFileError> {
        let mut text = Zeroizing::new(String::new());
        for (version, secret) in &self.secrets {
            let state = if *version == self.current { "current" } else { "known" };
            let digits = Zeroizing::new(HEXLOWER_PERMISSIVE.encode(secret.as_slice()));
            // Writing to a string does not fail.
            let _ = writeln!(text, "{version} {state} {}", digits.as_str());
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let written = own(&beside).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        if let Err(error) = written.and_then(|()| std::fs::rename(&beside, path)) {
            // What is left of it holds secrets.
            let _ = std::fs::remove_file(&beside);
            return Err(error.into());
        }
        Ok(())
    }

    /// Adds a new secret that is known and not used yet; its version.
    pub fn add(&mut self) -> Result<u16, KeyFileError> {
        let version = self.secrets.last().map_or(1, |(it, _)| it + 1);
        if version > HIGHEST {
            return Err(KeyFileError::Malformed);
        }
        self.secrets.push((version, Zeroizing::new(random().ok_or(KeyFileError::NoRandomness)?)));
        Ok(version)
    }

    /// Makes a version the one that is used.
    pub fn make_current(&mut self, version: u16) -> Result<(), KeyFileError> {
        self.holds(version)?;
        self.current = version;
        Ok(())
    }

    /// Forgets a version. What is still wrapped by it cannot be opened any more.
    pub fn retire(&mut self, version: u16) -> Result<(), KeyFileError> {
        self.holds(version)?;
        if version == self.current {
            return Err(KeyFileError::Current(version));
        }
        self.secrets.retain(|(it, _)| *it != version);
        Ok(())
    }

    /// The version that is used.
    pub fn current(&self) -> u16 {
        self.current
    }

    /// Every version, oldest first.
    pub fn versions(&self) -> impl Iterator<Item = u16> {
        self.secrets.iter().map(|(version, _)| *version)
    }

    pub(super) fn secrets(&self) -> &[(u16, Secret)] {
        &self.secrets
    }

    fn holds(&self, version: u16) -> Result<(), KeyFileError> {
        let found = self.versions().any(|it| it == version);
        found.then_some(()).ok_or(KeyFileError::NoSuchVersion(version))
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyFile(current {})", self.current)
    }
}

fn secret(digits: &str) -> Result<Secret, KeyFileError> {
    let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).map_err(|_| KeyFileError::Malformed)?;
    let bytes = Zeroizing::new(bytes);
    bytes.as_slice().try_into().map(Zeroizing::new).map_err(|_| KeyFileError::Malformed)
}

/// A new file for its owner alone.
fn own(path: &Path) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0101010101010101010101010101010101010101010101010101010101010101";
    const TWO: &str = "0202020202020202020202020202020202020202020202020202020202020202";

    #[test]
    fn a_secret_alone_is_version_one() {
        let file = KeyFile::parse(&format!("{ONE}\n")).expect("a file");
        assert_eq!((file.current(), file.versions().collect::<Vec<_>>()), (1, vec![1]));
    }

    #[test]
    fn versions_are_added_used_and_retired_and_the_file_keeps_them() {
        let folder = std::env::temp_dir().join(format!("trm-keys-{}", crate::store::fresh_id()));
        std::fs::create_dir(&folder).expect("a folder");
        let path = folder.join("keys");
        std::fs::write(&path, ONE).expect("written");
        let mut file = KeyFile::read(&path).expect("read");
        assert_eq!(file.add().expect("added"), 2);
        assert_eq!(file.current(), 1, "known, not used");
        assert!(matches!(file.retire(1), Err(KeyFileError::Current(1))));
        file.make_current(2).expect("used");
        assert!(matches!(file.make_current(3), Err(KeyFileError::NoSuchVersion(3))));
        file.write(&path).expect("written");
        let mut again = KeyFile::read(&path).expect("read");
        assert_eq!((again.current(), again.versions().collect::<Vec<_>>()), (2, vec![1, 2]));
        assert_eq!(again.secrets().first().map(|it| it.1[0]), Some(1));
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().expect("there").permissions());
        assert_eq!(mode & 0o777, 0o600);
        again.retire(1).expect("retired");
        again.write(&path).expect("written");
        let last = KeyFile::read(&path).expect("read");
        assert_eq!((last.current(), last.versions().collect::<Vec<_>>()), (2, vec![2]));
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left beside it");
        std::fs::remove_dir_all(&folder).expect("removed");
    }

    #[test]
    fn what_is_no_key_file_is_refused() {
        for text in [
            "",
            "0101",
            &format!("1 known {ONE}"),
            &format!("1 current {ONE}\n2 current {TWO}"),
            &format!("2 current {ONE}\n1 known {TWO}"),
            &format!("1 current {ONE}\n1 known {TWO}"),
            &format!("1 current {ONE} more"),
            &format!("1 old {ONE}\n2 current {TWO}"),
            &format!("2001 current {ONE}\n"),
            &format!("-1 current {ONE}\n"),
            &format!("1 current {}", &ONE[2..]),
        ] {
            assert!(matches!(KeyFile::parse(text), Err(KeyFileError::Malformed)), "{text}");
        }
    }
}
