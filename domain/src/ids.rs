//! Typed identifiers (UUIDv7, made outside the domain) and the references that are safe to read over the telephone.

use data_encoding::{Encoding, Specification};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[doc = $about:literal])+ $name:ident;)+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads the one spelling that is used: lower case with hyphens.
            pub fn parse(text: &str) -> Option<Self> {
                strict_uuid(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(raw: Uuid) -> Self { Self(raw) }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { std::fmt::Display::fmt(&self.0, f) }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { self.0.serialize(to) }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not an id"))
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::schema::text(
                    concat!($($about),+).trim(), Some("uuid"),
                    "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", 36,
                    "0192f0c1-2345-7abc-8def-0123456789ab",
                )
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    )+};
}

ids! {
    /// Identifies an agency.
    AgencyId;
    /// Identifies a registered calling system.
    ClientId;
    /// Identifies a professional of an agency.
    ProfessionalId;
    /// Identifies a service that an agency offers.
    ServiceId;
    /// Identifies a concern.
    ConcernId;
    /// Identifies a screening.
    ScreeningId;
    /// Identifies a case.
    CaseId;
    /// Identifies a child inside this node; never leaves it.
    ChildId;
    /// Identifies one side of a match of two cases.
    CaseMatchId;
    /// Identifies an exploitation episode.
    EpisodeId;
    /// Identifies an entry of a case file: a contact, movement, note or document.
    EntryId;
    /// Identifies a link between two cases.
    LinkId;
    /// Identifies an access to a case in an emergency.
    EmergencyAccessId;
    /// Identifies a request for the data of a child.
    DataRequestId;
    /// Identifies an act on the identification of a child.
    IdentificationEntryId;
    /// Identifies an act on the life of a case.
    CaseActId;
    /// Identifies a time at which a child was missing.
    MissingEpisodeId;
    /// Identifies a handover of a case.
    HandoverId;
    /// Identifies an age assessment.
    AgeAssessmentId;
    /// Identifies a referral.
    ReferralId;
    /// Identifies a message between the two sides of a referral.
    MessageId;
    /// Identifies a request between countries, on both sides.
    TransnationalRequestId;
    /// Identifies a deadline.
    DeadlineId;
    /// Identifies an event of the log of facts.
    EventId;
    /// Identifies one request and its answer.
    RequestId;
}

fn strict_uuid(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    let mut canonical = Uuid::encode_buffer();
    (id.hyphenated().encode_lower(&mut canonical) == text && !id.is_nil() && !id.is_max()).then_some(id)
}

/// A random, non-guessable number of a case or referral in Crockford base32 with a check character, for example
/// `7K3M-Q9ZD-2F`: twelve characters of which the last is the check (ISO 7064-like modulo 31 over the symbols).
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Reference(String);

impl<'de> serde::Deserialize<'de> for Reference {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Self::parse(&text)
            .filter(|it| it.0 == text)
            .ok_or_else(|| serde::de::Error::custom("not a reference in its one spelling"))
    }
}

const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 12;

impl Reference {
    /// Builds a reference from 55 of the given random bits.
    pub fn from_entropy(entropy: [u8; 8]) -> Self {
        let mut text: String = base32().map(|it| it.encode(&entropy)).unwrap_or_default();
        text.truncate(SYMBOLS - 1);
        text.push(check_symbol(text.as_bytes()).map_or('0', char::from));
        Self(grouped(&text))
    }

    /// Reads a reference as people write it: any case, with or without hyphens, `O` for `0`, `I` and `L` for `1`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut symbols = [0; SYMBOLS];
        let mut places = symbols.iter_mut();
        for symbol in text.bytes().filter(|it| !matches!(it, b'-' | b' ')) {
            *places.next()? = match symbol.to_ascii_uppercase() {
                b'O' => b'0',
                b'I' | b'L' => b'1',
                other => other,
            };
        }
        let whole = places.next().is_none();
        let (check, body) = symbols.split_last()?;
        let good = whole && check_symbol(body) == Some(*check);
        std::str::from_utf8(&symbols).ok().filter(|_| good).map(|it| Self(grouped(it)))
    }

    /// The reference as it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(feature = "openapi")]
impl utoipa::PartialSchema for Reference {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        crate::schema::text(
            "A random number, safe to read over the telephone: Crockford base32 whose last symbol is a check.",
            None,
            "^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$",
            14,
            "7K3M-Q9ZD-2F0Y",
        )
    }
}

#[cfg(feature = "openapi")]
impl utoipa::ToSchema for Reference {}

fn base32() -> Option<Encoding> {
    let mut spec = Specification::new();
    spec.symbols.push_str(CROCKFORD);
    spec.encoding().ok()
}

/// Weighted sum modulo 31, so that one wrong symbol or two swapped neighbours show.
fn check_symbol(body: &[u8]) -> Option<u8> {
    let worth = |(place, symbol)| Some((place + 1) * usize::from(worth(symbol)?));
    let sum: usize = body.iter().copied().enumerate().map(worth).sum::<Option<usize>>()?;
    CROCKFORD.as_bytes().get(sum % 31).copied()
}

/// The place of a symbol in the alphabet, which leaves out I, L, O and U.
fn worth(symbol: u8) -> Option<u8> {
    match symbol {
        b'0'..=b'9' => Some(symbol - b'0'),
        b'A'..=b'H' => Some(symbol - b'A' + 10),
        b'J' | b'K' => Some(symbol - b'J' + 18),
        b'M' | b'N' => Some(symbol - b'M' + 20),
        b'P'..=b'T' => Some(symbol - b'P' + 22),
        b'V'..=b'Z' => Some(symbol - b'V' + 27),
        _ => None,
    }
}

fn grouped(symbols: &str) -> String {
    let (a, rest) = symbols.split_at(4);
    let (b, c) = rest.split_at(4);
    format!("{a}-{b}-{c}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_reference_reads_back_however_it_is_written(entropy: [u8; 8]) {
            let made = Reference::from_entropy(entropy);
            let spoken = made.as_str().to_lowercase().replace('-', " ");
            prop_assert_eq!(Reference::parse(&spoken), Some(made));
        }

        #[test]
        fn swapping_two_neighbours_is_noticed(entropy: [u8; 8], place in 0_usize..10) {
            let made = Reference::from_entropy(entropy);
            let mut symbols: Vec<char> = made.as_str().chars().filter(|it| *it != '-').collect();
            let value = |c: char| CROCKFORD.find(c).unwrap_or_default();
            prop_assume!(value(symbols[place]) % 31 != value(symbols[place + 1]) % 31);
            symbols.swap(place, place + 1);
            prop_assert_eq!(Reference::parse(&symbols.iter().collect::<String>()), None);
        }
    }

    #[test]
    fn an_id_has_one_spelling() {
        let good = "0192f0c1-2345-7abc-8def-0123456789ab";
        assert!(CaseId::parse(good).is_some());
        let upper = good.to_uppercase();
        let braced = format!("{{{good}}}");
        let bare = good.replace('-', "");
        for bad in [upper.as_str(), &braced, &bare, "00000000-0000-0000-0000-000000000000", "", "nope"] {
            assert_eq!(CaseId::parse(bad), None, "{bad}");
        }
    }
}
