//! Whoever is never to know of a case and asks for it: answered as for what does not exist, and told of (R91).

use serde_json::{Value, json};

use super::objects::UNKNOWN;
use crate::support::{
    Operation, Seen, TestNode, Who, anonymous, asking, barnahus, child_protection, client, data_protection,
    package, police_manager, shelter, shut_out, supervisor, taking_part,
};

const DAY: i64 = 24 * 3600;

impl TestNode {
    /// What the background does every few seconds. Transactions of other tests on the same server delay it.
    fn shut_outs(&self) -> usize {
        let mut told = 0;
        for _ in 0..10_000 {
            told += self.node.store.tell_of_shut_out(api::Clock::now(&*self.clock)).expect("looked");
            if self.database.lines_not_looked_at() == 0 {
                return told;
            }
        }
        panic!("the log is not looked through");
    }

    fn told_of_shut_out(&self) -> Vec<Value> {
        self.database.facts().into_iter().filter(|it| it["event"] == "access.shut_out_tried").collect()
    }
}

async fn hears(node: &TestNode, who: &Who) -> bool {
    node.place_events();
    let (mut after, mut heard) = (String::new(), false);
    loop {
        let page = node.get(who, format!("/v1/events?limit=200{after}")).await.expect(200).json();
        let all = page["data"].as_array().expect("data");
        heard |= all.iter().any(|it| it["type"] == "access.shut_out_tried");
        match page["nextCursor"].as_str().filter(|_| all.len() == 200) {
            Some(next) => after = format!("&after={next}"),
            None => return heard,
        }
    }
}

#[actix_web::test]
async fn whoever_is_shut_out_and_asks_is_told_of_once_a_day() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let me = shelter();
    let referral = node.given_accepted_referral(&case, &me).await.id();
    let owed = node.get(&me, format!("/v1/deadlines?scope=agency&caseId={case}")).await.expect(200).json();
    let duty = owed["data"][0]["id"].as_str().expect("a duty").to_owned();
    let restriction = node.given_restriction(&case, &shut_out(&me)).await.id();
    assert_eq!(node.shut_outs(), 0, "what was read before was lawful");

    let file = format!("/v1/cases/{case}");
    node.get(&me, file.as_str()).await.refused(404, "not-found");
    assert_eq!(node.shut_outs(), 1, "at the next step");
    for who in [me.clone(), me.clone().named("p-colleague"), me.clone().unattended()] {
        let _ = node.get(&who, file.as_str()).await;
    }
    assert_eq!(node.shut_outs(), 0, "once for each party, case and day");
    let told = node.told_of_shut_out();
    let [fact] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(fact["audience"], json!([child_protection().agency().id]));
    assert_eq!((&fact["case_id"], &fact["client"]), (&json!(case), &Value::Null));
    let data = &fact["payload"];
    assert_eq!((&data["restrictionId"], &data["agencyId"]), (&json!(restriction), &json!(me.agency().id)));
    assert!(data["professionalId"].is_string(), "{data}");

    // Whatever it tries, by whatever name it knows.
    let note = json!({ "category": "d14_risk_safety", "text": "She was seen." });
    let mut send = asking(&case, &barnahus());
    send["send"] = package();
    let tries: [(&str, String, Option<Value>); 11] = [
        ("GET", format!("{file}/whereabouts"), None),
        ("POST", format!("{file}/notes"), Some(note)),
        ("POST", format!("{file}/notes"), Some(json!({ "unknown": 1 }))),
        ("GET", format!("{file}/notes/{case}"), None),
        ("GET", format!("/v1/referrals/{referral}"), None),
        ("GET", format!("/v1/referrals/{referral}/messages"), None),
        ("GET", format!("/v1/deadlines/{duty}"), None),
        ("GET", format!("/v1/referrals?box=inbox&caseId={case}"), None),
        ("GET", format!("/v1/deadlines?scope=agency&caseId={case}"), None),
        ("GET", format!("/v1/me/access?caseId={case}"), None),
        ("POST", "/v1/referrals".to_owned(), Some(send)),
    ];
    for (method, path, body) in tries {
        node.clock.advance(DAY);
        let asked = node.ask(method, path.as_str()).by(&me);
        let seen = match &body {
            Some(body) => asked.key(&path).json(body).send().await,
            None => asked.send().await,
        };
        assert!(!seen.told().contains("Invented"), "{}", seen.told());
        assert_eq!(node.shut_outs(), 1, "{method} {path}: {}", seen.told());
    }
    // Nothing is told of what is its own, of what is not there, or of others who find nothing.
    node.clock.advance(DAY);
    let before = node.told_of_shut_out().len();
    let absent = "0192f0c1-2345-7abc-8def-0123456789ab";
    let _ = node.get(&me, format!("/v1/cases/{absent}")).await;
    let _ = node.get(&me, format!("/v1/cases/{other}")).await;
    let _ = node.get(&me, "/v1/cases").await.expect(200);
    let _ = node.get(&barnahus(), file.as_str()).await;
    let _ = node.get(&child_protection(), file.as_str()).await.expect(200);
    assert_eq!((node.shut_outs(), node.told_of_shut_out().len()), (0, before));

    // Who hears of it: whoever reads who is shut out.
    for (who, wanted) in [
        (child_protection(), true),
        (supervisor(), true),
        (child_protection().unattended(), true),
        (child_protection().in_role("screener"), false),
        (police_manager(), false),
        (me.clone(), false),
        (barnahus(), false),
        (data_protection(), false),
    ] {
        assert_eq!(hears(&node, &who).await, wanted, "{who:?}");
    }
}

