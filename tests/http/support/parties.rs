//! Who takes part in a case by a grant of the lead, and who is never to know of it.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Seen, TestNode, Who, child_protection, client};

/// A participation of an agency in a role, with these classes to read.
pub fn taking_part(who: &Who, role: Option<&str>, classes: &[&str]) -> Value {
    let grant = |class: &&str| {
        let bases = ["gdpr_6_1_e_public_task", "gdpr_9_2_h_health_social", "gdpr_10_official_authority"];
        json!({ "dataClass": class, "access": "read", "lawfulBases": bases })
    };
    let mut party = json!({ "agencyId": who.agency().id });
    if let Some(role) = role {
        party["role"] = json!(role);
    }
    let classes: Vec<_> = classes.iter().map(grant).collect();
    json!({ "party": party, "classes": classes, "reason": "It helps the child." })
}

/// An agency that is never to know.
pub fn shut_out(who: &Who) -> Value {
    json!({ "party": { "agencyId": who.agency().id }, "reason": "A relative of the suspect works there." })
}

impl TestNode {
    /// Somebody takes part in a case; by the lead of Estonia.
    pub async fn given_participant(&self, case: &str, body: &Value) -> Seen {
        self.create(&child_protection(), format!("/v1/cases/{case}/participants"), body).await.expect(201)
    }

    /// Somebody is never to know of a case; by the lead of Estonia.
    pub async fn given_restriction(&self, case: &str, body: &Value) -> Seen {
        self.create(&child_protection(), format!("/v1/cases/{case}/restricted-parties"), body)
            .await
            .expect(201)
    }

    /// Parties that wait for each operation on them.
    pub(super) async fn given_parties(&self, case: &str) -> HashMap<&'static str, String> {
        let mut ids = HashMap::new();
        for name in ["participantId", "endParticipant"] {
            let body = taking_part(&client("tallinn-dentist"), None, &["d1_identity"]);
            ids.insert(name, self.given_participant(case, &body).await.id());
        }
        for name in ["restrictionId", "requestRestrictionLift", "confirmRestrictionLift"] {
            let made = self.given_restriction(case, &shut_out(&client("tartu-child-clinic"))).await;
            if name == "confirmRestrictionLift" {
                let path = format!("/v1/cases/{case}/restricted-parties/{}/lift", made.id());
                let reason = json!({ "reason": "They have left." });
                let _ = self.act(&child_protection(), path, &made.tag(), &reason).await.expect(200);
            }
            ids.insert(name, made.id());
        }
        ids
    }
}
