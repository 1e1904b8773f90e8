//! The log of reads and refusals: a line for every look at a child's data, before it is answered.

use domain::access::Operation as Row;
use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, asking, barnahus, child_protection, data_protection, fresh_key, package, police,
    police_manager, riga_police, shelter, shut_out,
};

/// The line of a request.
pub(super) fn line_of(node: &TestNode, seen: &Seen) -> Option<Value> {
    let mut all = lines_of(node, seen);
    assert!(all.len() <= 1, "{}: {} lines", seen.asked, all.len());
    all.pop()
}

/// The lines of a request.
pub(super) fn lines_of(node: &TestNode, seen: &Seen) -> Vec<Value> {
    let id = seen.header("request-id").expect("an id");
    let mut all = node.database.access_log();
    all.retain(|it| it["request_id"] == id);
    all
}

#[actix_web::test]
async fn every_read_of_what_tells_of_a_child_leaves_one_line() {
    let (node, world) = TestNode::in_a_world().await;
    for it in world.all(&node).await.into_iter().filter(|it| it.operation.method == "GET") {
        let row = Row::find(it.operation.id).expect("a row");
        let seen = it.ask(&node).send().await.expect(200);
        let Some(line) = line_of(&node, &seen) else {
            assert!(!row.logged, "{} left no line", it.operation.id);
            continue;
        };
        assert!(row.logged, "{} tells nothing of a child", it.operation.id);
        assert_eq!((&line["operation"], &line["outcome"]), (&json!(it.operation.id), &json!("read")));
        let of_log = it.who == data_protection();
        let purpose = if it.who == child_protection() { "protection" } else { "identification" };
        let wanted = if of_log { ("dpo", "audit") } else { ("case_manager", purpose) };
        assert_eq!((&line["role"], &line["purpose"]), (&json!(wanted.0), &json!(wanted.1)));
        assert_eq!(line["agency_id"], it.who.agency().id.to_string());
        assert!(line["professional_id"].is_string());
        let referral = [
            "getReferral",
            "getReferralPackage",
            "getReferralMessage",
            "getTransnationalRequest",
            "getTransnationalChecklist",
            "getTransnationalPackage",
            "listTransnationalMessages",
            "getDeadline",
            "getMyAccess",
        ];
        let of_case = it.operation.path.starts_with("/v1/cases/") || referral.contains(&it.operation.id);
        let case = if it.target.contains("/matches") { "matched" } else { "case" };
        // A proof is about the case of the row that it proves, whichever that is.
        let fits = of_log || (line["case_id"] == world.id(case)) == of_case;
        assert!(fits, "{}: {line}", it.operation.id);
        let known =
            it.ask(&node).header("if-none-match", seen.header("etag").unwrap_or("\"x\"")).send().await;
        assert!(line_of(&node, &known).is_some(), "{}: 304 is a look as well", it.operation.id);
        let head = node.ask("HEAD", it.target.as_str()).by(&it.who).send().await;
        assert!(line_of(&node, &head).is_some(), "{}: HEAD is a look as well", it.operation.id);
    }
}

#[actix_web::test]
async fn every_change_leaves_its_facts_and_no_line() {
    let (node, world) = TestNode::in_a_world().await;
    let mut changed = 0;
    for it in world.writing(&node).await {
        let row = Row::find(it.operation.id).expect("a row");
        let seen = it.ask(&node).send().await;
        assert!(seen.status < 300, "{}", seen.told());
        let id = seen.header("request-id").expect("an id").to_owned();
        assert_eq!(line_of(&node, &seen), None, "{}: what was changed is told by facts", it.operation.id);
        let facts = node.database.facts().into_iter().filter(|it| it["request_id"] == id.as_str()).count();
        assert!(facts > 0 || !row.logged, "{} left no fact", it.operation.id);
        changed += 1;
    }
    assert!(changed > 50, "{changed} operations");
}

#[actix_web::test]
async fn without_the_logs_nothing_is_answered_and_nothing_is_changed() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.all(&node).await;
    for it in &all {
        // Tokens are got before, so that only the logs are in the way.
        let _ = node.token(&it.who).await;
    }
    node.database.set_logs_writable(false);
    let before = node.contents();
    for it in all {
        let seen = it.ask(&node).send().await;
        let logged = Row::find(it.operation.id).expect("a row").logged;
        if logged {
            assert_eq!(
                (seen.status, seen.code().as_str()),
                (503, "audit-unavailable"),
                "{}",
                it.operation.id
            );
        } else if !it.operation.stores() {
            assert_eq!(seen.status, 200, "{}", it.operation.id);
        }
        let unlogged_change = it.operation.stores() && !logged;
        assert!(unlogged_change || node.contents() == before, "{} changed something", it.operation.id);
    }
    node.database.set_logs_writable(true);
}

