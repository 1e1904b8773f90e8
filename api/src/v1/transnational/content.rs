//! What the author gives for the package of a request.

use domain::{
    Day,
    referrals::{ChildView, HandlingCaveat, View},
    text::{Country, Line, Text},
    transnational::{
        Attachment, ContactPoint, Digest, Disclosed, Material, PassOn, RequestPart, TransferGround, Written,
    },
    vocabulary::{DataClass, ExploitationType, RiskLevel, ServiceCode, ViewMissingReason},
};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidationError};

use crate::v1::referrals::{ChildsViewBody, DisclosureView};

/// What goes into the package beside what the case holds, on what basis, and what the request must have.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[validate(schema(function = "one_of_view_and_reason"))]
#[schema(example = json!({
    "disclosures": [
        { "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] },
        { "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }
    ],
    "parts": ["translation"], "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01"
}))]
pub struct MaterialBody {
    /// What is disclosed, each class with its lawful bases (R75).
    #[schema(max_items = 16)]
    pub disclosures: Vec<DisclosureView>,
    /// Parts that are attested instead of sent: `translation`, where the other side accepts the language. Every other part is
    /// written, follows as a document, or is told by the members below.
    #[schema(max_items = 30)]
    pub parts: Option<Vec<RequestPart>>,
    /// What is written for the parts of the type.
    #[schema(max_items = 30)]
    pub written: Option<Vec<WrittenBody>>,
    /// Whether name and birth date go with it, in a block of their own.
    pub with_identity: Option<bool>,
    /// Whom to call about the guardianship.
    pub guardian: Option<ContactPointBody>,
    /// Whom to call about the legal representation.
    pub legal_representation: Option<ContactPointBody>,
    /// Forms of exploitation.
    #[schema(max_items = 30)]
    pub exploitation: Option<Vec<ExploitationType>>,
    /// The level of the immediate risk.
    pub immediate_risk: Option<RiskLevel>,
    /// Codes of indicators that were seen.
    #[schema(max_items = 50)]
    pub indicators: Option<Vec<IndicatorCode>>,
    /// What the child needs.
    #[schema(max_items = 40)]
    pub service_needs: Option<Vec<ServiceCode>>,
    /// Documents that follow by the way of documents.
    #[schema(max_items = 50)]
    pub attachments: Option<Vec<AttachmentView>>,
    /// What the receiver may not do.
    #[schema(max_items = 10)]
    pub handling: Option<Vec<HandlingCaveat>>,
    /// What the receiver may pass on to a further country; absent: nothing without asking.
    pub pass_on: Option<PassOnView>,
    /// The child's view (R24); or give `viewMissingReason`.
    pub child_view: Option<ChildsViewBody>,
    /// Why the child's view is missing (R24).
    pub view_missing_reason: Option<ViewMissingReason>,
    /// The day on which the child is asked again.
    pub ask_again_on: Option<Day>,
    /// The ground of the transfer, where the other country has another law of data protection (R95).
    pub transfer_ground: Option<TransferGround>,
    /// Whether disclosing was found to endanger the child: then it is not sent (R78).
    pub endangers: Option<bool>,
}

/// What is written for one part of a request.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WrittenBody {
    /// The part.
    pub part: RequestPart,
    /// The text.
    pub text: Text<2000>,
}

/// Whom to call: an organisation or function, never the address of a child.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct ContactPointBody {
    /// The organisation or function.
    pub name: Line<200>,
    /// Its telephone, E.164.
    #[schema(max_length = 16, pattern = "^\\+[0-9]{4,15}$", example = "+3720000009")]
    pub phone: Option<String>,
}

/// The code of an indicator of the catalogue.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(max_length = 60, pattern = "^[a-z0-9_]+$", example = "beg_adult_collects")]
pub struct IndicatorCode(pub String);

/// A SHA-256 digest, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DigestView(pub Digest);

impl PartialSchema for DigestView {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        domain::schema::text(
            "A SHA-256 digest, in hexadecimal digits.",
            None,
            "^[0-9a-f]{64}$",
            64,
            "0000000000000000000000000000000000000000000000000000000000000000",
        )
    }
}

