//! Schemas of what is not asked of this API but crosses between nodes.

use actix_web::get;
use domain::transnational::{FORMAT, schema};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Shown, Tag},
};

/// The schema of what crosses a border with a request, closed and with a limit on everything.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalPackageSchema)]
pub struct PackageSchemaView {
    /// The format that it describes.
    #[schema(max_length = 20, example = "trm-package/1")]
    pub format: &'static str,
    /// JSON Schema 2020-12, as text: the document is not one of this contract.
    #[schema(max_length = 100_000)]
    pub schema: String,
}

/// The schema of a package
///
/// What crosses a border with a request, as JSON Schema. Receivers read it strictly: a member that is not listed is refused,
/// and so is a byte that is not as the digest says.
#[utoipa::path(
    operation_id = "getTransnationalPackageSchema", tag = "directory",
    responses((status = 200, description = "The schema.", body = PackageSchemaView))
)]
#[get("/v1/schemas/transnational-package")]
pub async fn get_transnational_package_schema(call: Call) -> Result<Answer, Failure> {
    call.read(None, |tx| {
        let view = PackageSchemaView { format: FORMAT, schema: schema().to_string() };
        let tag = Tag::of(tx.keys(), &format!("package-schema/{}", view.schema));
        Ok(Shown::new(view, tag))
    })
    .await
}
