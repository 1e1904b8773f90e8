//! Client assertions (RFC 7523): signed by the client's key, used once, naming the professional inside what is signed.

use data_encoding::BASE64URL_NOPAD;
use domain::{
    CaseId, Timestamp,
    access::AssuranceLevel,
    vocabulary::{Purpose, Role},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use persistence::{ClientKey, ClientRecord};
use serde::Deserialize;

/// The longest life of an assertion, in seconds.
const LONGEST_LIFE: i64 = 60;
/// How far clocks may differ, in seconds.
pub const SKEW: i64 = 10;
/// The type of `authorization_details` that names a professional.
pub const PROFESSIONAL_DETAILS: &str = "urn:trm:professional:v1";
/// The longest assertion, in bytes.
pub const LONGEST_ASSERTION: usize = 8 * 1024;

/// What an assertion says.
#[derive(Clone, Debug, Deserialize)]
pub struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    /// When it ends.
    pub exp: i64,
    /// Its own name, used once.
    pub jti: String,
    /// The professional, the purpose and more.
    #[serde(default)]
    pub authorization_details: Vec<serde_json::Value>,
}

/// The professional behind a call, as the client's agency vouches for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfessionalDetails {
    #[serde(rename = "type")]
    _kind: String,
    /// Who.
    pub professional: NamedProfessional,
    /// How the agency recognised the professional.
    pub assurance: Option<AssertedAssurance>,
    /// For what.
    pub purpose: Purpose,
    /// The access decision in the agency's own books.
    pub decision_ref: Option<String>,
    /// Why the data is needed, in words, where no decision in the books says so.
    pub justification: Option<String>,
    /// The one case that the token is for.
    pub case: Option<CaseId>,
}

/// How a professional was recognised, as OpenID Connect names it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssertedAssurance {
    /// How surely.
    pub acr: AssuranceLevel,
    /// By which means (RFC 8176); not looked at.
    #[serde(default, rename = "amr")]
    _means: Vec<String>,
    /// When, in seconds since 1970.
    pub auth_time: i64,
}

/// A professional by the agency's own pseudonymous id.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedProfessional {
    /// The id.
    pub id: String,
    /// The role.
    pub role: Role,
    /// The unit.
    pub unit: Option<String>,
}

/// The client that an assertion claims to be, before anything is checked.
pub fn claimed_client(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claimed {
        sub: String,
    }
    let payload = assertion.split('.').nth(1)?;
    let bytes = BASE64URL_NOPAD.decode(payload.as_bytes()).ok()?;
    let claimed: Claimed = serde_json::from_slice(&bytes).ok()?;
    Some(claimed.sub)
}

/// Checks an assertion by the keys of its client; nothing tells which check failed.
pub fn check(
    assertion: &str,
    client_id: &str,
    client: &ClientRecord,
    issuer: &str,
    now: Timestamp,
) -> Option<Assertion> {
    let header = jsonwebtoken::decode_header(assertion).ok()?;
    let typ = header.typ.as_deref();
    if !matches!(typ, Some("client-authentication+jwt" | "JWT")) || points_elsewhere(assertion) {
        return None;
    }
    let key = client.keys.iter().find(|it| Some(it.kid.as_str()) == header.kid.as_deref())?;
    let (algorithm, decoding) = decoding_key(key)?;
    let mut rules = Validation::new(algorithm);
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    rules.set_audience(&[issuer]);
    rules.set_issuer(&[client_id]);
    // Times are compared with our own clock below.
    rules.validate_exp = false;
    let claims = jsonwebtoken::decode::<Assertion>(assertion, &decoding, &rules).ok()?.claims;
    let now = now.raw().unix_timestamp();
    let fits = claims.iss == client_id
        && claims.sub == client_id
        && claims.aud == issuer
        && claims.exp.checked_sub(claims.iat).is_some_and(|it| (1..=LONGEST_LIFE).contains(&it))
        && claims.exp >= now - SKEW
        && claims.iat <= now + SKEW
        && (16..=128).contains(&claims.jti.len())
        && claims.jti.bytes().all(|it| it.is_ascii_graphic());
    fits.then_some(claims)
}

/// The key and the one algorithm that goes with it: never the one that a token names.
pub fn decoding_key(key: &ClientKey) -> Option<(Algorithm, DecodingKey)> {
    let pem = key.public_key_pem.as_bytes();
    match key.algorithm.as_str() {
        "EdDSA" => Some((Algorithm::EdDSA, DecodingKey::from_ed_pem(pem).ok()?)),
        "ES256" => Some((Algorithm::ES256, DecodingKey::from_ec_pem(pem).ok()?)),
        _ => None,
    }
}

/// Whether the header brings or names keys of its own, or asks for extensions.
pub fn points_elsewhere(token: &str) -> bool {
    let header = token.split('.').next().and_then(|it| BASE64URL_NOPAD.decode(it.as_bytes()).ok());
    let header =
        header.and_then(|it| serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&it).ok());
    let forbidden = ["jku", "x5u", "jwk", "x5c", "crit", "zip"];
    header.is_none_or(|it| forbidden.iter().any(|name| it.contains_key(*name)))
}
