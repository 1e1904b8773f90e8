//! Accepting and declining: what is promised, and what is never a ground.

use serde_json::{Value, json};

use super::refused;
use crate::support::{TestNode, barnahus, child_protection, client, shelter};

#[actix_web::test]
async fn a_first_appointment_lies_ahead_and_not_too_far() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let known = node.given_acknowledged_referral(&case, &shelter()).await;
    let accept = |day: &str| json!({ "worker": "Duty worker", "firstAppointmentOn": day });
    let past = node.referral_act(&shelter(), &known.id(), "accept", &accept("2026-11-23")).await;
    refused(&past, "inconsistent-values", &[("in_the_past", "/firstAppointmentOn")], &[]);
    for (day, warned) in [("2026-11-24", vec![]), ("2026-11-26", vec![]), ("2026-11-27", vec!["R85"])] {
        let known = node.given_acknowledged_referral(&case, &shelter()).await;
        let seen = node.referral_act(&shelter(), &known.id(), "accept", &accept(day)).await.expect(200);
        assert_eq!(seen.rules(), warned, "{day}");
        assert_eq!(seen.json()["acceptance"]["firstAppointmentOn"], day);
    }
}

#[actix_web::test]
async fn nationality_status_cooperation_and_conduct_are_never_a_ground_to_decline() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let known = node.given_acknowledged_referral(&case, &shelter()).await;
    let rule = node.get(&shelter(), "/v1/rules/R82").await.expect(200).text("message");
    let at = |place: &'static str| (rule.as_str(), place);

    let mut table: Vec<(Value, Vec<(&str, &str)>)> =
        ["nationality", "legal_status", "non_cooperation", "criminal_conduct"]
            .into_iter()
            .map(|reason| (json!({ "reason": reason, "noneKnown": true }), vec![at("/reason")]))
            .collect();
    table.extend([
        (json!({ "reason": "no_capacity" }), vec![at("/noneKnown")]),
        (json!({ "reason": "no_capacity", "noneKnown": false }), vec![at("/noneKnown")]),
        (json!({ "reason": "other", "noneKnown": true }), vec![at("/explanation")]),
        (json!({ "reason": "nationality" }), vec![at("/reason"), at("/noneKnown")]),
    ]);
    let before = node.contents();
    for (body, found) in table {
        let seen = node.referral_act(&shelter(), &known.id(), "decline", &body).await;

        let rules = vec!["R82"; found.len()];
        refused(&seen, "rule-refused", &found, &rules);
    }
    for both in [
        json!({ "reason": "no_capacity", "noneKnown": true, "suggestedOther": "The parish." }),
        json!({ "reason": "no_capacity", "suggestedOther": "The parish.", "suggestedAgencyId": barnahus().agency().id.to_string() }),
    ] {
        let seen = node.referral_act(&shelter(), &known.id(), "decline", &both).await;
        refused(&seen, "inconsistent-values", &[("several_suggestions", "")], &[]);
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_lawful_answer_of_no_says_where_else_the_child_may_be_helped() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let agency = barnahus().agency().id.to_string();
    for body in [
        json!({ "reason": "no_capacity", "noneKnown": true }),
        json!({ "reason": "unsuitable_age", "suggestedOther": "The shelter for teenagers." }),
        json!({ "reason": "other", "explanation": "The house burnt down.", "suggestedAgencyId": agency }),
        json!({ "reason": "child_declined", "noneKnown": true }),
    ] {
        let known = node.given_acknowledged_referral(&case, &shelter()).await;
        let seen = node.referral_act(&shelter(), &known.id(), "decline", &body).await.expect(200);
        assert_eq!((seen.text("status"), seen.json()["decline"].clone()), ("declined".to_owned(), body));
    }
}

#[actix_web::test]
async fn whoever_must_accept_does_not_decline() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let known = node.given_acknowledged_referral(&case, &child_protection()).await;
    let rule = node.get(&shelter(), "/v1/rules/R84").await.expect(200).text("message");
    let body = json!({ "reason": "no_capacity", "noneKnown": true });
    let seen = node.referral_act(&child_protection(), &known.id(), "decline", &body).await;
    refused(&seen, "rule-refused", &[(rule.as_str(), "")], &["R84"]);
    let _ = node
        .referral_act(&child_protection(), &known.id(), "accept", &crate::support::accepting())
        .await
        .expect(200);
    let known = node.given_acknowledged_referral(&case, &client("tallinn-clinic")).await;
    let _ = node.referral_act(&client("tallinn-clinic"), &known.id(), "decline", &body).await.expect(200);
}
