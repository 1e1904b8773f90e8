//! Lists: walked to their end without a gap or a double, by cursors that belong to them.

use serde_json::{Value, json};

use crate::support::{
    Operation, Seen, TestNode, Who, another_mik, barnahus, begging, child_protection, client,
    data_protection, focal_point, operations, police, police_manager, service_of_barnahus, shut_out,
    supervisor, taking_part,
};

struct List {
    who: Who,
    target: String,
    cursor: &'static str,
}

/// Every list of the contract, with at least three rows in each that a test can fill.
async fn lists(node: &TestNode) -> Vec<List> {
    let me = police_manager();
    let case = node.given_case().await;
    for n in 0..4 {
        let concern = json!({ "description": format!("Concern {n}"), "location": "Market square" });
        let _ = node.create(&me, "/v1/concerns", &concern).await.expect(201);
        let _ = node.given_case().await;
        let _ = node.given_episode(&case).await;
        let _ = node.given_sent_referral(&case, &barnahus()).await;
        let _ = node.get(&me.clone().named(&format!("p-{n}")), "/v1/me").await.expect(200);
    }
    let told = node.given_sent_referral(&case, &barnahus()).await.id();
    for n in 0..3 {
        let message = json!({ "text": format!("Message {n}") });
        let _ = node.create(&me, format!("/v1/referrals/{told}/messages"), &message).await.expect(201);
    }
    let assessment = Operation::named("createAgeAssessment").example();
    for _ in 0..3 {
        let path = format!("/v1/cases/{case}/age-assessments");
        let _ = node.create(&me, path, &assessment).await.expect(201);
    }
    let child = another_mik();
    for _ in 0..3 {
        let elsewhere = node.given_case_of(&me, &child).await;
        node.database.give_case_to(&elsewhere, "tallinn-barnahus");
    }
    let matched = node.given_case_of(&child_protection(), &child).await;
    for (operation, collection) in [
        ("createContact", "contacts"),
        ("createMovement", "movements"),
        ("createNote", "notes"),
        ("createDocument", "documents"),
        ("createCaseLink", "links"),
    ] {
        for _ in 0..3 {
            let mut example = Operation::named(operation).example();
            if example.get("otherCaseId").is_some() {
                example["otherCaseId"] = node.given_case().await.into();
            }
            let _ = node.create(&me, format!("/v1/cases/{case}/{collection}"), &example).await.expect(201);
        }
    }
    for _ in 0..3 {
        let _ = node.get(&me, format!("/v1/cases/{case}")).await.expect(200);
    }
    let looked = node.get(&me, "/v1/me").await.expect(200).text("professionalId");
    let (part, apart) = (client("tallinn-dentist"), client("tartu-child-clinic"));
    for _ in 0..3 {
        let _ = node.given_participant(&case, &taking_part(&part, None, &["d1_identity"])).await;
        let _ = node.given_restriction(&case, &shut_out(&apart)).await;
    }
    let emergency = Operation::named("createEmergencyAccess").example();
    for n in 0..3 {
        let who = client("narva-ngo").named(&format!("p-{n}")).bound_to(&case);
        let path = format!("/v1/cases/{case}/emergency-access");
        let _ = node.create(&who, path, &emergency).await.expect(201);
    }
    let asked = Operation::named("createDataRequest").example();
    for _ in 0..3 {
        let path = format!("/v1/cases/{case}/data-requests");
        let _ = node.create(&child_protection(), path, &asked).await.expect(201);
    }
    for _ in 0..3 {
        let _ = node.given_abroad_draft(&case, "tr_assistance_referral").await;
    }
    let request = node.given_abroad(&case, "tr_assistance_referral", "accept").await;
    node.place_events();
    let lists: Vec<List> = operations()
        .into_iter()
        .filter(|it| it.ours() && it.method == "GET")
        .filter_map(|it| {
            let named =
                |name: &'static str| it.parameters().iter().any(|it| it["name"] == name).then_some(name);
            let cursor = named("cursor").or(named("after"))?;
            let place =
                if it.path.contains("agencies") { barnahus().agency().id.to_string() } else { case.clone() };
            let path = it.path.replace("{id}", &place);
            let (target, who) = match it.id {
                "listReferrals" => (format!("{path}?box=inbox"), barnahus()),
                "listDeadlines" => (format!("{path}?scope=agency"), barnahus()),
                "listCaseMatches" => (it.path.replace("{id}", &matched), child_protection()),
                "listCaseEmergencyAccess" | "listEmergencyAccess" => (path, supervisor()),
                "listCaseDataRequests" => (path, child_protection()),
                "listDataRequests" => (path, data_protection()),
                "listTransnationalRequests" => (format!("{path}?box=out"), child_protection()),
                "listTransnationalMessages" => (it.path.replace("{id}", &request), child_protection()),
                "listReferralMessages" => (it.path.replace("{id}", &told), barnahus()),
                // What others write while the pages are read is not in them.
                "listAccessLog" => (format!("{path}?professionalId={looked}"), data_protection()),
                "listDisclosures" => (path, data_protection()),
                _ => (path, me.clone()),
            };
            Some(List { who, target, cursor })
        })
        .collect();
    assert!(lists.len() >= 16, "{} lists", lists.len());
    lists
}

