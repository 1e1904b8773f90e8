//! The token endpoint: errors of RFC 6749, and no telling which check of an assertion failed.

use serde_json::{Value, json};

use crate::support::{ISSUER, KeyPair, Seen, Signed, TestNode, Who, claims_of, client, police};

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

async fn ask(node: &TestNode, assertion: &str, scope: Option<&str>) -> Seen {
    node.ask("POST", "/oauth/token").form(&TestNode::token_form(assertion, scope)).send().await
}

#[track_caller]
fn refused(seen: &Seen, status: u16, error: &str, about: &str) {
    assert_eq!((seen.status, seen.text("error").as_str()), (status, error), "{about}: {}", seen.told());
}

#[actix_web::test]
async fn a_good_assertion_gets_a_token_of_who_and_what_for() {
    let node = TestNode::start().await;
    let who = police();
    let seen = ask(&node, &node.assertion(&who).by(&node.client_key), Some("cases.read")).await.expect(200);
    let it = seen.json();
    assert_eq!(
        (&it["token_type"], &it["expires_in"], &it["scope"]),
        (&json!("Bearer"), &json!(300), &json!("cases.read"))
    );
    let claims = claims_of(it["access_token"].as_str().expect("a token"));
    assert_eq!(claims["iss"], ISSUER);
    assert_eq!(claims["client_id"], "tallinn-police");
    assert_eq!(claims["agency"], who.agency().id.to_string());
    assert_eq!((&claims["role"], &claims["purpose"]), (&json!("investigator"), &json!("identification")));
    assert!(!claims.to_string().contains(who.professional.as_deref().expect("a name")), "no names in tokens");
}

#[actix_web::test]
async fn a_bad_assertion_is_refused_and_nothing_tells_why() {
    let node = TestNode::start().await;
    let key = &node.client_key;
    let now = node.clock.seconds();
    let good = || node.assertion(&police());
    let with = |name: &str, value: Value| good().claim(name, value).by(key);
    let headed = |name: &str, value: Value| good().header(name, value).by(key);
    let unknown = || good().claim("iss", "nobody").claim("sub", "nobody");
    let nul = "tallinn-police\u{0}";
    let table: Vec<(&str, String)> = vec![
        ("aud is the token URL", with("aud", json!(format!("{ISSUER}/oauth/token")))),
        ("a list of aud", with("aud", json!([ISSUER]))),
        ("aud with a slash", with("aud", json!(format!("{ISSUER}/")))),
        ("no aud", with("aud", Value::Null)),
        ("lives 61 s", with("exp", json!(now + 61))),
        ("lives 61 s from then", good().claim("iat", now - 1).claim("exp", now + 60).by(key)),
        ("expired", good().claim("iat", now - 71).claim("exp", now - 11).by(key)),
        ("of the future", good().claim("iat", now + 11).claim("exp", now + 60).by(key)),
        ("no exp", with("exp", Value::Null)),
        ("no iat", with("iat", Value::Null)),
        ("numbers that overflow", good().claim("iat", i64::MIN).claim("exp", i64::MAX).by(key)),
        ("iss is not sub", with("iss", json!("riga-police"))),
        ("sub is not iss", with("sub", json!("riga-police"))),
        ("no jti", with("jti", Value::Null)),
        ("a short jti", with("jti", json!("short"))),
        ("a long jti", with("jti", json!("a".repeat(129)))),
        ("a jti with spaces", with("jti", json!("a jti that has spaces in it"))),
        ("an unknown client", unknown().by(key)),
        ("a client with NUL", good().claim("iss", nul).claim("sub", nul).by(key)),
        ("a client in another script", good().claim("iss", "tаllinn").claim("sub", "tаllinn").by(key)),
        (
            "a client of 64 characters",
            good().claim("iss", "a".repeat(64)).claim("sub", "a".repeat(64)).by(key),
        ),
        ("another key", good().by(&KeyPair::new())),
        ("an unknown kid", headed("kid", json!("other"))),
        ("no kid", headed("kid", Value::Null)),
        ("alg none", good().header("alg", "none").unsigned()),
        ("HS256 by the public key", good().header("alg", "HS256").by_secret(&key.public_bytes())),
        ("typ of a token", headed("typ", json!("at+jwt"))),
        ("no typ", headed("typ", Value::Null)),
        ("jku", headed("jku", json!("https://evil.test"))),
        ("an access token", node.fresh_token(&police()).await),
        ("no JWT", "abc".to_owned()),
        ("nothing", String::new()),
    ];
    let mut bodies = Vec::new();
    let before = node.database.contents();
    for (about, assertion) in table {
        let seen = ask(&node, &assertion, None).await;
        refused(&seen, 401, "invalid_client", about);
        bodies.push(seen.body);
    }
    assert_eq!(node.database.contents(), before, "nothing was written");
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "all the same");
}

