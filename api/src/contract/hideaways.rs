//! Whatever names an agency, or a professional, system or service of one, in an answer about a child may be left out, where it
//! would tell where the child is hidden (`http/discretion.rs`): such a member is never required, and its thing says `withheld`.

use std::collections::BTreeSet;

use domain::access::Operation;
use serde_json::{Value, json};

use super::{complete::METHODS, schemas::reach};

/// What names an agency.
const IDS: [&str; 4] = ["AgencyId", "ClientId", "ProfessionalId", "ServiceId"];

/// What else tells which agency it is.
const TELLING: [(&str, &str); 3] =
    [("CaseHolder", "dutyPhone"), ("CaseHolder", "name"), ("Participant", "agencyType")];

/// Marks what may be left out.
pub fn mark(document: &mut Value) {
    let (mut answered, mut things) = (BTreeSet::new(), BTreeSet::new());
    for operation in operations(document) {
        for (_, answer) in operation["responses"].as_object().into_iter().flatten() {
            let schema = &answer["content"]["application/json"]["schema"];
            reach(schema, document, &mut answered);
            things.extend(name_of(schema).map(|it| thing(document, it)));
        }
    }
    let naming: BTreeSet<String> = answered
        .into_iter()
        .filter(|it| !naming(&document["components"]["schemas"][it]).is_empty())
        .collect();
    things.retain(|it| {
        let mut within = BTreeSet::from([it.clone()]);
        reach(&document["components"]["schemas"][it], document, &mut within);
        !within.is_disjoint(&naming)
    });
    for name in &naming {
        let schema = &mut document["components"]["schemas"][name];
        let mut members = naming_of(name, schema);
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            required.retain(|it| !it.as_str().is_some_and(|it| members.contains(it)));
            if required.is_empty() {
                schema.as_object_mut().map(|it| it.remove("required"));
            }
        }
        members.retain(|it| schema["properties"][it]["description"].is_string());
        for member in members {
            let it = &mut schema["properties"][&member]["description"];
            let said = it.as_str().unwrap_or_default().trim_end_matches('.');
            *it = json!(format!("{said}; `withheld` where it would tell where the child is hidden."));
        }
    }
    for name in &things {
        let schema = &mut document["components"]["schemas"][name];
        if let Some(members) = schema["properties"].as_object_mut() {
            members.entry("withheld").or_insert_with(|| {
                json!({
                    "description": "That an agency is not named, because it would tell where the child is hidden.",
                    "type": "array", "maxItems": 16, "items": { "$ref": "#/components/schemas/Withheld" }
                })
            });
        }
    }
}

/// The operations whose answers pass `http/discretion.rs`.
fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document["paths"].as_object().into_iter().flatten().map(|it| it.1);
    let all = items.flat_map(|item| METHODS.iter().filter_map(|it| item.get(*it)));
    all.filter(|it| {
        it["operationId"].as_str().and_then(Operation::find).is_some_and(Operation::names_who_takes_part)
    })
}

fn name_of(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str().and_then(|it| it.strip_prefix("#/components/schemas/"))
}

/// What an answer is of: the items of a page, or all of it.
fn thing(document: &Value, name: &str) -> String {
    let data = &document["components"]["schemas"][name]["properties"]["data"]["items"];
    name_of(data).unwrap_or(name).to_owned()
}

fn naming(schema: &Value) -> BTreeSet<String> {
    let ids = |it: &Value| name_of(it).is_some_and(|it| IDS.contains(&it));
    let members = schema["properties"].as_object().into_iter().flatten();
    members.filter(|(_, it)| ids(it) || ids(&it["items"])).map(|(name, _)| name.clone()).collect()
}

fn naming_of(name: &str, schema: &Value) -> BTreeSet<String> {
    let telling = TELLING.iter().filter(|it| it.0 == name).map(|it| it.1.to_owned());
    naming(schema).into_iter().chain(telling).collect()
}
