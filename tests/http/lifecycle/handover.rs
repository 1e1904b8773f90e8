//! Handed over, inside the country and abroad.

use serde_json::json;

use super::*;

#[actix_web::test]
async fn inside_the_country_the_new_lead_works_on_in_the_same_case() {
    let node = TestNode::start().await;
    let (lead, next) = (child_protection(), police_manager());
    let case = node.given_case().await;
    let (who, act, body) = presuming();
    let _ = node.identification_act(&who, &case, act, &body).await.expect(200);
    let to = next.agency().id.to_string();
    let proposing = json!({ "toAgencyId": to, "reasons": "They know the family." });
    let early = node.life(&lead, &case, "propose-handover", &proposing).await;
    assert_eq!(early.refused(422, "rule-refused").rules(), ["R55"], "nobody has accepted it");
    let _ = node.given_taken_referral(&case, &next).await;
    let proposed = node.life(&lead, &case, "propose-handover", &proposing).await.expect(200);
    assert_eq!(
        (proposed.text("status"), proposed.text("leadAgencyId")),
        ("transfer_pending".into(), lead.agency().id.to_string())
    );
    let waiting = node
        .get(&next, "/v1/deadlines?scope=agency&standing=open&duty=answer_handover")
        .await
        .expect(200)
        .json();
    assert_eq!(waiting["data"].as_array().map(Vec::len), Some(1));
    node.life(&lead, &case, "confirm-handover", &arrived()).await.refused(403, "not-your-function");
    let mut half = arrived();
    half["confirmed"] = json!(["child_arrived", "carer_present", "plan_accepted"]);
    let refused = node.life(&next, &case, "confirm-handover", &half).await.refused(422, "rule-refused");
    assert_eq!((refused.rules(), refused.found()[0].1.as_str()), (vec!["R55".to_owned()], "/confirmed"));
    let confirmed = node.life(&next, &case, "confirm-handover", &arrived()).await.expect(200);
    assert_eq!((confirmed.text("status"), confirmed.text("leadAgencyId")), ("open".into(), to.clone()));

    // The new lead owes what the old one owed, and works on; the old one has nothing to do with it any more.
    let owed = duties(&node, &next, &case).await;
    assert_eq!(
        names(&owed),
        [
            "asylum_information",
            "education",
            "give_information",
            "guardian_check",
            "reflection_offer",
            "safety_plan"
        ]
    );
    let mine =
        node.get(&next, "/v1/deadlines?scope=agency&standing=open&duty=safety_plan").await.expect(200).json();
    assert_eq!(mine["data"].as_array().map(Vec::len), Some(1));
    let old =
        node.get(&lead, "/v1/deadlines?scope=agency&standing=open&duty=safety_plan").await.expect(200).json();
    assert_eq!(old["data"].as_array().map(Vec::len), Some(0));
    let path = format!("/v1/cases/{case}/whereabouts");
    let tag = node.get(&next, path.as_str()).await.expect(200).tag();
    let _ =
        node.patch(&next, path.as_str(), &tag, &json!({ "address": "Invented Street 2" })).await.expect(200);
    for path in [path.clone(), format!("/v1/cases/{case}"), format!("/v1/cases/{case}/lifecycle")] {
        node.get(&lead, path).await.refused(404, "not-found");
    }
    let list = node.get(&lead, "/v1/cases").await.expect(200).json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(0));
    let list = node.get(&next, "/v1/cases").await.expect(200).json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "once, though it opened the case as well");
    let timeline = node.get(&next, format!("/v1/cases/{case}/timeline")).await.expect(200).json();
    let events = timeline["data"].as_array().cloned().unwrap_or_default();
    let drafted = events.iter().filter(|it| it["type"] == "referral.drafted").count();
    assert_eq!(drafted, 1, "the file stays one: what the old lead did is in it: {events:?}");
}

#[actix_web::test]
async fn abroad_the_focal_point_confirms_and_the_case_is_read_only() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let case = node.given_protected_case().await;
    let mut body = json!({
        "abroad": {
            "country": "FI", "authority": "An invented authority", "movesOn": "2026-12-01",
            "consent": { "answer": "no_answer" },
        },
        "reasons": "His mother lives there.",
    });
    let silent = node.life(&lead, &case, "propose-handover", &body).await;
    assert_eq!(silent.refused(422, "rule-refused").rules(), ["R56"]);
    body["abroad"]["consent"] = json!({ "answer": "consented" });
    let unwritten = node.life(&lead, &case, "propose-handover", &body).await;
    assert_eq!(unwritten.refused(422, "rule-refused").rules(), ["R53"]);
    body["abroad"]["consent"] =
        json!({ "answer": "consented", "document": "Consent 7", "dated": "2026-12-01" });
    let late = node.life(&lead, &case, "propose-handover", &body).await;
    assert_eq!(late.refused(422, "rule-refused").rules(), ["R53"]);
    node.get(&focal_point(), format!("/v1/cases/{case}")).await.refused(404, "not-found");
    body["abroad"]["consent"]["dated"] = json!("2026-11-20");
    let both = {
        let mut it = body.clone();
        it["toAgencyId"] = json!(lead.agency().id.to_string());
        it
    };
    let _ = node.life(&lead, &case, "propose-handover", &both).await.expect(422);
    let _ = node.life(&lead, &case, "propose-handover", &body).await.expect(200);

    let focal = focal_point();
    let it = seen_by(&node, &focal, &case).await;
    assert_eq!(it["handovers"][0]["toCountry"], "FI");
    assert_eq!(it["acts"][1]["abroad"]["consentDocument"], "Consent 7");
    node.get(&focal, format!("/v1/cases/{case}/child")).await.refused(403, "section-not-readable");
    let notes =
        node.get(&focal, format!("/v1/cases/{case}/notes")).await.refused(403, "section-not-readable");
    let detail = notes.text("detail");
    assert!(
        detail.starts_with("each of ") && detail.contains("d14_risk_safety"),
        "no single class: {detail}"
    );
    let bare = node.life(&focal, &case, "confirm-handover", &arrived()).await;
    assert_eq!(bare.refused(422, "rule-refused").rules(), ["R56"]);
    let mut whole = arrived();
    whole["writing"] =
        json!({ "authority": "An invented authority", "document": "Letter 8", "dated": "2026-11-24" });
    let done = node.life(&focal, &case, "confirm-handover", &whole).await.expect(200);
    assert_eq!((done.text("status"), &done.json()["readOnly"]), ("transferred".into(), &json!(true)));
    read_only(&node, &case).await;
    let again = json!({ "reason": "solution_failed", "explanation": "She was sent back." });
    let reopened = node.life(&lead, &case, "reopen", &again).await.expect(200);
    assert_eq!(reopened.text("status"), "reopened");
}
