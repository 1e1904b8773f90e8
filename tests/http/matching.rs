//! Finding a child that is already known: hit or no hit, told on both sides; one open case for each child (R70).

use std::{collections::BTreeSet, time::Instant};

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, anonymous, another_mik, barnahus, child_protection, client, police, police_manager,
    returning, riga_police, shelter, shut_out, supervisor,
};

fn asking(child: &Value) -> Value {
    json!({
        "name": { "given": child["givenName"], "family": child["familyName"] }, "birthDate": child["birthDate"],
        "sex": child["sex"],
    })
}

async fn search(node: &TestNode, who: &Who, body: &Value) -> Seen {
    node.ask("POST", "/v1/cases/search").by(who).json(body).send().await
}

async fn found(node: &TestNode, who: &Who, body: &Value) -> Vec<Value> {
    let seen = search(node, who, body).await.expect(200).json();
    seen["matches"].as_array().expect("matches").clone()
}

async fn held_by(node: &TestNode, who: &Who) -> Value {
    let id = who.agency().id.to_string();
    let it = node.get(&police(), format!("/v1/agencies/{id}")).await.expect(200).json();
    let mut held = json!({ "agencyId": id, "name": it["name"] });
    if it["dutyPhone"].is_string() {
        held["dutyPhone"] = it["dutyPhone"].clone();
    }
    json!({ "heldBy": held })
}

/// The lines that a search has left: what each was about.
fn searched(node: &TestNode) -> Vec<Value> {
    let lines = node.database.access_log().into_iter().filter(|it| it["operation"] == "searchCases");
    lines.map(|it| it["case_id"].clone()).collect()
}

fn told_of_search(node: &TestNode) -> Vec<Value> {
    node.database.facts().into_iter().filter(|it| it["event"] == "case.searched_by_other").collect()
}

#[actix_web::test]
async fn an_own_case_is_found_with_reasons_however_the_name_is_written() {
    let node = TestNode::start().await;
    let mut child = another_mik();
    child["familyName"] = json!("Vymyshlenyi");
    let case = node.given_case_of(&police_manager(), &child).await;
    let before = node.database.contents();
    for (given, family, born, reason) in [
        ("Mykola", "Vymyshlenyi", "2015-04-02", "same_name"),
        ("Микола", "Вимишлений", "2015-04-02", "same_name"),
        ("Vymyshlenyi", "Mykola", "2015-04-03", "swapped_parts"),
        ("Mikola", "Vymyshlnei", "2015-02-04", "similar_name"),
    ] {
        let asked = json!({ "name": { "given": given, "family": family }, "birthDate": born });
        let hits = found(&node, &police_manager(), &asked).await;
        assert_eq!(hits.len(), 1, "{given} {family} {born}");
        assert_eq!((&hits[0]["case"]["id"], &hits[0]["case"]["status"]), (&json!(case), &json!("intake")));
        assert!(hits[0]["reasons"].as_array().expect("reasons").contains(&json!(reason)), "{hits:?}");
        assert!(hits[0]["score"].as_u64().is_some_and(|it| it >= 75) && hits[0]["heldBy"].is_null());
    }
    let other = json!({ "name": { "given": "Oksana", "family": "Inshyi" }, "birthDate": "2011" });
    assert!(found(&node, &police_manager(), &other).await.is_empty());
    assert_eq!(
        node.database.contents(),
        before,
        "nothing is stored of who was asked for, and nobody else is told"
    );
    // Four questions with a hit, one without.
    assert_eq!(searched(&node).iter().filter(|it| **it == json!(case)).count(), 4);
    assert_eq!(searched(&node).iter().filter(|it| it.is_null()).count(), 5);
}

#[actix_web::test]
async fn a_hit_elsewhere_tells_whom_to_call_and_both_sides_know_of_it() {
    let node = TestNode::start().await;
    let child = another_mik();
    let case = node.given_case_of(&child_protection(), &child).await;
    let hits = found(&node, &police_manager(), &asking(&child)).await;
    assert_eq!(hits, [held_by(&node, &child_protection()).await], "no id, reference, status or likeness");
    assert_eq!(searched(&node), [Value::Null, json!(case)], "the log of the one who asked names the case");
    let told = told_of_search(&node);
    assert_eq!(told.len(), 1);
    let agency = police().agency().id.to_string();
    assert_eq!(told[0]["payload"], json!({ "agencyId": agency, "purpose": "identification" }));
    assert_eq!(told[0]["audience"], json!([child_protection().agency().id.to_string()]));
    let timeline =
        node.get(&child_protection(), format!("/v1/cases/{case}/timeline")).await.expect(200).json();
    let last = timeline["data"].as_array().and_then(|it| it.last()).expect("an event");
    assert_eq!(
        (&last["type"], &last["data"]["agencyId"]),
        (&json!("case.searched_by_other"), &json!(agency))
    );
    assert!(
        found(&node, &riga_police(), &asking(&child)).await.is_empty(),
        "another country has its own register"
    );
}

