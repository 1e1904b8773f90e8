//! The life of a case: missing and found, handed over, closed by two people, reopened, merged, entered in error.

mod ending;
mod handover;
mod missing;

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, arrived, asking, back, child_protection, finishing, focal_point, gone,
    gone_and_told, hideout, mik, police, police_manager, presuming, protecting, returning, shelter,
    supervisor,
};

const DAY: i64 = 86_400;

async fn seen_by(node: &TestNode, who: &Who, case: &str) -> Value {
    node.get(who, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json()
}

/// The open duties of a case, as its lead lists them.
async fn duties(node: &TestNode, who: &Who, case: &str) -> Vec<(String, String)> {
    let it = node.get(who, format!("/v1/cases/{case}/deadlines?standing=open")).await.expect(200).json();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let all = it["data"].as_array().cloned().unwrap_or_default();
    all.iter().map(|it| (text(&it["duty"]), text(&it["dueAt"]))).collect()
}

/// By name, but for what the receivers of referrals owe.
fn names(all: &[(String, String)]) -> Vec<&str> {
    let mut all: Vec<_> = all.iter().map(|it| it.0.as_str()).filter(|it| *it != "first_contact").collect();
    all.sort_unstable();
    all
}

fn offered(it: &Value) -> Vec<&str> {
    it["allowedActions"].as_array().into_iter().flatten().filter_map(|it| it["action"].as_str()).collect()
}

/// What was seen in a feed, by its own agency.
async fn told(node: &TestNode, who: &Who) -> Vec<String> {
    node.place_events();
    let it = node.get(who, "/v1/events").await.expect(200).json();
    let events = it["data"].as_array().cloned().unwrap_or_default();
    events.iter().map(|it| it["type"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Nothing is written in a case that has ended: each answer is 409, and nothing changes.
async fn read_only(node: &TestNode, case: &str) {
    let (lead, opener) = (child_protection(), police_manager());
    let before = node.contents();
    let tag = |seen: Seen| seen.expect(200).tag();
    let path = |rest: &str| format!("/v1/cases/{case}/{rest}");
    let child = tag(node.get(&lead, path("child")).await);
    node.patch(&lead, path("child"), &child, &json!({ "callName": "Mik" }))
        .await
        .refused(409, "state-conflict");
    let place = tag(node.get(&lead, path("whereabouts")).await);
    node.patch(&lead, path("whereabouts"), &place, &json!({ "address": "X" }))
        .await
        .refused(409, "state-conflict");
    let episode = json!({ "exploitationTypes": ["forced_begging"], "stage": "past" });
    node.create(&lead, path("exploitation-episodes"), &episode).await.refused(409, "state-conflict");
    let age = crate::support::Operation::named("createAgeAssessment").example();
    node.create(&opener, path("age-assessments"), &age).await.refused(409, "state-conflict");
    let judged = json!({ "grounds": "professional_judgement", "reasons": "She told more." });
    node.identification_act(&lead, case, "presume", &judged).await.refused(409, "state-conflict");
    node.create(&lead, "/v1/referrals", &asking(case, &shelter())).await.refused(409, "state-conflict");
    node.life(&lead, case, "report-missing", &gone()).await.refused(409, "state-conflict");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn the_life_of_a_case_is_for_whoever_takes_part_and_names_every_act() {
    let node = TestNode::start().await;
    let case = node.given_protected_case().await;
    let path = format!("/v1/cases/{case}/lifecycle?include=blockedActions");
    for who in [child_protection(), supervisor(), police_manager(), police().in_role("screener")] {
        let it = node.get(&who, path.as_str()).await.expect(200).json();
        let blocked = it["blockedActions"].as_array().map_or(0, Vec::len);
        assert_eq!(offered(&it).len() + blocked, 17, "{who:?}");
    }
    node.get(&shelter(), path.as_str()).await.refused(404, "not-found");
    node.get(&police().in_role("screener").with_scopes("events.read"), path.as_str())
        .await
        .refused(403, "insufficient-scope");
    let manager = seen_by(&node, &child_protection(), &case).await;
    assert_eq!(offered(&manager), ["report_missing", "propose_handover", "request_closure"]);
    let chief = seen_by(&node, &supervisor(), &case).await;
    assert_eq!(offered(&chief), ["report_missing", "merge", "mark_erroneous"]);
    let plain = node.get(&child_protection(), format!("/v1/cases/{case}")).await.expect(200).json();
    assert_eq!(offered(&plain), offered(&manager), "the case names them too");
    for action in plain["allowedActions"].as_array().into_iter().flatten() {
        assert!(action["href"].as_str().is_some_and(|it| it.starts_with(&format!("/v1/cases/{case}/"))));
    }
}
