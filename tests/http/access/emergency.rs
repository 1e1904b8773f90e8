//! Emergency access: a case is opened at once, for reading, for an hour at most, and everybody concerned knows of it.

use futures_util::future::join;
use serde_json::{Value, json};

use super::log::line_of;
use crate::support::{
    Seen, TestNode, Who, barnahus, child_protection, client, data_protection, fresh_key, gone,
    police_manager, riga_police, shelter, shut_out, supervisor,
};

const UNKNOWN: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

/// A duty officer of a shelter that has nothing to do with the cases of a test.
fn officer() -> Who {
    shelter().in_role("duty_officer")
}

fn wanted(minutes: i64) -> Value {
    let justification = "A girl at the door says that he is near; nobody answers the telephone.";
    json!({ "reasonCode": "immediate_danger", "justification": justification, "minutes": minutes })
}

fn found() -> Value {
    json!({ "verdict": "justified", "reason": "She was brought into safety." })
}

async fn opens(node: &TestNode, who: &Who, case: &str, body: &Value) -> Seen {
    node.create(&who.clone().bound_to(case), format!("/v1/cases/{case}/emergency-access"), body).await
}

async fn types(node: &TestNode, who: &Who) -> Vec<String> {
    node.place_events();
    let feed = node.get(who, "/v1/events?limit=200").await.expect(200).json();
    let all = feed["data"].as_array().into_iter().flatten();
    all.filter_map(|it| it["type"].as_str().map(str::to_owned)).collect()
}

fn ids(page: &Seen) -> Vec<String> {
    let page = page.json();
    let all = page["data"].as_array().into_iter().flatten();
    all.filter_map(|it| it["id"].as_str().map(str::to_owned)).collect()
}

#[actix_web::test]
async fn a_case_is_open_for_reading_until_the_access_ends_by_itself() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let file = format!("/v1/cases/{case}");
    let me = officer().bound_to(&case);
    node.get(&me, file.as_str()).await.refused(404, "not-found");
    let given = opens(&node, &me, &case, &wanted(30)).await.expect(201);
    let one = format!("{file}/emergency-access/{}", given.id());
    assert_eq!(given.header("location"), Some(one.as_str()));
    let read = node.get(&me, file.as_str()).await.expect(200);
    assert_eq!(read.json()["child"]["callName"], "Mik");
    let line = line_of(&node, &read).expect("a line");
    assert_eq!(line["break_glass"], given.id(), "{line}");
    let access = node.get(&me, format!("/v1/me/access?caseId={case}")).await.expect(200).json();
    for it in access["classes"].as_array().into_iter().flatten() {
        let never = ["d8_therapy_notes", "d9_interview_recording_locator", "d10_intelligence"];
        let hidden = never.iter().any(|never| it["dataClass"] == *never);
        assert!(!hidden || it["read"] == "none", "{it}");
        assert_eq!(it["write"], false, "{it}");
    }
    // What is opened is this case, with this token, for this person in this role.
    let for_another_purpose = me.clone().for_purpose("data_subject_request");
    let colleague = officer().named("p-ts-9").bound_to(&case);
    for who in [officer(), colleague, shelter().bound_to(&case), for_another_purpose] {
        node.get(&who, file.as_str()).await.refused(404, "not-found");
    }
    assert_eq!(ids(&node.get(&officer(), "/v1/cases").await.expect(200)), Vec::<String>::new());
    assert_eq!(ids(&node.get(&me, "/v1/cases").await.expect(200)), [case.as_str()]);
    node.get(&officer().bound_to(&other), format!("/v1/cases/{other}")).await.refused(404, "not-found");
    // Nothing is written by it.
    let before = node.contents();
    let tag = node.get(&me, format!("{file}/lifecycle")).await.expect(200).tag();
    let refused = node.act(&me, format!("{file}/report-missing"), &tag, &gone()).await;
    let refused = refused.refused(403, "not-your-function");
    assert_eq!(line_of(&node, &refused).expect("a line")["break_glass"], given.id());
    let referral = crate::support::asking(&case, &barnahus());
    node.create(&me, "/v1/referrals", &referral).await.refused(403, "not-your-function");
    // Nothing of it is changed or taken back.
    for method in ["PATCH", "PUT", "DELETE"] {
        for path in [one.as_str(), &format!("{file}/emergency-access")] {
            node.ask(method, path).by(&me).send().await.refused(405, "method-not-allowed");
        }
    }
    let mut changed = before.clone();
    changed.retain(|it, _| it != "access_log");
    let mut after = node.contents();
    after.retain(|it, _| it != "access_log");
    assert_eq!(after, changed);
    node.clock.advance(30 * 60 - 1);
    let _ = node.get(&me, file.as_str()).await.expect(200);
    node.clock.advance(1);
    node.get(&me, file.as_str()).await.refused(404, "not-found");
    assert_eq!(
        node.get(&me, one.as_str()).await.expect(200).json(),
        given.json(),
        "what was asked is one's own"
    );
}

