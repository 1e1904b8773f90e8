//! What protects a child that may need asylum, that would be locked in, or whose age is appealed; and days that cannot be.

use serde_json::{Value, json};

use crate::support::{TestNode, Who, barnahus, child_protection, grown_up, mik, police_manager, presuming};

fn finnish() -> Value {
    let mut child = mik();
    child["nationalities"] = json!(["FI"]);
    child
}

/// The duty to inform about asylum in a case: whether each that there was is open.
async fn asylum(node: &TestNode, case: &str) -> Vec<bool> {
    let path = format!("/v1/cases/{case}/deadlines");
    let all = node.get(&child_protection(), path).await.expect(200).json();
    let all = all["data"].as_array().cloned().unwrap_or_default();
    let about = all.iter().filter(|it| it["duty"] == "asylum_information");
    about.map(|it| it["state"] == "running").collect()
}

async fn presumed(node: &TestNode, child: &Value) -> String {
    let case = node.given_case_of(&police_manager(), child).await;
    let (who, act, body) = presuming();
    let it = node.identification_act(&who, &case, act, &body).await.expect(200);
    let needed = child["nationalities"] != json!(["FI"]);
    assert_eq!(it.rules().contains(&"R100".to_owned()), needed);
    case
}

#[actix_web::test]
async fn information_about_asylum_is_owed_from_when_it_is_known_that_it_may_be_needed() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = presumed(&node, &finnish()).await;
    assert!(asylum(&node, &case).await.is_empty(), "a citizen of a country of the EU");
    let path = format!("/v1/cases/{case}/child");
    let change = async |patch: &Value| {
        let tag = node.get(&me, path.as_str()).await.tag();
        node.patch(&me, path.as_str(), &tag, patch).await.expect(200)
    };
    assert!(change(&json!({ "callName": "Kask" })).await.rules().is_empty());
    let seen = node.get(&me, format!("/v1/cases/{case}")).await.tag();
    let told = change(&json!({ "nationalities": [] })).await;
    assert_eq!((told.rules(), asylum(&node, &case).await), (vec!["R100".to_owned()], vec![true]));
    let identification = node.get(&me, format!("/v1/cases/{case}/identification")).await.json();
    assert!(identification["entitlements"].to_string().contains("asylum_information"), "{identification}");
    assert_ne!(node.get(&me, format!("/v1/cases/{case}")).await.tag(), seen, "the case is another one");
    assert!(change(&json!({ "nationalities": ["UA"] })).await.rules().is_empty(), "it is owed already");
    assert!(change(&json!({ "nationalities": ["FI"] })).await.rules().is_empty());
    assert_eq!(asylum(&node, &case).await, [true], "nothing is taken away in silence");
    let body = json!({ "what": "Not needed: a citizen of Finland.", "byWhom": "The case worker", "doneAt": "2026-11-24T08:00:00Z" });
    let path = format!("/v1/cases/{case}/entitlements/asylum_information/record");
    let tag = node.get(&me, format!("/v1/cases/{case}/identification")).await.tag();
    let _ = node.act(&me, path, &tag, &body).await.expect(200);
    assert_eq!(asylum(&node, &case).await, [false], "a person ends it");
    let facts = node.database.facts();
    let told: Vec<_> = facts.iter().filter(|it| it["event"] == "entitlement.opened").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["payload"], json!({ "entitlement": "asylum_information" }));
}

