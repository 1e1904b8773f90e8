//! One call: who, which operation, with which headers; and the ways in which a handler reads and changes.

mod asked;
mod cursors;
mod listing;
mod logging;
mod searching;
mod within;

pub use self::{
    asked::Asked,
    within::{Download, Within},
};

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload, http::header, web::Data};
use domain::{
    CaseId, CodeList as _, RequestId, Timestamp,
    access::{Caller, Operation, permit},
    vocabulary::DataClass,
};
use persistence::{AccessOutcome, BrokenGlass, Context, Done, Idempotency, Store, Tx};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    contract::Contract,
    failure::Failure,
    http::{Answer, RefusedAnyway, RequestIdOf as _, Shown, Tag},
    node::Node,
    problems,
    sandbox::SandboxClock,
};

/// A call of an operation, with its caller admitted: token, limit, scope and function are checked.
pub struct Call {
    node: Data<Node>,
    asked: Arc<Asked>,
    operation: &'static Operation,
    now: Timestamp,
    key: Option<String>,
    expected: Expected,
    validate_only: bool,
    broken_glass: BrokenGlass,
    path: String,
    query: String,
}

/// What the caller's `If-Match` demands.
#[derive(Clone, Debug)]
pub struct Expected(Option<String>);

impl Expected {
    /// Refuses when what the caller sees today is not what it saw then.
    pub fn check(&self, today: &Tag) -> Result<(), Failure> {
        match &self.0 {
            Some(seen) if !today.is(seen) => Err(Failure::new(&problems::STALE_VERSION)),
            _ => Ok(()),
        }
    }
}

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct PageQuery {
    /// `nextCursor` of the page before, with the same filters.
    #[param(max_length = 400, pattern = "^[A-Za-z0-9_-]+$", example = "Zm9v")]
    pub cursor: Option<String>,
    /// How many at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
}

/// A page on the wire, before it has its own name in the contract.
#[derive(Debug)]
pub struct Listed<V> {
    /// The items.
    pub data: Vec<V>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
}

impl FromRequest for Call {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let call = Self::admit(request);
        let denied = call.as_ref().ok().and_then(|it| permit(it.caller(), it.operation).err());
        if denied.is_some() {
            request.extensions_mut().insert(RefusedAnyway);
        }
        Box::pin(async move {
            let call = call?;
            if let Some(denied) = denied {
                let failure = Failure::from(denied);
                let (subject, case) = call.asked.about(None);
                let line = call.entry(AccessOutcome::Refused).about(subject, case, Vec::new());
                call.log(line.because(failure.kind.code)).await?;
                return Err(failure);
            }
            Ok(call)
        })
    }
}

impl Call {
    fn admit(request: &HttpRequest) -> Result<Self, Failure> {
        let internal = || Failure::new(&problems::INTERNAL);
        let node = request.app_data::<Data<Node>>().cloned().ok_or_else(internal)?;
        let contract = Contract::of(request)?;
        let operation = contract.row.ok_or_else(internal)?;
        let now = node.clock.now();
        let authorization = request.headers().get(header::AUTHORIZATION);
        let verified = node.tokens.verify(&node.issuer, authorization, node.wall.now())?;
        let caller = verified.caller(RequestId(request.request_uuid().unwrap_or_default()), node.wall.now());
        let allowance = node.admit(caller.client)?;
        let asked = Arc::new(Asked::new((caller, verified.epoch), operation, now, request.path()));
        request.extensions_mut().insert(allowance);
        request.extensions_mut().insert(Arc::clone(&asked));
        contract.check_query(request.query_string())?;
        let text =
            |name: &str| request.headers().get(name).map(|it| it.to_str().map(str::to_owned)).transpose();
        let known = text("if-none-match").map_err(|_| Failure::new(&problems::INVALID_HEADER))?;
        let plain = |it: &str| it.bytes().all(|it| matches!(it, b' '..=b'~'));
        if known.is_some_and(|it| !(1..=LONGEST_TAG_LIST).contains(&it.len()) || !plain(&it)) {
            return Err(
                Failure::new(&problems::INVALID_HEADER).because("if-none-match is not a list of tags")
            );
        }
        let key = if contract.needs_key { text("idempotency-key") } else { Ok(None) };
        let key = key.map_err(|_| Failure::new(&problems::IDEMPOTENCY_KEY_INVALID))?;
        let key = key.map(|it| idempotency_key(&it)).transpose()?;
        let validate_only = asks_to_validate_only(request.query_string());
        if contract.needs_key && key.is_none() {
            return Err(Failure::new(&problems::IDEMPOTENCY_KEY_MISSING));
        }
        let expected = text("if-match").map_err(|_| Failure::new(&problems::INVALID_HEADER))?;
        if contract.needs_match {
            match expected.as_deref() {
                None | Some("*") => return Err(Failure::new(&problems::PRECONDITION_REQUIRED)),
                Some(it) if !well_formed_tag(it) => {
                    return Err(
                        Failure::new(&problems::INVALID_HEADER).because("if-match is not one quoted tag")
                    );
                }
                Some(_) => {}
            }
        }
        Ok(Self {
            asked,
            operation,
            now,
            key,
            expected: Expected(expected.filter(|_| contract.needs_match)),
            validate_only,
            broken_glass: BrokenGlass::default(),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
            node,
        })
    }

