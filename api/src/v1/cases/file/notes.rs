//! Notes, written once: a correction is another note.

use actix_web::{get, post, web::Path};
use domain::{
    AgencyId, CaseId, EntryId, ProfessionalId, Timestamp,
    access::{Depth, Relation},
    cases::{
        Case,
        file::{Entry, FILED, Note},
    },
    text::Text,
    vocabulary::DataClass,
};
use persistence::{StoreError, Tx};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{Filed, filter_of, seen};
use crate::{
    call::{Call, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Json, Query},
    v1::common::{AsOfQuery, listed, page},
};

/// A note.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "category": "d14_risk_safety", "text": "The van was seen at the school gate again." }))]
pub struct CreateNote {
    /// The class of data that it belongs to: whoever reads the class whole reads the note, and whoever reads a summary of it is
    /// told that it is there.
    pub category: DataClass,
    /// The note.
    pub text: Text<8000>,
    /// The note that it corrects; both stay.
    pub corrects_id: Option<EntryId>,
}

/// A note on the child. Whoever reads no more than a summary of its class is told that it is there, by whom and since when, and
/// can ask those who wrote it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Note)]
#[serde(rename_all = "camelCase")]
pub struct NoteView {
    /// Its id.
    pub id: EntryId,
    /// The case.
    pub case_id: CaseId,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// The agency that wrote it.
    pub agency_id: AgencyId,
    /// Who wrote it; not in a summary.
    pub professional_id: Option<ProfessionalId>,
    /// The class of data that it belongs to.
    pub category: DataClass,
    /// The note; not in a summary.
    #[schema(max_length = 8000)]
    pub text: Option<String>,
    /// The note that it corrects; not in a summary.
    pub corrects_id: Option<EntryId>,
    /// Whether this is the summary only: that there is such a note.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of notes, newest first.
    NotePage as NotePage of NoteView
}

impl Filed for Note {
    type View = NoteView;
    const CLASSES: &'static [DataClass] = FILED;
    const SUMMARISED: bool = true;

    fn render(_: &mut Tx<'_>, entries: Vec<(Entry<Self>, Depth)>) -> Result<Vec<NoteView>, Failure> {
        Ok(entries.into_iter().map(|(entry, depth)| view(entry, depth == Depth::Full)).collect())
    }

    fn warn(view: &mut NoteView, found: Option<Vec<ViolationView>>) {
        view.warnings = found;
    }
}

fn view(entry: Entry<Note>, whole: bool) -> NoteView {
    let it = entry.content;
    NoteView {
        id: entry.id,
        case_id: entry.case,
        recorded_at: entry.recorded_at,
        agency_id: entry.agency,
        professional_id: entry.professional.filter(|_| whole),
        category: it.category,
        text: whole.then_some(it.text),
        corrects_id: it.corrects.filter(|_| whole),
        summary_only: !whole,
        warnings: None,
    }
}

/// Write a note
///
/// It is written once: nobody can change or remove it. What was wrong is corrected by another note.
#[utoipa::path(
    operation_id = "createNote", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateNote, responses((status = 201, description = "The note.", body = NoteView))
)]
#[post("/v1/cases/{id}/notes")]
pub async fn create_note(call: Call, id: Path<String>, body: Json<CreateNote>) -> Result<Answer, Failure> {
    let new = body.value;
    let content = Note { category: new.category, text: new.text.into(), corrects: new.corrects_id };
    let corrects = move |tx: &mut Tx<'_>, case: &Case, relation: &Relation| {
        let Some(corrected) = new.corrects_id else { return Ok(()) };
        // Whoever cannot read what a note says does not say that it is wrong.
        let mut read = seen::<Note>(&tx.cx.caller, relation)?;
        read.retain(|it| it.1 == Depth::Full);
        match tx.entry::<Note>(case, corrected, &filter_of(&read, None)) {
            Err(StoreError::NotFound) => Err(Failure::reference("/correctsId")),
            other => Ok(other.map(drop)?),
        }
    };
    super::create(call, (&id, "notes"), &body.canonical, content, corrects).await
}

/// The notes on a child
///
/// Newest first; of a class of which the caller reads a summary, that there is a note, by whom and since when.
#[utoipa::path(
    operation_id = "listNotes", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of notes.", body = NotePage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/notes")]
pub async fn list_notes(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (found, link) = super::list::<Note>(call, &id, at.0.as_of, page.0).await?;
    Ok(listed(&NotePage::from(found), link))
}

/// A note
///
/// One note, as far as the caller reads its class.
#[utoipa::path(
    operation_id = "getNote", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("noteId" = EntryId, Path, description = "The note.")),
    responses((status = 200, description = "The note.", body = NoteView))
)]
#[get("/v1/cases/{id}/notes/{noteId}")]
pub async fn get_note(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    super::get::<Note>(call, &ids, None).await
}
