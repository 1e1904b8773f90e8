//! What is disclosed, on which basis, with the child's view or the reason why it is missing.

use serde_json::{Value, json};

use super::refused;
use crate::support::{
    Seen, TestNode, Who, asking, barnahus, client, police, police_manager, sending, shelter,
};

/// Sends a new draft to a receiver with this change of what is sent.
async fn send(node: &TestNode, case: &str, to: &Who, change: &Value) -> Seen {
    let draft = node.given_draft(case, to).await;
    let mut body = sending();
    for (name, value) in change.as_object().expect("members") {
        let members = body["package"].as_object_mut().expect("members");
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    let path = format!("/v1/referrals/{}/send", draft.id());
    let seen = node.act(&police_manager(), path, &draft.tag(), &body).await;
    if seen.status != 200 {
        let still = node.get(&police_manager(), format!("/v1/referrals/{}", draft.id())).await;
        assert_eq!(
            (still.text("status"), still.tag()),
            ("draft".to_owned(), draft.tag()),
            "nothing has happened"
        );
    }
    seen
}

fn view(status: &str, more: &Value) -> Value {
    let mut view = json!({ "status": status, "recordedOn": "2026-11-24" });
    for (name, value) in more.as_object().into_iter().flatten() {
        view[name] = value.clone();
    }
    json!({ "childView": view })
}

fn missing(reason: &str, day: Option<&str>) -> Value {
    let mut body = json!({ "childView": null, "viewMissingReason": reason });
    if let Some(day) = day {
        body["askAgainOn"] = json!(day);
    }
    body
}

#[actix_web::test]
async fn without_the_childs_view_or_a_reason_nothing_is_sent() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let r24 = "views_or_reason";
    let table = [
        (json!({ "childView": null }), (r24, "/package/childView")),
        (
            view("expressed", &json!({ "weightGiven": "It was followed." })),
            (r24, "/package/childView/summary"),
        ),
        (view("partly_expressed", &json!({})), (r24, "/package/childView/summary")),
        (view("not_yet_asked", &json!({})), (r24, "/package/childView/status")),
        (view("asked_later", &json!({ "summary": "Later." })), (r24, "/package/childView/status")),
        (missing("urgent_danger", None), (r24, "/package/askAgainOn")),
        (missing("not_possible_now", None), (r24, "/package/askAgainOn")),
        (missing("declined", None), (r24, "/package/askAgainOn")),
        (missing("urgent_danger", Some("2026-11-23")), (r24, "/package/askAgainOn")),
    ];
    for (change, found) in table {
        let seen = send(&node, &case, &shelter(), &change).await;
        refused(&seen, "rule-refused", &[found], &["R24"]);
        let sources = seen.json()["violations"][0]["sources"].to_string();
        assert!(
            sources.contains("CRC") || sources.contains("Rights of the Child"),
            "the law is cited: {sources}"
        );
    }
}

#[actix_web::test]
async fn a_view_or_a_reason_is_enough_and_good_practice_is_told() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let whole = json!({ "summary": "Yes.", "weightGiven": "It was followed." });
    let table = [
        (json!({}), vec![]),
        (view("expressed", &whole), vec![]),
        (view("expressed", &json!({ "summary": "Yes." })), vec!["R25"]),
        (view("declined_to_express", &json!({})), vec![]),
        (view("unable", &json!({})), vec![]),
        (missing("urgent_danger", Some("2026-11-24")), vec![]),
        (missing("not_possible_now", Some("2026-12-01")), vec![]),
        (missing("urgent_danger", Some("2026-12-02")), vec!["R24"]),
        (missing("declined", Some("2026-11-25")), vec![]),
        (missing("unable", Some("2026-11-25")), vec![]),
        (json!({ "childInformed": false }), vec!["R26"]),
    ];
    for (change, warned) in table {
        let seen = send(&node, &case, &shelter(), &change).await.expect(200);
        assert_eq!(seen.rules(), warned, "{change}");
        assert_eq!(seen.text("status"), "sent");
    }
    let told = send(&node, &case, &shelter(), &missing("urgent_danger", Some("2026-11-30")))
        .await
        .expect(200)
        .json();
    let content = &told["content"];
    assert_eq!(
        (&content["viewMissingReason"], &content["askAgainOn"]),
        (&json!("urgent_danger"), &json!("2026-11-30"))
    );
}

#[actix_web::test]
async fn a_view_and_a_reason_why_there_is_none_contradict_each_other() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let both = json!({ "viewMissingReason": "urgent_danger", "askAgainOn": "2026-11-25" });
    refused(
        &send(&node, &case, &shelter(), &both).await,
        "inconsistent-values",
        &[("view_and_reason", "/package")],
        &[],
    );
    let alone = json!({ "askAgainOn": "2026-11-25" });
    refused(
        &send(&node, &case, &shelter(), &alone).await,
        "inconsistent-values",
        &[("day_without_reason", "/package")],
        &[],
    );
}

