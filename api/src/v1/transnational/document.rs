//! The package as a document: the members of the domain's package in its order, so that what is shown whole is what crosses.

use domain::{
    Day, Reference, Timestamp, TransnationalRequestId,
    access::{Depth, Section},
    text::{Country, Language},
    transnational::{
        Chain, ContactPoint, Disclosed, Hop, IdentityBlock, Member, Package, RequestPart, SharedView,
        TransferGround, Written, member_class,
    },
    vocabulary::{
        AgeCertainty, AgeGroup, DataClass, ExploitationType, IdentificationStatus, RiskLevel, ServiceCode,
        Sex, SpecialNeed, TransnationalRequestType, Urgency, ViewMethod, ViewStatus,
    },
};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{
    content::{AttachmentView, DigestView, IndicatorCode, PassOnView, some},
    parts::OfficeView,
};
use crate::v1::{common::depth_of, referrals::DisclosureView};

/// What crosses: shown whole, it is byte for byte the document of which the digest is, without the spaces of a layout.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalPackage)]
#[serde(rename_all = "camelCase")]
pub struct PackageDocument {
    /// The format, published at `/v1/schemas/transnational-package`.
    #[schema(max_length = 20, example = "trm-package/1")]
    pub format: String,
    /// The request.
    pub request_id: TransnationalRequestId,
    /// What is asked.
    pub kind: TransnationalRequestType,
    /// How urgent it is.
    pub urgency: Urgency,
    /// The office that sends it.
    pub from: OfficeView,
    /// The office that it was first addressed to; the one that has it may be another one since, which `addressees` beside the
    /// package tells.
    pub to: OfficeView,
    /// The reference of the requesting side.
    pub reference: Reference,
    /// When it was made.
    pub created_at: Timestamp,
    /// What is in it by class, and on which lawful bases each is disclosed.
    #[schema(max_items = 16)]
    pub disclosures: Vec<DisclosureView>,
    /// The ground of the transfer.
    pub transfer_ground: Option<TransferGround>,
    /// What the receiver may not do.
    #[schema(max_items = 50)]
    pub handling: Option<Vec<domain::referrals::HandlingCaveat>>,
    /// Where it comes from, and what may be passed on.
    pub chain: ChainView,
    /// The digest of the identity block, where one goes with it.
    pub identity: Option<DigestView>,
    /// The content.
    pub content: PackageContent,
}

/// The chain of requests by which the data came.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PackageChain)]
#[serde(rename_all = "camelCase")]
pub struct ChainView {
    /// The steps before this request, the origin first.
    #[schema(max_items = 5)]
    pub hops: Option<Vec<HopView>>,
    /// What the receiver may pass on.
    pub pass_on: PassOnView,
    /// The classes that may be in this very package; absent where it is the first.
    #[schema(max_items = 16)]
    pub bound: Option<Vec<DataClass>>,
}

/// One step of a chain.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChainHop)]
pub struct HopView {
    /// The request by which it came.
    pub request: TransnationalRequestId,
    /// Who passed it on.
    pub from: OfficeView,
    /// To whom.
    pub to: OfficeView,
    /// When.
    pub at: Timestamp,
}

/// The content: each member is there only if the kind allows it, it has a value, and the reader may see it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PackageContent {
    /// The child's pseudonym between these two countries.
    pub child: Option<Pseudonym>,
    /// The age as a band.
    pub age: Option<AgeGroup>,
    /// How the age is known.
    pub age_certainty: Option<AgeCertainty>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Nationalities.
    #[schema(max_items = 50)]
    pub nationalities: Option<Vec<Country>>,
    /// Languages that the child speaks.
    #[schema(max_items = 50)]
    pub languages: Option<Vec<Language>>,
    /// Needs that whoever cares for the child must know.
    #[schema(max_items = 50)]
    pub special_needs: Option<Vec<SpecialNeed>>,
    /// Whom to call about the guardianship.
    pub guardian: Option<ContactPointView>,
    /// Whom to call about the legal representation.
    pub legal_representation: Option<ContactPointView>,
    /// Forms of exploitation.
    #[schema(max_items = 50)]
    pub exploitation: Option<Vec<ExploitationType>>,
    /// The level of the immediate risk.
    pub immediate_risk: Option<RiskLevel>,
    /// Where the identification stands.
    pub identification: Option<IdentificationStatus>,
    /// Indicators that were seen.
    #[schema(max_items = 50)]
    pub indicators: Option<Vec<IndicatorCode>>,
    /// The child's view in summary.
    pub child_view: Option<SharedViewView>,
    /// What the child needs.
    #[schema(max_items = 50)]
    pub service_needs: Option<Vec<ServiceCode>>,
    /// Documents that follow.
    #[schema(max_items = 50)]
    pub attachments: Option<Vec<AttachmentView>>,
    /// What was written for the parts of the type.
    #[schema(max_items = 50)]
    pub written: Option<Vec<WrittenView>>,
}

/// A child's pseudonym between two countries: nobody else can join what they hold.
#[derive(Debug, Serialize, ToSchema)]
#[schema(
    max_length = 64,
    pattern = "^[0-9a-f]{64}$",
    example = "0000000000000000000000000000000000000000000000000000000000000000"
)]
pub struct Pseudonym(String);

/// Whom to call.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContactPoint)]
pub struct ContactPointView {
    /// The organisation or function.
    #[schema(max_length = 2000)]
    pub name: String,
    /// Its telephone, E.164.
    #[schema(max_length = 16, pattern = "^\\+[0-9]{4,15}$")]
    pub phone: Option<String>,
}

