//! Two requests at once: one of them is first, and the other one knows it.

use futures_util::future::join;
use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, accepting, asking, barnahus, begging, child_protection, declining, finishing, fresh_key,
    police_manager, sending, supervisor,
};

const ROUNDS: usize = 200;

/// How often something happened to a subject.
fn times(facts: &[Value], event: &str, subject: &str) -> usize {
    facts.iter().filter(|it| it["event"] == event && it["subject_id"] == subject).count()
}

/// The one that won, if the other one was told that it came too late.
#[track_caller]
fn winner(one: Seen, two: Seen, round: usize) -> Seen {
    let (won, lost) = if one.status == 200 { (one, two) } else { (two, one) };
    let late =
        matches!((lost.status, lost.code().as_str()), (412, "stale-version") | (409, "state-conflict"));
    assert!(won.status == 200 && late, "round {round}: {} {}", won.status, lost.told());
    won
}

#[actix_web::test]
async fn of_two_answers_to_a_referral_one_counts() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (receiver, other) = (barnahus(), barnahus().named("p-other"));
    let _ = (node.token(&receiver).await, node.token(&other).await);
    let mut answered = Vec::new();
    for round in 0..ROUNDS {
        let known = node.given_acknowledged_referral(&case, &receiver).await;
        let (path, tag) = (format!("/v1/referrals/{}", known.id()), known.tag());
        let (against, body) = if round % 2 == 0 { ("accept", accepting()) } else { ("decline", declining()) };
        let accepting = accepting();
        let one = node.act(&receiver, format!("{path}/accept"), &tag, &accepting);
        let two = node.act(&other, format!("{path}/{against}"), &tag, &body);
        let (one, two) = join(one, two).await;
        let won = winner(one, two, round);
        let now = node.get(&receiver, path).await.expect(200);
        assert_eq!((now.text("status"), now.tag()), (won.text("status"), won.tag()), "round {round}");
        answered.push(won.id());
    }
    let facts = node.database.facts();
    for id in answered {
        let all = times(&facts, "referral.accepted", &id) + times(&facts, "referral.declined", &id);
        assert_eq!(all, 1, "one answer is told of");
    }
}

#[actix_web::test]
async fn of_two_changes_of_a_section_one_counts() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_case().await;
    let path = format!("/v1/cases/{case}/whereabouts");
    for round in 0..30 {
        let tag = node.get(&police_manager(), path.as_str()).await.tag();
        let (a, b) = (
            json!({ "address": format!("Street {round}a") }),
            json!({ "address": format!("Street {round}b") }),
        );
        let one = node.patch(&me, path.as_str(), &tag, &a);
        let two = node.patch(&me, path.as_str(), &tag, &b);
        let (one, two) = join(one, two).await;
        let won = winner(one, two, round);
        let now = node.get(&police_manager(), path.as_str()).await;
        assert_eq!(now.json(), won.json(), "round {round}");
    }
}

#[actix_web::test]
async fn sending_and_cancelling_at_once_leave_one_of_both() {
    let node = TestNode::start().await;
    let me = police_manager();
    let case = node.given_case().await;
    let (sending, cancelling) = (sending(), json!({ "reason": "Not needed." }));
    for round in 0..30 {
        let draft = node.given_draft(&case, &barnahus()).await;
        let path = format!("/v1/referrals/{}", draft.id());
        let tag = draft.tag();
        let one = node.act(&me, format!("{path}/send"), &tag, &sending);
        let two = node.act(&me, format!("{path}/cancel"), &tag, &cancelling);
        let (one, two) = join(one, two).await;
        let won = winner(one, two, round);
        let inbox = node.get(&barnahus(), path).await;
        let wanted = if won.text("status") == "sent" { 200 } else { 404 };
        assert_eq!(inbox.status, wanted, "a cancelled draft was never the receiver's to see");
    }
}

