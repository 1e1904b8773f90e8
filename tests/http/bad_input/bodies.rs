//! Bodies that are no JSON object, or not sent as one.

use serde_json::Value;

use crate::support::{Specimen, TestNode, police};

async fn bodies() -> (TestNode, Vec<Specimen>) {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.with_body(&node).await;
    (node, all)
}

fn media(it: &Specimen) -> &'static str {
    it.operation.body().expect("a body").0
}

#[actix_web::test]
async fn what_is_not_one_json_text_is_refused() {
    let (node, all) = bodies().await;
    let before = node.contents();
    for it in all {
        let good = it.body.clone().expect("a body").to_string();
        let half = good.as_bytes()[..good.len() / 2].to_vec();
        let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let texts: Vec<Vec<u8>> = vec![
            Vec::new(),
            b" ".to_vec(),
            b"{".to_vec(),
            b"{\"a\":".to_vec(),
            b"{\"a\":1,}".to_vec(),
            b"{\"a\":NaN}".to_vec(),
            b"{\"a\":-Infinity}".to_vec(),
            b"{\"a\":0x10}".to_vec(),
            b"{\"a\":007}".to_vec(),
            b"{\"a\":.5}".to_vec(),
            b"{\"a\":1e400}".to_vec(),
            b"{'a':1}".to_vec(),
            b"{a:1}".to_vec(),
            b"// {}".to_vec(),
            b"{\"a\":\"\\ud800\"}".to_vec(),
            b"{\"a\":\"\xC0\xAF\"}".to_vec(),
            b"{\"a\":\"\n\"}".to_vec(),
            b"\xFF\xFE".to_vec(),
            format!("\u{FEFF}{good}").into_bytes(),
            format!("{good}{good}").into_bytes(),
            format!("{good},").into_bytes(),
            utf16,
        ];
        let halves = (half != b"{").then_some(half);
        for text in texts.into_iter().chain(halves) {
            let shown = String::from_utf8_lossy(&text).chars().take(40).collect::<String>();
            let seen = it.headed(&node).bytes(media(&it), text).send().await;
            assert_eq!(
                (seen.status, seen.code().as_str()),
                (400, "invalid-json"),
                "{} {shown}",
                it.operation.id
            );
            let detail = seen.text("detail");
            assert!(detail.starts_with("at line ") && detail.contains(" column "), "{detail}");
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn json_that_is_no_object_is_refused() {
    let (node, all) = bodies().await;
    let before = node.contents();
    for it in all {
        let good = it.body.clone().expect("a body");
        let members: Vec<Value> = good.as_object().into_iter().flatten().map(|(_, it)| it.clone()).collect();
        let bad =
            [Value::Null, Value::from(1), Value::from(true), Value::from("x"), Value::Array(Vec::new())];
        for body in bad.into_iter().chain([Value::Array(members), Value::Array(vec![good])]) {
            let seen = it.ask_with(&node, Some(&body)).send().await.refused(400, "invalid-value");
            assert_eq!(
                seen.found(),
                [("wrong_type".to_owned(), String::new())],
                "{} {body}",
                it.operation.id
            );
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_member_given_twice_or_too_deep_is_refused() {
    let (node, all) = bodies().await;
    let before = node.contents();
    for it in all {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
        let table = [
            ("{\"a\":1,\"a\":1}".to_owned(), "duplicate-member"),
            ("{\"name\":1,\"n\\u0061me\":2}".to_owned(), "duplicate-member"),
            ("{\"a\":[{\"b\":1,\"b\":2}]}".to_owned(), "duplicate-member"),
            (nested(32), "invalid-value"),
            (nested(33), "nesting-too-deep"),
            (nested(200), "nesting-too-deep"),
            (nested(30_000), "nesting-too-deep"),
            ("{\"a\":".repeat(30_000), "nesting-too-deep"),
        ];
        for (text, code) in table {
            it.headed(&node).bytes(media(&it), text).send().await.refused(400, code);
        }
        let good = it.body.clone().expect("a body");
        if let Some((name, value)) = good.as_object().and_then(|it| it.iter().next()) {
            let rest = good.to_string();
            let doubled = format!("{{{}:{value},{}", Value::from(name.as_str()), &rest[1..]);
            it.headed(&node).bytes(media(&it), doubled).send().await.refused(400, "duplicate-member");
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn another_media_type_is_refused_with_the_right_one() {
    let (node, all) = bodies().await;
    let before = node.contents();
    for it in all {
        let good = it.body.clone().expect("a body").to_string();
        let right = media(&it);
        let other =
            if right == "application/json" { "application/merge-patch+json" } else { "application/json" };
        let utf16 = format!("{right}; charset=utf-16");
        let wrong = [
            other,
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            ";;;",
            "",
            "application/foo+json",
            "application/jsonx",
            "application",
            utf16.as_str(),
        ];
        let accept = if it.operation.method == "PATCH" { "accept-patch" } else { "accept-post" };
        for given in wrong {
            let seen = it.headed(&node).bytes(given, good.clone()).send().await;
            let seen = seen.refused(415, "unsupported-media-type");
            assert_eq!(seen.header(accept), Some(right), "{}", it.operation.id);
        }
        for encoding in ["gzip", "br", "zstd", "deflate", "foo", "gzip, gzip", "GZIP", "identity, gzip"] {
            let ask = it.headed(&node).bytes(right, good.clone()).header("content-encoding", encoding);
            let seen = ask.send().await.refused(415, "unsupported-encoding");
            assert_eq!(seen.header("accept-encoding"), Some("identity"));
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn the_media_type_may_say_its_charset() {
    let node = TestNode::start().await;
    let body = serde_json::json!({ "observations": crate::support::begging() }).to_string();
    for given in ["application/json; charset=utf-8", "Application/JSON;charset=UTF-8", "application/json;"] {
        let ask = node.ask("POST", "/v1/screenings").by(&police()).key(&crate::support::fresh_key());
        let _ =
            ask.bytes(given, body.clone()).header("content-encoding", "identity").send().await.expect(201);
    }
}

#[actix_web::test]
async fn a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_length() {
    let (node, all) = bodies().await;
    let before = node.contents();
    for it in all {
        let large = format!("{{\"a\":\"{}\"}}", "x".repeat(300 * 1024));
        it.headed(&node).bytes(media(&it), large.clone()).send().await.refused(413, "body-too-large");
        it.headed(&node).bytes(media(&it), large).chunked().send().await.refused(413, "body-too-large");
        let fits = format!("{{\"a\":\"{}\"}}", "x".repeat(256 * 1024 - 8));
        it.headed(&node).bytes(media(&it), fits.clone()).send().await.refused(400, "invalid-value");
        it.headed(&node).bytes(media(&it), format!("{fits} ")).send().await.refused(413, "body-too-large");
        let name = format!("{{\"{}\":1}}", "n".repeat(200 * 1024));
        it.headed(&node).bytes(media(&it), name).send().await.refused(400, "invalid-value");
    }
    assert_eq!(node.contents(), before, "nothing was written");
}
