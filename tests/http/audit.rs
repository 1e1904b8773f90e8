//! Who may read which lines of the log, and the proofs over it, held against the tree's own verifier.

use data_encoding::BASE64;
use persistence::sealed_log::{Verifier, tree};
use serde_json::{Value, json};

use crate::support::{
    Seen, TestNode, Who, barnahus, child_protection, client, data_protection, police, police_manager,
    shelter, supervisor, taking_part,
};

/// As somebody who asks what is written of a child.
fn asking(who: Who) -> Who {
    who.for_purpose("data_subject_request")
}

/// Somebody's requests about a case, one of them refused, and what others did beside them.
async fn given_looks(node: &TestNode) -> (String, String) {
    let (case, other) = (node.given_case().await, node.given_case().await);
    for (who, path, status) in [
        (police(), format!("/v1/cases/{case}"), 200),
        (police_manager(), format!("/v1/cases/{case}/child"), 200),
        (barnahus(), format!("/v1/cases/{case}"), 404),
        (child_protection(), format!("/v1/cases/{case}"), 200),
        (police(), format!("/v1/cases/{other}"), 200),
        (police(), format!("/v1/cases/{case}/whereabouts"), 403),
    ] {
        let _ = node.get(&who, path).await.expect(status);
    }
    (case, other)
}

async fn lines(node: &TestNode, who: &Who, query: &str) -> Vec<Value> {
    let seen = node.get(who, format!("/v1/audit/access?limit=200&{query}")).await.expect(200).json();
    seen["data"].as_array().expect("data").clone()
}

fn all(lines: &[Value], member: &str) -> Vec<Value> {
    let mut all: Vec<Value> = lines.iter().map(|it| it[member].clone()).collect();
    all.sort_by_key(Value::to_string);
    all.dedup();
    all
}

#[actix_web::test]
async fn everybody_sees_the_lines_of_their_own_requests_and_no_others() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    for who in [police(), police_manager(), child_protection(), barnahus()] {
        let me = node.get(&who, "/v1/me").await.expect(200).text("professionalId");
        let own = lines(&node, &asking(who.clone()), "").await;
        assert_eq!(all(&own, "professionalId"), [json!(me)], "{own:?}");
        let of_case = lines(&node, &asking(who.clone()), &format!("caseId={case}")).await;
        assert!(of_case.len() < own.len() + 1 && of_case.iter().all(|it| it["caseId"] == json!(case)));
    }
    let mine = lines(&node, &asking(police()), "").await;
    let refused: Vec<_> = mine.iter().filter(|it| it["outcome"] == "refused").collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(
        (&refused[0]["operation"], &refused[0]["code"]),
        (&json!("getCaseWhereabouts"), &json!("section-not-readable"))
    );
    let me = node.get(&police(), "/v1/me").await.expect(200);
    let own = format!("professionalId={}", me.text("professionalId"));
    assert!(!lines(&node, &asking(police()), &own).await.is_empty(), "one's own id may be asked for");
}

#[actix_web::test]
async fn a_lead_s_supervisor_sees_the_lines_of_its_case_and_of_no_other() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    let seen = lines(&node, &asking(supervisor()), &format!("caseId={case}")).await;
    assert_eq!(all(&seen, "caseId"), [json!(case)]);
    assert!(all(&seen, "agencyId").len() > 1, "all who looked: {seen:?}");
    let whoever = lines(&node, &asking(supervisor()), "").await;
    assert_eq!(all(&whoever, "agencyId").len(), 1, "without a case it is somebody like others");
    let not_lead = asking(police().in_role("supervisor"));
    let taken_in = lines(&node, &not_lead, &format!("caseId={case}")).await;
    assert_eq!(taken_in.len(), 0, "it took the child in and does not lead: {taken_in:?}");
    let manager = lines(&node, &asking(child_protection()), &format!("caseId={case}")).await;
    assert_eq!(all(&manager, "professionalId").len(), 1, "a case manager is no supervisor");
}

