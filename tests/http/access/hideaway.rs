//! Agencies with a confidential location take part in everything there is, and every answer about a case is read by everybody
//! who has a part in it and may not read where the child is: no byte of it tells of them. The lead's case manager is told.

use std::collections::{BTreeMap, BTreeSet};

use domain::{CodeList as _, access::Operation as Row, vocabulary::DataClass};
use serde_json::{Value, json};

use crate::support::{
    Operation, Seen, Specimens, TestNode, Who, accepting, barnahus, child_protection, client,
    data_protection, focal_point, operations, police, police_manager, resolved, shelter, supervisor,
    taking_part,
};

/// What is said where an agency is not named.
const WITHHELD: &str = "confidential_location";

/// Where single things lie below a list, by the parameter that names them.
fn reads() -> Vec<Operation> {
    let told = |it: &Operation| Row::find(it.id).is_some_and(|it| it.logged && it.names_who_takes_part());
    let bytes = |it: &Operation| it.id == "getDocumentContent" || it.id == "getMyAccess";
    operations().into_iter().filter(|it| it.method == "GET" && told(it) && !bytes(it)).collect()
}

/// The queries of a list that asks whose things are wanted.
fn queries(operation: &Operation) -> Vec<String> {
    let asked = operation.parameters().into_iter().find(|it| it["in"] == "query" && it["required"] == true);
    let Some(asked) = asked else { return vec![String::new()] };
    let values = resolved(&asked["schema"])["enum"].as_array().expect("codes").iter();
    let name = asked["name"].as_str().expect("a name");
    values.map(|it| format!("?{name}={}", it.as_str().expect("a code"))).collect()
}

/// All of a list: every page of it.
async fn pages(node: &TestNode, who: &Who, path: &str) -> Vec<Seen> {
    let mut all = Vec::new();
    let mut next = Some(String::new());
    while let Some(cursor) = next {
        let sign = if path.contains('?') { '&' } else { '?' };
        let from = if path == "/v1/events" { "after" } else { "cursor" };
        let more = if cursor.is_empty() { String::new() } else { format!("&{from}={cursor}") };
        let seen = node.get(who, format!("{path}{sign}limit=200{more}")).await;
        let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
        let full = body["data"].as_array().is_some_and(|it| it.len() == 200);
        next = body["nextCursor"].as_str().filter(|_| full).map(str::to_owned);
        all.push(seen);
    }
    all
}

/// The ids in a list, as some callers read it.
async fn listed(node: &TestNode, by: &[&Who], path: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for who in by {
        for seen in pages(node, who, path).await {
            let body: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
            let things = body["data"].as_array().into_iter().flatten();
            ids.extend(things.filter_map(|it| it["id"].as_str().map(str::to_owned)));
        }
    }
    ids
}

/// Every target of an operation: its path with the ids of all that there is, as far as some callers can list it.
async fn targets(node: &TestNode, by: &[&Who], operation: &Operation) -> Vec<String> {
    let mut paths = vec![String::new()];
    let mut template = String::new();
    for part in operation.path.trim_start_matches('/').split('/') {
        let list = operations().into_iter().find(|it| it.method == "GET" && it.path == template);
        let mut longer = Vec::new();
        for path in paths {
            if !part.starts_with('{') {
                longer.push(format!("{path}/{part}"));
                continue;
            }
            let mut ids = BTreeSet::new();
            for query in list.as_ref().map(queries).unwrap_or_default() {
                ids.extend(listed(node, by, &format!("{path}{query}")).await);
            }
            longer.extend(ids.into_iter().map(|it| format!("{path}/{it}")));
        }
        paths = longer;
        template = format!("{template}/{part}");
    }
    let queries = queries(operation);
    paths.iter().flat_map(|path| queries.iter().map(move |it| format!("{path}{it}"))).collect()
}

/// An agency makes its location confidential.
async fn hide(node: &TestNode, who: &Who) {
    let path = format!("/v1/agencies/{}", who.agency().id);
    let tag = node.get(who, path.as_str()).await.expect(200).tag();
    let _ = node.patch(who, path, &tag, &json!({ "confidentialLocation": true })).await.expect(200);
}

/// What tells of an agency: its id, its name, and the ids of its professionals, services and system.
async fn secrets(node: &TestNode, who: &Who) -> Vec<String> {
    let it = who.agency();
    let mut all = vec![it.id.to_string(), it.agency().name.clone()];
    all.extend(listed(node, &[who], "/v1/professionals").await);
    all.extend(listed(node, &[who], &format!("/v1/agencies/{}/services", it.id)).await);
    let client = node.node.store.client(&who.client).expect("reads").expect("a client");
    all.push(client.id.to_string());
    all
}

/// Whatever one reader is answered.
async fn answers(node: &TestNode, who: &Who, operation: &Operation, target: &str) -> Vec<Seen> {
    let list = operation.value["responses"]["200"]["headers"]["Link"].is_object();
    if list { pages(node, who, target).await } else { vec![node.get(who, target).await] }
}

