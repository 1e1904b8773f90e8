//! The one shape of every act on a referral.

use domain::{
    Decided, ReferralId, Refused,
    referrals::{Followed, Referral, ReferralSide},
};
use persistence::Tx;

use super::view::{ReferralView, shown, shown_after};
use crate::{
    call::{Call, Expected, Within},
    failure::Failure,
    http::{Answer, Shown},
    v1::common::path_id,
};

/// Loads, checks what the caller saw, decides, stores: what every act on a referral does.
pub(super) async fn act(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Referral, &mut Tx<'_>) -> Result<Decided<Referral>, Failure> + Send + 'static,
) -> Result<Answer, Failure> {
    act_and_follow(call, id, canonical, move |it, tx| Ok(Followed { this: decide(it, tx)?, next: None }))
        .await
}

/// The same for an act from which another referral follows.
pub(super) async fn act_and_follow(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Referral, &mut Tx<'_>) -> Result<Followed, Failure> + Send + 'static,
) -> Result<Answer, Failure> {
    let id = path_id(id, ReferralId::parse)?;
    let (expected, within) = (call.expected(), call.quota(Some(id.0)));
    call.act(
        id.0,
        canonical,
        move |tx| acted(tx, id, (&expected, within), &decide),
        move |tx| {
            let (referral, side) = tx.referral(id)?;
            shown_after(tx, &referral, side, &[], within)
        },
    )
    .await
}

/// Refuses whoever is not the sender before the case is looked up, in which a receiver need not take part.
pub(super) fn only_the_sender(it: &Referral, tx: &Tx<'_>) -> Result<(), Failure> {
    match it.side(&tx.cx.caller) {
        Some(ReferralSide::Sender) => Ok(()),
        _ => Err(Refused::not_yours("only the sender does this").into()),
    }
}

fn acted(
    tx: &mut Tx<'_>,
    id: ReferralId,
    (expected, within): (&Expected, Within),
    decide: &impl Fn(&Referral, &mut Tx<'_>) -> Result<Followed, Failure>,
) -> Result<Shown<ReferralView>, Failure> {
    let (before, side) = tx.referral(id)?;
    expected.check(&shown(tx, &before, side, &[], false).tag)?;
    let Followed { this, next } = decide(&before, tx)?;
    tx.save_referral(&before, &this)?;
    if let Some(next) = &next {
        tx.add_referral(next)?;
    }
    let mut warnings = this.warnings;
    warnings.extend(next.into_iter().flat_map(|it| it.warnings));
    shown_after(tx, &this.value, side, &warnings, within)
}
