//! The contract as a document: the code says it, it says everything, and it keeps the house rules.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::Path,
};

use api::contract;
use domain::access::OPERATIONS;
use serde_json::Value;

use crate::support::{Operation, TestNode, document, operations, police, resolved};

#[test]
fn openapi_yaml_is_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    let text = contract::yaml(document()).expect("YAML");
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).expect("writes the contract");
    }
    let committed = fs::read_to_string(&path).expect("the contract");
    let differs = committed.lines().zip(text.lines()).enumerate().find(|(_, (old, new))| old != new);
    assert!(committed == text, "openapi.yaml is of another code (UPDATE=1 writes it anew): {differs:?}");
}

#[actix_web::test]
async fn what_is_served_is_the_document() {
    let node = TestNode::start().await;
    let json = node.ask("GET", "/openapi.json").send().await.expect(200).json();
    assert_eq!(&json, document());
    let yaml = node.ask("GET", "/openapi.yaml").send().await.expect(200);
    let text = contract::yaml(document()).expect("YAML");
    assert_eq!(yaml.body, text.as_bytes());
}

#[test]
fn every_operation_has_a_name_of_its_own() {
    let mut seen = BTreeSet::new();
    for it in operations() {
        assert!(seen.insert(it.id), "{} names two operations", it.id);
        let camel = it.id.starts_with(|c: char| c.is_ascii_lowercase())
            && it.id.chars().all(|c| c.is_ascii_alphanumeric());
        assert!(camel && it.id.chars().any(|c| c.is_ascii_uppercase()), "{} is no verb and noun", it.id);
    }
}

#[test]
fn the_contract_and_the_table_of_operations_name_the_same() {
    let table: BTreeMap<&str, String> = OPERATIONS
        .iter()
        .map(|it| (it.id, it.scope.map_or("none".to_owned(), |scope| scope.to_string())))
        .collect();
    let documented: BTreeMap<&str, String> = operations()
        .into_iter()
        .filter(Operation::ours)
        .map(|it| (it.id, it.value["x-required-scope"].as_str().unwrap_or_default().to_owned()))
        .collect();
    assert_eq!(documented, table);
    assert_eq!(table.len(), OPERATIONS.len(), "no row twice");
}

#[test]
fn every_operation_says_what_it_is_and_how_it_fails() {
    for it in operations() {
        for part in ["summary", "description"] {
            assert!(it.value[part].as_str().is_some_and(|it| it.len() > 3), "{} has no {part}", it.id);
        }
        assert_eq!(it.value["tags"].as_array().map(Vec::len), Some(1), "{}", it.id);
        let mut wanted = vec!["400", "405", "406", "429", "500", "503"];
        if it.ours() {
            wanted.extend(["401", "403"]);
        }
        if it.path.contains('{') {
            wanted.push("404");
        }
        if it.body().is_some() {
            wanted.extend(["408", "413", "415"]);
            assert!(it.example().is_object() || it.takes_bytes(), "{} has no example", it.id);
        }
        if it.body().is_some() && it.ours() {
            wanted.push("422");
        }
        if it.ours() && it.stores() {
            wanted.push("409");
        }
        if it.parameters().iter().any(|it| it["name"] == "If-Match") {
            wanted.extend(["412", "428"]);
        }
        for status in wanted {
            assert!(it.value["responses"].get(status).is_some(), "{} does not document {status}", it.id);
        }
    }
}

#[test]
fn every_post_that_stores_takes_a_key_and_every_act_a_tag() {
    for it in operations().into_iter().filter(Operation::ours) {
        let required =
            |name: &str| it.parameters().iter().any(|it| it["name"] == name && it["required"] == true);
        assert_eq!(required("Idempotency-Key"), it.method == "POST" && it.stores(), "{}", it.id);
        // What is put is built upon nothing that the caller saw.
        let acts = it.stores() && !it.id.starts_with("create") && it.method != "PUT";
        assert_eq!(required("If-Match"), acts, "{}", it.id);
        let dry = it.parameters().iter().any(|it| it["name"] == "validateOnly");
        // A dry run of an emergency would tell of a case, and nobody of the dry run.
        assert_eq!(dry, it.stores() && it.id != "createEmergencyAccess", "{}", it.id);
    }
}

#[actix_web::test]
async fn every_kind_of_problem_has_its_page() {
    let node = TestNode::start().await;
    let list = node.ask("GET", "/problems").send().await.expect(200);
    let list = String::from_utf8_lossy(&list.body).into_owned();
    let listed: BTreeSet<String> = list
        .split("href=\"/problems/")
        .skip(1)
        .filter_map(|it| it.split('"').next().map(str::to_owned))
        .collect();
    let responses = document()["components"]["responses"].as_object().expect("responses");
    let told = responses.values().filter_map(|it| it["description"].as_str());
    let documented: BTreeSet<String> =
        told.flat_map(|it| it.split('`').skip(1).step_by(2)).map(str::to_owned).collect();
    assert!(documented.len() >= 35 && documented.is_subset(&listed), "{documented:?} {listed:?}");
    assert_eq!(documented, listed);
    for code in listed {
        let page = node.ask("GET", format!("/problems/{code}")).send().await.expect(200);
        assert!(String::from_utf8_lossy(&page.body).contains(&code));
    }
    node.ask("GET", "/problems/no-such-problem").send().await.refused(404, "not-found");
}

