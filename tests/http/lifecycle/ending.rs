//! Closed by two people and reopened, merged, entered in error.

use serde_json::{Value, json};

use super::*;

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
    for it in ["guardian_check", "safety_plan", "reflection_period", "information", "asylum_information"] {
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
    assert_eq!(
        (reopened.text("status"), reopened.rules()),
        ("reopened".into(), vec!["R72".to_owned(), "R100".to_owned()])
    );
    assert_eq!(reopened.json()["reopenings"], 1);
    assert_eq!(
        names(&duties(&node, &lead, &case).await),
        [
            "asylum_information",
            "education",
            "give_information",
            "guardian_check",
            "reflection_offer",
            "safety_plan"
        ]
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
