//! Documents: announced with digest, length and type, then sent as bytes; kept sealed.

use std::collections::HashMap;

use actix_web::{get, post, put, web::Path};
use data_encoding::HEXLOWER;
use domain::{
    AgencyId, CaseId, Day, EntryId, ProfessionalId, Timestamp,
    access::Depth,
    cases::file::{Document, Entry, FILED, Filing, LARGEST_DOCUMENT, StoredContent},
    text::Line,
    vocabulary::{DataClass, FileDocumentKind, MediaType},
};
use persistence::{Tx, sha256};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::ToSchema;
use validator::Validate;

use super::{Filed, load, shown};
use crate::{
    call::{Call, Download, PageQuery},
    failure::{Failure, ViolationView},
    http::{Answer, Binary, Json, Query, Shown},
    problems,
    v1::{
        cases::writable,
        common::{AsOfQuery, listed, page, path_id},
    },
};

/// What is said of a document before its bytes come.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "category": "d4_exploitation_narrative", "kind": "police_report", "title": "Report of the patrol",
    "issuedOn": "2026-11-24", "mediaType": "text", "length": 20,
    "sha256": "69c5dc7c5b40b728a76de2860e469e7507b749d98eae3b7d64ae6793fa5ba244"
}))]
pub struct CreateDocument {
    /// The class of data that it belongs to: whoever reads the class whole reads the document, and whoever reads a summary of it
    /// is told that it is there.
    pub category: DataClass,
    /// What it is.
    pub kind: FileDocumentKind,
    /// Its title.
    pub title: Line<200>,
    /// The day on which it was issued.
    pub issued_on: Option<Day>,
    /// The type of file.
    pub media_type: MediaType,
    /// Its length in bytes, at most 10 MiB.
    #[schema(minimum = 1, maximum = 10_485_760)]
    pub length: u32,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    #[schema(
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$",
        example = "69c5dc7c5b40b728a76de2860e469e7507b749d98eae3b7d64ae6793fa5ba244"
    )]
    pub sha256: String,
}

/// A document of the case file. Whoever reads no more than a summary of its class is told that it is there, by whom and since
/// when, and can ask those who announced it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Document)]
#[serde(rename_all = "camelCase")]
pub struct DocumentView {
    /// Its id.
    pub id: EntryId,
    /// The case.
    pub case_id: CaseId,
    /// When it was announced.
    pub recorded_at: Timestamp,
    /// The agency that recorded it.
    pub agency_id: AgencyId,
    /// Who recorded it; not in a summary.
    pub professional_id: Option<ProfessionalId>,
    /// The class of data that it belongs to.
    pub category: DataClass,
    /// What it is; not in a summary.
    pub kind: Option<FileDocumentKind>,
    /// Its title; not in a summary.
    #[schema(max_length = 200)]
    pub title: Option<String>,
    /// The day on which it was issued; not in a summary.
    pub issued_on: Option<Day>,
    /// The type of file; not in a summary.
    pub media_type: Option<MediaType>,
    /// Its length in bytes; not in a summary.
    #[schema(minimum = 1, maximum = 10_485_760)]
    pub length: Option<u32>,
    /// SHA-256 of its bytes, in lower-case hexadecimal; not in a summary.
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub sha256: Option<String>,
    /// When its bytes came; absent before, and in a summary.
    pub stored_at: Option<Timestamp>,
    /// Whether this is the summary only: that there is such a document.
    pub summary_only: bool,
    /// Good practice that was not kept, and information that the rules owe the caller.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

page! {
    /// A page of documents, newest first.
    DocumentPage as DocumentPage of DocumentView
}

impl Filed for Document {
    type View = DocumentView;
    const CLASSES: &'static [DataClass] = FILED;
    const SUMMARISED: bool = true;

    fn render(tx: &mut Tx<'_>, entries: Vec<(Entry<Self>, Depth)>) -> Result<Vec<DocumentView>, Failure> {
        let whole = entries.iter().filter(|it| it.1 == Depth::Full);
        let ids: Vec<EntryId> = whole.map(|it| it.0.id).collect();
        let stored: HashMap<EntryId, StoredContent> = tx.documents_stored(&ids)?.into_iter().collect();
        let view = |(entry, depth): (Entry<Self>, Depth)| view(entry, depth == Depth::Full, &stored);
        Ok(entries.into_iter().map(view).collect())
    }

    fn warn(view: &mut DocumentView, found: Option<Vec<ViolationView>>) {
        view.warnings = found;
    }

    fn beside(view: &DocumentView) -> String {
        view.stored_at.map_or_else(String::new, |it| it.micros().to_string())
    }
}

fn view(entry: Entry<Document>, whole: bool, stored: &HashMap<EntryId, StoredContent>) -> DocumentView {
    let it = entry.content;
    DocumentView {
        id: entry.id,
        case_id: entry.case,
        recorded_at: entry.recorded_at,
        agency_id: entry.agency,
        professional_id: entry.professional.filter(|_| whole),
        category: it.category,
        kind: whole.then_some(it.kind),
        title: whole.then_some(it.title),
        issued_on: it.issued_on.filter(|_| whole),
        media_type: whole.then_some(it.media_type),
        length: whole.then_some(it.length),
        sha256: whole.then_some(it.sha256),
        stored_at: stored.get(&entry.id).map(|it| it.stored_at),
        summary_only: !whole,
        warnings: None,
    }
}

/// The bytes of a file.
#[derive(Debug)]
pub struct Bytes;

impl utoipa::PartialSchema for Bytes {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)))
            .description(Some("The bytes of a file, at most 10 MiB."))
            .max_length(Some(LARGEST_DOCUMENT))
            .examples(["An invented report.\n"])
            .into()
    }
}

