//! Sections sealed at rest: a data key per subject and section, wrapped by the node's key; erasing the key erases the
//! section everywhere.
//!
//! Format: version (1), algorithm (1), key version (2), nonce (12), ciphertext, tag (16). What is sealed is padded, so
//! that its length tells little, and bound to subject, section and row, and where a row has two of a section to the column, so that
//! it opens nowhere else. Who a child is, where it is and what is in its file are bound to their version as well: put back beside
//! a later version, they do not open, and whoever puts the version back with them contradicts the sealed log of facts. Other
//! values open in an older version of their own row.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _, dsl::insert_into,
};
use domain::Version;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    StoreError,
    keys::{KEY_BYTES, NodeKeys, open_with, random, seal_with},
    schema::data_keys,
    store::Tx,
};

const FORMAT: u8 = 1;
const AES_256_GCM_SIV: u8 = 1;
const HEADER: usize = 4;
const SMALLEST: usize = 32;
/// In what steps bytes are padded.
const STEP: usize = 64 * 1024;
/// How many bytes say how many follow.
const LENGTH: usize = 4;

/// What is sealed with a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    /// Who the child is.
    Identity,
    /// Where the child is.
    Whereabouts,
    /// What happened, in words.
    Narrative,
    /// What was written in referrals.
    Referral,
    /// What was found by medicine.
    Health,
    /// Family, contacts, alleged offenders, links.
    Relations,
    /// What the child said and wished.
    Views,
    /// The bytes of documents.
    Documents,
    /// Why a professional needed data.
    Justifications,
    /// What crosses a border, on each side.
    Transnational,
}

impl Sealed {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Whereabouts => "whereabouts",
            Self::Narrative => "narrative",
            Self::Referral => "referral",
            Self::Health => "health",
            Self::Relations => "relations",
            Self::Views => "views",
            Self::Documents => "documents",
            Self::Justifications => "justifications",
            Self::Transnational => "transnational",
        }
    }
}

/// An open data key, with what its sealed values are bound to.
pub(crate) struct DataKey {
    key: Zeroizing<[u8; KEY_BYTES]>,
    subject: Uuid,
    section: Sealed,
    column: &'static str,
    version: Option<Version>,
}

impl DataKey {
    /// Opens a wrapped key as it was read.
    pub(crate) fn open(
        keys: &NodeKeys,
        subject: Uuid,
        section: Sealed,
        wrapped: &[u8],
    ) -> Result<Self, StoreError> {
        let key = keys.unwrap(wrapped, &bound(subject, section.name(), None));
        let key = key.ok_or(StoreError::corrupt("data_keys", "a wrapped key does not open"))?;
        Ok(Self { key, subject, section, column: "", version: None })
    }

    /// The same key for a second sealed value of the same row, so that the two cannot be exchanged.
    pub(crate) fn in_column(&self, column: &'static str) -> Self {
        Self { key: self.key.clone(), column, ..*self }
    }

    /// The same key for a value that opens beside its own version only.
    pub(crate) fn of_version(&self, version: Version) -> Self {
        Self { key: self.key.clone(), version: Some(version), ..*self }
    }

    fn place(&self, row: Uuid) -> Vec<u8> {
        let mut all = bound(self.subject, self.section.name(), Some(row));
        all.extend_from_slice(self.column.as_bytes());
        // No column begins so.
        all.extend(self.version.iter().flat_map(|it| [b'@'].into_iter().chain(it.0.to_be_bytes())));
        all
    }

    /// Seals a value for a row.
    pub(crate) fn seal<T: Serialize>(&self, row: Uuid, value: &T) -> Result<Vec<u8>, StoreError> {
        let failed = || StoreError::corrupt("data_keys", "a value cannot be sealed");
        let mut plain = Zeroizing::new(serde_json::to_vec(value).map_err(|_| failed())?);
        pad(&mut plain);
        self.close(row, &plain)
    }

    /// Seals bytes for a row; only how many steps of 64 KiB they need can be seen.
    pub(crate) fn seal_bytes(&self, row: Uuid, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let length = u32::try_from(bytes.len())
            .map_err(|_| StoreError::corrupt("data_keys", "too many bytes to seal"))?;
        let whole = (LENGTH + bytes.len()).next_multiple_of(STEP);
        let mut plain = Zeroizing::new(Vec::with_capacity(whole));
        plain.extend_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(bytes);
        plain.resize(whole, 0);
        self.close(row, &plain)
    }

    fn close(&self, row: Uuid, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let failed = || StoreError::corrupt("data_keys", "a value cannot be sealed");
        let body = seal_with(&self.key, plain, &self.place(row)).ok_or_else(failed)?;
        let mut sealed = vec![FORMAT, AES_256_GCM_SIV, 0, 1];
        sealed.extend_from_slice(&body);
        Ok(sealed)
    }

    /// Opens what was sealed for a row.
    pub(crate) fn read<T: DeserializeOwned>(&self, row: Uuid, sealed: &[u8]) -> Result<T, StoreError> {
        let failed = || StoreError::corrupt("sealed", "a sealed value does not open");
        serde_json::from_slice(&self.plain(row, sealed)?).map_err(|_| failed())
    }

