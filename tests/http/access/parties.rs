//! Sender, receiver and third: what each knows of a referral and its case from the draft to the end.

use serde_json::{Value, json};

use crate::support::{
    TestNode, Who, barnahus, child_protection, client, completing, declining, package, police_manager,
    sending, shelter,
};

async fn statuses(node: &TestNode, who: &Who, case: &str, referral: &str) -> (u16, u16) {
    let case = node.get(who, format!("/v1/cases/{case}")).await.status;
    (case, node.get(who, format!("/v1/referrals/{referral}")).await.status)
}

async fn rows(node: &TestNode, who: &Who, path: &str) -> Vec<Value> {
    node.get(who, path).await.expect(200).json()["data"].as_array().expect("data").clone()
}

/// The types of events in the feed of an agency.
async fn feed(node: &TestNode, who: &Who) -> Vec<String> {
    node.place_events();
    let all = rows(node, who, "/v1/events?limit=200").await;
    all.iter().map(|it| it["type"].as_str().unwrap_or_default().to_owned()).collect()
}

#[actix_web::test]
async fn a_draft_is_its_senders_alone() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let draft = node.given_draft(&case, &shelter()).await;
    let id = draft.id();
    for who in [shelter(), child_protection(), barnahus()] {
        assert_eq!(node.get(&who, format!("/v1/referrals/{id}")).await.status, 404, "{who:?}");
        for act in ["send", "acknowledge", "accept", "decline", "start", "complete", "cancel"] {
            let body = match act {
                "send" => sending(),
                "accept" => crate::support::accepting(),
                "decline" => declining(),
                "complete" => completing(),
                "cancel" => json!({ "reason": "x" }),
                _ => json!({}),
            };
            let seen = node.act(&who, format!("/v1/referrals/{id}/{act}"), &draft.tag(), &body).await;
            seen.refused(404, "not-found");
        }
        assert_eq!(rows(&node, &who, "/v1/referrals?box=inbox").await, [] as [Value; 0]);
        assert!(!feed(&node, &who).await.iter().any(|it| it.starts_with("referral.")), "{who:?}");
    }
    let timeline = format!("/v1/cases/{case}/timeline");
    let known = |all: Vec<Value>| all.iter().any(|it| it["type"] == "referral.drafted");
    assert!(known(rows(&node, &police_manager(), &timeline).await));
    assert!(!known(rows(&node, &child_protection(), &timeline).await), "not even the lead knows of a draft");
}

#[actix_web::test]
async fn a_receiver_knows_the_referral_when_it_is_sent_and_the_case_while_it_serves() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let to = shelter();
    let draft = node.given_draft(&case, &to).await;
    let id = draft.id();
    assert_eq!(statuses(&node, &to, &case, &id).await, (404, 404));
    let _ = node
        .act(&police_manager(), format!("/v1/referrals/{id}/send"), &draft.tag(), &sending())
        .await
        .expect(200);
    assert_eq!(statuses(&node, &to, &case, &id).await, (404, 200));
    for (act, body, expected) in [
        ("acknowledge", json!({}), (404, 200)),
        ("accept", crate::support::accepting(), (200, 200)),
        ("start", json!({}), (200, 200)),
        ("complete", completing(), (404, 200)),
    ] {
        let _ = node.referral_act(&to, &id, act, &body).await.expect(200);
        assert_eq!(statuses(&node, &to, &case, &id).await, expected, "after {act}");
        let listed = rows(&node, &to, "/v1/cases").await.len();
        assert_eq!(listed, usize::from(expected.0 == 200), "after {act}");
    }
    let ended = node.get(&to, format!("/v1/referrals/{id}")).await.expect(200).json();
    assert_eq!((&ended["content"], &ended["ended"]["outcome"]), (&Value::Null, &json!("needs_met")));
    let all = feed(&node, &to).await;
    let wanted =
        ["sent", "acknowledged", "accepted", "started", "completed"].map(|it| format!("referral.{it}"));
    assert_eq!(all, wanted);
}

#[actix_web::test]
async fn whoever_declined_keeps_its_own_answer_and_nothing_else() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let to = shelter();
    let known = node.given_acknowledged_referral(&case, &to).await;
    let path = format!("/v1/referrals/{}", known.id());
    let open = node.get(&to, path.as_str()).await.json();
    assert!(open["content"].is_object() && open["summary"].is_string());
    let declined = node.referral_act(&to, &known.id(), "decline", &declining()).await.expect(200);
    for it in [declined.json(), node.get(&to, path.as_str()).await.expect(200).json()] {
        assert_eq!((&it["content"], &it["summary"]), (&Value::Null, &Value::Null));
        assert_eq!(it["decline"]["reason"], "no_capacity");
        assert_eq!(it["decline"]["noneKnown"], true);
        let withheld: Vec<_> = it["withheld"].as_array().into_iter().flatten().cloned().collect();
        let wanted = ["d1_identity", "d2_whereabouts", "d13_best_interests_views", "d15_referral_metadata"]
            .map(|it| json!({ "section": it, "reason": "ended" }));
        assert_eq!(withheld, wanted);
        assert!(!it.to_string().contains("Invented Street") && !it.to_string().contains("Mykola"));
    }
    let sender = node.get(&police_manager(), path).await.expect(200).json();
    assert_eq!(sender["decline"]["explanation"], "All places are taken.");
    assert_eq!(sender["content"]["child"]["givenName"], "Mykola", "the sender keeps what it sent");
}

