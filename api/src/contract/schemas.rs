//! What holds for every schema: no null, closed requests, bounds, forms.

use std::collections::BTreeSet;

use domain::text::{LINE_OR_NONE_PATTERN, LINE_PATTERN, TEXT_OR_NONE_PATTERN, TEXT_PATTERN};
use serde_json::{Value, json};

use super::complete::{METHODS, for_each_operation};

/// An optional member is absent, never null; only members of a merge patch may be null, to clear them.
pub fn without_null(document: &mut Value) {
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
            let kept: Option<Vec<Value>> = all
                .get("type")
                .and_then(Value::as_array)
                .map(|it| it.iter().filter(|t| *t != "null").cloned().collect());
            if let Some(mut kept) = kept {
                all.insert(
                    "type".to_owned(),
                    if kept.len() == 1 { kept.remove(0) } else { Value::Array(kept) },
                );
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
pub fn close_requests(document: &mut Value) {
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
        .filter(|name| {
            document["components"]["schemas"][name.as_str()]["type"] == "object"
                || has_variants(document, name)
        })
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

/// The names of the schemas that something refers to, near or far.
pub(super) fn reach(from: &Value, document: &Value, found: &mut BTreeSet<String>) {
    match from {
        Value::Array(all) => all.iter().for_each(|it| reach(it, document, found)),
        Value::Object(all) => {
            for (key, it) in all {
                let name = it
                    .as_str()
                    .filter(|_| key == "$ref")
                    .and_then(|it| it.strip_prefix("#/components/schemas/"));
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
            // One without members is an object, too.
            if all.get("properties").is_some_and(Value::is_object)
                || all.get("type").is_some_and(|it| it == "object")
            {
                all.entry("properties").or_insert_with(|| json!({}));
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
                let name = it
                    .as_str()
                    .filter(|_| key == "$ref")
                    .and_then(|it| it.strip_prefix("#/components/schemas/"));
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

/// The schemas that parameters and bodies of requests refer to, as a document with nothing else in it.
pub fn checked(document: &Value) -> Value {
    let mut names = BTreeSet::new();
    for item in document["paths"].as_object().into_iter().flatten().map(|(_, it)| it) {
        reach(&item["parameters"], document, &mut names);
        for operation in METHODS.iter().filter_map(|it| item.get(*it)) {
            reach(&operation["requestBody"], document, &mut names);
            reach(&operation["parameters"], document, &mut names);
        }
    }
    reach(&document["components"]["parameters"], document, &mut names);
    let schemas: serde_json::Map<String, Value> =
        names.into_iter().map(|it| (it.clone(), bare(&document["components"]["schemas"][&it]))).collect();
    json!({ "components": { "schemas": schemas } })
}

/// A schema without what only readers need: no description, no example, no mark.
pub fn bare(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    let told = |name: &str| {
        matches!(name, "description" | "example" | "examples" | "title" | "discriminator")
            || name.starts_with("x-")
    };
    let kept = members.iter().filter(|(name, _)| !told(name)).map(|(name, it)| {
        let it = match (name.as_str(), it) {
            ("properties" | "patternProperties" | "$defs", Value::Object(named)) => {
                Value::Object(named.iter().map(|(name, it)| (name.clone(), bare(it))).collect())
            }
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", Value::Array(all)) => {
                Value::Array(all.iter().map(bare).collect())
            }
            ("items" | "additionalProperties" | "not" | "propertyNames", it) => bare(it),
            _ => it.clone(),
        };
        (name.clone(), it)
    });
    Value::Object(kept.collect())
}

/// Every integer has a smallest and a largest value.
pub fn bound_integers(it: &mut Value) {
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

/// The example of a body stands where tools look for it: at the media type.
pub fn show_examples(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    for_each_operation(document, |_, _, operation| {
        let Some(content) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut)
        else {
            return;
        };
        for media in content.values_mut() {
            let name =
                media["schema"]["$ref"].as_str().and_then(|it| it.rsplit('/').next()).unwrap_or_default();
            let schema = &schemas[name];
            if let Some(example) = schema.get("example").or_else(|| schema["examples"].get(0)) {
                media["examples"] = json!({ "example": { "value": example } });
            }
        }
    });
    for (_, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        if schema["type"] == "object" {
            schema.as_object_mut().map(|it| it.remove("example"));
        }
    }
}

/// Schemas whose member names another standard has chosen.
pub fn name_standards(document: &mut Value) {
    let standards = [
        ("TokenRequest", "RFC 6749"),
        ("TokenAnswer", "RFC 6749"),
        ("TokenError", "RFC 6749"),
        ("Jwks", "RFC 7517"),
        ("Jwk", "RFC 7517"),
        ("ServerMetadata", "RFC 8414"),
    ];
    for (name, standard) in standards {
        document["components"]["schemas"][name]["x-external-standard"] = json!(standard);
    }
}

/// Every text has a form: one line where it is short, no control characters anywhere.
pub fn restrict_strings(it: &mut Value) {
    const LINE: usize = 300;
    match it {
        Value::Array(all) => all.iter_mut().for_each(restrict_strings),
        Value::Object(all) => {
            let types = all.get("type");
            let text = types.is_some_and(|it| {
                *it == "string" || it.as_array().is_some_and(|it| it.contains(&json!("string")))
            });
            if text && !["enum", "const", "pattern", "format"].iter().any(|key| all.contains_key(*key)) {
                let longest = all.get("maxLength").and_then(Value::as_u64).unwrap_or(1000);
                let required = all.get("minLength").and_then(Value::as_u64) > Some(0);
                let pattern = match (longest <= LINE as u64, required) {
                    (true, true) => LINE_PATTERN,
                    (true, false) => LINE_OR_NONE_PATTERN,
                    (false, true) => TEXT_PATTERN,
                    (false, false) => TEXT_OR_NONE_PATTERN,
                };
                all.insert("pattern".to_owned(), json!(pattern));
                all.entry("maxLength").or_insert(json!(1000));
            }
            all.values_mut().for_each(restrict_strings);
        }
        _ => {}
    }
}