    /// Opens bytes that were sealed for a row.
    pub(crate) fn read_bytes(&self, row: Uuid, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        let failed = || StoreError::corrupt("sealed", "sealed bytes do not open");
        let plain = self.plain(row, sealed)?;
        let (length, rest) = plain.split_first_chunk::<LENGTH>().ok_or_else(failed)?;
        let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| failed())?;
        Ok(rest.get(..length).ok_or_else(failed)?.to_vec())
    }

    fn plain(&self, row: Uuid, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let failed = || StoreError::corrupt("sealed", "a sealed value does not open");
        let (header, body) = sealed.split_at_checked(HEADER).ok_or_else(failed)?;
        if header != [FORMAT, AES_256_GCM_SIV, 0, 1] {
            return Err(failed());
        }
        let plain = open_with(&self.key, body, &self.place(row)).map(Zeroizing::new);
        plain.ok_or_else(failed)
    }
}

/// Padding with spaces after the JSON text, to powers of two.
fn pad(plain: &mut Vec<u8>) {
    let whole = plain.len().next_power_of_two().max(SMALLEST);
    plain.resize(whole, b' ');
}

/// What a key of a section, or a value of a row under it, is bound to.
pub(crate) fn bound(subject: Uuid, section: &str, row: Option<Uuid>) -> Vec<u8> {
    let mut all = b"trm1".to_vec();
    all.extend_from_slice(subject.as_bytes());
    all.extend_from_slice(section.as_bytes());
    all.extend(row.iter().flat_map(|it| it.as_bytes().iter().copied()));
    all
}

