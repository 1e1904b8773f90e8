//! Answers: a representation with its tag, made once for GET, create and act.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::header::{self, HeaderName, HeaderValue},
};
use data_encoding::BASE64URL_NOPAD;
use persistence::NodeKeys;
use serde::Serialize;

/// A strong validator of what a caller sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag(String);

impl Tag {
    /// The tag of what is described by its kind, id, versions and how much of it is seen.
    pub fn of(keys: &NodeKeys, seen: &str) -> Self {
        Self(BASE64URL_NOPAD.encode(&keys.etag(seen.as_bytes())))
    }

    /// As a header value.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }

    /// Whether a header value names this tag, whether or not agencies were named in what it was given with.
    pub fn is(&self, header: &str) -> bool {
        let bare = header.trim().strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        bare.is_some_and(|it| it == self.0 || it.strip_suffix(UNNAMED) == Some(self.0.as_str()))
    }

    /// The tag, as a header has it, of the same in which an agency is not named: another answer, so another tag.
    pub fn unnamed(quoted: &str) -> String {
        let bare = quoted.strip_suffix('"').unwrap_or(quoted);
        format!("{bare}{UNNAMED}\"")
    }
}

/// Ends the tag of an answer in which an agency is not named.
const UNNAMED: &str = "_h";

/// A representation with the tag of what is seen of it.
#[derive(Debug)]
pub struct Shown<T> {
    /// What is shown.
    pub body: T,
    /// Its tag.
    pub tag: Tag,
    /// Its id, where an earlier request made it.
    pub id: Option<uuid::Uuid>,
    /// The case that it tells of, for the access log.
    pub case: Option<domain::CaseId>,
    /// The sections that it shows, for the access log.
    pub sections: Vec<domain::vocabulary::DataClass>,
    /// Whether it was counted for the quota of whoever is shown it, with its lines, as it was made.
    pub counts: bool,
    /// Whether it is above that quota, so that where the child is is withheld.
    pub above_quota: bool,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    status: u16,
    media_type: &'static str,
    body: Vec<u8>,
    headers: Vec<(HeaderName, String)>,
}

/// Bytes that nobody but the receiver looks into.
pub const OCTETS: &str = "application/octet-stream";

static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

impl Answer {
    /// 200 with a body.
    pub fn ok<T: Serialize>(body: &T) -> Self {
        Self { status: 200, media_type: "application/json", body: to_bytes(body), headers: Vec::new() }
    }

    /// 200 with a file to keep: no browser shows it, whatever it is.
    pub fn file(bytes: Vec<u8>) -> Self {
        Self { status: 200, media_type: OCTETS, body: bytes, headers: Vec::new() }
            .with(header::CONTENT_DISPOSITION, "attachment")
    }

    /// 200 with a representation.
    pub fn shown<T: Serialize>(shown: &Shown<T>) -> Self {
        Self::ok(&shown.body).with(header::ETAG, shown.tag.quoted())
    }

    /// 201 with the new representation and its place.
    pub fn created<T: Serialize>(shown: &Shown<T>, location: String) -> Self {
        let mut answer = Self::shown(shown).with(header::LOCATION, location);
        answer.status = 201;
        answer
    }

    /// Marks the answer as that of an earlier request.
    #[must_use]
    pub fn replayed(self) -> Self {
        self.with(REPLAYED.clone(), "true")
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

fn to_bytes<T: Serialize>(body: &T) -> Vec<u8> {
    // A view holds strings, numbers and maps with text keys: writing it to memory cannot fail.
    serde_json::to_vec(body).unwrap_or_default()
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::build(status(self.status));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                answer.append_header((name, value));
            }
        }
        answer.content_type(self.media_type).body(self.body)
    }
}

fn status(code: u16) -> actix_web::http::StatusCode {
    actix_web::http::StatusCode::from_u16(code).unwrap_or(actix_web::http::StatusCode::INTERNAL_SERVER_ERROR)
}
