//! Who can take a need: ranked with reasons, without personal data, and as the receiver would judge.

use domain::CodeList as _;
use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, barnahus, child_protection, client, hideout, police, police_manager, riga_police, shelter,
};

impl TestNode {
    async fn matched(&self, need: &Value) -> Seen {
        self.ask("POST", "/v1/directory/match").by(&police()).json(need).send().await
    }

    async fn candidates(&self, need: &Value) -> Vec<Value> {
        self.matched(need).await.expect(200).json()["candidates"].as_array().expect("candidates").clone()
    }

    async fn directory_version(&self) -> i64 {
        let need = json!({ "services": ["dental"], "urgency": "standard" });
        self.matched(&need).await.expect(200).json()["directoryVersion"].as_i64().expect("a version")
    }
}

fn codes(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|it| it["code"].as_str().or(it.as_str())).collect()
}

fn of<'a>(all: &'a [Value], client_id: &str) -> &'a Value {
    let agency = client(client_id).agency().id.to_string();
    all.iter().find(|it| it["agencyId"] == agency.as_str()).expect("a candidate")
}

#[actix_web::test]
async fn the_best_comes_first_with_its_reasons() {
    let node = TestNode::start().await;
    let boy = json!({
        "services": ["safe_accommodation"], "urgency": "urgent", "age": 11, "sex": "male", "languages": ["uk"],
        "specialNeeds": ["acute_trauma"], "area": "EE-37",
    });
    let all = node.candidates(&boy).await;
    let ranks: Vec<_> = all.iter().map(|it| it["rank"].as_u64().expect("a rank")).collect();
    assert_eq!(ranks, (1..=all.len() as u64).collect::<Vec<_>>());
    assert_eq!(all[0]["agencyId"], shelter().agency().id.to_string());
    assert_eq!((&all[0]["fits"], &all[0]["misfits"]), (&json!(true), &json!([])));
    assert_eq!(
        codes(&all[0]["reasons"]),
        ["whole_country", "free_place", "common_language", "need_met", "for_children"]
    );
    let house = of(&all, "narva-ngo");
    assert_eq!((&house["fits"], codes(&house["misfits"])[0]), (&json!(false), "age_not_taken"));
    let young = json!({ "services": ["safe_accommodation"], "urgency": "urgent", "age": 16 });
    let all = node.candidates(&young).await;
    let house = of(&all, "narva-ngo");
    assert_eq!((&house["fits"], codes(&house["misfits"])), (&json!(true), vec!["unsuitable_placement"]));
    assert_eq!((&house["misfits"][0]["rule"], &house["misfits"][0]["hard"]), (&json!("R99"), &json!(false)));
    assert_eq!(all[0]["agencyId"], shelter().agency().id.to_string(), "among children first");
}

#[actix_web::test]
async fn a_child_is_not_sent_to_the_clinic_for_adults() {
    let node = TestNode::start().await;
    for age in [json!({ "age": 9 }), json!({})] {
        let mut need =
            json!({ "services": ["trauma_therapy", "dental"], "urgency": "priority", "languages": ["et"] });
        need["age"] = age["age"].clone();
        if need["age"].is_null() {
            need.as_object_mut().expect("an object").remove("age");
        }
        let all = node.candidates(&need).await;
        let adults = of(&all, "tallinn-adult-clinic");
        assert_eq!((&adults["fits"], codes(&adults["misfits"])), (&json!(false), vec!["age_not_taken"]));
        for id in ["tallinn-clinic", "tartu-child-clinic", "tallinn-dentist"] {
            assert_eq!(of(&all, id)["fits"], true, "{id}");
        }
        assert_eq!(all.last(), Some(adults));
    }
}

#[actix_web::test]
async fn immediate_asks_who_is_on_duty_now() {
    let node = TestNode::start().await;
    let need = json!({ "services": ["crisis_psychological", "medical_care"], "urgency": "immediate" });
    let day = node.candidates(&need).await;
    assert!(codes(&of(&day, "tallinn-barnahus")["reasons"]).contains(&"on_duty"), "ten in the morning");
    node.clock.advance(11 * 3600);
    let night = node.candidates(&need).await;
    assert_eq!(codes(&of(&night, "tallinn-barnahus")["misfits"]), ["no_duty_desk"], "nine in the evening");
    assert!(codes(&of(&night, "tartu-child-clinic")["reasons"]).contains(&"on_duty"));
    let mut planned = need.clone();
    planned["urgency"] = json!("urgent");
    assert_eq!(of(&node.candidates(&planned).await, "tallinn-barnahus")["fits"], true);
}

