//! Stories of the life of a case, as far as a test needs them.

use serde_json::{Value, json};

use super::{Seen, TestNode, Who, accepting, asking, child_protection, package, police_manager, supervisor};

/// Opening for a need of protection.
pub fn protecting() -> Value {
    json!({ "reasons": "She sleeps at the station." })
}

/// A report that the child is missing, before police were told.
pub fn gone() -> Value {
    json!({
        "lastSeenAt": "2026-11-24T05:00:00Z", "circumstances": "Not at the morning roll call.",
        "police": { "notYetBecause": "The line is busy." },
    })
}

/// The same once police were told.
pub fn gone_and_told() -> Value {
    let mut it = gone();
    it["police"] = json!({ "notifiedAt": "2026-11-24T06:30:00Z", "reference": "T-2026-0107" });
    it
}

/// That the child was found.
pub fn back(outcome: &str) -> Value {
    json!({ "outcome": outcome, "foundAt": "2026-11-24T07:45:00Z", "circumstances": "She came back by herself." })
}

/// What a receiver confirms.
pub fn arrived() -> Value {
    json!({ "confirmed": ["child_arrived", "carer_present", "plan_accepted", "child_told"] })
}

/// The request to close, with everything attested.
pub fn finishing() -> Value {
    let plain = |item: &str| json!({ "item": item, "on": "2026-11-20" });
    let with_views = |item: &str| json!({ "item": item, "on": "2026-11-20", "note": "Glad of it." });
    let mut attested: Vec<Value> = [
        "solution_in_place",
        "safety_plan_ended",
        "proceedings_done",
        "guardian_duties_ended",
        "retention_set",
        "statistics_complete",
        "follow_up",
        "compensation_decided",
        "schooling",
        "exit_feedback",
    ]
    .map(plain)
    .into();
    attested.extend(["child_informed", "guardian_informed"].map(with_views));
    json!({
        "reason": "durable_solution_implemented", "explanation": "She lives with her aunt.", "attested": attested,
    })
}

/// Why a case is reopened.
pub fn returning() -> Value {
    json!({ "reason": "retrafficking", "explanation": "The man has found her." })
}

impl TestNode {
    /// Acts on the life of a case as it is now; the act is what follows the case in the path.
    pub async fn life(&self, who: &Who, case: &str, act: &str, body: &Value) -> Seen {
        let now = self.get(who, format!("/v1/cases/{case}/lifecycle")).await;
        let tag = now.header("etag").unwrap_or("\"none\"").to_owned();
        self.act(who, format!("/v1/cases/{case}/{act}"), &tag, body).await
    }

    /// A case that is open for a need of protection: little was seen, and nothing is owed by a presumption.
    pub async fn given_protected_case(&self) -> String {
        let case = self.given_weak_case().await;
        let _ = self.life(&child_protection(), &case, "open-for-protection", &protecting()).await.expect(200);
        case
    }

    /// A case whose child is missing; whether police were told.
    pub async fn given_missing_case(&self, told: bool) -> String {
        let case = self.given_protected_case().await;
        let body = if told { gone_and_told() } else { gone() };
        let _ = self.life(&police_manager(), &case, "report-missing", &body).await.expect(200);
        case
    }

    /// A case whose child came back, and with whom nobody has talked.
    pub async fn given_found_case(&self) -> String {
        let case = self.given_missing_case(true).await;
        let _ = self.life(&child_protection(), &case, "record-found", &back("found_safe")).await.expect(200);
        case
    }

    /// A referral of child protection that somebody has accepted; as child protection sees it.
    pub async fn given_taken_referral(&self, case: &str, to: &Who) -> Seen {
        let lead = child_protection();
        let mut body = asking(case, to);
        body["send"] = package();
        let id = self.create(&lead, "/v1/referrals", &body).await.expect(201).id();
        let _ = self.referral_act(to, &id, "acknowledge", &json!({})).await.expect(200);
        let _ = self.referral_act(to, &id, "accept", &accepting()).await.expect(200);
        self.get(&lead, format!("/v1/referrals/{id}")).await.expect(200)
    }

    /// A case that child protection proposes to hand over to the police of Tallinn.
    pub async fn given_handover(&self) -> String {
        let case = self.given_protected_case().await;
        let _ = self.given_taken_referral(&case, &police_manager()).await;
        let to = police_manager().agency().id.to_string();
        let body = json!({ "toAgencyId": to, "reasons": "They know the family." });
        let _ = self.life(&child_protection(), &case, "propose-handover", &body).await.expect(200);
        case
    }

    /// A case that somebody has asked to close.
    pub async fn given_closure_review(&self) -> String {
        let case = self.given_protected_case().await;
        let _ = self.life(&child_protection(), &case, "request-closure", &finishing()).await.expect(200);
        case
    }

    /// A closed case.
    pub async fn given_closed_case(&self) -> String {
        let case = self.given_closure_review().await;
        let _ = self.life(&supervisor(), &case, "approve-closure", &json!({})).await.expect(200);
        case
    }
}
