//! National referrals: the way from draft to end, what refuses each step, and that no step leaves the table.

mod answering;
mod following;
mod package;
mod sending;
mod walks;

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, accepting, another_mik, asking, barnahus, client, completing, hideout, package,
    police_manager, sending, service_of_barnahus, shelter,
};

/// What is wrong with a request, and by which rules.
#[track_caller]
pub fn refused(seen: &Seen, code: &str, found: &[(&str, &str)], rules: &[&str]) {
    assert_eq!((seen.status, seen.code().as_str()), (422, code), "{}", seen.told());
    let wanted: Vec<_> = found.iter().map(|(code, at)| ((*code).to_owned(), (*at).to_owned())).collect();
    assert_eq!(seen.found(), wanted, "{}", seen.told());
    assert_eq!(seen.rules(), rules);
}

#[actix_web::test]
async fn a_referral_goes_its_way_and_both_sides_see_it() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let (from, to) = (police_manager(), barnahus());
    let mut body = asking(&case, &to);
    body["toServiceId"] = json!(service_of_barnahus());
    let draft = node.create(&from, "/v1/referrals", &body).await.expect(201);
    let it = draft.json();
    assert_eq!((&it["status"], &it["side"]), (&json!("draft"), &json!("sender")));
    for member in ["caseId", "toAgencyId", "toServiceId", "urgency", "reasons", "services", "summary"] {
        assert_eq!(it[member], body[member], "{member}");
    }
    assert_eq!((&it["content"], &it["sentAt"]), (&Value::Null, &Value::Null));
    let path = format!("/v1/referrals/{}", draft.id());
    let sent = node.act(&from, format!("{path}/send"), &draft.tag(), &sending()).await.expect(200);
    let it = sent.json();
    assert_eq!((&it["status"], &it["sentAt"]), (&json!("sent"), &json!("2026-11-24T08:00:00Z")));
    assert_eq!(
        (&it["acknowledgeBy"], &it["decideBy"]),
        (&json!("2026-11-24T12:00:00Z"), &json!("2026-11-25T08:00:00Z"))
    );
    assert_eq!(it["firstContactBy"], "2026-11-26T08:00:00Z");
    let content = &it["content"];
    assert_eq!(content["childView"]["summary"], "He wants to stay with his cousin.");
    assert_eq!(
        (&content["childInformed"], &content["caveats"]),
        (&json!(true), &json!(["do_not_tell_parents"]))
    );
    assert_eq!(content["disclosures"], package()["disclosures"]);
    let inbox = node.get(&to, "/v1/referrals?box=inbox&status=sent").await.expect(200).json();
    assert_eq!((&inbox["data"][0]["id"], &inbox["data"][0]["summary"]), (&it["id"], &Value::Null));
    node.clock.advance(5 * 3600);
    let steps = [
        ("acknowledge", json!({}), "acknowledged", Value::Null),
        (
            "accept",
            accepting(),
            "accepted",
            json!({ "worker": "Duty worker", "firstAppointmentOn": "2026-11-25" }),
        ),
        ("start", json!({}), "in_service", Value::Null),
        ("complete", completing(), "completed", completing()),
    ];
    for (act, body, status, left) in steps {
        node.clock.advance(60);
        let done = node.referral_act(&to, &draft.id(), act, &body).await.expect(200);
        let seen = node.get(&from, path.as_str()).await.expect(200).json();
        assert_eq!((&seen["status"], &seen["statusAt"]), (&json!(status), &done.json()["statusAt"]));
        let place = if act == "accept" { "acceptance" } else { "ended" };
        for (member, value) in left.as_object().into_iter().flatten() {
            assert_eq!(&seen[place][member], value, "{act} {member}");
        }
    }
    let facts = node.database.facts();
    let told: Vec<_> = facts.iter().filter(|it| it["subject_id"] == draft.id()).collect();
    let events: Vec<_> = told.iter().filter_map(|it| it["event"].as_str()).collect();
    let wanted = ["drafted", "sent", "acknowledged", "accepted", "started", "completed"]
        .map(|it| format!("referral.{it}"));
    assert_eq!(events, wanted);
    assert_eq!(told[2]["payload"], json!({ "onTime": false }), "an hour late");
    let versions: Vec<_> = told.iter().filter_map(|it| it["version"].as_i64()).collect();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6]);
}

