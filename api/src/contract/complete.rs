//! What holds for every operation is said once and put on each: headers, problems, scopes, parameters.

use domain::access::{Operation, Scope};
use serde_json::{Map, Value, json};

use super::{categories, components, hideaways, links, schemas};

/// The methods that an operation can have.
pub(super) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Completes a collected document.
pub fn complete(document: &mut Value) {
    document["openapi"] = json!("3.1.0");
    document["servers"] =
        json!([{ "url": "/", "description": "This node, local or in production.", "x-internal": false }]);
    document["security"] = json!([{ "accessToken": [] }]);
    document["components"]["securitySchemes"] = json!({ "accessToken": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "Access token from `/oauth/token`: a JWT by RFC 9068, signed and checked as RFC8725 advises, \
                        valid for at most ten minutes."
    } });
    components::add(document);
    for_each_operation(document, complete_operation);
    schemas::without_null(document);
    schemas::name_standards(document);
    schemas::show_examples(document);
    categories::mark(document);
    schemas::close_requests(document);
    hideaways::mark(document);
    schemas::bound_integers(document);
    schemas::restrict_strings(document);
    links::add(document);
}

/// Does something to every operation, with its path and method.
pub(super) fn for_each_operation(document: &mut Value, act: impl Fn(&str, &str, &mut Value)) {
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                act(path, method, operation);
            }
        }
    }
}

/// A reference to a shared header.
pub(super) fn header_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// The headers of every answer.
pub(super) fn common_headers() -> Map<String, Value> {
    ["API-Version", "Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy", "Request-Id"]
        .into_iter()
        .map(|name| (name.to_owned(), header_ref(name)))
        .collect()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let row = Operation::find(&id);
    let ours = path.starts_with("/v1/");
    let list = operation["responses"]["200"]["x-list"] == true;
    let kind = match method {
        _ if !ours => Kind::Public,
        "get" if list => Kind::List,
        "get" if path.starts_with("/v1/sandbox/") => Kind::Public,
        "get" => Kind::Single,
        "put" => Kind::Set,
        "post" if row.is_some_and(Operation::asks) => Kind::Question,
        _ if id.starts_with("create") => Kind::Create,
        _ => Kind::Act,
    };

    let mut parameters: Vec<&str> = Vec::new();
    if method == "post" && ours && kind != Kind::Question {
        parameters.push("IdempotencyKey");
    }
    if kind == Kind::Act {
        parameters.push("IfMatch");
    }
    // In an emergency nothing is tried first: a dry run would tell of a case, and nobody of the dry run.
    let tried = matches!(kind, Kind::Act | Kind::Create) && id != "createEmergencyAccess";
    if tried || (kind == Kind::Set && row.is_some_and(|it| it.logged)) {
        parameters.push("ValidateOnly");
    }
    if kind == Kind::Single {
        parameters.push("IfNoneMatch");
    }
    let all = operation["parameters"].take();
    let mut all = all.as_array().cloned().unwrap_or_default();
    all.extend(parameters.iter().map(|it| json!({ "$ref": format!("#/components/parameters/{it}") })));
    operation["parameters"] = Value::Array(all);

    if ours {
        operation["x-required-scope"] =
            row.and_then(|it| it.scope).map_or(json!("none"), |it| json!(it.to_string()));
    } else {
        operation["security"] = json!([{}]);
    }
    complete_responses(path, operation, (kind, tried), row);
}

/// What an operation does, as far as its headers and answers follow from it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Public,
    List,
    Single,
    Question,
    Create,
    Act,
    /// Repeating it changes nothing, and nothing of before is built upon.
    Set,
}

fn complete_responses(
    path: &str,
    operation: &mut Value,
    (kind, tried): (Kind, bool),
    row: Option<&Operation>,
) {
    let has_body = operation.get("requestBody").is_some();
    let writes = matches!(kind, Kind::Create | Kind::Act);
    let refusable = writes || kind == Kind::Set;
    let mut statuses: Vec<u16> = vec![400, 401, 405, 406, 429, 500, 503];
    if kind != Kind::Public {
        statuses.push(403);
    }
    // A repeated request that created something is answered by today's rights.
    let of_log = row.is_some_and(|it| it.scope == Some(Scope::AuditRead));
    if path.contains('{') || path == "/v1/me/access" || kind == Kind::Create || of_log {
        statuses.push(404);
    }
    if has_body {
        statuses.extend([408, 413, 415]);
    }
    if refusable {
        statuses.push(409);
    }
    // Two parameters that each fit and do not go together.
    let paired =
        row.is_some_and(|it| ["listAccessLog", "listDisclosures", "getConsistencyProof"].contains(&it.id));
    if refusable || paired || kind == Kind::Question {
        statuses.push(422);
    }
    if kind == Kind::Act {
        statuses.extend([412, 428]);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    if let Some(mut made) = responses.get("201").filter(|_| kind == Kind::Create && tried).cloned() {
        made["description"] = json!("With `validateOnly=true`: what would be answered; nothing is stored.");
        responses.insert("200".to_owned(), made);
    }
    for (status, response) in responses.iter_mut() {
        response.as_object_mut().map(|it| it.remove("x-list"));
        if !response["headers"].is_object() {
            response["headers"] = json!({});
        }
        // What is refused before the operation is reached is a problem, whatever form its own errors have.
        if status == "400" {
            response["content"]["application/problem+json"] =
                json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
        }
        let Some(headers) = response["headers"].as_object_mut() else { continue };
        headers.extend(common_headers());
        let mut add = |name: &str| headers.insert(name.to_owned(), header_ref(name));
        let validated_only = kind == Kind::Create && status == "200";
        let kept = kind == Kind::Set && row.is_some_and(|it| it.logged);
        if (kind == Kind::Single || writes || kept) && !validated_only {
            add("ETag");
        }
        if writes {
            add("Idempotency-Replayed");
        }
        if kind == Kind::List {
            add("Link");
        }
        match status.as_str() {
            "201" => drop(add("Location")),
            "401" => drop(add("WWW-Authenticate")),
            "503" => drop(add("Retry-After")),
            _ => {}
        }
    }
    if kind == Kind::Single {
        let mut headers = common_headers();
        headers.insert("ETag".to_owned(), header_ref("ETag"));
        responses
            .insert("304".to_owned(), json!({ "description": "Nothing has changed.", "headers": headers }));
    }
    for status in statuses {
        let problem = json!({ "$ref": format!("#/components/responses/Problem{status}") });
        responses.entry(status.to_string()).or_insert(problem);
    }
}