#[actix_web::test]
async fn a_cancelled_referral_is_closed_to_the_receiver() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let to = shelter();
    let taken = node.given_accepted_referral(&case, &to).await;
    assert_eq!(statuses(&node, &to, &case, &taken.id()).await, (200, 200));
    let reason = json!({ "reason": "The aunt takes him in." });
    let _ = node.referral_act(&police_manager(), &taken.id(), "cancel", &reason).await.expect(200);
    assert_eq!(statuses(&node, &to, &case, &taken.id()).await, (404, 200));
    let it = node.get(&to, format!("/v1/referrals/{}", taken.id())).await.json();
    assert_eq!((&it["status"], &it["content"]), (&json!("cancelled"), &Value::Null));
    let draft = node.given_draft(&case, &to).await;
    let _ = node.referral_act(&police_manager(), &draft.id(), "cancel", &reason).await.expect(200);
    assert_eq!(statuses(&node, &to, &case, &draft.id()).await, (404, 404), "it never was the receiver's");
}

#[actix_web::test]
async fn two_referrals_open_what_either_disclosed_until_both_have_ended() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let to = barnahus().in_role("case_manager");
    let basis = |class: &str, basis: &str| json!({ "dataClass": class, "lawfulBases": [basis] });
    let mut taken = Vec::new();
    for disclosed in [
        json!([basis("d1_identity", "gdpr_6_1_e_public_task")]),
        json!([basis("d4_exploitation_narrative", "gdpr_9_2_h_health_social")]),
    ] {
        let mut body = crate::support::asking(&case, &to);
        body["send"] = package();
        body["send"]["disclosures"] = disclosed;
        let id = node.create(&police_manager(), "/v1/referrals", &body).await.expect(201).id();
        let _ = node.referral_act(&to, &id, "acknowledge", &json!({})).await.expect(200);
        let _ = node.referral_act(&to, &id, "accept", &crate::support::accepting()).await.expect(200);
        taken.push(id);
    }
    let see = async || {
        let child = node.get(&to, format!("/v1/cases/{case}/child")).await.status;
        (child, node.get(&to, format!("/v1/cases/{case}/exploitation-episodes")).await.status)
    };
    assert_eq!(see().await, (200, 200));
    assert_eq!(rows(&node, &to, "/v1/cases").await.len(), 1, "one case, once");
    let reason = json!({ "reason": "Not needed." });
    let _ = node.referral_act(&police_manager(), &taken[0], "cancel", &reason).await.expect(200);
    assert_eq!(see().await, (403, 200));
    let _ = node.referral_act(&police_manager(), &taken[1], "cancel", &reason).await.expect(200);
    assert_eq!(see().await, (404, 404));
}

#[actix_web::test]
async fn a_guest_of_a_case_refers_nobody_on() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let _ = node.given_accepted_referral(&case, &barnahus()).await;
    let body = crate::support::asking(&case, &shelter());
    node.create(&barnahus(), "/v1/referrals", &body).await.refused(403, "not-your-function");
    let _ = node.create(&child_protection(), "/v1/referrals", &body).await.expect(201);
}

#[actix_web::test]
async fn a_side_does_only_what_is_its_own_to_do() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let known = node.given_acknowledged_referral(&case, &barnahus()).await;
    for (act, body) in
        [("accept", crate::support::accepting()), ("decline", declining()), ("start", json!({}))]
    {
        node.referral_act(&police_manager(), &known.id(), act, &body).await.refused(403, "not-your-function");
    }
    let reason = json!({ "reason": "x" });
    node.referral_act(&barnahus(), &known.id(), "cancel", &reason).await.refused(403, "not-your-function");
    node.referral_act(&barnahus(), &known.id(), "send", &sending()).await.refused(403, "not-your-function");
    let third = node.referral_act(&client("tallinn-ngo"), &known.id(), "cancel", &reason).await;
    third.refused(404, "not-found");
}

#[actix_web::test]
async fn a_feed_tells_only_what_the_agency_may_know_and_nothing_personal() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let _ = node.given_episode(&case).await;
    let _ = node.given_referral_in_service(&case, &shelter()).await;
    let concern =
        json!({ "description": "Mykola begs.", "location": "Invented Street 1", "contact": "+372 000 0000" });
    let _ = node.create(&police_manager(), "/v1/concerns", &concern).await.expect(201);
    let police = feed(&node, &police_manager()).await;
    for event in
        ["concern.received", "screening.recorded", "case.intake", "identification.presumed", "case.opened"]
    {
        assert!(police.iter().any(|it| it == event), "{event}: {police:?}");
    }
    let lead = feed(&node, &child_protection()).await;
    assert!(
        lead.iter()
            .all(|it| it.starts_with("case.") || it.starts_with("identification.") || it.starts_with("expl"))
    );
    assert!(feed(&node, &shelter()).await.iter().all(|it| it.starts_with("referral.")));
    assert_eq!(feed(&node, &client("riga-police")).await, [] as [&str; 0]);
    let whole = node.get(&police_manager(), "/v1/events?limit=200").await.expect(200).told();
    for canary in ["Mykola", "Invented", "cousin", "+372", "fixed spot", "Duty worker"] {
        assert!(!whole.contains(canary), "the feed tells {canary}");
    }
}
