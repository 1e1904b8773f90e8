//! Identification from the presumption to its end: who decides, on what, what stays open for the child, who reads what.

use serde_json::{Value, json};

use crate::support::{
    TestNode, Who, barnahus, child_protection, closing, confirming, denying, opening, police, police_manager,
    police_officer, presuming, second_decider, shelter,
};

async fn seen_by(node: &TestNode, who: &Who, case: &str) -> Value {
    node.get(who, format!("/v1/cases/{case}/identification")).await.expect(200).json()
}

fn deciding() -> Value {
    json!({
        "findings": {
            "act": "shown", "purpose": "shown", "acts": ["transportation"], "purposes": ["forced_begging"],
            "evidence": ["What he told in the talk."],
        },
        "reasons": "Two adults take what he is given.", "informed": { "child": true, "guardian": false },
    })
}

fn acts(it: &Value) -> Vec<String> {
    let all = it["acts"].as_array().expect("acts");
    all.iter().map(|it| it["act"].as_str().expect("a code").to_owned()).collect()
}

fn offered(it: &Value) -> Vec<String> {
    let mut all: Vec<_> = it["allowedActions"]
        .as_array()
        .expect("actions")
        .iter()
        .map(|it| it["action"].as_str().expect("a code").to_owned())
        .collect();
    all.dedup();
    all
}

#[actix_web::test]
async fn a_child_is_identified_and_every_act_is_kept() {
    let node = TestNode::start().await;
    let case = node.given_formal_assessment().await;
    let done = node.identification_act(&police_officer(), &case, "decide", &deciding()).await.expect(200);
    assert_eq!(done.rules(), ["R1"], "means are optional");
    let it = seen_by(&node, &child_protection(), &case).await;
    assert_eq!((&it["status"], &it["removalBlock"]["rule"]), (&json!("identified_victim"), &json!("R12")));
    assert_eq!(acts(&it), ["presume", "open_formal_assessment", "decide"]);
    let decision = &it["acts"][2];
    assert_eq!(decision["agencyId"], police().agency().id.to_string().as_str());
    assert_eq!(decision["findings"]["evidence"], json!(["What he told in the talk."]));
    assert_eq!(decision["reasons"], "Two adults take what he is given.");
    assert_eq!(it["mandates"]["mayDecide"], json!(["police", "prosecution"]));
    assert_eq!(it["mandates"]["profileValidFrom"], "2026-01-01");
    let again = node.identification_act(&police_officer(), &case, "decide", &deciding()).await;
    again.refused(409, "state-conflict");
}

#[actix_web::test]
async fn only_an_officer_of_a_mandated_agency_opens_the_assessment() {
    let node = TestNode::start().await;
    let case = node.given_identification(&[presuming()]).await;
    for who in [police_manager(), second_decider(), child_protection()] {
        let seen = node.identification_act(&who, &case, "open-formal-assessment", &json!({})).await;
        assert_eq!(seen.refused(403, "not-your-function").rules(), ["R11"], "{who:?}");
    }
    let _ = node
        .identification_act(&police_officer(), &case, "open-formal-assessment", &json!({}))
        .await
        .expect(200);
}

#[actix_web::test]
async fn a_negative_decision_takes_two_agencies_and_can_be_appealed() {
    let node = TestNode::start().await;
    let case = node.given_negative_proposal().await;
    let it = seen_by(&node, &second_decider(), &case).await;
    assert_eq!(it["status"], "formal_assessment", "nothing is decided yet");
    assert_eq!(it["negativeProposalId"], it["acts"][2]["id"]);
    assert!(offered(&it).contains(&"confirm_negative".to_owned()));
    let (_, act, body) = confirming();
    let alone = node.identification_act(&police_officer().named("p-other"), &case, act, &body).await;
    assert_eq!(alone.refused(422, "rule-refused").rules(), ["R15"]);
    let done = node.identification_act(&second_decider(), &case, act, &body).await.expect(200);
    assert_eq!(done.rules(), ["R16"]);
    let it = done.json();
    assert_eq!(
        (&it["status"], &it["appealUntil"]),
        (&json!("negative_decision"), &json!("2026-12-24T22:00:00Z"))
    );
    assert_eq!(it["removalBlock"], json!({ "rule": "R12", "until": "2026-12-24T22:00:00Z" }));
    assert_eq!(it["entitlements"].as_array().map(Vec::len), Some(6), "help goes on");
    let appeal = json!({ "kind": "appeal", "broughtBy": "guardian", "reasons": "The cousin was not heard." });
    let review = node.identification_act(&police_manager(), &case, "appeal", &appeal).await.expect(200);
    assert_eq!(review.text("status"), "under_review");
    let first = node.identification_act(&police_officer(), &case, "decide", &deciding()).await;
    assert_eq!(first.refused(422, "rule-refused").rules(), ["R18", "R1"].split_at(1).0);
}

