//! How a request ends: void where nobody has received it, and else with a closing that a person there acknowledges; what
//! each side tells the other on the way, and what a chain of requests tells its origin.

use api::Clock as _;
use domain::{
    Timestamp, TransnationalRequestId,
    text::Country,
    transnational::{Body, Message, Side},
};
use persistence::transnational::{Delivery, Envelope};
use serde_json::{Value, json};

use super::{seen, why};
use crate::support::{
    TestNode, Who, asking_abroad, child_protection, client, focal_point, lv_central_authority, lv_focal_point,
};

const MOVE: &str = "tr_assistance_referral";
const ABROAD: &str = "/v1/transnational-requests";

fn of(id: &str, seq: u32, body: Body) -> Envelope {
    let message = Message {
        request: TransnationalRequestId::parse(id).expect("an id"),
        from: Side::Requesting,
        seq,
        seen: 0,
        at: Timestamp::parse("2026-11-24T08:00:00Z").expect("an instant"),
        body,
    };
    Envelope::of(&message, None)
}

fn knock(node: &TestNode, envelope: &Envelope) -> Delivery {
    let there = Country::parse("LV").expect("a country");
    node.node.store.deliver(there, envelope, node.clock.now()).expect("the door")
}

async fn listed(node: &TestNode, who: &Who, filter: &str) -> usize {
    let list = node.get(who, format!("{ABROAD}?{filter}&unacknowledged=true")).await.expect(200).json();
    list["data"].as_array().map_or(0, Vec::len)
}

async fn owes(node: &TestNode, who: &Who, duty: &str) -> usize {
    let list = format!("/v1/deadlines?scope=agency&standing=open&duty={duty}");
    node.get(who, list).await.expect(200).json()["data"].as_array().map_or(0, Vec::len)
}

