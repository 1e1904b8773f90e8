//! Repeated requests: one effect, whoever repeats them how.

use serde_json::{Map, Value, json};

use crate::support::{Specimen, TestNode, Who, asking, barnahus, fresh_key, police, police_manager, sending};

const REPLAYED: &str = "idempotency-replayed";

async fn posts() -> (TestNode, Vec<Specimen>) {
    let (node, world) = TestNode::in_a_world().await;
    let all: Vec<_> =
        world.writing(&node).await.into_iter().filter(|it| it.operation.method == "POST").collect();
    assert!(all.len() >= 12, "{} operations take a key", all.len());
    (node, all)
}

/// The same JSON with its members the other way round and white space between them.
fn turned(it: &Value) -> String {
    match it {
        Value::Object(all) => {
            let members: Vec<String> = all
                .iter()
                .rev()
                .map(|(name, it)| format!(" {} :\n{}", Value::from(name.as_str()), turned(it)))
                .collect();
            format!("{{\t{} }}", members.join(" ,"))
        }
        Value::Array(all) => format!("[ {} ]", all.iter().map(turned).collect::<Vec<_>>().join(" , ")),
        other => other.to_string(),
    }
}

fn without_warnings(mut it: Value) -> Value {
    it.as_object_mut().map(|it| it.remove("warnings"));
    it
}

#[actix_web::test]
async fn a_post_without_a_good_key_is_refused() {
    let (node, all) = posts().await;
    let before = node.contents();
    let long = "a".repeat(101);
    for it in all {
        let ask = || {
            let body = it.body.clone().expect("a body");
            let ask = it.anonymous(&node).by(&it.who).json(&body);
            match &it.tag {
                Some(tag) => ask.if_match(tag),
                None => ask,
            }
        };
        ask().send().await.refused(400, "idempotency-key-missing");
        for bad in ["", "\"\"", "a b", "a\"b", "\"", &long] {
            let seen = ask().key(bad).send().await;
            assert_eq!(seen.code(), "idempotency-key-invalid", "{bad:?}: {}", seen.told());
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_repeated_post_is_answered_again_and_done_once() {
    let (node, all) = posts().await;
    // Whoever forwarded a request, or gave a draft back to its author, sees no more of it, not even the answer once given.
    let gone = ["forwardTransnationalRequest", "returnTransnationalRequest"];
    for it in all.into_iter().filter(|it| !gone.contains(&it.operation.id)) {
        let key = fresh_key();
        let body = it.body.clone().expect("a body");
        let ask = |key: &str, text: String| {
            let ask = it.anonymous(&node).by(&it.who).key(key).bytes("application/json", text);
            match &it.tag {
                Some(tag) => ask.if_match(tag),
                None => ask,
            }
        };
        let first = ask(&key, body.to_string()).send().await;
        assert!(first.status < 300 && first.header(REPLAYED).is_none(), "{}", first.told());
        let after = node.contents();
        for (key, text) in [(key.clone(), body.to_string()), (format!("\"{key}\""), turned(&body))] {
            let again = ask(&key, text).send().await;
            assert_eq!(again.header(REPLAYED), Some("true"), "{}", again.told());
            assert_eq!(again.status, first.status);
            assert_eq!(again.header("location"), first.header("location"));
            assert_eq!(again.header("etag"), first.header("etag"));
            assert_eq!(without_warnings(again.json()), without_warnings(first.json()), "{}", it.operation.id);
        }
        assert_eq!(node.contents(), after, "{} was done once", it.operation.id);
    }
}

#[actix_web::test]
async fn a_key_belongs_to_one_request_of_one_person() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let body = asking(&case, &barnahus());
    let mut other_body = body.clone();
    other_body["urgency"] = json!("standard");
    let me = police_manager();
    let ask = |who: Who, path: &str, body: &Value| node.ask("POST", path).by(&who).key("one").json(body);
    let first = ask(me.clone(), "/v1/referrals", &body).send().await.expect(201);
    ask(me.clone(), "/v1/referrals", &other_body).send().await.refused(422, "idempotency-key-reused");
    ask(me.clone().named("p-other"), "/v1/referrals", &body)
        .send()
        .await
        .refused(422, "idempotency-key-reused");
    let screening = json!({ "observations": crate::support::begging() });
    let elsewhere = ask(me.clone(), "/v1/screenings", &screening).send().await.expect(201);
    assert_eq!(elsewhere.header(REPLAYED), None, "another operation");
    let other_client = ask(barnahus(), "/v1/screenings", &screening).send().await.expect(201);
    assert_eq!(other_client.header(REPLAYED), None, "another client");
    let again = ask(me.clone(), "/v1/referrals", &body).send().await.expect(201);
    assert_eq!((again.header(REPLAYED), again.id()), (Some("true"), first.id()));
}

#[actix_web::test]
async fn a_key_belongs_to_the_thing_that_was_acted_on() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let cancel = json!({ "reason": "Another place was found." });
    let (one, two) = (node.given_draft(&case, &barnahus()).await, node.given_draft(&case, &barnahus()).await);
    let ask = |id: String, tag: String| {
        let path = format!("/v1/referrals/{id}/cancel");
        node.ask("POST", path).by(&police_manager()).key("same").if_match(&tag).json(&cancel)
    };
    let _ = ask(one.id(), one.tag()).send().await.expect(200);
    ask(two.id(), two.tag()).send().await.refused(422, "idempotency-key-reused");
    let still = node.get(&police_manager(), format!("/v1/referrals/{}", two.id())).await;
    assert_eq!(still.text("status"), "draft");
}

#[actix_web::test]
async fn a_refused_request_leaves_its_key_free() {
    let node = TestNode::start().await;
    let thin = json!({ "description": "A boy begs." });
    let ask = |body: &Value| node.ask("POST", "/v1/concerns").by(&police()).key("k").json(body);
    let before = node.contents();
    let _ = ask(&thin).send().await.refused(422, "rule-refused");
    let _ = ask(&json!({ "description": 1 })).send().await.refused(400, "invalid-value");
    assert_eq!(node.contents().get("idempotency_keys"), before.get("idempotency_keys"));
    let whole = json!({ "description": "A boy begs.", "location": "Market square" });
    let seen = ask(&whole).send().await.expect(201);
    assert_eq!(seen.header(REPLAYED), None);
}

#[actix_web::test]
async fn a_replay_is_how_it_is_today() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let body = asking(&case, &barnahus());
    let me = police_manager();
    let ask = |who: Who| node.ask("POST", "/v1/referrals").by(&who).key("k").json(&body);
    let draft = ask(me.clone()).send().await.expect(201);
    let sent = node
        .act(&me, format!("/v1/referrals/{}/send", draft.id()), &draft.tag(), &sending())
        .await
        .expect(200);
    node.clock.advance(3600);
    let replay = ask(me.clone()).send().await.expect(201);
    assert_eq!(replay.header(REPLAYED), Some("true"), "a fresh token an hour later");
    assert_eq!((replay.text("status"), replay.tag()), ("sent".to_owned(), sent.tag()));
}

