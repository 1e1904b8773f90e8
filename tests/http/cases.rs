//! Taking a case in, what is known of the child, and the exploitation episodes.

use serde_json::{Value, json};

use crate::support::{Seen, TestNode, child_protection, fresh_key, hideout, mik, police_manager};

#[actix_web::test]
async fn a_case_is_taken_in_and_led_by_child_protection() {
    let node = TestNode::start().await;
    let me = police_manager();
    let screening = node.given_screening(&me).await;
    let body = json!({
        "screeningId": screening, "child": mik(), "whereabouts": hideout(),
        "externalIds": [{ "issuer": "KIS", "value": "2026/117" }],
    });
    let made = node.create(&me, "/v1/cases", &body).await.expect(201);
    let it = made.json();
    assert_eq!((&it["status"], &it["identification"]["status"]), (&json!("intake"), &json!("screening")));
    assert_eq!(it["leadAgencyId"], child_protection().agency().id.to_string());
    assert_eq!(it["openedByAgencyId"], me.agency().id.to_string());
    assert_eq!(it["externalIds"], body["externalIds"]);
    assert_eq!(it["child"]["ageGroup"], "6-11");
    for member in [
        "givenName",
        "familyName",
        "callName",
        "sex",
        "birthDate",
        "nationalities",
        "languages",
        "specialNeeds",
    ] {
        assert_eq!(it["child"][member], body["child"][member], "{member}");
    }
    let place = node.get(&me, format!("/v1/cases/{}/whereabouts", made.id())).await.expect(200).json();
    for member in ["accommodationType", "address", "contact", "since"] {
        assert_eq!(place[member], body["whereabouts"][member], "{member}");
    }
    let lead = node.get(&child_protection(), format!("/v1/cases/{}", made.id())).await.expect(200).json();
    assert_eq!((&lead["reference"], &lead["child"]), (&it["reference"], &it["child"]));
    let timeline =
        node.get(&child_protection(), format!("/v1/cases/{}/timeline", made.id())).await.expect(200).json();
    let event = &timeline["data"][0];
    assert_eq!((&event["type"], &event["subjectId"]), (&json!("case.intake"), &json!(made.id())));
    assert_eq!(event["data"]["screeningId"], screening.as_str());
}

#[actix_web::test]
async fn nothing_of_the_child_is_required() {
    let node = TestNode::start().await;
    let me = police_manager();
    let body = json!({ "screeningId": node.given_screening(&me).await });
    let made = node.create(&me, "/v1/cases", &body).await.expect(201);
    assert_eq!(made.rules(), ["R6"], "an unknown age means child");
    let it = made.json();
    assert_eq!(it["child"]["ageStatus"], "disputed_treated_as_child");
    assert_eq!(it["child"]["languages"], json!([]));
    let place = node.get(&me, format!("/v1/cases/{}/whereabouts", made.id())).await.expect(200).json();
    assert_eq!(place, json!({ "summaryOnly": false }));
}

#[actix_web::test]
async fn a_screening_gives_one_case() {
    let node = TestNode::start().await;
    let body = json!({ "screeningId": node.given_screening(&police_manager()).await });
    let _ = node.create(&police_manager(), "/v1/cases", &body).await.expect(201);
    let before = node.contents();
    node.create(&police_manager(), "/v1/cases", &body).await.refused(409, "state-conflict");
    assert_eq!(node.contents(), before, "no half of a second one");
}

