//! Concerns, screenings and the presumption: what is recorded, what follows, what is refused and why.

use serde_json::{Value, json};

use crate::support::{Seen, TestNode, barnahus, begging, child_protection, client, police, police_manager};

/// Observations of the same certainty.
fn seen(certainty: &str, codes: &[&str]) -> Value {
    codes.iter().map(|it| json!({ "indicator": it, "certainty": certainty })).collect::<Vec<_>>().into()
}

#[actix_web::test]
async fn a_concern_is_received_and_has_its_time() {
    let node = TestNode::start().await;
    let body = json!({
        "description": "A boy begs.", "location": "Market square", "contact": "the stall keeper", "childHint": "red jacket",
        "danger": true, "anonymous": true, "noticedAt": "2026-11-24T09:30:00+02:00", "observations": begging(),
    });
    let made = node.create(&client("helpline"), "/v1/concerns", &body).await.expect(201);
    let it = made.json();
    for member in ["description", "location", "contact", "childHint", "danger", "anonymous", "observations"] {
        assert_eq!(it[member], body[member], "{member}");
    }
    assert_eq!(
        (&it["receivedAt"], &it["triageDue"]),
        (&json!("2026-11-24T08:00:00Z"), &json!("2026-11-24T10:00:00Z"))
    );
    assert_eq!((&it["noticedAt"], &it["country"]), (&json!("2026-11-24T07:30:00Z"), &json!("EE")));
    let calm = json!({ "description": "A boy begs.", "childHint": "red jacket" });
    let calm = node.create(&client("helpline"), "/v1/concerns", &calm).await.expect(201).json();
    assert_eq!((&calm["triageDue"], &calm["danger"]), (&json!("2026-11-25T22:00:00Z"), &json!(false)));
    let list = node.get(&client("helpline"), "/v1/concerns").await.expect(200).json();
    assert_eq!(list["data"][1]["id"], it["id"], "newest first");
    assert_eq!(list["data"][1]["description"], Value::Null, "nothing of what was reported");
}

#[actix_web::test]
async fn a_concern_that_leads_nowhere_is_refused() {
    let node = TestNode::start().await;
    let table = [
        (json!({ "description": "A boy begs." }), "rule-refused", vec![("concern_too_thin", "")], vec!["R4"]),
        (
            json!({ "description": "x", "location": "y", "noticedAt": "2026-11-24T08:00:01Z" }),
            "inconsistent-values",
            vec![("in_the_future", "/noticedAt")],
            vec![],
        ),
        (
            json!({ "description": "x", "location": "y", "observations": seen("reported", &["no_such_indicator"]) }),
            "inconsistent-values",
            vec![("unknown_indicator", "/observations/0/indicator")],
            vec![],
        ),
        (
            json!({ "description": "x", "noticedAt": "2026-11-25T08:00:00Z", "observations": seen("reported", &["nope_nope"]) }),
            "rule-refused",
            vec![
                ("concern_too_thin", ""),
                ("unknown_indicator", "/observations/0/indicator"),
                ("in_the_future", "/noticedAt"),
            ],
            vec!["R4"],
        ),
    ];
    for (body, code, found, rules) in table {
        refused(&node.create(&police(), "/v1/concerns", &body).await, code, &found, &rules);
    }
}

#[track_caller]
fn refused(answer: &Seen, code: &str, found: &[(&str, &str)], rules: &[&str]) {
    assert_eq!((answer.status, answer.code().as_str()), (422, code), "{}", answer.told());
    let wanted: Vec<_> = found.iter().map(|(code, at)| ((*code).to_owned(), (*at).to_owned())).collect();
    assert_eq!(answer.found(), wanted);
    assert_eq!(answer.rules(), rules);
}

