//! What comes in before there is a case: whoever wrote it reads it, and whoever looks at what comes in.

use serde_json::{Value, json};

use crate::support::{TestNode, Who, child_protection, client, police, shelter};

async fn listed(node: &TestNode, who: &Who, path: &str) -> Vec<Value> {
    let it = node.get(who, path).await.expect(200).json();
    it["data"].as_array().into_iter().flatten().map(|it| it["id"].clone()).collect()
}

#[actix_web::test]
async fn a_reporter_reads_its_own_concern_and_no_colleagues() {
    let node = TestNode::start().await;
    let school = client("tallinn-school");
    let (author, colleague) =
        (school.clone().in_role("reporter"), school.clone().in_role("reporter").named("p-other"));
    let principal = school.in_role("supervisor");
    let body = json!({ "description": "A girl comes to school in the same clothes.", "location": "Invented School" });
    let id = node.create(&author, "/v1/concerns", &body).await.expect(201).id();
    let path = format!("/v1/concerns/{id}");
    for who in [&author, &principal, &child_protection(), &child_protection().in_role("duty_officer")] {
        let it = node.get(who, path.as_str()).await.expect(200).json();
        assert_eq!(it["description"], body["description"], "{who:?}");
        assert_eq!(listed(&node, who, "/v1/concerns").await, [json!(id)], "{who:?}");
    }
    node.get(&colleague, path.as_str()).await.refused(404, "not-found");
    assert_eq!(listed(&node, &colleague, "/v1/concerns").await, [""; 0]);
}

#[actix_web::test]
async fn a_screening_is_for_who_screened_and_who_looks_at_intake() {
    let node = TestNode::start().await;
    let id = node.given_screening(&shelter().in_role("case_manager")).await;
    let path = format!("/v1/screenings/{id}");
    let _ = node.get(&shelter().in_role("supervisor"), path.as_str()).await.expect(200);
    node.get(&shelter(), path.as_str()).await.refused(404, "not-found");
    assert_eq!(listed(&node, &shelter(), "/v1/screenings").await, [""; 0]);
    let own = node.given_screening(&shelter()).await;
    let _ = node.get(&shelter(), format!("/v1/screenings/{own}")).await.expect(200);
    assert_eq!(listed(&node, &shelter(), "/v1/screenings").await, [json!(own)]);
    node.get(&police(), path.as_str()).await.refused(404, "not-found");
}