#[actix_web::test]
async fn who_is_not_admitted_learns_nothing_of_the_case() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let before = node.contents();
    let me = officer();
    for (who, code) in [
        (me.clone(), "step-up-required"),
        (me.clone().unattended(), "professional-required"),
        (me.clone().for_purpose("data_subject_request").bound_to(&case), "purpose-not-allowed"),
        (data_protection().bound_to(&case), "not-your-function"),
        (client("helpline").bound_to(&case), "not-your-function"),
        (me.clone().with_scopes("cases.read").bound_to(&case), "insufficient-scope"),
    ] {
        let path = format!("/v1/cases/{case}/emergency-access");
        let seen = node.create(&who, path, &wanted(30)).await.refused(403, code);
        assert_eq!(line_of(&node, &seen).expect("a line")["case_id"], case.as_str(), "{who:?}");
    }
    for (acr, ago) in [("low", 0), ("substantial", 0), ("high", 15 * 60 + 1)] {
        let mut assertion = node.assertion(&me.clone().bound_to(&case));
        let recognised = node.clock.seconds() - ago;
        assertion.claims["authorization_details"][0]["assurance"] =
            json!({ "acr": acr, "authTime": recognised });
        let form = TestNode::token_form(&assertion.by(&node.client_key), None);
        let token =
            node.ask("POST", "/oauth/token").form(&form).send().await.expect(200).text("access_token");
        let ask = node.ask("POST", format!("/v1/cases/{case}/emergency-access")).token(&token);
        ask.key(&fresh_key()).json(&wanted(30)).send().await.refused(403, "step-up-required");
    }
    // To a token for another case it is not there; unknown, of another country, and shut: all are absent.
    let path = format!("/v1/cases/{case}/emergency-access");
    node.create(&me.clone().bound_to(UNKNOWN), path, &wanted(30)).await.refused(404, "not-found");
    let (shut, mine) = (node.given_case().await, police_manager());
    let _ = node.given_restriction(&shut, &shut_out(&me)).await;
    let abroad = riga_police().in_role("case_manager");
    let written = node.contents();
    for (who, case) in [(&me, UNKNOWN), (&me, shut.as_str()), (&abroad, case.as_str())] {
        opens(&node, who, case, &wanted(30)).await.refused(404, "not-found");
    }
    opens(&node, &mine, &case, &wanted(30)).await.refused(409, "state-conflict");
    let told = |all: &std::collections::BTreeMap<String, String>, it: &str| all.get(it).cloned();
    for table in ["emergency_accesses", "participations", "events", "deadlines"] {
        assert_eq!(told(&node.contents(), table), told(&written, table), "{table}");
    }
    assert_eq!(told(&before, "emergency_accesses"), told(&written, "emergency_accesses"));
}

#[actix_web::test]
async fn why_it_cannot_wait_is_said_in_words_and_without_the_name() {
    let node = TestNode::start().await;
    let child = json!({ "givenName": "Yuliya", "familyName": "Vymyshlena", "callName": "Jule", "sex": "female",
        "birthDate": "2012", "ageCertainty": "declared" });
    let case = node.given_case_of(&police_manager(), &child).await;
    let me = officer();
    let with = |member: &str, value: Value| {
        let mut it = wanted(30);
        it[member] = value;
        it
    };
    let mut bad: Vec<Value> = [
        "nineteen characters",
        "                         ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "too short                  ",
    ]
    .map(|it| with("justification", json!(it)))
    .into();
    bad.extend([json!(0), json!(61), json!(-5), json!(1.5), json!("30")].map(|it| with("minutes", it)));
    bad.extend([
        with("reasonCode", json!("curiosity")),
        with("reasonCode", Value::Null),
        with("verdict", json!(1)),
    ]);
    let before = node.contents();
    for body in bad {
        let seen = opens(&node, &me, &case, &body).await;
        let poor = [400, 422].contains(&seen.status) && seen.code() != "state-conflict";
        assert!(poor, "{}", seen.told());
    }
    assert_eq!(node.contents(), before);
    // A right guess is told to everybody concerned, and answered like a wrong one.
    let guess = "It is Юлія, julija, VYMYSHLENA, Jule or Anna, who stands at the door and cries.";
    let mut body = with("justification", json!(guess));
    body["minutes"] = json!(60);
    let given = opens(&node, &me, &case, &body).await.expect(201);
    let kept = "It is …, …, …, … or Anna, who stands at the door and cries.";
    assert_eq!(given.text("justification"), kept);
    let again = node.get(&me, format!("/v1/cases/{case}/emergency-access/{}", given.id())).await.expect(200);
    assert_eq!(again.text("justification"), kept);
}

