//! One good request for each operation, made from the examples of the contract and a world in which they fit.

mod given;
mod waiting;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::waiting::{case_for, read_before};
use super::{
    Ask, TestNode, Who,
    abroad::doer_abroad,
    barnahus, child_protection, client,
    contract::{Operation, operations, resolved},
    data_protection, police, police_manager, police_officer, second_decider, shelter, supervisor,
};

/// A world in which every operation has something to work on.
#[derive(Deserialize, Serialize)]
pub struct Specimens {
    ids: HashMap<String, String>,
    /// Requests to another country, by the end of the path of the act that they wait for.
    abroad: HashMap<String, String>,
}

/// A good request.
#[derive(Clone, Debug)]
pub struct Specimen {
    /// What it asks.
    pub operation: Operation,
    /// Who may ask it.
    pub who: Who,
    /// Path and query.
    pub target: String,
    /// The body.
    pub body: Option<Value>,
    /// The tag to act on.
    pub tag: Option<String>,
}

impl Specimens {
    /// An id of this world: of a concern, a case, a referral that waits for an act.
    pub fn id(&self, name: &str) -> &str {
        self.ids.get(name).unwrap_or_else(|| panic!("no {name} in this world"))
    }

    /// The cases of this world that wait for an act, and the one in which everything is filed.
    pub fn cases(&self) -> Vec<&str> {
        let acts = operations().into_iter().map(|it| case_for(it.id));
        let names: std::collections::BTreeSet<_> = acts.chain(["case", "other"]).collect();
        names.into_iter().map(|it| self.id(it)).collect()
    }

    /// The referrals of this world that wait for an act.
    pub fn referrals(&self) -> Vec<&str> {
        let acts = operations().into_iter().filter_map(|it| it.path.strip_prefix("/v1/referrals/{id}/"));
        let names: std::collections::BTreeSet<_> = acts.chain(["amend", "told"]).collect();
        names.into_iter().filter_map(|it| self.ids.get(it)).map(String::as_str).collect()
    }

    /// One good request for each operation of the versioned API.
    pub async fn all(&self, node: &TestNode) -> Vec<Specimen> {
        let mut all = Vec::new();
        node.seal();
        for operation in operations().into_iter().filter(Operation::ours) {
            all.push(self.of(node, operation).await);
        }
        all
    }

    /// A good request for each operation that takes a body of JSON.
    pub async fn with_body(&self, node: &TestNode) -> Vec<Specimen> {
        let all = self.all(node).await.into_iter();
        all.filter(|it| it.body.is_some() && !it.operation.takes_bytes()).collect()
    }

    /// A good request for each operation that writes.
    pub async fn writing(&self, node: &TestNode) -> Vec<Specimen> {
        self.all(node).await.into_iter().filter(|it| it.operation.stores()).collect()
    }

