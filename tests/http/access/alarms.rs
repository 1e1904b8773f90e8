//! Canaries: whoever opens an invented case raises an alarm, and nobody can tell it from any other case.

use std::collections::BTreeSet;

use domain::{
    BirthDate, Reference,
    cases::{
        Identity, Name, Whereabouts,
        erasure::{ErasureReason, Ground, TwoPeople},
    },
    identification::NewScreening,
    text::Language,
    vocabulary::{AccommodationType, AgeCertainty, Sex},
};
use persistence::{
    StoreError,
    canaries::{Canary, CanaryError, NewCanary},
};
use serde_json::{Value, json};

use crate::support::{
    TestNode, anonymous, barnahus, child_protection, data_protection, invented_name, police, police_manager,
    riga_police, shelter, supervisor,
};

const JUDGEMENT: &str = "He is afraid and does not say of whom.";
const FAMILY: &str = "Vymyshlenyi-Kanarek";

/// A canary of the police, taken in by whoever takes in other cases.
fn invented() -> NewCanary {
    let name = Name { given: Some("Olek".to_owned()), family: Some(FAMILY.to_owned()) };
    NewCanary {
        agency: (police().agency().country, police().agency().code.clone()),
        professional: police().professional.expect("somebody"),
        screening: NewScreening {
            concern: None,
            observations: Vec::new(),
            acts: Vec::new(),
            controlling_person: false,
            judgement: Some(JUDGEMENT.to_owned()),
            talk_minutes: None,
            notes: None,
        },
        identity: Identity {
            name: Some(name),
            sex: Some(Sex::Male),
            birth_date: BirthDate::parse("2013-05"),
            age_certainty: Some(AgeCertainty::Declared),
            languages: Language::parse("uk").into_iter().collect(),
            ..Identity::default()
        },
        whereabouts: Whereabouts {
            accommodation_type: Some(AccommodationType::EmergencyShelterChild),
            address: Some("Invented Street 9".to_owned()),
            ..Whereabouts::default()
        },
        made_by: "Mari Maasikas".to_owned(),
    }
}

/// The same child with another name, by the API.
async fn ordinary(node: &TestNode) -> String {
    let screening = json!({ "observations": [], "judgement": JUDGEMENT });
    let screening = node.create(&police(), "/v1/screenings", &screening).await.expect(201).id();
    let body = json!({
        "screeningId": screening,
        "child": { "givenName": "Petro", "familyName": invented_name(), "sex": "male", "birthDate": "2013-02",
            "ageCertainty": "declared", "languages": ["uk"] },
        "whereabouts": { "accommodationType": "emergency_shelter_child", "address": "Invented Street 8" },
    });
    node.create(&police(), "/v1/cases", &body).await.expect(201).id()
}

/// Names, numbers and times are every child's own; everything else is the form.
const OWN: [&str; 11] = [
    "id",
    "instance",
    "reference",
    "openedAt",
    "screenedAt",
    "since",
    "at",
    "givenName",
    "familyName",
    "birthDate",
    "address",
];

fn form(it: &Value, case: &str) -> Value {
    match it {
        Value::Object(all) => all
            .iter()
            .map(|(name, value)| {
                let own = OWN.contains(&name.as_str()) || name.ends_with("Id") && name != "agencyId";
                (name.clone(), if own { json!("own") } else { form(value, case) })
            })
            .collect(),
        Value::Array(all) => all.iter().map(|it| form(it, case)).collect(),
        Value::String(text) => json!(text.replace(case, "CASE")),
        other => other.clone(),
    }
}

impl TestNode {
    fn given_canary(&self) -> Canary {
        self.node.store.add_canary(&invented(), || self.now()).expect("a canary")
    }

    fn now(&self) -> domain::Timestamp {
        api::Clock::now(&*self.clock)
    }

    /// What the background does every few seconds.
    fn alarms(&self) -> usize {
        self.node.store.raise_canary_alarms(self.now()).expect("looked")
    }

    fn told_of_alarms(&self) -> Vec<Value> {
        self.database.facts().into_iter().filter(|it| it["event"] == "access.alarm_raised").collect()
    }
}