#[actix_web::test]
async fn the_time_of_appeal_ends_and_new_facts_do_not() {
    let node = TestNode::start().await;
    let case = node.given_identification(&[presuming(), opening(), denying(), confirming()]).await;
    node.clock.advance(31 * 86_400);
    let it = seen_by(&node, &child_protection(), &case).await;
    assert_eq!(it["removalBlock"], Value::Null);
    let body = |kind: &str| json!({ "kind": kind, "broughtBy": "lawyer", "reasons": "More is known." });
    let late = node.identification_act(&police_manager(), &case, "appeal", &body("appeal")).await;
    assert_eq!(late.refused(422, "rule-refused").rules(), ["R16"]);
    let _ = node.identification_act(&police_manager(), &case, "appeal", &body("new_facts")).await.expect(200);
}

#[actix_web::test]
async fn what_says_something_of_the_child_is_no_ground() {
    let node = TestNode::start().await;
    let case = node.given_formal_assessment().await;
    let before = node.contents();
    for (ground, rule) in
        [("child_agreed", "R3"), ("no_means", "R14"), ("non_cooperation", "R14"), ("screening_score", "R19")]
    {
        let (who, act, mut body) = denying();
        body["grounds"] = json!([ground]);
        let seen = node.identification_act(&who, &case, act, &body).await.refused(422, "rule-refused");
        assert_eq!(seen.rules(), [rule], "{ground}");
        assert!(seen.json()["violations"][0]["sources"][0]["citation"].is_string());
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn no_grounds_are_recorded_by_whoever_did_not_screen() {
    let node = TestNode::start().await;
    let case = node.given_weak_case().await;
    let body = json!({
        "basis": ["talk_with_child"], "reasons": "A visit to an aunt.", "protectionNeed": "none_found",
    });
    let own = node.identification_act(&police_manager(), &case, "no-grounds", &body).await;
    assert_eq!(own.refused(422, "rule-refused").rules(), ["R19"]);
    let mut score = body.clone();
    score["basis"] = json!(["screening_score"]);
    let alone = node.identification_act(&police(), &case, "no-grounds", &score).await;
    assert_eq!(alone.refused(422, "rule-refused").rules(), ["R19"]);
    let done = node.identification_act(&police(), &case, "no-grounds", &body).await.expect(200);
    assert_eq!((done.text("status"), &done.json()["removalBlock"]), ("no_grounds".into(), &Value::Null));
    let judged = json!({ "grounds": "professional_judgement", "reasons": "He told more." });
    let _ = node.identification_act(&police(), &case, "presume", &judged).await.expect(200);
}

#[actix_web::test]
async fn a_presumption_opens_duties_that_end_when_they_are_recorded() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let list = format!("/v1/cases/{case}/deadlines");
    let duties = node.get(&child_protection(), list.as_str()).await.expect(200).json();
    let rules: Vec<_> = duties["data"]
        .as_array()
        .expect("data")
        .iter()
        .map(|it| it["rule"].as_str().expect("a rule"))
        .collect();
    for rule in ["R8", "R26", "R32", "R69"] {
        assert!(rules.contains(&rule), "{rule}: {rules:?}");
    }
    let path = format!("/v1/cases/{case}");
    let tag = node.get(&police_manager(), path.as_str()).await.tag();
    let body =
        json!({ "what": "Locks were changed.", "byWhom": "the shelter", "doneAt": "2026-11-24T07:59:00Z" });
    let record = format!("{path}/entitlements/safety_plan/record");
    let done = node.act(&police_manager(), record.as_str(), &tag, &body).await.expect(200);
    let given = json!({ "entitlement": "safety_plan", "given": true });
    assert!(done.json()["entitlements"].as_array().expect("all").contains(&given));
    node.act(&police_manager(), record, &done.tag(), &body).await.refused(409, "state-conflict");
    let closed = node.get(&child_protection(), format!("{list}&state=closed")).await;
    let duties =
        if closed.status == 200 { closed } else { node.get(&child_protection(), list.as_str()).await };
    let met = duties.expect(200).json();
    let met = met["data"].as_array().expect("data").iter().find(|it| it["duty"] == "safety_plan");
    assert_eq!(met.map(|it| it["state"].clone()), Some(json!("met")));
    let unknown = format!("{path}/entitlements/nothing/record");
    node.act(&police_manager(), unknown, &tag, &body).await.refused(404, "not-found");
}

#[actix_web::test]
async fn a_guest_records_nothing_and_a_reader_of_decisions_reads_no_narrative() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let _ = node.given_accepted_referral(&case, &barnahus()).await;
    let _ = node.given_accepted_referral(&case, &shelter()).await;
    let path = format!("/v1/cases/{case}/identification");
    // Neither was given the decision.
    for who in [barnahus(), shelter()] {
        node.get(&who, path.as_str()).await.refused(403, "section-not-readable");
    }
    let it = seen_by(&node, &police(), &case).await;
    assert_eq!(it["acts"][0]["reasons"], "Two strong direct indicators.");
    let facts = node.database.facts();
    assert!(!format!("{facts:?}").contains("Two strong direct"), "no reasons in the log of facts");
}

