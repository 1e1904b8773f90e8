//! What is carried, what is refused at the door, and what follows what was sent.

use domain::{
    Timestamp, TransnationalRequestId,
    text::Country,
    transnational::{Body, Digest, Message, Side, canonical},
};
use persistence::transnational::{Delivery, Envelope};
use serde_json::{Value, json};

use super::{both, seen};
use crate::support::{
    TestNode, asking_abroad, child_protection, focal_point, lv_central_authority, lv_focal_point, shut_out,
    supervisor,
};

const MOVE: &str = "tr_assistance_referral";

fn now() -> Timestamp {
    Timestamp::parse("2026-11-24T08:00:00Z").expect("an instant")
}

fn latvia() -> Country {
    Country::parse("LV").expect("a country")
}

fn knock(node: &TestNode, envelope: &Envelope) -> Delivery {
    node.node.store.deliver(latvia(), envelope, now()).expect("the door")
}

fn refused(node: &TestNode, envelope: &Envelope) -> &'static str {
    match knock(node, envelope) {
        Delivery::Refused(why) => why[0].code,
        other => panic!("{other:?}"),
    }
}

/// Any message to a request that is there: one that changes nothing of its course.
fn suspended(id: &str, seq: u32) -> Message {
    Message {
        request: TransnationalRequestId::parse(id).expect("an id"),
        from: Side::Requesting,
        seq,
        seen: 0,
        at: now(),
        body: Body::Suspended,
    }
}

#[actix_web::test]
async fn an_altered_byte_is_refused_and_kept_as_evidence() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_abroad(&case, MOVE, "approve").await;
    let good = Envelope::of(&suspended(&id, 2), None);
    for place in [0, good.bytes.len() / 2, good.bytes.len() - 1] {
        let mut altered = good.clone();
        altered.bytes[place] ^= 1;
        assert_eq!(refused(&node, &altered), "message_altered", "byte {place}");
    }
    let mut spaced = good.clone();
    spaced.bytes.insert(1, b' ');
    spaced.digest = Digest::of(&spaced.bytes);
    assert_eq!(refused(&node, &spaced), "message_unreadable", "one spelling only");
    assert_eq!(
        node.database.refused_messages().len(),
        2,
        "once for the same bytes and reason: the three share a digest"
    );
    assert_eq!(seen(&node, &lv_focal_point(), &id).await["status"], "delivered", "without effect");
    for _ in 0..2 {
        assert!(
            matches!(knock(&node, &good), Delivery::Receipted(it) if it.applied == 2),
            "taken once, receipted each time"
        );
    }
    assert_eq!(seen(&node, &lv_focal_point(), &id).await["status"], "suspended_safety");
    let forged = Message { body: Body::Answered("x".to_owned()), ..suspended(&id, 2) };
    assert_eq!(refused(&node, &Envelope::of(&forged, None)), "state_conflict", "another one with its number");
    let early = knock(&node, &Envelope::of(&suspended(&id, 4), None));
    assert!(
        matches!(early, Delivery::Receipted(it) if it.applied == 2),
        "held until the one before has come"
    );
}

#[actix_web::test]
async fn what_opens_nothing_is_refused() {
    let node = TestNode::start().await;
    let stranger = suspended("0192f0c1-2345-7abc-8def-0123456789ab", 1);
    assert_eq!(refused(&node, &Envelope::of(&stranger, None)), "unknown_request");
    assert_eq!(node.database.refused_messages(), ["unknown_request"]);
    assert!(canonical(&stranger).len() > 100);
}

#[actix_web::test]
async fn what_cannot_be_delivered_is_sent_again_by_the_office() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_undeliverable(&case).await;
    let ours = seen(&node, &focal_point(), &id).await;
    assert_eq!((&ours["status"], &ours["messagesUnreceipted"]), (&json!("undeliverable"), &json!(1)));
    let list =
        node.get(&focal_point(), "/v1/transnational-requests?box=out&status=undeliverable").await.expect(200);
    assert_eq!(list.json()["data"][0]["id"], id.as_str());
    let again = node.abroad(&focal_point(), &id, "retry-delivery", &json!({})).await.expect(200);
    assert_eq!(again.text("status"), "delivered");
    assert_eq!(seen(&node, &lv_focal_point(), &id).await["status"], "delivered");
}

#[actix_web::test]
async fn what_is_forwarded_keeps_its_first_receipt_and_leaves_the_first_office() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (theirs, next) = (lv_focal_point(), lv_central_authority());
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    node.clock.advance(3600);
    let to = json!({ "toAgencyId": next.agency().id, "because": "They are competent." });
    let _ = node.abroad(&theirs, &id, "forward", &to).await.expect(200);
    node.get(&theirs, format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
    let ours = seen(&node, &child_protection(), &id).await;
    assert_eq!(
        (&ours["status"], &ours["to"]["code"]),
        (&json!("forwarded"), &json!("demo-central-authority-riga"))
    );
    let taken = node.abroad(&next, &id, "acknowledge", &json!({ "officer": "Officer K." })).await.expect(200);
    assert_eq!(taken.json()["firstReceivedAt"], "2026-11-24T08:00:00Z");
    let ours = seen(&node, &child_protection(), &id).await;
    assert_eq!((&ours["status"], &ours["officer"]), (&json!("acknowledged"), &json!("Officer K.")));
    assert_eq!(ours["firstReceivedAt"], "2026-11-24T08:00:00Z", "the legal clock keeps its start");
}

