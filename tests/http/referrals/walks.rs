//! Acts in any order: the state after each is the one that the table says, or nothing has changed.

use domain::{
    CodeList as _,
    referrals::{Actor, Guard, ReferralAct, ReferralSide},
    vocabulary::ReferralStatus,
};
use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, accepting, barnahus, completing, declining, police_manager, sending, shelter,
};

fn body_of(act: ReferralAct) -> Value {
    let other = shelter().agency().id.to_string();
    match act {
        ReferralAct::Amend => json!({ "urgency": "priority" }),
        ReferralAct::Send => sending(),
        ReferralAct::Acknowledge | ReferralAct::Start => json!({}),
        ReferralAct::RequestInformation => json!({ "question": "Does he need medicine?" }),
        ReferralAct::ProvideInformation => json!({ "answer": "No." }),
        ReferralAct::Accept => accepting(),
        ReferralAct::Decline => declining(),
        ReferralAct::ProposeReroute => json!({ "reason": "no_capacity", "toAgencyId": other }),
        ReferralAct::Reroute => json!({ "toAgencyId": other }),
        ReferralAct::Complete => completing(),
        ReferralAct::Interrupt => {
            json!({ "outcome": "child_declined", "feedback": "He went to his cousin." })
        }
        ReferralAct::GiveFeedback => json!({ "feedback": "He is well." }),
        ReferralAct::RecordChildView => json!({ "status": "unable" }),
        ReferralAct::Cancel => json!({ "reason": "Not needed." }),
        ReferralAct::Write | ReferralAct::Expire => panic!("{act} is no act on the state"),
    }
}

/// The acts that one side does to the state of a referral.
fn acts() -> Vec<ReferralAct> {
    let ours = |it: &ReferralAct| !matches!(it, ReferralAct::Write | ReferralAct::Expire);
    ReferralAct::ALL.iter().copied().filter(ours).collect()
}

fn of_side(side: ReferralSide) -> Who {
    match side {
        ReferralSide::Sender => police_manager(),
        ReferralSide::Receiver => barnahus(),
    }
}

/// What the table makes of an act by a side of a referral as it is.
fn next(act: ReferralAct, side: ReferralSide, it: &Value) -> Result<ReferralStatus, u16> {
    let status = it["status"].as_str().and_then(ReferralStatus::parse).expect("a status");
    let mine: Vec<_> = act.rows().filter(|it| it.actor == Actor::Side(side)).collect();
    if mine.is_empty() {
        return Err(403);
    }
    let holds = |guard| match guard {
        Guard::None | Guard::MayRefuse => true,
        Guard::RerouteProposed => it["rerouteProposal"].is_object(),
        // In these stories the view is recorded and feedback is given.
        Guard::ViewMissing | Guard::FeedbackOwed => false,
    };
    let row = mine.into_iter().find(|it| it.from.contains(&status) && holds(it.guard)).ok_or(409_u16)?;
    Ok(row.to.unwrap_or(status))
}

/// The act, or what it would come to, on what the side sees.
async fn done(node: &TestNode, side: ReferralSide, id: &str, act: ReferralAct, query: &str) -> Seen {
    let who = of_side(side);
    let path = format!("/v1/referrals/{id}");
    let tag = node.get(&who, path.as_str()).await.header("etag").unwrap_or("\"none\"").to_owned();
    let target = format!("{path}{}{query}", act.path());
    match act {
        ReferralAct::Amend => node.patch(&who, target, &tag, &body_of(act)).await,
        _ => node.act(&who, target, &tag, &body_of(act)).await,
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
    for walk in 0..40 {
        let draft = node.given_draft(&case, &barnahus()).await;
        let id = draft.id();
        let mut status = ReferralStatus::Draft;
        for step in 0..10 {
            // Mostly what fits the state and by whose turn it is, so that walks get somewhere.
            let fitting: Vec<_> =
                acts().into_iter().filter(|it| it.rows().any(|row| row.from.contains(&status))).collect();
            let (likely, any) =
                (if fitting.is_empty() { dice.of(&acts()) } else { dice.of(&fitting) }, dice.of(&acts()));
            let act = dice.of(&[likely, likely, likely, likely, any]);
            let right = match act.rows().next().expect("a row").actor {
                Actor::Side(side) => side,
                _ => ReferralSide::Sender,
            };
            let side =
                dice.of(&[right, right, right, right, right, ReferralSide::Sender, ReferralSide::Receiver]);
            let before = now(&node, &id).await;
            let seen = done(&node, side, &id, act, "").await;
            let after = now(&node, &id).await;
            let told = format!("walk {walk} step {step}: {act} by the {side} in {status}: {}", seen.told());
            // A draft, also one that was cancelled, is nothing that the receiver knows of.
            let unknown = side == ReferralSide::Receiver && before.json()["sentAt"].is_null();
            let expected = if unknown { Err(404) } else { next(act, side, &before.json()) };
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
    assert!(reached.len() >= 8, "the walks reach {reached:?}");
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
    let asked = ended(&node.given_asked_referral(&case, &to).await);
    let proposed = ended(&node.given_proposed_referral(&case, &to, &shelter()).await);
    let rerouted = ended(&node.given_declined_referral(&case, &to).await);
    let other = body_of(ReferralAct::Reroute);
    let _ = node.referral_act(&police_manager(), &rerouted, "reroute", &other).await.expect(200);
    let states = [
        (ReferralStatus::InfoRequested, asked),
        (ReferralStatus::Acknowledged, proposed),
        (ReferralStatus::Rerouted, rerouted),
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
        for act in acts() {
            for side in ReferralSide::ALL.iter().copied() {
                let seen = done(&node, side, id, act, "?validateOnly=true").await;
                let unknown = side == ReferralSide::Receiver && *status == ReferralStatus::Draft;
                let known = now(&node, id).await.json();
                let expected = if unknown { Err(404) } else { next(act, side, &known) };
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
