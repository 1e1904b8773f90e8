//! The same child is seen as the same child: by the pseudonym that another country has for it, in all its requests (R70).

use serde_json::{Value, json};

use super::{seen, why};
use crate::support::{
    Seen, TestNode, Who, asking_abroad, child_protection, client, focal_point, lv_central_authority,
    lv_focal_point,
};

const MOVE: &str = "tr_assistance_referral";

/// A request about a child of which nothing but the pseudonym tells who it is, received in Latvia.
async fn received(node: &TestNode, case: &str, kind: &str) -> String {
    let mut unnamed = asking_abroad(case, kind);
    unnamed["content"]["withIdentity"] = json!(false);
    let id = node.create(&child_protection(), "/v1/transnational-requests", &unnamed).await.expect(201).id();
    let office = if kind == MOVE { focal_point() } else { client("ee-central-authority") };
    for (who, act) in [(child_protection(), "submit-national"), (office, "approve")] {
        let _ = node.abroad(&who, &id, act, &Value::Null).await.expect(200);
    }
    id
}

async fn open(node: &TestNode, who: &Who, id: &str, body: &Value) -> Seen {
    node.abroad(who, id, "open-case", body).await
}

async fn own_case(node: &TestNode, id: &str) -> String {
    let opened = open(node, &lv_focal_point(), id, &json!({})).await.expect(200).json();
    opened["caseId"].as_str().expect("a case").to_owned()
}

fn named(refused: &Seen) -> Option<String> {
    refused.json()["violations"][0]["caseId"].as_str().map(str::to_owned)
}

#[actix_web::test]
async fn r70_a_second_request_about_a_child_opens_no_second_case() {
    let node = TestNode::start().await;
    let (case, theirs) = (node.given_case().await, lv_focal_point());
    let (first, second) = (received(&node, &case, MOVE).await, received(&node, &case, MOVE).await);
    let own = own_case(&node, &first).await;
    let refused = open(&node, &theirs, &second, &json!({})).await.expect(422);
    assert_eq!(
        (why(&refused), named(&refused)),
        (vec!["R70".to_owned()], Some(own.clone())),
        "{}",
        refused.told()
    );
    assert!(refused.told().contains("caseId"), "{}", refused.told());
    assert_eq!(seen(&node, &theirs, &second).await["caseId"], Value::Null, "nothing was opened");
    // The case of another child is not the right one either.
    let other = received(&node, &node.given_case().await, MOVE).await;
    let of_other = own_case(&node, &other).await;
    let wrong = open(&node, &theirs, &second, &json!({ "caseId": of_other })).await.expect(422);
    assert_eq!((why(&wrong), named(&wrong)), (vec!["R70".to_owned()], Some(own.clone())), "{}", wrong.told());
    let both = json!({ "caseId": own, "distinctFrom": [own], "distinctReason": "It is another girl." });
    let said = open(&node, &theirs, &second, &both).await.refused(422, "inconsistent-values");
    assert_eq!(said.found(), [("linked_case".to_owned(), "/distinctFrom".to_owned())]);
    let linked = open(&node, &theirs, &second, &json!({ "caseId": own })).await.expect(200);
    assert_eq!(linked.text("caseId"), own);

    let third = received(&node, &case, MOVE).await;
    let apart = json!({ "distinctFrom": [own], "distinctReason": "Estonia has mixed two children up." });
    let opened = open(&node, &theirs, &third, &apart).await.expect(200);
    assert_ne!(opened.text("caseId"), own);
    let again = received(&node, &case, MOVE).await;
    let both = open(&node, &theirs, &again, &json!({})).await.expect(422);
    assert_eq!(why(&both), ["R70", "R70"], "either is of a child who is named so");
}

#[actix_web::test]
async fn r70_whoever_may_not_know_of_the_case_learns_nothing_and_both_leads_are_asked() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let own = own_case(&node, &received(&node, &case, MOVE).await).await;
    let locate = received(&node, &case, "tr_locate").await;
    let theirs = lv_central_authority();
    let opened = open(&node, &theirs, &locate, &json!({})).await.expect(200);
    let second = opened.text("caseId");
    assert!(!opened.told().contains(&own), "nothing of the other case: {}", opened.told());
    assert_eq!(opened.json()["warnings"].to_string().matches("R70").count(), 0);
    let lead = client("riga-child-protection");
    for (of, other) in [(&own, &second), (&second, &own)] {
        let all = node.get(&lead, format!("/v1/cases/{of}/matches")).await.expect(200).json();
        assert_eq!(all["data"][0]["other"]["case"]["id"], other.as_str(), "{all}");
        assert_eq!(all["data"][0]["other"]["reasons"], json!(["same_pseudonym"]), "{all}");
        assert_eq!(all["data"][0]["status"], "suggested");
    }
    // The answer to somebody who names a case that may not be known is that there is none.
    let further = received(&node, &case, "tr_locate").await;
    let guessed = open(&node, &theirs, &further, &json!({ "caseId": own })).await;
    guessed.refused(422, "reference-not-found");
}

