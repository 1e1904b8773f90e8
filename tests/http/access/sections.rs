//! What each role of each agency may read of a case: whole, summary, or withheld with the reason.

use serde_json::{Value, json};

use crate::support::{
    Operation, TestNode, Who, barnahus, child_protection, client, operations, package, police,
    police_manager, shelter, taking_part,
};

const WHOLE: &str = "whole";
const SUMMARY: &str = "summary";

/// A caller, and what it sees of identity, whereabouts, narrative, indicators, decision and views; then of contacts, health,
/// alleged offenders, migration, and risk and safety.
type Row = (Who, [&'static str; 6], [&'static str; 5]);

/// After referrals that disclosed identity, whereabouts and views, accepted by the Barnahus, the shelter and the clinic.
fn table() -> Vec<Row> {
    let (role, undisclosed, basis) = ("role", "not_disclosed", "legal_basis");
    let given = |identity, place, views| [identity, place, undisclosed, undisclosed, undisclosed, views];
    let clinic = client("tallinn-clinic");
    let type_of = "agency_type";
    let (led, outside) = ([WHOLE, SUMMARY, SUMMARY, SUMMARY, WHOLE], [undisclosed, undisclosed]);
    let guest = |offenders, migration| [outside[0], outside[1], offenders, migration, undisclosed];
    vec![
        (police_manager(), [WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE], led),
        (police(), [WHOLE, basis, WHOLE, WHOLE, WHOLE, SUMMARY], [basis, basis, WHOLE, basis, WHOLE]),
        (police().in_role("screener"), [WHOLE, SUMMARY, WHOLE, WHOLE, WHOLE, SUMMARY], [SUMMARY; 5]),
        (child_protection(), [WHOLE, WHOLE, WHOLE, WHOLE, WHOLE, WHOLE], led),
        (
            child_protection().in_role("identification_officer"),
            [WHOLE, SUMMARY, WHOLE, WHOLE, WHOLE, SUMMARY],
            [SUMMARY, basis, basis, SUMMARY, SUMMARY],
        ),
        (
            child_protection().in_role("duty_officer"),
            [WHOLE, WHOLE, SUMMARY, SUMMARY, WHOLE, SUMMARY],
            [SUMMARY, SUMMARY, SUMMARY, role, WHOLE],
        ),
        (barnahus(), given(WHOLE, SUMMARY, SUMMARY), guest(undisclosed, role)),
        (barnahus().in_role("case_manager"), given(WHOLE, WHOLE, WHOLE), guest(undisclosed, type_of)),
        (shelter(), [SUMMARY, WHOLE, role, role, undisclosed, SUMMARY], guest(type_of, role)),
        (
            shelter().in_role("case_manager"),
            [WHOLE, WHOLE, type_of, type_of, undisclosed, WHOLE],
            guest(type_of, type_of),
        ),
        (clinic, [WHOLE, SUMMARY, undisclosed, role, undisclosed, SUMMARY], guest(role, role)),
    ]
}

const CLASSES: [&str; 11] = [
    "d1_identity",
    "d2_whereabouts",
    "d4_exploitation_narrative",
    "d5_indicators",
    "d6_identification_decision",
    "d13_best_interests_views",
    "d3_family_contacts",
    "d7_health",
    "d11_alleged_offenders",
    "d12_migration",
    "d14_risk_safety",
];

async fn given_shared_case(node: &TestNode) -> String {
    let case = node.given_presumed_case().await;
    let _ = node.given_episode(&case).await;
    let contact = Operation::named("createContact").example();
    let path = format!("/v1/cases/{case}/contacts");
    let _ = node.create(&police_manager(), path, &contact).await.expect(201);
    for to in [barnahus(), shelter(), client("tallinn-clinic")] {
        let _ = node.given_accepted_referral(&case, &to).await;
    }
    case
}