impl ToSchema for Bytes {}

/// Announce a document
///
/// Says what it is, how long, of which type and with which digest; its bytes follow under `content`.
#[utoipa::path(
    operation_id = "createDocument", tag = "cases", params(("id" = CaseId, Path, description = "The case.")),
    request_body = CreateDocument, responses((status = 201, description = "The document.", body = DocumentView))
)]
#[post("/v1/cases/{id}/documents")]
pub async fn create_document(
    call: Call,
    id: Path<String>,
    body: Json<CreateDocument>,
) -> Result<Answer, Failure> {
    let new = body.value;
    let content = Document {
        category: new.category,
        kind: new.kind,
        title: new.title.into(),
        issued_on: new.issued_on,
        media_type: new.media_type,
        length: new.length,
        sha256: new.sha256,
    };
    super::create(call, (&id, "documents"), &body.canonical, content, |_, _, _| Ok(())).await
}

/// The documents of a case
///
/// Newest first; of a class of which the caller reads a summary, that there is a document, by whom and since when.
#[utoipa::path(
    operation_id = "listDocuments", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), AsOfQuery, PageQuery),
    responses((status = 200, description = "A page of documents.", body = DocumentPage, extensions(("x-list" = json!(true)))))
)]
#[get("/v1/cases/{id}/documents")]
pub async fn list_documents(
    call: Call,
    id: Path<String>,
    at: Query<AsOfQuery>,
    page: Query<PageQuery>,
) -> Result<Answer, Failure> {
    let (found, link) = super::list::<Document>(call, &id, at.0.as_of, page.0).await?;
    Ok(listed(&DocumentPage::from(found), link))
}

/// A document
///
/// What is said of one document, and whether its bytes are here, as far as the caller reads its class.
#[utoipa::path(
    operation_id = "getDocument", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("documentId" = EntryId, Path, description = "The document.")),
    responses((status = 200, description = "The document.", body = DocumentView))
)]
#[get("/v1/cases/{id}/documents/{documentId}")]
pub async fn get_document(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    super::get::<Document>(call, &ids, None).await
}

/// Send the bytes of a document
///
/// The bytes as they are, at most 10 MiB: their length, digest and type must be those that were announced. They come once;
/// the same bytes again change nothing.
#[utoipa::path(
    operation_id = "putDocumentContent", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("documentId" = EntryId, Path, description = "The document.")),
    request_body(content = Bytes, content_type = "application/octet-stream", description = "The bytes."),
    responses((status = 200, description = "The document.", body = DocumentView))
)]
#[put("/v1/cases/{id}/documents/{documentId}/content")]
pub async fn put_document_content(
    call: Call,
    ids: Path<(String, String)>,
    body: Binary<LARGEST_DOCUMENT>,
) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, EntryId::parse)?);
    call.act(
        id.0,
        &[],
        move |tx| store(tx, case, id, &body.0),
        move |tx| super::read::<Document>(tx, case, id, None),
    )
    .await
}

fn store(tx: &mut Tx<'_>, case: CaseId, id: EntryId, bytes: &[u8]) -> Result<Shown<DocumentView>, Failure> {
    let (case, relation, document, depth) = load::<Document>(tx, case, id, None)?;
    writable(&tx.cx.caller, &relation, document.content.category)?;
    let country = tx.country(case.country)?;
    let before = tx.documents_stored(&[id])?.pop().map(|it| it.1);
    let filing = Filing { case: &case, country: &country, by: &tx.cx.caller, now: tx.cx.now };
    let decided = document.store(bytes, &HEXLOWER.encode(&sha256(bytes)), before, &filing)?;
    if before.is_none() {
        tx.store_document(&case, &document, bytes, &decided)?;
    }
    shown(tx, document, depth, &decided.warnings)
}

/// Download a document
///
/// The bytes as they came, for those who read the class of the document whole; every download is logged.
#[utoipa::path(
    operation_id = "getDocumentContent", tag = "cases",
    params(("id" = CaseId, Path, description = "The case."), ("documentId" = EntryId, Path, description = "The document.")),
    responses((status = 200, description = "The bytes.", body = Bytes, content_type = "application/octet-stream"))
)]
#[get("/v1/cases/{id}/documents/{documentId}/content")]
pub async fn get_document_content(call: Call, ids: Path<(String, String)>) -> Result<Answer, Failure> {
    let (case, id) = (path_id(&ids.0, CaseId::parse)?, path_id(&ids.1, EntryId::parse)?);
    call.download(id.0, move |tx| {
        let (case, _, document, depth) = load::<Document>(tx, case, id, None)?;
        if depth < Depth::Full {
            let because = format!("the whole of the section {}", document.content.category);
            return Err(Failure::new(&problems::SECTION_NOT_READABLE).because(because));
        }
        Ok(Download {
            bytes: tx.document_bytes(&case, id)?,
            digest: document.content.sha256,
            case: case.id,
            section: document.content.category,
        })
    })
    .await
}
