//! Stories told by HTTP: how a test gets to where it begins. The children in them are invented.

use serde_json::{Value, json};

use super::{Seen, TestNode, Who, child_protection, police_manager, police_officer, second_decider};

/// Indicators that amount to reasonable grounds.
pub fn begging() -> Value {
    json!([
        { "indicator": "beg_adult_collects", "certainty": "confirmed" },
        { "indicator": "beg_target_sum", "certainty": "reported" },
        { "indicator": "trv_group_unrelated_adult", "certainty": "reported" },
    ])
}

/// A child with a whole identity.
pub fn mik() -> Value {
    json!({
        "givenName": "Mykola", "familyName": "Vymyshlenyi", "callName": "Mik", "sex": "male", "birthDate": "2015-04-02",
        "ageCertainty": "declared", "nationalities": ["UA"], "languages": ["uk"], "specialNeeds": ["acute_trauma"],
        "unaccompanied": true,
    })
}

/// A child like Mik whom nobody takes for another (R70): each has a family name of its own.
pub fn another_mik() -> Value {
    let mut it = mik();
    it["familyName"] = json!(invented_name());
    it
}

/// A name that no other call gets, in no process, unlike the others.
pub fn invented_name() -> String {
    const CONSONANTS: &[u8; 16] = b"bdfghklmnprstvzj";
    const VOWELS: &[u8; 4] = b"aiou";
    // Neighbouring numbers become names that have nothing in common (SplitMix64).
    let fresh = super::fresh();
    let number = (fresh >> 80) << 32 | fresh & 0xffff_ffff;
    let mut bits = u64::try_from(number).expect("64 bits").wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^= bits >> 31;
    let mut name = String::new();
    for _ in 0..9 {
        let place = usize::try_from(bits >> 58).expect("6 bits");
        name.extend([CONSONANTS[place >> 2], VOWELS[place & 3]].map(char::from));
        bits <<= 6;
    }
    name
}

/// An assessment that says that somebody is an adult.
pub fn grown_up() -> Value {
    json!({
        "method": "psychosocial", "assessedOn": "2026-11-24", "conclusion": "adult",
        "range": { "youngest": 19, "oldest": 22 }, "reasons": "As observed.",
        "assessors": [{ "who": "one", "field": "psychology" }, { "who": "two", "field": "social_work" }],
        "representativeInformedOn": "2026-11-24",
    })
}

/// Where Mik is.
pub fn hideout() -> Value {
    json!({
        "accommodationType": "emergency_shelter_child", "address": "Invented Street 1, Tallinn",
        "contact": "+372 000 0000", "since": "2026-11-24",
    })
}

/// The presumption.
pub fn presuming() -> (Who, &'static str, Value) {
    (
        child_protection(),
        "presume",
        json!({ "grounds": "screening", "reasons": "Two strong direct indicators." }),
    )
}

/// Opening the formal assessment.
pub fn opening() -> (Who, &'static str, Value) {
    (police_officer(), "open-formal-assessment", json!({}))
}

/// Proposing a negative decision.
pub fn denying() -> (Who, &'static str, Value) {
    let body = json!({
        "grounds": ["purpose_not_shown"],
        "findings": { "act": "unclear", "purpose": "not_shown", "evidence": ["The statement of the aunt."] },
        "reasons": "A visit to an aunt.",
    });
    (police_officer(), "propose-negative", body)
}

/// Confirming it.
pub fn confirming() -> (Who, &'static str, Value) {
    let body = json!({ "reasons": "Read anew.", "informed": { "child": true, "guardian": false } });
    (second_decider(), "confirm-negative", body)
}

/// Closing without a status.
pub fn closing() -> (Who, &'static str, Value) {
    let body = json!({ "reason": "child_moved", "explanation": "To an aunt abroad." });
    (police_manager(), "close-without-status", body)
}

/// A referral to draft.
pub fn asking(case: &str, to: &Who) -> Value {
    json!({
        "caseId": case, "toAgencyId": to.agency().id.to_string(), "urgency": "urgent", "reasons": ["shelter"],
        "services": ["safe_accommodation"], "summary": "A boy of about eleven needs a safe place tonight.",
    })
}

/// Sending a package.
pub fn sending() -> Value {
    json!({ "package": package() })
}

/// A package without the child's view, which is asked again in two days.
pub fn blind_package() -> Value {
    let mut it = package();
    it.as_object_mut().expect("an object").remove("childView");
    it["viewMissingReason"] = json!("urgent_danger");
    it["askAgainOn"] = json!("2026-11-26");
    it
}

