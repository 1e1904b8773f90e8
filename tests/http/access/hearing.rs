//! What the feed and the timeline name, their reader can read: of what is in a section hears who reads that section.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Operation, TestNode, Who, child_protection, police};

/// Every event that a caller is told, page by page.
async fn told(node: &TestNode, who: &Who, path: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let page = node.get(who, format!("{path}?limit=200{after}")).await.expect(200).json();
        let data = page["data"].as_array().expect("data").clone();
        let more = data.len() == 200;
        all.extend(data);
        let name = if path.ends_with("events") { "after" } else { "cursor" };
        match page["nextCursor"].as_str().filter(|_| more) {
            Some(next) => after = format!("&{name}={next}"),
            None => return all,
        }
    }
}

/// Where what an event is about is read, and a member that shows that all of it is read; none where who takes part knows of it.
fn place(event: &Value) -> Option<(String, &'static str)> {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let (case, id, event) = (text("caseId"), text("subjectId"), text("type"));
    let of = |below: &str| format!("/v1/cases/{case}/{below}");
    let subject = event.split('.').next().unwrap_or_default();
    Some(match (subject, event.as_str()) {
        (_, "case.child_changed") => (of("child"), "birthDate"),
        (_, "case.whereabouts_changed") => (of("whereabouts"), "address"),
        (_, "case.linked" | "case.unlinked") => (of(&format!("links/{id}")), ""),
        ("identification" | "entitlement", _) => (of("identification"), ""),
        ("exploitation_episode", _) => (of(&format!("exploitation-episodes/{id}")), ""),
        ("age_assessment", _) => (of(&format!("age-assessments/{id}")), ""),
        ("contact", _) => (of(&format!("contacts/{id}")), ""),
        ("movement", _) => (of(&format!("movements/{id}")), ""),
        ("note", _) => (of(&format!("notes/{id}")), ""),
        ("document", _) => (of(&format!("documents/{id}")), ""),
        ("data_request", _) => (of(&format!("data-requests/{id}")), ""),
        ("restricted_party", _) if event != "restricted_party.refused" => {
            (of(&format!("restricted-parties/{id}")), "")
        }
        _ => return None,
    })
}

async fn given_much(node: &TestNode, case: &str) {
    let (lead, police) = (child_protection().bound_to(case), police().in_role("case_manager").bound_to(case));
    let classes = [
        "d1_identity",
        "d3_family_contacts",
        "d4_exploitation_narrative",
        "d6_identification_decision",
        "d11_alleged_offenders",
        "d12_migration",
        "d13_best_interests_views",
        "d14_risk_safety",
    ];
    let mut written = 0;
    for who in [lead.clone(), police, crate::support::police().bound_to(case)] {
        for class in classes {
            let told = json!({ "category": class, "text": "What somebody told." });
            let made = node.create(&who, format!("/v1/cases/{case}/notes"), &told).await;
            written += usize::from(made.status == 201);
        }
    }
    assert!(written > 12, "{written} notes");
    let contacts = node.get(&lead, format!("/v1/cases/{case}/contacts")).await.expect(200).json();
    let contact = format!("/v1/cases/{case}/contacts/{}", contacts["data"][0]["id"].as_str().expect("one"));
    let patches = [
        (format!("/v1/cases/{case}/child"), json!({ "familyName": "Unlike" })),
        (format!("/v1/cases/{case}/whereabouts"), json!({ "address": "Invented Street 9" })),
        (contact, json!({ "remarks": "He has a boat." })),
    ];
    for (path, patch) in patches {
        let tag = node.get(&lead, path.as_str()).await.expect(200).tag();
        let _ = node.patch(&lead, path, &tag, &patch).await.expect(200);
    }
}

