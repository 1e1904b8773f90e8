//! From the draft to the closing answer, and what each side sees of it.

use domain::transnational::Digest;
use serde_json::{Value, json};

use super::{both, seen, why};
use crate::support::{
    TestNode, asking_abroad, central_authority, child_protection, client, focal_point, lv_central_authority,
    lv_focal_point, police_manager,
};

fn at(id: &str, rest: &str) -> String {
    format!("/v1/transnational-requests/{id}/{rest}")
}

#[actix_web::test]
async fn a_question_from_the_draft_to_the_closing_answer() {
    let node = TestNode::start().await;
    let (author, ours, theirs) = (child_protection(), central_authority(), lv_central_authority());
    let case = node.given_case().await;
    let mut body = asking_abroad(&case, "tr_information");
    body["content"]["parts"] = json!([]);
    body["content"]["written"][0]["text"] = json!("Her grandmother may care for her.");
    let made = node.create(&author, "/v1/transnational-requests", &body).await.expect(201);
    let id = made.id();
    assert_eq!(made.text("status"), "draft");
    assert_eq!(made.json()["content"]["written"], body["content"]["written"], "the author goes on writing");
    node.get(&ours, format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
    let listed = node.get(&ours, "/v1/transnational-requests?box=out").await.expect(200).json();
    assert_eq!(listed["data"], json!([]), "a draft is its author's alone");
    let list = node.get(&author, at(&id, "checklist")).await.expect(200).json();
    let missing: Vec<_> =
        list["parts"].as_array().expect("parts").iter().filter(|it| it["present"] == false).collect();
    assert_eq!(
        (missing.len(), &missing[0]["part"], &missing[0]["rule"]),
        (1, &json!("translation"), &json!("R76"))
    );
    assert_eq!((&list["complete"], &list["channelOpen"]), (&json!(false), &json!(true)));
    assert_eq!(why(&node.abroad(&author, &id, "submit-national", &Value::Null).await.expect(422)), ["R76"]);
    let tag = node.get(&author, format!("/v1/transnational-requests/{id}")).await.tag();
    body["content"]["parts"] = json!(["translation"]);
    let patch = json!({ "content": body["content"] });
    let _ = node.patch(&author, format!("/v1/transnational-requests/{id}"), &tag, &patch).await.expect(200);
    let wrong = json!({ "packageDigest": "0".repeat(64) });
    node.abroad(&author, &id, "submit-national", &wrong).await.refused(409, "package-changed");
    let _ = node.abroad(&author, &id, "submit-national", &Value::Null).await.expect(200);
    node.get(&theirs, format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
    assert_eq!(seen(&node, &author, &id).await["content"]["parts"], json!(["translation"]));
    assert_eq!(seen(&node, &ours, &id).await["content"], Value::Null, "the office reads the package");
    let sent = node.abroad(&ours, &id, "approve", &Value::Null).await.expect(200);
    assert_eq!(seen(&node, &author, &id).await["content"], Value::Null, "nothing is changed any more");
    let list = node.get(&theirs, at(&id, "checklist")).await.expect(200).json();
    assert_eq!((&list["complete"], &list["childViewGiven"]), (&json!(true), &json!(true)), "{list}");
    let package = node.get(&theirs, at(&id, "package")).await.expect(200).told();
    assert_eq!(sent.text("status"), "delivered", "the receipt came back at once");
    assert_eq!(sent.json()["messagesUnreceipted"], 0);
    assert_eq!(sent.json()["firstReceivedAt"], "2026-11-24T08:00:00Z");
    for (who, act, body) in [
        (&theirs, "acknowledge", json!({ "officer": "Officer L." })),
        (&theirs, "request-information", json!({ "questions": ["Who is her guardian?"] })),
        (&author, "provide-information", json!({ "answers": [{ "answer": "Her mother." }] })),
        (&theirs, "assess", json!({})),
        (&theirs, "answer", json!({ "answer": "The grandmother is well and willing." })),
    ] {
        let _ = node.abroad(who, &id, act, &body).await.expect(200);
    }
    let answered = seen(&node, &author, &id).await;
    assert_eq!((&answered["status"], &answered["officer"]), (&json!("answered"), &json!("Officer L.")));
    assert_eq!(answered["answer"], "The grandmother is well and willing.");
    let _ = node.abroad(&author, &id, "close", &json!({ "outcome": "She goes to her." })).await.expect(200);
    assert_eq!(both(&node, &author, &theirs, &id).await, ("closed".to_owned(), "closed".to_owned()));
    let there = seen(&node, &theirs, &id).await;
    assert_eq!(there["outcome"], "She goes to her.", "told to both");
    let seq = json!({ "seq": there["noticesToAcknowledge"][0]["seq"] });
    let _ = node.abroad(&theirs, &id, "acknowledge-notice", &seq).await.expect(200);
    let messages = node.get(&theirs, at(&id, "messages")).await.expect(200);
    let kinds: Vec<_> =
        messages.json()["data"].as_array().expect("data").iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    node.get(&theirs, at(&id, "package")).await.refused(404, "not-found");
    for seen in [there.to_string(), messages.told(), package] {
        assert!(!seen.contains(&case), "the case of the other side is nothing that crosses");
    }
    let deadlines = node.get(&ours, "/v1/deadlines?scope=agency").await.expect(200).json();
    let open =
        deadlines["data"].as_array().expect("data").iter().filter(|it| it["closedAt"].is_null()).count();
    assert_eq!(open, 0, "nothing is owed any more: {deadlines}");
    let timeline =
        node.get(&author, format!("/v1/cases/{case}/timeline?subject=transnational_request")).await;
    assert!(
        timeline.expect(200).json()["data"].as_array().expect("data").len() > 8,
        "told in the case of this side"
    );
    node.place_events();
    let feed = node.get(&theirs, "/v1/events").await.expect(200).json();
    let told: Vec<_> = feed["data"]
        .as_array()
        .expect("data")
        .iter()
        .map(|it| it["type"].as_str().unwrap_or_default())
        .collect();
    assert!(
        told.contains(&"transnational_request.received") && told.contains(&"transnational_request.closed"),
        "{told:?}"
    );
}

#[actix_web::test]
async fn what_is_previewed_is_byte_for_byte_what_the_other_side_receives() {
    let node = TestNode::start().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let case = node.given_case().await;
    let id = node.given_abroad(&case, "tr_assistance_referral", "submit-national").await;
    let before = node.get(&author, at(&id, "package")).await.expect(200);
    let _ = node.abroad(&focal_point(), &id, "approve", &Value::Null).await.expect(200);
    let after = node.get(&theirs, at(&id, "package")).await.expect(200);
    let document = |it: &crate::support::Seen| {
        let text = String::from_utf8_lossy(&it.body).into_owned();
        let (_, rest) = text.split_once(r#","package":"#).expect("a package");
        let end = rest.find(r#","identity":{"#).or_else(|| rest.find(r#","withheld":"#)).expect("its end");
        rest[..end].to_owned()
    };
    assert_eq!(document(&before), document(&after), "the preview is what arrives");
    assert_eq!(
        Digest::of(document(&after).as_bytes()).as_str(),
        after.text("digest"),
        "and it is the digest of it"
    );
    assert_eq!(
        (before.text("packageStatus"), after.text("packageStatus")),
        ("prepared".into(), "received".into())
    );
    let name = &after.json()["identity"];
    assert!(name["callName"].is_string(), "the identity block is apart: {name}");
    assert!(!document(&after).contains(name["callName"].as_str().expect("a name")), "and not in the package");
    // A reader without identity has neither name nor age, and is told so.
    let other =
        node.get(&theirs.clone().in_role("duty_officer").for_purpose("protection"), at(&id, "package")).await;
    assert_eq!(other.status, 200);
    let schema = node.get(&police_manager(), "/v1/schemas/transnational-package").await.expect(200).json();
    let schema: Value = serde_json::from_str(schema["schema"].as_str().expect("a schema")).expect("JSON");
    let validator = jsonschema::options().build(&schema).expect("a schema");
    let package: Value = serde_json::from_str(&document(&after)).expect("JSON");
    assert!(validator.is_valid(&package), "{package}");
}

#[actix_web::test]
async fn the_other_country_opens_a_case_of_its_own() {
    let node = TestNode::start().await;
    let (theirs, lead) = (lv_focal_point(), client("riga-child-protection"));
    let case = node.given_presumed_case().await;
    let mut body = asking_abroad(&case, "tr_identification_support");
    body["content"]["disclosures"].as_array_mut().expect("a list").push(
        json!({ "dataClass": "d6_identification_decision", "lawfulBases": ["h96_or_biib_cooperation"] }),
    );
    let id = node.create(&child_protection(), "/v1/transnational-requests", &body).await.expect(201).id();
    for (who, act) in [(child_protection(), "submit-national"), (focal_point(), "approve")] {
        let _ = node.abroad(&who, &id, act, &Value::Null).await.expect(200);
    }
    let came = seen(&node, &theirs, &id).await;
    assert!(came["caseId"].is_null());
    node.get(&lead, format!("/v1/transnational-requests/{id}")).await.refused(404, "not-found");
    let opened = node.abroad(&theirs, &id, "open-case", &json!({})).await.expect(200).json();
    let own = opened["caseId"].as_str().expect("a case").to_owned();
    assert!(own != case && opened["leadAgencyId"] == lead.agency().id.to_string().as_str());
    let child = node.get(&lead, format!("/v1/cases/{own}/child")).await.expect(200).json();
    let ours = node.get(&child_protection(), format!("/v1/cases/{case}/child")).await.expect(200).json();
    for member in ["callName", "birthDate", "sex", "languages"] {
        assert_eq!(child[member], ours[member], "{member}");
    }
    for who in [&theirs, &lead] {
        node.get(who, format!("/v1/cases/{case}")).await.refused(404, "not-found");
        node.get(&child_protection(), format!("/v1/cases/{own}")).await.refused(404, "not-found");
        assert_eq!(seen(&node, who, &id).await["caseId"], own.as_str(), "linked by the request");
    }
    let again = node.abroad(&theirs, &id, "open-case", &json!({})).await;
    again.refused(409, "state-conflict");
    let list =
        node.get(&lead, format!("/v1/transnational-requests?box=in&caseId={own}")).await.expect(200).json();
    assert_eq!(list["data"][0]["id"], id.as_str());
}

#[actix_web::test]
async fn a_second_request_is_linked_to_the_case_that_is_there() {
    let node = TestNode::start().await;
    let theirs = lv_focal_point();
    let case = node.given_case().await;
    let (first, second) = (
        node.given_abroad(&case, "tr_assistance_referral", "acknowledge").await,
        node.given_abroad(&case, "tr_assistance_referral", "acknowledge").await,
    );
    let own = node.abroad(&theirs, &first, "open-case", &json!({})).await.expect(200).text("caseId");
    for unknown in [case.as_str(), "0192f0c1-2345-7abc-8def-0123456789ab"] {
        let refused = node.abroad(&theirs, &second, "open-case", &json!({ "caseId": unknown })).await;
        refused.refused(422, "reference-not-found");
    }
    let linked = node.abroad(&theirs, &second, "open-case", &json!({ "caseId": own })).await.expect(200);
    assert_eq!(linked.text("caseId"), own);
    let lead = client("riga-child-protection");
    assert_eq!(seen(&node, &lead, &second).await["caseId"], own.as_str(), "its lead has it as well");
}

#[actix_web::test]
async fn the_messages_of_a_request_come_by_time_and_number_page_by_page() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_abroad(&case, "tr_assistance_referral", "assess").await;
    let _ = node
        .abroad(&child_protection(), &id, "notify", &json!({ "kind": "correction", "about": "The year." }))
        .await
        .expect(200);
    let place = |it: &Value| (it["at"].to_string(), it["seq"].as_u64(), it["from"] == "requested");
    let whole = node.get(&child_protection(), at(&id, "messages")).await.expect(200).json();
    let whole: Vec<_> = whole["data"].as_array().expect("data").iter().map(place).collect();
    assert!(whole.len() == 4 && whole.is_sorted(), "{whole:?}");
    let (mut read, mut page) = (Vec::new(), at(&id, "messages?limit=1"));
    loop {
        let it = node.get(&child_protection(), page.as_str()).await.expect(200).json();
        read.extend(it["data"].as_array().expect("data").iter().map(place));
        let Some(next) = it["nextCursor"].as_str() else { break };
        page = at(&id, &format!("messages?limit=1&cursor={next}"));
    }
    assert_eq!(read, whole, "each once");
}

#[actix_web::test]
async fn data_is_passed_on_as_far_as_its_origin_allowed_and_never_back() {
    let node = TestNode::start().await;
    let (theirs, lead) = (lv_focal_point(), client("riga-child-protection"));
    let case = node.given_case().await;
    let mut body = asking_abroad(&case, "tr_assistance_referral");
    body["content"]["passOn"] = json!({ "classes": ["d15_referral_metadata"], "countries": ["EE", "FI"] });
    let id = node.create(&child_protection(), "/v1/transnational-requests", &body).await.expect(201).id();
    for (who, act) in [(child_protection(), "submit-national"), (focal_point(), "approve")] {
        let _ = node.abroad(&who, &id, act, &Value::Null).await.expect(200);
    }
    let own = node.abroad(&theirs, &id, "open-case", &json!({})).await.expect(200).text("caseId");
    let mut onward = asking_abroad(&own, "tr_assistance_referral");
    onward["toCountry"] = json!("FI");
    let refused = node.create(&lead, "/v1/transnational-requests", &onward).await.expect(422);
    assert_eq!(why(&refused), ["R113"], "as if the child were known from here");
    onward["onwardOf"] = json!(id);
    onward["toOffice"] = json!("demo-focal-point");
    onward["toCountry"] = json!("EE");
    let refused = node.create(&lead, "/v1/transnational-requests", &onward).await.expect(422);
    assert_eq!(why(&refused), ["chain_loops"], "it has been there");
    onward["toCountry"] = json!("LT");
    onward.as_object_mut().expect("a body").remove("toOffice");
    let refused = node.create(&lead, "/v1/transnational-requests", &onward).await.expect(422);
    assert_eq!(why(&refused), ["no_office"], "nobody is asked who is not there");
    onward["onwardOf"] = json!("0192f0c1-2345-7abc-8def-0123456789ab");
    onward["toCountry"] = json!("EE");
    node.create(&lead, "/v1/transnational-requests", &onward).await.refused(422, "reference-not-found");
    onward.as_object_mut().expect("a body").remove("onwardOf");
    onward["toOffice"] = json!("demo-focal-point");
    let _ = node.create(&lead, "/v1/transnational-requests", &onward).await.expect(201);
}

#[actix_web::test]
async fn every_type_has_its_channel_to_latvia_and_none_to_norway() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let all = node.get(&lead, "/v1/countries/LV/channels").await.expect(200).json();
    let kinds: std::collections::BTreeSet<_> = all["channels"]
        .as_array()
        .expect("channels")
        .iter()
        .map(|it| it["requestType"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(kinds.len(), 11, "{kinds:?}");
    let offices = all["offices"].as_array().expect("offices");
    assert!(
        offices.iter().any(|it| it["code"] == "demo-central-authority-riga" && it["onDuty"] == true),
        "{offices:?}"
    );
    let before = node.get(&lead, "/v1/countries/LV/channels?on=2010-01-01").await.expect(200).json();
    assert!(
        before["channels"].as_array().expect("channels").len()
            < all["channels"].as_array().expect("channels").len()
    );
    let denmark = node.get(&lead, "/v1/countries/DK/channels").await.expect(200).json();
    assert!(denmark["channels"].as_array().expect("channels").iter().all(|it| it["instrument"] != "biib"));
    assert_eq!(denmark["offices"], json!([]));
    node.get(&lead, "/v1/countries/XX/channels").await.refused(404, "not-found");
    node.get(&lead, "/v1/countries/lv/channels").await.refused(404, "not-found");
}

#[actix_web::test]
async fn the_law_between_two_states_is_told_whether_the_other_takes_part_or_not() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let channels = async |code: &str| {
        node.get(&lead, format!("/v1/countries/{code}/channels?on=2026-11-24")).await.expect(200).json()
    };
    // Nobody here has a profile of them, and law binds them all the same.
    for code in ["GB", "UA", "MD"] {
        let it = channels(code).await;
        let all = it["channels"].as_array().expect("channels");
        assert!(all.iter().any(|it| it["requestType"] == "tr_danger_notice"), "{it}");
        assert!(all.iter().all(|it| it["instrument"] != "biib" && it["instrument"] != "atd"), "{it}");
        assert_eq!((&it["offices"], &it["sameDataProtection"]), (&json!([]), &json!(false)));
        assert_eq!(it["alternatives"], Value::Null, "something is open");
    }
    assert!(
        channels("MD").await["channels"]
            .as_array()
            .expect("channels")
            .iter()
            .all(|it| it["instrument"] == "cets197")
    );
    let none = channels("BR").await;
    assert_eq!(none["channels"], json!([]));
    let outside: Vec<_> =
        none["alternatives"].as_array().expect("alternatives").iter().map(|it| &it["channel"]).collect();
    assert_eq!(outside, ["consular", "social_service", "red_cross", "police"], "{none}");
    assert_eq!(channels("EE").await["alternatives"], Value::Null, "the own country");
}