#[actix_web::test]
async fn a_child_that_moved_keeps_the_way_back() {
    let node = TestNode::start().await;
    let case = node.given_identification(&[presuming(), closing()]).await;
    let it = seen_by(&node, &child_protection(), &case).await;
    assert_eq!((&it["status"], &it["entitlements"]), (&json!("closed_no_status"), &json!([])));
    assert_eq!(it["acts"][1]["noStatusReason"], "child_moved");
    assert!(offered(&it).contains(&"appeal".to_owned()));
    let facts = json!({ "kind": "new_facts", "broughtBy": "agency", "reasons": "Seen again." });
    let back = node.identification_act(&child_protection(), &case, "appeal", &facts).await.expect(200).json();
    assert_eq!(
        (&back["status"], back["entitlements"].as_array().map(Vec::len)),
        (&json!("under_review"), Some(6))
    );
}

#[actix_web::test]
async fn blocked_acts_say_why_on_request() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let path = format!("/v1/cases/{case}/identification?include=blockedActions");
    let it = node.get(&police_manager(), path).await.expect(200).json();
    let blocked = it["blockedActions"].as_array().expect("blocked");
    let opening = blocked.iter().find(|it| it["action"] == "open_formal_assessment").expect("blocked");
    assert_eq!(opening["violations"][0]["rule"], "R11");
    assert_eq!(offered(&it), ["decline_status", "close_without_status", "record_entitlement"]);
}

#[actix_web::test]
async fn an_age_in_doubt_stays_in_doubt_until_it_is_settled() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let me = police_manager();
    let path = format!("/v1/cases/{case}/age-assessments");
    let assess = |method: &str, youngest: u8| {
        json!({
            "method": method, "assessedOn": "2026-11-20", "conclusion": "adult",
            "range": { "youngest": youngest, "oldest": 22 }, "reasons": "As observed.",
            "assessors": [{ "who": "one", "field": "psychology" }, { "who": "two", "field": "paediatrics" }],
            "representativeInformedOn": "2026-11-23", "medicalConsent": true,
        })
    };
    let by_eye = node.create(&me, path.as_str(), &assess("appearance", 18)).await;
    assert_eq!(by_eye.refused(422, "rule-refused").rules(), ["R7"]);
    let too_soon = node.create(&me, path.as_str(), &assess("medical", 17)).await;
    assert_eq!(too_soon.refused(422, "rule-refused").rules(), ["R7"]);
    let dips = node.create(&me, path.as_str(), &assess("psychosocial", 17)).await.expect(201);
    assert_eq!((dips.text("conclusion"), dips.rules()), ("inconclusive".into(), vec!["R6".to_owned()]));
    let child = format!("/v1/cases/{case}/child");
    assert_eq!(node.get(&me, child.as_str()).await.text("ageStatus"), "assessment_inconclusive_child");
    let mut medical = assess("medical", 19);
    medical["medicalFindings"] = json!("Growth plates are closed.");
    let adult = node.create(&me, path.as_str(), &medical).await.expect(201);
    assert_eq!(adult.text("appealUntil"), "2026-12-09T22:00:00Z");
    assert_eq!(adult.json()["medicalFindings"], Value::Null, "a summary of medicine is no finding");
    assert_eq!(node.get(&me, child.as_str()).await.text("ageStatus"), "disputed_treated_as_child");
    node.clock.advance(17 * 86_400);
    assert_eq!(node.get(&me, child.as_str()).await.text("ageStatus"), "assessed_adult");
    let again = node.create(&me, path.as_str(), &assess("psychosocial", 19)).await;
    again.refused(422, "inconsistent-values");
}

#[actix_web::test]
async fn every_country_shows_its_profile_and_how_well_it_was_checked() {
    let node = TestNode::start().await;
    let all = node.get(&police(), "/v1/countries").await.expect(200).json();
    let codes: Vec<_> =
        all["data"].as_array().expect("data").iter().map(|it| it["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["DE", "DK", "EE", "FI", "IS", "LT", "LV", "NO", "PL", "SE"]);
    let sweden = node.get(&police(), "/v1/countries/SE").await.expect(200).json();
    assert_eq!(sweden["identificationModel"]["value"], "no_single_status");
    assert_eq!(sweden["mayDecide"]["value"], json!([]));
    assert_eq!(sweden["appealWithin"]["verification"], "unverified");
}