impl List {
    async fn page(&self, node: &TestNode, query: &str) -> Seen {
        let joint = if self.target.contains('?') { '&' } else { '?' };
        node.get(&self.who, format!("{}{joint}{query}", self.target)).await
    }
}

fn rows(seen: &Seen) -> Vec<Value> {
    seen.json()["data"].as_array().expect("data").clone()
}

fn next(seen: &Seen) -> Option<String> {
    seen.json()["nextCursor"].as_str().map(str::to_owned)
}

#[actix_web::test]
async fn every_list_is_walked_without_a_gap_or_a_double() {
    let node = TestNode::start().await;
    for list in lists(&node).await {
        let whole = rows(&list.page(&node, "limit=200").await.expect(200));
        assert!(whole.len() >= 2, "{} has too little to walk", list.target);
        let mut walked = Vec::new();
        let mut query = "limit=2".to_owned();
        loop {
            let page = list.page(&node, &query).await.expect(200);
            let found = rows(&page);
            assert!(found.len() <= 2);
            let more = next(&page);
            let feed = list.cursor == "after";
            if !feed {
                let link = more.as_ref().map(|it| format!("cursor={it}>; rel=\"next\""));
                let given = page.header("link");
                assert_eq!(link.is_some(), given.is_some(), "{}", list.target);
                assert!(link.is_none_or(|it| given.is_some_and(|given| given.ends_with(&it))), "{given:?}");
            }
            let end = found.is_empty();
            assert!(feed || !end, "{} has an empty last page", list.target);
            walked.extend(found);
            match more {
                Some(it) if !(feed && end) => query = format!("limit=2&{}={it}", list.cursor),
                _ => break,
            }
            assert!(walked.len() <= whole.len(), "{} never ends", list.target);
        }
        assert_eq!(walked, whole, "{}", list.target);
    }
}

#[actix_web::test]
async fn the_link_leads_to_the_next_page() {
    let node = TestNode::start().await;
    for list in lists(&node).await.into_iter().filter(|it| it.cursor == "cursor") {
        let first = list.page(&node, "limit=1").await.expect(200);
        let link = first.header("link").expect("a link");
        let target =
            link.strip_prefix('<').and_then(|it| it.split('>').next()).expect("an address").to_owned();
        let second = node.get(&list.who, target).await.expect(200);
        let both = rows(&list.page(&node, "limit=2").await.expect(200));
        assert_eq!(rows(&second), &both[1..], "{}", list.target);
    }
}

#[actix_web::test]
async fn a_limit_is_a_plain_number_from_1_to_200() {
    let node = TestNode::start().await;
    for list in lists(&node).await {
        for bad in ["0", "-1", "201", "4294967296", "1e3", "%2B5", "", "%EF%BC%95", "05", "1.0", "0x5"] {
            list.page(&node, &format!("limit={bad}")).await.refused(400, "invalid-parameter");
        }
        for good in ["1", "200"] {
            let _ = list.page(&node, &format!("limit={good}")).await.expect(200);
        }
    }
}

#[actix_web::test]
async fn a_cursor_belongs_to_its_list_and_its_reader() {
    let node = TestNode::start().await;
    let all = lists(&node).await;
    let mut before: Option<String> = None;
    for list in &all {
        let cursor = next(&list.page(&node, "limit=1").await.expect(200)).expect("a cursor");
        let mut flipped: Vec<u8> = cursor.bytes().collect();
        let middle = flipped.len() / 2;
        flipped[middle] = if flipped[middle] == b'A' { b'B' } else { b'A' };
        let flipped = String::from_utf8(flipped).expect("text");
        let cut = cursor[..cursor.len() - 4].to_owned();
        let random = "A".repeat(cursor.len());
        for bad in [flipped, cut, random, "A".to_owned()].into_iter().chain(before.replace(cursor.clone())) {
            list.page(&node, &format!("{}={bad}", list.cursor)).await.refused(400, "invalid-cursor");
        }
        let form = list.page(&node, &format!("{}=%3D%3D", list.cursor)).await;
        form.refused(400, "invalid-parameter");
        let query = format!("{}={cursor}", list.cursor);
        let _ = list.page(&node, &query).await.expect(200);
        if !list.target.contains("/cases/") {
            let mut who = child_protection();
            if list.target.contains("/emergency-access") {
                who = police().in_role("supervisor");
            }
            if list.target.contains("/transnational-requests") {
                who = focal_point();
            }
            if list.target.contains("/audit/") {
                who = who.for_purpose("data_subject_request");
            }
            let stranger = List { who, target: list.target.clone(), ..*list };
            stranger.page(&node, &query).await.refused(400, "invalid-cursor");
        }
    }
}