#[actix_web::test]
async fn a_child_s_lawyer_asks_for_it_who_read_its_file_as_long_as_it_takes_part() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    let lawyer = client("narva-ngo").in_role("lawyer");
    let of_case = format!("caseId={case}");
    assert_eq!(lines(&node, &asking(lawyer.clone()), &of_case).await.len(), 0, "it has no part in the case");
    let made = node.given_participant(&case, &taking_part(&lawyer, None, &["d1_identity"])).await;
    let told = lines(&node, &asking(lawyer.clone()), &of_case).await;
    assert_eq!(all(&told, "caseId"), [json!(case)]);
    assert!(all(&told, "agencyId").len() >= 3, "all who looked, and who was refused: {told:?}");
    let police = all(&told, "professionalId").into_iter().next().expect("somebody");
    let by_one = format!("{of_case}&professionalId={}", police.as_str().expect("an id"));
    assert!(!lines(&node, &asking(lawyer.clone()), &by_one).await.is_empty(), "and what one of them did");
    for who in [asking(lawyer.clone().in_role("case_manager")), asking(lawyer.clone())] {
        let everything = lines(&node, &who, "").await;
        assert!(all(&everything, "agencyId").len() <= 1, "of others it hears nothing: {everything:?}");
    }
    let end = json!({ "reason": "Another lawyer speaks for the child." });
    let path = format!("/v1/cases/{case}/participants/{}/end", made.id());
    let _ = node.act(&child_protection(), path, &made.tag(), &end).await.expect(200);
    let after = lines(&node, &asking(lawyer), &of_case).await;
    assert!(all(&after, "agencyId").len() <= 1, "nothing after the end: {after:?}");
}

#[actix_web::test]
async fn oversight_sees_its_country_and_finds_by_case_client_professional_and_time() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    let by = data_protection();
    let everything = lines(&node, &by, "").await;
    assert!(all(&everything, "agencyId").len() >= 3);
    for (member, filter) in
        [("caseId", "caseId"), ("clientId", "clientId"), ("professionalId", "professionalId")]
    {
        let one =
            everything.iter().rev().find(|it| it["caseId"] == json!(case)).expect("a line")[member].clone();
        let value = one.as_str().expect("an id");
        let some = lines(&node, &by, &format!("{filter}={value}")).await;
        assert_eq!(all(&some, member), std::slice::from_ref(&one));
        let wanted = everything.iter().filter(|it| it[member] == one).count();
        assert_eq!(some.len(), wanted, "{filter}");
    }
    node.clock.advance(60);
    let _ = node.get(&police(), format!("/v1/cases/{case}")).await.expect(200);
    let late = lines(&node, &by, "from=2026-11-24T08:00:30Z").await;
    assert!(!late.is_empty() && late.iter().all(|it| it["at"].as_str() >= Some("2026-11-24T08:00:30Z")));
    let early = lines(&node, &by, "until=2026-11-24T08:00:30Z&from=2026-09-01T00:00:00Z").await;
    assert!(early.len() > 5 && early.iter().all(|it| it["at"].as_str() < Some("2026-11-24T08:00:30Z")));
    let elsewhere = lines(&node, &by, "caseId=0192f0c1-2345-7abc-8def-0123456789ab").await;
    assert_eq!(elsewhere, [] as [Value; 0]);
}

#[actix_web::test]
async fn the_pages_of_the_log_are_the_log() {
    let node = TestNode::start().await;
    let _ = given_looks(&node).await;
    let by = data_protection();
    let whole = lines(&node, &by, "until=2026-11-24T08:00:01Z").await;
    let mut next = Some("/v1/audit/access?until=2026-11-24T08%3A00%3A01Z&limit=3".to_owned());
    // Each look adds a line that comes first; what was written before stays.
    node.clock.advance(5);
    let mut paged = Vec::new();
    while let Some(path) = next {
        let seen = node.get(&by, path).await.expect(200);
        paged.extend(seen.json()["data"].as_array().expect("data").clone());
        next = seen.header("link").map(|it| it.split(['<', '>']).nth(1).expect("a target").to_owned());
    }
    let ids = |it: &[Value]| it.iter().map(|it| it["requestId"].clone()).collect::<Vec<_>>();
    // The look at the whole is in the log as well by now.
    assert_eq!(ids(&paged[1..]), ids(&whole));
    assert_eq!(paged[0]["operation"], "listAccessLog");
}

fn problem(seen: &Seen) -> (u16, String) {
    (seen.status, seen.text("code"))
}

