//! What time does to a request that nobody answers: five rungs, the three months of the law, and nothing decided by it.

use serde_json::{Value, json};

use super::seen;
use crate::support::{
    TestNode, central_authority, child_protection, client, lv_central_authority, police_manager, travelling,
};

async fn set(node: &TestNode, to: &str) -> Value {
    let it = node.ask("PUT", "/v1/sandbox/clock").by(&police_manager()).json(&json!({ "now": to }));
    it.send().await.expect(200).json()
}

fn rungs(done: &Value, duty: &str, agency: &str) -> Vec<(u64, usize)> {
    let all = done["events"].as_array().expect("events").iter();
    let of = all.filter(|it| it["data"]["duty"] == duty && it["data"]["agencyId"] == agency);
    of.map(|it| {
        (it["data"]["rung"].as_u64().unwrap_or_default(), it["data"]["told"].as_array().map_or(0, Vec::len))
    })
    .collect()
}

#[actix_web::test]
async fn a_request_that_nobody_answers_climbs_five_rungs_and_stays_open() {
    let node = TestNode::sandbox().await;
    let (author, ours, theirs) = (child_protection(), central_authority(), lv_central_authority());
    let case = node.given_case().await;
    let id = node.given_abroad(&case, "tr_information", "approve").await;
    let done = set(&node, "2026-12-10T08:00:00Z").await;
    let here = ours.agency().id.to_string();
    let there = theirs.agency().id.to_string();
    for office in [&here, &there] {
        let told = rungs(&done, "acknowledge_request", office);
        assert_eq!(
            told.iter().map(|it| it.0).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5],
            "each side keeps its own ladder"
        );
        assert!(told.iter().all(|it| it.1 > 0), "somebody is told on each: {told:?}");
    }
    for coordinator in ["ee-coordinator", "lv-coordinator"] {
        let told = node.get(&client(coordinator), "/v1/deadlines?scope=escalated").await.expect(200).json();
        assert!(!told["data"].as_array().expect("data").is_empty(), "{coordinator}");
    }
    let it = seen(&node, &author, &id).await;
    assert!(it["noResponseAt"].is_string(), "{it}");
    assert_eq!(it["responsible"]["side"], "requesting", "the child stays");
    let _ = set(&node, "2027-02-12T08:00:00Z").await;
    let flags = |it: &Value| it["timeFlags"].to_string();
    assert!(flags(&seen(&node, &author, &id).await).contains("legal_limit_near"));
    let _ = set(&node, "2027-02-25T08:00:00Z").await;
    let it = seen(&node, &theirs, &id).await;
    assert!(flags(&it).contains("legal_limit_passed") && it["warnings"].to_string().contains("R80"), "{it}");
    let refused = node.abroad(&author, &id, "propose-plan", &travelling()).await.expect(422);
    assert_eq!(super::why(&refused), ["R56"], "silence is not consent");
    let to = json!({ "toAgencyId": client("lv-focal-point").agency().id, "because": "Not our competence." });
    let _ = node.abroad(&theirs, &id, "forward", &to).await.expect(200);
    let it = seen(&node, &author, &id).await;
    assert_eq!(
        (&it["status"], &it["firstReceivedAt"]),
        (&json!("forwarded"), &json!("2026-11-24T08:00:00Z"))
    );
}

#[actix_web::test]
async fn the_time_to_decide_stands_still_once_and_the_limit_of_the_law_never() {
    let node = TestNode::sandbox().await;
    let theirs = lv_central_authority();
    let case = node.given_case().await;
    let id = node.given_abroad(&case, "tr_information", "acknowledge").await;
    let due = async |duty: &str| {
        let it =
            node.get(&theirs, format!("/v1/deadlines?scope=agency&duty={duty}")).await.expect(200).json();
        it["data"][0]["dueAt"].as_str().expect("a deadline").to_owned()
    };
    let (decide, legal) = (due("decide_request").await, due("legal_answer").await);
    assert_eq!((decide.as_str(), legal.as_str()), ("2026-11-27T08:00:00Z", "2027-02-24T22:00:00Z"));
    let ask = json!({ "questions": ["Which school?"] });
    let _ = node.abroad(&theirs, &id, "request-information", &ask).await.expect(200);
    let _ = set(&node, "2026-11-24T18:00:00Z").await;
    let _ = node
        .abroad(
            &child_protection(),
            &id,
            "provide-information",
            &json!({ "answers": [{ "noAnswerBecause": "Nobody knows." }] }),
        )
        .await
        .expect(200);
    assert_eq!(
        (due("decide_request").await, due("legal_answer").await),
        ("2026-11-27T18:00:00Z".to_owned(), legal)
    );
}
