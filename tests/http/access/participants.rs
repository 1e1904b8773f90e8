//! Who comes into a case by a grant of the lead, what it sees at once, and that it sees nothing on the next request after the
//! end.

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, barnahus, child_protection, client, focal_point, police, police_manager,
    riga_police, shelter, supervisor, taking_part,
};

fn ngo() -> Who {
    client("tallinn-ngo")
}

async fn read(node: &TestNode, who: &Who, case: &str) -> Vec<u16> {
    let mut all = Vec::new();
    for section in ["", "/child", "/contacts", "/participants"] {
        all.push(node.get(who, format!("/v1/cases/{case}{section}")).await.status);
    }
    all
}

async fn listed(node: &TestNode, who: &Who) -> usize {
    node.get(who, "/v1/cases").await.expect(200).json()["data"].as_array().map_or(0, Vec::len)
}

#[actix_web::test]
async fn a_participant_sees_what_it_was_given_at_once_and_nothing_after_the_end() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/participants");
    assert_eq!(read(&node, &ngo(), &case).await, [404; 4]);
    let made = node.given_participant(&case, &taking_part(&ngo(), None, &["d1_identity"])).await;
    let one = format!("{path}/{}", made.id());
    assert_eq!(read(&node, &ngo(), &case).await, [200, 200, 403, 200]);
    assert_eq!(listed(&node, &ngo()).await, 1);
    let withheld = node.get(&ngo(), format!("/v1/cases/{case}")).await.json()["withheld"].clone();
    let contacts = withheld.as_array().into_iter().flatten().find(|it| it["section"] == "d3_family_contacts");
    assert_eq!(contacts.expect("withheld")["reason"], "not_disclosed");

    let wider = json!({ "classes": taking_part(&ngo(), None, &["d1_identity", "d3_family_contacts"])["classes"],
        "reason": "It finds an aunt." });
    let widened = node.patch(&child_protection(), one.as_str(), &made.tag(), &wider).await.expect(200);
    assert_eq!(read(&node, &ngo(), &case).await, [200, 200, 200, 200]);
    node.patch(&child_protection(), one.as_str(), &made.tag(), &wider).await.refused(412, "stale-version");
    let narrower = json!({ "classes": taking_part(&ngo(), None, &["d3_family_contacts"])["classes"],
        "reason": "It knows the child." });
    let narrowed = node.patch(&child_protection(), one.as_str(), &widened.tag(), &narrower).await.expect(200);
    assert_eq!(read(&node, &ngo(), &case).await, [200, 403, 200, 200]);

    let end = json!({ "reason": "The aunt is found." });
    let ended = node.act(&child_protection(), format!("{one}/end"), &narrowed.tag(), &end).await.expect(200);
    assert_eq!(
        (ended.text("status"), ended.text("endedBecause")),
        ("ended".into(), "The aunt is found.".into())
    );
    assert_eq!(read(&node, &ngo(), &case).await, [404; 4]);
    assert_eq!(listed(&node, &ngo()).await, 0);
    let again = node.act(&child_protection(), format!("{one}/end"), &ended.tag(), &end).await;
    again.refused(409, "state-conflict");
    let before = node.get(&child_protection(), format!("{one}?asOf=2026-11-24T08:00:00Z")).await.expect(200);
    assert_eq!(before.json()["version"], 4, "all of it happened in one second; no version is lost");

    node.place_events();
    let feed = node.get(&ngo(), "/v1/events?limit=200").await.expect(200).json();
    let told: Vec<_> = feed["data"].as_array().into_iter().flatten().map(|it| it["type"].clone()).collect();
    let wanted = ["added", "changed", "changed", "ended"].map(|it| json!(format!("participant.{it}")));
    assert_eq!(told, wanted);
    let timeline =
        node.get(&child_protection(), format!("/v1/cases/{case}/timeline?subject=participant")).await;
    assert_eq!(timeline.expect(200).json()["data"].as_array().map_or(0, Vec::len), 4);
}

