//! Tags: what they stand for, and what is refused without the right one.

use serde_json::json;

use crate::support::{TestNode, child_protection, police, police_manager};

#[actix_web::test]
async fn what_has_not_changed_is_not_sent_again() {
    let (node, world) = TestNode::in_a_world().await;
    let mut tagged = 0;
    for it in world.all(&node).await.into_iter().filter(|it| it.operation.method == "GET") {
        let seen = it.ask(&node).send().await.expect(200);
        let Some(tag) = seen.header("etag").map(str::to_owned) else { continue };
        tagged += 1;
        for known in [tag.clone(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let again = it.ask(&node).header("if-none-match", known).send().await.expect(304);
            assert_eq!(again.header("etag"), Some(tag.as_str()));
        }
        let _ = it.ask(&node).header("if-none-match", "\"other\"").send().await.expect(200);
    }
    assert!(tagged >= 15, "{tagged} resources have a tag");
}

#[actix_web::test]
async fn a_tag_belongs_to_what_a_role_sees_and_never_to_the_token() {
    let node = TestNode::start().await;
    let case = format!("/v1/cases/{}", node.given_case().await);
    let first = node.get(&police_manager(), case.as_str()).await.tag();
    node.clock.advance(250);
    assert_eq!(node.get(&police_manager(), case.as_str()).await.tag(), first, "another token");
    assert_eq!(node.get(&police_manager().named("p-2"), case.as_str()).await.tag(), first, "another person");
    assert_ne!(node.get(&police(), case.as_str()).await.tag(), first, "a role that sees less");
    let lead = node.get(&child_protection(), case.as_str()).await.tag();
    assert_eq!(node.get(&child_protection(), case.as_str()).await.tag(), lead);
}

#[actix_web::test]
async fn who_calls_has_a_tag_of_role_and_case_too() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let one = police().named("p-1");
    let manager = police_manager().named("p-1");
    let tag = node.get(&one, "/v1/me").await.tag();
    for other in [manager, one.clone().bound_to(&case), one.for_purpose("investigation")] {
        let seen = node.ask("GET", "/v1/me").by(&other).header("if-none-match", tag.as_str()).send().await;
        assert_eq!(seen.status, 200, "another answer under the same tag: {other:?}");
    }
}

#[actix_web::test]
async fn an_act_needs_the_tag_that_it_was_decided_on() {
    let (node, world) = TestNode::in_a_world().await;
    let acts: Vec<_> = world.writing(&node).await.into_iter().filter(|it| it.tag.is_some()).collect();
    assert!(acts.len() >= 10, "{} operations act on something", acts.len());
    let before = node.contents();
    for it in acts {
        let tag = it.tag.clone().expect("a tag");
        let bare = tag.trim_matches('"').to_owned();
        let table = [
            (None, 428, "precondition-required"),
            (Some("*".to_owned()), 428, "precondition-required"),
            (Some(bare), 400, "invalid-header"),
            (Some(format!("W/{tag}")), 400, "invalid-header"),
            (Some(format!("{tag}, {tag}")), 400, "invalid-header"),
            (Some("\"\"".to_owned()), 400, "invalid-header"),
            (Some("\"AAAAAAAAAAAAAAAAAAAAAA\"".to_owned()), 412, "stale-version"),
        ];
        for (given, status, code) in table {
            let mut other = it.clone();
            other.tag.clone_from(&given);
            let seen = other.ask(&node).send().await;
            assert_eq!((seen.status, seen.code().as_str()), (status, code), "{} {given:?}", it.operation.id);
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn what_changed_meanwhile_has_another_tag() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    for (section, body) in [
        ("child", json!({ "callName": "Misha" })),
        ("whereabouts", json!({ "address": "Invented Street 2" })),
    ] {
        let path = format!("/v1/cases/{case}/{section}");
        let old = node.get(&police_manager(), path.as_str()).await.tag();
        let changed = node.patch(&police_manager(), path.as_str(), &old, &body).await.expect(200);
        assert_ne!(changed.tag(), old);
        let now = node.get(&police_manager(), path.as_str()).await;
        assert_eq!(
            (now.tag(), now.json()),
            (changed.tag(), changed.json()),
            "the answer is what there is now"
        );
        node.patch(&police_manager(), path.as_str(), &old, &body).await.refused(412, "stale-version");
    }
}

#[actix_web::test]
async fn a_tag_does_not_move_with_what_the_caller_cannot_see() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let seen = node.get(&police(), path.as_str()).await.tag();
    let place = format!("{path}/whereabouts");
    let old = node.get(&child_protection(), place.as_str()).await.tag();
    let body = json!({ "address": "Invented Street 3" });
    let _ = node.patch(&child_protection(), place, &old, &body).await.expect(200);
    assert_eq!(node.get(&police(), path).await.tag(), seen, "whereabouts are closed to an investigator");
}