#[actix_web::test]
async fn a_guest_is_told_the_case_only_if_it_was_given_who_the_child_is() {
    let node = TestNode::start().await;
    let child = another_mik();
    let case = node.given_case_of(&police_manager(), &child).await;
    let _ = node.given_accepted_referral(&case, &barnahus()).await;
    let hits = found(&node, &barnahus(), &asking(&child)).await;
    assert_eq!(hits[0]["case"]["id"], case.as_str());
    let _ = node.given_accepted_referral(&case, &shelter()).await;
    let hits = found(&node, &shelter(), &asking(&child)).await;
    assert_eq!(
        hits,
        [held_by(&node, &child_protection()).await],
        "a shelter worker has a summary without the name"
    );
}

/// T-I4 of the threat model: byte by byte, and in the same time.
#[actix_web::test]
async fn a_hidden_hit_is_answered_like_no_hit() {
    let node = TestNode::start().await;
    let (hidden, nobody) = (
        another_mik(),
        json!({ "givenName": "Taras", "familyName": "Nevidomyi", "birthDate": "2013-07-19", "sex": "male" }),
    );
    let case = node.given_case_of(&child_protection(), &hidden).await;
    assert_eq!(found(&node, &police_manager(), &asking(&hidden)).await.len(), 1, "it is there to be found");
    let _ = node.given_restriction(&case, &shut_out(&police())).await;
    let mut took = [Vec::new(), Vec::new()];
    for _ in 0..15 {
        let mut answers = Vec::new();
        for (place, child) in [&hidden, &nobody].into_iter().enumerate() {
            let start = Instant::now();
            answers.push(anonymous(&search(&node, &police_manager(), &asking(child)).await.expect(200)));
            took[place].push(start.elapsed());
        }
        assert_eq!(answers[0], answers[1]);
    }
    let [with, without] = took.map(|mut all| {
        all.sort();
        all[all.len() / 2]
    });
    assert!(with < without * 3 && without < with * 3, "{with:?} for a hidden child, {without:?} for nobody");
}

#[actix_web::test]
async fn a_token_for_one_case_finds_nothing_else() {
    let node = TestNode::start().await;
    let child = another_mik();
    let case = node.given_case_of(&police_manager(), &child).await;
    let other = node.given_case().await;
    assert_eq!(found(&node, &police_manager().bound_to(&case), &asking(&child)).await.len(), 1);
    for who in [police_manager().bound_to(&other), child_protection().bound_to(&other)] {
        assert!(found(&node, &who, &asking(&child)).await.is_empty());
    }
    assert!(told_of_search(&node).is_empty());
}

#[actix_web::test]
async fn too_thin_a_question_is_refused() {
    let node = TestNode::start().await;
    for (body, at) in [
        (json!({}), vec!["/name", "/birthDate"]),
        (json!({ "name": {}, "birthDate": "2015" }), vec!["/name"]),
        (json!({ "name": { "family": "Vymyshlenyi" } }), vec!["/birthDate"]),
        (json!({ "name": { "given": "Mykola" }, "birthDate": "2015-04" }), vec!["/birthDate"]),
    ] {
        let seen = search(&node, &police_manager(), &body).await.refused(422, "inconsistent-values");
        let found: Vec<_> = seen.found().into_iter().map(|it| it.1).collect();
        assert_eq!(found, at, "{body}");
    }
    assert_eq!(searched(&node).len(), 4, "refusals are logged");
    let nobody = client("labour-inspectorate");
    search(&node, &nobody, &asking(&another_mik())).await.refused(403, "not-your-function");
}