#[actix_web::test]
async fn a_screening_comes_to_what_the_rule_says_and_why() {
    let node = TestNode::start().await;
    let table = [
        (json!({ "observations": begging() }), "reasonable_grounds", Some("b")),
        (
            json!({ "observations": seen("confirmed", &["lab_family_restaurant_hidden", "lab_excessive_hours", "lab_lives_at_workplace"]) }),
            "reasonable_grounds",
            Some("a"),
        ),
        (
            json!({ "observations": seen("reported", &["trv_phone_number_only", "trv_unaccompanied_unknown_pickup", "gen_speaks_scripted"]) }),
            "possible",
            None,
        ),
        (json!({ "observations": seen("reported", &["gen_fear_anxious_withdrawn"]) }), "insufficient", None),
        (
            json!({ "observations": [], "judgement": "She follows his eyes before each answer." }),
            "reasonable_grounds",
            Some("d"),
        ),
        (json!({ "observations": seen("suspected", &["beg_adult_collects"]) }), "insufficient", None),
    ];
    for (body, result, condition) in table {
        let it = node.create(&police(), "/v1/screenings", &body).await.expect(201).json();
        let found = &it["assessment"];
        assert_eq!((&found["result"], found["condition"].as_str()), (&json!(result), condition), "{body}");
        assert_eq!(found["catalogueVersion"], "2026.1");
        let id = it["id"].as_str().expect("an id");
        let again = node.get(&police(), format!("/v1/screenings/{id}")).await.expect(200).json();
        assert_eq!(again["assessment"], it["assessment"], "it never changes");
    }
    let both = json!({ "observations": seen("reported", &["lab_excessive_hours", "lab_hazardous_work"]) });
    let it = node.create(&police(), "/v1/screenings", &both).await.expect(201).json();
    assert_eq!(it["assessment"]["actToBeClarified"], true);
    let dimension = &it["assessment"]["dimensions"][0];
    assert_eq!((&dimension["dimension"], &dimension["positive"]), (&json!("ex"), &json!(true)));
    assert_eq!(dimension["counted"], json!(["lab_excessive_hours", "lab_hazardous_work"]));
}

#[actix_web::test]
async fn a_screening_warns_of_a_long_talk_and_of_what_is_not_counted() {
    let node = TestNode::start().await;
    let table = [
        (json!({ "observations": begging(), "talkMinutes": 30 }), vec![]),
        (json!({ "observations": begging(), "talkMinutes": 31 }), vec!["R22"]),
        (json!({ "observations": seen("suspected", &["beg_adult_collects"]) }), vec!["R21"]),
        (
            json!({ "observations": seen("suspected", &["beg_adult_collects"]), "talkMinutes": 45 }),
            vec!["R22", "R21"],
        ),
    ];
    for (body, rules) in table {
        let made = node.create(&police(), "/v1/screenings", &body).await.expect(201);
        assert_eq!(made.rules(), rules, "{body}");
    }
}

#[actix_web::test]
async fn a_screening_of_nothing_is_refused() {
    let node = TestNode::start().await;
    let body = json!({ "observations": [] });
    let found = [("nothing_observed", "/observations")];
    refused(&node.create(&police(), "/v1/screenings", &body).await, "inconsistent-values", &found, &[]);
    let body = json!({ "observations": seen("confirmed", &["no_such_indicator"]) });
    let found = [("unknown_indicator", "/observations/0/indicator")];
    refused(&node.create(&police(), "/v1/screenings", &body).await, "inconsistent-values", &found, &[]);
}

#[actix_web::test]
async fn a_presumption_opens_the_case_with_all_that_follows() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/identification");
    let before = node.get(&police(), path.as_str()).await.expect(200);
    assert_eq!((before.text("status"), before.text("caseStatus")), ("screening".into(), "intake".into()));
    node.clock.advance(60);
    let body = json!({ "grounds": "strong_indicator", "reasons": "An adult collects the money." });
    let made = node.act(&police(), format!("{path}/presume"), &before.tag(), &body).await.expect(200);
    assert_eq!(made.rules(), ["R31", "R100"], "alone, and of no country of the EU");
    let mut it = made.json();
    it.as_object_mut().expect("members").remove("warnings");
    assert_eq!((&it["status"], &it["caseStatus"]), (&json!("presumed_victim"), &json!("open")));
    assert_eq!((&it["since"], &it["grounds"]), (&json!("2026-11-24T08:01:00Z"), &json!("strong_indicator")));
    assert_eq!(it["reasons"], body["reasons"]);
    let now = node.get(&police(), path.as_str()).await.expect(200);
    assert_eq!((now.json(), now.tag()), (it, made.tag()));
    assert_eq!(node.get(&police(), format!("/v1/cases/{case}")).await.text("status"), "open");
    let again = node.act(&police(), format!("{path}/presume"), &made.tag(), &body).await;
    again.refused(409, "state-conflict");
}

