//! What is shown by something that changes nothing is a read: its line is in the log, and it counts where a read counts.

use domain::access::Quotas;
use serde_json::{Value, json};

use super::log::line_of;
use crate::support::{
    Seen, TestNode, Who, asking, barnahus, child_protection, mik, package, police_manager, shelter,
};

const STREET: &str = "Invented Street";

fn facts(node: &TestNode, event: &str) -> Vec<Value> {
    node.database.facts().into_iter().filter(|it| it["event"] == event).collect()
}

/// The one line of a read, with the case and the classes that it names.
#[track_caller]
fn read_line(node: &TestNode, seen: &Seen, case: &str, class: &str) {
    let line = line_of(node, seen).unwrap_or_else(|| panic!("no line of {}", seen.asked));
    assert_eq!((&line["outcome"], &line["case_id"]), (&json!("read"), &json!(case)), "{line}");
    let named = line["sections"].as_array().is_some_and(|all| all.contains(&json!(class)));
    assert!(named, "{class} of {line}");
}

#[actix_web::test]
async fn a_dry_run_and_a_repeat_are_reads_of_what_they_show_and_count() {
    let node = TestNode::start().await.with_quotas(Quotas { whereabouts: 1, searches: 1 }).await;
    let (first, second) = (node.given_case().await, node.given_case().await);
    let send = async |case: &str, key: &str, query: &str| {
        let mut body = asking(case, &barnahus());
        body["send"] = package();
        let asked = node.ask("POST", format!("/v1/referrals{query}"));
        asked.by(&police_manager().bound_to(case)).key(key).json(&body).send().await
    };
    let dry = send(&first, "dry", "?validateOnly=true").await.expect(200);
    assert!(dry.told().contains(STREET), "{}", dry.told());
    read_line(&node, &dry, &first, "d2_whereabouts");
    let made = send(&first, "made", "").await.expect(201);
    assert!(made.told().contains(STREET), "the same child counts once");
    let again = send(&first, "made", "").await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    read_line(&node, &again, &first, "d2_whereabouts");

    for (key, query, status) in [("dry-2", "?validateOnly=true", 200), ("made-2", "", 201)] {
        let above = send(&second, key, query).await.expect(status);
        assert!(!above.told().contains(STREET), "{}", above.told());
        let withheld = above.json()["withheld"].clone();
        assert_eq!(withheld, json!([{ "section": "d2_whereabouts", "reason": "quota" }]));
    }
}

#[actix_web::test]
async fn an_act_that_is_tried_or_repeated_leaves_the_line_of_a_read() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let me = police_manager();
    let tag = node.get(&me, format!("/v1/cases/{case}/child")).await.expect(200).tag();
    let patch = async |query: &str| {
        let asked = node.ask("PATCH", format!("/v1/cases/{case}/child{query}"));
        asked.by(&me).if_match(&tag).merge(&json!({ "callName": "Misha" })).send().await.expect(200)
    };
    read_line(&node, &patch("?validateOnly=true").await, &case, "d1_identity");
    assert_eq!(line_of(&node, &patch("").await), None, "a change is told by its fact");

    let body = json!({ "externalId": { "issuer": "KIS", "value": "2026/118" }, "child": mik(),
        "screeningId": node.given_screening(&me).await, "distinctFrom": [case], "distinctReason": "Another boy." });
    let put = || node.ask("PUT", "/v1/cases/by-external-id").by(&me).json(&body).send();
    let made = put().await.expect(201);
    assert_eq!(line_of(&node, &made), None);
    read_line(&node, &put().await.expect(200), &made.id(), "d1_identity");
}

#[actix_web::test]
async fn whoever_leads_is_told_when_somebody_of_another_agency_is_shown_where_the_child_is() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let look = async |who: &Who| {
        node.get(&who.clone().bound_to(&case), format!("/v1/cases/{case}/whereabouts")).await
    };
    let _ = look(&child_protection()).await.expect(200);
    assert_eq!(facts(&node, "access.whereabouts_shown"), Vec::<Value>::new(), "its own people look");
    for _ in 0..2 {
        let _ = look(&police_manager()).await.expect(200);
    }
    let _ = look(&shelter()).await.refused(404, "not-found");
    let told = facts(&node, "access.whereabouts_shown");
    let [fact] = told.as_slice() else { panic!("once a day: {told:?}") };
    assert_eq!(fact["audience"], json!([child_protection().agency().id.to_string()]));
    assert_eq!(fact["payload"]["agencyId"], police_manager().agency().id.to_string());
    assert!(!fact.to_string().contains(STREET));
}