#[actix_web::test]
async fn a_case_that_was_merged_goes_on_in_the_other() {
    let node = TestNode::start().await;
    let (case, theirs) = (node.given_case().await, lv_focal_point());
    let one = own_case(&node, &received(&node, &case, MOVE).await).await;
    // Estonia has taken the child in twice, and asks by both cases; Latvia finds out.
    let two = own_case(&node, &received(&node, &node.given_case().await, MOVE).await).await;
    let lead = client("riga-child-protection");
    let protect = json!({ "reasons": "She has nobody here." });
    for it in [&one, &two] {
        let _ = node.life(&lead, it, "open-for-protection", &protect).await.expect(200);
    }
    let chief = lead.clone().in_role("supervisor");
    let merge = json!({ "intoCaseId": two, "evidence": ["recognised_by_two"], "reasons": "The same child." });
    let _ = node.life(&chief, &one, "merge", &merge).await.expect(200);
    let further = received(&node, &case, MOVE).await;
    let refused = open(&node, &theirs, &further, &json!({})).await.expect(422);
    assert_eq!(
        (why(&refused), named(&refused)),
        (vec!["R70".to_owned()], Some(two.clone())),
        "{}",
        refused.told()
    );
    let _ = open(&node, &theirs, &further, &json!({ "caseId": two })).await.expect(200);
}

#[actix_web::test]
async fn what_is_asked_back_names_the_child_as_it_was_named() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = received(&node, &case, MOVE).await;
    let own = own_case(&node, &id).await;
    let pseudonym = async |who: &Who, id: &str| {
        let path = format!("/v1/transnational-requests/{id}/package");
        let package = node.get(who, path).await.expect(200).json();
        package["package"]["content"]["child"].as_str().expect("a pseudonym").to_owned()
    };
    let lead = client("riga-child-protection");
    let mut back = asking_abroad(&own, MOVE);
    (back["toCountry"], back["toOffice"]) = (json!("EE"), json!("demo-focal-point"));
    back["content"]["withIdentity"] = json!(false);
    let asked = node.create(&lead, "/v1/transnational-requests", &back).await.expect(201).id();
    assert_eq!(pseudonym(&lead, &asked).await, pseudonym(&lv_focal_point(), &id).await);
    for (who, act) in [(lead, "submit-national"), (lv_focal_point(), "approve")] {
        let _ = node.abroad(&who, &asked, act, &Value::Null).await.expect(200);
    }
    // The focal point may not know of the case here: whoever leads is asked, and it is told nothing.
    let opened = open(&node, &focal_point(), &asked, &json!({})).await.expect(200);
    assert!(!opened.told().contains(&case), "{}", opened.told());
    let all = node.get(&child_protection(), format!("/v1/cases/{case}/matches")).await.expect(200).json();
    assert_eq!(all["data"][0]["other"]["reasons"], json!(["same_pseudonym"]), "{all}");
}

#[actix_web::test]
async fn what_is_forwarded_tells_beside_the_package_who_has_it_since() {
    let node = TestNode::start().await;
    let (case, next) = (node.given_case().await, lv_central_authority());
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    let path = format!("/v1/transnational-requests/{id}/package");
    let before = node.get(&lv_focal_point(), path.as_str()).await.expect(200).json();
    let first = &before["addressees"];
    assert_eq!((first.as_array().map(Vec::len), &first[0]["by"]), (Some(1), &json!("package")), "{before}");
    node.clock.advance(3600);
    let to = json!({ "toAgencyId": next.agency().id, "because": "They are competent." });
    let _ = node.abroad(&lv_focal_point(), &id, "forward", &to).await.expect(200);
    let after = node.get(&next, path).await.expect(200).json();
    assert_eq!(after["package"], before["package"], "nothing in it changes on the way");
    assert_eq!(
        (&after["digest"], &after["package"]["to"]["code"]),
        (&before["digest"], &json!("demo-focal-point-riga"))
    );
    let wanted = json!({
        "office": { "country": "LV", "code": "demo-central-authority-riga" }, "by": "forwarded",
        "since": "2026-11-24T09:00:00Z",
    });
    for who in [&next, &child_protection()] {
        let it = seen(&node, who, &id).await;
        assert_eq!(it["addressees"][1], wanted, "{it}");
    }
    assert_eq!(after["addressees"][1], wanted);
    let draft = node.given_abroad_draft(&case, MOVE).await;
    assert_eq!(seen(&node, &child_protection(), &draft).await["addressees"], Value::Null, "nobody yet");
}

#[actix_web::test]
async fn every_type_of_request_goes_to_an_office_of_the_demo() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    for (kind, theirs) in [
        ("tr_implementation", "lv-family-court"),
        ("tr_jurisdiction", "lv-family-court"),
        ("tr_evidence", "lv-prosecution"),
    ] {
        let id = node.given_abroad(&case, kind, "assess").await;
        let decline =
            |reason: &str| json!({ "reason": reason, "explanation": "So it is.", "noneKnown": true });
        let refused =
            node.abroad(&client(theirs), &id, "decline", &decline("consent_refused_no_placement")).await;
        assert_eq!(why(&refused.expect(422)), ["R82"], "{kind}");
        let list = node.get(&client(theirs), format!("/v1/transnational-requests/{id}/checklist")).await;
        let list = list.expect(200).json();
        let grounds: Vec<_> =
            list["declineGrounds"].as_array().expect("grounds").iter().map(|it| &it["reason"]).collect();
        assert!(
            grounds.contains(&&json!("legal_ground_missing"))
                && list["declineGrounds"][0]["sources"][0].is_object()
        );
        let answered = node.abroad(&client(theirs), &id, "answer", &json!({ "answer": "It is done." })).await;
        assert_eq!(answered.expect(200).text("status"), "answered", "{kind}");
    }
}