/// The child's view in summary.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SharedView)]
#[serde(rename_all = "camelCase")]
pub struct SharedViewView {
    /// Whether it was expressed.
    pub status: ViewStatus,
    /// How.
    pub method: Option<ViewMethod>,
    /// A summary.
    #[schema(max_length = 4000)]
    pub summary: Option<String>,
    /// On what day.
    pub recorded_on: Option<Day>,
    /// What weight it was given.
    #[schema(max_length = 2000)]
    pub weight_given: Option<String>,
}

/// What was written for one part of a request.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WrittenPart)]
pub struct WrittenView {
    /// The part.
    pub part: RequestPart,
    /// The text.
    #[schema(max_length = 2000)]
    pub text: String,
}

/// Who the child is by name: beside the package, for readers that must know.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IdentityBlock)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    /// Given names.
    #[schema(max_length = 100)]
    pub given_name: Option<String>,
    /// Family name.
    #[schema(max_length = 100)]
    pub family_name: Option<String>,
    /// What the child wishes to be called.
    #[schema(max_length = 100)]
    pub call_name: Option<String>,
    /// The birth date, as far as known.
    pub birth_date: Option<domain::BirthDate>,
}

impl From<&IdentityBlock> for IdentityView {
    fn from(it: &IdentityBlock) -> Self {
        let name = it.name.as_ref();
        Self {
            given_name: name.and_then(|it| it.given.clone()),
            family_name: name.and_then(|it| it.family.clone()),
            call_name: it.call_name.clone(),
            birth_date: it.birth_date,
        }
    }
}

impl From<&Chain> for ChainView {
    fn from(it: &Chain) -> Self {
        let hop = |it: &Hop| HopView {
            request: it.request,
            from: (&it.from).into(),
            to: (&it.to).into(),
            at: it.at,
        };
        Self {
            hops: some(it.hops.iter().map(hop).collect()),
            pass_on: (&it.pass_on).into(),
            bound: it.bound.clone(),
        }
    }
}

impl From<&ContactPoint> for ContactPointView {
    fn from(it: &ContactPoint) -> Self {
        Self { name: it.name.clone(), phone: it.phone.clone() }
    }
}

impl From<&SharedView> for SharedViewView {
    fn from(it: &SharedView) -> Self {
        Self {
            status: it.status,
            method: it.method,
            summary: it.summary.clone(),
            recorded_on: it.recorded_on,
            weight_given: it.weight_given.clone(),
        }
    }
}

impl PackageContent {
    /// As much of it as the reader may see.
    fn of(package: &Package, seen: &[Section]) -> Self {
        let it = &package.content;
        let may = |member| member_class(member).is_none_or(|class| depth_of(seen, class) >= Depth::Summary);
        let written = |it: &Written| WrittenView { part: it.part, text: it.text.clone() };
        let list = |shown: bool, all| if shown { some(all) } else { None };
        Self {
            child: it.child.as_ref().map(|it| Pseudonym(it.as_str().to_owned())),
            age: it.age.filter(|_| may(Member::Age)),
            age_certainty: it.age_certainty.filter(|_| may(Member::AgeCertainty)),
            sex: it.sex.filter(|_| may(Member::Sex)),
            nationalities: list(may(Member::Nationalities), it.nationalities.clone()),
            languages: some(it.languages.clone()).filter(|_| may(Member::Languages)),
            special_needs: some(it.special_needs.clone()).filter(|_| may(Member::SpecialNeeds)),
            guardian: it.guardian.as_ref().filter(|_| may(Member::Guardian)).map(Into::into),
            legal_representation: (it.legal_representation.as_ref())
                .filter(|_| may(Member::LegalRepresentation))
                .map(Into::into),
            exploitation: some(it.exploitation.clone()).filter(|_| may(Member::Exploitation)),
            immediate_risk: it.immediate_risk.filter(|_| may(Member::ImmediateRisk)),
            identification: it.identification.filter(|_| may(Member::Identification)),
            indicators: some(it.indicators.iter().cloned().map(IndicatorCode).collect())
                .filter(|_| may(Member::Indicators)),
            child_view: it.child_view.as_ref().filter(|_| may(Member::ChildView)).map(Into::into),
            service_needs: some(it.service_needs.clone()).filter(|_| may(Member::ServiceNeeds)),
            attachments: some(it.attachments.iter().filter_map(AttachmentView::of).collect())
                .filter(|_| may(Member::Attachments)),
            written: some(it.written.iter().map(written).collect()).filter(|_| may(Member::Written)),
        }
    }
}

impl PackageDocument {
    /// The package as far as the reader may see it.
    pub(super) fn of(it: &Package, seen: &[Section]) -> Self {
        let disclosed = |it: &Disclosed| DisclosureView {
            data_class: it.data_class,
            lawful_bases: it.lawful_bases.clone(),
        };
        Self {
            format: it.format.clone(),
            request_id: it.request_id,
            kind: it.kind,
            urgency: it.urgency,
            from: (&it.from).into(),
            to: (&it.to).into(),
            reference: it.reference.clone(),
            created_at: it.created_at,
            disclosures: it.disclosures.iter().map(disclosed).collect(),
            transfer_ground: it.transfer_ground,
            handling: some(it.handling.clone()),
            chain: (&it.chain).into(),
            identity: it.identity.clone().map(DigestView),
            content: PackageContent::of(it, seen),
        }
    }
}