#[actix_web::test]
async fn a_child_of_an_open_case_is_not_taken_in_twice() {
    let node = TestNode::start().await;
    let me = police_manager();
    let mut child = another_mik();
    let case = node.given_case_of(&me, &child).await;
    let screening = node.given_screening(&me).await;
    let mut body = json!({ "screeningId": screening, "child": child });
    let before = node.database.contents();
    let seen = node.create(&me, "/v1/cases", &body).await.refused(422, "rule-refused");
    assert_eq!(seen.rules(), ["R70"]);
    assert_eq!(seen.json()["violations"][0]["caseId"], case.as_str(), "the case to use is named");
    body["distinctFrom"] = json!([case]);
    let seen = node.create(&me, "/v1/cases", &body).await.refused(422, "inconsistent-values");
    assert_eq!(seen.found()[0], ("reason_needed".to_owned(), "/distinctReason".to_owned()));
    assert_eq!(node.database.contents(), before, "nothing was written");
    body["distinctReason"] = json!("A cousin of the same name; both were seen together.");
    let made = node.create(&me, "/v1/cases", &body).await.expect(201);
    let kept =
        node.get(&child_protection(), format!("/v1/cases/{}/matches", made.id())).await.expect(200).json();
    let kept = &kept["data"][0];
    assert_eq!((&kept["status"], &kept["other"]["case"]["id"]), (&json!("rejected"), &json!(case)));
    assert_eq!(kept["answer"]["reason"], body["distinctReason"]);
    assert!(!format!("{:?}", node.database.facts()).contains("cousin"), "no words in the log of facts");

    let mut numbered = json!({
        "externalId": { "issuer": "invented-registry", "value": "7" }, "screeningId": node.given_screening(&me).await,
        "child": child,
    });
    let put =
        async |body: &Value| node.ask("PUT", "/v1/cases/by-external-id").by(&me).json(body).send().await;
    assert_eq!(put(&numbered).await.refused(422, "rule-refused").rules(), ["R70", "R70"]);
    numbered["child"] = json!({ "callName": "Mik" });
    let _ = put(&numbered).await.expect(201);
    numbered["child"] = child.clone();
    assert_eq!(put(&numbered).await.refused(422, "rule-refused").rules(), ["R70", "R70"]);
    numbered["distinctFrom"] = json!([case, made.id()]);
    numbered["distinctReason"] = json!("Another cousin.");
    let third = put(&numbered).await.expect(200).id();

    // A sister is not the same child; a brother who becomes it by a change is.
    child["givenName"] = json!("Oksana");
    child["sex"] = json!("female");
    let sister = node.given_case_of(&me, &child).await;
    let path = format!("/v1/cases/{sister}/child");
    let tag = node.get(&me, path.as_str()).await.tag();
    let change = json!({ "givenName": "Mykola", "sex": "male" });
    let refused = node.patch(&me, path.as_str(), &tag, &change).await.refused(422, "rule-refused");
    assert!(refused.rules().iter().all(|it| it == "R70") && refused.rules().len() == 3, "all are named");
    let mut change = change;
    change["distinctFrom"] = json!([case, made.id(), third]);
    change["distinctReason"] = json!("Papers were mixed up.");
    let _ = node.patch(&me, path.as_str(), &tag, &change).await.expect(200);
}