#[actix_web::test]
async fn what_nobody_receives_is_withdrawn_closed_and_never_taken_in() {
    let node = TestNode::start().await;
    let author = child_protection();
    let case = node.given_case().await;
    let id = node.given_undeliverable(&case).await;
    let _ = node.abroad(&author, &id, "withdraw", &json!({ "reason": "She is found." })).await.expect(200);
    let ours = seen(&node, &author, &id).await;
    assert_eq!(
        (&ours["status"], &ours["withdrawalPending"], &ours["messagesUnreceipted"]),
        (&json!("withdrawn"), &json!(false), &json!(0)),
        "the other country knows that it is void"
    );
    let again = node.abroad(&focal_point(), &id, "retry-delivery", &json!({})).await;
    again.refused(409, "state-conflict");
    for (seq, body) in [(1, Body::Suspended), (2, Body::Voided("x".to_owned()))] {
        match knock(&node, &of(&id, seq, body)) {
            Delivery::Receipted(it) => assert!(it.void && it.applied == seq, "{it:?}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(node.database.refused_messages().is_empty(), "nothing of it is kept there");
    node.get(&lv_focal_point(), format!("{ABROAD}/{id}")).await.refused(404, "not-found");
    let _ = node.abroad(&author, &id, "close", &json!({ "outcome": "She is found here." })).await.expect(200);
    let ours = seen(&node, &author, &id).await;
    assert_eq!((&ours["status"], &ours["noticesUnacknowledged"]), (&json!("closed"), &Value::Null));
    assert_eq!(listed(&node, &author, "box=out").await, 0);
    assert_eq!(
        (
            owes(&node, &focal_point(), "close_request").await,
            owes(&node, &focal_point(), "chase_notice").await
        ),
        (0, 0)
    );
}

/// Somebody may have it: until the other country is reached the void is on its way, and closing does not wait for that.
#[actix_web::test]
async fn what_no_country_takes_is_closed_though_its_void_is_on_the_way() {
    let node = TestNode::start().await;
    let author = child_protection();
    let case = node.given_protected_case().await;
    let mut body = asking_abroad(&case, MOVE);
    (body["toCountry"], body["toOffice"]) = (json!("LT"), json!("lt-focal-point"));
    let id = node.create(&author, ABROAD, &body).await.expect(201).id();
    for (who, act) in [(author.clone(), "submit-national"), (focal_point(), "approve")] {
        let _ = node.abroad(&who, &id, act, &Value::Null).await.expect(200);
    }
    assert_eq!(seen(&node, &author, &id).await["status"], "undeliverable");
    let _ = node.abroad(&author, &id, "withdraw", &json!({ "reason": "Not needed." })).await.expect(200);
    let ours = seen(&node, &author, &id).await;
    assert_eq!((&ours["status"], &ours["withdrawalPending"]), (&json!("withdrawn"), &json!(true)));
    let life = node.get(&author, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json();
    let all = life["closureChecklist"].as_array().cloned().unwrap_or_default();
    let ended = all.iter().find(|it| it["item"] == "abroad_ended").expect("the item");
    assert_eq!(ended["met"], true, "the case does not wait for a country that may never be reached");
    let told = json!({ "kind": "correction", "about": "The year." });
    node.abroad(&author, &id, "notify", &told).await.refused(409, "state-conflict");
    let _ = node.abroad(&author, &id, "close", &json!({ "outcome": "Not needed." })).await.expect(200);
    assert_eq!(seen(&node, &author, &id).await["status"], "closed");
}

#[actix_web::test]
async fn a_closing_is_listed_until_a_person_of_the_office_that_has_it_acknowledges_it() {
    let node = TestNode::sandbox().await;
    let (author, theirs, next) = (child_protection(), lv_focal_point(), lv_central_authority());
    let case = node.given_case().await;
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    let to = json!({ "toAgencyId": next.agency().id, "because": "They are competent." });
    let _ = node.abroad(&theirs, &id, "forward", &to).await.expect(200);
    let _ = node.abroad(&next, &id, "acknowledge", &json!({ "officer": "Officer K." })).await.expect(200);
    let back = json!({ "toAgencyId": theirs.agency().id, "because": "They are." });
    let refused = node.abroad(&next, &id, "forward", &back).await.expect(422);
    assert_eq!(why(&refused), ["R81"], "to and fro");
    assert!(refused.told().contains("coordinator"), "{}", refused.told());
    let decline = json!({ "reason": "child_not_found", "noneKnown": true });
    let _ = node.abroad(&next, &id, "decline", &decline).await.expect(200);
    let _ = node.abroad(&author, &id, "close", &json!({ "outcome": "She stays here." })).await.expect(200);
    assert_eq!(listed(&node, &author, "box=out&status=closed").await, 1);
    assert_eq!(
        (owes(&node, &next, "acknowledge_notice").await, owes(&node, &theirs, "acknowledge_notice").await),
        (1, 0)
    );
    assert_eq!(owes(&node, &focal_point(), "chase_notice").await, 1);
    let waits = seen(&node, &next, &id).await["noticesToAcknowledge"][0].clone();
    assert_eq!(
        (&waits["kind"], &waits["about"], &waits["acknowledgeBy"]),
        (&json!("closed"), &json!("She stays here."), &json!("2026-11-25T08:00:00Z"))
    );
    let late = node
        .ask("PUT", "/v1/sandbox/clock")
        .by(&client("tallinn-police"))
        .json(&json!({ "now": "2026-11-26T08:00:00Z" }));
    let done = late.send().await.expect(200).json();
    let told = done["events"].as_array().expect("events").iter();
    let told =
        told.filter(|it| it["data"]["duty"] == "acknowledge_notice" || it["data"]["duty"] == "chase_notice");
    assert!(told.count() >= 2, "both sides hear that nobody has: {done}");
    let seq = json!({ "seq": waits["seq"] });
    let _ = node.abroad(&next, &id, "acknowledge-notice", &seq).await.expect(200);
    assert_eq!(listed(&node, &author, "box=out&status=closed").await, 0);
    let all = node.get(&author, format!("{ABROAD}/{id}/messages")).await.expect(200).json();
    let kinds: Vec<_> =
        all["data"].as_array().expect("data").iter().map(|it| (&it["kind"], &it["notice"])).collect();
    assert!(kinds.contains(&(&json!("closed"), &json!("closed"))), "{kinds:?}");
    assert!(kinds.contains(&(&json!("sent"), &Value::Null)), "{kinds:?}");
}

#[actix_web::test]
async fn notices_and_answers_are_those_that_their_side_owes() {
    let node = TestNode::start().await;
    let (author, theirs) = (child_protection(), lv_focal_point());
    let case = node.given_case().await;
    let id = node.given_abroad(&case, MOVE, "acknowledge").await;
    for kind in ["recall", "child_asked", "closed", "passed_on"] {
        let refused =
            node.abroad(&theirs, &id, "notify", &json!({ "kind": kind, "about": "All of it." })).await;
        assert_eq!(why(&refused.expect(422)), ["R114"], "{kind}");
    }
    let told = json!({ "kind": "correction", "about": "The officer is another." });
    let _ = node.abroad(&theirs, &id, "notify", &told).await.expect(200);
    let all = node.get(&author, format!("{ABROAD}/{id}/messages")).await.expect(200).json();
    assert!(all["data"].as_array().expect("data").iter().any(|it| it["notice"] == "correction"), "{all}");
    let asked = json!({ "questions": ["Who is her guardian?", "Who treats her?"] });
    let _ = node.abroad(&theirs, &id, "request-information", &asked).await.expect(200);
    assert_eq!(seen(&node, &author, &id).await["questions"], asked["questions"]);
    for (answers, code) in [
        (json!([{ "answer": "Her mother." }]), "question_unanswered"),
        (json!([{ "answer": "Her mother." }, {}]), "answer_or_reason"),
        (
            json!([{ "answer": "Her mother.", "noAnswerBecause": "No." }, { "answer": "Nobody." }]),
            "answer_or_reason",
        ),
    ] {
        let refused = node.abroad(&author, &id, "provide-information", &json!({ "answers": answers })).await;
        assert_eq!(why(&refused.expect(422)), [code]);
    }
    let answers = json!([{ "answer": "Her mother." }, { "noAnswerBecause": "Her doctor may not tell." }]);
    let _ =
        node.abroad(&author, &id, "provide-information", &json!({ "answers": answers })).await.expect(200);
    assert_eq!(seen(&node, &theirs, &id).await["questions"], Value::Null);
    let all = node.get(&theirs, format!("{ABROAD}/{id}/messages")).await.expect(200).told();
    assert!(all.contains("Her doctor may not tell."), "{all}");
}

#[actix_web::test]
async fn an_origin_hears_what_was_passed_on_and_its_corrections_go_on() {
    let node = TestNode::start().await;
    let (author, theirs, lead) = (child_protection(), lv_focal_point(), client("riga-child-protection"));
    let case = node.given_case().await;
    let mut body = asking_abroad(&case, MOVE);
    let classes = json!(["d1_identity", "d15_referral_metadata"]);
    body["content"]["passOn"] = json!({ "classes": classes, "countries": ["LT"] });
    let id = node.create(&author, ABROAD, &body).await.expect(201).id();
    for (who, act) in [(author.clone(), "submit-national"), (focal_point(), "approve")] {
        let _ = node.abroad(&who, &id, act, &Value::Null).await.expect(200);
    }
    let own = node.abroad(&theirs, &id, "open-case", &json!({})).await.expect(200).text("caseId");
    let mut onward = asking_abroad(&own, MOVE);
    (onward["toCountry"], onward["toOffice"], onward["onwardOf"]) =
        (json!("LT"), json!("lt-focal-point"), json!(id));
    let further = node.create(&lead, ABROAD, &onward).await.expect(201).id();
    let _ = node.abroad(&lead, &further, "submit-national", &Value::Null).await.expect(200);
    assert_eq!(seen(&node, &author, &id).await["noticesToAcknowledge"], Value::Null, "nothing has left yet");
    let _ = node.abroad(&theirs, &further, "approve", &Value::Null).await.expect(200);
    let _ = node.node.store.carry_messages(node.clock.now()).expect("carried");
    let told = seen(&node, &author, &id).await["noticesToAcknowledge"][0].clone();
    assert_eq!(told["kind"], "passed_on", "{told}");
    assert_eq!(
        told["passedOn"],
        json!({ "byCountry": "LV", "toCountry": "LT", "requestType": MOVE, "on": "2026-11-24", "classes": classes, "allowed": classes })
    );
    assert!(!told.to_string().contains(&further), "nothing of the further request but that it is there");
    assert_eq!(
        (owes(&node, &focal_point(), "acknowledge_notice").await, owes(&node, &theirs, "chase_notice").await),
        (1, 1)
    );
    let _ = node.abroad(&author, &id, "acknowledge-notice", &json!({ "seq": told["seq"] })).await.expect(200);
    assert_eq!(owes(&node, &theirs, "chase_notice").await, 0);
    let later = node.create(&lead, ABROAD, &onward).await.expect(201).id();
    let wrong = json!({ "kind": "correction", "about": "The birth year is 2014." });
    let _ = node.abroad(&author, &id, "notify", &wrong).await.expect(200);
    let goes_on = seen(&node, &lead, &further).await["noticesUnacknowledged"][0].clone();
    assert_eq!(goes_on["kind"], "correction", "{goes_on}");
    assert!(
        !goes_on["about"].as_str().expect("words").contains("2014"),
        "the words stay with the office here"
    );
    let back = json!({ "kind": "recall", "about": "All of it." });
    let _ = node.abroad(&author, &id, "notify", &back).await.expect(200);
    let refused = node.abroad(&lead, &later, "submit-national", &Value::Null).await.expect(422);
    assert_eq!(why(&refused), ["not_to_be_passed_on"], "it is called back");
}
