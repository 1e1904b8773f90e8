//! What is signed of the tree: a checkpoint (C2SP tlog-checkpoint) in a signed note (C2SP signed-note, Ed25519), so that
//! tools that are not ours verify it.

use aws_lc_rs::{
    digest,
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use data_encoding::{BASE64, HEXLOWER};

use super::tree::Hash;

/// The algorithm of a key of signed notes: Ed25519.
const ED25519_NOTE: u8 = 1;

/// A size of the tree and its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The name of the log.
    pub origin: String,
    /// How many leaves it has.
    pub size: u64,
    /// The root of these leaves.
    pub root: Hash,
}

/// Why a checkpoint is not to be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is no signed note with origin, size and root.
    #[error("it is no checkpoint")]
    Malformed,
    /// It names another log.
    #[error("it is of another log")]
    OtherOrigin,
    /// No signature of the key is on it, or one that does not fit.
    #[error("its signature is not of the key")]
    Signature,
    /// The key is no key of signed notes with Ed25519, or its name is none.
    #[error("the key is not one of signed notes (name+id+Ed25519 key)")]
    Key,
}

/// The key that signs checkpoints, with the name of the log.
pub struct CheckpointKey {
    pair: Ed25519KeyPair,
    verifier: Verifier,
}

/// The public half: whoever has it can verify checkpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    origin: String,
    public: Vec<u8>,
}

impl CheckpointKey {
    /// From a private key (PKCS#8, DER) and the name of the log, as it is in the first line of each checkpoint.
    pub fn new(origin: &str, pkcs8: &[u8]) -> Result<Self, CheckpointError> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| CheckpointError::Key)?;
        let verifier = Verifier::new(origin, pair.public_key().as_ref())?;
        Ok(Self { pair, verifier })
    }

    /// The public half.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The signed note of a size and root.
    pub fn sign(&self, size: u64, root: &Hash) -> String {
        let Verifier { origin, .. } = &self.verifier;
        let text = format!("{origin}\n{size}\n{}\n", BASE64.encode(root));
        let mut signature = self.verifier.id().to_vec();
        signature.extend_from_slice(self.pair.sign(text.as_bytes()).as_ref());
        format!("{text}\n\u{2014} {origin} {}\n", BASE64.encode(&signature))
    }
}

impl std::fmt::Debug for CheckpointKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CheckpointKey(..)")
    }
}

impl Verifier {
    fn new(origin: &str, public: &[u8]) -> Result<Self, CheckpointError> {
        let named = !origin.is_empty() && !origin.contains(|it: char| it.is_whitespace() || it == '+');
        let right = named && public.len() == 32;
        if right {
            Ok(Self { origin: origin.to_owned(), public: public.to_vec() })
        } else {
            Err(CheckpointError::Key)
        }
    }

    /// Reads a key as signed notes write it: `name+id+key`.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(origin), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(CheckpointError::Key);
        };
        let key = BASE64.decode(key.as_bytes()).map_err(|_| CheckpointError::Key)?;
        let (algorithm, public) = key.split_first().ok_or(CheckpointError::Key)?;
        let it = Self::new(origin, public)?;
        if *algorithm == ED25519_NOTE && HEXLOWER.encode(&it.id()) == id {
            Ok(it)
        } else {
            Err(CheckpointError::Key)
        }
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn id(&self) -> [u8; 4] {
        let mut named = self.origin.clone().into_bytes();
        named.extend_from_slice(&[b'\n', ED25519_NOTE]);
        named.extend_from_slice(&self.public);
        let digest = digest::digest(&digest::SHA256, &named);
        digest.as_ref().first_chunk().copied().unwrap_or_default()
    }

    /// The checkpoint in a note that this key has signed.
    pub fn open(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let (text, signatures) = note.split_once("\n\n").ok_or(CheckpointError::Malformed)?;
        let checkpoint = read(text)?;
        if checkpoint.origin != self.origin {
            return Err(CheckpointError::OtherOrigin);
        }
        let signed = format!("{text}\n");
        let ours = |line: &str| {
            let (name, signature) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
            let bytes = BASE64.decode(signature.as_bytes()).ok()?;
            let signature = bytes.strip_prefix(&self.id())?;
            let key = UnparsedPublicKey::new(&ED25519, &self.public);
            (name == self.origin && key.verify(signed.as_bytes(), signature).is_ok()).then_some(())
        };
        let found = signatures.ends_with('\n') && signatures.lines().any(|it| ours(it).is_some());
        if found { Ok(checkpoint) } else { Err(CheckpointError::Signature) }
    }
}

