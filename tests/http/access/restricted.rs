//! To a restricted agency or professional a case does not exist, whatever relation it has: nowhere, until two people lift it.

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, asking, barnahus, child_protection, client, package, police, police_manager,
    shelter, shut_out, supervisor, taking_part,
};

fn bare(it: &Seen) -> (u16, Value, Vec<(String, String)>) {
    let mut body = it.json();
    body["instance"] = Value::Null;
    let changing = ["request-id", "ratelimit", "date"];
    let mut headers: Vec<_> =
        it.headers.iter().filter(|(name, _)| !changing.contains(&name.as_str())).cloned().collect();
    headers.sort();
    (it.status, body, headers)
}

async fn data(node: &TestNode, who: &Who, path: &str) -> Vec<Value> {
    node.get(who, path).await.expect(200).json()["data"].as_array().cloned().unwrap_or_default()
}

/// Everything under a case and a referral, of which nothing may be there.
const UNDER_A_CASE: [&str; 17] = [
    "",
    "/child",
    "/whereabouts",
    "/contacts",
    "/movements",
    "/notes",
    "/documents",
    "/links",
    "/identification",
    "/lifecycle",
    "/timeline",
    "/matches",
    "/deadlines",
    "/participants",
    "/restricted-parties",
    "/emergency-access",
    "/exploitation-episodes",
];

async fn sees_nothing(node: &TestNode, who: &Who, case: &str, referral: Option<&str>) {
    let absent = "0192f0c1-2345-7abc-8def-0123456789ab";
    for below in UNDER_A_CASE {
        let hidden = node.get(who, format!("/v1/cases/{case}{below}")).await;
        let missing = node.get(who, format!("/v1/cases/{absent}{below}")).await;
        assert_eq!(bare(&hidden), bare(&missing), "{below} for {who:?}");
        assert_eq!(hidden.status, 404, "{below} for {who:?}");
    }
    for below in ["", "/package", "/messages"] {
        let Some(referral) = referral else { break };
        let hidden = node.get(who, format!("/v1/referrals/{referral}{below}")).await;
        let missing = node.get(who, format!("/v1/referrals/{absent}{below}")).await;
        assert_eq!(bare(&hidden), bare(&missing), "{below} for {who:?}");
    }
    node.place_events();
    for path in [
        "/v1/cases",
        "/v1/referrals?box=inbox",
        "/v1/referrals?box=outbox",
        "/v1/deadlines?scope=agency",
        "/v1/deadlines?scope=watched",
        "/v1/deadlines?scope=mine",
        "/v1/events?limit=200",
    ] {
        let seen = node.get(who, path).await.expect(200);
        assert!(!seen.told().contains(case), "{path} for {who:?}: {}", seen.told());
    }
}

#[actix_web::test]
async fn a_restricted_party_sees_nothing_whatever_relation_it_has() {
    let node = TestNode::start().await;
    let lead = child_protection();
    for relation in ["opener", "referral", "grant", "person"] {
        let case = node.given_case().await;
        let referral = node.given_accepted_referral(&case, &shelter()).await.id();
        let ngo = client("tallinn-ngo");
        let _ = node.given_participant(&case, &taking_part(&ngo, None, &["d1_identity"])).await;
        let who = match relation {
            "opener" => police_manager(),
            "referral" => shelter(),
            "grant" => ngo.clone(),
            _ => police_manager().named("p-tp-77"),
        };
        let file = format!("/v1/cases/{case}");
        assert_eq!(node.get(&who, file.as_str()).await.status, 200, "{relation}");
        let body = if relation == "person" {
            let id = node.get(&who, "/v1/me").await.expect(200).text("professionalId");
            json!({ "party": { "professionalId": id }, "reason": "She is a relative of the suspect." })
        } else {
            shut_out(&who)
        };
        let made = node.given_restriction(&case, &body).await;
        let side = ["opener", "referral"].contains(&relation).then_some(referral.as_str());
        sees_nothing(&node, &who, &case, side).await;
        sees_nothing(&node, &who.clone().bound_to(&case), &case, side).await;
        for others in [lead.clone(), barnahus()].iter().take(1) {
            assert_eq!(node.get(others, file.as_str()).await.status, 200);
        }
        if relation == "person" {
            assert_eq!(
                node.get(&police_manager(), file.as_str()).await.status,
                200,
                "the colleague works on"
            );
        }
        // Two people let it in again.
        let one = format!("{file}/restricted-parties/{}", made.id());
        let none = node.act(&supervisor(), format!("{one}/lift/confirm"), &made.tag(), &json!({})).await;
        none.refused(409, "state-conflict");
        let why = json!({ "reason": "It was a mistake." });
        let asked = node.act(&lead, format!("{one}/lift"), &made.tag(), &why).await.expect(200);
        assert_eq!(node.get(&who, file.as_str()).await.status, 404, "asking lifts nothing");
        let alone = node.act(&lead, format!("{one}/lift/confirm"), &asked.tag(), &json!({})).await;
        alone.refused(403, "not-your-function");
        let stale = node.act(&supervisor(), format!("{one}/lift/confirm"), &made.tag(), &json!({})).await;
        stale.refused(412, "stale-version");
        let lifted = node.act(&supervisor(), format!("{one}/lift/confirm"), &asked.tag(), &json!({})).await;
        assert_eq!(lifted.expect(200).text("status"), "lifted");
        assert_eq!(node.get(&who, file.as_str()).await.status, 200, "{relation}");
    }
}

