//! Quotas: nobody looks for more children in a day than one professional does, by whatever way they are shown.

use domain::access::{Quotas, WHEREABOUTS_A_DAY};
use futures_util::future::join;
use serde_json::{Value, json};

use super::log::{line_of, lines_of};
use crate::support::{
    Seen, TestNode, Who, barnahus, child_protection, data_protection, police_manager, riga_police, shelter,
    supervisor,
};

/// From the instant at which a test begins to midnight in Tallinn.
const LEFT_OF_THE_DAY: i64 = 14 * 3600;

/// With so many children a day, and as many questions.
async fn node_with(most: u16) -> TestNode {
    TestNode::start().await.with_quotas(Quotas { whereabouts: most, searches: most }).await
}

async fn cases(node: &TestNode, many: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..many {
        all.push(node.given_case().await);
    }
    all
}

async fn whereabouts(node: &TestNode, who: &Who, case: &str) -> Seen {
    node.get(&who.clone().bound_to(case), format!("/v1/cases/{case}/whereabouts")).await
}

async fn search(node: &TestNode, who: &Who, number: usize) -> Seen {
    let body = json!({ "name": { "family": format!("Vymyshlenyi-{number}") }, "birthDate": "2015" });
    node.ask("POST", "/v1/cases/search").by(who).json(&body).send().await
}

/// A refusal that shows nothing, says when it ends and is in the log.
#[track_caller]
fn refused(node: &TestNode, seen: Seen, left: i64) -> Value {
    let seen = seen.refused(429, "quota-exceeded");
    assert_eq!(seen.header("retry-after"), Some(left.to_string().as_str()), "{}", seen.asked);
    assert!(!seen.told().contains("Invented Street"), "{}", seen.told());
    let line = line_of(node, &seen).expect("a line");
    assert_eq!((&line["outcome"], &line["code"]), (&json!("refused"), &json!("quota-exceeded")), "{line}");
    assert_eq!(line["sections"], json!([]));
    line
}

/// An answer that withholds where the child is: the log has the refusal, and what was shown beside it.
#[track_caller]
fn withheld(node: &TestNode, seen: &Seen) {
    assert!(!seen.told().contains("Invented Street"), "{}", seen.told());
    let why = json!({ "section": "d2_whereabouts", "reason": "quota" });
    assert!(seen.json()["withheld"].as_array().is_some_and(|all| all.contains(&why)), "{}", seen.told());
    let lines = lines_of(node, seen);
    let [above, shown] = lines.as_slice() else { panic!("{}: {lines:?}", seen.asked) };
    assert_eq!((&above["code"], &above["sections"]), (&json!("quota-exceeded"), &json!([])));
    assert_eq!((&shown["outcome"], &shown["code"]), (&json!("read"), &Value::Null));
    let classes = shown["sections"].as_array().expect("classes");
    assert!(
        classes.contains(&json!("d1_identity")) && !classes.contains(&json!("d2_whereabouts")),
        "{shown}"
    );
    assert_eq!((&above["case_id"], &above["operation"]), (&shown["case_id"], &shown["operation"]));
}

fn told(node: &TestNode) -> Vec<Value> {
    node.database.facts().into_iter().filter(|it| it["event"] == "access.quota_exceeded").collect()
}

