//! Which office has a request: sent elsewhere while nobody receives it, and given away by one that is never to know.

use serde_json::{Value, json};

use super::seen;
use crate::support::{
    TestNode, Who, central_authority, child_protection, client, focal_point, lv_central_authority,
    lv_focal_point, shut_out,
};

const MOVE: &str = "tr_assistance_referral";

async fn owed(node: &TestNode, who: &Who) -> usize {
    let list = node.get(who, "/v1/deadlines?scope=agency&standing=open").await.expect(200).json();
    list["data"].as_array().map_or(0, Vec::len)
}

fn carry(node: &TestNode) {
    let now = domain::Timestamp::parse("2026-11-24T08:00:00Z").expect("an instant");
    let _ = node.node.store.carry_messages(now).expect("carried");
}

#[actix_web::test]
async fn what_nobody_takes_is_sent_to_another_office() {
    let node = TestNode::start().await;
    let case = node.given_protected_case().await;
    let (ours, instead) = (focal_point(), lv_central_authority());
    let id = node.given_abroad_draft(&case, "tr_danger_notice").await;
    node.database.set_agency_active("lv-focal-point", false);
    let duty = child_protection().in_role("duty_officer");
    let _ = node.abroad(&duty, &id, "send-direct", &Value::Null).await.expect(200);
    assert_eq!(seen(&node, &ours, &id).await["status"], "undeliverable");
    for gone in ["demo-focal-point-riga", "nobody"] {
        let again = node.abroad(&ours, &id, "retry-delivery", &json!({ "toOffice": gone })).await;
        again.refused(422, "reference-not-found");
    }
    let to = json!({ "toOffice": "demo-central-authority-riga" });
    node.abroad(&child_protection(), &id, "retry-delivery", &to).await.refused(403, "not-your-function");
    let done = node.abroad(&ours, &id, "retry-delivery", &to).await.expect(200);
    assert_eq!(done.text("status"), "delivered", "it has reached somebody");
    let there = seen(&node, &instead, &id).await;
    assert_eq!((&there["status"], &there["from"]["code"]), (&json!("delivered"), &to["toOffice"]));
    node.database.set_agency_active("lv-focal-point", true);
    node.get(&lv_focal_point(), format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
    node.abroad(&ours, &id, "retry-delivery", &to).await.refused(409, "state-conflict");
}

#[actix_web::test]
async fn an_office_that_is_never_to_know_any_more_owes_nothing_and_another_one_does() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (ours, instead) = (focal_point(), central_authority());
    let review = node.given_abroad(&case, MOVE, "submit-national").await;
    let sent = node.given_abroad(&case, MOVE, "open-case").await;
    let told = json!({ "kind": "correction", "about": "The year is 2014." });
    let _ = node.abroad(&ours, &sent, "notify", &told).await.expect(200);
    let before = owed(&node, &ours).await;
    assert!(before > 1 && owed(&node, &instead).await == 0, "{before}");
    let _ = node.given_restriction(&case, &shut_out(&ours)).await;
    assert_eq!((owed(&node, &ours).await, owed(&node, &instead).await), (0, before));
    for id in [&review, &sent] {
        node.get(&ours, format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
        let it = seen(&node, &instead, id).await;
        assert_eq!(
            (&it["from"]["code"], &it["status"] == "accepted"),
            (&json!("demo-central-authority"), *id == sent)
        );
    }
    let returned = json!({ "reasons": "Made for another office." });
    let _ = node.abroad(&instead, &review, "return-to-sender", &returned).await.expect(200);
    carry(&node);
    let there = seen(&node, &lv_focal_point(), &sent).await;
    assert_eq!(
        (&there["to"]["code"], &there["status"]),
        (&json!("demo-central-authority"), &json!("accepted"))
    );
    // The same over there, where its own case says who is never to know.
    let own = there["caseId"].as_str().expect("a case");
    let path = format!("/v1/cases/{own}/restricted-parties");
    let _ =
        node.create(&client("riga-child-protection"), path, &shut_out(&lv_focal_point())).await.expect(201);
    node.get(&lv_focal_point(), format!("/v1/transnational-requests/{sent}")).await.refused(404, "not-found");
    assert_eq!(seen(&node, &lv_central_authority(), &sent).await["status"], "accepted");
    carry(&node);
    let it = seen(&node, &instead, &sent).await;
    assert_eq!(
        (&it["to"]["code"], &it["messagesUnreceipted"]),
        (&json!("demo-central-authority-riga"), &json!(0))
    );
}
