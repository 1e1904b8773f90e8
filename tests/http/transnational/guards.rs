//! What is refused, with its rule; two at once; and what the other side may not do.

use api::Clock as _;
use futures_util::future::join;
use serde_json::{Value, json};

use super::why;
use crate::support::{
    TestNode, Who, asking_abroad, central_authority, child_protection, client, focal_point,
    lv_central_authority, lv_focal_point, police_manager, ready, travelling,
};

const MOVE: &str = "tr_assistance_referral";

/// What is wrong with a draft, when it is submitted.
async fn draft_refused(node: &TestNode, case: &str, kind: &str, change: fn(&mut Value)) -> Vec<String> {
    let mut body = asking_abroad(case, kind);
    change(&mut body);
    let made = node.create(&child_protection(), "/v1/transnational-requests", &body).await;
    if made.status != 201 {
        return why(&made);
    }
    let done = node.abroad(&child_protection(), &made.id(), "submit-national", &Value::Null).await;
    if done.status == 200 { vec!["done".to_owned()] } else { why(&done) }
}

#[actix_web::test]
async fn each_guard_of_a_draft_refuses_with_its_rule() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    for kind in [
        "tr_information",
        "tr_danger_notice",
        "tr_locate",
        MOVE,
        "tr_placement_consent",
        "tr_durable_return",
        "tr_family_tracing",
        "tr_identification_support",
    ] {
        assert_eq!(draft_refused(&node, &case, kind, |_| {}).await, ["done"], "{kind}");
    }
    let refused = |kind: &'static str, change| draft_refused(&node, &case, kind, change);
    let no_view = refused(MOVE, |it| {
        let content = it["content"].as_object_mut().expect("content");
        content.remove("viewMissingReason");
        content.remove("askAgainOn");
    });
    assert_eq!(no_view.await, ["R24"]);
    let health = |it: &mut Value| {
        let more = json!({ "dataClass": "d7_health", "lawfulBases": ["gdpr_9_2_h_health_social"] });
        it["content"]["disclosures"].as_array_mut().expect("a list").push(more);
    };
    assert_eq!(refused(MOVE, health).await, ["R75"], "no member for it");
    let consent = |it: &mut Value| {
        it["content"]["disclosures"][0]["lawfulBases"] = json!(["consent_special_case"]);
    };
    assert_eq!(refused(MOVE, consent).await, ["R75"], "consent alone carries nothing");
    let untranslated = |it: &mut Value| it["content"]["parts"] = json!([]);
    assert_eq!(refused("tr_information", untranslated).await, ["R76"]);
    assert_eq!(
        refused(MOVE, |it| it["content"]["written"] = json!([])).await,
        ["part_missing", "part_missing"]
    );
    let named = |it: &mut Value| it["content"]["parts"] = json!(["needs"]);
    assert_eq!(refused(MOVE, named).await, ["part_without_content"], "naming it sends nothing");
    assert_eq!(refused(MOVE, |it| it["content"]["endangers"] = json!(true)).await, ["R78"]);
    assert_eq!(refused(MOVE, |it| it["toCountry"] = json!("EE")).await, ["same_country"]);
    assert_eq!(refused(MOVE, |it| it["toOffice"] = json!("demo-shelter-riga")).await, ["wrong_office"]);
    assert_eq!(refused(MOVE, |it| it["toOffice"] = json!("nobody")).await, ["reference_not_found"]);
    let unknown = |it: &mut Value| it["content"]["indicators"] = json!(["beg_adult_collects", "no_such"]);
    assert_eq!(refused("tr_identification_support", unknown).await, ["unknown_indicator"]);
    // Ukraine has no office here: one that is named can be asked by what binds both, on a ground for the transfer.
    let far = |it: &mut Value| {
        (it["toCountry"], it["toOffice"]) = (json!("UA"), json!("ua-police"));
    };
    assert_eq!(refused("tr_danger_notice", far).await, ["R95"]);
    let grounded = |it: &mut Value| {
        (it["toCountry"], it["toOffice"]) = (json!("UA"), json!("ua-police"));
        it["content"]["transferGround"] = json!("vital_interest");
    };
    assert_eq!(refused("tr_danger_notice", grounded).await, ["done"]);
    assert_eq!(refused("tr_locate", grounded).await, ["done"]);
    // Whoever opened the case does not lead it.
    let body = asking_abroad(&case, MOVE);
    node.create(&police_manager(), "/v1/transnational-requests", &body)
        .await
        .refused(403, "not-your-function");
    node.create(&client("tallinn-ngo"), "/v1/transnational-requests", &body)
        .await
        .refused(403, "not-your-function");
}