impl std::fmt::Display for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519_NOTE];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{}+{}", self.origin, HEXLOWER.encode(&self.id()), BASE64.encode(&key))
    }
}

/// Origin, size and root, one a line; a size has one spelling.
fn read(text: &str) -> Result<Checkpoint, CheckpointError> {
    let mut lines = text.split('\n');
    let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
        return Err(CheckpointError::Malformed);
    };
    let number: u64 = size.parse().map_err(|_| CheckpointError::Malformed)?;
    let root = BASE64.decode(root.as_bytes()).map_err(|_| CheckpointError::Malformed)?;
    let root: Hash = root.try_into().map_err(|_| CheckpointError::Malformed)?;
    if number.to_string() == size && !origin.is_empty() {
        Ok(Checkpoint { origin: origin.to_owned(), size: number, root })
    } else {
        Err(CheckpointError::Malformed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(origin: &str) -> CheckpointKey {
        let pair = Ed25519KeyPair::generate().expect("a key");
        CheckpointKey::new(origin, pair.to_pkcs8v1().expect("PKCS#8").as_ref()).expect("a key")
    }

    #[test]
    fn the_key_of_the_specification_has_its_id() {
        // C2SP signed-note, from the documentation of golang.org/x/mod/sumdb/note.
        let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key = Verifier::parse(text).expect("a key");
        assert_eq!(key.to_string(), text);
        let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\
                    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        // Its text is no checkpoint, so only the signature can be looked at.
        let (text, signature) = note.split_once("\n\n").expect("a note");
        let bytes = BASE64.decode(signature.trim().rsplit(' ').next().expect("a signature").as_bytes());
        let bytes = bytes.expect("base64");
        let known = UnparsedPublicKey::new(&ED25519, &key.public);
        assert_eq!(bytes[..4], key.id());
        assert!(known.verify(format!("{text}\n").as_bytes(), &bytes[4..]).is_ok());
    }

    #[test]
    fn a_checkpoint_is_good_as_it_was_signed_and_not_otherwise() {
        let ours = key("trm.example/ee");
        let note = ours.sign(12, &[7; 32]);
        let verifier = Verifier::parse(&ours.verifier().to_string()).expect("a key");
        let wanted = Checkpoint { origin: "trm.example/ee".to_owned(), size: 12, root: [7; 32] };
        assert_eq!(verifier.open(&note), Ok(wanted));
        for at in 0..note.len() {
            let mut changed = note.clone().into_bytes();
            changed[at] ^= 1;
            let Ok(changed) = String::from_utf8(changed) else { continue };
            assert!(verifier.open(&changed).is_err(), "byte {at} of {note:?}");
        }
        assert_eq!(key("trm.example/ee").verifier().open(&note), Err(CheckpointError::Signature));
        assert_eq!(key("trm.example/lv").verifier().open(&note), Err(CheckpointError::OtherOrigin));
        let cosigned = format!("{note}\u{2014} witness.example AAAA\n");
        assert!(verifier.open(&cosigned).is_ok(), "others may sign as well");
    }

    #[test]
    fn what_is_no_name_or_no_key_is_refused() {
        let pair = Ed25519KeyPair::generate().expect("a key");
        let pkcs8 = pair.to_pkcs8v1().expect("PKCS#8");
        for origin in ["", "a b", "a+b"] {
            assert!(CheckpointKey::new(origin, pkcs8.as_ref()).is_err(), "{origin}");
        }
        for text in ["", "a", "a+b+c", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"] {
            assert_eq!(Verifier::parse(text), Err(CheckpointError::Key), "{text}");
        }
    }
}
