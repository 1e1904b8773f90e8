//! The one way to ask the node; every answer is held against the contract before a test sees it.

use actix_web::{body, http::Method, test::TestRequest, web::Bytes};
use serde::Serialize;
use serde_json::Value;

use super::{TestNode, Who, claims_of, contract, taken_apart, who::fresh};

/// A request in the making.
pub struct Ask<'a> {
    node: &'a TestNode,
    who: Option<Who>,
    client_of: Option<Who>,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Bytes>,
    length: bool,
}

/// The case whose whereabouts a path names: a client asks for them with a token that is bound to it.
fn whereabouts_of(path: &str) -> Option<&str> {
    let case = path.strip_prefix("/v1/cases/")?.split('?').next()?.strip_suffix("/whereabouts")?;
    domain::CaseId::parse(case).map(|_| case)
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was asked: method and path.
    pub asked: String,
    /// The status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl TestNode {
    /// Begins a request; the path may carry a query.
    pub fn ask(&self, method: &str, path: impl Into<String>) -> Ask<'_> {
        Ask {
            node: self,
            who: None,
            client_of: None,
            method: Method::from_bytes(method.as_bytes()).expect("a method"),
            path: path.into(),
            headers: Vec::new(),
            body: None,
            length: true,
        }
    }

    /// Reads.
    pub async fn get(&self, who: &Who, path: impl Into<String>) -> Seen {
        self.ask("GET", path).by(who).send().await
    }

    /// Creates, with a fresh idempotency key.
    pub async fn create(&self, who: &Who, path: impl Into<String>, body: &Value) -> Seen {
        self.ask("POST", path).by(who).key(&fresh_key()).json(body).send().await
    }

    /// Acts on what was seen under this tag, with a fresh idempotency key.
    pub async fn act(&self, who: &Who, path: impl Into<String>, tag: &str, body: &Value) -> Seen {
        self.ask("POST", path).by(who).key(&fresh_key()).if_match(tag).json(body).send().await
    }

    /// Changes what was seen under this tag by a merge patch.
    pub async fn patch(&self, who: &Who, path: impl Into<String>, tag: &str, body: &Value) -> Seen {
        self.ask("PATCH", path).by(who).if_match(tag).merge(body).send().await
    }
}

/// An idempotency key that was not used before.
pub fn fresh_key() -> String {
    format!("key-{}", fresh())
}

impl Ask<'_> {
    /// As a caller, with its token.
    #[must_use]
    pub fn by(mut self, who: &Who) -> Self {
        self.who = Some(who.clone());
        self
    }

    /// By the system of somebody else, while the application takes it for that of the caller: whatever the application asks
    /// is asked about the caller, and the database alone knows better.
    #[must_use]
    pub fn taken_for(mut self, in_truth: &Who) -> Self {
        self.client_of = Some(in_truth.clone());
        self
    }

    /// With a header; a second one of the same name is added.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// With an idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// On what was seen under this tag.
    #[must_use]
    pub fn if_match(self, tag: &str) -> Self {
        self.header("if-match", tag)
    }

    /// With this token.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        let value = format!("Bearer {token}");
        self.header("authorization", value)
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string())
    }

    /// With a merge patch.
    #[must_use]
    pub fn merge(self, body: &Value) -> Self {
        self.bytes("application/merge-patch+json", body.to_string())
    }

    /// With a form.
    #[must_use]
    pub fn form(self, fields: &impl Serialize) -> Self {
        let text = serde_urlencoded::to_string(fields).expect("a form");
        self.bytes("application/x-www-form-urlencoded", text)
    }

    /// With a body of any kind.
    #[must_use]
    pub fn bytes(self, media_type: &str, body: impl Into<Bytes>) -> Self {
        let mut with = self.header("content-type", media_type);
        with.body = Some(body.into());
        with
    }

    /// With a body that does not say how long it is.
    #[must_use]
    pub fn chunked(mut self) -> Self {
        self.length = false;
        self
    }

    /// Sends it, and holds the answer against the contract.
    pub async fn send(self) -> Seen {
        let mut request = TestRequest::default().method(self.method.clone()).uri(&self.path);
        if let Some(who) = &self.who {
            let case = whereabouts_of(&self.path).filter(|_| !who.is_bound());
            let who = case.map_or_else(|| who.clone(), |case| who.clone().bound_to(case));
            let mut token = Box::pin(self.node.token(&who)).await;
            if let Some(in_truth) = &self.client_of {
                let client = claims_of(&Box::pin(self.node.token(in_truth)).await)["client"].clone();
                token = taken_apart(&token).claim("client", client).by(&self.node.issuer_key);
            }
            request = request.append_header(("authorization", format!("Bearer {token}")));
        }
        for (name, value) in &self.headers {
            request = request.append_header((name.as_str(), value.as_str()));
        }
        if let Some(body) = self.body {
            request = if self.length {
                request.append_header(("content-length", body.len().to_string()))
            } else {
                request.append_header(("transfer-encoding", "chunked"))
            };
            request = request.set_payload(body);
        }
        let answer = (self.node.app)(request).await;
        let (_, answer) = answer.into_parts();
        let status = answer.status().as_u16();
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| {
            (name.as_str().to_owned(), value.to_str().expect("a header in ASCII").to_owned())
        });
        let headers = headers.collect();
        let body = body::to_bytes(answer.into_body()).await.map_err(|_| "the body").expect("a body");
        let seen = Seen { asked: format!("{} {}", self.method, self.path), status, headers, body };
        if let Err(wrong) = contract::check(self.method.as_str(), &self.path, &seen) {
            panic!("{}: not as the contract says: {wrong}\n{}", seen.asked, seen.told());
        }
        seen
    }
}