#[actix_web::test]
async fn a_line_names_the_sections_that_were_shown() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let referral = node.given_sent_referral(&case, &shelter()).await.id();
    let id = case;
    let case = format!("/v1/cases/{id}");
    let table = [
        (police_manager(), format!("{case}/child"), vec!["d1_identity"]),
        (police_manager(), format!("{case}/whereabouts"), vec!["d2_whereabouts"]),
        (police_manager(), format!("{case}/identification"), vec!["d6_identification_decision"]),
        (
            shelter().bound_to(&id),
            format!("/v1/referrals/{referral}"),
            vec!["d1_identity", "d2_whereabouts", "d13_best_interests_views", "d15_referral_metadata"],
        ),
    ];
    for (who, path, sections) in table {
        let seen = node.get(&who, path).await.expect(200);
        assert_eq!(line_of(&node, &seen).expect("a line")["sections"], json!(sections), "{}", seen.asked);
    }
    let seen = node.get(&police(), case).await.expect(200);
    let sections = line_of(&node, &seen).expect("a line")["sections"].clone();
    let sections: Vec<&str> = sections.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(sections.contains(&"d1_identity") && !sections.contains(&"d2_whereabouts"), "{sections:?}");
}

#[actix_web::test]
async fn every_refusal_leaves_one_line_with_its_reason() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let sent = node.given_sent_referral(&case, &barnahus()).await;
    let referral = format!("/v1/referrals/{}", sent.id());
    let tag = node.get(&barnahus(), referral.as_str()).await.tag();
    let thin = json!({ "description": "A boy." });
    let mut blind = asking(&case, &barnahus());
    blind["send"] = package();
    blind["send"].as_object_mut().expect("an object").remove("childView");
    let unknown = json!({ "screeningId": "0192f0c1-2345-7abc-8def-0123456789ab" });
    let reader = police_manager().with_scopes("referrals.read");
    let answers = [
        (node.get(&reader, path.as_str()).await, 403, "refused", "insufficient-scope"),
        (
            node.get(&police_manager().unattended(), path.as_str()).await,
            403,
            "refused",
            "professional-required",
        ),
        (node.get(&police(), format!("{path}/whereabouts")).await, 403, "refused", "section-not-readable"),
        (
            node.patch(&police(), format!("{path}/whereabouts"), "\"x\"", &json!({})).await,
            403,
            "refused",
            "section-not-writable",
        ),
        (node.get(&riga_police(), path.as_str()).await, 404, "not_found", "not-found"),
        (node.get(&shelter(), referral.as_str()).await, 404, "not_found", "not-found"),
        (
            node.act(&barnahus(), format!("{referral}/start"), &tag, &json!({})).await,
            409,
            "refused",
            "state-conflict",
        ),
        (node.create(&police(), "/v1/concerns", &thin).await, 422, "refused", "R4"),
        (node.create(&police_manager(), "/v1/referrals", &blind).await, 422, "refused", "R24"),
        (node.create(&police_manager(), "/v1/cases", &unknown).await, 422, "refused", "reference-not-found"),
        (node.create(&police_manager(), "/v1/concerns?validateOnly=true", &thin).await, 422, "refused", "R4"),
    ];
    for (seen, status, outcome, code) in answers {
        assert_eq!(seen.status, status, "{}", seen.told());
        let line = line_of(&node, &seen).unwrap_or_else(|| panic!("{} {status} left no line", seen.asked));
        assert_eq!((&line["outcome"], &line["code"]), (&json!(outcome), &json!(code)), "{}", seen.asked);
    }
}

