//! Sending what was prepared, or what is given.

use actix_web::{post, web::Path};
use domain::{
    ReferralId,
    referrals::{Referral, Send},
};
use persistence::Tx;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acting::{act, only_the_sender},
    content::PackageBody,
    package::{PackageDigest, digest},
    receiver::refuse_shut_out,
    view::ReferralView,
};
use crate::{
    call::Call,
    failure::Failure,
    http::{Answer, Json},
    problems,
};

/// What is sent: the package that is given here, or the one that the draft has prepared.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "package": {
    "disclosures": [
        { "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] },
        { "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }
    ],
    "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01", "childInformed": true,
    "caveats": ["do_not_tell_parents"]
} }))]
pub struct SendReferral {
    /// The package; absent to send what the draft has prepared.
    #[validate(nested)]
    pub package: Option<PackageBody>,
    /// The digest of the package that was previewed: what would differ from it is not sent.
    pub package_digest: Option<PackageDigest>,
}

/// Send a referral
///
/// Discloses exactly the classes that are listed, each on its lawful basis, and starts the receiver's response times.
/// Without the child's view or a reason why it is missing it is refused (R24); so is a class beyond what the receiver
/// may be given (R75). With `packageDigest` of the preview, exactly what was previewed is sent, or nothing.
#[utoipa::path(
    operation_id = "sendReferral", tag = "referrals", params(("id" = ReferralId, Path, description = "The referral.")),
    request_body = SendReferral,
    responses((status = 200, description = "The referral.", body = ReferralView))
)]
#[post("/v1/referrals/{id}/send")]
pub async fn send_referral(
    call: Call,
    id: Path<String>,
    body: Json<SendReferral>,
) -> Result<Answer, Failure> {
    let given = body.value;
    act(call, &id, &body.canonical, move |it, tx| send(it, tx, given.clone())).await
}

fn send(it: &Referral, tx: &mut Tx<'_>, given: SendReferral) -> Result<domain::Decided<Referral>, Failure> {
    only_the_sender(it, tx)?;
    let (case, relation) = tx.case(it.case)?;
    refuse_shut_out(tx, case.id, it.to.map(|it| it.agency))?;
    let child = tx.child(&case)?;
    let country = tx.country(it.country)?;
    let (of, by, now) = ((&case, &child, &relation), &tx.cx.caller, tx.cx.now);
    let decided = match given.package {
        Some(package) => it.send(Send::from(package), of, &country, by, now),
        None => it.preview(of, &country, by, now),
    };
    let decided = decided.map_err(|it| it.within("/package"))?.within("/package");
    match given.package_digest {
        Some(seen) if digest(&decided.value).as_ref() != Some(&seen) => {
            Err(Failure::new(&problems::PACKAGE_CHANGED))
        }
        _ => Ok(decided),
    }
}