#[actix_web::test]
async fn a_calling_system_that_corrects_a_nationality_opens_it_as_well() {
    let node = TestNode::start().await;
    let me = police_manager();
    let screening = node.given_screening(&me).await;
    let number = json!({ "issuer": "invented", "value": "1" });
    let mut body = json!({ "externalId": number, "screeningId": screening, "child": finnish() });
    let put =
        async |body: &Value| node.ask("PUT", "/v1/cases/by-external-id").by(&me).json(body).send().await;
    let case = put(&body).await.expect(201).id();
    let (who, act, presume) = presuming();
    let _ = node.identification_act(&who, &case, act, &presume).await.expect(200);
    body["child"]["nationalities"] = json!(["SY"]);
    let changed = put(&body).await.expect(200);
    assert_eq!((changed.rules(), asylum(&node, &case).await), (vec!["R100".to_owned()], vec![true]));
    assert_eq!(
        node.get(&me, format!("/v1/cases/{case}")).await.tag(),
        changed.tag(),
        "the case as it is now"
    );
    assert!(put(&body).await.expect(200).rules().is_empty(), "once");
    body["whereabouts"] = json!({ "accommodationType": "closed_setting" });
    let refused = put(&body).await.refused(422, "rule-refused");
    assert_eq!(
        (refused.rules(), refused.found()[0].1.as_str()),
        (vec!["R99".to_owned()], "/whereabouts/accommodationType")
    );
}

#[actix_web::test]
async fn no_child_is_locked_in_or_put_among_adults_without_an_order_of_a_court() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/whereabouts");
    let change = async |patch: &Value| {
        let tag = node.get(&me, path.as_str()).await.tag();
        node.patch(&me, path.as_str(), &tag, patch).await
    };
    for kind in ["closed_setting", "adult_setting"] {
        let refused = change(&json!({ "accommodationType": kind })).await.refused(422, "rule-refused");
        assert_eq!(refused.rules(), ["R99"]);
    }
    let mixed = change(&json!({ "accommodationType": "mixed_shelter" })).await.expect(200);
    assert_eq!(
        (mixed.rules(), mixed.text("accommodationType")),
        (vec!["R99".to_owned()], "mixed_shelter".to_owned())
    );
    assert_eq!(node.get(&me, path.as_str()).await.json().get("warnings"), None);
    let closed =
        change(&json!({ "accommodationType": "closed_setting", "courtOrder": "Invented court, 2-26-1" }))
            .await;
    assert_eq!(closed.expect(200).text("courtOrder"), "Invented court, 2-26-1");
    let address = change(&json!({ "address": "Invented Street 2" })).await.expect(200);
    assert_eq!(
        address.text("courtOrder"),
        "Invented court, 2-26-1",
        "it stands as long as the place is closed"
    );
    let _ = change(&json!({ "courtOrder": null })).await.refused(422, "rule-refused");
    let hospital = change(&json!({ "accommodationType": "hospital" })).await.expect(200);
    assert_eq!(hospital.json().get("courtOrder"), None, "it ended with the closed place");
    let _ = change(&json!({ "accommodationType": "closed_setting" })).await.refused(422, "rule-refused");
    let late = change(&json!({ "since": "2026-11-26" })).await.refused(422, "inconsistent-values");
    assert_eq!(late.found(), [("in_the_future".to_owned(), "/since".to_owned())]);
    let body = json!({
        "screeningId": node.given_screening(&me).await, "child": finnish(),
        "whereabouts": { "accommodationType": "adult_setting", "since": "2027-01-01" },
    });
    let both = node.create(&me, "/v1/cases", &body).await;
    let at: Vec<_> = both.expect(422).found().into_iter().map(|it| it.1).collect();
    assert_eq!(at, ["/whereabouts/accommodationType", "/whereabouts/since"], "all at once");
}