/// A package that discloses identity, whereabouts and the child's view.
pub fn package() -> Value {
    let basis = json!(["gdpr_6_1_e_public_task"]);
    json!({
        "disclosures": [
            { "dataClass": "d1_identity", "lawfulBases": basis },
            { "dataClass": "d2_whereabouts", "lawfulBases": basis },
            { "dataClass": "d13_best_interests_views", "lawfulBases": basis },
            { "dataClass": "d15_referral_metadata", "lawfulBases": basis },
        ],
        "childView": {
            "status": "expressed", "method": "spoken", "summary": "He wants to stay with his cousin.",
            "recordedOn": "2026-11-24", "weightGiven": "The cousin is asked as well.",
        },
        "childInformed": true, "caveats": ["do_not_tell_parents"],
    })
}

/// Accepting.
pub fn accepting() -> Value {
    json!({ "worker": "Duty worker", "firstAppointmentOn": "2026-11-25" })
}

/// Declining for want of places.
pub fn declining() -> Value {
    json!({ "reason": "no_capacity", "explanation": "All places are taken.", "noneKnown": true })
}

/// Completing.
pub fn completing() -> Value {
    json!({ "outcome": "needs_met", "delivered": ["safe_accommodation"], "feedback": "He sleeps and eats well." })
}

impl TestNode {
    /// A screening of the caller's agency that shows reasonable grounds.
    pub async fn given_screening(&self, who: &Who) -> String {
        let body =
            json!({ "observations": begging(), "acts": ["transportation"], "controllingPerson": true });
        self.create(who, "/v1/screenings", &body).await.expect(201).id()
    }

    /// A case in intake, taken in by the police of Tallinn; child protection leads it.
    pub async fn given_case(&self) -> String {
        self.given_case_by(&police_manager()).await
    }

    /// A case in intake, taken in by a caller.
    pub async fn given_case_by(&self, who: &Who) -> String {
        let screening = self.given_screening(who).await;
        let body = json!({ "screeningId": screening, "child": another_mik(), "whereabouts": hideout() });
        self.create(who, "/v1/cases", &body).await.expect(201).id()
    }

    /// A case in intake of this child, taken in by a caller.
    pub async fn given_case_of(&self, who: &Who, child: &Value) -> String {
        let body = json!({ "screeningId": self.given_screening(who).await, "child": child });
        self.create(who, "/v1/cases", &body).await.expect(201).id()
    }

    /// A case of whose child an assessment says that it is an adult; the case and the assessment.
    pub async fn given_adult(&self) -> (String, String) {
        let case = self.given_case().await;
        let made =
            self.create(&police_manager(), format!("/v1/cases/{case}/age-assessments"), &grown_up()).await;
        (case, made.expect(201).id())
    }

    /// Two cases that may be of one child, led by the police of Tallinn and by child protection, which do not see each
    /// other's: the case of child protection, its match, the case of the police.
    pub async fn given_match(&self) -> (String, String, String) {
        let child = another_mik();
        let theirs = self.given_case_of(&police_manager(), &child).await;
        self.database.give_case_to(&theirs, "tallinn-police");
        let ours = self.given_case_of(&child_protection(), &child).await;
        let all = self.get(&child_protection(), format!("/v1/cases/{ours}/matches")).await.expect(200).json();
        let found = all["data"][0]["id"].as_str().expect("a match").to_owned();
        (ours, found, theirs)
    }

    /// An open case whose child is presumed a victim.
    pub async fn given_presumed_case(&self) -> String {
        let case = self.given_case().await;
        let path = format!("/v1/cases/{case}/identification");
        let tag = self.get(&child_protection(), path.as_str()).await.expect(200).tag();
        let body = json!({ "grounds": "screening", "reasons": "Two strong direct indicators." });
        let _ = self.act(&child_protection(), format!("{path}/presume"), &tag, &body).await.expect(200);
        case
    }

    /// A case whose screening shows little.
    pub async fn given_weak_case(&self) -> String {
        let seen = json!([{ "indicator": "gen_fear_anxious_withdrawn", "certainty": "reported" }]);
        let body = json!({ "observations": seen });
        let screening = self.create(&police_manager(), "/v1/screenings", &body).await.expect(201).id();
        let body = json!({ "screeningId": screening, "child": another_mik() });
        self.create(&police_manager(), "/v1/cases", &body).await.expect(201).id()
    }

    /// A case after these acts on its identification: who, what follows `identification/`, the body.
    pub async fn given_identification(&self, acts: &[(Who, &str, Value)]) -> String {
        let case = self.given_case().await;
        for (who, act, body) in acts {
            let _ = self.identification_act(who, &case, act, body).await.expect(200);
        }
        case
    }

