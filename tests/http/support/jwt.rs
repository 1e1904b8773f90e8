//! Signed tokens written by hand, so that they can be wrong in every way.

use aws_lc_rs::{
    hmac,
    signature::{Ed25519KeyPair, KeyPair as _},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// An Ed25519 key pair.
pub struct KeyPair {
    /// The private key.
    pub private_pem: String,
    /// The public key.
    pub public_pem: String,
    pair: Ed25519KeyPair,
}

impl KeyPair {
    /// A new one.
    pub fn new() -> Self {
        let (private, public) = api::access::new_key_pair().expect("a key pair");
        Self::of(private.to_string(), public)
    }

    /// One that was made before.
    pub fn of(private_pem: String, public_pem: String) -> Self {
        let block = pem::parse(private_pem.as_bytes()).expect("PEM");
        let pair = Ed25519KeyPair::from_pkcs8(block.contents()).expect("a key");
        Self { private_pem, public_pem, pair }
    }

    /// The public key as its 32 bytes.
    pub fn public_bytes(&self) -> Vec<u8> {
        self.pair.public_key().as_ref().to_vec()
    }
}

/// A token to sign: header and claims, changed as a test wishes.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The header.
    pub header: Value,
    /// The claims.
    pub claims: Value,
}

impl Signed {
    /// Sets a member of the header; null removes it.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        set(&mut self.header, name, value.into());
        self
    }

    /// Sets a claim; null removes it.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        set(&mut self.claims, name, value.into());
        self
    }

    /// Signed with an Ed25519 key, whatever the header says.
    pub fn by(&self, key: &KeyPair) -> String {
        self.with_signature(|text| key.pair.sign(text).as_ref().to_vec())
    }

    /// With an HMAC under a key that everybody knows.
    pub fn by_secret(&self, secret: &[u8]) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        self.with_signature(|text| hmac::sign(&key, text).as_ref().to_vec())
    }

    /// Without a signature.
    pub fn unsigned(&self) -> String {
        self.with_signature(|_| Vec::new())
    }

    fn with_signature(&self, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let part = |it: &Value| BASE64URL_NOPAD.encode(it.to_string().as_bytes());
        let text = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = BASE64URL_NOPAD.encode(&sign(text.as_bytes()));
        format!("{text}.{signature}")
    }
}

fn set(object: &mut Value, name: &str, value: Value) {
    let members = object.as_object_mut().expect("an object");
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
}

/// The claims inside a token.
pub fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a payload");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(payload.as_bytes()).expect("base64url")).expect("JSON")
}

/// The header of a token.
pub fn header_of(token: &str) -> Value {
    let header = token.split('.').next().expect("a header");
    serde_json::from_slice(&BASE64URL_NOPAD.decode(header.as_bytes()).expect("base64url")).expect("JSON")
}

/// A token to change, with the header and claims of a good one.
pub fn taken_apart(token: &str) -> Signed {
    Signed { header: header_of(token), claims: claims_of(token) }
}

/// The `authorization_details` that name a professional, who was recognised at an instant.
pub fn details(id: &str, role: &str, purpose: &str, recognised: i64) -> Value {
    json!({
        "type": "urn:trm:professional:v1",
        "professional": { "id": id, "role": role },
        "purpose": purpose,
        "decisionRef": "book-1",
        "assurance": { "acr": "high", "amr": ["hwk", "pin"], "authTime": recognised },
    })
}