#[actix_web::test]
async fn a_count_of_free_places_ages() {
    let node = TestNode::start().await;
    let need = json!({ "services": ["trauma_therapy"], "urgency": "priority", "age": 12 });
    let fresh = node.candidates(&need).await;
    assert!(codes(&of(&fresh, "tallinn-clinic")["reasons"]).contains(&"free_place"));
    node.clock.advance(73 * 3600);
    let stale = node.candidates(&need).await;
    assert!(codes(&of(&stale, "tallinn-clinic")["reasons"]).contains(&"capacity_stale"));
    let score = |all: &[Value]| of(all, "tallinn-clinic")["score"].as_u64();
    assert!(score(&stale) < score(&fresh));
}

#[actix_web::test]
async fn the_answer_names_the_directory_that_it_was_made_of() {
    let node = TestNode::start().await;
    let before = node.directory_version().await;
    assert_eq!(node.directory_version().await, before, "asking changes nothing");
    let contents = node.contents();
    let path = format!("/v1/agencies/{}", shelter().agency().id);
    let tag = node.get(&shelter(), path.as_str()).await.tag();
    let dry = format!("{path}?validateOnly=true");
    let _ = node.patch(&shelter(), dry, &tag, &json!({ "areas": ["EE-37"] })).await.expect(200);
    assert_eq!((node.directory_version().await, node.contents()), (before, contents));
    let _ = node.patch(&shelter(), path, &tag, &json!({ "areas": ["EE-37"] })).await.expect(200);
    assert_eq!(node.directory_version().await, before + 1);
    let abroad =
        json!({ "country": "LV", "services": ["safe_accommodation"], "urgency": "urgent", "area": "LV-RIX" });
    let seen = node.matched(&abroad).await.expect(200).json();
    assert_eq!(seen["candidates"][0]["agencyId"], client("riga-shelter").agency().id.to_string());
    let own = json!({ "services": ["safe_accommodation"], "urgency": "urgent" });
    let by_riga =
        node.ask("POST", "/v1/directory/match").by(&riga_police()).json(&own).send().await.expect(200).json();
    assert_eq!(by_riga["directoryVersion"], seen["directoryVersion"], "one version for a country");
    assert_eq!(by_riga["candidates"].as_array().map(Vec::len), seen["candidates"].as_array().map(Vec::len));
}

#[actix_web::test]
async fn a_question_takes_neither_key_nor_tag_and_nothing_of_a_person() {
    let node = TestNode::start().await;
    let need = json!({ "services": ["dental"], "urgency": "standard" });
    let before = node.contents();
    let seen = node.matched(&need).await.expect(200);
    assert_eq!((seen.header("etag"), seen.header("idempotency-replayed")), (None, None));
    for member in ["name", "birthDate", "caseId", "childId", "callName", "toAgencyId", "nationalities"] {
        let mut more = need.clone();
        more[member] = json!("x");
        node.matched(&more).await.refused(400, "invalid-value");
    }
    for (member, bad) in [
        ("services", json!([])),
        ("age", json!(11.5)),
        ("age", json!(121)),
        ("area", json!("Tallinn")),
        ("urgency", json!("now")),
    ] {
        let mut other = need.clone();
        other[member] = bad;
        node.matched(&other).await.refused(400, "invalid-value");
    }
    let mut elsewhere = need.clone();
    elsewhere["area"] = json!("LV-RIX");
    let seen = node.matched(&elsewhere).await.refused(422, "inconsistent-values");
    assert_eq!(seen.found(), [("area_of_another_country".into(), "/area".into())]);
    let mut nowhere = need.clone();
    nowhere["country"] = json!("ZZ");
    let seen = node.matched(&nowhere).await.refused(422, "reference-not-found");
    assert_eq!(seen.found(), [("reference_not_found".into(), "/country".into())]);
    let helpline = node.ask("POST", "/v1/directory/match").by(&client("helpline").unattended()).json(&need);
    let _ = helpline.send().await.expect(200);
    let blind = police().with_scopes("events.read");
    let blind = node.ask("POST", "/v1/directory/match").by(&blind).json(&need).send().await;
    blind.refused(403, "insufficient-scope");
    assert_eq!(node.contents(), before, "nothing was written");
    assert_eq!(node.database.access_log(), [] as [Value; 0], "nothing of a child was looked at");
}

/// Children of every kind, as the file of a case has them and as a question may tell of them.
fn children() -> Vec<(Value, Value)> {
    let (mut all, mut n) = (Vec::new(), 0);
    for (born, age) in [
        ("2026-01-01", 0),
        ("2020-11-24", 6),
        ("2015-11-25", 10),
        ("2010", 15),
        ("2008-12-01", 17),
        ("2004-05", 22),
    ] {
        for sex in ["female", "male", "other_or_non_binary", "unknown"] {
            let languages = [json!(["et"]), json!(["uk", "ru"]), json!(["vi"]), json!([])][n % 4].clone();
            let needs =
                [json!([]), json!(["acute_trauma"]), json!(["pregnancy", "not_asked"])][n % 3].clone();
            all.push((
                json!({
                    "sex": sex, "birthDate": born, "ageCertainty": "documented", "languages": languages,
                    "specialNeeds": needs,
                }),
                json!({ "sex": sex, "age": age, "languages": languages, "specialNeeds": needs }),
            ));
            n += 1;
        }
    }
    all.push((json!({}), json!({})));
    all
}

