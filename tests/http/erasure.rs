//! A child that was erased: every operation answers as if it had never been, no list and no log tells of it but the sealed
//! ones, and everybody else's cases are as they were.

use std::{
    collections::BTreeMap,
    io::{BufReader, Cursor},
};

use domain::{
    Reference,
    cases::erasure::{ErasureReason, Ground, TwoPeople},
};
use persistence::{
    erasure::{Destroyed, ErasureError},
    sealed_log::{Known, export, verify},
};
use serde_json::{Value, json};

use crate::support::{
    Specimen, TestNode, Who, anonymous, barnahus, child_protection, client, police, police_manager, shelter,
    supervisor,
};

const UNKNOWN: &str = "0192f0c1-2345-7abc-8def-0123456789ab";
const GROUND: Ground = Ground { reason: ErasureReason::CourtOrder, evidence_released: false };

/// What remembers an erased child, by ids only.
const REMEMBERS: [&str; 5] = ["access_log", "erased_subjects", "erasures", "events", "idempotency_keys"];

impl TestNode {
    pub(crate) async fn erase(&self, case: &str) -> Result<Destroyed, ErasureError> {
        let seen = self.get(&child_protection(), format!("/v1/cases/{case}")).await.expect(200);
        let reference = Reference::parse(&seen.text("reference")).expect("a reference");
        let people = TwoPeople::new("Mari Maasikas", "Juta Tamm").expect("two");
        self.node.store.erase(&reference, (GROUND, &people), self.node.clock.now(), &mut |_| Ok(()))
    }

    /// What every list and the feed answer to somebody, by path.
    async fn lists(&self, who: &Who) -> BTreeMap<&'static str, String> {
        self.place_events();
        let mut all = BTreeMap::new();
        for path in [
            "/v1/cases?limit=200",
            "/v1/concerns?limit=200",
            "/v1/screenings?limit=200",
            "/v1/referrals?box=outbox&limit=200",
            "/v1/referrals?box=inbox&limit=200",
            "/v1/transnational-requests?box=out&limit=200",
            "/v1/deadlines?scope=agency&limit=200",
            "/v1/deadlines?scope=watched&limit=200",
            "/v1/deadlines?scope=escalated&limit=200",
            "/v1/events?limit=200",
        ] {
            let (mut text, mut next) = (String::new(), path.to_owned());
            loop {
                let seen = self.get(who, next).await;
                // Not every agency has every function.
                assert!([200, 403].contains(&seen.status), "{path}: {}", seen.told());
                text.push_str(&String::from_utf8_lossy(&seen.body));
                let body = seen.json();
                let place = if path.starts_with("/v1/events") { "after" } else { "cursor" };
                let whole = body["data"].as_array().is_some_and(|it| it.len() == 200);
                match body["nextCursor"].as_str().filter(|_| whole) {
                    Some(it) => next = format!("{path}&{place}={it}"),
                    None => break,
                }
            }
            all.insert(path, text);
        }
        all
    }
}

fn held<'a>(ids: &'a [String], text: &str) -> Vec<&'a String> {
    ids.iter().filter(|it| text.contains(it.as_str())).collect()
}

fn names_any(ids: &[String], it: &Specimen) -> (bool, bool) {
    let in_path = !held(ids, &it.target).is_empty();
    let body = it.body.as_ref().map(ToString::to_string).unwrap_or_default();
    (in_path, !held(ids, &body).is_empty())
}

