//! Entries: written by their own agency, read by all; a confidential location has no address anywhere.

use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, barnahus, child_protection, client, police, police_manager, riga_police,
    service_of_barnahus, shelter,
};

const CANARY: &str = "Canary Street";

fn entry(who: &Who) -> String {
    format!("/v1/agencies/{}", who.agency().id)
}

fn service(who: &Who, id: &str) -> String {
    format!("{}/services/{id}", entry(who))
}

fn address() -> Value {
    json!({ "street": format!("{CANARY} 1"), "postalCode": "00000", "locality": "Tallinn" })
}

fn mentoring() -> Value {
    json!({
        "service": "mentoring", "name": "Demo mentoring", "minAge": 12, "maxAge": 17, "sexes": ["female", "male"],
        "languages": ["et"],
    })
}

impl TestNode {
    /// Changes an entry or service as it is now.
    async fn changed(&self, who: &Who, path: &str, change: &Value) -> Seen {
        let tag = self.get(&police(), path).await.expect(200).tag();
        self.patch(who, path, &tag, change).await
    }
}

#[actix_web::test]
async fn an_agency_writes_its_entry_and_everybody_reads_it() {
    let node = TestNode::start().await;
    let path = entry(&barnahus());
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let shift = |day: &&str| json!({ "weekday": day, "from": "07:00", "to": "07:00", "phone": "+372 000 0333", "function": "On call" });
    let patch = json!({
        "name": "Demo Barnahus, renamed", "dutyPhone": "+372 000 0334", "address": address(), "areas": ["EE-37", "EE-45"],
        "openingHours": [
            { "weekday": "monday", "from": "08:00", "to": "12:00" }, { "weekday": "monday", "from": "13:00", "to": "17:00" },
        ],
        "dutyRoster": days.iter().map(shift).collect::<Vec<_>>(),
    });
    let before = node.get(&police(), path.as_str()).await.json();
    assert_eq!(before["aroundTheClock"], false);
    let changed = node.changed(&barnahus(), &path, &patch).await.expect(200);
    for who in [barnahus(), police(), client("helpline"), riga_police()] {
        let seen = node.get(&who, path.as_str()).await.expect(200);
        assert_eq!((seen.json(), seen.tag()), (changed.json(), changed.tag()), "{}", who.client);
        for (member, value) in patch.as_object().expect("members") {
            assert_eq!(&seen.json()[member], value, "{member}");
        }
        assert_eq!(seen.json()["aroundTheClock"], true);
    }
    let cleared = json!({ "dutyPhone": null, "address": null, "areas": [], "dutyRoster": [] });
    let seen = node.changed(&barnahus(), &path, &cleared).await.expect(200).json();
    assert_eq!((seen.get("dutyPhone"), seen.get("address")), (None, None));
    assert_eq!((&seen["areas"], &seen["aroundTheClock"]), (&json!([]), &json!(false)));
    assert_eq!(seen["openingHours"], patch["openingHours"], "what is absent stays");
}

#[actix_web::test]
async fn a_service_is_offered_counted_and_withdrawn() {
    let node = TestNode::start().await;
    let list = format!("{}/services", entry(&barnahus()));
    let made = node.create(&barnahus(), list.as_str(), &mentoring()).await.expect(201);
    let path = service(&barnahus(), &made.id());
    assert_eq!(made.header("location"), Some(path.as_str()));
    let it = made.json();
    assert_eq!((&it["active"], &it["needs"], it.get("capacity")), (&json!(true), &json!([]), None));
    assert_eq!((it.get("capacityAsOf"), &it["country"]), (None, &json!("EE")));
    node.clock.advance(3600);
    let counted = node.changed(&barnahus(), &path, &json!({ "capacity": 2 })).await.expect(200).json();
    assert_eq!((&counted["capacity"], &counted["capacityAsOf"]), (&json!(2), &json!("2026-11-24T09:00:00Z")));
    node.clock.advance(60);
    let same = node.changed(&barnahus(), &path, &json!({ "name": "Demo, renamed" })).await.expect(200).json();
    assert_eq!(same["capacityAsOf"], counted["capacityAsOf"], "nothing was counted");
    let again = node.changed(&barnahus(), &path, &json!({ "capacity": 2 })).await.expect(200).json();
    assert_eq!(again["capacityAsOf"], "2026-11-24T09:01:00Z", "the same number, counted again");
    let none = json!({ "capacity": null, "active": false, "description": "Until summer." });
    let seen = node.changed(&barnahus(), &path, &none).await.expect(200).json();
    assert_eq!((seen.get("capacity"), seen.get("capacityAsOf")), (None, None));
    assert_eq!((&seen["active"], &seen["description"]), (&json!(false), &json!("Until summer.")));
    let listed = node.get(&police(), list).await.expect(200).json();
    assert_eq!(listed["data"][0], seen, "newest first, as it is now");
}