/// T-I1 of the threat model.
#[actix_web::test]
async fn whoever_opens_a_canary_raises_the_alarm_at_the_next_step() {
    let node = TestNode::start().await;
    let (canary, other) = (node.given_canary(), ordinary(&node).await);
    let case = canary.case.to_string();
    let path = format!("/v1/cases/{case}");

    // It is in lists and found like others; a real child, and who is told of one, raise nothing.
    for who in [child_protection(), police_manager()] {
        let listed = node.get(&who, "/v1/cases").await.expect(200).json();
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(2));
        let _ = node.get(&who, format!("/v1/cases/{other}")).await.expect(200);
    }
    let question = json!({ "name": { "given": "Olek", "family": FAMILY }, "birthDate": "2013-05" });
    let hit = node.ask("POST", "/v1/cases/search").by(&police_manager()).json(&question).send().await;
    assert!(hit.expect(200).told().contains(&canary.reference.to_string()));
    assert_eq!(node.alarms(), 0);

    // Read, refused, hidden, from abroad; and a fact that nobody has read anything for.
    let _ = node.get(&child_protection(), path.as_str()).await.expect(200);
    assert_eq!(node.alarms(), 1, "at the next step");
    let _ = node.get(&child_protection(), format!("{path}/timeline")).await.expect(200);
    assert_eq!(node.alarms(), 0, "once a day");
    node.get(&barnahus(), format!("{path}/child")).await.refused(404, "not-found");
    let _ = node.get(&police(), format!("{path}/whereabouts")).await;
    node.get(&riga_police(), path.as_str()).await.refused(404, "not-found");
    assert_eq!(node.alarms(), 3);
    let writer = police_manager().named("p-writer");
    let episode = json!({ "exploitationTypes": ["forced_begging"], "stage": "past" });
    let _ = node.create(&writer, format!("{path}/exploitation-episodes"), &episode).await.expect(201);
    assert_eq!(node.alarms(), 1);
    // Whoever looks after it asks the log.
    let log = format!("/v1/audit/access?caseId={case}&from=2026-11-24T00:00:00Z");
    let _ = node.get(&supervisor().for_purpose("data_subject_request"), log).await.expect(200);
    assert_eq!(node.alarms(), 0);
    node.clock.advance(24 * 3600);
    let _ = node.get(&child_protection(), path.as_str()).await.expect(200);
    assert_eq!(node.alarms(), 1, "another day");

    let told = node.told_of_alarms();
    assert_eq!(told.len(), 6);
    for fact in &told {
        let lead = json!(child_protection().agency().id);
        let by = &fact["payload"]["agencyId"];
        // Whoever did reads the feed of their own agency, and is not warned.
        let hears = |id: &Value| fact["audience"].as_array().expect("agencies").contains(id);
        assert!(hears(&json!(data_protection().agency().id)), "{fact}");
        assert_eq!((hears(&lead), hears(by)), (*by != lead, false), "{fact}");
        assert_eq!((&fact["client"], &fact["case_id"]), (&Value::Null, &Value::Null));
        assert!(!fact.to_string().contains(&case), "{fact}");
    }
    let known = node.node.store.canaries().expect("listed");
    assert_eq!((known.len(), known[0].alarms.len(), known[0].made.1.as_str()), (1, 6, "Mari Maasikas"));

    node.node.store.end_canary(&canary.reference, "Juta Tamm", node.now()).expect("ended");
    let again = node.node.store.end_canary(&canary.reference, "Juta Tamm", node.now());
    assert!(matches!(again, Err(CanaryError::Store(StoreError::NotFound))));
    node.clock.advance(1);
    let _ = node.get(&shelter(), path.as_str()).await;
    let _ = node.get(&supervisor(), path.as_str()).await.expect(200);
    assert_eq!(node.alarms(), 0, "it is watched no more");
}

/// What was noted before the case tells of the child as well.
#[actix_web::test]
async fn whoever_opens_the_screening_of_a_canary_raises_the_alarm() {
    let node = TestNode::start().await;
    let other = node.given_screening(&police()).await;
    let _ = node.given_canary();
    let all = node.get(&police(), "/v1/screenings").await.expect(200).json();
    let ids: Vec<_> =
        all["data"].as_array().into_iter().flatten().filter_map(|it| it["id"].as_str()).collect();
    assert_eq!(node.alarms(), 0, "a list opens nothing");
    let screening = ids.iter().find(|it| **it != other).expect("that of the canary");
    let _ = node.get(&police_manager(), format!("/v1/screenings/{other}")).await.expect(200);
    assert_eq!(node.alarms(), 0, "a real child raises nothing");
    let _ = node.get(&police_manager(), format!("/v1/screenings/{screening}")).await.expect(200);
    assert_eq!(node.alarms(), 1);
    let _ = node.get(&police_manager(), format!("/v1/screenings/{screening}")).await.expect(200);
    assert_eq!(node.alarms(), 0, "once a day");
    node.get(&shelter(), format!("/v1/screenings/{screening}")).await.refused(404, "not-found");
    assert_eq!(node.alarms(), 1, "who is refused has tried");
}

