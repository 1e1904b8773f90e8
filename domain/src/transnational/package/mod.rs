//! What crosses a border: a closed document with the minimum dataset of its kind, and nothing beside it.
//!
//! It is built up from nothing: for each kind of request an allow-list of members, of these only what the sender reads
//! and the office there may have, and only what has a value. Who the child is by name travels apart, in an identity
//! block with a digest of its own; here the child has a pseudonym that only this pair of nodes knows. Therapy notes,
//! recordings, intelligence and whereabouts have no member at all (D8, D9, D10, D2).
//!
//! The receiver reads it strictly: a member that the schema does not know, that the kind does not allow, or a byte that
//! is not as the digest says, is refused.

mod allowed;
mod build;
mod reading;
mod schema;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use allowed::{Member, allowed_members, member_class};
pub use build::{Source, build};
pub use schema::schema;

use super::{Chain, Office, TransferGround};
use crate::{
    BirthDate, Day, Reference, Timestamp, TransnationalRequestId,
    cases::Name,
    referrals::{HandlingCaveat, View},
    text::{Country, Language},
    vocabulary::{
        AgeCertainty, AgeGroup, DataClass, ExploitationType, IdentificationStatus, LawfulBasis, RiskLevel,
        ServiceCode, Sex, SpecialNeed, TransnationalRequestType, Urgency, ViewMethod, ViewStatus,
    },
};

/// The format; a change that old receivers cannot read makes a new one.
pub const FORMAT: &str = "trm-package/1";
/// The longest text of a member, in characters.
pub const LONGEST_TEXT: usize = 2_000;
/// The most items of a list.
pub const MOST_ITEMS: usize = 50;

/// A package as it crosses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Package {
    /// Always [`FORMAT`].
    pub format: String,
    /// The request.
    pub request_id: TransnationalRequestId,
    /// What is asked.
    pub kind: TransnationalRequestType,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The office that sends it.
    pub from: Office,
    /// The office that it was first addressed to: nothing of it changes on the way, whoever has the request later.
    pub to: Office,
    /// The reference of the requesting side.
    pub reference: Reference,
    /// When it was made.
    pub created_at: Timestamp,
    /// What is in it by class, and on which lawful bases each is disclosed.
    pub disclosures: Vec<Disclosed>,
    /// The ground of the transfer, where the other country has another law of data protection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_ground: Option<TransferGround>,
    /// What the receiver may not do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handling: Vec<HandlingCaveat>,
    /// Where it comes from, and what may be passed on.
    pub chain: Chain,
    /// The digest of the identity block, where one goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Digest>,
    /// The content.
    pub content: Content,
}

/// One class that is disclosed, with its lawful bases.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Disclosed {
    /// The class.
    pub data_class: DataClass,
    /// The lawful bases; at least one carries the class.
    pub lawful_bases: Vec<LawfulBasis>,
}

/// The content: each member is there only if the kind allows it and it has a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Content {
    /// The child's pseudonym between these two nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child: Option<Pseudonym>,
    /// The age as a band.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<AgeGroup>,
    /// How the age is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_certainty: Option<AgeCertainty>,
    /// Sex.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Nationalities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub nationalities: Vec<Country>,
    /// Languages that the child speaks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Language>,
    /// Needs that whoever cares for the child must know.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub special_needs: Vec<SpecialNeed>,
    /// Whom to call about the guardianship.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<ContactPoint>,
    /// Whom to call about the legal representation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_representation: Option<ContactPoint>,
    /// Forms of exploitation, as codes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exploitation: Vec<ExploitationType>,
    /// The level of the immediate risk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub immediate_risk: Option<RiskLevel>,
    /// Where the identification stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identification: Option<IdentificationStatus>,
    /// Indicators that were seen, as codes of the catalogue.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
    /// The child's view in summary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child_view: Option<SharedView>,
    /// What the child needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub service_needs: Vec<ServiceCode>,
    /// Documents that follow by the way of documents, each with its digest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// What a person wrote for this request and has previewed: by the parts of the type, and no other.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<Written>,
}

/// The child's view in summary, as it crosses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharedView {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<ViewMethod>,
    /// A summary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// On what day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_on: Option<Day>,
    /// What weight it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight_given: Option<String>,
}

impl From<&View> for SharedView {
    fn from(view: &View) -> Self {
        Self {
            status: view.status,
            method: view.method,
            summary: view.summary.clone(),
            recorded_on: view.recorded_on,
            weight_given: view.weight_given.clone(),
        }
    }
}

/// What a person wrote for one part of a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Written {
    /// The part.
    pub part: super::RequestPart,
    /// The text.
    pub text: String,
}

/// Whom to call: an organisation, never the address of a child.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactPoint {
    /// The organisation or function.
    pub name: String,
    /// Its telephone, E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// A document that follows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attachment {
    /// The part that it is.
    pub part: super::RequestPart,
    /// Its media type.
    pub media_type: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its digest.
    pub sha256: Digest,
}

/// Who the child is: the separate block, sealed for itself, for receivers that must know.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityBlock {
    /// The request.
    pub request_id: TransnationalRequestId,
    /// The same pseudonym as in the package.
    pub child: Pseudonym,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// What the child wishes to be called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_name: Option<String>,
    /// The birth date, as far as known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<BirthDate>,
}

macro_rules! hexes {
    ($($(#[doc = $about:literal])+ $name:ident;)+) => {$(
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Reads 64 small hexadecimal digits.
            pub fn parse(text: &str) -> Option<Self> {
                let fits = text.len() == 64 && text.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
                fits.then(|| Self(text.to_owned()))
            }

            /// The digits.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not 64 hexadecimal digits"))
            }
        }
    )+};
}

hexes! {
    /// A SHA-256 digest, in hexadecimal digits.
    Digest;
    /// A child's pseudonym between two nodes: a keyed digest that is made where the keys are, so that two countries cannot
    /// join what they hold.
    Pseudonym;
}

impl Digest {
    /// The digest of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)))
    }
}

/// The canonical bytes of a document: JSON without spaces, members in the order of the schema, absent if they have no
/// value. There is one spelling of a document, so that a digest is of the document and not of its layout.
pub fn canonical<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_default()
}
