//! The test clock: in a sandbox node only, never back, and the same steps on every run.

use api::contract::{Contract, Edition};
use serde_json::{Value, json};

use crate::support::{Seen, TestNode, Who, asking, barnahus, client, document, package, police_manager};

async fn set(node: &TestNode, who: &Who, to: &str) -> Seen {
    node.ask("PUT", "/v1/sandbox/clock").by(who).json(&json!({ "now": to })).send().await
}

/// What happened on the way: when, what, on which duty and rung; without the ids, which are new in every run.
fn steps(seen: &Seen) -> Vec<Value> {
    let all = seen.json()["events"].as_array().expect("events").clone();
    all.iter().map(|it| json!([it["at"], it["type"], it["data"]["duty"], it["data"]["rung"]])).collect()
}

#[actix_web::test]
async fn a_production_node_has_no_clock_to_set_and_its_contract_says_nothing_of_it() {
    let node = TestNode::start().await;
    let unknown = node.get(&police_manager(), "/v1/nothing/here").await;
    let seen = node.get(&police_manager(), "/v1/sandbox/clock").await;
    seen.refused(404, "not-found");
    unknown.refused(404, "not-found");
    set(&node, &police_manager(), "2027-01-01T00:00:00Z").await.refused(404, "not-found");
    assert!(!document().to_string().contains("sandbox"), "nor is it in the contract");
    let sandbox = Contract::get(Edition::Sandbox).document();
    let paths: Vec<_> = sandbox["paths"]
        .as_object()
        .expect("paths")
        .keys()
        .filter(|it| document()["paths"].get(it.as_str()).is_none())
        .collect();
    assert_eq!(paths, ["/v1/sandbox/clock"], "the two differ in nothing else");
}

#[actix_web::test]
async fn time_stands_until_it_is_set_and_tokens_live_on_the_machines_clock() {
    let node = TestNode::sandbox().await;
    let me = police_manager();
    let now = node.get(&me, "/v1/sandbox/clock").await.expect(200).json();
    assert_eq!(now, json!({ "now": "2026-11-24T08:00:00Z" }), "nothing is due, nothing has happened");
    node.clock.advance(200);
    assert_eq!(node.get(&me, "/v1/sandbox/clock").await.expect(200).json()["now"], now["now"]);
    let later = set(&node, &me, "2027-11-24T08:00:00Z").await.expect(200).json();
    assert_eq!(later["now"], "2027-11-24T08:00:00Z");
    let case = node.given_case().await;
    let seen = node.get(&me, format!("/v1/cases/{case}")).await.expect(200).json();
    assert_eq!(seen["openedAt"], "2027-11-24T08:00:00Z", "the mechanism lives in that year");
}

#[actix_web::test]
async fn it_never_goes_back_and_not_beyond_its_reach() {
    let node = TestNode::sandbox().await;
    let me = police_manager();
    for wrong in ["2026-11-24T07:59:59Z", "2029-02-03T08:00:01Z"] {
        let seen = set(&node, &me, wrong).await;
        seen.refused(422, "inconsistent-values");
    }
    let _ = set(&node, &me, "2026-11-24T08:00:00Z").await.expect(200);
    let _ = set(&node, &me, "2029-02-01T08:00:00Z").await.expect(200);
    node.ask("PUT", "/v1/sandbox/clock").by(&me).json(&json!({})).send().await.refused(400, "invalid-value");
    node.ask("PUT", "/v1/sandbox/clock")
        .json(&json!({ "now": "2029-03-01T08:00:00Z" }))
        .send()
        .await
        .refused(401, "missing-credentials");
}

/// An urgent referral that nobody answers, over three days.
async fn told_once() -> (Vec<Value>, Value, Value) {
    let node = TestNode::sandbox().await;
    let me = police_manager();
    let case = node.given_case().await;
    let mut body = asking(&case, &barnahus());
    body["send"] = package();
    let sent = node.create(&me, "/v1/referrals", &body).await.expect(201);
    let before = set(&node, &me, "2026-11-24T11:59:59Z").await.expect(200);
    assert_eq!(steps(&before), [] as [Value; 0], "nothing is due yet");
    assert_eq!(before.json()["nextStepAt"], "2026-11-24T12:00:00Z");
    let seen = set(&node, &me, "2026-11-27T08:00:00Z").await.expect(200);
    let referral = node.get(&me, format!("/v1/referrals/{}", sent.id())).await.expect(200).json();
    let coordinator = client("ee-coordinator");
    let told = node.get(&coordinator, "/v1/deadlines?scope=escalated").await.expect(200).json();
    (steps(&seen), referral, told)
}

#[actix_web::test]
async fn what_falls_due_on_the_way_happens_at_its_own_instant_the_same_on_every_run() {
    let (first, referral, told) = told_once().await;
    let step = |at: &str, kind: &str, duty: &str, rung: u64| {
        if rung == 0 { json!([at, kind, null, null]) } else { json!([at, kind, duty, rung]) }
    };
    assert_eq!(
        first,
        [
            step("2026-11-24T12:00:00Z", "deadline.escalated", "acknowledge", 1),
            step("2026-11-24T16:00:00Z", "deadline.escalated", "acknowledge", 2),
            step("2026-11-25T08:00:00Z", "deadline.escalated", "act_on_indicator", 1),
            step("2026-11-25T08:00:00Z", "deadline.escalated", "decide", 1),
            step("2026-11-25T12:00:00Z", "deadline.escalated", "act_on_indicator", 2),
            step("2026-11-25T12:00:00Z", "deadline.escalated", "decide", 2),
            step("2026-11-25T16:00:00Z", "referral.expired", "", 0),
            step("2026-11-25T20:00:00Z", "deadline.escalated", "next_step", 1),
            step("2026-11-26T00:00:00Z", "deadline.escalated", "next_step", 2),
        ]
    );
    assert_eq!(referral["status"], "expired");
    assert_eq!(referral["responsibleAgencyId"], referral["fromAgencyId"], "the sender is responsible again");
    assert_eq!(told["data"].as_array().map(Vec::len), Some(4), "the coordinator was told of four duties");
    let (second, _, _) = told_once().await;
    assert_eq!(first, second);
}

#[actix_web::test]
async fn a_birthday_on_the_way_is_noted_once() {
    let node = TestNode::sandbox().await;
    let me = police_manager();
    let screening = node.given_screening(&me).await;
    let child =
        json!({ "callName": "Bao", "sex": "male", "birthDate": "2008-11-26", "ageCertainty": "documented" });
    let body = json!({ "screeningId": screening, "child": child });
    let case = node.create(&me, "/v1/cases", &body).await.expect(201).id();
    let noted = |seen: &Seen| {
        let done = seen.json()["events"].as_array().cloned().unwrap_or_default();
        done.iter()
            .filter(|it| it["type"] == "identification.turned_18" && it["caseId"] == case.as_str())
            .count()
    };
    let eve = set(&node, &me, "2026-11-25T12:00:00Z").await.expect(200);
    assert_eq!(noted(&eve), 0, "he is seventeen");
    let day = set(&node, &me, "2026-11-26T12:00:00Z").await.expect(200);
    assert_eq!(noted(&day), 1, "{:?}", day.json());
    let after = set(&node, &me, "2026-11-27T12:00:00Z").await.expect(200);
    assert_eq!(noted(&after), 0, "once");
}