    /// A good request for one operation.
    pub async fn of(&self, node: &TestNode, operation: Operation) -> Specimen {
        let act = operation.path.strip_prefix("/v1/referrals/{id}/");
        let act = act.map(|it| it.split('/').next().unwrap_or(it));
        let senders =
            ["send", "cancel", "provide-information", "reroute", "child-view", "messages", "package"];
        let by_receiver = act.is_some_and(|it| senders.iter().all(|of| !it.starts_with(of)));
        let own_entry = operation.path.starts_with("/v1/agencies/") && operation.stores();
        let who = match operation.id {
            "openFormalAssessment"
            | "decideIdentification"
            | "proposeNegativeDecision"
            | "recogniseForeignDecision" => police_officer(),
            "confirmNegativeDecision" | "returnNegativeDecision" => second_decider(),
            // Its lead agency looks whether the child is known.
            "listCaseMatches" | "getCaseMatch" | "confirmCaseMatch" | "rejectCaseMatch" => child_protection(),
            // Somebody who takes no part in the case.
            "createEmergencyAccess" => client("narva-ngo").bound_to(self.id("case")),
            "listCaseEmergencyAccess" | "getEmergencyAccess" => child_protection(),
            "listEmergencyAccess" | "listDataRequests" | "reviewDataRequest" => data_protection(),
            "reviewEmergencyAccess"
            | "approveClosure"
            | "returnClosure"
            | "mergeCase"
            | "markCaseErroneous"
            | "confirmRestrictionLift" => supervisor(),
            "createParticipant"
            | "updateParticipant"
            | "endParticipant"
            | "createRestrictedParty"
            | "requestRestrictionLift"
            | "openCaseForProtection"
            | "recordLongTermMissing"
            | "recordChildFound"
            | "proposeHandover"
            | "withdrawHandover"
            | "requestClosure"
            | "createDataRequest"
            | "listCaseDataRequests"
            | "getDataRequest"
            | "answerDataRequest" => child_protection(),
            // Who screened does not close.
            "recordNoGrounds" | "setAsideScreening" => police(),
            _ if operation.path.starts_with(ABROAD) => doer_abroad(operation.id),
            _ if operation.path.starts_with("/v1/audit/") => data_protection(),
            _ if by_receiver || own_entry => barnahus(),
            _ => police_manager(),
        };
        let path = self.path(operation, act);
        let query: Vec<String> = operation
            .parameters()
            .into_iter()
            .filter(|it| it["in"] == "query" && it["required"] == true)
            .map(|it| match it["name"].as_str().unwrap_or_default() {
                "caseId" => format!("caseId={}", self.id("case")),
                name => format!("{name}={}", example_of(it)),
            })
            .collect();
        let target = if query.is_empty() { path.clone() } else { format!("{path}?{}", query.join("&")) };
        let mut body = operation.body().map(|_| self.fitting(operation.example()));
        if let Some(body) = body.as_mut().filter(|_| operation.id == "putCase") {
            body["screeningId"] = self.id("screening to upsert").into();
        }
        if let Some(body) = body.as_mut().filter(|_| act.is_some_and(|it| it.ends_with("reroute"))) {
            // Neither side can be asked to take it over.
            body["toAgencyId"] = shelter().agency().id.to_string().into();
        }
        if let Some(body) = body.as_mut().filter(|_| operation.id == "forwardTransnationalRequest") {
            // It goes to another office of the same country.
            *body = operation.example();
        }
        if let Some(body) = body.as_mut().filter(|it| it.get("packageDigest").is_some()) {
            let id = path.trim_start_matches(ABROAD).split('/').nth(1).expect("an id");
            *body = node.previewed(&who, id).await;
        }
        let conditional = operation.parameters().into_iter().any(|it| it["name"] == "If-Match");
        let tag = if conditional {
            let read = match act {
                Some(act) => path.trim_end_matches(act).trim_end_matches('/').to_owned(),
                None if path.starts_with(ABROAD) => path.split('/').take(4).collect::<Vec<_>>().join("/"),
                None => read_before(&path),
            };
            Some(node.get(&who, read).await.expect(200).tag())
        } else {
            None
        };
        Specimen { operation, who, target, body, tag }
    }

    fn path(&self, operation: Operation, act: Option<&str>) -> String {
        let mut path = operation.path.to_owned();
        for it in operation.parameters().into_iter().filter(|it| it["in"] == "path") {
            let name = it["name"].as_str().unwrap_or_default();
            let value = match (operation.path.split('/').nth(2), name) {
                (_, "episodeId") => self.id("episode").to_owned(),
                (_, "serviceId") => service_of_barnahus(),
                (Some("agencies"), _) => barnahus().agency().id.to_string(),
                (Some("professionals"), _) => self.id("professional").to_owned(),
                (Some("concerns"), _) => self.id("concern").to_owned(),
                (Some("screenings"), _) if operation.id == "setAsideScreening" => self.id("aside").to_owned(),
                (Some("screenings"), _) => self.id("screening").to_owned(),
                (_, "entitlement") => example_of(it),
                (_, "matchId") => self.ids.get(operation.id).unwrap_or_else(|| &self.ids["match"]).to_owned(),
                (_, "documentId") if operation.id == "putDocumentContent" => self.id("announced").to_owned(),
                (_, "contactId" | "movementId" | "noteId" | "documentId" | "linkId") => {
                    self.id(name).to_owned()
                }
                (_, "assessmentId") if operation.id == "appealAgeAssessment" => self.id("adult").to_owned(),
                (_, "participantId" | "restrictionId" | "accessId" | "requestId") => {
                    self.ids.get(operation.id).unwrap_or_else(|| &self.ids[name]).to_owned()
                }
                (_, "assessmentId") => self.id("assessment").to_owned(),
                (Some("cases"), "id") => self.id(case_for(operation.id)).to_owned(),
                (Some("cases"), _) => self.id("case").to_owned(),
                (Some("referrals"), "messageId") => self.id("message").to_owned(),
                (Some("referrals"), _) if operation.id == "updateReferral" => self.id("amend").to_owned(),
                (Some("referrals"), _) => self.id(act.unwrap_or("accept")).to_owned(),
                (Some("deadlines"), _) => self.id("deadline").to_owned(),
                (Some("transnational-requests"), _) => self.abroad[waits_abroad(operation)].clone(),
                _ => example_of(it),
            };
            path = path.replace(&format!("{{{name}}}"), &value);
        }
        path
    }