#[actix_web::test]
async fn a_grant_is_for_the_unit_the_person_the_role_and_the_time_that_it_names() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let person = node.get(&ngo(), "/v1/me").await.expect(200).text("professionalId");
    let other = ngo().named("p-tn-02");
    let mut body = taking_part(&ngo(), None, &["d1_identity"]);
    body["party"]["professionalId"] = json!(person);
    let _ = node.given_participant(&case, &body).await;
    assert_eq!(node.get(&ngo(), path.as_str()).await.status, 200);
    assert_eq!((node.get(&other, path.as_str()).await.status, listed(&node, &other).await), (404, 0));

    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let _ = node.given_participant(&case, &taking_part(&ngo(), Some("supervisor"), &["d1_identity"])).await;
    assert_eq!(node.get(&ngo(), path.as_str()).await.status, 404);
    assert_eq!(node.get(&ngo().in_role("supervisor"), path.as_str()).await.status, 200);

    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let mut body = taking_part(&ngo(), None, &["d1_identity"]);
    body["party"]["unit"] = json!("unit-2");
    let _ = node.given_participant(&case, &body).await;
    assert_eq!(node.get(&ngo(), path.as_str()).await.status, 404);
    assert_eq!(node.get(&ngo().in_unit("unit-2"), path.as_str()).await.status, 200);
    assert_eq!(node.get(&ngo().in_unit("unit-3"), path.as_str()).await.status, 404);

    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    let mut body = taking_part(&ngo(), None, &["d1_identity"]);
    body["since"] = json!("2026-11-24T08:01:00Z");
    body["until"] = json!("2026-11-24T08:02:00Z");
    let made = node.given_participant(&case, &body).await;
    let mut seen = vec![(made.text("status"), node.get(&ngo(), path.as_str()).await.status)];
    for _ in 0..2 {
        node.clock.advance(60);
        let it = node.get(&child_protection(), format!("{path}/participants/{}", made.id())).await;
        seen.push((it.expect(200).text("status"), node.get(&ngo(), path.as_str()).await.status));
    }
    let wanted = [("ahead", 404), ("current", 200), ("ended", 404)];
    assert_eq!(seen, wanted.map(|(status, code)| (status.to_owned(), code)));
}

#[actix_web::test]
async fn only_the_lead_decides_and_never_beyond_what_agency_and_role_can_have() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/participants");
    let before = node.contents();
    let body = taking_part(&ngo(), None, &["d1_identity"]);
    for who in [police_manager(), child_protection().in_role("identification_officer")] {
        let refused = node.create(&who, path.as_str(), &body).await;
        assert_eq!(refused.status, 403, "{who:?}: {}", refused.told());
    }
    node.create(&client("riga-child-protection"), path.as_str(), &body).await.refused(404, "not-found");
    node.create(&shelter(), path.as_str(), &body).await.refused(403, "not-your-function");
    let (rule, plain) = ("rule-refused", "inconsistent-values");
    let mut order = taking_part(&police().in_role("x"), Some("investigator"), &["d7_health"]);
    order["party"]["agencyId"] = json!(barnahus().agency().id);
    let mut written = taking_part(&shelter(), None, &["d1_identity"]);
    written["classes"][0]["access"] = json!("write");
    let mut baseless = taking_part(&ngo(), None, &["d7_health"]);
    baseless["classes"][0]["lawfulBases"] = json!(["gdpr_6_1_e_public_task"]);
    let mut over = taking_part(&ngo(), None, &["d1_identity"]);
    over["until"] = json!("2026-11-24T07:00:00Z");
    let table = [
        ("beyond the agency type", taking_part(&shelter(), None, &["d4_exploitation_narrative"]), rule),
        ("therapy notes", taking_part(&client("tallinn-clinic"), None, &["d8_therapy_notes"]), rule),
        ("the log", taking_part(&ngo(), None, &["d16_access_log"]), rule),
        ("recordings", taking_part(&barnahus(), None, &["d9_interview_recording_locator"]), plain),
        ("intelligence", taking_part(&shelter(), None, &["d10_intelligence"]), rule),
        (
            "nothing of the role",
            taking_part(&barnahus(), Some("therapist"), &["d11_alleged_offenders"]),
            rule,
        ),
        ("without the order", order, plain),
        ("writing", written, rule),
        ("without a basis", baseless, plain),
        ("twice", taking_part(&ngo(), None, &["d1_identity", "d1_identity"]), plain),
        ("the lead itself", taking_part(&child_protection(), None, &["d1_identity"]), plain),
        ("the opener", taking_part(&police(), None, &["d1_identity"]), plain),
        ("over", over, plain),
    ];
    for (what, body, code) in table {
        let refused = node.create(&child_protection(), path.as_str(), &body).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, code), "{what}: {}", refused.told());
        if code == rule {
            assert_eq!(refused.rules(), ["R75"], "{what}");
        }
    }
    let abroad = taking_part(&riga_police(), None, &["d1_identity"]);
    node.create(&child_protection(), path.as_str(), &abroad).await.refused(422, "reference-not-found");
    let mut stranger = taking_part(&ngo(), None, &["d1_identity"]);
    stranger["party"]["professionalId"] =
        node.get(&police(), "/v1/me").await.json()["professionalId"].clone();
    node.create(&child_protection(), path.as_str(), &stranger).await.refused(422, "reference-not-found");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn an_order_opens_what_a_role_reads_on_condition() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let role = Some("focal_point_officer");
    let mut body = taking_part(&focal_point(), role, &["d11_alleged_offenders", "d1_identity"]);
    let path = format!("/v1/cases/{case}/participants");
    node.create(&child_protection(), path.as_str(), &body).await.refused(422, "inconsistent-values");
    body["classes"][0]["order"] = json!("Order 7/2026 of the county court");
    let made = node.given_participant(&case, &body).await;
    let depth = |it: &Seen, class: &str| {
        let all = it.json()["classes"].clone();
        let found = all.as_array().into_iter().flatten().find(|it| it["dataClass"] == class).cloned();
        found.map(|it| (it["read"].clone(), it["reason"].clone())).expect("every class")
    };
    let access = format!("/v1/me/access?caseId={case}");
    let seen = node.get(&focal_point(), access.as_str()).await.expect(200);
    assert_eq!(depth(&seen, "d11_alleged_offenders"), (json!("full"), Value::Null));
    assert_eq!(depth(&seen, "d4_exploitation_narrative"), (json!("none"), json!("not_disclosed")));
    assert_eq!(seen.json()["relation"], "granted");
    let one = format!("{path}/{}", made.id());
    let whole = node.get(&supervisor(), one.as_str()).await.expect(200).json();
    assert_eq!(whole["classes"][0]["order"], "Order 7/2026 of the county court");
    let colleague = node.get(&police(), one).await.expect(200).json();
    assert_eq!((&colleague["summaryOnly"], &colleague["reason"]), (&json!(true), &Value::Null));
    assert_eq!(colleague["classes"][0]["order"], Value::Null);
}