/// A case that a body names is in the line of its refusal, in the same form whether it is there or not.
#[actix_web::test]
async fn the_line_of_a_refusal_names_the_case_that_the_body_names() {
    let node = TestNode::start().await;
    let (case, hidden) = (node.given_case().await, node.given_case().await);
    let _ = node.given_restriction(&hidden, &shut_out(&police())).await;
    let absent = "0192f0c1-2345-7abc-8def-0123456789ab".to_owned();
    let me = police_manager();
    let mut forms = Vec::new();
    for named in [&case, &hidden, &absent] {
        let mut referral = asking(named, &barnahus());
        referral["toAgencyId"] = json!(absent);
        let abroad = json!({
            "caseId": named, "requestType": "tr_assistance_referral", "route": "focal_point", "urgency": "urgent",
            "toCountry": "LV", "content": {
                "disclosures": [{ "dataClass": "d1_identity", "lawfulBases": ["gdpr_6_1_e_public_task"] }],
                "viewMissingReason": "urgent_danger", "askAgainOn": "2099-01-01",
            },
        });
        let link = json!({ "otherCaseId": named, "relation": "co_victim" });
        let refused = [
            ("/v1/referrals".to_owned(), referral, named.clone(), named.clone()),
            ("/v1/transnational-requests".to_owned(), abroad, named.clone(), named.clone()),
            (format!("/v1/cases/{absent}/links"), link, named.clone(), absent.clone()),
        ];
        let mut form = Vec::new();
        for (path, body, subject, of) in refused {
            let seen = node.create(&me, path.as_str(), &body).await;
            assert!((400..500).contains(&seen.status), "{}", seen.told());
            let line = line_of(&node, &seen).expect("a line");
            assert_eq!(
                (&line["subject_id"], &line["case_id"]),
                (&json!(subject), &json!(of)),
                "{path} {line}"
            );
            form.push((path, seen.status, line["outcome"].clone(), line["code"].clone()));
        }
        forms.push(form);
    }
    assert_eq!(forms[1], forms[2], "hidden as absent");
    // What the path names beside a case, also where the handler was not reached.
    let path = format!("/v1/referrals/{absent}/messages");
    let seen = node.create(&me, path.as_str(), &json!({ "unknown": 1 })).await;
    let line = line_of(&node, &seen).expect("a line");
    assert_eq!((&line["subject_id"], &line["case_id"]), (&json!(absent), &Value::Null), "{line}");
}

/// What is wrong with a request before anything is looked up is a try as well.
#[actix_web::test]
async fn a_request_that_is_malformed_or_stale_leaves_one_line_with_its_reason() {
    let (node, world) = TestNode::in_a_world().await;
    let mut tried = [0; 4];
    for it in world.all(&node).await {
        let logged = Row::find(it.operation.id).expect("a row").logged;
        let mut asks = vec![(0, "unknown-parameter", it.who.clone(), {
            let mark = if it.target.contains('?') { '&' } else { '?' };
            node.ask(it.operation.method, format!("{}{mark}unknown=1", it.target))
        })];
        if it.operation.method == "POST" {
            asks.push((1, "idempotency-key-missing", it.who.clone(), it.anonymous(&node)));
        }
        if it.tag.is_some() {
            asks.push((2, "precondition-required", it.who.clone(), {
                let ask = it.anonymous(&node);
                if it.operation.method == "POST" { ask.key(&fresh_key()) } else { ask }
            }));
            let stale = crate::support::Specimen { tag: Some("\"stale\"".to_owned()), ..it.clone() };
            asks.push((3, "stale-version", it.who.clone(), stale.ask(&node)));
        }
        for (n, code, who, ask) in asks {
            let seen = ask.by(&who).send().await;
            assert!((400..500).contains(&seen.status), "{}", seen.told());
            let Some(line) = line_of(&node, &seen) else {
                assert!(!logged, "{} {} left no line", it.operation.id, seen.code());
                continue;
            };
            assert!(logged, "{} tells nothing of a child", it.operation.id);
            assert_eq!(line["outcome"], if seen.status == 404 { "not_found" } else { "refused" });
            assert_eq!(line["agency_id"], who.agency().id.to_string());
            tried[n] += usize::from(seen.code() == code);
            if it.operation.path.starts_with("/v1/cases/{id}") {
                assert!(line["case_id"].is_string(), "{line}");
            }
        }
    }
    assert!(tried[0] > 90 && tried[1] > 40 && tried[2] > 30 && tried[3] > 30, "{tried:?}");
}

#[actix_web::test]
async fn the_log_holds_nothing_of_what_was_read() {
    let (node, world) = TestNode::in_a_world().await;
    for it in world.all(&node).await {
        let _ = it.ask(&node).send().await;
    }
    let _ = node
        .get(&child_protection(), format!("/v1/cases/{}/whereabouts", world.id("case")))
        .await
        .expect(200);
    let all = Value::from(node.database.access_log()).to_string();
    for canary in ["Mykola", "Mik", "Invented", "cousin", "fixed spot", "begs"] {
        assert!(!all.contains(canary), "the log tells {canary}");
    }
}

#[actix_web::test]
async fn what_is_registered_leaves_no_line() {
    let node = TestNode::start().await;
    let paths = [
        "/v1/me",
        "/v1/code-lists",
        "/v1/rules/R24",
        "/v1/agencies",
        "/v1/countries/EE",
        "/v1/professionals",
    ];
    for path in paths {
        let _ = node.get(&police(), path).await.expect(200);
    }
    assert_eq!(node.database.access_log(), [] as [Value; 0]);
}