#[actix_web::test]
async fn each_role_sees_its_sections_and_is_told_of_the_others() {
    let node = TestNode::start().await;
    let case = given_shared_case(&node).await;
    for (who, seen, beyond) in table() {
        let it = node.get(&who.clone().bound_to(&case), format!("/v1/cases/{case}")).await.expect(200).json();
        let mut told: Vec<(String, String)> =
            it["withheld"].as_array().into_iter().flatten().map(pair).collect();
        told.retain(|it| CLASSES.contains(&it.0.as_str()));
        told.sort();
        let open = [WHOLE, SUMMARY];
        let mut wanted: Vec<(String, String)> = CLASSES
            .iter()
            .zip(seen.into_iter().chain(beyond))
            .filter(|(_, how)| !open.contains(how))
            .map(|(class, why)| ((*class).to_owned(), why.to_owned()))
            .collect();
        wanted.sort();
        assert_eq!(told, wanted, "{who:?}");
        assert_eq!(it["child"]["summaryOnly"], seen[0] == SUMMARY, "{who:?}");
        assert_eq!(it["child"]["givenName"].is_string(), seen[0] == WHOLE, "{who:?}");
        assert_eq!(it["identification"].is_object(), open.contains(&seen[4]), "{who:?}");
        assert!(
            !it.to_string().contains("Invented Street"),
            "whereabouts are nowhere but in their own section"
        );
    }
}

fn pair(it: &Value) -> (String, String) {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    (text(&it["section"]), text(&it["reason"]))
}

#[actix_web::test]
async fn a_section_of_its_own_is_open_as_far_as_the_case_says() {
    let node = TestNode::start().await;
    let case = given_shared_case(&node).await;
    let sections = [
        ("child", 0),
        ("whereabouts", 1),
        ("exploitation-episodes", 2),
        ("movements", 2),
        ("identification", 4),
        ("contacts", 6),
    ];
    for (who, seen, beyond) in table() {
        let seen: Vec<_> = seen.into_iter().chain(beyond).collect();
        for (section, place) in sections {
            let answer = node.get(&who, format!("/v1/cases/{case}/{section}")).await;
            let told = format!("{section} by {who:?}");
            match seen[place] {
                WHOLE => assert_eq!(answer.status, 200, "{told}"),
                SUMMARY => assert_eq!(answer.status, 200, "{told}"),
                _ => {
                    assert_eq!(
                        (answer.status, answer.code().as_str()),
                        (403, "section-not-readable"),
                        "{told}"
                    );
                    continue;
                }
            }
            let it = answer.json();
            let whole = seen[place] == WHOLE;
            match section {
                "child" => assert_eq!(it["birthDate"].is_string(), whole, "{told}"),
                "whereabouts" => {
                    assert_eq!(it["address"].is_string(), whole, "{told}");
                    assert_eq!(it["accommodationType"], "emergency_shelter_child");
                }
                "contacts" => {
                    assert_eq!(it["data"][0]["givenName"].is_string(), whole, "{told}");
                    assert_eq!(it["data"][0]["relation"], "sibling", "{told}");
                }
                "movements" => assert_eq!(it["data"], json!([]), "{told}"),
                "exploitation-episodes" => {
                    assert_eq!(it["data"][0]["narrative"].is_string(), whole, "{told}");
                }
                _ => assert_eq!(it["reasons"].is_string(), whole, "{told}"),
            }
        }
    }
}

