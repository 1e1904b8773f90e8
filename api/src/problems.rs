//! Every kind of problem that the API answers with, each with a page under `/problems/{code}`.

/// One kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its stable code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What a client does about it.
    pub advice: &'static str,
    /// After how many seconds trying again makes sense, if it does.
    pub retry_after: Option<u16>,
}

macro_rules! kinds {
    ($($name:ident = $status:literal $code:literal $title:literal $advice:literal $(retry $retry:literal)?;)+) => {
        $(
            #[doc = $title]
            pub static $name: Kind = Kind {
                code: $code, status: $status, title: $title, advice: $advice,
                retry_after: kinds!(@retry $($retry)?),
            };
        )+
        /// Every kind, by status.
        pub static ALL: &[&Kind] = &[$(&$name),+];
    };
    (@retry) => { None };
    (@retry $retry:literal) => { Some($retry) };
}

kinds! {
    MALFORMED_REQUEST = 400 "malformed-request" "The request cannot be read" "Mend the request; a GET has no body.";
    INVALID_HEADER = 400 "invalid-header" "A header is not as documented" "Send each header once, in the documented form.";
    INVALID_JSON = 400 "invalid-json" "The body is not JSON" "Send one JSON object in UTF-8; the detail names line and column.";
    DUPLICATE_MEMBER = 400 "duplicate-member" "A member is given twice" "Give each member once.";
    NESTING_TOO_DEEP = 400 "nesting-too-deep" "The body is nested too deeply" "Send no more than 32 levels.";
    INVALID_VALUE = 400 "invalid-value" "The body does not fit the contract" "Compare the violations with the schema of the operation; all are listed.";
    UNKNOWN_PARAMETER = 400 "unknown-parameter" "The query has a parameter that the operation does not know" "Use the documented parameters; personal data never goes into a URL.";
    INVALID_PARAMETER = 400 "invalid-parameter" "A query parameter does not fit the contract" "Give it once, in the documented form.";
    INVALID_CURSOR = 400 "invalid-cursor" "The cursor is not one of this list" "Use nextCursor of the same list with the same filters, within a day; or begin anew.";
    IDEMPOTENCY_KEY_MISSING = 400 "idempotency-key-missing" "Idempotency-Key is missing" "Send a fresh random key with each new POST and the same key when repeating it.";
    IDEMPOTENCY_KEY_INVALID = 400 "idempotency-key-invalid" "Idempotency-Key is not as documented" "Send 1 to 100 printable characters, bare or quoted.";
    MISSING_CREDENTIALS = 401 "missing-credentials" "No access token" "Get a token at /oauth/token and send it as a Bearer token.";
    INVALID_TOKEN = 401 "invalid-token" "The access token is not valid" "Get a new token; if that fails, ask whether the client, its agency or the professional is still active.";
    EXPIRED_TOKEN = 401 "expired-token" "The access token has expired" "Get a new token.";
    INSUFFICIENT_SCOPE = 403 "insufficient-scope" "The token lacks the scope" "Ask for the scope at /oauth/token; a client holds only scopes that it was registered for.";
    PURPOSE_NOT_ALLOWED = 403 "purpose-not-allowed" "The purpose of the token does not carry this" "Get a token for the purpose for which the data is needed.";
    JUSTIFICATION_REQUIRED = 403 "justification-required" "Nothing says why the data is needed" "Name the decision in your agency's books, or give a justification of 20 characters or more, in the signed client assertion.";
    PROFESSIONAL_REQUIRED = 403 "professional-required" "Nobody stands behind the call" "Name the professional in the signed client assertion.";
    STEP_UP_REQUIRED = 403 "step-up-required" "It asks for a stronger token" "Let the professional be recognised again with the strongest means, and bind the token to the case.";
    NOT_YOUR_FUNCTION = 403 "not-your-function" "Not among what your agency or role does" "The violations name who does it.";
    SECTION_NOT_READABLE = 403 "section-not-readable" "The section is not yours to read" "The case names in withheld what is not shown and why: case_bound_token and step_up ask for another token.";
    SECTION_NOT_WRITABLE = 403 "section-not-writable" "The section is not yours to change" "Ask the lead of the case.";
    NOT_FOUND = 404 "not-found" "Not found" "It does not exist, or it is not yours to know of.";
    METHOD_NOT_ALLOWED = 405 "method-not-allowed" "The method is not one of this path" "Use one of the methods in Allow.";
    NOT_ACCEPTABLE = 406 "not-acceptable" "No representation that you accept" "Accept application/json.";
    REQUEST_TIMEOUT = 408 "request-timeout" "The body came too slowly" "Send the whole body within ten seconds." retry 1;
    STATE_CONFLICT = 409 "state-conflict" "The act does not fit the state" "Read the resource again; allowedActions lists what fits.";
    IDEMPOTENCY_IN_PROGRESS = 409 "idempotency-in-progress" "The first request with this key still runs" "Wait and repeat it with the same key." retry 1;
    PACKAGE_CHANGED = 409 "package-changed" "What would be sent is not what was previewed" "Read the package again, and send its new digest.";
    STALE_VERSION = 412 "stale-version" "Changed since you read it" "Read it again, decide again and send the new ETag.";
    BODY_TOO_LARGE = 413 "body-too-large" "The body is too large" "Send at most 256 KiB.";
    UNSUPPORTED_MEDIA_TYPE = 415 "unsupported-media-type" "The media type is not one of this operation" "Send the documented Content-Type.";
    UNSUPPORTED_ENCODING = 415 "unsupported-encoding" "Compressed bodies are not accepted" "Send the body without Content-Encoding.";
    RULE_REFUSED = 422 "rule-refused" "A rule refuses it" "Each violation names the rule, its source and what would make the act lawful.";
    INCONSISTENT_VALUES = 422 "inconsistent-values" "Values that do not go together" "Mend what the violations point at.";
    REFERENCE_NOT_FOUND = 422 "reference-not-found" "It refers to something that cannot be found" "It does not exist, or it is not yours to refer to.";
    IDEMPOTENCY_KEY_REUSED = 422 "idempotency-key-reused" "The key was used for another request" "Use a fresh key for each new request.";
    PRECONDITION_REQUIRED = 428 "precondition-required" "If-Match is missing" "Read the resource and send its ETag as If-Match; a star is not accepted.";
    RATE_LIMITED = 429 "rate-limited" "Too many requests" "Wait as Retry-After says." retry 1;
    QUOTA_EXCEEDED = 429 "quota-exceeded" "More children than one professional looks for in a day" "Wait until the day ends, as Retry-After says; whoever looks after accesses was told. In danger, ask a colleague or the lead of the case.";
    INTERNAL = 500 "internal" "An error of ours" "Repeat it with the same Idempotency-Key; if it stays, report the instance.";
    INTEGRITY = 500 "integrity" "Stored data does not pass its checks" "Report the instance; nothing was changed.";
    OVERLOADED = 503 "overloaded" "Too busy" "Repeat it with the same Idempotency-Key." retry 1;
    DATABASE_UNAVAILABLE = 503 "database-unavailable" "The database cannot be reached" "Repeat it with the same Idempotency-Key." retry 2;
    AUDIT_UNAVAILABLE = 503 "audit-unavailable" "The access log cannot be written, and without it nothing is answered" "Repeat it." retry 2;
}

impl Kind {
    /// The kind with this code.
    pub fn find(code: &str) -> Option<&'static Self> {
        ALL.iter().copied().find(|it| it.code == code)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_unique_and_kebab_case() {
        let mut codes: Vec<_> = super::ALL.iter().map(|it| it.code).collect();
        assert!(codes.iter().all(|it| it.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), super::ALL.len());
    }
}