#[actix_web::test]
async fn an_age_is_read_in_the_childs_favour() {
    let node = TestNode::start().await;
    let me = police_manager();
    let table = [
        ("2008-11-25", "documented", "undisputed_child", Some("15-17"), vec![]),
        ("2008-11-24", "documented", "undisputed_adult", Some("18+"), vec![]),
        ("2008-11-24", "declared", "disputed_treated_as_child", None, vec!["R6"]),
        ("2008", "declared", "undisputed_child", Some("15-17"), vec![]),
        ("2008-11", "declared", "undisputed_child", Some("15-17"), vec![]),
        ("2012-02-29", "disputed", "disputed_treated_as_child", Some("12-14"), vec!["R6"]),
        ("2026-11-25", "documented", "undisputed_child", None, vec![]),
        ("2026", "documented", "undisputed_child", None, vec![]),
    ];
    for (born, certainty, status, group, rules) in table {
        let body = json!({
            "screeningId": node.given_screening(&me).await, "child": { "birthDate": born, "ageCertainty": certainty },
        });
        let made = node.create(&me, "/v1/cases", &body).await.expect(201);
        let child = &made.json()["child"];
        assert_eq!(
            (&child["birthDate"], &child["ageStatus"]),
            (&json!(born), &json!(status)),
            "{born} {certainty}"
        );
        assert_eq!(child["ageGroup"].as_str(), group, "{born}");
        assert_eq!(made.rules(), rules, "{born} {certainty}");
    }
    for born in ["2026-11-26", "2026-12", "2027", "2199-12-31"] {
        let body = json!({ "screeningId": node.given_screening(&me).await, "child": { "birthDate": born } });
        let seen = node.create(&me, "/v1/cases", &body).await.refused(422, "inconsistent-values");
        assert_eq!(seen.found(), [("in_the_future".to_owned(), "/child/birthDate".to_owned())], "{born}");
    }
}

#[actix_web::test]
async fn a_merge_patch_changes_what_it_names_and_clears_what_is_null() {
    let node = TestNode::start().await;
    let me = police_manager();
    let path = format!("/v1/cases/{}/child", node.given_case().await);
    let mut now = node.get(&me, path.as_str()).await.expect(200);
    let unchanged = now.json();
    let table = [
        json!({}),
        json!({ "callName": "Misha" }),
        json!({ "familyName": null, "unaccompanied": false }),
        json!({ "givenName": "Mykhailo", "callName": null, "birthDate": "2014" }),
        json!({ "languages": ["uk", "ru"], "nationalities": [], "specialNeeds": [] }),
        json!({ "birthDate": null, "unaccompanied": null, "sex": "unknown", "ageCertainty": "unknown" }),
        json!({ "givenName": null }),
    ];
    let mut wanted = unchanged.clone();
    for patch in table {
        for (name, value) in patch.as_object().expect("members") {
            let members = wanted.as_object_mut().expect("members");
            if value.is_null() {
                members.remove(name);
            } else {
                members.insert(name.clone(), value.clone());
            }
        }
        let changed = node.patch(&me, path.as_str(), &now.tag(), &patch).await.expect(200);
        now = node.get(&me, path.as_str()).await.expect(200);
        let bare = |it: Value| {
            let mut it = it;
            for derived in ["ageGroup", "ageStatus", "warnings"] {
                it.as_object_mut().map(|it| it.remove(derived));
            }
            it
        };
        assert_eq!(bare(now.json()), bare(wanted.clone()), "after {patch}");
        assert_eq!(bare(changed.json()), bare(now.json()));
    }
    let late = node.patch(&me, path.as_str(), &now.tag(), &json!({ "birthDate": "2030" })).await;
    let late = late.refused(422, "inconsistent-values");
    assert_eq!(late.found()[0].1, "/birthDate");
}

#[actix_web::test]
async fn the_whereabouts_are_patched_as_well() {
    let node = TestNode::start().await;
    let me = police_manager();
    let path = format!("/v1/cases/{}/whereabouts", node.given_case().await);
    let tag = node.get(&me, path.as_str()).await.tag();
    let patch = json!({ "address": null, "accommodationType": "hospital", "since": "2026-11-23" });
    let it = node.patch(&me, path.as_str(), &tag, &patch).await.expect(200);
    let wanted = json!({ "accommodationType": "hospital", "contact": "+372 000 0000", "since": "2026-11-23", "summaryOnly": false });
    assert_eq!(it.json(), wanted);
    let it = node
        .patch(&me, path.as_str(), &it.tag(), &json!({ "contact": null, "since": null }))
        .await
        .expect(200);
    assert_eq!(it.json(), json!({ "accommodationType": "hospital", "summaryOnly": false }));
    let events = node.database.facts();
    let told: Vec<_> = events.iter().filter(|it| it["event"] == "case.whereabouts_changed").collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|it| it["payload"] == json!({})), "that it changed, and not to what");
}

