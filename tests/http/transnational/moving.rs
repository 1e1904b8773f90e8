//! The move of a child: planned by both, departed, turned back, arrived or missed, taken over.

use serde_json::{Value, json};

use super::{both, seen, why};
use crate::support::{
    TestNode, Who, child_protection, client, focal_point, lv_central_authority, lv_focal_point,
    police_manager, ready, travelling,
};

const MOVE: &str = "tr_assistance_referral";

async fn set(node: &TestNode, to: &str) -> Value {
    let it = node.ask("PUT", "/v1/sandbox/clock").by(&police_manager()).json(&json!({ "now": to }));
    it.send().await.expect(200).json()
}

fn who() -> (Who, Who) {
    (child_protection(), lv_focal_point())
}

#[actix_web::test]
async fn a_child_is_the_senders_until_the_other_has_taken_it_over() {
    let node = TestNode::start().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let id = node.given_abroad(&case, MOVE, "depart").await;
    for who in [&author, &theirs] {
        assert_eq!(seen(&node, who, &id).await["responsible"]["side"], "requesting", "on the way");
    }
    let _ = node
        .abroad(&theirs, &id, "confirm-arrival", &json!({ "arrivedAt": "2026-11-24T08:00:00Z" }))
        .await
        .expect(200);
    assert_eq!(seen(&node, &author, &id).await["responsible"]["side"], "requesting", "and after the arrival");
    let over = json!({ "carerPresent": "Foster mother", "planAccepted": true, "childTold": true });
    let _ = node.abroad(&theirs, &id, "hand-over", &over).await.expect(200);
    let ours = seen(&node, &author, &id).await;
    assert_eq!((&ours["status"], &ours["responsible"]["side"]), (&json!("handed_over"), &json!("requested")));
    let lead = client("riga-child-protection");
    let owed = node.get(&lead, "/v1/deadlines?scope=agency&duty=follow_up_report").await.expect(200).json();
    assert_eq!(owed["data"][0]["dueAt"], "2026-12-01T22:00:00Z", "how the child is, in a week: {owed}");
    let _ = node.abroad(&theirs, &id, "report", &json!({ "report": "Well." })).await.expect(200);
    let again = node.abroad(&theirs, &id, "report", &json!({ "report": "Well." })).await.expect(422);
    assert_eq!(why(&again), ["report_too_early"]);
    let mut end = json!({ "outcome": "With a foster family." });
    assert_eq!(why(&node.abroad(&author, &id, "close", &end).await.expect(422)), ["follow_up_open"]);
    end["followUpEndsBecause"] = json!("She has come of age.");
    assert_eq!(node.abroad(&author, &id, "close", &end).await.expect(200).text("status"), "closed");
    let told = node.get(&theirs, format!("/v1/transnational-requests/{id}/messages")).await.expect(200);
    assert!(told.told().contains("come of age"), "the other side knows why: {}", told.told());
}

#[actix_web::test]
async fn a_plan_is_refused_changed_and_turned_back() {
    let node = TestNode::start().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let id = node.given_abroad(&case, MOVE, "propose-plan").await;
    let _ = node
        .abroad(&theirs, &id, "refuse-plan", &json!({ "because": "The carer is ill." }))
        .await
        .expect(200);
    node.abroad(&author, &id, "depart", &json!({ "readiness": ready() }))
        .await
        .refused(409, "state-conflict");
    let changed = node.abroad(&author, &id, "propose-plan", &travelling()).await.expect(200);
    assert_eq!(changed.json()["transfer"]["plan"]["version"], 2);
    let confirm = json!({ "carer": "Foster family", "emergencyContacts": ["+371 0000 0105"] });
    let _ = node.abroad(&theirs, &id, "confirm-plan", &confirm).await.expect(200);
    let _ = node.abroad(&author, &id, "depart", &json!({ "readiness": ready() })).await.expect(200);
    let _ = node
        .abroad(&author, &id, "turn-back", &json!({ "because": "She does not want to go." }))
        .await
        .expect(200);
    assert_eq!(
        both(&node, &author, &theirs, &id).await,
        ("transfer_planned".into(), "transfer_planned".into())
    );
    node.abroad(&author, &id, "depart", &json!({ "readiness": ready() }))
        .await
        .refused(409, "state-conflict");
}

