//! Missing and found.

use serde_json::{Value, json};

use super::*;

#[actix_web::test]
async fn a_shelter_reports_a_child_missing_and_the_child_comes_back() {
    let node = TestNode::start().await;
    let (lead, home) = (child_protection(), shelter());
    let case = node.given_protected_case().await;
    let _ = node.given_taken_referral(&case, &home).await;
    assert_eq!(seen_by(&node, &home, &case).await["closureChecklist"], Value::Null, "that is for the lead");
    let gone = node.life(&home, &case, "report-missing", &gone()).await.expect(200);
    assert_eq!((gone.text("status"), gone.rules()), ("open_child_missing".into(), vec!["R74".to_owned()]));
    let episode = &gone.json()["missingEpisodes"][0];
    assert_eq!((&episode["status"], &episode["open"]), (&json!("reported"), &json!(true)));
    let owed = duties(&node, &lead, &case).await;
    assert_eq!(owed[0], ("report_missing".to_owned(), "2026-11-25T08:00:00Z".to_owned()));
    for who in [&lead, &police_manager(), &home] {
        let who = who.clone().unattended();
        assert!(told(&node, &who).await.contains(&"case.child_missing".to_owned()), "{who:?}");
    }

    // Nobody answers: the supervisor and, as it is danger, the duty officer of child protection are told.
    node.clock.advance(DAY + 60);
    node.node.store.take_deadline_steps(api::Clock::now(&*node.clock)).expect("taken");
    let escalated = node.get(&supervisor(), "/v1/deadlines?scope=escalated").await.expect(200).json();
    assert_eq!(escalated["data"][0]["duty"], "report_missing");

    let police = json!({ "notifiedAt": "2026-11-24T09:30:00Z", "reference": "T-2026-0107" });
    let notified = node.life(&home, &case, "record-police-notified", &police).await.expect(200);
    assert_eq!(notified.json()["missingEpisodes"][0]["status"], "police_notified");
    assert_eq!(names(&duties(&node, &lead, &case).await), [""; 0]);
    let alert = json!({ "kinds": ["sis"], "issuedAt": "2026-11-24T10:00:00Z" });
    let _ = node.life(&lead, &case, "record-missing-alert", &alert).await.expect(200);
    let stranger = node.life(&police_manager(), &case, "record-found", &back("found_safe")).await;
    stranger.refused(403, "not-your-function");
    let mut found = back("found_exploited");
    found["foundAt"] = json!("2026-11-25T07:00:00Z");
    let found = node.life(&home, &case, "record-found", &found).await.expect(200);
    assert_eq!(found.text("status"), "open");
    assert_eq!(found.found(), [("screen_anew".to_owned(), "/outcome".to_owned())]);
    assert_eq!(names(&duties(&node, &lead, &case).await), ["return_interview"]);
    let talk = |independent: bool| {
        json!({
            "outcome": "held", "doneAt": "2026-11-25T08:00:00Z", "byWhom": "The youth centre", "independent": independent,
            "summary": "She was afraid.",
        })
    };
    let own = node.life(&home, &case, "record-return-interview", &talk(false)).await;
    assert_eq!(own.refused(422, "rule-refused").rules(), ["R74"]);
    let done = node.life(&home, &case, "record-return-interview", &talk(true)).await.expect(200);
    assert_eq!(done.json()["pending"]["returnInterview"], false);
    assert_eq!(names(&duties(&node, &lead, &case).await), [""; 0]);
}

#[actix_web::test]
async fn what_was_written_is_for_those_who_read_its_class_and_for_whoever_wrote_it() {
    let node = TestNode::start().await;
    let (lead, home, opener) = (child_protection(), shelter(), police_manager());
    let case = node.given_protected_case().await;
    let _ = node.given_taken_referral(&case, &home).await;
    let _ = node.life(&home, &case, "report-missing", &gone()).await.expect(200);
    let _ = node
        .life(
            &lead,
            &case,
            "record-police-notified",
            &json!({ "notifiedAt": "2026-11-24T07:00:00Z", "reference": "T-9" }),
        )
        .await
        .expect(200);
    // Risk and safety were not disclosed to the shelter, and whoever works there reads of acts its own: the report.
    let it = seen_by(&node, &home, &case).await;
    assert_eq!(it["acts"].as_array().map(Vec::len), Some(1), "{it}");
    assert_eq!(it["acts"][0]["reasons"], "Not at the morning roll call.");
    assert_eq!(
        it["missingEpisodes"][0]["policeNotifiedAt"], "2026-11-24T07:00:00Z",
        "it is told of the search"
    );
    let manager = seen_by(&node, &home.in_role("case_manager"), &case).await;
    assert_eq!(manager["acts"].as_array().map(Vec::len), Some(3));
    assert_eq!(manager["acts"][0]["reasons"], "She sleeps at the station.", "why the case was opened (D15)");
    assert_eq!(manager["acts"][2]["reference"], Value::Null, "what police were told is of risk and safety");
    let it = seen_by(&node, &opener, &case).await;
    assert_eq!(it["acts"][2]["reference"], "T-9", "who opened the case reads of safety");
    assert_eq!(it["acts"][2]["agencyId"], lead.agency().id.to_string());
    let officer = seen_by(&node, &police().in_role("duty_officer"), &case).await;
    assert_eq!(officer["acts"][2]["reference"], "T-9");
    let screener = seen_by(&node, &police().in_role("screener"), &case).await;
    assert_eq!(screener["acts"][2]["reference"], Value::Null, "a summary is not the whole");
}

#[actix_web::test]
async fn a_missing_child_is_not_handed_over_and_a_receiver_may_refuse() {
    let node = TestNode::start().await;
    let (lead, next) = (child_protection(), police_manager());
    let case = node.given_handover().await;
    let gone = node.life(&next, &case, "report-missing", &gone_and_told()).await.expect(200);
    assert_eq!(gone.json()["pending"]["handoverId"], Value::Null);
    assert_eq!(gone.json()["handovers"][0]["status"], "interrupted");
    node.life(&next, &case, "confirm-handover", &arrived()).await.refused(409, "state-conflict");
    let _ = node.life(&lead, &case, "record-found", &back("found_safe")).await.expect(200);
    let to = next.agency().id.to_string();
    let body = json!({ "toAgencyId": to, "reasons": "Again." });
    let _ = node.life(&lead, &case, "propose-handover", &body).await.expect(200);
    let why = json!({ "reasons": "Nobody is free." });
    let refused = node.life(&next, &case, "refuse-handover", &why).await.expect(200);
    assert_eq!(
        (refused.text("status"), refused.text("leadAgencyId")),
        ("open".into(), lead.agency().id.to_string())
    );
    let _ = node.life(&lead, &case, "propose-handover", &body).await.expect(200);
    let _ = node.life(&lead, &case, "withdraw-handover", &why).await.expect(200);
    let statuses = seen_by(&node, &lead, &case).await["handovers"].clone();
    let statuses: Vec<_> = statuses.as_array().into_iter().flatten().map(|it| it["status"].clone()).collect();
    assert_eq!(statuses, ["interrupted", "refused", "withdrawn"]);
}