#[actix_web::test]
async fn a_request_sent_twice_at_once_is_done_once() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let referral = asking(&case, &barnahus());
    let screening = json!({ "observations": begging() });
    let mut replays = 0;
    for round in 0..40 {
        for (path, body) in [("/v1/referrals", &referral), ("/v1/screenings", &screening)] {
            let key = fresh_key();
            let ask = || node.ask("POST", path).by(&police_manager()).key(&key).json(body).send();
            let (one, two) = join(ask(), ask()).await;
            let first = if one.status == 201 { &one } else { &two };
            for seen in [&one, &two] {
                let waits = seen.status == 409 && seen.code() == "idempotency-in-progress";
                assert!(
                    waits || seen.status == 201 && seen.id() == first.id(),
                    "round {round}: {}",
                    seen.told()
                );
                replays += usize::from(seen.header("idempotency-replayed").is_some());
            }
        }
    }
    assert_eq!(replays, 80, "the second one waits for the first and is answered");
    let list = node.get(&police_manager(), "/v1/referrals?box=outbox&limit=200").await.json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(40));
    let facts = node.database.facts();
    assert_eq!(facts.iter().filter(|it| it["event"] == "referral.drafted").count(), 40);
    let screenings = facts.iter().filter(|it| it["event"] == "screening.recorded").count();
    assert_eq!(screenings, 41, "and the one of the case");
}

#[actix_web::test]
async fn two_cases_do_not_come_from_one_screening() {
    let node = TestNode::start().await;
    for round in 0..20 {
        let screening = node.given_screening(&police_manager()).await;
        let body = json!({ "screeningId": screening });
        let ask = || node.ask("POST", "/v1/cases").by(&police_manager()).key(&fresh_key()).json(&body).send();
        let (one, two) = join(ask(), ask()).await;
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "round {round}: {} {}", one.told(), two.told());
    }
    let cases = node.get(&police_manager(), "/v1/cases").await.json();
    assert_eq!(cases["data"].as_array().map(Vec::len), Some(20));
}

#[actix_web::test]
async fn two_presumptions_open_a_case_once() {
    let node = TestNode::start().await;
    let me = police_manager();
    let body = json!({ "grounds": "screening" });
    for round in 0..20 {
        let case = node.given_case().await;
        let path = format!("/v1/cases/{case}/identification");
        let tag = node.get(&police_manager(), path.as_str()).await.tag();
        let one = node.act(&me, format!("{path}/presume"), &tag, &body);
        let two = node.act(&me, format!("{path}/presume"), &tag, &body);
        let (one, two) = join(one, two).await;
        let _ = winner(one, two, round);
        let facts = node.database.facts();
        assert_eq!(times(&facts, "case.opened", &case), 1);
    }
}

#[actix_web::test]
async fn of_two_supervisors_who_decide_on_a_closure_one_counts() {
    let node = TestNode::start().await;
    let (one, two) = (supervisor(), supervisor().named("p-other"));
    let _ = (node.token(&one).await, node.token(&two).await);
    let case = node.given_protected_case().await;
    let path = format!("/v1/cases/{case}");
    let (nothing, reasons) = (json!({}), json!({ "reasons": "Not yet." }));
    let reopening = json!({ "reason": "other", "explanation": "For the next round." });
    for round in 0..20 {
        let _ = node.life(&child_protection(), &case, "request-closure", &finishing()).await.expect(200);
        let tag = node.get(&one, format!("{path}/lifecycle")).await.expect(200).tag();
        let same = round % 2 == 0;
        let approve = node.act(&one, format!("{path}/approve-closure"), &tag, &nothing);
        let (first, second) = if same {
            join(approve, node.act(&two, format!("{path}/approve-closure"), &tag, &nothing)).await
        } else {
            join(approve, node.act(&two, format!("{path}/return-closure"), &tag, &reasons)).await
        };
        let won = winner(first, second, round);
        let now = node.get(&one, format!("{path}/lifecycle")).await.expect(200);
        assert_eq!(now.text("status"), won.text("status"), "round {round}");
        let facts = node.database.facts();
        let decided = times(&facts, "case.closed", &case) + times(&facts, "case.closure_returned", &case);
        assert_eq!(decided, round + 1, "round {round}: each request is decided once");
        if won.text("status") == "closed" {
            let _ = node.life(&child_protection(), &case, "reopen", &reopening).await.expect(200);
            for it in
                ["guardian_check", "safety_plan", "reflection_period", "information", "asylum_information"]
            {
                let tag = node.get(&one, format!("{path}/identification")).await.expect(200).tag();
                let given =
                    json!({ "what": "Done.", "byWhom": "The worker", "doneAt": "2026-11-24T07:00:00Z" });
                let _ = node
                    .act(&one, format!("{path}/entitlements/{it}/record"), &tag, &given)
                    .await
                    .expect(200);
            }
        }
    }
}