fn whole(seen: &Seen) -> String {
    format!("{:?}{}", seen.headers, String::from_utf8_lossy(&seen.body))
}

/// The classes that are given to guests: all but where the child is.
fn classes() -> Vec<String> {
    let all = DataClass::ALL.iter().filter(|it| **it != DataClass::D2Whereabouts);
    all.map(ToString::to_string).collect()
}

/// Readers who may not read where the child is: guests with as much else as they can be given, guests with little, a referral's
/// receiver, roles of the lead, and systems with nobody behind them.
async fn given_readers(node: &TestNode, world: &Specimens) -> Vec<Who> {
    let lead = child_protection();
    let wide =
        [shelter(), client("tallinn-clinic"), client("ee-prosecution"), client("narva-ngo"), barnahus()];
    for case in ["case", "other"] {
        let path = format!("/v1/cases/{}/participants", world.id(case));
        for who in &wide {
            let mut given = 0;
            for class in classes() {
                let mut body = taking_part(who, None, &[&class]);
                body["classes"][0]["order"] = json!("Order 12 of the court.");
                given += usize::from(node.create(&lead, path.as_str(), &body).await.status == 201);
            }
            assert!(given > 3, "{who:?} is given {given} classes");
        }
    }
    let narrow = client("tallinn-dentist");
    for case in world.cases() {
        let body = taking_part(&narrow, None, &["d15_referral_metadata"]);
        let _ = node.create(&lead, format!("/v1/cases/{case}/participants"), &body).await;
    }
    let mut all = vec![
        shelter(),
        shelter().in_role("case_manager"),
        client("tallinn-clinic"),
        client("tallinn-clinic").in_role("case_manager"),
        client("ee-prosecution"),
        client("narva-ngo").in_role("lawyer"),
        barnahus(),
        focal_point(),
        narrow,
        lead.in_role("identification_officer"),
    ];
    all.extend([shelter(), barnahus(), child_protection()].map(Who::unattended));
    all
}

#[actix_web::test]
async fn no_answer_names_who_hides_a_child_to_whoever_may_not_read_where_it_is() {
    let (node, world) = TestNode::in_a_world().await;
    let readers = given_readers(&node, &world).await;
    let hideaways = [
        police(),
        barnahus(),
        child_protection(),
        focal_point(),
        client("narva-ngo"),
        client("tallinn-shelter"),
    ];
    let mut of_each = Vec::new();
    for who in &hideaways {
        of_each.push((who.agency().id, secrets(&node, who).await));
    }
    for who in &hideaways[..4] {
        hide(&node, who).await;
    }
    node.place_events();
    let lead = child_protection();
    let finders =
        [lead.clone(), police_manager(), barnahus(), supervisor(), data_protection(), focal_point()];
    let finders: Vec<&Who> = finders.iter().collect();
    let (mut told, mut kept) = (BTreeSet::<&str>::new(), BTreeMap::<&str, usize>::new());
    let mut leaks = BTreeMap::<String, String>::new();
    for operation in reads() {
        for target in targets(&node, &finders, &operation).await {
            for seen in answers(&node, &lead, &operation, &target).await {
                let text = whole(&seen);
                let named = of_each.iter().any(|(_, all)| all.iter().any(|it| text.contains(it)));
                told.extend((seen.status == 200 && named).then_some(operation.id));
            }
            for who in readers.iter().filter(|it| !chose(it, &operation)) {
                for seen in answers(&node, who, &operation, &target).await {
                    let text = whole(&seen);
                    let others = of_each.iter().filter(|it| it.0 != who.agency().id);
                    for found in others.flat_map(|it| &it.1).filter(|it| text.contains(*it)) {
                        let place = format!("{} to {who:?}", operation.id);
                        leaks.entry(place).or_insert_with(|| format!("{found} in {text}"));
                    }
                    let said = seen.status == 200 && text.contains(WITHHELD);
                    *kept.entry(operation.id).or_default() += usize::from(said);
                }
            }
        }
    }
    assert!(leaks.is_empty(), "{:#?}\n{:.4000}", leaks.keys(), leaks.values().next().expect("one"));
    assert!(told.len() > 30, "{told:?}");
    let silent: Vec<_> = told.iter().filter(|it| kept.get(*it).is_none_or(|it| *it == 0)).copied().collect();
    // Only who reads where the child is, or has oversight, reads these at all.
    let of_the_lead = [
        "getDataRequest",
        "getEmergencyAccess",
        "listCaseDataRequests",
        "listCaseEmergencyAccess",
        "listDataRequests",
    ];
    assert_eq!(silent, of_the_lead, "nobody was kept from anything here: {kept:?}");
}

