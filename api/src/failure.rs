//! Every way in which a request fails, and the one mapping to HTTP: RFC 9457 problem details.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{self, HeaderName, HeaderValue},
    },
};
use domain::{
    Refused, Timestamp, Violation,
    access::{Denied, seconds_until},
    rules,
};
use persistence::{StoreError, TxFailure};
use serde::Serialize;
use serde_with::skip_serializing_none;
use utoipa::ToSchema;

use crate::problems::{self, Kind};

/// Why a request was not done.
#[derive(Debug)]
pub struct Failure {
    /// The kind of problem.
    pub kind: &'static Kind,
    /// What is wrong with this request; no values of it.
    pub detail: Option<Box<str>>,
    /// Every violation found.
    pub violations: Vec<ViolationView>,
    /// Headers that the answer carries, such as `Allow` or `WWW-Authenticate`.
    pub headers: Vec<(HeaderName, String)>,
    store: Option<StoreError>,
    /// A case into which a party was to be brought that is never to know of it.
    pub(crate) alert: Option<Box<(domain::CaseId, domain::AgencyId)>>,
}

/// An RFC 9457 problem document.
#[skip_serializing_none]
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// The page of this problem, on this node.
    #[serde(rename = "type")]
    #[schema(max_length = 200, pattern = "^/problems/[a-z0-9-]+$", example = "/problems/rule-refused")]
    pub kind: String,
    /// What kind of problem it is.
    #[schema(max_length = 200, example = "A rule refuses it")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    pub status: u16,
    /// What is wrong with this request.
    #[schema(max_length = 1000)]
    pub detail: Option<String>,
    /// The request, as `Request-Id` names it.
    #[schema(max_length = 80, example = "urn:uuid:0192f0c1-2345-7abc-8def-0123456789ab")]
    pub instance: Option<String>,
    /// The stable code of the problem; the contract lists them.
    #[schema(max_length = 60)]
    pub code: &'static str,
    /// Every violation found, not only the first.
    #[schema(max_items = 101)]
    pub violations: Option<Vec<ViolationView>>,
    /// Whether more violations were found than are listed.
    pub truncated: Option<bool>,
}

/// One rule that is broken or touched, or one value that does not fit.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = Violation)]
#[serde(rename_all = "camelCase")]
pub struct ViolationView {
    /// JSON pointer into the request body, or `?name` for a query parameter; empty for the whole.
    #[schema(max_length = 300, example = "/childView")]
    pub pointer: String,
    /// Stable code of what is wrong.
    #[schema(max_length = 80, example = "views_or_reason")]
    pub code: String,
    /// What is wrong, in words.
    #[schema(max_length = 1000)]
    pub message: String,
    /// The rule, explained under `/v1/rules/{code}`.
    #[schema(max_length = 5, pattern = "^R[0-9]+$", example = "R24")]
    pub rule: Option<&'static str>,
    /// What the rule rests on.
    #[schema(max_items = 20)]
    pub sources: Option<Vec<SourceView>>,
    /// What would make the act lawful.
    #[schema(max_length = 1000)]
    pub remedy: Option<&'static str>,
    /// Another case that it is about; only one that the caller may see.
    pub case_id: Option<domain::CaseId>,
}

/// A provision of law or a standard.
#[skip_serializing_none]
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    /// The provision.
    #[schema(max_length = 300, example = "Directive 2011/36/EU Art. 14(1)")]
    pub citation: &'static str,
    /// Where it can be read.
    #[schema(max_length = 300)]
    pub url: Option<&'static str>,
    /// How well the citation has been checked.
    pub verification: domain::rules::Verification,
}

impl From<&domain::rules::Source> for SourceView {
    fn from(it: &domain::rules::Source) -> Self {
        let url = Some(it.url).filter(|url| !url.is_empty());
        Self { citation: it.citation, url, verification: it.verification }
    }
}

impl From<&domain::Violation> for ViolationView {
    fn from(it: &domain::Violation) -> Self {
        Self {
            pointer: it.pointer.clone().into_owned(),
            code: it.code.to_owned(),
            message: it.because.clone(),
            rule: it.rule.map(|rule| rule.code),
            sources: it.rule.map(|rule| rule.sources.iter().map(SourceView::from).collect()),
            remedy: it.rule.map(|rule| rule.remedy),
            case_id: it.case,
        }
    }
}

const MOST_VIOLATIONS: usize = 100;

impl Failure {
    /// A problem of a kind.
    pub fn new(kind: &'static Kind) -> Self {
        Self { kind, detail: None, violations: Vec::new(), headers: Vec::new(), store: None, alert: None }
    }