#[actix_web::test]
async fn only_who_leads_or_opened_the_case_changes_a_section_it_sees_whole() {
    let node = TestNode::start().await;
    let case = given_shared_case(&node).await;
    let before = node.contents();
    let change = |section: &str| match section {
        "child" => json!({ "callName": "Misha" }),
        _ => json!({ "contact": "+372 000 0001" }),
    };
    let denied = [
        (police(), "whereabouts"),
        (police().in_role("screener"), "whereabouts"),
        (child_protection().in_role("identification_officer"), "whereabouts"),
    ];
    for (who, section) in denied {
        let seen = node.patch(&who, format!("/v1/cases/{case}/{section}"), "\"any\"", &change(section)).await;
        seen.refused(403, "section-not-writable");
    }
    let guests = [barnahus().in_role("case_manager"), shelter()];
    for who in guests {
        for section in ["child", "whereabouts"] {
            let seen =
                node.patch(&who, format!("/v1/cases/{case}/{section}"), "\"any\"", &change(section)).await;
            seen.refused(403, "not-your-function");
        }
    }
    assert_eq!(node.contents(), before, "nothing was written");
    for who in [police_manager(), child_protection()] {
        for section in ["child", "whereabouts"] {
            let path = format!("/v1/cases/{case}/{section}");
            let tag = node.get(&who, path.as_str()).await.tag();
            let _ = node.patch(&who, path, &tag, &change(section)).await.expect(200);
        }
    }
}

#[actix_web::test]
async fn a_guest_with_every_scope_changes_nothing() {
    let node = TestNode::start().await;
    let (lead, guest) = (child_protection(), police_manager());
    let case = node.given_case_by(&lead).await;
    let mut body = crate::support::asking(&case, &guest);
    body["send"] = package();
    let id = node.create(&lead, "/v1/referrals", &body).await.expect(201).id();
    let _ = node.referral_act(&guest, &id, "acknowledge", &json!({})).await.expect(200);
    let _ = node.referral_act(&guest, &id, "accept", &crate::support::accepting()).await.expect(200);
    let [child, place] = ["child", "whereabouts"].map(|it| format!("/v1/cases/{case}/{it}"));
    let tag = node.get(&guest, child.as_str()).await.expect(200).tag();
    // What was told for the child's care police read by an order, in whatever role.
    for role in ["case_manager", "supervisor", "duty_officer", "investigator"] {
        let officer = police().in_role(role).bound_to(&case);
        let seen = node.get(&officer, place.as_str()).await.refused(403, "section-not-readable");
        assert_eq!(seen.text("detail"), "the section d2_whereabouts: legal_basis", "{role}");
    }
    let tags = [tag, "\"any\"".to_owned()];
    let before = node.contents();
    let changes = [(child, json!({ "callName": "Misha" })), (place, json!({ "contact": null }))];
    for ((path, change), tag) in changes.into_iter().zip(tags) {
        node.patch(&guest, path, &tag, &change).await.refused(403, "section-not-writable");
    }
    let episode = json!({ "exploitationTypes": ["forced_begging"], "stage": "ongoing" });
    let path = format!("/v1/cases/{case}/exploitation-episodes");
    node.create(&guest, path, &episode).await.refused(403, "section-not-writable");
    assert_eq!(node.contents(), before, "nothing was written");
}

#[actix_web::test]
async fn what_identifies_the_child_is_only_where_it_belongs() {
    let node = TestNode::start().await;
    let case = given_shared_case(&node).await;
    node.place_events();
    let referral = node.get(&barnahus(), "/v1/referrals?box=inbox").await.json()["data"][0]["id"].clone();
    let referral = referral.as_str().expect("an id").to_owned();
    let canaries = ["Invented Street", "Mykola", "Vymyshlenyi", "2015-04-02", "fixed spot", "cousin"];
    let readers =
        [police(), police_manager(), child_protection(), barnahus(), shelter(), client("tallinn-clinic")];
    let open = [
        "getCaseChild",
        "getCaseWhereabouts",
        "getCase",
        "getReferral",
        "getReferralPackage",
        "getExploitationEpisode",
        "listExploitationEpisodes",
    ];
    let mut swept = 0;
    for operation in
        operations().into_iter().filter(|it| it.ours() && it.method == "GET" && !open.contains(&it.id))
    {
        let id = if operation.path.contains("referrals") { &referral } else { &case };
        let path = operation.path.replace("{id}", id).replace("{code}", "R24").replace("{name}", "urgency");
        for who in &readers {
            let paths = ["inbox", "outbox"].map(|it| format!("{path}?box={it}"));
            let paths = match operation.id {
                "listReferrals" => paths.to_vec(),
                "listDeadlines" => ["agency", "watched"].map(|it| format!("{path}?scope={it}")).to_vec(),
                _ => vec![path.clone()],
            };
            for path in paths {
                let seen = node.get(who, path).await;
                let text = String::from_utf8_lossy(&seen.body);
                for canary in canaries {
                    assert!(!text.contains(canary), "{} tells {} of {canary}", operation.id, who.client);
                }
                swept += 1;
            }
        }
    }
    assert!(swept > 120, "{swept} answers");
}

