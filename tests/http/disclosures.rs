//! What was given of a child to whom: told by the acts that gave it, shown to those who may read the log.

use serde_json::{Value, json};

use crate::support::{
    TestNode, Who, arrived, barnahus, child_protection, client, data_protection, package, police_manager,
    shelter, supervisor, taking_part,
};

const PATH: &str = "/v1/audit/disclosures";

fn asking(who: Who) -> Who {
    who.for_purpose("data_subject_request")
}

async fn given(node: &TestNode, who: &Who, query: &str) -> Vec<Value> {
    let seen = node.get(who, format!("{PATH}?limit=200&{query}")).await.expect(200).json();
    seen["data"].as_array().expect("data").clone()
}

fn agency(who: &Who) -> Value {
    json!(who.agency().id.to_string())
}

#[actix_web::test]
async fn each_act_that_gives_something_is_listed_with_what_it_gave_and_on_which_basis() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let sent = node.given_sent_referral(&case, &barnahus()).await;
    let lawyer = client("narva-ngo").in_role("lawyer");
    let part = node.given_participant(&case, &taking_part(&lawyer, None, &["d1_identity"])).await;
    let end = json!({ "reason": "Another lawyer speaks for the child." });
    let path = format!("/v1/cases/{case}/participants/{}/end", part.id());
    let abroad = node.given_abroad(&case, "tr_family_tracing", "approve").await;

    let all = given(&node, &data_protection(), &format!("caseId={case}")).await;
    let told: Vec<_> = all.iter().map(|it| (it["type"].clone(), it["subjectId"].clone())).collect();
    let expected = [
        (json!("transnational_request.sent"), json!(abroad)),
        (json!("participant.added"), json!(part.id())),
        (json!("referral.sent"), json!(sent.id())),
    ];
    assert_eq!(told, expected, "newest first, and drafts give nothing");
    let [crossed, shared, referred] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((&crossed["toCountry"], &crossed["toAgencyId"]), (&json!("LV"), &Value::Null));
    assert!(crossed["toOffice"].is_string(), "{crossed}");
    assert_eq!(shared["toAgencyId"], agency(&lawyer));
    assert_eq!(referred["toAgencyId"], agency(&barnahus()));
    assert_eq!(referred["agencyId"], agency(&police_manager()));
    let named = package()["disclosures"].clone();
    assert_eq!(referred["classes"], named, "as the sender named them");
    for it in &all {
        let based = |it: &Value| it["lawfulBases"].as_array().is_some_and(|it| !it.is_empty());
        assert!(it["classes"].as_array().expect("classes").iter().all(based), "{it}");
    }

    let _ = node.act(&child_protection(), path, &part.tag(), &end).await.expect(200);
    let after = given(&node, &data_protection(), &format!("caseId={case}")).await;
    assert_eq!(after, all, "what ends gives nothing, and what was given stays");
}

#[actix_web::test]
async fn whoever_may_not_read_the_log_of_a_case_sees_its_own_acts_and_the_feed_tells_no_basis() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    for it in [&case, &other] {
        let _ = node.given_sent_referral(it, &barnahus()).await;
    }
    let of_case = format!("caseId={case}");
    assert_eq!(given(&node, &data_protection(), "").await.len(), 2);
    let led = given(&node, &asking(supervisor()), &of_case).await;
    assert_eq!(led.len(), 1, "the supervisor of the agency that leads: {led:?}");
    assert_eq!(led[0]["leafIndex"], Value::Null, "a proof is not the supervisor's to ask");
    assert_eq!(given(&node, &asking(police_manager()), &of_case).await.len(), 1, "the own act");
    for who in [child_protection(), barnahus()] {
        assert_eq!(given(&node, &asking(who.clone()), &of_case).await, [] as [Value; 0]);
        assert_eq!(given(&node, &asking(who), "").await, [] as [Value; 0]);
    }
    let lawyer = client("narva-ngo").in_role("lawyer");
    assert_eq!(given(&node, &asking(lawyer.clone()), &of_case).await.len(), 0);
    let _ = node.given_participant(&case, &taking_part(&lawyer, None, &["d1_identity"])).await;
    let _ = node.given_sent_referral(&case, &shelter()).await;
    let told = given(&node, &asking(lawyer), &of_case).await;
    assert_eq!(told.len(), 3, "who has what of the child it speaks for");
    let hidden = json!([{ "section": "d2_whereabouts", "reason": "confidential_location" }]);
    assert_eq!((&told[0]["toAgencyId"], &told[0]["withheld"]), (&Value::Null, &hidden), "not where it hides");
    assert_eq!(told[1]["withheld"], Value::Null);
    let open = given(&node, &data_protection(), &of_case).await;
    assert_eq!(open[0]["toAgencyId"], agency(&shelter()));

    let refused = node.get(&supervisor(), PATH).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "purpose-not-allowed"));
    let refused = node.get(&data_protection(), format!("{PATH}?cursor=Zm9v")).await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "invalid-cursor"));

    node.place_events();
    for path in ["/v1/events?limit=200".to_owned(), format!("/v1/cases/{case}/timeline?limit=200")] {
        let seen = node.get(&police_manager(), path).await.expect(200);
        assert!(
            seen.told().contains("referral.sent") && !seen.told().contains("lawfulBases"),
            "{}",
            seen.told()
        );
    }
}

#[actix_web::test]
async fn every_way_in_which_data_leaves_an_agency_is_in_the_log() {
    let (node, specimens) = TestNode::in_a_world().await;
    let case = node.given_handover().await;
    let _ = node.life(&police_manager(), &case, "confirm-handover", &arrived()).await.expect(200);
    let case = specimens.id("case");
    let asked = json!({ "kind": "access", "requester": "child", "receivedOn": "2026-11-24" });
    let asked = node.create(&child_protection(), format!("/v1/cases/{case}/data-requests"), &asked).await;
    let answer = json!({ "outcome": "given_partly", "answeredOn": "2026-11-24" });
    let path = format!("/v1/cases/{case}/data-requests/{}/answer", asked.id());
    let _ = node.act(&child_protection(), path, &asked.tag(), &answer).await.expect(200);
    let all = given(&node, &data_protection(), "from=2026-11-01T00:00:00Z").await;
    let kinds: std::collections::BTreeSet<_> =
        all.iter().filter_map(|it| it["type"].as_str().map(str::to_owned)).collect();
    for kind in [
        "referral.sent",
        "transnational_request.sent",
        "participant.added",
        "emergency_access.opened",
        "case.handover_confirmed",
        "data_request.answered",
    ] {
        assert!(kinds.contains(kind), "{kind} of {kinds:?}");
    }
    for it in &all {
        let to: Vec<_> = ["toAgencyId", "toCountry", "toRequester"]
            .into_iter()
            .filter(|member| !it[member].is_null())
            .collect();
        assert_eq!(to.len(), 1, "one receiver: {it}");
    }
    let here = all.iter().find(|it| it["type"] == "emergency_access.opened").expect("one");
    assert_eq!(here["toAgencyId"], here["agencyId"], "who opens takes for itself");
    assert!(here["emergencyReason"].is_string(), "an emergency is its basis: {here}");
    let handed = all.iter().find(|it| it["type"] == "case.handover_confirmed").expect("one");
    assert_eq!(handed["agencyId"], handed["toAgencyId"], "who leads from now on has confirmed");
    assert_eq!(handed["fromAgencyId"], agency(&child_protection()), "and who led gave it");
}