#[actix_web::test]
async fn the_pre_check_is_the_verdict_that_a_referral_gets() {
    let node = TestNode::start().await;
    let me = police_manager();
    let everything: Vec<&str> = domain::vocabulary::ServiceCode::ALL.iter().map(|it| it.code()).collect();
    let situations =
        [("urgent", None), ("immediate", Some("EE-37")), ("standard", Some("EE-79")), ("priority", None)];
    // In the evening, when some desks are on duty and others are not, and free places were counted a day ago.
    node.clock.advance((24 + 11) * 3600);
    let (mut compared, mut seen_codes) = (0, std::collections::BTreeSet::new());
    for (n, (child, told)) in children().into_iter().enumerate() {
        let screening = node.given_screening(&me).await;
        let case = json!({ "screeningId": screening, "child": child, "whereabouts": hideout() });
        let case = node.create(&me, "/v1/cases", &case).await.expect(201).id();
        let (urgency, area) = situations[n % situations.len()];
        let version = node.directory_version().await;
        for service in &everything {
            let mut need = told.clone();
            need["services"] = json!([service]);
            need["urgency"] = json!(urgency);
            if let Some(area) = area {
                need["area"] = json!(area);
            }
            let matched = node.matched(&need).await.expect(200).json();
            assert_eq!(matched["directoryVersion"], version);
            for candidate in matched["candidates"].as_array().expect("candidates") {
                let mut referral = json!({
                    "caseId": case, "toAgencyId": candidate["agencyId"], "toServiceId": candidate["serviceId"],
                    "urgency": urgency, "reasons": ["second_opinion"], "services": [service], "summary": "Please help.",
                });
                if let Some(area) = area {
                    referral["area"] = json!(area);
                }
                let drafted =
                    node.create(&me, "/v1/referrals?validateOnly=true", &referral).await.expect(200).json();
                let plain = |it: &Value| json!([it["code"], it["message"], it["rule"]]);
                let told = |list: &Value| -> Vec<Value> {
                    list.as_array().into_iter().flatten().map(plain).collect()
                };
                let (mine, theirs) = (told(&candidate["misfits"]), told(&drafted["warnings"]));
                assert_eq!(mine, theirs, "{candidate} for {need}");
                seen_codes.extend(codes(&candidate["misfits"]).into_iter().map(str::to_owned));
                compared += 1;
            }
        }
        assert_eq!(node.directory_version().await, version);
    }
    assert!(compared > 400, "{compared}");
    assert!(seen_codes.len() >= 7, "{seen_codes:?}");
}

#[actix_web::test]
async fn a_referral_without_a_service_is_judged_by_the_best_that_is_offered() {
    let node = TestNode::start().await;
    let me = police_manager();
    let child = json!({ "birthDate": "2015-04-02", "sex": "male", "languages": ["uk"] });
    let case = json!({ "screeningId": node.given_screening(&me).await, "child": child });
    let case = node.create(&me, "/v1/cases", &case).await.expect(201).id();
    let referral = |to: &str, service: &str| {
        json!({
            "caseId": case, "toAgencyId": client(to).agency().id.to_string(), "urgency": "priority",
            "reasons": ["second_opinion"], "services": [service], "summary": "Please help.",
        })
    };
    for (to, service, found) in [
        ("tallinn-adult-clinic", "trauma_therapy", vec!["age_not_taken", "no_common_language"]),
        ("tartu-child-clinic", "trauma_therapy", vec![]),
        ("tartu-child-clinic", "dental", vec!["service_not_offered"]),
    ] {
        let seen = node.create(&me, "/v1/referrals", &referral(to, service)).await.expect(201);
        let told: Vec<_> = seen.found().into_iter().map(|(code, _)| code).collect();
        assert_eq!(told, found, "{to} {service}");
        assert!(seen.found().iter().all(|(_, at)| at == "/services"));
    }
}

#[actix_web::test]
async fn whoever_takes_no_part_is_no_candidate() {
    let node = TestNode::start().await;
    let need = json!({ "services": ["crisis_psychological"], "urgency": "urgent" });
    assert_eq!(node.candidates(&need).await.len(), 1);
    node.database.set_agency_active(&barnahus().client, false);
    assert_eq!(node.candidates(&need).await, [] as [Value; 0]);
    node.database.set_agency_active(&barnahus().client, true);
    let path =
        format!("/v1/agencies/{}/services/{}", barnahus().agency().id, crate::support::service_of_barnahus());
    let tag = node.get(&child_protection(), path.as_str()).await.tag();
    let _ = node.patch(&barnahus(), path, &tag, &json!({ "active": false })).await.expect(200);
    assert_eq!(node.candidates(&need).await, [] as [Value; 0]);
}
