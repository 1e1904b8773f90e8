//! Stories of requests between Estonia and Latvia, as far as a test needs them.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Seen, TestNode, Who, child_protection, client, focal_point, supervisor};

/// The focal point of Latvia.
pub fn lv_focal_point() -> Who {
    client("lv-focal-point")
}

/// The Central Authority of Latvia.
pub fn lv_central_authority() -> Who {
    client("lv-central-authority")
}

/// The Central Authority of Estonia.
pub fn central_authority() -> Who {
    client("ee-central-authority")
}

/// What goes into a package of a type.
pub fn material(kind: &str) -> Value {
    let parts: &[&str] = match kind {
        "tr_information" => &["reasons", "questions", "translation"],
        "tr_danger_notice" => &["danger", "measures_taken", "presence_information"],
        "tr_locate" => &["last_known_data", "translation"],
        "tr_assistance_referral" => &["best_interests_assessment", "needs"],
        "tr_placement_consent" => &["report_on_child", "reasons", "funding", "duration", "translation"],
        "tr_durable_return" => {
            &["best_interests_determination", "risk_assessment", "family_assessment", "guardian", "plan"]
        }
        "tr_implementation" => &["decision"],
        "tr_jurisdiction" => &["court_reference"],
        "tr_evidence" => &["justice_reference"],
        "tr_family_tracing" => &["best_interests_assessment", "translation"],
        _ => &["identification_decision", "indicators"],
    };
    let on = |class: &str| json!({ "dataClass": class, "lawfulBases": ["h96_or_biib_cooperation"] });
    let reference_only = ["tr_jurisdiction", "tr_evidence"].contains(&kind);
    let classes: &[&str] =
        if reference_only { &["d15_referral_metadata"] } else { &["d1_identity", "d15_referral_metadata"] };
    let (attested, told): (Vec<&str>, Vec<&str>) = parts.iter().copied().partition(|it| *it == "translation");
    let written: Vec<_> = told.iter().map(|it| json!({ "part": it, "text": "As it stands here." })).collect();
    let mut it = json!({
        "disclosures": classes.iter().map(|it| on(it)).collect::<Vec<_>>(), "parts": attested, "written": written,
    });
    if !reference_only {
        it["withIdentity"] = json!(true);
        it["viewMissingReason"] = json!("urgent_danger");
        it["askAgainOn"] = json!("2026-11-25");
    }
    it
}

/// The route of a type between two States of the European Union.
pub fn route_of(kind: &str) -> &'static str {
    match kind {
        "tr_information" | "tr_locate" | "tr_placement_consent" | "tr_family_tracing" => "central_authority",
        "tr_danger_notice" => "direct",
        "tr_implementation" | "tr_jurisdiction" => "court",
        "tr_evidence" => "justice",
        _ => "focal_point",
    }
}

/// A request of a type to Latvia.
pub fn asking_abroad(case: &str, kind: &str) -> Value {
    let to = match route_of(kind) {
        "central_authority" => "demo-central-authority-riga",
        "court" => "demo-family-court-riga",
        "justice" => "demo-prosecution-riga",
        _ => "demo-focal-point-riga",
    };
    json!({
        "caseId": case, "requestType": kind, "route": route_of(kind), "urgency": "urgent", "toCountry": "LV",
        "toOffice": to, "content": material(kind),
    })
}

/// Every safeguard of a move, as it holds.
pub fn ready() -> Value {
    json!({
        "risk": { "on": "2026-11-20", "level": "low" },
        "family": { "on": "2026-11-20", "byCountry": "LV", "placeOfCare": true },
        "receiving": { "named": true, "acceptedInWriting": true, "planned": true },
        "foundAgainst": false, "procedures": [],
        "consulted": { "prosecutorOn": "2026-11-20", "viewsOn": "2026-11-20", "viewsAddressed": true },
        "placement": { "basis": "parent" },
    })
}

/// A plan of the transfer.
pub fn travelling() -> Value {
    json!({
        "departsAt": "2026-11-24T09:00:00Z", "arrivesAt": "2026-11-24T14:00:00Z", "fromPlace": "The shelter",
        "toPlace": "The focal point there", "borderPoints": ["Ikla"], "escort": "Two workers", "emergencyContacts": ["+372 000 0009"],
        "readiness": ready(),
    })
}