#[actix_web::test]
async fn drafting_and_sending_at_once_is_drafting_and_then_sending() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let once = node.given_sent_referral(&case, &shelter()).await;
    let draft = node.given_draft(&case, &shelter()).await;
    let path = format!("/v1/referrals/{}/send", draft.id());
    let twice = node.act(&police_manager(), path, &draft.tag(), &sending()).await.expect(200);
    let same = |seen: &Seen| {
        let mut it = seen.json().to_string();
        for part in [seen.id(), seen.text("reference")] {
            it = it.replace(&part, "");
        }
        it
    };
    assert_eq!(same(&once), same(&twice));
    let facts = node.database.facts();
    let events = |id: &str| -> Vec<String> {
        let of = facts.iter().filter(|it| it["subject_id"] == id);
        of.map(|it| it["event"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(events(&once.id()), events(&twice.id()));
    let mut blind = asking(&case, &shelter());
    blind["send"] = package();
    blind["send"].as_object_mut().expect("an object").remove("childView");
    let before = node.contents();
    let seen = node.create(&police_manager(), "/v1/referrals", &blind).await;
    refused(&seen, "rule-refused", &[("views_or_reason", "/send/childView")], &["R24"]);
    assert_eq!(node.contents(), before, "no draft is left behind");
}

#[actix_web::test]
async fn a_receiver_that_cannot_be_asked_is_refused() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let me = police_manager();
    let seen = node.create(&me, "/v1/referrals", &asking(&case, &me)).await;
    refused(&seen, "inconsistent-values", &[("refers_to_itself", "/toAgencyId")], &[]);
    node.database.set_agency_active(&shelter().client, false);
    let seen = node.create(&me, "/v1/referrals", &asking(&case, &shelter())).await;
    refused(&seen, "inconsistent-values", &[("agency_inactive", "/toAgencyId")], &[]);
}

#[actix_web::test]
async fn a_service_that_does_not_fit_the_child_warns() {
    let node = TestNode::start().await;
    let me = police_manager();
    let psychiatry = "019b7000-ee00-7000-9000-000000000502";
    for (born, language, warned) in
        [("2015-04-02", "et", 0), ("2015-04-02", "uk", 1), ("2022-04-02", "uk", 2)]
    {
        let mut child = another_mik();
        child["languages"] = json!([language]);
        child["birthDate"] = json!(born);
        let body = json!({ "screeningId": node.given_screening(&me).await, "child": child, "whereabouts": hideout() });
        let case = node.create(&me, "/v1/cases", &body).await.expect(201).id();
        let mut body = asking(&case, &client("tallinn-clinic"));
        body["toServiceId"] = json!(psychiatry);
        body["services"] = json!(["psychiatric"]);
        let made = node.create(&me, "/v1/referrals", &body).await.expect(201);
        let found = made.found();
        let misfits =
            ["age_not_taken", "no_common_language"].map(|it| (it.to_owned(), "/toServiceId".to_owned()));
        assert_eq!(found, misfits[2 - warned..], "{found:?}");
        body["services"] = json!(["psychiatric", "safe_accommodation"]);
        let found = node.create(&me, "/v1/referrals", &body).await.expect(201).found();
        assert_eq!(found[0], ("service_not_offered".to_owned(), "/services".to_owned()));
        assert_eq!(found.len(), warned + 1);
    }
}

#[actix_web::test]
async fn a_sender_withdraws_with_a_reason_until_the_service_begins() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (me, to) = (police_manager(), shelter());
    let reason = json!({ "reason": "The aunt takes him in." });
    for seen in [
        node.given_draft(&case, &to).await,
        node.given_sent_referral(&case, &to).await,
        node.given_acknowledged_referral(&case, &to).await,
        node.given_accepted_referral(&case, &to).await,
    ] {
        let it = node.referral_act(&me, &seen.id(), "cancel", &reason).await.expect(200).json();
        assert_eq!((&it["status"], &it["cancellationReason"]), (&json!("cancelled"), &reason["reason"]));
        node.referral_act(&me, &seen.id(), "cancel", &reason).await.refused(409, "state-conflict");
    }
    let served = node.given_referral_in_service(&case, &to).await;
    node.referral_act(&me, &served.id(), "cancel", &reason).await.refused(409, "state-conflict");
    let declined = node.given_declined_referral(&case, &to).await;
    let it = node.referral_act(&me, &declined.id(), "cancel", &reason).await.expect(200).json();
    assert_eq!(it["status"], "cancelled", "no other help is needed, and it says why");
}
