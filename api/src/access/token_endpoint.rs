//! `POST /oauth/token`: client credentials by `private_key_jwt`. Errors have the form of RFC 6749, not of a problem.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{StatusCode, header},
    post,
    web::{Bytes, Data},
};
use domain::{
    CodeList as _, Timestamp,
    access::Scopes,
    vocabulary::{Purpose, Role},
};
use persistence::{AssertedProfessional, ClientRecord, Issued, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    assertion::{self, LONGEST_ASSERTION, PROFESSIONAL_DETAILS, ProfessionalDetails},
    details::{decision_ref, professional_details},
    tokens::{self, Claims, TOKEN_LIFE},
};
use crate::node::Node;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const LONGEST_FORM: usize = 16 * 1024;
const LONGEST_SCOPE: usize = 500;

/// A request for an access token.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(example = json!({
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "client_assertion": "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl",
    "scope": "cases.read referrals.read"
}))]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// Always `client_credentials`.
    #[schema(max_length = 40, pattern = "^client_credentials$", example = "client_credentials")]
    grant_type: String,
    /// Always `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`.
    #[schema(
        max_length = 80,
        pattern = "^urn:ietf:params:oauth:client-assertion-type:jwt-bearer$",
        example = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    )]
    client_assertion_type: String,
    /// A JWT signed by the client's key, EdDSA or ES256: `iss` and `sub` the client, `aud` exactly the issuer of this
    /// node, at most 60 seconds of life, a `jti` of its own; `authorization_details` names professional, role and
    /// purpose.
    #[schema(max_length = 8192, pattern = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$")]
    client_assertion: String,
    /// The scopes that are wanted, separated by spaces; all of the client's when absent.
    #[schema(
        max_length = 500,
        pattern = "^[a-z_]+\\.[a-z]+( [a-z_]+\\.[a-z]+)*$",
        example = "cases.read referrals.write"
    )]
    scope: Option<String>,
    /// The client, if it is named beside the assertion.
    #[schema(max_length = 63, pattern = "^[a-z0-9][a-z0-9-]{1,62}$")]
    client_id: Option<String>,
}

/// An access token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenAnswer {
    /// The token, a JWT (RFC 9068).
    #[schema(max_length = 8192)]
    access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 10, example = "Bearer")]
    token_type: &'static str,
    /// Seconds until it expires.
    #[schema(minimum = 1, maximum = 600, example = 300)]
    expires_in: i64,
    /// The scopes that it has.
    #[schema(max_length = 500, example = "cases.read referrals.write")]
    scope: String,
}

/// Why no token is given (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenError {
    /// `invalid_request`, `invalid_client`, `invalid_scope`, `unsupported_grant_type`,
    /// `invalid_authorization_details` or `temporarily_unavailable`.
    #[schema(max_length = 60, example = "invalid_client")]
    error: &'static str,
    /// What is wrong, in words.
    #[schema(max_length = 300)]
    error_description: &'static str,
}

pub(super) struct Refusal(StatusCode, &'static str, &'static str);

impl Refusal {
    const fn request(why: &'static str) -> Self {
        Self(StatusCode::BAD_REQUEST, "invalid_request", why)
    }
    /// The same for an unknown client, a wrong key, a wrong signature and a replayed assertion.
    const fn client() -> Self {
        Self(StatusCode::UNAUTHORIZED, "invalid_client", "the client cannot be authenticated")
    }
    pub(super) const fn details(why: &'static str) -> Self {
        Self(StatusCode::BAD_REQUEST, "invalid_authorization_details", why)
    }
}

impl From<StoreError> for Refusal {
    fn from(_: StoreError) -> Self {
        Self(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "the database cannot be reached")
    }
}

/// Get an access token
///
/// Client credentials (RFC 6749), authenticated by a signed assertion (RFC 7523). The professional, the role and the
/// one purpose are named inside the assertion, in `authorization_details` of the type `urn:trm:professional:v1`.
#[utoipa::path(
    operation_id = "issueToken", tag = "access",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "The token.", body = TokenAnswer),
        (status = 400, description = "The request is not as RFC 6749 has it.", body = TokenError, content_type = "application/json"),
        (status = 401, description = "The client cannot be authenticated.", body = TokenError, content_type = "application/json"),
        (status = 503, description = "The database cannot be reached.", body = TokenError, content_type = "application/json"),
    )
)]
#[post("/oauth/token")]
pub async fn issue_token(node: Data<Node>, request: HttpRequest, body: Bytes) -> HttpResponse {
    match issue(&node, &request, &body).await {
        Ok(answer) => HttpResponse::Ok().json(answer),
        Err(Refusal(status, error, error_description)) => {
            let mut answer = HttpResponse::build(status);
            if status == StatusCode::SERVICE_UNAVAILABLE {
                answer.insert_header((header::RETRY_AFTER, "2"));
            }
            if status == StatusCode::UNAUTHORIZED {
                log::warn!(target: "trm::security", error; "no token was given");
                answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
            }
            answer.json(TokenError { error, error_description })
        }
    }
}

