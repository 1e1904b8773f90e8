//! Every member of every body, with every kind of value that it may not have: made from the schemas.

use serde_json::{Map, Value, json};

use crate::support::{TestNode, resolved};

/// A member of a body, with its schema and where it stands.
struct Member {
    pointer: String,
    schema: &'static Value,
    required: bool,
}

/// A value that fits a schema, with every member.
fn sample(schema: &'static Value) -> Value {
    let schema = resolved(schema);
    if let Some(first) = schema["enum"].get(0).or(schema["examples"].get(0)).or(schema.get("example")) {
        return first.clone();
    }
    match kind(schema) {
        "object" => {
            let members = schema["properties"].as_object().into_iter().flatten();
            members.map(|(name, it)| (name.clone(), sample(it))).collect::<Map<_, _>>().into()
        }
        "array" => json!([sample(&schema["items"])]),
        "integer" => schema["minimum"].clone(),
        "boolean" => json!(true),
        "string" if schema["pattern"].as_str().is_some_and(|it| it.contains("(19|2[01])")) => {
            json!("2015-04-02")
        }
        "string" if schema["format"] == "uuid" => json!("0192f0c1-2345-7abc-8def-0123456789ab"),
        "string" if schema["format"] == "date" => json!("2026-11-24"),
        "string" => {
            let shortest = schema["minLength"].as_u64().unwrap_or(1).max(1);
            json!("a".repeat(usize::try_from(shortest).expect("a length")))
        }
        other => panic!("a schema of the kind {other}: {schema}"),
    }
}

fn kind(schema: &'static Value) -> &'static str {
    let types = &schema["type"];
    let first = types.as_array().and_then(|it| it.iter().find(|it| **it != "null"));
    first.unwrap_or(types).as_str().unwrap_or_default()
}

fn nullable(schema: &'static Value) -> bool {
    resolved(schema)["type"].as_array().is_some_and(|it| it.contains(&json!("null")))
}

/// Every member below a schema, the items of arrays included.
fn members(schema: &'static Value, at: &str, found: &mut Vec<Member>) {
    let schema = resolved(schema);
    for (name, it) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
        let pointer = format!("{at}/{name}");
        found.push(Member { pointer: pointer.clone(), schema: it, required });
        let inner = resolved(it);
        if kind(inner) == "array" {
            let item = format!("{pointer}/0");
            found.push(Member { pointer: item.clone(), schema: &inner["items"], required: false });
            members(&inner["items"], &item, found);
        } else {
            members(it, &pointer, found);
        }
    }
}

/// Values that do not fit a schema.
fn misfits(schema: &'static Value) -> Vec<Value> {
    let schema = resolved(schema);
    let mut bad = vec![json!({ "x": { "y": 1 } }), json!([["a"]])];
    if !nullable(schema) {
        bad.push(Value::Null);
    }
    match kind(schema) {
        "string" => bad.extend(bad_texts(schema)),
        "boolean" => bad.extend([json!("true"), json!(1), json!("")]),
        "integer" => {
            let most = schema["maximum"].as_u64().expect("a maximum");
            bad.extend([
                json!("5"),
                json!(1.5),
                json!(-1),
                json!(most + 1),
                json!(u64::MAX),
                json!(1e300),
                json!(true),
            ]);
        }
        "array" => {
            let most = schema["maxItems"].as_u64().expect("a maximum");
            let item = sample(&schema["items"]);
            bad.extend([json!(vec![item; usize::try_from(most).expect("small") + 1]), json!("a"), json!({})]);
            if schema["minItems"].as_u64().is_some_and(|it| it > 0) {
                bad.push(json!([]));
            }
        }
        "object" => bad.extend([json!([]), json!("a"), json!(1), json!(["a", 1])]),
        _ => {}
    }
    bad
}

