//! Deadlines as each agency sees them: in order, explained, closed by the act, and nobody else's business.

use serde_json::{Value, json};

use crate::support::{
    TestNode, Who, accepting, asking, barnahus, child_protection, client, package, police, police_manager,
    riga_police, shelter,
};

async fn listed(node: &TestNode, who: &Who, query: &str) -> Vec<Value> {
    let seen = node.get(who, format!("/v1/deadlines?{query}")).await.expect(200).json();
    seen["data"].as_array().expect("data").clone()
}

fn word(it: &Value) -> &str {
    it.as_str().unwrap_or_default()
}

fn duties(all: &[Value]) -> Vec<(&str, &str)> {
    all.iter().map(|it| (word(&it["duty"]), word(&it["state"]))).collect()
}

#[actix_web::test]
async fn each_side_sees_what_it_owes_and_what_it_waits_for() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let sent = node.given_sent_referral(&case, &barnahus()).await;
    let owed = listed(&node, &barnahus(), "scope=agency").await;
    let wanted = [("acknowledge", "running"), ("decide", "running"), ("first_contact", "running")];
    assert_eq!(duties(&owed), wanted, "in the order in which they are due");
    assert_eq!(
        listed(&node, &police_manager(), "scope=watched").await,
        owed,
        "the sender waits for the same"
    );
    for it in &owed {
        assert_eq!((&it["subject"], &it["subjectId"]), (&json!("referral"), &json!(sent.id())));
        assert_eq!((&it["reference"], &it["rule"]), (&sent.json()["reference"], &json!("R85")));
        assert_eq!(it["agencyId"], barnahus().agency().id.to_string());
        assert_eq!(it["watcherId"], police().agency().id.to_string());
    }
    let by_case = node.get(&child_protection(), format!("/v1/cases/{case}/deadlines")).await.expect(200);
    let (of_case, of_referral): (Vec<Value>, Vec<Value>) = by_case.json()["data"]
        .as_array()
        .expect("data")
        .iter()
        .cloned()
        .partition(|it| it["subject"] == "case");
    assert_eq!(of_referral, owed, "whoever leads the case sees all of it");
    assert_eq!(duties(&of_case), [("act_on_indicator", "running")], "what the police owes, too (R20)");
    node.get(&barnahus(), format!("/v1/cases/{case}/deadlines")).await.refused(404, "not-found");
    for who in [shelter(), riga_police(), client("ee-coordinator")] {
        for scope in ["mine", "agency", "watched", "escalated"] {
            assert_eq!(listed(&node, &who, &format!("scope={scope}")).await, [] as [Value; 0]);
        }
        let id = owed[0]["id"].as_str().expect("an id");
        node.get(&who, format!("/v1/deadlines/{id}")).await.refused(404, "not-found");
    }
}

#[actix_web::test]
async fn a_deadline_says_how_it_was_computed_and_which_days_do_not_count() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    // The clock of the tests stands on a Tuesday; the next holidays are at Christmas.
    node.clock.advance(29 * 24 * 3600);
    let mut body = asking(&case, &barnahus());
    body["urgency"] = json!("priority");
    body["send"] = package();
    let _ = node.create(&police_manager(), "/v1/referrals", &body).await.expect(201);
    let owed = listed(&node, &barnahus(), "scope=agency&duty=decide").await;
    assert_eq!(owed.len(), 1);
    let computed = &owed[0]["computedFrom"];
    assert_eq!(computed["span"], json!({ "workingDays": 3 }));
    assert_eq!(computed["setBy"], "responseTimes.priority.decide");
    assert_eq!((&computed["country"], &computed["timeZone"]), (&json!("EE"), &json!("Europe/Tallinn")));
    assert_eq!(computed["startedAt"], "2026-12-23T08:00:00Z");
    assert_eq!(computed["verification"], "proposal");
    let skipped: Vec<_> =
        computed["skipped"].as_array().expect("days").iter().map(|it| it["day"].as_str()).collect();
    let days = ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-27"];
    assert_eq!(skipped, days.map(Some));
    assert_eq!(computed["skipped"][0]["reason"], "public_holiday");
    assert_eq!(owed[0]["dueAt"], "2026-12-30T22:00:00Z", "the end of Wednesday in Tallinn");
}