/// Whether the agency of a reader chose those whom the answer names: it is shown whom it wrote.
fn chose(who: &Who, operation: &Operation) -> bool {
    who.client == "tallinn-child-protection"
        && ["getReferral", "listParticipants", "getParticipant"].contains(&operation.id)
}

#[actix_web::test]
async fn whoever_is_asked_by_a_hideaway_answers_without_knowing_who_asks() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let id = node.given_sent_referral(&case, &barnahus()).await.id();
    let path = format!("/v1/referrals/{id}");
    let open = node.get(&barnahus(), path.as_str()).await.expect(200);
    assert_eq!(open.json()["fromAgencyId"], json!(police().agency().id));
    for who in [police(), barnahus()] {
        hide(&node, &who).await;
    }
    // Who was looked up before is known for as long.
    node.clock.advance(5);
    let seen = node.get(&barnahus(), path.as_str()).await.expect(200);
    assert_eq!(seen.json()["fromAgencyId"], Value::Null);
    let said = json!({ "section": "d2_whereabouts", "reason": WITHHELD });
    let withheld = |seen: &Seen| {
        let it = seen.json()["withheld"].as_array().cloned().unwrap_or_default();
        it.iter().filter(|it| **it == said).count()
    };
    assert_eq!((withheld(&open), withheld(&seen)), (0, 1));
    assert_ne!(open.tag(), seen.tag(), "another answer has another tag");
    for (tag, status) in [(seen.tag(), 304), (open.tag(), 200)] {
        let again = node.ask("GET", path.as_str()).by(&barnahus()).header("if-none-match", tag);
        let _ = again.send().await.expect(status);
    }
    // With either tag it is the same referral.
    let done =
        node.act(&barnahus(), format!("{path}/acknowledge"), &seen.tag(), &json!({})).await.expect(200);
    assert_eq!((withheld(&done), done.json()["status"].as_str()), (1, Some("acknowledged")));
    let stale = node.act(&barnahus(), format!("{path}/accept"), &seen.tag(), &accepting()).await;
    stale.refused(412, "stale-version");
    let done = node.act(&barnahus(), format!("{path}/accept"), &done.tag(), &accepting()).await.expect(200);
    assert_eq!(withheld(&done), 1);
    let message = json!({ "text": "She can come tomorrow." });
    for who in [police_manager(), barnahus()] {
        let _ = node.create(&who, format!("{path}/messages"), &message).await.expect(201);
    }
    let messages = node.get(&barnahus(), format!("{path}/messages")).await.expect(200).json();
    let by: Vec<_> =
        messages["data"].as_array().expect("messages").iter().map(|it| &it["agencyId"]).collect();
    assert_eq!(by, [&json!(barnahus().agency().id), &Value::Null]);
    // Whoever chose the receiver knows it, whatever it reads; where it is one of many it is not told again.
    let screener = police().in_role("screener");
    let sent = node.get(&screener, path.as_str()).await.expect(200).json();
    assert_eq!(sent["toAgencyId"], json!(barnahus().agency().id));
    let list = node.get(&screener, "/v1/referrals?box=outbox").await.expect(200).json();
    assert_eq!(
        (list["data"][0]["id"].as_str(), &list["data"][0]["toAgencyId"]),
        (Some(id.as_str()), &Value::Null)
    );
    // Nor is anything learned by asking for it by name.
    let acts = async |who: &Who, of: &Who| {
        let path = format!("/v1/cases/{case}/timeline?agencyId={}", of.agency().id);
        node.get(who, path).await.expect(200).json()
    };
    assert_eq!(acts(&barnahus(), &police()).await, acts(&barnahus(), &shelter()).await);
    for who in [police(), child_protection()] {
        assert_ne!(acts(&who, &police()).await["data"], json!([]));
    }
    assert_ne!(acts(&barnahus(), &barnahus()).await["data"], json!([]));
}

#[actix_web::test]
async fn whoever_is_given_where_the_child_is_is_told_who_hides_it() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    hide(&node, &police()).await;
    let lawyer = client("narva-ngo").in_role("lawyer");
    let path = format!("/v1/cases/{case}");
    let given = taking_part(&lawyer, Some("lawyer"), &["d1_identity"]);
    let _ = node.given_participant(&case, &given).await;
    let before = node.get(&lawyer, path.as_str()).await.expect(200);
    assert_eq!(before.json()["openedByAgencyId"], Value::Null);
    assert!(whole(&before).contains(WITHHELD));
    let given = taking_part(&lawyer, Some("lawyer"), &["d2_whereabouts"]);
    let _ = node.given_participant(&case, &given).await;
    let after = node.ask("GET", path.as_str()).by(&lawyer).header("if-none-match", before.tag());
    let after = after.send().await.expect(200);
    assert_eq!(after.json()["openedByAgencyId"], json!(police().agency().id));
    assert!(!whole(&after).contains(WITHHELD));
}
