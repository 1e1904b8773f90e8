//! Holds answers against the contract document: path, method, status, media type, body, headers.
//!
//! It is stricter than the document where a client would be glad of it: an answer has no member that is not
//! documented, and no null.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex, OnceLock},
};

use api::contract::{Contract, Edition};
use domain::access::Operation as Row;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::Seen;

/// The document.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| Contract::get(Edition::Production).document());
    &DOCUMENT
}

/// The document of a sandbox node, which has every operation.
fn whole() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| Contract::get(Edition::Sandbox).document());
    &DOCUMENT
}

/// One operation of the document.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// Its method, in capitals.
    pub method: &'static str,
    /// Its path with parameters in braces.
    pub path: &'static str,
    /// What the document says of it.
    pub value: &'static Value,
}

/// Every operation.
pub fn operations() -> Vec<Operation> {
    let methods =
        [("get", "GET"), ("post", "POST"), ("patch", "PATCH"), ("put", "PUT"), ("delete", "DELETE")];
    let paths = document()["paths"].as_object().expect("paths");
    let each = |(path, item): (&'static String, &'static Value)| {
        methods.iter().filter_map(move |(name, method)| {
            let value = item.get(*name)?;
            let id = value["operationId"].as_str().expect("an operationId");
            Some(Operation { id, method, path, value })
        })
    };
    paths.iter().flat_map(each).collect()
}

impl Operation {
    /// The operation with this id.
    pub fn named(id: &str) -> Self {
        operations().into_iter().find(|it| it.id == id).unwrap_or_else(|| panic!("no operation {id}"))
    }

    /// Whether it is one of the versioned API, for callers with a token.
    pub fn ours(&self) -> bool {
        self.path.starts_with("/v1/")
    }

    /// Whether it changes something: not what reads, nor a question that is asked by POST.
    pub fn stores(&self) -> bool {
        self.method != "GET" && !Row::find(self.id).is_some_and(Row::asks)
    }

    /// The media type and the schema of the request body.
    pub fn body(&self) -> Option<(&'static str, &'static Value)> {
        let content = self.value["requestBody"]["content"].as_object()?;
        content.iter().next().map(|(media, it)| (media.as_str(), &it["schema"]))
    }

    /// The example of the request body.
    pub fn example(&self) -> Value {
        let (media, _) = self.body().expect("a body");
        self.value["requestBody"]["content"][media]["examples"]["example"]["value"].clone()
    }

    /// Whether its body is taken as it is, byte for byte.
    pub fn takes_bytes(&self) -> bool {
        self.body().is_some_and(|(media, _)| media == "application/octet-stream")
    }

    /// Its parameters, references resolved.
    pub fn parameters(&self) -> Vec<&'static Value> {
        self.value["parameters"].as_array().into_iter().flatten().map(|it| resolved(it)).collect()
    }
}

