//! What is another agency's: refused by function or not found, and never told from what does not exist.

use domain::access::{Operation as Row, scope_ceiling};

use crate::support::{
    Specimen, Specimens, TestNode, Who, anonymous, client, police, police_manager, riga_police, shelter,
    shut_out, taking_part,
};

pub(super) const UNKNOWN: &str = "0192f0c1-2345-7abc-8def-0123456789ab";
const MALFORMED: &str = "0192F0C1-2345-7abc-8def";

/// What opens a case to those who have nothing to do with it is tested in `emergency`.
pub(super) const OPENS: &str = "createEmergencyAccess";

/// Agencies that have nothing to do with the cases of the police of Tallinn.
pub(super) fn strangers() -> Vec<Who> {
    vec![
        shelter().in_role("case_manager"),
        client("tallinn-clinic"),
        client("tallinn-ngo"),
        client("ee-focal-point"),
        riga_police().in_role("case_manager"),
        client("riga-child-protection"),
        client("riga-barnahus"),
    ]
}

/// Whether it is concerned by requests to Latvia: the focal point is the office of all that go by it, and the case that
/// Latvia has of the same child is led by its own child protection.
pub(super) fn hears_of_requests(who: &Who) -> bool {
    ["ee-focal-point", "riga-child-protection"].contains(&who.client.as_str())
}

/// Whether the type of the caller's agency does this at all.
fn has_function(who: &Who, operation: &str) -> bool {
    let row = Row::find(operation).unwrap_or_else(|| panic!("no row {operation}"));
    row.scope.is_none_or(|it| scope_ceiling(who.agency().agency_type).has(it))
}

/// Whether a request names one thing that belongs to a case or an agency.
pub(super) fn of_one_agency(it: &Specimen) -> bool {
    let first = it.operation.path.split('/').nth(2).unwrap_or_default();
    it.operation.path.contains("{id}") && first != "agencies"
}

#[actix_web::test]
async fn what_is_foreign_is_answered_like_what_does_not_exist() {
    let (node, world) = TestNode::in_a_world().await;
    hold_foreign_like_absent(&node, &world).await;
}

/// T-B6 of the threat model: the same by the application alone, past the second lock.
#[actix_web::test]
async fn the_application_alone_answers_what_is_foreign_like_what_does_not_exist() {
    let (node, world) = TestNode::in_a_world().await;
    hold_foreign_like_absent(&node.past_the_second_lock().await, &world).await;
}

async fn hold_foreign_like_absent(node: &TestNode, world: &Specimens) {
    let mut all: Vec<_> = world.all(node).await.into_iter().filter(of_one_agency).collect();
    all.retain(|it| it.operation.id != OPENS);
    assert!(all.len() >= 20, "{}", all.len());
    let before = node.contents();
    let mut hidden = 0;
    for it in all {
        let abroad = it.target.starts_with("/v1/transnational-requests");
        for who in strangers().into_iter().filter(|who| !abroad || !hears_of_requests(who)) {
            let mut foreign = it.clone();
            foreign.who = who.clone();
            let seen = foreign.ask(node).send().await;
            let told = format!("{} by {}", it.operation.id, who.client);
            if !has_function(&who, it.operation.id) {
                assert_eq!((seen.status, seen.code().as_str()), (403, "not-your-function"), "{told}");
                continue;
            }
            assert_eq!((seen.status, seen.code().as_str()), (404, "not-found"), "{told}");
            let id = it.target.split(['/', '?']).find(|it| it.len() == 36).expect("an id");
            for other in [UNKNOWN, MALFORMED] {
                let mut absent = foreign.clone();
                absent.target = it.target.replacen(id, other, 1);
                let absent = absent.ask(node).send().await;
                assert_eq!(anonymous(&seen), anonymous(&absent), "{told}: {other}");
            }
            hidden += 1;
        }
    }
    assert!(hidden > 80, "{hidden} requests for hidden things");
    assert_eq!(node.contents(), before, "nothing was written");
}

