//! What follows from an answer: the rest, another receiver, questions, messages, and who is responsible meanwhile.

use serde_json::{Value, json};

use super::refused;
use crate::support::{
    TestNode, Who, accepting, asking, barnahus, child_protection, client, declining, package, police,
    police_manager, shelter,
};

fn id_of(who: &Who) -> String {
    who.agency().id.to_string()
}

#[actix_web::test]
async fn what_is_not_accepted_is_a_draft_of_the_sender() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut body = asking(&case, &barnahus());
    body["services"] = json!(["crisis_psychological", "dental"]);
    body["send"] = package();
    let sent = node.create(&police_manager(), "/v1/referrals", &body).await.expect(201);
    let _ = node.referral_act(&barnahus(), &sent.id(), "acknowledge", &json!({})).await.expect(200);
    let mut part = accepting();
    part["services"] = json!(["crisis_psychological"]);
    let taken = node.referral_act(&barnahus(), &sent.id(), "accept", &part).await.expect(200).json();
    assert_eq!(taken["acceptance"]["services"], part["services"]);
    assert_eq!(taken["followedBy"], Value::Null, "what the sender does next is the sender's");
    let mine = node.get(&police_manager(), format!("/v1/referrals/{}", sent.id())).await.expect(200).json();
    let rest = mine["followedBy"][0].as_str().expect("the rest");
    let rest = format!("/v1/referrals/{rest}");
    let it = node.get(&police_manager(), rest.as_str()).await.expect(200);
    assert_eq!((&it.json()["status"], &it.json()["services"]), (&json!("draft"), &json!(["dental"])));
    assert_eq!(it.json()["origin"]["kind"], "rest");
    assert_eq!(it.json()["origin"]["clockStartedAt"], mine["sentAt"], "the clock goes on");
    assert_eq!(it.json()["toAgencyId"], Value::Null);
    node.get(&barnahus(), rest.as_str()).await.refused(404, "not-found");
    let sending = json!({ "package": package() });
    let seen = node.act(&police_manager(), format!("{rest}/send"), &it.tag(), &sending).await;
    refused(&seen, "inconsistent-values", &[("no_receiver", "/package")], &[]);
    let anywhere = json!({ "toAgencyId": null, "urgency": "priority" });
    // By null it is routed: by competence, territory and need.
    let routed = node.patch(&police_manager(), rest.as_str(), &it.tag(), &anywhere).await;
    let routed = routed.expect(200);
    assert_eq!(routed.json()["toAgencyId"], id_of(&client("tallinn-dentist")));
    assert_eq!(routed.json()["routing"]["takes"], json!(["dental"]));
    let _ = node.act(&police_manager(), format!("{rest}/send"), &routed.tag(), &sending).await.expect(200);
}

#[actix_web::test]
async fn a_referral_without_an_agency_is_routed_and_says_why() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut body = asking(&case, &barnahus());
    body.as_object_mut().expect("members").remove("toAgencyId");
    body["services"] = json!(["trauma_therapy"]);
    let it = node.create(&police_manager(), "/v1/referrals", &body).await.expect(201).json();
    assert_eq!(it["toAgencyId"], id_of(&client("tartu-child-clinic")), "not the clinic for adults");
    assert!(it["routing"]["reasons"].as_array().is_some_and(|it| !it.is_empty()), "{it}");
    let asked = json!({ "services": ["trauma_therapy"], "urgency": "urgent", "age": 11, "sex": "male",
                        "languages": ["uk"], "specialNeeds": ["acute_trauma"] });
    let matched = node.ask("POST", "/v1/directory/match").by(&police_manager()).json(&asked).send().await;
    let matched = matched.expect(200).json();
    assert_eq!(matched["candidates"][0]["serviceId"], it["toServiceId"], "the same verdict as the pre-check");
    assert_eq!(matched["directoryVersion"], it["routing"]["directoryVersion"]);
    body["services"] = json!(["return_reception"]);
    let nobody = node.create(&police_manager(), "/v1/referrals", &body).await;
    assert_eq!(nobody.status, 422, "{}", nobody.told());
    assert_eq!(nobody.found()[0], ("nobody_offers".to_owned(), "/toAgencyId".to_owned()));
    body["toServiceId"] = json!(crate::support::service_of_barnahus());
    let seen = node.create(&police_manager(), "/v1/referrals", &body).await;
    refused(&seen, "inconsistent-values", &[("service_without_agency", "")], &[]);
}