#[actix_web::test]
async fn an_appeal_against_an_age_keeps_the_safeguards_until_it_is_decided() {
    let node = TestNode::start().await;
    let me = police_manager();
    let (case, adult) = node.given_adult().await;
    let path = format!("/v1/cases/{case}/age-assessments/{adult}");
    let appeal = |day: &str| json!({ "broughtBy": "guardian", "lodgedOn": day, "reasons": "Her school was not asked." });
    let record = async |who: &Who, body: &Value| {
        let tag = node.get(&me, path.as_str()).await.tag();
        node.act(who, format!("{path}/appeal"), &tag, body).await
    };
    let before = node.get(&me, path.as_str()).await.tag();
    let _ = record(&barnahus(), &appeal("2026-11-24")).await.refused(403, "not-your-function");
    let early = record(&me, &appeal("2026-11-01")).await.refused(422, "inconsistent-values");
    assert_eq!(early.found(), [("before_the_decision".to_owned(), "/lodgedOn".to_owned())]);
    // Three weeks later the time of appeal is over, and it becomes known that the guardian has appealed in time.
    node.clock.advance(21 * 86_400);
    let child = format!("/v1/cases/{case}/child");
    let status = async || node.get(&me, child.as_str()).await.text("ageStatus");
    assert_eq!(status().await, "assessed_adult");
    let late = record(&me, &appeal("2026-12-10")).await.refused(422, "rule-refused");
    assert_eq!((late.rules(), late.found()[0].1.as_str()), (vec!["R7".to_owned()], "/lodgedOn"));
    let done = record(&me, &appeal("2026-12-09")).await.expect(200);
    assert_eq!(done.json()["appeal"]["reasons"], "Her school was not asked.");
    assert_eq!(status().await, "disputed_treated_as_child");
    node.clock.advance(400 * 86_400);
    assert_eq!(status().await, "disputed_treated_as_child", "as long as nobody has decided");
    let read = node.get(&me, path.as_str()).await.expect(200);
    assert_eq!((read.json(), read.tag()), (done.json(), done.tag()));
    let stale = node.act(&me, format!("{path}/appeal"), &before, &appeal("2026-12-09")).await;
    let _ = stale.refused(412, "stale-version");
    let _ = record(&me, &appeal("2026-12-09")).await.refused(409, "state-conflict");
    let decided = node.create(&me, format!("/v1/cases/{case}/age-assessments"), &grown_up()).await;
    assert_eq!(decided.expect(201).text("conclusion"), "adult");
    node.clock.advance(21 * 86_400);
    assert_eq!(status().await, "assessed_adult");
    let facts = node.database.facts();
    let told: Vec<_> = facts.iter().filter(|it| it["event"] == "age_assessment.appealed").collect();
    assert_eq!((told.len(), &told[0]["payload"]), (1, &json!({})));
}

#[actix_web::test]
async fn days_that_cannot_be_and_several_purposes_in_one_are_refused_and_named() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_presumed_case().await;
    let found = |code: &str, pointer: &str| vec![(code.to_owned(), pointer.to_owned())];
    for (at, code) in [("2026-11-22T23:59:59Z", "before_the_case"), ("2026-11-24T23:00:00Z", "in_the_future")]
    {
        let body = json!({ "what": "Told.", "byWhom": "A worker", "doneAt": at });
        let tag = node.get(&me, format!("/v1/cases/{case}/identification")).await.tag();
        let path = format!("/v1/cases/{case}/entitlements/information/record");
        let refused = node.act(&me, path, &tag, &body).await.refused(422, "inconsistent-values");
        assert_eq!(refused.found(), found(code, "/doneAt"));
    }
    let mut told = grown_up();
    told["representativeInformedOn"] = json!("2026-11-22");
    let path = format!("/v1/cases/{case}/age-assessments");
    let refused = node.create(&me, path, &told).await.refused(422, "inconsistent-values");
    assert_eq!(refused.found(), found("before_the_case", "/representativeInformedOn"));
    let notice = json!({ "country": "LV", "authority": "A", "document": "B", "dated": "2015-04-01" });
    let intake = node.given_case().await;
    let refused = node.identification_act(&me, &intake, "foreign-notice", &notice).await;
    assert_eq!(refused.refused(422, "inconsistent-values").found(), found("before_birth", "/dated"));
    let mixed = json!({ "exploitationTypes": ["mixed"], "stage": "past" });
    let path = format!("/v1/cases/{case}/exploitation-episodes");
    let refused = node.create(&me, path, &mixed).await.refused(422, "rule-refused");
    assert_eq!(
        (refused.rules(), refused.found()[0].1.as_str()),
        (vec!["R98".to_owned()], "/exploitationTypes")
    );
}