#[actix_web::test]
async fn an_episode_has_one_purpose_or_several() {
    let node = TestNode::start().await;
    let me = police_manager();
    let path = format!("/v1/cases/{}/exploitation-episodes", node.given_case().await);
    let body = json!({
        "exploitationTypes": ["forced_begging", "criminal_activity"], "stage": "ongoing", "acts": ["transportation", "harbouring"],
        "means": ["deception"], "controlMethods": ["takes_earnings"], "country": "EE", "placeType": "street",
        "from": "2026-10-01", "until": "2026-11-24", "narrative": "Begs, and carries what others stole.",
    });
    let mut body = body;
    let types = node.get(&me, "/v1/code-lists/exploitation_type").await.expect(200).json();
    let codes: Vec<&str> =
        types["codes"].as_array().into_iter().flatten().filter_map(|it| it["code"].as_str()).collect();
    body["exploitationTypes"] = json!([codes[0], codes[1]]);
    let made = node.create(&me, path.as_str(), &body).await.expect(201);
    let it = made.json();
    for (member, value) in body.as_object().expect("members") {
        assert_eq!(&it[member], value, "{member}");
    }
    let list = node.get(&child_protection(), path.as_str()).await.expect(200).json();
    assert_eq!(list["data"], json!([it]));
}

#[track_caller]
fn refused(seen: &Seen, code: &str, found: (&str, &str), rules: &[&str]) {
    assert_eq!((seen.status, seen.code().as_str()), (422, code), "{}", seen.told());
    assert_eq!(seen.found(), [(found.0.to_owned(), found.1.to_owned())]);
    assert_eq!(seen.rules(), rules);
}

#[actix_web::test]
async fn an_episode_that_the_law_or_time_contradicts_is_refused() {
    let node = TestNode::start().await;
    let path = format!("/v1/cases/{}/exploitation-episodes", node.given_case().await);
    let with = |more: Value| {
        let mut body =
            json!({ "exploitationTypes": ["forced_begging"], "stage": "ongoing", "means": ["deception"] });
        for (name, value) in more.as_object().expect("members") {
            body[name] = value.clone();
        }
        body
    };
    let table = [
        (
            json!({ "exploitationTypes": [] }),
            "rule-refused",
            ("list_each_purpose", "/exploitationTypes"),
            vec!["R98"],
        ),
        (
            json!({ "exploitationTypes": ["surrogacy"], "means": [] }),
            "rule-refused",
            ("means_required_surrogacy", "/means"),
            vec!["R2"],
        ),
        (
            json!({ "exploitationTypes": ["other"] }),
            "inconsistent-values",
            ("narrative_needed", "/narrative"),
            vec![],
        ),
        (
            json!({ "from": "2026-11-02", "until": "2026-11-01" }),
            "inconsistent-values",
            ("period_reversed", "/until"),
            vec![],
        ),
        (json!({ "from": "2026-11-26" }), "inconsistent-values", ("in_the_future", "/from"), vec![]),
    ];
    let before = node.contents();
    for (more, code, found, named) in table {
        let seen = node.create(&police_manager(), path.as_str(), &with(more)).await;
        refused(&seen, code, found, &named);
    }
    assert_eq!(node.contents(), before, "nothing was written");
    let lawful = [
        (json!({ "exploitationTypes": ["surrogacy"], "means": [], "childIsSurrogate": true }), vec![]),
        (json!({ "exploitationTypes": ["surrogacy"] }), vec![]),
        (json!({ "exploitationTypes": ["surrogacy", "forced_begging"], "means": [] }), vec!["R1"]),
        (json!({ "means": [] }), vec!["R1"]),
        (json!({ "from": "2026-11-25" }), vec![]),
    ];
    for (more, warned) in lawful {
        let seen = node.create(&police_manager(), path.as_str(), &with(more)).await.expect(201);
        assert_eq!(seen.rules(), warned);
    }
}

#[actix_web::test]
async fn numbers_of_other_systems_are_kept_as_they_are() {
    let node = TestNode::start().await;
    let me = police_manager();
    let many: Vec<Value> = (0..20).map(|n| json!({ "issuer": "KIS", "value": format!("{n} / é") })).collect();
    let mut body = json!({ "screeningId": node.given_screening(&me).await, "externalIds": many });
    let made = node.create(&me, "/v1/cases", &body).await.expect(201);
    assert_eq!(made.json()["externalIds"], json!(many));
    body["externalIds"] = [many, vec![json!({ "issuer": "KIS", "value": "21" })]].concat().into();
    let seen = node.ask("POST", "/v1/cases").by(&me).key(&fresh_key()).json(&body).send().await;
    seen.refused(400, "invalid-value");
}