#[actix_web::test]
async fn a_missed_arrival_begins_the_protocol_of_a_missing_child_by_itself() {
    let node = TestNode::sandbox().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let id = node.given_abroad(&case, MOVE, "depart").await;
    let before = set(&node, "2026-11-24T17:59:59Z").await;
    assert!(!before.to_string().contains("arrival_missed"));
    let done = set(&node, "2026-11-24T18:00:00Z").await;
    let told: Vec<_> = done["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|it| it["type"].as_str().unwrap_or_default())
        .collect();
    let missed = told.iter().filter(|it| **it == "transnational_request.arrival_missed").count();
    assert_eq!(
        (missed, told.contains(&"case.child_missing")),
        (2, true),
        "each side by its own clock: {told:?}"
    );
    let life = node.get(&author, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json();
    assert_eq!(life["status"], "open_child_missing", "{life}");
    let owed = node.get(&author, "/v1/deadlines?scope=agency&duty=report_missing").await.expect(200).json();
    assert_eq!(owed["data"].as_array().map(Vec::len), Some(1), "somebody tells police");
    let ours = seen(&node, &author, &id).await;
    assert_eq!(ours["transfer"]["missedAt"], "2026-11-24T18:00:00Z");
    assert!(ours["timeFlags"].as_array().is_some(), "{ours}");
    // Late is late, and still an arrival.
    let _ = node
        .abroad(&theirs, &id, "confirm-arrival", &json!({ "arrivedAt": "2026-11-24T17:00:00Z" }))
        .await
        .expect(200);
    assert_eq!(seen(&node, &focal_point(), &id).await["status"], "arrived");
}

#[actix_web::test]
async fn a_child_that_does_not_arrive_is_missing_in_the_case_of_either_side() {
    let node = TestNode::sandbox().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let id = node.given_abroad(&case, MOVE, "depart").await;
    let _ = set(&node, "2026-11-24T18:00:00Z").await;
    let own = seen(&node, &theirs, &id).await["caseId"].as_str().expect("a case").to_owned();
    for (who, case) in [(&author, &case), (&client("riga-child-protection"), &own)] {
        let life = node.get(who, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json();
        assert_eq!(life["status"], "open_child_missing", "{life}");
        let list = format!("/v1/deadlines?scope=agency&duty=report_missing&caseId={case}");
        let owed = node.get(who, list).await.expect(200).json();
        assert_eq!(owed["data"][0]["dueAt"], "2026-11-25T18:00:00Z", "{owed}");
    }
    let late = node
        .abroad(&theirs, &id, "confirm-arrival", &json!({ "arrivedAt": "2026-11-24T17:00:00Z" }))
        .await
        .expect(200);
    assert!(!late.told().contains("still_missing"), "{}", late.told());
    // The child that has arrived is the child that was found, on both sides, and somebody talks with it.
    for (who, case) in [(&author, &case), (&client("riga-child-protection"), &own)] {
        let life = node.get(who, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json();
        let episode = &life["missingEpisodes"][0];
        assert_eq!((&life["status"], &episode["status"]), (&json!("open"), &json!("found_safe")), "{life}");
        assert_eq!(episode["foundAt"], "2026-11-24T17:00:00Z");
        for (duty, open) in [("report_missing", 0), ("return_interview", 1)] {
            let list = format!("/v1/deadlines?scope=agency&standing=open&duty={duty}&caseId={case}");
            let owed = node.get(who, list).await.expect(200).json();
            assert_eq!(owed["data"].as_array().map(Vec::len), Some(open), "{duty}: {owed}");
        }
    }
    let early = node.abroad(&author, &id, "depart", &json!({ "readiness": ready() })).await;
    early.refused(409, "state-conflict");
}

#[actix_web::test]
async fn a_child_whom_somebody_else_has_reported_missing_is_found_by_nobody_but_them() {
    let node = TestNode::sandbox().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let id = node.given_abroad(&case, MOVE, "depart").await;
    let own = seen(&node, &theirs, &id).await["caseId"].as_str().expect("a case").to_owned();
    let lead = client("riga-child-protection");
    let _ =
        node.life(&lead, &own, "open-for-protection", &json!({ "reasons": "She comes." })).await.expect(200);
    let gone = crate::support::gone_and_told();
    let _ = node.life(&lead, &own, "report-missing", &gone).await.expect(200);
    let _ = set(&node, "2026-11-24T18:00:00Z").await;
    let arrived = json!({ "arrivedAt": "2026-11-24T17:00:00Z" });
    let late = node.abroad(&theirs, &id, "confirm-arrival", &arrived).await.expect(200);
    assert!(late.told().contains("still_missing"), "{}", late.told());
    let status = async |who: &Who, case: &str| {
        node.get(who, format!("/v1/cases/{case}/lifecycle")).await.expect(200).text("status")
    };
    assert_eq!(status(&lead, &own).await, "open_child_missing", "it was reported by people there");
    assert_eq!(status(&author, &case).await, "open", "and by the mechanism here");
}

#[actix_web::test]
async fn no_child_leaves_twice() {
    let node = TestNode::start().await;
    let (author, _) = who();
    let case = node.given_protected_case().await;
    let second = node.given_abroad(&case, MOVE, "accept").await;
    let first = node.given_abroad(&case, MOVE, "depart").await;
    let refused = node.abroad(&author, &second, "propose-plan", &travelling()).await.expect(422);
    assert_eq!(why(&refused), ["child_not_here"]);
    assert!(refused.told().contains("on its way to LV"), "{}", refused.told());
    // Nor by the case into which that one is merged.
    let into = node.given_protected_case().await;
    let third = node.given_abroad(&into, MOVE, "accept").await;
    let merge = json!({ "intoCaseId": into, "evidence": ["same_document"], "reasons": "The same child." });
    let _ = node.life(&crate::support::supervisor(), &case, "merge", &merge).await.expect(200);
    let refused = node.abroad(&author, &third, "propose-plan", &travelling()).await.expect(422);
    assert_eq!(why(&refused), ["child_not_here"]);
    let back = json!({ "because": "She does not want to go." });
    let _ = node.abroad(&author, &first, "turn-back", &back).await.expect(200);
    let _ = node.abroad(&author, &third, "propose-plan", &travelling()).await.expect(200);
}

#[actix_web::test]
async fn whoever_waits_between_the_steps_is_known_until_the_step_is_taken() {
    let node = TestNode::sandbox().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let open = async |who: &Who, duty: &str| {
        let list = format!("/v1/deadlines?scope=agency&standing=open&duty={duty}");
        node.get(who, list).await.expect(200).json()["data"].as_array().map_or(0, Vec::len)
    };
    let submitted = node.given_abroad(&case, MOVE, "submit-national").await;
    assert_eq!(open(&focal_point(), "review_request").await, 1);
    let _ =
        node.abroad(&focal_point(), &submitted, "return-to-sender", &json!({ "reasons": "Say more." })).await;
    assert_eq!(open(&focal_point(), "review_request").await, 0);
    let id = node.given_abroad(&case, MOVE, "open-case").await;
    assert_eq!((open(&author, "plan_transfer").await, open(&author, "ask_view").await), (1, 1));
    let asked = json!({ "kind": "child_asked", "about": "She would rather stay with her aunt." });
    let _ = node.abroad(&author, &id, "notify", &asked).await.expect(200);
    assert_eq!(open(&author, "ask_view").await, 0);
    assert_eq!(
        (open(&focal_point(), "chase_notice").await, open(&theirs, "acknowledge_notice").await),
        (1, 1)
    );
    let _ = node.abroad(&author, &id, "propose-plan", &travelling()).await.expect(200);
    assert_eq!((open(&author, "plan_transfer").await, open(&theirs, "answer_plan").await), (0, 1));
    let confirm = json!({ "carer": "Foster family", "emergencyContacts": ["+371 0000 0105"] });
    let _ = node.abroad(&theirs, &id, "confirm-plan", &confirm).await.expect(200);
    assert_eq!((open(&theirs, "answer_plan").await, open(&author, "begin_transfer").await), (0, 1));
    let _ = node.abroad(&author, &id, "depart", &json!({ "readiness": ready() })).await.expect(200);
    let _ = set(&node, "2026-11-24T18:00:00Z").await;
    assert_eq!((open(&author, "begin_transfer").await, open(&author, "warn_of_danger").await), (0, 1));
    let it = seen(&node, &author, &id).await;
    assert!(it["warnings"].to_string().contains("warn LV of the danger by 2026-11-25T18:00:00Z"), "{it}");
    let notice = node.given_abroad_draft(&case, "tr_danger_notice").await;
    let duty = author.clone().in_role("duty_officer");
    let _ = node.abroad(&duty, &notice, "send-direct", &Value::Null).await.expect(200);
    assert_eq!(open(&author, "warn_of_danger").await, 0);
    let turned = json!({ "because": "She was found at the border." });
    let _ = node.abroad(&author, &id, "turn-back", &turned).await.expect(200);
    assert_eq!((open(&author, "receive_back").await, open(&theirs, "receive_back").await), (1, 1));
}

#[actix_web::test]
async fn a_case_stays_open_while_its_child_is_on_the_way() {
    let node = TestNode::start().await;
    let (author, theirs) = who();
    let case = node.given_protected_case().await;
    let unmet = async || {
        let life = node.get(&author, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json();
        let all = life["closureChecklist"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|it| it["item"] == "abroad_ended").expect("the item")["met"] == false
    };
    assert!(!unmet().await);
    let id = node.given_abroad(&case, MOVE, "depart").await;
    assert!(unmet().await);
    let tag = node.get(&author, format!("/v1/cases/{case}/lifecycle")).await.expect(200).tag();
    let asked = json!({ "reason": "durable_solution_implemented", "explanation": "Done.", "attested": [] });
    let refused = node.act(&author, format!("/v1/cases/{case}/request-closure"), &tag, &asked).await;
    let refused = refused.refused(422, "rule-refused");
    assert!(refused.told().contains("abroad_ended: 1 request between countries is under way (R71)"));
    // What a person writes down is held against the plan and the departure.
    let old = json!({ "arrivedAt": "2020-01-01T00:00:00Z" });
    assert_eq!(
        why(&node.abroad(&theirs, &id, "confirm-arrival", &old).await.expect(422)),
        ["before_departure"]
    );
}

#[actix_web::test]
async fn a_question_that_nobody_answers_holds_nothing_up() {
    let node = TestNode::start().await;
    let (author, theirs) = who();
    let case = node.given_case().await;
    let ask = json!({ "questions": ["Who is her guardian?"] });
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    let _ = node.abroad(&theirs, &id, "request-information", &ask).await.expect(200);
    let _ = node.abroad(&theirs, &id, "assess", &json!({})).await.expect(200);
    assert_eq!(
        both(&node, &author, &theirs, &id).await,
        ("under_assessment".into(), "under_assessment".into())
    );
    let to = json!({ "toAgencyId": lv_central_authority().agency().id, "because": "They decide." });
    let _ = node.abroad(&theirs, &id, "forward", &to).await.expect(200);
    assert_eq!(seen(&node, &author, &id).await["status"], "forwarded");
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    let _ = node.abroad(&theirs, &id, "request-information", &ask).await.expect(200);
    let decline = json!({ "reason": "child_not_found", "alternatives": ["Ask us again."] });
    let _ = node.abroad(&theirs, &id, "decline", &decline).await.expect(200);
    assert_eq!(both(&node, &author, &theirs, &id).await, ("declined".into(), "declined".into()));
}
