//! Notes: written once. What was wrong is corrected by another note, and both stay.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Content, Filing, check_class};
use crate::{
    Check, EntryId,
    vocabulary::{DataClass, EntryKind},
};

/// A note on the child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The class of data that it belongs to.
    pub category: DataClass,
    /// The note.
    pub text: String,
    /// The note that it corrects.
    pub corrects: Option<EntryId>,
}

impl Content for Note {
    const KIND: EntryKind = EntryKind::Note;

    fn class(&self) -> DataClass {
        self.category
    }

    fn payload(&self) -> Value {
        json!({ "category": self.category })
    }

    fn check(&self, check: &mut Check, at: &Filing<'_>) {
        check_class(check, self.category, at);
    }
}
