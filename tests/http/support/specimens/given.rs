//! The world in which every operation has something to work on.

use std::collections::HashMap;

use super::{FILED, Specimens};
use crate::support::{
    TestNode, Who, barnahus, child_protection, client, closing, contract::Operation, police_manager,
    presuming,
};

impl Specimens {
    /// Makes the world; a test takes a copy by [`TestNode::in_a_world`].
    pub(in crate::support) async fn given(node: &TestNode) -> Self {
        let (police, barnahus) = (police_manager(), barnahus());
        let concern = Operation::named("createConcern").example();
        let concern = node.create(&police, "/v1/concerns", &concern).await.expect(201).id();
        let case = node.given_case().await;
        let intake = node.given_case().await;
        let me = node.get(&police, "/v1/me").await.expect(200);
        let told = node.given_sent_referral(&case, &barnahus).await.id();
        let message = Operation::named("createReferralMessage").example();
        let message =
            node.create(&police, format!("/v1/referrals/{told}/messages"), &message).await.expect(201).id();
        let deadlines = node.get(&police, "/v1/deadlines?scope=watched").await.expect(200).json();
        let deadline = deadlines["data"][0]["id"].as_str().expect("a deadline").to_owned();
        let assessment = Operation::named("createAgeAssessment").example();
        let path = format!("/v1/cases/{case}/age-assessments");
        let assessment = node.create(&police, path, &assessment).await.expect(201).id();
        let filed = Self::given_file(node, &police, &case).await;
        let (matched, found, _) = node.given_match().await;
        let (confirmed, confirms, _) = node.given_match().await;
        let (rejected, rejects, _) = node.given_match().await;
        let (grown, adult) = node.given_adult().await;
        let mut ids = HashMap::from([
            ("matched", matched),
            ("match", found),
            ("confirmed", confirmed),
            ("confirmCaseMatch", confirms),
            ("rejected", rejected),
            ("rejectCaseMatch", rejects),
            ("assessment", assessment),
            ("aside", node.given_screening(&police).await),
            ("screening to upsert", node.given_screening(&police).await),
            ("aged", node.given_case().await),
            ("grown", grown),
            ("adult", adult),
            ("noticed", node.given_case().await),
            ("opens", node.given_presumed_case().await),
            ("declines", node.given_presumed_case().await),
            ("closes", node.given_presumed_case().await),
            ("recognises", node.given_presumed_case().await),
            ("gives", node.given_presumed_case().await),
            ("decides", node.given_formal_assessment().await),
            ("denies", node.given_formal_assessment().await),
            ("confirms", node.given_negative_proposal().await),
            ("returns", node.given_negative_proposal().await),
            ("closed", node.given_identification(&[presuming(), closing()]).await),
            ("weak", node.given_weak_case().await),
            ("protects", node.given_case().await),
            ("vanishes", node.given_protected_case().await),
            ("untold", node.given_missing_case(false).await),
            ("told", node.given_missing_case(true).await),
            ("lost", node.given_missing_case(true).await),
            ("found", node.given_missing_case(true).await),
            ("back", node.given_found_case().await),
            ("hands", node.given_protected_case().await),
            ("received", node.given_handover().await),
            ("refused", node.given_handover().await),
            ("withdrawn", node.given_handover().await),
            ("ends", node.given_protected_case().await),
            ("ending", node.given_closure_review().await),
            ("stays", node.given_closure_review().await),
            ("ended", node.given_closed_case().await),
            ("merges", node.given_protected_case().await),
            ("into", node.given_protected_case().await),
            ("mistaken", node.given_case().await),
            ("concern", concern),
            ("screening", node.given_screening(&police).await),
            ("episode", node.given_episode(&case).await),
            ("professional", me.text("professionalId")),
            ("send", node.given_draft(&case, &barnahus).await.id()),
            ("cancel", node.given_draft(&case, &barnahus).await.id()),
            ("acknowledge", node.given_sent_referral(&case, &barnahus).await.id()),
            ("accept", node.given_acknowledged_referral(&case, &barnahus).await.id()),
            ("decline", node.given_acknowledged_referral(&case, &barnahus).await.id()),
            ("start", node.given_accepted_referral(&case, &barnahus).await.id()),
            ("complete", node.given_referral_in_service(&case, &barnahus).await.id()),
            ("interrupt", node.given_referral_in_service(&case, &barnahus).await.id()),
            ("request-information", node.given_acknowledged_referral(&case, &barnahus).await.id()),
            ("provide-information", node.given_asked_referral(&case, &barnahus).await.id()),
            ("propose-reroute", node.given_acknowledged_referral(&case, &barnahus).await.id()),
            ("reroute", node.given_declined_referral(&case, &barnahus).await.id()),
            ("feedback", node.given_silent_end(&case, &barnahus).await.id()),
            ("child-view", node.given_blind_referral(&case, &barnahus).await.id()),
            ("messages", told),
            ("message", message),
            ("deadline", deadline),
            ("amend", node.given_draft(&case, &barnahus).await.id()),
            ("package", node.given_draft(&case, &barnahus).await.id()),
            ("case", case),
            ("intake", intake),
        ]);
        ids.extend(filed);
        ids.extend(node.given_parties(&ids["case"]).await);
        ids.extend(Self::given_emergencies(node, &ids["case"]).await);
        ids.extend(Self::given_data_requests(node, &ids["case"]).await);
        let abroad = node.given_requests(&ids["case"]).await;
        let named =
            |all: HashMap<&str, String>| all.into_iter().map(|(name, id)| (name.to_owned(), id)).collect();
        Self { ids: named(ids), abroad: named(abroad) }
    }