#[actix_web::test]
async fn only_the_own_agency_writes_and_only_with_the_scope() {
    let node = TestNode::start().await;
    let mine = entry(&barnahus());
    let beds = service(&barnahus(), &service_of_barnahus());
    let before = node.contents();
    for who in [shelter(), child_protection(), client("riga-barnahus")] {
        for (path, body) in [(&mine, json!({ "name": "Mine" })), (&beds, json!({ "capacity": 0 }))] {
            node.changed(&who, path, &body).await.refused(403, "not-your-function");
            node.patch(&who, path.as_str(), "\"other\"", &body).await.refused(403, "not-your-function");
        }
        node.create(&who, format!("{mine}/services"), &mentoring()).await.refused(403, "not-your-function");
    }
    let helpline = client("helpline");
    node.changed(&helpline, &entry(&helpline), &json!({})).await.refused(403, "not-your-function");
    let reader = barnahus().with_scopes("directory.read");
    node.changed(&reader, &mine, &json!({})).await.refused(403, "insufficient-scope");
    node.create(&reader, format!("{mine}/services"), &mentoring()).await.refused(403, "insufficient-scope");
    let foreign = service(&shelter(), &service_of_barnahus());
    node.patch(&shelter(), foreign, "\"other\"", &json!({})).await.refused(404, "not-found");
    assert_eq!(node.contents(), before, "nothing was written");
    let nightly = barnahus().unattended();
    let _ = node.changed(&nightly, &beds, &json!({ "capacity": 1 })).await.expect(200);
}

