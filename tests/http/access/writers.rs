//! Who looks after a child writes what it finds into the file of another agency, as far as the lead has given it to write there;
//! and what keeps somebody from a class is said.

use serde_json::{Value, json};

use crate::support::{
    Operation, TestNode, Who, accepting, asking, barnahus, child_protection, client, package, police,
    police_manager, shelter, taking_part,
};

fn writing(who: &Who, classes: &[&str]) -> Value {
    let mut body = taking_part(who, None, classes);
    for class in body["classes"].as_array_mut().into_iter().flatten() {
        class["access"] = json!("write");
    }
    body
}

fn note(class: &str) -> Value {
    json!({ "category": class, "text": "What was found." })
}

async fn events(node: &TestNode, who: &Who) -> Vec<Value> {
    node.place_events();
    let feed = node.get(who, "/v1/events?limit=200").await.expect(200).json();
    feed["data"].as_array().cloned().unwrap_or_default()
}

#[actix_web::test]
async fn a_medical_examiner_records_findings_that_the_lead_knows_of_and_does_not_read() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (doctor, lead) = (client("tartu-child-clinic"), child_protection().bound_to(&case));
    let doctor = doctor.bound_to(&case);
    let notes = format!("/v1/cases/{case}/notes");
    node.create(&doctor, notes.as_str(), &note("d7_health")).await.refused(404, "not-found");
    let read = node.given_participant(&case, &taking_part(&doctor, None, &["d7_health"])).await;
    node.create(&doctor, notes.as_str(), &note("d7_health")).await.refused(403, "section-not-writable");
    let end = json!({ "reason": "It is given more." });
    let path = format!("/v1/cases/{case}/participants/{}/end", read.id());
    let _ = node.act(&child_protection(), path, &read.tag(), &end).await.expect(200);
    let _ = node.given_participant(&case, &writing(&doctor, &["d7_health"])).await;
    let made = node.create(&doctor, notes.as_str(), &note("d7_health")).await.expect(201);
    let one = format!("{notes}/{}", made.id());
    assert_eq!(node.get(&doctor, one.as_str()).await.expect(200).json()["text"], "What was found.");
    let mut document = Operation::named("createDocument").example();
    document["category"] = json!("d7_health");
    let announced = node.create(&doctor, format!("/v1/cases/{case}/documents"), &document).await.expect(201);
    let paper = format!("/v1/cases/{case}/documents/{}", announced.id());
    let flagged = node.get(&lead, paper.as_str()).await.expect(200);
    let bytes = Operation::named("putDocumentContent").example();
    let put = format!("/v1/cases/{case}/documents/{}/content", announced.id());
    let put = node
        .ask("PUT", put)
        .by(&doctor)
        .bytes("application/octet-stream", bytes.as_str().expect("a text").to_owned());
    let _ = put.send().await.expect(200);
    // Given to write is not more than the role writes, and nothing else.
    let beyond = writing(&client("tallinn-clinic"), &["d14_risk_safety"]);
    let path = format!("/v1/cases/{case}/participants");
    node.create(&child_protection(), path, &beyond).await.refused(422, "rule-refused");
    for class in ["d14_risk_safety", "d13_best_interests_views"] {
        node.create(&doctor, notes.as_str(), &note(class)).await.refused(403, "section-not-writable");
    }
    let manager = doctor.clone().in_role("case_manager");
    node.create(&manager, notes.as_str(), &note("d7_health")).await.refused(403, "section-not-writable");
    // The lead reads a summary of health: that there is something, by whom and since when, so that it can ask.
    let by = json!(doctor.agency().id);
    for (below, id) in [("notes", made.id()), ("documents", announced.id())] {
        let seen = node.get(&lead, format!("/v1/cases/{case}/{below}")).await.expect(200).json();
        let told = seen["data"][0].clone();
        let wanted = json!({
            "id": id, "caseId": case, "category": "d7_health", "agencyId": by, "recordedAt": told["recordedAt"],
            "summaryOnly": true
        });
        assert!(told["recordedAt"].is_string());
        assert_eq!(
            (&seen["data"], node.get(&lead, format!("/v1/cases/{case}/{below}/{id}")).await.json()),
            (&json!([wanted]), wanted.clone())
        );
    }
    let after = node.get(&lead, paper.as_str()).await.expect(200);
    assert_eq!((after.tag(), after.json()), (flagged.tag(), flagged.json()), "its bytes came meanwhile");
    node.get(&lead, format!("{paper}/content")).await.refused(403, "section-not-readable");
    let of_both = |all: &[Value]| {
        let about = all.iter().filter(|it| [&made, &announced].iter().any(|of| it["subjectId"] == of.id()));
        about.map(|it| it["type"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of_both(&events(&node, &lead).await), ["note.recorded", "document.recorded"]);
    // Whoever was given nothing of health is told of none of it.
    let guest = client("narva-ngo");
    let _ = node.given_participant(&case, &taking_part(&guest, None, &["d14_risk_safety"])).await;
    let seen = node.get(&guest, notes.as_str()).await.expect(200).json();
    assert_eq!(seen["data"], json!([]));
    node.get(&guest, one.as_str()).await.refused(404, "not-found");
    let heard = events(&node, &doctor).await;
    assert_eq!(of_both(&heard), ["note.recorded", "document.recorded", "document.stored"]);
    let of_note = heard.iter().find(|it| it["subjectId"] == made.id()).expect("its own");
    assert_eq!(of_note["data"]["category"], "d7_health");
}

#[actix_web::test]
async fn a_shelter_writes_on_safety_where_it_was_given_to_and_nothing_beyond_its_type() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let guest = shelter();
    let path = format!("/v1/cases/{case}/participants");
    for (who, class) in [
        (&guest, "d4_exploitation_narrative"),
        (&guest, "d2_whereabouts"),
        (&client("tallinn-school"), "d14_risk_safety"),
        (&client("ee-focal-point"), "d14_risk_safety"),
    ] {
        let refused = node.create(&child_protection(), path.as_str(), &writing(who, &[class])).await;
        assert_eq!(
            (refused.status, refused.rules().first().map(String::as_str)),
            (422, Some("R75")),
            "{class}"
        );
    }
    let _ = node.given_participant(&case, &writing(&guest, &["d14_risk_safety"])).await;
    let notes = format!("/v1/cases/{case}/notes");
    let made = node.create(&guest, notes.as_str(), &note("d14_risk_safety")).await.expect(201);
    let one = format!("{notes}/{}", made.id());
    let _ = node.get(&child_protection(), one.as_str()).await.expect(200);
    assert!(events(&node, &child_protection()).await.iter().any(|it| it["subjectId"] == made.id()));
    node.create(&guest, notes.as_str(), &note("d11_alleged_offenders"))
        .await
        .refused(403, "section-not-writable");
    // It adds, and changes nothing of what is there.
    let contact = json!({ "relation": "sibling", "givenName": "Invented", "contactDecision": "allowed" });
    let contacts = format!("/v1/cases/{case}/contacts");
    node.create(&guest, contacts, &contact).await.refused(403, "not-your-function");
}