async fn issue(node: &Data<Node>, request: &HttpRequest, body: &Bytes) -> Result<TokenAnswer, Refusal> {
    let form = read_form(request, body)?;
    let now = node.wall.now();
    let issuer = node.issuer.name.clone();
    let worked = node.hop(move |store| Ok(authenticate(store, &form, &issuer, now))).await;
    let Authenticated { client_id, client, details, professional, scopes, decision_ref } =
        worked.map_err(|_| Refusal::from(StoreError::Unavailable))??;
    let seconds = now.raw().unix_timestamp();
    let role: Option<Role> = details.as_ref().map(|it| it.professional.role);
    let claims = Claims {
        iss: node.issuer.name.clone(),
        aud: node.issuer.name.clone(),
        sub: tokens::subject(client.country, &client_id, professional),
        exp: seconds + TOKEN_LIFE,
        nbf: seconds,
        iat: seconds,
        jti: node.fresh_id().to_string(),
        client_id,
        scope: scopes.to_string(),
        client: client.id.0,
        agency: client.agency.0,
        agency_type: client.agency_type,
        country: client.country,
        professional: professional.map(|it| it.0),
        role,
        unit: details.as_ref().and_then(|it| it.professional.unit.clone()),
        acr: details.as_ref().and_then(|it| it.assurance.as_ref()).map(|it| it.acr),
        auth_time: details.as_ref().and_then(|it| it.assurance.as_ref()).map(|it| it.auth_time),
        purpose: details.as_ref().map_or(Purpose::Protection, |it| it.purpose),
        case: details.as_ref().and_then(|it| it.case),
        decision_ref,
        epoch: client.epoch,
    };
    let access_token = tokens::sign(&node.issuer, &claims).map_err(|_| {
        Refusal(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", "no token can be signed")
    })?;
    Ok(TokenAnswer { access_token, token_type: "Bearer", expires_in: TOKEN_LIFE, scope: claims.scope })
}

fn read_form(request: &HttpRequest, body: &Bytes) -> Result<TokenRequest, Refusal> {
    let media =
        request.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    if media.split(';').next().map(str::trim) != Some("application/x-www-form-urlencoded") {
        return Err(Refusal::request("the body is not a form"));
    }
    if body.len() > LONGEST_FORM || request.headers().contains_key(header::CONTENT_ENCODING) {
        return Err(Refusal::request("the body is too large or compressed"));
    }
    if request.headers().contains_key(header::AUTHORIZATION) || !request.query_string().is_empty() {
        return Err(Refusal::request("a second way of authentication, or a query"));
    }
    let form: TokenRequest = serde_urlencoded::from_bytes(body)
        .map_err(|_| Refusal::request("a field is missing, unknown or repeated"))?;
    if form.grant_type != "client_credentials" {
        return Err(Refusal(StatusCode::BAD_REQUEST, "unsupported_grant_type", "only client_credentials"));
    }
    if form.client_assertion_type != ASSERTION_TYPE || form.client_assertion.len() > LONGEST_ASSERTION {
        return Err(Refusal::request("only private_key_jwt, at most 8 KiB"));
    }
    if form.scope.as_ref().is_some_and(|it| it.len() > LONGEST_SCOPE) {
        return Err(Refusal(StatusCode::BAD_REQUEST, "invalid_scope", "at most 500 characters"));
    }
    Ok(form)
}

/// What an assertion came to.
struct Authenticated {
    client_id: String,
    client: ClientRecord,
    details: Option<ProfessionalDetails>,
    professional: Option<domain::ProfessionalId>,
    scopes: Scopes,
    decision_ref: Option<String>,
}

fn authenticate(
    store: &persistence::Store,
    form: &TokenRequest,
    issuer: &str,
    now: Timestamp,
) -> Result<Authenticated, Refusal> {
    let client_id = assertion::claimed_client(&form.client_assertion).ok_or_else(Refusal::client)?;
    let plain = client_id.len() <= 63 && client_id.bytes().all(|it| it.is_ascii_graphic());
    if form.client_id.as_ref().is_some_and(|it| *it != client_id) || !plain {
        return Err(Refusal::client());
    }
    let client = store.client(&client_id)?.filter(|it| it.active).ok_or_else(Refusal::client)?;
    let good = assertion::check(&form.client_assertion, &client_id, &client, issuer, now);
    let good = good.ok_or_else(Refusal::client)?;
    let details = professional_details(&good, &client, now)?;
    let scopes = tokens::granted(form.scope.as_deref(), client.scopes, client.agency_type).ok_or(Refusal(
        StatusCode::BAD_REQUEST,
        "invalid_scope",
        "a scope that the client does not hold",
    ))?;
    let professional = details.as_ref().map(|it| AssertedProfessional {
        subject: it.professional.id.clone(),
        role: it.professional.role,
        unit: it.professional.unit.clone(),
    });
    let until = Timestamp::new(now.raw() + time::Duration::seconds(120));
    match store.use_assertion(&client, &good.jti, until, professional.as_ref(), now)? {
        Issued::Token(professional) => {
            let decision_ref = decision_ref(store, &client, details.as_ref(), professional, now)?;
            Ok(Authenticated { client_id, client, details, professional, scopes, decision_ref })
        }
        Issued::Replayed => Err(Refusal::client()),
        Issued::Suspended => Err(Refusal::details("the professional is suspended")),
    }
}

/// The keys that verify access tokens
///
/// A JSON Web Key Set (RFC 7517).
#[utoipa::path(
    operation_id = "getJwks", tag = "access",
    responses((status = 200, description = "The keys.", body = Jwks))
)]
#[get("/.well-known/jwks.json")]
pub async fn get_jwks(node: Data<Node>) -> HttpResponse {
    let key = Jwk {
        kty: "OKP",
        crv: "Ed25519",
        alg: "EdDSA",
        r#use: "sig",
        kid: node.issuer.kid.clone(),
        x: node.issuer.public_x.clone(),
    };
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .json(Jwks { keys: vec![key] })
}

