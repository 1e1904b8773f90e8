//! Requests for the data of a child: held where R90 has it so, and answered in the same words whether held or not.

use serde_json::{Value, json};

use super::log::line_of;
use crate::support::{
    Seen, TestNode, Who, anonymous, barnahus, child_protection, client, data_protection, fresh_key,
    police_manager, riga_police, shut_out, supervisor, taking_part,
};

fn asking(requester: &str) -> Value {
    json!({ "kind": "access", "requester": requester, "receivedOn": "2026-11-24" })
}

fn deciding(outcome: &str) -> Value {
    json!({ "outcome": outcome, "ground": "As the case stands." })
}

fn answering(outcome: &str) -> Value {
    json!({ "outcome": outcome, "answeredOn": "2026-11-24" })
}

async fn asks(node: &TestNode, who: &Who, case: &str, body: &Value) -> Seen {
    node.create(who, format!("/v1/cases/{case}/data-requests"), body).await
}

fn ids(seen: &Seen) -> Vec<String> {
    let body = seen.json();
    let id = |it: &Value| it["id"].as_str().unwrap_or_default().to_owned();
    body["data"].as_array().into_iter().flatten().map(id).collect()
}

async fn types(node: &TestNode, who: &Who) -> Vec<String> {
    node.place_events();
    let feed = node.get(who, "/v1/events?limit=200").await.expect(200).json();
    let all = feed["data"].as_array().cloned().unwrap_or_default();
    all.iter().map(|it| it["type"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn contact(node: &TestNode, case: &str, more: Value) -> String {
    let mut body = json!({ "relation": "parent", "givenName": "Invented", "contactDecision": "not_decided" });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    node.create(&child_protection(), format!("/v1/cases/{case}/contacts"), &body).await.expect(201).id()
}

#[actix_web::test]
async fn whoever_asks_is_told_the_same_whether_it_is_held_or_not() {
    let node = TestNode::start().await;
    let (case, me) = (node.given_case().await, child_protection());
    let known = contact(&node, &case, json!({ "mayBeInformed": true })).await;
    let suspected = contact(&node, &case, json!({ "suspected": true })).await;
    let untold = contact(&node, &case, json!({ "mayBeInformed": false })).await;
    let shut = contact(&node, &case, json!({})).await;
    let party = json!({ "party": { "contactId": shut }, "reason": "He threatens her." });
    let _ = node.given_restriction(&case, &party).await;
    let apart = client("tallinn-clinic");
    let _ = node.given_restriction(&case, &shut_out(&apart)).await;
    let with = |requester: &str, member: &str, value: &str| {
        let mut it = asking(requester);
        it[member] = json!(value);
        it
    };
    let agency = |who: &Who| who.agency().id.to_string();
    let mut replies = Vec::new();
    for (body, hold) in [
        (asking("child"), Value::Null),
        (with("parent", "contactId", &known), Value::Null),
        (with("relative", "contactId", &known), Value::Null),
        (with("parent", "contactId", &suspected), json!("contact_excluded")),
        (with("relative", "contactId", &untold), json!("contact_excluded")),
        (with("other_representative", "contactId", &shut), json!("restricted_party")),
        (with("lawyer", "agencyId", &agency(&apart)), json!("restricted_party")),
        (with("guardian", "agencyId", &agency(&barnahus())), json!("not_known")),
        (with("parent", "name", "Invented Person"), json!("not_known")),
        (asking("lawyer"), json!("not_known")),
    ] {
        let seen = asks(&node, &me, &case, &body).await.expect(201);
        let it = seen.json();
        assert_eq!(it["hold"], hold, "{body}");
        assert_eq!(it["status"], if hold.is_null() { "open" } else { "held" }, "{body}");
        assert_eq!(it["name"], body["name"], "the lead reads the name");
        replies.push(it["reply"].clone());
    }
    assert!(
        replies.iter().all(|it| it["code"] == "received_and_looked_at" && *it == replies[0]),
        "{replies:?}"
    );
    // Nobody is told by the feed who takes part and does not lead.
    for who in [police_manager(), barnahus()] {
        assert!(!types(&node, &who).await.iter().any(|it| it.starts_with("data_request.")), "{who:?}");
    }
    let told = types(&node, &data_protection()).await;
    assert_eq!(told.iter().filter(|it| *it == "data_request.recorded").count(), 7, "what is held");
    assert_eq!(types(&node, &me).await.iter().filter(|it| *it == "data_request.recorded").count(), 10);
    // Nor by what is owed in the case.
    for who in [police_manager(), me.clone()] {
        let owed = node.get(&who, format!("/v1/cases/{case}/deadlines")).await.expect(200);
        assert!(!owed.told().contains("data_request"), "{}", owed.told());
    }
    let owed = node.get(&me, "/v1/deadlines?scope=agency&duty=answer_data_request").await.expect(200).json();
    assert_eq!(owed["data"].as_array().map(Vec::len), Some(10));
    assert_eq!(owed["data"][0]["rule"], "R90");
    let waits =
        node.get(&me, "/v1/deadlines?scope=watched&duty=review_data_request").await.expect(200).json();
    assert_eq!(waits["data"].as_array().map(Vec::len), Some(7));
    // What does not fit.
    let before = node.contents();
    let mut both = with("parent", "contactId", &known);
    both["name"] = json!("Invented Person");
    for (body, status, code) in [
        (with("parent", "receivedOn", "2026-11-25"), 422, "inconsistent-values"),
        (with("parent", "receivedOn", "2026-11-23"), 422, "inconsistent-values"),
        (with("parent", "contactId", super::objects::UNKNOWN), 422, "reference-not-found"),
        (with("lawyer", "agencyId", super::objects::UNKNOWN), 422, "reference-not-found"),
        (with("parent", "agencyId", &agency(&barnahus())), 422, "inconsistent-values"),
        (both, 422, "inconsistent-values"),
        (with("stranger", "name", "x"), 400, "invalid-value"),
    ] {
        asks(&node, &me, &case, &body).await.refused(status, code);
    }
    assert_eq!(node.contents().get("data_requests"), before.get("data_requests"));
    // Once more with the same key: it is not recorded again.
    let key = fresh_key();
    let path = format!("/v1/cases/{case}/data-requests");
    let body = asking("child");
    let ask = || node.ask("POST", path.as_str()).by(&me).key(&key).json(&body);
    let made = ask().send().await.expect(201);
    let again = ask().send().await.expect(201);
    assert_eq!((again.id(), again.header("idempotency-replayed")), (made.id(), Some("true")));
    assert_eq!(ids(&node.get(&me, path.as_str()).await.expect(200)).len(), 11);
}

#[actix_web::test]
async fn what_is_held_waits_for_the_data_protection_officer_who_does_not_read_the_case() {
    let node = TestNode::start().await;
    let (case, me, officer) = (node.given_case().await, child_protection(), data_protection());
    let guest = client("tallinn-ngo");
    let _ = node
        .given_participant(&case, &taking_part(&guest, None, &["d1_identity", "d3_family_contacts"]))
        .await;
    let mut body = asking("parent");
    body["name"] = json!("Invented Person");
    let held = asks(&node, &me, &case, &body).await.expect(201);
    let other = asks(&node, &me, &case, &asking("relative")).await.expect(201);
    let open = asks(&node, &me, &case, &asking("child")).await.expect(201);
    let path = format!("/v1/cases/{case}/data-requests");
    let one = format!("{path}/{}", held.id());
    // Who sees what.
    let all = [open.id(), other.id(), held.id()];
    for who in [me.clone(), supervisor()] {
        assert_eq!(ids(&node.get(&who, path.as_str()).await.expect(200)), all, "{who:?}");
        assert_eq!(ids(&node.get(&who, "/v1/data-requests").await.expect(200)), all, "{who:?}");
        assert_eq!(node.get(&who, one.as_str()).await.expect(200).json(), held.json(), "{who:?}");
    }
    let listed = node.get(&officer, "/v1/data-requests?status=held").await.expect(200);
    assert_eq!(ids(&listed), all[1..]);
    let seen = node.get(&officer, one.as_str()).await.expect(200);
    for (seen, sections) in [
        (&seen, json!(["d15_referral_metadata"])),
        (&node.get(&me, one.as_str()).await, json!(["d15_referral_metadata", "d3_family_contacts"])),
    ] {
        let line = line_of(&node, seen).expect("a line");
        assert_eq!((&line["case_id"], &line["sections"]), (&json!(case), &sections), "{line}");
    }
    assert_eq!(seen.json()["name"], Value::Null, "no name for whoever does not read the case");
    assert!(!listed.told().contains("Invented Person"));
    node.get(&officer, format!("/v1/cases/{case}")).await.refused(403, "not-your-function");
    node.get(&officer, format!("{path}/{}", open.id())).await.refused(404, "not-found");
    // To nobody else of those who take part it is there.
    node.get(&police_manager(), path.as_str()).await.refused(403, "not-your-function");
    assert_eq!(
        ids(&node.get(&police_manager(), "/v1/data-requests").await.expect(200)),
        Vec::<String>::new()
    );
    for who in [police_manager(), riga_police().in_role("case_manager")] {
        let hidden = node.get(&who, one.as_str()).await.refused(404, "not-found");
        let absent = node.get(&who, format!("{path}/{}", super::objects::UNKNOWN)).await;
        assert_eq!(anonymous(&hidden), anonymous(&absent), "{who:?}");
    }
    for who in [guest, barnahus()] {
        node.get(&who, one.as_str()).await.refused(403, "not-your-function");
    }
    asks(&node, &police_manager(), &case, &asking("child")).await.refused(403, "not-your-function");
    asks(&node, &officer, &case, &asking("child")).await.refused(404, "not-found");
    // Nothing is answered while it is held.
    for outcome in ["given", "given_partly", "refused"] {
        let seen = node.act(&me, format!("{one}/answer"), &held.tag(), &answering(outcome)).await;
        assert_eq!(seen.refused(422, "rule-refused").rules(), ["R90"]);
    }
    // Who decides.
    let (act, tag) = (format!("{one}/review"), seen.tag());
    for who in [me.clone(), supervisor()] {
        node.act(&who, act.as_str(), &held.tag(), &deciding("release"))
            .await
            .refused(403, "not-your-function");
    }
    node.act(&police_manager(), act.as_str(), &tag, &deciding("release")).await.refused(404, "not-found");
    node.act(&officer, act.as_str(), "\"other\"", &deciding("release")).await.refused(412, "stale-version");
    node.act(&officer, act.as_str(), &tag, &json!({ "outcome": "release" }))
        .await
        .refused(400, "invalid-value");
    let done = node.act(&officer, act.as_str(), &tag, &deciding("release")).await.expect(200);
    assert_eq!(done.json()["status"], "open");
    node.act(&officer, act.as_str(), &tag, &deciding("refuse")).await.refused(412, "stale-version");
    node.act(&officer, act.as_str(), &done.tag(), &deciding("refuse")).await.refused(409, "state-conflict");
    let second = format!("{path}/{}", other.id());
    let tag = node.get(&officer, second.as_str()).await.expect(200).tag();
    let _ = node.act(&officer, format!("{second}/review"), &tag, &deciding("refuse")).await.expect(200);
    assert_eq!(ids(&node.get(&officer, "/v1/data-requests?status=held").await), Vec::<String>::new());
    assert_eq!(ids(&node.get(&officer, "/v1/data-requests?status=refused").await), [other.id()]);
    // What was released is answered, and of what was refused nothing is given.
    let reply = held.json()["reply"].clone();
    let now = node.get(&me, one.as_str()).await.expect(200);
    assert_eq!((&now.json()["reply"], &now.json()["name"]), (&reply, &json!("Invented Person")));
    assert_eq!(now.json()["review"]["ground"], "As the case stands.");
    node.act(&me, format!("{one}/answer"), &held.tag(), &answering("given"))
        .await
        .refused(412, "stale-version");
    let answered = node.act(&me, format!("{one}/answer"), &now.tag(), &answering("given_partly")).await;
    let answered = answered.expect(200);
    assert_eq!(answered.json()["status"], "answered");
    node.act(&me, format!("{one}/answer"), &answered.tag(), &answering("given"))
        .await
        .refused(409, "state-conflict");
    let tag = node.get(&me, second.as_str()).await.expect(200).tag();
    for outcome in ["given", "given_partly"] {
        let seen = node.act(&me, format!("{second}/answer"), &tag, &answering(outcome)).await;
        assert_eq!(seen.refused(422, "rule-refused").rules(), ["R90"]);
    }
    let _ = node.act(&me, format!("{second}/answer"), &tag, &answering("refused")).await.expect(200);
    for duty in ["scope=watched&duty=review_data_request", "scope=agency&duty=answer_data_request"] {
        let owed = node.get(&me, format!("/v1/deadlines?{duty}&standing=closed")).await.expect(200).json();
        assert_eq!(owed["data"].as_array().map(Vec::len), Some(2), "{duty}: {owed}");
    }
    for who in [&me, &officer] {
        let told = types(&node, who).await;
        assert_eq!(told.iter().filter(|it| *it == "data_request.reviewed").count(), 2, "{who:?}");
    }
    let timeline = node.get(&me, format!("/v1/cases/{case}/timeline")).await.expect(200).json().to_string();
    assert!(timeline.contains("data_request.answered") && !timeline.contains("Invented Person"));
    let timeline = node.get(&police_manager(), format!("/v1/cases/{case}/timeline")).await.expect(200);
    assert!(!timeline.told().contains("data_request"));
}

#[actix_web::test]
async fn of_a_case_that_was_erased_there_is_no_request() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let held = asks(&node, &child_protection(), &case, &asking("parent")).await.expect(201);
    node.database.end_case(&case);
    let _ = node.erase(&case).await.expect("erased");
    let path = format!("/v1/cases/{case}/data-requests");
    for who in [child_protection(), data_protection()] {
        node.get(&who, format!("{path}/{}", held.id())).await.refused(404, "not-found");
        assert_eq!(ids(&node.get(&who, "/v1/data-requests").await.expect(200)), Vec::<String>::new());
    }
    let duty = node.get(&child_protection(), "/v1/deadlines?scope=agency&duty=answer_data_request").await;
    assert_eq!(duty.expect(200).json()["data"].as_array().map(Vec::len), Some(0));
    assert!(!types(&node, &data_protection()).await.contains(&"data_request.recorded".to_owned()));
}

/// Where the file goes, there goes who asks for it: what was merged into a case goes with it to whoever leads from then on.
#[actix_web::test]
async fn who_asks_for_the_data_of_a_merged_case_is_answered_by_whoever_leads_the_child_s_file() {
    let node = TestNode::start().await;
    let (two, three) = (node.given_handover().await, node.given_protected_case().await);
    let one = node.given_protected_case().await;
    let (old, new) = (child_protection(), police_manager());
    let open = asks(&node, &old, &one, &asking("child")).await.expect(201).id();
    let held = asks(&node, &old, &three, &asking("parent")).await.expect(201).id();
    let merging =
        |into: &str| json!({ "intoCaseId": into, "evidence": ["same_document"], "reasons": "One child." });
    // Before it is handed over it is open again, so that the others are merged into it.
    let withdrawn = json!({ "reasons": "First the two are one." });
    let _ = node.life(&old, &two, "withdraw-handover", &withdrawn).await.expect(200);
    let _ = node.life(&supervisor(), &one, "merge", &merging(&three)).await.expect(200);
    let _ = node.life(&supervisor(), &three, "merge", &merging(&two)).await.expect(200);
    let paths =
        [format!("/v1/cases/{one}/data-requests/{open}"), format!("/v1/cases/{three}/data-requests/{held}")];
    for path in &paths {
        let _ = node.get(&old, path.as_str()).await.expect(200);
        node.get(&new, path.as_str()).await.refused(404, "not-found");
    }
    let handed = json!({ "toAgencyId": new.agency().id, "reasons": "They know the family." });
    let _ = node.life(&old, &two, "propose-handover", &handed).await.expect(200);
    let _ = node.life(&new, &two, "confirm-handover", &crate::support::arrived()).await.expect(200);
    for path in &paths {
        let _ = node.get(&new, path.as_str()).await.expect(200);
        let seen = node.get(&old, path.as_str()).await;
        assert_eq!(seen.status, 404, "{path}: whoever led keeps nothing: {}", seen.told());
    }
    let duty = "/v1/deadlines?scope=agency&duty=answer_data_request";
    let owes = |page: Value| page["data"].as_array().map_or(0, Vec::len);
    assert_eq!(owes(node.get(&new, duty).await.expect(200).json()), 2);
    assert_eq!(owes(node.get(&old, duty).await.expect(200).json()), 0);
    assert_eq!(ids(&node.get(&new, "/v1/data-requests").await.expect(200)).len(), 2);
    assert_eq!(ids(&node.get(&old, "/v1/data-requests").await.expect(200)).len(), 0);
    // The new lead answers it, and what is held still waits for the data protection officer.
    let tag = node.get(&new, paths[0].as_str()).await.tag();
    let _ = node.act(&new, format!("{}/answer", paths[0]), &tag, &answering("given")).await.expect(200);
    let tag = node.get(&new, paths[1].as_str()).await.tag();
    node.act(&new, format!("{}/answer", paths[1]), &tag, &answering("given"))
        .await
        .refused(422, "rule-refused");
}
