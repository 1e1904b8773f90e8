//! Every role of every agency, as lead, with all classes and with one: what it is shown follows from the access that it is
//! told and from the categories of the contract, never from what is filed.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    CodeList as _,
    access::{Scope, grant_ceiling, scope_ceiling},
    vocabulary::{DataClass, Role},
};
use persistence::demo::DemoAgency;
use serde_json::{Value, json};

use crate::support::{
    Operation, TestNode, Who, another_mik, child_protection, client, demo, hideout, presuming, resolved,
    taking_part,
};

/// The classes of which this version keeps nothing, or nothing in a case: never named as withheld.
const ELSEWHERE: [&str; 4] =
    ["d8_therapy_notes", "d9_interview_recording_locator", "d10_intelligence", "d16_access_log"];

/// The classes of the notes that are filed.
const NOTED: [&str; 6] = [
    "d1_identity",
    "d3_family_contacts",
    "d4_exploitation_narrative",
    "d6_identification_decision",
    "d13_best_interests_views",
    "d14_risk_safety",
];

/// What is read of a case, and the class that opens it, where it is one.
const SECTIONS: [(&str, &str, Option<&str>); 10] = [
    ("getCase", "", None),
    ("getCaseChild", "/child", Some("d1_identity")),
    ("getCaseWhereabouts", "/whereabouts", Some("d2_whereabouts")),
    ("listContacts", "/contacts", Some("d3_family_contacts")),
    ("listMovements", "/movements", Some("d4_exploitation_narrative")),
    ("listExploitationEpisodes", "/exploitation-episodes", Some("d4_exploitation_narrative")),
    ("listAgeAssessments", "/age-assessments", Some("d1_identity")),
    ("getCaseIdentification", "/identification", Some("d6_identification_decision")),
    ("listParticipants", "/participants", Some("d15_referral_metadata")),
    ("getCaseLifecycle", "/lifecycle", None),
];

/// Sections in which a caller who reads the class whole is shown every member that the lead is shown, and whoever reads a
/// summary every member that a summary keeps.
const COMPARED: [&str; 7] = [
    "getCase",
    "getCaseChild",
    "getCaseWhereabouts",
    "listContacts",
    "listMovements",
    "listExploitationEpisodes",
    "listAgeAssessments",
];

/// Two cases of child protection: of one much is known, of the other nothing.
async fn given_pair(node: &TestNode) -> [String; 2] {
    let lead = child_protection();
    let screening = node.given_screening(&lead).await;
    let body = json!({ "screeningId": screening, "child": another_mik(), "whereabouts": hideout() });
    let full = node.create(&lead, "/v1/cases", &body).await.expect(201).id();
    let (who, act, body) = presuming();
    let _ = node.identification_act(&who, &full, act, &body).await.expect(200);
    for (operation, below) in [
        ("createExploitationEpisode", "exploitation-episodes"),
        ("createContact", "contacts"),
        ("createMovement", "movements"),
        ("createAgeAssessment", "age-assessments"),
    ] {
        let example = Operation::named(operation).example();
        let _ = node.create(&lead, format!("/v1/cases/{full}/{below}"), &example).await.expect(201);
    }
    for class in NOTED {
        let told = json!({ "category": class, "text": "What somebody told." });
        let _ = node.create(&lead, format!("/v1/cases/{full}/notes"), &told).await.expect(201);
    }
    let body = json!({ "screeningId": node.given_screening(&lead).await });
    let empty = node.create(&lead, "/v1/cases", &body).await.expect(201).id();
    [full, empty]
}