#[actix_web::test]
async fn an_assertion_is_good_once() {
    let node = TestNode::start().await;
    let assertion = node.assertion(&police()).by(&node.client_key);
    let _ = ask(&node, &assertion, None).await.expect(200);
    refused(&ask(&node, &assertion, None).await, 401, "invalid_client", "replayed");
    node.clock.advance(60);
    refused(&ask(&node, &assertion, None).await, 401, "invalid_client", "replayed at its end");
    let node = node.restarted().await;
    refused(&ask(&node, &assertion, None).await, 401, "invalid_client", "replayed to another process");
    let jti = claims_of(&assertion)["jti"].clone();
    let elsewhere = node.assertion(&client("tallinn-shelter")).claim("jti", jti);
    let _ = ask(&node, &elsewhere.by(&node.client_key), None).await.expect(200);
}

#[actix_web::test]
async fn a_client_that_is_switched_off_gets_no_token() {
    let node = TestNode::start().await;
    let who = police();
    let _ = node.fresh_token(&who).await;
    let assertion = || node.assertion(&who).by(&node.client_key);
    node.database.set_client_active(&who.client, false);
    refused(&ask(&node, &assertion(), None).await, 401, "invalid_client", "a client switched off");
    node.database.set_client_active(&who.client, true);
    node.database.set_agency_active(&who.client, false);
    refused(&ask(&node, &assertion(), None).await, 401, "invalid_client", "an agency switched off");
    node.database.set_agency_active(&who.client, true);
    node.database.set_suspended(who.professional.as_deref().expect("a name"), true);
    refused(
        &ask(&node, &assertion(), None).await,
        400,
        "invalid_authorization_details",
        "a suspended professional",
    );
}

#[actix_web::test]
async fn scopes_do_not_go_beyond_the_registration() {
    let node = TestNode::start().await;
    let assertion = |who: &Who| node.assertion(who).by(&node.client_key);
    let shelter = client("tallinn-shelter");
    let many = "cases.read ".repeat(1000);
    for bad in [
        "identification.decide",
        "cases.read cases.write",
        "cases.read everything",
        "cases.read\"",
        "cases.read\ncases.read",
        "Cases.read",
        "cases.read,referrals.read",
        "cases.read\u{0}",
        &many,
    ] {
        refused(&ask(&node, &assertion(&shelter), Some(bad)).await, 400, "invalid_scope", bad);
    }
    let seen =
        ask(&node, &assertion(&shelter), Some("referrals.read cases.read cases.read")).await.expect(200);
    assert_eq!(seen.text("scope"), "cases.read referrals.read");
    node.database.set_scopes(&shelter.client, "cases.read");
    refused(
        &ask(&node, &assertion(&shelter), Some("referrals.read")).await,
        400,
        "invalid_scope",
        "not registered",
    );
    let seen = ask(&node, &assertion(&shelter), None).await.expect(200);
    assert_eq!(seen.text("scope"), "cases.read");
}

#[actix_web::test]
async fn the_professional_is_named_as_documented_or_not_at_all() {
    let node = TestNode::start().await;
    let good = node.assertion(&police()).claims["authorization_details"][0].clone();
    let changed = |path: &str, value: Value| {
        let mut it = good.clone();
        match path.rsplit_once('/') {
            Some((parent, name)) => it.pointer_mut(parent).expect("a parent")[name] = value,
            None => it = value,
        }
        it
    };
    let long = "a".repeat(65);
    let table = [
        ("a role that is not registered", json!([changed("/professional/role", json!("therapist"))])),
        ("an unknown role", json!([changed("/professional/role", json!("king"))])),
        ("a purpose of other agencies", json!([changed("/purpose", json!("statistics"))])),
        ("an unknown purpose", json!([changed("/purpose", json!("curiosity"))])),
        ("an unknown type", json!([changed("/type", json!("urn:other"))])),
        ("no type", json!([changed("/type", Value::Null)])),
        ("an unknown member", json!([changed("/note", json!("x"))])),
        ("an unknown member inside", json!([changed("/professional/name", json!("Mari"))])),
        ("an empty id", json!([changed("/professional/id", json!(""))])),
        ("an id with NUL", json!([changed("/professional/id", json!("a\u{0}"))])),
        ("a long id", json!([changed("/professional/id", json!(long))])),
        ("a unit with a control character", json!([changed("/professional/unit", json!("a\u{7}"))])),
        ("a case that is no id", json!([changed("/case", json!("7"))])),
        ("two entries", json!([good, good])),
        ("an entry that is no object", json!(["police"])),
    ];
    for (about, details) in table {
        let assertion: Signed = node.assertion(&police()).claim("authorization_details", details);
        let seen = ask(&node, &assertion.by(&node.client_key), None).await;
        refused(&seen, 400, "invalid_authorization_details", about);
    }
    let outside = node.assertion(&police()).claim("authorization_details", good.clone());
    let seen = ask(&node, &outside.by(&node.client_key), None).await;
    assert!([400, 401].contains(&seen.status), "no list: {}", seen.told());
    let nobody = node.assertion(&police()).claim("authorization_details", Value::Null);
    let seen = ask(&node, &nobody.by(&node.client_key), None).await.expect(200);
    assert_eq!(claims_of(&seen.text("access_token"))["role"], Value::Null);
}

