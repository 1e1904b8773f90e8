//! The node's keys: secrets from a file, and one derived key for each use.

mod file;

use std::path::Path;

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::matching::{IndexInput, IndexKind};
use zeroize::Zeroizing;

pub use file::{KeyFile, KeyFileError};

/// The length of every symmetric key, in bytes.
pub(crate) const KEY_BYTES: usize = 32;

/// What goes into blind indexes. One more makes every index anew.
const INDEX_SCHEME: i16 = 1;

/// How many schemes there can be before the epochs of two versions meet.
const SCHEMES: i16 = 16;

/// The keys of this node. Their uses are separated by derivation; see `docs/crypto.md`.
pub struct NodeKeys {
    wrapping: Vec<(u16, Zeroizing<[u8; KEY_BYTES]>)>,
    current: u16,
    index_epoch: i16,
    etag: hmac::Key,
    fingerprint: hmac::Key,
    pseudonym: hmac::Key,
    cursor: Zeroizing<[u8; KEY_BYTES]>,
    indexes: Vec<IndexKeys>,
}

/// The keys of blind indexes of one epoch, one for each kind.
struct IndexKeys {
    epoch: i16,
    keys: Vec<(IndexKind, hmac::Key)>,
}

impl NodeKeys {
    /// Reads the secrets from a key file.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        Self::of(&KeyFile::read(path)?)
    }

    /// Makes a new secret, in hexadecimal digits, for a key file.
    pub fn generate() -> Result<Zeroizing<String>, KeyFileError> {
        let bytes: Zeroizing<[u8; KEY_BYTES]> = Zeroizing::new(random().ok_or(KeyFileError::NoRandomness)?);
        Ok(Zeroizing::new(HEXLOWER_PERMISSIVE.encode(bytes.as_slice())))
    }

    /// Derives every key from a single secret.
    pub fn derive(secret: &[u8]) -> Result<Self, KeyFileError> {
        Self::of(&KeyFile::single(secret)?)
    }

    /// Derives every key from the secrets of a file. What clients hold for a while (ETags, cursors, fingerprints) comes
    /// from the oldest, so that nothing of it changes before that one is retired.
    pub fn of(file: &KeyFile) -> Result<Self, KeyFileError> {
        let roots: Vec<(u16, Root)> =
            file.secrets().iter().map(|(version, secret)| (*version, Root::of(secret.as_slice()))).collect();
        let (_, oldest) = roots.first().ok_or(KeyFileError::Malformed)?;
        Ok(Self {
            wrapping: roots
                .iter()
                .map(|(version, root)| Ok((*version, root.expand(b"wrapping")?)))
                .collect::<Result<_, KeyFileError>>()?,
            current: file.current(),
            index_epoch: epoch(file.current())?,
            etag: oldest.mac(b"etag")?,
            fingerprint: oldest.mac(b"idempotency fingerprint")?,
            pseudonym: oldest.mac(b"pseudonym")?,
            cursor: oldest.expand(b"cursor")?,
            indexes: roots
                .iter()
                .map(|(version, root)| IndexKeys::of(epoch(*version)?, root))
                .collect::<Result<_, KeyFileError>>()?,
        })
    }

    /// The version of the secret that new data keys are wrapped with.
    pub(crate) fn version(&self) -> i32 {
        i32::from(self.current)
    }

    /// The epoch of the blind indexes that are written.
    pub(crate) fn index_epoch(&self) -> i16 {
        self.index_epoch
    }

    /// Every epoch that children may still be found by.
    pub(crate) fn index_epochs(&self) -> impl Iterator<Item = i16> {
        self.indexes.iter().map(|it| it.epoch)
    }

    /// The epochs of blind indexes that a version was ever used for.
    pub(crate) fn epochs_of(version: u16) -> impl Iterator<Item = i16> {
        let first = epoch(version).unwrap_or(i16::MAX) - INDEX_SCHEME;
        (1..SCHEMES).filter_map(move |scheme| first.checked_add(scheme))
    }

    /// The token of an input of a blind index of a country: equal for equal inputs of one kind, and nothing else is
    /// learned from it without the key.
    pub(crate) fn index_token(&self, epoch: i16, country: &str, input: &IndexInput) -> Option<i64> {
        let keys = &self.indexes.iter().find(|it| it.epoch == epoch)?.keys;
        let (_, key) = keys.iter().find(|(kind, _)| *kind == input.kind)?;
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

    /// The pseudonym of a child between two countries, in hexadecimal digits.
    pub(crate) fn pseudonym(&self, pair: &str, child: &[u8]) -> String {
        let mut tag = hmac::Context::with_key(&self.pseudonym);
        tag.update(pair.as_bytes());
        tag.update(b"|");
        tag.update(child);
        data_encoding::HEXLOWER.encode(tag.sign().as_ref())
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

    /// Wraps a data key with the current secret, whose version comes first in the result.
    pub(crate) fn wrap(&self, key: &[u8; KEY_BYTES], bound_to: &[u8]) -> Option<Vec<u8>> {
        let mut whole = self.current.to_be_bytes().to_vec();
        whole.append(&mut seal_with(self.wrapping_key(self.current)?, key, bound_to)?);
        Some(whole)
    }

    /// Opens a data key, whichever known secret wraps it.
    pub(crate) fn unwrap(&self, wrapped: &[u8], bound_to: &[u8]) -> Option<Zeroizing<[u8; KEY_BYTES]>> {
        let (version, sealed) = wrapped.split_first_chunk()?;
        let key =
            Zeroizing::new(open_with(self.wrapping_key(u16::from_be_bytes(*version))?, sealed, bound_to)?);
        key.as_slice().try_into().ok().map(Zeroizing::new)
    }

    fn wrapping_key(&self, version: u16) -> Option<&[u8; KEY_BYTES]> {
        self.wrapping.iter().find(|(it, _)| *it == version).map(|(_, key)| &**key)
    }
}

/// The epoch of the blind indexes of a version.
fn epoch(version: u16) -> Result<i16, KeyFileError> {
    let before = i16::try_from(version.saturating_sub(1)).map_err(|_| KeyFileError::Malformed)?;
    before.checked_mul(SCHEMES).and_then(|it| it.checked_add(INDEX_SCHEME)).ok_or(KeyFileError::Malformed)
}

/// What keys are expanded from.
struct Root(hkdf::Prk);

impl Root {
    fn of(secret: &[u8]) -> Self {
        Self(hkdf::Salt::new(hkdf::HKDF_SHA256, b"trm node keys v1").extract(secret))
    }

    fn expand(&self, label: &[u8]) -> Result<Zeroizing<[u8; KEY_BYTES]>, KeyFileError> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        let info = [label];
        let okm = self.0.expand(&info, hkdf::HKDF_SHA256).map_err(|_| KeyFileError::Malformed)?;
        okm.fill(key.as_mut_slice()).map_err(|_| KeyFileError::Malformed)?;
        Ok(key)
    }

    fn mac(&self, label: &[u8]) -> Result<hmac::Key, KeyFileError> {
        Ok(hmac::Key::new(hmac::HMAC_SHA256, self.expand(label)?.as_slice()))
    }
}

impl IndexKeys {
    fn of(epoch: i16, root: &Root) -> Result<Self, KeyFileError> {
        let key = |kind: &IndexKind| {
            let label = format!("blind index/{}/{epoch}", kind.name());
            Ok((*kind, root.mac(label.as_bytes())?))
        };
        Ok(Self { epoch, keys: IndexKind::ALL.iter().map(key).collect::<Result<_, KeyFileError>>()? })
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
