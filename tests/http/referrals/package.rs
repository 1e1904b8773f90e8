//! What is previewed is what is sent and what the receiver sees, or nothing is sent.

use serde_json::{Value, json};

use super::refused;
use crate::support::{
    Seen, TestNode, barnahus, child_protection, declining, package, police_manager, shelter,
};

async fn prepared(node: &TestNode, case: &str) -> String {
    let draft = node.given_draft(case, &barnahus()).await;
    let path = format!("/v1/referrals/{}", draft.id());
    let seen =
        node.patch(&police_manager(), path.as_str(), &draft.tag(), &json!({ "package": package() })).await;
    assert_eq!(seen.expect(200).json()["prepared"], true);
    path
}

async fn preview(node: &TestNode, path: &str, query: &str) -> Seen {
    node.get(&police_manager(), format!("{path}/package{query}")).await.expect(200)
}

#[actix_web::test]
async fn the_preview_is_what_each_role_of_the_receiver_then_sees() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = prepared(&node, &case).await;
    let whole = preview(&node, &path, "").await.json();
    assert_eq!((&whole["status"], &whole["refusedBy"]), (&json!("prepared"), &Value::Null));
    let roles = ["barnahus_coordinator", "therapist", "mdt_member", "case_manager", "supervisor"];
    let mut seen_before = Vec::new();
    for role in roles {
        let it = preview(&node, &path, &format!("?asRole={role}")).await.json();
        assert_eq!((&it["asRole"], &it["digest"]), (&json!(role), &whole["digest"]), "one digest for all");
        seen_before.push(it);
    }
    assert_eq!(node.get(&barnahus(), format!("{path}/package")).await.status, 404, "a draft is its sender's");
    let tag = node.get(&police_manager(), path.as_str()).await.tag();
    let digest = json!({ "packageDigest": whole["digest"] });
    let _ = node.act(&police_manager(), format!("{path}/send"), &tag, &digest).await.expect(200);
    for (role, before) in roles.iter().zip(seen_before) {
        let who = barnahus().in_role(role);
        let referral = node.get(&who, path.as_str()).await;
        if referral.status == 403 || referral.status == 401 {
            continue;
        }
        let referral = referral.expect(200).json();
        assert_eq!(referral["content"], before["content"], "{role}: what was previewed is what is seen");
        assert_eq!(referral["summary"], before["summary"]);
        let theirs = node.get(&who, format!("{path}/package")).await.expect(200).json();
        assert_eq!(theirs["content"], before["content"], "{role}");
        assert_eq!((&theirs["digest"], &theirs["status"]), (&whole["digest"], &json!("sent")));
    }
}

#[actix_web::test]
async fn what_changed_since_the_preview_is_not_sent() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = prepared(&node, &case).await;
    let seen = preview(&node, &path, "").await.json();
    let child = format!("/v1/cases/{case}/child");
    let tag = node.get(&child_protection(), child.as_str()).await.tag();
    let renamed = json!({ "callName": "Miko" });
    let _ = node.patch(&child_protection(), child, &tag, &renamed).await.expect(200);
    let before = node.contents();
    let tag = node.get(&police_manager(), path.as_str()).await.tag();
    let digest = json!({ "packageDigest": seen["digest"] });
    node.act(&police_manager(), format!("{path}/send"), &tag, &digest).await.refused(409, "package-changed");
    assert_eq!(node.contents(), before, "nothing was sent");
    let anew = preview(&node, &path, "").await.json();
    assert_ne!(anew["digest"], seen["digest"]);
    let digest = json!({ "packageDigest": anew["digest"] });
    let sent = node.act(&police_manager(), format!("{path}/send"), &tag, &digest).await.expect(200).json();
    assert_eq!(sent["content"]["child"]["callName"], "Miko");
}

#[actix_web::test]
async fn a_preview_tells_why_it_cannot_be_sent() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let draft = node.given_draft(&case, &shelter()).await;
    let path = format!("/v1/referrals/{}", draft.id());
    let empty = preview(&node, &path, "").await;
    assert_eq!(empty.json()["status"], "refused");
    assert_eq!(empty.json()["refusedBy"][0]["code"], "not_prepared");
    let mut blind = package();
    blind.as_object_mut().expect("members").remove("childView");
    let body = json!({ "package": blind });
    let changed = node.patch(&police_manager(), path.as_str(), &draft.tag(), &body).await.expect(200);
    let seen = preview(&node, &path, "").await.json();
    assert_eq!((&seen["status"], &seen["content"]), (&json!("refused"), &Value::Null));
    assert_eq!((&seen["refusedBy"][0]["rule"], &seen["digest"]), (&json!("R24"), &Value::Null));
    let sent = node.act(&police_manager(), format!("{path}/send"), &changed.tag(), &json!({})).await;
    refused(&sent, "rule-refused", &[("views_or_reason", "/package/childView")], &["R24"]);
}

#[actix_web::test]
async fn whoever_no_longer_has_the_referral_has_no_package() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let known = node.given_acknowledged_referral(&case, &barnahus()).await;
    let path = format!("/v1/referrals/{}/package", known.id());
    let _ = node.get(&barnahus(), path.as_str()).await.expect(200);
    let _ = node.referral_act(&barnahus(), &known.id(), "decline", &declining()).await.expect(200);
    node.get(&barnahus(), path.as_str()).await.refused(404, "not-found");
    let kept = node.get(&police_manager(), path.as_str()).await.expect(200).json();
    assert_eq!(kept["status"], "sent", "the sender keeps what it sent");
}

#[actix_web::test]
async fn a_draft_is_changed_until_it_is_sent() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let draft = node.given_draft(&case, &barnahus()).await;
    let path = format!("/v1/referrals/{}", draft.id());
    let body = json!({ "toAgencyId": shelter().agency().id.to_string(), "urgency": "priority" });
    let changed = node.patch(&police_manager(), path.as_str(), &draft.tag(), &body).await.expect(200);
    let it = changed.json();
    assert_eq!((&it["toAgencyId"], &it["urgency"]), (&body["toAgencyId"], &body["urgency"]));
    assert_eq!(it["services"], draft.json()["services"], "what is absent stays");
    node.patch(&police_manager(), path.as_str(), &draft.tag(), &body).await.refused(412, "stale-version");
    let sent = node.given_sent_referral(&case, &barnahus()).await;
    let path = format!("/v1/referrals/{}", sent.id());
    let tag = node.get(&police_manager(), path.as_str()).await.tag();
    node.patch(&police_manager(), path.as_str(), &tag, &body).await.refused(409, "state-conflict");
    let tag = node.get(&barnahus(), path.as_str()).await.tag();
    node.patch(&barnahus(), path, &tag, &body).await.refused(403, "not-your-function");
}