#[actix_web::test]
async fn no_channel_is_refused_with_what_is_open_instead() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut body = asking_abroad(&case, "tr_information");
    body["route"] = json!("focal_point");
    body["toOffice"] = json!("demo-focal-point-riga");
    let id = node.create(&child_protection(), "/v1/transnational-requests", &body).await.expect(201).id();
    let list =
        node.get(&child_protection(), format!("/v1/transnational-requests/{id}/checklist")).await.json();
    assert_eq!(list["channelOpen"], false);
    let refused = node.abroad(&child_protection(), &id, "submit-national", &Value::Null).await.expect(422);
    assert_eq!(why(&refused), ["R79"], "before the office has it");
    assert!(refused.told().contains("tr_information by central_authority (biib)"), "{}", refused.told());
}

#[actix_web::test]
async fn only_danger_goes_without_review_and_only_by_whoever_has_duty() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let plain = node.given_abroad_draft(&case, MOVE).await;
    let duty = child_protection().in_role("duty_officer");
    let refused = node.abroad(&duty, &plain, "send-direct", &Value::Null).await.expect(422);
    assert_eq!(why(&refused), ["review_needed"]);
    let notice = node.given_abroad_draft(&case, "tr_danger_notice").await;
    let manager = node.abroad(&child_protection(), &notice, "send-direct", &Value::Null).await;
    manager.refused(403, "not-your-function");
    let sent = node.abroad(&duty, &notice, "send-direct", &Value::Null).await.expect(200);
    assert_eq!(sent.text("status"), "delivered", "no national review");
}