#[actix_web::test]
async fn the_tag_of_the_case_is_as_good_as_that_of_the_identification() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let tag = node.get(&police(), format!("/v1/cases/{case}")).await.tag();
    let path = format!("/v1/cases/{case}/identification/presume");
    let _ = node.act(&police(), path, &tag, &json!({ "grounds": "screening" })).await.expect(200);
}

#[actix_web::test]
async fn a_presumption_without_its_grounds_is_refused() {
    let node = TestNode::start().await;
    let weak = json!({ "observations": seen("reported", &["gen_fear_anxious_withdrawn"]) });
    let screening = node.create(&police_manager(), "/v1/screenings", &weak).await.expect(201).id();
    let case = node
        .create(&police_manager(), "/v1/cases", &json!({ "screeningId": screening }))
        .await
        .expect(201)
        .id();
    let path = format!("/v1/cases/{case}/identification");
    let tag = node.get(&police(), path.as_str()).await.tag();
    let path = format!("{path}/presume");
    let before = node.contents();
    for (grounds, code, at, rule) in [
        ("screening", "review_no_grounds", "/grounds", "R20"),
        ("strong_indicator", "review_no_grounds", "/grounds", "R20"),
        ("professional_judgement", "", "/reasons", "R13"),
    ] {
        let seen = node.act(&police(), path.as_str(), &tag, &json!({ "grounds": grounds })).await;
        let seen = seen.refused(422, "rule-refused");
        assert_eq!(seen.rules(), [rule], "{grounds} {code}");
        assert_eq!(seen.found()[0].1, at);
    }
    assert_eq!(node.contents(), before, "nothing was written");
    let judged = json!({ "grounds": "professional_judgement", "reasons": "She follows his eyes." });
    let _ = node.act(&police(), path, &tag, &judged).await.expect(200);
}

#[actix_web::test]
async fn the_national_profile_says_who_may_presume() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    node.database.set_may_presume("EE", &["child_protection"]);
    let path = format!("/v1/cases/{case}/identification");
    let tag = node.get(&police(), path.as_str()).await.tag();
    let path = format!("{path}/presume");
    let body = json!({ "grounds": "screening" });
    let seen = node.act(&police(), path.as_str(), &tag, &body).await.refused(403, "not-your-function");
    assert_eq!(seen.rules(), ["R11"]);
    node.act(&barnahus(), path.as_str(), &tag, &body).await.refused(403, "not-your-function");
    let tag = node.get(&child_protection(), path.trim_end_matches("/presume")).await.tag();
    let _ = node.act(&child_protection(), path, &tag, &body).await.expect(200);
}

#[actix_web::test]
async fn a_screening_that_shows_grounds_is_followed_by_a_case_or_by_a_second_persons_reason() {
    let node = TestNode::start().await;
    let (me, other) = (police_manager(), police_manager().named("p-second"));
    let duties = |screening: String| {
        let seen = node.get(&me, "/v1/deadlines?scope=agency");
        async move {
            let all = seen.await.expect(200).json();
            let all = all["data"].as_array().cloned().unwrap_or_default();
            let of = all.into_iter().filter(|it| it["subjectId"] == screening.as_str());
            of.map(|it| (it["duty"].clone(), it["state"].clone())).collect::<Vec<_>>()
        }
    };
    let screening = node.given_screening(&me).await;
    assert_eq!(duties(screening.clone()).await, [(json!("act_on_indicator"), json!("running"))]);
    let tag = node.get(&me, format!("/v1/screenings/{screening}")).await.expect(200).tag();
    let path = format!("/v1/screenings/{screening}/set-aside");
    let body = json!({ "reason": "child_known", "explanation": "Her case is open in the other district." });
    let alone = node.act(&me, &path, &tag, &body).await.refused(422, "rule-refused");
    assert_eq!(alone.rules(), ["R19"]);
    let done = node.act(&other, &path, &tag, &body).await.expect(200);
    assert_eq!(done.json()["setAside"]["reason"], "child_known");
    assert_eq!(duties(screening).await, [(json!("act_on_indicator"), json!("met"))]);
    node.act(&other, &path, &done.tag(), &body).await.refused(409, "state-conflict");
    let followed = node.given_screening(&me).await;
    let taken = json!({ "screeningId": followed, "child": { "callName": "Tali" } });
    let _ = node.create(&me, "/v1/cases", &taken).await.expect(201);
    assert_eq!(duties(followed).await, [(json!("act_on_indicator"), json!("met"))]);
}
