//! What a token must be for what it asks: bound to the case and fresh for whereabouts, with a reason where the law wants
//! one, for a purpose that the agency has.

use serde_json::{Value, json};

use crate::support::{
    Seen, Signed, TestNode, Who, barnahus, child_protection, police, police_manager, shelter, taken_apart,
};

/// A token for an assertion whose details a test has changed.
async fn token_with(node: &TestNode, who: &Who, change: impl Fn(&mut Value)) -> Result<String, Value> {
    let mut assertion: Signed = node.assertion(who);
    change(&mut assertion.claims["authorization_details"][0]);
    let form = TestNode::token_form(&assertion.by(&node.client_key), None);
    let seen = node.ask("POST", "/oauth/token").form(&form).send().await;
    match seen.json()["access_token"].as_str() {
        Some(token) => Ok(token.to_owned()),
        None => Err(seen.json()["error"].clone()),
    }
}

async fn asks(node: &TestNode, token: &str, path: &str) -> Seen {
    node.ask("GET", path).token(token).send().await
}

/// Why the whereabouts are withheld, if they are.
fn why(case: &Seen) -> Option<String> {
    let it = case.json();
    let mut withheld = it["withheld"].as_array().into_iter().flatten();
    let found = withheld.find(|it| it["section"] == "d2_whereabouts")?;
    found["reason"].as_str().map(str::to_owned)
}

#[actix_web::test]
async fn whereabouts_are_shown_to_a_token_for_this_child_of_somebody_recognised_just_now() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let (file, place) = (format!("/v1/cases/{case}"), format!("/v1/cases/{case}/whereabouts"));
    let bound = police_manager().bound_to(&case);
    let now = node.clock.seconds();
    let assured = |acr: &str, ago: i64| json!({ "acr": acr, "authTime": now - ago });
    let table = [
        (police_manager(), assured("high", 0), "case_bound_token"),
        (bound.clone(), assured("substantial", 0), "step_up"),
        (bound.clone(), assured("high", 15 * 60 + 1), "step_up"),
        (bound.clone(), Value::Null, "step_up"),
        (bound.clone(), assured("high", 15 * 60), ""),
    ];
    let mut tags = Vec::new();
    for (who, assurance, reason) in table {
        let change = |it: &mut Value| match assurance.clone() {
            Value::Null => drop(it.as_object_mut().and_then(|it| it.remove("assurance"))),
            other => it["assurance"] = other,
        };
        let token = token_with(&node, &who, change).await.expect("a token");
        let seen = asks(&node, &token, &place).await;
        let whole = asks(&node, &token, &file).await.expect(200);
        tags.push(whole.tag());
        if reason.is_empty() {
            assert_eq!(seen.expect(200).json()["address"], "Invented Street 1, Tallinn");
            assert_eq!(why(&whole), None);
        } else {
            let seen = seen.refused(403, "section-not-readable");
            assert_eq!(seen.json()["detail"], format!("the section d2_whereabouts: {reason}"));
            assert_eq!(why(&whole).as_deref(), Some(reason));
            let patch = node.ask("PATCH", place.as_str()).token(&token).if_match("\"any\"");
            patch.merge(&json!({ "contact": null })).send().await.refused(403, "section-not-writable");
        }
        for hidden in ["", "/whereabouts", "/child", "/timeline"] {
            let path = format!("/v1/cases/{other}{hidden}");
            assert_eq!(asks(&node, &token, &path).await.status == 404, who == bound, "{path}");
        }
    }
    tags.dedup();
    assert_eq!(tags.len(), 1, "another token is no change of the case");
    let token = token_with(&node, &bound, |_| ()).await.expect("a token");
    node.clock.advance(10);
    let _ = asks(&node, &token, &place).await.expect(200);
}

/// The token outlives the recognition: at the end of the quarter of an hour it is asked for again.
#[actix_web::test]
async fn a_recognition_grows_old_while_the_token_lives() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let place = format!("/v1/cases/{case}/whereabouts");
    let recognised = node.clock.seconds() - 14 * 60;
    let change = |it: &mut Value| it["assurance"]["authTime"] = json!(recognised);
    let token = token_with(&node, &police_manager().bound_to(&case), change).await.expect("a token");
    let _ = asks(&node, &token, &place).await.expect(200);
    node.clock.advance(61);
    asks(&node, &token, &place).await.refused(403, "section-not-readable");
    let future = |it: &mut Value| it["assurance"]["authTime"] = json!(recognised + 3600);
    let refused = token_with(&node, &police_manager(), future).await.expect_err("the future");
    assert_eq!(refused, "invalid_authorization_details");
}

