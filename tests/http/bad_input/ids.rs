//! Ids in paths and bodies: one spelling, one kind, and no difference between unknown and hidden.

use serde_json::{Value, json};

use crate::support::{TestNode, asking, barnahus, police_manager, riga_police};

const UNKNOWN: &str = "0192f0c1-2345-7abc-8def-0123456789ab";

#[actix_web::test]
async fn an_id_in_a_path_has_one_spelling_and_one_kind() {
    let (node, world) = TestNode::in_a_world().await;
    let all = world.all(&node).await;
    let before = node.contents();
    let long = "a".repeat(10_000);
    let mut tried = 0;
    for it in all {
        let template: Vec<&str> = it.operation.path.split('/').collect();
        let path = it.target.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').collect();
        for (place, good) in parts.iter().enumerate().filter(|(place, _)| template[*place].starts_with('{')) {
            let upper = good.to_uppercase();
            let bare = good.replace('-', "");
            let mut bad = vec![
                "0",
                "null",
                "undefined",
                "%00",
                "%FF",
                "%7B%7D",
                "-",
                "'",
                "..;",
                UNKNOWN,
                &long,
                "00000000-0000-0000-0000-000000000000",
                "ffffffff-ffff-ffff-ffff-ffffffffffff",
            ];
            let braced = format!("%7B{good}%7D");
            let urn = format!("urn:uuid:{good}");
            let spaced = format!("{good}%20");
            if good.len() == 36 {
                bad.extend([upper.as_str(), &bare, &braced, &urn, &spaced]);
                bad.extend(of_other_kinds(template[2]).map(|it| world.id(it)));
            }
            for id in bad {
                let mut with = parts.clone();
                with[place] = id;
                let mut other = it.clone();
                other.target = it.target.replacen(path, &with.join("/"), 1);
                let seen = other.ask(&node).send().await;
                let shown = id.chars().take(40).collect::<String>();
                assert_eq!(
                    (seen.status, seen.code().as_str()),
                    (404, "not-found"),
                    "{} {shown}",
                    it.operation.id
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 300, "{tried}");
    assert_eq!(node.contents(), before, "nothing was written");
}

/// Names of things of this world that are not in a collection.
fn of_other_kinds(collection: &str) -> [&'static str; 2] {
    match collection {
        "cases" => ["concern", "send"],
        "referrals" => ["concern", "case"],
        _ => ["case", "send"],
    }
}

#[actix_web::test]
async fn a_reference_to_the_unknown_and_to_the_hidden_look_the_same() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_case().await;
    let hidden_case = node.given_case_by(&riga_police().in_role("case_manager")).await;
    let hidden_screening = node.given_screening(&barnahus()).await;
    let concern = json!({ "description": "A girl.", "location": "Station" });
    let hidden_concern = node.create(&barnahus(), "/v1/concerns", &concern).await.expect(201).id();
    let known = node.given_acknowledged_referral(&case, &barnahus()).await;
    let abroad = riga_police().agency().id.to_string();
    let foreign_service = "019b7000-ee00-7000-9000-000000000401";
    let referral = asking(&case, &barnahus());
    let screening = json!({ "observations": crate::support::begging() });
    let table = [
        ("/v1/cases", json!({ "screeningId": UNKNOWN }), "screeningId", hidden_screening.as_str()),
        ("/v1/screenings", screening, "concernId", &hidden_concern),
        ("/v1/referrals", referral.clone(), "caseId", &hidden_case),
        ("/v1/referrals", referral.clone(), "toAgencyId", &abroad),
        ("/v1/referrals", referral, "toServiceId", foreign_service),
    ];
    let before = node.contents();
    for (path, body, member, hidden) in table {
        let mut answers = Vec::new();
        for id in [UNKNOWN, hidden] {
            let mut body = body.clone();
            body[member] = json!(id);
            let seen = node.create(&me, path, &body).await.refused(422, "reference-not-found");
            assert_eq!(seen.found(), [("reference_not_found".to_owned(), format!("/{member}"))]);
            answers.push(same(&seen.json()));
        }
        assert_eq!(answers[0], answers[1], "{path} {member}");
    }
    let path = format!("/v1/referrals/{}/decline", known.id());
    let body = json!({ "reason": "no_capacity", "suggestedAgencyId": UNKNOWN });
    let seen = node.act(&barnahus(), path, &known.tag(), &body).await.refused(422, "reference-not-found");
    assert_eq!(seen.found()[0].1, "/suggestedAgencyId");
    assert_eq!(node.contents(), before, "nothing was written");
}

/// A problem without the name of its request.
fn same(problem: &Value) -> Value {
    let mut it = problem.clone();
    it["instance"] = Value::Null;
    it
}