#[actix_web::test]
async fn what_is_not_ones_own_to_ask_is_refused_or_absent() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    node.seal();
    let access = "/v1/audit/access";
    let refused = [
        (police(), access.to_owned(), 403, "purpose-not-allowed"),
        (supervisor(), format!("{access}?caseId={case}"), 403, "purpose-not-allowed"),
        (police(), "/v1/audit/proofs/inclusion?leafIndex=0".to_owned(), 403, "purpose-not-allowed"),
        (asking(police()).with_scopes("cases.read"), access.to_owned(), 403, "insufficient-scope"),
        (asking(crate::support::client("helpline")), access.to_owned(), 403, "not-your-function"),
        (data_protection().unattended(), access.to_owned(), 403, "professional-required"),
        (
            data_protection(),
            format!("{access}?from=2026-08-01T00:00:00Z&until=2026-11-01T00:00:00Z"),
            422,
            "inconsistent-values",
        ),
        (
            data_protection(),
            format!("{access}?from=2026-11-02T00:00:00Z&until=2026-11-01T00:00:00Z"),
            422,
            "inconsistent-values",
        ),
        (data_protection(), format!("{access}?cursor=Zm9v"), 400, "invalid-cursor"),
        (
            data_protection(),
            "/v1/audit/proofs/consistency?first=2&second=1".to_owned(),
            422,
            "inconsistent-values",
        ),
        (
            data_protection(),
            "/v1/audit/proofs/consistency?first=1&second=2000000000".to_owned(),
            404,
            "not-found",
        ),
        (data_protection(), "/v1/audit/proofs/inclusion?leafIndex=2000000000".to_owned(), 404, "not-found"),
    ];
    for (who, path, status, code) in refused {
        let seen = node.get(&who, path.as_str()).await;
        assert_eq!(problem(&seen), (status, code.to_owned()), "{path}");
    }
    let theirs = lines(&node, &data_protection(), &format!("caseId={case}")).await;
    let theirs = theirs
        .iter()
        .find(|it| it["agencyId"] == child_protection().agency().id.to_string())
        .expect("a line");
    // Another's log, and one of nobody, look the same.
    for (filter, member) in [("professionalId", "professionalId"), ("clientId", "clientId")] {
        let real = theirs[member].as_str().expect("an id");
        for id in [real, "0192f0c1-2345-7abc-8def-0123456789ab"] {
            let seen = node.get(&asking(police()), format!("{access}?{filter}={id}")).await;
            assert_eq!(problem(&seen), (404, "not-found".to_owned()), "{filter}");
        }
    }
    let hidden = format!("/v1/audit/proofs/inclusion?leafIndex={}", theirs["leafIndex"]);
    assert_eq!(problem(&node.get(&asking(police()), hidden).await), (404, "not-found".to_owned()));
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for path in
            [access, "/v1/audit/checkpoint", "/v1/audit/proofs/inclusion", "/v1/audit/proofs/consistency"]
        {
            let seen = node.ask(method, path).by(&data_protection()).send().await;
            assert_eq!(problem(&seen), (405, "method-not-allowed".to_owned()), "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn reading_the_log_is_in_the_log() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    node.seal();
    let asked = [
        (data_protection(), format!("/v1/audit/access?caseId={case}"), "listAccessLog", "read", json!(case)),
        (
            data_protection(),
            "/v1/audit/proofs/inclusion?leafIndex=0".to_owned(),
            "getInclusionProof",
            "read",
            Value::Null,
        ),
        (police(), "/v1/audit/access".to_owned(), "listAccessLog", "refused", Value::Null),
    ];
    for (who, path, operation, outcome, about) in asked {
        let seen = node.get(&who, path).await;
        let id = seen.header("request-id").expect("an id").to_owned();
        let written: Vec<_> =
            node.database.access_log().into_iter().filter(|it| it["request_id"] == id).collect();
        assert_eq!(written.len(), 1, "{operation}");
        assert_eq!((&written[0]["operation"], &written[0]["outcome"]), (&json!(operation), &json!(outcome)));
        assert!(about.is_null() || written[0]["case_id"] == about, "{written:?}");
        let told = lines(&node, &data_protection(), "").await;
        assert!(told.iter().any(|it| it["requestId"] == id), "whoever reads the log is read of");
    }
}

fn hash(text: &Value) -> tree::Hash {
    let bytes = BASE64.decode(text.as_str().expect("a hash").as_bytes()).expect("base64");
    bytes.try_into().expect("32 bytes")
}

fn hashes(all: &Value) -> Vec<tree::Hash> {
    all.as_array().expect("a path").iter().map(hash).collect()
}

#[actix_web::test]
async fn every_line_is_proven_in_a_tree_that_only_grows() {
    let node = TestNode::start().await;
    node.seal();
    let by = data_protection();
    let mut sizes = Vec::new();
    let mut roots = Vec::new();
    for _ in 0..3 {
        let (case, _) = given_looks(&node).await;
        node.seal();
        let checkpoint = node.get(&by, "/v1/audit/checkpoint").await.expect(200).json();
        let verifier = Verifier::parse(checkpoint["verifierKey"].as_str().expect("a key")).expect("a key");
        assert_eq!(&verifier, node.checkpoint_key().verifier());
        let signed = verifier.open(checkpoint["note"].as_str().expect("a note")).expect("signed");
        assert_eq!(
            (json!(signed.size), signed.root),
            (checkpoint["size"].clone(), hash(&checkpoint["rootHash"]))
        );
        for line in lines(&node, &by, &format!("caseId={case}")).await {
            let Some(index) = line["leafIndex"].as_u64() else { continue };
            let it = node
                .get(&by, format!("/v1/audit/proofs/inclusion?leafIndex={index}"))
                .await
                .expect(200)
                .json();
            let entry: Value = serde_json::from_str(it["entry"].as_str().expect("a row")).expect("JSON");
            assert_eq!((&entry["request_id"], &entry["log"]), (&line["requestId"], &json!("access_log")));
            let leaf = tree::leaf(it["entry"].as_str().expect("a row").as_bytes());
            assert_eq!(leaf, hash(&it["leafHash"]));
            let root = hash(&it["checkpoint"]["rootHash"]);
            let size = it["checkpoint"]["size"].as_u64().expect("a size");
            assert!(tree::includes(&leaf, index, size, &hashes(&it["path"]), &root), "{index} of {size}");
        }
        sizes.push(signed.size);
        roots.push(signed.root);
    }
    for (first, second) in [(0, 1), (0, 2), (1, 2), (2, 2)] {
        let (m, n) = (sizes[first], sizes[second]);
        let system = by.clone().unattended();
        let it = node
            .get(&system, format!("/v1/audit/proofs/consistency?first={m}&second={n}"))
            .await
            .expect(200)
            .json();
        assert!(tree::extends(m, &roots[first], n, &roots[second], &hashes(&it["path"])), "{m} before {n}");
        assert_eq!((hash(&it["firstRootHash"]), hash(&it["secondRootHash"])), (roots[first], roots[second]));
    }
    let fact = node.database.facts().len();
    assert!(fact > 0);
    let mut facts = 0;
    for index in 0..sizes[0] {
        let path = format!("/v1/audit/proofs/inclusion?leafIndex={index}");
        let it = node.get(&by, path.as_str()).await.expect(200).json();
        if it["log"] == "events" {
            facts += 1;
            let own = node.get(&asking(police_manager()), path).await;
            assert_eq!(own.status, 404, "facts are for oversight");
        }
    }
    assert!(facts > 0);
}

#[actix_web::test]
async fn before_anything_is_sealed_there_is_no_checkpoint() {
    let node = TestNode::start().await;
    let by = data_protection();
    for path in [
        "/v1/audit/checkpoint",
        "/v1/audit/proofs/inclusion?leafIndex=0",
        "/v1/audit/proofs/consistency?first=1&second=1",
    ] {
        assert_eq!(problem(&node.get(&by, path).await), (404, "not-found".to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn a_line_that_was_changed_behind_the_seal_is_not_shown_as_sound() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    node.seal();
    let by = data_protection();
    let before = lines(&node, &by, &format!("caseId={case}")).await;
    let forged = before.iter().find(|it| it["outcome"] == "not_found").expect("a line").clone();
    let sealed: Vec<_> = before.iter().filter(|it| it["leafIndex"].is_u64()).collect();
    assert!(sealed.len() > 4 && sealed.iter().all(|it| it["intact"] == true), "{before:?}");
    let request = forged["requestId"].as_str().expect("an id");
    node.database.forge_line(request, "read");
    let after = lines(&node, &by, &format!("caseId={case}")).await;
    for line in after.iter().filter(|it| it["leafIndex"].is_u64()) {
        assert_eq!(line["intact"], line["requestId"] != request, "{line}");
        let path = format!("/v1/audit/proofs/inclusion?leafIndex={}", line["leafIndex"]);
        let proof = node.get(&by, path).await.expect(200).json();
        assert_eq!(proof["intact"], line["intact"], "{proof}");
    }
    node.database.forge_line(request, "not_found");
    let again = lines(&node, &by, &format!("caseId={case}")).await;
    assert!(again.iter().filter(|it| it["leafIndex"].is_u64()).all(|it| it["intact"] == true));
}

#[actix_web::test]
async fn the_log_of_a_case_does_not_tell_where_the_child_is_hidden() {
    let node = TestNode::start().await;
    let (case, _) = given_looks(&node).await;
    let hideaway = shelter().agency().id.to_string();
    let _ = node.given_participant(&case, &taking_part(&shelter(), None, &["d2_whereabouts"])).await;
    let looked = node.get(&shelter(), format!("/v1/cases/{case}")).await.expect(200);
    let looked = looked.header("request-id").expect("an id").to_owned();
    node.seal();
    let lawyer = client("narva-ngo").in_role("lawyer");
    let of_case = format!("caseId={case}");
    let made = node.given_participant(&case, &taking_part(&lawyer, None, &["d1_identity"])).await;
    let (lawyer, lead) = (asking(lawyer), asking(supervisor()));
    let whole = lines(&node, &lead, &of_case).await;
    let of_shelter = whole.iter().find(|it| it["requestId"] == looked.as_str()).expect("a line").clone();
    assert_eq!((&of_shelter["agencyId"], &of_shelter["withheld"]), (&json!(hideaway), &Value::Null));
    let told = lines(&node, &lawyer, &of_case).await;
    let line = told.iter().find(|it| it["requestId"] == looked.as_str()).expect("that somebody looked");
    for member in ["agencyId", "clientId", "professionalId", "role", "leafIndex"] {
        assert_eq!(line[member], Value::Null, "{line}");
    }
    assert_eq!(line["withheld"], json!([{ "section": "d2_whereabouts", "reason": "confidential_location" }]));
    assert!(!Value::from(told.clone()).to_string().contains(&hideaway));
    assert!(told.iter().any(|it| it["agencyId"].is_string()), "others are named: {told:?}");
    for (filter, member) in [("clientId", "clientId"), ("professionalId", "professionalId")] {
        let asked = format!("{of_case}&{filter}={}", of_shelter[member].as_str().expect("an id"));
        assert_eq!(lines(&node, &lawyer, &asked).await.len(), 0, "nor by asking for it");
        assert!(!lines(&node, &lead, &asked).await.is_empty());
    }
    // Nor what was given to it.
    let given = format!("/v1/audit/disclosures?{of_case}");
    let to_shelter = node.get(&lead, given.as_str()).await.expect(200);
    assert!(to_shelter.told().contains(&hideaway), "{}", to_shelter.told());
    let to_somebody = node.get(&lawyer, given.as_str()).await.expect(200);
    assert!(!to_somebody.told().contains(&hideaway), "{}", to_somebody.told());
    assert!(to_somebody.told().contains("confidential_location"));
    let proof = format!("/v1/audit/proofs/inclusion?leafIndex={}", of_shelter["leafIndex"]);
    node.get(&lawyer, proof.as_str()).await.refused(404, "not-found");
    // Whoever is given where the child is reads it.
    let end = json!({ "reason": "It is given more." });
    let path = format!("/v1/cases/{case}/participants/{}/end", made.id());
    let _ = node.act(&child_protection(), path, &made.tag(), &end).await.expect(200);
    let more = taking_part(&client("narva-ngo"), Some("lawyer"), &["d1_identity", "d2_whereabouts"]);
    let _ = node.given_participant(&case, &more).await;
    let told = lines(&node, &lawyer, &of_case).await;
    assert!(told.iter().any(|it| it["agencyId"] == hideaway.as_str()), "{told:?}");
}
