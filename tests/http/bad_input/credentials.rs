//! Access tokens: what is no good token, or not good any more, opens nothing.

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::support::{
    KeyPair, Signed, TestNode, Who, client, operations, police, police_manager, taken_apart,
};

/// Good tokens spoilt in every way, with the code of the problem.
fn spoilt(node: &TestNode, good: &Signed, assertion: &str) -> Vec<(&'static str, String, &'static str)> {
    let key = &node.issuer_key;
    let now = node.clock.seconds();
    let claim = |name: &str, value: Value| good.clone().claim(name, value).by(key);
    let header = |name: &str, value: Value| good.clone().header(name, value).by(key);
    let living =
        |iat: i64, exp: i64| good.clone().claim("iat", iat).claim("nbf", iat).claim("exp", exp).by(key);
    let unsigned = |alg: &str| good.clone().header("alg", alg).unsigned();
    let hs256 = good.clone().header("alg", "HS256");
    let plain = good.by(key);
    let (front, signature) = plain.rsplit_once('.').expect("a signature");
    let (head, payload) = front.split_once('.').expect("a payload");
    let invalid = "invalid-token";
    vec![
        ("alg none", unsigned("none"), invalid),
        ("alg None", unsigned("None"), invalid),
        ("alg nOnE", unsigned("nOnE"), invalid),
        ("alg none, signed", header("alg", json!("none")), invalid),
        ("empty signature", good.unsigned(), invalid),
        ("HS256 by the public key", hs256.by_secret(&key.public_bytes()), invalid),
        ("HS256 by the public key in PEM", hs256.by_secret(key.public_pem.as_bytes()), invalid),
        ("ES256 in the header", header("alg", json!("ES256")), invalid),
        ("another key", good.by(&KeyPair::new()), invalid),
        ("the key of the client", good.by(&node.client_key), invalid),
        ("another kid", header("kid", json!("other")), invalid),
        ("no kid", header("kid", Value::Null), invalid),
        ("no typ", header("typ", Value::Null), invalid),
        ("typ JWT", header("typ", json!("JWT")), invalid),
        ("typ of an assertion", header("typ", json!("client-authentication+jwt")), invalid),
        ("an assertion", assertion.to_owned(), invalid),
        ("jku", header("jku", json!("https://evil.test/jwks.json")), invalid),
        ("x5u", header("x5u", json!("https://evil.test/x5u")), invalid),
        ("jwk", header("jwk", json!({ "kty": "OKP", "crv": "Ed25519", "x": "AA" })), invalid),
        ("x5c", header("x5c", json!(["AA"])), invalid),
        ("crit", header("crit", json!(["exp"])), invalid),
        ("zip", header("zip", json!("DEF")), invalid),
        ("expired 11 s ago", living(now - 200, now - 11), "expired-token"),
        ("of the future", living(now + 60, now + 300), invalid),
        ("lives 601 s", living(now, now + 601), invalid),
        ("ends before it begins", living(now, now - 1), invalid),
        ("no exp", claim("exp", Value::Null), invalid),
        ("exp in words", claim("exp", json!((now + 60).to_string())), invalid),
        ("exp with a fraction", claim("exp", json!(1.5)), invalid),
        ("exp beyond all time", claim("exp", json!(1e18)), invalid),
        ("exp at the end of numbers", claim("exp", json!(i64::MAX)), invalid),
        ("exp negative", claim("exp", json!(-1)), invalid),
        ("iat at the start of numbers", claim("iat", json!(i64::MIN)), invalid),
        ("no nbf", claim("nbf", Value::Null), invalid),
        ("no iat", claim("iat", Value::Null), invalid),
        ("no sub", claim("sub", Value::Null), invalid),
        ("no aud", claim("aud", Value::Null), invalid),
        ("another aud", claim("aud", json!("https://other.test")), invalid),
        ("a list of aud", claim("aud", json!(["https://node.test", "https://other.test"])), invalid),
        ("aud with a slash", claim("aud", json!("https://node.test/")), invalid),
        ("another iss", claim("iss", json!("https://other.test")), invalid),
        ("iss in capitals", claim("iss", json!("https://NODE.test")), invalid),
        ("an unknown scope", claim("scope", json!("cases.read everything")), invalid),
        ("an unknown role", claim("role", json!("king")), invalid),
        ("a client that is no id", claim("client", json!("tallinn-police")), invalid),
        ("9 KiB", claim("sub", json!("a".repeat(9 * 1024))), invalid),
        ("padding", format!("{head}=.{payload}.{signature}"), invalid),
        ("spaces", format!("{head}. {payload}.{signature}"), invalid),
        ("two parts", format!("{head}.{payload}"), invalid),
        ("four parts", format!("{head}.{payload}.{signature}.x"), invalid),
        (
            "a payload that is a list",
            format!("{head}.{}.{signature}", BASE64URL_NOPAD.encode(b"[]")),
            invalid,
        ),
        ("nothing", String::new(), invalid),
        ("words", "not a token".to_owned(), invalid),
    ]
}

