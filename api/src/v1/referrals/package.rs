//! The package: what the receiver gets, previewed before it is sent.

use actix_web::{get, web::Path};
use data_encoding::HEXLOWER;
use domain::{
    AgencyId, ReferralId, Refused,
    access::{Caller, Depth, Relation, Section, sections},
    referrals::{Receiver, Referral, ReferralSide},
    vocabulary::{ReferralReason, Role, ServiceCode, Urgency},
};
use persistence::Tx;
use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_with::skip_serializing_none;
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::content::ReferralContentView;
use crate::{
    call::Call,
    failure::{Failure, ViolationView},
    http::{Answer, Query, Shown, Tag},
    v1::common::{path_id, warnings},
};

/// SHA-256 over the whole of what crosses from the sender to the receiver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageDigest(String);

impl PartialSchema for PackageDigest {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        domain::schema::text(
            "SHA-256 over the whole of what crosses from the sender to the receiver.",
            None,
            "^sha256:[0-9a-f]{64}$",
            71,
            "sha256:0000000000000000000000000000000000000000000000000000000000000000",
        )
    }
}

impl ToSchema for PackageDigest {}

domain::codes! {
    /// Where a package stands.
    pub enum PackageStatus = "package_status" {
        Prepared = "prepared": "Prepared: what would be sent now",
        Refused = "refused": "Cannot be sent as it is",
        Sent = "sent": "Sent",
    }
}

/// Exactly what the receiver gets.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReferralPackage)]
#[serde(rename_all = "camelCase")]
pub struct PackageView {
    /// The referral.
    pub referral_id: ReferralId,
    /// Where it stands.
    pub status: PackageStatus,
    /// The agency that is asked.
    pub to_agency_id: Option<AgencyId>,
    /// The role of the receiver for whom it is shown.
    pub as_role: Option<Role>,
    /// The digest of the whole, whatever the reader sees of it; send it as `packageDigest`.
    pub digest: Option<PackageDigest>,
    /// How urgent it is.
    pub urgency: Urgency,
    /// Why it is made.
    #[schema(max_items = 20)]
    pub reasons: Vec<ReferralReason>,
    /// What is asked for.
    #[schema(max_items = 40)]
    pub services: Vec<ServiceCode>,
    /// What is asked and why, in the sender's words.
    #[schema(max_length = 4000)]
    pub summary: String,
    /// What is disclosed.
    pub content: Option<ReferralContentView>,
    /// Why it cannot be sent as it is.
    #[schema(max_items = 101)]
    pub refused_by: Option<Vec<ViolationView>>,
    /// Good practice that is not kept.
    #[schema(max_items = 100)]
    pub warnings: Option<Vec<ViolationView>>,
}

/// For whom it is shown.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct PackageQuery {
    /// As a professional of the receiver in this role sees it; for the sender.
    pub as_role: Option<Role>,
}

/// What crosses, as one text: the same for every reader.
pub(super) fn digest(it: &Referral) -> Option<PackageDigest> {
    let package = it.file.package.as_ref()?;
    let whole = json!({
        "referral": it.id, "to": it.to.map(|it| it.agency), "service": it.to.and_then(|it| it.service),
        "urgency": it.urgency, "reasons": it.reasons, "services": it.services, "summary": it.file.summary,
        "package": package,
    });
    let text = serde_json::to_vec(&whole).ok()?;
    Some(PackageDigest(format!("sha256:{}", HEXLOWER.encode(&persistence::sha256(&text)))))
}

/// What the reader sees of each class: what the receiver's role would, and never more than the reader's own role does.
fn seen(it: &Referral, reader: &Caller, side: ReferralSide, role: Option<Role>) -> Vec<Section> {
    let own = it.seen_by(reader, side);
    let (Some(role), Some(Receiver { agency_type, .. }), ReferralSide::Sender) = (role, it.to, side) else {
        return own;
    };
    let there = sections(
        &Caller { role: Some(role), agency_type, ..reader.clone() },
        &Relation::from(it.disclosed()),
    );
    let lesser = |(mine, theirs): (Section, Section)| if mine.depth < theirs.depth { mine } else { theirs };
    own.into_iter().zip(there).map(lesser).collect()
}

fn shown(
    tx: &mut Tx<'_>,
    it: &Referral,
    side: ReferralSide,
    role: Option<Role>,
) -> Result<Shown<PackageView>, Failure> {
    let (status, referral, refused, found) = if it.sent.is_some() {
        let open = it.content_open_to(side);
        (PackageStatus::Sent, open.then(|| it.clone()), None, Vec::new())
    } else {
        match previewed(tx, it)? {
            Ok(decided) => (PackageStatus::Prepared, Some(decided.value), None, decided.warnings),
            Err(refused) => (PackageStatus::Refused, None, Some(refused), Vec::new()),
        }
    };
    // A receiver that no longer has it keeps its own answer and nothing else.
    if it.sent.is_some() && referral.is_none() {
        return Err(persistence::StoreError::NotFound.into());
    }
    let seen = referral.as_ref().map(|it| seen(it, &tx.cx.caller, side, role)).unwrap_or_default();
    let content = referral.as_ref().and_then(|it| {
        it.file.package.as_ref().map(|package| ReferralContentView::of(it, package, &seen, tx.cx.now))
    });
    let digest = referral.as_ref().and_then(digest);
    let view = PackageView {
        referral_id: it.id,
        status,
        to_agency_id: it.to.map(|it| it.agency),
        as_role: role.filter(|_| side == ReferralSide::Sender),
        digest,
        urgency: it.urgency,
        reasons: it.reasons.clone(),
        services: it.services.clone(),
        summary: it.file.summary.clone(),
        content,
        refused_by: refused.map(|it| it.violations().iter().map(ViolationView::from).collect()),
        warnings: warnings(&found),
    };
    // What a preview shows follows from the child's file and the day as well: its own text is its tag.
    let text = serde_json::to_string(&view).unwrap_or_default();
    let tag = Tag::of(tx.keys(), &format!("package/{}/{text}", it.version.0));
    let classes = seen.iter().filter(|it| it.depth >= Depth::Summary).map(|it| it.class).collect();
    Ok(Shown::new(view, tag).of_case(it.case, classes))
}

/// What sending would come to now; the preview of a draft reads the child's file.
fn previewed(tx: &mut Tx<'_>, it: &Referral) -> Result<Result<domain::Decided<Referral>, Refused>, Failure> {
    let (case, relation) = tx.case(it.case)?;
    let child = tx.child(&case)?;
    let country = tx.country(it.country)?;
    Ok(it
        .preview((&case, &child, &relation), &country, &tx.cx.caller, tx.cx.now)
        .map(|it| it.within("/package"))
        .map_err(|it| it.within("/package")))
}

/// The package of a referral
///
/// Before it is sent: exactly what the receiver would get of what the draft has prepared, or why it cannot be sent.
/// Afterwards: what was sent. Give its digest when sending, and what was previewed is what is sent.
#[utoipa::path(
    operation_id = "getReferralPackage", tag = "referrals",
    params(("id" = ReferralId, Path, description = "The referral."), PackageQuery),
    responses((status = 200, description = "The package.", body = PackageView))
)]
#[get("/v1/referrals/{id}/package")]
pub async fn get_referral_package(
    call: Call,
    id: Path<String>,
    query: Query<PackageQuery>,
) -> Result<Answer, Failure> {
    let id = path_id(&id, ReferralId::parse)?;
    let role = query.0.as_role;
    call.read(Some(id.0), move |tx| {
        let (referral, side) = tx.referral(id)?;
        shown(tx, &referral, side, role)
    })
    .await
}
