//! Problem documents, the request's id, and what is refused before anything is looked up.

use serde_json::json;

use crate::support::{Operation, TestNode, operations, police, police_manager};

const ID: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

#[actix_web::test]
async fn a_request_is_named_by_one_uuid_or_by_ours() {
    let node = TestNode::start().await;
    let long = "a".repeat(300);
    let braced = format!("{{{ID}}}");
    let ask = |given: &str| node.ask("GET", "/v1/me").by(&police()).header("request-id", given);
    let seen = ask(ID).send().await.expect(200);
    assert_eq!(seen.header("request-id"), Some(ID));
    for other in ["", "mine", "<script>", "a b", &long, &braced, "0192f0c1-2345-7abc-8def-0123456789aX"] {
        let seen = ask(other).send().await.expect(200);
        assert_ne!(seen.header("request-id"), Some(other));
    }
    let twice = ask(ID).header("request-id", ID).send().await;
    twice.refused(400, "invalid-header");
    let unknown = format!("/v1/cases/{ID}");
    let seen = node.ask("GET", unknown).by(&police()).header("request-id", ID).send().await;
    let problem = seen.refused(404, "not-found").json();
    assert_eq!(problem["instance"], format!("urn:uuid:{ID}"));
    assert_eq!(problem["type"], "/problems/not-found");
    let line = node.database.access_log().pop().expect("a line");
    assert_eq!(line["request_id"], ID, "the log names the request as well");
}

#[actix_web::test]
async fn a_trace_goes_through() {
    let node = TestNode::start().await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let seen = node.ask("GET", "/v1/me").by(&police()).header("traceparent", trace).send().await.expect(200);
    assert_eq!(seen.header("traceparent"), Some(trace));
}

#[actix_web::test]
async fn every_violation_is_listed_with_its_place() {
    let node = TestNode::start().await;
    let body = json!({
        "description": 5, "danger": "yes", "unknown": 1, "a/b~c": 1, "soft\u{AD}hy\nphen\u{F000}": 1,
        "observations": [{ "indicator": "beg_adult_collects", "certainty": "sure", "extra": true }, "no object"],
    });
    let seen = node.create(&police(), "/v1/concerns", &body).await.refused(400, "invalid-value");
    let wanted = [
        ("unknown_member", "/a~1b~0c"),
        ("wrong_type", "/danger"),
        ("wrong_type", "/description"),
        ("not_in_list", "/observations/0/certainty"),
        ("unknown_member", "/observations/0/extra"),
        ("wrong_type", "/observations/1"),
        ("unknown_member", "/softhyphen"),
        ("unknown_member", "/unknown"),
    ];
    let wanted: Vec<_> = wanted.map(|(code, at)| (code.to_owned(), at.to_owned())).into();
    assert_eq!(seen.found(), wanted);
    assert!(!seen.told().contains("sure"), "no value is repeated: {}", seen.told());
}

#[actix_web::test]
async fn a_thousand_violations_are_cut_and_said_to_be() {
    let node = TestNode::start().await;
    let members: serde_json::Map<_, _> = (0..1000).map(|n| (format!("m{n}"), json!(n))).collect();
    let seen = node.create(&police(), "/v1/concerns", &members.into()).await.refused(400, "invalid-value");
    assert_eq!(seen.found().len(), 100);
    assert_eq!(seen.json()["truncated"], true);
}

#[actix_web::test]
async fn unknown_and_repeated_parameters_are_refused_everywhere() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.all(&node).await;
    let before = node.contents();
    for mut it in all {
        let joint = if it.target.contains('?') { '&' } else { '?' };
        let plain = it.target.clone();
        for (query, code) in [
            ("name=Mykola", "unknown-parameter"),
            ("access_token=abc", "unknown-parameter"),
            ("limit[]=5", "unknown-parameter"),
        ] {
            it.target = format!("{plain}{joint}{query}");
            it.ask(&node).send().await.refused(400, code);
        }
        for parameter in it.operation.parameters().into_iter().filter(|it| it["in"] == "query") {
            let name = parameter["name"].as_str().expect("a name");
            it.target = format!("{plain}{joint}{name}=1&{name}=1");
            let seen = it.ask(&node).send().await.refused(400, "invalid-parameter");
            assert!(seen.found().contains(&("repeated".into(), format!("?{name}"))), "{}", seen.told());
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn only_json_is_to_be_had() {
    let node = TestNode::start().await;
    let ask = |accept: &str| node.ask("GET", "/v1/me").by(&police()).header("accept", accept);
    for fits in ["*/*", "application/json", "text/html, application/json;q=0.1", "application/*", ""] {
        let _ = ask(fits).send().await.expect(200);
    }
    for other in ["text/html", "application/xml", "image/*", "application/jsonx"] {
        ask(other).send().await.refused(406, "not-acceptable");
    }
}

#[actix_web::test]
async fn headers_that_ask_for_less_than_all_are_ignored() {
    let node = TestNode::start().await;
    for (name, value) in [
        ("range", "bytes=0-9"),
        ("if-modified-since", "Tue, 24 Nov 2099 08:00:00 GMT"),
        ("if-range", "\"x\""),
        ("upgrade", "h2c"),
        ("idempotency-key", "on a GET"),
        ("x-forwarded-for", "127.0.0.1"),
    ] {
        let seen = node.ask("GET", "/v1/code-lists/urgency").by(&police()).header(name, value).send().await;
        assert_eq!(seen.status, 200, "{name}: {}", seen.told());
    }
}

#[actix_web::test]
async fn a_header_that_decides_something_comes_once() {
    let node = TestNode::start().await;
    for name in ["authorization", "content-type", "if-match", "idempotency-key", "content-encoding"] {
        let seen = node.ask("POST", "/v1/concerns").header(name, "a").header(name, "a").send().await;
        seen.refused(400, "invalid-header");
    }
}

#[actix_web::test]
async fn what_reads_has_no_body() {
    let node = TestNode::start().await;
    for operation in operations().into_iter().filter(|it| it.method == "GET") {
        for method in ["GET", "HEAD"] {
            let seen = node.ask(method, operation.path).bytes("application/json", "{}").send().await;
            let _ = seen.expect(400);
        }
    }
}

#[actix_web::test]
async fn whoever_asks_too_much_waits_and_nobody_else() {
    let node = TestNode::with_limit(5).await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        let seen = node.get(&police(), "/v1/me").await;
        statuses.push(seen.status);
        if seen.status == 429 {
            assert_eq!(seen.code(), "rate-limited");
            assert_eq!(seen.header("retry-after"), Some("1"));
        } else {
            assert!(seen.header("ratelimit").expect("what is left").starts_with("\"client\";r="));
        }
    }
    assert!(statuses.starts_with(&[200, 200, 200]) && statuses.contains(&429), "{statuses:?}");
    let _ = node.get(&crate::support::barnahus(), "/v1/me").await.expect(200);
}

#[actix_web::test]
async fn nothing_is_answered_that_the_log_cannot_hold() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    node.database.set_log_writable(false);
    let logged = ["listCases", "listConcerns", "listEvents"].map(|it| Operation::named(it).path);
    for path in logged.into_iter().chain([path.as_str()]) {
        node.get(&police_manager(), path).await.refused(503, "audit-unavailable");
    }
    let _ = node.get(&police_manager(), "/v1/me").await.expect(200);
    node.database.set_log_writable(true);
    let _ = node.get(&police_manager(), path).await.expect(200);
}