#[actix_web::test]
async fn a_spoilt_token_opens_nothing() {
    let node = TestNode::start().await;
    let good = node.fresh_token(&police_manager()).await;
    let assertion = node.assertion(&police_manager()).by(&node.client_key);
    for (name, token, code) in spoilt(&node, &taken_apart(&good), &assertion) {
        let seen = node.ask("GET", "/v1/me").token(&token).send().await;
        assert_eq!((seen.status, seen.code().as_str()), (401, code), "{name}");
        let says = seen.header("www-authenticate").expect("a challenge");
        assert!(says.starts_with("Bearer error=\"invalid_token\""), "{name}: {says}");
    }
    let _ = node.ask("GET", "/v1/me").token(&good).send().await.expect(200);
    let now = node.clock.seconds();
    let skewed = taken_apart(&good).claim("iat", now - 200).claim("nbf", now - 200).claim("exp", now - 9);
    let _ = node.ask("GET", "/v1/me").token(&skewed.by(&node.issuer_key)).send().await.expect(200);
}

#[actix_web::test]
async fn a_token_that_was_good_is_remembered_no_longer_than_it_lives() {
    let node = TestNode::start().await;
    let token = node.fresh_token(&police()).await;
    let ask = || node.ask("GET", "/v1/me").token(&token);
    let _ = ask().send().await.expect(200);
    node.clock.advance(310);
    let _ = ask().send().await.expect(200);
    node.clock.advance(1);
    ask().send().await.refused(401, "expired-token");
    ask().send().await.refused(401, "expired-token");
}

#[actix_web::test]
async fn the_scheme_is_bearer() {
    let node = TestNode::start().await;
    let token = node.fresh_token(&police()).await;
    let ask = |value: String| node.ask("GET", "/v1/me").header("authorization", value);
    for good in ["Bearer", "bearer", "BEARER"] {
        let _ = ask(format!("{good} {token}")).send().await.expect(200);
    }
    for bad in
        [format!("Basic {token}"), token.clone(), "Bearer".into(), format!("Bearer  {token}"), String::new()]
    {
        ask(bad).send().await.refused(401, "invalid-token");
    }
}

#[actix_web::test]
async fn no_operation_answers_without_a_good_token() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.all(&node).await;
    let good = taken_apart(&node.fresh_token(&police_manager()).await);
    let now = node.clock.seconds();
    let assertion = node.assertion(&police_manager()).by(&node.client_key);
    let tokens = [
        good.clone().header("alg", "none").unsigned(),
        good.clone().header("alg", "HS256").by_secret(&node.issuer_key.public_bytes()),
        good.clone().claim("aud", "https://other.test").by(&node.issuer_key),
        good.clone().header("typ", "JWT").by(&node.issuer_key),
        good.clone().header("jku", "https://evil.test").by(&node.issuer_key),
        assertion,
    ];
    let expired = good.claim("iat", now - 300).claim("exp", now - 11).by(&node.issuer_key);
    let before = node.contents();
    for it in &all {
        let ask = || {
            let ask = it.anonymous(&node).key("k").if_match("\"tag\"");
            match (&it.body, it.operation.body()) {
                (Some(body), Some((media, _))) => ask.bytes(media, body.to_string()),
                _ => ask,
            }
        };
        let seen = ask().send().await.refused(401, "missing-credentials");
        assert_eq!(seen.header("www-authenticate"), Some("Bearer"));
        ask().token(&expired).send().await.refused(401, "expired-token");
        for token in &tokens {
            ask().token(token).send().await.refused(401, "invalid-token");
        }
    }
    assert_eq!(all.len(), operations().iter().filter(|it| it.ours()).count());
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn whoever_was_switched_off_a_moment_ago_is_out_on_the_next_request() {
    let (node, world) = TestNode::in_a_world().await;
    let me = police_manager();
    let all: Vec<_> = world.all(&node).await.into_iter().filter(|it| it.who == me).collect();
    let subject = me.professional.clone().expect("a professional");
    let database = &node.database;
    let switches: [&dyn Fn(bool); 3] = [
        &|on| database.set_client_active(&me.client, on),
        &|on| database.set_agency_active(&me.client, on),
        &|on| database.set_suspended(&subject, !on),
    ];
    for switch in switches {
        switch(false);
        let before = node.contents();
        for it in &all {
            it.ask(&node).send().await.refused(401, "invalid-token");
        }
        assert_eq!(node.contents(), before, "nothing was written");
        switch(true);
        let _ = node.get(&me, "/v1/me").await.expect(200);
    }
    node.database.advance_epoch(&me.client);
    node.get(&me, "/v1/me").await.refused(401, "invalid-token");
    let token = node.fresh_token(&me).await;
    let _ = node.ask("GET", "/v1/me").token(&token).send().await.expect(200);
}

