//! Parameters, headers and problem answers that operations share.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::complete::{common_headers, header_ref};
use crate::problems;

/// Adds them to a document.
pub fn add(document: &mut Value) {
    add_problems(document);
    add_headers(document);
    add_parameters(document);
}

fn add_problems(document: &mut Value) {
    let statuses: BTreeSet<u16> = problems::ALL.iter().map(|it| it.status).collect();
    let mut responses = Map::new();
    for status in statuses {
        let kinds: Vec<_> = problems::ALL.iter().filter(|it| it.status == status).collect();
        let listed: Vec<_> = kinds.iter().map(|it| format!("`{}`: {}.", it.code, it.title)).collect();
        let mut headers = common_headers();
        for (name, wanted) in
            [("Retry-After", [408, 409, 429, 503].as_slice()), ("WWW-Authenticate", [401, 403].as_slice())]
        {
            if wanted.contains(&status) {
                headers.insert(name.to_owned(), header_ref(name));
            }
        }
        responses.insert(
            format!("Problem{status}"),
            json!({
                "description": listed.join(" "),
                "headers": headers,
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
            }),
        );
    }
    document["components"]["responses"] = Value::Object(responses);
    let codes: Vec<_> = problems::ALL.iter().map(|it| it.code).collect();
    let about = "The stable code of a problem; `/problems` explains each. Closed list.";
    document["components"]["schemas"]["ProblemCode"] =
        json!({ "type": "string", "description": about, "enum": codes });
    document["components"]["schemas"]["Problem"]["properties"]["code"] =
        json!({ "$ref": "#/components/schemas/ProblemCode", "description": "What kind of problem it is." });
}

fn add_headers(document: &mut Value) {
    let text = |about: &str, longest: u16, example: &str| {
        json!({ "description": about, "required": false,
                "schema": { "type": "string", "maxLength": longest, "pattern": "^[ -~]*$", "examples": [example] } })
    };
    document["components"]["headers"] = json!({
        "Access-Control-Allow-Origin": text(
            "Absent: this node answers no cross-origin requests of browsers.", 200, "https://example.org"),
        "API-Version": text("The version of this contract.", 20, "1.0.0"),
        "ETag": text("Strong validator of what this caller sees; send it as `If-Match`.", 60, "\"q0Y1c0s6Zk2mF0dV7xk3Bg\""),
        "Idempotency-Replayed": text("`true` when an earlier request with the same key did it.", 5, "true"),
        "Link": text("The next page, `rel=\"next\"`.", 2000, "</v1/cases?cursor=Zm9v>; rel=\"next\""),
        "Location": text("Where the new resource is.", 300, "/v1/cases/0192f0c1-2345-7abc-8def-0123456789ab"),
        "RateLimit": text("What is left of the limit (draft-ietf-httpapi-ratelimit-headers).", 100, "\"client\";r=599;t=1"),
        "RateLimit-Policy": text("The limit.", 100, "\"client\";q=600;w=1"),
        "Request-Id": text("Names this request in logs and problems.", 36, "0192f0c1-2345-7abc-8def-0123456789ab"),
        "Retry-After": text("Seconds after which trying again makes sense.", 10, "1"),
        "WWW-Authenticate": text("What the token lacks.", 200, "Bearer"),
    });
}

fn add_parameters(document: &mut Value) {
    document["components"]["parameters"] = json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "A fresh random value for each new request, bare or quoted; the same one when the request is \
                            repeated. Kept for at least 24 hours, bound to client, professional and operation.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 102, "pattern": "^(\"[!#-~]{1,100}\"|[!#-~]{1,100})$",
                        "examples": ["5d2c1a0e-0b9e-4c41-9a57-1f1f4be3a6f1"] }
        },
        "IfMatch": {
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of what the act was decided on.",
            "schema": { "type": "string", "minLength": 3, "maxLength": 60, "pattern": "^\"[A-Za-z0-9_-]{1,40}\"$",
                        "examples": ["\"q0Y1c0s6Zk2mF0dV7xk3Bg\""] }
        },
        "IfNoneMatch": {
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "An `ETag` that the caller holds; 304 when nothing has changed.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 1000, "pattern": "^[ -~]*$", "examples": ["\"q0Y1c0s6Zk2mF0dV7xk3Bg\""] }
        },
        "ValidateOnly": {
            "name": "validateOnly", "in": "query", "required": false,
            "description": "Check everything, with all violations and warnings, and store nothing: 200 with what would be answered.",
            "schema": { "type": "boolean", "default": false, "examples": [true] }
        }
    });
}
