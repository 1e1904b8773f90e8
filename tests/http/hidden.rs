//! What one agency keeps to itself leaves no trace in what others are answered: no gap, no refusal, no event, no status.

use serde_json::{Value, json};

use crate::support::{
    TestNode, accepting, arrived, asking, child_protection, package, police, police_manager, returning,
    shelter, supervisor,
};

fn at(case: &str, rest: &str) -> String {
    format!("/v1/cases/{case}/{rest}")
}

fn ring(other: &str) -> Value {
    json!({ "otherCaseId": other, "relation": "same_ring" })
}

#[actix_web::test]
async fn a_hidden_link_leaves_no_gap_in_a_page_and_refuses_no_other() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_case().await, node.given_case().await);
    let investigator = police().in_role("investigator");
    let sibling = json!({ "otherCaseId": other, "relation": "sibling" });
    let _ = node.create(&child_protection(), at(&case, "links"), &sibling).await.expect(201);
    let hidden = node.create(&investigator, at(&case, "links"), &ring(&other)).await.expect(201);
    let page = node.get(&child_protection(), at(&case, "links?limit=1")).await.expect(200).json();
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1), "the page is full");
    assert!(page["nextCursor"].is_null(), "and nothing follows: {page}");
    let made = node.create(&child_protection(), at(&case, "links"), &ring(&other)).await.expect(201);
    assert_eq!(made.json()["confidentiality"], "lead_agency");
    for (who, made_by_them) in [(&investigator, &case), (&child_protection(), &other)] {
        node.create(
            who,
            at(made_by_them, "links"),
            &ring(if made_by_them == &case { &other } else { &case }),
        )
        .await
        .refused(409, "state-conflict");
    }
    // The agency that made it is no reason to know of it: the role is.
    for role in ["screener", "case_manager"] {
        let it = police().in_role(role);
        node.get(&it, at(&case, &format!("links/{}", hidden.id()))).await.refused(404, "not-found");
    }
}

#[actix_web::test]
async fn whoever_takes_the_lead_learns_nothing_of_the_links_that_investigators_keep() {
    let node = TestNode::start().await;
    let (case, other) = (node.given_handover().await, node.given_case().await);
    let (ours, theirs) = (child_protection(), police_manager());
    let _ = node.life(&theirs, &case, "confirm-handover", &arrived()).await.expect(200);
    let investigator = police().in_role("investigator");
    let _ = node.create(&investigator, at(&case, "links"), &ring(&other)).await.expect(201);
    let mut body = asking(&case, &ours);
    body["send"] = package();
    let id = node.create(&theirs, "/v1/referrals", &body).await.expect(201).id();
    let _ = node.referral_act(&ours, &id, "acknowledge", &json!({})).await.expect(200);
    let _ = node.referral_act(&ours, &id, "accept", &accepting()).await.expect(200);
    let back = json!({ "toAgencyId": ours.agency().id.to_string(), "reasons": "They know the child." });
    let _ = node.life(&theirs, &case, "propose-handover", &back).await.expect(200);
    let _ = node.life(&ours, &case, "confirm-handover", &arrived()).await.expect(200);
    let told = async |subject: &str| {
        let it = node.get(&ours, at(&case, &format!("timeline?subject={subject}"))).await.expect(200).json();
        it["data"].as_array().cloned().unwrap_or_default()
    };
    assert_eq!(told("case_link").await, Vec::<Value>::new());
    assert!(told("case").await.len() > 4, "the rest of the file is one");
}

#[actix_web::test]
async fn a_token_for_one_case_hears_of_no_other() {
    let node = TestNode::start().await;
    let (case, _other) = (node.given_case().await, node.given_case().await);
    node.place_events();
    let cases = async |who: &crate::support::Who| {
        let it = node.get(who, "/v1/events").await.expect(200).json();
        let mut all: Vec<_> =
            it["data"].as_array().expect("data").iter().map(|it| it["caseId"].clone()).collect();
        all.dedup();
        all
    };
    assert!(cases(&police_manager()).await.len() > 1);
    assert_eq!(cases(&police_manager().bound_to(&case)).await, [json!(case)]);
}

#[actix_web::test]
async fn a_list_tells_the_identification_only_to_those_who_read_of_it() {
    let node = TestNode::start().await;
    let case = node.given_presumed_case().await;
    let _ = node.given_accepted_referral(&case, &shelter()).await;
    for (who, reads) in [(child_protection(), true), (shelter(), false)] {
        let whole = node.get(&who, format!("/v1/cases/{case}")).await.expect(200).json();
        let list = node.get(&who, "/v1/cases").await.expect(200).json();
        let line = &list["data"][0];
        assert_eq!(line["id"], case.as_str());
        assert_eq!(line["identificationStatus"].is_string(), reads, "{line}");
        assert_eq!(whole["identification"].is_object(), reads, "as the case itself");
    }
}
