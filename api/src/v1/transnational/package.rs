//! The package of a request: what the receiver will see, previewed before it is sent, and what was sent.

use actix_web::{get, web::Path};
use domain::{
    CodeList as _, TransnationalRequestId,
    access::{Depth, Relation, sections},
    transnational::{Digest, Package, Request},
    vocabulary::DataClass,
};
use persistence::{StoreError, Tx};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use super::{
    content::DigestView,
    document::{IdentityView, PackageDocument},
    parts::AddresseeView,
    view::of_request,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Shown, Tag},
    problems,
    v1::common::{WithheldReason, WithheldView, depth_of, path_id},
};

domain::codes! {
    /// Where a package stands.
    pub enum TransnationalPackageStatus = "transnational_package_status" {
        Prepared = "prepared": "Prepared: exactly what the receiver would see",
        Sent = "sent": "Sent",
        Received = "received": "Received",
    }
}

/// The package with its digest, and the identity block apart from it.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TransnationalPackagePreview)]
#[serde(rename_all = "camelCase")]
pub struct PackageView {
    /// The request.
    pub request_id: TransnationalRequestId,
    /// Where it stands.
    pub package_status: TransnationalPackageStatus,
    /// The digest of the whole, whatever the reader sees of it; send it as `packageDigest`.
    pub digest: DigestView,
    /// The offices to which the request was addressed, the first one first and the one that has it last: the package names the
    /// first for ever, because nothing in it is changed on the way and its digest holds. Absent until it is sent.
    #[schema(max_items = 100)]
    pub addressees: Option<Vec<AddresseeView>>,
    /// What crosses.
    pub package: PackageDocument,
    /// Who the child is by name, in a block of its own.
    pub identity: Option<IdentityView>,
    /// What the caller may not read, and why.
    #[schema(max_items = 16)]
    pub withheld: Vec<WithheldView>,
}

/// The package that is prepared, or that was sent.
fn package_of(it: &Request) -> Option<(TransnationalPackageStatus, &Package)> {
    match it.opening() {
        Some(opening) if it.sent_at.is_some() && it.side == domain::transnational::Side::Requested => {
            Some((TransnationalPackageStatus::Received, &opening.package))
        }
        Some(opening) => Some((TransnationalPackageStatus::Sent, &opening.package)),
        None => it.prepared.package.as_ref().map(|it| (TransnationalPackageStatus::Prepared, it)),
    }
}

/// Refuses to send what is not what was previewed.
pub(super) fn check_previewed(it: &Request, seen: &Digest) -> Result<(), Failure> {
    match &it.prepared.package {
        Some(package) if package.digest() == *seen => Ok(()),
        _ => Err(Failure::new(&problems::PACKAGE_CHANGED)),
    }
}

/// The package of a request
///
/// Before it is sent: exactly what the receiver will see of what is prepared, with the digest that sending names.
/// Afterwards: what was sent or received. It is closed to the receiver while a side has suspended the request, after a
/// recall, and once the request was declined, withdrawn or closed.
#[utoipa::path(
    operation_id = "getTransnationalPackage", tag = "transnational",
    params(("id" = TransnationalRequestId, Path, description = "The request.")),
    responses((status = 200, description = "The package.", body = PackageView))
)]
#[get("/v1/transnational-requests/{id}/package")]
pub async fn get_transnational_package(call: Call, id: Path<String>) -> Result<Answer, Failure> {
    let id = path_id(&id, TransnationalRequestId::parse)?;
    call.read(Some(id.0), move |tx| shown(tx, id)).await
}

fn shown(tx: &mut Tx<'_>, id: TransnationalRequestId) -> Result<Shown<PackageView>, Failure> {
    let record = tx.transnational_request(id)?;
    let it = &record.request;
    let (status, package) = package_of(it).ok_or(StoreError::NotFound)?;
    if status == TransnationalPackageStatus::Received && !it.package_open() {
        return Err(StoreError::NotFound.into());
    }
    let classes = package.classes();
    let seen = sections(&tx.cx.caller, &Relation::from(classes.clone()));
    let named = depth_of(&seen, DataClass::D1Identity) == Depth::Full;
    let withheld = classes.iter().filter(|it| depth_of(&seen, **it) < Depth::Summary).filter_map(|class| {
        let section = seen.iter().find(|it| it.class == *class)?;
        Some(WithheldView { section: *class, reason: WithheldReason::parse(section.reason)? })
    });
    let view = PackageView {
        request_id: it.id,
        package_status: status,
        digest: DigestView(package.digest()),
        addressees: AddresseeView::all(it),
        package: PackageDocument::of(package, &seen),
        identity: record.extra.identity.as_ref().filter(|_| named).map(IdentityView::from),
        withheld: withheld.collect(),
    };
    let text = serde_json::to_string(&view).unwrap_or_default();
    let tag = Tag::of(tx.keys(), &format!("transnational-package/{}/{text}", it.version.0));
    let read = classes.into_iter().filter(|it| depth_of(&seen, *it) >= Depth::Summary).collect();
    Ok(of_request(Shown::new(view, tag), it, read))
}
