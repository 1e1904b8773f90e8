//! The case file through HTTP: contacts, notes, documents, links, numbers of calling systems, the past.

use domain::vocabulary::AgencyType;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::support::{
    Operation, Seen, TestNode, Who, barnahus, child_protection, client, mik, police, police_manager, shelter,
    taking_part,
};

fn at(case: &str, what: &str) -> String {
    format!("/v1/cases/{case}/{what}")
}

fn data(seen: &Seen) -> Vec<Value> {
    seen.json()["data"].as_array().cloned().unwrap_or_default()
}

#[actix_web::test]
async fn another_child_of_the_family_is_a_duty_until_somebody_has_looked_after_it() {
    let node = TestNode::start().await;
    let (case, me) = (node.given_case().await, child_protection());
    let sibling = json!({ "relation": "sibling", "givenName": "Kask", "birthDate": "2019" });
    let made = node.create(&me, at(&case, "contacts"), &sibling).await.expect(201);
    assert_eq!(made.rules(), ["R68"]);
    let duties = || async {
        let seen = node.get(&me, at(&case, "deadlines")).await.expect(200);
        data(&seen).into_iter().filter(|it| it["duty"] == "check_sibling").collect::<Vec<_>>()
    };
    let duty = duties().await.remove(0);
    assert_eq!((&duty["subject"], &duty["subjectId"]), (&json!("contact"), &json!(made.id())));
    assert_eq!((&duty["state"], &duty["rule"]), (&json!("running"), &json!("R68")));
    let path = at(&case, &format!("contacts/{}", made.id()));
    let looked = node.patch(&me, &path, &made.tag(), &json!({ "checkedOn": "2026-11-24" })).await.expect(200);
    assert_eq!((looked.json()["version"].clone(), looked.rules()), (json!(2), Vec::new()));
    assert_eq!(duties().await[0]["state"], "met");
    node.patch(&me, &path, &made.tag(), &json!({ "isChild": true })).await.refused(412, "stale-version");
}

#[actix_web::test]
async fn a_suspect_is_told_nothing_of_the_child() {
    let node = TestNode::start().await;
    let (case, me) = (node.given_case().await, child_protection());
    let uncle = json!({ "relation": "other_relative", "suspected": true, "mayBeInformed": true });
    let refused = node.create(&me, at(&case, "contacts"), &uncle).await.refused(422, "rule-refused");
    assert_eq!(refused.rules(), ["R36"]);
    assert!(refused.found()[0].1 == "/mayBeInformed");
}

#[actix_web::test]
async fn an_organisation_with_a_mandate_keeps_a_file_and_names_no_suspect() {
    let node = TestNode::start().await;
    node.database.set_agency_type("tallinn-ngo", AgencyType::NgoMandated);
    let ngo = client("tallinn-ngo");
    let case = node.given_case_by(&ngo).await;
    let mut man = json!({ "relation": "other", "givenName": "Invented", "suspected": true });
    let before = node.contents();
    let refused = node.create(&ngo, at(&case, "contacts"), &man).await.refused(422, "rule-refused");
    assert_eq!((refused.rules(), refused.found()[0].1.as_str()), (vec!["R88".to_owned()], "/suspected"));
    assert!(refused.json()["violations"][0]["sources"][0]["citation"].is_string());
    let note = json!({ "category": "d11_alleged_offenders", "text": "An invented name." });
    node.create(&ngo, at(&case, "notes"), &note).await.refused(403, "section-not-writable");
    assert_eq!(node.contents(), before, "nothing was written");
    man["suspected"] = json!(false);
    let made = node.create(&ngo, at(&case, "contacts"), &man).await.expect(201);
    let path = at(&case, &format!("contacts/{}", made.id()));
    let changed = node.patch(&ngo, path, &made.tag(), &json!({ "suspected": true })).await;
    assert_eq!(changed.refused(422, "rule-refused").rules(), ["R88"], "nor by a change");
    // One without a mandate writes in no file.
    let support = client("narva-ngo");
    node.create(&support, at(&case, "contacts"), &man).await.refused(403, "not-your-function");
}