/// What stands behind a reference.
pub fn resolved(it: &'static Value) -> &'static Value {
    let target = it["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    target.and_then(|it| document().pointer(it)).unwrap_or(it)
}

/// What is wrong with an answer, if anything is.
pub fn check(method: &str, target: &str, seen: &Seen) -> Result<(), String> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    always(seen)?;
    let Some(template) = template_of(path) else {
        let known = path.starts_with("/docs");
        return if known || seen.status == 404 {
            problem(seen)
        } else {
            Err("the path is not documented".into())
        };
    };
    if template.starts_with("/v1/sandbox/") && seen.status == 404 {
        // A production node knows nothing of it.
        return problem(seen);
    }
    let asked = if method == "HEAD" { "get".to_owned() } else { method.to_lowercase() };
    let Some(operation) = whole()["paths"][template].get(&asked) else {
        return match (method, seen.status) {
            ("OPTIONS", 204) if seen.body.is_empty() => Ok(()),
            ("HEAD", 405) if seen.header("allow").is_some() && seen.body.is_empty() => Ok(()),
            (_, 405) if seen.header("allow").is_some() => problem(seen),
            _ => Err("the method is not documented".into()),
        };
    };
    let status = seen.status.to_string();
    let answer = operation["responses"].get(&status).ok_or_else(|| format!("{status} is not documented"))?;
    let answer = resolved(answer);
    headers(answer, seen)?;
    if method == "HEAD" {
        return if seen.body.is_empty() { Ok(()) } else { Err("HEAD with a body".into()) };
    }
    body(answer, seen)?;
    if seen.status >= 400 && media_type(seen) == "application/problem+json" { problem(seen) } else { Ok(()) }
}

/// What holds for whatever the node answers.
fn always(seen: &Seen) -> Result<(), String> {
    let id = seen.header("request-id").ok_or("no Request-Id")?;
    uuid::Uuid::try_parse(id).map_err(|_| "a Request-Id that is no UUID")?;
    if seen.header("api-version") != Some("1.0.0") {
        return Err("no API-Version".into());
    }
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ];
    for (name, value) in fixed {
        if seen.header(name) != Some(value) {
            return Err(format!("no {name}: {value}"));
        }
    }
    let personal = seen.asked.contains(" /v1/") || seen.asked.contains(" /oauth/");
    if personal && seen.header("cache-control") != Some("no-store") {
        return Err("may be stored by caches".into());
    }
    match seen.status {
        500.. if seen.status != 503 => Err("an error of ours".into()),
        401 if seen.header("www-authenticate").is_none() => Err("401 without WWW-Authenticate".into()),
        429 | 503 if seen.header("retry-after").is_none() => Err("without Retry-After".into()),
        _ => Ok(()),
    }
}

/// A problem document that fits its answer.
fn problem(seen: &Seen) -> Result<(), String> {
    if seen.status < 400 {
        return Ok(());
    }
    if media_type(seen) != "application/problem+json" {
        return Err("an error that is no problem document".into());
    }
    let it: Value = serde_json::from_slice(&seen.body).map_err(|_| "no JSON")?;
    validate("#/components/schemas/Problem", &json!({ "$ref": "#/components/schemas/Problem" }), &it)?;
    let code = it["code"].as_str().unwrap_or_default();
    let id = seen.header("request-id").unwrap_or_default();
    let fits = it["status"] == seen.status
        && it["type"] == format!("/problems/{code}")
        && it["instance"] == format!("urn:uuid:{id}");
    if fits { Ok(()) } else { Err("a problem document of another answer".into()) }
}

fn template_of(path: &str) -> Option<&'static str> {
    let wanted: Vec<&str> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<&str> = template.split('/').collect();
        parts.len() == wanted.len()
            && parts
                .iter()
                .zip(&wanted)
                .all(|(part, it)| part == it || (part.starts_with('{') && !it.is_empty()))
    };
    let paths = whole()["paths"].as_object().expect("paths");
    let mut found: Vec<&'static str> = paths.keys().map(String::as_str).filter(|it| fits(it)).collect();
    found.sort_by_key(|it| it.matches('{').count());
    found.first().copied()
}

/// The documented headers have their form, and those that clients rely on are documented and there.
fn headers(answer: &'static Value, seen: &Seen) -> Result<(), String> {
    let none = Map::new();
    let documented = answer["headers"].as_object().unwrap_or(&none);
    for (name, header) in documented {
        let header = resolved_in(header);
        let Some(value) = seen.header(&name.to_lowercase()) else {
            let must = match (name.as_str(), seen.status) {
                ("API-Version" | "Request-Id", _) | ("Location", 201) => true,
                ("ETag", 201 | 304) => true,
                ("ETag", 200) => !seen.asked.contains("alidateOnly="),
                _ => header["required"] == true,
            };
            if must {
                return Err(format!("the header {name} is missing"));
            }
            continue;
        };
        validate(&format!("header {name}"), &header["schema"], &Value::from(value))?;
    }
    let relied = [
        "etag",
        "link",
        "location",
        "idempotency-replayed",
        "retry-after",
        "www-authenticate",
        "ratelimit",
        "ratelimit-policy",
    ];
    for name in relied {
        if seen.header(name).is_some() && !documented.keys().any(|it| it.eq_ignore_ascii_case(name)) {
            return Err(format!("the header {name} is not documented for {}", seen.status));
        }
    }
    Ok(())
}