fn audience(fact: &Value) -> Vec<&str> {
    fact["audience"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// T-I2 of the threat model.
#[actix_web::test]
async fn the_sixth_child_of_a_day_is_not_shown_to_one_professional() {
    let node = TestNode::start().await.with_quotas(Quotas::default()).await;
    let all = cases(&node, usize::from(WHEREABOUTS_A_DAY) + 1).await;
    let (sixth, five) = all.split_last().expect("six");
    let me = police_manager();
    for case in five.iter().chain(five) {
        let _ = whereabouts(&node, &me, case).await.expect(200);
    }
    assert_eq!(told(&node), Vec::<Value>::new());
    let line = refused(&node, whereabouts(&node, &me, sixth).await, LEFT_OF_THE_DAY);
    assert_eq!(line["case_id"], sixth.as_str());
    // The same in other words: as it was, by HEAD, with what would be a tag.
    let (path, bound) = (format!("/v1/cases/{sixth}/whereabouts"), me.clone().bound_to(sixth));
    let as_of = format!("{path}?asOf=2026-11-24T08:00:00Z");
    refused(&node, node.get(&bound, as_of).await, LEFT_OF_THE_DAY);
    let known = node.ask("GET", path.as_str()).by(&bound).header("if-none-match", "\"x\"").send().await;
    refused(&node, known, LEFT_OF_THE_DAY);
    assert_eq!(node.ask("HEAD", path.as_str()).by(&bound).send().await.status, 429);

    let facts = told(&node);
    let [fact] = facts.as_slice() else { panic!("told once a day: {facts:?}") };
    assert_eq!((&fact["case_id"], &fact["subject_id"]), (&json!(sixth), &json!(sixth)));
    assert_eq!(fact["payload"]["quota"], "whereabouts");
    for who in [child_protection(), police_manager(), data_protection()] {
        assert!(audience(fact).contains(&who.agency().id.to_string().as_str()), "{fact}");
    }
    // What was shown stays shown; others are not concerned, and a case that is not theirs stays away as before.
    let _ = whereabouts(&node, &me, &five[0]).await.expect(200);
    for who in [me.clone().named("p-colleague"), child_protection()] {
        let _ = whereabouts(&node, &who, sixth).await.expect(200);
    }
    whereabouts(&node, &riga_police(), sixth).await.refused(404, "not-found");

    node.clock.advance(LEFT_OF_THE_DAY - 1);
    refused(&node, whereabouts(&node, &me, sixth).await, 1);
    node.clock.advance(1);
    let _ = whereabouts(&node, &me, sixth).await.expect(200);
    assert_eq!(told(&node).len(), 1);
}

#[actix_web::test]
async fn where_the_agency_leads_there_are_five_times_as_many_and_no_more() {
    let node = node_with(1).await;
    let all = cases(&node, 6).await;
    let (last, led) = all.split_last().expect("six");
    for case in led {
        let _ = whereabouts(&node, &child_protection(), case).await.expect(200);
    }
    refused(&node, whereabouts(&node, &child_protection(), last).await, LEFT_OF_THE_DAY);
    let _ = whereabouts(&node, &supervisor(), last).await.expect(200);
}

#[actix_web::test]
async fn referrals_and_emergencies_count_as_well() {
    let node = node_with(1).await;
    let all = cases(&node, 3).await;
    let me = shelter();
    for (case, shown) in all.iter().zip([true, false, false]) {
        let id = node.given_sent_referral(case, &me).await.id();
        for (path, whole) in
            [(format!("/v1/referrals/{id}"), false), (format!("/v1/referrals/{id}/package"), true)]
        {
            let seen = node.get(&me.clone().bound_to(case), path.as_str()).await;
            if shown {
                assert!(seen.expect(200).told().contains("Invented Street"));
            } else if whole {
                refused(&node, seen, LEFT_OF_THE_DAY);
            } else {
                withheld(&node, &seen.expect(200));
            }
            // Without a token for the case the referral is shown without the address, and does not count.
            let _ = node.get(&me, path).await;
        }
    }
    let facts = told(&node);
    assert_eq!(facts.len(), 2, "once for each case: {facts:?}");
    assert!(
        facts.iter().all(|it| audience(it).contains(&child_protection().agency().id.to_string().as_str()))
    );

    let officer = barnahus().in_role("duty_officer");
    for (case, shown) in all.iter().zip([true, false]) {
        let bound = officer.clone().bound_to(case);
        let justification = "A girl at the door says that he is near; nobody answers the telephone.";
        let body = json!({ "reasonCode": "immediate_danger", "justification": justification, "minutes": 1 });
        let given =
            node.create(&bound, format!("/v1/cases/{case}/emergency-access"), &body).await.expect(201);
        let seen = whereabouts(&node, &officer, case).await;
        if shown {
            let line = line_of(&node, &seen.expect(200)).expect("a line");
            assert_eq!(line["break_glass"], given.id());
        } else {
            let line = refused(&node, seen, LEFT_OF_THE_DAY - 60);
            assert_eq!(line["break_glass"], given.id(), "{line}");
        }
        node.clock.advance(60);
    }
}

/// Nobody is kept from an act by what was looked at before, and nobody looks by acting.
#[actix_web::test]
async fn what_the_answer_to_an_act_shows_counts_and_above_the_quota_it_is_withheld() {
    let node = node_with(1).await;
    let me = shelter();
    let all = cases(&node, 3).await;
    let mut referrals = Vec::new();
    for case in &all {
        referrals.push(node.given_sent_referral(case, &me).await.id());
    }
    let act = async |number: usize, key: &str, query: &str| {
        let (case, id) = (&all[number], &referrals[number]);
        let tag = node.get(&me, format!("/v1/referrals/{id}")).await.expect(200).tag();
        let asked = node.ask("POST", format!("/v1/referrals/{id}/acknowledge{query}"));
        let bound = me.clone().bound_to(case);
        asked.by(&bound).if_match(&tag).key(key).json(&json!({})).send().await.expect(200)
    };
    // A dry run shows as much as the act, and counts for the same child.
    let dry = act(0, "dry", "?validateOnly=true").await;
    assert!(dry.told().contains("Invented Street"));
    assert_eq!(line_of(&node, &dry).expect("a line")["operation"], "acknowledgeReferral");
    let done = act(0, "first", "").await;
    assert!(done.told().contains("Invented Street"));
    assert_eq!(line_of(&node, &done).expect("a line")["outcome"], "read");
    // The second child of the day is acknowledged all the same, and shown nowhere, also by asking again.
    let above = act(1, "second", "").await;
    withheld(&node, &above);
    assert_eq!(above.text("status"), "acknowledged");
    withheld(&node, &act(1, "second", "").await);
    assert_eq!(told(&node).len(), 1, "once for the case");
    let dry = act(2, "dry-again", "?validateOnly=true").await;
    withheld(&node, &dry);
    assert_eq!(
        (dry.text("status").as_str(), told(&node).len()),
        ("acknowledged", 2),
        "whoever only tries is told of"
    );
    // Whoever reads what it has, to act on it, has the tag that it has with any other token.
    for (number, id) in referrals.iter().enumerate().skip(1) {
        let seen =
            node.get(&me.clone().bound_to(&all[number]), format!("/v1/referrals/{id}")).await.expect(200);
        withheld(&node, &seen);
        assert_eq!(seen.tag(), node.get(&me, format!("/v1/referrals/{id}")).await.expect(200).tag());
    }
    assert_eq!(told(&node).len(), 2);
}

/// Who sent where many children are goes on with each of them.
#[actix_web::test]
async fn a_sender_acts_on_what_it_sent_above_the_quota() {
    let node = node_with(1).await;
    let me = police_manager();
    let all = cases(&node, 2).await;
    let referral = node.given_sent_referral(&all[1], &shelter()).await.id();
    let _ = whereabouts(&node, &me, &all[0]).await.expect(200);
    let bound = me.clone().bound_to(&all[1]);
    let path = format!("/v1/referrals/{referral}");
    let seen = node.get(&bound, path.as_str()).await.expect(200);
    withheld(&node, &seen);
    let why = json!({ "reason": "The child is with an aunt." });
    let done = node.act(&bound, format!("{path}/cancel"), &seen.tag(), &why).await.expect(200);
    withheld(&node, &done);
    assert_eq!(done.text("status"), "cancelled");
    refused(&node, node.get(&bound, format!("{path}/package")).await, LEFT_OF_THE_DAY);
}

/// T-I3 of the threat model.
#[actix_web::test]
async fn the_twenty_first_question_of_a_day_is_not_answered() {
    let node = TestNode::start().await.with_quotas(Quotas::default()).await;
    let me = police_manager();
    let thin = json!({ "name": { "given": "Mykola" }, "birthDate": "2015" });
    for _ in 0..3 {
        let seen = node.ask("POST", "/v1/cases/search").by(&me).json(&thin).send().await;
        seen.refused(422, "inconsistent-values");
    }
    for number in (0..20).chain(0..20) {
        let _ = search(&node, &me, number).await.expect(200);
    }
    for number in [20, 21] {
        let line = refused(&node, search(&node, &me, number).await, LEFT_OF_THE_DAY);
        assert_eq!((&line["case_id"], &line["subject_id"]), (&Value::Null, &Value::Null));
    }
    let facts = told(&node);
    let [fact] = facts.as_slice() else { panic!("told once a day: {facts:?}") };
    assert_eq!(fact["payload"]["quota"], "searches");
    for who in [police_manager(), data_protection()] {
        assert!(audience(fact).contains(&who.agency().id.to_string().as_str()), "{fact}");
    }
    let _ = search(&node, &me, 0).await.expect(200);
    let colleague = me.clone().named("p-colleague");
    let _ = search(&node, &colleague, 0).await.expect(200);
    node.clock.advance(LEFT_OF_THE_DAY);
    let _ = search(&node, &me, 20).await.expect(200);

    // The log tells one question from another for one professional on one day, and nothing else.
    let mut lines = node.database.access_log();
    lines.retain(|it| it["operation"] == "searchCases" && it["outcome"] == "read");
    let mut digests: Vec<_> = lines.iter().map(|it| it["subject_id"].to_string()).collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!((lines.len(), digests.len()), (43, 22));
}

#[actix_web::test]
async fn of_two_at_once_one_is_the_last() {
    let node = node_with(1).await;
    let all = cases(&node, 2).await;
    for round in 0..20 {
        let me = police_manager().named(&format!("p-round-{round}"));
        for case in &all {
            let _ = node.token(&me.clone().bound_to(case)).await;
        }
        let (one, two) = join(whereabouts(&node, &me, &all[0]), whereabouts(&node, &me, &all[1])).await;
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 429], "round {round}");
        let _ = node.token(&me).await;
        let (one, two) = join(search(&node, &me, 1), search(&node, &me, 2)).await;
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 429], "round {round}");
    }
}