#[actix_web::test]
async fn a_note_is_read_by_who_reads_its_class_whole_known_to_who_reads_a_summary_and_corrected_by_another() {
    let node = TestNode::start().await;
    let (case, me) = (node.given_case().await, child_protection());
    let note = |category: &str| json!({ "category": category, "text": "An invented observation." });
    let view = node.create(&me, at(&case, "notes"), &note("d13_best_interests_views")).await.expect(201);
    let risk = node.create(&me, at(&case, "notes"), &note("d14_risk_safety")).await.expect(201);
    let mut correction = note("d14_risk_safety");
    correction["correctsId"] = risk.id().into();
    let corrected = node.create(&me, at(&case, "notes"), &correction).await.expect(201);
    let ids = |seen: Seen| data(&seen).iter().map(|it| it["id"].clone()).collect::<Vec<_>>();
    let all = ids(node.get(&me, at(&case, "notes")).await.expect(200));
    assert_eq!(all, [json!(corrected.id()), json!(risk.id()), json!(view.id())]);
    // An investigator reads risks whole and of views a summary.
    let listed = node.get(&police(), at(&case, "notes")).await.expect(200);
    let whole: Vec<_> = data(&listed).iter().map(|it| it["summaryOnly"] == false).collect();
    assert_eq!((ids(listed), whole), (all, vec![true, true, false]));
    let flagged = at(&case, &format!("notes/{}", view.id()));
    let seen = node.get(&police(), &flagged).await.expect(200).json();
    assert_eq!((seen["text"].clone(), &seen["agencyId"]), (Value::Null, &json!(me.agency().id)));
    // Whoever reads nothing of the class does not know of it.
    let guest = client("narva-ngo");
    let _ = node.given_participant(&case, &taking_part(&guest, None, &["d14_risk_safety"])).await;
    node.get(&guest, &flagged).await.refused(404, "not-found");
    correction["correctsId"] = view.id().into();
    correction["category"] = json!("d14_risk_safety");
    let wrong = node.create(&police_manager().in_role("investigator"), at(&case, "notes"), &correction).await;
    let wrong = wrong.refused(422, "reference-not-found");
    assert_eq!(wrong.found()[0].1, "/correctsId", "what one does not read whole does not exist to correct");
    for (category, code) in
        [("d8_therapy_notes", "section-not-writable"), ("d2_whereabouts", "inconsistent-values")]
    {
        let status = if code == "section-not-writable" { 403 } else { 422 };
        node.create(&me.clone().bound_to(&case), at(&case, "notes"), &note(category))
            .await
            .refused(status, code);
    }
    for method in ["PATCH", "PUT", "DELETE"] {
        node.ask(method, at(&case, &format!("notes/{}", risk.id())))
            .by(&me)
            .send()
            .await
            .refused(405, "method-not-allowed");
    }
}

async fn put(node: &TestNode, who: &Who, path: &str, bytes: &[u8]) -> Seen {
    node.ask("PUT", path).by(who).bytes("application/octet-stream", bytes.to_vec()).send().await
}