#[actix_web::test]
async fn nobody_brings_in_whoever_is_never_to_know_and_the_lead_hears_of_it() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let draft = node.given_draft(&case, &shelter()).await;
    let _ = node.given_restriction(&case, &shut_out(&shelter())).await;
    let mut wanted = asking(&case, &shelter());
    wanted["send"] = package();
    let grant = taking_part(&shelter(), None, &["d1_identity"]);
    let path = format!("/v1/cases/{case}/participants");
    let refused = [
        node.create(&police_manager(), "/v1/referrals", &wanted).await,
        node.act(
            &police_manager(),
            format!("/v1/referrals/{}/send", draft.id()),
            &draft.tag(),
            &json!({ "package": package() }),
        )
        .await,
        node.create(&child_protection(), path.as_str(), &grant).await,
    ];
    for seen in refused {
        let seen = seen.refused(422, "rule-refused");
        assert_eq!(seen.rules(), ["R91"], "{}", seen.asked);
    }
    let timeline = format!("/v1/cases/{case}/timeline?type=restricted_party.refused");
    let told = data(&node, &child_protection(), &timeline).await;
    assert_eq!(told.len(), 2, "both referrals, told to the lead: {told:?}");
    assert_eq!(data(&node, &police_manager(), &timeline).await, [] as [Value; 0]);
    // What is routed goes to somebody else, or to nobody.
    let mut routed = asking(&case, &shelter());
    routed.as_object_mut().expect("a body").remove("toAgencyId");
    let seen = node.create(&police_manager(), "/v1/referrals", &routed).await;
    assert_ne!(seen.json()["toAgencyId"], json!(shelter().agency().id), "{}", seen.told());
}

#[actix_web::test]
async fn only_the_lead_shuts_out_and_never_itself() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/restricted-parties");
    let before = node.contents();
    let body = shut_out(&shelter());
    for who in [police_manager(), child_protection().in_role("screener")] {
        assert_eq!(node.create(&who, path.as_str(), &body).await.status, 403, "{who:?}");
    }
    node.create(&client("riga-child-protection"), path.as_str(), &body).await.refused(404, "not-found");
    let lead = shut_out(&child_protection());
    node.create(&child_protection(), path.as_str(), &lead).await.refused(422, "inconsistent-values");
    let me = node.get(&child_protection(), "/v1/me").await.text("professionalId");
    let me = json!({ "party": { "professionalId": me }, "reason": "Mistake." });
    node.create(&child_protection(), path.as_str(), &me).await.refused(422, "inconsistent-values");
    for party in [json!({}), json!({ "agencyId": shelter().agency().id, "contactId": case })] {
        let body = json!({ "party": party, "reason": "Nobody." });
        node.create(&child_protection(), path.as_str(), &body).await.refused(422, "inconsistent-values");
    }
    for member in ["agencyId", "professionalId", "contactId"] {
        let body =
            json!({ "party": { member: "0192f0c1-2345-7abc-8def-0123456789ab" }, "reason": "Nobody." });
        let seen = node.create(&child_protection(), path.as_str(), &body).await;
        let seen = seen.refused(422, "reference-not-found");
        assert_eq!(seen.found()[0].1, format!("/party/{member}"));
    }
    let _ = node.get(&police(), path.as_str()).await.expect(200);
    assert_eq!(node.contents(), before, "nothing was written");
}

/// The case of the police may be of the same child as one that child protection leads and shuts to the police.
#[actix_web::test]
async fn a_search_and_a_match_do_not_tell_of_a_case_that_is_shut() {
    let node = TestNode::start().await;
    let (ours, _, theirs) = node.given_match().await;
    let police = police_manager();
    let matches = format!("/v1/cases/{theirs}/matches");
    let found = data(&node, &police, &matches).await;
    let id = found[0]["id"].as_str().expect("a match").to_owned();
    let child = node.get(&police, format!("/v1/cases/{theirs}/child")).await.expect(200).json();
    let name = json!({ "given": child["givenName"], "family": child["familyName"] });
    let question = json!({ "name": name, "birthDate": child["birthDate"] });
    let asked = node.ask("POST", "/v1/cases/search").by(&police).json(&question).send().await.expect(200);
    let hits = asked.json()["matches"].as_array().map_or(0, Vec::len);
    let owed = data(&node, &police, "/v1/deadlines?scope=agency").await;
    let about = |all: &[Value]| all.iter().filter(|it| it["subjectId"] == id.as_str()).count();
    let _ = node.given_restriction(&ours, &shut_out(&police)).await;
    assert_eq!(data(&node, &police, &matches).await, [] as [Value; 0]);
    let hidden = node.get(&police, format!("{matches}/{id}")).await;
    let absent = node.get(&police, format!("{matches}/0192f0c1-2345-7abc-8def-0123456789ab")).await;
    assert_eq!((hidden.status, bare(&hidden)), (404, bare(&absent)));
    assert_eq!((about(&owed), about(&data(&node, &police, "/v1/deadlines?scope=agency").await)), (1, 0));
    let duty = owed.iter().find(|it| it["subjectId"] == id.as_str()).expect("a duty");
    let duty = format!("/v1/deadlines/{}", duty["id"].as_str().expect("an id"));
    node.get(&police, duty).await.refused(404, "not-found");
    let asked = node.ask("POST", "/v1/cases/search").by(&police).json(&question).send().await.expect(200);
    assert_eq!(asked.json()["matches"].as_array().map_or(0, Vec::len), hits - 1);
    node.place_events();
    let feed = node.get(&police, "/v1/events?limit=200").await.expect(200);
    assert!(!feed.told().contains(&id) && !feed.told().contains(&ours));
    let link = json!({ "otherCaseId": ours, "relation": "co_victim" });
    node.create(&police, format!("/v1/cases/{theirs}/links"), &link)
        .await
        .refused(422, "reference-not-found");
}