/// Each act with what makes it break one rule, on a request that stands where it is done.
#[actix_web::test]
async fn each_guard_of_an_act_refuses_with_its_rule() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let decline = |reason: &str| json!({ "reason": reason, "explanation": "So it is.", "alternatives": ["Ask us again."] });
    let mut ready_not = travelling();
    ready_not["readiness"] = json!({});
    let mut late = travelling();
    late["arrivesAt"] = json!("2026-11-24T08:30:00Z");
    let mut aunt = travelling();
    aunt["readiness"]["placement"] = json!({ "basis": "exempt_relative" });
    let all_safeguards = ["R47", "R48", "R49", "R50", "R51", "R52", "R53"];
    let table: Vec<(&str, &Who, &str, Value, &[&str])> = vec![
        ("acknowledge", &theirs, "decline", decline("not_our_national"), &["R82"]),
        ("acknowledge", &theirs, "decline", decline("not_formally_identified"), &["R82"]),
        ("acknowledge", &theirs, "decline", decline("no_competence_forwarded"), &["R81"]),
        ("acknowledge", &theirs, "decline", json!({ "reason": "child_not_found" }), &["R82"]),
        (
            "acknowledge",
            &theirs,
            "forward",
            json!({ "toAgencyId": theirs.agency().id, "because": "Not us." }),
            &["R81"],
        ),
        (
            "acknowledge",
            &theirs,
            "forward",
            json!({ "toAgencyId": client("riga-shelter").agency().id, "because": "It has a bed." }),
            &["R81"],
        ),
        ("assess", &theirs, "accept", json!({ "acceptance": "in_part" }), &["scope_unclear"]),
        ("assess", &theirs, "accept", json!({ "acceptance": "on_conditions" }), &["conditions_unclear"]),
        ("accept", &author, "propose-plan", ready_not, &all_safeguards),
        ("accept", &author, "propose-plan", late, &["times_wrong"]),
        ("accept", &author, "propose-plan", aunt, &["R53"]),
        ("confirm-plan", &author, "depart", json!({ "readiness": {} }), &all_safeguards),
        (
            "depart",
            &theirs,
            "confirm-arrival",
            json!({ "arrivedAt": "2026-11-24T09:00:00Z" }),
            &["in_the_future"],
        ),
        (
            "confirm-arrival",
            &theirs,
            "hand-over",
            json!({ "planAccepted": false, "childTold": false }),
            &["R55", "R55", "R55"],
        ),
        ("approve", &theirs, "acknowledge-notice", json!({ "seq": 9 }), &["409"]),
    ];
    for (until, who, act, body, rules) in table {
        // A child leaves once.
        let left = ["depart", "confirm-arrival"].contains(&until);
        let case = if left { node.given_case().await } else { case.clone() };
        let id = node.given_abroad(&case, MOVE, until).await;
        let refused = node.abroad(who, &id, act, &body).await;
        if rules == ["409"] {
            refused.refused(409, "state-conflict");
        } else {
            assert_eq!(
                (refused.status, why(&refused)),
                (422, rules.iter().map(|it| (*it).to_owned()).collect()),
                "{act}"
            );
        }
    }
    let id = node.given_abroad(&case, MOVE, "accept").await;
    let _ = node.abroad(&author, &id, "propose-plan", &travelling()).await.expect(200);
    let confirm = json!({ "carer": "Foster family", "emergencyContacts": ["+371 0000 0105"] });
    let refused = node.abroad(&theirs, &id, "confirm-plan", &confirm).await.expect(422);
    assert_eq!(why(&refused), ["R112"], "received into no case");
    assert!(refused.told().contains("open-case"), "{}", refused.told());
    let consent = node.given_abroad(&case, "tr_placement_consent", "assess").await;
    let refused =
        node.abroad(&lv_central_authority(), &consent, "accept", &json!({ "acceptance": "in_full" })).await;
    assert_eq!(why(&refused.expect(422)), ["R53"]);
    let with = json!({ "acceptance": "in_full", "consent": { "name": "Decision 7", "dated": "2026-11-24" } });
    let _ = node.abroad(&lv_central_authority(), &consent, "accept", &with).await.expect(200);
    let id = node.given_abroad(&case, MOVE, "approve").await;
    let _ =
        node.abroad(&author, &id, "suspend", &json!({ "because": "The man was seen." })).await.expect(200);
    let refused = node.abroad(&author, &id, "lift-suspension", &json!({})).await.expect(422);
    assert_eq!(why(&refused), ["R78"]);
}

#[actix_web::test]
async fn silence_is_not_consent_and_a_missing_child_is_not_moved() {
    let node = TestNode::start().await;
    let case = node.given_protected_case().await;
    let id = node.given_abroad(&case, MOVE, "assess").await;
    let refused = node.abroad(&child_protection(), &id, "propose-plan", &travelling()).await.expect(422);
    assert_eq!(why(&refused), ["R56"]);
    let id = node.given_abroad(&case, MOVE, "confirm-plan").await;
    let gone = crate::support::gone_and_told();
    let _ = node.life(&child_protection(), &case, "report-missing", &gone).await.expect(200);
    let refused =
        node.abroad(&child_protection(), &id, "depart", &json!({ "readiness": ready() })).await.expect(422);
    assert_eq!(why(&refused), ["R74"]);
    // The office at the route sees nothing of the case, and is refused all the same.
    let refused =
        node.abroad(&focal_point(), &id, "depart", &json!({ "readiness": ready() })).await.expect(422);
    assert_eq!(why(&refused), ["R74"]);
}