fn resolved_in(it: &Value) -> &Value {
    let target = it["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
    target.and_then(|it| whole().pointer(it)).unwrap_or(it)
}

fn media_type(seen: &Seen) -> &str {
    seen.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

fn body(answer: &Value, seen: &Seen) -> Result<(), String> {
    let Some(content) = answer["content"].as_object() else {
        return if seen.body.is_empty() { Ok(()) } else { Err("a body where none is documented".into()) };
    };
    let media = media_type(seen);
    let described = content.get(media).ok_or_else(|| format!("the media type {media} is not documented"))?;
    let value = if media.ends_with("json") {
        serde_json::from_slice(&seen.body).map_err(|_| "no JSON".to_owned())?
    } else {
        Value::from(std::str::from_utf8(&seen.body).map_err(|_| "no text".to_owned())?)
    };
    // The document describes itself only roughly.
    if seen.asked.contains(" /openapi.") {
        return Ok(());
    }
    if let Some(at) = null_in(&value, "") {
        return Err(format!("null at {at}"));
    }
    validate(&described["schema"].to_string(), &described["schema"], &value)
}

fn null_in(it: &Value, at: &str) -> Option<String> {
    match it {
        Value::Null => Some(at.to_owned()),
        Value::Array(all) => all.iter().enumerate().find_map(|(n, it)| null_in(it, &format!("{at}/{n}"))),
        Value::Object(all) => all.iter().find_map(|(name, it)| null_in(it, &format!("{at}/{name}"))),
        _ => None,
    }
}

/// Compiling a schema costs more than asking the node, so each is compiled once.
fn validate(name: &str, schema: &Value, value: &Value) -> Result<(), String> {
    static KNOWN: OnceLock<Mutex<HashMap<String, Arc<Validator>>>> = OnceLock::new();
    let mut known = KNOWN.get_or_init(Mutex::default).lock().expect("the validators");
    let validator = known.entry(name.to_owned()).or_insert_with(|| Arc::new(compiled(schema)));
    let told = |it: jsonschema::ValidationError<'_>| {
        let at = it.instance_path().to_string();
        format!("{} at {at:?}", it.to_string().chars().take(300).collect::<String>())
    };
    let wrong: Vec<String> = validator.iter_errors(value).take(3).map(told).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{name}: {}", wrong.join("; "))) }
}

fn compiled(schema: &Value) -> Validator {
    let mut names = BTreeSet::new();
    reach(schema, &mut names);
    let schemas: Map<String, Value> = names
        .into_iter()
        .map(|name| {
            let mut it = whole()["components"]["schemas"][&name].clone();
            close(&mut it);
            (name, it)
        })
        .collect();
    let whole = json!({ "allOf": [schema], "components": { "schemas": schemas } });
    jsonschema::options().build(&whole).expect("a schema")
}

fn reach(from: &Value, found: &mut BTreeSet<String>) {
    match from {
        Value::Array(all) => all.iter().for_each(|it| reach(it, found)),
        Value::Object(all) => {
            for (key, it) in all {
                let target = it.as_str().filter(|_| key == "$ref");
                match target.and_then(|it| it.strip_prefix("#/components/schemas/")) {
                    Some(name) if found.insert(name.to_owned()) => {
                        reach(&whole()["components"]["schemas"][name], found);
                    }
                    _ => reach(it, found),
                }
            }
        }
        _ => {}
    }
}

/// An answer has no member that is not documented.
fn close(it: &mut Value) {
    match it {
        Value::Array(all) => all.iter_mut().for_each(close),
        Value::Object(all) => {
            if all.get("properties").and_then(Value::as_object).is_some_and(|it| !it.is_empty()) {
                all.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            all.values_mut().for_each(close);
        }
        _ => {}
    }
}
