//! T-B5: the database alone. The application takes the system of a stranger for that of the owner, so that every check and
//! filter of its own lets the stranger pass; row level security knows who it is.

use super::objects::{OPENS, UNKNOWN, hears_of_requests, of_one_agency, strangers};
use crate::support::{TestNode, anonymous, child_protection, data_protection, police, police_manager};

const LISTS: [&str; 9] = [
    "/v1/cases?limit=200",
    "/v1/concerns?limit=200",
    "/v1/screenings?limit=200",
    "/v1/referrals?box=outbox&limit=200",
    "/v1/referrals?box=inbox&limit=200",
    "/v1/transnational-requests?box=out&limit=200",
    "/v1/deadlines?scope=agency&limit=200",
    "/v1/deadlines?scope=watched&limit=200",
    "/v1/events?limit=200",
];

#[actix_web::test]
async fn a_stranger_whom_the_application_takes_for_the_owner_is_shown_nothing() {
    let (node, world) = TestNode::in_a_world().await;
    let mut all: Vec<_> = world.all(&node).await.into_iter().filter(of_one_agency).collect();
    // Who works where is told to every system of the country.
    all.retain(|it| !it.target.starts_with("/v1/professionals"));
    // Whoever opens in an emergency or looks after those who did has no relation to the case.
    all.retain(|it| it.operation.id != OPENS && it.who != data_protection());
    node.place_events();
    let before = node.contents();
    let mut hidden = 0;
    for it in &all {
        let abroad = it.target.starts_with("/v1/transnational-requests");
        for in_truth in strangers().into_iter().filter(|who| !abroad || !hears_of_requests(who)) {
            let seen = it.ask(&node).taken_for(&in_truth).send().await;
            let told = format!("{} by {}: {}", it.operation.id, in_truth.client, seen.told());
            assert_eq!((seen.status, seen.code().as_str()), (404, "not-found"), "{told}");
            let id = it.target.split(['/', '?']).find(|it| it.len() == 36).expect("an id");
            let mut absent = it.clone();
            absent.target = it.target.replacen(id, UNKNOWN, 1);
            let absent = absent.ask(&node).taken_for(&in_truth).send().await;
            assert_eq!(anonymous(&seen), anonymous(&absent), "{told}");
            hidden += 1;
        }
    }
    assert!(hidden > 500, "{hidden} requests");
    for in_truth in strangers().into_iter().filter(|who| who.client != "ee-focal-point") {
        for who in [police_manager(), child_protection(), police()] {
            for list in LISTS {
                let seen = node.ask("GET", list).by(&who).taken_for(&in_truth).send().await.expect(200);
                let rows = seen.json()["data"].as_array().map(Vec::len);
                assert_eq!(rows, Some(0), "{list} of {who:?} by {}: {}", in_truth.client, seen.told());
            }
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");

    // Without the second lock the same requests show everything: nothing else was in their way.
    let node = node.past_the_second_lock().await;
    let (mut shown, in_truth) = (0, strangers().remove(0));
    for it in all.iter().filter(|it| it.operation.method == "GET") {
        let seen = it.ask(&node).taken_for(&in_truth).send().await;
        shown += usize::from(seen.status == 200);
    }
    assert!(shown > 25, "{shown} things");
    let cases = node.ask("GET", LISTS[0]).by(&police_manager()).taken_for(&in_truth).send().await.expect(200);
    assert!(cases.json()["data"].as_array().is_some_and(|it| it.len() > 10));
}