    /// The example with the ids of this world.
    fn fitting(&self, mut example: Value) -> Value {
        let ids = [
            ("screeningId", self.id("screening").to_owned()),
            ("caseId", self.id("case").to_owned()),
            ("intoCaseId", self.id("into").to_owned()),
            ("toAgencyId", barnahus().agency().id.to_string()),
            ("otherCaseId", self.id("other").to_owned()),
        ];
        if let Some(agency) = example.pointer_mut("/party/agencyId") {
            *agency = client("tallinn-dentist").agency().id.to_string().into();
        }
        for (member, id) in ids {
            if example.get(member).is_some() {
                example[member] = id.into();
            }
        }
        example
    }
}

/// Where requests between countries lie.
const ABROAD: &str = "/v1/transnational-requests";

/// What waits for an operation on a request between countries: the end of its path.
fn waits_abroad(operation: Operation) -> &'static str {
    if operation.method == "PATCH" {
        return "update";
    }
    operation.path.split("{id}").nth(1).unwrap_or_default().trim_start_matches('/')
}

/// What is filed in the case of this world: the parameter that names it, the operation that makes it, where it lies.
const FILED: &[(&str, &str, &str)] = &[
    ("contactId", "createContact", "contacts"),
    ("movementId", "createMovement", "movements"),
    ("noteId", "createNote", "notes"),
    ("documentId", "createDocument", "documents"),
    ("linkId", "createCaseLink", "links"),
];

/// A service of the Barnahus of Tallinn, as the demo directory has it.
pub fn service_of_barnahus() -> String {
    "019b7000-ee00-7000-9000-000000000301".to_owned()
}

fn example_of(parameter: &'static Value) -> String {
    let schema = resolved(&parameter["schema"]);
    let given = [&parameter["example"], &schema["examples"][0], &schema["example"], &schema["enum"][0]];
    let found =
        given.into_iter().find(|it| !it.is_null()).unwrap_or_else(|| panic!("no example: {parameter}"));
    found.as_str().map_or_else(|| found.to_string(), str::to_owned)
}

impl Specimen {
    /// The request, to be changed and sent.
    pub fn ask<'a>(&self, node: &'a TestNode) -> Ask<'a> {
        self.ask_with(node, self.body.as_ref())
    }

    /// The request with another body.
    pub fn ask_with<'a>(&self, node: &'a TestNode, body: Option<&Value>) -> Ask<'a> {
        let ask = self.headed(node);
        match (body, self.operation.body()) {
            (Some(Value::String(bytes)), Some((media, _))) if self.operation.takes_bytes() => {
                ask.bytes(media, bytes.clone())
            }
            (Some(body), Some((media, _))) => ask.bytes(media, body.to_string()),
            _ => ask,
        }
    }

    /// The request without its body.
    pub fn headed<'a>(&self, node: &'a TestNode) -> Ask<'a> {
        let mut ask = self.anonymous(node).by(&self.who);
        if let Some(tag) = &self.tag {
            ask = ask.if_match(tag);
        }
        if self.operation.method == "POST" {
            ask = ask.key(&super::fresh_key());
        }
        ask
    }

    /// The request without caller, headers and body.
    pub fn anonymous<'a>(&self, node: &'a TestNode) -> Ask<'a> {
        node.ask(self.operation.method, self.target.as_str())
    }
}