impl Seen {
    /// Goes on only with this status.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.told());
        self
    }

    /// Goes on only with this status and this code of a problem.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Self {
        let seen = self.expect(status);
        assert_eq!(seen.code(), code, "{}: {}", seen.asked, seen.told());
        seen
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: no JSON: {}", self.asked, self.told()))
    }

    /// A member that is a text.
    #[track_caller]
    pub fn text(&self, member: &str) -> String {
        let it = self.json();
        it[member].as_str().unwrap_or_else(|| panic!("{}: no {member} in {it}", self.asked)).to_owned()
    }

    /// Its id.
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("id")
    }

    /// The code of a problem; empty where there is none.
    pub fn code(&self) -> String {
        let it: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        it["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Its tag.
    #[track_caller]
    pub fn tag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("{}: no ETag", self.asked)).to_owned()
    }

    /// `(code, pointer)` of each violation, or of each warning of a successful answer.
    pub fn found(&self) -> Vec<(String, String)> {
        let it = self.json();
        let list = if self.status < 300 { "warnings" } else { "violations" };
        let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
        let all = it[list].as_array().cloned().unwrap_or_default();
        all.iter().map(|it| (text(&it["code"]), text(&it["pointer"]))).collect()
    }

    /// The rules that violations or warnings name; each with a citation and a remedy.
    #[track_caller]
    pub fn rules(&self) -> Vec<String> {
        let it = self.json();
        let list = if self.status < 300 { "warnings" } else { "violations" };
        let named = it[list].as_array().into_iter().flatten().filter(|it| it["rule"].is_string());
        named
            .map(|it| {
                let citation = it["sources"][0]["citation"].as_str().unwrap_or_default();
                assert!(
                    !citation.is_empty() && it["remedy"].is_string(),
                    "a rule without source or remedy: {it}"
                );
                it["rule"].as_str().unwrap_or_default().to_owned()
            })
            .collect()
    }

    /// What was answered, for people.
    pub fn told(&self) -> String {
        let body: String = String::from_utf8_lossy(&self.body).chars().take(3000).collect();
        format!("{} {:?}\n{body}", self.status, self.headers)
    }
}

/// An answer without what names the request or counts requests.
pub fn anonymous(seen: &Seen) -> (u16, Vec<(String, String)>, String) {
    let id = seen.header("request-id").unwrap_or_default().to_owned();
    let mut headers = seen.headers.clone();
    headers.retain(|(name, _)| !["request-id", "ratelimit", "date"].contains(&name.as_str()));
    headers.sort();
    (seen.status, headers, String::from_utf8_lossy(&seen.body).replace(&id, "REQUEST"))
}
