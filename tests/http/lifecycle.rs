//! The life of a case: missing and found, handed over, closed by two people, reopened, merged, entered in error.

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, arrived, asking, back, child_protection, finishing, focal_point, gone,
    gone_and_told, hideout, mik, police, police_manager, presuming, protecting, returning, shelter,
    supervisor,
};

const DAY: i64 = 86_400;

async fn seen_by(node: &TestNode, who: &Who, case: &str) -> Value {
    node.get(who, format!("/v1/cases/{case}/lifecycle")).await.expect(200).json()
}

/// The open duties of a case, as its lead lists them.
async fn duties(node: &TestNode, who: &Who, case: &str) -> Vec<(String, String)> {
    let it = node.get(who, format!("/v1/cases/{case}/deadlines?standing=open")).await.expect(200).json();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let all = it["data"].as_array().cloned().unwrap_or_default();
    all.iter().map(|it| (text(&it["duty"]), text(&it["dueAt"]))).collect()
}

/// By name, but for what the receivers of referrals owe.
fn names(all: &[(String, String)]) -> Vec<&str> {
    let mut all: Vec<_> = all.iter().map(|it| it.0.as_str()).filter(|it| *it != "first_contact").collect();
    all.sort_unstable();
    all
}

fn offered(it: &Value) -> Vec<&str> {
    it["allowedActions"].as_array().into_iter().flatten().filter_map(|it| it["action"].as_str()).collect()
}

/// What was seen in a feed, by its own agency.
async fn told(node: &TestNode, who: &Who) -> Vec<String> {
    node.place_events();
    let it = node.get(who, "/v1/events").await.expect(200).json();
    let events = it["data"].as_array().cloned().unwrap_or_default();
    events.iter().map(|it| it["type"].as_str().unwrap_or_default().to_owned()).collect()
}

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
    // Risk and safety were not disclosed to the shelter: it reads its own report and no more of it.
    let it = seen_by(&node, &home, &case).await;
    assert_eq!(it["acts"][1]["reasons"], "Not at the morning roll call.");
    assert_eq!((&it["acts"][0]["reasons"], &it["acts"][2]["reference"]), (&Value::Null, &Value::Null));
    let it = seen_by(&node, &opener, &case).await;
    assert_eq!(it["acts"][2]["reference"], "T-9", "who opened the case reads of safety");
    assert_eq!(it["acts"][2]["agencyId"], lead.agency().id.to_string());
    let officer = seen_by(&node, &police().in_role("duty_officer"), &case).await;
    assert_eq!(officer["acts"][2]["reference"], "T-9");
    let screener = seen_by(&node, &police().in_role("screener"), &case).await;
    assert_eq!(screener["acts"][2]["reference"], Value::Null, "a summary is not the whole");
}