#[actix_web::test]
async fn a_canary_is_answered_like_any_other_case() {
    let node = TestNode::start().await;
    let canary = node.given_canary().case.to_string();
    node.clock.advance(1);
    let other = ordinary(&node).await;
    let mut compared = 0;
    for who in [child_protection(), police_manager(), police(), supervisor(), shelter(), riga_police()] {
        for part in [
            "",
            "/child",
            "/whereabouts",
            "/timeline",
            "/identification",
            "/participants",
            "/matches",
            "/links",
        ] {
            let of = async |case: &str| {
                let seen = node.get(&who.clone().bound_to(case), format!("/v1/cases/{case}{part}")).await;
                let names: BTreeSet<_> = seen.headers.iter().map(|it| it.0.clone()).collect();
                (seen.status, names, form(&seen.json(), case))
            };
            let (one, two) = (of(&canary).await, of(&other).await);
            assert_eq!(one, two, "{part} for {who:?}");
            compared += usize::from(one.0 == 200);
        }
        let lists = ["/v1/cases", "/v1/screenings", "/v1/events?limit=200"];
        node.place_events();
        for list in lists {
            let seen = node.get(&who, list).await;
            if seen.status != 200 {
                continue;
            }
            let (by_case, by_other): (Vec<Value>, Vec<Value>) = {
                let all = seen.json()["data"].as_array().expect("a list").clone();
                // Facts of the two come as they happened; everything else in the order in which the two were made.
                if list.starts_with("/v1/events") {
                    let of = |case: &str| all.iter().filter(|it| it["caseId"] == case).cloned().collect();
                    (of(&canary), of(&other))
                } else {
                    let half = all.len() / 2;
                    (all[..half].to_vec(), all[half..].to_vec())
                }
            };
            let forms = |all: &[Value]| all.iter().map(|it| form(it, "no case")).collect::<Vec<_>>();
            assert_eq!(forms(&by_case), forms(&by_other), "{list} for {who:?}");
        }
    }
    assert!(compared > 15, "{compared} answers");
    // Hidden, it is as absent as what was never there.
    let unknown = "0192f0c1-2345-7abc-8def-0123456789ab";
    let of = async |case: &str| anonymous(&node.get(&shelter(), format!("/v1/cases/{case}")).await);
    assert_eq!(of(&canary).await, of(unknown).await);
}

#[actix_web::test]
async fn nobody_invents_what_is_real_and_nobody_counts_what_is_invented() {
    let node = TestNode::start().await;
    let canary = node.given_canary();
    let twice = node.node.store.add_canary(&invented(), || node.now());
    assert!(matches!(twice, Err(CanaryError::Refused(_))), "a child like this is known");
    let nowhere = NewCanary { agency: (police().agency().country, "nowhere".to_owned()), ..invented() };
    let nowhere = node.node.store.add_canary(&nowhere, || node.now());
    assert!(matches!(nowhere, Err(CanaryError::Store(StoreError::NotFound))));
    assert_eq!(node.node.store.canaries().expect("listed").len(), 1, "neither left anything");

    let other = ordinary(&node).await;
    node.node.store.end_canary(&canary.reference, "Juta Tamm", node.now()).expect("ended");
    let mut counted = Vec::new();
    for case in [canary.case.to_string(), other] {
        let seen = node.get(&supervisor(), format!("/v1/cases/{case}")).await.expect(200);
        let why = json!({ "reasons": "It is no case." });
        let path = format!("/v1/cases/{case}/mark-erroneous");
        let _ = node.act(&supervisor(), path, &seen.tag(), &why).await.expect(200);
        let reference = Reference::parse(&seen.text("reference")).expect("a reference");
        let ground = Ground { reason: ErasureReason::EnteredInError, evidence_released: false };
        let people = TwoPeople::new("Mari Maasikas", "Juta Tamm").expect("two");
        node.node.store.erase(&reference, (ground, &people), node.now(), &mut |_| Ok(())).expect("erased");
        counted.push(node.contents()["erased_cases"].clone());
    }
    assert!(counted[0].starts_with("0 ") && counted[1].starts_with("1 "), "{counted:?}");
    assert_eq!(node.node.store.canaries().expect("listed"), []);
}

/// Answers are compared by their form, so forms must be able to differ.
#[test]
fn forms_that_differ_are_told_apart() {
    let of = |id: &str, status: &str| form(&json!({ "id": id, "status": status }), id);
    assert_ne!(of("one", "intake"), of("two", "open"));
    assert_eq!(of("one", "intake"), of("two", "intake"));
}