#[actix_web::test]
async fn a_document_comes_back_byte_for_byte_to_those_who_may_read_its_class() {
    let node = TestNode::start().await;
    let (case, me) = (node.given_case().await, police_manager());
    let announced = Operation::named("createDocument").example();
    let made = node.create(&me, at(&case, "documents"), &announced).await.expect(201);
    let path = at(&case, &format!("documents/{}/content", made.id()));
    let download = |who: Who| {
        let ask = node.ask("GET", path.clone()).by(&who).header("accept", "application/octet-stream");
        ask.send()
    };
    download(me.clone()).await.refused(404, "not-found");
    let bytes = b"An invented report.\n";
    let before = node.contents();
    for (wrong, code) in [
        (b"An invented reporT.\n".as_slice(), "digest_differs"),
        (b"An invented report.".as_slice(), "length_differs"),
        (b"An invented\x00report.\n".as_slice(), "type_differs"),
    ] {
        let refused = put(&node, &me, &path, wrong).await.refused(422, "inconsistent-values");
        assert!(refused.found().iter().any(|it| it.0 == code), "{}", refused.told());
    }
    put(&node, &barnahus(), &path, bytes).await.refused(404, "not-found");
    put(&node, &client("ee-focal-point"), &path, bytes).await.refused(403, "not-your-function");
    assert_eq!(node.contents(), before, "nothing was stored");
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    put(&node, &me, &path, &large).await.refused(413, "body-too-large");
    let stored = put(&node, &me, &path, bytes).await.expect(200);
    assert!(stored.json()["storedAt"].is_string());
    let after = node.contents();
    let again = put(&node, &me, &path, bytes).await.expect(200);
    assert_eq!((again.json(), node.contents()), (stored.json(), after), "once more changes nothing");
    for who in [me.clone(), child_protection(), police()] {
        let seen = download(who).await.expect(200);
        assert_eq!(seen.body, bytes.as_slice());
        assert_eq!(seen.header("content-disposition"), Some("attachment"));
        assert_eq!(seen.header("x-content-type-options"), Some("nosniff"));
    }
    // A duty officer reads a summary of the narrative: that there is a document.
    let duty = child_protection().in_role("duty_officer");
    let known = node.get(&duty, at(&case, &format!("documents/{}", made.id()))).await.expect(200).json();
    assert_eq!((&known["summaryOnly"], &known["title"]), (&json!(true), &Value::Null));
    let refused = download(duty.clone()).await.refused(403, "section-not-readable");
    assert_eq!(refused.text("detail"), "the whole of the section d4_exploitation_narrative");
    put(&node, &duty, &path, bytes).await.refused(403, "section-not-writable");
    let logged = node.contents();
    assert!(!format!("{logged:?}").contains("invented report"), "at rest it is sealed");
}

#[actix_web::test]
async fn the_largest_document_is_taken() {
    let node = TestNode::start().await;
    let (case, me) = (node.given_case().await, police_manager());
    let bytes = vec![b'a'; 10 * 1024 * 1024];
    let mut announced = Operation::named("createDocument").example();
    announced["length"] = bytes.len().into();
    announced["sha256"] = data_encoding::HEXLOWER.encode(&persistence::sha256(&bytes)).into();
    let made = node.create(&me, at(&case, "documents"), &announced).await.expect(201);
    let path = at(&case, &format!("documents/{}/content", made.id()));
    let _ = put(&node, &me, &path, &bytes).await.expect(200);
    let seen = node.ask("GET", path).by(&me).send().await.expect(200);
    assert_eq!(seen.body.len(), bytes.len());
}

#[actix_web::test]
async fn a_link_tells_whom_to_call_and_opens_nothing() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let other = node.given_case().await;
    let cp = child_protection();
    // Both are led by child protection; the Barnahus takes part in the first only.
    let _ = node.given_accepted_referral(&case, &barnahus()).await;
    let reference = node.get(&cp, format!("/v1/cases/{other}")).await.expect(200).text("reference");
    let link = json!({ "otherReference": reference, "relation": "sibling", "remarks": "One mother." });
    let made = node.create(&cp, at(&case, "links"), &link).await.expect(201);
    assert_eq!(made.json()["otherCase"]["id"], other.as_str());
    node.create(&cp, at(&other, "links"), &json!({ "otherCaseId": case, "relation": "sibling" }))
        .await
        .refused(409, "state-conflict");
    let back = data(&node.get(&cp, at(&other, "links")).await.expect(200));
    assert_eq!((&back[0]["id"], &back[0]["otherCase"]["id"]), (&json!(made.id()), &json!(case)));
    let timeline = data(&node.get(&cp, at(&other, "timeline?type=case.linked")).await.expect(200));
    assert_eq!((timeline.len(), &timeline[0]["data"]), (1, &json!({ "confidentiality": "case_team" })));
    for wrong in ["0000-0000-0000", "ZZZZ-ZZZZ-ZZZZ"] {
        let body = json!({ "otherReference": wrong, "relation": "sibling" });
        node.create(&cp, at(&case, "links"), &body).await.refused(422, "reference-not-found");
    }
    node.create(&cp, at(&case, "links"), &json!({ "relation": "sibling" }))
        .await
        .refused(422, "inconsistent-values");
    node.create(&barnahus(), at(&case, "links"), &link).await.refused(403, "not-your-function");
    // Nobody who was not told of the family learns of the link.
    let guest = data(&node.get(&barnahus(), at(&case, "links")).await.expect(200));
    assert_eq!(guest, Vec::<Value>::new());
    let ended = at(&case, &format!("links/{}/end", made.id()));
    let tag = node.get(&cp, at(&case, &format!("links/{}", made.id()))).await.expect(200).tag();
    let end = node.act(&cp, &ended, &tag, &json!({ "reason": "They are cousins." })).await.expect(200);
    assert!(end.json()["until"].is_string());
    node.act(&cp, &ended, &end.tag(), &json!({ "reason": "Again." })).await.refused(409, "state-conflict");
    let _ = node.create(&cp, at(&case, "links"), &link).await.expect(201);
}