#[test]
fn no_query_parameter_can_hold_words_or_a_person() {
    let cursor = "^[A-Za-z0-9_-]+$";
    let personal = [
        "name", "birth", "address", "phone", "contact", "email", "text", "note", "reason", "query", "search",
    ];
    for it in operations() {
        for parameter in it.parameters().into_iter().filter(|it| it["in"] == "query") {
            let name = parameter["name"].as_str().unwrap_or_default();
            let schema = resolved(&parameter["schema"]);
            let closed = schema.get("enum").is_some()
                || ["integer", "boolean"].contains(&schema["type"].as_str().unwrap_or_default())
                || schema["format"] == "uuid"
                || schema["format"] == "date-time"
                || schema["format"] == "date"
                || schema["pattern"] == "^[A-Z]{2}$"
                || schema["pattern"] == "^[A-Z]{2}-[A-Z0-9]{1,3}$"
                || schema["pattern"] == cursor;
            assert!(closed, "{} of {} can hold words", name, it.id);
            assert!(!personal.iter().any(|it| name.to_lowercase().contains(it)), "{name} of {}", it.id);
        }
    }
}

#[test]
fn no_schema_is_open_or_unbounded() {
    let mut bounded = 0;
    walk(document(), "", &mut |at, it| {
        let Some(kind) = it["type"].as_str() else { return };
        let fits = match kind {
            "string" => ["enum", "const", "format", "maxLength"].iter().any(|key| it.get(*key).is_some()),
            "array" => it["maxItems"].is_u64(),
            "integer" => it["minimum"].is_number() && it["maximum"].is_number(),
            _ => true,
        };
        assert!(fits, "{at} has no bounds: {it}");
        bounded += 1;
    });
    assert!(bounded > 300, "{bounded} schemas");
    for it in operations() {
        if let Some((_, schema)) = it.body().filter(|_| !it.takes_bytes()) {
            assert_eq!(resolved(schema)["additionalProperties"], false, "the body of {} is open", it.id);
        }
    }
}

fn walk(it: &Value, at: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(at, it);
    match it {
        // Examples are values, not schemas.
        Value::Object(all) => {
            for (name, it) in
                all.iter().filter(|(name, _)| !["example", "examples", "enum"].contains(&name.as_str()))
            {
                walk(it, &format!("{at}/{name}"), visit);
            }
        }
        Value::Array(all) => all.iter().enumerate().for_each(|(n, it)| walk(it, &format!("{at}/{n}"), visit)),
        Value::Null => panic!("null at {at}"),
        _ => {}
    }
}

#[actix_web::test]
async fn the_documents_for_people_need_nothing_from_elsewhere() {
    let node = TestNode::start().await;
    let moved = node.ask("GET", "/docs").send().await;
    assert_eq!((moved.status, moved.header("location")), (308, Some("/docs/")));
    for path in ["/docs/", "/docs/swagger-initializer.js", "/docs/swagger-ui.css"] {
        let seen = node.ask("GET", path).send().await.expect(200);
        let text = String::from_utf8_lossy(&seen.body);
        for elsewhere in ["src=\"http", "href=\"http", "//cdn", "url: \"http", "@import"] {
            assert!(!text.contains(elsewhere), "{path} asks for {elsewhere}");
        }
    }
}

#[actix_web::test]
async fn counters_name_routes_and_never_things_or_people() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let _ = node.get(&police(), format!("/v1/cases/{case}")).await.expect(200);
    let _ = node.get(&police(), "/v1/nonsense-of-a-caller").await.expect(404);
    let seen = node.ask("GET", "/metrics").send().await.expect(200);
    let text = String::from_utf8_lossy(&seen.body).into_owned();
    assert!(text.contains("route=\"/v1/cases/{id}\"") && text.contains("route=\"unrouted\""), "{text}");
    for leak in [case.as_str(), "nonsense", "tallinn", "Mik"] {
        assert!(!text.contains(leak), "the counters tell {leak}");
    }
    assert!(text.ends_with("# EOF\n"), "OpenMetrics ends so");
}

#[actix_web::test]
async fn liveness_and_readiness_are_told() {
    let node = TestNode::start().await;
    for path in ["/livez", "/readyz"] {
        let seen = node.ask("GET", path).send().await.expect(200);
        assert_eq!(seen.text("status"), "ok");
    }
}
