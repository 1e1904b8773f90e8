//! Paths and methods: known ones, others, and the ways in which a path is almost right.

use std::collections::BTreeSet;

use crate::support::{TestNode, document, operations, police, police_manager};

/// A path with something in place of its parameters.
fn filled(template: &str) -> String {
    let part = |it: &str| if it.starts_with('{') { "x".to_owned() } else { it.to_owned() };
    template.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[actix_web::test]
async fn another_method_is_refused_with_those_that_there_are() {
    let node = TestNode::start().await;
    for (path, item) in document()["paths"].as_object().expect("paths") {
        let mut methods: BTreeSet<String> =
            item.as_object().into_iter().flatten().map(|(it, _)| it.to_uppercase()).collect();
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        methods.insert("OPTIONS".to_owned());
        let seen = node.ask("OPTIONS", filled(path)).send().await.expect(204);
        let allowed = |it: &str| -> BTreeSet<String> { it.split(", ").map(str::to_owned).collect() };
        assert_eq!(allowed(seen.header("allow").expect("Allow")), methods, "{path}");
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"] {
            if !methods.contains(method) {
                let seen = node.ask(method, filled(path)).send().await.expect(405);
                assert_eq!(allowed(seen.header("allow").expect("Allow")), methods, "{method} {path}");
                assert!(method == "HEAD" || seen.code() == "method-not-allowed");
            }
        }
    }
}

#[actix_web::test]
async fn head_answers_as_get_does_without_the_body() {
    let (node, world) = TestNode::in_a_world().await;
    for it in world.all(&node).await.into_iter().filter(|it| it.operation.method == "GET") {
        let whole = it.ask(&node).send().await;
        let head = node.ask("HEAD", it.target.as_str()).by(&it.who).send().await;
        assert_eq!(head.status, whole.status, "{}", it.operation.id);
        for name in ["etag", "content-type", "cache-control"] {
            assert_eq!(head.header(name), whole.header(name), "{name} of {}", it.operation.id);
        }
        assert!(head.body.is_empty());
    }
}

#[actix_web::test]
async fn a_path_has_one_spelling() {
    let node = TestNode::start().await;
    let paths = [
        "/v1/cases/",
        "//v1/cases",
        "/v1//cases",
        "/v1/./cases",
        "/v1/x/../cases",
        "/v1/%2e/cases",
        "/v1/cases%2F",
        "/v1/cases;v=1",
        "/V1/cases",
        "/v1/Cases",
        "/v2/cases",
        "/v1",
        "/v1/",
        "/",
        "/v1/cases.json",
        "/oauth/token/",
        "/livez/",
        "/problems/",
        "/.well-known/",
        "/v1/%00",
        "/v1/%zz",
        "/v1/cases/%FF",
    ];
    for path in paths {
        let anonymous = node.ask("GET", path).send().await;
        assert!([401, 404].contains(&anonymous.status), "{}", anonymous.told());
        node.get(&police(), path).await.refused(404, "not-found");
    }
}

#[actix_web::test]
async fn a_bad_token_is_refused_where_none_is_needed() {
    let node = TestNode::start().await;
    for operation in operations().into_iter().filter(|it| it.method == "GET" && !it.ours()) {
        let path = operation.path.replace("{code}", "not-found");
        let _ = node.ask("GET", path.as_str()).send().await.expect(200);
        let _ = node.get(&police_manager(), path.as_str()).await.expect(200);
        node.ask("GET", path.as_str()).token("forged").send().await.refused(401, "invalid-token");
    }
}