#[actix_web::test]
async fn an_act_closes_its_deadline_in_time_or_late_and_opens_the_next() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let sent = node.given_sent_referral(&case, &barnahus()).await;
    node.clock.advance(4 * 3600);
    let _ = node.referral_act(&barnahus(), &sent.id(), "acknowledge", &json!({})).await.expect(200);
    node.clock.advance(20 * 3600 + 1);
    let _ = node.referral_act(&barnahus(), &sent.id(), "accept", &accepting()).await.expect(200);
    let closed = listed(&node, &barnahus(), "scope=agency&standing=closed").await;
    assert_eq!(duties(&closed), [("acknowledge", "met"), ("decide", "late")], "at the instant is in time");
    let mine = listed(&node, &barnahus(), "scope=mine&standing=open").await;
    assert_eq!(duties(&mine), [("first_contact", "running")], "whoever accepted answers for it");
    let _ = node.referral_act(&barnahus(), &sent.id(), "start", &json!({})).await.expect(200);
    let silent = json!({ "outcome": "needs_met" });
    let done = node.referral_act(&barnahus(), &sent.id(), "complete", &silent).await.expect(200);
    assert_eq!(done.rules(), ["R107"]);
    let owed = listed(&node, &barnahus(), "scope=agency&standing=open").await;
    assert_eq!(duties(&owed), [("feedback", "running")]);
    let told = json!({ "feedback": "He goes to school." });
    let _ = node.referral_act(&barnahus(), &sent.id(), "feedback", &told).await.expect(200);
    assert_eq!(listed(&node, &barnahus(), "scope=agency&standing=open").await, [] as [Value; 0]);
}

#[actix_web::test]
async fn what_is_overdue_is_listed_so_and_told_up_the_ladder() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut body = asking(&case, &barnahus());
    body["urgency"] = json!("immediate");
    body["send"] = package();
    let _ = node.create(&police_manager(), "/v1/referrals", &body).await.expect(201);
    assert_eq!(listed(&node, &barnahus(), "scope=agency&dueWithinHours=1").await.len(), 1);
    assert_eq!(listed(&node, &barnahus(), "scope=agency&dueWithinHours=24").await.len(), 3);
    node.clock.advance(30 * 60 + 1);
    let late = listed(&node, &barnahus(), "scope=agency&standing=overdue").await;
    assert_eq!(duties(&late), [("acknowledge", "overdue")]);
    let now = api::Clock::now(&*node.clock);
    let taken = node.node.store.take_deadline_steps(now).expect("taken");
    assert_eq!(taken.len(), 1);
    // The sender's supervisor, and in danger the duty desk of child protection.
    for who in [police_manager(), child_protection()] {
        let told = listed(&node, &who, "scope=escalated").await;
        assert_eq!(duties(&told), [("acknowledge", "overdue")], "{who:?}");
        let id = told[0]["id"].as_str().expect("an id");
        let whole = node.get(&who, format!("/v1/deadlines/{id}")).await.expect(200).json();
        let told = whole["escalations"].as_array().expect("told");
        let mut roles: Vec<_> = told.iter().map(|it| (it["rung"].as_u64(), word(&it["role"]))).collect();
        roles.sort_unstable();
        assert_eq!(roles, [(Some(1), "duty_officer"), (Some(1), "supervisor")]);
    }
    node.place_events();
    let feed = node.get(&child_protection(), "/v1/events?limit=200").await.expect(200);
    let told = feed.json()["data"].as_array().expect("events").clone();
    let told = told.iter().find(|it| it["type"] == "deadline.escalated").expect("told in the feed").clone();
    assert_eq!(told["agencyId"], Value::Null, "the mechanism did it by itself");
    assert_eq!((&told["data"]["duty"], &told["data"]["rung"]), (&json!("acknowledge"), &json!(1)));
}

#[actix_web::test]
async fn a_concern_that_nobody_screens_is_overdue_and_a_screening_closes_it() {
    let node = TestNode::start().await;
    let me = police_manager();
    let concern = json!({ "description": "A boy begs.", "location": "Market square", "danger": true });
    let concern = node.create(&me, "/v1/concerns", &concern).await.expect(201).id();
    let open = listed(&node, &me, "scope=agency&standing=open").await;
    assert_eq!(duties(&open), [("triage", "running")]);
    assert_eq!((&open[0]["subject"], &open[0]["rule"]), (&json!("concern"), &json!("R104")));
    let screening = json!({ "concernId": concern, "observations": crate::support::begging() });
    let _ = node.create(&me, "/v1/screenings", &screening).await.expect(201);
    let closed = listed(&node, &me, "scope=agency&standing=closed").await;
    assert_eq!(duties(&closed), [("triage", "met")]);
}