impl Tx<'_> {
    /// Makes and stores a new data key.
    pub(crate) fn new_data_key(&mut self, subject: Uuid, section: Sealed) -> Result<DataKey, StoreError> {
        let failed = || StoreError::corrupt("data_keys", "a key cannot be made");
        let key = Zeroizing::new(random::<KEY_BYTES>().ok_or_else(failed)?);
        let wrapped = self.keys.wrap(&key, &bound(subject, section.name(), None)).ok_or_else(failed)?;
        insert_into(data_keys::table)
            .values((
                data_keys::subject_id.eq(subject),
                data_keys::section.eq(section.name()),
                data_keys::kek_version.eq(self.keys.version()),
                data_keys::wrapped.eq(wrapped),
            ))
            .execute(self.conn)?;
        Ok(DataKey { key, subject, section, column: "", version: None })
    }

    /// Reads the data key of a section that not every subject has, or makes it: of two at once one is kept.
    pub(crate) fn data_key_made(&mut self, subject: Uuid, section: Sealed) -> Result<DataKey, StoreError> {
        let failed = || StoreError::corrupt("data_keys", "a key cannot be made");
        let key = Zeroizing::new(random::<KEY_BYTES>().ok_or_else(failed)?);
        let wrapped = self.keys.wrap(&key, &bound(subject, section.name(), None)).ok_or_else(failed)?;
        insert_into(data_keys::table)
            .values((
                data_keys::subject_id.eq(subject),
                data_keys::section.eq(section.name()),
                data_keys::kek_version.eq(self.keys.version()),
                data_keys::wrapped.eq(wrapped),
            ))
            .on_conflict_do_nothing()
            .execute(self.conn)?;
        self.data_key(subject, section)
    }

    /// Reads a data key.
    pub(crate) fn data_key(&mut self, subject: Uuid, section: Sealed) -> Result<DataKey, StoreError> {
        let wrapped: Option<Vec<u8>> = data_keys::table
            .find((subject, section.name()))
            .select(data_keys::wrapped)
            .first(self.conn)
            .optional()?;
        let wrapped = wrapped.ok_or(StoreError::corrupt("data_keys", "a key is missing"))?;
        DataKey::open(self.keys, subject, section, &wrapped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyFile;

    fn data_key(subject: u128, section: Sealed) -> DataKey {
        DataKey {
            key: Zeroizing::new([7; KEY_BYTES]),
            subject: Uuid::from_u128(subject),
            section,
            column: "",
            version: None,
        }
    }

    #[test]
    fn a_sealed_value_opens_only_where_it_belongs() {
        let row = Uuid::from_u128(9);
        let sealed = data_key(1, Sealed::Identity).seal(row, &"Mari").expect("sealed");
        assert_eq!(data_key(1, Sealed::Identity).read::<String>(row, &sealed).expect("opened"), "Mari");
        assert!(data_key(2, Sealed::Identity).read::<String>(row, &sealed).is_err(), "another subject");
        assert!(data_key(1, Sealed::Whereabouts).read::<String>(row, &sealed).is_err(), "another section");
        assert!(
            data_key(1, Sealed::Identity).read::<String>(Uuid::from_u128(8), &sealed).is_err(),
            "another row"
        );
        let second = data_key(1, Sealed::Identity).in_column("review");
        assert!(second.read::<String>(row, &sealed).is_err(), "another column");
        let theirs = second.seal(row, &"Mari").expect("sealed");
        assert!(data_key(1, Sealed::Identity).read::<String>(row, &theirs).is_err(), "and back");
        let first = data_key(1, Sealed::Identity).of_version(Version(1));
        let dated = first.seal(row, &"Mari").expect("sealed");
        assert_eq!(first.read::<String>(row, &dated).expect("opened"), "Mari");
        assert!(first.of_version(Version(2)).read::<String>(row, &dated).is_err(), "another version");
        assert!(data_key(1, Sealed::Identity).read::<String>(row, &dated).is_err(), "no version");
        assert!(first.read::<String>(row, &sealed).is_err(), "and back");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert!(data_key(1, Sealed::Identity).read::<String>(row, &changed).is_err(), "byte {place}");
        }
    }

    #[test]
    fn of_fifty_samples_none_opens_in_the_place_of_another() {
        let sections =
            [Sealed::Identity, Sealed::Whereabouts, Sealed::Narrative, Sealed::Health, Sealed::Views];
        let place = |n: u128| {
            let section = sections.iter().copied().cycle().nth(usize::try_from(n).expect("small"));
            (n / 10, section.expect("a section"), Uuid::from_u128(n / 5))
        };
        let samples: Vec<_> = (0..50)
            .map(|n| {
                let (subject, section, row) = place(n);
                data_key(subject, section).seal(row, &n).expect("sealed")
            })
            .collect();
        for (n, sealed) in (0..).zip(&samples) {
            for other in 0..50 {
                let (subject, section, row) = place(other);
                let opened = data_key(subject, section).read::<u128>(row, sealed);
                assert_eq!(opened.is_ok(), n == other, "{n} in the place of {other}");
            }
        }
    }

    #[test]
    fn the_length_tells_little() {
        let lengths: Vec<_> = ["Al", "Mari-Liis Kuusk", "Jo Anneke"]
            .iter()
            .map(|it| data_key(1, Sealed::Identity).seal(Uuid::nil(), it).expect("sealed").len())
            .collect();
        assert!(lengths.windows(2).all(|it| it[0] == it[1]), "{lengths:?}");
    }

    #[test]
    fn bytes_come_back_and_their_length_tells_little() {
        let (key, row) = (data_key(1, Sealed::Documents), Uuid::from_u128(9));
        let lengths: Vec<_> = [0, 1, 60_000, STEP - LENGTH, STEP]
            .map(|length| {
                let bytes: Vec<u8> = (0..=255).cycle().take(length).collect();
                let sealed = key.seal_bytes(row, &bytes).expect("sealed");
                assert_eq!(key.read_bytes(row, &sealed).expect("opened"), bytes);
                assert!(key.read_bytes(Uuid::from_u128(8), &sealed).is_err(), "another row");
                sealed.len()
            })
            .to_vec();
        assert!(lengths[..4].windows(2).all(|it| it[0] == it[1]) && lengths[4] > lengths[3], "{lengths:?}");
    }

    #[test]
    fn while_a_secret_is_replaced_both_open_and_the_current_one_wraps() {
        let to = bound(Uuid::from_u128(1), Sealed::Identity.name(), None);
        let mut file = KeyFile::single(&[3; 32]).expect("a secret");
        let before = NodeKeys::of(&file).expect("keys").wrap(&[5; KEY_BYTES], &to).expect("wrapped");
        file.add().expect("added");
        let beside = NodeKeys::of(&file).expect("keys").wrap(&[6; KEY_BYTES], &to).expect("wrapped");
        file.make_current(2).expect("current");
        let keys = NodeKeys::of(&file).expect("keys");
        let after = keys.wrap(&[7; KEY_BYTES], &to).expect("wrapped");
        for (wrapped, byte) in [(&before, 5), (&beside, 6), (&after, 7)] {
            assert_eq!(keys.unwrap(wrapped, &to).map(|it| it[0]), Some(byte));
        }
        file.retire(1).expect("retired");
        let alone = NodeKeys::of(&file).expect("keys");
        assert!(alone.unwrap(&before, &to).is_none() && alone.unwrap(&beside, &to).is_none());
        assert_eq!(alone.unwrap(&after, &to).map(|it| it[0]), Some(7));
        let mut other = after.clone();
        other[1] = 1;
        assert!(keys.unwrap(&other, &to).is_none(), "the version is not taken on its word");
    }

    #[test]
    fn a_wrapped_key_opens_only_for_its_subject_and_section() {
        let keys = NodeKeys::derive(&[3; 32]).expect("keys");
        let wrapped = keys
            .wrap(&[5; KEY_BYTES], &bound(Uuid::from_u128(1), Sealed::Identity.name(), None))
            .expect("wrapped");
        assert!(DataKey::open(&keys, Uuid::from_u128(1), Sealed::Identity, &wrapped).is_ok());
        assert!(DataKey::open(&keys, Uuid::from_u128(2), Sealed::Identity, &wrapped).is_err());
        let other = NodeKeys::derive(&[4; 32]).expect("keys");
        assert!(DataKey::open(&other, Uuid::from_u128(1), Sealed::Identity, &wrapped).is_err());
    }
}
