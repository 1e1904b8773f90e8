//! No answer names who hides a child to whoever may not read where it is: every answer about a case passes here on its way out,
//! whatever handler made it. An answer that names no such agency leaves as it came.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody, to_bytes},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use domain::{CaseId, access::names_hideaways};
use persistence::Tx;
use serde_json::Value;
use uuid::Uuid;

use super::{
    Tag,
    named::{Hidden, Named, Under, chosen, leave_out, named},
};
use crate::{call::Asked, failure::Failure, node::Node, problems};

/// The middleware; what the caller knows already is not sent again.
pub async fn discretion(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let asked = response.request().extensions().get::<Arc<Asked>>().cloned();
    let node = response.request().app_data::<Data<Node>>().cloned();
    let tells = response.status().is_success() && is_json(&response);
    let asked = asked.filter(|it| {
        // Whoever is told without any relation is told in every case.
        tells && it.operation().names_who_takes_part() && !names_hideaways(it.caller(), None)
    });
    let Some((asked, node)) = asked.zip(node) else { return Ok(unless_known(response)) };
    let (request, response) = response.into_parts();
    let (mut head, body) = response.into_parts();
    let cleaned = match to_bytes(body).await {
        Ok(whole) => cleaned(&node, &asked, &whole).await.map(|it| (whole, it)),
        Err(_) => Err(Failure::new(&problems::INTERNAL)),
    };
    let body = match cleaned {
        Ok((whole, None)) => BoxBody::new(whole),
        Ok((_, Some(cleaned))) => {
            let tag = head.headers().get(header::ETAG).and_then(|it| it.to_str().ok()).map(Tag::unnamed);
            if let Some(tag) = tag.and_then(|it| HeaderValue::from_str(&it).ok()) {
                head.headers_mut().insert(header::ETAG, tag);
            }
            BoxBody::new(cleaned)
        }
        Err(failure) => return Ok(ServiceResponse::new(request, HttpResponse::from_error(failure))),
    };
    Ok(unless_known(ServiceResponse::new(request, head.set_body(body))))
}

fn is_json(response: &ServiceResponse<BoxBody>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    kind.is_some_and(|it| it.starts_with("application/json"))
}

/// The answer without what the caller is not told; nothing where it is told all that is there.
async fn cleaned(node: &Node, asked: &Asked, whole: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    let unread = |_| Failure::new(&problems::INTERNAL);
    let mut answer: Value = serde_json::from_slice(whole).map_err(unread)?;
    let about = asked.of_case();
    let (caller, standings) = (asked.caller(), asked.standings());
    let mut names = named(&answer, about);
    names.retain(|under, ids| {
        ids.remove(&caller.agency.0);
        let told = matches!(under, Under::Case(case) if standings.names_hideaways(caller, *case));
        !told && !ids.is_empty()
    });
    let (country, now) = (caller.country, node.wall.now());
    let mut own = own_ids(&answer);
    own.extend(chosen(&answer, caller.agency));
    names.retain(|under, ids| {
        let case = |id: &Uuid| matches!(under, Under::Case(case) if case.0 == *id);
        ids.retain(|id| !case(id) && !own.contains(id) && !node.unhidden.knows(country, *id, now));
        !ids.is_empty()
    });
    if names.is_empty() {
        return Ok(None);
    }
    let cx = asked.context();
    let looked = node.hop(move |store| store.read(&cx, |tx| hidden(tx, &names))).await?;
    let (hidden, unhidden) = looked;
    node.unhidden.learn(country, &unhidden, now);
    if hidden.is_empty() || !leave_out(&mut answer, about, &hidden, caller.agency) {
        return Ok(None);
    }
    Ok(Some(serde_json::to_vec(&answer).map_err(unread)?))
}

/// The ids of the things themselves that an answer holds: they tell of no agency.
fn own_ids(answer: &Value) -> BTreeSet<Uuid> {
    let listed = answer.get("data").and_then(Value::as_array).into_iter().flatten();
    let ids = listed.chain([answer]).filter_map(|it| it.get("id")?.as_str());
    ids.filter_map(|it| Uuid::try_parse(it).ok()).collect()
}

/// What the caller is not told of all that an answer names, and the ids that tell of nobody who hides.
fn hidden(tx: &mut Tx<'_>, names: &Named) -> Result<(Hidden, BTreeSet<Uuid>), Failure> {
    let mut ids: BTreeSet<_> = names.values().flatten().copied().collect();
    let mut found = tx.hideaways_among(ids.iter().copied().collect())?;
    for it in &found {
        ids.remove(&it.id);
    }
    found.retain(|it| it.agency != tx.cx.caller.agency);
    let mut hidden = Hidden::new();
    for (under, ids) in names {
        let here = found.iter().filter(|it| ids.contains(&it.id));
        let texts: BTreeSet<String> =
            here.flat_map(|it| it.told_by.iter().cloned().chain([it.id.to_string()])).collect();
        if !texts.is_empty() {
            hidden.insert(*under, texts);
        }
    }
    let cases: Vec<CaseId> = hidden
        .keys()
        .filter_map(|it| match it {
            Under::Case(case) => Some(*case),
            Under::Another | Under::Nothing => None,
        })
        .collect();
    let relations = if cases.is_empty() { HashMap::new() } else { tx.relations_to(&cases)? };
    let caller = &tx.cx.caller;
    hidden.retain(|under, _| match under {
        Under::Case(case) => !names_hideaways(caller, relations.get(case)),
        Under::Another | Under::Nothing => true,
    });
    Ok((hidden, ids))
}

/// Nothing but the headers, where the caller says that it has what would be answered.
fn unless_known(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let asked = response.request().headers().get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    let tag = response.headers().get(header::ETAG).and_then(|it| it.to_str().ok());
    let same = asked.zip(tag).is_some_and(|(asked, tag)| {
        asked.split(',').any(|it| it.trim().trim_start_matches("W/") == tag || it.trim() == "*")
    });
    if !same || response.status() != StatusCode::OK || response.request().method() != Method::GET {
        return response;
    }
    let (request, response) = response.into_parts();
    let mut known = HttpResponse::NotModified().finish();
    for (name, value) in response.headers().iter().filter(|it| it.0 != header::CONTENT_TYPE) {
        known.headers_mut().append(name.clone(), value.clone());
    }
    ServiceResponse::new(request, known)
}
