//! A database that goes away and comes back: what is asked meanwhile, and what is left of it.

use serde_json::json;

use crate::support::{TestNode, begging, police, police_manager};

#[actix_web::test]
async fn a_restart_of_the_database_is_not_noticed() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    for _ in 0..3 {
        node.database.cut_connections();
        let _ = node.get(&police_manager(), format!("/v1/cases/{case}")).await.expect(200);
        node.database.cut_connections();
        let body = json!({ "observations": begging() });
        let _ = node.create(&police_manager(), "/v1/screenings", &body).await.expect(201);
        node.database.cut_connections();
        let _ = node.fresh_token(&police()).await;
    }
}

#[actix_web::test]
async fn without_the_database_nothing_is_done_and_with_it_the_same_key_does_it_once() {
    let node = TestNode::impatient().await;
    let me = police_manager();
    let _ = node.token(&me).await;
    let body = json!({ "observations": begging() });
    let post = || node.ask("POST", "/v1/screenings").by(&me).key("k").json(&body).send();
    node.database.set_reachable(false);
    post().await.refused(503, "database-unavailable");
    node.get(&me, "/v1/screenings").await.refused(503, "database-unavailable");
    node.ask("GET", "/readyz").send().await.refused(503, "database-unavailable");
    let _ = node.ask("GET", "/livez").send().await.expect(200);
    let assertion = node.assertion(&me).by(&node.client_key);
    let form = TestNode::token_form(&assertion, None);
    let token = node.ask("POST", "/oauth/token").form(&form).send().await.expect(503);
    assert_eq!(token.text("error"), "temporarily_unavailable");
    node.database.set_reachable(true);
    let made = post().await.expect(201);
    assert_eq!(made.header("idempotency-replayed"), None);
    assert_eq!(post().await.expect(201).id(), made.id());
    let list = node.get(&me, "/v1/screenings").await.expect(200).json();
    assert_eq!(list["data"].as_array().map(Vec::len), Some(1));
}