    fn caller(&self) -> &Caller {
        &self.asked.caller
    }

    /// The instant of the request.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What `If-Match` demands.
    pub fn expected(&self) -> Expected {
        self.expected.clone()
    }

    /// Reads one thing: 200 with its tag, logged before it is answered.
    pub async fn read<T: Serialize + Send + 'static>(
        self,
        subject: Option<Uuid>,
        work: impl Fn(&mut Tx<'_>) -> Result<Shown<T>, Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let cx = self.context(subject.unwrap_or_default(), None);
        let within = self.quota(subject);
        let read = self
            .node
            .hop(move |store| {
                store.read(&cx, |tx| {
                    let shown = work(tx)?;
                    within.counted(tx, shown)
                })
            })
            .await;
        let (shown, logged) = self.or_logged(read, subject).await?;
        if logged {
            return Ok(Answer::shown(&shown));
        }
        let sections = shown.sections.iter().map(|it| it.code()).collect();
        self.log(self.entry(AccessOutcome::Read).about(subject, shown.case.map(|it| it.0), sections)).await?;
        Ok(Answer::shown(&shown))
    }

    /// Works with the test clock of a sandbox node.
    pub async fn clock<T: Serialize + Send + 'static>(
        self,
        work: impl FnOnce(&SandboxClock, &Store) -> Result<T, Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let clock = self.node.sandbox().ok_or_else(|| Failure::new(&problems::NOT_FOUND))?;
        let cx = self.context(Uuid::nil(), None);
        let done = self
            .node
            .hop(move |store| {
                store.read(&cx, |_| Ok::<_, Failure>(()))?;
                work(&clock, store)
            })
            .await?;
        Ok(Answer::ok(&done))
    }

    /// Creates something: 201 with its place, or what an earlier request with the same key created.
    pub async fn create<T: Serialize + Send + 'static>(
        self,
        canonical: &[u8],
        collection: String,
        work: impl Fn(&mut Tx<'_>, Uuid) -> Result<Shown<T>, Failure> + Send + 'static,
        again: impl Fn(&mut Tx<'_>, Uuid) -> Result<Shown<T>, Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let fresh = self.node.fresh_id();
        let cx = self.context(fresh, Some(canonical));
        let within = self.quota(None);
        let made = self
            .node
            .hop(move |store| {
                let made = store.write(
                    &cx,
                    |tx| work(tx, fresh),
                    |tx, id| again(tx, id).map(|it| it.made_as(id)),
                )?;
                within.tried(store, &cx, made)
            })
            .await;
        match self.or_logged(made, None).await? {
            Done::Now(shown) if self.validate_only => {
                self.only_shown(None, &shown).await?;
                Ok(Answer::ok(&shown.body))
            }
            Done::Now(shown) => Ok(Answer::created(&shown, format!("{collection}/{fresh}"))),
            Done::Before(shown) => {
                self.only_shown(shown.id, &shown).await?;
                let id = shown.id.unwrap_or(fresh);
                Ok(Answer::created(&shown, format!("{collection}/{id}")).replayed())
            }
        }
    }

    /// Puts something where it belongs: 201 with its place if it was made, 200 if it was there.
    pub async fn upsert<T: Serialize + Send + 'static>(
        self,
        collection: &'static str,
        work: impl Fn(&mut Tx<'_>, Uuid) -> Result<(Shown<T>, bool), Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let fresh = self.node.fresh_id();
        let cx = self.context(fresh, None);
        // Without a key no request is a repeated one.
        let never = |_: &mut Tx<'_>, _| Err(Failure::new(&problems::INTERNAL));
        let done = self.node.hop(move |store| store.write(&cx, |tx| work(tx, fresh), never)).await;
        let (Done::Now((shown, made)) | Done::Before((shown, made))) = self.or_logged(done, None).await?;
        // What was there may be as it was: then it was shown, and nothing else happened.
        if self.validate_only || !made {
            self.only_shown(shown.id, &shown).await?;
        }
        Ok(match (self.validate_only, made) {
            (true, _) => Answer::ok(&shown.body),
            (false, true) => Answer::created(&shown, format!("{collection}/{fresh}")),
            (false, false) => Answer::shown(&shown),
        })
    }

    /// Acts on something: 200 with how it is now.
    pub async fn act<T: Serialize + Send + 'static>(
        self,
        subject: Uuid,
        canonical: &[u8],
        work: impl Fn(&mut Tx<'_>) -> Result<Shown<T>, Failure> + Send + 'static,
        again: impl Fn(&mut Tx<'_>) -> Result<Shown<T>, Failure> + Send + 'static,
    ) -> Result<Answer, Failure> {
        self.act_and_then(subject, canonical, work, again, |_, _, shown| shown).await
    }

    /// The same, and then something that needs the act to be committed; it says what is answered, and cannot fail.
    pub async fn act_and_then<T: Serialize + Send + 'static>(
        self,
        subject: Uuid,
        canonical: &[u8],
        work: impl Fn(&mut Tx<'_>) -> Result<Shown<T>, Failure> + Send + 'static,
        again: impl Fn(&mut Tx<'_>) -> Result<Shown<T>, Failure> + Send + 'static,
        then: impl Fn(&Store, &Context, Shown<T>) -> Shown<T> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let cx = self.context(subject, Some(canonical));
        let within = self.quota(Some(subject));
        let done = self.node.hop(move |store| {
            Ok(match store.write(&cx, |tx| work(tx), |tx, _| again(tx))? {
                Done::Now(shown) if !cx.validate_only => Done::Now(then(store, &cx, shown)),
                other => within.tried(store, &cx, other)?,
            })
        });
        let done = done.await;
        match self.or_logged(done, Some(subject)).await? {
            Done::Now(shown) if self.validate_only => {
                self.only_shown(Some(subject), &shown).await?;
                Ok(Answer::ok(&shown.body))
            }
            Done::Now(shown) => Ok(Answer::shown(&shown)),
            Done::Before(shown) => {
                self.only_shown(Some(subject), &shown).await?;
                Ok(Answer::shown(&shown).replayed())
            }
        }
    }

    fn context(&self, subject: Uuid, canonical: Option<&[u8]>) -> Context {
        let idempotency = self.key.clone().zip(canonical).map(|(key, canonical)| {
            let mut target = self.path.clone().into_bytes();
            target.push(0);
            target.extend_from_slice(canonical);
            let fingerprint = self.node.store.keys().fingerprint(&target);
            Idempotency { operation: self.operation.id, key, fingerprint }
        });
        Context {
            subject,
            validate_only: self.validate_only,
            idempotency,
            broken_glass: self.broken_glass.clone(),
            ..self.asked.context()
        }
    }
}

/// The longest `If-None-Match`, in characters.
const LONGEST_TAG_LIST: usize = 1000;
/// Read as the checks of the contract read it: a parameter can be spelled with escapes.
fn asks_to_validate_only(query: &str) -> bool {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
    pairs.iter().any(|(name, value)| name == "validateOnly" && value == "true")
}

/// 1 to 100 visible characters, bare or quoted.
fn idempotency_key(given: &str) -> Result<String, Failure> {
    let bare = given.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(given);
    let good = (1..=100).contains(&bare.len()) && bare.bytes().all(|it| matches!(it, b'!' | b'#'..=b'~'));
    if good { Ok(bare.to_owned()) } else { Err(Failure::new(&problems::IDEMPOTENCY_KEY_INVALID)) }
}

fn well_formed_tag(given: &str) -> bool {
    let bare = given.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or_default();
    (1..=40).contains(&bare.len())
        && bare.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'))
}

impl<T> Shown<T> {
    /// A representation, with what the log says of it.
    pub fn new(body: T, tag: Tag) -> Self {
        Self { body, tag, id: None, case: None, sections: Vec::new(), counts: false, above_quota: false }
    }

    /// Names the case and the sections that are shown.
    #[must_use]
    pub fn of_case(mut self, case: CaseId, sections: Vec<DataClass>) -> Self {
        (self.case, self.sections) = (Some(case), sections);
        self
    }

    /// The answer to an act that counts as a read does.
    #[must_use]
    pub fn that_counts(mut self) -> Self {
        self.counts = true;
        self
    }

    /// The same above the quota: where the child is is withheld.
    #[must_use]
    pub fn above_quota(mut self) -> Self {
        (self.counts, self.above_quota) = (true, true);
        self
    }

    fn made_as(mut self, id: Uuid) -> Self {
        self.id = Some(id);
        self
    }
}