#[actix_web::test]
async fn what_the_investigation_keeps_to_itself_others_do_not_know() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let investigator = police_manager().in_role("investigator");
    let ring = json!({ "otherCaseId": other, "relation": "same_ring" });
    let made = node.create(&investigator, at(&case, "links"), &ring).await.expect(201);
    assert_eq!(made.json()["confidentiality"], "criminal_track");
    for it in [&case, &other] {
        assert_eq!(
            data(&node.get(&child_protection(), at(it, "links")).await.expect(200)),
            Vec::<Value>::new()
        );
        let hidden = at(it, &format!("links/{}", made.id()));
        node.get(&child_protection(), hidden).await.refused(404, "not-found");
        let told = at(it, "timeline?subject=case_link");
        assert_eq!(data(&node.get(&child_protection(), told).await.expect(200)), Vec::<Value>::new());
    }
    assert_eq!(data(&node.get(&investigator, at(&other, "links")).await.expect(200)).len(), 1);
}

#[actix_web::test]
async fn a_number_of_a_calling_system_has_one_case() {
    let node = TestNode::start().await;
    let me = police_manager();
    let mut body = json!({
        "externalId": { "issuer": "KIS", "value": "2026/118" },
        "child": mik(), "screeningId": node.given_screening(&me).await,
    });
    let upsert = |who: Who, body: Value| {
        let path = "/v1/cases/by-external-id";
        node.ask("PUT", path).by(&who).json(&body).send()
    };
    let bare = json!({ "externalId": body["externalId"] });
    upsert(me.clone(), bare.clone()).await.refused(422, "inconsistent-values");
    let made = upsert(me.clone(), body.clone()).await.expect(201);
    assert!(made.header("location").is_some_and(|it| it.ends_with(&made.id())));
    let before = node.contents();
    let same = upsert(me.clone(), body.clone()).await.expect(200);
    assert_eq!((same.id(), same.tag()), (made.id(), made.tag()));
    assert_eq!(node.contents(), before, "what says nothing new changes nothing");
    let newer = json!({ "externalId": body["externalId"], "child": { "callName": "Misha" } });
    let changed = upsert(me.clone(), newer).await.expect(200).json();
    assert_eq!(
        (&changed["child"]["callName"], &changed["child"]["birthDate"]),
        (&json!("Misha"), &mik()["birthDate"])
    );
    // The number is the agency's own: for others it is free.
    upsert(child_protection(), bare).await.refused(422, "inconsistent-values");
    body["screeningId"] = node.given_screening(&me).await.into();
    let taken = json!({ "screeningId": body["screeningId"], "externalIds": [body["externalId"]] });
    let refused = node.create(&me, "/v1/cases", &taken).await.refused(422, "inconsistent-values");
    assert_eq!(refused.found(), [("external_id_taken".to_owned(), "/externalIds".to_owned())]);
}