    /// Accesses to a case in an emergency, one to tell of and one to review.
    async fn given_emergencies(node: &TestNode, case: &str) -> HashMap<&'static str, String> {
        let mut ids = HashMap::new();
        for (name, professional) in [("accessId", "p-nn-08"), ("reviewEmergencyAccess", "p-nn-09")] {
            let who = client("narva-ngo").named(professional).bound_to(case);
            let example = Operation::named("createEmergencyAccess").example();
            let path = format!("/v1/cases/{case}/emergency-access");
            ids.insert(name, node.create(&who, path, &example).await.expect(201).id());
        }
        ids
    }

    /// Requests for the data of a child: one to tell of and one to decide on, both held, and one to answer.
    async fn given_data_requests(node: &TestNode, case: &str) -> HashMap<&'static str, String> {
        let mut ids = HashMap::new();
        let asks =
            [("requestId", "parent"), ("reviewDataRequest", "relative"), ("answerDataRequest", "child")];
        for (name, requester) in asks {
            let mut asked = Operation::named("createDataRequest").example();
            asked["requester"] = requester.into();
            let path = format!("/v1/cases/{case}/data-requests");
            ids.insert(name, node.create(&child_protection(), path, &asked).await.expect(201).id());
        }
        ids
    }

    /// Files something of each kind in a case; the ids, by the parameters that name them.
    async fn given_file(node: &TestNode, by: &Who, case: &str) -> HashMap<&'static str, String> {
        let linked = node.given_case().await;
        let mut filed = HashMap::from([("other", node.given_case().await)]);
        for (entry, operation, collection) in FILED {
            let mut example = Operation::named(operation).example();
            if example.get("otherCaseId").is_some() {
                example["otherCaseId"] = linked.clone().into();
            }
            let path = format!("/v1/cases/{case}/{collection}");
            filed.insert(*entry, node.create(by, path, &example).await.expect(201).id());
        }
        let sent = Operation::named("putDocumentContent").example();
        let path = format!("/v1/cases/{case}/documents/{}/content", filed["documentId"]);
        let put = node.ask("PUT", path).by(by);
        let put = put.bytes("application/octet-stream", sent.as_str().expect("a text").to_owned());
        let _ = put.send().await.expect(200);
        let announced = Operation::named("createDocument").example();
        let announced =
            node.create(by, format!("/v1/cases/{case}/documents"), &announced).await.expect(201).id();
        filed.insert("announced", announced);
        filed
    }
}