impl ToSchema for DigestView {
    fn name() -> std::borrow::Cow<'static, str> {
        "Sha256Digest".into()
    }
}

/// A document that follows.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PackageAttachment)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentView {
    /// The part that it is.
    pub part: RequestPart,
    /// Its media type.
    pub media_type: Line<100>,
    /// How many bytes it has.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub bytes: u32,
    /// Its digest.
    pub sha256: DigestView,
}

/// What a receiver may pass on to a further country.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PassOn)]
pub struct PassOnView {
    /// The classes.
    #[schema(max_items = 16)]
    pub classes: Option<Vec<DataClass>>,
    /// To which countries.
    #[schema(max_items = 50)]
    pub countries: Option<Vec<Country>>,
}

impl AttachmentView {
    pub(super) fn of(it: &Attachment) -> Option<Self> {
        Some(Self {
            part: it.part,
            media_type: Line::parse(&it.media_type)?,
            bytes: u32::try_from(it.bytes).unwrap_or(u32::MAX),
            sha256: DigestView(it.sha256.clone()),
        })
    }
}

impl From<&PassOn> for PassOnView {
    fn from(it: &PassOn) -> Self {
        Self { classes: some(it.classes.clone()), countries: some(it.countries.clone()) }
    }
}

/// A list, or nothing where it is empty.
pub(super) fn some<T>(all: Vec<T>) -> Option<Vec<T>> {
    (!all.is_empty()).then_some(all)
}

/// Not both a view and a reason why there is none.
fn one_of_view_and_reason(it: &MaterialBody) -> Result<(), ValidationError> {
    let both = it.child_view.is_some() && it.view_missing_reason.is_some();
    let day_alone = it.ask_again_on.is_some() && it.view_missing_reason.is_none();
    if both {
        Err(ValidationError::new("view_and_reason")
            .with_message("a view and a reason why there is none".into()))
    } else if day_alone {
        Err(ValidationError::new("day_without_reason")
            .with_message("a day to ask again without the reason why the view is missing".into()))
    } else {
        Ok(())
    }
}

impl From<ContactPointBody> for ContactPoint {
    fn from(it: ContactPointBody) -> Self {
        Self { name: it.name.into(), phone: it.phone }
    }
}

impl From<MaterialBody> for Material {
    fn from(it: MaterialBody) -> Self {
        let recorded = it.child_view.map(|it| ChildView::Recorded(View::from(it)));
        let ask_again_on = it.ask_again_on;
        let missing = it.view_missing_reason.map(|reason| ChildView::Missing { reason, ask_again_on });
        let attachment = |it: AttachmentView| Attachment {
            part: it.part,
            media_type: it.media_type.into(),
            bytes: it.bytes.into(),
            sha256: it.sha256.0,
        };
        let pass_on = it.pass_on.map(|it| PassOn {
            classes: it.classes.unwrap_or_default(),
            countries: it.countries.unwrap_or_default(),
        });
        let disclosed =
            |it: DisclosureView| Disclosed { data_class: it.data_class, lawful_bases: it.lawful_bases };
        Self {
            parts: it.parts.unwrap_or_default(),
            disclosures: it.disclosures.into_iter().map(disclosed).collect(),
            with_identity: it.with_identity == Some(true),
            guardian: it.guardian.map(ContactPoint::from),
            legal_representation: it.legal_representation.map(ContactPoint::from),
            exploitation: it.exploitation.unwrap_or_default(),
            immediate_risk: it.immediate_risk,
            indicators: it.indicators.unwrap_or_default().into_iter().map(|it| it.0).collect(),
            service_needs: it.service_needs.unwrap_or_default(),
            attachments: it.attachments.unwrap_or_default().into_iter().map(attachment).collect(),
            written: it
                .written
                .unwrap_or_default()
                .into_iter()
                .map(|it| Written { part: it.part, text: it.text.into() })
                .collect(),
            handling: it.handling.unwrap_or_default(),
            pass_on: pass_on.unwrap_or_default(),
            child_view: recorded.or(missing),
            transfer_ground: it.transfer_ground,
            endangers: it.endangers == Some(true),
        }
    }
}
