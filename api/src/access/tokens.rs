//! Access tokens (RFC 9068): made at the token endpoint, checked on every call; a verified one is remembered until it
//! expires, while the live state behind it is looked up each time.

use actix_web::http::header::{self, HeaderValue};
use domain::{
    AgencyId, CaseId, ClientId, ProfessionalId, RequestId, Timestamp,
    access::{Assurance, AssuranceLevel, Caller, Scopes},
    text::Country,
    vocabulary::{AgencyType, Purpose, Role},
};
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use uuid::Uuid;

use super::IssuerKeys;
use crate::{failure::Failure, problems};

/// How long an access token lives, in seconds.
pub const TOKEN_LIFE: i64 = 300;
/// The longest life that is accepted, in seconds.
const LONGEST_LIFE: i64 = 600;
/// How far clocks may differ, in seconds.
const SKEW: i64 = 10;
const LONGEST_TOKEN: usize = 8 * 1024;
const REMEMBERED: usize = 10_000;

/// The claims of an access token: no names, ever.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
    pub(super) sub: String,
    pub(super) exp: i64,
    pub(super) nbf: i64,
    pub(super) iat: i64,
    pub(super) jti: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) client: Uuid,
    pub(super) agency: Uuid,
    pub(super) agency_type: AgencyType,
    pub(super) country: Country,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) professional: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<Role>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<String>,
    /// How surely the professional was recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<AssuranceLevel>,
    /// When that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<i64>,
    pub(super) purpose: Purpose,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) case: Option<CaseId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decision_ref: Option<String>,
    pub(super) epoch: i32,
}

/// A verified token.
#[derive(Debug)]
pub struct Verified {
    caller: Caller,
    /// The epoch of the client when the token was issued.
    pub epoch: i32,
    /// When the professional was recognised, in seconds since 1970.
    auth_time: Option<i64>,
    from: i64,
    until: i64,
}

impl Verified {
    /// Who makes this request at this instant: a recognition grows old while the token lives.
    pub fn caller(&self, request: RequestId, now: Timestamp) -> Caller {
        let mut caller = self.caller.clone();
        caller.request = request;
        let passed = |at: i64| u64::try_from((now.raw().unix_timestamp() - at).max(0)).ok();
        caller.assurance.seconds_ago = self.auth_time.and_then(passed);
        caller
    }
}

/// Verified tokens, by digest.
pub struct TokenCache {
    known: Cache<[u8; 32], Arc<Verified>>,
}

impl TokenCache {
    /// An empty cache.
    pub fn new() -> Self {
        Self { known: Cache::new(REMEMBERED) }
    }

    /// Who stands behind an `Authorization` header.
    pub fn verify(
        &self,
        keys: &IssuerKeys,
        authorization: Option<&HeaderValue>,
        now: Timestamp,
    ) -> Result<Arc<Verified>, Failure> {
        let given = authorization.ok_or_else(|| {
            Failure::new(&problems::MISSING_CREDENTIALS).header(header::WWW_AUTHENTICATE, "Bearer")
        })?;
        let token = given.to_str().ok().and_then(bearer).ok_or_else(invalid)?;
        if token.len() > LONGEST_TOKEN {
            return Err(invalid());
        }
        let digest: [u8; 32] = persistence::sha256(token.as_bytes()).try_into().map_err(|_| invalid())?;
        let seconds = now.raw().unix_timestamp();
        let verified = if let Some(known) = self.known.get(&digest) {
            known
        } else {
            let fresh = Arc::new(read(keys, token, seconds)?);
            self.known.insert(digest, Arc::clone(&fresh));
            fresh
        };
        if seconds - SKEW > verified.until {
            self.known.remove(&digest);
            return Err(expired());
        }
        if seconds + SKEW < verified.from { Err(invalid()) } else { Ok(verified) }
    }
}

impl Default for TokenCache {
    fn default() -> Self {
        Self::new()
    }
}

/// Signs an access token.
pub fn sign(keys: &IssuerKeys, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some("at+jwt".to_owned());
    header.kid = Some(keys.kid.clone());
    jsonwebtoken::encode(&header, claims, &keys.signing)
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn read(keys: &IssuerKeys, token: &str, now: i64) -> Result<Verified, Failure> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| invalid())?;
    let ours = header.typ.as_deref() == Some("at+jwt") && header.kid.as_deref() == Some(&keys.kid);
    if !ours || header.alg != Algorithm::EdDSA || super::assertion::points_elsewhere(token) {
        return Err(invalid());
    }
    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    rules.set_audience(&[&keys.name]);
    rules.set_issuer(&[&keys.name]);
    // Times are compared with our own clock below.
    rules.validate_exp = false;
    let claims =
        jsonwebtoken::decode::<Claims>(token, &keys.verifying, &rules).map_err(|_| invalid())?.claims;
    let life = claims.exp.checked_sub(claims.iat);
    if life.is_none_or(|it| !(1..=LONGEST_LIFE).contains(&it)) || claims.iat > now + SKEW {
        return Err(invalid());
    }
    if now - SKEW > claims.exp {
        return Err(expired());
    }
    Ok(Verified {
        epoch: claims.epoch,
        auth_time: claims.auth_time,
        from: claims.nbf,
        until: claims.exp,
        caller: Caller {
            client: ClientId(claims.client),
            agency: AgencyId(claims.agency),
            agency_type: claims.agency_type,
            country: claims.country,
            professional: claims.professional.map(ProfessionalId),
            role: claims.role,
            unit: claims.unit,
            assurance: Assurance { level: claims.acr.unwrap_or(AssuranceLevel::Low), seconds_ago: None },
            scopes: Scopes::parse(&claims.scope).ok_or_else(invalid)?,
            purpose: claims.purpose,
            case: claims.case,
            decision_ref: claims.decision_ref,
            request: RequestId(Uuid::nil()),
        },
    })
}

fn invalid() -> Failure {
    let failure = Failure::new(&problems::INVALID_TOKEN);
    failure.header(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#)
}

fn expired() -> Failure {
    let failure = Failure::new(&problems::EXPIRED_TOKEN);
    failure.header(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token", error_description="expired""#)
}

/// The subject of a token: agency and professional, or the client itself.
pub fn subject(country: Country, client_id: &str, professional: Option<ProfessionalId>) -> String {
    professional.map_or_else(|| format!("client/{client_id}"), |it| format!("{}/{it}", country.as_str()))
}

/// The scopes that a token gets: what was asked for, as far as client and agency type hold it.
pub fn granted(asked: Option<&str>, registered: Scopes, agency_type: AgencyType) -> Option<Scopes> {
    let most = registered.and(domain::access::scope_ceiling(agency_type));
    match asked {
        None | Some("") => Some(most),
        Some(text) => {
            let asked = Scopes::parse(text)?;
            (asked.and(most) == asked).then_some(asked)
        }
    }
}