#[actix_web::test]
async fn of_two_systems_that_bring_one_number_at_once_one_makes_the_case() {
    let node = TestNode::start().await;
    let me = police_manager();
    for round in 0..20 {
        let body = |screening: String| json!({ "externalId": { "issuer": "KIS", "value": format!("race {round}") }, "screeningId": screening });
        let (one, two) = (body(node.given_screening(&me).await), body(node.given_screening(&me).await));
        let path = "/v1/cases/by-external-id";
        let one = node.ask("PUT", path).by(&me).json(&one).send();
        let two = node.ask("PUT", path).by(&me).json(&two).send();
        let (one, two) = join(one, two).await;
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(
            (statuses, one.id()),
            ([200, 201], two.id()),
            "round {round}: {} {}",
            one.told(),
            two.told()
        );
    }
}

#[actix_web::test]
async fn the_case_as_it_was_known_is_the_one_that_was_shown() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let known = |it: Value| {
        let mut it = it;
        it.as_object_mut().map(|it| (it.remove("allowedActions"), it.remove("warnings")));
        it
    };
    let mut shown = Vec::new();
    let mut keep = |seen: &Seen, at: i64| shown.push((at, known(seen.json())));
    keep(&node.get(&me, &path).await.expect(200), node.clock.seconds());
    node.clock.advance(60);
    let child = node.get(&me, format!("{path}/child")).await.expect(200);
    let _ = node
        .patch(&me, format!("{path}/child"), &child.tag(), &json!({ "callName": "Misha" }))
        .await
        .expect(200);
    keep(&node.get(&me, &path).await.expect(200), node.clock.seconds());
    node.clock.advance(60);
    let (who, act, body) = crate::support::presuming();
    let _ = node.identification_act(&who, &case, act, &body).await.expect(200);
    keep(&node.get(&me, &path).await.expect(200), node.clock.seconds());
    node.clock.advance(60);
    let time = |seconds: i64| {
        let at = domain::Timestamp::from_micros(seconds * 1_000_000).expect("an instant");
        at.to_string()
    };
    for (seconds, then) in &shown {
        let past = node.get(&me, format!("{path}?asOf={}", time(*seconds))).await.expect(200);
        assert_eq!((&known(past.json()), &past.json()["allowedActions"]), (then, &json!([])));
    }
    let before = time(shown[0].0 - 3600);
    node.get(&me, format!("{path}?asOf={before}")).await.refused(404, "not-found");
    // Today's permissions: who may see nothing of it now sees nothing of its past.
    node.get(&shelter(), format!("{path}?asOf={}", time(shown[2].0))).await.refused(404, "not-found");
    let named = node.get(&me, format!("{path}/child?asOf={}", time(shown[0].0))).await.expect(200).json();
    assert_eq!(named["callName"], mik()["callName"]);
    node.get(&me, format!("{path}?asOf=yesterday")).await.refused(400, "invalid-parameter");
}

#[actix_web::test]
async fn a_timeline_is_filtered_by_type_subject_time_and_agency() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_presumed_case().await;
    let _ = node.given_episode(&case).await;
    node.clock.advance(3600);
    let later = domain::Timestamp::from_micros(node.clock.seconds() * 1_000_000).expect("an instant");
    let note = json!({ "category": "d14_risk_safety", "text": "An invented observation." });
    let _ = node.create(&child_protection(), at(&case, "notes"), &note).await.expect(201);
    let types = |query: String| {
        let path = at(&case, &format!("timeline{query}"));
        let seen = node.get(&me, path);
        async move { data(&seen.await.expect(200)).iter().map(|it| it["type"].clone()).collect::<Vec<_>>() }
    };
    let all = types(String::new()).await;
    assert!(all.len() >= 4, "{all:?}");
    assert_eq!(types("?type=case.intake".to_owned()).await, ["case.intake"]);
    assert_eq!(types("?subject=note".to_owned()).await, ["note.recorded"]);
    assert_eq!(types(format!("?from={later}")).await, ["note.recorded"]);
    assert_eq!(types(format!("?until={later}")).await, all[..all.len() - 1]);
    let cp = child_protection().agency().id.to_string();
    assert_eq!(types(format!("?agencyId={cp}&from={later}")).await, ["note.recorded"]);
    let nobody = client("tallinn-clinic").agency().id.to_string();
    assert_eq!(types(format!("?agencyId={nobody}")).await, Vec::<Value>::new());
}