#[actix_web::test]
async fn a_receiver_is_given_what_was_disclosed_and_nothing_else() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut body = crate::support::asking(&case, &shelter());
    body["send"] = package();
    body["send"]["disclosures"] =
        json!([{ "dataClass": "d15_referral_metadata", "lawfulBases": ["gdpr_6_1_e_public_task"] }]);
    let bare = node.create(&police_manager(), "/v1/referrals", &body).await.expect(201);
    let bare = format!("/v1/referrals/{}", bare.id());
    for who in [shelter(), shelter().in_role("case_manager"), police_manager()] {
        let content = node.get(&who, bare.as_str()).await.expect(200).json()["content"].clone();
        for member in ["child", "whereabouts", "childView"] {
            assert_eq!(content[member], Value::Null, "{member} for {who:?}");
        }
    }
}

#[actix_web::test]
async fn of_what_was_disclosed_each_role_reads_its_own() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let table = [
        (shelter(), false, true, true),
        (shelter().in_role("case_manager"), true, true, true),
        (barnahus(), true, false, true),
        (barnahus().in_role("forensic_interviewer"), true, false, true),
        (client("tallinn-clinic"), true, false, true),
    ];
    for (who, name, address, view) in table {
        let sent = node.given_sent_referral(&case, &who).await;
        let bound = who.clone().bound_to(&case);
        let it = node.get(&bound, format!("/v1/referrals/{}", sent.id())).await.expect(200).json();
        let content = &it["content"];
        assert_eq!(content["child"]["givenName"].is_string(), name, "{who:?}");
        assert_eq!(content["whereabouts"]["address"].is_string(), address, "{who:?}");
        assert_eq!(content["childView"].is_object(), view, "{who:?}");
        assert_eq!(content["child"]["callName"], "Mik");
        assert_eq!(it["withheld"], json!([]), "a summary is not withheld");
    }
}

/// Who reads a summary does not learn from a tag that the child was moved or has another name.
#[actix_web::test]
async fn a_tag_tells_nothing_of_what_is_kept_from_its_reader() {
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let (lead, guest) = (child_protection().bound_to(&case), shelter());
    let _ = node.given_participant(&case, &taking_part(&guest, None, &["d1_identity"])).await;
    let (file, child, place) = (
        format!("/v1/cases/{case}"),
        format!("/v1/cases/{case}/child"),
        format!("/v1/cases/{case}/whereabouts"),
    );
    let officer = child_protection().in_role("identification_officer").bound_to(&case);
    let readings = [(&officer, &place, &place), (&guest, &child, &child), (&guest, &file, &child)];
    let patches = [
        json!({ "address": "Invented Street 9" }),
        json!({ "familyName": "Unlike" }),
        json!({ "familyName": "Others" }),
    ];
    for ((who, path, changed), patch) in readings.into_iter().zip(patches) {
        let before = node.get(who, path.as_str()).await.expect(200);
        let tag = node.get(&lead, changed.as_str()).await.tag();
        let after = node.patch(&lead, changed.clone(), &tag, &patch).await.expect(200);
        assert_ne!(after.tag(), tag, "{path}: whoever reads all of it sees that");
        let again = node.get(who, path.as_str()).await.expect(200);
        assert_eq!((again.json(), again.tag()), (before.json(), before.tag()), "{path}");
    }
}