#[actix_web::test]
async fn inside_the_country_the_new_lead_works_on_in_the_same_case() {
    let node = TestNode::start().await;
    let (lead, next) = (child_protection(), police_manager());
    let case = node.given_case().await;
    let (who, act, body) = presuming();
    let _ = node.identification_act(&who, &case, act, &body).await.expect(200);
    let to = next.agency().id.to_string();
    let proposing = json!({ "toAgencyId": to, "reasons": "They know the family." });
    let early = node.life(&lead, &case, "propose-handover", &proposing).await;
    assert_eq!(early.refused(422, "rule-refused").rules(), ["R55"], "nobody has accepted it");
    let _ = node.given_taken_referral(&case, &next).await;
    let proposed = node.life(&lead, &case, "propose-handover", &proposing).await.expect(200);
    assert_eq!(
        (proposed.text("status"), proposed.text("leadAgencyId")),
        ("transfer_pending".into(), lead.agency().id.to_string())
    );
    let waiting = node
        .get(&next, "/v1/deadlines?scope=agency&standing=open&duty=answer_handover")
        .await
        .expect(200)
        .json();
    assert_eq!(waiting["data"].as_array().map(Vec::len), Some(1));
    node.life(&lead, &case, "confirm-handover", &arrived()).await.refused(403, "not-your-function");
    let mut half = arrived();
    half["confirmed"] = json!(["child_arrived", "carer_present", "plan_accepted"]);
    let refused = node.life(&next, &case, "confirm-handover", &half).await.refused(422, "rule-refused");
    assert_eq!((refused.rules(), refused.found()[0].1.as_str()), (vec!["R55".to_owned()], "/confirmed"));
    let confirmed = node.life(&next, &case, "confirm-handover", &arrived()).await.expect(200);
    assert_eq!((confirmed.text("status"), confirmed.text("leadAgencyId")), ("open".into(), to.clone()));

    // The new lead owes what the old one owed, and works on; the old one has nothing to do with it any more.
    let owed = duties(&node, &next, &case).await;
    assert_eq!(
        names(&owed),
        ["education", "give_information", "guardian_check", "reflection_offer", "safety_plan"]
    );
    let mine =
        node.get(&next, "/v1/deadlines?scope=agency&standing=open&duty=safety_plan").await.expect(200).json();
    assert_eq!(mine["data"].as_array().map(Vec::len), Some(1));
    let old =
        node.get(&lead, "/v1/deadlines?scope=agency&standing=open&duty=safety_plan").await.expect(200).json();
    assert_eq!(old["data"].as_array().map(Vec::len), Some(0));
    let path = format!("/v1/cases/{case}/whereabouts");
    let tag = node.get(&next, path.as_str()).await.expect(200).tag();
    let _ =
        node.patch(&next, path.as_str(), &tag, &json!({ "address": "Invented Street 2" })).await.expect(200);
    for path in [path.clone(), format!("/v1/cases/{case}"), format!("/v1/cases/{case}/lifecycle")] {
        node.get(&lead, path).await.refused(404, "not-found");
    }
    let list = node.get(&lead, "/v1/cases").await.expect(200).json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(0));
    let list = node.get(&next, "/v1/cases").await.expect(200).json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "once, though it opened the case as well");
    let timeline = node.get(&next, format!("/v1/cases/{case}/timeline")).await.expect(200).json();
    let events = timeline["data"].as_array().cloned().unwrap_or_default();
    let drafted = events.iter().filter(|it| it["type"] == "referral.drafted").count();
    assert_eq!(drafted, 1, "the file stays one: what the old lead did is in it: {events:?}");
}

#[actix_web::test]
async fn abroad_the_focal_point_confirms_and_the_case_is_read_only() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let case = node.given_protected_case().await;
    let mut body = json!({
        "abroad": {
            "country": "FI", "authority": "An invented authority", "movesOn": "2026-12-01",
            "consent": { "answer": "no_answer" },
        },
        "reasons": "His mother lives there.",
    });
    let silent = node.life(&lead, &case, "propose-handover", &body).await;
    assert_eq!(silent.refused(422, "rule-refused").rules(), ["R56"]);
    body["abroad"]["consent"] = json!({ "answer": "consented" });
    let unwritten = node.life(&lead, &case, "propose-handover", &body).await;
    assert_eq!(unwritten.refused(422, "rule-refused").rules(), ["R53"]);
    body["abroad"]["consent"] =
        json!({ "answer": "consented", "document": "Consent 7", "dated": "2026-12-01" });
    let late = node.life(&lead, &case, "propose-handover", &body).await;
    assert_eq!(late.refused(422, "rule-refused").rules(), ["R53"]);
    node.get(&focal_point(), format!("/v1/cases/{case}")).await.refused(404, "not-found");
    body["abroad"]["consent"]["dated"] = json!("2026-11-20");
    let both = {
        let mut it = body.clone();
        it["toAgencyId"] = json!(lead.agency().id.to_string());
        it
    };
    let _ = node.life(&lead, &case, "propose-handover", &both).await.expect(422);
    let _ = node.life(&lead, &case, "propose-handover", &body).await.expect(200);

    let focal = focal_point();
    let it = seen_by(&node, &focal, &case).await;
    assert_eq!(it["handovers"][0]["toCountry"], "FI");
    assert_eq!(it["acts"][1]["abroad"]["consentDocument"], "Consent 7");
    node.get(&focal, format!("/v1/cases/{case}/child")).await.refused(403, "section-not-readable");
    let bare = node.life(&focal, &case, "confirm-handover", &arrived()).await;
    assert_eq!(bare.refused(422, "rule-refused").rules(), ["R56"]);
    let mut whole = arrived();
    whole["writing"] =
        json!({ "authority": "An invented authority", "document": "Letter 8", "dated": "2026-11-24" });
    let done = node.life(&focal, &case, "confirm-handover", &whole).await.expect(200);
    assert_eq!((done.text("status"), &done.json()["readOnly"]), ("transferred".into(), &json!(true)));
    read_only(&node, &case).await;
    let again = json!({ "reason": "solution_failed", "explanation": "She was sent back." });
    let reopened = node.life(&lead, &case, "reopen", &again).await.expect(200);
    assert_eq!(reopened.text("status"), "reopened");
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