/// What a member holds by the contract: its class, and whether a summary of that class keeps it.
type Members = BTreeMap<String, (&'static str, bool)>;

/// The members of a value that hold data of a class by the contract.
fn marked(schema: &'static Value, value: &Value, at: &str, found: &mut Members) {
    let schema = resolved(schema);
    for (name, value) in value.as_object().into_iter().flatten() {
        let Some(property) = schema["properties"].get(name) else { continue };
        let at = format!("{at}/{name}");
        if let Some(class) = property["x-data-category"].as_str() {
            found.insert(at.clone(), (class, property["x-in-summary"] == true));
        }
        marked(property, value, &at, found);
    }
    for (n, value) in value.as_array().into_iter().flatten().enumerate() {
        marked(&schema["items"], value, &format!("{at}/{n}"), found);
    }
}

fn shown(operation: &str, value: &Value) -> Members {
    let schema =
        &Operation::named(operation).value["responses"]["200"]["content"]["application/json"]["schema"];
    let mut found = BTreeMap::new();
    marked(schema, value, "", &mut found);
    found
}

/// Each class with how much of it is read and why not more, as `/v1/me/access` has it.
pub(super) async fn told(node: &TestNode, who: &Who, case: &str) -> BTreeMap<String, (String, String)> {
    let it = node.get(who, format!("/v1/me/access?caseId={case}")).await.expect(200).json();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let rows = it["classes"].as_array().into_iter().flatten();
    let told: BTreeMap<_, _> =
        rows.map(|it| (text(&it["dataClass"]), (text(&it["read"]), text(&it["reason"])))).collect();
    assert_eq!(told.len(), DataClass::ALL.len());
    told
}

/// What the lead is shown of the full case, section by section.
async fn reference(node: &TestNode, case: &str) -> BTreeMap<&'static str, Members> {
    let lead = child_protection().bound_to(case);
    let mut all = BTreeMap::new();
    for operation in COMPARED {
        let below = SECTIONS.iter().find(|it| it.0 == operation).expect("a section").1;
        let seen = node.get(&lead, format!("/v1/cases/{case}{below}")).await.expect(200).json();
        all.insert(operation, shown(operation, &seen));
    }
    all
}

/// Holds everything that a caller is shown of a pair against what it is told of its access; how much was held.
async fn hold(
    node: &TestNode,
    who: &Who,
    pair: &[String; 2],
    whole: &BTreeMap<&'static str, Members>,
) -> usize {
    let mut withheld = Vec::new();
    let mut held = 0;
    for (place, case) in pair.iter().enumerate() {
        let who = who.clone().bound_to(case);
        let access = told(node, &who, case).await;
        let read = |class: &str| access[class].0.as_str();
        for (operation, below, class) in SECTIONS {
            let seen = node.get(&who, format!("/v1/cases/{case}{below}")).await;
            let told = format!("{operation} by {who:?}, case {place}: {access:?}");
            let open = class.is_none_or(|it| ["summary", "full"].contains(&read(it)));
            if !open {
                assert_eq!((seen.status, seen.code().as_str()), (403, "section-not-readable"), "{told}");
                continue;
            }
            let it = seen.expect(200).json();
            let members = shown(operation, &it);
            for (member, (class, in_summary)) in &members {
                let may: &[_] = match (in_summary, operation) {
                    // That something waits or the child is missing is for everybody who takes part; of acts, one's own.
                    (true, "getCaseLifecycle") if !member.starts_with("/acts/") => {
                        &["own", "summary", "full"]
                    }
                    (true, _) => &["summary", "full"],
                    (false, _) => &["full"],
                };
                assert!(may.contains(&read(class)), "{member} is shown: {told}");
                held += 1;
            }
            for (member, (class, in_summary)) in
                whole.get(operation).filter(|_| place == 0).into_iter().flatten()
            {
                let owed = read(class) == "full" || *in_summary && read(class) == "summary";
                assert!(!owed || members.contains_key(member), "{member} is not shown: {told}");
            }
            if operation == "getCase" {
                assert_eq!(it["child"].is_object(), read("d1_identity") != "none", "{told}");
                assert_eq!(it["identification"].is_object(), read("d6_identification_decision") != "none");
                withheld.push(it["withheld"].clone());
                let named = it["withheld"].as_array().into_iter().flatten();
                let named: Vec<_> = named.map(|it| (it["section"].clone(), it["reason"].clone())).collect();
                let nothing = DataClass::ALL.iter().map(|it| it.code()).filter(|it| read(it) == "none");
                // Of what is kept apart hears only whose role has a part in it.
                let may_be_named =
                    |it: &&str| !ELSEWHERE.contains(it) || *it != "d16_access_log" && access[*it].1 != "role";
                let nothing = nothing.filter(may_be_named);
                let wanted: Vec<_> = nothing.map(|it| (json!(it), json!(access[it].1))).collect();
                assert_eq!(named, wanted, "{told}");
            }
        }
        let notes = node.get(&who, format!("/v1/cases/{case}/notes")).await;
        let readable: BTreeSet<_> = NOTED.iter().filter(|it| read(it) == "full").copied().collect();
        if notes.status == 403 {
            assert!(readable.is_empty(), "{who:?}");
            assert_eq!(notes.code(), "section-not-readable");
        } else {
            let notes = notes.expect(200).json();
            let listed: BTreeSet<_> = notes["data"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|it| it["category"].as_str())
                .collect();
            assert_eq!(listed, if place == 0 { readable } else { BTreeSet::new() }, "notes for {who:?}");
        }
    }
    assert_eq!(withheld[0], withheld[1], "what is withheld tells nothing of what is filed");
    held
}