/// Whoever decides on the other side.
fn decider(kind: &str) -> Who {
    match route_of(kind) {
        "central_authority" => lv_central_authority(),
        "court" => client("lv-family-court"),
        "justice" => client("lv-prosecution"),
        _ => lv_focal_point(),
    }
}

/// The own office.
fn office(kind: &str) -> Who {
    match route_of(kind) {
        "central_authority" => central_authority(),
        "court" => client("ee-family-court"),
        "justice" => client("ee-prosecution"),
        _ => focal_point(),
    }
}

/// The steps of a story: who, which act, with what.
fn steps(kind: &str) -> Vec<(Who, &'static str, Value)> {
    let (ours, theirs, author) = (office(kind), decider(kind), child_protection());
    vec![
        (author.clone(), "submit-national", Value::Null),
        (ours, "approve", Value::Null),
        (theirs.clone(), "acknowledge", json!({ "officer": "Officer L." })),
        (theirs.clone(), "assess", json!({})),
        (theirs.clone(), "accept", json!({ "acceptance": "in_full" })),
        (theirs.clone(), "open-case", json!({})),
        (author.clone(), "propose-plan", travelling()),
        (
            theirs.clone(),
            "confirm-plan",
            json!({ "carer": "Foster family", "emergencyContacts": ["+371 0000 0105"] }),
        ),
        (author, "depart", json!({ "readiness": ready() })),
        (theirs.clone(), "confirm-arrival", json!({ "arrivedAt": "2026-11-24T08:00:00Z" })),
        (
            theirs.clone(),
            "hand-over",
            json!({ "carerPresent": "Foster mother", "planAccepted": true, "childTold": true }),
        ),
        (theirs, "report", json!({ "report": "She goes to school." })),
    ]
}

impl TestNode {
    /// Acts on a request between countries as the caller sees it now; a body that names a digest names that of the package.
    pub async fn abroad(&self, who: &Who, id: &str, act: &str, body: &Value) -> Seen {
        let path = format!("/v1/transnational-requests/{id}");
        let tag = self.get(who, path.as_str()).await.header("etag").unwrap_or("\"none\"").to_owned();
        let body = if body.is_null() { self.previewed(who, id).await } else { body.clone() };
        self.act(who, format!("{path}/{act}"), &tag, &body).await
    }

    /// The body that names the package that is previewed now.
    pub async fn previewed(&self, who: &Who, id: &str) -> Value {
        let it = self.get(who, format!("/v1/transnational-requests/{id}/package")).await.expect(200);
        json!({ "packageDigest": it.text("digest") })
    }

    /// A draft of a type.
    pub async fn given_abroad_draft(&self, case: &str, kind: &str) -> String {
        self.create(&child_protection(), "/v1/transnational-requests", &asking_abroad(case, kind))
            .await
            .expect(201)
            .id()
    }

    /// A request of a type, once this act was done, and all before it.
    pub async fn given_abroad(&self, case: &str, kind: &str, until: &str) -> String {
        let id = self.given_abroad_draft(case, kind).await;
        for (who, act, mut body) in steps(kind) {
            if let Some(own) = self.own_case_abroad(case, act, &who).await {
                body = json!({ "caseId": own });
            }
            let _ = self.abroad(&who, &id, act, &body).await.expect(200);
            if act == until {
                return id;
            }
        }
        panic!("no act {until}")
    }

    /// The case that Latvia has for this child already, by an earlier request: it opens no second one.
    async fn own_case_abroad(&self, case: &str, act: &str, theirs: &Who) -> Option<String> {
        if act != "open-case" {
            return None;
        }
        let list = async |who: &Who, filter: String| {
            let list = format!("/v1/transnational-requests?limit=100&{filter}");
            self.get(who, list).await.expect(200).json()["data"].as_array().cloned().unwrap_or_default()
        };
        let same = list(&child_protection(), format!("box=out&caseId={case}")).await;
        let received = list(theirs, "box=in".to_owned()).await;
        let mut own = received.iter().filter(|it| same.iter().any(|same| same["id"] == it["id"]));
        own.find_map(|it| it["caseId"].as_str().map(str::to_owned))
    }

    /// A request that could not be delivered, because the office took no part when it was sent.
    pub async fn given_undeliverable(&self, case: &str) -> String {
        let id = self.given_abroad(case, "tr_assistance_referral", "submit-national").await;
        self.database.set_agency_active("lv-focal-point", false);
        let _ = self.abroad(&focal_point(), &id, "approve", &Value::Null).await.expect(200);
        self.database.set_agency_active("lv-focal-point", true);
        id
    }