#[actix_web::test]
async fn what_does_not_go_together_is_refused_all_at_once() {
    let node = TestNode::start().await;
    let before = node.contents();
    let hours = |from: &str, to: &str| json!({ "weekday": "monday", "from": from, "to": to });
    let patch = json!({
        "confidentialLocation": true, "address": address(), "areas": ["EE-37", "LV-RIX"],
        "openingHours": [hours("08:00", "12:00"), hours("11:59", "16:00")],
    });
    let at = |code: &str, pointer: &str| (code.to_owned(), pointer.to_owned());
    let seen =
        node.changed(&barnahus(), &entry(&barnahus()), &patch).await.refused(422, "inconsistent-values");
    let wanted = [
        at("confidential_location_has_no_address", "/address"),
        at("area_of_another_country", "/areas/1"),
        at("hours_overlap", "/openingHours/1"),
    ];
    assert_eq!(seen.found(), wanted);
    assert!(!seen.told().contains(CANARY));
    let mut new = mentoring();
    new["minAge"] = json!(18);
    new["confidentialLocation"] = json!(true);
    new["address"] = address();
    let wanted = [at("ages_reversed", "/maxAge"), at("confidential_location_has_no_address", "/address")];
    let list = format!("{}/services", entry(&barnahus()));
    let seen = node.create(&barnahus(), list, &new).await.refused(422, "inconsistent-values");
    assert_eq!(seen.found(), wanted);
    let beds = service(&barnahus(), &service_of_barnahus());
    let seen = node.changed(&barnahus(), &beds, &json!({ "minAge": 20, "maxAge": 19 })).await;
    assert_eq!(seen.refused(422, "inconsistent-values").found(), [at("ages_reversed", "/maxAge")]);
    for bad in [
        json!({ "areas": ["ee-37"] }),
        json!({ "areas": ["EE"] }),
        json!({ "openingHours": [hours("24:00", "08:00")] }),
        json!({ "dutyPhone": "ask for Mari" }),
        json!({ "dutyRoster": [{ "weekday": "monday", "from": "08:00", "to": "16:00", "phone": "1" }] }),
        json!({ "address": { "street": "x" } }),
        json!({ "name": null }),
        json!({ "agencyType": "police" }),
        json!({ "active": false }),
    ] {
        node.changed(&barnahus(), &entry(&barnahus()), &bad).await.refused(400, "invalid-value");
    }
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn a_stale_entry_is_not_overwritten() {
    let node = TestNode::start().await;
    let (mine, beds) = (entry(&barnahus()), service(&barnahus(), &service_of_barnahus()));
    for (path, body) in [(mine, json!({ "areas": ["EE-37"] })), (beds, json!({ "capacity": 1 }))] {
        let old = node.get(&barnahus(), path.as_str()).await.tag();
        let first = node.patch(&barnahus(), path.as_str(), &old, &body).await.expect(200);
        assert_ne!(first.tag(), old);
        node.patch(&barnahus(), path.as_str(), &old, &body).await.refused(412, "stale-version");
        assert_eq!(node.get(&police(), path.as_str()).await.tag(), first.tag());
    }
}

/// Everything of the directory that anybody can read of an agency, and what goes out besides.
async fn told_of(node: &TestNode, who: &Who, id: &str) -> String {
    node.place_events();
    let asked = json!({ "services": ["crisis_psychological"], "urgency": "urgent" });
    let asked = node.ask("POST", "/v1/directory/match").by(&police()).json(&asked).send().await.expect(200);
    let mut all = asked.told();
    let paths = [entry(who), service(who, id), format!("{}/services?limit=200", entry(who))];
    for path in paths.into_iter().chain(["/v1/agencies?limit=200".to_owned()]) {
        for reader in [police(), who.clone(), riga_police(), client("helpline")] {
            all += &node.get(&reader, path.as_str()).await.expect(200).told();
        }
    }
    for reader in [who.clone(), police_manager()] {
        all += &node.get(&reader, "/v1/events?limit=200").await.expect(200).told();
    }
    all
}

#[actix_web::test]
async fn a_confidential_location_has_no_address_in_any_answer() {
    let node = TestNode::start().await;
    let who = barnahus();
    let (mine, beds) = (entry(&who), service(&who, &service_of_barnahus()));
    let with = json!({ "address": address() });
    for path in [&mine, &beds] {
        let shown = node.changed(&who, path, &with).await.expect(200).json();
        assert_eq!(shown["address"], address());
    }
    assert!(told_of(&node, &who, &service_of_barnahus()).await.contains(CANARY), "the sweep sees it");
    let tag = node.get(&police(), beds.as_str()).await.tag();
    let hidden = node.changed(&who, &mine, &json!({ "confidentialLocation": true })).await.expect(200);
    assert_eq!(hidden.json().get("address"), None);
    let told = told_of(&node, &who, &service_of_barnahus()).await;
    assert!(!told.contains(CANARY), "an address of a confidential location");
    assert_ne!(node.get(&police(), beds.as_str()).await.tag(), tag, "its services have changed with it");
    for path in [&mine, &beds] {
        let seen = node.changed(&who, path, &with).await.refused(422, "inconsistent-values");
        assert_eq!(seen.found(), [("confidential_location_has_no_address".into(), "/address".into())]);
        assert!(!seen.told().contains(CANARY));
    }
    let stored: String = format!("{:?}", node.database.facts());
    assert!(!stored.contains(CANARY), "not in the log of facts either");
    let seen = node.changed(&who, &mine, &json!({ "confidentialLocation": false })).await.expect(200);
    assert_eq!(seen.json().get("address"), None, "it does not come back");
    assert!(!told_of(&node, &who, &service_of_barnahus()).await.contains(CANARY));
}

#[actix_web::test]
async fn a_service_hides_by_itself() {
    let node = TestNode::start().await;
    let beds = service(&barnahus(), &service_of_barnahus());
    let _ = node.changed(&barnahus(), &beds, &json!({ "address": address() })).await.expect(200);
    let hidden = node.changed(&barnahus(), &beds, &json!({ "confidentialLocation": true })).await.expect(200);
    assert_eq!(hidden.json().get("address"), None);
    assert!(
        node.get(&police(), entry(&barnahus())).await.json()["address"].is_object(),
        "its agency is where it was"
    );
}

#[actix_web::test]
async fn the_demo_shelters_have_no_address() {
    let node = TestNode::start().await;
    for who in [shelter(), client("riga-shelter")] {
        let it = node.get(&police(), entry(&who)).await.expect(200).json();
        assert_eq!((&it["confidentialLocation"], it.get("address")), (&json!(true), None));
        assert_eq!(it["aroundTheClock"], true, "and yet can be reached at any time");
    }
}

#[actix_web::test]
async fn a_change_is_told_to_its_agency_by_codes() {
    let node = TestNode::start().await;
    let _ = node.changed(&barnahus(), &entry(&barnahus()), &json!({ "areas": ["EE-37"] })).await.expect(200);
    let beds = service(&barnahus(), &service_of_barnahus());
    let _ = node.changed(&barnahus(), &beds, &json!({ "capacity": 0 })).await.expect(200);
    node.place_events();
    let all = node.get(&barnahus(), "/v1/events").await.expect(200).json();
    let told: Vec<_> = all["data"].as_array().into_iter().flatten().collect();
    let types: Vec<_> = told.iter().map(|it| it["type"].as_str().unwrap_or_default()).collect();
    assert_eq!(types, ["directory.agency_changed", "directory.service_changed"]);
    assert_eq!(told[0]["data"], json!({ "changed": ["areas"] }));
    assert_eq!(told[1]["data"], json!({ "service": "crisis_psychological", "changed": ["capacity"] }));
    assert_eq!(
        (&told[1]["subject"], &told[1]["subjectId"]),
        (&json!("service"), &json!(service_of_barnahus()))
    );
    let others = node.get(&police_manager(), "/v1/events").await.expect(200).json();
    assert_eq!(others["data"], json!([]));
}