#[actix_web::test]
async fn whoever_hears_of_something_reads_it() {
    let (node, world) = TestNode::in_a_world().await;
    let case = world.id("case").to_owned();
    given_much(&node, &case).await;
    node.place_events();
    let timeline = format!("/v1/cases/{case}/timeline");
    let mut heard: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut read = 0;
    let roles = |who: Who, all: &[&str]| all.iter().map(|it| who.clone().in_role(it)).collect::<Vec<_>>();
    let officers =
        ["case_manager", "screener", "identification_officer", "duty_officer", "supervisor"].as_slice();
    let of_police = [officers, &["investigator"]].concat();
    for who in [roles(child_protection(), officers), roles(police(), &of_police)].concat() {
        let bound = who.clone().bound_to(&case);
        for (reader, path) in [(&bound, timeline.as_str()), (&bound, "/v1/events"), (&who, "/v1/events")] {
            for event in told(&node, reader, path).await {
                let name = event["type"].as_str().unwrap_or_default().to_owned();
                let what = format!("{event} heard by {reader:?} in {path}");
                assert!(event["subject"] != "case" || event["version"].is_null(), "{what}");
                heard.entry(format!("{} {}", who.client, name)).or_default().insert(format!("{who:?}"));
                let Some((place, whole)) = place(&event).filter(|_| event["caseId"] == case.as_str()) else {
                    continue;
                };
                let seen = node.get(&bound, place.as_str()).await;
                assert_eq!(seen.status, 200, "{what}: {}", seen.code());
                assert!(whole.is_empty() || seen.json()[whole].is_string(), "{what}");
                let later = event["version"].as_i64().is_some_and(|it| it > 1);
                let summary = seen.json()["summaryOnly"] == true;
                let moved = later || name == "document.stored";
                assert!(!(moved && summary), "a summary does not show what changed: {what}");
                read += 1;
            }
        }
        // And whoever reads a note has heard of it.
        let notes = node.get(&bound, format!("/v1/cases/{case}/notes?limit=200")).await;
        let events = told(&node, &bound, &timeline).await;
        if notes.status == 200 {
            for note in notes.json()["data"].as_array().into_iter().flatten() {
                let known = events.iter().any(|it| it["subjectId"] == note["id"]);
                assert!(known, "{who:?} reads {note} and has not heard of it");
            }
        }
    }
    assert!(read > 300, "{read}");
    let by = |name: &str| heard.get(name).map_or(0, BTreeSet::len);
    for (event, wanted) in [
        ("case.child_changed", [5, 6]),
        ("case.whereabouts_changed", [3, 3]),
        ("data_request.recorded", [2, 0]),
        ("restricted_party.recorded", [3, 0]),
        ("referral.sent", [5, 6]),
    ] {
        let heard = ["tallinn-child-protection", "tallinn-police"].map(|it| by(&format!("{it} {event}")));
        assert_eq!(heard, wanted, "{event}");
    }
}

#[actix_web::test]
async fn a_system_by_itself_hears_of_no_whereabouts_and_of_nothing_that_nobody_of_its_agency_reads() {
    let (node, world) = TestNode::in_a_world().await;
    let case = world.id("case").to_owned();
    given_much(&node, &case).await;
    node.place_events();
    let alone = told(&node, &child_protection().unattended(), "/v1/events").await;
    let manager = told(&node, &child_protection(), "/v1/events").await;
    let types = |all: &[Value]| all.iter().map(|it| it["type"].to_string()).collect::<BTreeSet<_>>();
    assert!(types(&manager).contains("\"case.whereabouts_changed\""));
    assert!(!types(&alone).contains("\"case.whereabouts_changed\""), "that is for people only");
    assert!(types(&alone).contains("\"contact.recorded\"") && types(&alone).contains("\"note.recorded\""));
    let categories: BTreeSet<_> = alone.iter().filter_map(|it| it["data"]["category"].as_str()).collect();
    assert!(categories.contains("d14_risk_safety"), "{categories:?}");
    let suspects = |all: &[Value]| all.iter().any(|it| it["data"]["category"] == "d11_alleged_offenders");
    assert!(suspects(&manager), "whoever reads a summary hears that there is a note");
    assert!(!suspects(&alone), "of whom somebody suspects hear people only");
    let example = Operation::named("createNote").example();
    assert!(example["category"].is_string(), "a note says of which class it is");
}