fn disclosing(all: &[(&str, &str)]) -> Value {
    let each = |(class, basis): &(&str, &str)| json!({ "dataClass": class, "lawfulBases": [basis] });
    json!({ "disclosures": all.iter().map(each).collect::<Vec<_>>() })
}

#[actix_web::test]
async fn a_receiver_is_given_no_more_than_its_function_needs() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (task, care) = ("gdpr_6_1_e_public_task", "gdpr_9_2_h_health_social");
    let r75 = ("minimum_dataset_exceeded", "/package/disclosures");
    let rule = node.get(&police_manager(), "/v1/rules/R75").await.expect(200).text("message");
    let beyond = [
        (shelter(), vec![("d4_exploitation_narrative", care)]),
        (shelter(), vec![("d1_identity", task), ("d5_indicators", task)]),
        (barnahus(), vec![("d8_therapy_notes", care)]),
        (barnahus(), vec![("d9_interview_recording_locator", task)]),
        (client("tallinn-child-protection"), vec![("d10_intelligence", task)]),
        (client("tallinn-clinic"), vec![("d16_access_log", task)]),
        (client("helpline"), vec![("d1_identity", task)]),
    ];
    for (to, disclosed) in beyond {
        let seen = send(&node, &case, &to, &disclosing(&disclosed)).await;
        refused(&seen, "rule-refused", &[(rule.as_str(), r75.1)], &["R75"]);
    }
    let two = [("d4_exploitation_narrative", care), ("d5_indicators", task)];
    let seen = send(&node, &case, &shelter(), &disclosing(&two)).await;
    refused(&seen, "rule-refused", &[(rule.as_str(), r75.1), (rule.as_str(), r75.1)], &["R75", "R75"]);
    let fits = [("d1_identity", task), ("d4_exploitation_narrative", care), ("d7_health", care)];
    let _ = send(&node, &case, &barnahus(), &disclosing(&fits)).await.expect(200);
}

#[actix_web::test]
async fn each_class_has_a_basis_that_carries_it() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let task = "gdpr_6_1_e_public_task";
    let missing = ("lawful_basis_missing", "/package/disclosures");
    let table = [
        (json!({ "disclosures": [] }), ("nothing_disclosed", "/package/disclosures")),
        (disclosing(&[("d1_identity", "consent_special_case")]), missing),
        (disclosing(&[("d4_exploitation_narrative", task)]), missing),
        (disclosing(&[("d7_health", "gdpr_6_1_c_legal_obligation")]), missing),
        (disclosing(&[("d11_alleged_offenders", "gdpr_9_2_c_vital")]), missing),
    ];
    for (change, found) in table {
        refused(&send(&node, &case, &barnahus(), &change).await, "inconsistent-values", &[found], &[]);
    }
    let twice = disclosing(&[("d1_identity", task), ("d1_identity", task)]);
    let found =
        [("class_listed_twice", "/package/disclosures"), ("class_listed_twice", "/package/disclosures")];
    refused(&send(&node, &case, &barnahus(), &twice).await, "inconsistent-values", &found, &[]);
    let lawful = disclosing(&[
        ("d11_alleged_offenders", "gdpr_10_official_authority"),
        ("d7_health", "gdpr_9_2_c_vital"),
    ]);
    let _ = send(&node, &case, &barnahus(), &lawful).await.expect(200);
}

#[actix_web::test]
async fn nobody_discloses_what_is_not_its_own_to_read() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let investigator = police();
    let draft = node.create(&investigator, "/v1/referrals", &asking(&case, &shelter())).await.expect(201);
    let path = format!("/v1/referrals/{}/send", draft.id());
    let seen = node.act(&investigator, path.as_str(), &draft.tag(), &sending()).await;
    refused(&seen, "inconsistent-values", &[("class_not_yours", "/package/disclosures")], &[]);
    let tag = node.get(&police_manager(), format!("/v1/referrals/{}", draft.id())).await.tag();
    let _ = node.act(&police_manager(), path, &tag, &sending()).await.expect(200);
}

#[actix_web::test]
async fn what_was_sent_stays_as_it_was_sent() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let sent = node.given_sent_referral(&case, &shelter()).await;
    let path = format!("/v1/cases/{case}/whereabouts");
    let tag = node.get(&police_manager(), path.as_str()).await.tag();
    let _ = node
        .patch(&police_manager(), path, &tag, &json!({ "address": "Invented Street 9" }))
        .await
        .expect(200);
    let reader = shelter().bound_to(&case);
    let seen = node.get(&reader, format!("/v1/referrals/{}", sent.id())).await.expect(200).json();
    assert_eq!(
        seen["content"]["whereabouts"]["address"], "Invented Street 1, Tallinn",
        "a package is closed"
    );
}