#[actix_web::test]
async fn a_correction_is_listed_until_it_is_acknowledged_and_a_recall_closes_the_package() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let id = node.given_abroad(&case, MOVE, "approve").await;
    let open = "/v1/transnational-requests?box=out&unacknowledged=true";
    let none = node.get(&author, open).await.expect(200).json();
    assert_eq!(none["data"], json!([]));
    let told = json!({ "kind": "correction", "about": "The year is 2014." });
    let _ = node.abroad(&author, &id, "notify", &told).await.expect(200);
    assert_eq!(node.get(&author, open).await.expect(200).json()["data"][0]["id"], id.as_str());
    let waits = &seen(&node, &theirs, &id).await["noticesToAcknowledge"][0];
    assert_eq!((&waits["seq"], &waits["acknowledgeBy"]), (&json!(2), &json!("2026-11-25T08:00:00Z")));
    let owed =
        node.get(&theirs, "/v1/deadlines?scope=agency&duty=acknowledge_notice").await.expect(200).json();
    assert_eq!(owed["data"].as_array().map(Vec::len), Some(1), "{owed}");
    let _ = node.abroad(&theirs, &id, "acknowledge-notice", &json!({ "seq": 2 })).await.expect(200);
    assert_eq!(node.get(&author, open).await.expect(200).json()["data"], json!([]));
    let _ = node
        .abroad(&author, &id, "notify", &json!({ "kind": "recall", "about": "All of it." }))
        .await
        .expect(200);
    let path = format!("/v1/transnational-requests/{id}/package");
    node.get(&theirs, path.as_str()).await.refused(404, "not-found");
    let _ = node.get(&author, path).await.expect(200);
    for (act, body) in
        [("open-case", json!({})), ("acknowledge", json!({ "officer": "Officer L." })), ("assess", json!({}))]
    {
        let seen = node.abroad(&theirs, &id, act, &body).await;
        if act == "acknowledge" {
            seen.expect(200)
        } else {
            seen.refused(409, "state-conflict")
        };
    }
}

#[actix_web::test]
async fn whoever_reads_the_messages_is_in_the_log_of_the_case() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    let path = format!("/v1/transnational-requests/{id}/messages");
    let _ = node.get(&child_protection(), path).await.expect(200);
    let lines = format!("/v1/audit/access?caseId={case}&limit=5");
    let by = supervisor().for_purpose("data_subject_request");
    let lines = node.get(&by, lines).await.expect(200).json();
    let named = lines["data"].as_array().into_iter().flatten().map(|it| it["operation"].clone());
    assert!(named.into_iter().any(|it| it == "listTransnationalMessages"), "{lines}");
}

#[actix_web::test]
async fn an_office_that_is_never_to_know_is_asked_for_nothing() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let _ = node.given_restriction(&case, &shut_out(&focal_point())).await;
    let asked = asking_abroad(&case, MOVE);
    let refused = node.create(&child_protection(), "/v1/transnational-requests", &asked).await;
    assert_eq!(
        refused.refused(422, "rule-refused").found(),
        [("restricted_party".to_owned(), "/officeId".to_owned())]
    );
}

#[actix_web::test]
async fn what_the_other_side_wrote_is_not_shown_while_it_is_suspended() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let id = node.given_abroad(&case, MOVE, "confirm-plan").await;
    let before = seen(&node, &author, &id).await;
    assert!(before["transfer"]["arrangement"].is_object() && before["decision"].is_object(), "{before}");
    let _ =
        node.abroad(&theirs, &id, "suspend", &json!({ "because": "He was seen here." })).await.expect(200);
    let ours = seen(&node, &author, &id).await;
    assert_eq!((&ours["transfer"]["arrangement"], &ours["decision"]), (&Value::Null, &Value::Null));
    assert!(ours["transfer"]["plan"].is_object(), "its own plan stays");
    let there = seen(&node, &theirs, &id).await;
    assert_eq!(there["transfer"]["plan"], Value::Null);
    assert!(there["transfer"]["arrangement"].is_object());
}

#[actix_web::test]
async fn the_other_side_learns_that_it_is_suspended_and_nothing_of_why() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let id = node.given_abroad(&case, MOVE, "assess").await;
    let why = "The man works at that office.";
    let _ = node.abroad(&author, &id, "suspend", &json!({ "because": why })).await.expect(200);
    assert_eq!(
        both(&node, &author, &theirs, &id).await,
        ("suspended_safety".to_owned(), "suspended_safety".to_owned())
    );
    for rest in ["", "/messages"] {
        let there = node.get(&theirs, format!("/v1/transnational-requests/{id}{rest}")).await.expect(200);
        assert!(!there.told().contains("works at"), "{}", there.told());
    }
    node.get(&theirs, format!("/v1/transnational-requests/{id}/package")).await.refused(404, "not-found");
    node.abroad(&theirs, &id, "accept", &json!({ "acceptance": "in_full" }))
        .await
        .refused(409, "state-conflict");
    node.abroad(&theirs, &id, "lift-suspension", &json!({})).await.refused(409, "state-conflict");
    node.clock.advance(60);
    let anew = json!({ "riskAssessedAt": "2026-11-24T08:01:00Z" });
    let _ = node.abroad(&author, &id, "lift-suspension", &anew).await.expect(200);
    assert_eq!(
        both(&node, &author, &theirs, &id).await,
        ("under_assessment".to_owned(), "under_assessment".to_owned())
    );
    assert_ne!(seen(&node, &author, &id).await["suspendedBecause"], Value::from(why));
}
