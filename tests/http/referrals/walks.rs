//! Acts in any order: the state after each is the one that the table says, or nothing has changed.

use domain::{
    CodeList as _,
    referrals::{ReferralAct, ReferralSide, TRANSITIONS},
    vocabulary::ReferralStatus,
};
use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, accepting, barnahus, completing, declining, police_manager, sending,
};

fn body_of(act: ReferralAct) -> Value {
    match act {
        ReferralAct::Send => sending(),
        ReferralAct::Acknowledge | ReferralAct::Start => json!({}),
        ReferralAct::Accept => accepting(),
        ReferralAct::Decline => declining(),
        ReferralAct::Complete => completing(),
        ReferralAct::Cancel => json!({ "reason": "Not needed." }),
    }
}

fn of_side(side: ReferralSide) -> Who {
    match side {
        ReferralSide::Sender => police_manager(),
        ReferralSide::Receiver => barnahus(),
    }
}

/// What the table makes of an act by a side in a state.
fn next(act: ReferralAct, side: ReferralSide, status: ReferralStatus) -> Result<ReferralStatus, u16> {
    let row = TRANSITIONS.iter().find(|it| it.act == act).expect("a row");
    if row.side != side {
        Err(403)
    } else if row.from.contains(&status) {
        Ok(row.to)
    } else {
        Err(409)
    }
}

/// A small generator: the same walks in every run.
struct Dice(u64);

impl Dice {
    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        all[usize::try_from(self.0 >> 33).expect("small") % all.len()]
    }
}

/// The referral as its sender sees it.
async fn now(node: &TestNode, id: &str) -> Seen {
    node.get(&police_manager(), format!("/v1/referrals/{id}")).await.expect(200)
}

#[actix_web::test]
async fn no_order_of_acts_leaves_the_table() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut dice = Dice(20_261_124);
    let mut reached = std::collections::BTreeSet::new();
    for walk in 0..25 {
        let draft = node.given_draft(&case, &barnahus()).await;
        let id = draft.id();
        let mut status = ReferralStatus::Draft;
        for step in 0..10 {
            let act = dice.of(ReferralAct::ALL);
            // Mostly by whose turn it is, so that walks get somewhere.
            let right = TRANSITIONS.iter().find(|it| it.act == act).expect("a row").side;
            let side = dice.of(&[right, right, right, ReferralSide::Sender, ReferralSide::Receiver]);
            let before = now(&node, &id).await;
            let seen = node.referral_act(&of_side(side), &id, act.code(), &body_of(act)).await;
            let after = now(&node, &id).await;
            let told = format!("walk {walk} step {step}: {act} by the {side} in {status}: {}", seen.told());
            // A draft, also one that was cancelled, is nothing that the receiver knows of.
            let unknown = side == ReferralSide::Receiver && before.json()["sentAt"].is_null();
            let expected = if unknown { Err(404) } else { next(act, side, status) };
            match expected {
                Ok(to) => {
                    assert_eq!(seen.status, 200, "{told}");
                    status = to;
                }
                Err(code) => {
                    assert_eq!(seen.status, code, "{told}");
                    assert_eq!((after.json(), after.tag()), (before.json(), before.tag()), "{told}");
                }
            }
            assert_eq!(after.text("status"), status.code(), "{told}");
            reached.insert(status);
        }
    }
    assert!(reached.len() >= 6, "the walks reach {reached:?}");
    for fact in node.database.facts() {
        assert!(fact["version"].as_i64().is_some_and(|it| it >= 1));
    }
}

#[actix_web::test]
async fn every_act_in_every_state_is_done_or_refused_as_the_table_says() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let to = barnahus();
    let ended = |seen: &Seen| seen.id();
    let declined = ended(&node.given_acknowledged_referral(&case, &to).await);
    let _ = node.referral_act(&to, &declined, "decline", &declining()).await.expect(200);
    let completed = ended(&node.given_referral_in_service(&case, &to).await);
    let _ = node.referral_act(&to, &completed, "complete", &completing()).await.expect(200);
    let cancelled = ended(&node.given_sent_referral(&case, &to).await);
    let _ = node
        .referral_act(&police_manager(), &cancelled, "cancel", &body_of(ReferralAct::Cancel))
        .await
        .expect(200);
    let states = [
        (ReferralStatus::Draft, node.given_draft(&case, &to).await.id()),
        (ReferralStatus::Sent, node.given_sent_referral(&case, &to).await.id()),
        (ReferralStatus::Acknowledged, node.given_acknowledged_referral(&case, &to).await.id()),
        (ReferralStatus::Accepted, node.given_accepted_referral(&case, &to).await.id()),
        (ReferralStatus::InService, node.given_referral_in_service(&case, &to).await.id()),
        (ReferralStatus::Declined, declined),
        (ReferralStatus::Completed, completed),
        (ReferralStatus::Cancelled, cancelled),
    ];
    let before = node.contents();
    for (status, id) in &states {
        for act in ReferralAct::ALL.iter().copied() {
            for side in ReferralSide::ALL.iter().copied() {
                let who = of_side(side);
                let path = format!("/v1/referrals/{id}");
                let tag = node.get(&who, path.as_str()).await;
                let tag = tag.header("etag").unwrap_or("\"none\"").to_owned();
                let seen = node
                    .act(&who, format!("{path}/{}?validateOnly=true", act.code()), &tag, &body_of(act))
                    .await;
                let unknown = side == ReferralSide::Receiver && *status == ReferralStatus::Draft;
                let expected = if unknown { Err(404) } else { next(act, side, *status) };
                assert_eq!(
                    seen.status,
                    expected.map_or_else(|it| it, |_| 200),
                    "{act} by the {side} in {status}: {}",
                    seen.told()
                );
                if let Ok(to) = expected {
                    assert_eq!(seen.text("status"), to.code(), "what would be");
                }
            }
        }
    }
    assert_eq!(node.contents(), before, "dry runs");
}
