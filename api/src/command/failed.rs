//! Why a command did not come to its end.

use std::{fmt, process::ExitCode};

use persistence::StoreError;

/// Why a command did not come to its end, in words for its user.
#[derive(Debug)]
pub(super) struct Failed {
    why: Vec<String>,
    code: u8,
}

impl Failed {
    /// It was tried and did not work.
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: vec![why.into()], code: 1 }
    }

    /// It was not tried: something has to be set, freed or asked in another way first.
    pub fn unusable(why: impl Into<String>) -> Self {
        Self { why: vec![why.into()], code: 2 }
    }

    /// Everything that has to be set first.
    pub fn settings(why: Vec<String>) -> Self {
        Self { why, code: 2 }
    }

    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(self.code)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why.as_slice() {
            [only] => f.write_str(only),
            all => {
                f.write_str("some settings are missing or wrong:")?;
                all.iter().try_for_each(|it| write!(f, "\n  - {it}"))
            }
        }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::new(match error {
            StoreError::Unavailable => "the database that DATABASE_URL names cannot be reached".to_owned(),
            other => other.to_string(),
        })
    }
}