#[actix_web::test]
async fn a_reroute_keeps_the_first_clock_and_the_third_is_told_to_the_coordinator() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut current = node.given_declined_referral(&case, &barnahus()).await.id();
    let first = node.get(&police_manager(), format!("/v1/referrals/{current}")).await.expect(200).json();
    let receivers = [shelter(), client("tallinn-ngo"), client("tallinn-clinic")];
    for (n, to) in receivers.iter().enumerate() {
        node.clock.advance(3600);
        let again = json!({ "toAgencyId": first["toAgencyId"] });
        if n == 0 {
            let seen = node.referral_act(&police_manager(), &current, "reroute", &again).await;
            refused(&seen, "inconsistent-values", &[("same_receiver", "/toAgencyId")], &[]);
        }
        let mut sent = package();
        sent["disclosures"] =
            json!([{ "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }]);
        let body = json!({ "toAgencyId": id_of(to), "send": sent });
        let seen = node.referral_act(&police_manager(), &current, "reroute", &body).await.expect(200);
        assert_eq!(seen.text("status"), "rerouted");
        assert_eq!(seen.rules().contains(&"R83".to_owned()), n == 2, "{:?}", seen.rules());
        let next = seen.json()["followedBy"][0].as_str().expect("it follows").to_owned();
        let it = node.get(to, format!("/v1/referrals/{next}")).await.expect(200).json();
        assert_eq!(it["status"], "sent");
        assert_eq!(it["acknowledgeBy"], first["acknowledgeBy"], "the clock of the first sending");
        assert_eq!(it["origin"], Value::Null, "whom it was asked of before is the sender's");
        let mine = node.get(&police_manager(), format!("/v1/referrals/{next}")).await.expect(200).json();
        assert_eq!(mine["origin"]["reroutes"], n + 1);
        current = next;
        let _ = node.referral_act(to, &current, "acknowledge", &json!({})).await.expect(200);
        let _ = node.referral_act(to, &current, "decline", &declining()).await.expect(200);
    }
    node.place_events();
    let feed = node.get(&client("ee-coordinator"), "/v1/events?limit=200").await.expect(200).json();
    let told: Vec<_> =
        feed["data"].as_array().expect("events").iter().filter_map(|it| it["type"].as_str()).collect();
    assert_eq!(told, ["referral.reroute_escalated"]);
}

#[actix_web::test]
async fn whom_law_obliges_reroutes_together_or_accepts() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let to = child_protection();
    let known = node.given_acknowledged_referral(&case, &to).await;
    let offered: Vec<String> = known.json()["allowedActions"]
        .as_array()
        .expect("actions")
        .iter()
        .filter_map(|it| it["action"].as_str().map(str::to_owned))
        .collect();
    assert!(!offered.contains(&"decline".to_owned()) && offered.contains(&"propose_reroute".to_owned()));
    let seen = node.referral_act(&to, &known.id(), "decline", &declining()).await;
    refused(&seen, "rule-refused", &[("must_accept", "")], &["R84"]);
    let body = json!({ "toAgencyId": id_of(&shelter()) });
    let early = node.referral_act(&police_manager(), &known.id(), "reroute", &body).await;
    early.refused(409, "state-conflict");
    let proposal = json!({ "reason": "no_capacity", "toAgencyId": id_of(&shelter()) });
    let seen = node.referral_act(&to, &known.id(), "propose-reroute", &proposal).await.expect(200).json();
    assert_eq!((&seen["status"], &seen["rerouteProposal"]), (&json!("acknowledged"), &proposal));
    assert_eq!(seen["responsibleAgencyId"], id_of(&to), "it stays responsible until then");
    let done = node.referral_act(&police_manager(), &known.id(), "reroute", &body).await.expect(200);
    assert_eq!(done.text("status"), "rerouted");
    let forbidden = json!({ "reason": "nationality", "toAgencyId": id_of(&shelter()) });
    let other = node.given_acknowledged_referral(&case, &barnahus()).await;
    let seen = node.referral_act(&barnahus(), &other.id(), "propose-reroute", &forbidden).await;
    refused(&seen, "rule-refused", &[("decline_invalid", "/reason")], &["R82"]);
}

#[actix_web::test]
async fn a_question_stops_the_clock_once() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let known = node.given_acknowledged_referral(&case, &barnahus()).await;
    let before = known.text("decideBy");
    let question = json!({ "question": "Does he need medicine?" });
    let asked = node.referral_act(&barnahus(), &known.id(), "request-information", &question).await;
    let asked = asked.expect(200).json();
    assert_eq!(
        (&asked["status"], &asked["decideBy"]),
        (&json!("info_requested"), &json!("2026-11-25T12:00:00Z"))
    );
    assert_eq!(asked["responsibleAgencyId"], id_of(&police()), "now it is the sender's turn");
    let again = node.referral_act(&barnahus(), &known.id(), "request-information", &question).await;
    again.refused(409, "state-conflict");
    node.clock.advance(90 * 60);
    let answer = json!({ "answer": "No." });
    let told = node.referral_act(&police_manager(), &known.id(), "provide-information", &answer).await;
    let told = told.expect(200).json();
    assert_eq!(
        (before.as_str(), &told["decideBy"]),
        ("2026-11-25T08:00:00Z", &json!("2026-11-25T09:30:00Z"))
    );
    assert_eq!(told["exchanges"][0]["answer"], "No.");
    let second = node.referral_act(&barnahus(), &known.id(), "request-information", &question).await;
    assert_eq!(second.expect(200).json()["decideBy"], told["decideBy"], "it does not stop again");
}

