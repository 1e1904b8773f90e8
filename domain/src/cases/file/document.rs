//! Documents: what is said of a file, and whether the bytes that came are the ones that were announced.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Content, Entry, Filing, check_class};
use crate::{
    Check, Day, Decided, Refused, Timestamp, Violation,
    events::{EventType, Fact, SubjectKind},
    vocabulary::{DataClass, EntryKind, FileDocumentKind, MediaType},
};

/// The largest document, in bytes.
pub const LARGEST_DOCUMENT: usize = 10 * 1024 * 1024;

/// What is said of a document before its bytes come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The class of data that it belongs to.
    pub category: DataClass,
    /// What it is.
    pub kind: FileDocumentKind,
    /// Its title.
    pub title: String,
    /// The day on which it was issued.
    pub issued_on: Option<Day>,
    /// The type of file.
    pub media_type: MediaType,
    /// Its length in bytes.
    pub length: u32,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// That the bytes of a document have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredContent {
    /// When.
    pub stored_at: Timestamp,
}

impl Content for Document {
    const KIND: EntryKind = EntryKind::Document;

    fn class(&self) -> DataClass {
        self.category
    }

    fn payload(&self) -> Value {
        json!({ "category": self.category })
    }

    fn check(&self, check: &mut Check, at: &Filing<'_>) {
        check_class(check, self.category, at);
        let fits = (1..=LARGEST_DOCUMENT).contains(&(self.length as usize));
        check.require(fits, || {
            Violation::plain("too_large", "/length", "a document has between 1 byte and 10 MiB")
        });
        let past = |it: Day| at.now.date().next_day().is_none_or(|limit| it.0 <= limit);
        check.require(self.issued_on.is_none_or(past), || {
            Violation::plain("in_the_future", "/issuedOn", "the day lies in the future")
        });
    }
}

impl Entry<Document> {
    /// Takes the bytes, if they are the announced ones: length, digest and type. They come once.
    pub fn store(
        &self,
        bytes: &[u8],
        digest: &str,
        before: Option<StoredContent>,
        at: &Filing<'_>,
    ) -> Result<Decided<StoredContent>, Refused> {
        at.case.live()?;
        let said = &self.content;
        let mut check = Check::default();
        check.require(bytes.len() == said.length as usize, || {
            Violation::plain("length_differs", "", "the document is not as long as was announced")
        });
        check.require(digest == said.sha256, || {
            Violation::plain("digest_differs", "", "the bytes are not those that were announced")
        });
        check.require(looks_like(said.media_type, bytes), || {
            Violation::plain("type_differs", "", "the bytes are not a file of the announced type")
        });
        let warnings = check.done()?;
        if let Some(stored) = before {
            return Ok(Decided::new(stored, Vec::new(), warnings));
        }
        let fact = Fact {
            event: EventType::DocumentStored,
            subject: SubjectKind::Document,
            subject_id: self.id.0,
            version: self.version.0,
            case: Some(self.case),
            audience: said.audience(at),
            payload: said.payload(),
        };
        Ok(Decided::new(StoredContent { stored_at: at.now }, vec![fact], warnings))
    }
}

/// Whether bytes begin as files of a type do; a text is UTF-8 without control characters that no text has.
fn looks_like(media: MediaType, bytes: &[u8]) -> bool {
    match media {
        MediaType::Pdf => bytes.starts_with(b"%PDF-"),
        MediaType::Jpeg => bytes.starts_with(&[0xFF, 0xD8, 0xFF]),
        MediaType::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        MediaType::Text => std::str::from_utf8(bytes)
            .is_ok_and(|it| !it.chars().any(|c| c.is_control() && !['\n', '\r', '\t'].contains(&c))),
    }
}