#[actix_web::test]
async fn a_request_that_is_no_good_form_is_refused() {
    let node = TestNode::start().await;
    let assertion = || node.assertion(&police()).by(&node.client_key);
    let form = || TestNode::token_form(&assertion(), None);
    let without = |name: &str| -> Vec<_> { form().into_iter().filter(|(it, _)| *it != name).collect() };
    let plus = |name: &'static str, value: &str| -> Vec<_> {
        form().into_iter().chain([(name, value.to_owned())]).collect()
    };
    let with = |name: &'static str, value: &str| -> Vec<_> {
        without(name).into_iter().chain([(name, value.to_owned())]).collect()
    };
    let table = [
        ("no grant_type", without("grant_type"), "invalid_request"),
        ("no assertion", without("client_assertion"), "invalid_request"),
        ("no assertion type", without("client_assertion_type"), "invalid_request"),
        ("a repeated field", plus("grant_type", "client_credentials"), "invalid_request"),
        ("an unknown field", plus("resource", "https://node.test"), "invalid_request"),
        ("a secret beside the assertion", plus("client_secret", "x"), "invalid_request"),
        ("another grant", with("grant_type", "password"), "unsupported_grant_type"),
        ("another assertion type", with("client_assertion_type", "urn:x"), "invalid_request"),
        ("a long assertion", with("client_assertion", &"a".repeat(8193)), "invalid_request"),
        ("a long form", plus("scope", &"a".repeat(17 * 1024)), "invalid_request"),
    ];
    for (about, fields, error) in table {
        let seen = node.ask("POST", "/oauth/token").form(&fields).send().await;
        refused(&seen, 400, error, about);
    }
    let another = node.ask("POST", "/oauth/token").form(&plus("client_id", "riga-police")).send().await;
    refused(&another, 401, "invalid_client", "another client beside the assertion");
    let _ =
        node.ask("POST", "/oauth/token").form(&plus("client_id", "tallinn-police")).send().await.expect(200);
    let basic = node.ask("POST", "/oauth/token").header("authorization", "Basic dGFsbGlubjp4").form(&form());
    refused(&basic.send().await, 400, "invalid_request", "two ways of authentication");
    let json = node.ask("POST", "/oauth/token").json(&json!({ "grant_type": "client_credentials" }));
    refused(&json.send().await, 400, "invalid_request", "a JSON body");
    let zipped = node.ask("POST", "/oauth/token").header("content-encoding", "gzip").form(&form());
    refused(&zipped.send().await, 400, "invalid_request", "a compressed form");
    let query = node.ask("POST", "/oauth/token?grant_type=client_credentials").form(&form());
    refused(&query.send().await, 400, "invalid_request", "a query");
    assert_eq!(ASSERTION_TYPE, form()[1].1);
}

#[actix_web::test]
async fn a_form_beyond_all_measure_or_with_doubled_headers_is_a_problem_of_the_contract() {
    let node = TestNode::start().await;
    let large = "a".repeat(300 * 1024);
    let seen =
        node.ask("POST", "/oauth/token").bytes("application/x-www-form-urlencoded", large).send().await;
    assert!([400, 413].contains(&seen.status), "{}", seen.told());
    let twice = node.ask("POST", "/oauth/token").header("content-type", "text/plain").form(&[("a", "b")]);
    let _ = twice.send().await.expect(400);
    let garbage =
        node.ask("POST", "/oauth/token").bytes("application/x-www-form-urlencoded", vec![0xFF, 0xFE]);
    let _ = garbage.send().await.expect(400);
    node.ask("GET", "/oauth/token").send().await.refused(405, "method-not-allowed");
}
