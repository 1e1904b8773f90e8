//! What holds for every operation, whatever it is about.

mod actions;
mod concurrency;
mod dry_run;
mod idempotency;
mod lists;
mod outage;
mod problems;
mod routing;

use crate::support::TestNode;

#[actix_web::test]
async fn every_operation_does_what_its_example_says() {
    let (node, world) = TestNode::in_a_world().await;
    for it in world.all(&node).await {
        let seen = it.ask(&node).send().await;
        let wanted =
            if it.operation.id.starts_with("create") || it.operation.id == "putCase" { 201 } else { 200 };
        assert_eq!(seen.status, wanted, "{}: {}", it.operation.id, seen.told());
        if wanted == 201 {
            let place = seen.header("location").expect("a Location").to_owned();
            assert!(place.ends_with(&seen.id()), "{place}");
            let there = node.get(&it.who, place).await.expect(200);
            assert_eq!(there.tag(), seen.tag(), "{}: the tag of what was created", it.operation.id);
        }
    }
}
