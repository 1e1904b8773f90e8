//! Collecting the document from the routes.

use serde_json::Value;
use utoipa::{OpenApi, openapi::tag::TagBuilder};
use utoipa_actix_web::AppExt as _;

use super::{Edition, complete};
use crate::failure::{ProblemView, SourceView, ViolationView};

const ABOUT: &str = "\
The open backend of national and transnational referral mechanisms for child victims of trafficking, after the \
Barnahus model: many professions, one child, one coordinated response.

**Calling.** Get an access token at `/oauth/token` (client credentials, authenticated by a signed assertion that names \
the professional, the role and the purpose) and send it as a Bearer token. Every POST that stores \
something carries a fresh `Idempotency-Key`; every act on something that exists carries the `ETag` it was decided on as `If-Match`.

**Answers.** Members that are not recorded are absent. What a caller may not read is named in `withheld`; what it may \
not know of answers 404. Every error is a problem document (RFC 9457) whose `type` is a page of this node, with all \
violations at once; rules name their legal sources.

**Correlation.** `Request-Id` with one UUID names the request in logs and problems; without it, or in another form, \
one is made. It is on every answer. `traceparent` is passed on.

**Parser errors.** A request that is not HTTP (400), comes too slowly (408) or has headers beyond any measure (431) is \
answered by the HTTP parser without a body.";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "TRM: referral mechanism node",
        license(name = "EUPL-1.2", url = "https://eupl.eu/1.2/en/"),
        contact(name = "TRM engineers", url = "https://example.org/trm", email = "trm@example.org")
    ),
    components(schemas(ProblemView, ViolationView, SourceView)),
    tags(
        (name = "access", description = "Tokens, keys and who calls."),
        (name = "audit", description = "Who looked at what, and proofs that the logs are whole."),
        (name = "cases", description = "The case of one child."),
        (name = "deadlines", description = "What is owed, by when, and who was told."),
        (name = "directory", description = "Countries, agencies, services, professionals, code lists, rules, indicators."),
        (name = "events", description = "What happened, as a feed without gaps."),
        (name = "identification", description = "Concerns, screenings and the presumption of victimhood."),
        (name = "lifecycle", description = "The life of a case: missing and found, handed over, closed, reopened, merged."),
        (name = "operations", description = "The state of the node and its documents."),
        (name = "referrals", description = "National referrals from one agency to another."),
        (name = "transnational", description = "Requests between countries, and the move of a child across a border.")
    )
)]
struct Base;

/// The document of everything that is served.
pub fn document(edition: Edition) -> Value {
    let (_, mut collected) = actix_web::App::new()
        .into_utoipa_app()
        .openapi(Base::openapi())
        .configure(|config| crate::routes(edition, config))
        .split_for_parts();
    collected.info.description = Some(ABOUT.to_owned());
    super::VERSION.clone_into(&mut collected.info.version);
    if edition == Edition::Sandbox {
        let tag = TagBuilder::new().name("sandbox").description(Some("The test clock of a sandbox node."));
        collected.tags.get_or_insert_default().push(tag.build());
    }
    let mut document = serde_json::to_value(collected).unwrap_or_default();
    complete::complete(&mut document);
    document
}

/// The document as YAML text.
pub fn yaml(document: &Value) -> Result<String, yaml_serde::Error> {
    let text = yaml_serde::to_string(document)?;
    Ok(text.split_inclusive('\n').map(with_quoted_time).collect())
}

/// A time of day at the end of a line is quoted: tools that read YAML 1.1 take `16:00` for the number 960.
fn with_quoted_time(line: &str) -> String {
    let bare = line.trim_end();
    let place = bare.len().saturating_sub(5);
    let time = bare.get(place..).filter(|it| {
        let digits =
            it.bytes().enumerate().all(|(n, it)| if n == 2 { it == b':' } else { it.is_ascii_digit() });
        it.len() == 5 && digits
    });
    let value = bare.get(..place).is_some_and(|it| it.ends_with(": ") || it.ends_with("- "));
    match time {
        Some(time) if value => format!("{}'{time}'\n", &bare[..place]),
        _ => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::with_quoted_time;

    #[test]
    fn times_are_quoted_and_nothing_else() {
        assert_eq!(with_quoted_time("    to: 16:00\n"), "    to: '16:00'\n");
        assert_eq!(with_quoted_time("- 08:00\n"), "- '08:00'\n");
        for other in
            ["  at: 2026-11-24T16:00\n", "  to: '16:00'\n", "  n: 16000\n", "16:00\n", "\n", "  é: x\n"]
        {
            assert_eq!(with_quoted_time(other), other);
        }
    }
}