#[actix_web::test]
async fn an_operation_needs_its_scope() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.all(&node).await;
    let before = node.contents();
    let mut tried = 0;
    for mut it in all {
        let Some(scope) = it.operation.value["x-required-scope"].as_str().filter(|it| *it != "none") else {
            continue;
        };
        let granted = node.token(&it.who).await;
        let claims = taken_apart(&granted).claims;
        let held = claims["scope"].as_str().expect("scopes");
        let others: Vec<&str> = held.split(' ').filter(|it| *it != scope).collect();
        assert!(held.contains(scope));
        it.who = it.who.with_scopes(&others.join(" "));
        let seen = it.ask(&node).send().await.refused(403, "insufficient-scope");
        let says = seen.header("www-authenticate").expect("a challenge");
        assert!(says.contains(&format!("scope=\"{scope}\"")), "{says}");
        tried += 1;
    }
    assert!(tried > 30, "{tried} operations need a scope");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn what_tells_of_a_child_needs_a_person_behind_the_call() {
    let (node, world) = TestNode::in_a_world().await;
    let mut all = world.all(&node).await;
    let before = node.contents();
    let unattended = ["listEvents", "getMe", "getAuditCheckpoint", "getConsistencyProof"];
    for it in &mut all {
        it.who = it.who.clone().unattended();
        let registers = it.operation.value["tags"][0] == "directory";
        if registers && it.operation.stores() {
            it.target += "?validateOnly=true";
        }
        let seen = it.ask(&node).send().await;
        if registers || unattended.contains(&it.operation.id) {
            assert_eq!(seen.status, 200, "{}", it.operation.id);
        } else {
            assert_eq!(
                (seen.status, seen.code().as_str()),
                (403, "professional-required"),
                "{}",
                it.operation.id
            );
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn an_agency_does_what_its_type_does_whatever_the_token_says() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.all(&node).await;
    let before = node.contents();
    for (who, may) in [("helpline", "concerns.write"), ("labour-inspectorate", "concerns.write")] {
        let who: Who = client(who);
        let given = taken_apart(&node.fresh_token(&who).await);
        let scope = "concerns.write screenings.write identification.decide cases.read cases.write referrals.read \
                     referrals.write deadlines.read events.read directory.read";
        let token = given.claim("scope", scope).by(&node.issuer_key);
        for it in &all {
            let needed = it.operation.value["x-required-scope"].as_str().unwrap_or_default();
            if ["none", "directory.read", "events.read", "deadlines.read", may].contains(&needed) {
                continue;
            }
            let ask = it.anonymous(&node).token(&token).key("k").if_match("\"tag\"");
            let ask = match (&it.body, it.operation.body()) {
                (Some(body), Some((media, _))) => ask.bytes(media, body.to_string()),
                _ => ask,
            };
            ask.send().await.refused(403, "not-your-function");
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn whoever_may_not_ask_is_told_so_before_the_body_is_judged() {
    let (node, world) = TestNode::in_a_world().await;
    for mut it in world.writing(&node).await {
        it.who = it.who.with_scopes("directory.read");
        let (media, _) = it.operation.body().expect("a body");
        for body in ["{", "[]", "{\"unknown\":1}"] {
            let seen = it.headed(&node).bytes(media, body).send().await;
            assert_eq!(
                (seen.status, seen.code().as_str()),
                (403, "insufficient-scope"),
                "{}",
                it.operation.id
            );
        }
        let long = it.headed(&node).bytes(media, "x".repeat(300 * 1024)).send().await;
        assert_eq!(long.status, 403, "{}", it.operation.id);
    }
}