#[actix_web::test]
async fn what_was_erased_is_nowhere_and_all_else_is_as_before() {
    let (node, world) = TestNode::in_a_world().await;
    let case = world.id("case").to_owned();
    // What the other side of a link is told stays with it; that of the link goes.
    let linked = json!({ "otherCaseId": case, "relation": "sibling" });
    let other = world.id("other").to_owned();
    let _ = node.create(&child_protection(), format!("/v1/cases/{other}/links"), &linked).await.expect(201);
    let all = world.all(&node).await;
    let ids = node.database.ids_of_case(&case);
    assert!(ids.len() > 60, "{}", ids.len());
    let callers = [
        police(),
        police_manager(),
        child_protection(),
        supervisor(),
        barnahus(),
        shelter(),
        client("tallinn-ngo"),
    ];
    let mut listed = 0;
    for who in &callers {
        listed += node.lists(who).await.values().map(|it| held(&ids, it).len()).sum::<usize>();
    }
    assert!(listed > 60, "the lists tell of it before: {listed}");
    let reads: Vec<_> =
        all.iter().filter(|it| it.operation.method == "GET" && it.target.len() > 40).collect();
    let mut before = Vec::new();
    for it in &reads {
        before.push(anonymous(&it.ask(&node).send().await));
    }
    node.database.end_case(&case);

    let destroyed = node.erase(&case).await.expect("erased");
    assert!(destroyed.rows.iter().map(|it| it.1).sum::<usize>() > 120, "{:?}", destroyed.rows);

    let (mut gone, mut left) = (0, 0);
    for (it, before) in reads.iter().zip(&before) {
        let now = anonymous(&it.ask(&node).send().await);
        // A request keeps its id in the other country, with what was sent there.
        let abroad = it.target.starts_with("/v1/transnational-requests/");
        if abroad {
            assert_eq!((before.0, now.0), (200, 404), "{} {}", it.operation.id, it.target);
        }
        if abroad || names_any(&ids, it).0 {
            assert_eq!(before.0, 200, "{}: {}", it.operation.id, before.2);
            gone += 1;
        } else if !it.target.contains(&other) {
            assert_eq!(&now, before, "{} {}", it.operation.id, it.target);
            left += 1;
        }
    }
    assert!(gone > 30 && left > 5, "{gone} reads of it, {left} of others");
    let mut refused = 0;
    for it in all.iter().filter(|it| !["listAccessLog", "listDisclosures"].contains(&it.operation.id)) {
        let (in_path, in_body) = names_any(&ids, it);
        if !in_path && !in_body {
            continue;
        }
        let seen = it.ask(&node).send().await;
        if in_path {
            assert_eq!((seen.status, seen.code().as_str()), (404, "not-found"), "{}", it.operation.id);
            let mut absent = (*it).clone();
            for id in &ids {
                absent.target = absent.target.replace(id.as_str(), UNKNOWN);
            }
            assert_eq!(anonymous(&seen), anonymous(&absent.ask(&node).send().await), "{}", it.operation.id);
        } else {
            assert!((400..500).contains(&seen.status), "{}: {}", it.operation.id, seen.told());
        }
        refused += 1;
    }
    assert!(refused > 60, "{refused}");
    for who in &callers {
        for (path, text) in node.lists(who).await {
            assert_eq!(held(&ids, &text), [""; 0], "{path} by {who:?}");
        }
        let timeline = node.get(who, format!("/v1/cases/{other}/timeline?limit=200")).await;
        assert_eq!(held(&ids, &String::from_utf8_lossy(&timeline.body)), [""; 0], "{who:?}");
    }
    let holding = node.database.tables_that_hold(&ids);
    assert!(holding.keys().all(|it| REMEMBERS.contains(&it.as_str())), "{holding:?}");
    log_is_whole(&node);
}

fn log_is_whole(node: &TestNode) {
    node.seal();
    let mut out = Vec::new();
    export(&node.node.store, &mut out, node.node.clock.now()).expect("a bundle");
    let mut known = Known::default();
    let report = verify(&mut BufReader::new(Cursor::new(out)), &mut known).expect("it can be read");
    assert_eq!(report.findings, []);
    assert!(report.leaves > 200, "{}", report.leaves);
    let told = node.database.facts();
    let told: Vec<&Value> = told.iter().filter(|it| it["event"] == "case.erased").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["payload"], &told[0]["audience"]),
        (&json!({ "reason": "court_order" }), &json!([]))
    );
}

#[actix_web::test]
async fn a_case_on_which_somebody_works_is_not_erased() {
    let node = TestNode::start().await;
    let open = node.given_protected_case().await;
    let before = node.contents();
    assert!(matches!(node.erase(&open).await, Err(ErasureError::Refused(_))));
    assert_eq!(node.contents(), before);
    // As it really ends, with what a referral of it brought to others.
    let ended = node.given_closed_case().await;
    assert!(node.erase(&ended).await.is_ok());
    node.get(&child_protection(), format!("/v1/cases/{ended}")).await.refused(404, "not-found");
    let _ = node.get(&child_protection(), format!("/v1/cases/{open}")).await.expect(200);
}

#[actix_web::test]
async fn a_merged_case_of_the_child_goes_too_and_a_sibling_stays() {
    let node = TestNode::start().await;
    let lead = supervisor();
    let (away, into, sibling) = (
        node.given_protected_case().await,
        node.given_protected_case().await,
        node.given_protected_case().await,
    );
    let body =
        json!({ "intoCaseId": into, "evidence": ["recognised_by_two"], "reasons": "Two who know her." });
    let merged = node.life(&lead, &away, "merge", &body).await;
    assert_eq!(merged.status, 200, "{}", merged.told());
    let link = json!({ "otherCaseId": into, "relation": "sibling" });
    let path = format!("/v1/cases/{sibling}/links");
    let _ = node.create(&child_protection(), path.clone(), &link).await.expect(201);
    assert!(
        matches!(node.erase(&away).await, Err(ErasureError::Refused(_))),
        "the file goes on in the other"
    );
    node.database.end_case(&into);
    let destroyed = node.erase(&away).await.expect("erased");
    assert_eq!((destroyed.erasure.cases.len(), destroyed.erasure.children.len()), (2, 2));
    for case in [&away, &into] {
        node.get(&child_protection(), format!("/v1/cases/{case}")).await.refused(404, "not-found");
    }
    let links = node.get(&child_protection(), path).await.expect(200).json();
    assert_eq!(links["data"], json!([]));
    let _ = node.get(&child_protection(), format!("/v1/cases/{sibling}/child")).await.expect(200);
}