    /// Requests that wait for each act on them, by the end of its path.
    pub(super) async fn given_requests(&self, case: &str) -> HashMap<&'static str, String> {
        let (move_, answer) = ("tr_assistance_referral", "tr_identification_support");
        let mut ids = HashMap::new();
        for act in
            ["update", "checklist", "package", "messages", "submit-national", "withdraw", "suspend", ""]
        {
            ids.insert(act, self.given_abroad_draft(case, move_).await);
        }
        ids.insert("send-direct", self.given_abroad_draft(case, "tr_danger_notice").await);
        ids.insert("retry-delivery", self.given_undeliverable(case).await);
        for (act, kind, before) in [
            ("return-to-sender", move_, "submit-national"),
            ("approve", move_, "submit-national"),
            ("acknowledge", move_, "approve"),
            ("notify", move_, "approve"),
            ("forward", move_, "acknowledge"),
            ("request-information", move_, "acknowledge"),
            ("provide-information", move_, "acknowledge"),
            ("assess", move_, "acknowledge"),
            ("decline", move_, "acknowledge"),
            ("acknowledge-notice", move_, "approve"),
            ("lift-suspension", move_, "approve"),
            ("accept", move_, "assess"),
            ("answer", answer, "assess"),
            ("close", answer, "assess"),
            ("propose-plan", move_, "accept"),
            ("confirm-plan", move_, "propose-plan"),
            ("refuse-plan", move_, "propose-plan"),
            ("depart", move_, "confirm-plan"),
            ("turn-back", move_, "depart"),
            ("confirm-arrival", move_, "depart"),
            ("hand-over", move_, "confirm-arrival"),
            ("report", move_, "hand-over"),
        ] {
            // A child leaves once: each of those who leave is another one.
            let left = ["confirm-plan", "depart", "confirm-arrival", "hand-over"].contains(&before);
            let case = if left { self.given_case().await } else { case.to_owned() };
            ids.insert(act, self.given_abroad(&case, kind, before).await);
        }
        // Another child than the one whom other requests have brought there: its pseudonym is known (R70).
        let mut unnamed = asking_abroad(&self.given_case().await, move_);
        unnamed["content"]["withIdentity"] = json!(false);
        let made = self.create(&child_protection(), "/v1/transnational-requests", &unnamed).await;
        ids.insert("open-case", made.expect(201).id());
        let theirs = lv_focal_point();
        for (who, act) in [(child_protection(), "submit-national"), (focal_point(), "approve")] {
            let _ = self.abroad(&who, &ids["open-case"], act, &Value::Null).await.expect(200);
        }
        for (id, who, act, body) in [
            (
                "provide-information",
                &theirs,
                "request-information",
                json!({ "questions": ["Who is her guardian?"] }),
            ),
            (
                "acknowledge-notice",
                &child_protection(),
                "notify",
                json!({ "kind": "correction", "about": "The year." }),
            ),
            ("lift-suspension", &child_protection(), "suspend", json!({ "because": "The man was seen." })),
            ("close", &theirs, "answer", json!({ "answer": "She was at school here." })),
        ] {
            let _ = self.abroad(who, &ids[id], act, &body).await.expect(200);
        }
        ids
    }
}

/// Who does an operation on a request of the world of specimens.
pub(super) fn doer_abroad(operation: &str) -> Who {
    match operation {
        "returnTransnationalRequest" | "approveTransnationalRequest" | "retryTransnationalDelivery" => {
            focal_point()
        }
        // A draft is its author's alone, and a supervisor sends directly in danger (T4b).
        "sendTransnationalRequest" => supervisor(),
        "acknowledgeTransnationalRequest"
        | "openCaseFromPackage"
        | "forwardTransnationalRequest"
        | "requestTransnationalInformation"
        | "assessTransnationalRequest"
        | "acceptTransnationalRequest"
        | "declineTransnationalRequest"
        | "answerTransnationalRequest"
        | "confirmTransferPlan"
        | "refuseTransferPlan"
        | "confirmArrival"
        | "takeChildOver"
        | "reportOnChild"
        | "acknowledgeTransnationalNotice" => lv_focal_point(),
        _ => child_protection(),
    }
}