#[actix_web::test]
async fn everybody_concerned_is_told_and_a_second_person_reviews_it_once() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let receiver = barnahus();
    let _ = node.given_accepted_referral(&case, &receiver).await;
    let given = opens(&node, &officer(), &case, &wanted(30)).await.expect(201);
    let elsewhere = opens(&node, &officer().named("p-ts-8"), &other, &wanted(5)).await.expect(201);
    let concerned = [child_protection(), police_manager(), receiver, officer(), data_protection()];
    for who in &concerned {
        assert!(types(&node, who).await.contains(&"emergency_access.opened".to_owned()), "{who:?}");
    }
    assert!(!types(&node, &client("tallinn-ngo")).await.contains(&"emergency_access.opened".to_owned()));
    let timeline = node.get(&child_protection(), format!("/v1/cases/{case}/timeline")).await.expect(200);
    assert!(timeline.json().to_string().contains("emergency_access.opened"));
    assert!(!timeline.json().to_string().contains("telephone"), "what was written is for whoever reviews");
    let duty = "/v1/deadlines?scope=agency&duty=review_emergency_access";
    let owed = node.get(&child_protection(), duty).await.expect(200).json();
    assert_eq!(owed["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(owed["data"][0]["rule"], "R94");
    // Who sees it.
    let (all, one) = (format!("/v1/cases/{case}/emergency-access"), given.id());
    let path = format!("{all}/{one}");
    for who in [child_protection(), supervisor(), data_protection()] {
        assert_eq!(ids(&node.get(&who, all.as_str()).await.expect(200)), [one.as_str()], "{who:?}");
        assert_eq!(node.get(&who, path.as_str()).await.expect(200).json(), given.json());
    }
    node.get(&police_manager(), all.as_str()).await.refused(403, "not-your-function");
    for who in [police_manager(), officer().named("p-ts-9"), barnahus(), client("tallinn-ngo")] {
        node.get(&who, path.as_str()).await.refused(404, "not-found");
    }
    node.get(&supervisor(), format!("/v1/cases/{other}/emergency-access/{one}"))
        .await
        .refused(404, "not-found");
    let both = [elsewhere.id(), one.clone()];
    for (who, wanted) in [
        (supervisor(), &both[..]),
        (data_protection(), &both[..]),
        (police_manager().in_role("supervisor"), &[]),
    ] {
        for query in ["", "?reviewed=false"] {
            let seen = node.get(&who, format!("/v1/emergency-access{query}")).await.expect(200);
            assert_eq!(ids(&seen), wanted, "{who:?}");
        }
    }
    assert_eq!(ids(&node.get(&supervisor().bound_to(&case), "/v1/emergency-access").await), [one.as_str()]);
    node.get(&child_protection(), "/v1/emergency-access").await.refused(403, "not-your-function");
    // Who reviews it.
    let (act, tag) = (format!("{path}/review"), given.tag());
    node.act(&officer(), act.as_str(), &tag, &found()).await.refused(403, "not-your-function");
    node.act(&child_protection(), act.as_str(), &tag, &found()).await.refused(403, "not-your-function");
    node.act(&police_manager().in_role("supervisor"), act.as_str(), &tag, &found())
        .await
        .refused(404, "not-found");
    node.act(&supervisor(), act.as_str(), "\"other\"", &found()).await.refused(412, "stale-version");
    let no_reason = json!({ "verdict": "justified", "reason": " " });
    node.act(&supervisor(), act.as_str(), &tag, &no_reason).await.refused(400, "invalid-value");
    let done = node.act(&supervisor(), act.as_str(), &tag, &found()).await.expect(200);
    assert_eq!(done.json()["review"]["verdict"], "justified");
    let mut without = done.json();
    without.as_object_mut().expect("an object").remove("review");
    assert_eq!(without, given.json(), "nothing of the access changed");
    node.act(&data_protection(), act.as_str(), &tag, &found()).await.refused(412, "stale-version");
    node.act(&data_protection(), act.as_str(), &done.tag(), &found()).await.refused(409, "state-conflict");
    let _ = node
        .act(
            &data_protection(),
            format!("/v1/cases/{other}/emergency-access/{}/review", both[0]),
            &elsewhere.tag(),
            &json!({ "verdict": "unjustified", "reason": "Nobody was in danger; a neighbour was curious." }),
        )
        .await
        .expect(200);
    for who in &concerned {
        assert!(types(&node, who).await.contains(&"emergency_access.reviewed".to_owned()), "{who:?}");
    }
    // What was not needed is a fact of its own, and is listed, so that somebody follows it up.
    for who in [child_protection(), officer(), data_protection()] {
        let unjustified = types(&node, &who).await;
        let unjustified = unjustified.iter().filter(|it| *it == "emergency_access.found_unjustified").count();
        assert_eq!(unjustified, 1, "{who:?}");
    }
    for who in [supervisor(), data_protection()] {
        for (verdict, wanted) in [("unjustified", &both[..1]), ("justified", &both[1..]), ("unclear", &[])] {
            let seen = node.get(&who, format!("/v1/emergency-access?verdict={verdict}")).await.expect(200);
            assert_eq!(ids(&seen), wanted, "{verdict} for {who:?}");
        }
    }
    node.get(&supervisor(), "/v1/emergency-access?verdict=guilty").await.refused(400, "invalid-parameter");
    let owed = node.get(&child_protection(), duty).await.expect(200).json();
    let states: Vec<_> =
        owed["data"].as_array().into_iter().flatten().map(|it| it["state"].clone()).collect();
    assert_eq!(states, ["met", "met"]);
    assert_eq!(
        ids(&node.get(&supervisor(), "/v1/emergency-access?reviewed=false").await),
        Vec::<String>::new()
    );
    assert_eq!(ids(&node.get(&supervisor(), "/v1/emergency-access?reviewed=true").await), both);
}

#[actix_web::test]
async fn one_lasts_at_a_time_and_three_wait_for_their_review() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let me = officer().bound_to(&case);
    let path = format!("/v1/cases/{case}/emergency-access");
    let _ = node.token(&me).await;
    // Two at once: one of them is first.
    let body = wanted(1);
    let (one, two) =
        join(node.create(&me, path.as_str(), &body), node.create(&me, path.as_str(), &body)).await;
    let (won, lost) = if one.status == 201 { (one, two) } else { (two, one) };
    let first = won.expect(201);
    lost.refused(409, "state-conflict");
    let mut given = vec![(first.id(), first.tag())];
    for _ in 0..2 {
        opens(&node, &me, &case, &wanted(1)).await.refused(409, "state-conflict");
        node.clock.advance(60);
        let key = fresh_key();
        let ask = || node.ask("POST", path.as_str()).by(&me).key(&key).json(&body);
        let made = ask().send().await.expect(201);
        let again = ask().send().await.expect(201);
        assert_eq!((again.id(), again.header("idempotency-replayed")), (made.id(), Some("true")));
        given.push((made.id(), made.tag()));
    }
    node.clock.advance(60);
    let refused = opens(&node, &me, &case, &wanted(1)).await.refused(422, "rule-refused");
    assert_eq!(refused.rules(), ["R94"]);
    let colleague = officer().named("p-ts-8");
    let _ = opens(&node, &colleague, &case, &wanted(1)).await.expect(201);
    for (id, tag) in &given {
        opens(&node, &me, &case, &wanted(1)).await.refused(422, "rule-refused");
        let _ = node.act(&supervisor(), format!("{path}/{id}/review"), tag, &found()).await.expect(200);
    }
    let _ = opens(&node, &me, &case, &wanted(1)).await.expect(201);
    let dry = node.create(&me, format!("{path}?validateOnly=true"), &wanted(1)).await;
    dry.refused(400, "unknown-parameter");
}

#[actix_web::test]
async fn whoever_is_shut_out_meanwhile_sees_nothing_any_more() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let me = officer().bound_to(&case);
    let given = opens(&node, &me, &case, &wanted(60)).await.expect(201);
    let _ = node.get(&me, format!("/v1/cases/{case}")).await.expect(200);
    let _ = node.given_restriction(&case, &shut_out(&me)).await;
    for below in ["", "/child", "/timeline", &format!("/emergency-access/{}", given.id())] {
        node.get(&me, format!("/v1/cases/{case}{below}")).await.refused(404, "not-found");
    }
    // It counts all the same.
    let other = node.given_case().await;
    opens(&node, &officer(), &other, &wanted(1)).await.refused(409, "state-conflict");
}