fn reason(case: &Value, class: &str) -> Value {
    let all = case["withheld"].as_array().into_iter().flatten();
    all.into_iter().find(|it| it["section"] == class).map_or(Value::Null, |it| it["reason"].clone())
}

#[actix_web::test]
async fn what_keeps_somebody_from_a_class_is_said_where_the_class_may_be_named() {
    let node = TestNode::start().await;
    let case = node.given_case_by(&child_protection()).await;
    let file = format!("/v1/cases/{case}");
    // By a referral, which has no order.
    let asked = police_manager();
    let mut body = asking(&case, &asked);
    body["send"] = package();
    let id = node.create(&child_protection(), "/v1/referrals", &body).await.expect(201).id();
    let _ = node.referral_act(&asked, &id, "acknowledge", &json!({})).await.expect(200);
    let _ = node.referral_act(&asked, &id, "accept", &accepting()).await.expect(200);
    let officer = police().bound_to(&case);
    let seen = node.get(&officer, file.as_str()).await.expect(200).json();
    assert_eq!(reason(&seen, "d2_whereabouts"), "legal_basis");
    assert_eq!(reason(&seen, "d10_intelligence"), "not_disclosed", "the role has a part in it");
    let refused = node.get(&officer, format!("{file}/whereabouts")).await;
    let refused = refused.refused(403, "section-not-readable");
    assert_eq!(refused.text("detail"), "the section d2_whereabouts: legal_basis");
    let mut ordered = taking_part(&client("narva-ngo"), None, &["d2_whereabouts"]);
    ordered["party"]["agencyId"] = json!(barnahus().agency().id);
    let _ = node.given_participant(&case, &ordered).await;
    for (who, class, wanted) in [
        (barnahus(), "d9_interview_recording_locator", json!("not_disclosed")),
        (barnahus(), "d8_therapy_notes", Value::Null),
        (barnahus(), "d10_intelligence", Value::Null),
        (barnahus().in_role("therapist"), "d8_therapy_notes", json!("not_disclosed")),
        (barnahus().in_role("therapist"), "d9_interview_recording_locator", Value::Null),
        (child_protection(), "d8_therapy_notes", Value::Null),
        (child_protection(), "d10_intelligence", Value::Null),
        (police().in_role("case_manager"), "d10_intelligence", Value::Null),
    ] {
        let seen = node.get(&who.clone().bound_to(&case), file.as_str()).await.expect(200).json();
        assert_eq!(reason(&seen, class), wanted, "{class} for {who:?}");
    }
}