/// Of a colleague of the lead hears who can look after it, and no colleague.
#[actix_web::test]
async fn of_a_colleague_who_is_shut_out_hears_the_supervisor_and_oversight() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let file = format!("/v1/cases/{case}");
    let me = child_protection().named("p-relative");
    let id = node.get(&me, "/v1/me").await.expect(200).text("professionalId");
    let body = json!({ "party": { "professionalId": id }, "reason": "She is an aunt of the suspect." });
    let made = node.given_restriction(&case, &body).await;
    let seen: Seen = node.get(&me, file.as_str()).await;
    seen.refused(404, "not-found");
    assert_eq!(node.shut_outs(), 1);
    for (who, wanted) in [
        (supervisor().named("p-head"), true),
        (data_protection(), true),
        (child_protection(), false),
        (child_protection().unattended(), false),
        (me.clone(), false),
        (police_manager(), false),
    ] {
        assert_eq!(hears(&node, &who).await, wanted, "{who:?}");
    }
    // Nobody hears of whoever was let in again, or no longer takes part.
    let one = format!("{file}/restricted-parties/{}", made.id());
    let why = json!({ "reason": "It was a mistake." });
    let asked = node.act(&child_protection(), format!("{one}/lift"), &made.tag(), &why).await.expect(200);
    node.clock.advance(DAY);
    let _ = node.get(&me, file.as_str()).await;
    assert_eq!(node.shut_outs(), 1, "asking lifts nothing");
    let lifted = node.act(&supervisor(), format!("{one}/lift/confirm"), &asked.tag(), &json!({})).await;
    let _ = lifted.expect(200);
    node.clock.advance(DAY);
    let _ = node.get(&me, file.as_str()).await.expect(200);
    let ngo = client("tallinn-ngo");
    let part = node.given_participant(&case, &taking_part(&ngo, None, &["d1_identity"])).await;
    let end = json!({ "reason": "The work is done." });
    let path = format!("{file}/participants/{}/end", part.id());
    let _ = node.act(&child_protection(), path, &part.tag(), &end).await.expect(200);
    node.get(&ngo, file.as_str()).await.refused(404, "not-found");
    assert_eq!(node.shut_outs(), 0);
}

/// What a case was taken in from tells of the same child.
#[actix_web::test]
async fn the_concern_and_screening_of_the_case_do_not_exist_for_whoever_is_shut_out() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let concern = Operation::named("createConcern").example();
    let concern = node.create(&client("helpline"), "/v1/concerns", &concern).await.expect(201).id();
    let mut screening = Operation::named("createScreening").example();
    screening["concernId"] = json!(concern);
    let screening = node.create(&lead, "/v1/screenings", &screening).await.expect(201).id();
    let taken_in = json!({ "screeningId": screening });
    let case = node.create(&lead, "/v1/cases", &taken_in).await.expect(201).id();
    let me = lead.clone().named("p-relative");
    let id = node.get(&me, "/v1/me").await.expect(200).text("professionalId");
    let body = json!({ "party": { "professionalId": id }, "reason": "She is an aunt of the suspect." });
    let _ = node.given_restriction(&case, &body).await;
    node.place_events();
    let why = json!({ "reason": "passed_on", "explanation": "Somebody else looks after it." });
    for (path, id) in [("concerns", &concern), ("screenings", &screening)] {
        let seen = node.get(&me, format!("/v1/{path}/{id}")).await;
        let absent = node.get(&me, format!("/v1/{path}/{UNKNOWN}")).await;
        assert_eq!(anonymous(&seen), anonymous(&absent), "{path}");
        assert_eq!(node.shut_outs(), 1, "{path}");
        node.clock.advance(DAY);
        for (who, there) in [(&me, false), (&lead, true)] {
            let list = node.get(who, format!("/v1/{path}")).await.expect(200).told();
            assert_eq!(list.contains(id.as_str()), there, "{path} for {who:?}");
            let feed = node.get(who, "/v1/events").await.expect(200).told();
            assert_eq!(feed.contains(id.as_str()), there, "{path} in the feed of {who:?}");
        }
    }
    let before = node.contents();
    let mut answers = Vec::new();
    for id in [screening.as_str(), UNKNOWN] {
        let aside = node.create(&me, format!("/v1/screenings/{id}/set-aside"), &why).await;
        let again = node.create(&me, "/v1/cases", &json!({ "screeningId": id })).await;
        answers.push([anonymous(&aside), anonymous(&again)]);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(node.contents(), before, "nothing was written");
}