#[actix_web::test]
async fn the_two_sides_write_to_each_other_and_nobody_else_reads_it() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let sent = node.given_sent_referral(&case, &barnahus()).await;
    let path = format!("/v1/referrals/{}/messages", sent.id());
    for (who, text) in [(police_manager(), "He is on his way."), (barnahus(), "We wait for him.")] {
        let made = node.create(&who, path.as_str(), &json!({ "text": text })).await.expect(201);
        let read = node.get(&who, format!("{path}/{}", made.id())).await.expect(200);
        assert_eq!(read.text("text"), text);
        assert_eq!(made.header("location"), Some(format!("{path}/{}", made.id()).as_str()));
    }
    let both = node.get(&police_manager(), path.as_str()).await.expect(200).json();
    assert_eq!(both["data"][0]["text"], "We wait for him.", "newest first");
    for who in [shelter(), child_protection()] {
        node.get(&who, path.as_str()).await.refused(404, "not-found");
        node.create(&who, path.as_str(), &json!({ "text": "x" })).await.refused(404, "not-found");
    }
    let _ = node.referral_act(&barnahus(), &sent.id(), "acknowledge", &json!({})).await.expect(200);
    let _ = node.referral_act(&barnahus(), &sent.id(), "decline", &declining()).await.expect(200);
    let kept = node.get(&barnahus(), path.as_str()).await.expect(200).json();
    let texts: Vec<_> = kept["data"].as_array().expect("data").iter().map(|it| it["text"].clone()).collect();
    assert_eq!(texts, ["We wait for him."], "its own and nothing else");
    let other = both["data"][1]["id"].as_str().expect("an id");
    node.get(&barnahus(), format!("{path}/{other}")).await.refused(404, "not-found");
    node.create(&barnahus(), path, &json!({ "text": "x" })).await.refused(409, "state-conflict");
}

#[actix_web::test]
async fn a_child_already_referred_for_the_same_need_is_warned_of() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let first = node.given_sent_referral(&case, &shelter()).await;
    assert_eq!(first.rules(), [] as [&str; 0]);
    let second =
        node.create(&police_manager(), "/v1/referrals", &asking(&case, &shelter())).await.expect(201);
    assert_eq!(second.rules(), ["R108"]);
    let body = json!({ "reason": "Another place was found." });
    let _ = node.referral_act(&police_manager(), &first.id(), "cancel", &body).await.expect(200);
    let third = node.create(&police_manager(), "/v1/referrals", &asking(&case, &shelter())).await.expect(201);
    assert_eq!(third.rules(), [] as [&str; 0], "what is over is no longer in the way");
}

#[actix_web::test]
async fn the_childs_view_is_recorded_once_it_was_asked() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let blind = node.given_blind_referral(&case, &barnahus()).await;
    let owed = node.get(&police_manager(), "/v1/deadlines?scope=mine&duty=ask_view").await.expect(200).json();
    assert_eq!(owed["data"][0]["dueAt"], "2026-11-26T22:00:00Z", "the end of the day that was named");
    assert_eq!(owed["data"][0]["computedFrom"]["namedDay"], "2026-11-26");
    let silent = json!({ "status": "not_yet_asked" });
    let seen = node.referral_act(&police_manager(), &blind.id(), "child-view", &silent).await;
    refused(&seen, "rule-refused", &[("views_or_reason", "/childView/status")], &["R24"]);
    let view = json!({ "status": "expressed", "method": "spoken", "summary": "He wants to stay.",
                       "weightGiven": "It is followed." });
    let told = node.referral_act(&police_manager(), &blind.id(), "child-view", &view).await.expect(200);
    assert_eq!(told.json()["content"]["childView"]["summary"], "He wants to stay.");
    let theirs = node.get(&barnahus(), format!("/v1/referrals/{}", blind.id())).await.expect(200).json();
    assert_eq!(theirs["content"]["childView"]["summary"], "He wants to stay.", "the receiver learns of it");
    let again = node.referral_act(&police_manager(), &blind.id(), "child-view", &view).await;
    again.refused(409, "state-conflict");
    let open = node.get(&police_manager(), "/v1/deadlines?scope=mine&standing=open").await.expect(200).json();
    assert_eq!(open["data"], json!([]));
}