/// Nothing is written in a case that has ended: each answer is 409, and nothing changes.
async fn read_only(node: &TestNode, case: &str) {
    let (lead, opener) = (child_protection(), police_manager());
    let before = node.contents();
    let tag = |seen: Seen| seen.expect(200).tag();
    let path = |rest: &str| format!("/v1/cases/{case}/{rest}");
    let child = tag(node.get(&lead, path("child")).await);
    node.patch(&lead, path("child"), &child, &json!({ "callName": "Mik" }))
        .await
        .refused(409, "state-conflict");
    let place = tag(node.get(&lead, path("whereabouts")).await);
    node.patch(&lead, path("whereabouts"), &place, &json!({ "address": "X" }))
        .await
        .refused(409, "state-conflict");
    let episode = json!({ "exploitationTypes": ["forced_begging"], "stage": "past" });
    node.create(&lead, path("exploitation-episodes"), &episode).await.refused(409, "state-conflict");
    let age = crate::support::Operation::named("createAgeAssessment").example();
    node.create(&opener, path("age-assessments"), &age).await.refused(409, "state-conflict");
    let judged = json!({ "grounds": "professional_judgement", "reasons": "She told more." });
    node.identification_act(&lead, case, "presume", &judged).await.refused(409, "state-conflict");
    node.create(&lead, "/v1/referrals", &asking(case, &shelter())).await.refused(409, "state-conflict");
    node.life(&lead, case, "report-missing", &gone()).await.refused(409, "state-conflict");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_closure_is_refused_with_all_that_is_open_and_approved_by_a_second_person() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let case = node.given_case().await;
    let (who, act, body) = presuming();
    let _ = node.identification_act(&who, &case, act, &body).await.expect(200);
    let referral = node.given_taken_referral(&case, &shelter()).await.id();
    let draft = node.create(&lead, "/v1/referrals", &asking(&case, &shelter())).await.expect(201);
    let list = seen_by(&node, &lead, &case).await["closureChecklist"].clone();
    let unmet = |list: &Value| -> Vec<String> {
        let all = list.as_array().cloned().unwrap_or_default();
        all.iter()
            .filter(|it| it["met"] == false)
            .map(|it| it["item"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert!(unmet(&list).contains(&"information_given".to_owned()), "{list}");
    assert!(list.as_array().into_iter().flatten().all(|it| it["rule"].is_string()));
    let mut bare = finishing();
    bare["attested"] = json!([]);
    let refused = node.life(&lead, &case, "request-closure", &bare).await.refused(422, "rule-refused");
    assert!(refused.rules().iter().all(|it| it == "R71"));
    assert_eq!(refused.found().len(), 11, "{}", refused.told());
    let looked_up =
        node.life(&lead, &case, "request-closure", &finishing()).await.refused(422, "rule-refused");
    assert_eq!(looked_up.found().len(), 3, "referrals, duties, information: {}", looked_up.told());

    let _ = node.referral_act(&shelter(), &referral, "start", &json!({})).await.expect(200);
    let done = json!({ "outcome": "needs_met", "feedback": "She sleeps well." });
    let _ = node.referral_act(&shelter(), &referral, "complete", &done).await.expect(200);
    for it in ["guardian_check", "safety_plan", "reflection_period", "information"] {
        let path = format!("/v1/cases/{case}/entitlements/{it}/record");
        let tag = node.get(&lead, format!("/v1/cases/{case}/identification")).await.expect(200).tag();
        let given = json!({ "what": "Done.", "byWhom": "The worker", "doneAt": "2026-11-24T07:00:00Z" });
        let _ = node.act(&lead, path, &tag, &given).await.expect(200);
    }
    let asked = node.life(&lead, &case, "request-closure", &finishing()).await.expect(200);
    assert_eq!(
        (asked.text("status"), asked.text("closureReason")),
        ("closure_review".into(), "durable_solution_implemented".into())
    );
    assert_eq!(unmet(&asked.json()["closureChecklist"]), [""; 0]);
    assert_eq!(names(&duties(&node, &lead, &case).await), ["answer_closure", "education"]);
    assert!(!offered(&asked.json()).contains(&"approve_closure"), "not for a case manager");
    let it = node.get(&supervisor(), format!("/v1/cases/{case}")).await.expect(200).json();
    assert!(offered(&it).contains(&"approve_closure"), "the case itself names it: {it}");

    let returned =
        node.life(&supervisor(), &case, "return-closure", &json!({ "reasons": "Ask the aunt." })).await;
    assert_eq!(returned.expect(200).text("status"), "open");
    let _ = node.life(&lead, &case, "request-closure", &finishing()).await.expect(200);
    let same = Who::named(supervisor(), lead.professional.as_deref().unwrap_or_default());
    let own = node.life(&same, &case, "approve-closure", &json!({})).await.refused(422, "rule-refused");
    assert_eq!(own.rules(), ["R71"]);
    let closed = node.life(&supervisor(), &case, "approve-closure", &json!({})).await.expect(200);
    assert_eq!((closed.text("status"), &closed.json()["readOnly"]), ("closed".into(), &json!(true)));
    assert_eq!(names(&duties(&node, &lead, &case).await), [""; 0], "what was owed has ended with it");
    read_only(&node, &case).await;
    let tag = node.get(&lead, format!("/v1/referrals/{}", draft.id())).await.expect(200).tag();
    let send =
        node.act(&lead, format!("/v1/referrals/{}/send", draft.id()), &tag, &crate::support::sending()).await;
    send.refused(409, "state-conflict");

    // Reopened, everything that a presumed victim is entitled to is owed anew.
    let opener = police().in_role("duty_officer");
    let reopened = node.life(&opener, &case, "reopen", &returning()).await.expect(200);
    assert_eq!((reopened.text("status"), reopened.rules()), ("reopened".into(), vec!["R72".to_owned()]));
    assert_eq!(reopened.json()["reopenings"], 1);
    assert_eq!(
        names(&duties(&node, &lead, &case).await),
        ["education", "give_information", "guardian_check", "reflection_offer", "safety_plan"]
    );
}

#[actix_web::test]
async fn what_was_entered_in_error_is_marked_by_a_supervisor_before_anything_is_sent() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let why = json!({ "reasons": "The wrong child." });
    node.life(&child_protection(), &case, "mark-erroneous", &why).await.refused(403, "not-your-function");
    let marked = node.life(&supervisor(), &case, "mark-erroneous", &why).await.expect(200);
    assert_eq!(marked.text("status"), "erroneous");
    assert_eq!(offered(&marked.json()), [""; 0]);
    read_only(&node, &case).await;
    let sent = node.given_case().await;
    let _ = node.given_sent_referral(&sent, &shelter()).await;
    node.life(&supervisor(), &sent, "mark-erroneous", &why).await.refused(409, "state-conflict");
}

#[actix_web::test]
async fn a_duplicate_is_merged_with_proof_and_says_where_the_file_goes_on() {
    let node = TestNode::start().await;
    let (one, two) = (node.given_protected_case().await, node.given_protected_case().await);
    let merging = |into: &str, evidence: &str| json!({ "intoCaseId": into, "evidence": [evidence], "reasons": "The same child." });
    let alike = node.life(&supervisor(), &one, "merge", &merging(&two, "similar_data")).await;
    assert_eq!(alike.refused(422, "rule-refused").rules(), ["R111"]);
    let unconfirmed = node.life(&supervisor(), &one, "merge", &merging(&two, "confirmed_match")).await;
    assert_eq!(unconfirmed.refused(422, "rule-refused").rules(), ["R111"]);
    let unknown = merging("0192f0c1-2345-7abc-8def-0123456789ab", "same_document");
    node.life(&supervisor(), &one, "merge", &unknown).await.refused(422, "reference-not-found");
    let intake = node.given_case().await;
    node.life(&supervisor(), &one, "merge", &merging(&intake, "same_document"))
        .await
        .refused(409, "state-conflict");
    let merged = node.life(&supervisor(), &one, "merge", &merging(&two, "same_document")).await.expect(200);
    assert_eq!((merged.text("status"), merged.text("mergedIntoCaseId")), ("merged".into(), two.clone()));
    read_only(&node, &one).await;
    let into = seen_by(&node, &child_protection(), &two).await;
    assert_eq!((&into["status"], &into["acts"][1]["otherCaseId"]), (&json!("open"), &json!(one)));

    let screening = node.given_screening(&police_manager()).await;
    let mut sister = mik();
    sister["givenName"] = json!("Olena");
    let body = json!({ "screeningId": screening, "child": sister, "whereabouts": hideout() });
    let other = node.create(&police_manager(), "/v1/cases", &body).await.expect(201).id();
    let _ = node.life(&child_protection(), &other, "open-for-protection", &protecting()).await.expect(200);
    let sibling = node.life(&supervisor(), &other, "merge", &merging(&two, "recognised_by_two")).await;
    assert_eq!(sibling.refused(422, "rule-refused").rules(), ["R111"], "another given name");
}

#[actix_web::test]
async fn the_life_of_a_case_is_for_whoever_takes_part_and_names_every_act() {
    let node = TestNode::start().await;
    let case = node.given_protected_case().await;
    let path = format!("/v1/cases/{case}/lifecycle?include=blockedActions");
    for who in [child_protection(), supervisor(), police_manager(), police().in_role("screener")] {
        let it = node.get(&who, path.as_str()).await.expect(200).json();
        let blocked = it["blockedActions"].as_array().map_or(0, Vec::len);
        assert_eq!(offered(&it).len() + blocked, 17, "{who:?}");
    }
    node.get(&shelter(), path.as_str()).await.refused(404, "not-found");
    node.get(&police().in_role("screener").with_scopes("events.read"), path.as_str())
        .await
        .refused(403, "insufficient-scope");
    let manager = seen_by(&node, &child_protection(), &case).await;
    assert_eq!(offered(&manager), ["report_missing", "propose_handover", "request_closure"]);
    let chief = seen_by(&node, &supervisor(), &case).await;
    assert_eq!(offered(&chief), ["report_missing", "merge", "mark_erroneous"]);
    let plain = node.get(&child_protection(), format!("/v1/cases/{case}")).await.expect(200).json();
    assert_eq!(offered(&plain), offered(&manager), "the case names them too");
    for action in plain["allowedActions"].as_array().into_iter().flatten() {
        assert!(action["href"].as_str().is_some_and(|it| it.starts_with(&format!("/v1/cases/{case}/"))));
    }
}
