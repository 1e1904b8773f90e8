//! What is offered is done: each act that a case, its identification or its life offers somebody is neither hidden from nor
//! refused to it for what it is, whether it takes part by a grant, by an emergency access, or by both.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{
    Operation, TestNode, Who, child_protection, client, fresh_key, operations, police, shelter, supervisor,
    taking_part,
};

/// What shows what can be done.
const SHOWS: [&str; 3] = ["", "/identification?include=blockedActions", "/lifecycle?include=blockedActions"];

fn strings(all: &Value, member: &str) -> Vec<String> {
    let all = all.as_array().into_iter().flatten();
    all.filter_map(|it| it[member].as_str().map(str::to_owned)).collect()
}

/// The operation behind an offer.
fn behind(href: &str) -> Operation {
    let fits = |it: &Operation| {
        let (wanted, given) = (it.path.split('/'), href.split('/'));
        it.method == "POST"
            && wanted.clone().count() == given.clone().count()
            && wanted.zip(given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    let mut all: Vec<_> = operations().into_iter().filter(fits).collect();
    all.sort_by_key(|it| it.path.matches('{').count());
    *all.first().unwrap_or_else(|| panic!("nothing is done at {href}"))
}

/// Tries everything that a caller is offered of a case, without doing it; what was offered and what was said to be refused.
async fn tried(node: &TestNode, who: &Who, case: &str) -> (BTreeSet<String>, usize) {
    let (mut offered, mut blocked) = (BTreeSet::new(), 0);
    for below in SHOWS {
        let seen = node.get(who, format!("/v1/cases/{case}{below}")).await;
        if seen.status != 200 {
            continue;
        }
        let it = seen.json();
        blocked += strings(&it["blockedActions"], "action").len();
        for href in strings(&it["allowedActions"], "href") {
            let operation = behind(&href);
            let ask = node.ask("POST", format!("{href}?validateOnly=true")).by(who).key(&fresh_key());
            let done = ask.if_match(&seen.tag()).json(&operation.example()).send().await;
            assert!(
                ![403, 404].contains(&done.status),
                "{who:?} was offered {href} and answered {}",
                done.told()
            );
            offered.insert(operation.id.to_owned());
        }
    }
    (offered, blocked)
}

async fn opens(node: &TestNode, who: &Who, case: &str) {
    let justification = "A girl at the door says that he is near; nobody answers the telephone.";
    let body = json!({ "reasonCode": "immediate_danger", "justification": justification, "minutes": 30 });
    let _ = node.create(who, format!("/v1/cases/{case}/emergency-access"), &body).await.expect(201);
}

#[actix_web::test]
async fn whoever_is_let_in_by_an_emergency_is_offered_nothing() {
    let (node, world) = TestNode::in_a_world().await;
    let roles = [
        client("ee-focal-point").in_role("case_manager"),
        client("tallinn-barnahus").in_role("screener"),
        shelter().in_role("duty_officer"),
        client("narva-ngo").in_role("screener"),
    ];
    let (mut blocked, mut given) = (0, BTreeSet::new());
    for (n, case) in world.cases().into_iter().enumerate() {
        for who in &roles {
            // Nobody opens more than three in a month.
            let who = who.clone().named(&format!("p-offered-{n}-{}", who.client)).bound_to(case);
            let granted = node.get(&who, format!("/v1/cases/{case}")).await.status == 200;
            if granted {
                continue;
            }
            opens(&node, &who, case).await;
            let (offered, refused) = tried(&node, &who, case).await;
            assert_eq!(offered, BTreeSet::new(), "{who:?}");
            blocked += refused;
            // The same person, once it takes part as well: what it was given decides, not what the emergency shows.
            let body = taking_part(&who, None, &["d1_identity"]);
            if node.create(&child_protection(), format!("/v1/cases/{case}/participants"), &body).await.status
                == 201
            {
                given.extend(tried(&node, &who, case).await.0);
            }
        }
    }
    assert!(blocked > 500, "{blocked} refused");
    assert!(given.contains("reportChildMissing") && !given.contains("presumeVictim"), "{given:?}");
}

#[actix_web::test]
async fn whoever_takes_part_by_a_grant_can_do_what_is_offered() {
    let (node, world) = TestNode::in_a_world().await;
    let mut given = BTreeSet::new();
    let guests = [
        (client("ee-focal-point"), &["d1_identity", "d6_identification_decision"][..]),
        (client("tallinn-barnahus"), &["d6_identification_decision"][..]),
        (shelter(), &["d1_identity"][..]),
        (client("narva-ngo"), &["d14_risk_safety"][..]),
    ];
    for case in world.cases() {
        for (who, classes) in &guests {
            let body = taking_part(who, None, classes);
            let made =
                node.create(&child_protection(), format!("/v1/cases/{case}/participants"), &body).await;
            for role in ["case_manager", "supervisor"] {
                let who = who.clone().in_role(role).bound_to(case);
                if made.status == 201 {
                    given.extend(tried(&node, &who, case).await.0);
                }
            }
        }
    }
    assert!(given.len() > 5, "{given:?}");
}

/// The classes in which a caller is offered to add something to the file of a case; each is offered where it can be done, and
/// nowhere else.
async fn added(node: &TestNode, who: &Who, case: &str) -> BTreeSet<String> {
    let who = who.clone().bound_to(case);
    let access = node.get(&who, format!("/v1/me/access?caseId={case}")).await.expect(200).json();
    let mut all = BTreeSet::new();
    for class in access["classes"].as_array().expect("classes") {
        let offered = strings(&class["allowedActions"], "href");
        for (operation, below) in [("createNote", "notes"), ("createDocument", "documents")] {
            let place = format!("/v1/cases/{case}/{below}");
            let mut body = Operation::named(operation).example();
            body["category"] = class["dataClass"].clone();
            let ask = node.ask("POST", format!("{place}?validateOnly=true")).by(&who).key(&fresh_key());
            let tried = ask.json(&body).send().await;
            let done = tried.status == 200;
            assert_eq!(offered.contains(&place), done, "{operation} by {who:?}: {class}, {}", tried.told());
            assert!(!done || class["write"] == true, "{class} for {who:?}");
        }
        all.extend(class["dataClass"].as_str().filter(|_| !offered.is_empty()).map(str::to_owned));
    }
    all
}

#[actix_web::test]
async fn whoever_may_add_to_the_file_is_told_in_which_class_and_nobody_else_is() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let doctor = client("tartu-child-clinic");
    for (who, class, access) in [
        (&doctor, "d7_health", "write"),
        (&client("tallinn-clinic"), "d7_health", "read"),
        (&shelter(), "d14_risk_safety", "write"),
    ] {
        let mut body = taking_part(who, None, &[class, "d1_identity"]);
        body["classes"][0]["access"] = json!(access);
        let _ = node.given_participant(&case, &body).await;
    }
    let of = |classes: &[&str]| classes.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>();
    for (who, wanted) in [
        (doctor.clone(), &["d7_health"][..]),
        (doctor.clone().in_role("case_manager"), &[]),
        (client("tallinn-clinic"), &[]),
        (shelter(), &["d14_risk_safety"]),
    ] {
        assert_eq!(added(&node, &who, &case).await, of(wanted), "{who:?}");
    }
    for who in [child_protection(), supervisor(), police()] {
        assert!(added(&node, &who, &case).await.contains("d14_risk_safety"), "{who:?}");
    }
    assert!(
        !added(&node, &child_protection().in_role("identification_officer"), &case)
            .await
            .contains("d14_risk_safety")
    );
    // Whoever is let in by an emergency reads the file and adds nothing to it.
    let focal = client("ee-focal-point").in_role("case_manager").bound_to(&case);
    opens(&node, &focal, &case).await;
    assert_eq!(added(&node, &focal, &case).await, of(&[]));
    // Nor does anybody to a case that has ended.
    let ended = node.given_closed_case().await;
    for who in [child_protection(), supervisor()] {
        assert_eq!(added(&node, &who, &ended).await, of(&[]), "{who:?}");
        let access = node.get(&who, format!("/v1/me/access?caseId={ended}")).await.expect(200).json();
        assert!(access["classes"].as_array().expect("classes").iter().all(|it| it["write"] == false));
    }
}