fn agencies() -> impl Iterator<Item = &'static DemoAgency> {
    demo().agencies.iter().filter(|it| it.country.to_string() == "EE")
}

fn reads_cases(it: &DemoAgency) -> bool {
    scope_ceiling(it.agency_type).has(Scope::CasesRead)
}

fn in_every_role(it: &'static DemoAgency) -> impl Iterator<Item = Who> {
    it.roles.iter().map(|role| client(&it.client.id).in_role(role.code()))
}

/// What the lead of Estonia can give to such an agency; orders open what a role reads on condition.
fn all_of(it: &DemoAgency) -> Value {
    let classes = grant_ceiling(it.agency_type).into_iter().map(DataClass::code);
    let classes: Vec<_> = classes.filter(|it| !ELSEWHERE.contains(it)).collect();
    let mut body = taking_part(&client(&it.client.id), None, &classes);
    for class in body["classes"].as_array_mut().into_iter().flatten() {
        class["order"] = json!("Order 7/2026 of the county court");
    }
    body
}

/// One class, another for each agency.
fn one_of(it: &DemoAgency, n: usize) -> Value {
    let classes = grant_ceiling(it.agency_type).into_iter().map(DataClass::code);
    let classes: Vec<_> = classes.filter(|it| !ELSEWHERE.contains(it)).collect();
    taking_part(&client(&it.client.id), None, &[classes[n % classes.len()]])
}

#[actix_web::test]
async fn whoever_leads_is_shown_what_its_role_reads() {
    let node = TestNode::start().await;
    let (mut held, mut roles) = (0, BTreeSet::new());
    for agency in agencies().filter(|it| reads_cases(it)) {
        let pair = given_pair(&node).await;
        let whole = reference(&node, &pair[0]).await;
        for case in &pair {
            node.database.give_case_to(case, &agency.client.id);
        }
        for who in in_every_role(agency) {
            held += hold(&node, &who, &pair, &whole).await;
        }
        roles.extend(agency.roles.iter().copied());
    }
    assert!(held > 2000, "{held} members");
    assert_eq!(roles.len(), 16, "{roles:?}");
}

#[actix_web::test]
async fn whoever_takes_part_is_shown_what_it_was_given_as_far_as_its_role_reads_it() {
    let node = TestNode::start().await;
    let lead = child_protection();
    let guests = || agencies().filter(|it| reads_cases(it) && it.client.id != child_protection().client);
    let (wide, narrow) = (given_pair(&node).await, given_pair(&node).await);
    let whole = [reference(&node, &wide[0]).await, reference(&node, &narrow[0]).await];
    for (n, agency) in guests().enumerate() {
        for (pair, body) in [(&wide, all_of(agency)), (&narrow, one_of(agency, n))] {
            for case in pair {
                let _ = node.create(&lead, format!("/v1/cases/{case}/participants"), &body).await.expect(201);
            }
        }
    }
    let mut held = [0, 0];
    for who in guests().flat_map(in_every_role) {
        held[0] += hold(&node, &who, &wide, &whole[0]).await;
        held[1] += hold(&node, &who, &narrow, &whole[1]).await;
    }
    assert!(held[1] > 200 && held[0] > 2 * held[1], "{held:?} members");
}

#[actix_web::test]
async fn whose_function_is_no_case_is_shown_nothing_in_any_role() {
    // With the two tests above, every role that there is has been tried.
    let roles: BTreeSet<_> = agencies().flat_map(|it| &it.roles).collect();
    assert_eq!(roles.len(), Role::ALL.len(), "{roles:?}");
    let node = TestNode::start().await;
    let case = node.given_case().await;
    let mut refused = 0;
    for who in agencies().filter(|it| !reads_cases(it)).flat_map(in_every_role) {
        for (operation, below, _) in SECTIONS {
            let seen = node.get(&who, format!("/v1/cases/{case}{below}")).await;
            assert_eq!(
                (seen.status, seen.code().as_str()),
                (403, "not-your-function"),
                "{operation} by {who:?}"
            );
            refused += 1;
        }
    }
    assert!(refused > 60, "{refused}");
}