    /// Acts on an identification as it is now.
    pub async fn identification_act(&self, who: &Who, case: &str, act: &str, body: &Value) -> Seen {
        let path = format!("/v1/cases/{case}/identification");
        let now = self.get(who, path.as_str()).await;
        let tag = now.header("etag").unwrap_or("\"none\"").to_owned();
        self.act(who, format!("{path}/{act}"), &tag, body).await
    }

    /// A case whose formal assessment is open.
    pub async fn given_formal_assessment(&self) -> String {
        self.given_identification(&[presuming(), opening()]).await
    }

    /// A case with a negative decision that waits for the second decider.
    pub async fn given_negative_proposal(&self) -> String {
        self.given_identification(&[presuming(), opening(), denying()]).await
    }

    /// An exploitation episode of a case.
    pub async fn given_episode(&self, case: &str) -> String {
        let body = json!({
            "exploitationTypes": ["forced_begging"], "stage": "ongoing", "means": ["abuse_of_vulnerability"],
            "narrative": "Begs at a fixed spot; two adults take the money.",
        });
        let path = format!("/v1/cases/{case}/exploitation-episodes");
        self.create(&police_manager(), path, &body).await.expect(201).id()
    }

    /// A draft from the police of Tallinn.
    pub async fn given_draft(&self, case: &str, to: &Who) -> Seen {
        self.create(&police_manager(), "/v1/referrals", &asking(case, to)).await.expect(201)
    }

    /// A referral that the police of Tallinn sent.
    pub async fn given_sent_referral(&self, case: &str, to: &Who) -> Seen {
        let mut body = asking(case, to);
        body["send"] = package();
        self.create(&police_manager(), "/v1/referrals", &body).await.expect(201)
    }

    /// A referral that the receiver has acknowledged; as the receiver sees it.
    pub async fn given_acknowledged_referral(&self, case: &str, to: &Who) -> Seen {
        let sent = self.given_sent_referral(case, to).await;
        self.referral_act(to, &sent.id(), "acknowledge", &json!({})).await.expect(200)
    }

    /// A referral that the receiver has accepted; as the receiver sees it.
    pub async fn given_accepted_referral(&self, case: &str, to: &Who) -> Seen {
        let known = self.given_acknowledged_referral(case, to).await;
        self.referral_act(to, &known.id(), "accept", &accepting()).await.expect(200)
    }

    /// A referral whose service has begun; as the receiver sees it.
    pub async fn given_referral_in_service(&self, case: &str, to: &Who) -> Seen {
        let taken = self.given_accepted_referral(case, to).await;
        self.referral_act(to, &taken.id(), "start", &json!({})).await.expect(200)
    }

    /// A receiver and what it has proposed.
    pub async fn given_proposed_referral(&self, case: &str, to: &Who, other: &Who) -> Seen {
        let known = self.given_acknowledged_referral(case, to).await;
        let body = json!({ "reason": "no_capacity", "toAgencyId": other.agency().id.to_string() });
        self.referral_act(to, &known.id(), "propose-reroute", &body).await.expect(200)
    }

    /// A referral about which the receiver has asked a question; as the receiver sees it.
    pub async fn given_asked_referral(&self, case: &str, to: &Who) -> Seen {
        let known = self.given_acknowledged_referral(case, to).await;
        let body = json!({ "question": "Does he need medicine tonight?" });
        self.referral_act(to, &known.id(), "request-information", &body).await.expect(200)
    }

    /// A referral that the receiver has declined; as the receiver sees it.
    pub async fn given_declined_referral(&self, case: &str, to: &Who) -> Seen {
        let known = self.given_acknowledged_referral(case, to).await;
        self.referral_act(to, &known.id(), "decline", &declining()).await.expect(200)
    }

    /// A referral whose service has ended without a word to the sender; as the receiver sees it.
    pub async fn given_silent_end(&self, case: &str, to: &Who) -> Seen {
        let served = self.given_referral_in_service(case, to).await;
        self.referral_act(to, &served.id(), "complete", &json!({ "outcome": "needs_met" })).await.expect(200)
    }

    /// A referral that was sent without the child's view.
    pub async fn given_blind_referral(&self, case: &str, to: &Who) -> Seen {
        let mut body = asking(case, to);
        body["send"] = blind_package();
        self.create(&police_manager(), "/v1/referrals", &body).await.expect(201)
    }

    /// Acts on a referral as it is now; the act is what follows the referral in the path.
    pub async fn referral_act(&self, who: &Who, id: &str, act: &str, body: &Value) -> Seen {
        let path = format!("/v1/referrals/{id}");
        let now = self.get(who, path.as_str()).await;
        // A caller without a side has no tag and is refused before it matters.
        let tag = now.header("etag").unwrap_or("\"none\"").to_owned();
        self.act(who, format!("{path}/{act}"), &tag, body).await
    }
}
