//! The key that signs access tokens, and its public half.

use aws_lc_rs::{
    encoding::AsDer as _,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{DecodingKey, EncodingKey};
use zeroize::Zeroizing;

/// Why a signing key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IssuerKeyError {
    /// It is not an Ed25519 private key in PEM (PKCS#8).
    #[error("the signing key is not an Ed25519 private key in PEM (PKCS#8)")]
    NotEd25519,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
}

/// The key that signs access tokens, and the name of this node in them.
pub struct IssuerKeys {
    /// The issuer: the base URL of this node, exactly as clients name it in `aud`.
    pub name: String,
    /// The id of the key.
    pub kid: String,
    pub(super) signing: EncodingKey,
    pub(super) verifying: DecodingKey,
    /// The public key, base64url, as JWKS publishes it.
    pub(super) public_x: String,
}

impl IssuerKeys {
    /// Reads a private key in PEM.
    pub fn read(name: &str, private_pem: &str) -> Result<Self, IssuerKeyError> {
        let block = pem::parse(private_pem).map_err(|_| IssuerKeyError::NotEd25519)?;
        let pair = Ed25519KeyPair::from_pkcs8(block.contents()).map_err(|_| IssuerKeyError::NotEd25519)?;
        let public = pair.public_key().as_ref();
        let digest = persistence::sha256(public);
        Ok(Self {
            name: name.to_owned(),
            kid: HEXLOWER.encode(digest.get(..8).unwrap_or_default()),
            signing: EncodingKey::from_ed_pem(private_pem.as_bytes())
                .map_err(|_| IssuerKeyError::NotEd25519)?,
            verifying: DecodingKey::from_ed_der(public),
            public_x: BASE64URL_NOPAD.encode(public),
        })
    }
}

/// A new Ed25519 key pair: private in PEM (PKCS#8), public in PEM (SubjectPublicKeyInfo).
pub fn new_key_pair() -> Result<(Zeroizing<String>, String), IssuerKeyError> {
    let failed = |_| IssuerKeyError::NoRandomness;
    let pair = Ed25519KeyPair::generate().map_err(failed)?;
    let private = pair.to_pkcs8v1().map_err(failed)?;
    let public = pair.public_key().as_der().map_err(failed)?;
    let private = pem::encode(&pem::Pem::new("PRIVATE KEY", private.as_ref()));
    let public = pem::encode(&pem::Pem::new("PUBLIC KEY", public.as_ref()));
    Ok((Zeroizing::new(private), public))
}
