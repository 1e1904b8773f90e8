//! `validateOnly`: everything is checked and shown, nothing is stored.

use serde_json::json;

use crate::support::{TestNode, asking, barnahus, package, police_manager};

#[actix_web::test]
async fn a_dry_run_of_any_write_stores_nothing() {
    let (node, world) = TestNode::in_a_world().await;
    let mut all = world.writing(&node).await;
    // A dry run would tell of a case, and nobody of the dry run.
    all.retain(|it| it.operation.id != "createEmergencyAccess");
    assert!(all.len() >= 15, "{} operations write", all.len());
    for mut it in all {
        let before = node.contents();
        let plain = it.target.clone();
        for on in ["validateOnly=true", "validateOnly=%74rue", "%76alidateOnly=true"] {
            it.target = format!("{plain}?{on}");
            let _ = it.ask(&node).send().await.expect(200);
            assert_eq!(node.contents(), before, "{} with {on} wrote something", it.operation.id);
        }
        for neither in ["validateOnly=yes", "validateOnly=", "validateOnly=TRUE", "validateOnly"] {
            it.target = format!("{plain}?{neither}");
            it.ask(&node).send().await.refused(400, "invalid-parameter");
        }
        it.target = format!("{plain}?validateOnly=false");
        let seen = it.ask(&node).send().await;
        assert!([200, 201].contains(&seen.status), "{}", seen.told());
        assert_ne!(node.contents(), before, "{} really ran", it.operation.id);
    }
}

#[actix_web::test]
async fn a_dry_run_shows_warnings_and_violations() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut body = asking(&case, &barnahus());
    body["send"] = package();
    body["send"]["childInformed"] = json!(false);
    let dry = "/v1/referrals?validateOnly=true";
    let before = node.contents();
    let warned = node.create(&police_manager(), dry, &body).await.expect(200);
    assert_eq!(warned.rules(), ["R26"]);
    assert_eq!(warned.text("status"), "sent", "what would be answered");
    let broken = body.as_object_mut().and_then(|it| it["send"].as_object_mut()).expect("what is sent");
    broken.remove("childView");
    broken.insert("disclosures".into(), json!([]));
    let refused = node.create(&police_manager(), dry, &body).await.refused(422, "rule-refused");
    assert_eq!(refused.rules(), ["R24"]);
    assert_eq!(refused.found().len(), 2, "both at once: {}", refused.told());
    assert_eq!(node.contents(), before);
}

#[actix_web::test]
async fn a_dry_run_takes_a_key_and_does_not_use_it_up() {
    let node = TestNode::start().await;
    let body = asking(&node.given_case().await, &barnahus());
    let dry = node.ask("POST", "/v1/referrals?validateOnly=true").by(&police_manager()).json(&body);
    dry.send().await.refused(400, "idempotency-key-missing");
    let with_key = |path: &str| node.ask("POST", path).by(&police_manager()).key("k-1").json(&body);
    let _ = with_key("/v1/referrals?validateOnly=true").send().await.expect(200);
    let first = with_key("/v1/referrals").send().await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), None, "the dry run was not the first");
    let again = with_key("/v1/referrals?validateOnly=true").send().await.expect(200);
    assert_eq!(again.header("idempotency-replayed"), None, "a dry run is never a replay");
    let replay = with_key("/v1/referrals").send().await.expect(201);
    assert_eq!((replay.header("idempotency-replayed"), replay.id()), (Some("true"), first.id()));
}