    /// Says what is wrong with this request, without its values.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into().into_boxed_str());
        self
    }

    /// Says that somebody wanted to bring a party into a case of which it is never to know: the lead is told of it.
    #[must_use]
    pub fn alerting(mut self, case: domain::CaseId, party: domain::AgencyId) -> Self {
        self.alert = Some(Box::new((case, party)));
        self
    }

    /// Nothing more is shown to this professional until the day ends.
    pub fn above_quota(until: Timestamp, now: Timestamp) -> Self {
        Self::new(&problems::QUOTA_EXCEEDED)
            .header(header::RETRY_AFTER, seconds_until(until, now).to_string())
    }

    /// Lists violations.
    #[must_use]
    pub fn listing(mut self, violations: Vec<ViolationView>) -> Self {
        self.violations = violations;
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// One violation of the request's form.
    pub fn invalid(
        kind: &'static Kind,
        pointer: impl Into<String>,
        code: &str,
        message: impl Into<String>,
    ) -> Self {
        let violation = ViolationView {
            pointer: pointer.into(),
            code: code.to_owned(),
            message: message.into(),
            ..ViolationView::default()
        };
        Self::new(kind).listing(vec![violation])
    }

    /// A reference in a body to nothing that the caller may know of: unknown and hidden look the same.
    pub fn reference(pointer: &'static str) -> Self {
        Self::invalid(
            &problems::REFERENCE_NOT_FOUND,
            pointer,
            "reference_not_found",
            "nothing that you may refer to",
        )
    }

    /// Whether it comes from a constraint of the database.
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(&self.store, Some(StoreError::Constraint(it)) if it == name)
    }

    /// The document, for the request with this id.
    pub fn document(&self, request: Option<&str>) -> ProblemView {
        let mut violations = self.violations.clone();
        let truncated = (violations.len() > MOST_VIOLATIONS).then_some(true);
        violations.truncate(MOST_VIOLATIONS);
        ProblemView {
            kind: format!("/problems/{}", self.kind.code),
            title: self.kind.title,
            status: self.kind.status,
            detail: self.detail.as_deref().map(str::to_owned),
            instance: request.map(|it| format!("urn:uuid:{it}")),
            code: self.kind.code,
            violations: Some(violations).filter(|it| !it.is_empty()),
            truncated,
        }
    }

    /// The answer, for the request with this id.
    pub fn answer(&self, request: Option<&str>) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                answer.append_header((name.clone(), value));
            }
        }
        if let Some(seconds) = self.kind.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        answer.content_type("application/problem+json").json(self.document(request))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::NotFound => &problems::NOT_FOUND,
            StoreError::ReadsOnly => &problems::NOT_YOUR_FUNCTION,
            StoreError::Stale => &problems::STALE_VERSION,
            StoreError::CallerInactive => &problems::INVALID_TOKEN,
            StoreError::KeyReused => &problems::IDEMPOTENCY_KEY_REUSED,
            StoreError::KeyInProgress => &problems::IDEMPOTENCY_IN_PROGRESS,
            StoreError::Conflict => &problems::OVERLOADED,
            StoreError::Unavailable => &problems::DATABASE_UNAVAILABLE,
            StoreError::AuditUnavailable => &problems::AUDIT_UNAVAILABLE,
            StoreError::Corrupt { .. } => &problems::INTEGRITY,
            StoreError::Constraint(_) | StoreError::Database(_) => &problems::INTERNAL,
        };
        let mut failure = Self::new(kind);
        if matches!(error, StoreError::CallerInactive) {
            failure = failure.header(header::WWW_AUTHENTICATE, r#"Bearer error="invalid_token""#);
        }
        if matches!(error, StoreError::ReadsOnly) {
            failure = failure.because("an emergency access is for reading");
        }
        failure.store = Some(error);
        failure
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        let kind = match &refused {
            Refused::NotYours(_) => &problems::NOT_YOUR_FUNCTION,
            Refused::WrongState(_) => &problems::STATE_CONFLICT,
            Refused::Broken(all) if all.iter().all(|it| it.rule.is_none()) => &problems::INCONSISTENT_VALUES,
            Refused::Broken(_) => &problems::RULE_REFUSED,
        };
        Self::new(kind).listing(refused.violations().iter().map(ViolationView::from).collect())
    }
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Scope(scope) => Self::new(&problems::INSUFFICIENT_SCOPE)
                .because(format!("the token lacks the scope {scope}"))
                .header(
                    header::WWW_AUTHENTICATE,
                    format!(r#"Bearer error="insufficient_scope", scope="{scope}""#),
                ),
            Denied::ProfessionalRequired => Self::new(&problems::PROFESSIONAL_REQUIRED),
            Denied::NotYourFunction => Self::new(&problems::NOT_YOUR_FUNCTION),
            Denied::Purpose => Self::new(&problems::PURPOSE_NOT_ALLOWED),
            Denied::StepUp(lacks) => {
                Self::new(&problems::STEP_UP_REQUIRED).because(format!("it asks for {lacks}"))
            }
            Denied::Justification => {
                let because = "police and justice say with each use of personal data why they need it";
                let violation = Violation::of(&rules::R86, "", because);
                Self::new(&problems::JUSTIFICATION_REQUIRED).listing(vec![ViolationView::from(&violation)])
            }
        }
    }
}

impl TxFailure for Failure {
    fn store(&self) -> Option<&StoreError> {
        self.store.as_ref()
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.code)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        if self.kind.status >= 500
            && let Some(error) = &self.store
        {
            log::error!(problem = self.kind.code; "{error}");
        }
        // Where the edge could not name the request, the failure brings its id as a header.
        let named = self.headers.iter().find(|(name, _)| name == "request-id").map(|(_, id)| id.as_str());
        self.answer(named)
    }
}