#[actix_web::test]
async fn a_replay_asks_for_todays_rights() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let body = asking(&case, &barnahus());
    let me = police_manager();
    let ask = |who: Who| node.ask("POST", "/v1/referrals").by(&who).key("k").json(&body);
    let _ = ask(me.clone()).send().await.expect(201);
    ask(me.clone().bound_to(&other)).send().await.refused(404, "not-found");
    ask(me.clone().with_scopes("referrals.read")).send().await.refused(403, "insufficient-scope");
    node.database.set_client_active(&me.client, false);
    ask(me.clone()).send().await.refused(401, "invalid-token");
}

#[actix_web::test]
async fn a_key_outlives_the_process() {
    let node = TestNode::start().await;
    let body = json!({ "observations": crate::support::begging() });
    let first =
        node.ask("POST", "/v1/screenings").by(&police()).key("k").json(&body).send().await.expect(201);
    let node = node.restarted().await;
    node.clock.advance(23 * 3600);
    let again =
        node.ask("POST", "/v1/screenings").by(&police()).key("k").json(&body).send().await.expect(201);
    assert_eq!((again.header(REPLAYED), again.id()), (Some("true"), first.id()));
}

#[actix_web::test]
async fn a_long_body_is_told_from_its_prefix() {
    let node = TestNode::start().await;
    let mut body = Map::new();
    body.insert("location".into(), json!("Market square"));
    body.insert("description".into(), json!("a".repeat(4000)));
    let ask = |body: &Map<String, Value>| {
        let body = Value::from(body.clone());
        node.ask("POST", "/v1/concerns").by(&police()).key("k").json(&body)
    };
    let _ = ask(&body).send().await.expect(201);
    body.insert("description".into(), json!(format!("{}b", "a".repeat(3999))));
    ask(&body).send().await.refused(422, "idempotency-key-reused");
}