/// A set of public keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwks {
    /// The keys.
    #[schema(max_items = 10)]
    keys: Vec<Jwk>,
}

/// A public key.
#[derive(Debug, Serialize, ToSchema)]
pub struct Jwk {
    /// Key type.
    #[schema(max_length = 10, example = "OKP")]
    kty: &'static str,
    /// Curve.
    #[schema(max_length = 20, example = "Ed25519")]
    crv: &'static str,
    /// Algorithm.
    #[schema(max_length = 10, example = "EdDSA")]
    alg: &'static str,
    /// Use.
    #[schema(max_length = 10, example = "sig")]
    r#use: &'static str,
    /// Key id.
    #[schema(max_length = 64)]
    kid: String,
    /// The key, base64url.
    #[schema(max_length = 100)]
    x: String,
}

/// The metadata of the token endpoint
///
/// Authorization server metadata (RFC 8414).
#[utoipa::path(
    operation_id = "getAuthorizationServerMetadata", tag = "access",
    responses((status = 200, description = "The metadata.", body = ServerMetadata))
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn get_authorization_server_metadata(node: Data<Node>) -> HttpResponse {
    let base = node.issuer.name.trim_end_matches('/');
    let scopes: Vec<_> = domain::access::Scope::ALL.iter().map(|it| it.code()).collect();
    HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "public, max-age=300")).json(json!({
        "issuer": node.issuer.name,
        "token_endpoint": format!("{base}/oauth/token"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["EdDSA", "ES256"],
        "authorization_details_types_supported": [PROFESSIONAL_DETAILS],
        "scopes_supported": scopes,
        "service_documentation": format!("{base}/docs/"),
    }))
}

/// Authorization server metadata (RFC 8414).
#[derive(Debug, Serialize, ToSchema)]
pub struct ServerMetadata {
    /// The issuer; the one audience of assertions and tokens.
    #[schema(max_length = 200)]
    issuer: String,
    /// The token endpoint.
    #[schema(max_length = 300)]
    token_endpoint: String,
    /// The keys.
    #[schema(max_length = 300)]
    jwks_uri: String,
    /// The grants.
    #[schema(max_items = 5, inline)]
    grant_types_supported: Vec<ShortText>,
    /// How clients authenticate.
    #[schema(max_items = 5, inline)]
    token_endpoint_auth_methods_supported: Vec<ShortText>,
    /// The algorithms of assertions.
    #[schema(max_items = 5, inline)]
    token_endpoint_auth_signing_alg_values_supported: Vec<ShortText>,
    /// The types of `authorization_details`.
    #[schema(max_items = 5, inline)]
    authorization_details_types_supported: Vec<ShortText>,
    /// The scopes.
    #[schema(max_items = 50, inline)]
    scopes_supported: Vec<ShortText>,
    /// The documents.
    #[schema(max_length = 300)]
    service_documentation: String,
}

/// A short text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(max_length = 100)]
pub struct ShortText(String);