#[actix_web::test]
async fn a_cursor_belongs_to_its_filters() {
    let node = TestNode::start().await;
    let _ = lists(&node).await;
    let table = [
        ("/v1/cases?status=intake&limit=1", "/v1/cases?limit=1"),
        ("/v1/agencies?country=EE&limit=1", "/v1/agencies?country=LV&limit=1"),
        ("/v1/referrals?box=outbox&limit=1", "/v1/referrals?box=outbox&urgency=urgent&limit=1"),
    ];
    for (made, used) in table {
        let cursor = next(&node.get(&police_manager(), made).await.expect(200)).expect("a cursor");
        let _ = node.get(&police_manager(), format!("{made}&cursor={cursor}")).await.expect(200);
        node.get(&police_manager(), format!("{used}&cursor={cursor}")).await.refused(400, "invalid-cursor");
    }
}

#[actix_web::test]
async fn a_cursor_lives_a_day_and_that_of_the_feed_for_ever() {
    let node = TestNode::start().await;
    for list in lists(&node).await {
        let cursor = next(&list.page(&node, "limit=1").await.expect(200)).expect("a cursor");
        let query = format!("{}={cursor}", list.cursor);
        node.clock.advance(23 * 3600);
        let _ = list.page(&node, &query).await.expect(200);
        node.clock.advance(2 * 3600);
        let seen = list.page(&node, &query).await;
        if list.cursor == "after" {
            let _ = seen.expect(200);
        } else {
            seen.refused(400, "invalid-cursor");
        }
    }
}

#[actix_web::test]
async fn what_is_added_while_walking_shifts_nothing() {
    let node = TestNode::start().await;
    let screening = json!({ "observations": begging() });
    for _ in 0..4 {
        let _ = node.create(&police(), "/v1/screenings", &screening).await.expect(201);
    }
    let there: Vec<Value> = rows(&node.get(&police(), "/v1/screenings").await);
    let mut walked = Vec::new();
    let mut target = "/v1/screenings?limit=1".to_owned();
    loop {
        let page = node.get(&police(), target).await.expect(200);
        walked.extend(rows(&page));
        let _ = node.create(&police(), "/v1/screenings", &screening).await.expect(201);
        let Some(cursor) = next(&page) else { break };
        target = format!("/v1/screenings?limit=1&cursor={cursor}");
    }
    assert_eq!(walked, there);
}

#[actix_web::test]
async fn filters_leave_what_they_name() {
    let node = TestNode::start().await;
    let presumed = node.given_presumed_case().await;
    let intake = node.given_case().await;
    let sent = node.given_sent_referral(&presumed, &barnahus()).await.id();
    let draft = node.given_draft(&intake, &barnahus()).await.id();
    let ids = async |path: &str| -> Vec<Value> {
        rows(&node.get(&police_manager(), path).await.expect(200))
            .into_iter()
            .map(|it| it["id"].clone())
            .collect()
    };
    assert_eq!(ids("/v1/cases?status=open").await, [json!(presumed)]);
    assert_eq!(ids("/v1/cases?status=intake").await, [json!(intake)]);
    assert_eq!(ids("/v1/referrals?box=outbox").await, [json!(draft), json!(sent)]);
    assert_eq!(ids("/v1/referrals?box=outbox&status=sent").await, [json!(sent)]);
    assert_eq!(ids(&format!("/v1/referrals?box=outbox&caseId={intake}")).await, [json!(draft)]);
    assert_eq!(ids("/v1/referrals?box=outbox&urgency=standard").await, [] as [Value; 0]);
    assert_eq!(ids("/v1/referrals?box=inbox").await, [] as [Value; 0]);
    assert_eq!(
        ids("/v1/agencies?country=EE&agencyType=barnahus").await,
        [json!(barnahus().agency().id.to_string())]
    );
    let dentist = client("tallinn-dentist").agency().id.to_string();
    assert_eq!(ids("/v1/agencies?service=dental").await, [json!(dentist)]);
    assert_eq!(ids("/v1/agencies?service=dental&area=EE-37").await, [json!(dentist)]);
    assert_eq!(ids("/v1/agencies?service=dental&area=EE-79").await, [] as [Value; 0]);
    node.get(&police(), "/v1/referrals").await.refused(400, "invalid-parameter");
    for bad in ["status=OPEN", "status=", "status=nonsense"] {
        node.get(&police(), format!("/v1/cases?{bad}")).await.refused(400, "invalid-parameter");
    }
    let services = format!("/v1/agencies/{}/services", barnahus().agency().id);
    assert!(ids(&services).await.contains(&json!(service_of_barnahus())));
    assert!(Operation::named("listCases").ours());
}