/// The opener and whoever was given classes, once they are never to know of it, with each operation of a case.
#[actix_web::test]
async fn what_is_kept_from_a_restricted_agency_is_answered_like_what_does_not_exist() {
    let (node, world) = TestNode::in_a_world().await;
    let mut all = world.all(&node).await;
    all.retain(|it| it.operation.path.starts_with("/v1/cases/{id}") && it.operation.id != OPENS);
    let guest = client("tallinn-ngo");
    let case = node.given_presumed_case().await;
    let _ = node.given_participant(&case, &taking_part(&guest, None, &["d1_identity"])).await;
    for who in [police_manager(), guest.clone()] {
        let _ = node.get(&who, format!("/v1/cases/{case}")).await.expect(200);
        let _ = node.given_restriction(&case, &shut_out(&who)).await;
    }
    let before = node.contents();
    let mut hidden = 0;
    for it in all {
        for who in [police_manager(), police(), guest.clone()] {
            if !has_function(&who, it.operation.id) {
                continue;
            }
            let id = it.target.split(['/', '?']).find(|it| it.len() == 36).expect("an id");
            let mut answers = Vec::new();
            for other in [case.as_str(), UNKNOWN, MALFORMED] {
                let mut asked = it.clone();
                asked.who = who.clone();
                asked.target = it.target.replacen(id, other, 1);
                answers.push(asked.ask(&node).send().await);
            }
            let told = format!("{} by {who:?}", it.operation.id);
            assert_eq!((answers[0].status, answers[0].code().as_str()), (404, "not-found"), "{told}");
            for absent in &answers[1..] {
                assert_eq!(anonymous(&answers[0]), anonymous(absent), "{told}");
            }
            hidden += 1;
        }
    }
    assert!(hidden > 150, "{hidden} requests for hidden things");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn lists_hold_the_own_rows_only() {
    let (node, world) = TestNode::in_a_world().await;
    node.place_events();
    let lists = [
        "/v1/concerns",
        "/v1/screenings",
        "/v1/cases",
        "/v1/referrals?box=inbox",
        "/v1/referrals?box=outbox",
        "/v1/transnational-requests?box=in",
        "/v1/events",
    ];
    for who in strangers() {
        let hears = hears_of_requests(&who);
        let told = ["/v1/cases", "/v1/transnational-requests?box=in", "/v1/events"];
        for path in lists.into_iter().filter(|path| !hears || !told.contains(path)) {
            let seen = node.get(&who, path).await;
            if seen.status == 200 {
                assert_eq!(seen.json()["data"].as_array().map(Vec::len), Some(0), "{path} by {}", who.client);
            } else {
                let _ = seen.refused(403, "not-your-function");
            }
        }
        let own = node.get(&who, "/v1/professionals").await.expect(200).json();
        let agency = who.agency().id.to_string();
        assert!(
            own["data"].as_array().is_some_and(|all| all.iter().all(|it| it["agencyId"] == agency.as_str()))
        );
    }
    let mine = node.get(&police_manager(), "/v1/cases").await.expect(200).json();
    assert_eq!(mine["data"].as_array().map(Vec::len), Some(45));
    assert!(mine.to_string().contains(world.id("case")));
}

/// T-B4 of the threat model: whatever is named under a case or an agency, under another one that its reader has as well.
#[actix_web::test]
async fn a_thing_under_another_parent_is_not_found() {
    let (node, world) = TestNode::in_a_world().await;
    let mut all = world.all(&node).await;
    let ids = |it: &Specimen| it.target.split(['/', '?']).filter(|part| part.len() == 36).count();
    all.retain(|it| it.operation.path.matches('{').count() > 1 && ids(it) > 1);
    let before = node.contents();
    let mut tried = 0;
    for mut it in all {
        let own = it.target.split(['/', '?']).find(|part| part.len() == 36).expect("an id").to_owned();
        let other = match it.operation.path.split('/').nth(2) {
            Some("cases") => world.id("other").to_owned(),
            Some("agencies") => police().agency().id.to_string(),
            _ => continue,
        };
        if other == own {
            continue;
        }
        let seen = node.get(&it.who, format!("/v1/cases/{other}")).await;
        it.target = it.target.replacen(&own, &other, 1);
        it.ask(&node).send().await.refused(404, "not-found");
        tried += u32::from(seen.status == 200);
    }
    assert!(tried > 15, "{tried} things under another case of the same reader");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_token_for_one_case_opens_that_case_only() {
    let node = TestNode::start().await;
    let (one, two) = (node.given_case().await, node.given_case().await);
    let barnahus = crate::support::barnahus();
    let of_one = node.given_sent_referral(&one, &barnahus).await.id();
    let of_two = node.given_sent_referral(&two, &barnahus).await.id();
    let who = police_manager().bound_to(&one);
    for (path, found) in [
        (format!("/v1/cases/{one}"), true),
        (format!("/v1/cases/{two}"), false),
        (format!("/v1/cases/{two}/child"), false),
        (format!("/v1/cases/{two}/timeline"), false),
        (format!("/v1/cases/{two}/exploitation-episodes"), false),
        (format!("/v1/referrals/{of_one}"), true),
        (format!("/v1/referrals/{of_two}"), false),
    ] {
        let seen = node.get(&who, path.as_str()).await;
        assert_eq!(seen.status, if found { 200 } else { 404 }, "{path}");
    }
    for (path, id) in [("/v1/cases", &one), ("/v1/referrals?box=outbox", &of_one)] {
        let list = node.get(&who, path).await.expect(200).json();
        let ids: Vec<_> = list["data"].as_array().into_iter().flatten().map(|it| it["id"].clone()).collect();
        assert_eq!(ids, [id.as_str()], "{path}");
    }
    let cancel = serde_json::json!({ "reason": "Not needed." });
    let tag = node.get(&police_manager(), format!("/v1/referrals/{of_two}")).await.tag();
    node.act(&who, format!("/v1/referrals/{of_two}/cancel"), &tag, &cancel).await.refused(404, "not-found");
    let referral = crate::support::asking(&two, &barnahus);
    node.create(&who, "/v1/referrals", &referral).await.refused(422, "reference-not-found");
}