/// What `/v1/me/access` says is what the sections answer, for everybody who takes part; to others the case is not there.
#[actix_web::test]
async fn the_access_that_is_told_is_the_access_that_is_had() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let _ = node.given_episode(&case).await;
    let _ = node
        .given_participant(&case, &taking_part(&ngo(), None, &["d1_identity", "d3_family_contacts"]))
        .await;
    let access = format!("/v1/me/access?caseId={case}");
    let sections = [
        ("d1_identity", "child"),
        ("d2_whereabouts", "whereabouts"),
        ("d3_family_contacts", "contacts"),
        ("d4_exploitation_narrative", "exploitation-episodes"),
        ("d6_identification_decision", "identification"),
    ];
    let mut compared = 0;
    for who in
        [police(), police_manager(), child_protection(), supervisor(), ngo(), ngo().in_role("screener")]
    {
        let who = who.bound_to(&case);
        let told = node.get(&who, access.as_str()).await.expect(200).json();
        assert_eq!(told["classes"].as_array().map_or(0, Vec::len), 16);
        for (class, section) in sections {
            let row = told["classes"].as_array().into_iter().flatten().find(|it| it["dataClass"] == class);
            let read = row.expect("every class")["read"].clone();
            let seen = node.get(&who, format!("/v1/cases/{case}/{section}")).await.status;
            assert_eq!(seen == 200, read != "none", "{section} by {who:?}: {read}");
            assert_eq!(read == "none", row.expect("a row")["reason"].is_string());
            compared += 1;
        }
    }
    assert_eq!(compared, 30);
    let foreign = node.get(&shelter(), access.as_str()).await.refused(404, "not-found");
    let absent = "/v1/me/access?caseId=0192f0c1-2345-7abc-8def-0123456789ab";
    let absent = node.get(&shelter(), absent).await.refused(404, "not-found");
    let bare = |it: &Seen| {
        let mut it = it.json();
        it["instance"] = Value::Null;
        it
    };
    assert_eq!(bare(&foreign), bare(&absent));
    let weak = node.get(&police_manager(), access.as_str()).await.expect(200).json();
    assert_eq!(weak["classes"][1]["reason"], "case_bound_token");
}