#[actix_web::test]
async fn of_two_officers_who_answer_at_once_one_counts() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (one, two) = (lv_focal_point(), lv_focal_point().named("p-other"));
    let _ = (node.token(&one).await, node.token(&two).await);
    for round in 0..20 {
        let id = node.given_abroad(&case, MOVE, "assess").await;
        let path = format!("/v1/transnational-requests/{id}");
        let tag = node.get(&one, path.as_str()).await.tag();
        let accept = json!({ "acceptance": "in_full" });
        let decline = json!({ "reason": "child_not_found", "noneKnown": true });
        let first = node.act(&one, format!("{path}/accept"), &tag, &accept);
        // Every other time somebody asks more, which opens a duty of its own.
        let (other, said) = if round % 2 == 0 {
            ("decline", decline)
        } else {
            ("request-information", json!({ "questions": ["Who cares for the child?"] }))
        };
        let second = node.act(&two, format!("{path}/{other}"), &tag, &said);
        let (first, second) = join(first, second).await;
        let (won, lost) = if first.status == 200 { (first, second) } else { (second, first) };
        let late =
            matches!((lost.status, lost.code().as_str()), (412, "stale-version") | (409, "state-conflict"));
        assert!(won.status == 200 && late, "round {round}: {} {}", won.told(), lost.told());
        // The one that came second may hold the record just then: the worker carries what was not carried at once.
        let _ = node.node.store.carry_messages(node.clock.now()).expect("carried");
        let told = node.get(&child_protection(), path).await.expect(200);
        assert_eq!(
            told.text("status"),
            won.text("status"),
            "round {round}: both sides know the one that counts"
        );
    }
}

#[actix_web::test]
async fn an_act_after_the_withdrawal_is_refused_and_a_decision_before_it_stands() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let id = node.given_abroad(&case, MOVE, "assess").await;
    let known = node.get(&theirs, format!("/v1/transnational-requests/{id}")).await;
    let withdrawn =
        node.abroad(&author, &id, "withdraw", &json!({ "reason": "A new risk." })).await.expect(200);
    assert_eq!(withdrawn.text("status"), "withdrawn", "asked and answered");
    let accept = json!({ "acceptance": "in_full" });
    let path = format!("/v1/transnational-requests/{id}/accept");
    node.act(&theirs, path.as_str(), &known.tag(), &accept).await.refused(412, "stale-version");
    node.abroad(&theirs, &id, "accept", &accept).await.refused(409, "state-conflict");
    let draft = node.given_abroad_draft(&case, MOVE).await;
    let own = node.abroad(&author, &draft, "withdraw", &json!({ "reason": "Not needed." })).await.expect(200);
    assert_eq!(own.text("status"), "withdrawn");
    node.abroad(&author, &draft, "submit-national", &Value::Null).await.refused(409, "state-conflict");
}

#[actix_web::test]
async fn whoever_is_not_the_office_or_the_lead_does_nothing_of_the_other() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_abroad(&case, MOVE, "submit-national").await;
    node.abroad(&child_protection(), &id, "approve", &Value::Null).await.refused(403, "not-your-function");
    let other = central_authority();
    node.get(&other, format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
    let returned =
        node.abroad(&focal_point(), &id, "return-to-sender", &json!({ "reasons": "Say more." })).await;
    assert_eq!(returned.expect(200).text("status"), "draft");
    let back = node
        .get(&child_protection(), format!("/v1/transnational-requests/{id}?include=blockedActions"))
        .await;
    let back = back.expect(200).json();
    assert_eq!(back["returnedBecause"], "Say more.");
    let blocked = back["blockedActions"].as_array().expect("blocked");
    assert!(blocked.iter().any(|it| it["action"] == "approve_send"), "{blocked:?}");
}
