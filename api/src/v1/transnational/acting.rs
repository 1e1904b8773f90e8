//! The one shape of every act on a request between countries.

use domain::{
    Decided, TransnationalRequestId,
    transnational::{At, Request},
};
use persistence::{
    Context, Store, Tx,
    transnational::{Extra, Record},
};

use super::{
    read::read,
    view::{RequestView, shown},
};
use crate::{
    call::{Call, Expected},
    failure::Failure,
    http::{Answer, Shown},
    v1::common::path_id,
};

/// What an act comes to: the request, and what this side keeps beside it.
pub(super) struct Acted {
    pub request: Decided<Request>,
    pub extra: Extra,
}

impl Acted {
    /// An act that changes nothing beside the request.
    pub fn on(record: &Record, request: Decided<Request>) -> Self {
        Self { request, extra: record.extra.clone() }
    }
}

/// Loads, checks what the caller saw, decides, stores; then carries what was written to the other side, and answers with
/// how the request is after that. What cannot be carried now is carried by the worker.
pub(super) async fn act(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Record, At<'_>, &mut Tx<'_>) -> Result<Acted, Failure> + Send + 'static,
) -> Result<Answer, Failure> {
    let id = path_id(id, TransnationalRequestId::parse)?;
    let expected = call.expected();
    call.act_and_then(
        id.0,
        canonical,
        move |tx| acted(tx, id, &expected, &decide),
        move |tx| read(tx, id, false),
        move |store, cx, shown| carried(store, cx, id, shown),
    )
    .await
}

/// The same for an act that needs nothing but the request.
pub(super) async fn plainly(
    call: Call,
    id: &str,
    canonical: &[u8],
    decide: impl Fn(&Request, At<'_>) -> Result<Decided<Request>, domain::Refused> + Send + 'static,
) -> Result<Answer, Failure> {
    act(call, id, canonical, move |record, at, _| Ok(Acted::on(record, decide(&record.request, at)?))).await
}

fn acted(
    tx: &mut Tx<'_>,
    id: TransnationalRequestId,
    expected: &Expected,
    decide: &impl Fn(&Record, At<'_>, &mut Tx<'_>) -> Result<Acted, Failure>,
) -> Result<Shown<RequestView>, Failure> {
    let before = tx.transnational_request(id)?;
    let cx = tx.cx;
    let country = tx.country(cx.caller.country)?;
    expected.check(&shown(tx, &before, &country, &[], false).tag)?;
    let at = At { country: &country, by: &cx.caller, now: cx.now };
    let Acted { request, extra } = decide(&before, at, tx)?;
    tx.save_request(&before, &request, &extra)?;
    let after = before.after(request.value, extra);
    Ok(shown(tx, &after, &country, &request.warnings, false))
}

/// What was committed is carried at once, as far as that goes: nobody waits for the worker to see a receipt.
fn carried(
    store: &Store,
    cx: &Context,
    id: TransnationalRequestId,
    shown: Shown<RequestView>,
) -> Shown<RequestView> {
    if let Err(error) = store.carry_request(id, cx.now) {
        log::warn!(target: "trm::transnational", error:% = error; "not carried at once: the worker does");
    }
    // Whoever forwarded it does not see it any more.
    let fresh = store.read(cx, |tx| read(tx, id, false));
    match fresh {
        Ok(mut fresh) => {
            fresh.body.warnings = shown.body.warnings;
            fresh
        }
        Err(_) => shown,
    }
}