fn bad_texts(schema: &'static Value) -> Vec<Value> {
    let mut bad =
        vec![json!(5), json!(true), json!("a\u{0}b"), json!("\u{1}"), json!("\u{FDD0}"), json!("\u{85}")];
    let good = sample(schema).as_str().expect("a text").to_owned();
    if schema.get("enum").is_some() {
        bad.extend([json!("nonsense"), json!(good.to_uppercase()), json!(format!(" {good}")), json!("")]);
    } else if schema["format"] == "uuid" {
        let braced = format!("{{{good}}}");
        let urn = format!("urn:uuid:{good}");
        let bare = good.replace('-', "");
        let (nil, max) = ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff");
        bad.extend(
            [good.to_uppercase().as_str(), &braced, &urn, &bare, nil, max, "0", "null", ""].map(Value::from),
        );
    } else if schema["format"] == "date-time" {
        bad.extend(
            [
                "2016-12-31T23:59:60Z",
                "2026-11-24T24:00:00Z",
                "2026-11-24T08:30:00",
                "2026-11-24T08:30Z",
                "2026-11-24T08:30:00,5Z",
                "2026-11-24T08:30:00.123456789Z",
                "2026-11-24T08:30:00+24:00",
                "10000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                "2026-11-24",
                "2026-02-30T08:30:00Z",
                "2026-11-24 08:30:00Z",
                "",
            ]
            .map(Value::from),
        );
    } else if good.starts_with("20") && good.len() <= 10 {
        let dates = [
            "2010-02-30",
            "2011-02-29",
            "2010-13-01",
            "2010-00-10",
            "2010-2-8",
            " 2010-02-08",
            "20100208",
            "08.02.2010",
            "2010-W05-1",
            "2010-039",
            "2010-02-08T00:00:00Z",
            "10000-01-01",
            "0000-01-01",
            "1899-12-31",
            "2012-",
            "12",
            "201",
            "2012-00",
            "２０１２",
            "",
        ];
        bad.extend(dates.map(Value::from));
    } else {
        let longest = schema["maxLength"].as_u64().expect("a maximum");
        bad.push(json!("é".repeat(usize::try_from(longest).expect("small") + 1)));
        bad.extend([json!(""), json!("   "), json!("\u{E000}")]);
        if longest <= 300 {
            bad.extend([
                json!("a\nb"),
                json!("a\u{202E}b"),
                json!("a\u{2066}b"),
                json!("a\u{200B}b"),
                json!("a\u{AD}b"),
            ]);
        }
    }
    bad
}

#[actix_web::test]
async fn no_member_takes_a_value_of_another_kind() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.with_body(&node).await;
    let before = node.contents();
    let mut tried = 0;
    for it in all {
        let (_, schema) = it.operation.body().expect("a body");
        let whole = sample(schema);
        let mut found = Vec::new();
        members(schema, "", &mut found);
        for member in found {
            for bad in misfits(member.schema) {
                let mut body = whole.clone();
                *body.pointer_mut(&member.pointer).expect("a member") = bad.clone();
                let seen = it.ask_with(&node, Some(&body)).send().await;
                let shown = bad.to_string().chars().take(60).collect::<String>();
                let told = format!("{} {} = {shown}", it.operation.id, member.pointer);
                assert_eq!((seen.status, seen.code().as_str()), (400, "invalid-value"), "{told}");
                let at: Vec<String> = seen.found().into_iter().map(|(_, at)| at).collect();
                let named = at.iter().all(|at| at.starts_with(&member.pointer) || at.is_empty());
                assert!(named && !at.is_empty(), "{told}: {at:?}");
                tried += 1;
            }
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
    assert!(tried > 1000, "{tried} misfits");
}

#[actix_web::test]
async fn a_missing_or_unknown_member_is_named_wherever_it_is() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.with_body(&node).await;
    let before = node.contents();
    for it in all {
        let (_, schema) = it.operation.body().expect("a body");
        let whole = sample(schema);
        let mut found = vec![Member { pointer: String::new(), schema, required: false }];
        members(schema, "", &mut found);
        for member in found {
            if member.required {
                let mut body = whole.clone();
                let (parent, name) = member.pointer.rsplit_once('/').expect("a parent");
                body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object").remove(name);
                let seen = it.ask_with(&node, Some(&body)).send().await.refused(400, "invalid-value");
                assert_eq!(
                    seen.found(),
                    [("required".to_owned(), member.pointer.clone())],
                    "{}",
                    it.operation.id
                );
            }
            if kind(resolved(member.schema)) == "object" {
                let mut body = whole.clone();
                let place =
                    body.pointer_mut(&member.pointer).and_then(Value::as_object_mut).expect("an object");
                place.insert("identificationStatus".to_owned(), json!("identified_victim"));
                let seen = it.ask_with(&node, Some(&body)).send().await.refused(400, "invalid-value");
                let at = format!("{}/identificationStatus", member.pointer);
                assert_eq!(seen.found(), [("unknown_member".to_owned(), at)], "{}", it.operation.id);
            }
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_length_counts_characters_and_text_comes_back_as_it_was_sent() {
    let node = TestNode::start().await;
    let whole = "𐍈".repeat(4000);
    let odd = "'; drop table cases;-- <script>{{7*7}}${jndi:ldap://x}%s%n =cmd()\nА́ ІІ ﷽";
    for text in [whole.as_str(), odd] {
        let body = json!({ "description": text, "location": "Market square" });
        let made = node.create(&crate::support::police(), "/v1/concerns", &body).await.expect(201);
        let path = format!("/v1/concerns/{}", made.id());
        let seen = node.get(&crate::support::police(), path).await.expect(200);
        assert_eq!(seen.text("description"), text);
    }
    let body = json!({ "description": "  a boy \n", "location": "  Market  square " });
    let made = node.create(&crate::support::police(), "/v1/concerns", &body).await.expect(201);
    assert_eq!((made.text("description"), made.text("location")), ("a boy".into(), "Market  square".into()));
}
