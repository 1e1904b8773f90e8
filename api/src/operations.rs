//! The state of the node, and its documents.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{self, Data, Path},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    Routes,
    contract::{self, Contract},
    failure::Failure,
    node::Node,
    problems::{self, Kind},
};

/// The routes of this room that are in the contract.
pub fn routes(config: &mut impl Routes) {
    config
        .service(get_livez)
        .service(get_readyz)
        .service(get_metrics)
        .service(get_openapi_json)
        .service(get_openapi_yaml)
        .service(list_problems)
        .service(get_problem);
}

/// The documentation pages, which are for people.
pub fn documents(config: &mut web::ServiceConfig) {
    let settings = Config::from("/openapi.json").validator_url("none").try_it_out_enabled(true);
    config.route("/docs", web::get().to(docs)).service(SwaggerUi::new("/docs/{_:.*}").config(settings));
}

async fn docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, "/docs/")).finish()
}

/// The state of the node.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`.
    #[schema(max_length = 10, example = "ok")]
    pub status: &'static str,
}

/// Whether the process lives
///
/// Answers without touching the database.
#[utoipa::path(operation_id = "getLivez", tag = "operations", responses((status = 200, description = "It lives.", body = Health)))]
#[get("/livez")]
pub async fn get_livez() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok" })
}

/// Whether the node can serve
///
/// Asks the database.
#[utoipa::path(operation_id = "getReadyz", tag = "operations", responses((status = 200, description = "It can serve.", body = Health)))]
#[get("/readyz")]
pub async fn get_readyz(node: Data<Node>) -> Result<HttpResponse, Failure> {
    node.hop(|store| Ok(store.ready()?)).await?;
    Ok(HttpResponse::Ok().json(Health { status: "ok" }))
}

/// Counters for operators
///
/// OpenMetrics text; routes and statuses, never paths or people.
#[utoipa::path(operation_id = "getMetrics", tag = "operations",
    responses((status = 200, description = "The counters.", body = MetricsText, content_type = "application/openmetrics-text")))]
#[get("/metrics")]
pub async fn get_metrics(node: Data<Node>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(node.metrics.text())
}

/// OpenMetrics text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 10_000_000)]
pub struct MetricsText(String);

/// The contract
///
/// As JSON.
#[utoipa::path(operation_id = "getOpenapiJson", tag = "operations",
    responses((status = 200, description = "OpenAPI 3.1.", body = OpenapiDocument, content_type = "application/json")))]
#[get("/openapi.json")]
pub async fn get_openapi_json(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(Contract::of_node(&request).json())
}

/// An OpenAPI 3.1 document.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenapiDocument {
    /// The version of the specification.
    #[schema(max_length = 20, example = "3.1.0")]
    pub openapi: String,
    /// What it describes.
    pub info: OpenapiPart,
    /// The operations, by path.
    pub paths: OpenapiPart,
    /// What the operations share.
    pub components: OpenapiPart,
    /// Where it is served.
    #[schema(max_items = 5)]
    pub servers: Vec<OpenapiPart>,
    /// How callers are authenticated.
    #[schema(max_items = 5)]
    pub security: Vec<OpenapiPart>,
    /// The rooms.
    #[schema(max_items = 50)]
    pub tags: Vec<OpenapiPart>,
}

/// A part of an OpenAPI document.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenapiPart {}

/// The contract
///
/// As YAML.
// Without a schema: to a generated client it is a text, to whoever parses it a document.
#[utoipa::path(operation_id = "getOpenapiYaml", tag = "operations",
    responses((status = 200, description = "OpenAPI 3.1.", body = serde_json::Value, content_type = "application/yaml")))]
#[get("/openapi.yaml")]
pub async fn get_openapi_yaml(request: HttpRequest) -> Result<HttpResponse, Failure> {
    let text = contract::yaml(&Contract::of_node(&request).document())
        .map_err(|_| Failure::new(&problems::INTERNAL))?;
    Ok(HttpResponse::Ok().content_type("application/yaml").body(text))
}

/// A document as text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 10_000_000)]
pub struct DocumentText(String);

/// The kinds of problems
///
/// A page for people that lists every kind.
#[utoipa::path(operation_id = "listProblems", tag = "operations",
    responses((status = 200, description = "The page.", body = DocumentText, content_type = "text/html", extensions(("x-list" = json!(true))))))]
#[get("/problems")]
pub async fn list_problems() -> HttpResponse {
    let rows: String = problems::ALL
        .iter()
        .map(|it| {
            format!("<li>{} <a href=\"/problems/{}\">{}</a>: {}</li>", it.status, it.code, it.code, it.title)
        })
        .collect::<Vec<_>>()
        .join("\n");
    page("Problems", &format!("<ul>\n{rows}\n</ul>"))
}

/// A kind of problem
///
/// The page that the `type` of a problem document names: what it is and what a client does about it.
#[utoipa::path(operation_id = "getProblem", tag = "operations",
    params(("code" = String, Path, description = "The code of the problem.", max_length = 60, pattern = "^[a-z0-9-]+$", example = "rule-refused")),
    responses((status = 200, description = "The page.", body = DocumentText, content_type = "text/html")))]
#[get("/problems/{code}")]
pub async fn get_problem(code: Path<String>) -> Result<HttpResponse, Failure> {
    let it = Kind::find(&code).ok_or_else(|| Failure::new(&problems::NOT_FOUND))?;
    Ok(page(it.code, &format!("<p>{}: <strong>{}</strong>.</p>\n<p>{}</p>", it.status, it.title, it.advice)))
}

fn page(title: &str, body: &str) -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <style>body{{font-family:sans-serif;max-width:45em;margin:2em auto;line-height:1.5}}</style>\n\
         <h1>{title}</h1>\n{body}\n<p><a href=\"/problems\">All problems</a></p>\n</html>\n"
    ))
}