#[actix_web::test]
async fn taking_in_tells_nothing_of_a_case_that_may_not_be_known() {
    let node = TestNode::start().await;
    let me = police_manager();
    let mut answers = Vec::new();
    for known in [false, true] {
        let child = another_mik();
        if known {
            let _ = node.given_case_of(&child_protection(), &child).await;
        }
        let body = json!({ "screeningId": node.given_screening(&me).await, "child": child });
        let made = node.create(&me, "/v1/cases", &body).await.expect(201);
        let case = made.id();
        let list = node.get(&me, format!("/v1/cases/{case}/matches")).await;
        list.refused(403, "not-your-function");
        let deadlines = node.get(&me, format!("/v1/cases/{case}/deadlines")).await.expect(200).json();
        let timeline = node.get(&me, format!("/v1/cases/{case}/timeline")).await.expect(200).json();
        let duties: Vec<_> =
            deadlines["data"].as_array().expect("data").iter().map(|it| it["duty"].clone()).collect();
        let events: Vec<_> =
            timeline["data"].as_array().expect("data").iter().map(|it| it["type"].clone()).collect();
        let mut it = made.json();
        for own in ["id", "reference", "openedAt", "allowedActions"] {
            it.as_object_mut().map(|it| it.remove(own));
        }
        it["child"]["familyName"] = Value::Null;
        it["identification"] = Value::Null;
        let names: BTreeSet<_> = made.headers.iter().map(|it| it.0.clone()).collect();
        answers.push((it, names, duties, events));
        let lead =
            node.get(&child_protection(), format!("/v1/cases/{case}/matches")).await.expect(200).json();
        assert_eq!(lead["data"].as_array().map(Vec::len), Some(usize::from(known)), "the lead agency looks");
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn two_lead_agencies_say_whether_it_is_one_child() {
    let node = TestNode::start().await;
    let (ours, found, theirs) = node.given_match().await;
    let (us, them) = (child_protection(), police_manager());
    let path = format!("/v1/cases/{ours}/matches/{found}");
    let seen = node.get(&us, path.as_str()).await.expect(200);
    assert_eq!(seen.json()["other"], held_by(&node, &them).await, "only whom to call");
    assert_eq!(seen.text("status"), "suggested");
    let due = node.get(&us, "/v1/deadlines?scope=agency&duty=check_match").await.expect(200).json();
    assert_eq!((&due["data"][0]["rule"], &due["data"][0]["subjectId"]), (&json!("R70"), &json!(found)));
    let due = node.get(&them, "/v1/deadlines?scope=agency&duty=check_match").await.expect(200).json();
    let other = due["data"][0]["subjectId"].as_str().expect("a match").to_owned();
    assert_ne!(other, found, "each side has its own id");
    node.get(&us, format!("/v1/cases/{ours}/matches/{other}")).await.refused(404, "not-found");

    let reason = json!({ "reason": "Same scar." });
    let officer = us.clone().in_role("identification_officer");
    let tag = seen.tag();
    let refused = node.act(&officer, format!("{path}/confirm"), &tag, &reason).await;
    assert!([403, 412].contains(&refused.status), "{refused:?}");
    let first = node.act(&us, format!("{path}/confirm"), &tag, &reason).await.expect(200);
    assert_eq!(
        (first.text("status"), &first.json()["answer"]["reason"]),
        ("suggested".into(), &reason["reason"])
    );
    let closed = node.get(&us, "/v1/deadlines?scope=agency&duty=check_match&state=open").await;
    if closed.status == 200 {
        assert_eq!(closed.json()["data"], json!([]));
    }
    let their_path = format!("/v1/cases/{theirs}/matches/{other}");
    let seen = node.get(&them, their_path.as_str()).await.expect(200);
    assert!(seen.json()["answer"].is_null(), "what the other side wrote stays there");
    let done = node.act(&them, format!("{their_path}/confirm"), &seen.tag(), &reason).await.expect(200);
    assert_eq!(done.text("status"), "confirmed");
    let late = node.get(&us, path.as_str()).await.expect(200);
    assert_eq!(late.text("status"), "confirmed");
    let late = node.act(&us, format!("{path}/reject"), &late.tag(), &reason).await;
    late.refused(409, "state-conflict");
    let facts = node.database.facts();
    let told: Vec<_> = facts.iter().filter(|it| it["event"] == "case.match_confirmed").collect();
    assert_eq!(told.len(), 4, "both holders of both acts");
    assert!(!format!("{facts:?}").contains("scar"));
}

#[actix_web::test]
async fn either_lead_agency_can_say_no_and_then_nobody_has_to_look() {
    let node = TestNode::start().await;
    let (ours, found, _) = node.given_match().await;
    let us = child_protection();
    let path = format!("/v1/cases/{ours}/matches/{found}");
    let tag = node.get(&us, path.as_str()).await.tag();
    let done = node.act(&us, format!("{path}/reject"), &tag, &json!({ "reason": "Ten years apart." })).await;
    assert_eq!(done.expect(200).text("status"), "rejected");
    for who in [us, police_manager()] {
        let due = node.get(&who, "/v1/deadlines?scope=agency&duty=check_match").await.expect(200).json();
        let open = due["data"].as_array().expect("data").iter().filter(|it| it["closedAt"].is_null()).count();
        assert_eq!(open, 0, "{who:?}");
    }
}

#[actix_web::test]
async fn whoever_was_taken_in_while_a_case_was_closed_is_asked_about_when_it_is_open_again() {
    let node = TestNode::start().await;
    let us = child_protection();
    let case = node.given_closed_case().await;
    let mut child = node.get(&supervisor(), format!("/v1/cases/{case}/child")).await.expect(200).json();
    let known = ["givenName", "familyName", "birthDate", "sex"];
    child.as_object_mut().expect("a child").retain(|name, _| known.contains(&name.as_str()));
    let other = node.given_case_of(&police_manager(), &child).await;
    let matches = async |case: &str| {
        let seen = node.get(&us, format!("/v1/cases/{case}/matches")).await.expect(200).json();
        seen["data"].as_array().expect("data").clone()
    };
    assert!(matches(&other).await.is_empty(), "a closed case does not stand beside it");
    let reopened = node.life(&us, &case, "reopen", &returning()).await.expect(200);
    assert_eq!(reopened.text("status"), "reopened");
    let codes: Vec<_> = reopened.found().into_iter().map(|it| it.0).collect();
    assert_eq!(codes, ["reopened", "asylum_info_due", "similar_child"], "who leads both is told");
    for it in [&case, &other] {
        let found = matches(it).await;
        assert_eq!((found.len(), &found[0]["status"]), (1, &json!("suggested")));
    }
    let due = node.get(&us, "/v1/deadlines?scope=agency&duty=check_match&standing=open").await;
    assert_eq!(due.expect(200).json()["data"].as_array().map(Vec::len), Some(2), "one for each side");
}
