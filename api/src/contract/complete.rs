//! What holds for every operation is said once and put on each: headers, problems, scopes, closed requests.

use std::collections::BTreeSet;

use domain::access::Operation;
use serde_json::{Map, Value, json};

use crate::problems;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Completes a collected document.
pub fn complete(document: &mut Value) {
    document["openapi"] = json!("3.1.0");
    document["servers"] = json!([{ "url": "/", "description": "This node." }]);
    document["security"] = json!([{ "accessToken": [] }]);
    document["components"]["securitySchemes"] = json!({ "accessToken": {
        "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
        "description": "Access token from `/oauth/token`: a JWT by RFC 9068, signed and checked as RFC8725 advises, \
                        valid for at most ten minutes."
    } });
    add_components(document);
    for_each_operation(document, complete_operation);
    without_null(document);
    close_requests(document);
    bound_integers(document);
}

fn for_each_operation(document: &mut Value, act: impl Fn(&str, &str, &mut Value)) {
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                act(path, method, operation);
            }
        }
    }
}

fn add_components(document: &mut Value) {
    let statuses: BTreeSet<u16> = problems::ALL.iter().map(|it| it.status).collect();
    let mut responses = Map::new();
    for status in statuses {
        let kinds: Vec<_> = problems::ALL.iter().filter(|it| it.status == status).collect();
        let listed: Vec<_> = kinds.iter().map(|it| format!("`{}`: {}.", it.code, it.title)).collect();
        let mut headers = common_headers();
        for (name, wanted) in [
            ("Retry-After", [408, 409, 429, 503].as_slice()),
            ("WWW-Authenticate", [401, 403].as_slice()),
        ] {
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
    let text = |about: &str, longest: u16, example: &str| {
        json!({ "description": about, "required": false,
                "schema": { "type": "string", "maxLength": longest, "examples": [example] } })
    };
    document["components"]["headers"] = json!({
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
            "schema": { "type": "string", "minLength": 1, "maxLength": 1000, "examples": ["\"q0Y1c0s6Zk2mF0dV7xk3Bg\""] }
        },
        "RequestId": {
            "name": "Request-Id", "in": "header", "required": false,
            "description": "A UUID that names this request in logs and problems; one is made when it is absent or of another form.",
            "schema": { "type": "string", "maxLength": 36, "examples": ["0192f0c1-2345-7abc-8def-0123456789ab"] }
        },
        "ValidateOnly": {
            "name": "validateOnly", "in": "query", "required": false,
            "description": "Check everything, with all violations and warnings, and store nothing: 200 with what would be answered.",
            "schema": { "type": "boolean", "default": false, "examples": [true] }
        }
    });
}

fn header_ref(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

fn common_headers() -> Map<String, Value> {
    ["API-Version", "RateLimit", "RateLimit-Policy", "Request-Id"]
        .into_iter()
        .map(|name| (name.to_owned(), header_ref(name)))
        .collect()
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
    let row = Operation::find(&id);
    let ours = path.starts_with("/v1/");
    let writes = ours && method != "get";
    let creates = id.starts_with("create");
    let acts = writes && !creates;
    let single = ours && method == "get" && path.ends_with('}') || id == "getMe" || id.starts_with("getCase");
    let list = operation["responses"]["200"]["x-list"] == true;

    let mut parameters: Vec<&str> = vec!["RequestId"];
    if method == "post" && ours {
        parameters.push("IdempotencyKey");
    }
    if acts {
        parameters.push("IfMatch");
    }
    if writes {
        parameters.push("ValidateOnly");
    }
    if single && !list {
        parameters.push("IfNoneMatch");
    }
    let all = operation["parameters"].take();
    let mut all = all.as_array().cloned().unwrap_or_default();
    all.extend(parameters.iter().map(|it| json!({ "$ref": format!("#/components/parameters/{it}") })));
    operation["parameters"] = Value::Array(all);

    if ours {
        operation["x-required-scope"] = row.and_then(|it| it.scope).map_or(json!("none"), |it| json!(it.to_string()));
    } else {
        operation["security"] = json!([]);
    }
    complete_responses(path, operation, ours, creates, acts, single && !list);
}

fn complete_responses(path: &str, operation: &mut Value, ours: bool, creates: bool, acts: bool, single: bool) {
    let has_body = operation.get("requestBody").is_some();
    let writes = creates || acts;
    let mut statuses: Vec<u16> = vec![400, 405, 406, 429, 500, 503];
    if ours {
        statuses.extend([401, 403]);
    }
    if path.contains('{') {
        statuses.push(404);
    }
    if has_body {
        statuses.extend([408, 413, 415]);
    }
    if writes && ours {
        statuses.extend([409, 422]);
    }
    if acts && ours {
        statuses.extend([412, 428]);
    }
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    if creates && ours {
        if let Some(mut made) = responses.get("201").cloned() {
            made["description"] = json!("With `validateOnly=true`: what would be answered; nothing is stored.");
            responses.insert("200".to_owned(), made);
        }
    }
    for (status, response) in responses.iter_mut() {
        response.as_object_mut().map(|it| it.remove("x-list"));
        if !response["headers"].is_object() {
            response["headers"] = json!({});
        }
        let Some(headers) = response["headers"].as_object_mut() else { continue };
        headers.extend(common_headers());
        let mut add = |name: &str| headers.insert(name.to_owned(), header_ref(name));
        if ours && (single || writes) {
            add("ETag");
        }
        if ours && writes {
            add("Idempotency-Replayed");
        }
        if ours && status == "201" {
            add("Location");
        }
    }
    if single && ours {
        let mut headers = common_headers();
        headers.insert("ETag".to_owned(), header_ref("ETag"));
        responses.insert("304".to_owned(), json!({ "description": "Nothing has changed.", "headers": headers }));
    }
    for status in statuses {
        let problem = json!({ "$ref": format!("#/components/responses/Problem{status}") });
        responses.entry(status.to_string()).or_insert(problem);
    }
}

/// An optional member is absent, never null; only members of a merge patch may be null, to clear them.
fn without_null(document: &mut Value) {
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    for (name, schema) in schemas {
        if !name.ends_with("Patch") {
            strip_null(schema);
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        strip_null(paths);
    }
}

fn strip_null(it: &mut Value) {
    match it {
        Value::Array(all) => all.iter_mut().for_each(strip_null),
        Value::Object(all) => {
            all.values_mut().for_each(strip_null);
            let kept: Option<Vec<Value>> =
                all.get("type").and_then(Value::as_array).map(|it| it.iter().filter(|t| *t != "null").cloned().collect());
            if let Some(mut kept) = kept {
                all.insert("type".to_owned(), if kept.len() == 1 { kept.remove(0) } else { Value::Array(kept) });
            }
            for key in ["oneOf", "anyOf"] {
                let Some(variants) = all.get(key).and_then(Value::as_array) else { continue };
                let rest: Vec<Value> = variants.iter().filter(|it| it["type"] != "null").cloned().collect();
                if rest.len() == variants.len() {
                    continue;
                }
                all.remove(key);
                match rest.as_slice() {
                    [Value::Object(one)] => all.extend(one.clone()),
                    _ => {
                        all.insert(key.to_owned(), Value::Array(rest));
                    }
                }
            }
        }
        _ => {}
    }
}

/// What comes in is closed, what goes out is open: schemas used both ways get a closed twin for requests.
fn close_requests(document: &mut Value) {
    let mut incoming = BTreeSet::new();
    let mut outgoing = BTreeSet::new();
    for item in document["paths"].as_object().into_iter().flatten().map(|(_, it)| it) {
        for operation in METHODS.iter().filter_map(|it| item.get(*it)) {
            reach(&operation["requestBody"], document, &mut incoming);
            reach(&operation["responses"], document, &mut outgoing);
        }
    }
    let both: BTreeSet<String> = incoming
        .intersection(&outgoing)
        .filter(|name| document["components"]["schemas"][name.as_str()]["type"] == "object" || has_variants(document, name))
        .cloned()
        .collect();
    let twin = |name: &str| format!("{name}Input");
    let mut twins = Vec::new();
    for name in &incoming {
        let mut schema = document["components"]["schemas"][name.as_str()].clone();
        close(&mut schema);
        rename(&mut schema, &both, &twin);
        let target = if both.contains(name) { twin(name) } else { name.clone() };
        twins.push((target, schema));
    }
    for (name, schema) in twins {
        document["components"]["schemas"][name] = schema;
    }
    for item in document["paths"].as_object_mut().into_iter().flatten().map(|(_, it)| it) {
        for method in METHODS {
            if let Some(body) = item.get_mut(method).and_then(|it| it.get_mut("requestBody")) {
                rename(body, &both, &twin);
            }
        }
    }
}

fn has_variants(document: &Value, name: &str) -> bool {
    document["components"]["schemas"][name].get("oneOf").is_some()
}

fn reach(from: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match from {
        Value::Array(all) => all.iter().for_each(|it| reach(it, document, found)),
        Value::Object(all) => {
            for (key, it) in all {
                let name = it.as_str().filter(|_| key == "$ref").and_then(|it| it.strip_prefix("#/components/schemas/"));
                match name {
                    Some(name) if found.insert(name.to_owned()) => {
                        reach(&document["components"]["schemas"][name], document, found);
                    }
                    _ => reach(it, document, found),
                }
            }
        }
        _ => {}
    }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Array(all) => all.iter_mut().for_each(close),
        Value::Object(all) => {
            if all.get("properties").is_some_and(Value::is_object) {
                all.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            all.values_mut().for_each(close);
        }
        _ => {}
    }
}

fn rename(it: &mut Value, names: &BTreeSet<String>, to: &impl Fn(&str) -> String) {
    match it {
        Value::Array(all) => all.iter_mut().for_each(|it| rename(it, names, to)),
        Value::Object(all) => {
            for (key, it) in all.iter_mut() {
                let name = it.as_str().filter(|_| key == "$ref").and_then(|it| it.strip_prefix("#/components/schemas/"));
                match name {
                    Some(name) if names.contains(name) => {
                        *it = Value::String(format!("#/components/schemas/{}", to(name)));
                    }
                    _ => rename(it, names, to),
                }
            }
        }
        _ => {}
    }
}

/// Every integer has a smallest and a largest value.
fn bound_integers(it: &mut Value) {
    match it {
        Value::Array(all) => all.iter_mut().for_each(bound_integers),
        Value::Object(all) => {
            if all.get("type").is_some_and(|it| it == "integer") {
                all.entry("minimum").or_insert(json!(0));
                all.entry("maximum").or_insert(json!(2_147_483_647));
                all.insert("format".to_owned(), json!("int32"));
            }
            all.values_mut().for_each(bound_integers);
        }
        _ => {}
    }
}
