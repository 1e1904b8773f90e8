//! What a caller may do now, and why not the rest.

use std::collections::BTreeSet;

use domain::{
    CodeList as _,
    referrals::{Actor, Guard, ReferralAct, ReferralSide, TRANSITIONS},
    vocabulary::ReferralStatus,
};
use serde_json::Value;

use crate::support::{Seen, TestNode, Who, barnahus, child_protection, declining, police, police_manager};

fn named(list: &Value) -> BTreeSet<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .map(|it| it["action"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// What the table lets a side do in a state.
fn lawful(side: ReferralSide, status: &str) -> BTreeSet<String> {
    let status = ReferralStatus::parse(status).expect("a status");
    // In these stories the view is recorded, feedback is given, nobody is obliged and nothing is proposed.
    let plain = |it: Guard| matches!(it, Guard::None | Guard::MayRefuse);
    let mine = |it: Actor| it == Actor::Side(side) || it == Actor::Either;
    let rows = TRANSITIONS.iter();
    let rows = rows.filter(|it| mine(it.actor) && plain(it.guard) && it.from.contains(&status));
    rows.map(|it| it.act.code().to_owned()).collect()
}

async fn check(node: &TestNode, who: &Who, seen: &Seen, side: ReferralSide) {
    let id = seen.id();
    let path = format!("/v1/referrals/{id}");
    let it = node.get(who, format!("{path}?include=blockedActions")).await.expect(200).json();
    let status = it["status"].as_str().expect("a status");
    let allowed = named(&it["allowedActions"]);
    assert_eq!(allowed, lawful(side, status), "{side} in {status}");
    for action in it["allowedActions"].as_array().expect("actions") {
        let act = action["action"].as_str().and_then(ReferralAct::parse).expect("an act");
        assert_eq!(action["href"], format!("{path}{}", act.path()));
    }
    let blocked = named(&it["blockedActions"]);
    let ours = ReferralAct::ALL.iter().filter(|it| it.operation().is_some());
    let all: BTreeSet<String> = ours.map(|it| it.code().to_owned()).collect();
    assert_eq!(&allowed | &blocked, all, "every act is allowed or blocked");
    assert!(allowed.is_disjoint(&blocked));
    for action in it["blockedActions"].as_array().expect("actions") {
        assert!(action["violations"][0]["message"].is_string(), "{action}");
    }
    let plain = node.get(who, path).await.expect(200).json();
    assert_eq!(plain["blockedActions"], Value::Null, "only on request");
}

#[actix_web::test]
async fn each_side_of_a_referral_is_told_what_the_table_lets_it_do() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (sender, receiver) = (police_manager(), barnahus());
    check(&node, &sender, &node.given_draft(&case, &receiver).await, ReferralSide::Sender).await;
    let declined = node.given_acknowledged_referral(&case, &receiver).await;
    let declined = node.referral_act(&receiver, &declined.id(), "decline", &declining()).await.expect(200);
    for seen in [
        node.given_sent_referral(&case, &receiver).await,
        node.given_acknowledged_referral(&case, &receiver).await,
        node.given_accepted_referral(&case, &receiver).await,
        node.given_referral_in_service(&case, &receiver).await,
        declined,
    ] {
        check(&node, &sender, &seen, ReferralSide::Sender).await;
        check(&node, &receiver, &seen, ReferralSide::Receiver).await;
    }
}

#[actix_web::test]
async fn a_token_without_the_scope_may_do_nothing() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_sent_referral(&case, &barnahus()).await.id();
    let reader = barnahus().with_scopes("referrals.read");
    let it = node.get(&reader, format!("/v1/referrals/{id}?include=blockedActions")).await.expect(200).json();
    assert_eq!(named(&it["allowedActions"]), BTreeSet::new());
    assert_eq!(named(&it["blockedActions"]).len(), ReferralAct::ALL.len() - 1, "all but expiry");
}

#[actix_web::test]
async fn a_case_in_intake_offers_the_presumption_to_whoever_may_presume() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}");
    for who in [police(), police_manager(), child_protection()] {
        let it = node.get(&who, path.as_str()).await.expect(200).json();
        assert_eq!(it["allowedActions"][0]["action"], "presume", "{who:?}");
        assert_eq!(it["allowedActions"][0]["href"], format!("{path}/identification/presume"));
    }
    let reader = police_manager().with_scopes("cases.read");
    let it = node.get(&reader, path.as_str()).await.expect(200).json();
    assert_eq!(named(&it["allowedActions"]), BTreeSet::new());
    let presumed = format!("/v1/cases/{}", node.given_presumed_case().await);
    let it = node.get(&child_protection(), presumed).await.expect(200).json();
    assert!(!named(&it["allowedActions"]).contains("presume"), "once is enough");
}