#[actix_web::test]
async fn what_a_referral_tells_of_the_whereabouts_needs_such_a_token_on_both_sides() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let sent = node.given_sent_referral(&case, &shelter()).await;
    for who in [shelter(), police_manager()] {
        for path in [format!("/v1/referrals/{}", sent.id()), format!("/v1/referrals/{}/package", sent.id())] {
            let weak = node.get(&who, path.as_str()).await.expect(200);
            assert_eq!(weak.json()["content"]["whereabouts"], Value::Null, "{path}");
            assert!(!weak.told().contains("Invented Street"), "{path}");
            let strong = node.get(&who.clone().bound_to(&case), path.as_str()).await.expect(200).json();
            assert_eq!(strong["content"]["whereabouts"]["address"], "Invented Street 1, Tallinn", "{path}");
        }
    }
}

#[actix_web::test]
async fn whoever_searches_for_a_missing_child_may_know_where_it_was() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let place = format!("/v1/cases/{case}/whereabouts");
    let seen = node.get(&police(), place.as_str()).await.refused(403, "section-not-readable");
    assert_eq!(seen.json()["detail"], "the section d2_whereabouts: legal_basis");
    let seen = node.get(&police().for_purpose("missing_child"), place.as_str()).await.expect(200);
    assert_eq!(seen.json()["address"], "Invented Street 1, Tallinn");
}

#[actix_web::test]
async fn police_say_why_they_read_and_others_need_not() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/child");
    let silent = |it: &mut Value| drop(it.as_object_mut().and_then(|it| it.remove("decisionRef")));
    let token = token_with(&node, &police_manager(), silent).await.expect("a token");
    let seen = asks(&node, &token, &path).await.refused(403, "justification-required");
    assert_eq!(seen.rules(), ["R86"]);
    // Nothing tells whether there is such a case.
    let absent = "/v1/cases/0192f0c1-2345-7abc-8def-0123456789ab/child";
    asks(&node, &token, absent).await.refused(403, "justification-required");
    let report = json!({ "description": "A child begs at the station.", "location": "Invented Square" });
    let concern = node.ask("POST", "/v1/concerns").token(&token).key("why-1").json(&report);
    let _ = concern.send().await.expect(201);
    let other = token_with(&node, &child_protection(), silent).await.expect("a token");
    let _ = asks(&node, &other, &path).await.expect(200);

    let words = "The child was seen with the suspect of case 7.";
    let explain = |words: &'static str| {
        move |it: &mut Value| {
            silent(it);
            it["justification"] = json!(words);
        }
    };
    let token = token_with(&node, &police_manager(), explain(words)).await.expect("a token");
    let seen = asks(&node, &token, &path).await.expect(200);
    let line = super::log::line_of(&node, &seen).expect("a line");
    let reference = line["decision_ref"].as_str().expect("a reference").to_owned();
    assert!(reference.starts_with("justification/"), "{reference}");
    assert!(!token_text(&token).contains("suspect"), "what is written in words is in no token");
    for short in ["", "Because.", "                    x                    "] {
        let refused = token_with(&node, &police_manager(), explain(short)).await;
        assert_eq!(refused, Err(json!("invalid_authorization_details")), "{short:?}");
    }
}

fn token_text(token: &str) -> String {
    crate::support::claims_of(token).to_string()
}

/// The token endpoint gives no such token; one that was given to an agency of another type is refused all the same.
#[actix_web::test]
async fn a_purpose_that_the_agency_does_not_have_carries_nothing() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let good = node.token(&barnahus()).await;
    for purpose in ["residence", "investigation", "statistics", "operations", "audit"] {
        let token = taken_apart(&good).claim("purpose", purpose).by(&node.issuer_key);
        let path = format!("/v1/cases/{case}");
        asks(&node, &token, &path).await.refused(403, "purpose-not-allowed");
        let refused = token_with(&node, &barnahus(), |it| it["purpose"] = json!(purpose)).await;
        assert_eq!(refused, Err(json!("invalid_authorization_details")), "{purpose}");
    }
}
