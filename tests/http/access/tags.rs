//! Every single thing of a case, by every reader who sees a part of it, before and after every kind of change: a tag is of what
//! its reader is shown, and neither tag nor answer moves with what is kept from it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::matrix::told;
use crate::support::{
    Operation, Seen, TestNode, Who, barnahus, child_protection, client, fresh_key, operations, police,
    presuming, shelter, taking_part,
};

/// What is changed: of which class, from which depth on somebody is shown it, where, and how.
struct Change {
    class: &'static str,
    from: &'static str,
    path: String,
    body: Value,
}

/// How each reader is shown each thing: status, tag and bytes.
type Reading = BTreeMap<(usize, String), (u16, Option<String>, Vec<u8>)>;

/// What changes by itself or is nobody's in a case.
fn of_a_case(it: &Operation) -> bool {
    let elsewhere = ["/v1/audit/", "/v1/transnational-requests"];
    let tagged = it.value["responses"]["200"]["headers"]["ETag"].is_object();
    it.ours() && it.method == "GET" && tagged && !elsewhere.iter().any(|of| it.path.starts_with(of))
}

/// Who reads a part: roles of the agency that leads and of the one that opened the case, and guests with much and with little.
async fn given_readers(node: &TestNode, case: &str) -> Vec<Who> {
    let wide = ["d1_identity", "d2_whereabouts", "d3_family_contacts", "d6_identification_decision"];
    let guests = [
        (shelter(), &wide[..]),
        (barnahus(), &["d1_identity", "d3_family_contacts", "d4_exploitation_narrative"][..]),
        (client("tallinn-clinic"), &["d1_identity"][..]),
    ];
    for (who, classes) in &guests {
        let _ = node.given_participant(case, &taking_part(who, None, classes)).await;
    }
    let own = [
        child_protection().in_role("identification_officer"),
        child_protection().in_role("duty_officer"),
        police(),
        police().in_role("screener"),
    ];
    let guests = guests.into_iter().map(|it| it.0);
    own.into_iter().chain(guests).map(|it| it.bound_to(case)).collect()
}

async fn read(node: &TestNode, readers: &[Who], paths: &[String]) -> Reading {
    let mut all = Reading::new();
    for (n, who) in readers.iter().enumerate() {
        for path in paths {
            let seen = node.get(who, path.as_str()).await;
            let body = if seen.status == 200 { seen.body.to_vec() } else { Vec::new() };
            let tag = seen.header("etag").map(str::to_owned);
            all.insert((n, path.clone()), (seen.status, tag, body));
        }
    }
    all
}

async fn made(node: &TestNode, lead: &Who, change: &Change) -> Seen {
    let part = change.path.as_str();
    let ask = if let Some((identification, _)) = part.split_once("/entitlements/") {
        let tag = node.get(lead, format!("{identification}/identification")).await.expect(200).tag();
        return node.act(lead, part, &tag, &change.body).await;
    } else if part.ends_with("/notes") {
        node.ask("POST", part).by(lead).key(&fresh_key()).json(&change.body)
    } else {
        let tag = node.get(lead, part).await.expect(200).tag();
        node.ask("PATCH", part).by(lead).if_match(&tag).merge(&change.body)
    };
    ask.send().await
}

#[actix_web::test]
async fn a_tag_is_of_what_its_reader_is_shown() {
    let (node, world) = TestNode::in_a_world().await;
    let case = world.id("case").to_owned();
    let lead = child_protection().bound_to(&case);
    let (by, act, body) = presuming();
    let _ = node.identification_act(&by, &case, act, &body).await.expect(200);
    let readers = given_readers(&node, &case).await;
    let mut paths = Vec::new();
    for operation in operations().into_iter().filter(of_a_case) {
        paths.push(world.of(&node, operation).await.target);
    }
    paths.extend(["identification", "lifecycle"].map(|it| format!("/v1/cases/{case}/{it}")));
    let of = |below: &str| format!("/v1/cases/{case}/{below}");
    let open = node.get(&lead, of("identification")).await.expect(200).json();
    let owed = open["entitlements"].as_array().into_iter().flatten().find(|it| it["given"] == false);
    let owed = owed.and_then(|it| it["entitlement"].as_str()).expect("an entitlement").to_owned();
    let [contact, movement, participant] =
        [("contacts", "contactId"), ("movements", "movementId"), ("participants", "participantId")]
            .map(|(below, name)| of(&format!("{below}/{}", world.id(name))));
    let change = |class, from, path: &str, body| Change { class, from, path: path.to_owned(), body };
    let note = json!({ "category": "d14_risk_safety", "text": "He waits in front of the school." });
    let changes = [
        change("d1_identity", "full", &of("child"), json!({ "familyName": "Unlike" })),
        change("d1_identity", "summary", &of("child"), json!({ "callName": "Misha" })),
        change("d2_whereabouts", "full", &of("whereabouts"), json!({ "address": "Invented Street 9" })),
        change("d3_family_contacts", "full", &contact, json!({ "remarks": "He has a boat." })),
        change("d3_family_contacts", "summary", &contact, json!({ "contactDecision": "not_allowed" })),
        change("d4_exploitation_narrative", "full", &movement, json!({ "remarks": "By night." })),
        change("d4_exploitation_narrative", "summary", &movement, json!({ "purpose": "flight" })),
        change("d15_referral_metadata", "full", &participant, json!({ "reason": "Her tooth still aches." })),
        change("d14_risk_safety", "full", &of("notes"), note),
        change(
            "d6_identification_decision",
            "summary",
            &of(&format!("entitlements/{owed}/record")),
            Operation::named("recordEntitlement").example(),
        ),
    ];
    let whole = child_protection().in_role("supervisor").bound_to(&case);
    let (mut kept, mut shown) = (0, 0);
    let mut before = read(&node, &readers, &paths).await;
    for change in &changes {
        let seen = node.get(&whole, change.path.as_str()).await;
        let what = format!("{} of {}", change.body, change.path);
        let done = made(&node, &lead, change).await;
        assert!([200, 201].contains(&done.status), "{what}: {}", done.told());
        if seen.status == 200 && !change.path.ends_with("/notes") {
            let again = node.get(&whole, change.path.as_str()).await.expect(200);
            assert_ne!(again.tag(), seen.tag(), "whoever reads the whole sees it: {what}");
        }
        let after = read(&node, &readers, &paths).await;
        for ((n, path), (status, tag, body)) in &after {
            let (status_before, tag_before, body_before) = &before[&(*n, path.clone())];
            let told = format!("{path} by {:?} after {what}", readers[*n]);
            assert_eq!(status, status_before, "{told}");
            if body == body_before {
                let own =
                    ["tallinn-child-protection", "tallinn-police"].contains(&readers[*n].client.as_str());
                assert!(tag == tag_before || own, "the tag tells of what is not shown: {told}");
            } else {
                assert_ne!(tag, tag_before, "{told}");
                shown += 1;
            }
        }
        for (n, who) in readers.iter().enumerate() {
            let depth = told(&node, who, &case).await[change.class].0.clone();
            if depth == "full" || depth == change.from {
                continue;
            }
            for path in &paths {
                let place = (n, path.clone());
                assert_eq!(after[&place], before[&place], "{path} by {who:?} ({depth}) after {what}");
                kept += 1;
            }
        }
        before = after;
    }
    assert!(kept > 700 && shown > 15, "{kept} kept, {shown} shown");
}
