//! The node's keys: one secret from a file, and one derived key for each use.

use std::path::Path;

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::matching::{IndexInput, IndexKind};
use zeroize::Zeroizing;

/// The length of every symmetric key, in bytes.
pub(crate) const KEY_BYTES: usize = 32;

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read or written.
    #[error("the key file cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// It does not hold 64 hexadecimal digits.
    #[error("the key file does not hold 64 hexadecimal digits")]
    Malformed,
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
}

/// The keys of this node. Their uses are separated by derivation; see `docs/crypto.md`.
pub struct NodeKeys {
    wrapping: Zeroizing<[u8; KEY_BYTES]>,
    etag: hmac::Key,
    fingerprint: hmac::Key,
    cursor: Zeroizing<[u8; KEY_BYTES]>,
    indexes: Vec<(IndexKind, hmac::Key)>,
}

impl NodeKeys {
    /// The version of the wrapping key that new rows name.
    pub(crate) const WRAPPING_VERSION: i32 = 1;

    /// The epoch of the keys of blind indexes. One more makes every index anew: for another year's keys, and when what
    /// goes into them changes.
    pub(crate) const INDEX_EPOCH: i16 = 1;

    /// Reads the secret from a file of 64 hexadecimal digits.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let text = Zeroizing::new(std::fs::read_to_string(path)?);
        let bytes = Zeroizing::new(
            HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).map_err(|_| KeyFileError::Malformed)?,
        );
        Self::derive(&bytes)
    }

    /// Makes a new secret, in hexadecimal digits, for a key file.
    pub fn generate() -> Result<Zeroizing<String>, KeyFileError> {
        let bytes: Zeroizing<[u8; KEY_BYTES]> = Zeroizing::new(random().ok_or(KeyFileError::NoRandomness)?);
        Ok(Zeroizing::new(HEXLOWER_PERMISSIVE.encode(bytes.as_slice())))
    }

    /// Derives every key from the secret.
    pub fn derive(secret: &[u8]) -> Result<Self, KeyFileError> {
        if secret.len() != KEY_BYTES {
            return Err(KeyFileError::Malformed);
        }
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"trm node keys v1").extract(secret);
        let expand = |label: &[u8]| -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyFileError> {
            let mut key = Zeroizing::new([0; KEY_BYTES]);
            let info = [label];
            let okm = root.expand(&info, hkdf::HKDF_SHA256).map_err(|_| KeyFileError::Malformed)?;
            okm.fill(key.as_mut_slice()).map_err(|_| KeyFileError::Malformed)?;
            Ok(key)
        };
        let mac = |label: &[u8]| {
            Ok::<_, KeyFileError>(hmac::Key::new(hmac::HMAC_SHA256, expand(label)?.as_slice()))
        };
        Ok(Self {
            wrapping: expand(b"wrapping")?,
            etag: mac(b"etag")?,
            fingerprint: mac(b"idempotency fingerprint")?,
            cursor: expand(b"cursor")?,
            indexes: IndexKind::ALL
                .iter()
                .map(|it| {
                    let label = format!("blind index/{}/{}", it.name(), Self::INDEX_EPOCH);
                    Ok((*it, mac(label.as_bytes())?))
                })
                .collect::<Result<_, KeyFileError>>()?,
        })
    }

    /// The token of an input of a blind index of a country: equal for equal inputs of one kind, and nothing else is
    /// learned from it without the key.
    pub(crate) fn index_token(&self, country: &str, input: &IndexInput) -> Option<i64> {
        let (_, key) = self.indexes.iter().find(|(kind, _)| *kind == input.kind)?;
        let mut tag = hmac::Context::with_key(key);
        tag.update(country.as_bytes());
        tag.update(b"|");
        tag.update(input.value.as_bytes());
        let first = tag.sign().as_ref().first_chunk().copied()?;
        Some(i64::from_be_bytes(first))
    }

    /// A keyed digest of what a caller sees of something, for its `ETag`.
    pub fn etag(&self, seen: &[u8]) -> [u8; 16] {
        let tag = hmac::sign(&self.etag, seen);
        let mut short = [0; 16];
        short.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        short
    }

    /// A keyed digest of a request body.
    pub fn fingerprint(&self, body: &[u8]) -> Vec<u8> {
        hmac::sign(&self.fingerprint, body).as_ref().to_vec()
    }

    /// Seals the place in a list, bound to whom and what it was made for.
    pub fn seal_cursor(&self, place: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        seal_with(&self.cursor, place, bound_to)
    }

    /// Opens a place in a list that was made for exactly this.
    pub fn open_cursor(&self, sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
        open_with(&self.cursor, sealed, bound_to)
    }

    pub(crate) fn wrap(&self, key: &[u8; KEY_BYTES], bound_to: &[u8]) -> Option<Vec<u8>> {
        seal_with(&self.wrapping, key, bound_to)
    }

    pub(crate) fn unwrap(&self, wrapped: &[u8], bound_to: &[u8]) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
        let key = Zeroizing::new(open_with(&self.wrapping, wrapped, bound_to)?);
        key.as_slice().try_into().ok().map(Zeroizing::new)
    }
}

impl std::fmt::Debug for NodeKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NodeKeys(..)")
    }
}

/// AES-256-GCM-SIV with a random nonce, which comes first in the result.
pub(crate) fn seal_with(key: &[u8; KEY_BYTES], plain: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
    let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, key).ok()?;
    let mut sealed = plain.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(bound_to), &mut sealed).ok()?;
    let mut whole = Vec::with_capacity(NONCE_LEN + sealed.len());
    whole.extend_from_slice(nonce.as_ref());
    whole.append(&mut sealed);
    Some(whole)
}

pub(crate) fn open_with(key: &[u8; KEY_BYTES], sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
    let key = RandomizedNonceKey::new(&AES_256_GCM_SIV, key).ok()?;
    let (nonce, rest) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut rest = rest.to_vec();
    let length = key.open_in_place(nonce, Aad::from(bound_to), &mut rest).ok()?.len();
    rest.truncate(length);
    Some(rest)
}

/// Random bytes from the system.
pub(crate) fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(bytes)
}

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}
